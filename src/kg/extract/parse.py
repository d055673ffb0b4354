"""A parsed article as plain lists: all that extraction needs of spaCy, read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Part

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A span that the entity recogniser found: tokens `start` to `end`, exclusive."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """Tokens and their tree; every list has one item a token unless said otherwise."""

    words: Sequence[str]
    lemmas: Sequence[str]  # lower case
    pos: Sequence[str]  # universal tags
    tags: Sequence[str]  # Penn tags
    deps: Sequence[str]
    heads: Sequence[int]
    children: Sequence[Sequence[int]]
    sentence: Sequence[int]  # number of the token's sentence
    sentences: Sequence[tuple[int, int]]  # first token and one past the last, a pair a sentence
    starts: Sequence[int]  # places in the article's text
    ends: Sequence[int]
    parts: Sequence[Part]
    paragraphs: Sequence[int]  # number of the token's paragraph
    quoted: Sequence[bool]  # inside quotation marks
    named: Sequence[Named]

    def __len__(self) -> int:
        return len(self.words)

    def text(self, start: int, end: int) -> str:
        """The words from `start` to `end`, exclusive, as written but for line breaks."""
        gaps = (" " if self.starts[i + 1] > self.ends[i] else "" for i in range(start, end - 1))
        return "".join(word + gap for word, gap in zip(self.words[start:end], (*gaps, ""), strict=True))

    def child(self, token: int, *deps: str) -> int | None:
        """The first dependant of `token` with one of the labels."""
        return next((c for c in self.children[token] if self.deps[c] in deps), None)


def read_parse(doc: Doc) -> Parse:
    """The lists of a `Doc` that `annotate` made, or of any other with its own character offsets."""
    tokens = list(doc)
    heads = _reattached([t.head.i for t in tokens], doc)
    children: list[list[int]] = [[] for _ in tokens]
    for i, head in enumerate(heads):
        if head != i:
            children[head].append(i)
    sentences = [(s.start, s.end) for s in doc.sents] if tokens else []
    paragraphs = doc.user_data.get("paragraphs") or [0] * len(tokens)
    return Parse(
        words=[t.text for t in tokens],
        lemmas=[t.lemma_.lower() for t in tokens],
        pos=[t.pos_ for t in tokens],
        tags=[t.tag_ for t in tokens],
        deps=[_dep(t) for t in tokens],
        heads=heads,
        children=children,
        sentence=[n for n, (start, end) in enumerate(sentences) for _ in range(start, end)],
        sentences=sentences,
        starts=doc.user_data.get("starts") or [t.idx for t in tokens],
        ends=doc.user_data.get("ends") or [t.idx + len(t) for t in tokens],
        parts=doc.user_data.get("parts") or [Part.BODY] * len(tokens),
        paragraphs=paragraphs,
        quoted=_quoted([t.text for t in tokens], paragraphs),
        named=[Named(start=e.start, end=e.end, label=e.label_) for e in doc.ents],
    )


def _beside(token: Token) -> Token | None:
    """ "A and its head, B, a businessman": an apposition belongs to the person right before it."""
    start = token.left_edge.i
    if token.dep_ != "appos" or token.ent_type_ or start < 2 or token.doc[start - 1].text != ",":
        return None
    name = token.doc[start - 2]
    near = name.ent_type_ == "PERSON" and name.head == token.head and name.dep_ in ("appos", "conj")
    return name if near else None


def _dep(token: Token) -> str:
    """The label; a clause with a conjunction of its own is no relative one: "told a reporter that she had met X"."""
    if token.dep_ == "relcl" and token.head.dep_ in ("dobj", "dative") and token.head.head.pos_ == "VERB":
        marks = (child for child in token.children if child.dep_ == "mark")
        return "ccomp" if any(mark.lower_ == "that" for mark in marks) else token.dep_
    return str(token.dep_)


PLACES = {"GPE", "LOC", "NORP"}


def _reattached(heads: list[int], doc: Doc) -> list[int]:
    """ "President X of A and Prime Minister Y": people are conjoined with people, not with the places behind them."""
    labels = {i: entity.label_ for entity in doc.ents for i in range(entity.start, entity.end)}
    for token in doc:
        if _dep(token) != token.dep_:
            heads[token.i] = token.head.head.i
        place, beside = token.head, _beside(token)
        if beside is not None:
            heads[token.i] = beside.i
        if token.dep_ == "conj" and labels.get(token.i) == "PERSON" and labels.get(place.i) in PLACES:
            person = place.head.head if place.dep_ == "pobj" and place.head.lower_ == "of" else None
            if person is not None and labels.get(person.i) == "PERSON":
                heads[token.i] = person.i
    return heads


MARKS = {'"', "''", "``"}


def _quoted(words: Sequence[str], paragraphs: Sequence[int]) -> list[bool]:
    """Which tokens stand inside quotation marks; a quote that is not closed ends with its paragraph."""
    inside, paragraph, flags = False, -1, []
    for word, here in zip(words, paragraphs, strict=True):
        inside = inside and here == paragraph
        paragraph = here
        mark = word in MARKS
        flags.append(inside or mark)
        inside ^= mark
    return flags


PARTICLES = {"down", "out", "off", "up", "aside", "over", "away", "in"}  # which the parser may take for adverbs


def verb_phrase(parse: Parse, verb: int) -> str:
    """The lemma of a verb with its particle: "step down"."""
    adverbs = (c for c in parse.children[verb] if parse.deps[c] == "advmod" and parse.words[c].lower() in PARTICLES)
    particle = parse.child(verb, "prt") or next(adverbs, None)
    return f"{parse.lemmas[verb]} {parse.words[particle].lower()}" if particle is not None else parse.lemmas[verb]


def conjuncts(parse: Parse, token: int) -> Iterator[int]:
    """The tokens that are conjoined with a first one, in order."""
    for child in parse.children[token]:
        if parse.deps[child] == "conj":
            yield child
            yield from conjuncts(parse, child)
