"""What an analysis takes: a news graph, or a networkx graph that was made of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, Protocol, TypedDict, Unpack

import networkx as nx
import pandas as pd

from kg.errors import UnknownEntity

SEED = 1  # of what would else be random: the same graph gives the same table


class Span(TypedDict, total=False):
    """From when to when claims count, and how sure they must be; as in `NewsGraph.claims`."""

    since: str | dt.date | None
    until: str | dt.date | None
    min_confidence: float


class Choice(Span, total=False):
    """Which claims count, as in `NewsGraph.to_networkx`: by default all asserted ones."""

    relations: str | Iterable[str] | None
    modality: str | Iterable[str] | None
    inferred: bool


class News(Protocol):
    """What the analyses ask of a news graph; `kg.NewsGraph` is one."""

    @property
    def symmetric_relations(self) -> frozenset[str]:
        """The relations that hold both ways, by their local names."""
        ...

    def claims(
        self,
        *,
        relation: str | Iterable[str] | None = None,
        modality: str | Iterable[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """A row a claim."""
        ...

    def entities(self, *, kind: str | None = None) -> pd.DataFrame:
        """A row an entity."""
        ...

    def mentions(self) -> pd.DataFrame:
        """A row for each entity that an article mentions."""
        ...

    def iri(self, name: str) -> str:
        """The IRI of an entity by its name."""
        ...

    def to_networkx(
        self,
        relations: str | Iterable[str] | None = None,
        *,
        simple: bool = False,
        modality: str | Iterable[str] | None = "asserted",
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
        inferred: bool = False,
        symmetric: Literal["both", "once"] = "both",
    ) -> nx.MultiDiGraph | nx.Graph:
        """The claims as a networkx graph."""
        ...


def simple(graph: News | nx.Graph, **choice: Unpack[Choice]) -> nx.Graph:
    """The undirected graph to analyse: one edge for all that ties two actors, no loops, nodes and edges sorted.

    A networkx graph is taken as it is, but for its directions; parallel edges become one, their weights added up.

    >>> simple(nx.DiGraph([("b", "a"), ("a", "b")])).edges(data="weight")
    EdgeDataView([('a', 'b', 2)])
    """
    if not isinstance(graph, nx.Graph):
        return graph.to_networkx(**choice, simple=True)
    if choice:
        raise TypeError(f"{', '.join(choice)}: a networkx graph is taken whole; choose where it is made")
    found = nx.Graph()
    found.add_nodes_from(sorted(graph.nodes(data=True), key=lambda node: str(node[0])))
    for one, other, said in sorted(graph.edges(data=True), key=lambda edge: (str(edge[0]), str(edge[1]))):
        if one != other:
            one, other = sorted((one, other), key=str)
            weight = said.get("weight", 1) + found.get_edge_data(one, other, {}).get("weight", 0)
            found.add_edge(one, other, **{**said, "weight": weight})
    return found


def node_of(graph: News | nx.Graph, network: nx.Graph, name: str) -> str:
    """The node of that name; one that is not in the network has no edge of the kind asked for.

    Raises:
        UnknownEntity: there is none.
    """
    if name in network:
        return name
    if isinstance(graph, nx.Graph):
        raise UnknownEntity(f"the network has no node {name!r}")
    iri = graph.iri(name)
    found = [node for node, known in network.nodes(data="iri") if known == iri]
    if not found:
        raise UnknownEntity(
            f"{name} ({iri}): no claim of the kind asked for names it; take more relations or modalities in"
        )
    return str(found[0])


def described(network: nx.Graph, nodes: Iterable[str]) -> pd.DataFrame:
    """Name, class and IRI of nodes, by node; a node of another networkx graph is its own name."""
    known = [(node, network.nodes[node]) for node in nodes]
    return pd.DataFrame(
        {
            "name": pd.Series([str(node) for node, _ in known], dtype="str"),
            "class": pd.Categorical([about.get("class", "") for _, about in known]),
            "iri": pd.Series([about.get("iri", "") for _, about in known], dtype="str"),
        }
    )
