"""Who dealt with whom over time: a row a pair, a mark for each day on which something was between the two."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.query import local_name
from kg.show.axis import Axis, axis
from kg.show.choosing import pair
from kg.show.drawing import Drawing, Manner
from kg.show.looks import STROKES, Look, looks
from kg.show.page import page
from kg.show.poster import MARGIN, Entry, legend, notes
from kg.show.sheet import (
    CORNERS,
    FAINT,
    GROUND,
    INK,
    SOFT,
    Box,
    Item,
    Line,
    Point,
    Shape,
    Sheet,
    Text,
    ring,
    text_width,
)

ROW = 24.0  # points
SPOT = 4.6  # radius
PLOT = 520.0  # width of the axis
CLOSE = 9.0  # spots nearer than this stand above each other
LANES = (0.0, -6.5, 6.5)
LONGEST = 52  # characters of a row's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A day of a pair: what was said of it, how, and by how many claims."""

    row: int
    day: dt.date
    relation: str
    manner: Manner
    claims: int


def timeline_page(drawing: Drawing) -> str:
    """The page of a timeline; a mark shows its quotes."""
    days = _axis(drawing)
    more = {
        "stretches": [[s.first.isoformat(), s.last.isoformat(), s.left, s.right] for s in days.stretches],
        "ticks": [[round(tick.place, 5), tick.label, tick.rank] for tick in days.ticks()],
    }
    places = [(0.0, 0.0)] * len(drawing.nodes)
    return page(drawing, places, stage="timeline.html", scripts=("page.js", "timeline.js"), more=more)


def _axis(drawing: Drawing) -> Axis:
    return axis(s.date for edge in drawing.edges for s in edge.statements if s.date)


def timeline_sheet(drawing: Drawing) -> Sheet:
    """The sheet of a timeline."""
    days, rows = _axis(drawing), _rows(drawing)
    names = {node.iri: node.label for node in drawing.nodes}
    found = looks((local_name(tie.iri), tie.symmetric) for tie in drawing.ties)
    looked = {tie.iri: found[local_name(tie.iri)] for tie in drawing.ties}
    labels = [_label(ends, names) for ends in rows]
    left = MARGIN + max(text_width(label, size=8.5) for label in labels) + 16
    top, width = MARGIN + 34, left + PLOT + MARGIN
    bottom = top + ROW * len(rows)
    texts = [
        Text(x=left - 16 - text_width(label, size=8.5), y=top + ROW * (row + 0.5), text=label)
        for row, label in enumerate(labels)
    ]
    entries = [*_tie_entries(drawing, looked), *_manner_entries(drawing)]
    below, height = legend(entries, width, bottom + 48)
    small, height = notes(drawing.note, width, height)
    items: list[Item] = [Text(x=MARGIN, y=MARGIN, text=drawing.title, size=13, bold=True)]
    items += _grid(days, len(rows), Box(left, top, left + PLOT, bottom))
    items += texts
    items += _spot_items(_spots(drawing, rows), days, looked, (left, top))
    items += [*below, *small]
    return Sheet(width=width, height=height + MARGIN, title=drawing.title, items=tuple(items), names=tuple(texts))


def _label(ends: Sequence[str], names: Mapping[str, str]) -> str:
    one, other = (names[end] for end in (ends[0], ends[-1]))
    text = f"{one} \u2013 {other}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "\u2026"


def _rows(drawing: Drawing) -> list[tuple[str, ...]]:
    """The pairs, in the order in which they first appear."""
    first: dict[tuple[str, ...], dt.date] = {}
    for edge in drawing.edges:
        for day in (s.date for s in edge.statements if s.date):
            first[pair(edge)] = min(day, first.get(pair(edge), day))
    return sorted(first, key=lambda ends: (first[ends], ends))


def _spots(drawing: Drawing, rows: Sequence[tuple[str, ...]]) -> list[Spot]:
    number = {ends: row for row, ends in enumerate(rows)}
    said: dict[tuple[int, dt.date, str, Manner], int] = defaultdict(int)
    for edge in drawing.edges:
        for statement in edge.statements:
            if statement.date:
                said[number[pair(edge)], statement.date, edge.relation, statement.manner] += 1
    return [
        Spot(row=row, day=day, relation=relation, manner=manner, claims=claims)
        for (row, day, relation, manner), claims in sorted(said.items())
    ]


# ---------------------------------------------------------------- on paper


def _grid(days: Axis, rows: int, plot: Box) -> Iterator[Item]:
    """A line for each row, the axis with its cuts, and the days that have room under it."""
    width = plot.right - plot.left
    for row in range(rows):
        y = plot.top + ROW * (row + 0.5)
        yield Line(points=((plot.left, y), (plot.right, y)), colour=FAINT, width=0.8)
    for stretch in days.stretches:
        left, right = (plot.left + width * place for place in (stretch.left, stretch.right))
        yield Line(points=((left, plot.bottom + 4), (right, plot.bottom + 4)), colour=SOFT, width=1.0)
        for x in (left, right):
            if plot.left + 1 < x < plot.right - 1:
                yield Line(points=((x - 2, plot.bottom + 8), (x + 2, plot.bottom)), colour=SOFT, width=1.0)
    taken: list[Box] = []
    for tick in sorted(days.ticks(), key=lambda tick: (tick.rank, tick.place)):
        x = plot.left + width * tick.place
        half = text_width(tick.label, size=7.5) / 2
        box = Box(x - half - 7, 0, x + half + 7, 1)
        if not any(box.touches(other) for other in taken):
            taken.append(box)
            yield Line(points=((x, plot.top), (x, plot.bottom + 8)), colour=FAINT, width=0.6)
            yield Text(x=x - half, y=plot.bottom + 15, text=tick.label, size=7.5, colour=SOFT)


def _spot_items(spots: Sequence[Spot], days: Axis, looked: Mapping[str, Look], corner: Point) -> Iterator[Item]:
    """The marks; those that would cover each other stand above each other."""
    last: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for spot in spots:
        x = corner[0] + PLOT * days.place(spot.day)
        taken = {lane for other, lane in last[spot.row] if x - other < CLOSE}
        lane = min({0, 1, 2} - taken, default=len(taken) % 3)
        last[spot.row].append((x, lane))
        y = corner[1] + ROW * (spot.row + 0.5) + LANES[lane]
        yield from spot_items(looked[spot.relation], spot.manner, (x, y), min(1 + 0.12 * (spot.claims - 1), 1.5))


def spot_items(look: Look, manner: Manner, at: Point, swell: float = 1.0) -> Iterator[Item]:
    """A mark: its outline tells the relation, its filling how the claim is said."""
    corners, turn = CORNERS.get(look.mark, CORNERS["circle"])
    points = ring(at, SPOT * swell, corners, turn)
    solid = manner in (Manner.ASSERTED, Manner.UNCLAIMED)
    yield Shape(points=points, fill=look.light if solid else GROUND, colour=look.light, width=1.4)
    x, y = at
    if manner is Manner.DENIED:
        yield Line(points=((x - 2.4, y - 2.4), (x + 2.4, y + 2.4)), colour=look.light, width=1.3)
        yield Line(points=((x - 2.4, y + 2.4), (x + 2.4, y - 2.4)), colour=look.light, width=1.3)
    if manner is Manner.ENDED:
        yield Shape(points=ring(at, 1.5, 16), fill=look.light, colour=look.light, width=0.5)


def _tie_entries(drawing: Drawing, looked: Mapping[str, Look]) -> Iterator[Entry]:
    for tie in drawing.ties:
        yield tie.label, 10.0, _sample(looked[tie.iri], Manner.ASSERTED)


def _manner_entries(drawing: Drawing) -> Iterator[Entry]:
    there = {s.manner for edge in drawing.edges for s in edge.statements if s.date}
    for manner in Manner:
        if manner in there and len(there) > 1:
            yield STROKES[manner].words, 10.0, _sample(Look(light=INK, dark=INK, mark="circle"), manner)


def _sample(look: Look, manner: Manner) -> Callable[[float, float], Iterator[Item]]:
    return lambda x, y: spot_items(look, manner, (x + 5, y))
