"""Roles: "Lithuania's minister of foreign affairs", "a close ally", and who holds them in what.

A role noun of the lexicon says a relation by itself; what has to be found is its holder and its body. Both are given as
tokens here: names, pronouns and nominal mentions are resolved later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extract.graph import APPOSITION, OBJECT, POSSESSOR, SUBJECT, ClauseGraph
from kg.extract.names import Name
from kg.extract.parse import Parse, conjuncts, verb_phrase
from kg.ontology import Ontology

BODY_PREPOSITIONS = ("p:of", "p:for", "p:at", "p:in", "p:from", "p:with", "p:within")
BEHIND = ("p:of", "p:for", "p:to", "p:in", "p:on")  # "the envoy for the talks, X"
NOUNS = {"NOUN", "PROPN"}
MEMBERSHIP = "memberOf"
COPULAS = {"be", "become", "remain", "stay"}
NOUN_PARTS = {"amod", "compound", "nmod", "nummod", "advmod", "poss", "punct", "det", "case", "npadvmod"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A token that stands for one who holds a role; `verb` is the word that says so, None inside a noun phrase."""

    token: int
    verb: int | None = None
    how: str = "title"  # title, apposition, copula, as
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role phrase: tokens `start` to `end`, exclusive; `head` is its noun."""

    start: int
    end: int
    head: int
    name: str  # as the lexicon has it
    relation: str
    plural: bool
    deputy: bool = False
    holders: tuple[Holder, ...] = ()
    bodies: tuple[
        tuple[int, ...], ...
    ] = ()  # tokens of what it is a role in; the first group that names something counts
    left: tuple[int, ...] = ()  # tokens of names that stand before it in its noun phrase: "Texas Republican Senator"


class Roles:
    """The role phrases of a lexicon, by their first word."""

    def __init__(self, ontology: Ontology) -> None:
        lexicon = ontology.lexicon
        self.domains = {relation.name: relation.domain for relation in ontology.relations.values()}
        self.symmetric = {relation.name for relation in ontology.relations.values() if relation.symmetric}
        self.by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        others = lexicon.group("NoOffice", "role") | lexicon.group("BodyOnly", "role")
        nobody = dict.fromkeys(others - set(lexicon.roles), "")  # "world leader", "opposition leader"
        for name, relation in {**nobody, **lexicon.roles}.items():
            pieces = tuple(name.replace("-", " - ").split())
            self.by_first[pieces[0]].append((pieces, name, relation))
            if "-" in name and " " not in name:  # the tokeniser splits some compounds and not others
                self.by_first[name].append(((name,), name, relation))
        for found in self.by_first.values():
            found.sort(key=lambda item: (-len(item[0]), item[1]))
        self.full = dict(pair.split("=", 1) for pair in lexicon.group("Abbreviation", "role"))
        self.counterparts = lexicon.group("Counterpart", "role")
        self.in_plural = lexicon.group("Plural", "role")
        self.remits = lexicon.group("Remit", "role")
        self.deputies = lexicon.group("Deputy", "modifier")
        self.leaving = lexicon.group("LeavingOffice", "verb")
        self.taking = lexicon.group("TakingOffice", "verb") | lexicon.group("HoldingOffice", "verb") | COPULAS
        self.offices = self.taking | self.leaving | lexicon.group("Describing", "verb")
        self.honorifics = frozenset().union(
            *(lexicon.group("Honorific", k) for k in ("masculine", "feminine", "neutral"))
        )

    def phrases(self, parse: Parse) -> list[Role]:
        """The role phrases of an article in order, their holders and bodies still to be found."""
        found: list[Role] = []
        start = 0
        while start < len(parse):
            role = self._at(parse, start)
            if role and role.relation and (role.plural or role.name not in self.in_plural):
                found.append(role)
            start = role.end if role else start + 1
        return found

    def attach(self, parse: Parse, graph: ClauseGraph, names: Sequence[Name], phrases: Sequence[Role]) -> list[Role]:
        """The roles with holders and bodies as far as their sentence tells them; what is a part of a name is none."""
        inside = {i: n for n in names for i in range(n.start, n.end)}
        found = [
            role
            for role in phrases
            if not (role.head in inside and inside[role.head].end - inside[role.head].start > 1)
        ]
        done: list[Role] = []
        for role in reversed(found):  # "army chief General X": the later role's holder is the earlier one's too
            following = done[-1] if done else None
            done.append(self._complete(parse, graph, inside, role, following))
        return list(self._mirrored(parse, _shared(parse, done[::-1])))

    def _mirrored(self, parse: Parse, roles: Sequence[Role]) -> Iterator[Role]:
        """ "Iran's foreign minister, X, and his Omani counterpart, Y": the office of the one before."""
        office: Role | None = None
        for role in roles:
            if role.name not in self.counterparts:
                held = role.holders and role.relation not in self.symmetric and not role.plural
                office = role if held and role.relation != MEMBERSHIP else office
                yield role
            elif office and parse.sentence[role.head] - parse.sentence[office.head] < 2:
                yield replace(role, name=office.name, relation=office.relation)

    # ------------------------------------------------------------ the phrases themselves

    def _at(self, parse: Parse, start: int) -> Role | None:
        for first in sorted(_forms(parse, start)):
            for pieces, name, relation in self.by_first.get(first, ()):
                end = start + len(pieces)
                if end <= len(parse) and self._fits(parse, start, pieces):
                    head = _head(parse, start, end)
                    titled = (
                        parse.pos[head] == "ADJ" and end < len(parse) and parse.pos[end] == "PROPN"
                    )  # "his rival X"
                    noun = (
                        parse.pos[start if "-" in pieces else head] in NOUNS
                    )  # "secretary-general" ends in an adjective
                    if not noun and not titled and not parse.words[head][:1].isupper():
                        continue
                    last = parse.words[head].lower()
                    plural = (
                        parse.tags[head] in ("NNS", "NNPS") or last.endswith("s.") or last == f"{pieces[-1]}s"
                    )  # "Sens.", "Presidents", whatever the tagger says
                    deputy = (
                        start > 0 and parse.words[start - 1].lower() in self.deputies and parse.pos[start - 1] != "ADP"
                    )
                    full = self.full.get(name, name)
                    return Role(
                        start=start, end=end, head=head, name=full, relation=relation, plural=plural, deputy=deputy
                    )
        return None

    def _fits(self, parse: Parse, start: int, pieces: tuple[str, ...]) -> bool:
        return all(piece in _forms(parse, start + k) for k, piece in enumerate(pieces))

    # ------------------------------------------------------------ holders and bodies

    def _complete(
        self, parse: Parse, graph: ClauseGraph, inside: Mapping[int, Name], role: Role, following: Role | None
    ) -> Role:
        holders = list(self._titled(parse, inside, role, following))
        if not holders:
            holders = [*_appositions(parse, graph, inside, role), *self._stated(parse, graph, role)]
        left = tuple(_left_names(parse, inside, role, personal=role.relation in self.symmetric))
        bodies = tuple(group for group in self._bodies(graph, role, holders, left) if group)
        holders = [h for h in holders if not any(h.token in group for group in bodies)]
        return replace(role, holders=tuple(holders), bodies=bodies, left=left)

    def _bodies(
        self, graph: ClauseGraph, role: Role, holders: Sequence[Holder], left: Sequence[int]
    ) -> Iterator[tuple[int, ...]]:
        titled = [h.token for h in holders if h.how == "title"]
        yield _after(graph, role.head, "p:of", role.end)
        yield from ((token,) for token in left)
        for head in titled if not role.plural else ():
            yield _after(graph, head, "p:of", role.end)
        yield tuple(e.tail for token in range(role.start, role.end) for e in graph.fillers(token, POSSESSOR))
        for preposition in BODY_PREPOSITIONS[1:] if role.name not in self.remits else ("p:from",):
            yield _after(graph, role.head, preposition, role.end)
        for head in titled:
            yield _after(graph, head, "p:from", role.end)
        for verb in (h.verb for h in holders if h.verb is not None):  # "NATO, of which Turkey is a member"
            yield tuple(e.tail for e in graph.fillers(verb, "p:of") if e.hops == 0)

    def _titled(self, parse: Parse, inside: Mapping[int, Name], role: Role, following: Role | None) -> Iterator[Holder]:
        """ "Secretary of State X", "Presidents X and Y"."""
        at = role.end
        while at < len(parse) and parse.words[at].lower() in self.honorifics:
            at += 1
        if following and following.start == at and any(h.how == "title" for h in following.holders):
            yield from (h for h in following.holders if h.how == "title")
            return
        name = inside.get(at)
        if name is None or name.start != at or name.adjective:
            return
        personal = not name.entry and name.kind in ("Person", "Unknown")
        if not personal and self.domains.get(role.relation) == "Person":
            return
        if at < len(parse) and parse.sentence[at] == parse.sentence[role.head]:
            yield Holder(token=name.end - 1)
            if role.plural:
                for token in conjuncts(parse, name.end - 1):
                    yield Holder(token=token)

    def _stated(self, parse: Parse, graph: ClauseGraph, role: Role) -> Iterator[Holder]:
        """ "X is president", "its president is X", "elected X president", "X served as president"."""
        yield from _inverse(parse, graph, role)
        for edge in graph.into.get(role.head, ()):
            verb = edge.head
            stays = edge.label == OBJECT and parse.lemmas[verb] in COPULAS  # "stays a member", as the parser has it
            if stays or (edge.label == "attr" and {parse.lemmas[verb], verb_phrase(parse, verb)} & self.offices):
                how = "copula"
            elif edge.label == "p:as" and (
                {parse.lemmas[verb], verb_phrase(parse, verb)} & self.offices or role.head < verb
            ):
                how = "as"
            else:
                continue
            ended = bool({parse.lemmas[verb], verb_phrase(parse, verb)} & self.leaving)
            objects = [e for e in graph.fillers(verb, OBJECT) if e.tail != role.head]
            if objects and parse.lemmas[verb] in COPULAS:
                objects = []
            for filler in objects or graph.fillers(verb, SUBJECT):
                if filler.tail != role.head:
                    yield Holder(token=filler.tail, verb=verb, how=how, ended=ended)


def _inverse(parse: Parse, graph: ClauseGraph, role: Role) -> Iterator[Holder]:
    """ "its president is X"."""
    for edge in graph.into.get(role.head, ()):
        if edge.label == SUBJECT and parse.lemmas[edge.head] in COPULAS:
            found = (e.tail for e in graph.fillers(edge.head, "attr") if parse.pos[e.tail] == "PROPN")
            yield from (Holder(token=token, verb=edge.head, how="copula") for token in found)


def _shared(parse: Parse, roles: Sequence[Role]) -> list[Role]:
    """ "Sudan's army chief and head of state": one holder, and one body if the second names none."""
    by_head = {role.head: role for role in roles}
    done = []
    for role in roles:
        first = by_head.get(parse.heads[role.head]) if parse.deps[role.head] == "conj" else None
        if first and not role.holders and not any(h.how == "title" for h in first.holders):
            role = replace(role, holders=first.holders, bodies=role.bodies or first.bodies)
        done.append(role)
        by_head[role.head] = role
    return done


def _forms(parse: Parse, token: int) -> set[str]:
    """The forms that a token may have in a role: "Sens." is a plural of "sen.", "Ministers" of "minister"."""
    word = parse.words[token].lower()
    forms = {word, parse.lemmas[token]}
    if word.endswith("s.") and len(word) > 3:
        forms.add(word[:-2] + ".")
    elif parse.tags[token] in ("NNPS", "NNP"):
        forms.add(word.removesuffix("s"))  # "Prime Ministers X and Y"
    return forms


def _head(parse: Parse, start: int, end: int) -> int:
    return next(
        (i for i in reversed(range(start, end)) if not start <= parse.heads[i] < end and parse.pos[i] in NOUNS),
        end - 1,
    )


def _appositions(parse: Parse, graph: ClauseGraph, inside: Mapping[int, Name], role: Role) -> Iterator[Holder]:
    """ "Iran's president, X", "X, the US secretary of state"."""
    found = set(_next_to(parse, graph, inside, role))
    near = set() if found else set(_beside(parse, inside, role))
    if any(inside[t].kind == "Person" and parse.deps[t] == "conj" for t in near):
        found = near  # "A of B and C, the D": C holds it
    if not found:
        heads = (e.head for e in graph.into.get(role.head, ()) if e.label == APPOSITION)
        found = {t for t in heads if _may_hold(inside, t) or parse.pos[t] == "PRON"}
    found |= {e.tail for e in graph.fillers(role.head, APPOSITION) if _may_hold(inside, e.tail)}
    if role.plural:
        found |= set(_several(parse, graph, inside, role, found))
    yield from (Holder(token=token, how="apposition") for token in sorted(found or near))


def _several(
    parse: Parse, graph: ClauseGraph, inside: Mapping[int, Name], role: Role, found: Iterable[int]
) -> Iterator[int]:
    """ "Republican candidates, including X and Y", "X, Y and Z, partners in the alliance"."""
    included = [e.tail for e in graph.fillers(role.head, "p:include")]
    conjoined = (t for token in found for t in _siblings(parse, token))
    yield from (t for t in (*included, *conjoined) if _may_hold(inside, t))


def _siblings(parse: Parse, token: int) -> Iterator[int]:
    while parse.deps[token] == "conj":
        token = parse.heads[token]
    yield token
    yield from conjuncts(parse, token)


def _next_to(parse: Parse, graph: ClauseGraph, inside: Mapping[int, Name], role: Role) -> Iterator[int]:
    """ "the mayor of Bath, X": a person right behind the role, unless one stands before it."""
    behind = (t for label in BEHIND for t in _after(graph, role.head, label, role.end))
    end = max([role.end, *(t + 1 for t in behind if t - role.end < 8)])
    name = inside.get(end + 1) if end + 1 < len(parse) and parse.words[end] == "," else None
    if name is None or name.kind != "Person" or name.entry or parse.sentence[name.start] != parse.sentence[role.head]:
        return
    closed = (
        name.end >= len(parse)
        or parse.words[name.end] in (",", ".", ";", ")", "--", "-", "–", "—", "of")
        or parse.pos[name.end] in ("VERB", "AUX")
    )
    named = parse.child(name.end - 1, "conj") is None
    if closed and named and not any(_beside(parse, inside, role)):
        yield name.end - 1


def _may_hold(inside: Mapping[int, Name], token: int) -> bool:
    name = inside.get(token)
    return name is not None and not name.adjective


def _beside(parse: Parse, inside: Mapping[int, Name], role: Role) -> Iterator[int]:
    """Where the parser missed the apposition: a name, a comma and the noun phrase of the role."""
    start = role.start
    if parse.deps[role.head] in ("poss", "compound", "nmod") or role.end >= len(parse):
        return
    while start > 0 and (parse.deps[start - 1] in NOUN_PARTS or start - 1 in inside) and parse.words[start - 1] != ",":
        start -= 1
    before = inside.get(start - 2) if start > 1 and parse.words[start - 1] == "," else None
    near = start - 2 >= parse.sentences[parse.sentence[role.head]][0]
    if before and near and before.kind in ("Person", "Unknown") and not before.adjective and start - 1 == before.end:
        yield start - 2


def _left_names(parse: Parse, inside: Mapping[int, Name], role: Role, *, personal: bool) -> Iterator[int]:
    """The names that stand before a role in its noun phrase; a person's only if `personal`: "a Merkel ally"."""
    at = role.start - 1
    first = parse.sentences[parse.sentence[role.head]][0]
    while at >= first:
        name = inside.get(at)
        if name is not None:
            owner = parse.words[at + 1] in ("'s", "'")
            if (
                name.kind == "Person"
                and not owner
                and not (personal and parse.deps[at] in ("compound", "nmod", "amod"))
            ):
                return
            yield name.end - 1
            if parse.words[name.end] in ("'s", "'"):
                return
            at = name.start - 1
        elif parse.words[at] in ("'s", "'", "-") or (
            parse.deps[at] in NOUN_PARTS and parse.words[at] not in (",", "(", ")", '"', ":", ";", "--")
        ):
            if parse.deps[at] == "poss" and parse.pos[at] == "PRON":
                return
            if parse.deps[at] == "det":
                return
            at -= 1
        else:
            return


def _after(graph: ClauseGraph, head: int, label: str, end: int) -> tuple[int, ...]:
    return tuple(e.tail for e in graph.fillers(head, label) if e.hops == 0 and e.tail >= end)
