"""Turtle by statements: where each begins and ends, and what it says."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statements import NotTurtle, statements

BASE = "@base <http://x.org/> .\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing. at all\n", []),
        ("<a> <b> <c> .", [(2, 2, 1)]),
        ("<a> <b> <c> . <a> <b> <d>.", [(2, 2, 1), (2, 2, 1)]),
        ("<a> <b> <c> .<a> <b> 1.5 .", [(2, 2, 1), (2, 2, 1)]),
        ("\n<a.b/c.d>\n  <b> 'x. y' ; # no. end\n  <c> 2.0, 3 .\n", [(3, 5, 3)]),
        ("<a> <b> '''two\n. lines''' .\n<a> <b> \"\"\"# '\n\\\"\"\"\" .", [(2, 3, 1), (4, 5, 1)]),
        ("@prefix x.y: <http://y/> .\nx.y:a.b x.y:c x.y:d\\.\\# .", [(2, 2, 0), (3, 3, 1)]),
        ("PREFIX x: <http://y/>\n# note\nx:a x:b x:c .", [(2, 2, 0), (4, 4, 1)]),
        ("base <http://z/> prefix : <#> :a :b :c .", [(2, 2, 0), (2, 2, 0), (2, 2, 1)]),
        ("<a> <b> [ <c> 'd' ; <e> ( 1 2 ) ] .", [(2, 2, 7)]),
    ],
)
def test_statements_have_their_lines(text: str, expected: list[tuple[int, int, int]]) -> None:
    """First and last line, number of triples; the base stands on line 1."""
    found = [(each.line, each.end, len(each.triples)) for each in statements(BASE + text)]
    assert found == [(1, 1, 0), *expected]


@pytest.mark.parametrize(
    ("text", "line"), [("<a> <b>", 2), ("\n\n<a> <b> <c> ,", 4), ("<a> x:b <c> .", 2), ("'", 2), ("<a> <b> 'c\n' .", 2)]
)
def test_what_does_not_parse_is_named(text: str, line: int) -> None:
    """The line of the fault."""
    with pytest.raises(NotTurtle) as error:
        list(statements(BASE + text))
    assert error.value.line == line


literals = st.text(max_size=20).map(lambda text: str(ox.Literal(text.encode("utf-8", "replace").decode())))


@given(st.lists(st.tuples(literals, st.sampled_from(["", "\n", " # a. b\n", "\n\n"])), max_size=6))
def test_statements_say_what_the_file_says(said: list[tuple[str, str]]) -> None:
    """Whatever the literals hold, all triples are there, each in its statement."""
    text = BASE + "".join(f"<a> <b>\n {literal} .{end}" for literal, end in said)
    found = [triple for each in statements(text) for triple in each.triples]
    assert found == [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
