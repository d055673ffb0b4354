"""`kg export`: the graph in another format."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.building import OntologyFiles
from kg.cli.failures import say
from kg.cli.options import GraphOption, opened

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.store import Graph

STREAM = "-"
SUFFIXES = ("ttl", "nt", "nq", "trig", "jsonld", "rdf", "graphml", "gexf", "csv")
NETWORKS = ("graphml", "gexf")


def export(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Its suffix names the format; - for stdout.")
    ],
    graph: GraphOption = None,
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(SUFFIXES)}. Default: by the suffix."),
    ] = None,
    triple_terms: Annotated[
        bool,
        typer.Option(
            "--triple-terms",
            help="Each claim also quotes its triple, as RDF 1.2 does: rdf:reifies <<( s p o )>>. kg and Oxigraph read "
            "it, rdflib does not.",
        ),
    ] = False,
    ontology: OntologyFiles = None,
) -> None:
    """Write the graph in another format; CSV has a row a claim, GraphML and GEXF (for Gephi) an edge a relation.

    These two hold what is asserted, a symmetric relation once; an edge's weight is the number of articles that say so.
    --ontology gives the graph's own relations, so that their labels and symmetry are known.

    Examples: `kg export -g kg.ttl -o kg.jsonld`, `kg export -g kg.ttl -o - -f nt`
    """
    form = form.removeprefix(".").lower() if form is not None else None
    if form is not None and form not in SUFFIXES:
        raise typer.BadParameter(f"{form!r} is no format; known: {', '.join(SUFFIXES)}", param_hint="--format")
    if output == STREAM and form is None:
        raise typer.BadParameter("stdout has no suffix; name the format with --format", param_hint="--output")
    found, known = opened(graph), _known(ontology)
    if form is None:
        _written(found, output, triple_terms=triple_terms, ontology=known)
    else:
        _export_as(found, form, output, triple_terms=triple_terms, ontology=known)


def _known(files: list[Path] | None) -> Ontology | None:
    from kg.ontology import load_ontology

    return load_ontology(files, worded=False) if files else None


def _written(graph: Graph, output: str | Path, *, triple_terms: bool, ontology: Ontology | None) -> None:
    from kg.store import export as write_graph

    number = write_graph(graph, output, triple_terms=triple_terms, ontology=ontology)
    if not number and str(output).removesuffix(".gz").lower().endswith(NETWORKS):
        say("the network is empty: no claim of the graph asserts an edge")


def _export_as(graph: Graph, form: str, output: str, *, triple_terms: bool, ontology: Ontology | None) -> None:
    """In a format that the output's name does not tell: written aside under a name that does."""
    where = None if output == STREAM else Path(output).absolute().parent
    with tempfile.TemporaryDirectory(dir=where, prefix=".kg-") as folder:
        path = Path(folder, f"graph.{form}")
        _written(graph, path, triple_terms=triple_terms, ontology=ontology)
        if output == STREAM:
            with path.open(encoding="utf-8") as file:
                shutil.copyfileobj(file, sys.stdout)
        else:
            path.replace(output)
