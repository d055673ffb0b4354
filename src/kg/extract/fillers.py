"""Who fills a place of a relation: a name, or a noun that acts for somebody, is owned by somebody, or names a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.cast import Member
from kg.extract.graph import MODIFIER, POSSESSOR
from kg.extract.scene import Scene
from kg.model import Form
from kg.ontology import Relation

OWNING = (POSSESSOR, MODIFIER, "p:of", "p:in", "p:from")


@dataclass(frozen=True, slots=True)
class Fillers:
    """Finds the members that a token stands for."""

    scene: Scene

    def may_fill(self, token: int) -> bool:
        """Whether a token can stand for anybody at all."""
        return token in self.scene.cast.at or (self.scene.parse.pos[token] == "NOUN" and bool(self._owners(token)))

    def subjects(self, token: int, relation: Relation) -> tuple[int, ...]:
        """The members that a token stands for as the subject of a relation."""
        return self._of(token, relation, "subject")

    def objects(self, token: int, relation: Relation) -> tuple[int, ...]:
        """The members that a token stands for as the object of a relation."""
        return tuple(self._represented(n, relation) for n in self._of(token, relation, "object"))

    def _of(self, token: int, relation: Relation, place: str) -> tuple[int, ...]:
        if token in self.scene.cast.at:
            return self.scene.cast.at[token]
        if place in self.scene.words(relation.name, "groups") and (group := self._group(token)) is not None:
            return (group,)
        noun = self.scene.parse.lemmas[token]
        nouns = self.scene.words("Delegate", "noun") | self.scene.words(relation.name, f"{place}Owner")
        if self.scene.parse.tags[token] == "NNS":
            nouns |= self.scene.words("Delegate", "plural")
        several = self.scene.parse.tags[token] == "NNS"  # "Norwegian and Polish negotiators"
        return tuple(dict.fromkeys(self._owners(token)))[: 2 if several else 1] if noun in nouns else ()

    def _owners(self, token: int) -> list[int]:
        """Who a common noun belongs to: "the US government", "officials of Belarus"."""
        return [n for tail in self._owning(token) for n in self.scene.cast.who(tail)]

    def _owning(self, token: int) -> Iterator[int]:
        sent = self.scene.parse.lemmas[token] in self.scene.words("Delegate", "plural")
        for label in (*OWNING, "p:for") if sent else OWNING:  # "negotiators for the rebels"
            yield from (e.tail for e in self.scene.graph.fillers(token, label) if e.hops == 0)

    def _represented(self, number: int, relation: Relation) -> int:
        """ "The president slapped sanctions on...": where no person can stand, the country that the person leads."""
        member = self.scene.member(number)
        if member.kind == "Person" and relation.range and not self.scene.ontology.is_a("Person", relation.range):
            led = [body for _, name, body in member.roles if body is not None and name == "leaderOf"]
            return led[0] if led else number
        return number

    # ------------------------------------------------------------ groups

    def _group(self, token: int) -> int | None:
        """ "Belarusian officials", "officials in Belarus": a member of its own that belongs to a country or body."""
        parse, owners = self.scene.parse, self._owners(token)
        plural = parse.tags[token] in ("NNS", "NNPS")
        if not owners or not plural or parse.lemmas[token] not in self.scene.words("Group", "noun"):
            return None
        span = [token, *self._owning(token)]
        start, end = min(span), max(span) + 1
        form = parse.text(start, end)
        name = self._group_name(token, owners[0]) or form
        for number, member in enumerate(self.scene.cast.members):
            if member.owner == owners[0] and name in member.forms:
                return number
        forms = Counter({name: 2, form: 1})
        place = (start, end, Form.NOMINAL)
        return self.scene.cast.add(Member(kind="Agent", forms=forms, places=[place], owner=owners[0]))

    def _group_name(self, token: int, owner: int) -> str | None:
        """ "Belarusian officials", however the text puts it."""
        entry = self.scene.member(owner).entry
        if not entry or not entry.adjectives:
            return None
        adjectives = sorted(entry.adjectives, key=lambda a: (len(a), a))
        singular = (a for a in adjectives if any(b.startswith(a) and b != a for b in adjectives))
        return f"{next(singular, adjectives[0])} {self.scene.parse.words[token].lower()}"
