"""Options that several commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.store import Graph

GRAPH = "kg.ttl"
VARIABLE = "KG_GRAPH"

GraphOption = Annotated[
    str | None,
    typer.Option(
        "--graph",
        "-g",
        metavar="GRAPH",
        help=f"The graph: a file, a store's folder or a SPARQL server's address. Default: {GRAPH}, else ${VARIABLE}.",
    ),
]


def graph_path(given: str | None) -> str:
    """The graph that is meant: the one given, `kg.ttl` in this folder, or what $KG_GRAPH names."""
    if given:
        return given
    return GRAPH if Path(GRAPH).exists() else os.environ.get(VARIABLE) or GRAPH


def opened(given: str | None) -> Graph:
    """That graph, opened."""
    from kg.store import open_graph

    return open_graph(graph_path(given))
