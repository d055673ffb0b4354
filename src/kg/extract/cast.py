"""The cast of an article: which mentions are one entity, and which entity a token stands for."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anyascii import anyascii

from kg.extract.graph import SUBJECT, ClauseGraph
from kg.extract.names import SUFFIXES, Name
from kg.extract.parse import Parse
from kg.extract.roles import Role
from kg.gazetteer import Entry, Gazetteer
from kg.model import Form, Part
from kg.ontology import Ontology

DEMONYM_ENDINGS = ("n", "an", "ian", "ans", "ians", "ish", "ese", "i", "is", "er", "ers", "ean", "nian", "ite", "ites")
HE, SHE, IT = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}, {"it", "its", "itself"}
SETTING = 0.5  # of all mentions of countries, for the one that an article is set in
EARLY = 2  # what a mention in the first sentences counts
REACH = 3  # sentences that a pronoun looks back


@dataclass(slots=True)
class Member:
    """An entity of the article while the cast is being put together."""

    kind: str
    entry: Entry | None = None
    forms: Counter[str] = field(default_factory=Counter)
    places: list[tuple[int, int, Form]] = field(default_factory=list)  # token spans
    gender: str | None = None
    roles: list[tuple[str, str, int | None]] = field(default_factory=list)  # role, relation, body
    owner: int | None = None  # the member that a group belongs to
    known_as: str | None = None  # the name that counts where the article gives an alias

    @property
    def name(self) -> str:
        """The fullest form; the gazetteer's name where it knows the thing."""
        if self.entry:
            return self.entry.name
        if self.known_as:
            return self.known_as
        if self.owner is not None:
            return self.forms.most_common(1)[0][0]
        return max(self.forms, key=lambda f: (len(f.split()), self.forms[f], len(f), f), default="")


@dataclass(slots=True)
class Cast:
    """Members by number, and the members that each token stands for (several for "the two leaders")."""

    members: list[Member]
    at: dict[int, tuple[int, ...]]
    hops: dict[int, int]  # token -> how much was assumed: 0 name, 1 nominal, 2 pronoun
    setting: int | None = None  # the country that the article is set in
    belonging: list[tuple[int, int, int]] = field(default_factory=list)  # "X, the Republican": person, party, token

    def who(self, token: int) -> tuple[int, ...]:
        """The members that a token stands for."""
        return self.at.get(token, ())


class Casting:
    """Puts the cast of one article together."""

    def __init__(self, parse: Parse, graph: ClauseGraph, gazetteer: Gazetteer, ontology: Ontology) -> None:
        self.parse, self.graph, self.gazetteer = parse, graph, gazetteer
        self.ontology, self.lexicon = ontology, ontology.lexicon
        self.cast = Cast(members=[], at={}, hops={})
        self.by_key: dict[str, int] = {}
        self.role_heads: dict[int, Role] = {}

    def run(self, names: Sequence[Name], roles: Sequence[Role]) -> Cast:
        """Names, then roles, then pronouns."""
        self.role_heads = {role.head: role for role in roles}
        persons = _persons(self.parse, names, roles)
        people = [n for n in names if id(n) in persons]
        for name in sorted(people, key=lambda n: (n.end - n.start == 1, n.start)):
            self._person(name)
        for name in sorted(
            (n for n in names if id(n) not in persons),
            key=lambda n: (not n.entry, n.kind == "Group", n.start - n.end, n.start),
        ):
            self._thing(name)
        self._aliases(names)
        self.cast.setting = self._setting(roles)
        self._titles(roles)
        self._apposed()
        self._genders()
        self._offices(roles)
        self._kind_nouns()
        self._nominals(roles)
        self._pronouns()
        self._nominals(roles)
        return self.cast

    # ------------------------------------------------------------ names

    def _add(self, number: int, name: Name, form: Form) -> None:
        member = self.cast.members[number]
        if form is Form.NAME or not member.entry:
            member.forms[self.parse.text(name.start, name.end)] += 1
        else:
            member.forms[self.parse.text(name.start, name.end)] += 1
        member.places.append((name.start, name.end, form))
        for token in range(name.start, name.end):
            self.cast.at[token] = (number,)
            self.cast.hops[token] = 0

    def _new(self, kind: str, entry: Entry | None = None) -> int:
        self.cast.members.append(Member(kind=kind, entry=entry))
        return len(self.cast.members) - 1

    def _person(self, name: Name) -> None:
        words = [self.parse.words[i] for i in range(name.start, name.end)]
        candidates = [n for n, m in enumerate(self.cast.members) if _same_person(words, m, self.gazetteer)]
        if len(candidates) > 1:
            candidates = self._nearest(candidates, name, words)
        number = candidates[0] if candidates else self._new("Person")
        self._add(number, name, Form.NAME)

    def _nearest(self, candidates: list[int], name: Name, words: list[str]) -> list[int]:
        """Of several that fit, the one whose last name it is, of the honorific's gender, mentioned last before it."""
        honorific = self.parse.words[name.start - 1].lower() if name.start else ""
        gender = self._honorific_gender(honorific)
        fitting = [c for c in candidates if not gender or self._given_gender(c) in (gender, None)] or candidates
        surname = [c for c in fitting if _tokens(self.cast.members[c].name)[-1:] == _tokens(words[-1])] or fitting

        def distance(c: int) -> tuple[bool, int]:
            starts = [s for s, _, _ in self.cast.members[c].places]
            before = [name.start - s for s in starts if s < name.start]
            return (not before, min(before) if before else min(starts))

        return sorted(surname, key=distance)

    def _thing(self, name: Name) -> None:
        text = self.parse.text(name.start, name.end)
        form = Form.DEMONYM if name.adjective else Form.NAME
        if name.entry:
            number = self.by_key.setdefault(name.entry.id, len(self.cast.members))
            if number == len(self.cast.members):
                self._new(name.entry.kind, name.entry)
            self._add(number, name, form)
            return
        found = self._known_thing(text)
        if found is None and name.kind == "Group":
            return
        number = found if found is not None else self._new(name.kind)
        member = self.cast.members[number]
        if member.kind == "Unknown":
            member.kind = name.kind
        self.by_key.setdefault(_key(text), number)
        demonym = name.kind == "Group" or (
            found is not None and _key(member.name) != _key(text) and _demonym(text, member.name)
        )
        self._add(number, name, Form.DEMONYM if demonym else Form.NAME)

    def _known_thing(self, text: str) -> int | None:
        """The member that this form names: the same words, its acronym, a part of its name, or its demonym."""
        if (number := self.by_key.get(_key(text))) is not None:
            return number
        for number, member in enumerate(self.cast.members):
            if member.kind != "Person" and any(_short_for(text, form) for form in member.forms):
                return number
        return None

    # ------------------------------------------------------------ roles and what is known of people

    def _aliases(self, names: Sequence[Name]) -> None:
        """"Rodrigo Londoño, alias Timochenko": two names of one."""
        for first, second in itertools.pairwise(names):
            between = [self.parse.words[i].lower() for i in range(first.end, second.start)]
            phrase = " ".join(word for word in between if word not in (",", "(", '"', "'"))
            one, other = self.cast.who(first.start), self.cast.who(second.start)
            if phrase in self.lexicon.group("Name", "alias") and one and other and one != other:
                self._unite(one[0], other[0])

    def _unite(self, kept: int, gone: int) -> None:
        into, member = self.cast.members[kept], self.cast.members[gone]
        into.forms.update(member.forms)
        into.places += member.places
        into.known_as = into.known_as or max(into.forms - member.forms or into.forms, key=len)
        member.forms, member.places = Counter(), []
        for token, numbers in self.cast.at.items():
            self.cast.at[token] = tuple(kept if n == gone else n for n in numbers)

    def _setting(self, roles: Iterable[Role]) -> int | None:
        """The country that most mentions name, or places and bodies in it; the beginning counts more."""
        state = self.lexicon.group("State", "office")
        bodies = {n for r in roles if set(r.name.split()) & state for n in self._bodies(r)}
        weight: Counter[int] = Counter()
        countries = {m.entry.id: n for n, m in enumerate(self.cast.members) if m.entry and m.kind == "Country"}
        for number, member in enumerate(self.cast.members):
            unknown = member.kind == "Place" and not member.entry and number in bodies
            located = countries.get(member.entry.country or "") if member.entry and member.kind != "Organization" else None
            country = number if member.kind == "Country" or unknown else located
            if country is not None:
                weight[country] += sum(EARLY if self.parse.sentence[s] < 3 else 1 for s, _, _ in member.places)
        best = max(weight, key=lambda n: (weight[n], -n), default=None)
        return best if best is not None and weight[best] >= SETTING * weight.total() else None

    def _titles(self, roles: Iterable[Role]) -> None:
        """The words of a title stand for the one who bears it."""
        for role in roles:
            for holder in role.holders:
                if holder.how in ("title", "apposition") and holder.token in self.cast.at:
                    tokens = range(role.start, role.end) if holder.how == "title" else (role.head,)
                    for token in tokens:
                        if token not in self.cast.at or self.cast.hops[token]:
                            group = tuple(dict.fromkeys((*self.cast.at.get(token, ()), *self.cast.at[holder.token])))
                            self.cast.at[token] = group
                            self.cast.hops[token] = 1

    def _apposed(self) -> None:
        """ "the state oil company, PDVSA", "Corker, the Tennessee Republican": the noun stands for the name beside it."""
        for edges in list(self.graph.out.values()):
            for edge in edges:
                if edge.label == "appos":
                    self._equate(edge.head, edge.tail)
                    self._equate(edge.tail, edge.head)

    def _equate(self, name: int, noun: int) -> None:
        numbers = self.cast.who(name)
        if len(numbers) != 1 or self.cast.hops[name] > 0 or self.parse.pos[noun] not in ("NOUN", "PROPN"):
            return
        there = self.cast.who(noun)
        person = self.cast.members[numbers[0]].kind == "Person"
        if not there and self.parse.pos[noun] == "NOUN":
            self.cast.at[noun], self.cast.hops[noun] = numbers, 1
        elif person and len(there) == 1 and self.parse.text(noun, noun + 1) in self._adjectives(there[0]):
            self.cast.at[noun], self.cast.hops[noun] = numbers, 1
            self.cast.belonging.append((numbers[0], there[0], noun))

    def _adjectives(self, number: int) -> frozenset[str]:
        entry = self.cast.members[number].entry
        return entry.adjectives if entry else frozenset()

    def _kind_nouns(self) -> None:
        """ "the Syriza party", "the bloc", "the country": the noun of a class stands for the last name of that class."""
        for token, lemma in enumerate(self.parse.lemmas):
            kinds = [k for k in self.ontology.classes if lemma in self.lexicon.group(k, "noun")]
            if not kinds or token in self.cast.at or self.parse.tags[token] != "NN":
                continue
            number = self._compound(token) if self._compound(token) is not None else self._last_of_kind(token, kinds)
            if number is not None:
                self.cast.at[token], self.cast.hops[token] = (number,), 1

    def _compound(self, noun: int) -> int | None:
        """The name that stands right before its noun: "the Syriza party"."""
        numbers = self.cast.who(noun - 1) if noun and self.parse.heads[noun - 1] == noun else ()
        kinds = ("Organization", "Party", "Unknown")
        return next((n for n in numbers if self.cast.members[n].kind in kinds), None)

    def _last_of_kind(self, noun: int, kinds: list[str]) -> int | None:
        determiner = self.parse.child(noun, "det")
        modified = (
            self.parse.child(noun, "amod", "compound", "poss", "relcl", "prep", "nmod", "acl", "appos") is not None
        )
        if modified or determiner is None or self.parse.words[determiner].lower() not in ("the", "this", "that"):
            return None
        first = self.parse.sentences[max(0, self.parse.sentence[noun] - REACH)][0]
        for token in range(noun - 1, first - 1, -1):
            for number in self.cast.at.get(token, ()) if self.cast.hops.get(token) == 0 else ():
                member = self.cast.members[number]
                somewhere = member.kind == "Place" and not member.entry  # a place that no gazetteer knows
                if any(
                    self.ontology.is_a(member.kind, k) or (somewhere and self.ontology.is_a(k, "Place")) for k in kinds
                ):
                    return number
        return None

    def _genders(self) -> None:
        for number, member in enumerate(self.cast.members):
            if member.kind == "Person":
                member.gender = self._honoured(member) or self._given_gender(number)

    def _honoured(self, member: Member) -> str | None:
        for start, _, _ in member.places:
            if start and (gender := self._honorific_gender(self.parse.words[start - 1].lower())):
                return gender
        return None

    def _honorific_gender(self, word: str) -> str | None:
        for gender, kind in (("m", "masculine"), ("f", "feminine")):
            words = self.lexicon.group("Honorific", kind)
            if word in words or word.rstrip(".") in words:
                return gender
        return None

    def _given_gender(self, number: int) -> str | None:
        words = _tokens(self.cast.members[number].name)
        return self.gazetteer.genders.get(words[0]) if words and len(words) > 1 else None

    def _offices(self, roles: Iterable[Role]) -> None:
        for role in roles:
            bodies = self._bodies(role)
            for holder in role.holders:
                for number in self.cast.who(holder.token):
                    self.cast.members[number].roles.append((role.name, role.relation, bodies[0] if bodies else None))
                    if not self.cast.members[number].gender:
                        self.cast.members[number].gender = _role_gender(role.name)

    def _nominals(self, roles: Iterable[Role]) -> None:
        """ "the Belarusian president", "the president": whoever the article says holds that role."""
        for role in roles:
            if role.holders or role.head in self.cast.at or role.plural or self._indefinite(role):
                continue
            bodies = set(self._bodies(role))
            number = self._office_holder(role, bodies)
            if number is not None:
                self.cast.at[role.head] = (number,)
                self.cast.hops[role.head] = 1
                self.cast.members[number].places.append((role.start, role.end, Form.NOMINAL))

    def _bodies(self, role: Role) -> list[int]:
        found = ([n for token in group for n in self.cast.who(token)] for group in role.bodies)
        return next((numbers for numbers in found if numbers), [])

    def _indefinite(self, role: Role) -> bool:
        determiner = self.parse.child(role.head, "det")
        word = self.parse.words[determiner].lower() if determiner is not None else ""
        return word in ("a", "an", "any", "every", "each", "no", "another", "some") or (not word and not role.bodies)

    def _office_holder(self, role: Role, bodies: set[int]) -> int | None:
        def exact(member: Member) -> bool:
            return any(
                (name == role.name or relation == role.relation == "leaderOf") and body in bodies
                for name, relation, body in member.roles
            )

        def loose(member: Member) -> bool:
            return any(name == role.name and (not bodies or body is None) for name, _, body in member.roles)

        found = [n for n, m in enumerate(self.cast.members) if exact(m)]
        if not found:
            found = [n for n, m in enumerate(self.cast.members) if loose(m)]
            if bodies and len(found) > 1:
                return None
        return self._last_before(role.start, found)

    def _last_before(self, token: int, numbers: Iterable[int]) -> int | None:
        best: tuple[int, int] | None = None
        for number in numbers:
            starts = [s for s, _, _ in self.cast.members[number].places]
            before = [s for s in starts if s < token]
            rank = (token - max(before)) if before else 10_000 + min(starts)
            if best is None or rank < best[0]:
                best = (rank, number)
        return best[1] if best else None

    # ------------------------------------------------------------ pronouns

    def _pronouns(self) -> None:
        for token in range(len(self.parse)):
            word = self.parse.words[token].lower()
            if token in self.cast.at:
                continue
            if self._means_two(token):
                self._pair(token)
            if word in ("they", "their", "them") and token not in self.cast.at:
                self._plural(token)
            if self.parse.pos[token] not in ("PRON", "DET"):
                continue
            if word in HE | SHE:
                found = self._antecedent(token, "m" if word in HE else "f")
            elif word in IT:
                found = self._antecedent(token, None)
            else:
                continue
            if found is not None:
                self.cast.at[token] = (found,)
                self.cast.hops[token] = 2
                self.cast.members[found].places.append((token, token + 1, Form.PRONOUN))
                if word in HE | SHE:
                    self.cast.members[found].gender = "m" if word in HE else "f"

    def _means_two(self, token: int) -> bool:
        """ "the two leaders", "both men", "the pair", "they" as a subject."""
        word, lemma = self.parse.words[token].lower(), self.parse.lemmas[token]
        if word in ("they", "both") and self.parse.deps[token] in ("nsubj", "nsubjpass"):
            return True
        if self.parse.pos[token] not in ("NOUN", "NUM"):
            return False
        numbered = any(self.parse.words[c].lower() in ("two", "both") for c in self.parse.children[token])
        return (
            lemma in ("pair", "duo")
            or (self.parse.words[token].lower() == "two" and self.parse.deps[token] == "nsubj")
            or (numbered and lemma in self.lexicon.group("Pair", "noun") | self.lexicon.group("Pair", "body"))
        )

    def _pair(self, token: int) -> None:
        """The two who were named together last: the nearest sentence that names two persons, else two countries."""
        here = self.parse.sentence[token]
        bodies = ("Country", "Organization", "Party", "Place")
        body = self.parse.lemmas[token] in self.lexicon.group("Pair", "body")
        person = self.parse.pos[token] == "NOUN" and not body
        for kinds in ((bodies,) if body else (("Person",),) if person else (("Person",), bodies)):
            for number in range(here, max(-1, here - REACH - 2), -1):
                start, end = self.parse.sentences[number]
                found = self._named(start, min(end, token), kinds)
                vague = self.parse.pos[token] == "PRON" and len(found) > 2
                if vague:
                    return
                if len(found) >= 2:
                    self.cast.at[token], self.cast.hops[token] = tuple(found[:2]), 2
                    return

    def _plural(self, token: int) -> None:
        """ "EU ministers said they...": the country or body that the plural subject before acts for."""
        start, _ = self.parse.sentences[self.parse.sentence[token]]
        for noun in range(token - 1, start - 1, -1):
            if self.parse.tags[noun] == "NNS" and self._is_subject(noun):
                owners = [
                    n
                    for e in self.graph.out.get(noun, ())
                    if e.label in ("mod", "poss", "p:of", "p:from")
                    for n in self.cast.who(e.tail)
                ]
                if owners and self.parse.lemmas[noun] in self.lexicon.group("Delegate", "plural"):
                    self.cast.at[token], self.cast.hops[token] = (owners[0],), 2
                return

    def _named(self, start: int, end: int, kinds: tuple[str, ...]) -> list[int]:
        """The members of some kinds that are named between two tokens, the last first."""
        tokens = [t for t in range(end - 1, start - 1, -1) if self.cast.hops.get(t) == 0]
        numbers = [n for t in tokens for n in self.cast.at[t] if self.cast.members[n].kind in kinds]
        return list(dict.fromkeys(numbers))

    def _antecedent(self, pronoun: int, gender: str | None) -> int | None:
        """The likeliest earlier mention: near, a subject, of the right gender; its own clause's subject for "his"."""
        sentence = self.parse.sentence[pronoun]
        scores: dict[int, float] = {}
        governor = self.parse.heads[pronoun]
        first = self.parse.sentences[max(0, sentence - REACH)][0]
        for token in range(first, pronoun):
            for number in self.cast.at.get(token, ()):
                member = self.cast.members[number]
                if not self._agrees(member, gender, token) or not self._may_own(pronoun, member):
                    continue
                distance = sentence - self.parse.sentence[token]
                score = 3.0 - 1.2 * distance + self._prominence(token) + 0.001 * (token - first)
                if (
                    self.parse.deps[token] == "appos"
                    and self.parse.deps[pronoun] == "poss"
                    and governor == self.parse.heads[token]
                ):
                    continue
                if (
                    self.parse.heads[token] == governor
                    and self.parse.deps[pronoun] in ("dobj", "pobj", "nsubj")
                    and self._is_subject(token)
                ):
                    continue
                if self.parse.parts[token] is Part.HEADLINE and self.parse.parts[pronoun] is not Part.HEADLINE:
                    score -= 1.5
                if gender and member.gender == gender:
                    score += 1.0
                scores[number] = max(scores.get(number, -9.0), score)
        return max(scores, key=lambda n: (scores[n], -n), default=None) if scores else None

    def _agrees(self, member: Member, gender: str | None, token: int) -> bool:
        if gender:
            return member.kind == "Person" and member.gender in (gender, None)
        return member.kind not in ("Person", "Unknown") and (
            self.parse.deps[token] not in ("pobj",) or member.kind in ("Organization", "Country", "Party")
        )

    def _may_own(self, pronoun: int, member: Member) -> bool:
        """"its foreign minister" is a country's, "its chairman" no country's."""
        role = self.role_heads.get(self.parse.heads[pronoun]) if self.parse.deps[pronoun] == "poss" else None
        if role is None or member.kind == "Person":
            return True
        place = self.ontology.is_a(member.kind, "Place")
        if place:
            return role.name not in self.lexicon.group("BodyOnly", "role")
        return not set(role.name.split()) & self.lexicon.group("State", "office") or "president" in role.name

    def _prominence(self, token: int) -> float:
        if self._is_subject(token):
            return 2.0
        owns_subject = self.parse.deps[token] == "poss" and self._is_subject(self.parse.heads[token])
        return 1.5 if owns_subject else 0.0

    def _is_subject(self, token: int) -> bool:
        while self.parse.deps[token] in ("compound", "amod", "nmod"):
            token = self.parse.heads[token]
        return any(e.label == SUBJECT for e in self.graph.into.get(token, ())) or self.parse.deps[token] == "nsubjpass"


# ---------------------------------------------------------------- names compared


def _persons(parse: Parse, names: Sequence[Name], roles: Sequence[Role]) -> set[int]:
    """The names that are people's: the recogniser says so, or a title or role stands before them."""
    held = {h.token for role in roles for h in role.holders if h.how in ("title", "apposition")}
    found = {id(n) for n in names if n.kind == "Person" and not n.entry}
    last_words = {
        parse.words[n.end - 1] for n in names if id(n) in found or (n.end - 1 in held and n.kind == "Unknown")
    }
    return found | {
        id(n)
        for n in names
        if not n.entry
        and n.kind in ("Unknown", "Group")
        and (n.end - 1 in held or (n.end - n.start == 1 and parse.words[n.start] in last_words))
    }


def _tokens(name: str) -> list[str]:
    plain = anyascii(name).lower()
    words = re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*\.?", plain)
    return [w.rstrip(".") for w in words if w not in SUFFIXES]


def _suffix(name: str) -> str | None:
    last = name.lower().split()[-1].rstrip(".")
    return last if last in ("jr", "sr", "ii", "iii", "iv") else None


def _same_person(words: Sequence[str], member: Member, gazetteer: Gazetteer) -> bool:
    if member.kind != "Person":
        return False
    text = " ".join(words)
    return any(_agree(text, form, gazetteer) for form in member.forms)


def _agree(one: str, other: str, gazetteer: Gazetteer) -> bool:
    a, b = _tokens(one), _tokens(other)
    if not a or not b:
        return False
    if _suffix(one) and _suffix(other) and _suffix(one) != _suffix(other):
        return False
    if len(a) > len(b):
        a, b = b, a
    if len(a) == 1:
        return a[0] in (b[-1], b[0]) or (len(a[0]) > 3 and a[0] in b and len(b) > 2)
    if a[-1] != b[-1]:
        return a == b[: len(a)] or (len(b) > 2 and set(a) <= set(b))
    first, second = gazetteer.full(a[0]), gazetteer.full(b[0])
    return first == second or (1 in (len(first), len(second)) and first[0] == second[0]) or set(a) <= set(b)


def _key(text: str) -> str:
    return re.sub(r"^the ", "", re.sub(r"[^\w ]", "", anyascii(text).lower())).strip()


SMALL = {"of", "the", "and", "for", "de", "la", "in", "on"}


def _short_for(text: str, full: str) -> bool:
    """Whether `text` is a short form of `full`: an acronym, its last words, or a demonym.

    >>> _short_for("UNO", "United Nations Organization"), _short_for("Pact", "Cape Pact"), _short_for("Ostrian", "Ostria")
    (True, True, True)
    """
    words = full.split()
    plain = text.replace(".", "")
    if plain.isupper() and len(plain) > 1 and len(words) > 1:
        initials = "".join(w[0] for w in words if w.lower() not in SMALL).upper()
        return plain in (initials, "".join(w[0] for w in words).upper())
    shorter = _key(text).split()
    longer = _key(full).split()
    if (
        shorter
        and len(shorter) < len(longer)
        and (longer[-len(shorter) :] == shorter or (longer[: len(shorter)] == shorter and len(shorter) > 1))
    ):
        return True
    return _demonym(text, full)


def _demonym(text: str, full: str) -> bool:
    """Whether `text` looks like the adjective of the one-word name `full`."""
    a, b = _key(text), _key(full)
    if " " in a or " " in b or len(b) < 4 or a == b:
        return False
    stem = b.rstrip("aeiouy")
    return (
        len(stem) > 2
        and a.startswith(stem)
        and a[len(stem) :].lstrip("aeiouy") + "" in {e.lstrip("aeiouy") for e in DEMONYM_ENDINGS}
        and a != b
    )


def _role_gender(role: str) -> str | None:
    if re.search(r"woman$|queen|princess|empress|duchess|baroness|sultana|mayoress|actress", role):
        return "f"
    if re.search(r"(?<!wo)man$|\bking$|prince\b|emperor|sultan$|emir|pope|imam|duke", role):
        return "m"
    return None
