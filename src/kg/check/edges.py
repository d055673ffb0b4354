"""The edges that stand on nothing: no claim asserts them, and no inference gives them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.model import Triple
from kg.ontology import Ontology, Relation

if TYPE_CHECKING:
    from kg.store import Graph

ABOUT_TEXT = ("Claim", "Article")  # relations of these are no edges between things
EDGES = "SELECT ?subject ?object {{ ?subject {} ?object }}"
STATED = """
    SELECT ?subject ?object {{
      ?claim rdf:predicate {} ; rdf:subject ?subject ; rdf:object ?object ; kg:modality kg:Asserted
    }}
"""
INFERRED = """
    SELECT ?subject ?object {{
      ?mark rdf:predicate {} ; rdf:subject ?subject ; rdf:object ?object ; kg:rule ?rule
    }}
"""

Pairs = set[tuple[str, ...]]


def groundless(graph: Graph, ontology: Ontology) -> Iterator[Triple]:
    """The edges of the graph that neither an asserted claim nor an inference gives, relation by relation.

    The three sets are compared here: as a query with NOT EXISTS it may take minutes.

    >>> from kg.ontology import load_ontology
    >>> from kg.store import Graph
    >>> relation = load_ontology().iri("spokeWith")
    >>> [edge.subject for edge in groundless(Graph.of([Triple("<a:x>", f"<{relation}>", "<a:y>")]), load_ontology())]
    ['<a:x>']
    """
    for relation in sorted(ontology.relations.values(), key=lambda relation: relation.iri):
        if relation.domain not in ABOUT_TEXT:
            for subject, value in sorted(_groundless(graph, relation)):
                yield Triple(f"<{subject}>", f"<{relation.iri}>", f"<{value}>")


def _groundless(graph: Graph, relation: Relation) -> Pairs:
    edges = _pairs(graph, EDGES, relation)
    if not edges:
        return edges
    stated = _pairs(graph, STATED, relation)
    if relation.symmetric:
        stated |= {pair[::-1] for pair in stated}
    return edges - stated - _pairs(graph, INFERRED, relation)


def _pairs(graph: Graph, query: str, relation: Relation) -> Pairs:
    text = graph.csv(query.format(f"<{relation.iri}>")).decode()
    return set(map(tuple, list(csv.reader(text.splitlines()))[1:]))
