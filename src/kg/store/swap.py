"""A file or folder replaced whole: built aside, then put in the place of the old one in one step.

The new one is built under a hidden name beside its target, `.NAME.new`; the system swaps the two names at once where
it can (Linux, macOS), so that a reader always finds the old or the new one. Elsewhere a folder is first renamed to
`.NAME.1.old`. An old folder that a reader has open bears such a name until a later write finds it free.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import OutputFailed
from kg.store.disk import complaining, discard, sync
from kg.store.lock import is_pinned, writing

SWAP = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
HERE = -100  # AT_FDCWD of Linux: paths are as they are


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to build what is to stand at `path`: put there at the end, or gone if anything fails.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "kg.nt")) as new:
    ...         _ = new.write_text("")
    ...     [file.name for file in Path(folder).iterdir()]
    ['kg.nt']

    Raises:
        OutputFailed: the disk refuses, or another writer does not finish.
    """
    with complaining(path), writing(path):
        clean(path)
        new = _aside(path)
        try:
            yield new
            for file in new.iterdir() if new.is_dir() else ():
                sync(file)
            sync(new)
            _put(new, path)
            sync(path.parent)
        finally:
            _let_go(new, path)


def recover(path: Path) -> None:
    """Put an old folder back in its place where a kill came between the two renames of a swap."""
    if path.exists() or not _old(path):
        return
    with suppress(OSError, OutputFailed), writing(path):
        if not path.exists():
            _old(path)[-1].rename(path)


def clean(path: Path) -> None:
    """Remove what killed writers left beside `path`; for who has the lock."""
    recover(path)
    discard(_aside(path))
    for old in _old(path):
        if not is_pinned(old):
            discard(old)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _old(path: Path) -> list[Path]:
    """The old folders beside `path`, the latest last."""
    form = re.compile(re.escape(f".{path.name}.") + r"(\d+)\.old")
    there = path.parent.iterdir() if path.parent.is_dir() else ()
    found = {int(match[1]): file for file in there if (match := form.fullmatch(file.name))}
    return [found[number] for number in sorted(found)]


def _next_old(path: Path) -> Path:
    before = _old(path)
    number = int(before[-1].name.split(".")[-2]) + 1 if before else 1
    return path.with_name(f".{path.name}.{number}.old")


def _put(new: Path, path: Path) -> None:
    """Give `new` the name `path`; what stood there may then stand at `new`."""
    if not (new.is_dir() and path.exists()):
        new.replace(path)
    elif not exchange(new, path):
        old = _next_old(path)
        path.rename(old)
        try:
            new.rename(path)
        except BaseException:
            old.rename(path)
            raise
        if not is_pinned(old):
            discard(old)


def _let_go(new: Path, path: Path) -> None:
    """Remove what is left aside: half of the new one, or the old one if nobody reads it any more."""
    if new.is_dir() and is_pinned(new):
        new.rename(_next_old(path))
    else:
        discard(new)


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two files or folders in one step; false where the system cannot."""
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return bool(library.renameat2(HERE, names[0], HERE, names[1], SWAP) == 0)
    if hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*names, SWAP) == 0)
    return False
