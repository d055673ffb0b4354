"""Sorted text: the same graph is the same bytes, whatever the order, the source and the memory."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import OutputFailed
from kg.model import Triple
from kg.ontology import BASE, NAMESPACE
from kg.store import PREFIXES, Graph, export, layout, open_graph, write
from kg.store.layout import Sorter, by_subject, ordered
from kg.store.turtle import turtle
from kg.triplify import literal

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TEXTS = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")

iris = st.sampled_from(["<a:b>", "<a:bc>", "<a:b/c>", f"<{BASE}person/é>", f"<{BASE}person/a>", f"<{NAMESPACE}Person>"])
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | st.sampled_from(
    ["a", "a ", "a b", "é", "\U0001f600", "~"]
)
literals = (
    st.builds(literal, words)
    | st.builds(lambda text, lang: literal(text, lang=lang), words, st.sampled_from(["en", "en-gb", "de"]))
    | st.builds(lambda text: literal(text, datatype="a:type"), words)
)
predicates = st.sampled_from(["<a:p>", "<a:pp>", f"<{NAMESPACE}quote>"])
triples = st.builds(Triple, iris, predicates, iris | literals) | st.builds(Triple, iris, st.just(TYPE), iris)
graphs = st.lists(triples, max_size=30)
quick = settings(max_examples=40, deadline=None)


def joined(found: object) -> bytes:
    """The lines of all blocks."""
    return b"".join(line for block in found for line in block)  # type: ignore[attr-defined]  # of two kinds


@quick
@given(graph=graphs)
def test_lines_stand_in_the_order_of_their_terms(graph):
    """Sorting lines as bytes sorts triples by subject, predicate and object, and drops doubles."""
    expected = [f"{s} {p} {o} .\n".encode() for s, p, o in sorted(set(graph))]
    assert joined(ordered(graph)) == b"".join(expected)


@quick
@given(graph=graphs, run=st.integers(1, 400), pieces=st.lists(st.integers(1, 50), min_size=1, max_size=5))
def test_runs_on_the_disk_change_nothing(graph, run, pieces):
    """However little memory there is and wherever the text is cut, the order is the same."""
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in graph).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "RUN", run)
        patch.setattr(layout, "READ", 60)
        sorter = Sorter()
        while text:
            for size in pieces:
                sorter.write(text[:size])
                text = text[size:]
        assert joined(sorter.blocks()) == joined(ordered(graph))


def test_runs_wait_in_the_folder_that_is_given(monkeypatch, tmp_path):
    """A large graph is sorted on the disk that it is written to, and nothing stays there."""
    monkeypatch.setattr(layout, "RUN", 100)
    made: list[object] = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda dir: made.append(dir) or real(dir=dir))
    graph = [Triple("<a:b>", "<a:p>", f'"{number % 50}"') for number in range(300)]
    assert write(graph, tmp_path / "graph.ttl") == 50
    assert set(made) == {tmp_path}
    assert [file.name for file in tmp_path.iterdir()] == ["graph.ttl"]
    assert len(open_graph(tmp_path / "graph.ttl")) == 50


def test_a_folder_that_takes_no_runs_is_an_error_in_words(monkeypatch, tmp_path):
    """A disk that is full while sorting is told as one that is full while writing, and the old graph stays."""
    write([Triple("<a:b>", "<a:p>", '"old"')], tmp_path / "graph.ttl")
    monkeypatch.setattr(layout, "RUN", 100)

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(OutputFailed, match="the disk is full"):
        write((Triple("<a:b>", "<a:p>", f'"{number}"') for number in range(300)), tmp_path / "graph.ttl")
    assert '"old"' in (tmp_path / "graph.ttl").read_text()


@pytest.mark.parametrize("suffix", TEXTS)
@settings(max_examples=8, deadline=None)
@given(graph=graphs)
def test_source_does_not_matter(suffix, graph):
    """A list in any order, a graph in memory, a file and a store's folder give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        direct, exported, again, stored = (Path(folder, f"{name}.{suffix}") for name in ("a", "b", "c", "d"))
        number = write(graph, direct)
        assert export(Graph.of(reversed(graph)), exported) == number == len(set(graph))
        if suffix != "rdf":  # which cannot hold every character
            export(open_graph(direct), again)
            assert again.read_bytes() == direct.read_bytes()
        write(graph, Path(folder, "store"))
        export(open_graph(Path(folder, "store")), stored)
        assert direct.read_bytes() == exported.read_bytes() == stored.read_bytes()


@quick
@given(graph=graphs)
def test_turtle_says_the_same(graph):
    """What pyoxigraph reads from the Turtle is what went in."""
    text = "".join(turtle(ordered(graph), PREFIXES))
    read = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    assert read == {tuple(map(str, t)) for t in Graph.of(graph).triples()}


@pytest.mark.parametrize(
    ("graph", "body"),
    [
        ([], ""),
        ([Triple("<a:b>", "<a:p>", '"1"')], '\n<a:b> <a:p> "1" .\n'),
        ([Triple("<a:b>", TYPE, "<a:C>")], "\n<a:b> a <a:C> .\n"),
        (  # the type comes first, even where a predicate sorts before it
            [Triple("<a:b>", "<a:p>", '"1"'), Triple("<a:b>", TYPE, "<a:D>"), Triple("<a:b>", TYPE, "<a:C>")],
            '\n<a:b> a <a:C>, <a:D> ;\n    <a:p> "1" .\n',
        ),
        (
            [Triple("<a:b>", "<a:p>", value) for value in ('"2"', '"1"@en', "<a:c>")],
            '\n<a:b> <a:p> "1"@en, "2", <a:c> .\n',
        ),
        ([Triple("_:b1", "<a:p>", "_:b2")], "\n_:b1 <a:p> _:b2 .\n"),
        (
            [
                Triple(
                    f"<{BASE}claim/c>",
                    "<a:r>",
                    f'<<( <{BASE}x> <{NAMESPACE}leaderOf> "7"^^<http://www.w3.org/2001/XMLSchema#integer> )>>',
                )
            ],
            r"""
id:claim\/c <a:r> <<( id:x kg:leaderOf 7 )>> .
""",
        ),
    ],
)
def test_turtle_of(graph, body):
    """A block a subject: its type first, then a line a predicate; triple terms are short, too."""
    head, *pieces = turtle(ordered(graph), PREFIXES)
    assert head.startswith("@prefix kg: ")
    assert "".join(pieces) == body


def test_short_forms_are_forgotten_when_they_are_many(monkeypatch):
    """The memory of short forms is bounded, and does not change the text."""
    graph = [Triple("<a:b>", "<a:p>", f"<{BASE}{number % 7}>") for number in range(20)]
    whole = "".join(turtle(ordered(graph), PREFIXES))
    monkeypatch.setattr("kg.store.turtle.KEPT", 2)
    assert "".join(turtle(ordered(graph), PREFIXES)) == whole


def test_by_subject():
    """Objects are grouped by predicate, over the ends of blocks."""
    blocks = [[b'<a:b> <a:p> "1" .\n'], [b'<a:b> <a:p> "2" .\n', b"<a:c> <a:p> <a:d> .\n"]]
    assert list(by_subject(blocks)) == [("<a:b>", {"<a:p>": ['"1"', '"2"']}), ("<a:c>", {"<a:p>": ["<a:d>"]})]


def test_packed_text_is_the_same_text(tmp_path):
    """A .gz holds what the plain file holds, and no time."""
    graph = [Triple("<a:b>", "<a:p>", f'"{number}"') for number in range(5000)]
    write(graph, tmp_path / "graph.ttl")
    write(graph, tmp_path / "one.ttl.gz")
    write(reversed(graph), tmp_path / "other.ttl.gz")
    assert gzip.decompress((tmp_path / "one.ttl.gz").read_bytes()) == (tmp_path / "graph.ttl").read_bytes()
    assert (tmp_path / "one.ttl.gz").read_bytes() == (tmp_path / "other.ttl.gz").read_bytes()
