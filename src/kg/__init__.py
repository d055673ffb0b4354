"""A knowledge graph from news articles: who leads, meets, rivals, backs and sanctions whom, and who says so.

import kg

graph = kg.build("articles/")                # or kg.open("kg.ttl")
graph.query("leaders", country="Belarus")    # a DataFrame
graph.claims(relation="spokeWith")           # a DataFrame: quotes, speakers, modality, dates
kg.analyse.central(graph)                    # a DataFrame: who is tied to whom, and how much depends on them
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg import analyse
    from kg.door import NewsGraph, build, open

__all__ = ["NewsGraph", "__version__", "analyse", "build", "open"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load the Python door when it is first used; importing `kg` is free."""
    if name == "analyse":
        return import_module("kg.analyse")
    if name in __all__:
        return getattr(import_module("kg.door"), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}; it offers {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
