"""What each paragraph of an article is: headline, dateline, body, furniture; what the first ones tell of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from kg.model import Part, Segment
from kg.read.dates import DATE, DAY_OF_YEAR, MONTH, WEEKDAY, MonthDay, date_line, parse_date, parse_month_day
from kg.read.furniture import LABEL
from kg.read.layout import Line, lines, paragraphs, without_furniture

HEAD = 10  # lines among which bylines, date lines and headlines are looked for
NEAR = 20  # paragraphs after a headline among which the article must begin
FIRST_BODY = 5  # body paragraphs among which the dateline is looked for
HEADLINE_WORDS = 20
SENTENCE_WORDS = 14  # a headline with a full stop is shorter
LONGEST_DATELINE = 120  # characters

_UPPER = r"[^\W\d_a-z]"
_NAME = rf"{_UPPER}[\w.'’-]*(?: (?:{_UPPER}|d[aeiu]|v[ao]n|de[rn]?|al|bin)[\w.'’-]*){{0,4}}"
_NAMES = rf"{_NAME}(?:(?:, (?:and )?| and | & ){_NAME}){{0,4}}?"
BYLINE = re.compile(
    r"[*_]*(?:(?:[Ww]ords|[Ss]tory|[Ww]ritten|[Rr]eport) )?[Bb][Yy]:? (?:the )?"
    rf"(?:(?P<author>{_NAMES})(?:(?: in| for| at|,? ?[|–—•·/-]|,|(?= \d)) ?(?:{_UPPER}|\d).{{0,100}})?"
    r"|(?:[Oo]ur|[Aa]|[Ss]taff)\b.{0,60}\b(?:correspondents?|reporters?|writers?|staff|bureau|editors?|agencies))[*_]*"
)
NOT_AUTHORS = re.compile(rf"{WEEKDAY}\b|{DATE}|{DAY_OF_YEAR}|\d|^{MONTH}$", re.IGNORECASE)
LATER = re.compile(r"\W*(?:last )?(?:updated|modified)\b", re.IGNORECASE)  # a date line that gives way to others

_WHEN = rf"(?i:(?:{WEEKDAY},? )?(?:{DATE}|{DAY_OF_YEAR})|{WEEKDAY})"
_WORDS = r"[\w.'’/-]*(?:\s[^\W\d_][\w.'’/-]*)"
DATELINE = re.compile(
    rf"[*_]{{0,3}}(?P<place>[^\W\d_]{_WORDS}{{0,3}})"  # MINSK; SÃO PAULO; WASHINGTON/MOSCOW
    rf"(?P<region>,\s{_UPPER}{_WORDS}{{0,2}})??"  # , Belarus
    rf"(?P<when>,\s{_WHEN})?"
    r"(?P<agency>\s?\([^()]{2,40}\)|\s/[^/]{2,30}/)?"
    r"[*_]{0,3}(?P<close>\s?(?:--+|[–—])\s?|\s-\s|:\s|\.\s)[*_]{0,3}\s*(?=\S)"
)
AGENCY_ALONE = re.compile(r"\((?:[A-Z]{2,6}|Reuters|Bloomberg|Xinhua)\)\s*(?:(?:--+|[-–—])\s*)?(?=\S)")
DATELINE_ALONE = re.compile(
    rf"[^\W\d_]{_WORDS}{{0,3}}(?:,\s{_UPPER}{_WORDS}{{0,2}})??,\s{_WHEN}(?:\s?\([^()]{{2,40}}\))?[\s–—:-]*"
)
# What a full sentence has and a headline seldom has.
SENTENCE_WORD = re.compile(
    rf"\b(?:has|have|had|was|were|said|yesterday|today|since|{WEEKDAY})\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the first lines of an article tell of it."""

    title: str | None = None
    author: str | None = None
    date: dt.date | None = None
    month_day: MonthDay | None = None  # of a dateline without a year


def segment(
    text: str, *, title: str | None = None, begin: int = 0, markdown: bool = False
) -> tuple[tuple[Segment, ...], Found]:
    """The paragraphs of an article, in order, and what its first lines tell; `title` is the one already known.

    What stands before `begin` is furniture. Every character but white space lies in exactly one segment.

    >>> text = "Ruritania denies secret line\\nBy Ann Roe\\n\\nPORT ROYAL, May 3 - It was denied.\\n\\nShare"
    >>> segments, found = segment(text)
    >>> for part in segments:
    ...     print(f"{part.part}: {text[part.start:part.end]}")
    headline: Ruritania denies secret line
    furniture: By Ann Roe
    dateline: PORT ROYAL, May 3 -
    body: It was denied.
    furniture: Share
    >>> found.title, found.author, found.month_day
    ('Ruritania denies secret line', 'Ann Roe', MonthDay(month=5, day=3))
    """
    found = list(without_furniture(lines(text, begin=begin, markdown=markdown)))
    credits = _credits(found)
    found = [replace(line, part=Part.FURNITURE) if number in credits else line for number, line in enumerate(found)]
    parts = list(_with_dateline(_with_headline(list(paragraphs(found, text, flowing=markdown)), title), text))
    return (*_before(text, begin), *_segments(parts)), _found(parts, list(credits.values()), text)


def _credits(found: Sequence[Line]) -> dict[int, Line]:
    """The bylines and date lines: those at the head, and "Published ..." everywhere."""
    head = takewhile(lambda line: not (_is_sentence(line) and line.words > HEADLINE_WORDS), found[:HEAD])
    size = sum(1 for _ in head)
    return {
        number: line for number, line in enumerate(found) if line.part is None and _is_credit(line, head=number < size)
    }


def _is_credit(line: Line, *, head: bool) -> bool:
    dated = date_line(line.text, stamped=not head) is not None
    return dated or (head and _author(line.text) is not None)


def _author(line: str) -> str | None:
    """Whom a byline names, "" if nobody; None: it is no byline."""
    match = BYLINE.fullmatch(line) if len(line) <= 160 else None
    if not match or NOT_AUTHORS.search(match["author"] or ""):
        return None
    return match["author"] or ""


def _with_headline(found: Sequence[Line], title: str | None) -> Iterator[Line]:
    """Tell the headline, with the deck below it, from the body."""
    before: Part | None = None  # the part of the last paragraph of the article
    for number, line in enumerate(found):
        after = found[number + 1 : number + NEAR] if number < HEAD else ()
        part = line.part or _part(line, after, before, title)
        before = before if part is Part.FURNITURE else part
        yield replace(line, part=part)


def _part(line: Line, after: Sequence[Line], before: Part | None, title: str | None) -> Part:
    if before is None and title and _same(line.text, title):
        return Part.HEADLINE
    if LABEL.fullmatch(line.text):
        return Part.FURNITURE
    if before is not Part.BODY and _is_short(line, after) and _is_headline(line, after, before or title):
        return Part.HEADLINE
    return Part.BODY


def _same(one: str, two: str) -> bool:
    return re.findall(r"\w+", one.casefold()) == re.findall(r"\w+", two.casefold())


def _is_short(line: Line, after: Sequence[Line]) -> bool:
    """Whether a paragraph at the head of an article is too short for its beginning."""
    return line.words <= HEADLINE_WORDS and any(map(_is_sentence, after))


def _is_sentence(line: Line) -> bool:
    return line.part is None and not LABEL.fullmatch(line.text) and (line.ends_sentence or line.words > HEADLINE_WORDS)


def _is_headline(line: Line, after: Sequence[Line], known: str | None) -> bool:
    """Whether a short paragraph is a headline, or the deck below it where a headline is `known`."""
    if line.heading:
        return True
    if line.text[-1] in ",:" or line.text[0].isdigit() or _opens_with_dateline(line):
        return False
    return not line.ends_sentence or (known is None and _is_sentence_headline(line, after))


def _is_sentence_headline(line: Line, after: Sequence[Line]) -> bool:
    """Whether a paragraph that ends in a full stop is a headline all the same."""
    if re.search(r"[a-z]{3}[.!?] ", line.text):  # several sentences
        return False
    words = [word for word in line.text.split() if word[0].isalpha()]
    if len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.7 * len(words):
        return True
    longest = max(other.words for other in after[:3])
    return line.words <= SENTENCE_WORDS and longest >= 2 * line.words and not SENTENCE_WORD.search(line.text)


def _with_dateline(found: Iterable[Line], text: str) -> Iterator[Line]:
    """Split the dateline off the first paragraph of the body that has one."""
    body = 0
    for line in found:
        body += line.part is Part.BODY
        end = _dateline_end(text[line.start : line.end]) if line.part is Part.BODY and body <= FIRST_BODY else 0
        if not end:
            yield line
            continue
        body = FIRST_BODY
        whole = text[line.start : line.start + end]
        yield replace(line, end=line.start + len(whole.rstrip()), text=whole.strip(), part=Part.DATELINE)
        if line.start + end < line.end:
            rest = " ".join(text[line.start + end : line.end].split())
            yield replace(line, start=line.start + end, text=rest, marker=None)


def _dateline_end(paragraph: str) -> int:
    """Where the dateline at the beginning of a paragraph ends; 0: there is none.

    >>> _dateline_end("MINSK, Belarus (AP) -- Thousands marched."), _dateline_end("Minsk is quiet - so far.")
    (23, 0)
    """
    if len(paragraph) <= LONGEST_DATELINE and DATELINE_ALONE.fullmatch(paragraph):
        return len(paragraph)
    match = AGENCY_ALONE.match(paragraph) or DATELINE.match(paragraph, 0, LONGEST_DATELINE)
    return match.end() if match and (match.re is AGENCY_ALONE or _is_dateline(match)) else 0


def _is_dateline(match: re.Match[str]) -> bool:
    place, close = match["place"], match["close"].strip()
    if close == ".":
        return parse_date(match["when"] or "") is not None
    if place.isupper():
        return len(place) > 1
    told = match["when"] or match["agency"]
    return bool(told) and close != ":" and all(word[:1].isupper() for word in re.split(r"[\s/]", place))


def _opens_with_dateline(line: Line) -> bool:
    """Whether a short paragraph has so full a dateline that it can be no headline."""
    end = _dateline_end(line.text)
    told = re.search(r"[,(]", line.text[:end])
    return bool(told) or (end > 0 and line.ends_sentence and ":" not in line.text[:end])


def _before(text: str, begin: int) -> Iterator[Segment]:
    """What stands before the article."""
    matter = text[:begin].strip()
    if matter:
        start = text.index(matter[0])
        yield Segment(part=Part.FURNITURE, start=start, end=start + len(matter))


def _segments(found: Iterable[Line]) -> Iterator[Segment]:
    for line in found:
        if line.marker is not None:
            yield Segment(part=Part.FURNITURE, start=line.marker[0], end=line.marker[1])
        yield Segment(part=line.part or Part.BODY, start=line.start, end=line.end)


def _found(found: Sequence[Line], credits: Sequence[Line], text: str) -> Found:
    titles = (line.text.strip(" ;*_") for line in found if line.part is Part.HEADLINE)
    datelines = [text[line.start : line.end] for line in found if line.part is Part.DATELINE]
    dated = sorted(credits, key=lambda line: bool(LATER.match(line.text)))
    dates = [date for told in (*(line.text for line in dated), *datelines) if (date := parse_date(told))]
    return Found(
        title=next(titles, None),
        author=next((author for line in credits if (author := _author(line.text))), None),
        date=next(iter(dates), None),
        month_day=next((day for told in datelines if (day := parse_month_day(told))), None),
    )
