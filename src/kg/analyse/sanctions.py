"""How near each actor stands to those under sanctions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Unpack

import networkx as nx
import pandas as pd

from kg.analyse.source import News, Span, described

SANCTIONED_BY = "sanctionedBy"
SANCTIONS = "sanctions"
RIVAL_OF = "rivalOf"


def exposure(
    graph: News, *, reach: int = 3, relations: str | Iterable[str] | None = None, **span: Unpack[Span]
) -> pd.DataFrame:
    """How near each actor stands to those under sanctions: a row an actor, the sanctioned first, then the nearest.

    `distance` counts the ties to the nearest sanctioned actor (0: it is sanctioned itself), `nearest` names that actor,
    `by` those who sanctioned it, `via` the actors on the way; `ties` counts the sanctioned actors next to the row's
    own. Only asserted claims count. `relations` are those that a way may take, by default all but sanctions and
    rivalries: who opposes the sanctioned is not near them. Who is farther than `reach` ties is left out.

    Source: one search from all the sanctioned at once, after Dijkstra (1959), A note on two problems in connexion with
    graphs. Numerische Mathematik 1, 269-271.

    Raises:
        UnknownTerm: no such relation.
    """
    imposed = _imposed(graph.to_networkx([SANCTIONED_BY, SANCTIONS], **span))
    apart = {SANCTIONED_BY, SANCTIONS} | ({RIVAL_OF} if relations is None else set())
    ties = _ties(graph.to_networkx(relations, **span, symmetric="once"), apart)
    ties.add_nodes_from(imposed.nodes(data=True))
    by = {node: sorted(imposed[node]) for node in imposed if imposed[node]}
    ways = nx.multi_source_dijkstra_path(ties, sorted(by), cutoff=reach, weight=None) if by else {}
    nodes = sorted(ways, key=lambda node: (len(ways[node]), -len(by.keys() & ties[node].keys()), node))
    about = described(ties, nodes)
    return pd.DataFrame(
        {
            "name": about["name"],
            "class": about["class"],
            "distance": pd.Series([len(ways[node]) - 1 for node in nodes], dtype="Int64"),
            "nearest": pd.Series([ways[node][0] for node in nodes], dtype="str"),
            "by": pd.Series([", ".join(by[ways[node][0]]) for node in nodes], dtype="str"),
            "via": pd.Series([" - ".join(ways[node][-2:0:-1]) for node in nodes], dtype="str"),
            "ties": pd.Series([len(by.keys() & ties[node].keys()) for node in nodes], dtype="Int64"),
            "iri": about["iri"],
        }
    )


def _imposed(edges: nx.MultiDiGraph) -> nx.DiGraph:
    """From each sanctioned actor to those who imposed it, however the claim put it."""
    found = nx.DiGraph()
    found.add_nodes_from(edges.nodes(data=True))
    for one, other, said in edges.edges(data=True):
        found.add_edge(*((other, one) if said["relation"] == SANCTIONS else (one, other)))
    return found


def _ties(edges: nx.MultiDiGraph, apart: Collection[str]) -> nx.Graph:
    """What ties two actors, but for the relations that keep them apart."""
    found = nx.Graph()
    found.add_nodes_from(edges.nodes(data=True))
    found.add_edges_from((one, other) for one, other, said in edges.edges(data=True) if said["relation"] not in apart)
    return found
