"""Dates as metadata, datelines and date lines write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>\d{4})(?!\d)"
FULL = (  # dates with a year
    rf"\b{YEAR}[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)(?!\d)",
    rf"\b{DAY}[ -]+(?:of )?{MONTH},?[ -]+{YEAR}",
    rf"\b{MONTH} +{DAY},? +{YEAR}",
    r"\b(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
)
PARTIAL = (rf"\b{DAY} +(?:of )?{MONTH}", rf"\b{MONTH} +{DAY}(?!\d)")  # dates without


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


DATE = "(?:" + "|".join(map(_unnamed, FULL[:3])) + ")"
DAY_OF_YEAR = "(?:" + "|".join(map(_unnamed, PARTIAL)) + ")"
TIME = r"(?:at )?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: ?\(?[a-z]{1,4}\)?)?(?: ?[+-]\d\d:?\d\d)?"
STAMP = (
    r"(?:(?:first |last |originally )?(?:published|posted|updated|modified|issued|filed|created|dated?)(?: on| at)?)"
)
PLACE = r"(?:[^\W\d_][\w.'’/-]*(?: [^\W\d_][\w.'’/-]*){0,3}, ?)"

LONGEST_LINE = 120  # characters

_STAMP = re.compile(rf"\W*{STAMP}\b", re.IGNORECASE)
_FULL = [re.compile(pattern, re.IGNORECASE) for pattern in FULL]
_PARTIAL = [re.compile(pattern, re.IGNORECASE) for pattern in PARTIAL]
_DATE_LINE = re.compile(
    rf"\W*(?:{STAMP} ?[:|–—-]? ?|{PLACE}{{1,2}})?(?:{TIME},? )?(?:{WEEKDAY},? )?{DATE}"
    rf"(?:T\d\S*|[,|·•–—-]? ?{TIME})?\W*(?:[|/·•;,(–—-]? ?{STAMP}\b.{{0,60}}|\d+ min(?:ute)?s?(?: read)?)?",
    re.IGNORECASE,
)


class MonthDay(NamedTuple):
    """A date without its year."""

    month: int
    day: int

    def near(self, date: dt.date) -> dt.date | None:
        """The day of that name nearest to `date`; None if there is none.

        >>> MonthDay(12, 30).near(dt.date(2021, 1, 2))
        datetime.date(2020, 12, 30)
        """
        days = [day for year in (-1, 0, 1) if (day := _date(date.year + year, self.month, self.day))]
        return min(days, key=lambda day: abs(day - date), default=None)


def parse_date(text: str) -> dt.date | None:
    """The first whole date in a text; None if it has none.

    >>> parse_date("Published 29 January 2019"), parse_date("Aug. 15, 2020"), parse_date("on Saturday")
    (datetime.date(2019, 1, 29), datetime.date(2020, 8, 15), None)
    """
    found = [match for pattern in _FULL for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda match: match.start()):
        if day := _date(int(match["year"]), _month(match["month"]), int(match["day"])):
            return day
    return None


def parse_month_day(text: str) -> MonthDay | None:
    """The first day of a month in a text, as datelines give it.

    >>> parse_month_day("MINSK, Aug 15 -")
    MonthDay(month=8, day=15)
    """
    for pattern in _PARTIAL:
        if (match := pattern.search(text)) and 1 <= int(match["day"]) <= 31:
            return MonthDay(_month(match["month"]), int(match["day"]))
    return None


def date_line(line: str, *, stamped: bool = False) -> dt.date | None:
    """The date of a line that holds a date and nothing else; None if it is no such line.

    A `stamped` one says what happened then: "Published 29 January 2019".

    >>> date_line("Berlin, 7 November 2024")
    datetime.date(2024, 11, 7)
    >>> date_line("She resigned on 7 November 2024.")
    """
    if len(line) > LONGEST_LINE or (stamped and not _STAMP.match(line)):
        return None
    return parse_date(line) if _DATE_LINE.fullmatch(line) else None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.index(text[:3].lower()) + 1


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
