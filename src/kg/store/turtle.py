"""Turtle for people to read: fixed prefixes, sorted, a line a predicate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.store.layout import Block
from kg.store.terms import TYPE, XSD

LOCAL = r"(?:[A-Za-z0-9_/]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_./-]|%[0-9A-Fa-f]{2})*(?<!\.)"  # part of PN_LOCAL
BARE = re.compile(
    rf'"([+-]?[0-9]+)"\^\^<{XSD}integer>|"([+-]?[0-9]*\.[0-9]+)"\^\^<{XSD}decimal>'.encode()
)  # numbers that need no quotes
TRIPLE = re.compile(rb"<<\( (<[^>]*>) (<[^>]*>) (.*) \)>>", re.DOTALL)  # a triple term of RDF 1.2
A = TYPE.encode()
CLOSE = ord(">")
NEXT = b" ;\n    "  # between two predicates
KEPT = 1 << 17  # short forms kept at most

Name = Callable[[bytes], bytes]


def turtle(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Sorted lines of N-Triples as Turtle.

    >>> graph = [[f"<http://x.org/person/b> {TYPE} <http://x.org/Person> .\\n".encode()]]
    >>> print("".join(turtle(graph, {"x": "http://x.org/"})))
    @prefix x: <http://x.org/> .
    <BLANKLINE>
    x:person\\/b a x:Person .
    <BLANKLINE>
    """
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items())
    name = _name(prefixes)
    for pieces in _subjects(blocks, name):
        yield b"".join(pieces).decode()


def _subjects(blocks: Iterable[Block], name: Name) -> Iterator[list[bytes]]:
    """A piece a subject, in lists as long as the blocks; one plain loop, for it runs once a triple."""
    values, predicates = _Values(name), _Predicates(name)
    subject = predicate = b""
    types: list[bytes] = []
    rest: list[bytes] = []
    for block in blocks:
        pieces = []
        for line in block:
            s, p, tail = line.split(b" ", 2)
            value = values[tail] if tail[-4] == CLOSE else tail[:-3]
            if s != subject:
                pieces.append(_piece(subject, types, rest, name))
                subject, predicate, types, rest = s, b"", [], []
            if p == predicate:
                rest.append(b", " + value)
            elif p == A:
                types.append(value)
            else:
                predicate = p
                rest.append(predicates[p] + value)
        yield pieces
    yield [_piece(subject, types, rest, name)]


def _piece(subject: bytes, types: list[bytes], rest: list[bytes], name: Name) -> bytes:
    if not subject:
        return b""
    body = b"".join(rest)
    start = b" a " + b", ".join(types) + body if types else b" " + body[len(NEXT) :]
    return b"\n" + name(subject) + start + b" .\n"


class _Predicates(dict[bytes, bytes]):
    """What opens the line of a predicate, worked out once."""

    def __init__(self, name: Name) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, predicate: bytes) -> bytes:
        self[predicate] = NEXT + self.name(predicate) + b" "
        return self[predicate]


class _Values(dict[bytes, bytes]):
    """The shortest form of IRIs and of literals with a datatype, by the end of their line."""

    def __init__(self, name: Name) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, tail: bytes) -> bytes:
        if len(self) >= KEPT:
            self.clear()
        self[tail] = self.short(tail[:-3])
        return self[tail]

    def short(self, term: bytes) -> bytes:
        if triple := TRIPLE.fullmatch(term):
            return b"<<( " + b" ".join(map(self.short, triple.groups())) + b" )>>"
        if term.startswith(b'"') and term.endswith(b">"):
            bare = BARE.fullmatch(term)
            text, _, datatype = term.rpartition(b"^^")
            return bare[1] or bare[2] if bare else text + b"^^" + self.name(datatype)
        return self.name(term)


def _name(prefixes: Mapping[str, str]) -> Name:
    """What shortens an IRI by the longest namespace that begins it, if Turtle allows the rest as it is."""
    known = {namespace.encode(): f"{prefix}:".encode() for prefix, namespace in prefixes.items()}
    longest_first = b"|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    form = re.compile(b"<((?>" + longest_first + b"))(" + LOCAL.encode() + b")>")

    def name(term: bytes) -> bytes:
        found = form.fullmatch(term)
        return known[found[1]] + found[2].replace(b"/", b"\\/") if found else term

    return name
