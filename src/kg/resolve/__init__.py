"""Records of single articles -> the entities and claims of all of them.

Every name that an article gives an entity is a node; each rule in `RULES` says which nodes are one entity, looking only
at the nodes as they stand before any merge; the merged nodes are the entities. So the order of the articles never
matters, and an article that comes twice counts once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.corrections import NO_CORRECTIONS, Corrections
from kg.entitylist import NO_LIST, EntityList
from kg.model import Article, Document, Entity, Knowledge, Record
from kg.ontology import Ontology, load_ontology
from kg.resolve.claims import make_claims
from kg.resolve.clusters import Clusters, make_clusters, notes
from kg.resolve.entities import make_entity, make_ids, mentioned_in
from kg.resolve.names import fold, has_letter, slug
from kg.resolve.nodes import Nodes, family, forms_of, make_nodes
from kg.resolve.overrule import address, addresses, overrule
from kg.resolve.profile import Key, Place, Surroundings

__all__ = ["address", "assign", "family", "fold", "resolve", "slug"]

NOTHING: Mapping[str, str] = {}


def resolve(
    pairs: Iterable[tuple[Document, Record]],
    *,
    same_as: Mapping[str, str] = NOTHING,
    ontology: Ontology | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    known: EntityList = NO_LIST,
) -> Knowledge:
    """The entities and claims of all articles; `same_as` gives gazetteer ids their IRIs elsewhere.

    `corrections` are the user's, and `known` is a list of the user's own: what the articles call so is linked to it.

    >>> from kg.model import LocalEntity
    >>> person = LocalEntity(name="Angela Merkel", kind="Person")
    >>> articles = [Document(name=n, origin=n, text=n, segments=()) for n in ("a", "b")]
    >>> records = [Record(article=d.id, entities=(person,), mentions=(), claims=()) for d in articles]
    >>> len(resolve(zip(articles, records)).articles)
    2
    """
    return resolve_all(pairs, same_as=same_as, ontology=ontology, corrections=corrections, known=known).knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What is resolved, and from what: what a later change of some articles starts from."""

    knowledge: Knowledge
    records: Mapping[str, Record]
    around: Surroundings
    nodes: Nodes
    where: Mapping[Place, str]  # the entity of each local entity


def resolve_all(
    pairs: Iterable[tuple[Document, Record]],
    *,
    same_as: Mapping[str, str] = NOTHING,
    ontology: Ontology | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    known: EntityList = NO_LIST,
) -> Resolution:
    """What `resolve` gives, with what it came from."""
    ontology = ontology or load_ontology()
    documents, records = _once(pairs)
    named, around = make_nodes(records, _years(documents), ontology)
    ruled = overrule(named, corrections, known, same_as, ontology)
    clusters = make_clusters(ruled.nodes, ontology, around, must=ruled.must, linked=ruled.linked, cannot=ruled.cannot)
    ids = make_ids(clusters.of, ontology)
    where = places(clusters, ids)
    claims = sorted(make_claims(records, where, ontology), key=lambda claim: claim.id)
    mentions = mentioned_in(records, where)
    claimed = {end for claim in claims for end in (claim.subject, claim.object, claim.source) if end}
    entities = make_entities(clusters, ids, ruled.nodes, mentions, claimed, same_as, ontology)
    knowledge = Knowledge(
        articles=tuple(make_article(documents[article]) for article in sorted(documents)),
        entities=tuple(sorted(entities, key=lambda entity: entity.id)),
        claims=tuple(claims),
        problems=ruled.problems,
        names=called(clusters, ids),
    )
    return Resolution(knowledge=knowledge, records=records, around=around, nodes=named, where=where)


def make_entities(
    clusters: Clusters,
    ids: Mapping[Key, str],
    nodes: Nodes,
    mentions: Mapping[str, Collection[str]],
    claimed: Collection[str],
    same_as: Mapping[str, str],
    ontology: Ontology,
) -> Iterator[Entity]:
    """The entities of clusters that articles mention or make claims of; `mentions` gives the articles of each id."""
    for root, cluster in clusters.of.items():
        id = ids[root]
        if id in claimed or (id in mentions and any(map(has_letter, forms_of(cluster)))):
            yield make_entity(id, cluster, mentions.get(id, ()), same_as, ontology, *notes(root, clusters, nodes))


def assign(pairs: Iterable[tuple[Document, Record]], *, ontology: Ontology | None = None) -> dict[Place, str]:
    """The entity of each local entity: article and index in its record -> id."""
    ontology = ontology or load_ontology()
    documents, records = _once(pairs)
    nodes, around = make_nodes(records, _years(documents), ontology)
    clusters = make_clusters(nodes, ontology, around)
    return places(clusters, make_ids(clusters.of, ontology))


def _years(documents: Mapping[str, Document]) -> dict[str, int | None]:
    return {article: document.date.year if document.date else None for article, document in documents.items()}


def places(clusters: Clusters, ids: Mapping[Key, str]) -> dict[Place, str]:
    """The entity of each local entity."""
    return {place: ids[root] for root, cluster in clusters.of.items() for node in cluster for place in node.members}


def called(clusters: Clusters, ids: Mapping[Key, str]) -> dict[str, frozenset[tuple[str, str]]]:
    """What articles call each entity, as corrections have it."""
    return {ids[root]: frozenset(addresses(cluster)) for root, cluster in clusters.of.items()}


def _once(pairs: Iterable[tuple[Document, Record]]) -> tuple[dict[str, Document], dict[str, Record]]:
    """Each article once, by id; of several origins the smallest."""
    documents: dict[str, Document] = {}
    records: dict[str, Record] = {}
    for document, record in pairs:
        before = documents.get(document.id)
        if before is None or document.origin < before.origin:
            documents[document.id], records[document.id] = document, record
    return documents, dict(sorted(records.items()))


def make_article(document: Document) -> Article:
    """What the graph has of an article."""
    return Article(
        id=document.id,
        name=document.name,
        title=document.title,
        date=document.date,
        url=document.url,
        publisher=document.publisher,
        author=document.author,
    )
