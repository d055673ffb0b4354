"""Turtle for people to read: fixed prefixes, sorted, a line a predicate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kg.model import Triple
from kg.store.layout import by_subject
from kg.store.terms import TYPE, XSD

LOCAL = re.compile(r"(?:[A-Za-z0-9_/]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_./-]|%[0-9A-Fa-f]{2})*(?<!\.)")  # part of PN_LOCAL
BARE = re.compile(rf'"([+-]?[0-9]+)"\^\^<{XSD}integer>|"([+-]?[0-9]*\.[0-9]+)"\^\^<{XSD}decimal>')


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Sorted triples as Turtle, a piece a subject.

    >>> graph = [Triple("<http://x.org/person/b>", TYPE, "<http://x.org/Person>")]
    >>> print("".join(turtle(graph, {"x": "http://x.org/"})))
    @prefix x: <http://x.org/> .
    <BLANKLINE>
    x:person\\/b a x:Person .
    <BLANKLINE>
    """
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items())
    short = _Short(prefixes)
    for subject, objects in by_subject(triples):
        body = " ;\n    ".join([f"{short[p]} {', '.join([short[o] for o in values])}" for p, values in objects.items()])
        yield f"\n{short[subject]} {body} .\n"


class _Short(dict[str, str]):
    """The shortest Turtle form of each term, worked out once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__({TYPE: "a"})
        longest_first = sorted(prefixes.items(), key=lambda item: len(item[1]), reverse=True)
        self.namespaces = [(f"<{namespace}", prefix) for prefix, namespace in longest_first]

    def __missing__(self, term: str) -> str:
        if term[0] == "<":
            self[term] = self._name(term)
            return self[term]
        return self._literal(term) if term[-1] == ">" else term  # literals are many and seldom the same

    def _name(self, iri: str) -> str:
        for namespace, prefix in self.namespaces:
            if iri.startswith(namespace):
                local = iri[len(namespace) : -1]
                return f"{prefix}:{local.replace('/', chr(92) + '/')}" if LOCAL.fullmatch(local) else iri
        return iri

    def _literal(self, term: str) -> str:
        bare = BARE.fullmatch(term)
        if bare:
            return bare[1] or bare[2]
        text, _, datatype = term.rpartition("^^")
        return f"{text}^^{self[datatype]}"
