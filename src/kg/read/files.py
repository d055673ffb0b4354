"""The files that paths stand for, and the bytes in them."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from kg.model import Problem

GZIP = ".gz"
BROKEN = (OSError, EOFError, zlib.error)  # what reading a file can raise; a broken .gz, the last two


class Folder(NamedTuple):
    """A folder, whatever its name, and the names in it."""

    key: tuple[int, int]
    names: list[str]


def split_name(name: str) -> tuple[str, str]:
    """A file's name without its suffixes, and the suffix that tells its format.

    >>> split_name("minsk.2020.TXT.gz"), split_name("README")
    (('minsk.2020', '.txt'), ('README', ''))
    """
    path = Path(name)
    if path.suffix.lower() == GZIP:
        path = path.with_suffix("")
    return path.stem, path.suffix.lower()


def walk(path: Path, suffixes: Collection[str]) -> Iterator[Path | Problem]:
    """The files that a path stands for: itself, or those below it with such a suffix, in the order of their names.

    Hidden files and folders below it are left out; a folder with several names is entered once.
    """
    seen: set[tuple[int, int]] = set()
    empty = True
    pending: list[Iterator[Path]] = [iter([path])]
    while pending:
        here = next(pending[-1], None)
        if here is None:
            pending.pop()
            continue
        found = _look(here, suffixes, given=len(pending) == 1)
        if isinstance(found, Folder):
            pending.append(map(here.joinpath, () if found.key in seen else found.names))
            seen.add(found.key)
        elif found:
            empty = False
            yield found
    if empty:
        yield Problem(where=str(path), message=f"holds no article; articles end in {_listed(suffixes)}")


def _look(path: Path, suffixes: Collection[str], *, given: bool) -> Path | Problem | Folder | None:
    """What there is; None: nothing to be read."""
    known = split_name(path.name)[1] in suffixes
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return Folder((status.st_dev, status.st_ino), _names(path))
    except (OSError, ValueError) as error:
        return unreadable(path, error) if given or known or path.is_dir() else None
    if known and stat.S_ISREG(status.st_mode):
        return path
    if not given:
        return None
    kind = "has an unknown suffix" if stat.S_ISREG(status.st_mode) else "is neither a file nor a folder"
    return Problem(where=str(path), message=f"{kind}; articles end in {_listed(suffixes)}")


def unreadable(where: object, error: Exception) -> Problem:
    """What to tell of a file that cannot be read."""
    match error:
        case FileNotFoundError():
            message = "does not exist; check its name"
        case PermissionError():
            message = "cannot be read: permission denied; give yourself the right to read it"
        case EOFError() | gzip.BadGzipFile() | zlib.error():
            message = f"is no whole gzip file: {error}; fetch or compress it again"
        case _:
            message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return Problem(where=str(where), message=message)


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith("."))


def _listed(suffixes: Collection[str]) -> str:
    return f"{', '.join(suffixes)}, or one of these and {GZIP}"


@contextmanager
def open_file(path: Path) -> Iterator[io.BufferedReader]:
    """The bytes of a file, those of a .gz unpacked."""
    with path.open("rb") as stream:
        yield _unpacked(stream) if path.suffix.lower() == GZIP else stream


def standard_input() -> io.BufferedReader:
    """The bytes of the standard input, unpacked if they are compressed."""
    buffer: BinaryIO = sys.stdin.buffer
    stream = buffer if isinstance(buffer, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, buffer))
    return _unpacked(stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream


def _unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    return io.BufferedReader(gzip.GzipFile(fileobj=stream))
