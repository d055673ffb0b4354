"""General knowledge of names: countries, cities, organisations, given names, spellings (`ontology/*.csv`)."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from anyascii import anyascii

from kg.ontology import resource

WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: a thing that newspapers name in many ways."""

    id: str  # "country/BY"
    kind: str  # local name of a class of the ontology
    name: str
    adjectives: frozenset[str] = frozenset()  # "Belarusian", "Belarusians"
    aliases: frozenset[str] = frozenset()
    country: str | None = None  # id of the country that it lies in or belongs to
    wikidata: str | None = None

    @property
    def same_as(self) -> str | None:
        """The thing's Wikidata IRI, where known."""
        return WIKIDATA + self.wikidata if self.wikidata else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Surface forms to entries, given names to gender; forms keep their case."""

    entries: Mapping[str, Entry]
    names: Mapping[str, tuple[Entry, ...]]
    adjectives: Mapping[str, tuple[Entry, ...]]
    genders: Mapping[str, str]  # given name in lower case -> "m", "f"
    nicknames: Mapping[str, str]  # "bill" -> "william"
    digest: str

    def same_as(self) -> dict[str, str]:
        """Id to Wikidata IRI for each entry that has one."""
        return {entry.id: entry.same_as for entry in self.entries.values() if entry.same_as}

    def full(self, given: str) -> str:
        """A given name in lower case with its nickname undone.

        >>> load_gazetteer().full("Mike")
        'michael'
        """
        name = given.lower()
        return self.nicknames.get(name, name)


@cache
def load_gazetteer() -> Gazetteer:
    """The packaged gazetteer.

    >>> load_gazetteer().adjectives["Lithuanian"][0].name
    'Lithuania'
    """
    entries = {entry.id: entry for entry in _entries()}
    names: dict[str, list[Entry]] = defaultdict(list)
    adjectives: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries.values():
        for form in {entry.name, *entry.aliases}:
            names[form].append(entry)
        for form in entry.adjectives:
            adjectives[form].append(entry)
    people = list(_rows("given_names.csv"))
    data = b"\0".join(resource("ontology", n).read_bytes() for n in ("gazetteer.csv", "given_names.csv"))
    return Gazetteer(
        entries=entries,
        names={form: tuple(found) for form, found in names.items()},
        adjectives={form: tuple(found) for form, found in adjectives.items()},
        genders={row["name"].lower(): row["gender"] for row in people if row["gender"] in ("m", "f")},
        nicknames={row["name"].lower(): row["nickname_of"].lower() for row in people if row["nickname_of"]},
        digest=hashlib.sha256(data).hexdigest()[:16],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lore:
    """What is known of the words that names are made of, all in lower case without accents; only resolving uses it."""

    variants: Mapping[str, str]  # a given name of another script -> the form that stands for all its spellings
    given_names: frozenset[str]
    genders: Mapping[str, str]  # "m", "f"
    nicknames: Mapping[str, str]  # "bill" -> "william"
    words: Mapping[str, tuple[frozenset[str], ...]]  # role -> the rows of words that have it

    def role(self, name: str) -> frozenset[str]:
        """All words of a role.

        >>> "gmbh" in load_lore().role("legal")
        True
        """
        return frozenset().union(*self.words[name])

    def given(self, token: str) -> str:
        """What a given name has in common with its nicknames and other spellings.

        >>> load_lore().given("bill"), load_lore().given("volodymyr") == load_lore().given("vladimir")
        ('william', True)
        """
        full = self.nicknames.get(token, token)
        return self.variants.get(full, full)


@cache
def load_lore() -> Lore:
    """The packaged knowledge of the words of names.

    >>> load_lore().variants["serhiy"] == load_lore().variants["sergey"]
    True
    """
    people = [(anyascii(row["name"]).lower(), row) for row in _rows("given_names.csv")]
    words: dict[str, list[frozenset[str]]] = defaultdict(list)
    for row in _rows("name_words.csv"):
        words[row["role"]].append(_several(row["words"]))
    groups = [row["variants"].split("|") for row in _rows("name_variants.csv")]
    return Lore(
        variants={form: group[0] for group in groups for form in group},
        given_names=frozenset(name for name, _ in people),
        genders={name: row["gender"] for name, row in people if row["gender"] in ("m", "f")},
        nicknames={name: anyascii(row["nickname_of"]).lower() for name, row in people if row["nickname_of"]},
        words={role: tuple(rows) for role, rows in words.items()},
    )


def _entries() -> Iterator[Entry]:
    for row in _rows("gazetteer.csv"):
        yield Entry(
            id=row["id"],
            kind=row["kind"],
            name=row["name"],
            adjectives=_several(row["adjectives"]),
            aliases=_several(row["aliases"]),
            country=row["country"] or None,
            wikidata=row["wikidata"] or None,
        )


def _several(cell: str) -> frozenset[str]:
    return frozenset(value.strip() for value in cell.split("|") if value.strip())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resource("ontology", name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
