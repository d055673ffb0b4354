"""Clusters of nodes -> entities: their names, kinds, ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from kg.entitylist import Listed
from kg.gazetteer import load_gazetteer
from kg.model import Entity, Record, digest
from kg.ontology import Ontology
from kg.resolve.names import is_short, slug
from kg.resolve.nodes import Node, family, forms_of
from kg.resolve.profile import Key, Place


def _name(cluster: Iterable[Node]) -> str:
    """The most frequent full name, then the longest, then the first in the alphabet; the gazetteer's where it has one.

    Acronyms, capitals throughout and a first name cut to its initial count as short.
    """
    nodes = list(cluster)
    known = [node for node in nodes if node.gazetteer]
    entries = load_gazetteer().entries
    first = min((node.gazetteer for node in known if node.gazetteer), default="")  # which gives the id, too
    if first in entries:
        return entries[first].name
    count = Counter(entity.name for node in known or nodes for entity in node.members.values())
    return min(count, key=lambda name: (is_short(name), -count[name], -len(name), name))


def _kind(cluster: Iterable[Node], ontology: Ontology) -> str:
    """What a correction or a list says, else the most frequent of the kinds that none of the others is below."""
    cluster = list(cluster)
    for given in ({n.kind for n in cluster}, {n.listed.kind for n in cluster if n.listed}):
        if kinds := given - {None}:
            return min(kind for kind in kinds if kind)
    count = Counter(entity.kind for node in cluster for entity in node.members.values())
    above = {parent for kind in count for parent in ontology.ancestors(kind) - {kind}}
    return min(count.keys() - above or count, key=lambda kind: (-count[kind], kind))


def make_ids(clusters: Mapping[Key, list[Node]], ontology: Ontology) -> dict[Key, str]:
    """An id for each entity: the gazetteer's, or a slug of its name; what must stay apart gets a hash behind."""
    wanted = {root: _plain_id(cluster, ontology) for root, cluster in clusters.items()}
    taken = Counter(wanted.values())
    return {
        root: name if taken[name] == 1 or has_id(clusters[root]) else f"{name}-{_hash(clusters[root])}"
        for root, name in wanted.items()
    }


def _plain_id(cluster: Collection[Node], ontology: Ontology) -> str:
    folder = family(_kind(cluster, ontology), ontology)
    known = [node.gazetteer for node in cluster if node.gazetteer]
    own = [id for node in cluster if node.listed and (id := node.listed.id_in(folder))]
    if known or own:
        return min(known or own)
    name = slug(_steadiest(cluster)) or _hash(cluster)
    lone = [node.key[2] for node in cluster if node.lone]
    article = f"-{min(lone)}" if len(lone) == len(cluster) else ""
    sense = min((f"-{node.key[3]}" for node in cluster if len(node.key) > 3 and not node.lone), default="")
    return f"{folder}/{name}{article or sense}"


def _steadiest(cluster: Iterable[Node]) -> str:
    """The shortest full name, then the first in the alphabet: what more articles change the least.

    Acronyms, capitals throughout and a first name cut to its initial count as short only where there is nothing else,
    and so does a person's last name.
    """
    names = {
        (node.lone, is_short(entity.name), len(slug(entity.name)), slug(entity.name), entity.name)
        for node in cluster
        for entity in node.members.values()
    }
    return min(names)[-1]


def has_id(cluster: Iterable[Node]) -> bool:
    """Whether the gazetteer or the user's list has an id for it."""
    return any(node.gazetteer or (node.listed and node.listed.id_in("")) for node in cluster)


def _hash(cluster: Iterable[Node]) -> str:
    return digest("\x1f".join(sorted("\x1e".join(node.key) for node in cluster)), 8)


def make_entity(
    id: str,
    cluster: Collection[Node],
    articles: Iterable[str],
    same_as: Mapping[str, str],
    ontology: Ontology,
    notes: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
) -> Entity:
    """The entity of a cluster."""
    listed = next((node.listed for node in cluster if node.listed), None)
    name = _label(cluster, listed)
    ids = {node.gazetteer for node in cluster if node.gazetteer} | {id}
    elsewhere = {same_as[known] for known in ids if known in same_as}
    return Entity(
        id=id,
        name=name,
        kind=_kind(cluster, ontology),
        aliases=tuple(sorted(forms_of(cluster) - {name})),
        same_as=tuple(sorted(elsewhere.union(listed.elsewhere if listed else ()))),
        identifier=listed.identifier if listed else None,
        articles=tuple(sorted(articles)),
        notes=notes,
        near=near,
    )


def _label(cluster: Collection[Node], listed: Listed | None) -> str:
    """What a correction calls it, else the user's list, else the articles."""
    labels = {node.label for node in cluster if node.label}
    return min(labels, default=listed.name if listed else _name(cluster))


def mentioned_in(records: Mapping[str, Record], where: Mapping[Place, str]) -> dict[str, set[str]]:
    """The articles that mention each entity."""
    found: dict[str, set[str]] = defaultdict(set)
    for article, record in records.items():
        for mention in record.mentions:
            found[where[article, mention.entity]].add(article)
    return found
