"""The SHACL engines: `shacl`, which is fast, and pySHACL where there is no `shacl` for the machine."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import BadOntology, MissingDependency

if TYPE_CHECKING:
    import rdflib

SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """A result of validation; terms in N-Triples syntax, paths as SPARQL writes them."""

    focus: str
    shape: str  # the nearest shape that has an IRI; empty where none has
    component: str  # local name: "MinCountConstraintComponent"
    path: str = ""
    value: str = ""
    severity: str = "Violation"
    message: str = ""


def findings(shapes: str, data: Path) -> Iterator[Finding]:
    """What in `data` breaks `shapes`, each once; both are N-Triples, `data` a file that ends in .nt.

    Raises:
        BadOntology: the shapes cannot be used.
        MissingDependency: no engine is installed.
    """
    if importlib.util.find_spec("shacl"):
        return _by_shacl(shapes, data)
    if importlib.util.find_spec("pyshacl"):
        return by_pyshacl(shapes, data)
    raise MissingDependency(
        "shapes cannot be checked: the package shacl has no build for this machine; install the slower pySHACL with "
        "`pip install pyshacl`"
    )


def _by_shacl(shapes: str, data: Path) -> Iterator[Finding]:
    import shacl

    try:
        report = shacl.Shapes.from_text(shapes, "ntriples").validate_file(str(data))
    except ValueError as error:
        raise BadOntology(f"the shapes cannot be used: {error}") from error
    for result in report.results:
        yield Finding(
            focus=result.focus_node,
            shape=result.root_shape or "",
            component=result.component,
            path=result.path or "",
            value=result.value or "",
            severity=result.severity,
            message=_plain(result.messages),
        )


def by_pyshacl(shapes: str, data: Path) -> Iterator[Finding]:
    """As `findings`, by pySHACL: some forty times slower."""
    import pyshacl
    import rdflib

    declared = rdflib.Graph().parse(data=shapes, format="nt")
    graph = rdflib.Graph().parse(data, format="nt")
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=declared, inplace=True)
    except Exception as error:  # pySHACL has no common class of errors
        raise BadOntology(f"the shapes cannot be used: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise BadOntology(f"the shapes cannot be used: {report}")
    for result in report.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult")):
        yield _finding(result, report, declared)


def _finding(result: Any, report: rdflib.Graph, shapes: rdflib.Graph) -> Finding:
    from rdflib import URIRef

    def one(name: str) -> Any:
        return report.value(result, URIRef(SH + name))

    path, value = one("resultPath"), one("value")
    return Finding(
        focus=one("focusNode").n3(),
        shape=_root(one("sourceShape"), shapes),
        component=one("sourceConstraintComponent").removeprefix(SH),
        path=path.n3() if isinstance(path, URIRef) else "",
        value=value.n3() if value is not None else "",
        severity=one("resultSeverity").removeprefix(SH),
        message=_plain([str(each) for each in report.objects(result, URIRef(SH + "resultMessage"))]),
    )


def _root(shape: Any, shapes: rdflib.Graph) -> str:
    """The shape, or the nearest above it that has an IRI."""
    from rdflib import URIRef

    above = URIRef(SH + "property")
    while shape is not None and not isinstance(shape, URIRef):
        shape = shapes.value(predicate=above, object=shape)
    return str(shape.n3()) if shape is not None else ""


def _plain(messages: Sequence[str]) -> str:
    return min(messages, default="")
