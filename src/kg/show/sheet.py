"""A picture on paper: lines, shapes and words with their places, in points from the upper left corner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from kg.show.looks import Look

GROUND, INK, SOFT, FAINT = "#ffffff", "#1b2027", "#5b6573", "#dcdfe4"
TONES = {"circle": "#35445c", "diamond": "#e4eaf1", "triangle": "#e4eaf1"}  # persons dark, places light
TONE, RIM = "#8793a5", "#4d5b6d"

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        """Whether the two have a point in common.

        >>> Box(0, 0, 2, 2).touches(Box(1, 1, 3, 3)), Box(0, 0, 2, 2).touches(Box(2, 0, 3, 2))
        (True, False)
        """
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        """Whether a point lies within."""
        return self.left < point[0] < self.right and self.top < point[1] < self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A filled outline."""

    points: tuple[Point, ...]
    fill: str
    colour: str
    width: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of words; `x` is where it begins, `y` its middle. With a `halo` it stays legible on a line."""

    x: float
    y: float
    text: str
    size: float = 8.5
    colour: str = INK
    bold: bool = False
    halo: bool = False

    @property
    def box(self) -> Box:
        """What it covers."""
        height = self.size * 1.25
        width = text_width(self.text, size=self.size, bold=self.bold)
        return Box(self.x, self.y - height / 2, self.x + width, self.y + height / 2)


Item = Line | Shape | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page to print; what comes later lies on top. `names` are the words that label nodes or rows."""

    width: float
    height: float
    title: str
    items: tuple[Item, ...]
    names: tuple[Text, ...] = field(default=())


FAMILIES = ("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Source Han Sans", "WenQuanYi Zen Hei", "Unifont")


@cache
def families() -> tuple[str, ...]:
    """The fonts to write with: matplotlib's own, then those of this machine that know more scripts."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in FAMILIES if name in there)


@cache
def text_width(text: str, *, size: float, bold: bool = False) -> float:
    """How wide a line of words is, in points."""
    import warnings

    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    font = FontProperties(family=list(families()), weight="bold" if bold else "normal")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that no font has is drawn as a box
        outline = TextPath((0, 0), text, size=size, prop=font, usetex=False)
    return float(outline.get_extents().x1) + 0.5


def wrapped(text: str, *, longest: int) -> list[str]:
    """The words in lines of about `longest` characters.

    >>> wrapped("Collective Security Treaty Organization", longest=20)
    ['Collective Security', 'Treaty Organization']
    """
    from textwrap import TextWrapper

    def cut(width: int) -> list[str]:
        return TextWrapper(width, break_long_words=False, break_on_hyphens=False).wrap(text) or [text]

    lines = cut(longest)
    even = math.ceil(len(text) / len(lines))  # lines of one length look better than a full one and a rest
    return min((cut(width) for width in range(min(even, longest), longest + 1)), key=lambda w: (len(w), _raggedness(w)))


def _raggedness(lines: Sequence[str]) -> int:
    return max(map(len, lines)) - min(map(len, lines))


# ---------------------------------------------------------------- signs

CORNERS = {"square": (4, 45.0), "diamond": (4, 0.0), "pentagon": (5, -90.0), "hexagon": (6, 0.0), "octagon": (8, 22.5)}
CORNERS |= {"triangle": (3, -90.0), "circle": (48, 0.0)}
SWELL = {
    "square": 1.2,
    "diamond": 1.15,
    "triangle": 1.25,
    "pentagon": 1.1,
    "hexagon": 1.08,
}  # to look as large as a circle


def node_shape(kind: str, centre: Point, radius: float) -> Shape:
    """The sign of a node."""
    corners, turn = CORNERS[kind]
    around = ring(centre, radius * SWELL.get(kind, 1.0), corners, turn)
    return Shape(points=around, fill=TONES.get(kind, TONE), colour=RIM, width=0.8)


def ring(centre: Point, radius: float, corners: int, turn: float = 0.0) -> tuple[Point, ...]:
    """The corners of a regular outline."""
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    return tuple((centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles)


def _placed(points: Iterable[Point], at: Point, angle: float) -> tuple[Point, ...]:
    """Points given for a sign that looks to the right, moved and turned."""
    cos, sin = math.cos(angle), math.sin(angle)
    return tuple((at[0] + x * cos - y * sin, at[1] + x * sin + y * cos) for x, y in points)


HEADS: dict[str, tuple[tuple[Point, ...], ...]] = {  # outlines, then lines, all ending at the origin
    "triangle": (((-7, -3.2), (0, 0), (-7, 3.2)),),
    "vee": (((-7, -3.8), (0, 0), (-7, 3.8), (-4.6, 0)),),
    "bar": (((-7, -3.2), (0, 0), (-7, 3.2)), ((-9.8, -4.2), (-9.8, 4.2))),
    "chevron": ((), ((-5.5, -3.8), (0, 0), (-5.5, 3.8))),
    "none": (),
}


def head(look: Look, at: Point, angle: float) -> Iterator[Item]:
    """The arrow head of a relation, its tip at the point."""
    outline, *lines = HEADS[look.head] or ((),)
    if outline:
        fill = GROUND if look.hollow else look.light
        yield Shape(points=_placed(outline, at, angle), fill=fill, colour=look.light, width=1.1)
    for points in lines:
        yield Line(points=_placed(points, at, angle), colour=look.light, width=1.5)


def mark(look: Look, at: Point, angle: float) -> Iterator[Item]:
    """The sign that a relation has in its middle."""
    if look.mark == "tee":
        yield Line(points=_placed(((0, -4.5), (0, 4.5)), at, angle), colour=look.light, width=2.0)
    elif look.mark != "none":
        corners, turn = CORNERS[look.mark]
        radius = 3.4 if look.mark == "diamond" else 2.9
        points = _placed(ring((0, 0), radius, corners, turn), at, angle)
        yield Shape(points=points, fill=GROUND if look.hollow else look.light, colour=look.light, width=1.1)
