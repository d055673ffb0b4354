"""Namesakes: the articles that use one name, parted where they speak of different people, institutions or towns.

Articles that name an office in the same body speak of one thing. Such groups are joined as long as what is said of them
fits together (`compare`); articles that say nothing of offices go where the company is the same, else to the one that
most articles speak of, else they stand alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.gazetteer import load_lore
from kg.model import LocalEntity
from kg.resolve.compare import LIFE, compare, name_of, quarrel
from kg.resolve.names import slug
from kg.resolve.profile import Key, Place, Profile, Surroundings, joined

CLEARLY = 3  # times as many articles as on all namesakes together: that one keeps the plain name
Members = Mapping[Place, LocalEntity]


def senses(key: Key, members: Members, around: Surroundings) -> Iterator[tuple[Key, Members]]:
    """The local entities of one name, by what they stand for; the key says which of the namesakes it is."""
    groups = _groups(key, members, around) if _telling(key, members, around) else ()
    if len(groups) < 2:
        yield key, members
        return
    names = [_told_by(group) for group in groups]
    for group, name in zip(groups, names, strict=True):
        others = sum(len(other.articles) for other in groups) - len(group.articles)
        told = name if name and names.count(name) == 1 else min(group.articles)
        sense = key if len(group.articles) >= CLEARLY * others else (*key, "", told)
        yield sense, {place: entity for place, entity in members.items() if place[0] in group.articles}


def _telling(key: Key, members: Members, around: Surroundings) -> bool:
    """Whether anything might tell namesakes apart: offices of people, countries of towns and of a "parliament"."""
    if key[0] == "organization":
        return key[1] in load_lore().role("body")
    if key[0] not in ("person", "place"):
        return False
    return around.span > LIFE or sum(place in around.offices for place in members) > 1


def _groups(key: Key, members: Members, around: Surroundings) -> Sequence[Profile]:
    by_article: dict[str, list[Place]] = defaultdict(list)
    for place in members:
        by_article[place[0]].append(place)
    if len(by_article) < 2:
        return ()
    told: list[Profile] = []
    silent: list[Profile] = []
    for article, places in sorted(by_article.items()):
        profile = _profile(key, article, places, around)
        (told if profile.offices or profile.countries else silent).append(profile)
    eras = _eras(silent) if around.span > LIFE else []
    if len(eras) > 1 or (eras and told):
        told, silent = [*told, *eras], [profile for profile in silent if not profile.years]
    groups = _connected(told)
    if len(groups) < 2 or not any(quarrel(a, b, around) for n, a in enumerate(groups) for b in groups[:n]):
        return ()
    groups = _fitting(groups, around)
    return _with_silent(groups, silent, around) if len(groups) > 1 else ()


def _profile(key: Key, article: str, places: Iterable[Place], around: Surroundings) -> Profile:
    """What an article says; of a "parliament" the country that the article is set in, too."""
    profile = around.profile(places)
    if key[0] == "organization":
        return replace(profile, countries=profile.countries | around.set_in(article))
    return profile


def _eras(profiles: Iterable[Profile]) -> list[Profile]:
    """Profiles joined where no lifetime lies between the articles."""
    eras: list[list[Profile]] = []
    last = None
    for year, _, profile in sorted((p.years[1], min(p.articles), p) for p in profiles if p.years):
        if last is None or year - last > LIFE:
            eras.append([])
        eras[-1].append(profile)
        last = year
    return list(map(joined, eras))


def _connected(profiles: Iterable[Profile]) -> list[Profile]:
    """Profiles joined that have a body or, without any, a country in common."""
    groups: list[tuple[set[Key | str], list[Profile]]] = []
    for profile in profiles:
        ties: set[Key | str] = set(profile.bodies or profile.countries)
        near = [group for group in groups if not ties.isdisjoint(group[0])]
        groups = [group for group in groups if ties.isdisjoint(group[0])]
        groups.append((ties.union(*(g[0] for g in near)), [*(p for g in near for p in g[1]), profile]))
    return [joined(of_group) for _, of_group in groups]


def _fitting(groups: Iterable[Profile], around: Surroundings) -> list[Profile]:
    """Groups joined that may be one, the largest first."""
    kept: list[Profile] = []
    for group in sorted(groups, key=lambda g: (-len(g.articles), min(g.articles))):
        matches = [compare(group, other, 1.0, "same name", around) for other in kept]
        best = max(range(len(kept)), key=lambda n: (matches[n].score, -n), default=None)
        if best is not None and matches[best].one:
            kept[best] = joined((kept[best], group))
        else:
            kept.append(group)
    return kept


def _with_silent(groups: Sequence[Profile], silent: Iterable[Profile], around: Surroundings) -> list[Profile]:
    """The articles that tell nothing of offices, each with the company it keeps."""
    size = [len(group.articles) for group in groups]
    clear = size.index(max(size)) if max(size) >= CLEARLY * (sum(size) - max(size)) else None
    company = [around.company(group.articles) for group in groups]
    with_silent: list[list[Profile]] = [[group] for group in groups]
    alone = []
    for profile in silent:
        own = around.company(profile.articles)
        shared = [len(own & others) for others in company]
        best = shared.index(max(shared)) if max(shared) and shared.count(max(shared)) == 1 else clear
        if best is None:
            alone.append(profile)
        else:
            with_silent[best].append(profile)
    return [*map(joined, with_silent), *alone]


def _told_by(profile: Profile) -> str:
    """What tells it from its namesakes, as a part of an IRI: its town, else its country, party or other body."""
    countries = [("known", country) for country in profile.countries]
    for found in ({seat[1:] for seat in profile.seats}, countries, profile.parties, profile.bodies):
        if found:
            return slug(name_of(min(found)))
    return ""
