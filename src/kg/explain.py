"""What the graph stands on: its claims one by one, the claims behind an edge in words, an entity in words."""

from __future__ import annotations

from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypedDict

from kg.dossier import Dossier, dossier
from kg.errors import BadQuery, UnknownEntity
from kg.grounds import Step, grounds, stated
from kg.model import Modality
from kg.ontology import Ontology, Relation, load_ontology
from kg.query import as_iri, local_name, relation_of, relations_meant, resolve_entity, shorten
from kg.store import Graph, Term

# ---------------------------------------------------------------- every claim


class ClaimRow(TypedDict):
    """A claim as `kg claims -f jsonl` writes it; the keys stand in this order."""

    article: str
    subject: str
    subject_iri: str
    subject_aliases: list[str]
    relation: str
    object: str
    object_iri: str
    object_aliases: list[str]
    modality: str
    attribution: str | None
    date: str | None
    confidence: float
    evidence: str
    start: int
    end: int


CLAIMS = """
    SELECT ?article ?subject ?relation ?object ?modality ?source ?date ?confidence ?quote ?start ?end WHERE {
      ?claim rdf:subject ?subject ;
             rdf:predicate ?relation ;
             rdf:object ?object ;
             kg:modality ?modality ;
             kg:confidence ?confidence ;
             kg:quote ?quote ;
             kg:start ?start ;
             kg:end ?end ;
             prov:wasDerivedFrom ?report .
      ?report dcterms:identifier ?article .
      OPTIONAL { ?claim kg:attributedTo ?source }
      OPTIONAL { ?claim kg:date ?date }
    }
"""
NAMES = """
    SELECT ?entity ?label ?alias WHERE {
      ?entity rdfs:label ?label .
      OPTIONAL { ?entity skos:altLabel ?alias }
    }
"""
ARTICLES = """
    SELECT DISTINCT ?report WHERE {
      { ?report dcterms:identifier ?text } UNION { ?report schema:url ?text } UNION { ?report schema:url ?iri }
      UNION { ?iri a kg:Article BIND(?iri AS ?report) }
    }
"""

Row = tuple[Term | None, ...]


def claims(
    graph: Graph,
    *,
    relation: str | None = None,
    subject: str | None = None,
    article: str | None = None,
    modality: str | None = None,
    min_confidence: float = 0.0,
    ontology: Ontology | None = None,
) -> Iterator[ClaimRow]:
    """Every claim of the graph that fits, ordered by article, place in it, relation, subject and object.

    A relation takes those below it in. A subject is found by name or IRI; in a symmetric relation it may stand on
    either side. An article is given by its name, id, URL or IRI; articles of one name are all meant.

    >>> list(claims(Graph.of([]), relation="spokeWith"))
    []

    Raises:
        UnknownEntity: no such subject or article.
        UnknownTerm: no such relation.
        BadQuery: no such modality.
    """
    known = ontology or load_ontology()
    ways = relations_meant(graph, relation, known) if relation else ()
    choices = (
        [{"relation": Term.iri(way.iri).n3} for way in ways] or [{}],
        [{"report": report} for report in article_terms(graph, article)] if article else [{}],
        [{"modality": modality_term(modality)}] if modality else [{}],
    )
    actor = resolve_entity(graph, subject) if subject else None
    rows = (
        row
        for bindings in product(*choices)
        for row in _claims_of(graph, dict(ChainMap(*bindings)), actor, known)
        if float(str(row[7])) >= min_confidence
    )
    names = _Names.of(graph)
    yield from sorted((names.row(row) for row in rows), key=_place)


def _claims_of(graph: Graph, bindings: Mapping[str, str], actor: str | None, ontology: Ontology) -> Iterator[Row]:
    """The claims of an actor, or all; those that name it second only where the relation is symmetric."""
    if actor is None:
        yield from graph.select(CLAIMS, bindings)
        return
    term = Term.iri(actor).n3
    yield from graph.select(CLAIMS, {**bindings, "subject": term})
    for row in graph.select(CLAIMS, {**bindings, "object": term}):
        if relation_of(str(row[2]), ontology).symmetric and str(row[1]) != actor:
            yield row


def modality_term(name: str) -> str:
    """The modality of that name as a term in N-Triples syntax.

    >>> modality_term("asserted")
    '<https://w3id.org/news-kg/ontology#Asserted>'

    Raises:
        BadQuery: there is none.
    """
    known = [modality.value for modality in Modality]
    if name.lower() not in known:
        raise BadQuery(f"no modality is called {name!r}; known: {', '.join(known)}")
    return Term.iri(load_ontology().iri(name.capitalize())).n3


def article_terms(graph: Graph, article: str) -> list[str]:
    """The articles of that name, id, URL or IRI, as terms in N-Triples syntax.

    Raises:
        UnknownEntity: there is none.
    """
    text = article.encode("utf-8", "replace").decode()  # a terminal may hand over what is no Unicode
    iri = as_iri(text, graph.prefixes) or as_iri(graph.base + "article/" + text, {}) or graph.base
    found = graph.select(ARTICLES, {"text": Term.literal(text).n3, "iri": Term.iri(iri).n3})
    if not len(found):
        raise UnknownEntity(f"no article of the graph has the name, id or URL {article!r}")
    return sorted(Term.iri(str(row[0])).n3 for row in found)


@dataclass(frozen=True, slots=True)
class _Names:
    """Labels and aliases, fetched once."""

    labels: Mapping[str, str]
    aliases: Mapping[str, list[str]]

    @classmethod
    def of(cls, graph: Graph) -> _Names:
        labels: dict[str, str] = {}
        aliases: dict[str, set[str]] = defaultdict(set)
        for entity, label, alias in graph.select(NAMES):
            labels[str(entity)] = str(label)
            if alias is not None:
                aliases[str(entity)].add(alias.value)
        return cls(labels, {entity: sorted(forms) for entity, forms in aliases.items()})

    def label(self, iri: str) -> str:
        return self.labels.get(iri) or local_name(iri)

    def row(self, row: Row) -> ClaimRow:
        article, subject, relation, object_, modality, source, date, confidence, quote, start, end = map(_text, row)
        return {
            "article": article,
            "subject": self.label(subject),
            "subject_iri": subject,
            "subject_aliases": self.aliases.get(subject, []),
            "relation": local_name(relation),
            "object": self.label(object_),
            "object_iri": object_,
            "object_aliases": self.aliases.get(object_, []),
            "modality": local_name(modality).lower(),
            "attribution": self.label(source) if source else None,
            "date": date or None,
            "confidence": float(confidence),
            "evidence": quote,
            "start": int(start),
            "end": int(end),
        }


def _text(term: Term | None) -> str:
    return "" if term is None else term.value


def _place(row: ClaimRow) -> tuple[str | int, ...]:
    shown = (row["article"], row["start"], row["relation"], row["subject"], row["object"])
    return (*shown, row["subject_iri"], row["object_iri"], row["modality"], row["end"], row["evidence"])


# ---------------------------------------------------------------- an edge in words

BETWEEN = """
    SELECT ?relation ?modality ?confidence ?quote ?start ?article ?report ?headline ?url ?published ?speaker ?date
           ?group ?pattern WHERE {
      ?claim rdf:subject ?subject ;
             rdf:object ?object ;
             rdf:predicate ?relation ;
             kg:modality ?modality ;
             kg:confidence ?confidence ;
             kg:quote ?quote ;
             kg:start ?start ;
             prov:wasDerivedFrom ?report .
      ?report dcterms:identifier ?article .
      OPTIONAL { ?report schema:headline ?headline }
      OPTIONAL { ?report schema:url ?url }
      OPTIONAL { ?report schema:datePublished ?published }
      OPTIONAL { ?claim kg:attributedTo ?source OPTIONAL { ?source rdfs:label ?speaker } }
      OPTIONAL { ?claim kg:date ?date }
      OPTIONAL { ?claim kg:targetGroup ?group }
      OPTIONAL { ?claim kg:pattern ?pattern }
    }
"""
EDGES = "SELECT ?relation WHERE { ?subject ?relation ?object }"
LABEL = "SELECT (MIN(?name) AS ?label) WHERE { ?entity rdfs:label ?name }"

WORDS: Mapping[Modality, str] = {
    Modality.ASSERTED: "Stated as fact",
    Modality.ENDED: "No longer so",
    Modality.PROSPECTIVE: "It is only planned or threatened",
    Modality.DENIED: "Denied",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A claim behind an edge, with its article: all as text for people; `relation` is the relation's label."""

    subject: str
    relation: str
    object: str
    modality: Modality
    confidence: float
    quote: str
    start: int
    article: str
    article_iri: str = ""
    headline: str | None = None
    url: str | None = None
    published: str | None = None
    attribution: str | None = None
    date: str | None = None
    target_group: str | None = None
    pattern: str | None = None

    def __str__(self) -> str:
        voice = f"according to {self.attribution}" if self.attribution else "in the article's own voice"
        when = f", of {self.date}" if self.date else ""
        where = [self.headline, self.article, self.published, self.url]
        facts = (
            f"{WORDS[self.modality]}, {voice}{when} (confidence {self.confidence:g})",
            f'"{" ".join(self.quote.split())}"',
            f"Article: {', '.join(filter(None, where))}",
            f"Claim: {self.subject} - {self.relation} - {self.object}",
            f"Group: {self.target_group}" if self.target_group else "",
            f"Found by: {self.pattern}" if self.pattern else "",
        )
        return "\n   ".join(filter(None, facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why there is an edge, or why not; `str()` tells it in words.

    `edge` says whether the graph has the edge; `claims` are those of the relation, of relations below it, of its
    inverse and of the edges that it follows from, the strongest first; `others` what else is claimed between the two;
    `inferred` says by which rule an inferred edge follows, and from what.
    """

    subject: str
    relation: str
    object: str
    edge: bool
    claims: tuple[Saying, ...] = ()
    others: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()

    def __str__(self) -> str:
        listed = [f"{number}. {claim}" for number, claim in enumerate(self.claims, start=1)]
        between = f"Also claimed between the two: {'; '.join(self.others)}." if self.others else ""
        verdict = "\n".join((self._verdict(), *self.inferred))
        return "\n\n".join(filter(None, (verdict, *listed, between)))

    def _verdict(self) -> str:
        asked = f"{self.subject} - {self.relation} - {self.object}"
        if not self.claims:
            return self._unclaimed(asked)
        modalities = [m.value for m in Modality if any(claim.modality is m for claim in self.claims)]
        if Modality.ASSERTED in modalities and not self.edge:
            return f"{asked}\nA claim states it as fact, but the graph lacks the edge: build it again."
        if Modality.ASSERTED in modalities:
            articles = len({(claim.article, claim.url, claim.headline) for claim in self.claims})
            return f"{asked}: {_count(len(self.claims), 'claim')} in {_count(articles, 'article')}."
        why = f"the only claims are {' and '.join(modalities)}"
        return f"{asked}\nInferred: {why}." if self.edge else f"{asked}\nNo edge: {why}."

    def _unclaimed(self, asked: str) -> str:
        if self.edge:
            other = "a reasoner, `kg update` or another program put it there"
            known = "it is inferred from other edges" if self.inferred else other
            return f"{asked}\nThe edge is in the graph, but no claim states it: {known}."
        rest = "" if self.others else " The graph has no claim between the two."
        return f"{asked}\nNothing to explain: no article says so, or denies it.{rest}"


def explain(graph: Graph, subject: str, relation: str, object: str, *, ontology: Ontology | None = None) -> Explanation:
    """The claims behind the edge from `subject` to `object`, or why there is none.

    Names are found as in queries. Claims in the other order count where the relation is symmetric; those of relations
    below it (met with, for spoke with) and of its inverse count too.

    Raises:
        UnknownEntity: a name that no entity bears.
        UnknownTerm: no such relation.
    """
    known = ontology or load_ontology()
    ends = resolve_entity(graph, subject), resolve_entity(graph, object)
    labels = _label(graph, ends[0]), _label(graph, ends[1])
    meant = relations_meant(graph, relation, known)
    forward = {r.iri for r in meant}
    backward = {r.iri for r in _reversed(meant, known)}
    there = [*_sayings(graph, ends, labels, known)]
    back = [] if ends[0] == ends[1] else [*_sayings(graph, ends[::-1], labels[::-1], known)]
    own = [s for iri, s in there if iri in forward] + [s for iri, s in back if iri in backward]
    others = [s for iri, s in there if iri not in forward] + [s for iri, s in back if iri not in backward]
    steps = tuple(grounds(graph, (ends[0], meant[0].iri, ends[1])))
    own = list(dict.fromkeys((*own, *_beneath(graph, steps, known))))
    return Explanation(
        subject=labels[0],
        relation=meant[0].label,
        object=labels[1],
        edge=_has_edge(graph, ends, forward) or _has_edge(graph, ends[::-1], backward),
        claims=tuple(sorted(own, key=_strength)),
        others=tuple(_counted(others)),
        inferred=tuple(_steps_in_words(graph, steps, known)),
    )


def _beneath(graph: Graph, steps: Iterable[Step], ontology: Ontology) -> Iterator[Saying]:
    """The claims that assert what an inferred edge follows from."""
    for start, relation, end in stated(steps):
        labels = _label(graph, start), _label(graph, end)
        for iri, saying in _sayings(graph, (start, end), labels, ontology):
            if iri == relation and saying.modality is Modality.ASSERTED:
                yield saying


def _steps_in_words(graph: Graph, steps: Iterable[Step], ontology: Ontology) -> Iterator[str]:
    for step in steps:
        edge, *premises = (_edge_in_words(graph, edge, ontology) for edge in (step.edge, *step.premises))
        yield f"Inferred: {edge} ({step.rule}){', from ' if premises else ''}{' and '.join(premises)}."


def _edge_in_words(graph: Graph, edge: tuple[str, str, str], ontology: Ontology) -> str:
    return f"{_label(graph, edge[0])} - {relation_of(edge[1], ontology).label} - {_label(graph, edge[2])}"


def _reversed(relations: Iterable[Relation], ontology: Ontology) -> Iterator[Relation]:
    """The relations that say the same from the other end: the symmetric ones themselves, the inverses."""
    for relation in relations:
        if relation.symmetric:
            yield relation
        if relation.inverse and relation.inverse in ontology.relations:
            yield ontology.relations[relation.inverse]


def _sayings(
    graph: Graph, ends: tuple[str, ...], labels: tuple[str, ...], ontology: Ontology
) -> Iterator[tuple[str, Saying]]:
    """The claims from one end to the other, each with its relation's IRI."""
    for row in graph.select(BETWEEN, _between(ends)):
        relation, modality, confidence, quote, start, article, report, *rest = map(_text, row)
        headline, url, published, speaker, date, group, pattern = (text or None for text in rest)
        yield (
            relation,
            Saying(
                subject=labels[0],
                relation=relation_of(relation, ontology).label,
                object=labels[1],
                modality=Modality(local_name(modality).lower()),
                confidence=float(confidence),
                quote=quote,
                start=int(start),
                article=article,
                article_iri=report,
                headline=headline,
                url=url,
                published=published,
                attribution=speaker,
                date=date,
                target_group=group,
                pattern=pattern,
            ),
        )


def _has_edge(graph: Graph, ends: tuple[str, ...], relations: set[str]) -> bool:
    return any(str(row[0]) in relations for row in graph.select(EDGES, _between(ends)))


def _between(ends: tuple[str, ...]) -> dict[str, str]:
    return {"subject": Term.iri(ends[0]).n3, "object": Term.iri(ends[1]).n3}


def _label(graph: Graph, iri: str) -> str:
    ((label,),) = graph.select(LABEL, {"entity": Term.iri(iri).n3})
    return _text(label) or local_name(iri)


def _strength(claim: Saying) -> tuple[object, ...]:
    return (list(Modality).index(claim.modality), -claim.confidence, claim.article, claim.start, claim.relation)


def _counted(claims: Iterable[Saying]) -> Iterator[str]:
    """The claims in few words: "Belarus - ally of - Russia (2 asserted, 1 denied)"."""
    found: dict[str, Counter[Modality]] = defaultdict(Counter)
    for claim in claims:
        found[f"{claim.subject} - {claim.relation} - {claim.object}"][claim.modality] += 1
    for what, counts in sorted(found.items()):
        yield f"{what} ({_modalities(counts)})"


def _modalities(counts: Mapping[Modality, int]) -> str:
    return ", ".join(f"{counts[modality]} {modality}" for modality in Modality if counts.get(modality))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


# ---------------------------------------------------------------- an entity in words

KINDS = """
    SELECT DISTINCT ?type WHERE { ?entity a ?type . FILTER(STRSTARTS(STR(?type), STR(kg:))) } ORDER BY ?type
"""
ALIASES = "SELECT DISTINCT ?alias WHERE { ?entity skos:altLabel ?alias } ORDER BY ?alias"
ELSEWHERE = "SELECT DISTINCT ?same WHERE { ?entity skos:exactMatch|dcterms:identifier ?same } ORDER BY ?same"
MENTIONS = """
    SELECT DISTINCT ?article ?name ?date WHERE {
      ?article kg:mentions ?entity ; dcterms:identifier ?name .
      OPTIONAL { ?article schema:datePublished ?date }
    }
    ORDER BY DESC(?date) ?name ?article
"""
NOTES = "SELECT DISTINCT ?note WHERE { ?entity kg:mergeNote ?note } ORDER BY ?note"
NEAR = "SELECT DISTINCT ?note WHERE { ?entity kg:nearMiss ?note } ORDER BY ?note"
FROM = """
    SELECT ?relation ?modality ?other (COUNT(?claim) AS ?claims) WHERE {
      ?claim rdf:subject ?entity ; rdf:predicate ?relation ; rdf:object ?end ; kg:modality ?modality .
      ?end rdfs:label ?other .
    }
    GROUP BY ?relation ?modality ?other
"""
TO = """
    SELECT ?relation ?modality ?other (COUNT(?claim) AS ?claims) WHERE {
      ?claim rdf:object ?entity ; rdf:predicate ?relation ; rdf:subject ?end ; kg:modality ?modality .
      ?end rdfs:label ?other .
    }
    GROUP BY ?relation ?modality ?other
"""

SHOWN = 5  # others named for each relation
SHOWN_FORMS = 8  # ways in which articles call it
SHOWN_LINES = 8  # articles, notes, corrections


def explain_entity(graph: Graph, name: str, *, ontology: Ontology | None = None) -> str:
    """An entity in words: its names, its kind, the articles that name it, its claims by relation; why forms were merged
    in it and what was nearly merged; where the collection lies beside the graph, how often it is called what, too, and
    the corrections that touch it.

    "leader of <- X (2 asserted)" says that X leads it; the partner with the most claims comes first.

    Raises:
        UnknownEntity: no entity is called that.
    """
    known = ontology or load_ontology()
    iri = resolve_entity(graph, name)
    bound = {"entity": Term.iri(iri).n3}
    kinds = ", ".join(_kind(str(row[0]), known) for row in graph.select(KINDS, bound))
    aliases, elsewhere, notes, near = (_column(graph, query, bound) for query in (ALIASES, ELSEWHERE, NOTES, NEAR))
    articles = [(_text(name), _text(date)) for _, name, date in graph.select(MENTIONS, bound)]
    beside = dossier(graph.source, iri, known)
    ties = _ties(graph, bound, known)
    claims = sum(counts.total() for others in ties.values() for counts in others.values())
    lines = (
        f"{_label(graph, iri)} ({kinds})" if kinds else _label(graph, iri),
        f"IRI: {iri}",
        f"Also known as: {', '.join(shorten(iri, graph.prefixes) for iri in elsewhere)}" if elsewhere else "",
        f"Also called: {', '.join(aliases)}" if aliases else "",
        _forms(beside),
        f"Named in {_count(len(articles), 'article')}, on either side of {_count(claims, 'claim')}",
        *(f"  {tie} {_some(others)}" for tie, others in sorted(ties.items())),
        *_under("Articles, the latest first:", [" ".join(filter(None, (date, name))) for name, date in articles]),
        *_under("One because:", notes),
        *_under("Nearly one, but kept apart:", near),
        *_under("Corrected:", [f"{where}: {item.command}" for where, item in beside.corrections]),
    )
    return "\n".join(filter(None, lines))


def _column(graph: Graph, query: str, bound: Mapping[str, str]) -> list[str]:
    return [_text(row[0]) for row in graph.select(query, bound)]


def _forms(beside: Dossier) -> str:
    """The mentions by form, the most frequent first."""
    if not beside.forms:
        return ""
    ranked = sorted(beside.forms.items(), key=lambda item: (-item[1], item[0]))
    shown = [f'"{" ".join(form.split())}" {number}' for form, number in ranked[:SHOWN_FORMS]]
    more = [f"{len(ranked) - SHOWN_FORMS} more forms"] if len(ranked) > SHOWN_FORMS else []
    pronouns = [_count(beside.pronouns, "pronoun")] if beside.pronouns else []
    return f"Mentions in {_count(beside.counted, 'article')}: {', '.join([*shown, *more, *pronouns])}"


def _under(head: str, lines: Sequence[str]) -> Iterator[str]:
    """Lines under a head, the first few; nothing without lines."""
    if lines:
        yield head
        yield from (f"  {line}" for line in lines[:SHOWN_LINES])
    if len(lines) > SHOWN_LINES:
        yield f"  and {len(lines) - SHOWN_LINES} more"


def _kind(iri: str, ontology: Ontology) -> str:
    known = ontology.classes.get(local_name(iri))
    return known.label if known else local_name(iri)


def _ties(graph: Graph, bound: Mapping[str, str], ontology: Ontology) -> Mapping[str, Mapping[str, Counter[Modality]]]:
    """The claims counted by relation with direction, by partner and by modality."""
    ties: dict[str, dict[str, Counter[Modality]]] = defaultdict(lambda: defaultdict(Counter))
    for query, arrow in ((FROM, "->"), (TO, "<-")):
        for relation, modality, other, number in graph.select(query, bound):
            known = relation_of(_text(relation), ontology)
            tie = f"{known.label} {'--' if known.symmetric else arrow}"
            ties[tie][_text(other)][Modality(local_name(_text(modality)).lower())] += int(_text(number))
    return ties


def _some(others: Mapping[str, Counter[Modality]]) -> str:
    ordered = sorted(others, key=lambda other: (-others[other].total(), other))
    more = [f"and {len(ordered) - SHOWN} more"] if len(ordered) > SHOWN else []
    return ", ".join([f"{other} ({_modalities(others[other])})" for other in ordered[:SHOWN]] + more)
