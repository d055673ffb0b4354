"""Who stands where in a network: the central, the brokers, the blocs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Unpack

import networkx as nx
import numpy as np
import pandas as pd

from kg.analyse.source import SEED, Choice, News, described, simple

DAMPING = 0.85  # Brin & Page's
PRECISE = 1e-10
ROUNDS = 1000
EXACT = 500  # nodes up to which betweenness is exact; 2,000 nodes with 12,000 edges take half a minute
PIVOTS = 100


def central(graph: News | nx.Graph, *, limit: int | None = None, **choice: Unpack[Choice]) -> pd.DataFrame:
    """Who is central: a row an actor, the one with the most neighbours first.

    `degree` counts the actors tied to it, `strength` the articles behind these ties, `betweenness` is the share of
    shortest paths that lead over it, `pagerank` the chance to meet it on a walk that follows the ties by their weight.
    Above 500 actors betweenness is estimated from 100 of them.

    >>> central(nx.star_graph(["hub", "a", "b"]))[["name", "degree", "betweenness"]].values.tolist()
    [['hub', 2, 1.0], ['a', 1, 0.0], ['b', 1, 0.0]]

    Source: Freeman (1978), Centrality in social networks: conceptual clarification. Social Networks 1, 215-239.
    Brandes & Pich (2007), Centrality estimation in large networks. Int. J. Bifurcation and Chaos 17, 2303-2318.
    Page, Brin, Motwani & Winograd (1999), The PageRank citation ranking. Stanford InfoLab.
    """
    network = simple(graph, **choice)
    nodes = list(network)
    pivots = None if len(nodes) <= EXACT else PIVOTS
    between = nx.betweenness_centrality(network, k=pivots, seed=SEED)
    about = described(network, nodes)
    table = pd.DataFrame(
        {
            "name": about["name"],
            "class": about["class"],
            "degree": pd.Series([network.degree(node) for node in nodes], dtype="Int64"),
            "strength": pd.Series([network.degree(node, weight="weight") for node in nodes], dtype="Int64"),
            "betweenness": pd.Series([between[node] for node in nodes], dtype=float),
            "pagerank": pd.Series(_pagerank(network, nodes), dtype=float),
            "iri": about["iri"],
        }
    )
    order = table.assign(exact=table["betweenness"].round(12)).sort_values(
        ["degree", "strength", "exact", "name"], ascending=[False, False, False, True]
    )
    return table.loc[order.index].head(len(table) if limit is None else limit).reset_index(drop=True)


def _pagerank(network: nx.Graph, nodes: list[str]) -> np.ndarray:
    """PageRank by the power method; networkx would ask for SciPy."""
    size = len(nodes)
    if not size:
        return np.zeros(0)
    place = {node: number for number, node in enumerate(nodes)}
    ends = [(place[a], place[b], w) for a, b, w in network.edges(data="weight", default=1)]
    one, other, weight = (np.array(column) for column in zip(*ends, strict=True)) if ends else (np.zeros(0, int),) * 3
    source, target, share = np.r_[one, other], np.r_[other, one], np.r_[weight, weight].astype(float)
    strength = np.bincount(source, share, minlength=size)
    share /= strength[source]
    rank = np.full(size, 1 / size)
    for _ in range(ROUNDS):
        alone = rank[strength == 0].sum()
        new = (1 - DAMPING + DAMPING * alone) / size + DAMPING * np.bincount(target, rank[source] * share, size)
        done, rank = np.abs(new - rank).sum() < PRECISE, new
        if done:
            break
    return np.asarray(rank)


def communities(
    graph: News | nx.Graph, *, resolution: float = 1.0, seed: int = SEED, **choice: Unpack[Choice]
) -> pd.DataFrame:
    """Blocs that hang together more than chance would have it: a row an actor, the largest bloc first.

    `community` numbers the blocs, `around` names the best connected actor of each, `inside` counts an actor's ties
    within its bloc, `degree` all. `table.attrs["modularity"]` says how far the blocs stand apart: 0 as by chance, 1
    wholly. A higher `resolution` gives more and smaller blocs.

    >>> table = communities(nx.Graph([("a", "b"), ("b", "c"), ("a", "c"), ("d", "e")]))
    >>> table[["community", "name"]].values.tolist()
    [[1, 'a'], [1, 'b'], [1, 'c'], [2, 'd'], [2, 'e']]

    Source: Blondel, Guillaume, Lambiotte & Lefebvre (2008), Fast unfolding of communities in large networks. Journal of
    Statistical Mechanics, P10008.
    """
    network = simple(graph, **choice)
    found = _blocs(network, resolution=resolution, seed=seed)
    rows = [
        (number, len(bloc), _ordered(network, bloc)[0], node, sum(1 for other in network[node] if other in bloc))
        for number, bloc in enumerate(found, start=1)
        for node in _ordered(network, bloc)
    ]
    nodes = [row[3] for row in rows]
    about = described(network, nodes)
    table = pd.DataFrame(
        {
            "community": pd.Series([row[0] for row in rows], dtype="Int64"),
            "size": pd.Series([row[1] for row in rows], dtype="Int64"),
            "around": pd.Series([str(row[2]) for row in rows], dtype="str"),
            "name": about["name"],
            "class": about["class"],
            "inside": pd.Series([row[4] for row in rows], dtype="Int64"),
            "degree": pd.Series([network.degree(node) for node in nodes], dtype="Int64"),
            "iri": about["iri"],
        }
    )
    table.attrs["modularity"] = round(nx.community.modularity(network, found), 4) if network.size() else 0.0
    return table


def _blocs(network: nx.Graph, *, resolution: float, seed: int) -> list[set[str]]:
    """The blocs, the largest first, of those alike the alphabetically first."""
    if not network.size():
        return [{node} for node in network]
    found = nx.community.louvain_communities(network, weight="weight", resolution=resolution, seed=seed)
    return sorted(found, key=lambda bloc: (-len(bloc), min(map(str, bloc))))


def _ordered(network: nx.Graph, nodes: set[str]) -> list[str]:
    return sorted(nodes, key=lambda node: (-network.degree(node), str(node)))


# ---------------------------------------------------------------- brokers

ROLES = ("coordinator", "gatekeeper", "itinerant", "liaison")


def brokers(
    graph: News | nx.Graph,
    *,
    blocs: Mapping[str, str] | str | None = None,
    limit: int | None = None,
    **choice: Unpack[Choice],
) -> pd.DataFrame:
    """Who stands between blocs: a row an actor that ties two others who are not tied to each other.

    A pair of such neighbours counts for one role: `coordinator` (all three in one bloc), `gatekeeper` (the broker and
    one of the two are; without direction that is Gould and Fernandez' representative too), `itinerant` (the two are,
    the broker is not), `liaison` (three blocs). `between` is the sum of those that cross blocs. `constraint` is low for
    who is not hemmed in by ties among its neighbours. `blocs` says who belongs where: a mapping from names, "class" for
    the class of each actor, or nothing for the blocs that `communities` finds.

    >>> path = nx.Graph([("a", "b"), ("b", "c")])
    >>> brokers(path, blocs={"a": "red", "b": "red", "c": "blue"})[["name", "gatekeeper"]].values.tolist()
    [['b', 1]]

    Source: Gould & Fernandez (1989), Structures of mediation: a formal approach to brokerage in transaction networks.
    Sociological Methodology 19, 89-126. Burt (1992), Structural Holes. Harvard University Press.
    """
    network = simple(graph, **choice)
    bloc = _belonging(network, blocs)
    counted = {node: _roles(network, node, bloc) for node in network}
    nodes = sorted(
        (node for node, roles in counted.items() if roles.total()),
        key=lambda node: (counted[node]["coordinator"] - counted[node].total(), -counted[node].total(), str(node)),
    )[:limit]
    constraint = nx.constraint(network, nodes) if nodes else {}
    about = described(network, nodes)
    return pd.DataFrame(
        {
            "name": about["name"],
            "class": about["class"],
            "bloc": pd.Series([bloc[node] for node in nodes], dtype="str"),
            "between": pd.Series([counted[n].total() - counted[n]["coordinator"] for n in nodes], dtype="Int64"),
            **{role: pd.Series([counted[node][role] for node in nodes], dtype="Int64") for role in ROLES},
            "constraint": pd.Series([constraint[node] for node in nodes], dtype=float),
            "iri": about["iri"],
        }
    )


def _belonging(network: nx.Graph, blocs: Mapping[str, str] | str | None) -> dict[str, str]:
    """The bloc of each node; one that a mapping leaves out is a bloc of its own."""
    if blocs == "class":
        return {node: str(kind) for node, kind in network.nodes(data="class", default="")}
    if isinstance(blocs, str):
        raise ValueError(f"blocs={blocs!r}: say 'class', give a mapping from names to blocs, or leave it out")
    if blocs is not None:
        return {node: str(blocs.get(node, node)) for node in network}
    found = _blocs(network, resolution=1.0, seed=SEED)
    return {node: str(_ordered(network, bloc)[0]) for bloc in found for node in bloc}


def _roles(network: nx.Graph, broker: str, bloc: Mapping[str, str]) -> Counter[str]:
    """The pairs of neighbours that are not tied, by the role that the broker has between them."""
    pairs = _pairs(bloc, network[broker])
    for one in network[broker]:
        for other in network[one].keys() & network[broker].keys():
            if str(one) < str(other):
                pairs[_pair(bloc[one], bloc[other])] -= 1
    roles = Counter[str]()
    for (one, other), number in pairs.items():
        roles[_role(bloc[broker], one, other)] += number
    return roles


def _pairs(bloc: Mapping[str, str], nodes: Mapping[str, object]) -> Counter[tuple[str, str]]:
    """How many pairs of nodes there are for each two blocs."""
    sizes = defaultdict[str, int](int)
    for node in nodes:
        sizes[bloc[node]] += 1
    within = {(name, name): size * (size - 1) // 2 for name, size in sizes.items()}
    across = {_pair(one, other): sizes[one] * sizes[other] for one, other in combinations(sizes, 2)}
    return Counter({**within, **across})


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _role(own: str, one: str, other: str) -> str:
    if one == other:
        return "coordinator" if own == one else "itinerant"
    return "gatekeeper" if own in (one, other) else "liaison"
