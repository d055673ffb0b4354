"""The cast of an article: which names are one entity, and which entity each token stands for."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.extract.graph import APPOSITION, ClauseGraph
from kg.extract.names import Name
from kg.extract.naming import demonym_of, gender_of_role, key, same_person, short_for, tokens
from kg.extract.parse import Parse, conjuncts
from kg.extract.roles import Role
from kg.gazetteer import Entry, Gazetteer
from kg.model import Form, Part
from kg.ontology import Ontology

SETTING = 0.4  # of all mentions of countries, for the one that an article is set in
CLEAR = 0.65  # the same, to say who leads the country: a false leader is worse than a missing one
EARLY = 2  # what a mention in the first sentences counts
DATELINED = 3  # what the place of the dateline counts
BEGINNING = 3  # sentences
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}


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

    @property
    def unlisted(self) -> bool:
        """Whether it is a place that no gazetteer knows: a country, a town, who can tell."""
        return self.kind == "Place" and not self.entry


@dataclass(slots=True)
class Cast:
    """Members by number, and the members that each token stands for (several for "the two leaders")."""

    members: list[Member] = field(default_factory=list)
    at: dict[int, tuple[int, ...]] = field(default_factory=dict)
    hops: dict[int, int] = field(default_factory=dict)  # token -> what was assumed: 0 name, 1 nominal, 2 pronoun
    setting: int | None = None  # the country that the article is set in
    clear: bool = False  # it is set there and nowhere else: who is just called president leads it
    belonging: list[tuple[int, int, int]] = field(default_factory=list)  # "X, the Republican": person, party, token

    def who(self, token: int) -> tuple[int, ...]:
        """The members that a token stands for."""
        return self.at.get(token, ())

    def add(self, member: Member) -> int:
        """Adds a member and gives its number."""
        self.members.append(member)
        return len(self.members) - 1

    def stand(self, token: int, numbers: tuple[int, ...], hops: int) -> None:
        """Lets a token stand for members."""
        self.at[token], self.hops[token] = numbers, hops

    def bodies(self, role: Role) -> list[int]:
        """The members that a role is held in, as far as its phrase names them."""
        found = ([n for token in group for n in self.who(token)] for group in role.bodies)
        return next((numbers for numbers in found if numbers), [])


class Casting:
    """Puts the names and titles of one article together."""

    def __init__(self, parse: Parse, graph: ClauseGraph, gazetteer: Gazetteer, ontology: Ontology) -> None:
        self.parse, self.graph, self.gazetteer, self.lexicon = parse, graph, gazetteer, ontology.lexicon
        self.cast = Cast()
        self.by_key: dict[str, int] = {}

    def run(self, names: Sequence[Name], roles: Sequence[Role]) -> Cast:
        """The cast, with all that names, titles and appositions tell."""
        names = self._realms(names, roles)
        persons = self._persons(names, roles)
        for name in sorted((n for n in names if n.start in persons), key=lambda n: (n.single, n.start)):
            self._person(name)
        things = (n for n in names if n.start not in persons)
        for name in sorted(things, key=lambda n: (not n.entry, n.kind == "Group", n.start - n.end, n.start)):
            self._thing(name)
        self._aliases(names)
        self.cast.setting = self._setting(roles)
        self._titles(roles)
        self._appositions()
        self._genders()
        self._offices(roles)
        return self.cast

    def _realms(self, names: Sequence[Name], roles: Sequence[Role]) -> list[Name]:
        """Names that the recogniser takes for people's, and that have ministers and kings: unknown countries."""
        state = self.lexicon.group("State", "office")
        heads = [r for r in roles if set(r.name.split()) & (state | self.lexicon.group("Town", "office"))]
        ruled = {t for role in heads for group in role.bodies[:1] for t in group}
        ruled |= set(self._governed())
        surnames = {self.parse.words[n.end - 1] for n in names if n.kind == "Person" and not n.single}
        single = [n for n in names if n.single and not n.entry and n.kind != "Party"]
        forms = {self.parse.words[n.start] for n in single if n.start in ruled}
        realms = {f for f in forms - surnames if f.lower() not in self.gazetteer.genders}
        realms -= {self.parse.words[h.token] for role in roles for h in role.holders}
        realm = (n.single and not n.entry and self.parse.words[n.start] in realms for n in names)
        return [replace(name, kind="Place") if is_one else name for name, is_one in zip(names, realm, strict=True)]

    def _governed(self) -> Iterator[int]:
        """ "The government of X", "X's parliament": the tokens of what only countries have."""
        nouns = self.lexicon.group("State", "noun")
        for noun in (t for t, lemma in enumerate(self.parse.lemmas) if lemma in nouns):
            yield from (e.tail for e in self.graph.out.get(noun, ()) if e.label in ("poss", "p:of") and not e.hops)

    # ------------------------------------------------------------ people

    def _persons(self, names: Sequence[Name], roles: Sequence[Role]) -> set[int]:
        """Where people's names start: the recogniser says so, or a title or role stands beside them."""
        held = {h.token for role in roles for h in role.holders if h.how in ("title", "apposition")}
        found = {n.start for n in names if n.kind == "Person" and not n.entry}
        vague = [n for n in names if not n.entry and n.kind in ("Unknown", "Group")]
        titled = {n.start for n in vague if n.end - 1 in held} | {
            n.start for n in names if self._lone(n, held) or self._who(n)
        }
        surnames = {self.parse.words[n.end - 1] for n in names if n.start in found | titled}
        return found | titled | {n.start for n in vague if n.single and self.parse.words[n.start] in surnames}

    def _lone(self, name: Name, held: set[int]) -> bool:
        """ "whose patriarch, Porfirios": one word that the recogniser takes for an organisation, and that holds one."""
        organised = self.parse.words[name.start].lower() in self.lexicon.group("Name", "organisation")
        mixed = not self.parse.words[name.start].isupper()
        return (
            name.kind == "Organization"
            and name.single
            and not name.entry
            and not organised
            and mixed
            and name.start in held
        )

    def _who(self, name: Name) -> bool:
        """ "Roe Doe, who...": whatever the recogniser takes it for."""
        end = name.end + 1 if name.end < len(self.parse) and self.parse.words[name.end] == "," else name.end
        who = end < len(self.parse) and self.parse.words[end] == "who"
        return (
            who and not name.entry and name.kind in ("Organization", "Unknown", "Place") and not self._organised(name)
        )

    def _organised(self, name: Name) -> bool:
        words = [self.parse.words[i] for i in range(name.start, name.end)]
        particles = self.lexicon.group("Name", "particle")
        organised = {word.lower() for word in words} & self.lexicon.group("Name", "organisation")
        return bool(organised) or any(word.islower() and word not in particles for word in words)

    def _person(self, name: Name) -> None:
        text = self.parse.text(name.start, name.end)
        members = enumerate(self.cast.members)
        candidates = [n for n, m in members if any(same_person(text, form, self.gazetteer) for form in m.forms)]
        if len(candidates) > 1:
            candidates = self._nearest(candidates, name)
        self._mention(candidates[0] if candidates else self.cast.add(Member(kind="Person")), name, Form.NAME)

    def _nearest(self, candidates: list[int], name: Name) -> list[int]:
        """Of several that fit, the one whose last name it is, of the honorific's gender, mentioned last before it."""
        gender = self._honorific_gender(name.start)
        last = tokens(self.parse.words[name.end - 1])

        def rank(number: int) -> tuple[bool, bool, bool, int]:
            member = self.cast.members[number]
            starts = [start for start, _, _ in member.places]
            before = [name.start - start for start in starts if start < name.start]
            wrong = gender is not None and self._given_gender(member) not in (gender, None)
            return wrong, tokens(member.name)[-1:] != last, not before, min(before) if before else min(starts)

        return sorted(candidates, key=rank)

    def _mention(self, number: int, name: Name, form: Form) -> None:
        member = self.cast.members[number]
        member.forms[self.parse.text(name.start, name.end)] += 1
        member.places.append((name.start, name.end, form))
        for token in range(name.start, name.end):
            self.cast.stand(token, (number,), 0)

    # ------------------------------------------------------------ other things

    def _thing(self, name: Name) -> None:
        if name.entry:
            if name.entry.id not in self.by_key:
                self.by_key[name.entry.id] = self.cast.add(Member(kind=name.entry.kind, entry=name.entry))
            self._mention(self.by_key[name.entry.id], name, Form.DEMONYM if name.adjective else Form.NAME)
            return
        text = self.parse.text(name.start, name.end)
        found = self._known_thing(text)
        if found is None and name.kind == "Group":
            return  # a faith, a people of no country that the article names
        number = found if found is not None else self.cast.add(Member(kind=name.kind))
        member = self.cast.members[number]
        member.kind = name.kind if member.kind == "Unknown" else member.kind
        self.by_key.setdefault(key(text), number)
        demonym = name.kind == "Group" or demonym_of(text, member.name)
        self._mention(number, name, Form.DEMONYM if demonym else Form.NAME)

    def _known_thing(self, text: str) -> int | None:
        """The member that this form names: the same words, its acronym, a part of its name, or its demonym."""
        if (number := self.by_key.get(key(text))) is not None:
            return number
        members = (n for n, m in enumerate(self.cast.members) if m.kind != "Person")
        return next((n for n in members if any(short_for(text, f) for f in self.cast.members[n].forms)), None)

    def _aliases(self, names: Sequence[Name]) -> None:
        """ "John Roe, alias the Fox": two names of one."""
        for first, second in itertools.pairwise(names):
            between = (self.parse.words[i].lower() for i in range(first.end, second.start))
            phrase = " ".join(word for word in between if word not in (",", "(", '"', "'"))
            one, other = self.cast.who(first.start), self.cast.who(second.start)
            if phrase in self.lexicon.group("Name", "alias") and one and other and one != other:
                self._unite(one[0], other[0])

    def _unite(self, kept: int, gone: int) -> None:
        into, member = self.cast.members[kept], self.cast.members[gone]
        into.known_as = into.known_as or into.name
        into.forms.update(member.forms)
        into.places += member.places
        member.forms, member.places = Counter(), []
        for token, numbers in self.cast.at.items():
            self.cast.at[token] = tuple(kept if n == gone else n for n in numbers)

    def _setting(self, roles: Iterable[Role]) -> int | None:
        """The country that most mentions name, or places and bodies in it; the beginning counts more."""
        state = self.lexicon.group("State", "office")
        ruled = {n for r in roles if set(r.name.split()) & state for n in self.cast.bodies(r)}
        countries = {m.entry.id: n for n, m in enumerate(self.cast.members) if m.entry and m.kind == "Country"}
        weight: Counter[int] = Counter()
        for number, member in enumerate(self.cast.members):
            located = member.entry.country if member.entry and member.kind != "Organization" else None
            itself = member.kind == "Country" or (member.unlisted and number in ruled)
            country = number if itself else countries.get(located or "")
            if country is not None:
                weight[country] += sum(self._weight(start) for start, _, _ in member.places)
        ranked = sorted(weight, key=lambda n: (-weight[n], n))
        self.cast.clear = bool(ranked) and weight[ranked[0]] >= CLEAR * weight.total()
        return ranked[0] if ranked and weight[ranked[0]] >= SETTING * weight.total() else None

    def _weight(self, token: int) -> int:
        if self.parse.parts[token] is Part.DATELINE:
            return DATELINED
        return EARLY if self.parse.sentence[token] < BEGINNING else 1

    # ------------------------------------------------------------ titles and appositions

    def _titles(self, roles: Iterable[Role]) -> None:
        """The words of a title stand for the one who bears it."""
        for role in roles:
            for holder in role.holders:
                if holder.how in ("title", "apposition") and holder.token in self.cast.at:
                    for token in range(role.start, role.end) if holder.how == "title" else (role.head,):
                        if self.cast.hops.get(token, 1):
                            bearers = (*self.cast.who(token), *self.cast.who(holder.token))
                            self.cast.stand(token, tuple(dict.fromkeys(bearers)), 1)

    def _appositions(self) -> None:
        """ "the state oil company, X", "Roe, the Tennessee Republican": the noun stands for the name."""
        for edge in [e for edges in self.graph.out.values() for e in edges if e.label == APPOSITION]:
            self._equate(edge.head, edge.tail)
            self._equate(edge.tail, edge.head)
        for noun in range(len(self.parse)):
            if self.parse.tags[noun] == "NNS" and noun not in self.cast.at:
                self._enumerate(noun)

    def _enumerate(self, noun: int) -> None:
        """ "Two unions, the A and the B", "A and B, the two unions": as many names as are counted."""
        count = self.parse.child(noun, "nummod")
        number = NUMBERS.get(self.parse.words[count].lower()) if count is not None else None
        start = min([noun, *self.parse.children[noun]]) if number else 0
        before = self._all(start - 2) if start > 1 and self.parse.words[start - 1] == "," else []
        for named in (list(conjuncts(self.parse, noun)), before):
            if number == len(named) and all(self.cast.hops.get(t) == 0 for t in named):
                self.cast.stand(noun, tuple(dict.fromkeys(n for t in named for n in self.cast.who(t))), 1)
                return

    def _all(self, token: int) -> list[int]:
        """The names that are conjoined with one, it and the first included."""
        while self.parse.deps[token] == "conj":
            token = self.parse.heads[token]
        return [token, *conjuncts(self.parse, token)]

    def _equate(self, name: int, noun: int) -> None:
        numbers, there = self.cast.who(name), self.cast.who(noun)
        if len(numbers) != 1 or self.cast.hops[name] > 0:
            return
        if not there and self.parse.pos[noun] == "NOUN":
            named = self._listed(name) if self.parse.tags[noun] == "NNS" else numbers
            if all(self._may_be(noun, self.cast.members[n]) for n in named):
                self.cast.stand(noun, named, 1)
        elif len(there) == 1 and self.cast.members[numbers[0]].kind == "Person":
            entry = self.cast.members[there[0]].entry
            if entry and any(
                form.endswith(self.parse.words[noun]) for form in entry.adjectives & {*self._forms(there[0])}
            ):
                self.cast.stand(noun, numbers, 1)
                self.cast.belonging.append((numbers[0], there[0], noun))

    def _forms(self, number: int) -> Iterable[str]:
        return self.cast.members[number].forms

    def _listed(self, name: int) -> tuple[int, ...]:
        """ "Estonia, Latvia and Lithuania, the three states": all of them."""
        named = (t for t in self._all(name) if self.cast.hops.get(t) == 0)
        return tuple(dict.fromkeys(n for t in named for n in self.cast.who(t)))

    def _may_be(self, noun: int, member: Member) -> bool:
        """Whether a place may go by a noun: "Zenda, the capital", but not "on Zenda, a measure"."""
        kinds = ("Country", "City", "Region", "Place")
        groups = [("Pair", "body"), *((kind, "noun") for kind in kinds)]
        return member.kind not in kinds or any(self.parse.lemmas[noun] in self.lexicon.group(*g) for g in groups)

    # ------------------------------------------------------------ what is known of people

    def _genders(self) -> None:
        for member in self.cast.members:
            if member.kind == "Person":
                honoured = (self._honorific_gender(start) for start, _, _ in member.places)
                member.gender = next((g for g in honoured if g), None) or self._given_gender(member)

    def _honorific_gender(self, start: int) -> str | None:
        """What the word before a name tells: "Mr", "Mrs"."""
        word = self.parse.words[start - 1].lower() if start else ""
        for gender, kind in (("m", "masculine"), ("f", "feminine")):
            if {word, word.rstrip(".")} & self.lexicon.group("Honorific", kind):
                return gender
        return None

    def _given_gender(self, member: Member) -> str | None:
        words = tokens(member.name)
        return self.gazetteer.genders.get(words[0]) if len(words) > 1 else None

    def _offices(self, roles: Iterable[Role]) -> None:
        for role in roles:
            body = next(iter(self.cast.bodies(role)), None)
            for number in (n for holder in role.holders for n in self.cast.who(holder.token)):
                member = self.cast.members[number]
                member.roles.append((role.name, role.relation, body))
                member.gender = member.gender or gender_of_role(role.name)
