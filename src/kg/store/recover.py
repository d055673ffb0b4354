"""What a killed write may leave beside its target, and how the next one puts it right.

A new file or folder is built under a hidden name beside the target, which holds the process's number. A folder that is
replaced is first renamed to another such name. Both are removed at the end; after a kill, here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

NEW, OLD = "new", "old"


def aside(path: Path, role: str) -> Path:
    """The hidden name beside `path` under which this process builds (NEW) or puts away (OLD)."""
    return path.with_name(f".{path.name}.{os.getpid()}.{role}")


def recover(path: Path) -> None:
    """Put an old folder back in its place where a kill came between the two renames of a swap."""
    if path.exists():
        return
    for old in _left_by_dead(path, OLD):
        with suppress(OSError):
            old.rename(path)
            return


def clean(path: Path) -> None:
    """Remove what killed processes left beside `path`."""
    recover(path)
    for role in (NEW, OLD):
        for stale in _left_by_dead(path, role):
            discard(stale)


def discard(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _left_by_dead(path: Path, role: str) -> Iterator[Path]:
    start, end = f".{path.name}.", f".{role}"
    names = sorted(file.name for file in path.parent.iterdir()) if path.parent.is_dir() else []
    for name in names:
        number = name[len(start) : -len(end)]
        if name.startswith(start) and name.endswith(end) and number.isdigit() and not _alive(int(number)):
            yield path.with_name(name)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False
    if os.name != "posix":  # elsewhere the question would be a signal
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
