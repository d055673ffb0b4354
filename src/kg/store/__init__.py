"""Triples in memory, in files, in Oxigraph stores and on SPARQL servers; the one place that knows graph formats."""

from typing import TYPE_CHECKING

from kg.store.graph import Graph, open_graph
from kg.store.terms import PREFIXES, Kind, Rows, Stream, Term, Value

if TYPE_CHECKING:
    from kg.store.writing import export, write

__all__ = ["PREFIXES", "Graph", "Kind", "Rows", "Stream", "Term", "Value", "export", "open_graph", "write"]


def __getattr__(name: str) -> object:
    """`export` and `write`, loaded when asked for: a query needs no writers."""
    if name in ("export", "write"):
        from kg.store import writing

        return getattr(writing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
