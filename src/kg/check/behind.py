"""The article and the quote behind a node or an edge of the graph, and its name for people; asked for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.store import Graph

BATCH = 500  # nodes asked for at once

OWN = "SELECT ?claim { VALUES ?claim { %s } ?claim a kg:Claim }"
AROUND = """
    SELECT ?node ?relation (MIN(STR(?claim)) AS ?first) {
      VALUES ?node { %s }
      ?claim rdf:subject|rdf:object|kg:attributedTo ?node ; rdf:predicate ?relation ; kg:quote ?quote
    } GROUP BY ?node ?relation
"""
BETWEEN = """
    SELECT ?one ?relation ?other (MIN(STR(?claim)) AS ?first) {
      VALUES (?one ?relation ?other) { %s }
      ?claim rdf:subject ?one ; rdf:predicate ?relation ; rdf:object ?other ; kg:quote ?quote
    } GROUP BY ?one ?relation ?other
"""
FACTS = """
    SELECT ?node ?key ?value {
      VALUES ?node { %s }
      { ?node kg:quote ?value BIND("quote" AS ?key) }
      UNION { ?node prov:wasDerivedFrom/dcterms:identifier ?value BIND("article" AS ?key) }
      UNION { ?node rdf:subject ?value BIND("subject" AS ?key) }
      UNION { ?node rdf:predicate ?value BIND("relation" AS ?key) }
      UNION { ?node rdf:object ?value BIND("object" AS ?key) }
      UNION { ?node rdfs:label ?value BIND("label" AS ?key) }
      UNION { ?node dcterms:identifier ?value BIND("identifier" AS ?key) }
    }
"""
MENTIONED = """
    SELECT ?node (MIN(?name) AS ?article) {
      VALUES ?node { %s } ?report kg:mentions ?node ; dcterms:identifier ?name
    } GROUP BY ?node
"""
ENDS = ("subject", "relation", "object")

Facts = Mapping[str, str]  # what FACTS tells of a node, by its key; the first of several
NO_FACTS: Facts = {}


class About(NamedTuple):
    """A node, or an edge of it: terms in N-Triples syntax."""

    node: str
    relation: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind: `where` it is in words, the article's identifier and the quote where they are known."""

    where: str
    article: str | None = None
    quote: str | None = None


def behind(graph: Graph, wanted: Collection[About]) -> Mapping[About, Behind]:
    """What stands behind each: a claim's own article and quote, or those of the first claim about it.

    >>> from kg.store import Graph
    >>> behind(Graph.of([]), [About("<http://x.org/ada>")])[About("<http://x.org/ada>")].where
    'http://x.org/ada'
    """
    claims = dict(_claims(graph, wanted))
    known = _facts(graph, [*claims.values(), *(term for about in wanted for term in about)])
    ends = [_iri(known[claim][end]) for claim in claims.values() for end in ENDS if end in known.get(claim, NO_FACTS)]
    known = {**_facts(graph, ends), **known}
    loose = [about.node for about in wanted if not about.other and about not in claims]
    within = {_iri(node): article for node, article in _rows(graph, MENTIONED, loose)}
    return {about: _behind(about, claims.get(about, ""), known, within, graph.base) for about in wanted}


def _claims(graph: Graph, wanted: Collection[About]) -> Iterator[tuple[About, str]]:
    """The claim behind each, where there is one."""
    own = {_iri(row[0]) for row in _rows(graph, OWN, (about.node for about in wanted if not about.other))}
    loose = [about for about in wanted if not about.other and about.node not in own]
    around: dict[str, dict[str, str]] = {}
    for node, relation, first in _rows(graph, AROUND, (about.node for about in loose)):
        around.setdefault(_iri(node), {})[_iri(relation)] = _iri(first)
    edges = [" ".join(("(", *about, ")")) for about in wanted if about.other]
    between = {About(*map(_iri, row[:3])): _iri(row[3]) for row in _rows(graph, BETWEEN, edges)}
    for about in wanted:
        ways = around.get(about.node, {})
        first = ways.get(about.relation) or min(ways.values(), default="")
        claim = about.node if about.node in own else between.get(about, "") if about.other else first
        if claim:
            yield about, claim


def _behind(about: About, claim: str, known: Mapping[str, Facts], within: Mapping[str, str], base: str) -> Behind:
    said, own = known.get(claim, NO_FACTS), known.get(about.node, NO_FACTS)
    shown: Sequence[str] = about if about.other else (about.node,)
    if claim == about.node:
        shown = [_iri(said[end]) if end in said else "?" for end in ENDS]
    return Behind(
        where=" - ".join(_name(term, known.get(term, NO_FACTS), base) for term in shown),
        article=said.get("article") or own.get("identifier") or within.get(about.node),
        quote=said.get("quote"),
    )


def _name(term: str, facts: Facts, base: str) -> str:
    article = f"article {facts['identifier']}" if "identifier" in facts else ""
    plain = term.removeprefix("<").removesuffix(">").removeprefix(base)
    return facts.get("label") or article or plain.rpartition("#")[2]


def _facts(graph: Graph, nodes: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for node, key, value in sorted(_rows(graph, FACTS, nodes)):
        found.setdefault(_iri(node), {}).setdefault(key, value)
    return found


def _rows(graph: Graph, query: str, terms: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a query about some terms, as plain text."""
    rest = iter(sorted({term for term in terms if term.startswith(("<", "("))}))
    while batch := " ".join(islice(rest, BATCH)):
        for row in graph.select(query % batch):
            yield tuple("" if term is None else term.value for term in row)


def _iri(value: str) -> str:
    return f"<{value}>"
