"""The graph formats that are text, and what writes each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kg.ontology import Ontology
from kg.store.formats import WRITTEN_ONLY
from kg.store.gexf import gexf
from kg.store.graph import Graph
from kg.store.graphml import graphml
from kg.store.jsonld import jsonld
from kg.store.layout import Block, Sorter
from kg.store.load import Sink
from kg.store.network import Network, network
from kg.store.table import claims_table
from kg.store.terms import RDF
from kg.store.turtle import turtle
from kg.store.xml import rdfxml

WITHOUT_TRIPLE_TERMS = (".jsonld", *WRITTEN_ONLY)

Writer = Callable[[Iterable[Block], Mapping[str, str]], Iterable[str]]
View = Callable[[Graph, Ontology | None], tuple[Iterable[str], int]]

CLAIMS = """
    SELECT ?claim ?s ?p ?o { ?claim a kg:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
"""


def ntriples(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Sorted lines as they are; N-Quads of one graph, the default one, are the same.

    >>> list(ntriples([[b'<a:b> <a:p> "1" .\\n']], {}))
    ['<a:b> <a:p> "1" .\\n']
    """
    return (b"".join(block).decode() for block in blocks)


def sorted_lines(graph: Graph, *, folder: Path | None = None, triple_terms: bool = False) -> Iterator[Block]:
    """The triples of a graph, sorted; with `triple_terms`, also each claim's own triple as RDF 1.2 quotes it.

    >>> list(sorted_lines(Graph.of([])))
    []
    """
    sorter = Sorter(folder=folder)
    dumped(graph, sorter, triple_terms=triple_terms)
    yield from sorter.blocks()


def dumped(graph: Graph, file: Sink, *, triple_terms: bool) -> None:
    """Write the triples of a graph, and the triple terms of its claims if they are asked for, as lines."""
    graph.dump(file)
    if triple_terms:
        for row in graph.select(CLAIMS):
            claim, subject, predicate, value = (term.n3 for term in row if term)
            file.write(f"{claim} <{RDF}reifies> <<( {subject} {predicate} {value} )>> .\n".encode())


def tallied(blocks: Iterable[Block], sizes: list[int]) -> Iterator[Block]:
    """The same blocks; the number of lines of each is put into `sizes` as it passes."""
    for block in blocks:
        sizes.append(len(block))
        yield block


def _table(graph: Graph, ontology: Ontology | None) -> tuple[Iterable[str], int]:
    lines = claims_table(graph)
    return lines, len(lines) - 1


def _network(
    form: Callable[[Network], Iterable[str]], graph: Graph, ontology: Ontology | None
) -> tuple[Iterable[str], int]:
    found = network(graph, ontology=ontology)
    return form(found), len(found.edges)


TEXTS: Mapping[str, Writer] = {
    ".ttl": turtle,
    ".nt": ntriples,
    ".nq": ntriples,
    ".trig": turtle,
    ".jsonld": jsonld,
    ".rdf": rdfxml,
    ".xml": rdfxml,
}
VIEWS: Mapping[str, View] = {".csv": _table, ".graphml": partial(_network, graphml), ".gexf": partial(_network, gexf)}
