"""Axioms read, and rules written: what class expressions mean on either side of "is below"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from kg.model import Triple
from kg.ontology import OWL, RDF, RDFS
from kg.reason.rules import HIDDEN, MEMBER, Clash, Disjoint, Fact, Join, Map, Name, Rule, Single, Take

TYPE = f"<{RDF}type>"
THING, NOTHING = f"<{OWL}Thing>", f"<{OWL}Nothing>"
BUILT_IN = tuple(f"<{space}" for space in (OWL, RDF, RDFS, "http://www.w3.org/2001/XMLSchema#"))
HERMIT_ONLY = "only --reasoner hermit understands it"


def local(term: str) -> str:
    """The local name of a term, for people.

    >>> local("<https://w3id.org/news-kg/ontology#leaderOf>"), local("_:b1")
    ('leaderOf', 'an expression')
    """
    return "an expression" if term.startswith("_") else re.split(r"[#/]", term.strip("<>"))[-1]


def owl(name: str) -> str:
    """A term of OWL.

    >>> owl("Class")
    '<http://www.w3.org/2002/07/owl#Class>'
    """
    return f"<{OWL}{name}>"


class Statements:
    """The triples of an ontology, looked up by predicate and by subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for s, p, o in sorted(triples):
            self.pairs[p].append((s, o))
            self.values[s, p].append(o)

    def each(self, predicate: str) -> list[tuple[str, str]]:
        """The subjects and objects of a predicate, sorted."""
        return self.pairs.get(predicate, [])

    def of(self, subject: str, name: str) -> str:
        """What an `owl:` property says of a node; empty if nothing."""
        return self.values.get((subject, owl(name)), [""])[0]

    def typed(self, *names: str) -> list[str]:
        """What is of one of these `owl:` classes, sorted."""
        kinds = set(map(owl, names))
        return sorted({s for s, o in self.pairs.get(TYPE, ()) if o in kinds})

    def items(self, node: str) -> list[str]:
        """The items of an RDF list."""
        found: dict[str, str] = {}
        while node not in found and (node, f"<{RDF}first>") in self.values:
            found[node] = self.values[node, f"<{RDF}first>"][0]
            node = self.values.get((node, f"<{RDF}rest>"), [""])[0]
        return [*found.values()]


class Writer:
    """Writes rules and clashes; what is beyond them is noted in `unused`."""

    def __init__(self, said: Statements) -> None:
        self.said = said
        self.rules: set[Rule] = set()
        self.clashes: set[Clash] = set()
        self.facts: set[Fact] = set()
        self.unused: set[str] = set()

    # ------------------------------------------------------------ rules

    def copy(self, axiom: str, body: Name, head: Name, take: Take = Take.KEEP) -> None:
        """Pairs of the body, as taken, are pairs of the head."""
        if body != head or take is Take.TURN:
            self.rules.add(Map(axiom=axiom, body=body, head=head, take=take))

    def taken(self, axiom: str, body: Name, take: Take) -> Name:
        """An auxiliary relation of the body's pairs, as taken."""
        if take is Take.KEEP:
            return body
        head = _hidden(take, body)
        self.copy(axiom, body, head, take)
        return head

    def joined(self, axiom: str, left: Name, right: Name, *, path: str = "") -> Name:
        """An auxiliary relation: two composed."""
        head = _hidden("join", left, right)
        self.rules.add(Join(axiom=axiom, left=left, right=right, head=head, path=path))
        return head

    def one_of(self, members: Iterable[str]) -> Name:
        """An auxiliary class of these members."""
        found = sorted(members)
        name = _hidden("one of", *found)
        self.facts.update((name, member, member) for member in found)
        return name

    # ------------------------------------------------------------ classes

    def below(self, axiom: str, sub: str, above: str) -> None:
        """The members of one class or expression are members of another."""
        body = self.members(sub)
        if body is not None:
            self.above(axiom, body, above)

    def separate(self, axiom: str, one: str, other: str) -> None:
        """Two classes or expressions have no member in common."""
        left, right = self.members(one), self.members(other)
        if left is not None and right is not None:
            self.clashes.add(Disjoint(axiom=axiom, left=left, right=right))

    def members(self, expression: str) -> Name | None:
        """The relation that holds the members of a class or an expression; None if rules cannot tell them."""
        if not expression.startswith("_:"):
            return None if expression == THING else MEMBER + expression
        for kind in ("unionOf", "intersectionOf", "oneOf"):
            if items := self.said.of(expression, kind):
                return self.made_of(kind, self.said.items(items))
        relation = self.said.of(expression, "onProperty")
        return self._restricted(expression, relation) if relation else None

    def made_of(self, kind: str, items: list[str]) -> Name | None:
        """The relation that holds the members of a union, of an intersection or of an enumeration."""
        if kind == "oneOf":
            return self.one_of(items)
        bodies = [body for body in map(self.members, items) if body is not None]
        axiom = f"{kind}: {', '.join(map(local, items))}"
        if kind == "unionOf" and bodies:
            union = _hidden("union", *bodies)
            for body in bodies:
                self.copy(axiom, body, union)
            return union
        if not bodies or len(bodies) < len(items):
            return None
        both = bodies[0]
        for body in bodies[1:]:
            both = self.joined(axiom, both, body)
        return both

    def _restricted(self, expression: str, relation: str) -> Name | None:
        """Those with some value, or with a given value, in a relation."""
        axiom = f"some value: {local(relation)}"
        value, filler = self.said.of(expression, "hasValue"), self.said.of(expression, "someValuesFrom")
        if filler == THING:
            return self.taken(axiom, relation, Take.FIRST)
        body = self.one_of([value]) if value else self.members(filler) if filler else None
        if body is None:
            self.unused.add(f"a restriction of {local(relation)}: {HERMIT_ONLY}")
            return None
        return self.taken(axiom, self.joined(axiom, relation, body), Take.FIRST)

    # ------------------------------------------------------------ what a class is below

    def above(self, axiom: str, body: Name, expression: str, take: Take = Take.KEEP) -> None:
        """What `take` makes of the pairs of `body` is in the class that the expression describes."""
        if not expression.startswith("_:"):
            if not expression.startswith(BUILT_IN) or expression == NOTHING:
                self.copy(axiom, body, MEMBER + expression, take)
            return
        for kind, write in ABOVE.items():
            if value := self.said.of(expression, kind):
                write(self, axiom, self.taken(axiom, body, take), expression, value)
                return
        self.unused.add(f"{axiom}: {HERMIT_ONLY}")

    def _above_all(self, axiom: str, members: Name, expression: str, value: str) -> None:
        for item in self.said.items(value):
            self.above(axiom, members, item)

    def _above_none(self, axiom: str, members: Name, expression: str, value: str) -> None:
        right = self.members(value)
        if right is not None:
            self.clashes.add(Disjoint(axiom=axiom, left=members, right=right))

    def _above_values(self, axiom: str, members: Name, expression: str, value: str) -> None:
        relation = self.said.of(expression, "onProperty")
        self.above(axiom, self.joined(axiom, members, relation), value, Take.SECOND)

    def _above_value(self, axiom: str, members: Name, expression: str, value: str) -> None:
        relation = self.said.of(expression, "onProperty")
        self.rules.add(Map(axiom=axiom, body=members, head=relation, take=Take.TO, constant=value))

    def _above_one(self, axiom: str, members: Name, expression: str, value: str) -> None:
        relation = self.said.of(expression, "onProperty")
        if value.startswith('"1"'):
            self.clashes.add(Single(axiom=axiom, name=self.joined(axiom, members, relation)))
        else:
            self.unused.add(f"{axiom}: {HERMIT_ONLY}")


ABOVE: Mapping[str, Callable[[Writer, str, Name, str, str], None]] = {
    "intersectionOf": Writer._above_all,
    "complementOf": Writer._above_none,
    "allValuesFrom": Writer._above_values,
    "hasValue": Writer._above_value,
    "maxCardinality": Writer._above_one,
}


def _hidden(*parts: str) -> Name:
    return HIDDEN + " ".join(parts)
