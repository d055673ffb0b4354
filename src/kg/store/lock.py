"""One writer at a time, and readers that keep what they read: locks that the system frees when their process ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from kg.errors import OutputFailed
from kg.store.disk import complaining

PATIENCE = 10.0  # seconds that a second writer waits; a build takes longer, an export seldom
PAUSE = 0.05  # seconds between two looks
held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


@contextmanager
def writing(path: str | Path, *, name: str = "", patience: float = PATIENCE) -> Iterator[None]:
    """Keep other writers from `path`, of this program or of others, until the end of the `with` statement.

    `name` is what messages call it. Who is within already may enter again. The lock is a file beside `path`, gone at
    the end; what a killed process leaves of it holds nobody up.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, writing(Path(folder, "kg.ttl")):
    ...     [file.name for file in Path(folder).iterdir()]
    ['.kg.ttl.lock']

    Raises:
        OutputFailed: another writer has not finished after `patience` seconds, or nothing can be written there.
    """
    place = Path(os.path.realpath(path))
    if place in held.get():
        yield
        return
    lock = place.with_name(f".{place.name}.lock")
    handle = _taken(lock, name or str(path), patience)
    before = held.set(held.get() | {place})
    try:
        yield
    finally:
        held.reset(before)
        with suppress(OSError):
            lock.unlink()
        os.close(handle)


def _taken(lock: Path, name: str, patience: float) -> int:
    until = time.monotonic() + patience
    while True:
        with complaining(name):
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        if locked(handle) and _is(handle, lock):
            os.truncate(handle, 0)
            os.write(handle, f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}".encode())
            return handle
        holder = os.read(handle, 100).decode(errors="replace")
        os.close(handle)
        if time.monotonic() >= until:
            raise OutputFailed(
                f"{name}: another kg is writing it ({holder or 'just begun'}); wait until it is done, or write to "
                "another place (what stood there is untouched)"
            )
        time.sleep(PAUSE)


def pin(folder: Path) -> int:
    """A handle that keeps a folder from being removed by a writer who replaces it, until the handle is closed.

    Raises:
        OSError: there is no such folder.
    """
    while True:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        locked(handle, shared=True)  # a disk that knows no locks is read all the same
        if _is(handle, folder):
            return handle
        os.close(handle)


def is_pinned(folder: Path) -> bool:
    """Whether a reader still has the folder open."""
    if os.name != "posix":
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        return not locked(handle)
    finally:
        os.close(handle)


def _is(handle: int, path: Path) -> bool:
    """Whether the handle is of what stands at the path now."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def locked(handle: int, *, shared: bool = False) -> bool:
        """Try to lock an open file against other handles of it."""
        if shared:
            return True
        try:
            os.lseek(handle, 1 << 30, os.SEEK_SET)  # a byte beyond the text, which others may still read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

    def in_use(file: Path) -> bool:
        """Whether another program has locked a file of its own, as an Oxigraph server locks its store."""
        return False

else:
    import fcntl

    def locked(handle: int, *, shared: bool = False) -> bool:
        """Try to lock an open file or folder against other handles of it."""
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a disk that knows no locks
            return not shared
        return True

    def in_use(file: Path) -> bool:
        """Whether another program has locked a file of its own, as an Oxigraph server locks its store."""
        try:
            handle = os.open(file, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            return False
        else:
            return False
        finally:
            os.close(handle)
