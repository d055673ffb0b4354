"""What users add to a collection beside articles: corrections and lists of their own; where they lie, what is kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.corrections import NO_CORRECTIONS, Corrections, corrections_path, default_path, load_corrections
from kg.entitylist import NO_LIST, EntityList, combined, read_list
from kg.errors import BadEntityList
from kg.model import Problem
from kg.ontology import Ontology
from kg.records import RecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """A file of `--entities` as the collection keeps it."""

    path: str  # as given, made absolute
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Corrections and lists, read and checked; `keep` is what the collection keeps once the graph is written."""

    corrections: Corrections = NO_CORRECTIONS
    known: EntityList = NO_LIST
    problems: tuple[Problem, ...] = ()
    keep: Mapping[str, object] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there are no corrections and no lists."""
        return not self.corrections.items and not self.known.entries


def load_own(
    store: RecordStore,
    records: Path,
    output: Path | str,
    ontology: Ontology,
    *,
    base: str,
    corrections: Path | str | None = None,
    entities: Sequence[Path | str] | None = None,
) -> Own:
    """The corrections and lists of a graph: those given now, else those of its last build.

    `records` is the file of the collection. Without a file given, now or before, the corrections are those beside the
    graph. No `entities` at all (an empty list) takes the kept ones out.

    Raises:
        BadCorrections: a file that was given is not there, or it cannot be used.
        BadEntityList: a list cannot be used.
    """
    path = corrections_path(store, records, output, given=corrections)
    kept = _lists(entities) if entities is not None else store.kept("entities", list[KeptList]) or []
    lists = [read_list(each.data, Path(each.path).name, ontology, base=base) for each in kept]
    known = combined(lists, ontology) if lists else NO_LIST
    keep: dict[str, object] = {"base": base}
    if corrections is not None:
        keep["corrections"] = None if path == default_path(output, records) else _relative(path, records)
    if entities is not None:
        keep["entities"] = kept or None
    return Own(
        corrections=load_corrections(path, ontology, base=base),
        known=known,
        problems=(*known.problems, *(_outdated(kept) if entities is None else ())),
        keep=keep,
    )


def keep_own(store: RecordStore, own: Own) -> None:
    """Let the collection keep what the next build shall find."""
    for name, value in own.keep.items():
        store.keep(name, value)


def relative_paths(paths: Iterable[Path | str], records: Path) -> list[str]:
    """Files as the collection remembers them: from its folder, so that both can be moved together."""
    return [_relative(Path(path), records) for path in paths]


def _relative(path: Path, records: Path) -> str:
    try:
        return os.path.relpath(path, records.parent)
    except ValueError:  # on another drive
        return str(path.absolute())


def _lists(paths: Sequence[Path | str]) -> list[KeptList]:
    return [KeptList(path=str(Path(path).absolute()), data=_bytes(Path(path))) for path in paths]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise BadEntityList(f"{path}: a folder; name a file with --entities") from error
    except OSError as error:
        raise BadEntityList(f"{path}: cannot be read ({error.strerror}); name a file with --entities") from error


def _outdated(kept: Iterable[KeptList]) -> Iterator[Problem]:
    """The lists whose files have changed since they were given."""
    for each in kept:
        path = Path(each.path)
        if path.is_file() and path.read_bytes() != each.data:
            yield Problem(where=str(path), message="has changed since it was given; --entities takes the change in")
