"""Records of single articles -> the entities and claims of all of them.

Every name that an article gives an entity is a node; each rule in `RULES` says which nodes are one entity, looking only
at the nodes as they stand before any merge; the merged nodes are the entities. So the order of the articles never
matters, and an article that comes twice counts once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from anyascii import anyascii

from kg.model import (
    Article,
    Claim,
    Document,
    Entity,
    Knowledge,
    LocalClaim,
    LocalEntity,
    Modality,
    Record,
    digest,
)
from kg.ontology import Ontology, load_ontology

FAMILIES = {  # the folder of an entity's id, by the first of these classes that it belongs to
    "Person": "person",
    "Organization": "organization",
    "Country": "country",
    "Vessel": "vessel",
    "Place": "place",
}
SUFFIXES = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv", "v"})  # keep father and son apart
ACRONYM = re.compile(r"[A-Z][A-Z.&-]{1,7}")
SLUG_LENGTH = 80
NOTHING: Mapping[str, str] = {}

Key = tuple[str, ...]  # ("known", gazetteer id), (family, folded name) or ("person", folded name, article)
Place = tuple[str, int]  # an article's id and an index in its record's entities


@dataclass(frozen=True, slots=True)
class Node:
    """One name of one family (or one gazetteer id), with all the local entities that bear it."""

    key: Key
    family: str
    names: frozenset[str]  # folded; several only for a gazetteer id
    kinds: frozenset[str]
    members: Mapping[Place, LocalEntity]

    @property
    def known(self) -> bool:
        """Whether the gazetteer says what it is."""
        return self.key[0] == "known"

    @property
    def lone(self) -> bool:
        """Whether it is a bare last name, which says too little to be joined with another article's."""
        return len(self.key) > 2


Nodes = Mapping[Key, Node]
Rule = Callable[[Nodes, Ontology], Iterable[tuple[Key, Key]]]


def resolve(
    pairs: Iterable[tuple[Document, Record]],
    *,
    same_as: Mapping[str, str] = NOTHING,
    ontology: Ontology | None = None,
) -> Knowledge:
    """The entities and claims of all articles; `same_as` gives gazetteer ids their IRIs elsewhere.

    >>> person = LocalEntity(name="Angela Merkel", kind="Person")
    >>> articles = [Document(name=n, origin=n, text=n, segments=()) for n in ("a", "b")]
    >>> records = [Record(article=d.id, entities=(person,), mentions=(), claims=()) for d in articles]
    >>> len(resolve(zip(articles, records)).articles)
    2
    """
    ontology = ontology or load_ontology()
    documents, records = _once(pairs)
    nodes = _nodes(records, ontology)
    clusters = _clusters(nodes, ontology)
    ids = _ids(clusters, ontology)
    where = {place: ids[root] for root, cluster in clusters.items() for node in cluster for place in node.members}
    claims = sorted(_claims(records, where, ontology), key=lambda claim: claim.id)
    mentions = _mentions(records, where)
    claimed = {end for claim in claims for end in (claim.subject, claim.object, claim.source) if end}
    entities = (
        _entity(ids[root], cluster, mentions.get(ids[root], ()), same_as, ontology)
        for root, cluster in clusters.items()
        if ids[root] in claimed or (ids[root] in mentions and any(map(_has_letter, _forms(cluster))))
    )
    return Knowledge(
        articles=tuple(_article(documents[article]) for article in sorted(documents)),
        entities=tuple(sorted(entities, key=lambda entity: entity.id)),
        claims=tuple(claims),
    )


@lru_cache(maxsize=100_000)
def fold(name: str) -> str:
    """A name without case, accents, punctuation and a leading "the"; single letters in a row become one word.

    >>> fold("The European Union"), fold("U.S. Senate"), fold("Aleksandr Łukaszenka")
    ('european union', 'us senate', 'aleksandr lukaszenka')
    """
    plain = re.sub(r"['’`]", "", anyascii(name).lower())
    words = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    words = re.sub(r"\b([a-z]) (?=[a-z]\b)", r"\1", words)
    return words.removeprefix("the ")


@lru_cache(maxsize=100_000)
def slug(name: str) -> str:
    """A name as a part of an IRI, without a leading "the".

    >>> slug("José Pérez Ruiz"), slug("The Hague")
    ('jose-perez-ruiz', 'hague')
    """
    plain = re.sub(r"['’`]", "", anyascii(name).lower())
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words.removeprefix("the-")[:SLUG_LENGTH].rstrip("-")


def agree(one: str, other: str) -> bool:
    """Whether two folded names of a person may be one name, up to initials and left-out middle names.

    >>> agree("donald j trump", "donald trump"), agree("george w bush", "george hw bush")
    (True, False)
    """
    first, second = _parts(one), _parts(other)
    if first is None or second is None or first[1:] != second[1:]:
        return False
    return all(_token_agrees(a, b) for a, b in zip(first[0], second[0], strict=False))


def family(kind: str, ontology: Ontology) -> str:
    """The folder for entities of a class.

    >>> family("Party", load_ontology()), family("City", load_ontology())
    ('organization', 'place')
    """
    above = ontology.ancestors(kind)
    return next((folder for name, folder in FAMILIES.items() if name in above), slug(kind) or "thing")


# ---------------------------------------------------------------- nodes and rules


def _once(pairs: Iterable[tuple[Document, Record]]) -> tuple[dict[str, Document], dict[str, Record]]:
    """Each article once, by id; of several origins the smallest."""
    documents: dict[str, Document] = {}
    records: dict[str, Record] = {}
    for document, record in pairs:
        before = documents.get(document.id)
        if before is None or document.origin < before.origin:
            documents[document.id], records[document.id] = document, record
    return documents, dict(sorted(records.items()))


def _nodes(records: Mapping[str, Record], ontology: Ontology) -> dict[Key, Node]:
    members: dict[Key, dict[Place, LocalEntity]] = defaultdict(dict)
    families: dict[str, str] = {}
    for article, record in records.items():
        for index, entity in enumerate(record.entities):
            if entity.kind not in families:
                families[entity.kind] = family(entity.kind, ontology)
            members[_key(entity, families[entity.kind], article)][article, index] = entity
    return {key: _node(key, found, families) for key, found in sorted(members.items())}


def _node(key: Key, members: Mapping[Place, LocalEntity], families: Mapping[str, str]) -> Node:
    kinds = Counter(entity.kind for entity in members.values())
    commonest = min(kinds, key=lambda kind: (-kinds[kind], kind))
    return Node(
        key=key,
        family=families[commonest],
        names=frozenset(fold(entity.name) for entity in members.values()),
        kinds=frozenset(kinds),
        members=members,
    )


def _key(entity: LocalEntity, family: str, article: str) -> Key:
    if entity.known:
        return ("known", entity.known)
    folded = fold(entity.name) or digest(entity.name)
    if family == "person" and _parts(folded) is None:
        return (family, folded, article)
    return (family, folded)


def _same_name(nodes: Nodes, ontology: Ontology) -> Iterator[tuple[Key, Key]]:
    """A name that the extractor did not look up is the gazetteer's entity of that family and name, if it is one."""
    known = _index((n for n in nodes.values() if n.known), lambda node: {(node.family, name) for name in node.names})
    for node in nodes.values():
        found = known.get(node.key, []) if not node.known else []
        yield from _joined(node, found)


def _same_person(nodes: Nodes, ontology: Ontology) -> Iterator[tuple[Key, Key]]:
    """A person's shorter name is the longer one, where all longer names of the collection agree with each other.

    With both "George W. Bush" and "George H. W. Bush" about, "George Bush" stays apart.
    """
    people = [node for node in nodes.values() if node.family == "person" and not node.lone]
    for block in _index(people, lambda node: {_block(name) for name in node.names} - {None}).values():
        for node in block:
            longer = [other for other in block if other is not node and _extends(other, node)]
            if all(_agree(a, b) for a, b in combinations(longer, 2)):
                yield from ((node.key, other.key) for other in longer)


def _acronym(nodes: Nodes, ontology: Ontology) -> Iterator[tuple[Key, Key]]:
    """An acronym is the organisation whose full name an article gives beside it, if no other has the same."""
    organizations = [node for node in nodes.values() if node.family == "organization"]
    spelt_out = [node for node in organizations if not all(map(_is_acronym, _names(node)))]
    full = _index(spelt_out, lambda node: {fold(alias) for alias in _aliases(node) if _is_acronym(alias)})
    for node in organizations:
        if any(map(_is_acronym, _names(node))):
            yield from _joined(node, [other for name in node.names for other in full.get(name, ())])


def _generic_kind(nodes: Nodes, ontology: Ontology) -> Iterator[tuple[Key, Key]]:
    """What is only known to be a place (an agent) is the one country (person, organisation) of that name."""
    named = _index(nodes.values(), lambda node: node.names)
    for node in nodes.values():
        found = [
            other
            for name in node.names
            for other in named[name]
            if not (node.known or node.lone or other.lone)
            and other.family != node.family
            and all(any(kind in ontology.ancestors(k) for k in other.kinds) for kind in node.kinds)
        ]
        yield from _joined(node, found)


def _joined(node: Node, found: list[Node]) -> Iterator[tuple[Key, Key]]:
    """The node with the only one found, the gazetteer's coming before others; nothing where there is a choice."""
    best = [other for other in found if other.known] or found
    if len(best) == 1:
        yield node.key, best[0].key


RULES: tuple[Rule, ...] = (_same_name, _same_person, _acronym, _generic_kind)


def _clusters(nodes: Nodes, ontology: Ontology) -> dict[Key, list[Node]]:
    """The nodes of each entity, under the smallest of their keys; no rule joins two gazetteer ids."""
    clusters = {key: [node] for key, node in nodes.items()}
    roots = {key: key for key in nodes}
    for one, other in sorted({(min(p), max(p)) for rule in RULES for p in rule(nodes, ontology)}):
        into, out = sorted((roots[one], roots[other]))
        if into == out or sum(node.known for node in clusters[into] + clusters[out]) > 1:
            continue
        clusters[into] += clusters.pop(out)
        roots.update((node.key, into) for node in clusters[into])
    return clusters


def _index(nodes: Iterable[Node], keys: Callable[[Node], Iterable[Key | str | None]]) -> dict[object, list[Node]]:
    index: dict[object, list[Node]] = defaultdict(list)
    for node in nodes:
        for key in keys(node):
            index[key].append(node)
    return index


# ---------------------------------------------------------------- names


@lru_cache(maxsize=100_000)
def _parts(folded: str) -> tuple[tuple[str, ...], str, str] | None:
    """First and middle names, last name, suffix; nothing for a name of one word."""
    words = folded.split()
    suffix = words.pop() if len(words) > 1 and words[-1] in SUFFIXES else ""
    return (tuple(words[:-1]), words[-1], suffix) if len(words) > 1 else None


def _block(folded: str) -> str | None:
    """What two names of a person must share: first letter, last name, suffix."""
    parts = _parts(folded)
    return f"{parts[0][0][0]} {parts[1]} {parts[2]}" if parts else None


def _token_agrees(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def _agree(one: Node, other: Node) -> bool:
    both_known = one.known and other.known
    return not both_known and all(agree(a, b) for a in one.names for b in other.names)


def _extends(longer: Node, node: Node) -> bool:
    """Whether a node's name says all that the other's says, and more."""
    return _agree(longer, node) and min(map(_detail, longer.names)) > max(map(_detail, node.names))


def _detail(folded: str) -> tuple[int, int]:
    parts = _parts(folded)
    given = parts[0] if parts else ()
    return len(given), sum(map(len, given))


def _is_acronym(name: str) -> bool:
    return ACRONYM.fullmatch(name) is not None


def _has_letter(name: str) -> bool:
    return any(map(str.isalpha, name))


def _names(node: Node) -> set[str]:
    return {entity.name for entity in node.members.values()}


def _aliases(node: Node) -> set[str]:
    return {alias for entity in node.members.values() for alias in entity.aliases}


def _forms(cluster: Iterable[Node]) -> set[str]:
    """Every form by which the articles call an entity."""
    return {form for node in cluster for form in _names(node) | _aliases(node)}


# ---------------------------------------------------------------- entities


def _name(cluster: Iterable[Node]) -> str:
    """The most frequent full name, then the longest, then the first in the alphabet; the gazetteer's where it has one.

    Acronyms, capitals throughout and a first name cut to its initial count as short.
    """
    nodes = list(cluster)
    known = [node for node in nodes if node.known]
    count = Counter(entity.name for node in known or nodes for entity in node.members.values())
    return min(count, key=lambda name: (_is_short(name), -count[name], -len(name), name))


def _is_short(name: str) -> bool:
    return name.isupper() or re.match(r"[A-Z]\.?(\s|[A-Z]\.)", name) is not None


def _kind(cluster: Iterable[Node], ontology: Ontology) -> str:
    """The most frequent of the kinds that none of the others is below."""
    count = Counter(entity.kind for node in cluster for entity in node.members.values())
    above = {parent for kind in count for parent in ontology.ancestors(kind) - {kind}}
    return min(count.keys() - above or count, key=lambda kind: (-count[kind], kind))


def _ids(clusters: Mapping[Key, list[Node]], ontology: Ontology) -> dict[Key, str]:
    """An id for each entity: the gazetteer's, or a slug of its name; what must stay apart gets a hash behind."""
    wanted = {root: _plain_id(cluster, ontology) for root, cluster in clusters.items()}
    taken = Counter(wanted.values())
    return {
        root: name if taken[name] == 1 or any(n.known for n in clusters[root]) else f"{name}-{_hash(clusters[root])}"
        for root, name in wanted.items()
    }


def _plain_id(cluster: Collection[Node], ontology: Ontology) -> str:
    known = [node.key[1] for node in cluster if node.known]
    if known:
        return known[0]
    name = slug(_name(cluster)) or _hash(cluster)
    article = "".join(f"-{node.key[2]}" for node in cluster if node.lone)
    return f"{family(_kind(cluster, ontology), ontology)}/{name}{article}"


def _hash(cluster: Iterable[Node]) -> str:
    return digest("\x1f".join(sorted("\x1e".join(node.key) for node in cluster)), 8)


def _entity(
    id: str, cluster: Collection[Node], articles: Iterable[str], same_as: Mapping[str, str], ontology: Ontology
) -> Entity:
    name = _name(cluster)
    return Entity(
        id=id,
        name=name,
        kind=_kind(cluster, ontology),
        aliases=tuple(sorted(_forms(cluster) - {name})),
        same_as=(same_as[id],) if id in same_as else (),
        articles=tuple(sorted(articles)),
    )


def _mentions(records: Mapping[str, Record], where: Mapping[Place, str]) -> dict[str, set[str]]:
    """The articles that mention each entity."""
    found: dict[str, set[str]] = defaultdict(set)
    for article, record in records.items():
        for mention in record.mentions:
            found[where[article, mention.entity]].add(article)
    return found


def _article(document: Document) -> Article:
    return Article(
        id=document.id,
        name=document.name,
        title=document.title,
        date=document.date,
        url=document.url,
        publisher=document.publisher,
        author=document.author,
    )


# ---------------------------------------------------------------- claims


def _claims(records: Mapping[str, Record], where: Mapping[Place, str], ontology: Ontology) -> Iterator[Claim]:
    """One claim for each article, subject, relation and object: the strongest that the article makes."""
    for article, record in records.items():
        best: dict[Key, Claim] = {}
        for local in record.claims:
            claim = _claim(article, local, where)
            if claim.subject != claim.object:
                group = _statement(claim, ontology)
                best[group] = min(best.get(group, claim), claim, key=_weakness)
        yield from best.values()


def _claim(article: str, local: LocalClaim, where: Mapping[Place, str]) -> Claim:
    return Claim(
        subject=where[article, local.subject],
        relation=local.relation,
        object=where[article, local.object],
        modality=local.modality,
        confidence=local.confidence,
        evidence=local.evidence,
        article=article,
        attribution=local.attribution,
        source=None if local.source is None else where[article, local.source],
        date=local.date,
        target_group=local.target_group,
        pattern=local.pattern,
    )


def _statement(claim: Claim, ontology: Ontology) -> Key:
    """What a claim says, whichever way round a symmetric relation is put."""
    relation = ontology.relations.get(claim.relation)
    ends = (claim.subject, claim.object)
    return (claim.relation, *(sorted(ends) if relation and relation.symmetric else ends))


def _weakness(claim: Claim) -> tuple[object, ...]:
    """Smallest for the claim to keep: strongest modality, highest confidence, earliest evidence; then a fixed order."""
    span = (claim.evidence.start, claim.evidence.end)
    rest = (claim.attribution, claim.source, claim.date, claim.target_group)
    order = list(Modality).index(claim.modality)
    return (order, -claim.confidence, *span, claim.subject, claim.object, claim.pattern, *map(str, rest))
