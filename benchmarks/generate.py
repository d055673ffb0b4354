"""An invented collection of news in the shape of the real one: articles, entities and claims, as `resolve` gives them.

    python benchmarks/generate.py 100k OUTPUT

How often things are named falls off as in news (Zipf): a few presidents and countries are everywhere, most names come
once. The shares of kinds, relations, modalities and optional properties are those of the graph of eighty articles that
the lexicon was tuned on. The same size and seed give the same collection on every machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path

from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality, Triple, digest
from kg.ontology import load_ontology
from kg.store import write
from kg.triplify import triplify

SIZES: Mapping[str, int] = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}
TRIPLES_AN_ARTICLE = 134
CLAIMS_AN_ARTICLE = 8.3
MENTIONS_AN_ARTICLE = 17
FIRST_DAY = dt.date(2015, 1, 1)
DAYS = 2200

KINDS: Mapping[str, float] = {
    "Person": 0.46,
    "Organization": 0.26,
    "City": 0.09,
    "Place": 0.07,
    "Party": 0.06,
    "Region": 0.04,
    "Government": 0.02,
}
COUNTRIES = 190
RELATIONS: Mapping[str, float] = {
    "leaderOf": 0.28,
    "officialOf": 0.20,
    "memberOf": 0.15,
    "allyOf": 0.12,
    "spokeWith": 0.10,
    "rivalOf": 0.06,
    "sanctionedBy": 0.05,
    "metWith": 0.04,
}
MODALITIES: Mapping[Modality, float] = {
    Modality.ASSERTED: 0.84,
    Modality.ENDED: 0.06,
    Modality.PROSPECTIVE: 0.07,
    Modality.DENIED: 0.03,
}
ACTORS = ("Person", "Organization", "Party", "Government", "Country")
BODIES = ("Country", "Organization", "Party", "Government", "Region")
ENDS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {  # the kinds of subjects and of objects
    "leaderOf": (("Person",), BODIES),
    "officialOf": (("Person",), BODIES),
    "memberOf": (("Person", "Country", "Organization"), ("Organization", "Party")),
    "allyOf": (ACTORS, ACTORS),
    "spokeWith": (ACTORS, ACTORS),
    "rivalOf": (ACTORS, ACTORS),
    "sanctionedBy": (ACTORS, ("Country", "Organization", "Government")),
    "metWith": (("Person",), ("Person", "Country", "Organization")),
}
SAID: Mapping[str, str] = {
    "leaderOf": "{0}, who leads {1}",
    "officialOf": "{0}, the minister of {1}",
    "memberOf": "{0}, which belongs to {1}",
    "allyOf": "{0} stood by {1}",
    "spokeWith": "{0} telephoned {1}",
    "rivalOf": "{0} ran against {1}",
    "sanctionedBy": "{0} was hit with sanctions by {1}",
    "metWith": "{0} met {1}",
}
WORDS = ("talks", "border", "vote", "grain", "summit", "pipeline", "court", "envoy", "treaty", "strike", "budget")
SYLLABLES = tuple(map("".join, product("bdfghklmnprstvz", "aeiou")))


@dataclass(frozen=True, slots=True)
class Cast:
    """Entities of some kinds, the often named first, with what `random.choices` needs to draw them."""

    entities: Sequence[Entity]
    weights: Sequence[float]

    @classmethod
    def of(cls, entities: Sequence[Entity], kinds: Sequence[str]) -> Cast:
        """Those of the kinds; the chance of the n-th is 1/n."""
        chosen = [entity for entity in entities if entity.kind in kinds]
        return cls(chosen, list(accumulate(1 / rank for rank in range(1, len(chosen) + 1))))

    def draw(self, dice: random.Random, number: int) -> list[Entity]:
        """Some of them, each as often as it comes."""
        return dice.choices(self.entities, cum_weights=self.weights, k=number)


def knowledge(size: int, *, seed: int = 0) -> Knowledge:
    """A collection whose graph has about `size` triples."""
    dice = random.Random(seed)
    number = max(10, size // TRIPLES_AN_ARTICLE)
    entities = list(_entities(dice, 200 + int(2.6 * number)))
    articles = list(_articles(dice, number))
    named: dict[str, set[str]] = {}
    claims = {claim.id: claim for claim in _claims(dice, articles, entities, named)}
    everyone = Cast.of(entities, (*KINDS, "Country"))
    for article in articles:
        for entity in everyone.draw(dice, MENTIONS_AN_ARTICLE - 8):
            named.setdefault(entity.id, set()).add(article.id)
    return Knowledge(
        articles=tuple(sorted(articles, key=lambda article: article.id)),
        entities=tuple(sorted((_named_in(e, named) for e in entities if e.id in named), key=lambda entity: entity.id)),
        claims=tuple(claims[key] for key in sorted(claims)),
    )


def triples(size: int, *, seed: int = 0) -> Iterator[Triple]:
    """The graph of such a collection."""
    return triplify(knowledge(size, seed=seed), load_ontology())


def _entities(dice: random.Random, number: int) -> Iterator[Entity]:
    """Countries and others in one list, in the order of their fame; each name comes once, last names come again."""
    kinds = dice.choices(list(KINDS), list(KINDS.values()), k=number)
    for place in dice.sample(range(min(number, 4 * COUNTRIES)), COUNTRIES):
        kinds[place] = "Country"
    lasts = ["".join(parts).capitalize() for parts in product(SYLLABLES, repeat=3)]
    firsts = ["".join(parts).capitalize() for parts in product(SYLLABLES, repeat=2)]
    dice.shuffle(lasts)
    dice.shuffle(firsts)
    for rank, kind in enumerate(kinds):
        last, first = lasts[rank % len(lasts)], firsts[(rank + rank // len(lasts)) % len(firsts)]
        name = f"{first} {last}" if kind in ("Person", "Organization") else f"{last} {kind}"
        again = "" if rank < len(lasts) else f" {rank // len(lasts)}"
        yield Entity(
            id=f"{kind.lower()}/{(name + again).lower().replace(' ', '-')}",
            name=name + again,
            kind=kind,
            aliases=(last,) if dice.random() < 0.35 else (),
            same_as=(f"http://www.wikidata.org/entity/Q{900_000_000 + rank}",) if dice.random() < 0.2 else (),
        )


def _articles(dice: random.Random, number: int) -> Iterator[Article]:
    for index in range(number):
        name = f"story-{index:07}"
        yield Article(
            id=digest(name),
            name=name,
            title=" ".join(dice.choices(WORDS, k=6)).capitalize() if dice.random() < 0.98 else None,
            date=FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS)) if dice.random() < 0.9 else None,
            url=f"https://wire.example.org/{name}" if dice.random() < 0.5 else None,
            publisher="Continental Wire" if dice.random() < 0.3 else None,
        )


def _claims(
    dice: random.Random, articles: Sequence[Article], entities: Sequence[Entity], named: dict[str, set[str]]
) -> Iterator[Claim]:
    """The claims of all articles; `named` is told which entity stands in which article."""
    number = int(len(articles) * CLAIMS_AN_ARTICLE)
    relations = dice.choices(list(RELATIONS), list(RELATIONS.values()), k=number)
    moods = dice.choices(list(MODALITIES), list(MODALITIES.values()), k=number)
    casts = {kinds: Cast.of(entities, kinds) for pair in ENDS.values() for kinds in pair}
    pools = {kinds: iter(cast.draw(dice, 2 * number)) for kinds, cast in casts.items()}
    start = 0
    for index, (relation, modality) in enumerate(zip(relations, moods, strict=True)):
        article = articles[int(index / CLAIMS_AN_ARTICLE)]
        subjects, objects = ENDS[relation]
        one, other = next(pools[subjects]), next(pools[objects])
        if one is other:
            continue
        quote = f"{SAID[relation].format(one.name, other.name)}, as the {dice.choice(WORDS)} went on, {index} in all."
        start = (start + 211) % 6000
        speaker = next(pools[ACTORS]) if dice.random() < 0.06 else None
        for entity in filter(None, (one, other, speaker)):
            named.setdefault(entity.id, set()).add(article.id)
        yield Claim(
            subject=one.id,
            relation=relation,
            object=other.id,
            modality=modality,
            confidence=dice.randrange(60, 100) / 100,
            evidence=Evidence(quote=quote, start=start, end=start + len(quote)),
            article=article.id,
            attribution=speaker.name if speaker else None,
            source=speaker.id if speaker else None,
            date=FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS)) if dice.random() < 0.05 else None,
            pattern=SAID[relation].format("{subject}", "{object}"),
        )


def _named_in(entity: Entity, named: Mapping[str, set[str]]) -> Entity:
    return Entity(
        id=entity.id,
        name=entity.name,
        kind=entity.kind,
        aliases=entity.aliases,
        same_as=entity.same_as,
        articles=tuple(sorted(named[entity.id])),
    )


def main() -> None:
    """Write a graph of a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=SIZES, help="how many triples, about")
    parser.add_argument("output", type=Path, help="a file, or a store's folder")
    parser.add_argument("--seed", type=int, default=0, help="of the dice (default: 0)")
    arguments = parser.parse_args()
    print(f"{write(triples(SIZES[arguments.size], seed=arguments.seed), arguments.output)} triples")


if __name__ == "__main__":
    main()
