"""From one actor to others: the shortest way with its quotes, the neighbourhood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Unpack

import networkx as nx
import pandas as pd

from kg.analyse.source import Choice, News, node_of, simple

DATE = "datetime64[s]"
STEP = ("relation", "modality", "articles", "first", "last", "confidence", "quote", "article")


def path(graph: News, start: str, end: str, /, **choice: Unpack[Choice]) -> pd.DataFrame:
    """The shortest way from one actor to another, with the quotes along it: a row for each relation of each step.

    Of ways of the same length the one that more articles tell is taken. `from` and `to` follow the way, `subject` and
    `object` the relation (a symmetric one in alphabetical order). Without a way, the table is empty.

    Source: Dijkstra (1959), A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.

    Raises:
        UnknownEntity: a name that no entity bears, or that no claim of the kind asked for names.
    """
    network = simple(graph, **choice)
    ends = node_of(graph, network, start), node_of(graph, network, end)
    try:
        nodes = nx.dijkstra_path(network, *ends, weight=_length(network))
    except nx.NetworkXNoPath:
        nodes = []
    edges = graph.to_networkx(**choice, symmetric="once")
    rows = [
        (number, one, other, subject, target, said)
        for number, (one, other) in enumerate(pairwise(nodes), start=1)
        for subject, target, said in _between(edges, one, other)
    ]
    table = pd.DataFrame(
        {
            "step": pd.Series([row[0] for row in rows], dtype="Int64"),
            "from": pd.Series([row[1] for row in rows], dtype="str"),
            "to": pd.Series([row[2] for row in rows], dtype="str"),
            "subject": pd.Series([row[3] for row in rows], dtype="str"),
        }
    )
    said = _said([row[5] for row in rows])
    table = pd.concat([table, said], axis="columns")
    table.insert(5, "object", pd.Series([row[4] for row in rows], dtype="str"))
    return table


def _length(network: nx.Graph) -> Callable[[str, str, dict[str, float]], float]:
    """Steps first, then the articles behind them: the second part of all steps together is less than a step."""
    share = 1 / (len(network) + 1)
    return lambda one, other, said: 1 + share / said.get("weight", 1)


def _between(edges: nx.MultiDiGraph, one: str, other: str) -> list[tuple[str, str, dict[str, object]]]:
    """What is said between two actors, the relation that most articles tell first."""
    there = [(one, other, said) for said in (edges.get_edge_data(one, other) or {}).values()]
    back = [(other, one, said) for said in (edges.get_edge_data(other, one) or {}).values()]
    return sorted(
        there + back, key=lambda edge: (-edge[2]["weight"], edge[2]["relation"], edge[0], edge[2]["modality"])
    )


def _said(edges: Sequence[dict[str, object]]) -> pd.DataFrame:
    """The attributes of edges as columns."""
    columns = {name: [edge["weight" if name == "articles" else name] for edge in edges] for name in STEP}
    table = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    for name in ("relation", "modality"):
        table[name] = pd.Categorical(table[name])
    for name in ("first", "last"):
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%d", errors="coerce").astype(DATE)
    table["articles"] = pd.Series(columns["articles"], dtype="Int64")
    table["confidence"] = pd.Series(columns["confidence"], dtype=float)
    return table


def ego(graph: News, name: str, /, *, hops: int = 1, **choice: Unpack[Choice]) -> pd.DataFrame:
    """The network around an actor: a row for each relation between two actors at most `hops` steps from it.

    `distance` is that of the nearer end. The edges among the neighbours are there too.

    Source: Wasserman & Faust (1994), Social Network Analysis. Cambridge University Press, section 2.3.

    Raises:
        UnknownEntity: a name that no entity bears, or that no claim of the kind asked for names.
    """
    network = simple(graph, **choice)
    distance = nx.single_source_shortest_path_length(network, node_of(graph, network, name), cutoff=hops)
    edges = graph.to_networkx(**choice, symmetric="once").subgraph(distance)
    rows = sorted(
        ((min(distance[one], distance[other]), one, other, said) for one, other, said in edges.edges(data=True)),
        key=lambda row: (row[0], -row[3]["weight"], row[1], row[2], row[3]["relation"], row[3]["modality"]),
    )
    ends = pd.DataFrame(
        {
            "distance": pd.Series([row[0] for row in rows], dtype="Int64"),
            "subject": pd.Series([row[1] for row in rows], dtype="str"),
            "object": pd.Series([row[2] for row in rows], dtype="str"),
        }
    )
    table = pd.concat([ends, _said([row[3] for row in rows])], axis="columns")
    table.insert(2, "relation", table.pop("relation"))
    return table
