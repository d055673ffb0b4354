"""Whether a graph is valid: SHACL shapes, edges that stand on nothing, and what the ontology does not allow."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.check.behind import About, Behind, behind
from kg.check.edges import groundless
from kg.check.engine import Finding, findings
from kg.errors import BadOntology
from kg.model import Triple
from kg.ontology import RDF, RDFS, Ontology, load_ontology, resource, statements

if TYPE_CHECKING:
    from kg.store import Graph

__all__ = ["Violation", "broken_shapes", "check"]

SHAPE = re.compile(r"<http://www\.w3\.org/ns/shacl#(NodeShape|PropertyShape|target\w+)>")
IRI = re.compile(r"<?(https?://[^\s<>]*[\w/])>?")

VIOLATION = "Violation"
GROUNDLESS = "no claim asserts this edge, and no inference gives it"
HIERARCHY = frozenset(
    f"<{term}>"
    for term in (RDF + "type", *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")))
)  # what shapes are told of the ontology

WORDS = {  # for shapes without a sh:message
    "MinCount": "has too few values",
    "MaxCount": "has too many values",
    "Class": "has a value of the wrong class",
    "Datatype": "has a value of the wrong datatype",
    "NodeKind": "has a value of the wrong kind",
    "In": "has a value that is not in the list",
    "Pattern": "has a value of the wrong form",
    "HasValue": "lacks the value that is asked for",
    "LessThan": "has a value that is not below the other",
    "UniqueLang": "has two values in one language",
    "Closed": "is not allowed here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What is wrong and where, with the article and the quote that it comes from, as far as there are any.

    `focus` and `value` are terms in N-Triples syntax, `path` the property or path between them; `shape` names what is
    broken: the shape's IRI, or the axiom.
    """

    what: str
    where: str
    severity: str = VIOLATION  # or "Warning", "Info": said by shapes, and no reason to refuse a graph
    article: str | None = None
    quote: str | None = None
    focus: str
    path: str | None = None
    value: str | None = None
    shape: str | None = None


def check(graph: Graph, *, shapes: Sequence[Path] = (), ontology: Ontology | None = None) -> tuple[Violation, ...]:
    """All that is wrong with a graph: broken shapes, edges that stand on nothing, contradictions.

    The packaged shapes are checked, and those of the files `shapes`; `ontology` is the one that the graph was built
    with.

    >>> from kg.store import Graph
    >>> check(Graph.of([]))
    ()

    Raises:
        BadOntology: a file of shapes cannot be used.
        MissingDependency: no engine for shapes is installed.
    """
    known = ontology or load_ontology()
    return (
        *broken_shapes(graph, shapes=shapes, ontology=known),
        *_groundless_edges(graph, known),
        *_contradictions(graph, known),
    )


def broken_shapes(
    graph: Graph, *, shapes: Sequence[Path] = (), ontology: Ontology | None = None
) -> tuple[Violation, ...]:
    """What in a graph breaks the packaged shapes and those of the files `shapes`."""
    known = [t for t in statements((ontology or load_ontology()).files) if t.predicate in HIERARCHY]
    text = "".join(_lines(triple for path in (resource("ontology", "shapes.ttl"), *shapes) for triple in _shapes(path)))
    with tempfile.TemporaryDirectory(prefix="kg-check-") as folder:
        data = Path(folder, "graph.nt")
        with data.open("wb") as file:
            graph.dump(file)
            file.writelines(line.encode() for line in _lines(known))
        found = sorted(set(findings(text, data)), key=_place)
    terms = {triple.subject for triple in known}
    return tuple(_told(graph, {finding: _about(finding, terms) for finding in found}, terms))


def _shapes(path: Path) -> list[Triple]:
    triples = list(statements([path]))
    if not any(map(SHAPE.fullmatch, (term for triple in triples for term in triple))):
        raise BadOntology(f"{path}: has no shapes; a sh:NodeShape with a target is needed")
    return triples


def _lines(triples: Iterable[Triple]) -> Iterator[str]:
    return (f"{s} {p} {o} .\n" for s, p, o in triples)


def _place(finding: Finding) -> tuple[bool, Finding]:
    return finding.severity != VIOLATION, finding


def _about(finding: Finding, terms: Collection[str]) -> About:
    """The node that a finding is about: of a shape for the terms of the ontology, the value."""
    if finding.focus in terms and finding.value:
        return About(finding.value, finding.focus)
    return About(finding.focus, finding.path)


def _told(graph: Graph, abouts: Mapping[Finding, About], terms: Collection[str]) -> Iterator[Violation]:
    grounds = behind(graph, set(abouts.values()))
    for finding, about in abouts.items():
        ground = grounds[about]
        yield Violation(
            what=_words(finding, terms),
            where=ground.where,
            severity=finding.severity,
            article=ground.article,
            quote=ground.quote,
            focus=finding.focus,
            path=finding.path or None,
            value=finding.value or None,
            shape=finding.shape or None,
        )


def _words(finding: Finding, terms: Collection[str]) -> str:
    """What is wrong; the terms of the ontology by their local names."""

    def short(match: re.Match[str]) -> str:
        return re.split("[#/]", match[1])[-1] if f"<{match[1]}>" in terms else match[0]

    if finding.message:
        return IRI.sub(short, finding.message)
    component = finding.component.removesuffix("ConstraintComponent")
    said = WORDS.get(component, f"does not conform ({component})")
    return f"{IRI.sub(short, finding.path)} {said}".strip()


def _groundless_edges(graph: Graph, ontology: Ontology) -> Iterator[Violation]:
    edges = [About(*edge) for edge in groundless(graph, ontology)]
    grounds = behind(graph, edges)
    for edge in edges:
        yield _violation(GROUNDLESS, edge, grounds[edge], shape="edge")


def _contradictions(graph: Graph, ontology: Ontology) -> Iterator[Violation]:
    from kg.reason import contradictions

    found = contradictions(graph, ontology)
    causes = {clash: [About(claim) for claim in clash.claims[:1]] for clash in found}
    edges = {clash: About(*clash.edges[0]) for clash in found}
    grounds = behind(graph, {*edges.values(), *(about for abouts in causes.values() for about in abouts)})
    for clash in found:
        ground = next((grounds[about] for about in causes[clash]), grounds[edges[clash]])
        yield _violation(str(clash), edges[clash], ground, shape=clash.axiom)


def _violation(what: str, edge: About, ground: Behind, *, shape: str) -> Violation:
    return Violation(
        what=what,
        where=ground.where,
        article=ground.article,
        quote=ground.quote,
        focus=edge.node,
        path=edge.relation,
        value=edge.other,
        shape=shape,
    )
