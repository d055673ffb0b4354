"""What an axiom becomes: rules that copy or join pairs, and clashes that no pairs may make.

A relation is a set of pairs. So is a class: the member stands on both sides, `(x, x)`. Hence three shapes are enough:
`Map` copies one relation's pairs to another, `Join` composes two, a clash forbids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

Name = str  # of a relation: `<iri>`; of a class: `a <iri>`; of what only the rules know: `_...`
Pair = tuple[str, str]  # terms in N-Triples syntax
Fact = tuple[Name, str, str]

MEMBER = "a "
HIDDEN = "_"


class Take(StrEnum):
    """What a rule makes of a pair (x, y)."""

    KEEP = "keep"  # (x, y)
    TURN = "turn"  # (y, x)
    FIRST = "first"  # (x, x)
    SECOND = "second"  # (y, y)
    TO = "to"  # (x, the rule's constant)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Map:
    """Each pair of `body` gives a pair of `head`."""

    axiom: str  # in words: "sub-property: leaderOf below officialOf"
    body: Name
    head: Name
    take: Take = Take.KEEP
    constant: str = ""

    def bodies(self) -> tuple[Name, ...]:
        """The relations that it waits for."""
        return (self.body,)

    def premises(self, pair: Pair, middle: str) -> tuple[Fact, ...]:
        """The fact that gave the pair; `middle` is what the pair does not tell."""
        match self.take:
            case Take.KEEP:
                return ((self.body, *pair),)
            case Take.TURN:
                return ((self.body, pair[1], pair[0]),)
            case Take.SECOND:
                return ((self.body, middle, pair[1]),)
            case _:
                return ((self.body, pair[0], middle),)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Join:
    """(x, y) of `left` with (y, z) of `right` gives (x, z) of `head`."""

    axiom: str
    left: Name
    right: Name
    head: Name
    path: str = ""  # what asks for the same at query time, where it may add more edges than it is given

    def bodies(self) -> tuple[Name, ...]:
        """The relations that it waits for."""
        return self.left, self.right

    @property
    def transitive(self) -> bool:
        """Whether it only lengthens paths; then joining with pairs that it did not make itself is enough."""
        return self.left == self.right == self.head

    def premises(self, pair: Pair, middle: str) -> tuple[Fact, ...]:
        """The two facts that gave the pair, `middle` between them."""
        return (self.left, pair[0], middle), (self.right, middle, pair[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Another reasoner, which names no premises."""

    axiom: str

    def premises(self, pair: Pair, middle: str) -> tuple[Fact, ...]:
        """None that are known."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Disjoint:
    """No pair of `left` is one of `right`; with `turn`, none is the other way round in `right`."""

    axiom: str
    left: Name
    right: Name
    turn: bool = False

    def bodies(self) -> tuple[Name, ...]:
        """The relations that it looks at."""
        return self.left, self.right


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Irreflexive:
    """Nothing is in the relation with itself."""

    axiom: str
    name: Name

    def bodies(self) -> tuple[Name, ...]:
        """The relation that it looks at."""
        return (self.name,)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Single:
    """Each has one partner at most; with `turn`, seen from the other end."""

    axiom: str
    name: Name
    turn: bool = False

    def bodies(self) -> tuple[Name, ...]:
        """The relation that it looks at."""
        return (self.name,)


Rule = Map | Join
Clash = Disjoint | Irreflexive | Single


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """An ontology compiled.

    `facts` are those that the ontology states itself; `own` are the relations and classes that it declares, and
    `unused` the axioms that are beyond the rules, in words.
    """

    rules: tuple[Rule, ...] = ()
    clashes: tuple[Clash, ...] = ()
    facts: frozenset[Fact] = frozenset()
    own: frozenset[Name] = frozenset()
    symmetric: frozenset[Name] = frozenset()
    unused: tuple[str, ...] = ()

    def needed(self) -> Iterator[Name]:
        """The relations whose pairs can give others or clash."""
        for rule in (*self.rules, *self.clashes):
            yield from rule.bodies()
