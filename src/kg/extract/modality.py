"""Modality: does the text present a claim as a fact, as over, as planned or threatened, or as untrue?

From the word that carries the claim the search climbs the sentence: each negation, modal, planning, ending or denying
word that governs it is a cue; the groups of such words stand in `ontology/english.ttl`. It stops at a verb of saying,
whose own tense says nothing of what was said.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.parse import Parse
from kg.model import Modality
from kg.ontology import Lexicon

CLAUSES = {"ccomp", "xcomp", "advcl", "acl", "relcl", "conj", "pcomp", "parataxis"}
CIRCUMSTANCES = {"after", "before", "during", "since", "amid", "following", "despite", "while", "when"}  # prepositions
SPANS = {"year", "month", "decade", "term"}
OCCASIONS = {"in", "at", "on"}  # "promised aid in a call with X": the call is no promise
BESIDE = "beside"
NOUN_UP = {"dobj", "nsubj", "nsubjpass", "pobj", "attr", "oprd", "compound", "nmod", "poss", "dep", "acomp"}


@dataclass(frozen=True, slots=True)
class Cues:
    """The words of the lexicon that bear on modality."""

    lexicon: Lexicon

    def says(self, group: str, kind: str, word: str) -> bool:
        """Whether `word` is in a group, by the group's local name."""
        return word in self.lexicon.group(group, kind)


def modality_of(
    parse: Parse,
    token: int,
    cues: Cues,
    start: Modality = Modality.ASSERTED,
    own: frozenset[int] = frozenset(),
    *,
    alone: bool = False,
) -> Modality:
    """The modality of what `token` says; the words of the template itself (`own`) are no cues.

    With `alone`, what governs the token counts only where it ends it: "suspended the ban that it had imposed".
    `start` is what the template itself says. What is to end, or has not ended, still holds: "may lift its sanctions".
    """
    climbed = [*_climb(parse, token, cues, own), *_asked(parse, token)]
    if alone:
        climbed = [*_own(parse, token, cues, own), *(m for m in climbed if m is Modality.ENDED)]
    found = [start, *climbed]
    if found.count(Modality.DENIED) - (start is Modality.DENIED) > 1:
        return Modality.PROSPECTIVE  # "refused to rule out"
    if Modality.PROSPECTIVE in found:
        return Modality.ASSERTED if Modality.ENDED in found else Modality.PROSPECTIVE
    found.remove(start)
    if Modality.DENIED in found:
        return {Modality.ENDED: Modality.ASSERTED, Modality.DENIED: Modality.PROSPECTIVE}.get(start, Modality.DENIED)
    if Modality.ENDED in found and start is Modality.ASSERTED:
        return Modality.ENDED
    return start


def _asked(parse: Parse, token: int) -> Iterator[Modality]:
    """ "Did X meet Y?", but not "Why did X meet Y?"."""
    start, end = parse.sentences[parse.sentence[token]]
    asked = "?" in parse.words[max(start, end - 2) : end]
    if asked and not any(parse.tags[t] in ("WRB", "WP", "WDT") for t in range(start, token)):
        yield Modality.PROSPECTIVE


def _climb(parse: Parse, token: int, cues: Cues, own: frozenset[int]) -> Iterator[Modality]:
    seen: set[int] = set()
    came_by, known = "", definite(parse, token)
    while token not in seen:
        seen.add(token)
        governs = came_by not in ("", "conj", BESIDE) and token not in own
        above = list(_governing(parse, token, came_by, cues)) if governs else []
        modal = not (known and came_by in ("dobj", "prep"))  # "would review its blacklisting of X", but "would end it"
        kept = modal or Modality.ENDED in above
        yield from (m for m in _own(parse, token, cues, own) if kept or m is not Modality.PROSPECTIVE)
        yield from above
        if came_by == "relcl" and parse.lemmas[token] in cues.lexicon.group("Fiction", "noun"):
            yield Modality.PROSPECTIVE  # "a novel in which X meets Y"
        dep, head = parse.deps[token], parse.heads[token]
        if head == token or not _goes_on(parse, token, dep, head, cues):
            return
        if dep == "conj" and parse.child(token, "aux", "nsubj", "nsubjpass") is not None:
            return
        if dep in ("pobj", "pcomp") and parse.pos[head] in ("ADP", "SCONJ"):
            if parse.lemmas[head] in CIRCUMSTANCES:
                return
            yield from _preposition(parse, head, cues)
            phrase = f"{parse.lemmas[parse.heads[head]]} {parse.lemmas[head]}"  # "call for"
            yield from _said("verb", {phrase} if parse.heads[head] not in own else set(), cues)
            if parse.child(parse.heads[head], "nsubj") is not None:
                yield from _said("activeVerb", {phrase}, cues)
            dep, head = BESIDE if parse.lemmas[head] in OCCASIONS else "prep", parse.heads[head]
        came_by, token = dep, head


def _goes_on(parse: Parse, token: int, dep: str, head: int, cues: Cues) -> bool:
    """Whether what governs `token` can change whether it holds."""
    if dep == "relcl" and (
        _content(parse, token, head, cues) or parse.lemmas[head] in cues.lexicon.group("Fiction", "noun")
    ):
        return True
    if (
        dep in ("relcl", "appos")
        or (dep == "acl" and parse.tags[token] in ("VBN", "VBG") and parse.child(token, "mark") is None)
        or (dep == "advcl" and not _conditional(parse, token, cues))
    ):
        return False
    if dep in ("nsubj", "nsubjpass") and parse.pos[token] == "NOUN":
        return _happens(parse, head, cues)
    if dep == "ccomp" and parse.pos[head] == "VERB" and cues.says("Report", "verb", parse.lemmas[head]):
        return cues.says("Denied", "verb", parse.lemmas[head]) or cues.says("Prospective", "verb", parse.lemmas[head])
    return dep in CLAUSES or dep in NOUN_UP


def _content(parse: Parse, verb: int, noun: int, cues: Cues) -> bool:
    """ "Reports that X met Y": what the reports say, though the parser takes it for a relative clause."""
    that = any(parse.lemmas[c] == "that" for c in parse.children[verb])
    return that and cues.says("Report", "noun", parse.lemmas[noun])


def definite(parse: Parse, token: int) -> bool:
    """Whether the token is a noun that the text takes for known: "its blacklisting", "the embargo"."""
    determiner = parse.child(token, "det", "poss") if parse.pos[token] == "NOUN" else None
    return determiner is not None and parse.words[determiner].lower() not in ("a", "an", "no", "any")


def _happens(parse: Parse, verb: int, cues: Cues) -> bool:
    """Whether the verb says that its subject happens or ends: "talks will be held", but not "the embargo may hurt"."""
    groups = (("Happening", "verb"), ("Ended", "verb"), ("Prospective", "verb"), ("Denied", "verb"))
    return any(cues.says(group, kind, parse.lemmas[verb]) for group, kind in groups)


def _conditional(parse: Parse, token: int, cues: Cues) -> bool:
    mark = parse.child(token, "mark")
    return mark is not None and cues.says("Prospective", "conjunction", parse.lemmas[mark])


# Which words of the lexicon a dependant may be, by its label.
DEPENDANTS = {
    "det": "determiner",
    "preconj": "determiner",
    "mark": "conjunction",
    "advmod": "adverb",
    "amod": "adjective",
    "compound": "adjective",
    "nmod": "adjective",
    "acomp": "adjective",
    "oprd": "predicate",
    "attr": "predicate",
}
GROUPS = {"Prospective": Modality.PROSPECTIVE, "Denied": Modality.DENIED, "Ended": Modality.ENDED}


def _own(parse: Parse, token: int, cues: Cues, own: frozenset[int]) -> Iterator[Modality]:
    """What the word's own dependants say: "not", "may", "if", "no", "possible", "former"."""
    words = {parse.words[c].lower() for c in parse.children[token]}
    if _to_come(parse, token):
        yield Modality.PROSPECTIVE
    still = bool(words & cues.lexicon.group("Present", "adverb"))  # "once his friend, he is now his rival"
    yield from (m for m in _dependants(parse, token, cues, own) if not (still and m is Modality.ENDED))


def _dependants(parse: Parse, token: int, cues: Cues, own: frozenset[int]) -> Iterator[Modality]:
    for child in (c for c in parse.children[token] if c not in own):
        word = parse.words[child].lower()
        if parse.deps[child] == "neg":
            yield Modality.DENIED
        elif _unreal(parse, token, child, cues):
            yield Modality.PROSPECTIVE
        elif _past(parse, token, child, cues):
            yield Modality.ENDED
        elif parse.deps[child] in ("nsubj", "nsubjpass") and cues.says("Denied", "determiner", word):
            yield Modality.DENIED  # "nobody said that..."
        elif kind := DEPENDANTS.get(parse.deps[child]):
            yield from _said(kind, {word, parse.lemmas[child]}, cues)


def _open(parse: Parse, verb: int, auxiliary: int, cues: Cues) -> bool:
    """ "May meet", a headline's "to meet", "had they met" at the head of a clause; but not "will not meet"."""
    word = parse.words[auxiliary].lower()
    if parse.tags[auxiliary] == "MD":
        settled = cues.says("Settled", "auxiliary", parse.lemmas[auxiliary]) and parse.child(verb, "neg") is not None
        return not settled
    if word == "to":
        return parse.deps[verb] in ("ROOT", "relcl")
    subject = parse.child(verb, "nsubj", "nsubjpass")
    start = parse.sentences[parse.sentence[verb]][0]
    first = auxiliary == start or parse.pos[auxiliary - 1] == "PUNCT"
    return word in ("had", "were") and first and subject is not None and auxiliary < subject


def _unreal(parse: Parse, verb: int, child: int, cues: Cues) -> bool:
    """Whether a modal or a story makes what a verb says possible or invented."""
    return _open(parse, verb, child, cues) if parse.deps[child] == "aux" else _told(parse, child, cues)


def _told(parse: Parse, child: int, cues: Cues) -> bool:
    """ "In the film, X becomes president"."""
    noun = parse.child(child, "pobj")
    invented = noun is not None and parse.lemmas[noun] in cues.lexicon.group("Fiction", "noun")
    return invented and parse.lemmas[child] == "in" and parse.deps[child] == "prep"


def _past(parse: Parse, verb: int, child: int, cues: Cues) -> bool:
    """Whether a phrase or clause of a verb says that it is over."""
    if parse.deps[child] == "prep":
        return _bygone(parse, verb, child, cues)
    return parse.deps[child] == "advcl" and _until(parse, verb, child)


def _bygone(parse: Parse, verb: int, preposition: int, cues: Cues) -> bool:
    """ "led it until 2013", "ran it from 2002 to 2010"."""
    if parse.tags[verb] not in ("VBD", "VBN"):
        return False
    year = parse.child(preposition, "pobj")
    word = parse.words[preposition].lower()
    dated = word == "from" and year is not None and parse.words[year].isdigit()
    spent = word == "for" and year is not None and parse.lemmas[year] in SPANS  # "the party that he led for 22 years"
    lasting = spent and parse.tags[verb] == "VBD" and parse.deps[verb] == "relcl"
    if year is not None and parse.words[year].lower() == "now":
        return False  # "until now its finance director"
    return dated or lasting or parse.words[preposition].lower() in cues.lexicon.group("Ended", "preposition")


def _to_come(parse: Parse, token: int) -> bool:
    """ "After the president meets X": what a clause of time puts in the present is still to come."""
    mark = parse.child(token, "mark")
    timed = mark is not None and parse.lemmas[mark] in ("after", "before", "until", "once")
    return timed and parse.tags[token] in ("VBZ", "VBP")


def _until(parse: Parse, verb: int, clause: int) -> bool:
    """ "Was her minister until she sacked him"."""
    mark = parse.child(clause, "mark")
    return mark is not None and parse.lemmas[mark] == "until" and parse.tags[verb] == "VBD"


def _said(kind: str, words: set[str], cues: Cues) -> Iterator[Modality]:
    for group, modality in GROUPS.items():
        if words & cues.lexicon.group(group, kind):
            yield modality


def _governing(parse: Parse, token: int, came_by: str, cues: Cues) -> Iterator[Modality]:
    """What a governing word says of what it governs: "plans to meet", "denied meeting", "a threat of sanctions"."""
    lemma = parse.lemmas[token]
    if parse.pos[token] in ("VERB", "AUX"):
        yield from itertools.islice(_verb(parse, token, came_by, cues), 1)
    elif came_by in ("prep", "acl", "ccomp", "compound") and cues.says("Prospective", "noun", lemma):
        yield Modality.PROSPECTIVE
    elif parse.pos[token] == "ADJ" and came_by in ("xcomp", "ccomp", "prep", "advcl"):
        yield from _said("adjective", {lemma}, cues)
        yield from _said("predicate", {lemma}, cues)


def _verb(parse: Parse, token: int, came_by: str, cues: Cues) -> Iterator[Modality]:
    lemma = parse.lemmas[token]
    if came_by == "xcomp":
        if lemma == "be":
            yield Modality.PROSPECTIVE  # "are to meet"
        if lemma == "have" and any(parse.words[c].lower() == "yet" for c in parse.children[token]):
            yield Modality.DENIED  # "has yet to meet"
    particle = parse.child(token, "prt")
    phrases = {f"{lemma} {parse.words[particle].lower()}"} if particle is not None else {lemma}
    if came_by == "xcomp":
        phrases.add(f"{parse.words[token].lower()} to")  # "used to"
    yield from _said("verb", phrases, cues)
    if came_by == "xcomp" and not phrases & cues.lexicon.group("Implicative", "verb") and _to_infinitive(parse, token):
        yield Modality.PROSPECTIVE  # "hopes to meet", whatever the verb


def _to_infinitive(parse: Parse, verb: int) -> bool:
    complements = (child for child in parse.children[verb] if parse.deps[child] == "xcomp")
    return any(
        parse.lemmas[c] == "to" for child in complements for c in parse.children[child] if parse.deps[c] == "aux"
    )


def _preposition(parse: Parse, preposition: int, cues: Cues) -> Iterator[Modality]:
    word = parse.words[preposition].lower()
    if cues.says("Denied", "preposition", word):
        yield Modality.DENIED
    elif cues.says("Prospective", "preposition", word):
        yield Modality.PROSPECTIVE
