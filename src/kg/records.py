"""The collection: articles as read, and what extraction found in them, in one SQLite file.

A record is kept under what it was made from (the digest of the extractor's input) and what made it (the extractor's
fingerprint), so nothing is extracted twice. A document is kept under its origin: new content from there replaces it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import msgspec

from kg.errors import BadGraph
from kg.model import Document, Record, digest
from kg.ontology import BASE

APPLICATION = 0x6E6B6731  # "nkg1": marks the file as ours
VERSION = 1
TIMEOUT = 10.0  # seconds to wait for another process that is writing

SCHEMA = """
CREATE TABLE documents (
    origin BLOB PRIMARY KEY, article TEXT NOT NULL, name BLOB NOT NULL, url BLOB, input TEXT NOT NULL,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX documents_by_article ON documents (article, origin, input);
CREATE TABLE records (
    input TEXT NOT NULL, fingerprint TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (input, fingerprint)
) WITHOUT ROWID;
"""

# Added later; a file that lacks them gets them. What is kept: the options of the last build, the user's own lists.
# Entities: of the graph last written, with the names that they stand for. Redirects: ids that are no more. Touched: the
# articles that came, went or changed since a graph was last written.
LATER = """
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entities (id TEXT PRIMARY KEY, names BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY (old, new)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touched (article TEXT PRIMARY KEY) WITHOUT ROWID;
"""

# Of several origins with one text, the smallest stands for the article.
CHOSEN = "SELECT min(origin) AS origin, article, input FROM documents GROUP BY article ORDER BY article"

DERIVED = "derived"  # under which is kept what the tables of `derived` are of

T = TypeVar("T")
Called = list[tuple[str, str]]  # what articles call an entity: (article, "person/ada-berg")


class Status(StrEnum):
    """What a document is to the collection."""

    NEW = "new"
    KNOWN = "known"  # the same as before, or a text that is there from another origin
    REPLACED = "replaced"  # other content from a known origin


def input_digest(document: Document) -> str:
    """What extraction sees of a document, as a digest: text, title, date and segments, not its name or origin.

    >>> a = Document(name="a", origin="/a.txt", text="Keller met Novak.", segments=())
    >>> b = Document(name="b", origin="/b.txt", text="Keller met Novak.", segments=())
    >>> input_digest(a) == input_digest(b)
    True
    """
    segments = [(s.part, s.start, s.end) for s in document.segments]
    date = document.date and document.date.isoformat()
    return digest(json.dumps([document.text, document.title, date, document.language, segments]))


class RecordStore:
    """The records file; use it in a `with` statement.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with RecordStore.open(Path(folder.name, "kg.records")) as store:
    ...     store.put_document(Document(name="a", origin="/a.txt", text="Keller met Novak.", segments=()))
    <Status.NEW: 'new'>
    >>> folder.cleanup()
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self._path = path

    @classmethod
    def open(cls, path: str | Path, *, timeout: float = TIMEOUT) -> RecordStore:
        """Open the records file, or start one; `timeout` is in seconds.

        Raises:
            BadGraph: the file is no records file, of a later version, damaged, or locked.
        """
        path = Path(path)
        with _explaining(path):
            connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
            try:
                _prepare(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    @classmethod
    def reading(cls, path: str | Path) -> RecordStore:
        """Open the records file for reading alone, as it is.

        Raises:
            BadGraph: there is no such file, or it cannot be read.
        """
        path = Path(path)
        with _explaining(path):
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=TIMEOUT)
        return cls(connection, path)

    def close(self) -> None:
        """Give the file back; what was not committed is dropped."""
        self._db.close()

    def __enter__(self) -> RecordStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes within are kept together, or none of them; within another transaction, it is part of that."""
        if self._db.in_transaction:
            yield
            return
        with _explaining(self._path):
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        with _explaining(self._path):
            self._db.commit()

    def put_document(self, document: Document) -> Status:
        """File the document under its origin."""
        origin, data = _bytes(document.origin), encode(document)
        with self.transaction(), _explaining(self._path):
            old = self._one("SELECT data FROM documents WHERE origin = ?", origin)
            if old == data:
                return Status.KNOWN
            there = self._one("SELECT 1 FROM documents WHERE article = ? LIMIT 1", document.id)
            url = None if document.url is None else _bytes(document.url)
            row = (origin, document.id, _bytes(document.name), url, input_digest(document), data)
            before = self._db.execute("SELECT article FROM documents WHERE origin = ?", (origin,)).fetchall()
            self._touch([(document.id,), *before])
            self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", row)
        if old is not None:
            return Status.REPLACED
        return Status.NEW if there is None else Status.KNOWN

    def record(self, input_digest: str, fingerprint: str) -> Record | None:
        """What an extractor of this fingerprint found in this input, if it was ever asked."""
        with _explaining(self._path):
            query = "SELECT data FROM records WHERE input = ? AND fingerprint = ?"
            data = self._one(query, input_digest, fingerprint)
        return None if data is None else self._decode(data, Record)

    def put_record(self, input_digest: str, fingerprint: str, record: Record) -> None:
        """Keep what an extractor found."""
        row = (input_digest, fingerprint, encode(record))
        with self.transaction(), _explaining(self._path):
            self._touch([(record.article,)])
            self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", row)

    def remove(self, selector: str) -> int:
        """Take out the articles whose name, id, URL or origin is the selector; give their number.

        An article goes with all its origins and with its records. A path may be given as it is typed.
        """
        key, path = _bytes(selector), _bytes(str(Path(selector).absolute()))
        query = "SELECT DISTINCT article FROM documents WHERE origin IN (?, ?) OR name = ? OR url = ? OR article = ?"
        with self.transaction(), _explaining(self._path):
            articles = self._db.execute(query, (key, path, key, key, key.decode("utf-8", "replace"))).fetchall()
            self._touch(articles)
            inputs = "SELECT input FROM documents WHERE article = ?"
            self._db.executemany(f"DELETE FROM records WHERE input IN ({inputs})", articles)
            self._db.executemany("DELETE FROM documents WHERE article = ?", articles)
        return len(articles)

    def documents(self) -> Iterator[Document]:
        """The articles, sorted by id; of several origins with one text the smallest origin's."""
        yield from self._load("SELECT origin FROM (" + CHOSEN + ")")

    def document(self, article: str) -> Document | None:
        """The article of that id, if it is here; of several origins with one text the smallest origin's."""
        query = "SELECT min(origin) FROM documents WHERE article = ? GROUP BY article"
        return next(self._load(query, article), None)

    def missing(self, fingerprint: str) -> Iterator[Document]:
        """The articles that the extractor of this fingerprint has not seen."""
        seen = "SELECT 1 FROM records WHERE records.input = chosen.input AND fingerprint = ?"
        yield from self._load(f"SELECT origin FROM ({CHOSEN}) AS chosen WHERE NOT EXISTS ({seen})", fingerprint)

    def pair(self, article: str, fingerprint: str) -> tuple[Document, Record] | None:
        """The article of that id with what the extractor found in it, if it is here and was seen."""
        document = self.document(article)
        record = document and self.record(input_digest(document), fingerprint)
        return (document, record) if document and record else None

    def pairs(self, fingerprint: str) -> Iterator[tuple[Document, Record]]:
        """The articles that the extractor has seen, each with what it found, sorted by id."""
        for document in self.documents():
            record = self.record(input_digest(document), fingerprint)
            if record is not None:
                yield document, record

    def clear(self, *, keep_records: bool = False) -> None:
        """Empty the collection: no documents and, unless they are kept, no records."""
        with self.transaction(), _explaining(self._path):
            for table in ("documents", "entities", "redirects", "touched"):
                self._db.execute(f"DELETE FROM {table}")
            self.keep(DERIVED, None)
            if not keep_records:
                self._db.execute("DELETE FROM records")

    def keep(self, name: str, value: object) -> None:
        """Keep a value that JSON can hold (bytes, too) under a name; None takes it out."""
        with self.transaction(), _explaining(self._path):
            self._db.execute("DELETE FROM kept WHERE name = ?", (name,))
            if value is not None:
                self._db.execute("INSERT INTO kept VALUES (?, ?)", (name, encode(value)))

    def kept(self, name: str, kind: type[T]) -> T | None:
        """What is kept under a name; None where nothing is."""
        with _explaining(self._path):
            data = self._one("SELECT data FROM kept WHERE name = ?", name)
        return None if data is None else self._decode(data, kind)

    def keep_all_of(self, other: RecordStore) -> None:
        """Keep what another collection keeps, but for what it was derived from."""
        with self.transaction(), _explaining(self._path):
            rows = other._db.execute("SELECT name, data FROM kept WHERE name <> ?", (DERIVED,)).fetchall()
            self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)

    def entities(self) -> dict[str, Called]:
        """The entities of the graph last written: id -> what articles call them, sorted."""
        with _explaining(self._path):
            rows = self._db.execute("SELECT id, names FROM entities").fetchall()
        return {id: self._decode(names, Called) for id, names in rows}

    def called(self, entity: str) -> Called:
        """What articles call an entity of the graph last written."""
        with _explaining(self._path):
            names = self._one("SELECT names FROM entities WHERE id = ?", entity)
        return [] if names is None else self._decode(names, Called)

    def heirs(self, old: str) -> tuple[str, ...]:
        """The ids that came in the place of one that is no more."""
        with _explaining(self._path):
            query = "SELECT new FROM redirects WHERE old = ? ORDER BY new"
            return tuple(new for (new,) in self._db.execute(query, (old,)))

    def redirects(self) -> dict[str, tuple[str, ...]]:
        """The ids that are no more, each with those that came in its place."""
        found: dict[str, list[str]] = {}
        with _explaining(self._path):
            for old, new in self._db.execute("SELECT old, new FROM redirects ORDER BY old, new"):
                found.setdefault(old, []).append(new)
        return {old: tuple(new) for old, new in found.items()}

    def put_entities(self, entities: Mapping[str, Called], redirects: Mapping[str, Iterable[str]]) -> None:
        """File the entities of the graph and the redirects, in place of those before."""
        with self.transaction(), _explaining(self._path):
            there = dict(self._db.execute("SELECT id, names FROM entities"))
            now = {id: encode(names) for id, names in entities.items()}
            self._db.executemany("DELETE FROM entities WHERE id = ?", [(id,) for id in there.keys() - now.keys()])
            changed = [(id, names) for id, names in now.items() if there.get(id) != names]
            self._db.executemany("INSERT OR REPLACE INTO entities VALUES (?, ?)", changed)
            self._db.execute("DELETE FROM redirects")
            self._db.executemany(
                "INSERT INTO redirects VALUES (?, ?)", [(old, new) for old, heirs in redirects.items() for new in heirs]
            )

    def touched(self) -> list[str]:
        """The articles that came, went or changed since a graph was last written."""
        return [article for (article,) in self.rows("SELECT article FROM touched ORDER BY article")]

    def written(self) -> None:
        """The graph is written: no article is touched any more."""
        self.change("DELETE FROM touched")

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def rows(self, query: str, *values: str | int | bytes) -> list[Any]:
        """The answer to a query of who keeps tables of its own in this file."""
        with _explaining(self._path):
            return self._db.execute(query, values).fetchall()

    def change(self, statement: str, rows: Iterable[Sequence[object]] | None = None) -> None:
        """Change such tables, once or for each of some rows."""
        with self.transaction(), _explaining(self._path):
            if rows is None:
                self._db.execute(statement)
            else:
                self._db.executemany(statement, rows)

    def _touch(self, articles: Iterable[Sequence[str]]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", articles)

    def change_entities(
        self, entities: Mapping[str, Called], gone: Iterable[str], redirects: Mapping[str, Iterable[str]]
    ) -> None:
        """File entities that are new or changed; those gone are no more. Of some ids, the redirects are these now."""
        with self.transaction(), _explaining(self._path):
            self._db.executemany("DELETE FROM entities WHERE id = ?", [(id,) for id in gone])
            rows = [(id, encode(names)) for id, names in entities.items()]
            self._db.executemany("INSERT OR REPLACE INTO entities VALUES (?, ?)", rows)
            self._db.executemany("DELETE FROM redirects WHERE old = ?", [(old,) for old in redirects])
            self._db.executemany(
                "INSERT INTO redirects VALUES (?, ?)", [(old, new) for old, heirs in redirects.items() for new in heirs]
            )

    def _load(self, query: str, *values: str) -> Iterator[Document]:
        """The documents of the origins that a query gives; all origins first, so that the file may change meanwhile."""
        with _explaining(self._path):
            origins = [row[0] for row in self._db.execute(query, values)]
        for origin in origins:
            with _explaining(self._path):
                data = self._one("SELECT data FROM documents WHERE origin = ?", origin)
            if data is not None:
                yield self._decode(data, Document)

    def _one(self, query: str, *values: str | bytes) -> bytes | None:
        row = self._db.execute(query, values).fetchone()
        return None if row is None else row[0]

    def _decode(self, data: bytes, kind: type[T]) -> T:
        try:
            return decode(data, kind)
        except (msgspec.MsgspecError, ValueError) as error:
            raise BadGraph(f"{self._path}: a damaged {kind.__name__.lower()} ({error}); {REMEDY}") from error


def successors(source: str | Path, iri: str) -> tuple[str, ...]:
    """What has come in the place of an IRI that a graph once had: a new IRI, or several where the thing was split.

    `source` is the graph: the collection beside it knows. Nothing where there is none, or where it knows nothing.

    >>> successors("nowhere.ttl", "https://w3id.org/news-kg/id/person/a-berg")
    ()
    """
    path = collection_of(source)
    if path is None:
        return ()
    try:
        with RecordStore.reading(path) as store:
            base = store.kept("base", str) or BASE
            return tuple(base + new for new in store.heirs(iri.removeprefix(base)))
    except BadGraph:  # another program's file, or one from before redirects
        return ()


def collection_of(graph: str | Path) -> Path | None:
    """The collection of a graph, if it lies beside it or is the work folder's in which the graph lies."""
    paths = (beside(graph), Path(graph).absolute().parent / "records.sqlite")
    return next((path for path in paths if path.is_file()), None)


def beside(graph: str | Path) -> Path:
    """Where the collection of a graph lies, unless its build named another folder: beside a file, or in this folder.

    >>> beside("news/kg.ttl").as_posix(), beside("http://localhost:7878/query").as_posix()
    ('news/kg.ttl.records.sqlite', 'localhost_7878_query.records.sqlite')
    """
    if address := re.fullmatch(r"https?:/*(.*?)/*", str(graph), re.IGNORECASE):
        return Path(re.sub(r"[^A-Za-z0-9.-]+", "_", address[1])[:200] + ".records.sqlite")
    path = Path(graph) if Path(graph).name else Path(graph).absolute()
    return path.with_name(path.name + ".records.sqlite")


REMEDY = "build with --fresh to start the collection anew, or name another folder with --work"


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the file is ours; give an empty one its tables."""
    if _is_empty(connection):
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):  # still: no other process was faster
            for statement in (SCHEMA + LATER).split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()
    if _pragma(connection, "application_id") != APPLICATION:
        raise BadGraph(f"{path}: another program's database; name another folder with --work")
    version = _pragma(connection, "user_version")
    if version > VERSION:
        raise BadGraph(f"{path}: written by a later version of kg (format {version}); update kg, or {REMEDY}")
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'touched'").fetchone():
        for statement in LATER.split(";"):
            connection.execute(statement)


def _is_empty(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    return not tables and not _pragma(connection, "application_id")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Say what SQLite's complaints mean to the person at the keyboard."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BadGraph(f"{path}: {_reason(error, path)}") from error


def _reason(error: sqlite3.DatabaseError, path: Path) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return "another process is writing to this collection; wait until it is done and try again"
    if "I/O" in text:
        return f"the disk refuses ({text}), nothing was changed; see whether it is full, and try again"
    if "full" in text:
        return "the disk is full, nothing was changed; make room and try again"
    if "readonly" in text or "unable to open" in text:
        return f"cannot be opened for writing; check that {path.parent} is a folder that you may write to"
    if "not a database" in text:
        return f"not a records file; {REMEDY}"
    return f"the records file is damaged ({text}); {REMEDY}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def encode(value: object) -> bytes:
    """JSON; lone surrogates, which UTF-8 cannot hold, as JSON's escapes."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), separators=(",", ":")).encode()


def decode(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError:  # msgspec refuses escaped lone surrogates, which json reads
        return msgspec.convert(json.loads(data), type=kind)
