"""Files to documents: plain text, Markdown, HTML, JSON, JSON lines and tables, each also compressed.

`read` yields a `Document` for every article and a `Problem` for every input that is left out. `READERS` names the
formats; `segment` tells a text's headline, dateline, body and page furniture.
"""

from __future__ import annotations

import datetime as dt
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.errors import UnreadableInput
from kg.model import Document, Problem
from kg.read.article import STDIN, Raw, document
from kg.read.files import BROKEN, open_file, split_name, standard_input, unreadable, walk
from kg.read.formats import FIELDS, Reader, Source, read_csv, read_json, read_json_lines, read_markdown, read_text
from kg.read.html import read_html
from kg.read.segments import Found, segment

__all__ = ["READERS", "Found", "read", "segment"]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
}
OPENINGS = {b"{": ".jsonl", b"<": ".html"}  # what the standard input begins with, if it is no plain text


def read(
    paths: Iterable[Path | str], *, fields: Mapping[str, str] | None = None, date: dt.date | None = None
) -> Iterator[Document | Problem]:
    """The articles of files, folders and the standard input ("-"), and the inputs that cannot be read.

    `fields` names the columns of a dump: {"text": "body"}; `date` is the date of articles that give none. An input
    that cannot be read never stops the others. UnreadableInput if `fields` has a name that no dump has.

    >>> for problem in read(["no/such/file.txt"]):
    ...     print(problem)
    no/such/file.txt: does not exist; check its name
    """
    for name in fields or {}:
        if name not in FIELDS:
            near = difflib.get_close_matches(name, FIELDS, n=1) or FIELDS
            raise UnreadableInput(f"fields: {name!r} is none of an article's fields; use {', '.join(near)}")
    given = [paths] if isinstance(paths, (str, Path)) else paths
    return (found for path in given for found in _read(path, fields or {}, date))


def _read(path: Path | str, fields: Mapping[str, str], date: dt.date | None) -> Iterator[Document | Problem]:
    if path == STDIN:
        yield from _read_stdin(fields, date)
        return
    for found in walk(Path(path), READERS):
        if isinstance(found, Problem):
            yield found
        else:
            yield from _read_file(found, fields, date)


def _read_stdin(fields: Mapping[str, str], date: dt.date | None) -> Iterator[Document | Problem]:
    stream = standard_input()
    suffix = OPENINGS.get(stream.peek(64).lstrip()[:1], ".txt")
    source = Source(name="stdin", origin=STDIN, where="standard input", suffix=suffix, fields=fields)
    yield from _documents(stream, source, date)


def _read_file(path: Path, fields: Mapping[str, str], date: dt.date | None) -> Iterator[Document | Problem]:
    name, suffix = split_name(path.name)
    source = Source(name=name, origin=str(path.absolute()), where=str(path), suffix=suffix, fields=fields)
    try:
        with open_file(path) as stream:
            yield from _documents(stream, source, date)
    except BROKEN as error:
        yield unreadable(path, error)


def _documents(stream: io.BufferedReader, source: Source, date: dt.date | None) -> Iterator[Document | Problem]:
    """The documents of a stream of bytes, whatever is in them."""
    try:
        for raw in READERS[source.suffix](stream, source):
            yield _document(raw, date) if isinstance(raw, Raw) else raw
    except UnreadableInput as error:
        yield Problem(where=source.where, message=str(error))
    except BROKEN as error:
        yield unreadable(source.where, error)


def _document(raw: Raw, date: dt.date | None) -> Document | Problem:
    try:
        return document(raw, date=date)
    except UnreadableInput as error:
        return Problem(where=raw.where, message=str(error))
