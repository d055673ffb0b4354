"""The local entities of all articles, grouped by what they are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.entitylist import Listed
from kg.gazetteer import load_gazetteer
from kg.model import LocalEntity, Record, digest
from kg.ontology import Ontology
from kg.resolve.names import core, fold, fold_person, is_acronym, parts, slug
from kg.resolve.profile import Key, Place, Surroundings
from kg.resolve.senses import senses

FAMILIES = {  # the folder of an entity's id, by the first of these classes that it belongs to
    "Person": "person",
    "Organization": "organization",
    "Country": "country",
    "Vessel": "vessel",
    "Place": "place",
}

# A key: ("known", gazetteer id), (family, folded name), ("person", folded last name, article) or, of namesakes,
# (family, folded name, "", what tells it from the others).


@dataclass(frozen=True, slots=True)
class Node:
    """One name of one family (or one gazetteer id), with all the local entities that bear it."""

    key: Key
    family: str
    names: frozenset[str]  # folded; several only for a gazetteer id
    kinds: frozenset[str]
    members: Mapping[Place, LocalEntity]
    listed: Listed | None = None  # what it is on the user's own list
    label: str | None = None  # what a correction calls it
    kind: str | None = None  # the class that a correction gives it

    @property
    def known(self) -> bool:
        """Whether the gazetteer or the user's own list says what it is."""
        return self.gazetteer is not None or self.listed is not None

    @property
    def gazetteer(self) -> str | None:
        """Its id in the gazetteer."""
        return self.key[1] if self.key[0] == "known" else None

    @property
    def lone(self) -> bool:
        """Whether it is a bare last name, which says too little to be joined with another article's."""
        return len(self.key) > 2 and bool(self.key[2])

    @property
    def called(self) -> str:
        """Its commonest name as the articles write it."""
        count = Counter(entity.name for entity in self.members.values())
        return min(count, key=lambda name: (-count[name], name))

    @property
    def articles(self) -> int:
        """How many articles speak of it."""
        return len({article for article, _ in self.members})


Nodes = Mapping[Key, "Node"]


def family(kind: str, ontology: Ontology) -> str:
    """The folder for entities of a class.

    >>> from kg.ontology import load_ontology
    >>> family("Party", load_ontology()), family("City", load_ontology())
    ('organization', 'place')
    """
    above = ontology.ancestors(kind)
    return next((folder for name, folder in FAMILIES.items() if name in above), slug(kind) or "thing")


def make_nodes(
    records: Mapping[str, Record], years: Mapping[str, int | None], ontology: Ontology
) -> tuple[dict[Key, Node], Surroundings]:
    """The nodes of all articles, namesakes apart, and what surrounds them; `years` are those of the articles."""
    members: dict[Key, dict[Place, LocalEntity]] = defaultdict(dict)
    families: dict[str, str] = {}  # by kind
    keys: dict[str, tuple[Key, ...]] = {}
    interned: dict[Key, Key] = {}  # one tuple for all places of a name
    for article, record in records.items():
        of_article = []
        for index, entity in enumerate(record.entities):
            if entity.kind not in families:
                families[entity.kind] = family(entity.kind, ontology)
            key = key_of(entity, families[entity.kind], article)
            key = interned.setdefault(key, key)
            members[key][article, index] = entity
            of_article.append(key)
        keys[article] = tuple(of_article)
    around = Surroundings(records, keys, years, ontology)
    return parted(members, around, ontology), around


def parted(
    members: Mapping[Key, Mapping[Place, LocalEntity]], around: Surroundings, ontology: Ontology
) -> dict[Key, Node]:
    """The nodes of the local entities of each name, namesakes apart."""
    nodes = (
        sense
        for key, found in sorted(members.items())
        for sense in (senses(key, found, around) if len(found) > 1 and len(key) == 2 else ((key, found),))
    )
    return {key: make_node(key, found, ontology) for key, found in nodes}


def make_node(key: Key, members: Mapping[Place, LocalEntity], ontology: Ontology) -> Node:
    """The node of some local entities."""
    kinds = Counter(entity.kind for entity in members.values())
    commonest = min(kinds, key=lambda kind: (-kinds[kind], kind))
    return Node(
        key=key,
        family=family(commonest, ontology),
        names=frozenset(fold(entity.name) for entity in members.values()),
        kinds=frozenset(kinds),
        members=members,
    )


def key_of(entity: LocalEntity, family: str, article: str) -> Key:
    """The key of the name of a local entity."""
    if entity.known:
        return ("known", entity.known)
    if family == "organization" and (listed := _listed(entity.name)):
        return ("known", listed)
    if family != "person":
        return (family, fold(entity.name) or digest(entity.name))
    folded = fold_person(entity.name) or digest(entity.name)
    return (family, folded, article) if parts(folded) is None else (family, folded)


@lru_cache(maxsize=200_000)
def _listed(name: str) -> str | None:
    """The gazetteer's organisation of that name, but for a legal form: "Siemens AG"."""
    bare, form = core(fold(name), "organization")
    found = _companies().get(bare, ()) if form else ()
    return found[0] if len(found) == 1 else None


@cache
def _companies() -> Mapping[str, tuple[str, ...]]:
    """The gazetteer's organisations by the core of their names."""
    found: dict[str, set[str]] = defaultdict(set)
    for form, entries in load_gazetteer().names.items():
        for entry in entries:
            if entry.kind == "Organization" and not is_acronym(form):
                found[core(fold(form), "organization")[0]].add(entry.id)
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def index(nodes: Iterable[Node], keys: Callable[[Node], Iterable[Key | str | None]]) -> dict[object, list[Node]]:
    index: dict[object, list[Node]] = defaultdict(list)
    for node in nodes:
        for key in keys(node):
            index[key].append(node)
    return index


def names_of(node: Node) -> set[str]:
    return {entity.name for entity in node.members.values()}


def aliases_of(node: Node) -> set[str]:
    return {alias for entity in node.members.values() for alias in entity.aliases}


def forms_of(cluster: Iterable[Node]) -> set[str]:
    """Every form by which the articles call an entity."""
    return {form for node in cluster for form in names_of(node) | aliases_of(node)}
