"""What a graph was derived from, in tables beside the records: where each name stands, and what became of it.

With these, a change of some articles is worked out without the others (`increment`). They hold as long as the graph
bears the stamp that is kept with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg.model import Claim, LocalEntity, Modality
from kg.records import DERIVED, RecordStore, decode, encode

TABLES = """
CREATE TABLE seen (article TEXT PRIMARY KEY, year INTEGER) WITHOUT ROWID;
CREATE TABLE sightings (
    key TEXT NOT NULL, article TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, mentioned INTEGER NOT NULL,
    data BLOB NOT NULL, PRIMARY KEY (key, article, place)
) WITHOUT ROWID;
CREATE TABLE units (key TEXT PRIMARY KEY, nodes INTEGER NOT NULL, articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE ties (tie TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (tie, key)) WITHOUT ROWID;
CREATE TABLE claims (
    article TEXT NOT NULL, claim TEXT NOT NULL, subject TEXT NOT NULL, relation TEXT NOT NULL, object TEXT NOT NULL,
    source TEXT, asserted INTEGER NOT NULL, described BLOB, described_as TEXT, PRIMARY KEY (article, claim)
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX sightings_by_article ON sightings (article, place, id);
CREATE INDEX sightings_by_id ON sightings (id, key);
CREATE INDEX claims_by_edge ON claims (subject, relation, object, asserted);
CREATE INDEX claims_by_object ON claims (object);
CREATE INDEX claims_by_source ON claims (source) WHERE source IS NOT NULL;
CREATE INDEX claims_by_described ON claims (described_as) WHERE described_as IS NOT NULL;
"""
NAMES = ("seen", "sightings", "units", "ties", "claims")
BETWEEN = "\x1f"  # joins the parts of a key

Key = tuple[str, ...]
Edge = tuple[str, str, str]
Offices = tuple[tuple[str, int], ...]
SIGHTED = "key, article, place, id, mentioned, data"
CLAIMED = "article, claim, subject, relation, object, source, asserted, described, described_as"


@dataclass(frozen=True, slots=True)
class Basis:
    """What the tables are of: the graph, by its stamp, and the settings that it was derived with."""

    stamp: str
    settings: str
    edges: int
    triples: int


class Named(NamedTuple):
    """What the table has of a local entity as it is."""

    entity: LocalEntity
    offices: Offices


@dataclass(frozen=True, slots=True)
class Sighting:
    """A local entity: where it stands, what it is called, its offices there, and the entity that it belongs to."""

    key: Key
    article: str
    place: int
    id: str
    mentioned: bool
    entity: LocalEntity
    offices: Offices


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim of the graph, as far as others depend on it."""

    article: str
    claim: str
    subject: str
    relation: str
    object: str
    source: str | None
    asserted: bool
    described: str | None
    described_as: str | None  # the IRI that the description makes

    @property
    def edge(self) -> Edge:
        """Subject, relation and object."""
        return self.subject, self.relation, self.object

    @classmethod
    def of(cls, claim: Claim, described: str | None, described_as: str | None) -> Claimed:
        """A claim as it is kept; `described` is its source where that is no entity."""
        edge = (claim.subject, claim.relation, claim.object)
        asserted = claim.modality is Modality.ASSERTED
        return cls(claim.article, claim.id, *edge, claim.source, asserted, described, described_as)


class Derived:
    """The tables in a records file."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store

    # ------------------------------------------------------------ whole

    def basis(self) -> Basis | None:
        """What the tables are of, if they are of anything."""
        return self._store.kept(DERIVED, Basis)

    def keep(self, basis: Basis | None) -> None:
        """Say what the tables are of."""
        self._store.keep(DERIVED, basis)

    def drop(self) -> None:
        """Forget everything."""
        self.keep(None)
        for name in NAMES:
            self._store.change(f"DROP TABLE IF EXISTS {name}")

    @contextmanager
    def anew(self, basis: Basis) -> Iterator[None]:
        """All tables, empty, to be filled within; then they are of that basis."""
        self.drop()
        self._all(TABLES)
        yield
        self._all(INDEXES)  # which are made faster than kept up
        self.keep(basis)

    def _all(self, statements: str) -> None:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            self._store.change(statement)

    # ------------------------------------------------------------ articles

    def years(self) -> dict[str, int | None]:
        """The articles of the graph, each with its year."""
        return dict(self._store.rows("SELECT article, year FROM seen"))

    def put_years(self, years: Mapping[str, int | None], *, gone: Iterable[str] = ()) -> None:
        """Articles come, or change; others go."""
        self._store.change("DELETE FROM seen WHERE article = ?", [(article,) for article in gone])
        self._store.change("INSERT OR REPLACE INTO seen VALUES (?, ?)", years.items())

    # ------------------------------------------------------------ sightings

    def sightings(self, *, article: str = "", key: Key = ()) -> list[Sighting]:
        """The local entities of an article or of a name, in order."""
        where, value = ("article", article) if article else ("key", packed(key))
        query = f"SELECT {SIGHTED} FROM sightings WHERE {where} = ? ORDER BY article, place"
        return [_sighting(row) for row in self._store.rows(query, value)]

    def put_sightings(self, sightings: Iterable[Sighting], *, articles: Iterable[str] = ()) -> None:
        """The local entities of some articles, in place of what was there."""
        self._store.change("DELETE FROM sightings WHERE article = ?", [(article,) for article in articles])
        rows = [
            (packed(s.key), s.article, s.place, s.id, s.mentioned, encode(Named(s.entity, s.offices)))
            for s in sightings
        ]
        rows.sort()  # as the table has them: that is faster
        self._store.change("INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?)", rows)

    def move(self, moved: Iterable[tuple[Sighting, str]]) -> None:
        """Local entities that belong to another entity now."""
        rows = [(id, packed(s.key), s.article, s.place) for s, id in moved]
        self._store.change("UPDATE sightings SET id = ? WHERE key = ? AND article = ? AND place = ?", rows)

    def keys_of(self, article: str) -> tuple[Key, ...]:
        """The names of an article's local entities, in order."""
        query = "SELECT key FROM sightings WHERE article = ? ORDER BY place"
        return tuple(unpacked(key) for (key,) in self._store.rows(query, article))

    def ids_of(self, article: str) -> list[str]:
        """The entities of an article's local entities, in order."""
        return [id for (id,) in self._store.rows("SELECT id FROM sightings WHERE article = ? ORDER BY place", article)]

    def wanting(self, id: str) -> set[Key]:
        """The names of the entities that have this id, or would if there were not several."""
        query = (
            "SELECT DISTINCT key FROM sightings WHERE id = ? UNION SELECT DISTINCT key FROM sightings "
            "WHERE id >= ? AND id < ? AND length(id) = ?"
        )
        rows = self._store.rows(query, id, f"{id}-0", f"{id}-g", len(id) + 9)
        return {unpacked(key) for (key,) in rows}

    # ------------------------------------------------------------ names

    def units(self, key: Key) -> tuple[int, int]:
        """How many nodes and how many articles a name has."""
        rows = self._store.rows("SELECT nodes, articles FROM units WHERE key = ?", packed(key))
        return rows[0] if rows else (0, 0)

    def put_units(self, units: Mapping[Key, tuple[int, int]]) -> None:
        """How many nodes and articles names have now; those without any are no more."""
        self._store.change("DELETE FROM units WHERE key = ?", [(packed(key),) for key, n in units.items() if not n[1]])
        rows = [(packed(key), *numbers) for key, numbers in units.items() if numbers[1]]
        self._store.change("INSERT OR REPLACE INTO units VALUES (?, ?, ?)", rows)

    def articles_of(self, key: Key) -> list[str]:
        """The articles that have a name."""
        query = "SELECT DISTINCT article FROM sightings WHERE key = ?"
        return [article for (article,) in self._store.rows(query, packed(key))]

    def tied(self, tie: str) -> dict[Key, int]:
        """The names that share a tie, each with the number of its nodes."""
        query = "SELECT ties.key, coalesce(nodes, 0) FROM ties LEFT JOIN units ON units.key = ties.key WHERE tie = ?"
        return {unpacked(key): nodes for key, nodes in self._store.rows(query, tie)}

    def put_ties(self, ties: Iterable[tuple[str, Key]], *, gone: Iterable[tuple[str, Key]] = ()) -> None:
        """Ties come, others go."""
        self._store.change("DELETE FROM ties WHERE tie = ? AND key = ?", [(tie, packed(key)) for tie, key in gone])
        rows = sorted((tie, packed(key)) for tie, key in ties)
        self._store.change("INSERT OR IGNORE INTO ties VALUES (?, ?)", rows)

    # ------------------------------------------------------------ claims

    def claims(self, *, article: str) -> list[Claimed]:
        """The claims of an article."""
        return [_claimed(row) for row in self._store.rows(f"SELECT {CLAIMED} FROM claims WHERE article = ?", article)]

    def put_claims(self, claims: Iterable[Claimed], *, articles: Iterable[str] = ()) -> None:
        """The claims of some articles, in place of what was there."""
        self._store.change("DELETE FROM claims WHERE article = ?", [(article,) for article in articles])
        rows = (
            (c.article, c.claim, *c.edge, c.source, c.asserted, c.described and encode(c.described), c.described_as)
            for c in claims
        )
        self._store.change("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def is_claimed(self, id: str) -> bool:
        """Whether a claim has the entity as its subject, object or source."""
        query = "SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM claims WHERE {end} = ?1)" for end in ENDS)
        return bool(self._store.rows(query, id)[0][0])

    def is_asserted(self, edge: Edge) -> bool:
        """Whether a claim asserts that edge."""
        query = "SELECT 1 FROM claims WHERE subject = ? AND relation = ? AND object = ? AND asserted LIMIT 1"
        return bool(self._store.rows(query, *edge))

    def descriptions(self, iri: str) -> set[str]:
        """The descriptions of sources that make this IRI."""
        query = "SELECT DISTINCT described FROM claims WHERE described_as = ?"
        return {decode(text, str) for (text,) in self._store.rows(query, iri)}


ENDS = ("subject", "object", "source")


def packed(key: Key) -> str:
    return BETWEEN.join(key)


def unpacked(key: str) -> Key:
    return tuple(key.split(BETWEEN))


def _sighting(row: tuple[str, str, int, str, int, bytes]) -> Sighting:
    key, article, place, id, mentioned, data = row
    named = decode(data, Named)
    return Sighting(unpacked(key), article, place, id, bool(mentioned), named.entity, named.offices)


def _claimed(row: tuple[Any, ...]) -> Claimed:
    article, claim, subject, relation, value, source, asserted, text, described_as = row
    described = None if text is None else decode(text, str)
    return Claimed(article, claim, subject, relation, value, source, bool(asserted), described, described_as)
