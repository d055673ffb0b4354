"""N-Triples into a store, in chunks: one is loaded by the engine while Python makes the next."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Protocol

import pyoxigraph as ox

from kg.model import Triple

CHUNK = 16 << 20  # bytes of text loaded at once: more keeps the engine waiting, less makes more files to merge
MADE = 5_000  # triples made into text at once


class Sink(Protocol):
    """What text in UTF-8 can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take a piece of text."""

    def flush(self) -> None:
        """Hold nothing back, where that makes sense."""


class Loader:
    """A file that takes lines of N-Triples and puts them into a store, a chunk while the next one is made.

    >>> store = ox.Store()
    >>> with Loader(store) as loader:
    ...     loader.write(b'<a:b> <a:p> "1" .\\n<a:b> <a:p> "2" .\\n')
    36
    >>> len(store)
    2
    """

    def __init__(self, store: ox.Store, *, graph: ox.NamedNode | None = None) -> None:
        self._store = store
        self._graph = graph
        self._pieces: list[bytes] = []
        self._size = 0
        self.lines = 0  # that were written
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._loading: Future[None] | None = None

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._load(b"".join(self._pieces))
                self._wait()
        finally:
            self._pool.shutdown()

    def write(self, data: bytes) -> int:
        """Take a piece of text, which may end within a line."""
        self._pieces.append(data)
        self._size += len(data)
        self.lines += data.count(b"\n")
        if self._size >= CHUNK:
            text = b"".join(self._pieces)
            end = text.rfind(b"\n") + 1
            self._pieces, self._size = [text[end:]], len(text) - end
            self._load(text[:end])
        return len(data)

    def flush(self) -> None:
        """What is held back is loaded at the end: there is nothing to do."""

    def add(self, triples: Iterable[Triple]) -> None:
        """Take triples."""
        rest = iter(triples)
        while text := "".join([f"{s} {p} {o} .\n" for s, p, o in islice(rest, MADE)]):
            self.write(text.encode())

    def _load(self, text: bytes) -> None:
        self._wait()
        if text:
            self._loading = self._pool.submit(self._store.bulk_load, text, ox.RdfFormat.N_TRIPLES, to_graph=self._graph)

    def _wait(self) -> None:
        if self._loading:
            self._loading.result()
