"""A graph in a store's folder, changed by what some articles change: the same graph as derived from all articles.

Names that share no tie never influence each other (`resolve.ties`). So the names of the articles that came, went or
changed are resolved again with all that they are tied to; of the graph, only what then differs is written.

What two names have to do with each other also depends on the company that they keep, and company counts as long as few
articles keep it: where a name passes that bound, all names of its articles are resolved again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from secrets import token_hex

from kg.derived import Basis, Claimed, Derived, Edge, Key, Sighting
from kg.gazetteer import load_gazetteer
from kg.model import Claim, Document, Entity, Record, Triple
from kg.ontology import Ontology
from kg.records import RecordStore
from kg.redirects import changes, heirs, redirected
from kg.resolve import Resolution, called, family, make_article, make_entities, places
from kg.resolve.claims import make_claims
from kg.resolve.nodes import key_of
from kg.resolve.part import (
    Lazy,
    Part,
    company_changes,
    long_span,
    neighbours,
    resolve_part,
    senses_of,
    wanted_ids,
)
from kg.resolve.profile import Place, Surroundings
from kg.resolve.ties import ties
from kg.store.folder import Change, change_folder, stamp_of
from kg.triplify import (
    ARTICLE_PREDICATES,
    ENTITY_PREDICATES,
    article_iri,
    article_triples,
    claim_iri,
    claim_triples,
    described,
    edge,
    entity_triples,
    iri,
    mention,
    source_iri,
    source_triples,
)

MOST_TOUCHED = 100  # articles: beyond these, all is derived again
MOST_NAMES = 5_000  # that are resolved again
MOST_CHANGED = 1_000  # articles whose claims are made again
OWN_FOLDERS = frozenset({"article", "claim", "source", "inference"})  # of ids that are no entity's


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a graph depends on beside the articles, no corrections and lists among it."""

    ontology: Ontology
    base: str
    version: str  # of the extractor
    min_confidence: float

    def sure(self, record: Record) -> Record:
        """The record without the claims that are too unsure for the graph."""
        return replace(record, claims=tuple(c for c in record.claims if c.confidence >= self.min_confidence))

    @property
    def digest(self) -> str:
        """All of this, and the code that makes a graph of it."""
        parts = (self.ontology.digest, self.base, self.version, repr(self.min_confidence), load_gazetteer().digest)
        return hashlib.sha256("\0".join((*parts, _code())).encode()).hexdigest()

    @property
    def plain(self) -> bool:
        """Whether no relation of the user's own is a predicate that triplify gives entities and articles."""
        iris = {iri(relation.iri) for relation in self.ontology.relations.values()}
        return iris.isdisjoint({*ENTITY_PREDICATES, *ARTICLE_PREDICATES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the graph holds now, and what has another id."""

    articles: int
    entities: int
    claims: int
    edges: int
    triples: int
    changes: tuple[str, ...] = ()


class _TooMuch(Exception):
    """So much changes that all is better derived again."""


@cache
def _code() -> str:
    here = Path(__file__).parent
    names = ("triplify", "redirects", "derived", "increment", "gazetteer", "model")
    sources = [*sorted((here / "resolve").glob("*.py")), *(here / f"{name}.py" for name in names)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def new_stamp() -> str:
    """A stamp that no other graph bears."""
    return token_hex(8)


# ---------------------------------------------------------------- after a whole derivation


def drop_basis(store: RecordStore) -> None:
    """Keep nothing: the graph just written is one that is always derived whole."""
    store.written()
    if Derived(store).basis():
        Derived(store).drop()


def file_basis(
    store: RecordStore, resolution: Resolution, given: Given, *, stamp: str, edges: int, triples: int
) -> None:
    """Keep what a later change starts from; within the transaction that files the graph's entities."""
    derived = Derived(store)
    store.written()
    if not given.plain or _strange(resolution.where.values()):
        derived.drop()
        return
    around, knowledge, nodes = resolution.around, resolution.knowledge, senses_of(resolution.nodes)
    keyed = {
        (key, entity)
        for article, record in resolution.records.items()
        for key, entity in zip(around.keys[article], record.entities, strict=True)
    }
    with derived.anew(Basis(stamp, given.digest, edges, triples)):
        derived.put_years({article: around.years[article] for article in resolution.records})
        derived.put_sightings(_sightings(resolution.records, around, resolution.where))
        derived.put_units({key: (nodes[key], articles) for key, articles in around.spread.items()})
        derived.put_ties({(tie, key) for key, entity in keyed for tie in ties(key, entity)})
        derived.put_claims(_claimed(claim, given.base) for claim in knowledge.claims)


def _strange(ids: Iterable[str]) -> bool:
    """Whether an entity has an id among those of articles, claims or sources."""
    return any(id.partition("/")[0] in OWN_FOLDERS for id in ids)


def _sightings(
    records: Mapping[str, Record], around: Surroundings, where: Mapping[Place, str] | None = None
) -> Iterator[Sighting]:
    for article, record in records.items():
        mentioned = {mention.entity for mention in record.mentions}
        for index, entity in enumerate(record.entities):
            place = (article, index)
            yield Sighting(
                key=around.keys[article][index],
                article=article,
                place=index,
                id=where[place] if where else "",
                mentioned=index in mentioned,
                entity=entity,
                offices=around.offices.get(place, ()),
            )


def _claimed(claim: Claim, base: str) -> Claimed:
    text = described(claim)
    return Claimed.of(claim, text, source_iri(text, base) if text else None)


# ---------------------------------------------------------------- a change


def increment(store: RecordStore, path: Path, given: Given) -> Outcome | None:
    """Change the graph at `path` by what has come, gone or changed in the collection; nothing where this cannot be.

    Then all is to be derived again.
    """
    derived = Derived(store)
    basis = derived.basis()
    if basis is None or basis.settings != given.digest or basis.stamp != stamp_of(path):
        return None
    touched = store.touched()
    if not touched:
        return _outcome(store, basis)
    if len(touched) > MOST_TOUCHED:
        return None
    try:
        with store.transaction():
            return _Increment(store, derived, given, path, basis, touched).run()
    except _TooMuch:
        derived.keep(None)  # lest a build that dies before all is derived again leave them as they are
        return None


def _outcome(store: RecordStore, basis: Basis, moved: Iterable[str] = ()) -> Outcome:
    return Outcome(
        articles=store.count("seen"),
        entities=store.count("entities"),
        claims=store.count("claims"),
        edges=basis.edges,
        triples=basis.triples,
        changes=tuple(moved),
    )


@dataclass(slots=True)
class _Region:
    """The names that are resolved again, closed under ties, with where they stand."""

    derived: Derived
    lost: Mapping[Key, set[str]]  # ties that names no longer have
    names: dict[Key, list[Sighting]] = field(default_factory=dict)
    _tied: dict[str, Mapping[Key, int]] = field(default_factory=dict)

    def add(self, keys: Iterable[Key]) -> None:
        """Take in names with all that they are tied to."""
        todo = list(keys)
        while todo:
            key = todo.pop()
            if key in self.names:
                continue
            self.names[key] = self.derived.sightings(key=key)
            if len(self.names) > MOST_NAMES:
                raise _TooMuch
            for tie in self.ties(key) | self.lost.get(key, set()):
                if tie not in self._tied:
                    self._tied[tie] = self.derived.tied(tie)
                todo += neighbours(key, tie, self._tied[tie])

    def ties(self, key: Key) -> set[str]:
        """The ties that a name has now."""
        return {tie for entity in {s.entity for s in self.names[key]} for tie in ties(key, entity)}

    def sightings(self) -> Iterator[Sighting]:
        """All places of all names."""
        return (sighting for found in self.names.values() for sighting in found)


class _Increment:
    """One change of some articles."""

    def __init__(
        self, store: RecordStore, derived: Derived, given: Given, path: Path, basis: Basis, touched: list[str]
    ) -> None:
        self.store, self.derived, self.given, self.path, self.basis = store, derived, given, path, basis
        self.touched = touched
        self.years_before = derived.years()
        self.old = [sighting for article in touched for sighting in derived.sightings(article=article)]
        pairs = (store.pair(article, given.version) for article in touched)
        self.documents: dict[str, Document] = {}
        self.records: Mapping[str, Record] = Lazy(self._record)
        for pair in filter(None, pairs):
            self.documents[pair[0].id] = pair[0]

    def _record(self, article: str) -> Record:
        pair = self.store.pair(article, self.given.version)
        if pair is None:
            raise KeyError(article)
        return self.given.sure(pair[1])

    def run(self) -> Outcome:
        """Work the change out, write it into the graph, and keep what the next one starts from."""
        dirty = self._exchange_articles()
        region = _Region(self.derived, self._lost())
        region.add(dirty)
        part = self._resolve(region)
        where = places(part.clusters, part.ids)
        if _strange(part.ids.values()):
            raise _TooMuch
        moved = [(s, where[s.article, s.place]) for s in region.sightings() if where[s.article, s.place] != s.id]
        self.derived.move(moved)
        articles = sorted({*self.touched, *(sighting.article for sighting, _ in moved)})
        if len(articles) > MOST_CHANGED:
            raise _TooMuch
        change, edges = self._exchange_claims(articles)
        entities = list(self._entities(part, region, where))
        before = self._before(region)
        names = called(part.clusters, part.ids)
        now = {entity.id: sorted(names[entity.id]) for entity in entities}
        change = _together((change, self._of_entities(entities, before, region), self._of_articles()))
        self._keep_names(region, part)
        self._keep_entities(before, now)
        basis = replace(self.basis, stamp=new_stamp(), edges=self.basis.edges + edges)
        basis = replace(basis, triples=change_folder(change, self.path, stamp=basis.stamp))
        self.derived.keep(basis)
        self.store.written()
        return _outcome(self.store, basis, changes(before, now, entities))

    # ------------------------------------------------------------ articles and names

    def _exchange_articles(self) -> set[Key]:
        """Put the touched articles in the place of what was there; the names that this concerns."""
        there = {article: self.records[article] for article in self.documents}
        years = {article: document.date.year if document.date else None for article, document in self.documents.items()}
        families = Lazy[str, str](lambda kind: family(kind, self.given.ontology))
        keys = {
            article: tuple(key_of(entity, families[entity.kind], article) for entity in record.entities)
            for article, record in there.items()
        }
        new = list(_sightings(there, Surroundings(there, keys, years, self.given.ontology)))
        self.derived.put_sightings(new, articles=self.touched)
        self.derived.put_years(years, gone=set(self.touched) - years.keys())
        self.derived.put_ties({(tie, s.key) for s in new for tie in ties(s.key, s.entity)})
        self.years = self.derived.years()
        if long_span(self.years.values()) != long_span(self.years_before.values()):
            raise _TooMuch
        dirty = {sighting.key for sighting in (*self.old, *new)}
        return dirty.union(*map(self._count, sorted(dirty)))

    def _count(self, key: Key) -> set[Key]:
        """Count the articles of a name; the names that this concerns."""
        nodes, before = self.derived.units(key)
        articles = self.derived.articles_of(key)
        self.derived.put_units({key: (max(nodes, len(articles)), len(articles))})  # at most so many nodes
        if not company_changes(key, before, len(articles)):
            return set()
        return {other for article in articles for other in self.derived.keys_of(article)}

    def _lost(self) -> Mapping[Key, set[str]]:
        lost: dict[Key, set[str]] = defaultdict(set)
        for sighting in self.old:
            lost[sighting.key].update(ties(sighting.key, sighting.entity))
        return lost

    def _resolve(self, region: _Region) -> Part:
        """Resolve the region; who wants the id of one of its entities is resolved with it."""
        while True:
            members = {
                key: {(s.article, s.place): s.entity for s in found} for key, found in region.names.items() if found
            }
            part = resolve_part(members, _Around(self, region), self.given.ontology)
            ids = {s.id for s in (*region.sightings(), *self.old) if s.id}.union(part.ids.values())
            wanted = set[str]().union(*map(wanted_ids, ids))
            others = set[Key]().union(*map(self.derived.wanting, sorted(wanted))) - region.names.keys()
            if not others:
                return part
            region.add(others)

    def _keep_names(self, region: _Region, part: Part) -> None:
        nodes = senses_of(part.nodes)
        self.derived.put_units(
            {key: (nodes.get(key, 0), len({s.article for s in found})) for key, found in region.names.items()}
        )
        gone = [(tie, key) for key, lost in region.lost.items() for tie in lost - region.ties(key)]
        self.derived.put_ties((), gone=gone)

    # ------------------------------------------------------------ claims

    def _exchange_claims(self, articles: list[str]) -> tuple[Change, int]:
        """Make the claims of some articles again; what this changes in the graph, and how many edges more."""
        ontology, base = self.given.ontology, self.given.base
        old = [claim for article in articles for claim in self.derived.claims(article=article)]
        claims = [claim for article in articles if article in self.years for claim in self._claims(article)]
        new = [_claimed(claim, base) for claim in claims]
        edges = {self._edge(claim.edge) for claim in (*old, *new) if claim.asserted}
        sources = {claim.described_as for claim in (*old, *new) if claim.described_as}
        before = self._depending(edges, sources)
        self.derived.put_claims(new, articles=articles)
        now = self._depending(edges, sources)
        change = Change(
            patterns=[(claim_iri(claim.claim, base), None) for claim in old],
            removed=self._triples(*before),
            added=[*(t for claim in claims for t in claim_triples(claim, ontology, base)), *self._triples(*now)],
        )
        return change, len(now[0]) - len(before[0])

    def _claims(self, article: str) -> Iterator[Claim]:
        where = {(article, place): id for place, id in enumerate(self.derived.ids_of(article))}
        return make_claims({article: self.records[article]}, where, self.given.ontology)

    def _edge(self, found: Edge) -> Edge:
        """An edge whichever way round a symmetric relation is put."""
        return min(found, self._turned(found))

    def _turned(self, found: Edge) -> Edge:
        subject, relation, value = found
        return (value, relation, subject) if self.given.ontology.relations[relation].symmetric else found

    def _depending(self, edges: Iterable[Edge], sources: Iterable[str]) -> tuple[set[Edge], dict[str, str]]:
        """Those edges that claims assert, and the labels of those sources that claims describe."""
        there = {e for e in edges if self.derived.is_asserted(e) or self.derived.is_asserted(self._turned(e))}
        labels = {source: min(texts) for source in sources if (texts := self.derived.descriptions(source))}
        return there, labels

    def _triples(self, edges: set[Edge], labels: Mapping[str, str]) -> list[Triple]:
        both = edges | set(map(self._turned, edges))
        return [
            *(edge(found, self.given.ontology, self.given.base) for found in both),
            *(triple for source, label in labels.items() for triple in source_triples(source, label)),
        ]

    # ------------------------------------------------------------ entities

    def _entities(self, part: Part, region: _Region, where: Mapping[Place, str]) -> Iterator[Entity]:
        mentions: dict[str, set[str]] = defaultdict(set)
        for sighting in region.sightings():
            if sighting.mentioned:
                mentions[where[sighting.article, sighting.place]].add(sighting.article)
        claimed = {id for id in part.ids.values() if self.derived.is_claimed(id)}
        same_as = load_gazetteer().same_as()
        return make_entities(part.clusters, part.ids, part.nodes, mentions, claimed, same_as, self.given.ontology)

    def _before(self, region: _Region) -> dict[str, list[tuple[str, str]]]:
        """The entities of the region that the graph has, with what articles call them."""
        ids = {sighting.id for sighting in (*region.sightings(), *self.old)}
        return {id: called for id in sorted(ids) if (called := self.store.called(id))}

    def _of_entities(self, entities: list[Entity], before: Mapping[str, object], region: _Region) -> Change:
        ontology, base = self.given.ontology, self.given.base
        mentioned = {(s.article, s.id) for s in (*region.sightings(), *self.old) if s.mentioned and s.id in before}
        mentions = {(article, entity.id) for entity in entities for article in entity.articles}
        return Change(
            patterns=[(iri(base + id), predicate) for id in before for predicate in ENTITY_PREDICATES],
            removed=[mention(*pair, base) for pair in mentioned - mentions],
            added=[
                *(mention(*pair, base) for pair in mentions - mentioned),
                *(triple for entity in entities for triple in entity_triples(entity, ontology, base)),
            ],
        )

    def _of_articles(self) -> Change:
        base = self.given.base
        gone = [article for article in self.touched if article in self.years_before]
        there = [make_article(document) for document in self.documents.values()]
        return Change(
            patterns=[(article_iri(article, base), predicate) for article in gone for predicate in ARTICLE_PREDICATES],
            added=[triple for article in there for triple in article_triples(article, base)],
        )

    def _keep_entities(
        self, before: Mapping[str, list[tuple[str, str]]], now: Mapping[str, list[tuple[str, str]]]
    ) -> None:
        gone = before.keys() - now.keys()
        concerned = {old: new for old, new in self.store.redirects().items() if old in now or not gone.isdisjoint(new)}
        successors = heirs(before, now)
        ids = {id for new in (*concerned.values(), *successors.values()) for id in new}
        there = {id for id in ids - gone if id in now or self.store.called(id)}
        redirects = dict.fromkeys(concerned, ()) | redirected(concerned, successors, there.union(now))
        changed = {id: names for id, names in now.items() if before.get(id) != names}
        self.store.change_entities(changed, gone, redirects)


def _together(of: Iterable[Change]) -> Change:
    every = list(of)
    return Change(
        patterns=[pattern for change in every for pattern in change.patterns],
        removed=[triple for change in every for triple in change.removed],
        added=[triple for change in every for triple in change.added],
    )


class _Around(Surroundings):
    """What surrounds a region, looked up in the tables."""

    def __init__(self, increment: _Increment, region: _Region) -> None:
        derived = increment.derived
        super().__init__(increment.records, Lazy(derived.keys_of), increment.years, increment.given.ontology)
        offices = {(s.article, s.place): s.offices for s in region.sightings() if s.offices}
        self.__dict__.update(spread=Lazy(lambda key: derived.units(key)[1]), offices=offices)
