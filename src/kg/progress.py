"""How far a long task is: a bar on a terminal, a plain line now and then elsewhere; always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Progress = Callable[[str, int, int | None], None]
"""`progress(stage, done, total)`: what is being done, how much of it, and of how much (None: not known)."""

EVERY = 10.0  # seconds between two plain lines: a log of an hour stays readable


def silent(stage: str, done: int, total: int | None) -> None:
    """Report nothing.

    >>> silent("extracting", 1, 2)
    """


@contextmanager
def shown(stream: TextIO | None = None, *, every: float = EVERY) -> Iterator[Progress]:
    """A `Progress` for people: a bar when `stream` (stderr) is a terminal, else a line every ten seconds.

    >>> with shown(sys.stdout, every=0) as progress:
    ...     progress("extracting", 3, 12)
    kg: extracting, 3 of 12
    """
    stream = stream or sys.stderr
    if stream.isatty():
        with _bar(stream) as progress:
            yield progress
    else:
        yield _lines(stream, every)


def _lines(stream: TextIO, every: float) -> Progress:
    last = time.monotonic()

    def progress(stage: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= every:
            last = time.monotonic()
            amount = f"{done}" if total is None else f"{done} of {total}"
            print(f"kg: {stage}, {amount}", file=stream, flush=True)

    return progress


@contextmanager
def _bar(stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeRemainingColumn(), console=Console(file=stream), transient=True) as bars:
        task = bars.add_task("", total=None)
        current = ""

        def progress(stage: str, done: int, total: int | None) -> None:
            nonlocal current
            if stage != current:  # a new stage measures its own speed
                current = stage
                bars.reset(task, description=stage)
            bars.update(task, completed=done, total=total)

        yield progress
