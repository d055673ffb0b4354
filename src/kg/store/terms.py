"""RDF terms and prefixes as the rest of `kg` sees them: values, without a library behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

import pyoxigraph as ox

from kg.ontology import BASE, NAMESPACE

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"<{RDF}type>"
STRING = XSD + "string"

PREFIXES: Mapping[str, str] = {  # in the order in which a Turtle file declares them
    "kg": NAMESPACE,
    "id": BASE,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": XSD,
    "owl": "http://www.w3.org/2002/07/owl#",
    "wd": "http://www.wikidata.org/entity/",
}

Value = str | int | float | bool | Decimal | dt.date | dt.datetime


class Kind(StrEnum):
    """What a term is."""

    IRI = "iri"
    BLANK = "blank"
    LITERAL = "literal"
    TRIPLE = "triple"  # of RDF 1.2: what is said, quoted; its value is its N-Triples form


class Term(NamedTuple):
    """An RDF term; `str(term)` is its plain text, `term.n3` its N-Triples form, `term.python` a Python value.

    >>> Term("Minsk", Kind.LITERAL, language="en").n3
    '"Minsk"@en'
    >>> Term.literal(0.5).n3
    '"0.5"^^<http://www.w3.org/2001/XMLSchema#double>'
    """

    value: str
    kind: Kind = Kind.IRI
    language: str | None = None
    datatype: str | None = None  # None: xsd:string or, with a language, rdf:langString

    @classmethod
    def iri(cls, value: str) -> Term:
        """An IRI.

        >>> Term.iri("https://example.org/a").n3
        '<https://example.org/a>'
        """
        return cls(value)

    @classmethod
    def literal(cls, value: Value, *, language: str | None = None) -> Term:
        """A literal of the datatype that fits the value.

        >>> Term.literal("Minsk", language="en").language
        'en'
        """
        name = next((name for types, name in DATATYPES if isinstance(value, types)), None)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, dt.datetime):
            text = value.isoformat()
        return cls(text, Kind.LITERAL, language, XSD + name if name else None)

    @property
    def n3(self) -> str:
        """The term in N-Triples syntax.

        >>> Term.literal(7).n3
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
        """
        return self.value if self.kind is Kind.TRIPLE else str(_to_ox(self))

    @property
    def python(self) -> Value:
        """The value as Python has it; the text where its datatype is unknown or does not fit.

        >>> Term("0.93", Kind.LITERAL, datatype=XSD + "decimal").python
        Decimal('0.93')
        """
        convert = CONVERTERS.get(self.datatype or "")
        try:
            return convert(self.value) if convert else self.value
        except (ValueError, InvalidOperation):
            return self.value

    def __str__(self) -> str:
        return self.value


DATATYPES: tuple[tuple[type, str], ...] = (  # the first that fits: bool is an int, datetime a date
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (float, "double"),
    (dt.datetime, "dateTime"),
    (dt.date, "date"),
)

CONVERTERS: Mapping[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "int": int,
    XSD + "long": int,
    XSD + "nonNegativeInteger": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "date": dt.date.fromisoformat,
    XSD + "dateTime": dt.datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT query: names of columns, and a tuple of terms (None: unbound) for each row.

    >>> rows = Rows(("n",), ((Term.literal(2),),))
    >>> len(rows), [row[0].value for row in rows], list(rows.values())
    (1, ['2'], [(2,)])
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)

    def values(self) -> Iterator[tuple[Value | None, ...]]:
        """The rows as Python values."""
        return (tuple(None if term is None else term.python for term in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Stream:
    """The answer to a SELECT query while it is found: the rows can be gone through once.

    >>> stream = Stream(("n",), iter([(Term.literal(2),)]))
    >>> stream.all() == Rows(("n",), ((Term.literal(2),),)), list(stream)
    (True, [])
    """

    variables: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return self.rows

    def all(self) -> Rows:
        """The rows that are left."""
        return Rows(self.variables, tuple(self.rows))


def from_ox(term: object) -> Term | None:
    """The `Term` of a pyoxigraph term.

    >>> from_ox(ox.Literal("Minsk", language="en")).n3
    '"Minsk"@en'
    """
    make = MAKERS.get(type(term))
    if make is None:
        raise ValueError(f"Unexpected term: {term!r}")
    return make(term)


def _literal(term: ox.Literal) -> Term:
    language = term.language
    datatype = None if language else term.datatype.value
    return Term(term.value, Kind.LITERAL, language, None if datatype == STRING else datatype)


def quoted(triple: ox.Triple) -> str:
    """A triple term of RDF 1.2 in N-Triples syntax.

    >>> quoted(ox.Triple(ox.NamedNode("a:b"), ox.NamedNode("a:p"), ox.Literal("1")))
    '<<( <a:b> <a:p> "1" )>>'
    """
    value = quoted(triple.object) if isinstance(triple.object, ox.Triple) else str(triple.object)
    return f"<<( {triple.subject} {triple.predicate} {value} )>>"


MAKERS: Mapping[type, Callable[..., Term | None]] = {  # a table: every cell of every answer is looked up here
    type(None): lambda _: None,
    ox.NamedNode: lambda term: Term(term.value),
    ox.Literal: _literal,
    ox.BlankNode: lambda term: Term(term.value, Kind.BLANK),
    ox.Triple: lambda term: Term(quoted(term), Kind.TRIPLE),
}


def _to_ox(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    match term.kind:
        case Kind.IRI:
            return ox.NamedNode(term.value)
        case Kind.BLANK:
            return ox.BlankNode(term.value)
        case Kind.LITERAL if term.language:
            return ox.Literal(term.value, language=term.language)
        case Kind.LITERAL:
            return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype) if term.datatype else None)
        case _:
            raise ValueError(f"Unexpected term: {term!r}")
