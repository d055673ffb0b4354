"""The values that a picture is made of: what stands in it, and what was left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kg.model import Modality


class Manner(StrEnum):
    """How an edge is known, the strongest first: by a claim of some modality, by the graph alone, by a rule.

    >>> Manner(Modality.DENIED)
    <Manner.DENIED: 'denied'>
    """

    ASSERTED = Modality.ASSERTED.value
    UNCLAIMED = "unclaimed"  # the graph has the edge, and no claim or rule says why
    ENDED = Modality.ENDED.value
    PROSPECTIVE = Modality.PROSPECTIVE.value
    DENIED = Modality.DENIED.value
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article as people know it."""

    name: str
    url: str | None = None  # only where it is an address on the web
    date: dt.date | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A claim behind an edge; `backwards` where it names the edge's ends in the other order."""

    manner: Manner
    quote: str = ""
    confidence: float = 1.0
    speaker: str | None = None
    said: dt.date | None = None  # when it happened, as the text says
    source: Source | None = None
    backwards: bool = False

    @property
    def date(self) -> dt.date | None:
        """When it happened; where the text does not say, when the article was published."""
        return self.said or (self.source.date if self.source else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relation between two nodes with all that is said of it; both ends are IRIs."""

    subject: str
    relation: str  # IRI
    object: str
    statements: tuple[Statement, ...] = ()
    unclaimed: bool = False
    rules: tuple[str, ...] = ()  # which infer it

    @property
    def manners(self) -> frozenset[Manner]:
        """Every way in which the edge is known."""
        bare = ((self.unclaimed, Manner.UNCLAIMED), (self.rules, Manner.INFERRED))
        return frozenset([s.manner for s in self.statements] + [manner for known, manner in bare if known])

    @property
    def manner(self) -> Manner:
        """The strongest of them."""
        return min(self.manners, key=list(Manner).index)

    @property
    def articles(self) -> int:
        """How many articles tell it."""
        return len({statement.source for statement in self.statements if statement.source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity; `kind` is the label of its class, `shape` how the class is drawn."""

    iri: str
    label: str
    kind: str
    shape: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A relation as a picture shows it."""

    iri: str
    label: str
    symmetric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Nodes and edges to draw. `shown` says which manners are seen at first, `note` what was left out."""

    title: str
    nodes: tuple[Node, ...]  # the most connected first
    edges: tuple[Edge, ...]
    ties: tuple[Tie, ...]  # of the edges, the most frequent first
    shown: frozenset[Manner]
    note: str = ""
