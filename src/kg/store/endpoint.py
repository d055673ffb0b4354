"""SPARQL by a server: the engine behind a `Graph` that is opened by an address.

The graph that is meant there is the one that the address names (`?graph=IRI`, `?default`); else the one that builds
write to, if the server has it; else the server's default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import urlencode

import msgspec
import pyoxigraph as ox

from kg.errors import BadGraph
from kg.store.address import NEWS, UPDATE, Address, address_of
from kg.store.bind import undeclared, words
from kg.store.connection import BrokenOff, Connection, Refused
from kg.store.load import Sink

if TYPE_CHECKING:
    import rdflib
    import urllib3

QUERY, CHANGE = "application/sparql-query", "application/sparql-update"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
ANSWERS = f"{JSON}, {XML};q=0.5, {TRIPLES}"
RESULTS: Mapping[str, ox.QueryResultsFormat] = {
    JSON: ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    XML: ox.QueryResultsFormat.XML,
}
PLAIN = frozenset({"text/plain", "text/ntriples"})  # how older servers call N-Triples
OWN_GRAPHS = frozenset({"FROM", "GRAPH"})  # a query with these says itself which graphs it means
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Endpoint:
    """An engine over a SPARQL 1.1 server; see `Connection` for what it does about lost answers and passwords."""

    def __init__(self, connection: Connection, graph: str) -> None:
        self._connection = connection
        self.graph = graph
        """The IRI of the named graph; empty: the default graph."""

    @classmethod
    def open(cls, url: str, *, writing: bool = False) -> Endpoint:
        """The server at an address. A build writes to its own named graph, unless the address says otherwise.

        Raises:
            BadGraph: it does not answer, or not in SPARQL.
        """
        address = address_of(url)
        endpoint = cls(Connection(address), NEWS if address.graph is None else address.graph)
        there = endpoint.holds()
        return endpoint if there or writing or address.graph is not None else cls(endpoint._connection, "")

    @property
    def shown(self) -> str:
        """The address as it may be shown."""
        address: Address = self._connection.address
        return address.shown

    def holds(self) -> bool:
        """Whether there is anything in the graph.

        Raises:
            BadGraph: the server says neither yes nor no.
        """
        answer = self.query("ASK { ?s ?p ?o }", {})
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        raise BadGraph(f"{self.shown}: gives rows or triples where yes or no was asked for; is it a SPARQL endpoint?")

    def within(self, graph: str) -> Endpoint:
        """The same server, another of its named graphs."""
        return Endpoint(self._connection, graph)

    def query(
        self, sparql: str, prefixes: Mapping[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        """The answer of the server.

        Raises:
            SyntaxError: it does not parse; where, if this process sees it too.
            BadGraph: the server does not answer, or not as it should.
        """
        used = sorted(undeclared(sparql, {}) & prefixes.keys())
        text = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in used) + sparql
        url = self._connection.address.query
        if self.graph and not OWN_GRAPHS & words(sparql):
            url += ("&" if "?" in url else "?") + urlencode({"default-graph-uri": self.graph})
        try:
            answer = self._connection.send("POST", url, body=text.encode(), kind=QUERY, accept=ANSWERS)
        except Refused as error:
            raise self._refusal(error, sparql, prefixes) from error
        return self._parsed(answer)

    def update(self, sparql: str, *, patience: float) -> None:
        """Have the server change its graphs; it may be sent again where its answer is lost.

        Raises:
            BadGraph: the server does not do it.
        """
        url = self._connection.address.update
        seconds = max(patience, self._connection.seconds)
        try:
            answer = self._connection.send("POST", url, body=sparql.encode(), kind=CHANGE, patience=seconds)
        except Refused as error:
            raise BadGraph(
                f"{self.shown}: takes no SPARQL update ({error.status}): {error}; is the server read-only? Where "
                f"updates go to another address, set {UPDATE}"
            ) from error
        self._connection.read(answer)

    def triples(self) -> Iterable[ox.Triple]:
        """Every triple, by the graph store protocol where the server has it, else by a query."""
        answer = self._fetched()
        found = self._parsed(answer) if answer else self.query(EVERYTHING, {})
        if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
            raise BadGraph(f"{self.shown}: gives rows where triples were asked for")
        return found

    def dump(self, sink: Sink) -> None:
        """Every triple as N-Triples."""
        ox.serialize(self.triples(), cast("IO[bytes]", sink), format=ox.RdfFormat.N_TRIPLES)

    def __len__(self) -> int:
        answer = self.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {})
        for row in answer if isinstance(answer, ox.QuerySolutions) else ():
            return int(row["n"].value)
        raise BadGraph(f"{self.shown}: gives no number where triples were to be counted; is it a SPARQL endpoint?")

    @property
    def rdf(self) -> rdflib.Graph:
        """A view by rdflib, which reads and does not write."""
        import rdflib
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
        from rdflib.plugins.stores.sparqlstore import SPARQLStore

        store = SPARQLStore(
            self._connection.address.query, returnFormat="json", method="POST", headers=self._connection.authorization
        )
        name = rdflib.URIRef(self.graph) if self.graph else DATASET_DEFAULT_GRAPH_ID
        return rdflib.Graph(store, name, bind_namespaces="none")

    def _fetched(self) -> urllib3.BaseHTTPResponse | None:
        """The answer of the graph store protocol, if there is one that holds triples."""
        address = self._connection.address
        if not address.store:
            return None
        try:
            answer = self._connection.send("GET", address.named(self.graph), accept=TRIPLES)
        except Refused:
            return None
        if _format(answer) is not None:
            return answer
        answer.close()
        return None

    def _parsed(self, answer: urllib3.BaseHTTPResponse) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        form, triples = RESULTS.get(_type(answer)), _format(answer)
        if form is not None:
            data = self._connection.read(answer)
            try:
                if form == ox.QueryResultsFormat.JSON:
                    msgspec.json.decode(data, type=msgspec.Raw)  # whole: rows are parsed as they are asked for
                return ox.parse_query_results(data, form)
            except (SyntaxError, ValueError) as error:
                raise BadGraph(f"{self.shown}: its answer is no SPARQL result ({error}); try again") from error
        if triples is not None:
            return self._statements(answer, triples)
        answer.close()
        what = "a web page" if "html" in _type(answer) else _type(answer) or "something without a type"
        raise BadGraph(
            f"{self.shown}: answers with {what}, not with SPARQL results; give the address of its SPARQL endpoint, "
            "such as http://localhost:7878/query or https://example.org/sparql"
        )

    def _statements(self, answer: urllib3.BaseHTTPResponse, form: ox.RdfFormat) -> Iterator[ox.Triple]:
        import urllib3

        try:
            for quad in ox.parse(cast("IO[bytes]", answer), format=form):
                yield quad.triple
        except (SyntaxError, ValueError, OSError, urllib3.exceptions.HTTPError) as error:
            raise BrokenOff(f"{self.shown}: the answer breaks off or is no {form.name} ({error}); try again") from error

    def _refusal(self, error: Refused, sparql: str, prefixes: Mapping[str, str]) -> Exception:
        if error.status == 400:
            return SyntaxError(_place(sparql, prefixes) or str(error))
        if error.status == 404:
            return BadGraph(
                f"{self.shown}: no SPARQL endpoint there (404); Oxigraph's is http://localhost:7878/query, others' "
                "often end in /sparql"
            )
        return BadGraph(f"{self.shown}: the server refuses the query ({error.status}): {error}")


def _type(answer: urllib3.BaseHTTPResponse) -> str:
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _format(answer: urllib3.BaseHTTPResponse) -> ox.RdfFormat | None:
    """The format of the triples in an answer; nothing where it holds none."""
    kind = _type(answer)
    if kind in RESULTS or kind in ("text/html", "application/xml", "text/xml"):
        return None
    return ox.RdfFormat.N_TRIPLES if kind in PLAIN else ox.RdfFormat.from_media_type(kind)


def _place(sparql: str, prefixes: Mapping[str, str]) -> str:
    """What Oxigraph, which names the place, has to say against a query; nothing where it finds no fault.

    >>> _place("SELECT ?s { ?s", {})[:14]
    'error at 1:15:'
    """
    if "SERVICE" in words(sparql):  # which would be asked
        return ""
    try:
        ox.Store().query(sparql, prefixes=dict(prefixes))
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return str(error)
    return ""
