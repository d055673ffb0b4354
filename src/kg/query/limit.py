"""A time limit for a query.

The engine cannot be told to stop (pyoxigraph 0.5 has no way), a process can: `within` asks in a copy of this process
and kills it, for programs that go on; `watched` asks in a thread, for a command that ends with its question.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from queue import Empty, Queue
from typing import Any, TypeVar, cast

from kg.errors import BadQuery, TimeUp
from kg.model import Triple
from kg.store import Stream

T = TypeVar("T")
CAN_COPY = hasattr(os, "fork")
GRACE = 0.5  # seconds
PIECE = 1 << 20  # bytes read at once
MOST = 512  # rows handed over at once, after 1, 2, 4...
Answer = Stream | bool | Iterator[Triple]
Handed = Answer | Sequence[object] | BaseException | None  # None: that was all


def within(seconds: float | None, ask: Callable[[], T]) -> T:
    """What `ask` gives, worked out in a copy of this process, which is killed when the time is up.

    What brings the copy down leaves this process as it was.

    >>> within(5, lambda: 1 + 1)
    2

    Raises:
        TimeUp: the time is up.
        BadQuery: the system cannot copy a process (Windows).
    """
    if not hasattr(os, "fork"):
        raise BadQuery(
            "a time limit for a query needs Linux or macOS; leave it out, or use `kg query`, which has one everywhere"
        )
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the child runs one query and ends
        child = os.fork()
    if child == 0:
        _answer(ask, writing, seconds)
    os.close(writing)
    try:
        data = b"".join(_pieces(reading, seconds))
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reading)
        os.waitpid(child, 0)
    if not data:
        raise BadQuery("the query is too long or too deeply nested for the engine, or needs too much memory; split it")
    answer, error = pickle.loads(data)
    if error is not None:
        raise error
    found: T = answer
    return found


def watched(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives, worked out in a thread; the time spent waiting for it counts, not what is done with it.

    When the time is up the thread still runs: the process should end. 0 seconds are no limit.

    >>> watched(5, lambda: True)
    True

    Raises:
        TimeUp: the time is up, while this is called or while the rows are gone through.
    """
    handed: Queue[Handed] = Queue(maxsize=8)
    left = seconds

    def wait() -> Handed:
        nonlocal left
        start = time.monotonic()
        try:
            found = handed.get(timeout=max(left, 0.001) if seconds else None)
        except Empty:
            raise _up(seconds) from None
        left -= time.monotonic() - start
        if isinstance(found, BaseException):
            raise found
        return found

    threading.Thread(target=_work, args=(ask, handed), daemon=True).start()
    answer = wait()
    if isinstance(answer, bool):
        return answer
    rows = chain.from_iterable(cast("Iterator[Sequence[Any]]", iter(wait, None)))
    return Stream(answer.variables, rows) if isinstance(answer, Stream) else rows


def _work(ask: Callable[[], Answer], handed: Queue[Handed]) -> None:
    """In the thread: hand over what is found, or the error."""
    try:
        answer = ask()
        handed.put(answer)
        if not isinstance(answer, bool):
            rows, size = iter(answer), 1
            while piece := tuple(islice(rows, size)):
                handed.put(piece)
                size = min(2 * size, MOST)
        handed.put(None)
    except BaseException as error:  # noqa: BLE001 - the other thread raises it
        handed.put(error)


def _up(seconds: float) -> TimeUp:
    """The complaint that the time is up.

    >>> str(_up(2.5))[:35]
    'the query was stopped after 2.5 sec'
    """
    return TimeUp(
        f"the query was stopped after {seconds:g} seconds; ask for less (a LIMIT, a name for a variable, patterns that "
        "share variables) or allow it more time (--timeout)"
    )


def _answer(ask: Callable[[], object], writing: int, seconds: float | None) -> None:
    """In the child: send what is found, or the error, and end; in time, even if nobody waits any more."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if seconds:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
        try:
            sent = pickle.dumps((ask(), None))
        except Exception as error:  # noqa: BLE001 - the parent raises it
            sent = pickle.dumps((None, error))
        with open(writing, "wb") as pipe:
            pipe.write(sent)
    finally:
        os._exit(0)


def _pieces(reading: int, seconds: float | None) -> Iterator[bytes]:
    end = None if seconds is None else time.monotonic() + seconds
    while select.select([reading], [], [], None if end is None else max(0.0, end - time.monotonic()))[0]:
        piece = os.read(reading, PIECE)
        if not piece:
            return
        yield piece
    raise _up(seconds or 0)
