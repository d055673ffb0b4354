"""Structural balance: which triangles of allies and rivals are stable, which are tense."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Unpack

import networkx as nx
import pandas as pd

from kg.analyse.source import News, Span

ALLIES = ("allyOf",)
RIVALS = ("rivalOf",)


class Triangle(NamedTuple):
    """Three actors in alphabetical order and the signs of their ties: 1 for allies, -1 for rivals."""

    actors: tuple[str, str, str]
    signs: tuple[int, int, int]  # of the first and second, the first and third, the second and third

    @property
    def tense(self) -> bool:
        """Whether an odd number of the ties are rivalries."""
        return self.signs[0] * self.signs[1] * self.signs[2] < 0


def balance(
    graph: News | nx.Graph,
    *,
    allies: str | Iterable[str] = ALLIES,
    rivals: str | Iterable[str] = RIVALS,
    **span: Unpack[Span],
) -> pd.DataFrame:
    """The triangles of allies and rivals: a row each, the tense ones first.

    A triangle is stable where all three are allies or two allies share a rival; it is tense where two rivals share an
    ally or all three are rivals. Two actors of whom both is claimed are what more articles say, and neither if as many
    say either. `articles` is the number behind the weakest of the three ties. `table.attrs["balanced"]` is the share of
    stable triangles (nan where there are none). Of a networkx graph, the edge attribute `sign` (1 or -1) is taken.

    >>> feud = nx.Graph()
    >>> feud.add_edge("a", "b", sign=1), feud.add_edge("b", "c", sign=1), feud.add_edge("a", "c", sign=-1)
    (None, None, None)
    >>> balance(feud)[["state", "why"]].values.tolist()
    [['tense', 'b is an ally of both a and c, who are rivals']]

    Source: Heider (1946), Attitudes and cognitive organization. Journal of Psychology 21, 107-112. Cartwright & Harary
    (1956), Structural balance: a generalization of Heider's theory. Psychological Review 63, 277-293.
    """
    network = graph if isinstance(graph, nx.Graph) else signed(graph, allies=allies, rivals=rivals, **span)
    found = sorted(_triangles(network), key=lambda t: (not t.tense, -_weakest(network, t), t.actors))
    table = pd.DataFrame(
        {
            **{f"actor_{n + 1}": pd.Series([t.actors[n] for t in found], dtype="str") for n in range(3)},
            "state": pd.Categorical(["tense" if t.tense else "stable" for t in found], categories=["stable", "tense"]),
            "rivalries": pd.Series([t.signs.count(-1) for t in found], dtype="Int64"),
            "articles": pd.Series([_weakest(network, t) for t in found], dtype="Int64"),
            "why": pd.Series([_why(t) for t in found], dtype="str"),
        }
    )
    tense = sum(t.tense for t in found)
    table.attrs["balanced"] = round(1 - tense / len(found), 4) if found else math.nan
    return table


def signed(
    graph: News, *, allies: str | Iterable[str] = ALLIES, rivals: str | Iterable[str] = RIVALS, **span: Unpack[Span]
) -> nx.Graph:
    """The network of allies and rivals; the edge attribute `sign` is 1 or -1, `weight` counts the articles behind it.

    Raises:
        UnknownTerm: no such relation.
    """
    friends = graph.to_networkx(allies, simple=True, **span)
    foes = graph.to_networkx(rivals, simple=True, **span)
    found = nx.Graph()
    found.add_nodes_from(sorted({**dict(friends.nodes(data=True)), **dict(foes.nodes(data=True))}.items()))
    for one, other in sorted({tuple(sorted(edge)) for edge in (*friends.edges, *foes.edges)}):
        weights = [network.get_edge_data(one, other, {"weight": 0})["weight"] for network in (friends, foes)]
        if weights[0] != weights[1]:
            found.add_edge(one, other, sign=1 if weights[0] > weights[1] else -1, weight=max(weights))
    return found


def _triangles(network: nx.Graph) -> Iterator[Triangle]:
    for one, other in network.edges:
        one, other = sorted((one, other))
        for third in network[one].keys() & network[other].keys():
            if third > other:  # each triangle once, from its two first actors
                signs = (network[a][b]["sign"] for a, b in ((one, other), (one, third), (other, third)))
                first, second, last = signs
                yield Triangle((one, other, third), (first, second, last))


def _weakest(network: nx.Graph, triangle: Triangle) -> int:
    a, b, c = triangle.actors
    return min(int(network[one][other].get("weight", 1)) for one, other in ((a, b), (a, c), (b, c)))


def _why(triangle: Triangle) -> str:
    """The triangle in words."""
    a, b, c = triangle.actors
    rivalries = triangle.signs.count(-1)
    if rivalries in (0, 3):
        return f"{a}, {b} and {c} are all {'rivals' if rivalries else 'allies'}"
    odd = triangle.signs.index(-1 if rivalries == 1 else 1)
    one, other, third = ((a, b, c), (a, c, b), (b, c, a))[odd]
    if rivalries == 1:
        return f"{third} is an ally of both {one} and {other}, who are rivals"
    return f"{one} and {other} are allies and share the rival {third}"
