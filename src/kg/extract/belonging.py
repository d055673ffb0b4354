"""Party adjectives and brackets -> findings: "Republican Senator X", "X (R-Tenn.)", "Mr Y (SPD)"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.cast import Member
from kg.extract.graph import MODIFIER
from kg.extract.roles import Role
from kg.extract.scene import Finding, Scene
from kg.gazetteer import Entry, Gazetteer
from kg.model import Form

IN_BRACKETS = 6  # tokens
CLOSING = (")", ",", ".", ";")


@dataclass(frozen=True, slots=True)
class Belonging:
    """The findings that the adjectives and brackets of an article make."""

    scene: Scene
    gazetteer: Gazetteer

    def find(self, known: Iterable[Finding], roles: Sequence[Role]) -> Iterator[Finding]:
        """A finding for each person and party that `known` does not join already."""
        joined = {(f.subject, f.object) for f in known}
        for finding in (*self._brackets(), *self._adjectives(roles)):
            if (finding.subject, finding.object) not in joined:
                yield finding

    def _people(self) -> Iterator[tuple[int, Member]]:
        yield from ((n, member) for n, member in enumerate(self.scene.cast.members) if member.kind == "Person")

    def _finding(self, subject: int, relation: str, obj: int, token: int, how: str) -> Finding:
        signs = self.scene.signs(how, (subject, obj))
        return Finding(
            subject=subject, relation=relation, object=obj, token=token, signs=signs, pattern=how, presupposed=True
        )

    # ------------------------------------------------------------ adjectives

    def _adjectives(self, roles: Sequence[Role]) -> Iterator[Finding]:
        for subject, number, token in (*self.scene.cast.belonging, *self._apposed(roles)):
            yield from self._says(subject, number, token)
            yield from self._sits_for(subject, token)
        for subject, member in self._people():
            for start, end in ((start, end) for start, end, form in member.places if form is not Form.PRONOUN):
                for at in (at for at in self._before(start) if self.scene.cast.hops.get(at) == 0):
                    for number in self.scene.cast.who(at) if self._belongs(at, end - 1) else ():
                        yield from self._says(subject, number, start)

    def _sits_for(self, subject: int, token: int) -> Iterator[Finding]:
        """ "Senator X, the Tennessee Republican": the region of a politician whose office names none."""
        politician = self.scene.words("Politician", "role")
        held = {relation for name, relation, _ in self.scene.member(subject).roles if name in politician}
        for edge in self.scene.graph.fillers(token, MODIFIER) if held else ():
            for number in self.scene.cast.who(edge.tail):
                if self.scene.ontology.is_a(self.scene.member(number).kind, "Place"):
                    yield self._finding(subject, min(held), number, token, "adjective")

    def _belongs(self, token: int, name: int) -> bool:
        """Whether a word hangs on a name, on its title, or on a name that stands beside it."""
        parse, heads = self.scene.parse, {name}
        while parse.deps[name] in ("conj", "appos"):
            name = parse.heads[name]
            heads.add(name)
        for _ in range(IN_BRACKETS):
            if token in heads:
                return True
            token = parse.heads[token]
        return False

    def _before(self, start: int) -> Iterator[int]:
        """What stands before a name in its phrase; before the first of several, in the plural: "Democrats X and Y"."""
        yield from self.scene.phrase_before(start)
        parse = self.scene.parse
        head = next((t for t in range(start, min(start + IN_BRACKETS, len(parse))) if parse.deps[t] == "conj"), None)
        while head is not None and parse.deps[head] == "conj":
            head = parse.heads[head]
        if head is not None and parse.sentence[head] == parse.sentence[start]:
            shared = (c for c in parse.children[head] if parse.deps[c] in ("compound", "nmod", "amod") and c < start)
            yield from (c for c in shared if parse.tags[c] in ("NNS", "NNPS"))

    def _apposed(self, roles: Sequence[Role]) -> Iterator[tuple[int, int, int]]:
        """ "X, a Republican senator from Y"."""
        for role in roles:
            for holder in (h.token for h in role.holders if h.how == "apposition"):
                for subject in self.scene.cast.who(holder):
                    yield from ((subject, n, role.head) for token in role.left for n in self.scene.cast.who(token))

    def _says(self, subject: int, number: int, token: int) -> Iterator[Finding]:
        member = self.scene.member(number)
        if subject != number and member.entry and set(member.forms) & member.entry.adjectives:
            for relation in self.scene.relations_of_adjective(number):
                yield self._finding(subject, relation, number, token, "adjective")

    # ------------------------------------------------------------ brackets

    def _brackets(self) -> Iterator[Finding]:
        words = self.scene.parse.words
        for subject, member in list(self._people()):
            for end in (end for _, end, form in member.places if form is Form.NAME and end < len(words)):
                if words[end] in ("(", ","):
                    for relation, number in self._bracketed(subject, end):
                        yield self._finding(subject, relation, number, end, "brackets")

    def _bracketed(self, subject: int, at: int) -> Iterator[tuple[str, int]]:
        words = self.scene.parse.words[at + 1 : at + IN_BRACKETS]
        close = next((n for n, word in enumerate(words) if word in CLOSING), len(words))
        letter, dash, place = "".join(words[:close]).rstrip(".").partition("-")
        opened = self.scene.parse.words[at] == "("
        for relation in self.scene.ontology.relations:
            known = dict(pair.split("=", 1) for pair in self.scene.words(relation, "letter"))
            if letter.lower() in known and (dash or opened):
                yield relation, self._member(known[letter.lower()])
                yield from self._represents(subject, place)
        if opened and not dash and self._region(letter):
            yield from self._represents(subject, letter)
        elif opened and not dash:
            for number in self.scene.cast.who(at + 1):
                yield from ((relation, number) for relation in self.scene.relations_of_adjective(number))

    def _represents(self, subject: int, place: str) -> Iterator[tuple[str, int]]:
        """The region in the brackets is the body of a politician's office, which the text names without one."""
        region = self._region(place)
        politician = self.scene.words("Politician", "role")
        held = {relation for name, relation, _ in self.scene.member(subject).roles if name in politician}
        if region and "officialOf" in self.scene.ontology.relations:
            yield next(iter(sorted(held & {"leaderOf", "officialOf"})), "officialOf"), self._member(region.id)

    def _region(self, place: str) -> Entry | None:
        """The region of an abbreviation: "Tenn"."""
        forms = (form for form in (place, f"{place}.") if place)
        entries = (e for form in forms for e in self.gazetteer.names.get(form, ()) if e.kind == "Region")
        return next(entries, None)

    def _member(self, known: str) -> int:
        """The member of a gazetteer id, added to the cast where the article names it in letters only."""
        for number, member in enumerate(self.scene.cast.members):
            if member.entry and member.entry.id == known:
                return number
        entry = self.gazetteer.entries[known]
        return self.scene.cast.add(Member(kind=entry.kind, entry=entry, forms=Counter([entry.name])))
