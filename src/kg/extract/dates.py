"""When it happened: the day that a sentence names, against the day of publication."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from kg.extract.parse import Parse

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS_BACK = {"today": 0, "tonight": 0, "yesterday": 1}


def date_of(parse: Parse, token: int, published: dt.date | None, *, ahead: bool = False) -> dt.date | None:
    """The day on which what `token` says happened, if its sentence names one day; `ahead`: what is still to come.

    A weekday is the last one up to the day of publication, or the next one from it.
    """
    start, end = parse.sentences[parse.sentence[token]]
    found = list(_days(parse, start, end, published, ahead))
    near = [day for place, day in found if _same_clause(parse, token, place)]
    days = near or ([day for _, day in found] if len(found) == 1 else [])
    return days[0] if days else None


def _days(parse: Parse, start: int, end: int, published: dt.date | None, ahead: bool) -> Iterator[tuple[int, dt.date]]:
    at = start
    while at < end:
        day, used = _calendar_day(parse, at, end, published, ahead) or (None, 1)
        if day is None and published:
            day = _relative_day(parse.words[at].lower(), parse.words[max(start, at - 1)].lower(), published, ahead)
        if day is not None:
            yield at, day
        at += used


def _relative_day(word: str, before: str, published: dt.date, ahead: bool) -> dt.date | None:
    if word in DAYS_BACK:
        return published - dt.timedelta(days=DAYS_BACK[word])
    if word == "tomorrow":
        return published + dt.timedelta(days=1)
    if word not in WEEKDAYS:
        return None
    back = (published.weekday() - WEEKDAYS.index(word)) % 7
    if ahead or before == "next":
        return published + dt.timedelta(days=(7 - back) % 7 or 7)
    return published - dt.timedelta(days=back + (7 if before == "last" and back == 0 else 0))


def _calendar_day(
    parse: Parse, at: int, end: int, published: dt.date | None, ahead: bool
) -> tuple[dt.date, int] | None:
    """ "August 15, 2020", "15 August", "Aug. 15": the day and how many tokens name it."""
    words = [w.lower() for w in parse.words[at : min(at + 4, end)]]
    for pattern in ((_month, _number), (_number, _month)):
        if len(words) > 1 and (a := pattern[0](words[0])) and (b := pattern[1](words[1])):
            month, number = (a, b) if pattern[0] is _month else (b, a)
            rest = [w for w in words[2:] if w != ","]
            year = int(rest[0]) if rest and re.fullmatch(r"(19|20)\d\d", rest[0]) else None
            day = _nearest(year, month, number, published, ahead)
            return (day, 2 + (words.index(rest[0], 2) - 1 if year else 0)) if day else None
    return None


def _month(word: str) -> int | None:
    stem = word.rstrip(".")[:3]
    return (
        MONTHS.index(stem) + 1 if word[:1].isalpha() and stem in MONTHS and len(word) > 2 and _is_month(word) else None
    )


def _is_month(word: str) -> bool:
    full = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
    return word in full or word.rstrip(".") in (*MONTHS, "sept")


def _number(word: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", word)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _nearest(year: int | None, month: int, day: int, published: dt.date | None, ahead: bool) -> dt.date | None:
    """The day of that year; without one, the last such day up to publication or, `ahead`, the next one from it."""
    base = published.year if published else 0
    for candidate in (year,) if year else (base, base + 1 if ahead else base - 1) if published else ():
        try:
            found = dt.date(candidate, month, day)
        except ValueError:
            continue
        if year or not published or (found >= published if ahead else found <= published):
            return found
    return None


def _same_clause(parse: Parse, token: int, place: int) -> bool:
    """Whether the date hangs on the token, on a word that it hangs on, or on one of its own dependants."""
    ancestors = set(_up(parse, token, 3))
    return any(step in ancestors for step in _up(parse, place, 2))


def _up(parse: Parse, token: int, steps: int) -> Iterator[int]:
    yield token
    while steps and parse.heads[token] != token and parse.deps[token] not in ("ccomp", "relcl", "advcl", "conj"):
        token = parse.heads[token]
        yield token
        steps -= parse.pos[token] != "ADP"
