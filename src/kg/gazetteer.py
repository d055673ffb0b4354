"""General knowledge of names: countries, cities, organisations, given names (`ontology/*.csv`)."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

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
