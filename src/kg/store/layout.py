"""Triples in the order in which files hold them, so that the same graph is the same bytes.

A triple is a line of N-Triples, in UTF-8: sorted as bytes, lines stand in the order of their subjects, predicates and
objects, for a space is below whatever may go on where one of them ends.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO

from kg.model import Triple
from kg.store.terms import TYPE

Block = list[bytes]  # some lines in order; the next block goes on where it ends

RUN = 128 << 20  # bytes of text sorted in memory; beyond that, sorted runs wait on the disk
READ = 1 << 20  # bytes read from a run at once
CHUNK = 10_000  # triples made into text at once


class Sorter:
    """A file that takes lines of N-Triples in any order and gives each once, sorted, in bounded memory.

    >>> lines = Sorter()
    >>> lines.write(b'<a:b> <a:p> "2" .\\n<a:b> <a:p> "1" .\\n<a:b> <a:p> "2" .\\n')
    54
    >>> list(lines.blocks())
    [[b'<a:b> <a:p> "1" .\\n', b'<a:b> <a:p> "2" .\\n']]
    """

    def __init__(self, *, folder: Path | None = None) -> None:
        self._folder = folder  # where the runs wait, without a name
        self._lines: Block = []
        self._size = 0
        self._rest = b""  # of a line whose end is yet to come
        self._runs: list[IO[bytes]] = []

    def write(self, data: bytes) -> int:
        """Take a piece of text, which may end within a line."""
        text = self._rest + data
        end = text.rfind(b"\n") + 1
        self._rest = text[end:]
        self._lines += text[:end].splitlines(keepends=True)
        self._size += len(data)
        if self._size >= RUN:
            self._put_by()
        return len(data)

    def flush(self) -> None:
        """Nothing is held back: there is nothing to do."""

    def blocks(self) -> Iterator[Block]:
        """What was written, each line once, in order; to be asked once."""
        last, self._lines = self._lines, []
        last.sort()
        try:
            yield from _merged([*map(_read, self._runs), _cut(last)])
        finally:
            for run in self._runs:
                run.close()

    def _put_by(self) -> None:
        run = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed when it is read
        self._runs.append(run)
        self._lines.sort()
        for block in _cut(self._lines):
            run.write(b"".join(block))
        run.seek(0)
        self._lines, self._size = [], 0


def ordered(triples: Iterable[Triple], *, folder: Path | None = None) -> Iterator[Block]:
    """Each triple once, sorted by subject, predicate and object; `folder` is where large graphs wait meanwhile.

    >>> list(ordered([Triple("<a:b>", "<a:p>", '"1"'), Triple("<a:b>", "<a:p>", '"1"')]))
    [[b'<a:b> <a:p> "1" .\\n']]
    """
    sorter = Sorter(folder=folder)
    rest = lines(triples)
    while text := "".join(islice(rest, CHUNK)):
        sorter.write(text.encode())
    yield from sorter.blocks()


def by_subject(blocks: Iterable[Block]) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Sorted triples as (subject, {predicate: objects}), the subject's type first.

    >>> blocks = ordered([Triple("<a:b>", "<a:p>", '"1"'), Triple("<a:b>", TYPE, "<a:C>")])
    >>> dict(by_subject(blocks))["<a:b>"].popitem()
    ('<a:p>', ['"1"'])
    """
    triples = (line[:-3].decode().split(" ", 2) for block in blocks for line in block)
    for subject, group in groupby(triples, key=itemgetter(0)):
        objects: dict[str, list[str]] = {}
        for _, predicate, value in group:
            objects.setdefault(predicate, []).append(value)
        types = objects.pop(TYPE, None)
        yield subject, {TYPE: types, **objects} if types else objects


def lines(triples: Iterable[Triple]) -> Iterator[str]:
    """Triples as N-Triples, which is N-Quads too.

    >>> list(lines([Triple("<a:b>", "<a:p>", '"1"')]))
    ['<a:b> <a:p> "1" .\\n']
    """
    return (f"{s} {p} {o} .\n" for s, p, o in triples)


def _cut(block: Block) -> Iterator[Block]:
    return (block[start : start + CHUNK] for start in range(0, len(block), CHUNK))


def _read(run: IO[bytes]) -> Iterator[Block]:
    return iter(lambda: run.readlines(READ), [])


def _merged(runs: Iterable[Iterator[Block]]) -> Iterator[Block]:
    """The lines of sorted runs in one order: from each run what lies below the nearest end of a block, sorted anew.

    Python's sort finds the runs within a list and merges them, so that this costs little more than comparing.
    """
    last = b""
    heads = [(block, run) for run in runs if (block := next(run, []))]
    while heads:
        bound = min(block[-1] for block, _ in heads)
        ready: Block = []
        left = []
        for block, run in heads:
            end = bisect_right(block, bound)
            ready += block[:end]
            if rest := block[end:] or next(run, []):
                left.append((rest, run))
        heads = left
        ready.sort()
        once = [line for line, _ in groupby(ready)]
        if once[0] == last:  # one of its doubles stood in a later block
            del once[0]
        last = bound
        yield once
