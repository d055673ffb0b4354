"""What may be one: links between nodes, each with a score and its reasons; a rule looks at what shares a block.

Every rule looks only at the nodes as they stand before any merge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.ontology import Ontology
from kg.resolve.compare import MERGE_AT, NEAR_AT, Match, compare
from kg.resolve.names import core, fold, is_acronym, same_form
from kg.resolve.nodes import Node, Nodes, aliases_of, index, names_of
from kg.resolve.people import blocks, likeness
from kg.resolve.profile import Key, Profile, Surroundings

LARGE = 100  # nodes of a block, from which on only those of one given name are compared
CERTAIN = Match(1.0, ())  # goes without saying
INTRODUCED = 0.95
LEGAL_FORM = 0.97
REWORDED = 0.95

Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two nodes that are one, or nearly."""

    rank: float  # minus the score: the surest first
    one: Key
    other: Key
    match: Match

    @classmethod
    def of(cls, one: Node, other: Node, match: Match = CERTAIN) -> Link:
        """The link of two nodes, whichever way round."""
        first, second = sorted((one.key, other.key))
        return cls(-match.score, first, second, match)


Rule = Callable[[Nodes, Ontology, Surroundings], Iterable[Link]]


def make_links(nodes: Nodes, ontology: Ontology, around: Surroundings) -> list[Link]:
    """What the rules find, the surest first; of two links of one pair the surer."""
    best: dict[Pair, Link] = {}
    for rule in RULES:
        for link in rule(nodes, ontology, around):
            pair = (link.one, link.other)
            best[pair] = min(best.get(pair, link), link)
    return sorted(best.values())


def _same_name(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """A name that the extractor did not look up is the gazetteer's entity of that family and name, if it is one."""
    known = index((n for n in nodes.values() if n.gazetteer), lambda node: {(node.family, name) for name in node.names})
    for node in nodes.values():
        if not node.gazetteer and len(node.key) == 2:
            yield from _only(node, known.get(node.key, []))


def _people(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """People of likely names; where one may be several who cannot be one, only the one that more than a name tells.

    With both "George W. Bush" and "George H. W. Bush" about, "George Bush" stays apart.
    """
    people = {key: node for key, node in nodes.items() if node.family == "person" and not node.lone}
    found = _matches(people, around)
    for one, matches in found.items():
        for other, match in matches.items():
            if one < other:
                clear = match.one and _clear(one, other, found) and _clear(other, one, found)
                yield Link.of(people[one], people[other], match if clear else _doubted(match))


def _matches(people: Mapping[Key, Node], around: Surroundings) -> dict[Key, dict[Key, Match]]:
    """The people of likely names, both ways round."""
    profiles: dict[Key, Profile] = {}

    def profile(key: Key) -> Profile:
        if key not in profiles:
            profiles[key] = around.profile(people[key].members)
        return profiles[key]

    found: dict[Key, dict[Key, Match]] = defaultdict(dict)
    for one, other in _pairs(people):
        alike = likeness(one[1], other[1]) if one[1] != other[1] else None
        if alike is not None:
            match = compare(profile(one), profile(other), alike.score, alike.why, around)
            if match.score >= NEAR_AT:
                found[one][other] = found[other][one] = match
    return found


def _pairs(people: Mapping[Key, Node]) -> Iterator[Pair]:
    """The pairs of people that share a block, each once."""
    seen: set[Pair] = set()
    for block in index(people.values(), lambda node: blocks(node.key[1])).values():
        for group in _portions(block):
            for one, other in combinations([node.key for node in group], 2):
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other


def _portions(block: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """A block, or the parts of a large one: those of one first name."""
    if len(block) <= LARGE:
        yield block
        return
    by_first: dict[str, list[Node]] = defaultdict(list)
    for node in block:
        by_first[node.key[1].split()[0]].append(node)
    yield from (group[:LARGE] for _, group in sorted(by_first.items()))


def _clear(one: Key, other: Key, found: Mapping[Key, Mapping[Key, Match]]) -> bool:
    """Whether one's rivals for being it could all be it at once, or it alone has more than a like name."""
    rivals = [key for key, match in found[one].items() if match.one and key != other]
    if all((match := found[other].get(rival)) is not None and match.one for rival in rivals):
        return True
    supported = [key for key in (other, *rivals) if len(found[one][key].features) > 1]
    return supported == [other]


def _doubted(match: Match) -> Match:
    """Not clear which: told as nearly merged."""
    if not match.one:
        return match
    return Match(min(match.score, MERGE_AT - 0.01), (*match.features, "but it may be another one as well"))


def _acronym(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """An acronym is the organisation whose full name an article gives beside it, if no other has the same."""
    organizations = [node for node in nodes.values() if node.family == "organization"]
    spelt_out = [node for node in organizations if not all(map(is_acronym, names_of(node)))]
    full = index(spelt_out, lambda node: {fold(alias) for alias in aliases_of(node) if is_acronym(alias)})
    for node in organizations:
        if any(map(is_acronym, names_of(node))):
            found = [other for name in node.names for other in full.get(name, ())]
            yield from _only(node, found, Match(INTRODUCED, ("an article gives both",)))


def _called(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """A name that an article gives a thing beside its own is that thing, if no other is called so.

    Part of the own name ("House" of the "Upper House") says too little, and so does one word for a person.
    """
    things = [node for node in nodes.values() if node.family in ("person", "organization", "vessel") and not node.lone]
    by_alias = index(
        things, lambda node: {(node.family, fold(alias)) for alias in aliases_of(node) if _telling(alias, node)}
    )
    for node in things:
        found = [other for name in node.names for other in by_alias.get((node.family, name), ()) if other is not node]
        yield from _only(node, found, Match(INTRODUCED, ("an article gives both names",)))


def _telling(alias: str, node: Node) -> bool:
    words = set(fold(alias).split())
    own = {word for name in node.names for word in name.split()}
    return len(words) > 1 and words.isdisjoint(own)


def _wording(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """Organisations and ships whose names differ by a legal form, a kind of ship, or order: "Ministry of Health"."""
    things = [node for node in nodes.values() if node.family in ("organization", "vessel")]
    cores = index(things, lambda node: {(node.family, core(name, node.family)[0]) for name in node.names})
    for block in cores.values():
        sure = {
            (one.key, other.key)
            for one, other in combinations(block, 2)
            if all(same_form(a, b) for a in _forms(one) for b in _forms(other))
        }
        if len(sure) == len(block) * (len(block) - 1) // 2:
            for one, other in combinations(block, 2):
                if one.names.isdisjoint(other.names):
                    legal = any(_forms(one)) or any(_forms(other))
                    why = ("legal form", LEGAL_FORM) if legal else ("the same words", REWORDED)
                    yield Link.of(one, other, Match(why[1], (why[0],)))


def _forms(node: Node) -> list[frozenset[str]]:
    return [core(name, node.family)[1] for name in node.names]


def _generic_kind(nodes: Nodes, ontology: Ontology, around: Surroundings) -> Iterator[Link]:
    """What is only known to be a place (an agent) is the one country (person, organisation) of that name."""
    named = index(nodes.values(), lambda node: node.names)
    for node in nodes.values():
        found = [
            other
            for name in node.names
            for other in named[name]
            if not (node.known or node.lone or other.lone)
            and other.family != node.family
            and all(any(kind in ontology.ancestors(k) for k in other.kinds) for kind in node.kinds)
        ]
        yield from _only(node, found)


def _only(node: Node, found: Sequence[Node], match: Match = CERTAIN) -> Iterator[Link]:
    """The node with the only one found, the gazetteer's coming before others; nothing where there is a choice."""
    best = [other for other in found if other.known] or found
    if len({other.key for other in best}) == 1:
        yield Link.of(node, best[0], match)


RULES: tuple[Rule, ...] = (_same_name, _people, _acronym, _called, _wording, _generic_kind)
