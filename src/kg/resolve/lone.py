"""Bare last names: each is joined with a full name of another article only where more than the name speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import JaroWinkler

from kg.resolve.compare import Match, compare
from kg.resolve.links import Link
from kg.resolve.names import parts, romanised, sound
from kg.resolve.nodes import Node, Nodes
from kg.resolve.people import TRANSLITERATED
from kg.resolve.profile import LEADS, Key, Profile, Surroundings, joined

LAST_NAME = 0.6
LOOKS = 0.8  # Jaro-Winkler of two romanisations of it, at least
ONLY_BEARER = 0.05
FATHER = frozenset({"bin", "ibn", "bint", "ben"})  # what follows is the father's name, not the family's
TERM = 5  # years between two articles that call the leader of one body by one last name

Clusters = Mapping[Key, Sequence[Node]]


def lone_links(clusters: Clusters, nodes: Nodes, around: Surroundings) -> list[Link]:
    """The links of bare last names to people of full names, and to each other where they lead the same body."""
    lone = [node for node in nodes.values() if node.family == "person" and node.lone]
    if not lone:
        return []
    bearers = _Bearers(clusters, around)
    found = [link for node in lone for link in bearers.links(node)]
    sure = {key for link in found if link.match.one for key in (link.one, link.other)}
    left = [node for node in lone if node.key not in sure and not bearers.several(node)]
    return sorted([*found, *_alike(left, around)])


class _Bearers:
    """People of full names by the sound of the last."""

    def __init__(self, clusters: Clusters, around: Surroundings) -> None:
        self.clusters, self.around = clusters, around
        self.named: dict[str, set[Key]] = defaultdict(set)
        for root, cluster in clusters.items():
            for node in cluster:
                if node.family == "person" and not node.lone and (name := parts(node.key[1])):
                    self.named[sound(name.last)].add(root)
        self.profiles: dict[Key, Profile] = {}

    def links(self, node: Node) -> Iterator[Link]:
        """The link to the one person that it must be, or what it nearly is."""
        found = []
        profile = self.around.profile(node.members)
        for root in self._candidates(node, profile):
            like = _last_name(node, self.clusters[root])
            if like and not self._together(node, root):
                score, why = like
                only = self.only(node, root)
                match = compare(profile, self.profile(root), score + only * ONLY_BEARER, why, self.around)
                found.append((match, root))
        sure = [(match, root) for match, root in found if match.one]
        for match, root in sure if len(sure) == 1 else found:
            doubt = match.one and len(sure) > 1
            told = Match(0.79, (*match.features, "but it may be another one as well")) if doubt else match
            if told.one or told.near:
                yield Link.of(node, _named(self.clusters[root]), told)

    def _candidates(self, node: Node, profile: Profile) -> list[Key]:
        roots = self.named.get(sound(node.key[1].split()[-1]), set())
        if len(roots) == 1:
            return list(roots)
        return sorted(root for root in roots if not profile.offices.isdisjoint(self.profile(root).offices))

    def several(self, node: Node) -> bool:
        """Whether more than one person of a full name might be meant."""
        return len(self.named.get(sound(node.key[1].split()[-1]), ())) > 1

    def only(self, node: Node, root: Key) -> bool:
        """Whether nobody else has that last name."""
        return self.named[sound(node.key[1].split()[-1])] == {root}

    def profile(self, root: Key) -> Profile:
        """What is said of a person under any name."""
        if root not in self.profiles:
            said = [self.around.profile(node.members) for node in self.clusters[root]]
            self.profiles[root] = joined(said)
        return self.profiles[root]

    def _together(self, node: Node, root: Key) -> bool:
        """Whether the article with the last name has the full name for somebody else."""
        return not self.profile(root).articles.isdisjoint({article for article, _ in node.members})


def _named(cluster: Sequence[Node]) -> Node:
    """The node with which a cluster is joined."""
    return min((node for node in cluster if not node.lone), key=lambda node: node.key)


def _last_name(node: Node, cluster: Sequence[Node]) -> tuple[float, str] | None:
    """How alike the bare last name is to that of a person's names, and why."""
    words = tuple(node.key[1].split())
    best: tuple[float, str] | None = None
    for other in cluster:
        name = parts(other.key[1])
        if name is None or name.given[-1] in FATHER:
            continue
        if name.tokens[-len(words) :] == words:
            return LAST_NAME, "last name"
        alike = JaroWinkler.similarity(words[-1], name.last)
        if len(words) == 1 and alike >= LOOKS and sound(words[-1]) == sound(name.last) and romanised(name.tokens):
            like = TRANSLITERATED + (1 - TRANSLITERATED) * alike
            best = max(
                best or (0.0, ""), (LAST_NAME * like, f"last name, transliteration {like:.2f}".replace(" 0.", " ."))
            )
    return best


def _alike(lone: Sequence[Node], around: Surroundings) -> Iterator[Link]:
    """Leaders of one body who are called by one last name at about the same time."""
    groups: dict[tuple[str, Key], list[tuple[int, Node]]] = defaultdict(list)
    for node in lone:
        profile = around.profile(node.members)
        year = profile.years[0] if profile.years else 0
        for relation, body in profile.offices:
            if relation == LEADS:
                groups[node.key[1], body].append((year, node))
    for _, group in sorted(groups.items()):
        for (year, one), (later, other) in pairwise(sorted(group, key=lambda item: (item[0], item[1].key))):
            if later - year <= TERM:
                match = compare(
                    around.profile(one.members), around.profile(other.members), LAST_NAME, "last name", around
                )
                yield Link.of(one, other, match)
