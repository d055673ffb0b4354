"""A graph that answers queries: a file loaded into memory, a store's folder, or a SPARQL endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from kg.errors import BadGraph, BadQuery
from kg.model import Triple
from kg.ontology import BASE, KG
from kg.store.bind import bind, complaint
from kg.store.formats import is_address
from kg.store.load import Loader, Sink
from kg.store.local import Local
from kg.store.swap import recover
from kg.store.terms import PREFIXES, TYPE, Rows, Stream, Term, from_ox, quoted

if TYPE_CHECKING:
    import rdflib

NO_BINDINGS: Mapping[str, str] = {}
ONE = f"SELECT ?one {{{{ ?one {TYPE} <{{}}> }}}} LIMIT 1"
SERVER = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?/|[\w.-]+:\d+")  # what was meant for one


class Engine(Protocol):
    """What answers SPARQL for a `Graph`: a store in this process, or a server."""

    def query(
        self, sparql: str, prefixes: Mapping[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        """The answer; a `SyntaxError` where the query does not parse."""

    def triples(self) -> Iterable[ox.Quad] | Iterable[ox.Triple]:
        """Every triple."""

    def dump(self, sink: Sink) -> None:
        """Every triple as N-Triples."""

    def __len__(self) -> int:
        """The number of triples."""

    @property
    def rdf(self) -> rdflib.Graph:
        """A view by rdflib."""


class Graph:
    """Triples with a SPARQL engine; the common prefixes (`kg:`, `id:`, `rdfs:`...) need no declaration.

    >>> graph = Graph.of([Triple("<a:b>", "<a:knows>", '"c"')])
    >>> graph.select("SELECT ?who { ?who ?how ?whom }", {"whom": '"c"'}).rows[0][0].n3
    '<a:b>'
    >>> len(graph)
    1
    """

    def __init__(self, engine: Engine, *, source: str = "memory") -> None:
        self._engine = engine
        self.source = source

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Graph:
        """A graph in memory."""
        store = ox.Store()
        with Loader(store) as loader:
            loader.add(triples)
        return cls(Local(store))

    def select(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> Rows:
        """The rows of a SELECT query; `bindings` gives variables (without `?`) terms in N-Triples syntax.

        Raises:
            BadQuery: the query does not parse, is no SELECT, or has no variable of that name.
        """
        answer = self.query(sparql, bindings)
        if isinstance(answer, Rows):
            return answer
        raise BadQuery("a SELECT query is needed here; this one is ASK, CONSTRUCT or DESCRIBE")

    def construct(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        answer = self.query(sparql, bindings)
        if isinstance(answer, bool | Rows):
            raise BadQuery("a CONSTRUCT or DESCRIBE query is needed here; this one is SELECT or ASK")
        return answer

    def ask(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> bool:
        """The answer to an ASK query."""
        answer = self.query(sparql, bindings)
        if isinstance(answer, bool):
            return answer
        raise BadQuery("an ASK query is needed here")

    def query(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> Rows | bool | Iterator[Triple]:
        """The answer to any query, by its form: rows, yes or no, or triples."""
        answer = self.stream(sparql, bindings)
        return answer.all() if isinstance(answer, Stream) else answer

    def stream(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> Stream | bool | Iterator[Triple]:
        """The answer as `query` gives it, but the rows one by one as they are found.

        >>> next(iter(Graph.of([Triple("<a:b>", "<a:knows>", '"c"')]).stream("SELECT ?who { ?who ?how ?whom }")))[0].n3
        '<a:b>'
        """
        with self._complaining(sparql):
            answer = self._engine.query(bind(sparql, bindings), self.prefixes)
            match answer:
                case ox.QuerySolutions():
                    return Stream(tuple(variable.value for variable in answer.variables), self._rows(answer, sparql))
                case ox.QueryBoolean():
                    return bool(answer)
        return _triples(answer)

    def _rows(self, solutions: ox.QuerySolutions, sparql: str) -> Iterator[tuple[Term | None, ...]]:
        with self._complaining(sparql):
            for solution in solutions:
                yield tuple([from_ox(term) for term in solution])

    def csv(self, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> bytes:
        """The rows of a SELECT query as SPARQL's CSV in UTF-8: for a large table, many times faster than `select`.

        >>> Graph.of([Triple("<a:b>", "<a:knows>", '"c"')]).csv("SELECT ?whom { ?who ?how ?whom }")
        b'whom\\r\\nc\\r\\n'

        Raises:
            BadQuery: as for `select`.
        """
        with self._complaining(sparql):
            answer = self._engine.query(bind(sparql, bindings), self.prefixes)
            if isinstance(answer, ox.QuerySolutions):
                return answer.serialize(format=ox.QueryResultsFormat.CSV) or b""
        raise BadQuery("a SELECT query is needed here; this one is ASK, CONSTRUCT or DESCRIBE")

    def triples(self) -> Iterator[Triple]:
        """Every triple, in no particular order."""
        return _triples(self._engine.triples())

    def dump(self, file: Sink) -> None:
        """Every triple as a line of N-Triples, in no particular order: the fastest way out.

        >>> import io
        >>> file = io.BytesIO()
        >>> Graph.of([Triple("<a:b>", "<a:knows>", '"c"')]).dump(file)
        >>> file.getvalue()
        b'<a:b> <a:knows> "c" .\\n'
        """
        self._engine.dump(file)

    def __len__(self) -> int:
        return len(self._engine)

    @cached_property
    def base(self) -> str:
        """What the IRIs of the graph's own things start with, read off one of its articles or claims."""
        for kind, folder in ((KG.Article, "article/"), (KG.Claim, "claim/")):
            found = self._engine.query(ONE.format(kind), {})
            iri = next((row["one"].value for row in found), "") if isinstance(found, ox.QuerySolutions) else ""
            if folder in iri:
                return iri.rpartition(folder)[0]
        return BASE

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that queries may use; `id:` is the graph's own base."""
        return {**PREFIXES, "id": self.base}

    @cached_property
    def rdf(self) -> rdflib.Graph:
        """The same triples as an rdflib graph (a view, not a copy)."""
        view = self._engine.rdf
        for prefix, namespace in self.prefixes.items():
            view.bind(prefix, namespace)
        return view

    @contextmanager
    def _complaining(self, sparql: str) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, RuntimeError, ValueError, OSError) as error:
            raise BadQuery(complaint(sparql, str(error), self.prefixes)) from error


def open_graph(source: str | Path) -> Graph:
    """The graph of a file (read into memory), of a store's folder or of a SPARQL endpoint (opened, whatever its size).

    Raises:
        BadGraph: there is nothing, its suffix is unknown, or it does not parse; the message names the line.
    """
    if is_address(source):
        return _on_server(str(source))
    path = Path(source)
    recover(path)
    if path.is_dir():
        return Graph(Local.of_folder(path), source=str(source))
    if path.exists():
        return Graph(Local.of_file(path), source=str(source))
    if SERVER.match(str(source)):
        raise BadGraph(f"{source}: no such file; a server's address begins with http:// or https://")
    raise BadGraph(
        f"{source}: no such file or folder; make it with `kg build ARTICLES -o {source}`, or name another with -g"
    )


def _on_server(address: str) -> Graph:
    from kg.store.endpoint import Endpoint

    endpoint = Endpoint.open(address)
    return Graph(endpoint, source=endpoint.shown)


def _triples(statements: Iterable[ox.Quad] | Iterable[ox.Triple]) -> Iterator[Triple]:
    for statement in statements:
        value = statement.object
        text = quoted(value) if isinstance(value, ox.Triple) else str(value)
        yield Triple(str(statement.subject), str(statement.predicate), text)
