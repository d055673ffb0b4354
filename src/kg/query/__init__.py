"""Questions to a graph: saved queries with parameters, queries in files, SPARQL as typed."""

from kg.query.names import fold, resolve_entity
from kg.query.rows import WRITERS, cells, rows_to
from kg.query.run import Answer, run, stream
from kg.query.saved import Parameter, ParameterType, SavedQuery, find_query, read_query, saved_queries
from kg.query.terms import as_iri, local_name, shorten
from kg.query.values import relation_of, relations_meant

__all__ = [
    "WRITERS",
    "Answer",
    "Parameter",
    "ParameterType",
    "SavedQuery",
    "as_iri",
    "cells",
    "find_query",
    "fold",
    "local_name",
    "read_query",
    "relation_of",
    "relations_meant",
    "resolve_entity",
    "rows_to",
    "run",
    "saved_queries",
    "shorten",
    "stream",
]
