"""What a graph holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.store import Graph

ARTICLES = "SELECT (COUNT(?article) AS ?articles) WHERE { ?article a kg:Article }"
ENTITIES = """
    SELECT DISTINCT ?entity ?class WHERE {
      ?entity rdfs:label ?label ; a ?class .
      FILTER(?class NOT IN (kg:Claim, kg:Article, kg:Modality) && !STRSTARTS(STR(?class), STR(owl:)))
    }
"""
CLAIMS = """
    SELECT ?relation ?modality (COUNT(?claim) AS ?claims) WHERE {
      ?claim a kg:Claim ; rdf:predicate ?relation ; kg:modality ?modality
    }
    GROUP BY ?relation ?modality
"""
INFERRED = "SELECT DISTINCT ?relation WHERE { ?mark a kg:Inference ; rdf:predicate ?relation }"
EDGES = "SELECT ?subject ?object WHERE { ?subject ?relation ?object . FILTER(isIRI(?object)) }"
ACTORS = 10  # named in the overview


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts: by class, by relation and modality; the actors with the most neighbours, and how many each has."""

    articles: int
    entities: Counter[str]
    claims: Counter[tuple[str, str]]
    edges: int
    actors: tuple[tuple[str, int], ...]


def overview(graph: Graph) -> Overview:
    """Count what a graph holds."""
    from kg.ontology import load_ontology
    from kg.pipeline import count_edges
    from kg.query import run
    from kg.store import Rows

    ranking = run(graph, "most_connected")
    assert isinstance(ranking, Rows)  # a SELECT
    claimed = list(graph.select(CLAIMS))
    relations = {str(row[0]) for row in (*claimed, *graph.select(INFERRED))}
    sources = f"{graph.base}source/"  # who is quoted and no more
    return Overview(
        articles=int(str(graph.select(ARTICLES).rows[0][0])),
        entities=Counter(
            _local(kind) for entity, kind in graph.select(ENTITIES) if not str(entity).startswith(sources)
        ),
        claims=Counter({(_local(r), _local(m).lower()): int(str(n)) for r, m, n in claimed}),
        edges=count_edges(_edges(graph, relations), load_ontology()),
        actors=tuple((str(row[0]), int(str(row[1]))) for row in ranking.rows[:ACTORS]),
    )


def _edges(graph: Graph, relations: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The edges that stand in the graph, whoever put them there."""
    for relation in sorted(relations):
        for subject, target in graph.select(EDGES, {"relation": f"<{relation}>"}):
            yield str(subject), _local(relation), str(target)


def _local(term: object) -> str:
    """The last part of an IRI."""
    return str(term).replace("#", "/").rpartition("/")[2]
