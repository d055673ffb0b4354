"""Links -> clusters: what is one, the surest links first; and the decisions in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kg.ontology import Ontology
from kg.resolve.compare import compare
from kg.resolve.links import Link, Pair, make_links
from kg.resolve.lone import lone_links
from kg.resolve.nodes import Node, Nodes
from kg.resolve.people import likeness
from kg.resolve.profile import Key, Surroundings

IDS: tuple[Callable[[Node], str | None], ...] = (  # two of a kind are two things
    lambda node: node.gazetteer,
    lambda node: node.listed.key if node.listed else None,
)
MOST_NEAR = 5  # near misses told of one thing


@dataclass(slots=True)
class Clusters:
    """The nodes of each entity, under the smallest of their keys, and the links that were and were not followed."""

    of: dict[Key, list[Node]]
    roots: dict[Key, Key]
    followed: dict[Key, list[Link]] = field(default_factory=dict)
    near: dict[Key, list[Link]] = field(default_factory=dict)


def make_clusters(
    nodes: Nodes,
    ontology: Ontology,
    around: Surroundings,
    *,
    must: Sequence[Pair] = (),
    linked: Sequence[Pair] = (),
    cannot: Sequence[Pair] = (),
) -> Clusters:
    """The clusters of nodes; no rule joins two things that are known, or people whose names cannot be one person's.

    What `must` be one is joined first, then what a list has `linked`; no rule or list joins what `cannot` be one.
    """
    clusters = Clusters(of={key: [node] for key, node in nodes.items()}, roots={key: key for key in nodes})
    apart: dict[Key, set[Key]] = defaultdict(set)
    for one, other in cannot:
        apart[one].add(other)
        apart[other].add(one)
    for one, other in must:
        _unite(clusters, one, other)
    for one, other in linked:
        if _joinable(clusters, one, other, apart, told=True):
            _unite(clusters, one, other)
    links = make_links(nodes, ontology, around)
    _follow(clusters, links, apart)
    late = lone_links(clusters.of, nodes, around)
    _follow(clusters, late, apart)
    _note(clusters, [*links, *late], _namesakes(nodes, around))
    return clusters


def _follow(clusters: Clusters, links: Iterable[Link], apart: Mapping[Key, set[Key]]) -> None:
    for link in links:
        if link.match.one and _joinable(clusters, link.one, link.other, apart):
            _unite(clusters, link.one, link.other)


def _unite(clusters: Clusters, one: Key, other: Key) -> None:
    into, out = sorted((clusters.roots[one], clusters.roots[other]))
    if into != out:
        moved = clusters.of.pop(out)
        clusters.of[into] += moved
        clusters.roots.update((node.key, into) for node in moved)


def _joinable(clusters: Clusters, a: Key, b: Key, apart: Mapping[Key, set[Key]], *, told: bool = False) -> bool:
    """Whether the clusters of two nodes may be one; where people have `told` that they are, names do not count."""
    one, other = clusters.of[clusters.roots[a]], clusters.of[clusters.roots[b]]
    if one is other:
        return True
    for id in IDS:
        known, others = ({id(node) for node in nodes} - {None} for nodes in (one, other))
        if known and others and known != others:
            return False
    keys = {node.key for node in other}
    if any(apart[node.key] & keys for node in one if node.key in apart):
        return False
    return told or all(_compatible(x, y) for x in one for y in other)


def _compatible(one: Node, other: Node) -> bool:
    """Whether two nodes may be in one cluster: not two namesakes, and no two people whose names exclude each other."""
    if one.key[:2] == other.key[:2] and not (one.lone or other.lone):
        return False
    people = one.family == other.family == "person" and not (one.lone or other.lone)
    bridged = not set(one.key[1].split()) & set(other.key[1].split())  # two names that an article gives one person
    return not people or bridged or likeness(one.key[1], other.key[1]) is not None


def _namesakes(nodes: Nodes, around: Surroundings) -> Iterator[Link]:
    """The nodes of one name that stand for several, with what tells them apart."""
    named: dict[Key, list[Node]] = defaultdict(list)
    for key, node in nodes.items():
        if len(key) in (2, 4) and not node.lone:
            named[key[:2]].append(node)
    for _, group in sorted(named.items()):
        for one, other in combinations(group[:MOST_NEAR], 2):
            first, second = around.profile(one.members), around.profile(other.members)
            yield Link.of(one, other, compare(first, second, 1.0, "same name", around))


def _note(clusters: Clusters, links: Iterable[Link], namesakes: Iterable[Link]) -> None:
    followed: dict[Key, list[Link]] = defaultdict(list)
    near: dict[Key, list[Link]] = defaultdict(list)
    for link in links:
        one, other = clusters.roots[link.one], clusters.roots[link.other]
        if one == other and link.match.one and link.match.features:
            followed[one].append(link)
        elif one != other and (link.match.one or link.match.near) and link.match.features:
            near[one].append(link)
            near[other].append(link)
    for link in namesakes:
        one, other = clusters.roots[link.one], clusters.roots[link.other]
        if one != other:
            near[one].append(link)
            near[other].append(link)
    clusters.followed, clusters.near = followed, near


def notes(root: Key, clusters: Clusters, nodes: Nodes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why the forms of an entity are one, and what was nearly one with it, in words.

    "Volodymyr Zelenskyy (3 articles) = Volodymyr Zelensky: transliteration .99 (0.99)"
    """
    merged = (_said(nodes[link.one], "=", nodes[link.other], link) for link in clusters.followed.get(root, ()))
    near = sorted(clusters.near.get(root, ()))[:MOST_NEAR]
    turned = (_turned(link, root, clusters) for link in near)
    kept = (_said(nodes[one], "is kept apart from", nodes[other], link) for link, one, other in turned)
    return tuple(sorted(set(merged))), tuple(sorted(set(kept)))


def _turned(link: Link, root: Key, clusters: Clusters) -> tuple[Link, Key, Key]:
    """A link that begins with a node of the cluster."""
    ends = (link.one, link.other) if clusters.roots[link.one] == root else (link.other, link.one)
    return link, *ends


def _said(one: Node, how: str, other: Node, link: Link) -> str:
    if how == "=":  # a last name, the rarer or the shorter form first
        one, other = sorted((one, other), key=lambda node: (not node.lone, node.articles, len(node.called), node.key))
    count = f"{one.articles} article{'s' if one.articles > 1 else ''}"
    sense = f" ({other.key[3]})" if len(other.key) > 3 else ""
    return f"{one.called} ({count}) {how} {other.called}{sense}: {link.match}"
