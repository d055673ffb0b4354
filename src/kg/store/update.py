"""A graph changed by SPARQL: worked out on a copy, which then takes its place whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import BadGraph, BadQuery
from kg.progress import Progress, silent
from kg.store.bind import complaint
from kg.store.folder import note, refuse_served
from kg.store.formats import is_address
from kg.store.graph import Graph, open_graph
from kg.store.load import Loader
from kg.store.local import Local
from kg.store.lock import writing
from kg.store.sending import write_endpoint
from kg.store.swap import replacing
from kg.store.writing import export

BLANK = "ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How many triples an update has added and removed; `derived`: the graph is one that a build makes anew."""

    added: int
    removed: int
    derived: bool


def update(target: str | Path, sparql: str, *, progress: Progress = silent) -> Change:
    """Change a graph in a file, in a store's folder or on a server by a SPARQL update, whole or not at all.

    The usual prefixes need no declaration.

    >>> from kg.store import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "graph.nt")
    ...     _ = write([], path)
    ...     update(path, "INSERT DATA { id:place/minsk rdfs:label 'Minsk' }".replace("/", "\\\\/"))
    Change(added=1, removed=0, derived=False)

    Raises:
        BadQuery: it does not parse, is no update, or makes graphs or blank nodes.
        BadGraph: the graph cannot be read.
        OutputFailed: it cannot be written; it is as it was.
    """
    if is_address(target):
        return _on_server(str(target), sparql, progress)
    path = Path(os.path.realpath(target))
    if not path.exists():
        open_graph(target)  # says what is wrong
    with writing(path):
        return _in_folder(path, sparql) if path.is_dir() else _in_file(path, sparql)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is to be known of the graph that an update is for, once it is closed."""

    base: str
    prefixes: Mapping[str, str]
    derived: bool


def _known(graph: Graph) -> _Known:
    return _Known(base=graph.base, prefixes=graph.prefixes, derived=graph.ask("ASK { ?claim a kg:Claim }"))


def _single(graph: Graph) -> Graph:
    if graph.ask("ASK { GRAPH ?graph { ?s ?p ?o } }"):
        raise BadGraph(f"{graph.source}: holds several named graphs; export it to a graph that is one, and change that")
    return graph


def _in_file(path: Path, sparql: str) -> Change:
    graph = _single(open_graph(path))
    with _copied(graph) as store:
        change = _changed(store, sparql, _known(graph))
        export(Graph(Local(store)), path)
    return change


def _in_folder(path: Path, sparql: str) -> Change:
    known = _known(_single(open_graph(path)))
    refuse_served(path)
    with replacing(path) as new:
        ox.Store.read_only(str(path)).backup(new)  # of links, not of bytes
        change, number = _changed_in(new, sparql, known)
        note(new, triples=number, base=known.base)
    return change


def _changed_in(path: Path, sparql: str, known: _Known) -> tuple[Change, int]:
    """Change a store; it is closed when this function has ended, for nothing else holds it."""
    store = ox.Store(str(path))
    change = _changed(store, sparql, known)
    store.flush()
    return change, len(store)


def _on_server(address: str, sparql: str, progress: Progress) -> Change:
    graph = open_graph(address)
    with _copied(graph) as store:
        change = _changed(store, sparql, _known(graph))
        if change.added or change.removed:
            write_endpoint(Local(store).dump, address, progress=progress)
    return change


@contextmanager
def _copied(graph: Graph) -> Iterator[ox.Store]:
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as folder:
        store = ox.Store(folder)
        with Loader(store) as loader:
            graph.dump(loader)
        yield store


def _changed(store: ox.Store, sparql: str, known: _Known) -> Change:
    """Carry out the update on a store; say what it did."""
    before, blank = _Lines(store), bool(store.query(BLANK))
    try:
        store.update(sparql, prefixes=dict(known.prefixes))
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise BadQuery(_words(sparql, str(error), known.prefixes)) from error
    if next(iter(store.named_graphs()), None) is not None:
        raise BadQuery("the update writes to a named graph; a graph of kg is one: leave GRAPH, WITH and INTO out")
    if not blank and bool(store.query(BLANK)):
        raise BadQuery(
            "the update makes blank nodes, which are called otherwise each time; give them IRIs, id:x for one"
        )
    after = _Lines(store)
    return Change(added=len(after.seen - before.seen), removed=len(before.seen - after.seen), derived=known.derived)


class _Lines:
    """The digests of a graph's lines, enough to count what differs."""

    def __init__(self, store: ox.Store) -> None:
        self.seen: set[int] = set()
        self._rest = b""
        Local(store).dump(self)

    def write(self, data: bytes, /) -> int:
        """Take a piece of text."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.seen.update(map(hash, lines))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that counts."""


def _words(sparql: str, message: str, prefixes: Mapping[str, str]) -> str:
    try:
        ox.Store().query(sparql, prefixes=dict(prefixes))
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return complaint(sparql, message, prefixes, what="update")
    return "this is a query, which changes nothing: ask it with `kg query`; an update begins with INSERT, DELETE..."
