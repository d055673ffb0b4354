"""The paragraph that a quote stands in, where the article is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import BadGraph
from kg.explain import Saying
from kg.model import Document
from kg.records import RecordStore

NOTHING = ("", "")


def contexts(claims: Iterable[Saying], records: Path | None) -> tuple[tuple[str, str], ...]:
    """What stands before and after each quote in its paragraph; nothing where the collection has no such article.

    >>> contexts([], None)
    ()
    """
    found = list(claims)
    if records is None or not records.is_file():
        return (NOTHING,) * len(found)
    try:
        with RecordStore.open(records) as store:
            return tuple(around(store.document(_id(claim)), claim) for claim in found)
    except BadGraph:  # another program's file, a locked one: the quotes alone will do
        return (NOTHING,) * len(found)


def around(document: Document | None, claim: Saying) -> tuple[str, str]:
    """What stands before and after a quote in its paragraph."""
    start, end = claim.start, claim.start + len(claim.quote)
    if document is None or document.text[start:end] != claim.quote:
        return NOTHING
    for first, last in paragraphs(document):
        if first <= start and end <= last:
            return document.text[first:start], document.text[end:last]
    return NOTHING


def paragraphs(document: Document) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph; a dateline belongs to the one that it stands in."""
    start = end = 0
    for segment in document.segments:
        if "\n" in document.text[end : segment.start] or not end:
            if end:
                yield start, end
            start = segment.start
        end = segment.end
    if end:
        yield start, end


def _id(claim: Saying) -> str:
    return claim.article_iri.rpartition("/")[2]
