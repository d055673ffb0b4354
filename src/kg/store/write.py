"""Triples into a file or a store's folder: built aside, then put in the place of the old one in one step."""

from __future__ import annotations

import errno
import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import OutputFailed
from kg.model import Triple
from kg.ontology import BASE
from kg.store.formats import FORMATS, TABLE, is_address, known_suffixes, suffix_of
from kg.store.graph import Graph, load
from kg.store.jsonld import jsonld
from kg.store.layout import lines, ordered
from kg.store.recover import NEW, OLD, aside, clean, discard
from kg.store.table import claims_table
from kg.store.terms import PREFIXES
from kg.store.turtle import turtle
from kg.store.xml import rdfxml

Writer = Callable[[list[Triple], Mapping[str, str]], Iterable[str]]

WRITERS: Mapping[str, Writer] = {
    ".ttl": turtle,
    ".nt": lambda triples, _: lines(triples),
    ".nq": lambda triples, _: lines(triples),  # one graph, the default one
    ".trig": turtle,
    ".jsonld": jsonld,
    ".rdf": lambda triples, prefixes: [rdfxml(triples, prefixes)],
    ".xml": lambda triples, prefixes: [rdfxml(triples, prefixes)],
}

STORE_FILE = re.compile(r"CURRENT|IDENTITY|LOCK|LOG\S*|(MANIFEST|OPTIONS)-\d+|\d+\.(sst|log|blob)|\S+\.dbtmp")
BATCH = 2_000  # pieces of text joined before they go to the file

REASONS: Mapping[int | None, str] = {
    errno.ENOSPC: "the disk is full; make room or write to another disk",
    errno.EDQUOT: "the disk quota is used up; make room or write to another disk",
    errno.EFBIG: "the file would be larger than is allowed here; write to another disk or raise the limit",
    errno.ENOENT: "its folder does not exist; make it first",
    errno.EACCES: "no permission to write there; choose another place",
    errno.EPERM: "no permission to write there; choose another place",
    errno.EROFS: "that disk is read-only; choose another place",
}


def write(triples: Iterable[Triple], target: str | Path, *, base: str = BASE) -> int:
    """Write a graph in the format that the suffix of `target` names; give the number of triples (of rows for CSV).

    A name without suffix, or a folder, becomes an Oxigraph store. What stood there before stays whole until the new
    one is complete, and stays if anything fails. The prefix `id:` stands for `base`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write([Triple("<a:b>", "<a:p>", '"1"')], Path(folder, "graph.nt"))
    1

    Raises:
        OutputFailed: the suffix is unknown, the target is something else, or the disk refuses.
    """
    if is_address(target):
        raise OutputFailed(f"{target}: graphs on a server cannot be written yet; name a file or a folder")
    path = Path(os.path.realpath(target))
    if _is_store(path):
        return _write_store(triples, path)
    suffix, _ = suffix_of(path)
    if suffix == TABLE:
        return export(Graph.of(triples), path)
    if suffix not in FORMATS or path.is_dir():
        raise OutputFailed(f"{target}: its suffix names no graph format; known: {known_suffixes()}")
    found = ordered(triples)
    _write_file(WRITERS[suffix](found, {**PREFIXES, "id": base}), path)
    return len(found)


def export(graph: Graph, target: str | Path) -> int:
    """Write an open graph as `write` does; CSV has a row a claim.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(Graph.of([]), Path(folder, "claims.csv"))
    0
    """
    path = Path(os.path.realpath(target))
    if suffix_of(path)[0] != TABLE or path.is_dir():
        return write(graph.triples(), target, base=graph.base)
    table = claims_table(graph)
    _write_file(table, path)
    return len(table) - 1


def _is_store(path: Path) -> bool:
    """Whether the target is a store's folder, or is to become one."""
    if not path.is_dir():
        if path.exists() and path.suffix == "":
            raise OutputFailed(f"{path}: a file without a suffix, which names no format; known: {known_suffixes()}")
        return path.suffix == ""
    strange = [file.name for file in path.iterdir() if not STORE_FILE.fullmatch(file.name)]
    if strange:
        raise OutputFailed(f"{path}: a folder that holds other things ({min(strange)}); name a new or an empty folder")
    return True


def _write_file(pieces: Iterable[str], path: Path) -> None:
    new = aside(path, NEW)
    with _complaining(path, new):
        clean(path)
        with new.open("wb") as file:
            _fill(file, pieces, gzipped=suffix_of(path)[1])
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
        _sync(path.parent)


def _fill(file: BinaryIO, pieces: Iterable[str], *, gzipped: bool) -> None:
    if gzipped:  # no name and no time in its head: the same graph is the same bytes
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
            _fill_plain(packed, pieces)
    else:
        _fill_plain(file, pieces)


def _fill_plain(file: BinaryIO | gzip.GzipFile, pieces: Iterable[str]) -> None:
    rest = iter(pieces)
    while batch := "".join(islice(rest, BATCH)):
        file.write(batch.encode())


def _write_store(triples: Iterable[Triple], path: Path) -> int:
    new, old = aside(path, NEW), aside(path, OLD)
    found = set(triples)
    with _complaining(path, new):
        clean(path)
        path.parent.stat()  # a missing parent is not made: it is most often a slip
        store = ox.Store(str(new))
        load(store, found)
        store.flush()
        del store  # gives the lock back
        for file in new.iterdir():
            _sync(file)
        _swap(new, path, old)
        _sync(path.parent)
    return len(found)


def _swap(new: Path, path: Path, old: Path) -> None:
    if path.exists():
        path.rename(old)
    try:
        new.rename(path)
    except BaseException:
        if old.exists():
            old.rename(path)
        raise
    discard(old)


def _sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _complaining(path: Path, new: Path) -> Iterator[None]:
    """Leave nothing half-made behind, and say in words why a disk refuses."""
    try:
        yield
    except BaseException as error:
        discard(new)
        if isinstance(error, OSError | RuntimeError):
            number = getattr(error, "errno", None)
            full = "No space left" in str(error)
            reason = REASONS.get(errno.ENOSPC if full else number, getattr(error, "strerror", None) or str(error))
            raise OutputFailed(f"{path}: cannot be written: {reason} (what stood there is untouched)") from error
        raise
