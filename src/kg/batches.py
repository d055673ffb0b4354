"""Extraction over batches of articles, in this process or in several; an article that fails stops no other."""

from __future__ import annotations

import logging
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path

from kg.annotate import annotate, load_model
from kg.errors import KgError
from kg.extract import Extractor
from kg.model import Document, Problem, Record
from kg.ontology import Ontology

BATCH = 8  # articles: what a kill loses at most; smaller ones make the parser slower, larger ones gain nothing
AHEAD = 2  # batches waiting for each worker, so that none is ever idle

Outcome = tuple[Document, Record | Problem]

log = logging.getLogger("kg")


def extract_batches(documents: Iterable[Document], extractor: Extractor, *, jobs: int = 1) -> Iterator[list[Outcome]]:
    """What extraction finds in each article, a batch at a time; with several jobs, in any order.

    Raises:
        KgError: a worker process died.
    """
    batches = _batches(iter(documents))
    first = list(islice(batches, jobs))
    if len(first) < 2:
        yield from (_extract(extractor, batch) for batch in first)
        yield from (_extract(extractor, batch) for batch in batches)
        return
    yield from _in_processes(first, batches, extractor.ontology, len(first))


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, BATCH)):
        yield batch


def _extract(extractor: Extractor, documents: Sequence[Document]) -> list[Outcome]:
    try:
        return [(document, extractor.extract(document, doc)) for document, doc in annotate(documents)]
    except Exception:  # noqa: BLE001  # which article it was shows when each is alone
        return [(document, _alone(extractor, document)) for document in documents]


def _alone(extractor: Extractor, document: Document) -> Record | Problem:
    """One article's record; whatever goes wrong in it is that article's problem."""
    try:
        return next(extractor.extract(document, doc) for document, doc in annotate([document]))
    except Exception as error:
        log.debug("%s", document.origin, exc_info=True)
        place = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(place.filename).name}:{place.lineno}"
        what = f"extraction failed with {type(error).__name__} at {at}: {error}"
        return Problem(where=document.origin, message=f"{what}; please report it, with what --debug says")


# ---------------------------------------------------------------- worker processes

_extractor: Extractor  # of a worker process


def _in_processes(
    first: Sequence[list[Document]], rest: Iterator[list[Document]], ontology: Ontology, jobs: int
) -> Iterator[list[Outcome]]:
    others = set(active_children())
    settings = (ontology, log.getEffectiveLevel())
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_start_worker, initargs=settings)
    running: deque[Future[list[Outcome]]] = deque()
    try:
        with _interrupts_kept_from_children():
            running.extend(pool.submit(_work, batch) for batch in first)
        for batch in islice(rest, (AHEAD - 1) * jobs):
            running.append(pool.submit(_work, batch))
        while running:
            done = running.popleft().result()
            running.extend(pool.submit(_work, batch) for batch in islice(rest, 1))
            yield done
    except BrokenProcessPool as error:
        raise KgError(
            "a worker process died, most often for want of memory; what is extracted is kept: "
            "go on with the same command and a smaller --jobs"
        ) from error
    except BaseException:  # Ctrl-C: do not wait for batches under way
        for child in set(active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Processes started within never see Ctrl-C, which a terminal sends to all: the parent alone answers it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(ontology: Ontology, level: int) -> None:
    global _extractor
    logging.basicConfig(level=level)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _extractor = Extractor(ontology, load_model())


def _end_with_parent() -> None:
    """A killed parent cannot stop its workers; they stop themselves."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(documents: list[Document]) -> list[Outcome]:
    return _extract(_extractor, documents)
