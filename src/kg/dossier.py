"""What the collection beside a graph tells of an entity: how often articles call it what, and who corrected it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.corrections import PAIRS, Correction, Corrections, corrections_path, load_corrections, means, names_of
from kg.errors import KgError
from kg.model import Form
from kg.ontology import Ontology
from kg.records import RecordStore, collection_of, input_digest
from kg.resolve import address, family

MANY = 500  # articles whose mentions are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Mentions by form, of at most `MANY` articles; corrections, each with where it stands."""

    forms: Counter[str] = field(default_factory=Counter)
    pronouns: int = 0
    counted: int = 0  # articles
    corrections: tuple[tuple[str, Correction], ...] = ()


def dossier(source: str | Path, iri: str, ontology: Ontology) -> Dossier:
    """What is known beside the graph `source` of the entity `iri`; nothing where there is no collection.

    >>> from kg.ontology import load_ontology
    >>> dossier("nowhere.ttl", "https://w3id.org/news-kg/id/person/ada-berg", load_ontology()).counted
    0
    """
    records = collection_of(source)
    if records is None:
        return Dossier()
    try:
        with RecordStore.reading(records) as store:
            id = iri.removeprefix(store.kept("base", str) or "")
            called = store.called(id)
            forms, pronouns, counted = _mentions(store, called, ontology)
            return Dossier(
                forms=forms,
                pronouns=pronouns,
                counted=counted,
                corrections=tuple(_touching(store, records, source, id, called, ontology)),
            )
    except KgError:  # an older collection, or a corrections file in need of mending: `kg build` tells
        return Dossier()


def _mentions(store: RecordStore, called: list[tuple[str, str]], ontology: Ontology) -> tuple[Counter[str], int, int]:
    version = store.kept("fingerprint", str) or ""
    forms: Counter[str] = Counter()
    articles = sorted({article for article, _ in called})[:MANY]
    names = set(called)
    for article in articles:
        document = store.document(article)
        record = document and store.record(input_digest(document), version)
        for mention in record.mentions if record else ():
            entity = record.entities[mention.entity] if record else None
            if entity and (article, address(entity.name, family(entity.kind, ontology))) in names:
                forms["" if mention.form is Form.PRONOUN else mention.text] += 1
    return forms, forms.pop("", 0), len(articles)


def _touching(
    store: RecordStore, records: Path, source: str | Path, id: str, called: list[tuple[str, str]], ontology: Ontology
) -> Iterator[tuple[str, Correction]]:
    """The corrections that mean it, or one of its names."""
    path = corrections_path(store, records, source)
    found: Corrections = load_corrections(path, ontology, base=store.kept("base", str) or "")
    names = names_of(called)
    for item in found.items:
        ends = (item.subject, item.object) if item.decision in PAIRS else (item.subject,)
        if any(means(end, id, names) for end in ends):
            yield found.place(item), item
