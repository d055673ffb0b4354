"""Triples in the order in which files hold them, so that the same graph is the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from kg.model import Triple
from kg.store.terms import TYPE


def ordered(triples: Iterable[Triple]) -> list[Triple]:
    """Each triple once, sorted by subject, predicate and object.

    >>> len(ordered([Triple("<a:b>", "<a:p>", '"1"'), Triple("<a:b>", "<a:p>", '"1"')]))
    1
    """
    return sorted(set(triples))


def by_subject(triples: Iterable[Triple]) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Sorted triples as (subject, {predicate: objects}), the subject's type first.

    >>> dict(by_subject([Triple("<a:b>", "<a:p>", '"1"'), Triple("<a:b>", TYPE, "<a:C>")]))["<a:b>"].popitem()
    ('<a:p>', ['"1"'])
    """
    for subject, group in groupby(triples, key=itemgetter(0)):
        objects: dict[str, list[str]] = {}
        for _, predicate, value in group:
            objects.setdefault(predicate, []).append(value)
        types = objects.pop(TYPE, None)
        yield subject, {TYPE: types, **objects} if types else objects


def lines(triples: Iterable[Triple]) -> Iterator[str]:
    """Triples as N-Triples, which is N-Quads too.

    >>> list(lines([Triple("<a:b>", "<a:p>", '"1"')]))
    ['<a:b> <a:p> "1" .\\n']
    """
    return (f"{s} {p} {o} .\n" for s, p, o in triples)
