"""What a disk says, in words; and bytes brought to it for good."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import OutputFailed

REASONS: Mapping[int | None, str] = {
    errno.ENOSPC: "the disk is full; make room or write to another disk",
    errno.EDQUOT: "the disk quota is used up; make room or write to another disk",
    errno.EFBIG: "the file would be larger than is allowed here; write to another disk or raise the limit",
    errno.ENOENT: "its folder does not exist; make it first",
    errno.ENOTDIR: "its folder is a file; choose another place",
    errno.EACCES: "no permission to write there; choose another place",
    errno.EPERM: "no permission to write there; choose another place",
    errno.EROFS: "that disk is read-only; choose another place",
}

TRIES, PAUSE = 20, 0.05  # to remove a folder; seconds between two of them


@contextmanager
def complaining(path: str | Path) -> Iterator[None]:
    """Say in words why a disk refuses what is to be written to `path`.

    >>> with complaining("kg.ttl"):
    ...     raise OSError(errno.EROFS, "")
    Traceback (most recent call last):
    ...
    kg.errors.OutputFailed: kg.ttl: cannot be written: that disk is read-only; choose another place (what stood there
    is untouched)
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = getattr(error, "errno", None)
        full = "No space left" in str(error)
        reason = REASONS.get(errno.ENOSPC if full else number, getattr(error, "strerror", None) or str(error))
        raise OutputFailed(f"{path}: cannot be written: {reason} (what stood there is untouched)") from error


def discard(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    for _ in range(TRIES):
        if not path.is_dir() or path.is_symlink():
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return
        shutil.rmtree(path, ignore_errors=True)
        if path.exists():  # a store that was given up may still be writing
            time.sleep(PAUSE)


def sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
