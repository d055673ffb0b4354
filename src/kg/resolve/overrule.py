"""What people decide beforehand, corrections and lists of their own, as constraints on the nodes.

A reference ("person/ada-berg") means the nodes with a local entity of that family and name; with an article behind it
("person/ada-berg-0123456789abcdef"), those with such a local entity of that article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.corrections import PAIRS, Correction, Corrections, Decision, split_reference
from kg.entitylist import EntityList, Listed
from kg.errors import BadCorrections
from kg.model import LocalEntity, Problem, digest
from kg.ontology import Ontology
from kg.resolve.names import fold, slug
from kg.resolve.nodes import Node, Nodes, family, make_node
from kg.resolve.profile import Key, Place

APART = "apart"  # ends the key of what a correction took out of a node
PLAIN = re.compile(
    r"(?!the )[a-z0-9]{2,}(?: [a-z0-9]{2,})*", re.IGNORECASE | re.ASCII
)  # what `fold` makes lower case of
SHOWN = 3  # names in a message

Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Overruled:
    """The nodes with what is decided on them, the pairs that are one and the pairs that never are."""

    nodes: Nodes
    must: tuple[Pair, ...] = ()
    linked: tuple[Pair, ...] = ()  # by a list
    cannot: tuple[Pair, ...] = ()
    problems: tuple[Problem, ...] = ()  # what refers to nothing, or to too much


def overrule(
    nodes: Nodes, corrections: Corrections, known: EntityList, same_as: Mapping[str, str], ontology: Ontology
) -> Overruled:
    """The nodes under the user's corrections and lists; a correction goes before a list.

    Raises:
        BadCorrections: two corrections contradict each other; the message names their lines.
    """
    nodes, listed, said = _listed(dict(nodes), known, ontology)
    if not corrections.items:
        return Overruled(nodes, linked=listed, problems=said)
    nodes = _split(nodes, _Places(nodes, same_as, corrections, ontology), corrections, ontology)
    places = _Places(nodes, same_as, corrections, ontology)
    stale = [
        Problem(
            where=corrections.place(item),
            message=f"nothing in the articles is {missing} (any more); {item.command!r} does nothing",
        )
        for item in corrections.items
        if (missing := _missing(item, places))
    ]
    stale += [problem for item in corrections.items for problem in _unclear(item, corrections, places)]
    must, cannot = (_pairs(corrections, decision, places) for decision in (Decision.SAME, Decision.DIFFERENT))
    groups = _Groups(pair for pair, _ in must)
    nodes = _listed_once(nodes, (pair for pair, _ in cannot))
    _check_different(corrections, must, cannot, groups)
    named = _decided(corrections, Decision.NAME, places, groups)
    kinds = _decided(corrections, Decision.KIND, places, groups)
    _check_circle(corrections, named, nodes, groups)
    return Overruled(
        nodes={
            key: replace(node, label=_text(named.get(key)), kind=_text(kinds.get(key))) for key, node in nodes.items()
        },
        must=tuple(pair for pair, _ in must),
        linked=listed,
        cannot=tuple(pair for pair, _ in cannot),
        problems=(*said, *stale),
    )


def address(name: str, family: str) -> str:
    """What a correction calls the things of that name and family.

    >>> address("The Union of Rivers", "organization")
    'organization/union-of-rivers'
    """
    return f"{family}/{slug(name) or digest(name, 8)}"


def addresses(cluster: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """What articles call the thing that is a cluster of nodes: (article, address)."""
    for node in cluster:
        names = {entity.name: address(entity.name, node.family) for entity in node.members.values()}
        yield from ((article, names[entity.name]) for (article, _), entity in node.members.items())


# ---------------------------------------------------------------- what a reference means


class _Places:
    """The nodes by what corrections may call them."""

    def __init__(self, nodes: Nodes, same_as: Mapping[str, str], corrections: Corrections, ontology: Ontology) -> None:
        self.nodes = nodes
        self.by_name: dict[str, dict[Key, set[Place]]] = defaultdict(lambda: defaultdict(set))
        elsewhere: dict[str, list[str]] = defaultdict(list)
        for id, iri in same_as.items():
            elsewhere[id].append(iri)
        for key, node in nodes.items():
            for place, entity in node.members.items():
                name = address(entity.name, node.family)
                for each in (*_addresses(name, key, place), *_ids(node, elsewhere)):
                    self.by_name[each][key].add(place)
        for item in corrections.of(Decision.KIND):  # under its new class, a thing has another address
            again = f"{family(item.object, ontology)}/{item.subject.partition('/')[2]}"
            if again not in self.by_name and item.subject in self.by_name:
                self.by_name[again] = self.by_name[item.subject]

    def meant(self, reference: str) -> Mapping[Key, set[Place]]:
        """The nodes that a reference means, with the local entities in them that it means."""
        if reference in self.by_name:
            every = self.by_name[reference]
            return {key: places for key, places in every.items() if not _sense(key)} or every
        stem, article = split_reference(reference)
        found = self.by_name.get(stem, {})
        of_article = {key: {place for place in places if place[0] == article} for key, places in found.items()}
        return {key: places for key, places in of_article.items() if places}


def _addresses(name: str, key: Key, place: Place) -> tuple[str, ...]:
    """What a correction may call a local entity, without its article; what was taken out has that article alone."""
    if key[-1] == APART:
        return (f"{name}-{place[0]}",)
    return (name, f"{name}-{_sense(key)}") if _sense(key) else (name,)


def _sense(key: Key) -> str | None:
    """What tells a namesake from the one that has the plain name."""
    return key[3] if len(key) > 3 and not key[2] else None


def _ids(node: Node, elsewhere: Mapping[str, list[str]]) -> Iterator[str]:
    """The ids that a list or the gazetteer gives a node, and the IRIs elsewhere that go with them."""
    if node.listed:
        yield from filter(None, (node.listed.id_in(node.family), node.listed.id, *node.listed.same_as))
    if node.gazetteer:
        yield node.gazetteer
        yield from elsewhere.get(node.gazetteer, ())


def _missing(item: Correction, places: _Places) -> str:
    """Which of the things of a correction no article knows."""
    return " or ".join(f"<{reference}>" for reference in _references(item) if not places.meant(reference))


def _unclear(item: Correction, corrections: Corrections, places: _Places) -> Iterator[Problem]:
    """A name that several namesakes have now."""
    for reference in _references(item):
        if sum(_sense(key) is not None for key in places.meant(reference)) > 1:
            message = f"several things are called {reference} now, and all are meant; put an article's id behind it"
            yield Problem(where=corrections.place(item), message=message)


def _references(item: Correction) -> tuple[str, ...]:
    return (item.subject, item.object) if item.decision in PAIRS else (item.subject,)


def _split(nodes: dict[Key, Node], places: _Places, corrections: Corrections, ontology: Ontology) -> dict[Key, Node]:
    """What is declared different and is one node becomes two: the local entities of the narrower reference go out."""
    out: dict[Key, dict[Place, LocalEntity]] = defaultdict(dict)
    for item in corrections.of(Decision.DIFFERENT):
        narrow, wide = sorted((item.subject, item.object), key=lambda r: (split_reference(r)[1] is None, r))
        there, rest = places.meant(narrow), places.meant(wide)
        for key in there.keys() & rest.keys():
            if split_reference(narrow)[1] is None:
                raise BadCorrections(
                    f"{corrections.place(item)}: the articles write {narrow} and {wide} alike; "
                    "say which article has which, as in `kg different NAME --article ARTICLE`"
                )
            out[key].update((place, nodes[key].members[place]) for place in there[key])
    for key, members in out.items():
        rest_of = {place: entity for place, entity in nodes[key].members.items() if place not in members}
        parts: dict[Key, dict[Place, LocalEntity]] = defaultdict(dict)
        for place, entity in members.items():
            parts[nodes[key].family, min(nodes[key].names), place[0], APART][place] = entity
        del nodes[key]
        for part, of_part in {key: rest_of, **parts}.items():
            if of_part:
                nodes[part] = make_node(part, of_part, ontology)
    return dict(sorted(nodes.items()))


# ---------------------------------------------------------------- pairs


Reasoned = list[tuple[Pair, Correction]]


def _pairs(corrections: Corrections, decision: Decision, places: _Places) -> Reasoned:
    """The pairs of nodes that corrections speak of; of what is the same, one after another."""
    found: Reasoned = []
    for item in corrections.of(decision):
        one, other = sorted(places.meant(item.subject)), sorted(places.meant(item.object))
        if not (one and other):
            continue
        if decision is Decision.SAME:
            chain = [*one, *other]
            found += [((a, b), item) for a, b in pairwise(chain)]
        else:
            found += [((a, b), item) for a in one for b in other if a != b]
    return found


class _Groups:
    """Which nodes are one by the corrections alone."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._above: dict[Key, Key] = {}
        for one, other in pairs:
            a, b = sorted((self.root(one), self.root(other)))
            self._above[b] = a

    def root(self, key: Key) -> Key:
        """The node that stands for those that are one with it."""
        while (above := self._above.get(key, key)) != key:
            key = above
        return key


def _check_different(corrections: Corrections, must: Reasoned, cannot: Reasoned, groups: _Groups) -> None:
    for (one, other), item in cannot:
        if groups.root(one) == groups.root(other):
            same = {i.line: i for (key, _), i in must if groups.root(key) == groups.root(one)}
            raise BadCorrections(
                f"{corrections.place(item, *same.values())}: {item.subject} and {item.object} are declared different "
                f"and, by the other{'s' if len(same) > 1 else ''}, the same; take one back with --undo or an editor"
            )


def _decided(corrections: Corrections, decision: Decision, places: _Places, groups: _Groups) -> dict[Key, Correction]:
    """The name or class that is given to each node."""
    by_group: dict[Key, Correction] = {}
    found: dict[Key, Correction] = {}
    for item in corrections.of(decision):
        for key in places.meant(item.subject):
            before = by_group.setdefault(groups.root(key), item)
            if before.object != item.object:
                what = "names" if decision is Decision.NAME else "classes"
                raise BadCorrections(
                    f"{corrections.place(before, item)}: two {what} for one thing, {before.object!r} and "
                    f"{item.object!r}; take one back with --undo or an editor"
                )
            found[key] = item
    return found


def _check_circle(corrections: Corrections, named: Mapping[Key, Correction], nodes: Nodes, groups: _Groups) -> None:
    """No thing gets the name of another that gets the name of a third ... that gets the name of the first."""
    bearers: dict[tuple[str, str], Key] = {}
    for key in named:
        for name in nodes[key].names:
            bearers[nodes[key].family, name] = groups.root(key)
    onwards = {
        groups.root(key): (bearers.get((nodes[key].family, fold(item.object))), item) for key, item in named.items()
    }
    for start in onwards:
        passed: list[Correction] = []
        at: Key | None = start
        while at in onwards and len(passed) <= len(onwards):
            following, item = onwards[at]
            if following == at:
                break
            passed.append(item)
            at = following
            if at == start:
                raise BadCorrections(
                    f"{corrections.place(*passed)}: the names go round in a circle, each thing gets another's; "
                    "if they are one thing, say so with `kg same`, else take one back"
                )


def _text(item: Correction | None) -> str | None:
    return item.object if item else None


# ---------------------------------------------------------------- lists


def _listed(
    nodes: dict[Key, Node], known: EntityList, ontology: Ontology
) -> tuple[dict[Key, Node], tuple[Pair, ...], tuple[Problem, ...]]:
    """The nodes with what the list says of their name, the pairs that it makes one, and what it cannot tell apart."""
    if not known.entries:
        return nodes, (), ()
    index = _Index(known.entries)
    found: dict[str, list[Key]] = defaultdict(list)
    problems = []
    for key, node in nodes.items():
        entries = [entry for entry in index.called(node) if _fits(entry, node, ontology)]
        if len(entries) == 1 and not _sense(key):
            nodes[key] = replace(node, listed=entries[0])
            found[entries[0].key].append(key)
        elif entries and not (_sense(key) and key[:2] in nodes):
            lines = " and ".join(entry.where for entry in entries[:SHOWN])
            several = "several in the articles" if len(entries) == 1 else "several"
            message = f"{several} are called {node.called!r}, so that none is linked by that name"
            problems.append(Problem(where=lines, message=message))
    pairs = [pair for keys in found.values() for pair in pairwise(keys)]
    return nodes, tuple(pairs), tuple(dict.fromkeys(problems))


def _listed_once(nodes: dict[Key, Node], cannot: Iterable[Pair]) -> dict[Key, Node]:
    """What a correction declares different is not one listed thing: the one of the listed name keeps it."""
    for one, other in cannot:
        listed = nodes[one].listed
        if listed and nodes[other].listed is listed:
            out = one if fold(listed.name) in nodes[other].names else other
            nodes[out] = replace(nodes[out], listed=None)
    return nodes


class _Index:
    """Listed things by folded name."""

    def __init__(self, entries: Sequence[Listed]) -> None:
        self._named: dict[str, dict[str, Listed]] = defaultdict(dict)
        for entry in entries:
            for form in entry.forms:
                self._named[form.lower() if PLAIN.fullmatch(form) else fold(form)][entry.key] = entry
        self._named.pop("", None)
        self._owners = {name: set(found) for name, found in self._named.items() if " " not in name}
        for name, found in self._named.items():
            for word in name.split():
                if word in self._owners:
                    self._owners[word].update(found)

    def called(self, node: Node) -> list[Listed]:
        """The listed things of a node's name; one word of a person's name says enough only if no other's has it."""
        found = {key: entry for name in sorted(node.names) for key, entry in self._named.get(name, {}).items()}
        if node.family == "person" and any(len(self._owners.get(name, ())) > 1 for name in node.names):
            return []
        return [found[key] for key in sorted(found)]


def _fits(entry: Listed, node: Node, ontology: Ontology) -> bool:
    """Whether a thing of the listed class may be what the articles take the node for."""
    if entry.kind is None:
        return True
    return any(
        entry.kind in ontology.ancestors(kind)
        or kind in ontology.ancestors(entry.kind)
        or family(kind, ontology) == family(entry.kind, ontology)
        for kind in node.kinds
    )
