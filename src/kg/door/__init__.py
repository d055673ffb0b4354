"""The Python door: build or open a graph, ask it, get pandas tables, networkx graphs and pictures."""

from kg.door.building import build, open
from kg.door.graph import NewsGraph

__all__ = ["NewsGraph", "build", "open"]
