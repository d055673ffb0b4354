"""Turtle statement by statement, each with its line: for files that people write and for errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import KgError

TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]* | \s+)
      | <[^<>\n]*>
      | \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | (?P<stop>\.(?=[\s\#<@"']|$))
      | (?:\\. | [^\s\#<"'.\\])+ | .""",
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"@(?:prefix|base)\b[^<>]*<[^<>]*>\s*\.|(?:prefix\s+[^\s:]*:\s*|base\s*)<[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What stands between two full stops: its text without the comments around it, its lines, its triples."""

    text: str
    line: int  # of its first word, from 1
    end: int  # of its full stop
    triples: tuple[ox.Triple, ...] = ()


class NotTurtle(KgError):
    """Text that does not parse; `line` is where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def statements(text: str) -> Iterator[Statement]:
    """The statements of a Turtle text in order; those that declare prefixes have no triples.

    >>> text = "@prefix x: <http://x.org/> . # names\\n\\nx:a x:b\\n  x:c ."
    >>> [(each.line, each.end, len(each.triples)) for each in statements(text)]
    [(1, 1, 0), (3, 4, 1)]

    Raises:
        NotTurtle: it does not parse; the error names the line.
    """
    _check(text)
    head, line, at = "", 1, 0
    for start, end in _spans(text):
        said = text[start:end]
        line, at = line + text.count("\n", at, start), start
        declares = DIRECTIVE.match(said) is not None
        triples = () if declares else tuple(quad.triple for quad in _parsed(head + said))
        head += said + "\n" if declares else ""
        yield Statement(text=said, line=line, end=line + said.count("\n"), triples=triples)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each statement begins and ends; `PREFIX` and `BASE` as SPARQL has them end without a full stop."""
    start, at = -1, 0
    while token := TOKEN.match(text, at):
        if start < 0 and (declared := DIRECTIVE.match(text, at)):
            yield at, declared.end()
            at = declared.end()
            continue
        if start < 0 and not token["skip"]:
            start = at
        at = token.end()
        if token["stop"]:
            yield start, at
            start = -1


def _check(text: str) -> None:
    try:
        for _ in _parsed(text):
            pass
    except SyntaxError as error:
        reason = re.sub(r"^Parser error (at|between) line .*?: | \(line \d+\)$", "", str(error.msg))
        raise NotTurtle(error.lineno or 1, reason) from error


def _parsed(text: str) -> Iterator[ox.Quad]:
    return iter(ox.parse(text.encode("utf-8", "replace"), format=ox.RdfFormat.TURTLE))
