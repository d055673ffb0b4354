"""`kg same`, `kg different`, `kg rename` and `kg type`: what the user knows better, for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.building import Work, told_notices
from kg.cli.failures import say
from kg.cli.options import GraphOption, graph_path
from kg.cli.output import counted, printable
from kg.progress import shown

if TYPE_CHECKING:
    from kg.correct import Corrected

Undo = Annotated[bool, typer.Option("--undo", help="Take the correction back.")]
CorrectionsFile = Annotated[
    Path | None,
    typer.Option(
        "--corrections",
        metavar="FILE",
        help="The file of corrections. Default: GRAPH.corrections.ttl beside the graph.",
    ),
]
Subject = Annotated[str, typer.Argument(metavar="A", help="Name, or IRI.")]


def same(
    one: Subject,
    other: Annotated[str, typer.Argument(metavar="B", help="Name, or IRI, of what is the same.")],
    graph: GraphOption = None,
    undo: Undo = False,
    corrections: CorrectionsFile = None,
    work: Work = None,
) -> None:
    """Say that two entities of the graph are one, now and in every later build.

    Example: `kg same "Svetlana Tikhanovskaya" "Sviatlana Tsikhanouskaya"`
    """
    _correct("same", one, other, graph, undo, corrections, work)


def different(
    one: Subject,
    other: Annotated[
        str | None, typer.Argument(metavar="B", help="What it is not; with --article: the same name elsewhere.")
    ] = None,
    article: Annotated[
        list[str] | None,
        typer.Option(
            "--article", "-a", help="An article (name, id or URL) whose A is meant; may be given several times."
        ),
    ] = None,
    graph: GraphOption = None,
    undo: Undo = False,
    corrections: CorrectionsFile = None,
    work: Work = None,
) -> None:
    """Say that two names are not one entity, or that an article means another by a name than the rest do.

    Examples: `kg different "George Bush" "George W. Bush"`, `kg different "John Smith" --article 2020-08-15_harbour`
    """
    if other is None and not (article or undo):
        raise typer.BadParameter("different from what? Give a second name, or an --article")
    _correct("different", one, other, graph, undo, corrections, work, articles=article or ())


def rename(
    one: Subject,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="What it shall be called.")] = None,
    graph: GraphOption = None,
    undo: Undo = False,
    corrections: CorrectionsFile = None,
    work: Work = None,
) -> None:
    """Give an entity another name; its IRI stays, and its old name still finds it.

    Example: `kg rename Tikhanovskaya "Sviatlana Tsikhanouskaya"`
    """
    if not (undo or (name and name.strip())):
        raise typer.BadParameter("the new name is missing")
    _correct("rename", one, name, graph, undo, corrections, work)


def type(
    one: Subject,
    kind: Annotated[
        str | None, typer.Argument(metavar="CLASS", help="A class of the ontology: Person, Party...")
    ] = None,
    graph: GraphOption = None,
    undo: Undo = False,
    corrections: CorrectionsFile = None,
    work: Work = None,
) -> None:
    """Give an entity another class. Its old IRI goes on working.

    Example: `kg type "Harbour Union" Party`
    """
    if not (undo or kind):
        raise typer.BadParameter("the class is missing: Person, Organization, Party, Country...")
    _correct("type", one, kind, graph, undo, corrections, work)


def _correct(
    decision: str,
    one: str,
    value: str | None,
    graph: str | None,
    undo: bool,
    corrections: Path | None,
    work: Path | None,
    articles: Sequence[str] = (),
) -> None:
    from kg.correct import correct
    from kg.corrections import Decision

    path = graph_path(graph)
    with shown() as progress:
        outcome = correct(
            path,
            Decision(decision),
            one,
            value,
            articles=articles,
            undo=undo,
            corrections=corrections,
            work=work,
            progress=progress,
        )
    _tell(outcome, path)


def _tell(outcome: Corrected, graph: str) -> None:
    for what, items in (("taken back", outcome.removed), ("noted", outcome.added)):
        for item in items:
            say(printable(f"{what} in {outcome.path}: {item.command}"))
    summary = outcome.summary
    if summary is None:
        say("the graph has no collection of articles beside it; it changes at the next `kg build`")
        return
    told_notices(summary)
    held = ", ".join((counted(summary.entities, "entity"), counted(summary.claims, "claim")))
    say(f"{held}, {counted(summary.edges, 'edge')} -> {graph}")
