"""HTML pages, through trafilatura: the article's text, its title, author, date and site."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from kg.errors import MissingDependency, UnreadableInput
from kg.read.article import Raw
from kg.read.dates import parse_date
from kg.read.encoding import decode, scrub, wide_encoding
from kg.read.formats import Source, read_all

MAX_PAGE = 20_000_000  # bytes of a page, with its scripts and pictures; trafilatura reads no more
SHORT = 1000  # characters; of shorter texts trafilatura's usual settings keep the menus
SMALLEST = 25  # characters of the smallest article, in place of trafilatura's 250

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HTML = re.compile(r"<html\b", re.IGNORECASE)
_XML = re.compile(r"\s*<\?xml[^>]*\?>")


def read_html(stream: io.BufferedReader, source: Source) -> Iterator[Raw]:
    """An HTML page: one article, of what trafilatura takes for it; the title is its first line."""
    page = _XML.sub("", scrub(decode_page(read_all(stream, MAX_PAGE))), count=1)
    if not page.strip():
        raise UnreadableInput("is empty")
    if not _HTML.search(page, 0, 4096):
        page = f"<html>{page}</html>"
    found = _extract(page, None)
    if found is not None and len(found.text or "") < SHORT:
        found = _extract(page, SMALLEST) or found
    text = _squeezed(found.text if found is not None else None)
    if found is None or not text:
        raise UnreadableInput("holds no article that can be told from the page around it; save its text as .txt")
    title = _squeezed(found.title)
    begins = not title or text.casefold().startswith(title.casefold())
    yield Raw(
        name=source.name,
        origin=source.origin,
        where=source.where,
        text=text if begins else f"{title}\n\n{text}",
        title=title,
        date=parse_date(found.date or ""),
        url=found.url or None,
        publisher=_squeezed(found.sitename),
        author=_squeezed(found.author),
    )


def decode_page(data: bytes) -> str:
    """The text of a page, in the encoding that it names, if that is one.

    >>> decode_page('<meta charset="iso-8859-2"><p>Łukaszenka'.encode("iso-8859-2"))
    '<meta charset="iso-8859-2"><p>Łukaszenka'
    """
    named = _CHARSET.search(data, 0, 4096)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if named and not wide_encoding(data[:4096]):
            return _decode_as(data, named[1].decode())
    return decode(data)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return decode(data)


def _squeezed(text: str | None) -> str | None:
    return (text or "").strip() or None


def _extract(page: str, smallest: int | None) -> Any:
    """What trafilatura makes of a page; None: nothing."""
    options = {"include_comments": False, "include_tables": False, "with_metadata": True}
    dates = {"extensive_search": False, "original_date": True}  # dates that the page declares, not those in its text
    bare_extraction, config = _trafilatura(smallest)
    try:
        return bare_extraction(page, **options, date_extraction_params=dates, config=config)
    except Exception as error:  # whatever the parsers below it stumble over is said of the page
        raise UnreadableInput(f"cannot be read as HTML: {str(error) or type(error).__name__}") from error


@cache
def _trafilatura(smallest: int | None) -> tuple[Any, Any]:
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import use_config
    except ImportError as error:
        raise MissingDependency(
            f"HTML is read with trafilatura, which does not load ({error}); pip install trafilatura lxml_html_clean"
        ) from error
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).addHandler(logging.NullHandler())  # what they say is said as a Problem
    config = use_config()
    if smallest is not None:
        config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(smallest))
    return bare_extraction, config
