"""A text's lines and paragraphs, whether a paragraph is a line, a block, or hard-wrapped at a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.model import Part
from kg.read.furniture import BULLET, is_furniture, is_last, opens_list

SHORTER = 3  # a wrapped line with room for so many characters more, and a sentence's end, closes its paragraph
MUCH_SHORTER = 12  # with so many, it does so without: a heading
INDENT = 2  # so many columns deeper than the line before: a new paragraph
WRAPPED = 0.3  # of the lines of a wrapped text go on in the middle of a sentence; hardly one in a text that is not
FLOWING = -1  # the column of a text whose line ends mean nothing
LIST_WORDS = 18  # the longest line of a list of other pages
ARTICLE_WORDS = 8  # the shortest line that shows that the article has begun

SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]*_]*$""")

_MARKER = re.compile(r"(?:#{1,6}|>)\s+|[-*+]\s+(?=\S)")  # of Markdown, at the beginning of a line
_FENCE = re.compile(r"```|~~~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line or a paragraph that is not blank: `text[start:end]` without the white space around it."""

    start: int
    end: int
    text: str  # what stands there, white space squeezed
    column: int  # where the line ends, counted in columns
    indent: int  # where it begins
    block: int  # lines between two blank ones have the same number
    marker: tuple[int, int] | None = None  # where the Markdown mark before it stands
    heading: bool = False
    part: Part | None = None  # if the line alone tells

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends in a full stop or its like."""
        return bool(SENTENCE_END.search(self.text))


def lines(text: str, *, begin: int = 0, markdown: bool = False) -> Iterator[Line]:
    """The lines of `text[begin:]` that are not blank.

    >>> [line.text for line in lines("Minsk\\n\\n# Protests  grow", markdown=True)]
    ['Minsk', 'Protests grow']
    """
    block, fenced, at = 0, False, begin
    for raw in text[begin:].splitlines(keepends=True):
        start, at = at, at + len(raw)
        content = raw.strip()
        if not content:
            block += 1
            continue
        line = _line(raw, start, block)
        if markdown:
            fence = bool(_FENCE.match(content))
            fenced ^= fence
            line = replace(line, part=Part.FURNITURE) if fenced or fence else _unmarked(line, text)
        yield line


def _line(raw: str, start: int, block: int) -> Line:
    content = raw.strip()
    before = raw[: len(raw) - len(raw.lstrip())]
    indent = len(before.expandtabs())
    return Line(
        start=start + len(before),
        end=start + len(before) + len(content),
        text=" ".join(content.split()),
        column=indent + len(content),
        indent=indent,
        block=block,
    )


def _unmarked(line: Line, text: str) -> Line:
    """The line without the Markdown mark that it begins with."""
    match = _MARKER.match(text, line.start, line.end)
    if not match:
        return line
    mark = match[0].rstrip()
    rest = " ".join(text[match.end() : line.end].split())
    marker = (line.start, line.start + len(mark))
    return replace(line, start=match.end(), text=rest, marker=marker, heading=mark.startswith("#"))


def without_furniture(found: Iterable[Line]) -> Iterator[Line]:
    """The same lines, those of the page and not of the article marked as furniture."""
    begun = listed = last = False
    for line in found:
        last = last or (begun and is_last(line.text))
        opens = opens_list(line.text)
        listed = opens or (listed and _in_list(line))
        if last or listed or line.part is Part.FURNITURE or is_furniture(line.text):
            yield replace(line, part=Part.FURNITURE)
        else:
            begun = begun or line.words >= ARTICLE_WORDS
            yield line


def _in_list(line: Line) -> bool:
    short = line.words <= LIST_WORDS and not line.ends_sentence
    return short or line.marker is not None or bool(BULLET.match(line.text))


def wrap_column(found: Sequence[Line]) -> int | None:
    """The column that the text is hard-wrapped at; None: it is not.

    >>> wrap_column(list(lines("The marshal and the\\npresident met. Then\\nthey spoke.")))
    19
    >>> wrap_column(list(lines("The marshal resigned.\\nThe president accepted.")))
    """
    pairs = [(one, two) for one, two in pairwise(found) if _together(one, two)]
    if sum(_goes_on(one, two) for one, two in pairs) <= WRAPPED * len(pairs):
        return None
    columns = sorted(one.column for one, _ in pairs)
    return columns[int(0.95 * (len(columns) - 1))]


def _together(one: Line, two: Line) -> bool:
    """Whether the two can belong to one paragraph."""
    marked = two.marker is not None or one.heading
    return one.block == two.block and one.part is None and two.part is None and not marked


def _goes_on(one: Line, two: Line) -> bool:
    return not one.ends_sentence and (two.text[0].islower() or (one.text.isupper() and two.text.isupper()))


def paragraphs(found: Sequence[Line], text: str, *, flowing: bool = False) -> Iterator[Line]:
    """The lines joined to paragraphs; in a `flowing` text, as Markdown is, only a blank line ends one.

    >>> text = "The marshal and the\\npresident met. Then\\nthey left.\\nThey said that on the\\nfollowing day."
    >>> [paragraph.text for paragraph in paragraphs(list(lines(text)), text)]
    ['The marshal and the president met. Then they left.', 'They said that on the following day.']
    """
    column = FLOWING if flowing else wrap_column(found)
    joined: list[Line] = []
    for line in found:
        if joined and not (column and _joins(joined[-1], line, column, first=joined[0] is found[0])):
            yield _paragraph(joined, text)
            joined = []
        joined.append(line)
    if joined:
        yield _paragraph(joined, text)


def _joins(one: Line, two: Line, column: int, *, first: bool) -> bool:
    """Whether the second line goes on with the paragraph of the first."""
    if not _together(one, two):
        return False
    if _goes_on(one, two):
        return True
    if two.indent >= one.indent + INDENT or BULLET.match(two.text):
        return False
    if column == FLOWING:
        return True
    room = column - one.column - 1 - len(two.text.split(maxsplit=1)[0])
    if one.ends_sentence:
        return room < SHORTER
    return room < (1 if first else MUCH_SHORTER)


def _paragraph(joined: Sequence[Line], text: str) -> Line:
    if len(joined) == 1:
        return joined[0]
    start, end = joined[0].start, joined[-1].end
    return replace(joined[0], end=end, text=" ".join(text[start:end].split()))
