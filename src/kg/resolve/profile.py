"""What the articles say of a thing that tells it from its namesakes: offices, countries, parties, years, company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.gazetteer import load_gazetteer
from kg.model import Form, Modality, Record
from kg.ontology import Ontology

OFFICE = "affiliatedWith"  # offices and memberships are below it
LEADS = "leaderOf"
LOCATED = "locatedIn"
PLACES = {"City": "town", "Place": "town", "Region": "region"}  # a place that no gazetteer has is a town
SURE = 0.8  # confidence of a claim that tells who somebody is: a guessed country parted people
CLEAR = 0.65  # of all mentions of countries, for the one that an article is set in
FACTUAL = frozenset({Modality.ASSERTED, Modality.ENDED})
ASKED = 30  # articles whose company is looked at
KNOWN_TO_ALL = 50  # articles: company that many keep tells nothing

Key = tuple[str, ...]  # of a node; see `nodes`
Place = tuple[str, int]  # an article's id and an index in its record's entities
NONE: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is said of a thing in some articles."""

    articles: frozenset[str]
    keys: frozenset[Key]  # its own
    offices: frozenset[tuple[str, Key]] = frozenset()  # relation, body
    seats: frozenset[Key] = NONE  # the seats and regions that it leads, as ("town", body's key)
    parties: frozenset[Key] = NONE
    countries: frozenset[str] = frozenset()  # ids in the gazetteer
    years: tuple[int, int] | None = None  # of the articles, first and last

    @property
    def bodies(self) -> frozenset[Key]:
        """What its offices are held in."""
        return frozenset(body for _, body in self.offices)


def joined(profiles: Iterable[Profile]) -> Profile:
    """What several profiles say together."""
    of = list(profiles)
    years = [year for profile in of if profile.years for year in profile.years]
    return Profile(
        articles=frozenset().union(*(profile.articles for profile in of)),
        keys=NONE.union(*(profile.keys for profile in of)),
        offices=frozenset().union(*(profile.offices for profile in of)),
        seats=NONE.union(*(profile.seats for profile in of)),
        parties=NONE.union(*(profile.parties for profile in of)),
        countries=frozenset().union(*(profile.countries for profile in of)),
        years=(min(years), max(years)) if years else None,
    )


class Surroundings:
    """All articles, asked for the surroundings of a thing."""

    def __init__(
        self,
        records: Mapping[str, Record],
        keys: Mapping[str, tuple[Key, ...]],
        years: Mapping[str, int | None],
        ontology: Ontology,
    ) -> None:
        self.records, self.keys, self.years, self.ontology = records, keys, years, ontology

    @cached_property
    def spread(self) -> Counter[Key]:
        """How many articles have each key."""
        return Counter(key for keys in self.keys.values() for key in set(keys))

    @cached_property
    def span(self) -> int:
        """The years between the first article and the last."""
        years = [year for year in self.years.values() if year]
        return max(years) - min(years) if years else 0

    @cached_property
    def offices(self) -> Mapping[Place, tuple[tuple[str, int], ...]]:
        """The relations of office and place of each local entity, with the other end's index."""
        found: dict[Place, dict[tuple[str, int], None]] = {}
        tells = {name for name in self.ontology.relations if self._tells(name)}
        for article, record in self.records.items():
            for claim in record.claims:
                if claim.relation in tells and claim.modality in FACTUAL and claim.confidence >= SURE:
                    found.setdefault((article, claim.subject), {})[claim.relation, claim.object] = None
        return {place: tuple(of_place) for place, of_place in found.items()}

    def _tells(self, relation: str) -> bool:
        return not self.ontology.ancestors(relation).isdisjoint({OFFICE, LOCATED})

    def profile(self, places: Iterable[Place]) -> Profile:
        """What is said of the local entities at some places."""
        places = list(places)
        articles = frozenset(article for article, _ in places)
        years = [year for article in articles if (year := self.years.get(article))]
        offices, seats, parties, countries = set(), set(), set(), set()
        for article, index in places:
            for relation, other in self.offices.get((article, index), ()):
                kind, body = self.records[article].entities[other].kind, self.keys[article][other]
                offices.add((relation, body))
                countries |= _country(body)
                if kind == "Party":
                    parties.add(body)
                if kind in PLACES and relation == LEADS:
                    seats.add((PLACES[kind], *body))
        return Profile(
            articles=articles,
            keys=frozenset(self.keys[article][index] for article, index in places),
            offices=frozenset(offices),
            seats=frozenset(seats),
            parties=frozenset(parties),
            countries=frozenset(countries),
            years=(min(years), max(years)) if years else None,
        )

    def company(self, articles: Iterable[str]) -> set[Key]:
        """The people, organisations and ships of the articles, but not those that everyone knows or meets."""
        return {
            key
            for article in sorted(articles)[:ASKED]
            for key in self.keys[article]
            if len(key) == 2 and key[0] in ("person", "organization", "vessel") and self.spread[key] <= KNOWN_TO_ALL
        }

    def names(self, articles: Iterable[str], bodies: frozenset[Key]) -> bool:
        """Whether one of the articles has one of the bodies."""
        return any(key in bodies for article in sorted(articles)[:ASKED] for key in self.keys[article])

    def set_in(self, article: str) -> frozenset[str]:
        """The country that an article is clearly set in, if there is one."""
        record, keys = self.records[article], self.keys[article]
        count = Counter(
            keys[mention.entity][1]
            for mention in record.mentions
            if mention.form is not Form.PRONOUN
            and keys[mention.entity][0] == "known"
            and keys[mention.entity][1].startswith("country/")
        )
        first = min(count, key=lambda country: (-count[country], country), default=None)
        return frozenset({first}) if first and count[first] >= CLEAR * count.total() else frozenset()


def _country(body: Key) -> set[str]:
    """The country of a body that the gazetteer has."""
    entry = load_gazetteer().entries.get(body[1]) if body[0] == "known" else None
    if entry is None:
        return set()
    country = entry.id if entry.kind == "Country" else entry.country
    return {country} if country else set()
