"""What a network of news tells: each function takes a graph and gives a table.

A graph is what `kg.build` and `kg.open` give; where only ties count, any networkx graph will do. Which claims count is
said as in `NewsGraph.to_networkx`: `relations`, `modality`, `since`, `until`, `min_confidence`. Actors who share a name
are told apart by their IRIs. The same graph gives the same table; what is alike is ordered by name.
"""

from kg.analyse.actors import brokers, central, communities
from kg.analyse.balance import balance, signed
from kg.analyse.network import network
from kg.analyse.paths import ego, path
from kg.analyse.reports import co_mentions, contradictions, over_time, sources
from kg.analyse.sanctions import exposure

__all__ = [
    "balance",
    "brokers",
    "central",
    "co_mentions",
    "communities",
    "contradictions",
    "ego",
    "exposure",
    "network",
    "over_time",
    "path",
    "signed",
    "sources",
]
