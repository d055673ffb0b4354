"""What goes wrong, as a line on stderr and an exit code."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

from kg.errors import KgError
from kg.progress import Progress
from kg.requirements import check_installed

DONE, NO, WRONG, STOPPED = 0, 1, 2, 130

UsageError: type[Exception] = typer.BadParameter.__bases__[0]  # Typer's own or click's, by Typer's version

WORDS = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EFBIG: "the file would be larger than is allowed here",
    errno.EACCES: "permission denied; choose another place or give yourself the right",
    errno.EPERM: "permission denied; choose another place or give yourself the right",
    errno.EROFS: "that disk is read-only; choose another place",
}

log = logging.getLogger("kg")


class Commands(TyperGroup):
    """The commands of `kg`; what they raise becomes a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        with explained():
            check_installed()
            return super().invoke(ctx)


def say(message: str) -> None:
    """A line for people, on stderr."""
    typer.echo(f"kg: {message}", err=True)


@contextmanager
def interruptible(progress: Progress) -> Iterator[Progress]:
    """Ctrl-C stops what reports its progress at the next report, should the exception get lost in a library."""
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.default_int_handler(number, frame)

    def report(stage: str, done: int, total: int | None) -> None:
        if asked:
            raise KeyboardInterrupt
        progress(stage, done, total)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored in the background, or another program's
        yield progress
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield report
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what is raised within into a line on stderr and an exit code; the traceback comes with --debug only."""
    try:
        yield
        sys.stdout.flush()
    except (typer.Exit, typer.Abort, UsageError):
        raise
    except KeyboardInterrupt:
        say("stopped")
        raise typer.Exit(STOPPED) from None
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(DONE) from None
    except Exception as error:
        log.debug("where it comes from", exc_info=True)
        say(_words(error))
        raise typer.Exit(WRONG) from None


def _words(error: Exception) -> str:
    if isinstance(error, KgError):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return where + WORDS.get(error.errno or 0, error.strerror or str(error))
    return f"unexpected {type(error).__name__}: {error}; run the same command with --debug and report what it says"
