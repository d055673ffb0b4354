"""A graph into a SPARQL server: only what differs from what is there travels, and it takes effect in one step.

A small difference is one request, which a server carries out whole or not at all. A large one is first put aside on
the server, in two graphs of its own, in requests of bounded size; then one short request applies both. Stopped or cut
off meanwhile, the graph is as it was, and the same command goes on with what is put aside already.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from kg.errors import BadGraph, OutputFailed
from kg.model import digest
from kg.progress import Progress, silent
from kg.store.address import NEWS, STORE
from kg.store.connection import PAUSES, BrokenOff
from kg.store.endpoint import Endpoint
from kg.store.load import Loader
from kg.store.lock import writing
from kg.store.terms import quoted

TRIPLES, BYTES = 10_000, 4 << 20  # of a request, at most
APPLIED = 1_000  # triples that even a slow server applies in a second

# Graphs of the store in which things are compared.
WANTED, THERE = ox.NamedNode("kg:wanted"), ox.NamedNode("kg:there")
PARTS = ("removed", "added")
STAGED = {part: ox.NamedNode(f"kg:{part}") for part in PARTS}  # what an earlier try has put aside
MEANT = {"removed": (THERE, WANTED), "added": (WANTED, THERE)}  # what is in the first and not in the second

log = logging.getLogger("kg")


def write_endpoint(fill: Callable[[Loader], None], url: str, *, progress: Progress = silent) -> int:
    """Make the graph at an address what `fill` writes into the loader it is given; give the number of triples.

    Raises:
        BadGraph: the server cannot be reached, or does not take it; the graph there is as it was.
        OutputFailed: what is there, or is to be, cannot be sent as a difference; another kg is writing.
    """
    endpoint = Endpoint.open(url, writing=True)
    with _alone(endpoint), _comparing() as store:
        with Loader(store, graph=WANTED) as loader:
            fill(loader)
        progress("comparing with what the server has", 0, None)
        _fetch(endpoint, store, THERE)
        _refuse_blanks(store, endpoint)
        _change(store, endpoint, progress)
        wanted, there = _count(store, f"GRAPH {WANTED} {{ ?s ?p ?o }}"), len(endpoint)
    if there != wanted:
        log.warning(
            "kg: %s: has %d triples now, not %d: someone else writes to this graph too, or the server keeps some in "
            "a form of its own",
            endpoint.shown,
            there,
            wanted,
        )
    return wanted


def _change(store: ox.Store, endpoint: Endpoint, progress: Progress) -> None:
    """Send the difference: in one request, or by way of the graphs put aside."""
    total = sum(_count(store, _in(*MEANT[part])) for part in PARTS)
    if not total:
        return
    drop = " ; ".join(f"DROP SILENT GRAPH <{_aside(endpoint, part)}>" for part in PARTS)
    if total <= TRIPLES:
        away, new = ("".join(_lines(store, _in(*MEANT[part]))) for part in PARTS)
        if len(away) + len(new) <= BYTES:
            data = f"DELETE DATA {{ {_at(endpoint, away)} }} ; INSERT DATA {{ {_at(endpoint, new)} }}"
            endpoint.update(f"{data} ; {drop}", patience=total / APPLIED)
            return
    for part in PARTS:
        _put_aside(store, endpoint, part, progress, total=total)
    progress("applying", total, total)
    every = "{ ?s ?p ?o }"
    endpoint.update(
        f"DELETE {{ {_at(endpoint, '?s ?p ?o')} }} WHERE {{ GRAPH <{_aside(endpoint, 'removed')}> {every} }} ; "
        f"INSERT {{ {_at(endpoint, '?s ?p ?o')} }} WHERE {{ GRAPH <{_aside(endpoint, 'added')}> {every} }} ; {drop}",
        patience=total / APPLIED,
    )


def _put_aside(store: ox.Store, endpoint: Endpoint, part: str, progress: Progress, *, total: int) -> None:
    """Bring one half of the difference to the server, but for what an earlier try has brought."""
    aside, staged = endpoint.within(_aside(endpoint, part)), STAGED[part]
    _fetch(aside, store, staged)
    this, other = MEANT[part]
    stale = f"GRAPH {staged} {{ ?s ?p ?o }} FILTER(NOT EXISTS {{ {_of(this)} }} || EXISTS {{ {_of(other)} }})"
    if _count(store, stale):
        aside.update(f"DROP SILENT GRAPH <{aside.graph}>", patience=0)
        store.clear_graph(staged)
    done = _count(store, _of(staged))
    for batch in _batches(_lines(store, _in(this, other, staged))):
        aside.update(f"INSERT DATA {{ {_at(aside, ''.join(batch))} }}", patience=len(batch) / APPLIED)
        done += len(batch)
        progress(f"sending what is {part}", done, total)


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == TRIPLES or size + len(line) > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def _aside(endpoint: Endpoint, part: str) -> str:
    return f"{endpoint.graph or NEWS}/{part}"


def _at(endpoint: Endpoint, triples: str) -> str:
    return f"GRAPH <{endpoint.graph}> {{ {triples} }}" if endpoint.graph else triples


# ---------------------------------------------------------------- comparing


@contextmanager
def _comparing() -> Iterator[ox.Store]:
    """A store on the disk, gone at the end, so that the memory holds no graph however large."""
    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as folder:
        yield ox.Store(folder)


@contextmanager
def _alone(endpoint: Endpoint) -> Iterator[None]:
    """Keep other writers of this machine from the same graph."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    place = Path(tempfile.gettempdir(), f"kg-{user}-{digest(f'{endpoint.shown} {endpoint.graph}')}")
    with writing(place, name=endpoint.shown):
        yield


def _fetch(endpoint: Endpoint, store: ox.Store, graph: ox.NamedNode) -> None:
    """Copy a graph of the server; from the start again where the answer breaks off."""
    for pause in (*PAUSES, None):
        try:
            with Loader(store, graph=graph) as loader:
                endpoint.dump(loader)
        except BrokenOff as error:
            if pause is None:
                raise
            log.warning("kg: %s; trying again in %g s", error, pause)
            store.clear_graph(graph)
            time.sleep(pause)
        else:
            break
    if loader.lines < len(endpoint):
        raise BadGraph(
            f"{endpoint.shown}: gives only {loader.lines} of its {len(endpoint)} triples, too few to compare with; "
            f"raise its limit, or set {STORE} to the address of its graph store"
        )


def _refuse_blanks(store: ox.Store, endpoint: Endpoint) -> None:
    blank = "FILTER(isBlank(?s) || isBlank(?o))"
    for graph, what in ((THERE, "there holds"), (WANTED, "to be sent holds")):
        if _count(store, f"{_of(graph)} {blank}"):
            raise OutputFailed(
                f"{endpoint.shown}: the graph {what} blank nodes, which have no name to compare them by; kg makes "
                "none, so it is another's: name a graph of your own with ?graph=IRI"
            )


def _of(graph: ox.NamedNode) -> str:
    return f"GRAPH {graph} {{ ?s ?p ?o }}"


def _in(graph: ox.NamedNode, *others: ox.NamedNode) -> str:
    """The pattern of what is in a graph and in none of the others."""
    return " ".join([_of(graph), *(f"FILTER NOT EXISTS {{ {_of(other)} }}" for other in others)])


def _count(store: ox.Store, pattern: str) -> int:
    (row,) = cast("ox.QuerySolutions", store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"))
    return int(row["n"].value)


def _lines(store: ox.Store, pattern: str) -> Iterator[str]:
    for row in cast("ox.QuerySolutions", store.query(f"SELECT ?s ?p ?o {{ {pattern} }}")):
        s, p, o = row["s"], row["p"], row["o"]
        yield f"{s} {p} {quoted(o) if isinstance(o, ox.Triple) else o} .\n"
