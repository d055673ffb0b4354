"""Two things compared: how alike their names are, and what their offices and company say; a table of weights.

A score is the likeness of the names plus the weights of the features that hold; `Match` keeps what it came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.gazetteer import load_gazetteer
from kg.resolve.profile import LEADS, Key, Profile, Surroundings

MERGE_AT = 0.8  # the least score of what is one; tests/data/name_pairs.csv
NEAR_AT = 0.5  # the least that is told as nearly merged
LIFE = 60  # years between two articles about one person, at most
MOST = 3  # companions that count

Names = Callable[[Key], str]
Ask = Callable[[Profile, Profile, Surroundings], int]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that speaks for or against two being one; `holds` gives how often it counts."""

    words: str
    weight: float
    holds: Ask


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """How far two are one, 0 to 1, and why, in words."""

    score: float
    features: tuple[str, ...]

    @property
    def one(self) -> bool:
        """Whether it is enough."""
        return self.score >= MERGE_AT - 1e-9

    @property
    def near(self) -> bool:
        """Whether it is not enough, but not far from it."""
        return NEAR_AT - 1e-9 <= self.score < MERGE_AT - 1e-9

    def __str__(self) -> str:
        return f"{', '.join(self.features)} ({self.score:.2f})"


def _disjoint(one: frozenset[object], other: frozenset[object]) -> int:
    return int(bool(one and other and one.isdisjoint(other)))


def _shared_offices(a: Profile, b: Profile) -> list[tuple[str, Key]]:
    """The same relation to the same body; of a country, only to lead it says enough."""
    return sorted((r, body) for r, body in a.offices & b.offices if r == LEADS or not is_country(body))


def _other_bodies(a: Profile, b: Profile, _: Surroundings) -> int:
    """Offices in bodies of which none is the same, nor a country, town or party, which are asked for on their own."""
    one, other = (
        frozenset(body for body in p.bodies - p.parties - {seat[1:] for seat in p.seats} if not is_country(body))
        for p in (a, b)
    )
    return _disjoint(one, other)


def _other_seats(a: Profile, b: Profile, _: Surroundings) -> int:
    """Towns, or regions, that have none in common; a mayor may become a governor."""
    kinds = {seat[0] for seat in a.seats} & {seat[0] for seat in b.seats}
    return int(bool(kinds) and a.seats.isdisjoint(b.seats))


def _other_times(a: Profile, b: Profile, _: Surroundings) -> int:
    return int(bool(a.years and b.years and max(a.years[0], b.years[0]) - min(a.years[1], b.years[1]) > LIFE))


def _companions(a: Profile, b: Profile, around: Surroundings) -> int:
    shared = around.company(a.articles - b.articles) & around.company(b.articles - a.articles)
    return min(MOST, len(shared - a.keys - b.keys - a.bodies - b.bodies))


def _named_there(a: Profile, b: Profile, around: Surroundings) -> int:
    """In how many of the two ways an article of the one names a body of the other, where no body is the same."""
    if not (a.bodies and b.bodies and a.bodies.isdisjoint(b.bodies)):
        return 0
    return int(around.names(a.articles, b.bodies)) + int(around.names(b.articles, a.bodies))


AGAINST = (
    Feature("leaders of different towns or regions", -0.6, _other_seats),
    Feature("offices of different countries", -0.45, lambda a, b, _: _disjoint(a.countries, b.countries)),
    Feature("different parties", -0.3, lambda a, b, _: _disjoint(a.parties, b.parties)),
    Feature("other offices", -0.15, _other_bodies),
    Feature(f"more than {LIFE} years apart", -0.6, _other_times),
)
FOR = (
    Feature("same office", 0.2, lambda a, b, _: int(bool(_shared_offices(a, b)))),
    Feature("same country", 0.05, lambda a, b, _: int(not a.countries.isdisjoint(b.countries))),
    Feature("shared company", 0.1, _companions),
    Feature("named where the other holds office", 0.15, _named_there),
)


def compare(a: Profile, b: Profile, likeness: float, why: str, around: Surroundings) -> Match:
    """How far two things of likely names are one."""
    score, features = likeness, [why]
    for feature in (*AGAINST, *FOR):
        if times := feature.holds(a, b, around):
            score += times * feature.weight
            features.append(_in_words(feature, times, a, b, around))
    return Match(min(1.0, max(0.0, score)), tuple(features))


def quarrel(a: Profile, b: Profile, around: Surroundings) -> bool:
    """Whether anything speaks against two profiles being of one thing."""
    return any(feature.holds(a, b, around) for feature in AGAINST)


def _in_words(feature: Feature, times: int, a: Profile, b: Profile, around: Surroundings) -> str:
    if feature.words == "same office":
        relation, body = _shared_offices(a, b)[0]
        return f"both {around.ontology.relations[relation].label} {name_of(body)}"
    return f"{feature.words} ({times})" if times > 1 else feature.words


def is_country(key: Key) -> bool:
    """Whether a body is a country, the gazetteer's or another."""
    return key[0] == "country" or key[1].startswith("country/")


def name_of(key: Key) -> str:
    """What a body is called."""
    entry = load_gazetteer().entries.get(key[1]) if key[0] == "known" else None
    return entry.name if entry else key[1].title()
