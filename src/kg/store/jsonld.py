"""JSON-LD with a context of prefixes and a line a subject."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.errors import OutputFailed
from kg.model import Triple
from kg.store.layout import Block, by_subject, lines
from kg.store.terms import TYPE, XSD, Kind, Term, from_ox

INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what JSON numbers keep exactly

Json = str | int | dict[str, str]


def jsonld(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Sorted lines of N-Triples as JSON-LD, a piece a subject.

    >>> line = b'<http://x.org/b> <http://x.org/age> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .\\n'
    >>> print("".join(jsonld([[line]], {"x": "http://x.org/"})))
    {"@context": {
    "x": {"@id": "http://x.org/", "@prefix": true}
    }, "@graph": [
    {"@id": "x:b", "x:age": 7}
    ]}
    <BLANKLINE>
    """
    context = [f"{_dump(p)}: {_dump({'@id': namespace, '@prefix': True})}" for p, namespace in prefixes.items()]
    yield '{"@context": {\n' + ",\n".join(context) + '\n}, "@graph": ['
    separator = "\n"
    short = _Short(prefixes)
    for subject, objects in by_subject(blocks):
        yield separator + _dump(_node(subject, objects, short))
        separator = ",\n"
    yield "\n]}\n"


def _node(subject: str, objects: Mapping[str, list[str]], short: _Short) -> dict[str, object]:
    node: dict[str, object] = {"@id": short[subject.removeprefix("<").removesuffix(">")]}
    for predicate, values in objects.items():
        found: list[Json] = [_value(term, short) for term in _terms(values)]
        if predicate == TYPE:
            found = [short[value[1:-1]] for value in values]
        node["@type" if predicate == TYPE else short[predicate[1:-1]]] = found[0] if len(found) == 1 else found
    return node


def _terms(values: Iterable[str]) -> Iterator[Term]:
    text = "".join(lines(Triple("<a:>", "<a:>", value) for value in values))
    for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
        term = from_ox(quad.object)
        if term is not None:
            yield term


def _value(term: Term, short: _Short) -> Json:
    if term.kind is Kind.TRIPLE:
        raise OutputFailed("JSON-LD cannot hold triple terms; write .ttl, .trig, .nt, .nq or .rdf")
    if term.kind is Kind.BLANK:
        return {"@id": f"_:{term.value}"}
    if term.kind is Kind.IRI:
        return {"@id": short[term.value]}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype == XSD + "integer" and INTEGER.fullmatch(term.value):
        return int(term.value)
    return {"@value": term.value, "@type": short[term.datatype]} if term.datatype else term.value


class _Short(dict[str, str]):
    """IRIs with their prefixes put for their namespaces."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self.namespaces = sorted(((n, p) for p, n in prefixes.items()), key=lambda item: len(item[0]), reverse=True)

    def __missing__(self, iri: str) -> str:
        found = next(((n, p) for n, p in self.namespaces if iri.startswith(n)), None)
        local = iri[len(found[0]) :] if found else ""
        self[iri] = f"{found[1]}:{local}" if found and not local.startswith("//") else iri
        return self[iri]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
