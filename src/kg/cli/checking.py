"""`kg check`: whether a graph is valid."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.building import OntologyFiles
from kg.cli.failures import NO
from kg.cli.options import GraphOption, graph_path, opened
from kg.cli.output import counted, printable

if TYPE_CHECKING:
    from kg.check import Violation
    from kg.ontology import Ontology
    from kg.store import Graph

COUNTS = """
    SELECT (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?article) AS ?articles) {
      { ?claim a kg:Claim } UNION { ?article a kg:Article }
    }
"""
VIOLATION = "Violation"
WIDTH = 200  # characters of a quote or value shown


class ReportFormat(StrEnum):
    """How violations are written."""

    TEXT = "text"
    JSONL = "jsonl"


def check(
    graph: GraphOption = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option(
            "--shapes", metavar="FILE", help="SHACL shapes of your own, beside the packaged ones; repeatable."
        ),
    ] = None,
    ontology: OntologyFiles = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="text for people, jsonl for programs.")
    ] = ReportFormat.TEXT,
    limit: Annotated[
        int, typer.Option("--limit", min=0, metavar="N", help="Print the first N of each kind; 0: all.")
    ] = 20,
) -> None:
    """Check a graph: its shapes, edges that no claim asserts, and what the ontology does not allow.

    Each violation comes with the article and the quote behind it. The exit code is 1 if there is one; warnings are
    told, but do not count. With --ontology the wordings in it that the parser cannot use are named, too; with it and
    no graph, these alone.

    Example: `kg check -g kg.ttl --shapes house_rules.ttl`
    """
    from kg.check import check as find
    from kg.ontology import load_ontology

    known = load_ontology(ontology or (), worded=False)
    found = list(_wordings(known)) if ontology else []
    alone = bool(ontology) and graph is None and not Path(graph_path(None)).exists()
    opened_graph = None if alone else opened(graph)
    if opened_graph is not None:
        found += find(opened_graph, shapes=shapes or (), ontology=known)
    _print(found, form, limit)
    number = sum(violation.severity == VIOLATION for violation in found)
    _conclude(number, opened_graph, form)
    if number:
        raise typer.Exit(NO)


def _wordings(ontology: Ontology) -> Iterator[Violation]:
    """The templates that the parser cannot use, as violations of the ontology."""
    from kg.check import Violation
    from kg.pipeline import unusable_templates
    from kg.store import Term

    for template in unusable_templates(ontology):
        yield Violation(
            what="the parser cannot use this wording; write a plain sentence with one verb",
            where=f"the ontology, {template.relation}",
            focus=f"<{ontology.iri(template.relation)}>",
            value=Term.literal(template.text).n3,
            shape="wording",
        )


def _conclude(number: int, graph: Graph | None, form: ReportFormat) -> None:
    line = f"does not conform: {counted(number, 'violation')}"
    if not number and graph is not None:
        ((claims, articles),) = graph.select(COUNTS).values()
        line = f"conforms: {counted(int(str(claims)), 'claim')} of {counted(int(str(articles)), 'article')}"
    elif not number:
        line = "conforms: the parser can use every wording of the ontology"
    typer.echo(line, err=form is ReportFormat.JSONL)


def _print(found: Sequence[Violation], form: ReportFormat, limit: int) -> None:
    if form is ReportFormat.JSONL:
        for violation in found:
            typer.echo(json.dumps(dataclasses.asdict(violation), ensure_ascii=False))
        return
    kinds: dict[tuple[str, str], list[Violation]] = {}
    for violation in found:
        kinds.setdefault((violation.severity.lower(), violation.what), []).append(violation)
    for (severity, what), alike in kinds.items():
        typer.echo(printable(f"{severity}: {what}"))
        for violation in alike[: limit or None]:
            for line in _told(violation):
                typer.echo(printable(line))
        if 0 < limit < len(alike):
            typer.echo(f"  ... and {len(alike) - limit} more; --limit 0 shows all")


def _told(violation: Violation) -> Iterator[str]:
    value = f": {_short(violation.value)}" if violation.value and violation.value.startswith('"') else ""
    yield f"  {violation.where}{value}"
    if violation.quote:
        yield f'    {violation.article or "article unknown"}: "{_short(violation.quote)}"'
    elif violation.article:
        yield f"    {violation.article}"


def _short(text: str) -> str:
    return textwrap.shorten(text, WIDTH, placeholder=" ...")
