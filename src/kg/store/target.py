"""Where a graph is to go: looked at before hours of work, and kept from other writers meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import OutputFailed
from kg.store.folder import CURRENT, is_folder
from kg.store.formats import FORMATS, WRITTEN_ONLY, is_address, known_suffixes, suffix_of
from kg.store.lock import writing


def check_target(target: str | Path) -> bool:
    """Whether a graph stands there already.

    >>> check_target("none/kg.ttl")
    Traceback (most recent call last):
    ...
    kg.errors.OutputFailed: none/kg.ttl: its folder does not exist; make it first

    Raises:
        OutputFailed: nothing can be written there.
        BadGraph: a server that does not answer.
    """
    if is_address(target):
        from kg.store.endpoint import Endpoint

        return Endpoint.open(str(target), writing=True).holds()
    path = Path(target)
    suffix, _ = suffix_of(path)
    if not path.parent.is_dir():
        raise OutputFailed(f"{path}: its folder does not exist; make it first")
    if is_folder(path):
        return (path / CURRENT).exists()
    if suffix not in (*FORMATS, *WRITTEN_ONLY):
        raise OutputFailed(f"{path}: its suffix names no graph format; known: {known_suffixes()}")
    return path.is_file() and path.stat().st_size > 0


@contextmanager
def writing_to(target: str | Path) -> Iterator[None]:
    """Keep other writers from a file or a folder; a server has locks of its own.

    Raises:
        OutputFailed: another writer is at work and does not finish.
    """
    if is_address(target):
        yield
    else:
        with writing(target):
            yield
