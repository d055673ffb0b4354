"""What a graph states: its direct edges and types, and the asserted claims behind them; inferences are no facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from kg.model import Triple
from kg.reason.expressions import TYPE
from kg.reason.rules import HIDDEN, MEMBER, Fact, Name, Pair, Rules

if TYPE_CHECKING:
    from kg.store import Graph, Term

EDGES = "SELECT ?from ?to WHERE { ?from ?relation ?to }"
KINDS = """
    SELECT ?thing ?kind WHERE {
      ?thing a ?kind .
      FILTER(?kind NOT IN (kg:Claim, kg:Article, kg:Inference, schema:NewsArticle))
    }
"""
CLAIMS = """
    SELECT ?claim ?subject ?relation ?object WHERE {
      ?claim kg:modality kg:Asserted ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .
    }
"""
MARKS = """
    SELECT ?mark ?subject ?relation ?object WHERE {
      ?mark a kg:Inference ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .
    }
"""


@dataclass(frozen=True, slots=True)
class Given:
    """The facts to reason over, and the claims that assert them."""

    facts: Mapping[Name, set[Pair]]
    claims: Mapping[Fact, list[str]]

    def claims_of(self, fact: Fact) -> list[str]:
        """The claims that assert a fact."""
        return self.claims.get(fact, [])


def read(graph: Graph, rules: Rules) -> Given:
    """The facts of a graph in the relations and classes that the rules are about."""
    claims = _claims(graph, rules)
    old = {as_fact(triple) for triple in earlier(graph, rules)[1]}
    facts: dict[Name, set[Pair]] = defaultdict(set)
    for fact in chain(_edges(graph, rules), _kinds(graph), rules.facts):
        if fact not in old:
            facts[fact[0]].add((fact[1], fact[2]))
    return Given(facts, claims)


def earlier(graph: Graph, rules: Rules) -> tuple[frozenset[str], frozenset[Triple]]:
    """The marks of an earlier inference, and the edges that it brought: those that no one claims."""
    marks = {(_n3(mark), Triple(_n3(s), _n3(p), _n3(o))) for mark, s, p, o in graph.select(MARKS)}
    claims = _claims(graph, rules) if marks else {}
    old = frozenset(triple for _, triple in marks if as_fact(triple) not in claims)
    return frozenset(mark for mark, _ in marks), old


def as_triple(fact: Fact) -> Triple:
    """A fact as a triple.

    >>> as_triple(("a <a:C>", "<a:x>", "<a:x>")).object
    '<a:C>'
    """
    name, first, second = fact
    return Triple(first, TYPE, name.removeprefix(MEMBER)) if name.startswith(MEMBER) else Triple(first, name, second)


def as_fact(triple: Triple) -> Fact:
    """A triple as a fact.

    >>> as_fact(Triple("<a:x>", "<a:p>", "<a:y>"))
    ('<a:p>', '<a:x>', '<a:y>')
    """
    if triple.predicate == TYPE:
        return MEMBER + triple.object, triple.subject, triple.subject
    return triple.predicate, triple.subject, triple.object


def _claims(graph: Graph, rules: Rules) -> Mapping[Fact, list[str]]:
    claims: dict[Fact, list[str]] = defaultdict(list)
    for row in graph.select(CLAIMS):
        claim, subject, relation, object_ = map(_n3, row)
        claims[relation, subject, object_].append(claim)
        if relation in rules.symmetric and subject != object_:
            claims[relation, object_, subject].append(claim)
    return claims


def _edges(graph: Graph, rules: Rules) -> Iterator[Fact]:
    for relation in sorted({*rules.needed(), *rules.own}):
        if not relation.startswith((MEMBER, HIDDEN, "_:")):
            for start, end in graph.select(EDGES, {"relation": relation}):
                yield relation, _n3(start), _n3(end)


def _kinds(graph: Graph) -> Iterator[Fact]:
    for thing, kind in graph.select(KINDS):
        subject = _n3(thing)
        yield f"{MEMBER}{_n3(kind)}", subject, subject


def _n3(term: Term | None) -> str:
    if term is None:
        return ""
    return f"<{term.value}>" if term.kind == "iri" else term.n3
