"""The edges of a graph, each with all that is said of it; and the names of what they join."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.model import Modality
from kg.ontology import Ontology
from kg.query import local_name, relation_of
from kg.show.drawing import Edge, Manner, Node, Source, Statement
from kg.show.looks import OTHER_SHAPE, SHAPES
from kg.store import Graph, Term

CLAIMS = """
    SELECT ?claim ?subject ?relation ?object ?modality ?confidence ?quote ?speaker ?date ?report WHERE {
      ?claim a kg:Claim ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; kg:modality ?modality .
      OPTIONAL { ?claim kg:confidence ?confidence }
      OPTIONAL { ?claim kg:quote ?quote }
      OPTIONAL { ?claim kg:attributedTo ?speaker }
      OPTIONAL { ?claim kg:date ?date }
      OPTIONAL { ?claim prov:wasDerivedFrom ?report }
    }
"""
REPORTS = """
    SELECT ?report ?name ?headline ?url ?published ?publisher WHERE {
      ?report a kg:Article .
      OPTIONAL { ?report dcterms:identifier ?name }
      OPTIONAL { ?report schema:headline ?headline }
      OPTIONAL { ?report schema:url ?url }
      OPTIONAL { ?report schema:datePublished ?published }
      OPTIONAL { ?report schema:publisher ?publisher }
    }
"""
INFERENCES = """
    SELECT ?subject ?relation ?object ?rule WHERE {
      ?inference a kg:Inference ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .
      OPTIONAL { ?inference kg:rule ?rule }
    }
"""
USED = "SELECT DISTINCT ?relation WHERE { ?statement rdf:predicate ?relation }"
DIRECT = "SELECT ?subject ?object WHERE { ?subject ?relation ?object FILTER(!ISLITERAL(?object)) }"
ANY = """
    SELECT ?subject ?relation ?object WHERE {
      ?subject ?relation ?object .
      FILTER(!ISLITERAL(?object) && ?relation NOT IN (rdf:type, rdf:first, rdf:rest, kg:mentions, dcterms:isReplacedBy))
      FILTER(!STRSTARTS(STR(?relation), STR(rdfs:)) && !STRSTARTS(STR(?relation), STR(owl:)))
      FILTER(!STRSTARTS(STR(?relation), STR(skos:)) && !STRSTARTS(STR(?relation), STR(prov:)))
      FILTER NOT EXISTS { ?subject a kg:Article }
      FILTER NOT EXISTS { ?subject a ?declared FILTER(STRSTARTS(STR(?declared), STR(owl:))) }
    }
"""
SPEAKERS = """
    SELECT ?speaker (MIN(?name) AS ?label) WHERE { ?claim kg:attributedTo ?speaker . ?speaker rdfs:label ?name }
    GROUP BY ?speaker
"""
LABELS = """
    PREFIX foaf: <http://xmlns.com/foaf/0.1/>
    SELECT ?entity ?label ?how WHERE {
      VALUES ?how { rdfs:label skos:prefLabel foaf:name schema:name skos:altLabel }
      ?entity ?how ?label
    }
"""
NAMINGS = ("label", "prefLabel", "name", "altLabel")
TYPES = "SELECT ?entity ?type WHERE { ?entity a ?type }"

RANKS = {manner: rank for rank, manner in enumerate(Manner)}
SAID = {modality.value: Manner(modality) for modality in Modality}
BOOKKEEPING = {"Claim", "Article", "Inference"}  # classes of the graph's own records

Key = tuple[str, str, str]
Row = tuple[Term | None, ...]


def edges(graph: Graph, ontology: Ontology) -> list[Edge]:
    """Every edge of a graph: those that claims speak of, and those that only the triples have.

    The two directions of a symmetric relation are one edge. A graph without claims gives what its triples join.

    >>> from kg.model import Triple
    >>> from kg.ontology import load_ontology
    >>> edge, = edges(Graph.of([Triple("<a:ann>", "<a:knows>", "<a:bob>")]), load_ontology())
    >>> edge.object, edge.manner
    ('a:bob', <Manner.UNCLAIMED: 'unclaimed'>)
    """
    one_way = _directions(ontology)
    told: dict[Key, list[Statement]] = defaultdict(list)
    for spoken, statement in _statements(graph):
        key = one_way(spoken)
        told[key].append(statement if key == spoken else replace(statement, backwards=True))
    rules: dict[Key, set[str]] = defaultdict(set)
    for *ends, rule in graph.select(INFERENCES):
        rules[one_way(_key(ends))].add(_text(rule) or "a rule")
    direct = {one_way(key) for key in _direct(graph, ontology, claimed=bool(told))}
    return [
        Edge(
            subject=key[0],
            relation=key[1],
            object=key[2],
            statements=tuple(sorted(told.get(key, ()), key=_strength)),
            unclaimed=key not in told and key not in rules,
            rules=() if _asserted(told.get(key, ())) else tuple(sorted(rules.get(key, ()))),
        )
        for key in sorted({*told, *rules, *direct})
    ]


def _directions(ontology: Ontology) -> Callable[[Key], Key]:
    """What gives a triple as its edge: a symmetric relation has one way only."""
    symmetric = {relation.iri for relation in ontology.relations.values() if relation.symmetric}

    def one_way(key: Key) -> Key:
        subject, relation, object_ = key
        return (object_, relation, subject) if relation in symmetric and subject > object_ else key

    return one_way


def _key(row: Iterable[Term | None]) -> Key:
    subject, relation, object_ = map(_text, row)
    return subject, relation, object_


def _asserted(statements: Iterable[Statement]) -> bool:
    return any(statement.manner is Manner.ASSERTED for statement in statements)


def _strength(statement: Statement) -> tuple[object, ...]:
    return (
        RANKS[statement.manner],
        -statement.confidence,
        str(statement.date),
        statement.quote,
        str(statement.source),
    )  # the strongest first


def _statements(graph: Graph) -> Iterator[tuple[Key, Statement]]:
    """The claims, each once, with the triple that it is about."""
    sources = _sources(graph)
    speakers = {_text(row[0]): _text(row[1]) for row in graph.select(SPEAKERS)}
    seen: set[str] = set()
    for row in graph.select(CLAIMS):
        claim, subject, relation, object_, modality, confidence, quote, speaker, date, report = map(_text, row)
        if claim in seen:
            continue
        seen.add(claim)
        statement = Statement(
            manner=_manner(modality),
            quote=" ".join(quote.split()),
            confidence=_number(confidence),
            speaker=(speakers.get(speaker) or local_name(speaker)) if speaker else None,
            said=_date(date),
            source=sources.get(report),
        )
        yield (subject, relation, object_), statement


def _manner(modality: str) -> Manner:
    return SAID.get(modality.rpartition("#")[2].lower(), Manner.ASSERTED)


def _number(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 1.0


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _sources(graph: Graph) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for row in graph.select(REPORTS):
        report, name, headline, url, published, publisher = map(_text, row)
        found.setdefault(
            report,
            Source(
                name=headline or name or local_name(report),
                url=url if url.startswith(("http://", "https://")) else None,
                date=_date(published),
                publisher=publisher or None,
            ),
        )
    return found


def _direct(graph: Graph, ontology: Ontology, *, claimed: bool) -> Iterator[Key]:
    """The triples that are edges: all, or where there are claims, those of the relations that we know of."""
    if not claimed:
        yield from map(_key, graph.select(ANY))
        return
    used = {_text(row[0]) for row in graph.select(USED)}
    declared = {relation.iri for relation in ontology.relations.values() if relation.domain not in BOOKKEEPING}
    for iri in sorted(used | declared):
        for subject, object_ in graph.select(DIRECT, {"relation": Term.iri(iri).n3}):
            yield _text(subject), iri, _text(object_)


# ---------------------------------------------------------------- what the edges join


def nodes(graph: Graph, iris: Iterable[str], ontology: Ontology) -> list[Node]:
    """The entities of these IRIs, in their order, with their names and classes.

    >>> from kg.ontology import load_ontology
    >>> nodes(Graph.of([]), ["https://example.org/city/Minsk"], load_ontology())[0].label
    'Minsk'
    """
    wanted = tuple(iris)
    names, kinds = _names(graph, frozenset(wanted)), _kinds(graph, frozenset(wanted), ontology)
    found = []
    for iri in wanted:
        label, *aliases = names.get(iri) or [local_name(iri) or iri]
        kind = kinds.get(iri, "")
        known = ontology.classes.get(kind)
        found.append(
            Node(
                iri=iri,
                label=label,
                kind=known.label if known else kind,
                shape=_shape(kind, ontology),
                aliases=tuple(aliases),
            )
        )
    return found


def _names(graph: Graph, wanted: frozenset[str]) -> dict[str, list[str]]:
    """The name of each entity, then its other names; English and `rdfs:label` go first."""
    found: dict[str, set[tuple[int, bool, str]]] = defaultdict(set)
    for entity, label, how in graph.select(LABELS):
        if label is not None and (iri := _text(entity)) in wanted and (text := " ".join(label.value.split())):
            found[iri].add((NAMINGS.index(local_name(_text(how))), label.language not in (None, "en"), text))
    return {iri: list(dict.fromkeys(text for *_, text in sorted(names))) for iri, names in found.items()}


def _kinds(graph: Graph, wanted: frozenset[str], ontology: Ontology) -> dict[str, str]:
    """The most special class of each entity, by local name."""
    found: dict[str, set[str]] = defaultdict(set)
    for entity, kind in graph.select(TYPES):
        if (iri := _text(entity)) in wanted:
            found[iri].add(local_name(_text(kind)))
    return {iri: max(sorted(names), key=lambda n: len(ontology.ancestors(n))) for iri, names in found.items()}


def _shape(kind: str, ontology: Ontology) -> str:
    near = sorted(ontology.ancestors(kind), key=lambda name: (-len(ontology.ancestors(name)), name))
    return next((SHAPES[name] for name in near if name in SHAPES), OTHER_SHAPE)


def tie_label(iri: str, ontology: Ontology) -> tuple[str, bool]:
    """What a relation is called, and whether it is symmetric."""
    known = relation_of(iri, ontology)
    return known.label, known.symmetric


def _text(term: Term | None) -> str:
    return "" if term is None else term.value
