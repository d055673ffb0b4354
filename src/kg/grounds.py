"""What an inferred edge stands on: its rule, the edges that it follows from, and at the bottom the claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.store import Graph, Term

MARK = """
    SELECT ?rule ?source ?start ?relation ?end WHERE {
      ?mark a kg:Inference ; rdf:subject ?from ; rdf:predicate ?by ; rdf:object ?to ; kg:rule ?rule .
      OPTIONAL {
        ?mark prov:wasDerivedFrom ?source .
        ?source rdf:subject ?start ; rdf:predicate ?relation ; rdf:object ?end
      }
    }
    ORDER BY ?source
"""
MOST = 100  # steps told of one edge: a transitive edge may be hundreds long

Edge = tuple[str, str, str]  # IRIs


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An inferred edge, its rule in words, and the edges that it follows from."""

    edge: Edge
    rule: str
    premises: tuple[Edge, ...] = ()


def grounds(graph: Graph, edge: Edge) -> Iterator[Step]:
    """The steps that lead to an edge, the last one first; none if it is not inferred.

    >>> list(grounds(Graph.of([]), ("http://x.org/a", "http://x.org/p", "http://x.org/b")))
    []
    """
    waiting, seen = [edge], {edge}
    for _ in range(MOST):
        if not waiting:
            return
        step = _step(graph, waiting.pop(0))
        if step:
            yield step
            waiting += [premise for premise in step.premises if premise not in seen]
            seen.update(step.premises)


def stated(steps: Iterable[Step]) -> list[Edge]:
    """The edges at the bottom: those that follow from no others."""
    told = list(steps)
    inferred = {step.edge for step in told}
    return list(dict.fromkeys(premise for step in told for premise in step.premises if premise not in inferred))


def _step(graph: Graph, edge: Edge) -> Step | None:
    rows = graph.select(MARK, dict(zip(("from", "by", "to"), (Term.iri(iri).n3 for iri in edge), strict=True)))
    premises: dict[Edge, None] = {}
    rule = ""
    for said, source, start, relation, end in rows:
        rule = str(said)
        if source is not None:
            premises[str(start), str(relation), str(end)] = None
    return Step(edge=edge, rule=rule, premises=tuple(premises)) if rule else None
