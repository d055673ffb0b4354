"""Triples in memory, in files and in Oxigraph stores; the one place that knows graph formats."""

from kg.store.graph import Graph, open_graph
from kg.store.terms import PREFIXES, Kind, Rows, Stream, Term, Value
from kg.store.write import export, write

__all__ = ["PREFIXES", "Graph", "Kind", "Rows", "Stream", "Term", "Value", "export", "open_graph", "write"]
