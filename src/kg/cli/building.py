"""`kg build` and `kg remove`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.failures import STOPPED, WRONG, interruptible, say
from kg.cli.options import GraphOption, graph_path
from kg.cli.output import counted, printable
from kg.ontology import BASE
from kg.progress import shown

if TYPE_CHECKING:
    from kg.model import BuildSummary


SHOWN = 10  # changes of ids in the summary


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2020-08-15") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise typer.BadParameter(f"{text!r} is no pair; write it as text=body")
    return name, value


Work = Annotated[
    Path | None,
    typer.Option(
        "--work",
        metavar="DIR",
        help="Folder of the collection: the articles and what was extracted from them. "
        "Default: the file GRAPH.records.sqlite beside the graph.",
    ),
]
OntologyFiles = Annotated[
    list[Path] | None,
    typer.Option("--ontology", metavar="FILE", help="Relations of your own, in Turtle; may be given several times."),
]
EntityFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--entities",
        metavar="FILE",
        help="Things of your own to link mentions to: a CSV table (id, name, aliases, class, wikidata) or Turtle; "
        "may be given several times. The collection keeps them for later builds.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that extract at the same time.")]
Confidence = Annotated[
    float | None, typer.Option("--min-confidence", min=0, max=1, help="Leave out claims below this.")
]
Base = Annotated[
    str | None, typer.Option("--base", metavar="IRI", help="What the IRIs of people, claims... begin with.")
]


def build(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Articles, folders of them, dumps (JSON lines, CSV...); - for stdin."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="GRAPH",
            help="The graph: the suffix names the format (.ttl, .nt, .jsonld, .rdf, ...); "
            "a name without suffix becomes a store's folder, http://... a SPARQL server's graph.",
        ),
    ] = "kg.ttl",
    work: Work = None,
    ontology: OntologyFiles = None,
    entities: EntityFiles = None,
    no_entities: Annotated[bool, typer.Option("--no-entities", help="Forget the kept lists of --entities.")] = False,
    corrections: Annotated[
        Path | None,
        typer.Option(
            "--corrections",
            metavar="FILE",
            help="The file of corrections; later builds remember it. Default: GRAPH.corrections.ttl beside the graph.",
        ),
    ] = None,
    date: Annotated[
        dt.date | None,
        typer.Option("--date", parser=_date, metavar="YYYY-MM-DD", help="Day of articles that do not tell theirs."),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="NAME=COLUMN", help="Where a dump keeps an article's text, title, date...: text=body."
        ),
    ] = None,
    jobs: Jobs = 1,
    min_confidence: Confidence = None,
    base: Base = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the articles of earlier builds.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Build nothing if any input cannot be used.")] = False,
) -> None:
    """Add articles to the collection and write the graph of the whole collection.

    An article that was read before is not extracted again. Stopped with Ctrl-C, the same command goes on where it was.

    Example: `kg build articles/ -o kg.ttl`
    """
    from kg import pipeline

    try:
        with shown() as bar, interruptible(bar) as progress:
            summary = pipeline.build(
                paths,
                output,
                work=work,
                ontology=ontology or (),
                entities=[] if no_entities else entities or None,
                corrections=corrections,
                base=BASE if base is None else base,
                date=date,
                fields=dict(map(_pair, field or ())),
                fresh=fresh,
                strict=strict,
                jobs=jobs,
                min_confidence=min_confidence or 0.0,
                progress=progress,
            )
    except KeyboardInterrupt:
        kept = pipeline.records_path(output, work)
        say(f"stopped; what is extracted is kept in {kept}: run the same command again to go on")
        raise typer.Exit(STOPPED) from None
    _report(summary, output)


def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE", help="Name, id, URL or path of an article.")],
    graph: GraphOption = None,
    work: Work = None,
    ontology: OntologyFiles = None,
    jobs: Jobs = 1,
    min_confidence: Confidence = None,
    base: Base = None,
) -> None:
    """Take articles out of the collection and write the graph again, by default with the options of its last build.

    Example: `kg remove articles/minsk.txt -g kg.ttl`
    """
    from kg import pipeline

    path = graph_path(graph)
    with shown() as progress:
        removed, summary = pipeline.remove(
            articles,
            path,
            work=work,
            ontology=ontology or None,
            base=base,
            jobs=jobs,
            min_confidence=min_confidence,
            progress=progress,
        )
    say(f"{counted(removed, 'article')} removed")
    _report(summary, path)


def summarised(summary: BuildSummary, output: Path | str) -> str:
    """A build in one line.

    >>> from kg.model import BuildSummary
    >>> summarised(BuildSummary(new=2, articles=12, entities=148, claims=203, edges=151), "kg.ttl")
    '12 articles: 2 new; 148 entities, 203 claims, 151 edges -> kg.ttl'
    """
    read = {"new": summary.new, "known": summary.known, "replaced": summary.replaced, "failed": len(summary.problems)}
    told = ", ".join(f"{number} {what}" for what, number in read.items() if number)
    held = ", ".join(
        (counted(summary.entities, "entity"), counted(summary.claims, "claim"), counted(summary.edges, "edge"))
    )
    return f"{counted(summary.articles, 'article')}{': ' if told else ''}{told}; {held} -> {output}"


def told_notices(summary: BuildSummary) -> None:
    """Say what of the user's corrections and lists could not be followed, and which entities have another id."""
    for notice in summary.notices:
        say(printable(str(notice)))
    for change in summary.changes[:SHOWN]:
        say(printable(change))
    if len(summary.changes) > SHOWN:
        say(f"and {len(summary.changes) - SHOWN} more have another id; the old ones still find them")


def _report(summary: BuildSummary, output: Path | str) -> None:
    for problem in summary.problems:
        say(str(problem))
    told_notices(summary)
    typer.echo(summarised(summary, output), err=True)
    if summary.problems:
        raise typer.Exit(WRONG)
