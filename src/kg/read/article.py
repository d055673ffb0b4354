"""What the readers of the formats give, and how it becomes a document."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kg.errors import UnreadableInput
from kg.model import Document, Part, digest
from kg.read.encoding import scrub
from kg.read.language import foreign_language
from kg.read.segments import Found, segment

MAX_ARTICLE = 5_000_000  # bytes of a file, characters of a text: some 1,500 pages
STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An article as its file gives it, before its layout is understood."""

    name: str
    origin: str
    where: str  # for the user: the file, and the line of a dump
    text: str
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    begin: int = 0  # where the text begins: after Markdown's front matter
    markdown: bool = False


def document(raw: Raw, *, date: dt.date | None = None) -> Document:
    """The document of an article; `date` is its date if it gives none. UnreadableInput if it holds no article.

    >>> document(Raw(name="a", origin="/a.txt", where="a.txt", text="Roe met Doe.")).segments
    (Segment(part=<Part.BODY: 'body'>, start=0, end=12),)
    """
    text = scrub(raw.text)
    if not text.strip():
        raise UnreadableInput("is empty")
    if len(text) > MAX_ARTICLE:
        raise UnreadableInput(f"has {len(text):,} characters, too many for one article; split it into articles")
    segments, found = segment(text, title=raw.title, begin=raw.begin, markdown=raw.markdown)
    article = " ".join(text[part.start : part.end] for part in segments if part.part is not Part.FURNITURE)
    if not article:
        raise UnreadableInput("holds no article, only page furniture or marks")
    if language := foreign_language(article):
        raise UnreadableInput(f"looks like {language}, not English; only English articles are read")
    return Document(
        name=raw.name,
        origin=raw.origin if raw.origin != STDIN else STDIN + digest(text),
        text=text,
        segments=segments,
        title=raw.title or found.title,
        date=raw.date or _date(found, _date_in(raw.name) or date),
        url=raw.url,
        publisher=raw.publisher,
        author=raw.author or found.author,
    )


NAMED = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")


def _date_in(name: str) -> dt.date | None:
    """The day that an article's name tells: "minsk_2020-08-15"."""
    match = NAMED.search(name)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _date(found: Found, default: dt.date | None) -> dt.date | None:
    """The date that the text gives; a dateline's day takes its year from the default."""
    if found.date or not default or not found.month_day:
        return found.date or default
    return found.month_day.near(default) or default
