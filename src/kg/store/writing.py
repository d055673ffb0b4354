"""Triples into a file or a store's folder: built aside, then put in the place of the old one in one step."""

from __future__ import annotations

import gzip
import io
import os
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kg.errors import OutputFailed
from kg.model import Triple
from kg.ontology import BASE, Ontology
from kg.progress import Progress, silent
from kg.store.folder import is_folder, write_folder
from kg.store.formats import FORMATS, WRITTEN_ONLY, is_address, known_suffixes, suffix_of
from kg.store.graph import Graph
from kg.store.layout import Block, ordered
from kg.store.sending import write_endpoint
from kg.store.swap import replacing
from kg.store.terms import PREFIXES
from kg.store.text import TEXTS, VIEWS, WITHOUT_TRIPLE_TERMS, dumped, sorted_lines, tallied

BUFFER = 1 << 18  # bytes packed at once


def write(
    triples: Iterable[Triple], target: str | Path, *, base: str = BASE, stamp: str = "", progress: Progress = silent
) -> int:
    """Write a graph in the format that the suffix of `target` names.

    Gives the number of distinct triples; of claims for CSV, of edges for GraphML and GEXF.

    A name without suffix, or a folder, becomes an Oxigraph store; a server, at an http address, gets what differs. What
    stood there before stays whole until the new one is complete, and stays if anything fails. The prefix `id:` stands
    for `base`; a store keeps the `stamp`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write([Triple("<a:b>", "<a:p>", '"1"')], Path(folder, "graph.nt"))
    1

    Raises:
        OutputFailed: the suffix is unknown, the target is something else, or the disk refuses.
        BadGraph: the server does not answer, or does not take it.
    """
    if is_address(target):
        return write_endpoint(lambda loader: loader.add(triples), str(target), progress=progress)
    path = Path(os.path.realpath(target))
    if is_folder(path):
        return write_folder(lambda loader: loader.add(triples), path, base=base, stamp=stamp)
    if _suffix(path) in WRITTEN_ONLY:
        return export(Graph.of(triples), path)
    return _write_text(ordered(triples, folder=path.parent), path, base)


def export(
    graph: Graph,
    target: str | Path,
    *,
    triple_terms: bool = False,
    ontology: Ontology | None = None,
    progress: Progress = silent,
) -> int:
    """Write an open graph as `write` does.

    With `triple_terms`, each claim also quotes its triple as RDF 1.2 does: `?claim rdf:reifies <<( s p o )>>`. The
    ontology tells which relations are symmetric, so that a network has them once.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(Graph.of([]), Path(folder, "claims.csv"))
    0
    """
    path = Path(os.path.realpath(target))
    dump = partial(dumped, graph, triple_terms=triple_terms)
    if is_address(target):
        return write_endpoint(dump, str(target), progress=progress)
    if is_folder(path):
        return write_folder(dump, path, base=graph.base)
    suffix = _suffix(path)
    if triple_terms and suffix in WITHOUT_TRIPLE_TERMS:
        raise OutputFailed(f"{target}: cannot hold triple terms; write .ttl, .trig, .nt, .nq or .rdf, or a folder")
    view = VIEWS.get(suffix)
    if view is None:
        return _write_text(sorted_lines(graph, folder=path.parent, triple_terms=triple_terms), path, graph.base)
    pieces, count = view(graph, ontology)
    _write_file(pieces, path)
    return count


def _suffix(path: Path) -> str:
    """The suffix that names the format of a file."""
    suffix, _ = suffix_of(path)
    if suffix not in (*FORMATS, *WRITTEN_ONLY) or path.is_dir():
        raise OutputFailed(f"{path}: its suffix names no graph format; known: {known_suffixes()}")
    return suffix


def _write_text(blocks: Iterable[Block], path: Path, base: str) -> int:
    sizes: list[int] = []
    _write_file(TEXTS[_suffix(path)](tallied(blocks, sizes), {**PREFIXES, "id": base}), path)
    return sum(sizes)


def _write_file(pieces: Iterable[str], path: Path) -> None:
    with replacing(path) as new:
        with new.open("wb") as file:
            _fill(file, pieces, gzipped=suffix_of(path)[1])
        if path.exists():
            shutil.copymode(path, new)


def _fill(file: BinaryIO, pieces: Iterable[str], *, gzipped: bool) -> None:
    if gzipped:  # no name and no time in its head: the same graph is the same bytes
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
            buffered = io.BufferedWriter(packed, BUFFER)
            buffered.writelines(piece.encode() for piece in pieces)
            buffered.flush()
    else:
        file.writelines(piece.encode() for piece in pieces)
