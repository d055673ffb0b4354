"""A part of a collection, resolved as the whole would be.

The part must be closed: what shares a tie with a name of the part (`ties`) is in it, and so is what wants the id of one
of its entities.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kg.model import LocalEntity
from kg.ontology import Ontology
from kg.resolve.clusters import Clusters, make_clusters
from kg.resolve.compare import LIFE
from kg.resolve.entities import make_ids
from kg.resolve.links import LARGE
from kg.resolve.nodes import Nodes, parted
from kg.resolve.people import likeness
from kg.resolve.profile import KNOWN_TO_ALL, Key, Place, Surroundings
from kg.resolve.ties import BLOCK

Members = Mapping[Key, Mapping[Place, LocalEntity]]
HASHED = re.compile(r"(.+)-[0-9a-f]{8}")
COMPANY = ("person", "organization", "vessel")
K = TypeVar("K")
V = TypeVar("V")


class Lazy(Mapping[K, V]):
    """A mapping whose values are looked up when they are asked for, once.

    >>> Lazy(str.upper)["a"]
    'A'
    """

    def __init__(self, find: Callable[[K], V]) -> None:
        self._find = find
        self._found: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._found:
            self._found[key] = self._find(key)
        return self._found[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes of a part, its clusters and their ids."""

    nodes: Nodes
    clusters: Clusters
    ids: Mapping[Key, str]


def resolve_part(members: Members, around: Surroundings, ontology: Ontology) -> Part:
    """The part whose local entities `members` are, by key; `around` knows of the whole collection."""
    nodes = parted(members, around, ontology)
    clusters = make_clusters(nodes, ontology, around)
    return Part(nodes, clusters, make_ids(clusters.of, ontology))


def senses_of(nodes: Nodes) -> dict[Key, int]:
    """How many nodes each name has."""
    count: dict[Key, int] = defaultdict(int)
    for key in nodes:
        count[key if len(key) == 3 else key[:2]] += 1
    return count


def neighbours(key: Key, tie: str, there: Mapping[Key, int]) -> Iterable[Key]:
    """Whom a name may have to do with, of those who share a tie with it; each with the number of its nodes, at least.

    Of people who share a block, those of likely names; in a large block, where not all are compared, everyone.
    """
    if not tie.startswith(BLOCK) or sum(there.values()) > LARGE:
        return there
    return [other for other in there if likeness(min(key[1], other[1]), max(key[1], other[1]))]


def wanted_ids(id: str) -> set[str]:
    """The ids that an entity may have wanted that has got this one.

    >>> sorted(wanted_ids("person/ada-berg-0123abcd"))
    ['person/ada-berg', 'person/ada-berg-0123abcd']
    """
    hashed = HASHED.fullmatch(id)
    return {id, hashed[1]} if hashed else {id}


def company_changes(key: Key, before: int, now: int) -> bool:
    """Whether a name that had so many articles, and has so many now, has become company that counts, or ceased to."""
    return len(key) == 2 and key[0] in COMPANY and (before > KNOWN_TO_ALL) != (now > KNOWN_TO_ALL)


def long_span(years: Iterable[int | None]) -> bool:
    """Whether a lifetime lies between the first article and the last."""
    known = [year for year in years if year]
    return bool(known) and max(known) - min(known) > LIFE
