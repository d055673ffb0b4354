"""`kg update`, the only command that changes a graph by SPARQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.failures import say
from kg.cli.options import GraphOption, graph_path
from kg.cli.output import counted
from kg.errors import BadQuery
from kg.progress import shown

STREAM = "-"


def update(
    change: Annotated[
        str, typer.Argument(metavar="UPDATE", help="A SPARQL update, a file with one (.ru or .rq), or - for stdin.")
    ],
    graph: GraphOption = None,
) -> None:
    """Change a graph by SPARQL, whole or not at all; a file is written anew, sorted.

    The next build derives its graph from the articles alone, without such changes. What shall last is a correction:
    see `kg same`, `kg rename`, `kg type`.

    Example: `kg update 'DELETE WHERE { ?who kg:rivalOf ?whom }' -g kg.ttl`
    """
    from kg.store.update import update as update_graph

    path = graph_path(graph)
    with shown() as progress:
        done = update_graph(path, _text(change), progress=progress)
    typer.echo(f"{counted(done.added, 'triple')} added, {done.removed} removed -> {path}", err=True)
    if done.derived and (done.added or done.removed):
        say("this graph is made from articles: the next `kg build` makes it anew, without this change")


def _text(change: str) -> str:
    if change == STREAM:
        return sys.stdin.read()
    if not change.endswith((".ru", ".rq")) or "\n" in change:
        return change
    try:
        return Path(change).read_text("utf-8-sig")
    except OSError as error:
        raise BadQuery(f"{change}: cannot be read ({error.strerror}); give a file or the update itself") from error
    except UnicodeDecodeError as error:
        raise BadQuery(f"{change}: not text in UTF-8; save it again in that encoding") from error
