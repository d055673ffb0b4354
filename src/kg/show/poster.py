"""The graph on paper: edges bent round what they would cross, names moved to where they have room, a legend."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kg.query import local_name
from kg.show.drawing import Drawing, Edge, Manner, Node
from kg.show.layout import positions
from kg.show.looks import STROKES, Look, looks
from kg.show.sheet import (
    FAINT,
    INK,
    SOFT,
    Box,
    Item,
    Line,
    Point,
    Sheet,
    Text,
    head,
    mark,
    node_shape,
    text_width,
    wrapped,
)

WIDTH = 760.0  # points, of a picture of 30 nodes
MARGIN = 22.0
TALLER = 1.15  # how much the paper grows when names find no room
TRIES = 7
SIZE = 8.5  # of names
LINE = SIZE * 1.25
Entry = tuple[str, float, Callable[[float, float], Iterable[Item]]]  # words, room for the sign, the sign at a place

STEP = 15.0  # between parallel edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A node on paper."""

    node: Node
    centre: Point
    radius: float

    @property
    def box(self) -> Box:
        """What it covers."""
        (x, y), r = self.centre, self.radius * 1.1 + 1
        return Box(x - r, y - r, x + r, y + r)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An edge on paper."""

    edge: Edge
    look: Look
    points: tuple[Point, ...]


def poster(drawing: Drawing) -> Sheet:
    """The sheet of a graph; it grows until every name has room, and says so where some have none."""
    number = {node.iri: index for index, node in enumerate(drawing.nodes)}
    pairs = [(number[edge.subject], number[edge.object]) for edge in drawing.edges]
    places = positions(len(drawing.nodes), pairs)
    found = looks((local_name(tie.iri), tie.symmetric) for tie in drawing.ties)
    looked = {tie.iri: found[local_name(tie.iri)] for tie in drawing.ties}
    scale = max(0.7, (len(drawing.nodes) / 30) ** 0.5) ** 0.8
    for _ in range(TRIES):
        sheet, missing = _composed(drawing, places, looked, WIDTH * scale)
        if not missing:
            break
        scale *= TALLER
    return sheet


def _composed(drawing: Drawing, places: Sequence[Point], looked: Mapping[str, Look], width: float) -> tuple[Sheet, int]:
    """The sheet of that width, and how many names found no room."""
    top = MARGIN + 26
    discs, bottom = _discs(drawing, places, width, top)
    curves = list(_curves(drawing, discs, looked))
    names, leaders, missing = _names(discs, curves, Box(4, top - 12, width - 4, bottom + 26))
    entries = [*_tie_entries(drawing, looked), *_manner_entries(drawing), *_shape_entries(drawing)]
    below, height = legend(entries, width, bottom + 40)
    more = f" {missing} names found no room." if missing else ""
    small, height = notes(drawing.note + more, width, height)
    items: list[Item] = [Text(x=MARGIN, y=MARGIN, text=drawing.title, size=13, bold=True)]
    items += leaders
    for curve in curves:
        items += _edge_items(curve)
    items += [node_shape(disc.node.shape, disc.centre, disc.radius) for disc in discs]
    items += [*names, *below, *small]
    sheet = Sheet(width=width, height=height + MARGIN, title=drawing.title, items=tuple(items), names=tuple(names))
    return sheet, missing


# ---------------------------------------------------------------- nodes and edges


def _discs(drawing: Drawing, places: Sequence[Point], width: float, top: float) -> tuple[list[Disc], float]:
    """The nodes at their places, stretched over the paper; and where the picture ends below."""
    xs, ys = zip(*places, strict=True)
    side = 62.0  # room for names that stand beside the outermost nodes
    across = max(max(xs) - min(xs), 1.0)
    unit = (width - 2 * MARGIN - 2 * side) / across
    down = min(unit, 1.25 * width / max(max(ys) - min(ys), 1.0))  # no picture is much taller than wide
    unit = min(unit, 240.0)
    left = (width - unit * (max(xs) - min(xs))) / 2
    degrees = Counter(end for edge in drawing.edges for end in {edge.subject, edge.object})
    discs = [
        Disc(
            node=node,
            centre=(left + (x - min(xs)) * unit, top + 22 + (y - min(ys)) * min(down, unit)),
            radius=min(4.0 + 1.5 * degrees[node.iri] ** 0.5, 12.0),
        )
        for node, (x, y) in zip(drawing.nodes, places, strict=True)
    ]
    return discs, max(disc.centre[1] for disc in discs) + 12


def _curves(drawing: Drawing, discs: Sequence[Disc], looked: Mapping[str, Look]) -> Iterator[Curve]:
    """The edges, parallel ones apart, each bent round the nodes that it would cross."""
    at = {disc.node.iri: disc for disc in discs}
    beside: dict[frozenset[str], list[Edge]] = defaultdict(list)
    for edge in drawing.edges:
        beside[frozenset((edge.subject, edge.object))].append(edge)
    for ends, group in sorted(beside.items(), key=lambda item: sorted(item[0])):
        others = [disc for disc in discs if disc.node.iri not in ends]
        first = min(ends)
        for index, edge in enumerate(group):
            bend = (index - (len(group) - 1) / 2) * STEP * 2
            start, end = at[edge.subject], at[edge.object]
            sign = 1 if edge.subject == first else -1
            points = _clear(start, end, bend * sign, others) if len(ends) > 1 else _loop(start, index)
            yield Curve(edge=edge, look=looked[edge.relation], points=points)


BENDS = (0.0, 26.0, -26.0, 44.0, -44.0, 64.0, -64.0)


def _clear(start: Disc, end: Disc, bend: float, others: Sequence[Disc]) -> tuple[Point, ...]:
    """The line from node to node with the least bend that crosses no other node."""
    ways = [_bow(start, end, bend + more) for more in BENDS]
    return min(ways, key=lambda points: _crossed(points, others))


def _crossed(points: Sequence[Point], discs: Sequence[Disc]) -> int:
    return sum(any(math.dist(point, disc.centre) < disc.radius + 3 for point in points) for disc in discs)


def _bow(start: Disc, end: Disc, bend: float) -> tuple[Point, ...]:
    """A quadratic Bezier curve from rim to rim, its middle `bend / 2` off the straight line."""
    (ax, ay), (bx, by) = start.centre, end.centre
    length = math.dist(start.centre, end.centre) or 1.0
    mid = ((ax + bx) / 2 - (by - ay) / length * bend, (ay + by) / 2 + (bx - ax) / length * bend)
    steps = [step / 40 for step in range(41)]
    curve = [
        tuple(
            (1 - t) ** 2 * a + 2 * t * (1 - t) * m + t**2 * b
            for a, m, b in zip(start.centre, mid, end.centre, strict=True)
        )
        for t in steps
    ]
    inside = [(x, y) for x, y in curve if _outside((x, y), start, 1.5) and _outside((x, y), end, 2.5)]
    return tuple(inside) if len(inside) > 2 else (start.centre, mid, end.centre)


def _outside(point: Point, disc: Disc, gap: float) -> bool:
    return math.dist(point, disc.centre) > disc.radius * 1.1 + gap


def _loop(disc: Disc, index: int) -> tuple[Point, ...]:
    """An edge from a node to itself."""
    radius = disc.radius + 5 + 4 * index
    centre = (disc.centre[0], disc.centre[1] - disc.radius - radius * 0.6)
    angles = [math.radians(110 + 320 * step / 40) for step in range(41)]
    return tuple((centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles)


def _edge_items(curve: Curve) -> Iterator[Item]:
    width = min(1.0 + 0.45 * math.log2(max(1, curve.edge.articles)), 2.6)
    points, look = curve.points, curve.look
    tip = points[-1]
    shaft = points
    if look.head in ("triangle", "bar"):
        shaft = tuple(p for p in points if math.dist(p, tip) > 6) or points
    yield Line(points=shaft, colour=look.light, width=width, dashes=STROKES[curve.edge.manner].dashes)
    middle = len(points) // 2
    if look.mark != "none":
        turn = _angle(points[middle - 1], points[min(middle + 1, len(points) - 1)]) if look.mark == "tee" else 0.0
        yield from mark(look, points[middle], turn)
    back = next((p for p in reversed(points) if math.dist(p, tip) > 5), points[0])
    yield from head(look, tip, _angle(back, tip))


def _angle(start: Point, end: Point) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0])


# ---------------------------------------------------------------- names

AROUND = (90, -90, 0, 180, 45, 135, -45, -135, 20, 160, -20, -160, 70, 110, -70, -110)  # degrees; 90 is below
RINGS = (2.0, 7.0, 14.0, 24.0, 36.0, 50.0)  # points from the rim
LEADER = 7.0  # a name farther than this gets a line to its node


def _names(discs: Sequence[Disc], curves: Sequence[Curve], paper: Box) -> tuple[list[Text], list[Item], int]:
    """The names with the lines to those that stand apart, and how many found no room."""
    taken = [disc.box for disc in discs]
    crowd = [point for curve in curves for point in (*curve.points, *curve.points[-4:] * 2, *curve.points[18:22])]
    texts: list[Text] = []
    leaders: list[Item] = []
    missing = 0
    for disc in discs:
        lines = wrapped(_short(disc.node.label), longest=20)
        spot = _spot(disc, lines, taken, crowd, paper)
        if spot is None:
            missing += 1
            continue
        box, apart = spot
        taken.append(box)
        for index, line in enumerate(lines):
            width = text_width(line, size=SIZE)
            x = (box.left + box.right - width) / 2 if abs(_middle(box)[0] - disc.centre[0]) < 8 else box.left + 1.5
            if box.right < disc.centre[0]:
                x = box.right - width - 1.5
            texts.append(Text(x=x, y=box.top + 1 + LINE * (index + 0.5), text=line, size=SIZE, halo=True))
        if apart > LEADER:
            leaders.append(Line(points=(disc.centre, _nearest(box, disc.centre)), colour=SOFT, width=0.5))
    return texts, leaders, missing


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:58].rstrip() + "..."


def _middle(box: Box) -> Point:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _nearest(box: Box, point: Point) -> Point:
    return min(max(point[0], box.left), box.right), min(max(point[1], box.top), box.bottom)


def _spot(
    disc: Disc, lines: Sequence[str], taken: Sequence[Box], crowd: Sequence[Point], paper: Box
) -> tuple[Box, float] | None:
    """Where the name stands best, near its node and on few edges, and how far from the rim; none if all is taken."""
    width = max(text_width(line, size=SIZE) for line in lines) + 3
    height = LINE * len(lines) + 2
    near = [box for box in taken if math.dist(_middle(box), disc.centre) < 90 + width + (box.right - box.left)]
    points = [p for p in crowd if math.dist(p, disc.centre) < 80 + width]
    best: tuple[float, Box, float] | None = None
    for ring in RINGS:
        for rank, degrees in enumerate(AROUND):
            box = _beside(disc, ring, math.radians(degrees), width, height)
            if not _within(box, paper) or any(box.touches(other) for other in near):
                continue
            cost = ring * 0.6 + rank * 0.25 + sum(box.holds(point) for point in points)
            if best is None or cost < best[0]:
                best = (cost, box, ring)
        if best is not None and best[0] < ring:
            break
    return None if best is None else best[1:]


def _within(box: Box, paper: Box) -> bool:
    return paper.left <= box.left and paper.top <= box.top and box.right <= paper.right and box.bottom <= paper.bottom


def _beside(disc: Disc, ring: float, angle: float, width: float, height: float) -> Box:
    """A box of that size in that direction, so far from the rim."""
    cos, sin = math.cos(angle), math.sin(angle)
    reach = disc.radius * 1.1 + 1 + ring
    x = disc.centre[0] + reach * cos + width / 2 * _side(cos)
    y = disc.centre[1] + reach * sin + height / 2 * _side(sin)
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _side(way: float) -> float:
    """How much of its half a box lies on that side: all of it but near the axis."""
    return math.copysign(1.0, way) if abs(way) > 0.3 else way


# ---------------------------------------------------------------- legend


def legend(entries: Iterable[Entry], width: float, top: float) -> tuple[list[Item], float]:
    """The signs with their words, in as many rows as they need; and where they end."""
    items: list[Item] = [Line(points=((MARGIN, top - 16), (width - MARGIN, top - 16)), colour=FAINT)]
    x, y = MARGIN, top
    for words, room, sample in entries:
        wide = room + 6 + text_width(words, size=8) + 18
        if x + wide > width - MARGIN + 18 and x > MARGIN:
            x, y = MARGIN, y + 17
        items += sample(x, y)
        items.append(Text(x=x + room + 6, y=y, text=words, size=8, colour=SOFT))
        x += wide
    return items, y + 12


def _tie_entries(drawing: Drawing, looked: Mapping[str, Look]) -> Iterator[Entry]:
    for tie in drawing.ties:
        yield tie.label, 34.0, partial(_tie_sample, looked[tie.iri])


def _tie_sample(look: Look, x: float, y: float) -> Iterator[Item]:
    end = x + (34 if look.head == "none" else 28)
    yield Line(points=((x, y), (end, y)), colour=look.light, width=1.4)
    yield from mark(look, (x + 15, y), 0.0)
    yield from head(look, (x + 34, y), 0.0)


def _manner_entries(drawing: Drawing) -> Iterator[Entry]:
    """How edges are said, where not all are plainly asserted."""
    there = {edge.manner for edge in drawing.edges}
    for manner in Manner:
        if manner in there and there != {Manner.ASSERTED} and there != {Manner.UNCLAIMED}:
            yield STROKES[manner].words, 34.0, partial(_manner_sample, STROKES[manner].dashes)


def _manner_sample(dashes: tuple[int, ...], x: float, y: float) -> Iterator[Item]:
    yield Line(points=((x, y), (x + 34, y)), colour=INK, width=1.4, dashes=dashes)


def _shape_entries(drawing: Drawing) -> Iterator[Entry]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for node in drawing.nodes:
        if node.kind:
            kinds[node.shape].add(node.kind)
    for shape, names in kinds.items():
        yield ", ".join(sorted(names)), 10.0, partial(_shape_sample, shape)


def _shape_sample(shape: str, x: float, y: float) -> Iterator[Item]:
    yield node_shape(shape, (x + 5, y), 4.2)


def notes(text: str, width: float, top: float) -> tuple[list[Item], float]:
    """What was left out, in small print; and where it ends."""
    lines = wrapped(text.strip(), longest=int(width / 4.2)) if text.strip() else []
    items: list[Item] = [
        Text(x=MARGIN, y=top + 5 + 11 * index, text=line, size=7.5, colour=SOFT) for index, line in enumerate(lines)
    ]
    return items, top + 11 * len(lines)
