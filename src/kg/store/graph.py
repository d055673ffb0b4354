"""A graph that answers queries: a file loaded into memory, or an Oxigraph store on disk opened for reading."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import BadGraph, BadQuery
from kg.model import Triple
from kg.ontology import BASE, KG
from kg.store.bind import bind, undeclared
from kg.store.formats import FORMATS, is_address, known_suffixes, suffix_of
from kg.store.recover import recover
from kg.store.terms import PREFIXES, RDF, Rows, from_ox

if TYPE_CHECKING:
    import rdflib

CHUNK = 100_000  # triples handed to the store at once
NO_BINDINGS: Mapping[str, str] = {}


class Graph:
    """Triples with a SPARQL engine; the common prefixes (`kg:`, `id:`, `rdfs:`...) need no declaration.

    >>> graph = Graph.of([Triple("<a:b>", "<a:knows>", '"c"')])
    >>> graph.select("SELECT ?who { ?who ?how ?whom }", {"whom": '"c"'}).rows[0][0].n3
    '<a:b>'
    >>> len(graph)
    1
    """

    def __init__(self, store: ox.Store, *, source: str = "memory") -> None:
        self._store = store
        self.source = source

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Graph:
        """A graph in memory."""
        store = ox.Store()
        load(store, triples)
        return cls(store)

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
        try:
            answer = self._store.query(bind(sparql, bindings), prefixes=dict(self.prefixes))
            match answer:
                case ox.QuerySolutions():
                    names = tuple(variable.value for variable in answer.variables)
                    return Rows(names, tuple(tuple(map(from_ox, solution)) for solution in answer))
                case ox.QueryBoolean():
                    return bool(answer)
        except (SyntaxError, RuntimeError, ValueError, OSError) as error:
            raise BadQuery(self._complaint(sparql, str(error))) from error
        return _triples(answer)

    def triples(self) -> Iterator[Triple]:
        """Every triple, in no particular order."""
        return _triples(self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    def __len__(self) -> int:
        return len(self._store)

    @cached_property
    def base(self) -> str:
        """What the IRIs of the graph's own things start with, read off one of its articles or claims."""
        for kind, folder in ((KG.Article, "article/"), (KG.Claim, "claim/")):
            of_kind = self._store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind))
            iri = str(getattr(next(of_kind, None), "subject", "")).strip("<>")
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
        import rdflib
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        view = rdflib.Graph(OxigraphStore(store=self._store), DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
        for prefix, namespace in self.prefixes.items():
            view.bind(prefix, namespace)
        return view

    def _complaint(self, sparql: str, message: str) -> str:
        unknown = undeclared(sparql, self.prefixes)
        if unknown:
            return f"the query uses the prefix {min(unknown)}: without declaring it; known: {', '.join(self.prefixes)}"
        first = message.partition("\n")[0][:200]
        return "the query fails: " + re.sub(r"^error at (\d+):(\d+)", r"line \1, column \2", first)


def open_graph(source: str | Path) -> Graph:
    """The graph of a file (read into memory) or of a store's folder (opened for reading, whatever its size).

    Raises:
        BadGraph: there is nothing, its suffix is unknown, or it does not parse; the message names the line.
    """
    if is_address(source):
        raise BadGraph(f"{source}: graphs on a server cannot be opened yet; give a file or a folder")
    path = Path(source)
    recover(path)
    if path.is_dir():
        return Graph(_open_folder(path), source=str(source))
    if not path.exists():
        raise BadGraph(f"{source}: no such file or folder; make it with `kg build ARTICLES -o {source}`")
    return Graph(_load_file(path), source=str(source))


def load(store: ox.Store, triples: Iterable[Triple]) -> None:
    """Put triples into a store, a chunk of N-Triples text at a time."""
    lines: list[str] = []
    for s, p, o in triples:
        lines.append(f"{s} {p} {o} .\n")
        if len(lines) == CHUNK:
            store.bulk_load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
            lines.clear()
    store.bulk_load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)


def _open_folder(path: Path) -> ox.Store:
    if not (path / "CURRENT").exists():
        raise BadGraph(f"{path}: a folder, but no graph store; make one with `kg build ARTICLES -o {path}`")
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise BadGraph(f"{path}: this graph store cannot be opened ({error}); build it again") from error


def _load_file(path: Path) -> ox.Store:
    suffix, gzipped = suffix_of(path)
    kind = FORMATS.get(suffix)
    if kind is None:
        hint = "a table cannot be read back" if suffix == ".csv" else "its suffix names no graph format"
        raise BadGraph(f"{path}: {hint}; known: {known_suffixes(readable=True)}")
    store = ox.Store()
    try:
        with _opened(path, gzipped=gzipped) as file:
            if kind.supports_datasets:  # named graphs, if any, are read as one
                store.bulk_extend(ox.Quad(*quad.triple) for quad in ox.parse(file, format=kind))
            else:
                store.bulk_load(input=file, format=kind)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise BadGraph(f"{path}{line}: not valid {kind.name} ({_reason(error)}); build it again or mend it") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadGraph(f"{path}: broken gzip data ({error}); build it again or copy it again") from error
    except (OSError, ValueError) as error:
        raise BadGraph(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return store


def _opened(path: Path, *, gzipped: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if gzipped else path.open("rb")


def _reason(error: SyntaxError) -> str:
    """The parser's words without the position that the message names already."""
    text = re.sub(r"^Parser error (at|between) line .*?: ", "", str(error.msg))
    return re.sub(r" \(line \d+\)$", "", text)


def _triples(statements: Iterable[ox.Quad] | Iterable[ox.Triple]) -> Iterator[Triple]:
    for statement in statements:
        yield Triple(str(statement.subject), str(statement.predicate), str(statement.object))
