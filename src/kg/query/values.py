"""What the values of parameters mean: terms for a query, in N-Triples syntax."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.errors import BadQuery, UnknownTerm
from kg.model import Modality
from kg.ontology import KG, Ontology, Relation, load_ontology
from kg.query.names import resolve_entity
from kg.query.saved import Parameter, ParameterType, SavedQuery, saved_queries
from kg.query.terms import as_iri, local_name
from kg.store import Graph, Term

EVERY = "every"  # relation: those of the ontology and of the graph's claims, one by one


class Bound(NamedTuple):
    """A query with the terms of its parameters: those of one value, and those that stand for several."""

    text: str
    bindings: Mapping[str, str]


def bound(graph: Graph, query: SavedQuery, values: Mapping[str, str], ontology: Ontology | None = None) -> Bound:
    """The query with its parameters given values, or the defaults.

    Raises:
        BadQuery: no such parameter, or a value that does not fit.
        UnknownEntity: a parameter names no entity of the graph, or several alike.
        UnknownTerm: a parameter names no relation of the ontology.
    """
    text, bindings = query.text, {}
    for parameter, value in _given(query, values):
        terms = _terms(graph, parameter, value, ontology)
        anything = f"VALUES ?{parameter.name} {{ UNDEF }}"
        if anything in text:
            text = text.replace(anything, f"VALUES ?{parameter.name} {{ {' '.join(terms)} }}")
        else:
            bindings[parameter.name] = terms[0]
    return Bound(text, bindings)


def _given(query: SavedQuery, values: Mapping[str, str]) -> Iterator[tuple[Parameter, str]]:
    """The parameters that have a value, with it: the one that is given, else the default."""
    declared = {parameter.name: parameter for parameter in query.parameters}
    if not declared and saved_queries().get(query.name) is not query:
        declared = {name: Parameter(name=name, type=ParameterType.ENTITY) for name in values}
    for name in values:
        if name not in declared:
            known = f"it takes {', '.join(declared)}" if declared else "it takes none"
            raise BadQuery(f"{query.name} has no parameter {name!r}; {known}")
    for name, parameter in declared.items():
        value = values.get(name, parameter.default)
        if value:
            yield parameter, value
        elif parameter.required:
            raise BadQuery(f"{query.name} needs {name}, {parameter.description}: give it with -p {name}=...")


def _terms(graph: Graph, parameter: Parameter, value: str, ontology: Ontology | None) -> Sequence[str]:
    """The terms that a value means, in N-Triples syntax."""
    try:
        return TERMS[parameter.type](graph, value, ontology)
    except BadQuery as error:
        raise BadQuery(f"{parameter.name}: {error}") from error


def _entity_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    return (Term.iri(resolve_entity(graph, value)).n3,)


def _relation_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    if value == EVERY:
        known = {relation.iri for relation in (ontology or load_ontology()).relations.values()}
        return [Term.iri(iri).n3 for iri in sorted(known | {str(row[0]) for row in graph.select(USED)})]
    return [Term.iri(relation.iri).n3 for relation in relations_meant(graph, value, ontology)]


def _text_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadQuery(f"{value!r} is no text in Unicode") from error
    return (Term.literal(value).n3,)


def _date_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        return (Term.literal(dt.date.fromisoformat(value)).n3,)
    except ValueError as error:
        raise BadQuery(f"{value!r} is no date; write it like 2020-08-15") from error


def _integer_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        return (Term.literal(int(value)).n3,)
    except ValueError as error:
        raise BadQuery(f"{value!r} is no whole number") from error


def _modality_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        modality = Modality(value.strip().lower())
    except ValueError as error:
        raise BadQuery(f"{value!r} is no modality; known: {', '.join(Modality)}") from error
    return (Term.iri(getattr(KG, modality.capitalize())).n3,)


TERMS: Mapping[ParameterType, Callable[[Graph, str, Ontology | None], Sequence[str]]] = {
    ParameterType.ENTITY: _entity_terms,
    ParameterType.RELATION: _relation_terms,
    ParameterType.TEXT: _text_terms,
    ParameterType.DATE: _date_terms,
    ParameterType.INTEGER: _integer_terms,
    ParameterType.MODALITY: _modality_terms,
}


USED = "SELECT DISTINCT ?relation WHERE { ?claim rdf:predicate ?relation }"


def relations_meant(graph: Graph, name: str, ontology: Ontology | None = None) -> tuple[Relation, ...]:
    """The relation of that name, then those below it; one that only the graph knows will do, too.

    >>> [relation.name for relation in relations_meant(Graph.of([]), "spoke-with")]
    ['spokeWith', 'metWith']

    Raises:
        UnknownTerm: neither the ontology nor the graph has such a relation.
    """
    known = ontology or load_ontology()
    iri = as_iri(name, graph.prefixes)
    try:
        relation = known.relation(iri or name)
    except UnknownTerm:
        used = [iri] if iri else (str(row[0]) for row in graph.select(USED))
        for each in used:
            if iri or _squeezed(local_name(each)) == _squeezed(name):
                return (relation_of(each, known),)
        raise
    below = (r for r in known.relations.values() if r != relation and relation.name in known.ancestors(r.name))
    return (relation, *sorted(below, key=lambda r: r.name))


def relation_of(iri: str, ontology: Ontology) -> Relation:
    """The relation of that IRI; one that the ontology does not know is named after it.

    >>> relation_of("https://example.org/boughtFrom", load_ontology()).label
    'bought from'
    """
    name = local_name(iri)
    known = ontology.relations.get(name)
    if known and known.iri == iri:
        return known
    return Relation(name=name, iri=iri, label=re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _squeezed(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()
