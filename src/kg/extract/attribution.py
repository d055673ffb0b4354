"""Attribution: whose words a claim is. "The Kremlin said...", "according to state media", a quote and its speaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.graph import SUBJECT, ClauseGraph
from kg.extract.modality import Cues
from kg.extract.parse import Parse

REPORTED = {"ccomp", "parataxis", "xcomp"}
OUTSIDE = {
    "relcl",
    "appos",
    "acl",
    "punct",
    "cc",
    "conj",
    "advcl",
    "parataxis",
}  # parts of a source's phrase that describe no source


@dataclass(frozen=True, slots=True)
class Attribution:
    """Finds the source of what a token says."""

    parse: Parse
    graph: ClauseGraph
    cues: Cues

    def source(self, token: int) -> int | None:
        """The head token of the source's phrase; None where the article speaks itself."""
        chain = list(self._chain(token))
        found = (self._reporter(chain), self._aside(chain), self._according(chain))
        source = next((token for token in found if token is not None), None)
        return self._speaker(token) if source is None and self.parse.quoted[token] else source

    def describe(self, token: int) -> str:
        """A source that is no entity, in the text's words: "foreign ministry officials in Port Anselm"."""
        tokens = sorted(self._phrase(token))
        while tokens and self.parse.words[tokens[0]].lower() in ("the", "a", "an", ",", '"'):
            tokens.pop(0)
        return self.parse.text(tokens[0], tokens[-1] + 1) if tokens else self.parse.words[token]

    def _phrase(self, token: int) -> Iterator[int]:
        yield token
        for child in self.parse.children[token]:
            if self.parse.deps[child] not in OUTSIDE:
                yield from self._phrase(child)

    def _chain(self, token: int) -> Iterator[tuple[int, str]]:
        """The token and what governs it, each with the label by which the one before hangs on it."""
        came_by = ""
        for _ in range(len(self.parse)):
            yield token, came_by
            came_by, head = self.parse.deps[token], self.parse.heads[token]
            if head == token:
                return
            token = head

    def _reporter(self, chain: list[tuple[int, str]]) -> int | None:
        inside = False
        for token, came_by in chain[1:]:
            inside = inside or came_by in ("relcl", "appos")
            if inside and token < chain[0][0]:
                continue  # "X said that Y, who met Z": the article's own; but "Y, who met Z, is back, X said"
            lemma = self.parse.lemmas[token]
            meant = came_by == "xcomp" and self.cues.says("Prospective", "verb", lemma)  # "promised to call"
            says = (
                not meant
                and came_by in REPORTED
                and self.cues.says("Report", "verb", lemma)
                and not self._to_come(token)
            )
            if says and (subject := self._subject(token)) is not None:
                return subject
            if came_by in ("acl", "ccomp") and self.cues.says("Report", "noun", lemma):
                return self._owner(token)
        return None

    def _to_come(self, verb: int) -> bool:
        """ "is expected to announce", "will say": not said yet."""
        auxiliaries = (c for c in self.parse.children[verb] if self.parse.deps[c] == "aux")
        return any(self.parse.tags[c] in ("MD", "TO") for c in auxiliaries)

    def _aside(self, chain: list[tuple[int, str]]) -> int | None:
        """ "X, the Kremlin said, had spoken with Y"."""
        inside = False
        for token, came_by in chain:
            inside = inside or came_by in ("relcl", "appos")
            for child in (c for c in self.parse.children[token] if not inside or c > chain[0][0]):
                if self.parse.deps[child] == "parataxis" and self.cues.says("Report", "verb", self.parse.lemmas[child]):
                    return self._subject(child)
        return None

    def _subject(self, verb: int) -> int | None:
        if (agent := self.parse.child(verb, "agent")) is not None:
            return self.parse.child(agent, "pobj")
        if self.parse.child(verb, "nsubjpass") is not None:
            return None
        subjects = self.graph.fillers(verb, SUBJECT)
        subject = min((e.tail for e in subjects), default=None)
        paper = subject is not None and self.cues.says("Report", "noun", self.parse.lemmas[subject])
        if paper and subject is not None and self.parse.deps[subject] == "dobj":
            return self._subject(self.parse.heads[subject])  # "they issued a note saying that..."
        return subject

    def _owner(self, noun: int) -> int | None:
        owners = [
            *self.graph.fillers(noun, "poss"),
            *self.graph.fillers(noun, "p:by"),
            *self.graph.fillers(noun, "p:from"),
        ]
        return owners[0].tail if owners else None

    def _according(self, chain: list[tuple[int, str]]) -> int | None:
        for token, came_by in chain:
            if came_by in ("relcl", "appos"):
                return None
            for child in self.parse.children[token]:
                if self.parse.lemmas[child] == "accord" or self.parse.words[child].lower() == "according":
                    preposition = self.parse.child(child, "prep") or child
                    if (source := self.parse.child(preposition, "pobj")) is not None:
                        return source
        return None

    def _speaker(self, token: int) -> int | None:
        """The speaker of a quote: a verb of saying outside it, in its sentence or the next ones of the paragraph."""
        parse, here = self.parse, self.parse.sentence[token]
        for number in (here, here - 1, here + 1, here - 2):
            if (
                not 0 <= number < len(parse.sentences)
                or parse.paragraphs[parse.sentences[number][0]] != parse.paragraphs[token]
            ):
                continue
            start, end = parse.sentences[number]
            for verb in range(start, end):
                if parse.quoted[verb] or not self.cues.says("Report", "verb", parse.lemmas[verb]):
                    continue
                if parse.pos[verb] == "VERB" and (subject := self._subject(verb)) is not None:
                    return subject
        return None
