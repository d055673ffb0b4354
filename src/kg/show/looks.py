"""How relations and classes look: hue and arrow tell the relation, the stroke tells the modality.

The hues are after Okabe and Ito, "Color Universal Design" (2008), made darker for white paper and lighter for dark
screens until each stands out from its ground; `tests/test_show.py` measures them as colour-blind eyes see them.
No two relations differ by hue alone: each has an arrow head or a mark in its middle of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.show.drawing import Manner


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a relation is drawn: hue on light and on dark ground, head at its object, mark in its middle."""

    light: str
    dark: str
    head: str = "none"  # triangle, vee, bar, chevron or none
    mark: str = "none"  # circle, square, diamond, tee or none
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """How a manner is drawn: dashes (lengths on and off; none: a whole line) and what a legend says."""

    dashes: tuple[int, ...] = ()
    words: str


BLUE, SKY = ("#005f9e", "#4aa8e8"), ("#3f8fc6", "#a9d6f5")
GREEN, ORANGE, PURPLE = ("#00805c", "#1fd6a0"), ("#b83a00", "#ff8a47"), ("#a8327d", "#eb9bcb")
INK, GREY, OCHRE = ("#161a20", "#f4f5f7"), ("#808893", "#7d8794"), ("#a38600", "#f0e442")


def _look(hues: tuple[str, str], *, head: str = "none", mark: str = "none", hollow: bool = False) -> Look:
    return Look(light=hues[0], dark=hues[1], head=head, mark=mark, hollow=hollow)


LOOKS: Mapping[str, Look] = {
    "leaderOf": _look(BLUE, head="triangle"),
    "officialOf": _look(SKY, head="triangle", hollow=True),
    "memberOf": _look(GREY, head="vee"),
    "affiliatedWith": _look(GREY, head="chevron"),
    "spokeWith": _look(GREEN, mark="circle"),
    "metWith": _look(GREEN, mark="square"),
    "rivalOf": _look(ORANGE, mark="tee"),
    "allyOf": _look(PURPLE, mark="diamond"),
    "sanctionedBy": _look(INK, head="bar"),
    "sanctions": _look(INK, head="bar", hollow=True),
    "locatedIn": _look(OCHRE, head="vee", hollow=True),
}
OTHERS = (("#00788a", "#5fcfdf"), ("#b03a58", "#f08aa3"), ("#6b6b00", "#c9c955"), ("#7b4a26", "#d9a679"))
HEADS, MARKS = ("triangle", "vee", "chevron"), ("diamond", "circle", "square")

STROKES: Mapping[Manner, Stroke] = {
    Manner.ASSERTED: Stroke(words="asserted"),
    Manner.UNCLAIMED: Stroke(words="in the graph, without a claim"),
    Manner.ENDED: Stroke(dashes=(10, 5), words="ended"),
    Manner.PROSPECTIVE: Stroke(dashes=(5, 4), words="planned or threatened"),
    Manner.DENIED: Stroke(dashes=(2, 4), words="denied"),
    Manner.INFERRED: Stroke(dashes=(12, 3, 2, 3), words="inferred by a rule"),
}

SHAPES: Mapping[str, str] = {  # by class, the nearest one above it counts
    "Person": "circle",
    "Party": "hexagon",
    "Government": "pentagon",
    "Organization": "square",
    "Country": "diamond",
    "Place": "triangle",
    "Vessel": "octagon",
}
OTHER_SHAPE = "octagon"


def looks(relations: Iterable[tuple[str, bool]]) -> dict[str, Look]:
    """The look of each relation, given as its local name and whether it is symmetric; the order does not matter.

    >>> looks([("allyOf", True), ("succeeded", False)])["succeeded"].head
    'triangle'
    """
    wanted = sorted(set(relations))
    own = [[name for name, symmetric in wanted if name not in LOOKS and symmetric is two] for two in (False, True)]
    found = {name: LOOKS[name] for name, _ in wanted if name in LOOKS}
    others = ((name, _other(number, two == 1)) for two, names in enumerate(own) for number, name in enumerate(names))
    return found | dict(others)


def _other(number: int, symmetric: bool) -> Look:
    """The look of an own relation: each of the first ones has a sign that no other has."""
    hues = OTHERS[number % len(OTHERS)]
    if symmetric:
        return _look(hues, mark=MARKS[number % len(MARKS)], hollow=True)
    head, mark = HEADS[number % len(HEADS)], MARKS[number // len(HEADS) % len(MARKS)]
    return _look(hues, head=head, mark=mark)
