"""What holds of every text: extraction never fails, and all that it finds lies in the text where it says."""

from __future__ import annotations

from conftest import FactsOf, RecordOf, article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate import annotate
from kg.extract import Extractor
from kg.model import Record
from kg.ontology import Ontology

SENTENCES = (
    "Angela Merkel met Emmanuel Macron in Paris.",
    "The French president, Emmanuel Macron, spoke by phone with Mr Putin, the Kremlin said on Friday.",
    "“We will not impose sanctions on Syria,” she told the BBC.",
    "Anna Novak, the former mayor of Lisbon and a rival of Peter Lang, quit the Labour Party.",
    "Sen. Bob Corker (R-Tenn.) and the two leaders met there.",
    "He did not; they did.",
    "Its president, who was ousted in 2014, is her ally.",
    "MERKEL TO MEET MACRON",
    "EU officials may lift the embargo on Belarusian officials next week...",
    "Presidents Obama and Putin, both of them tired, held talks -- according to state media.",
    "U.S.-backed rebels led by Gen. al-Harun took Port-Salut!",
    "Both sides, the Union said.",
    "Republican Senator Ostrov, of the Meadow Party, is to be elected its chairman-designate.",
)
JOINTS = (" ", "\n", "\n\n", "  ", "\u00a0", " - ", ", ", "", ' "', "” ", "\u200b", "\r\n\r\n", "; and ")
LETTERS = st.characters(exclude_categories=())  # lone surrogates and controls too

arbitrary = st.text(LETTERS, max_size=300)
shuffled = st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(JOINTS)), min_size=1, max_size=6).map(
    lambda pieces: "".join(sentence + joint for sentence, joint in pieces)
)
words = st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=40).map(" ".join)
torn = st.tuples(shuffled, st.integers(0, 400), st.text(LETTERS, max_size=3)).map(
    lambda given: given[0][: given[1]] + given[2] + given[0][given[1] + 2 :]
)

few = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def check(text: str, record: Record, ontology: Ontology) -> None:
    """Everything in a record lies in its text, and all indexes and terms are good."""
    entities = range(len(record.entities))
    for claim in record.claims:
        evidence = claim.evidence
        assert text[evidence.start : evidence.end] == evidence.quote
        assert claim.subject in entities
        assert claim.object in entities
        assert claim.subject != claim.object
        assert claim.source is None or claim.source in entities
        assert claim.relation in ontology.relations
        assert 0 < claim.confidence < 1
        assert claim.pattern
    for mention in record.mentions:
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.entity in entities
    for entity in record.entities:
        assert entity.name.strip()
        assert entity.kind in ontology.classes
        assert entity.name not in entity.aliases
        assert list(entity.aliases) == sorted(set(entity.aliases))


@few
@given(arbitrary)
def test_any_text(record_of: RecordOf, ontology: Ontology, text: str) -> None:
    """Any text at all is read without failing, and every quote and mention stands in it."""
    check(text, record_of(text), ontology)


@few
@given(shuffled)
def test_shuffled_sentences(record_of: RecordOf, ontology: Ontology, text: str) -> None:
    """News sentences in any order, however joined, are read without failing."""
    check(text, record_of(text), ontology)


@few
@given(torn)
def test_torn_sentences(record_of: RecordOf, ontology: Ontology, text: str) -> None:
    """News with a piece torn out is read without failing."""
    check(text, record_of(text), ontology)


@few
@given(words)
def test_word_salad(record_of: RecordOf, ontology: Ontology, text: str) -> None:
    """The words of news in any order are read without failing."""
    check(text, record_of(text), ontology)


@few
@given(shuffled)
def test_claims_are_made_once(claims_of: FactsOf, record_of: RecordOf, text: str) -> None:
    """An article makes a claim once, whatever it repeats."""
    record = record_of(text)
    keys = [(claim.subject, claim.relation, claim.object) for claim in record.claims]
    assert len(keys) == len(set(keys))
    assert record == record_of(text)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(shuffled, min_size=2, max_size=5))
def test_neighbours_do_not_matter(extractor: Extractor, record_of: RecordOf, texts: list[str]) -> None:
    """An article's record is the same whatever articles are parsed in the same batch."""
    together = [extractor.extract(document, doc) for document, doc in annotate(map(article, texts))]
    assert together == [record_of(text) for text in texts]
