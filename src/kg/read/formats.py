"""The readers of the formats: a stream of bytes -> the articles that it holds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import AnyStr

from kg.errors import UnreadableInput
from kg.model import Problem
from kg.read.article import MAX_ARTICLE, STDIN, Raw
from kg.read.dates import parse_date
from kg.read.encoding import HEAD, decode, decode_line, refuse_binary, wide_encoding

MAX_JSON = 100_000_000  # bytes of a .json file, which is read at once
MAX_LINE = 32_000_000  # bytes of a line of a dump: an article of the greatest size with every letter escaped
FIELDS = ("text", "title", "date", "url", "source", "author", "id")  # of dumps; `source` is the publisher
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
FRONT_KEYS = {  # of Markdown's front matter, as people name them
    "url": ("url", "link", "canonical"),
    "publisher": ("publisher", "source", "site"),
    "author": ("author", "authors", "byline"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is read: a file, or the standard input."""

    name: str
    origin: str
    where: str
    suffix: str
    fields: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[io.BufferedReader, Source], Iterator[Raw | Problem]]


def read_text(stream: io.BufferedReader, source: Source) -> Iterator[Raw]:
    """A plain-text file: one article."""
    yield Raw(name=source.name, origin=source.origin, where=source.where, text=decode(read_all(stream)))


def read_markdown(stream: io.BufferedReader, source: Source) -> Iterator[Raw]:
    """A Markdown file: one article, its metadata in the front matter."""
    text = decode(read_all(stream))
    match = FRONT_MATTER.match(text)
    matter = _front_matter(match[1]) if match else {}
    told = {key: next((matter[name] for name in names if name in matter), None) for key, names in FRONT_KEYS.items()}
    yield Raw(
        name=source.name,
        origin=source.origin,
        where=source.where,
        text=text,
        title=matter.get("title"),
        date=parse_date(matter.get("date", "")),
        **told,
        begin=match.end() if match else 0,
        markdown=True,
    )


def _front_matter(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if line[:1].isalpha())
    return {key.strip().lower(): told for key, _, value in pairs if (told := value.strip(" \t[]\"'"))}


def read_all(stream: io.BufferedReader, limit: int = MAX_ARTICLE) -> bytes:
    """The whole of a file; UnreadableInput if it is over `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise UnreadableInput(
            f"is over {limit // 1_000_000} MB, too long to be read at once; "
            "split it, or make it JSON lines (.jsonl) with an article a line"
        )
    return data


def read_json(stream: io.BufferedReader, source: Source) -> Iterator[Raw | Problem]:
    """A JSON file: an article, or an array of articles."""
    try:
        held = json.loads(decode(read_all(stream, MAX_JSON)))
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"is no JSON: {error}; if it has an object a line, name it .jsonl") from None
    for number, row in enumerate(held if isinstance(held, list) else [held], start=1):
        yield _row(row, source, number, "article")


def read_json_lines(stream: io.BufferedReader, source: Source) -> Iterator[Raw | Problem]:
    """JSON lines: an article a line, read one by one."""
    for number, line in enumerate(bounded_lines(stream), start=1):
        if line is None:
            yield Problem(where=f"{source.where}, line {number}", message=f"is over {MAX_LINE // 1_000_000} MB long")
        elif line.strip():
            yield _json_line(line, source, number)


def _json_line(line: str, source: Source, number: int) -> Raw | Problem:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(where=f"{source.where}, line {number}", message=f"is no JSON: {error}")
    return _row(row, source, number)


def read_csv(stream: io.BufferedReader, source: Source) -> Iterator[Raw | Problem]:
    """A table with a head line: an article a row, read one by one."""
    found = (line or "" for line in bounded_lines(stream))
    head = next(found, "")
    delimiter = "\t" if source.suffix == ".tsv" else max(",;\t|", key=head.count)
    csv.field_size_limit(MAX_LINE)
    try:
        columns = [name.strip() for name in next(csv.reader([head], delimiter=delimiter), [])]
    except csv.Error as error:
        raise UnreadableInput(f"has no head line of a table: {error}") from error
    text = source.fields.get("text", "text")
    if text not in columns:
        raise UnreadableInput(f"has no column {text!r}; {_name_it(columns)}")
    rows = csv.reader(found, delimiter=delimiter)
    while True:
        number = rows.line_num + 2
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Problem(where=f"{source.where}, line {number}", message=f"is no row of a table: {error}")
            continue
        if row is None:
            return
        if row:
            yield _row(dict(zip(columns, row, strict=False)), source, number)


def bounded_lines(stream: io.BufferedReader) -> Iterator[str | None]:
    """The lines of a dump; None stands for one that is longer than MAX_LINE.

    >>> list(bounded_lines(io.BufferedReader(io.BytesIO(b"a\\nb"))))
    ['a\\n', 'b']
    """
    head = stream.peek(HEAD)[:HEAD]
    wide = wide_encoding(head)
    if wide:
        yield from _bounded(io.TextIOWrapper(stream, wide, errors="replace", newline="\n").readline)
        return
    refuse_binary(head)
    for line in _bounded(stream.readline):
        yield None if line is None else decode_line(line)


def _bounded(readline: Callable[[int], AnyStr]) -> Iterator[AnyStr | None]:
    while line := readline(MAX_LINE):
        if len(line) < MAX_LINE:
            yield line
            continue
        while len(readline(MAX_LINE)) == MAX_LINE:
            pass  # on to the end of the line
        yield None


def _row(row: object, source: Source, number: int, unit: str = "line") -> Raw | Problem:
    """The article of a row of a dump."""
    where = f"{source.where}, {unit} {number}"
    if not isinstance(row, dict):
        return Problem(where=where, message="is no JSON object with the fields of an article")
    told = {name: row.get(source.fields.get(name, name)) for name in FIELDS}
    text = told.pop("text")
    if not isinstance(text, str) or not text.strip():
        name = source.fields.get("text", "text")
        message = f"has no text in its field {name!r}" if name in row else f"has no field {name!r}; {_name_it(row)}"
        return Problem(where=where, message=message)
    return _raw(text, {name: str(value) for name, value in told.items() if value not in (None, "")}, source, where)


def _raw(text: str, told: Mapping[str, str], source: Source, where: str) -> Raw:
    key, number = told.get("id"), where.rpartition(" ")[2]
    origin = STDIN if source.origin == STDIN else f"{source.origin}#{key or number}"
    return Raw(
        name=key or f"{source.name}-{number}",
        origin=told.get("url", origin),
        where=where,
        text=text,
        title=told.get("title"),
        date=parse_date(told.get("date", "")),
        url=told.get("url"),
        publisher=told.get("source"),
        author=told.get("author"),
    )


def _name_it(names: object) -> str:
    """The remedy for a dump with other names."""
    known = ", ".join(map(str, names)) if isinstance(names, (list, dict)) else ""
    return f"it has: {known or 'none'}; say which one holds the article, as in fields={{'text': 'body'}}"
