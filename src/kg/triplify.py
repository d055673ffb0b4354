"""Resolved knowledge as RDF triples, in N-Triples syntax and without blank nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox
from anyascii import anyascii

from kg.model import Article, Claim, Entity, Knowledge, Modality, Triple, digest
from kg.ontology import BASE, KG, Ontology

DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = f"<{RDF}type>"
LABEL = f"<{RDFS}label>"
ENGLISH = "en"
SLUG_LENGTH = 60  # a described source can be a whole clause

ENTITY_PREDICATES = (  # of what `entity_triples` gives
    TYPE,
    LABEL,
    f"<{SKOS}altLabel>",
    f"<{SKOS}exactMatch>",
    f"<{DCTERMS}identifier>",
    f"<{KG.mergeNote}>",
    f"<{KG.nearMiss}>",
)
ARTICLE_PREDICATES = (  # of what `article_triples` gives
    TYPE,
    f"<{DCTERMS}identifier>",
    *(f"<{SCHEMA}{name}>" for name in ("datePublished", "url", "headline", "publisher", "author")),
)

SURROGATE = re.compile("[\ud800-\udfff]")
SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}

NOT_IN_IRI = re.compile(  # what RFC 3987 leaves out, and brackets, which it allows in few places only
    "[^!#$&-;=?-Z_a-z~%\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd]"
    "|%(?![0-9A-Fa-f]{2})"
)


def literal(text: str, *, lang: str | None = None, datatype: str | None = None) -> str:
    """A literal in N-Triples syntax; lone surrogates, which no file can hold, become U+FFFD.

    >>> literal('say "no"', lang="en")
    '"say \\\\"no\\\\""@en'
    """
    clean = SURROGATE.sub("\ufffd", text) if SURROGATE.search(text) else text
    escaped = SPECIAL.sub(_escape, clean)
    if datatype:
        return f'"{escaped}"^^<{datatype}>'
    return f'"{escaped}"@{lang}' if lang else f'"{escaped}"'


@lru_cache(maxsize=100_000)  # an entity stands in many claims
def iri(text: str) -> str:
    """An IRI in N-Triples syntax, what it cannot hold percent-encoded.

    >>> iri("https://example.org/a b")
    '<https://example.org/a%20b>'
    """
    front, mark, fragment = NOT_IN_IRI.sub(_percent, text).partition("#")
    return f"<{front}{mark}{fragment.replace('#', '%23')}>"


def triplify(knowledge: Knowledge, ontology: Ontology, *, base: str = BASE) -> Iterator[Triple]:
    """The triples of articles, entities and claims; a direct edge exists where a claim asserts it.

    Each triple is given once. `base` is what the IRIs of entities, claims and articles start with.

    >>> from kg.ontology import load_ontology
    >>> minsk = Entity(id="place/minsk", name="Minsk", kind="City")
    >>> for triple in triplify(Knowledge(entities=(minsk,)), load_ontology(), base="http://x.org/"):
    ...     print(triple.object)
    <https://w3id.org/news-kg/ontology#City>
    "Minsk"@en
    """
    for entity in knowledge.entities:
        yield from entity_triples(entity, ontology, base)
        yield from (mention(article, entity.id, base) for article in sorted(set(entity.articles)))
    yield from _edges(knowledge.claims, ontology, base)
    yield from _sources(knowledge.claims, base)
    for claim in knowledge.claims:
        yield from claim_triples(claim, ontology, base)
    for article in knowledge.articles:
        yield from article_triples(article, base)


def entity_triples(entity: Entity, ontology: Ontology, base: str) -> Iterator[Triple]:
    """What an entity is: all but who mentions it."""
    subject = iri(base + entity.id)
    yield Triple(subject, TYPE, iri(ontology.iri(entity.kind)))
    yield Triple(subject, LABEL, literal(entity.name, lang=ENGLISH))
    for alias in sorted(set(entity.aliases) - {entity.name}):
        yield Triple(subject, f"<{SKOS}altLabel>", literal(alias, lang=ENGLISH))
    for same in sorted(set(entity.same_as)):
        yield Triple(subject, f"<{SKOS}exactMatch>", iri(same))
    if entity.identifier:
        yield Triple(subject, f"<{DCTERMS}identifier>", literal(entity.identifier))
    for term, notes in ((KG.mergeNote, entity.notes), (KG.nearMiss, entity.near)):
        for note in sorted(set(notes)):
            yield Triple(subject, f"<{term}>", literal(note, lang=ENGLISH))


def mention(article: str, entity: str, base: str) -> Triple:
    """That an article mentions an entity."""
    return Triple(article_iri(article, base), f"<{KG.mentions}>", iri(base + entity))


def _edges(claims: Iterable[Claim], ontology: Ontology, base: str) -> Iterator[Triple]:
    asserted = {(c.subject, c.relation, c.object) for c in claims if c.modality is Modality.ASSERTED}
    mirrored = {(o, r, s) for s, r, o in asserted if ontology.relations[r].symmetric}
    yield from (edge(found, ontology, base) for found in sorted(asserted | mirrored))


def edge(found: tuple[str, str, str], ontology: Ontology, base: str) -> Triple:
    """The direct edge of subject, relation and object."""
    subject, relation, value = found
    return Triple(iri(base + subject), iri(ontology.iri(relation)), iri(base + value))


def _sources(claims: Iterable[Claim], base: str) -> Iterator[Triple]:
    """The sources that are described and no entities ("state media"); one label where several spell alike."""
    labels: dict[str, str] = {}
    for text in sorted({text for c in claims if (text := described(c))}, reverse=True):
        labels[source_iri(text, base)] = text
    for subject, label in sorted(labels.items()):
        yield from source_triples(subject, label)


def described(claim: Claim) -> str | None:
    """The source of a claim that is described and no entity."""
    return claim.attribution or None if claim.source is None else None


def source_triples(subject: str, label: str) -> Iterator[Triple]:
    """What a described source is."""
    yield Triple(subject, TYPE, f"<{KG.Agent}>")
    yield Triple(subject, LABEL, literal(label, lang=ENGLISH))


def claim_triples(claim: Claim, ontology: Ontology, base: str) -> Iterator[Triple]:
    """A claim, the edge that it may assert aside."""
    subject = claim_iri(claim.id, base)
    for predicate, value in _claim_values(claim, ontology, base):
        yield Triple(subject, f"<{predicate}>", value)


def _claim_values(claim: Claim, ontology: Ontology, base: str) -> Iterator[tuple[str, str]]:
    yield RDF + "type", f"<{KG.Claim}>"
    yield RDF + "subject", iri(base + claim.subject)
    yield RDF + "predicate", iri(ontology.iri(claim.relation))
    yield RDF + "object", iri(base + claim.object)
    yield KG.modality, f"<{getattr(KG, claim.modality.capitalize())}>"
    yield KG.confidence, literal(_decimal(claim.confidence), datatype=XSD + "decimal")
    yield PROV + "wasDerivedFrom", article_iri(claim.article, base)
    yield KG.quote, literal(claim.evidence.quote, lang=ENGLISH)
    yield KG.start, literal(str(claim.evidence.start), datatype=XSD + "integer")
    yield KG.end, literal(str(claim.evidence.end), datatype=XSD + "integer")
    if claim.source is not None:
        yield KG.attributedTo, iri(base + claim.source)
    elif claim.attribution:
        yield KG.attributedTo, source_iri(claim.attribution, base)
    if claim.date:
        yield KG.date, literal(claim.date.isoformat(), datatype=XSD + "date")
    if claim.target_group:
        yield KG.targetGroup, literal(claim.target_group, lang=ENGLISH)
    if claim.pattern:
        yield KG.pattern, literal(claim.pattern)


def article_triples(article: Article, base: str) -> Iterator[Triple]:
    """An article, its mentions aside."""
    subject = article_iri(article.id, base)
    yield Triple(subject, TYPE, f"<{KG.Article}>")
    yield Triple(subject, TYPE, f"<{SCHEMA}NewsArticle>")
    yield Triple(subject, f"<{DCTERMS}identifier>", literal(article.name))
    if article.date:
        published = literal(article.date.isoformat(), datatype=XSD + "date")
        yield Triple(subject, f"<{SCHEMA}datePublished>", published)
    if article.url:
        yield Triple(subject, f"<{SCHEMA}url>", _url(article.url))
    for name, text in (("headline", article.title), ("publisher", article.publisher), ("author", article.author)):
        if text:
            yield Triple(subject, f"<{SCHEMA}{name}>", literal(text))


def claim_iri(claim: str, base: str) -> str:
    """The IRI of a claim."""
    return iri(f"{base}claim/{claim}")


def article_iri(article: str, base: str) -> str:
    """The IRI of an article."""
    return iri(f"{base}article/{article}")


def source_iri(text: str, base: str) -> str:
    """The IRI of a source that is described."""
    slug = re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")
    if not slug or len(slug) > SLUG_LENGTH:
        slug = f"{slug[:SLUG_LENGTH]}-{digest(text, 8)}".lstrip("-")
    return iri(f"{base}source/{slug}")


def _url(url: str) -> str:
    try:
        return str(ox.NamedNode(url)) if url.startswith(("http://", "https://")) else literal(url)
    except ValueError:  # an address that is no IRI, with a space in it for one
        return literal(url)


def _decimal(number: float) -> str:
    """The shortest form, "1" and not "1.0": the one that a store gives back."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _escape(match: re.Match[str]) -> str:
    return ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _percent(match: re.Match[str]) -> str:
    clean = SURROGATE.sub("\ufffd", match[0])
    return "".join(f"%{byte:02X}" for byte in clean.encode())
