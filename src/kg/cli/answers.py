"""The commands that read a graph: `stats`, `queries`, `query`, `claims`, `explain`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.failures import NO, STOPPED, WRONG, say
from kg.cli.options import GraphOption, opened
from kg.cli.output import Format, chosen, counted, print_table, printable, write_objects
from kg.errors import TimeUp
from kg.model import Modality

if TYPE_CHECKING:
    from kg.cli.overview import Overview
    from kg.model import Triple
    from kg.store import Graph, Stream

PAGE = 500  # rows of a table, before another is begun; columns that are empty on a page are left out
STREAM = "-"
COLUMNS = ("article", "subject", "relation", "object", "modality", "attribution", "date", "confidence", "evidence")

FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="How to write it. Default: a table on a terminal, CSV elsewhere."),
]


def stats(
    graph: GraphOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Count what a graph holds: articles, entities, claims, edges, and who has the most neighbours.

    Example: `kg stats -g kg.ttl`
    """
    from kg.cli.overview import overview

    found = overview(opened(graph))
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False))
        return
    numbers = {
        "article": found.articles,
        "entity": found.entities.total(),
        "claim": found.claims.total(),
        "edge": found.edges,
    }
    typer.echo(", ".join(counted(number, noun) for noun, number in numbers.items()))
    print_table(("entities", "number"), _ranked(found.entities))
    modalities = list(Modality)
    relations = Counter({r: 0 for r, _ in found.claims})
    for (relation, _), number in found.claims.items():
        relations[relation] += number
    rows = ([r, *(str(found.claims[r, m]) for m in modalities)] for r, _ in _ranked(relations))
    print_table(("claims", *modalities), rows)
    print_table(("actors", "neighbours"), ((name, str(number)) for name, number in found.actors))


def _plain(found: Overview) -> dict[str, object]:
    by_relation: dict[str, dict[str, int]] = {}
    for (relation, modality), number in sorted(found.claims.items()):
        by_relation.setdefault(relation, {})[modality] = number
    return {
        "articles": found.articles,
        "entities": dict(sorted(found.entities.items())),
        "claims": by_relation,
        "edges": found.edges,
        "actors": dict(found.actors),
    }


def _ranked(counts: Counter[str]) -> Iterator[tuple[str, str]]:
    return ((name, str(number)) for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# ---------------------------------------------------------------- queries


def queries() -> None:
    """List the saved queries with their parameters.

    Example: `kg queries`
    """
    from kg.query import saved_queries

    for name, query in saved_queries().items():
        typer.echo(f"{name}: {query.title}")
        if query.description:
            typer.echo(f"    {query.description}")
        for parameter in query.parameters:
            default = f" (default: {parameter.default})" if parameter.default else " (required)" * parameter.required
            meaning = f": {parameter.description}" if parameter.description else ""
            typer.echo(f"    -p {parameter.name}={parameter.type.value.upper()}{meaning}{default}")


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise typer.BadParameter(f"{text!r} sets no parameter; write it as country=Belarus")
    return name, value


def query(
    question: Annotated[
        str, typer.Argument(metavar="QUERY", help="A saved query's name, a .rq file, SPARQL text, or - for stdin.")
    ],
    graph: GraphOption = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter of the query.")
    ] = None,
    form: FormatOption = None,
    timeout: Annotated[
        float,
        typer.Option("--timeout", min=0, metavar="SECONDS", help="Stop a query that takes longer; 0: never."),
    ] = 60,
) -> None:
    """Ask the graph: a saved query or SPARQL; CONSTRUCT gives Turtle, ASK true or false.

    Examples: `kg query leaders -p country=Belarus`, `kg query "SELECT ?who { ?who kg:leaderOf ?what }"`
    """
    from kg.query.limit import watched
    from kg.query.run import stream

    parameters = dict(map(_parameter, parameter or ()))
    found = opened(graph)
    asked = sys.stdin.read() if question == STREAM else question
    with _ending():
        answer = watched(timeout, lambda: stream(found, asked, parameters, timeout=timeout))
        _print_answer(answer, found, form)


@contextmanager
def _ending() -> Iterator[None]:
    """End the process at once where a query is given up, which the engine would go on with."""
    try:
        yield
    except (TimeUp, KeyboardInterrupt) as error:
        up = isinstance(error, TimeUp)
        with suppress(OSError):
            sys.stdout.flush()
        say(str(error) if up else "stopped")
        sys.stderr.flush()
        os._exit(WRONG if up else STOPPED)


def _print_answer(answer: Stream | bool | Iterator[Triple], graph: Graph, form: Format | None) -> None:
    from kg.store import Stream

    if isinstance(answer, bool):
        typer.echo("true" if answer else "false")
    elif isinstance(answer, Stream):
        _print_rows(answer, graph, chosen(form))
    else:
        _print_turtle(answer, graph, form)


def _print_rows(rows: Stream, graph: Graph, form: Format) -> None:
    from kg.query import cells, rows_to

    if form is not Format.TABLE:
        rows_to(form.value, rows, sys.stdout)
        return
    pages = iter(lambda: [cells(row, prefixes=graph.prefixes) for row in islice(rows, PAGE)], [])
    page = None
    for page in pages:
        told = [place for place in range(len(rows.variables)) if any(row[place] for row in page)]
        print_table([rows.variables[place] for place in told], ([row[place] for place in told] for row in page))
    if page is None:
        say("no rows")


def _print_turtle(triples: Iterable[Triple], graph: Graph, form: Format | None) -> None:
    from kg.store.layout import ordered
    from kg.store.turtle import turtle

    if form is not None:
        raise typer.BadParameter("CONSTRUCT and DESCRIBE give Turtle; leave --format out")
    sys.stdout.writelines(turtle(ordered(triples), graph.prefixes))


# ---------------------------------------------------------------- claims and their evidence


def claims(
    graph: GraphOption = None,
    form: FormatOption = None,
    relation: Annotated[
        str | None, typer.Option("--relation", "-r", help="Only this relation and those below it.")
    ] = None,
    article: Annotated[
        str | None, typer.Option("--article", "-a", help="Only the article, by name, id or URL.")
    ] = None,
    modality: Annotated[Modality | None, typer.Option("--modality", "-m", help="Only this modality.")] = None,
    min_confidence: Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="None below this.")] = 0.0,
) -> None:
    """Print every claim with its quote, its speaker and its place in the article.

    Example: `kg claims -g kg.ttl -f jsonl`
    """
    from kg.explain import claims as all_claims

    found = all_claims(
        opened(graph), relation=relation, article=article, modality=modality, min_confidence=min_confidence
    )
    write_objects(list(found), COLUMNS, chosen(form))


def explain(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Name or IRI.")],
    relation: Annotated[str | None, typer.Argument(metavar="RELATION", help="spokeWith, leader-of...")] = None,
    object: Annotated[str | None, typer.Argument(metavar="OBJECT", help="Name or IRI.")] = None,
    graph: GraphOption = None,
) -> None:
    """Show the quotes, speakers and dates behind an edge, or why there is none; of an entity alone, what is said of it.

    Exit code 1 if no claim says so.

    Example: `kg explain "Angela Merkel" spokeWith "Emmanuel Macron"`
    """
    from kg.explain import explain as explain_edge
    from kg.explain import explain_entity

    if relation is None:
        _print_lines(explain_entity(opened(graph), subject))
        return
    if object is None:
        raise typer.BadParameter("who is on the other side? Give SUBJECT RELATION OBJECT, or one name alone")
    found = explain_edge(opened(graph), subject, relation, object)
    _print_lines(str(found))
    if not (found.claims or found.edge):
        raise typer.Exit(NO)


def _print_lines(text: str) -> None:
    for line in text.splitlines():
        typer.echo(printable(line))
