"""What the tests of extraction share: one extractor for the whole run, and articles read off as plain facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

import pytest

from kg.annotate import annotate, load_model
from kg.extract import Extractor
from kg.model import Document, LocalClaim, Modality, Part, Record, Segment
from kg.ontology import Ontology, load_ontology
from kg.read import segment


class Fact(NamedTuple):
    """A claim without its qualifiers; the ends of a symmetric relation stand in alphabetical order."""

    subject: str
    relation: str
    object: str
    modality: str = Modality.ASSERTED


class RecordOf(Protocol):
    """What the fixture `record_of` offers."""

    def __call__(self, text: str, date: dt.date | None = None) -> Record: ...


class FactsOf(Protocol):
    """What the fixture `claims_of` offers."""

    def __call__(self, text: str, date: dt.date | None = None) -> set[Fact]: ...


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """The packaged ontology and lexicon."""
    return load_ontology()


@pytest.fixture(scope="session")
def extractor(ontology: Ontology) -> Extractor:
    """The extractor of the packaged ontology; where no cache holds the lexicon's shapes, this takes half a minute."""
    return Extractor(ontology, load_model())


@pytest.fixture(scope="session")
def record_of(extractor: Extractor) -> RecordOf:
    """Extraction from a text: `record_of(text, date)` gives the record of an article of that date."""

    def record(text: str, date: dt.date | None = None) -> Record:
        ((document, doc),) = annotate([article(text, date)])
        return extractor.extract(document, doc)

    return record


@pytest.fixture(scope="session")
def claims_of(record_of: RecordOf) -> FactsOf:
    """What a text claims: `claims_of(text, date)` gives `Fact`s."""

    def claims(text: str, date: dt.date | None = None) -> set[Fact]:
        record = record_of(text, date)
        return {fact(record, claim) for claim in record.claims}

    return claims


def article(text: str, date: dt.date | None = None) -> Document:
    """A document: paragraphs with a blank line between them are segmented as in a file, a single one is body text."""
    whole = (Segment(part=Part.BODY, start=0, end=len(text)),) if text else ()
    segments = segment(text)[0] if "\n\n" in text else whole
    return Document(name="test", origin="test.txt", text=text, segments=segments, date=date)


def fact(record: Record, claim: LocalClaim) -> Fact:
    """A claim of a record as a `Fact`."""
    ends = record.entities[claim.subject].name, record.entities[claim.object].name
    return tidy((ends[0], claim.relation, ends[1], claim.modality))


def tidy(said: Iterable[str]) -> Fact:
    """A `Fact` of three words (then it is asserted) or four."""
    told = Fact(*said)
    one, two = told.subject, told.object
    if load_ontology().relations[told.relation].symmetric:
        one, two = sorted((one, two))
    return told._replace(subject=one, object=two, modality=str(told.modality))


def case(sentence: str, *facts: tuple[str, ...], fails: str = "") -> Any:
    """A row of a table: a sentence and all that it claims; `fails` says why the code does not get it yet."""
    marks = [pytest.mark.xfail(reason=fails, strict=False)] if fails else []
    return pytest.param(sentence, {tidy(f) for f in facts}, id=sentence[:60], marks=marks)
