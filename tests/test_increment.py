"""A graph in a store's folder, changed article by article, is the graph that all the articles make at once."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
from handmade import Pair, add, article, local
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kg import increment, pipeline
from kg.annotate import model_version
from kg.correct import correct
from kg.corrections import Decision
from kg.derived import Basis
from kg.extract import fingerprint
from kg.model import BuildSummary, Document, LocalClaim, Modality
from kg.ontology import load_ontology
from kg.pipeline import build, records_path, rederive, remove
from kg.read import read
from kg.records import RecordStore, input_digest
from kg.resolve import links, part, profile
from kg.store import open_graph
from kg.store.folder import Change, change_folder
from kg.store.layout import lines
from kg.store.update import update

PEOPLE = (
    "Ada Keller", "Ada M. Keller", "A. Keller", "Keller", "Mr Keller", "Bill Moreno", "William Moreno", "Moreno",
    "Svetlana Tikhanovskaya", "Sviatlana Tsikhanouskaya", "Tsikhanouskaya", "Gabriel Moreno Ruiz", "Gabriel Moreno",
    "George Bush", "George W. Bush", "George H. W. Bush", "Bush", "Ada Keller France", "Abu ad-Din", "Abu ad Din", "?!",
)  # fmt: skip
BODIES = (
    "Blue Petrol", "Blue Petrol Ltd", "BP", "Ministry of Health", "Health Ministry", "Union of Rivers", "UR", "Keller",
    "Parliament", "Meadow Party", "?!", "Upper House", "Senate of Rivers", "Siemens AG",
)  # fmt: skip
OTHERS = (
    local("Belarus", "Country", known="country/BY"), local("France", "Country", "Paris", known="country/FR"),
    local("Belarus", "Place"), local("Riverton", "City"), local("Riverton", "Place"), local("Riverton", "Agent"),
    local("Ada Keller", "Agent"), local("Grey Gull", "Vessel"), local("MV Grey Gull", "Vessel"),
)  # fmt: skip
TABLES = ("seen", "sightings", "units", "ties", "claims", "entities", "redirects", "touched")
RELATIONS = ("spokeWith", "leaderOf", "memberOf", "officialOf", "locatedIn", "rivalOf", "affiliatedWith")

people = st.builds(
    lambda n, a: local(n, "Person", *a), st.sampled_from(PEOPLE), st.sets(st.sampled_from(PEOPLE), max_size=1)
)
bodies = st.builds(
    lambda n, k, a: local(n, k, *a),
    st.sampled_from(BODIES),
    st.sampled_from(("Organization", "Party", "Organization")),
    st.sets(st.sampled_from(BODIES), max_size=2),
)
entities = st.lists(
    people | bodies | st.sampled_from(OTHERS), min_size=1, max_size=6, unique_by=lambda e: (e.name, e.kind)
)


@st.composite
def articles(draw: st.DrawFn) -> Pair:
    """An article with claims of all kinds among what it mentions; one in some has another's text."""
    number = draw(st.integers(0, 30))
    found = tuple(draw(entities))
    document, record = article(f"n{number}", *found)
    claims = tuple(draw(st.lists(_claims(record.claims, len(found)), max_size=4))) if record.claims else ()
    spoken = tuple(mention for mention in record.mentions if draw(st.integers(0, 5)))
    date = draw(st.sampled_from((None, dt.date(2015, 1, 1), dt.date(2020, 1, 1), dt.date(1950, 1, 1))))
    return replace(document, date=date), replace(record, claims=claims, mentions=spoken)


def _claims(like: Sequence[LocalClaim], size: int) -> st.SearchStrategy[LocalClaim]:
    ends = st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
    return st.builds(
        lambda ends, relation, modality, source, text: replace(
            like[0], subject=ends[0], object=ends[1], relation=relation, modality=modality, source=source,
            attribution=text,
        ),
        ends,
        st.sampled_from(RELATIONS),
        st.sampled_from((Modality.ASSERTED, Modality.ASSERTED, *Modality)),
        st.none() | st.integers(0, size - 1),
        st.sampled_from((None, "state media", "State Media", "officials")),
    )  # fmt: skip


def content(graph: Path) -> list[str]:
    """The lines of a graph, sorted."""
    return sorted(lines(open_graph(graph).triples()))


def kept(graph: Path) -> dict[str, object]:
    """All that the collection keeps of the graph."""
    with RecordStore.open(records_path(graph)) as store:
        basis = store.kept("derived", Basis)
        tables = {name: sorted(store.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        return {**tables, "basis": basis and replace(basis, stamp="")}


def same(graph: Path, change: Callable[[Path], BuildSummary]) -> BuildSummary:
    """Change a graph in place and by a whole derivation: the graph, what is kept, and what is said are the same."""
    other = graph.with_name("other")
    shutil.copy(records_path(graph), records_path(other))
    with RecordStore.open(records_path(other)) as store:
        store.keep("derived", None)
    summary, whole = change(graph), change(other)
    assert content(graph) == content(other)
    assert len(open_graph(graph)) == len(content(graph))
    assert summary == whole
    assert kept(graph) == kept(other)
    return summary


def adding(*pairs: Pair) -> Callable[[Path], BuildSummary]:
    """What puts articles into a graph."""

    def change(graph: Path) -> BuildSummary:
        add(graph, *pairs)
        return rederive(graph)

    return change


def removing(name: str) -> Callable[[Path], BuildSummary]:
    """What takes an article out of a graph."""
    return lambda graph: remove([name], graph)[1]


few = settings(
    max_examples=int(os.environ.get("KG_INCREMENT_EXAMPLES", "8")),
    deadline=None,
    derandomize="KG_INCREMENT_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
some = hypothesis.given(st.lists(articles(), min_size=2, max_size=7), st.data())


def check_one_by_one(pairs: list[Pair], data: st.DataObject) -> None:
    """Add articles one by one, replace some, take some out again; look at the graph each time."""
    with TemporaryDirectory() as folder:
        graph = Path(folder, "kg")
        adding(pairs[0])(graph)
        for pair in pairs[1:]:
            same(graph, adding(pair))
            if data.draw(st.integers(0, 3)) == 0:
                with RecordStore.open(records_path(graph)) as store:
                    there = [document.id for document in store.documents()]
                if len(there) > 1:
                    same(graph, removing(data.draw(st.sampled_from(there))))


@few
@some
def test_one_by_one(pairs: list[Pair], data: st.DataObject) -> None:
    """Articles come, change and go in any order: each time the graph is what the articles make together."""
    check_one_by_one(pairs, data)


@few
@some
def test_bounds_passed(monkeypatch: pytest.MonkeyPatch, pairs: list[Pair], data: st.DataObject) -> None:
    """So it is where company soon is too common to count and blocks are soon too large to be compared whole."""
    for module in (profile, part):
        monkeypatch.setattr(module, "KNOWN_TO_ALL", 2)
    for module in (links, part):
        monkeypatch.setattr(module, "LARGE", 3)
    check_one_by_one(pairs, data)


ADA, EVA, BODY = local("Ada Keller"), local("Eva Moreno"), local("Blue Petrol", "Organization", "BP")
FIRST = (article("a", ADA, EVA), article("b", local("Keller"), BODY, relation="leaderOf"), article("c", EVA, BODY))
MORE = article("d", local("Ada M. Keller"), local("BP", "Organization"), relation="leaderOf")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A graph of three articles in a store's folder."""
    path = tmp_path / "kg"
    adding(*FIRST)(path)
    return path


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One number for each derivation of a whole graph."""
    done: list[int] = []
    anew = pipeline._anew

    def counted(*given: Any) -> BuildSummary:
        done.append(len(done))
        return anew(*given)

    monkeypatch.setattr(pipeline, "_anew", counted)
    return done


def test_nothing_whole(graph: Path, whole: list[int]) -> None:
    """Articles that come, change or go make no whole derivation; nor does a build that brings nothing."""
    adding(MORE)(graph)
    adding((replace(MORE[0], title="News"), MORE[1]))(graph)
    remove(["a"], graph)
    rederive(graph)
    assert not whole
    assert "article" in "".join(content(graph))


def test_renamed(graph: Path) -> None:
    """An id that changes has its redirect, and the summary says so, as after a whole derivation."""
    same(graph, adding(article("e", local("Bill J. Moreno"), BODY)))
    (change,) = same(graph, adding(article("f", local("Bill Moreno"), EVA))).changes
    assert change.startswith("person/bill-j-moreno is person/bill-moreno now")
    with RecordStore.open(records_path(graph)) as store:
        assert store.redirects() == {"person/bill-j-moreno": ("person/bill-moreno",)}
    assert same(graph, removing("f")).changes


@pytest.mark.parametrize("bound", ["MOST_TOUCHED", "MOST_NAMES", "MOST_CHANGED"])
def test_too_much(graph: Path, whole: list[int], monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """Where much changes, the graph is derived whole, and the next change is a change again."""
    monkeypatch.setattr(increment, bound, 0)
    adding(MORE)(graph)
    assert len(whole) == 1
    monkeypatch.undo()
    same(graph, removing("b"))


def test_killed_when_too_much(graph: Path, whole: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that dies when it has turned to a whole derivation leaves that to the next."""

    def dying(*_: Any) -> BuildSummary:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(increment, "MOST_CHANGED", 0)
        patch.setattr(pipeline, "_anew", dying)
        with pytest.raises(KeyboardInterrupt):
            adding(MORE)(graph)
    rederive(graph)
    assert len(whole) == 1
    same(graph, removing("c"))


def test_fresh(graph: Path, whole: list[int], tmp_path: Path) -> None:
    """A collection begun anew knows nothing of the graph before."""
    (tmp_path / "e.txt").write_text("They met.", encoding="utf-8")
    with RecordStore.open(records_path(graph).with_name("kg.records.sqlite.fresh")) as store:
        document, record = article("e", ADA, EVA)
        document = next(d for d in read([tmp_path / "e.txt"]) if isinstance(d, Document))
        version = fingerprint(load_ontology(), model_version())
        store.put_record(input_digest(document), version, replace(record, article=document.id))
    assert build([tmp_path / "e.txt"], graph, fresh=True).articles == 1
    assert len(whole) == 1
    same(graph, adding(*FIRST))


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed(graph: Path, whole: list[int], monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """A build that dies before or after the graph is in its place leaves what the next build puts right."""
    reader = open_graph(graph)
    before = content(graph)

    def dying(change: Change, path: Path, *, stamp: str) -> int:
        if when == "after":
            change_folder(change, path, stamp=stamp)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(increment, "change_folder", dying)
        with pytest.raises(KeyboardInterrupt):
            adding(MORE)(graph)
    assert sorted(lines(reader.triples())) == before
    rederive(graph)
    assert len(whole) == (when == "after")
    same(graph, removing("c"))


def test_reader(graph: Path) -> None:
    """Who has the graph open goes on reading it as it was, however often it changes meanwhile."""
    before, reader = content(graph), open_graph(graph)
    adding(MORE)(graph)
    remove(["a"], graph)
    assert sorted(lines(reader.triples())) == before
    assert reader.ask("ASK { ?claim a kg:Claim }")


def test_changed_by_others(graph: Path, whole: list[int]) -> None:
    """A graph that something else has changed since is derived whole."""
    update(graph, "INSERT DATA { id:thing rdfs:label 'Thing' }")
    adding(MORE)(graph)
    assert len(whole) == 1
    assert "Thing" not in "".join(content(graph))


def test_corrected(graph: Path, whole: list[int]) -> None:
    """With corrections, all is derived whole; without them again, it is once more."""
    correct(graph, Decision.NAME, "Eva Moreno", "Eve Moreno")
    adding(MORE)(graph)
    correct(graph, Decision.NAME, "Eve Moreno", undo=True)
    assert len(whole) == 3
    same(graph, removing("b"))


def test_files_are_whole(tmp_path: Path, whole: list[int]) -> None:
    """A file is always written whole, and nothing is kept for changes."""
    path = tmp_path / "kg.ttl"
    adding(*FIRST)(path)
    adding(MORE)(path)
    assert len(whole) == 2
    with RecordStore.open(records_path(path)) as store:
        assert not store.rows("SELECT 1 FROM sqlite_schema WHERE name = 'sightings'")
