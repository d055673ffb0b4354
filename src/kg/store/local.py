"""SPARQL by Oxigraph in this process: over a file read into memory, or a store's folder."""

from __future__ import annotations

import gzip
import os
import re
import weakref
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import BadGraph
from kg.store.folder import open_folder
from kg.store.formats import FORMATS, WRITTEN_ONLY, known_suffixes, suffix_of
from kg.store.load import Sink

if TYPE_CHECKING:
    import rdflib

EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Local:
    """An engine over an Oxigraph store; named graphs, where there are any, are read as one with the default graph.

    >>> engine = Local(ox.Store())
    >>> bool(engine.query("ASK { ?s ?p ?o }", {})), len(engine)
    (False, 0)
    """

    def __init__(self, store: ox.Store, *, number: int | None = None, pinned: int | None = None) -> None:
        self._store = store
        self._number = number
        self._union = next(iter(store.named_graphs()), None) is not None
        if pinned is not None:
            weakref.finalize(self, os.close, pinned)

    @classmethod
    def of_folder(cls, path: Path) -> Local:
        """The store in a folder; see `open_folder`."""
        opened = open_folder(path)
        return cls(opened.store, number=opened.notes.triples if opened.notes else None, pinned=opened.handle)

    @classmethod
    def of_file(cls, path: Path) -> Local:
        """The graph of a file, read into memory.

        Raises:
            BadGraph: its suffix is unknown, or it does not parse; the message names the line.
        """
        return cls(_read(path))

    def query(
        self, sparql: str, prefixes: Mapping[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        """The answer of the store, whose `SyntaxError` names the place."""
        return self._store.query(sparql, prefixes=dict(prefixes), use_default_graph_as_union=self._union)

    def triples(self) -> Iterable[ox.Quad] | Iterable[ox.Triple]:
        """Every triple."""
        if self._union:
            return cast("ox.QueryTriples", self.query(EVERYTHING, {}))
        return self._store.quads_for_pattern(None, None, None, ox.DefaultGraph())

    def dump(self, sink: Sink) -> None:
        """Every triple as N-Triples."""
        file = cast("IO[bytes]", sink)  # which needs to be written to, no more
        if self._union:
            cast("ox.QueryTriples", self.query(EVERYTHING, {})).serialize(file, format=ox.RdfFormat.N_TRIPLES)
        else:
            self._store.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())

    def __len__(self) -> int:
        return len(self._store) if self._number is None else self._number

    @property
    def rdf(self) -> rdflib.Graph:
        """A view by rdflib."""
        import rdflib
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        if self._union:
            view: rdflib.Graph = rdflib.Dataset(OxigraphStore(store=self._store), default_union=True)
        else:
            view = rdflib.Graph(OxigraphStore(store=self._store), DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
        view.engine = self  # type: ignore[attr-defined]  # which keeps the folder as long as it is looked at
        return view


def _read(path: Path) -> ox.Store:
    suffix, gzipped = suffix_of(path)
    kind = FORMATS.get(suffix)
    if kind is None:
        gone = "table" if suffix == ".csv" else "network"
        hint = f"a {gone} cannot be read back" if suffix in WRITTEN_ONLY else "its suffix names no graph format"
        raise BadGraph(f"{path}: {hint}; known: {known_suffixes(readable=True)}")
    store = ox.Store()
    try:
        if gzipped:
            with gzip.open(path) as file:
                store.bulk_load(input=cast("IO[bytes]", file), format=kind)
        else:
            store.bulk_load(path=path, format=kind)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise BadGraph(f"{path}{line}: not valid {kind.name} ({_reason(error)}); build it again or mend it") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadGraph(f"{path}: broken gzip data ({error}); build it again or copy it again") from error
    except (OSError, ValueError) as error:
        raise BadGraph(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return store


def _reason(error: SyntaxError) -> str:
    """The parser's words without the position that the message names already."""
    text = re.sub(r"^Parser error (at|between) line .*?: ", "", str(error.msg))
    return re.sub(r" \(line \d+\)$", "", text)
