"""The clause graph: who does what to whom, whatever the construction.

A dependency tree says one thing in many shapes: "the EU sanctioned Minsk", "Minsk, which was sanctioned by the EU",
"the EU agreed to sanction Minsk and its allies". The clause graph brings them to one: labelled edges from a word to the
words that fill its places, with passives turned, relative clauses, conjunctions and the subjects of infinitives spread.
(After the enhanced dependencies of Schuster and Manning, 2016.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.extract.parse import Parse, conjuncts

SUBJECT, OBJECT, POSSESSOR, MODIFIER, APPOSITION = "subj", "obj", "poss", "mod", "appos"

DIRECT = {  # labels of the tree that become edges as they are
    "nsubj": SUBJECT,
    "csubj": SUBJECT,
    "nsubjpass": OBJECT,
    "csubjpass": OBJECT,
    "dobj": OBJECT,
    "dative": "iobj",
    "poss": POSSESSOR,
    "compound": MODIFIER,
    "nmod": MODIFIER,
    "amod": MODIFIER,
    "appos": APPOSITION,
    "attr": "attr",
    "oprd": "attr",
    "acomp": "acomp",
    "prt": "prt",
    "xcomp": "xcomp",
    "ccomp": "ccomp",
}
NOMINAL = {"NOUN", "PROPN", "PRON", "NUM", "ADJ"}
RELATIVE = {"who", "whom", "which", "that", "whose"}


TOGETHER = {"along", "together", "jointly"}
REACH = 8  # tokens from "among them" to who is named first


class Edge(NamedTuple):
    """`head` -label-> `tail`; `hops` counts what was assumed on the way (0: stands in the tree)."""

    head: int
    label: str
    tail: int
    hops: int = 0


@dataclass(frozen=True, slots=True)
class ClauseGraph:
    """Edges by head and by tail."""

    out: dict[int, list[Edge]]
    into: dict[int, list[Edge]]

    def fillers(self, head: int, label: str) -> list[Edge]:
        """The edges of one label that leave `head`."""
        return [edge for edge in self.out.get(head, ()) if edge.label == label]


class _Builder:
    """Collects edges, each (head, label, tail) once, with the fewest hops."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.hops: dict[tuple[int, str, int], int] = {}
        self.out: dict[int, list[tuple[str, int]]] = defaultdict(list)

    def add(self, head: int, label: str, tail: int, hops: int = 0) -> None:
        key = (head, label, tail)
        if head == tail or self.hops.get(key, hops + 1) <= hops:
            return
        if key not in self.hops:
            self.out[head].append((label, tail))
        self.hops[key] = hops

    def get(self, head: int, label: str) -> list[tuple[int, int]]:
        return [(tail, self.hops[head, label, tail]) for found, tail in self.out.get(head, ()) if found == label]

    def graph(self) -> ClauseGraph:
        out: dict[int, list[Edge]] = defaultdict(list)
        into: dict[int, list[Edge]] = defaultdict(list)
        for (head, label, tail), hops in self.hops.items():
            edge = Edge(head, label, tail, hops)
            out[head].append(edge)
            into[tail].append(edge)
        return ClauseGraph(dict(out), dict(into))


def clause_graph(parse: Parse) -> ClauseGraph:
    """The clause graph of an article."""
    builder = _Builder(parse)
    for token in range(len(parse)):
        _tree_edges(builder, token)
    for spread in (
        _measures,
        _whose,
        _relative_clauses,
        _reduced_clauses,
        _conjunctions,
        _shared_subjects,
        _conjunctions,
        _agents,
        _together,
        _among,
        _attachments,
        _implied_owners,
    ):
        spread(builder)
    return builder.graph()


def _tree_edges(builder: _Builder, token: int) -> None:
    parse = builder.parse
    dep, head = parse.deps[token], parse.heads[token]
    if dep == "pobj" or (dep == "pcomp" and parse.pos[token] == "VERB"):
        _through_preposition(builder, token, head)
    elif label := DIRECT.get(dep):
        builder.add(head, label, token)


def _through_preposition(builder: _Builder, token: int, preposition: int) -> None:
    parse = builder.parse
    governor, words = parse.heads[preposition], parse.lemmas[preposition]
    if parse.deps[preposition] == "agent":
        builder.add(governor, SUBJECT, token)
        return
    while parse.deps[preposition] in ("prep", "pcomp", "dative") and parse.pos[governor] in ("ADP", "SCONJ"):
        words = f"{parse.lemmas[governor]} {words}"  # "out of", "because of"
        preposition, governor = governor, parse.heads[governor]
    if parse.deps[preposition] == "conj":  # "with and without"
        governor = parse.heads[governor]
    builder.add(governor, f"p:{words}", token)


MEASURES = {"hour", "minute", "day", "week", "round", "series", "couple", "number", "bout", "set", "string", "flurry"}


def _measures(builder: _Builder) -> None:
    """ "held two hours of talks": what is measured is the object."""
    parse = builder.parse
    for (head, label, tail), hops in list(builder.hops.items()):
        if label in (OBJECT, SUBJECT) and parse.lemmas[tail] in MEASURES:
            for noun, more in builder.get(tail, "p:of"):
                builder.add(head, label, noun, hops + more)


def _whose(builder: _Builder) -> None:
    """ "the union, whose chairman said": the noun before "whose" is the possessor."""
    parse = builder.parse
    for token in range(1, len(parse)):
        if parse.words[token].lower() == "whose":
            before = next((t for t in range(token - 1, -1, -1) if parse.pos[t] != "PUNCT"), None)
            if before is not None and parse.pos[before] in NOMINAL:
                builder.add(parse.heads[token], POSSESSOR, before)


def _relative_clauses(builder: _Builder) -> None:
    """ "X, who met Y": X takes the place of "who"; "the man whose party won": the possessor likewise."""
    parse = builder.parse
    for verb in range(len(parse)):
        if parse.deps[verb] != "relcl":
            continue
        noun, found = parse.heads[verb], False
        for pronoun in _below(parse, verb):
            if parse.lemmas[pronoun] in RELATIVE and parse.tags[pronoun].startswith("W"):
                for head, label in _places(builder, pronoun):
                    builder.add(head, label, noun)
                    for other in _of_chain(parse, noun, pronoun):
                        builder.add(head, label, other, 1)
                    found = True
        if not found:
            _bare_clause(builder, verb, noun)


def _bare_clause(builder: _Builder, verb: int, noun: int) -> None:
    """ "the man he met"; a headline's "X to meet Y"."""
    parse = builder.parse
    auxiliary = parse.child(verb, "aux")
    adverbial = any(parse.tags[t].startswith("W") for t in _below(parse, verb))  # "where", "when"
    if auxiliary is not None and parse.lemmas[auxiliary] == "to":
        builder.add(verb, SUBJECT, noun, 1)
    elif not adverbial and not builder.get(verb, OBJECT):
        builder.add(verb, OBJECT, noun, 1)


def _of_chain(parse: Parse, noun: int, pronoun: int) -> Iterator[int]:
    """ "a list of officials who...": what the clause may belong to as well, the noun above or below by "of"."""
    above = parse.heads[noun]
    if parse.deps[noun] == "pobj" and parse.lemmas[above] == "of" and parse.pos[parse.heads[above]] == "NOUN":
        yield parse.heads[above]
    for child in parse.children[noun]:
        if parse.lemmas[child] == "of" and (below := parse.child(child, "pobj")) is not None and below < pronoun:
            yield below


def _below(parse: Parse, token: int) -> Iterator[int]:
    """The tokens of the clause that `token` heads, relative clauses inside it left out."""
    for child in parse.children[token]:
        yield child
        if parse.deps[child] != "relcl":
            yield from _below(parse, child)


def _places(builder: _Builder, token: int) -> list[tuple[int, str]]:
    return [(head, label) for (head, label, tail) in builder.hops if tail == token] if token >= 0 else []


def _reduced_clauses(builder: _Builder) -> None:
    """ "X, sanctioned by Y", "X, leading the party", "X's decision to meet Y"."""
    parse = builder.parse
    for verb in range(len(parse)):
        if parse.deps[verb] != "acl":
            continue
        noun = parse.heads[verb]
        if parse.tags[verb] == "VBN":
            builder.add(verb, OBJECT, noun)
        elif parse.tags[verb] == "VBG":
            builder.add(verb, SUBJECT, noun)
        else:
            for owner, hops in builder.get(noun, POSSESSOR):
                builder.add(verb, SUBJECT, owner, hops + 1)


def _conjunctions(builder: _Builder) -> None:
    """Conjoined words stand in each other's places: "met X and Y"; conjoined verbs share a subject."""
    parse = builder.parse
    into: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for head, label, tail in builder.hops:
        into[tail].append((head, label))
    for token in range(len(parse)):
        if parse.deps[token] != "conj":
            continue
        first = parse.heads[token]
        if parse.pos[token] in ("VERB", "AUX"):
            _share(builder, first, token)
        elif parse.pos[first] in NOMINAL:
            for head, label in into[first]:
                if label != APPOSITION and not _in_relative_clause(parse, head, first, token):
                    builder.add(head, label, token, builder.hops[head, label, first])
                    into[token].append((head, label))
            _share_modifiers(builder, first, token)


def _in_relative_clause(parse: Parse, head: int, noun: int, before: int) -> bool:
    """ "X, who heads Y, and Z": whether `head` stands in a relative clause of `noun` that is over `before` a token."""
    while head > noun and parse.heads[head] != head and parse.deps[head] != "relcl":
        head = parse.heads[head]
    return parse.deps[head] == "relcl" and parse.heads[head] == noun and head < before


def _share(builder: _Builder, first: int, second: int) -> None:
    """The second verb takes the subject of the first, or its passive subject, where it has none of its own."""
    parse = builder.parse
    if parse.child(second, "nsubj", "nsubjpass", "csubj"):
        return
    passive = parse.child(second, "auxpass") is not None or (
        parse.tags[second] == "VBN" and parse.child(second, "aux") is None and parse.child(first, "auxpass") is not None
    )
    label = OBJECT if passive else SUBJECT
    subject = OBJECT if parse.child(first, "nsubjpass") is not None else SUBJECT
    for tail, hops in builder.get(first, subject):
        builder.add(second, label, tail, hops)


def _share_modifiers(builder: _Builder, first: int, second: int) -> None:
    """ "X's friend and ally": conjoined nouns have one owner."""
    if builder.parse.pos[first] == "NOUN" == builder.parse.pos[second]:
        for owner, hops in builder.get(first, POSSESSOR):
            if not builder.get(second, POSSESSOR):
                builder.add(second, POSSESSOR, owner, hops + 1)


def _agents(builder: _Builder) -> None:
    """ "is challenged at the polls by X": the agent that the parser hangs on the noun before it."""
    parse = builder.parse
    for preposition in range(len(parse)):
        noun = parse.heads[preposition]
        if parse.lemmas[preposition] != "by" or parse.deps[preposition] != "prep" or parse.deps[noun] != "pobj":
            continue
        verb, actor = parse.heads[parse.heads[noun]], parse.child(preposition, "pobj")
        passive = parse.child(verb, "auxpass") is not None and not builder.get(verb, SUBJECT)
        if passive and actor is not None:
            builder.add(verb, SUBJECT, actor, 1)


def _together(builder: _Builder) -> None:
    """ "X was arrested along with Y": who comes along stands where the object does, or the subject of no object."""
    parse = builder.parse
    for adverb in range(len(parse) - 1):
        if parse.words[adverb].lower() not in TOGETHER or parse.words[adverb + 1].lower() != "with":
            continue
        other = parse.child(adverb + 1, "pobj")
        verb = parse.heads[adverb] if parse.heads[adverb] != adverb + 1 else parse.heads[adverb + 1]
        if other is not None and parse.pos[verb] in ("VERB", "AUX"):
            label = OBJECT if builder.get(verb, OBJECT) else SUBJECT
            builder.add(verb, label, other, 1)


def _among(builder: _Builder) -> None:
    """ "six ministers, among them X and Y": they stand where the plural before them does."""
    parse = builder.parse
    for start in range(1, len(parse) - 2):
        if parse.lemmas[start] != "among" or parse.lemmas[start + 1] not in ("they", "whom"):
            continue
        first = parse.sentences[parse.sentence[start]][0]
        many = next((t for t in range(start - 1, first - 1, -1) if parse.tags[t] in ("NNS", "NNPS")), None)
        after = range(start + 2, min(start + REACH, len(parse)))
        one = next((t for t in after if start in (parse.heads[t], *parse.children[t])), None)
        if many is not None and one is not None:
            for token in (one, *conjuncts(parse, one)):
                for head, label in _places(builder, many):
                    builder.add(head, label, token, builder.hops[head, label, many] + 1)


def _shared_subjects(builder: _Builder) -> None:
    """ "agreed to meet", "after meeting", "urged X to meet": the subject of a clause that has none of its own."""
    parse = builder.parse
    for verb in range(len(parse)):
        if parse.pos[verb] not in ("VERB", "AUX") or parse.child(verb, "nsubj", "nsubjpass", "csubj") is not None:
            continue
        main = _governor(parse, verb)
        if main is None:
            continue
        participle = parse.tags[verb] == "VBN" and parse.deps[verb] == "advcl" and parse.child(verb, "aux") is None
        label = OBJECT if participle or parse.child(verb, "auxpass") is not None else SUBJECT
        if builder.get(verb, label):
            continue
        for tail, hops in _controller(builder, main, verb):
            builder.add(verb, label, tail, hops + 1)


def _governor(parse: Parse, verb: int) -> int | None:
    """The verb whose subject an infinitive, participle or gerund borrows."""
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep in ("xcomp", "advcl", "ccomp"):
        return head if parse.pos[head] in ("VERB", "AUX", "ADJ") else None
    if dep == "pcomp":
        above = parse.heads[head]
        return above if parse.pos[above] in ("VERB", "AUX") else None
    return None


def _controller(builder: _Builder, main: int, verb: int) -> list[tuple[int, int]]:
    parse = builder.parse
    infinitive = parse.deps[verb] == "xcomp" and parse.child(verb, "aux") is not None
    if infinitive and parse.child(main, "dobj") is not None:
        return builder.get(main, OBJECT)  # "urged X to meet Y"
    gerund = parse.deps[verb] == "pcomp" and parse.lemmas[parse.heads[verb]] in ("of", "from", "into")
    if gerund and parse.child(main, "dobj") is not None:
        return builder.get(main, OBJECT)  # "accused X of arming Y"
    if parse.pos[main] == "ADJ":  # "is due to meet"
        main = parse.heads[main]
    passive = parse.child(main, "nsubjpass") is not None
    return builder.get(main, OBJECT if passive else SUBJECT)


def _implied_owners(builder: _Builder) -> None:
    """ "X flew home after talks with Y": a noun of what two do belongs to the subject of its clause."""
    parse = builder.parse
    for (noun, label, _), hops in list(builder.hops.items()):
        if label != "p:with" or hops or parse.pos[noun] != "NOUN" or parse.deps[noun] != "pobj":
            continue
        verb = parse.heads[parse.heads[noun]]
        while parse.deps[verb] == "pobj" and parse.pos[verb] == "NOUN":
            verb = parse.heads[parse.heads[verb]]  # "came under fire for a meeting with Y"
        if not builder.get(noun, POSSESSOR) and parse.pos[verb] in ("VERB", "AUX"):
            for tail, more in builder.get(verb, SUBJECT):
                builder.add(noun, POSSESSOR, tail, more + 2)


LIGHT = {"p:of", "p:that"}  # phrases with these stay where the parser put them


def _attachments(builder: _Builder) -> None:
    """A prepositional phrase may belong to the verb, to its object or to the phrase before it: offer all three."""
    parse = builder.parse
    for (head, label, tail), hops in list(builder.hops.items()):
        if not label.startswith("p:") or label in LIGHT:
            continue
        if parse.pos[head] in ("VERB", "AUX"):
            for noun, more in builder.get(head, OBJECT):
                if noun < tail and parse.pos[noun] == "NOUN":
                    builder.add(noun, label, tail, hops + more + 1)
        else:
            _lift(builder, head, label, tail, hops)


def _lift(builder: _Builder, head: int, label: str, tail: int, hops: int) -> None:
    parse = builder.parse
    above, dep = parse.heads[head], parse.deps[head]
    if dep == "pobj":
        if label != "p:with" and parse.pos[head] != "PROPN" and parse.tags[head] != "CD":
            return  # "talks at the airport with X", but not "in its toughest move against X"
        above = parse.heads[above]
    if dep in ("pobj", "dobj", "attr") and above != head and above < tail:
        builder.add(above, label, tail, hops + 1)
        if dep == "pobj" and parse.pos[above] in NOMINAL and parse.deps[above] in ("dobj", "pobj"):
            _lift(builder, above, label, tail, hops + 1)
        elif dep == "pobj" and parse.pos[above] == "VERB":
            for noun, more in builder.get(above, OBJECT):
                if noun < head and parse.pos[noun] == "NOUN":
                    builder.add(noun, label, tail, hops + more + 2)
