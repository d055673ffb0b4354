"""A folder with an Oxigraph store: written whole, opened at once whatever its size.

Beside the store's own files stands `kg.json`: the version of this layout, how many triples there are, and what their
IRIs begin with. What it counts holds as long as no other program has written to the store.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import BadGraph, OutputFailed
from kg.model import Triple
from kg.store.formats import known_suffixes
from kg.store.load import Loader
from kg.store.lock import in_use, pin, writing
from kg.store.swap import replacing

FORMAT = 1  # of the folder: what a later kg cannot read as before gets the next number
NOTES, CURRENT = "kg.json", "CURRENT"
STORE_FILE = re.compile(r"CURRENT|IDENTITY|LOCK|LOG\S*|(MANIFEST|OPTIONS)-\d+|\d+\.(sst|log|blob)|\S+\.dbtmp|kg\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What `kg.json` says."""

    format: int = FORMAT
    triples: int
    base: str
    manifest: str  # what CURRENT said: another program's first write changes that
    stamp: str = ""  # of the build that wrote the store


def write_folder(fill: Callable[[Loader], None], path: Path, *, base: str, stamp: str = "") -> int:
    """Make a store at `path` of what `fill` writes into the loader it is given; give the number of triples.

    The stamp is of what the store is made from: `stamp_of` gives it back as long as nobody else has changed the store.

    Raises:
        OutputFailed: the disk refuses, or another program is at work on the store.
    """
    with writing(path):
        refuse_served(path)
        with replacing(path) as new:
            path.parent.stat()  # a missing parent is not made: it is most often a slip
            number = _filled(fill, new)
            note(new, triples=number, base=base, stamp=stamp)
            return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is no more in a graph, and what is new; what is in both stays."""

    patterns: Sequence[tuple[str, str | None]] = ()  # all of a subject, or all of a predicate of it, is no more
    removed: Sequence[Triple] = ()
    added: Sequence[Triple] = ()


def change_folder(change: Change, path: Path, *, stamp: str) -> int:
    """Change a store that bears a stamp; give the number of its triples.

    The change is made to a copy of links, which takes the place of the store whole: who reads the old one goes on so.

    Raises:
        OutputFailed: the disk refuses, or another program is at work on the store.
    """
    with writing(path):
        refuse_served(path)
        notes = _notes(path, path)
        if notes is None:
            raise OutputFailed(f"{path}: another program has changed this store meanwhile; build it again")
        with replacing(path) as new:
            number = notes.triples + _changed(path, new, change)
            note(new, triples=number, base=notes.base, stamp=stamp)
    return number


def _changed(path: Path, new: Path, change: Change) -> int:
    """Make a changed copy of a store; it is closed when this function has ended, for nothing else holds it."""
    before = ox.Store.read_only(str(path))
    removed = {quad for pattern in change.patterns for quad in _found(before, *pattern)} | _quads(change.removed)
    added = _quads(change.added)
    before.backup(new)  # of links, not of bytes
    store = ox.Store(str(new))
    for quad in removed - added:
        store.remove(quad)
    store.extend(added - removed)
    store.flush()
    return len(added - removed) - len(removed - added)


def _found(store: ox.Store, subject: str, predicate: str | None) -> Iterator[ox.Quad]:
    of = ox.NamedNode(predicate[1:-1]) if predicate else None
    return store.quads_for_pattern(ox.NamedNode(subject[1:-1]), of, None, ox.DefaultGraph())


def _quads(triples: Iterable[Triple]) -> set[ox.Quad]:
    text = "".join([f"{s} {p} {o} .\n" for s, p, o in triples])
    return set(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))


def stamp_of(path: Path) -> str:
    """The stamp of a store; nothing where there is no store, or another one than was stamped.

    >>> stamp_of(Path("nowhere"))
    ''
    """
    try:
        notes = _notes(path, path)
    except (BadGraph, OSError):
        return ""
    return notes.stamp if notes else ""


def _filled(fill: Callable[[Loader], None], path: Path) -> int:
    """Make a store; it is closed when this function has ended, for nothing else holds it."""
    store = ox.Store(str(path))
    with Loader(store) as loader:
        fill(loader)
    store.flush()
    return len(store)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A store opened for reading, what is noted of it, and the handle that keeps its folder until it is closed."""

    store: ox.Store
    notes: Notes | None
    handle: int | None


def open_folder(path: Path) -> Opened:
    """A store opened for reading; it stays as it is even if the folder is replaced meanwhile.

    Raises:
        BadGraph: the folder holds no store, one of a later format, or a damaged one.
    """
    handle = pin(path) if os.name == "posix" else None
    try:
        lasting = Path(f"/proc/self/fd/{handle}")  # Linux's name for the folder, even when it bears another one
        place = lasting if lasting.exists() else path
        if not (place / CURRENT).exists():
            raise BadGraph(f"{path}: a folder, but no graph store; make one with `kg build ARTICLES -o {path}`")
        notes = _notes(place, path)
        if in_use(place / "LOCK"):
            raise BadGraph(f"{path}: another program (an Oxigraph server?) writes to this store; ask that one")
        store = _opened(place, path)
    except BaseException:
        if handle is not None:
            os.close(handle)
        raise
    return Opened(store=store, notes=notes, handle=handle)


def is_folder(path: Path) -> bool:
    """Whether a target is a store's folder, or a name that is to become one.

    >>> is_folder(Path("news")), is_folder(Path("news.ttl"))
    (True, False)

    Raises:
        OutputFailed: it is a folder that holds other things, or a file without a suffix.
    """
    if not path.is_dir():
        if path.exists() and path.suffix == "":
            raise OutputFailed(f"{path}: a file without a suffix, which names no format; known: {known_suffixes()}")
        return path.suffix == ""
    strange = [file.name for file in path.iterdir() if not STORE_FILE.fullmatch(file.name)]
    if strange:
        raise OutputFailed(f"{path}: a folder that holds other things ({min(strange)}); name a new or an empty folder")
    return True


def refuse_served(path: Path) -> None:
    if in_use(path / "LOCK"):
        raise OutputFailed(
            f"{path}: another program (an Oxigraph server?) has this store open; write through its address, or stop it"
        )


def note(path: Path, *, triples: int, base: str, stamp: str = "") -> None:
    """Put the notes beside a store that is closed."""
    notes = Notes(triples=triples, base=base, manifest=(path / CURRENT).read_text().strip(), stamp=stamp)
    (path / NOTES).write_text(json.dumps(asdict(notes)) + "\n")


def _notes(place: Path, path: Path) -> Notes | None:
    """The notes beside a store, if they are of the store as it is."""
    try:
        said = json.loads((place / NOTES).read_text())
        later = said["format"] > FORMAT
        notes = None if later else Notes(**said)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadGraph(f"{path}: its {NOTES} is damaged; remove that file, or build the graph again") from error
    if notes is None:
        raise BadGraph(
            f"{path}: made by a later kg (format {said['format']}, this one knows {FORMAT}); upgrade news-kg, or build "
            "the graph again"
        )
    return notes if notes.manifest == (place / CURRENT).read_text().strip() else None


def _opened(place: Path, path: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(place))
    except (OSError, RuntimeError, ValueError) as error:
        if "too recent version" in str(error):
            raise BadGraph(f"{path}: made by a later Oxigraph; upgrade pyoxigraph, or build the graph again") from error
        reason = str(error).replace(str(place), str(path))
        raise BadGraph(f"{path}: this graph store cannot be opened ({reason}); build it again") from error
