"""An axis of dates that leaves out the long stretches in which nothing happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BREAK = 0.09  # of all the days: a longer gap is cut out
LEAST = 40  # days; a shorter gap never is
CUT = 0.025  # of the axis: how wide a cut is drawn
POWER = 0.55  # a stretch of four times the days gets about twice the room


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time without long gaps: its days, and where it begins and ends on the axis, from 0 to 1."""

    first: dt.date
    last: dt.date
    left: float
    right: float

    def place(self, day: dt.date) -> float:
        """Where a day of the stretch stands."""
        days = (self.last - self.first).days
        return self.left + (self.right - self.left) * ((day - self.first).days / days if days else 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A day that is named under the axis; of two that stand too close, the one of lower rank stays."""

    place: float
    label: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The stretches in their order."""

    stretches: tuple[Stretch, ...]

    def place(self, day: dt.date) -> float:
        """Where a day stands, from 0 to 1.

        >>> days = axis([dt.date(2015, 4, 2), dt.date(2020, 8, 1), dt.date(2020, 8, 31)])
        >>> [round(days.place(day), 2) for day in (dt.date(2015, 4, 2), dt.date(2020, 8, 1), dt.date(2020, 8, 31))]
        [0.1, 0.25, 0.98]
        """
        return next(s for s in self.stretches if day <= s.last).place(day)

    def ticks(self) -> Iterator[Tick]:
        """The days to name, more than there may be room for."""
        for stretch in self.stretches:
            yield from _ticks(stretch)


def axis(days: Iterable[dt.date]) -> Axis:
    """The axis for these days, of which there is at least one."""
    known = sorted(set(days))
    longest = max(LEAST, BREAK * (known[-1] - known[0]).days)
    runs = [[known[0]]]
    for day in known[1:]:
        if (day - runs[-1][-1]).days > longest:
            runs.append([])
        runs[-1].append(day)
    spans = [_padded(run) for run in runs]
    shares = [((last - first).days + 1) ** POWER for first, last in spans]
    unit = (1 - CUT * (len(spans) - 1)) / sum(shares)
    left, found = 0.0, []
    for (first, last), share in zip(spans, shares, strict=True):
        found.append(Stretch(first=first, last=last, left=left, right=left + share * unit))
        left += share * unit + CUT
    return Axis(stretches=tuple(found))


def _padded(run: Sequence[dt.date]) -> tuple[dt.date, dt.date]:
    """The first and last day, with a little room on both sides."""
    room = dt.timedelta(days=max(1, round((run[-1] - run[0]).days * 0.04)))
    return max(run[0], dt.date.min + room) - room, min(run[-1], dt.date.max - room) + room


def _ticks(stretch: Stretch) -> Iterator[Tick]:
    days = (stretch.last - stretch.first).days
    if days > 1100:
        yield from _years(stretch)
    elif days > 75:
        yield from _months(stretch)
    else:
        yield from _days(stretch, days)


def _years(stretch: Stretch) -> Iterator[Tick]:
    for year in range(stretch.first.year + 1, stretch.last.year + 1):
        rank = next(rank for rank, step in enumerate((10, 5, 2, 1)) if year % step == 0)
        yield Tick(place=stretch.place(dt.date(year, 1, 1)), label=str(year), rank=rank)


def _months(stretch: Stretch) -> Iterator[Tick]:
    for year in range(stretch.first.year, stretch.last.year + 1):
        for month in range(1, 13):
            day = dt.date(year, month, 1)
            if stretch.first <= day <= stretch.last:
                rank = next(rank for rank, step in enumerate((12, 6, 3, 1)) if (month - 1) % step == 0)
                yield Tick(place=stretch.place(day), label=f"{day:%b} {year}", rank=rank)


def _days(stretch: Stretch, days: int) -> Iterator[Tick]:
    middle = stretch.first + dt.timedelta(days=days // 2)
    for step in range(days + 1):
        day = stretch.first + dt.timedelta(days=step)
        rank = 0 if day == middle else 1 if day.day in (1, 15) else 2 if day.day in (8, 22) else 3
        yield Tick(place=stretch.place(day), label=f"{day.day} {day:%b} {day.year}", rank=rank)
