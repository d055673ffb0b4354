"""Where a SPARQL server takes queries, updates and whole graphs, by the address that a person gives.

Of an address only what is before the question mark is shown to anyone; names and passwords come from the environment.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyoxigraph as ox

from kg.errors import BadGraph

NEWS = "https://w3id.org/news-kg/graph"  # the named graph of a build, unless the address names another
UPDATE, STORE = "KG_ENDPOINT_UPDATE", "KG_ENDPOINT_STORE"
USER, PASSWORD, TOKEN = "KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD", "KG_ENDPOINT_TOKEN"

# How servers name their services: a path, then where queries, updates and whole graphs go. The first that fits counts.
LAYOUTS: tuple[tuple[str, str, str, str | None], ...] = (
    (r"/?", "/query", "/update", "/store"),  # Oxigraph's host alone
    (r"(.*)/(?:query|update|store)", r"\1/query", r"\1/update", r"\1/store"),  # Oxigraph; Fuseki, Stardog in part
    (r"(.*/repositories/[^/]+)/?", r"\1", r"\1/statements", r"\1/rdf-graphs/service"),  # GraphDB, RDF4J
    (r"(.*)/sparql(-auth)?/?", r"\1/sparql\2", r"\1/sparql\2", r"\1/sparql-graph-crud\2"),  # Virtuoso
    (r"(.*)", r"\1", r"\1", None),  # Fuseki's dataset, Blazegraph, Neptune: one address for all
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The addresses of a server's services, and the graph there that is meant."""

    shown: str  # for messages
    query: str
    update: str
    store: str | None
    graph: str | None = None  # IRI of a named graph; "": the default graph; None: not said

    def named(self, graph: str) -> str:
        """The address of a graph, under which the graph store protocol knows it."""
        return f"{self.store}{'&' if '?' in (self.store or '') else '?'}" + (
            urlencode({"graph": graph}) if graph else "default"
        )


def address_of(url: str, environment: Mapping[str, str] = os.environ) -> Address:
    """What an address means; `?graph=IRI` names a graph on the server, `?default` its default graph.

    >>> found = address_of("http://localhost:7878/query?graph=https://example.org/news", {})
    >>> found.shown, found.update, found.graph
    ('http://localhost:7878/query', 'http://localhost:7878/update', 'https://example.org/news')

    Raises:
        BadGraph: it is no address, or it holds a password.
    """
    parts = urlsplit(re.sub(r"^(https?):/*", lambda match: match[1].lower() + "://", url.strip(), flags=re.IGNORECASE))
    host = parts.netloc.rpartition("@")[2]
    site = f"{parts.scheme}://{host}"
    if "@" in parts.netloc:
        raise BadGraph(
            f"{site}{parts.path}: leave the name and the password out of the address, where others may read them; set "
            f"{USER} and {PASSWORD}, or {TOKEN}, in the environment"
        )
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]/\\]+)(:\d{1,5})?", host):
        raise BadGraph(f"{site}{parts.path}: no address of a server; write it as http://localhost:7878/query")
    graph, others = _meant(parts.query, site + parts.path)
    form, *places = next(layout for layout in LAYOUTS if re.fullmatch(layout[0], parts.path))
    query, update, store = (place and site + re.sub(f"^{form}$", place, parts.path) + others for place in places)
    return Address(
        shown=site + parts.path,
        query=query or "",
        update=environment.get(UPDATE) or update or "",
        store=environment.get(STORE) or store,
        graph=graph,
    )


def _meant(query: str, shown: str) -> tuple[str | None, str]:
    """The graph that the end of an address names, and the rest of that end, which the server may want."""
    said = parse_qsl(query, keep_blank_values=True)
    graphs = ["" if name == "default" else value for name, value in said if name in GRAPHS]
    others = urlencode([(name, value) for name, value in said if name not in GRAPHS])
    if len(graphs) > 1:
        raise BadGraph(f"{shown}: the address names several graphs; name one, with ?graph=IRI")
    for graph in filter(None, graphs):
        try:
            ox.NamedNode(graph)
        except ValueError as error:
            raise BadGraph(f"{shown}: {graph!r} is no IRI of a graph; write ?graph=https://example.org/news") from error
    return next(iter(graphs), None), f"?{others}" if others else ""


GRAPHS = frozenset({"graph", "default", "default-graph-uri"})


def credentials(environment: Mapping[str, str] = os.environ) -> str | None:
    """What the environment has for the header `Authorization`, if anything.

    >>> credentials({"KG_ENDPOINT_TOKEN": "abc"})
    'Bearer abc'

    Raises:
        BadGraph: a name without a password, or what no header can hold.
    """
    token, user, password = (environment.get(name, "").strip() for name in (TOKEN, USER, PASSWORD))
    if any(not value.isprintable() for value in (token, user, password)) or not token.isascii():
        raise BadGraph(f"{TOKEN}, {USER} or {PASSWORD} holds characters that cannot be sent; set it again")
    if token:
        return f"Bearer {token}"
    if bool(user) != bool(password):
        raise BadGraph(f"{USER} and {PASSWORD} go together: set both in the environment, or {TOKEN}")
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode() if user else None
