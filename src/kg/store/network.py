"""The graph as nodes and edges of plain strings and numbers, as programs that draw and measure networks want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.ontology import Ontology, Relation, load_ontology
from kg.store.graph import Graph
from kg.store.terms import Rows

ASSERTED = """
    SELECT ?subject ?relation ?object ?article ?confidence ?date ?published {
      ?claim rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ;
        kg:modality kg:Asserted ; kg:confidence ?confidence ; prov:wasDerivedFrom ?article .
      OPTIONAL { ?claim kg:date ?date }
      OPTIONAL { ?article schema:datePublished ?published }
    }
"""
THINGS = """
    SELECT ?thing ?label ?class ?alias {
      ?thing rdfs:label ?label ; a ?class .
      OPTIONAL { ?thing skos:altLabel ?alias }
    }
"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Node:
    """An entity that an edge touches; `id` is its IRI without the graph's base."""

    id: str
    label: str
    kind: str  # local name of its class; several are joined
    aliases: str  # joined
    iri: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edge:
    """A relation that at least one claim asserts; a symmetric one stands once, its ends in alphabetical order."""

    source: str
    relation: str  # local name
    target: str
    label: str
    symmetric: bool
    weight: int  # articles that assert it
    confidence: float  # of the surest claim
    first: str  # day of the earliest claim, by its text or its article; empty where none is known
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Nodes and edges, each sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


class _Claim(NamedTuple):
    article: str
    confidence: float
    day: str


_Ends = tuple[str, str, str]  # subject, relation, object


def network(graph: Graph, *, ontology: Ontology | None = None) -> Network:
    """What the claims of a graph assert, as a network.

    >>> network(Graph.of([]))
    Network(nodes=(), edges=())
    """
    known = {relation.iri: relation for relation in (ontology or load_ontology()).relations.values()}
    claims = _asserted(graph.select(ASSERTED), known)
    edges = tuple(sorted(_edge(ends, found, known.get(ends[1]), graph.base) for ends, found in claims.items()))
    ends = {iri for subject, _, object_ in claims for iri in (subject, object_)}
    return Network(nodes=tuple(sorted(_nodes(graph, ends))), edges=edges)


def _asserted(rows: Rows, known: Mapping[str, Relation]) -> Mapping[_Ends, set[_Claim]]:
    claims: dict[_Ends, set[_Claim]] = defaultdict(set)
    for row in rows:
        one, relation, other, article, confidence, date, published = ("" if t is None else t.value for t in row)
        if relation in known and known[relation].symmetric:
            one, other = sorted((one, other))
        claims[one, relation, other].add(_Claim(article, float(confidence), date or published))
    return claims


def _edge(ends: _Ends, claims: set[_Claim], relation: Relation | None, base: str) -> Edge:
    days = sorted(claim.day for claim in claims if claim.day)
    name = relation.name if relation else _local(ends[1])
    return Edge(
        source=ends[0].removeprefix(base),
        relation=name,
        target=ends[2].removeprefix(base),
        label=relation.label if relation else name,
        symmetric=bool(relation and relation.symmetric),
        weight=len({claim.article for claim in claims}),
        confidence=max(claim.confidence for claim in claims),
        first=days[0] if days else "",
        last=days[-1] if days else "",
    )


def _nodes(graph: Graph, wanted: set[str]) -> Iterator[Node]:
    labels: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    aliases: dict[str, set[str]] = defaultdict(set)
    for thing, label, kind, alias in graph.select(THINGS):
        labels[str(thing)].add(str(label))
        kinds[str(thing)].add(_local(str(kind)))
        if alias is not None:
            aliases[str(thing)].add(alias.value)
    for iri in wanted:
        yield Node(
            id=iri.removeprefix(graph.base),
            label=min(labels[iri], default=_local(iri)),
            kind=", ".join(sorted(kinds[iri])),
            aliases="; ".join(sorted(aliases[iri])),
            iri=iri,
        )


def _local(iri: str) -> str:
    return iri.replace("#", "/").rstrip("/").rpartition("/")[2]
