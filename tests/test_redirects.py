"""An id that is no more goes on working, and the summary says what became of it."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from handmade import add, article, local, made
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.correct import correct
from kg.corrections import Decision
from kg.errors import UnknownEntity
from kg.explain import explain_entity
from kg.model import BuildSummary, Entity
from kg.ontology import BASE
from kg.pipeline import records_path, rederive, remove
from kg.query import resolve_entity, run
from kg.records import RecordStore, successors
from kg.redirects import changes, heirs, redirected
from kg.store import open_graph

ADA = local("Ada Berg")


def berg(id: str = "person/ada-berg", kind: str = "Person", **more: object) -> Entity:
    """An entity."""
    return Entity(id=id, name="Ada Berg", kind=kind, **more)  # type: ignore[arg-type]  # the fields of an entity


# ---------------------------------------------------------------- what came of what


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"a": "12"}, {"a": "123"}, {}),
        ({"a": "12"}, {"b": "123"}, {"a": ("b",)}),
        ({"a": "12", "b": "3"}, {"b": "123"}, {"a": ("b",)}),
        ({"a": "123"}, {"b": "12", "c": "3"}, {"a": ("b", "c")}),
        ({"a": "12"}, {"b": "3"}, {}),  # its articles are gone
        ({"a": ""}, {"b": "1"}, {}),
        ({}, {"a": "1"}, {}),
    ],
)
def test_heirs(before: dict[str, str], now: dict[str, str], expected: dict[str, tuple[str, ...]]) -> None:
    """The ids that the same names of the same articles have now; of several, that of most names first."""
    was, is_ = ({id: [(n, "x") for n in names] for id, names in state.items()} for state in (before, now))
    assert heirs(was, is_) == expected


@pytest.mark.parametrize(
    ("redirects", "gone", "now", "expected"),
    [
        ({}, {"a": ["b"]}, "b", {"a": ("b",)}),
        ({"a": ["b"]}, {"b": ["c"]}, "c", {"a": ("c",), "b": ("c",)}),
        ({"a": ["b"]}, {"b": ["c", "d"]}, "cd", {"a": ("c", "d"), "b": ("c", "d")}),
        ({"a": ["b", "c"]}, {"b": ["c"]}, "c", {"a": ("c",), "b": ("c",)}),
        ({"a": ["b"]}, {}, "c", {}),  # b is gone for good
        ({"a": ["b"]}, {"b": ["a"]}, "a", {"b": ("a",)}),  # a is back
    ],
)
def test_chains_are_collapsed(
    redirects: dict[str, list[str]], gone: dict[str, list[str]], now: str, expected: dict[str, tuple[str, ...]]
) -> None:
    """Each old id leads straight to what is there now."""
    assert redirected(redirects, gone, now) == expected


states = st.lists(
    st.dictionaries(st.integers(0, 5), st.sampled_from("abcd"), min_size=1), min_size=2, max_size=5
)  # which id each name has, one build after another


@given(states)
def test_a_redirect_leads_to_what_is_there(history: list[dict[int, str]]) -> None:
    """Whatever builds come one after another: no redirect from an id that is there, none to one that is not."""
    before: dict[str, list[tuple[str, str]]] = {}
    redirects: dict[str, tuple[str, ...]] = {}
    for state in history:
        now = {id: [(str(name), "x") for name, has in state.items() if has == id] for id in set(state.values())}
        redirects = redirected(redirects, heirs(before, now), now)
        assert all(old not in now and new and set(new) <= now.keys() for old, new in redirects.items())
        before = now


@pytest.mark.parametrize(
    ("before", "now", "entity", "expected"),
    [
        (
            {"person/a": "1"},
            {"person/ada-berg": "1"},
            berg(),
            'person/a is person/ada-berg now: it is called "Ada Berg"',
        ),
        (
            {"person/a": "1", "person/ada-berg": "2"},
            {"person/ada-berg": "12"},
            berg(notes=("A (1 article) = Ada Berg: initial .90 (0.90)",)),
            "person/a is one with person/ada-berg now (A (1 article) = Ada Berg: initial .90 (0.90))",
        ),
        (
            {"agent/ada-berg": "1"},
            {"person/ada-berg": "1"},
            berg(),
            "agent/ada-berg is person/ada-berg now: it is of the class Person",
        ),
        (
            {"person/ada-berg": "1"},
            {"person/mp-1": "1"},
            berg("person/mp-1", identifier="mp-1"),
            "person/ada-berg is person/mp-1 now: it is mp-1 on your list",
        ),
        (
            {"person/x": "12"},
            {"person/ada-berg": "1", "person/y": "2"},
            berg(),
            "person/x is now several: person/ada-berg, person/y",
        ),
        (
            {"person/x": "12"},
            {"person/ada-berg": "1", "person/x": "2"},
            berg(),
            "person/ada-berg is a thing of its own now, no part of person/x",
        ),
    ],
)
def test_changes_in_words(before: dict[str, str], now: dict[str, str], entity: Entity, expected: str) -> None:
    """What was renamed, merged or split, and why."""
    was, is_ = ({id: [(n, "x") for n in names] for id, names in state.items()} for state in (before, now))
    assert list(changes(was, is_, [entity])) == [expected]


# ---------------------------------------------------------------- in a collection


def grown(graph: Path, *pairs: object) -> BuildSummary:
    """The graph with more articles."""
    add(graph, *pairs)  # type: ignore[arg-type]  # pairs of article and record
    return rederive(graph)


def same(graph: Path) -> None:
    """Ada Berg and Bo Lind are one."""
    correct(graph, Decision.SAME, "Ada Berg", "Bo Lind")


PAIRS = [article("one", ADA, local("Cy Moe")), article("two", local("Bo Lind"), local("Cy Moe"))]


def test_an_old_id_goes_on_working(tmp_path: Path) -> None:
    """In `explain`, in parameters of queries, in the Python door; as IRI or as prefixed name."""
    graph = made(tmp_path / "kg.ttl", PAIRS)
    same(graph)
    opened = open_graph(graph)
    new = resolve_entity(opened, "Ada Berg")
    (old,) = {BASE + "person/ada-berg", BASE + "person/bo-lind"} - {new}
    for name in (old, f"<{old}>", old.replace(BASE, "id:")):
        assert resolve_entity(opened, name) == new
        assert explain_entity(opened, name).splitlines()[1] == f"IRI: {new}"
    assert len(run(opened, "SELECT ?whom { ?who kg:spokeWith ?whom }", {"who": old})) == 1
    assert "Ada Berg" in str(kg.open(graph).explain(old))
    assert successors(graph, old) == (new,)
    assert old.encode() not in graph.read_bytes()


def test_a_chain_of_changes_leads_to_the_end(tmp_path: Path) -> None:
    """Merged, then of another class, then apart again."""
    graph = made(tmp_path / "kg.ttl", [article("zero", local("Harbour Union", "Organization")), *PAIRS])
    correct(graph, Decision.KIND, "Harbour Union", "Region")
    correct(graph, Decision.KIND, "Harbour Union", "Vessel")
    assert successors(graph, BASE + "organization/harbour-union") == (BASE + "vessel/harbour-union",)
    assert successors(graph, BASE + "place/harbour-union") == (BASE + "vessel/harbour-union",)
    correct(graph, Decision.KIND, "Harbour Union", undo=True)
    assert successors(graph, BASE + "organization/harbour-union") == ()
    assert successors(graph, BASE + "vessel/harbour-union") == (BASE + "organization/harbour-union",)


def test_what_was_split_says_so(tmp_path: Path) -> None:
    """The old id may mean either."""
    graph = made(tmp_path / "kg.ttl", PAIRS)
    with RecordStore.open(records_path(graph)) as store:
        store.put_entities(store.entities(), {"person/x": ["person/ada-berg", "person/bo-lind"]})
    with pytest.raises(UnknownEntity, match="is several entities now: say id:person/ada-berg or id:person/bo-lind"):
        resolve_entity(open_graph(graph), "id:person/x")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_history_is_not_in_the_graph(order: tuple[int, ...], tmp_path: Path) -> None:
    """Article after article, in any order: the same bytes, whatever ids there were on the way."""
    pairs = [article("a", local("D. Berg")), article("b", local("Dora Berg")), article("c", local("Dora M. Berg"), ADA)]
    expected = made(tmp_path / "all.ttl", pairs).read_bytes()
    for number in order:
        grown(tmp_path / "kg.ttl", pairs[number])
    assert (tmp_path / "kg.ttl").read_bytes() == expected
    now = resolve_entity(open_graph(tmp_path / "kg.ttl"), "Dora Berg")
    for id in ("person/d-berg", "person/dora-berg", "person/dora-m-berg"):
        assert successors(tmp_path / "kg.ttl", BASE + id) in ((), (now,))


def test_the_summary_names_what_changed(tmp_path: Path) -> None:
    """Of a build that changes nothing, nothing."""
    graph = made(tmp_path / "kg.ttl", [article("a", local("D. Berg"))])
    summary = grown(graph, article("b", local("Dora Berg")))
    (change,) = summary.changes
    assert change.startswith(("person/d-berg is person/dora-berg now: ", "person/d-berg is one with"))
    assert rederive(graph).changes == ()


def test_what_is_removed_leads_nowhere(tmp_path: Path) -> None:
    """Its entities are gone, and so are the redirects to them."""
    graph = made(tmp_path / "kg.ttl", PAIRS)
    correct(graph, Decision.KIND, "Bo Lind", "Vessel")
    assert successors(graph, BASE + "person/bo-lind")
    remove(["two"], graph)
    assert successors(graph, BASE + "person/bo-lind") == ()
    with pytest.raises(UnknownEntity, match="says nothing of"):
        resolve_entity(open_graph(graph), "id:person/bo-lind")


def test_another_base(tmp_path: Path) -> None:
    """Redirects know the IRIs of the graph."""
    graph = made(tmp_path / "kg.ttl", PAIRS)
    with RecordStore.open(records_path(graph)) as store:
        store.keep("base", "https://x.example/id/")
    rederive(graph)
    correct(graph, Decision.KIND, "Bo Lind", "Vessel")
    assert successors(graph, "https://x.example/id/person/bo-lind") == ("https://x.example/id/vessel/bo-lind",)


def test_files_that_are_no_collection_know_nothing(tmp_path: Path) -> None:
    """And stop nobody."""
    for content in (b"", b"scribble " * 99):
        (tmp_path / "kg.ttl.records.sqlite").write_bytes(content)
        assert successors(tmp_path / "kg.ttl", BASE + "person/a") == ()
    assert successors("http://localhost:1/query", BASE + "person/a") == ()


# ---------------------------------------------------------------- an entity in words


def test_explain_tells_all_that_is_known(tmp_path: Path) -> None:
    """Names with counts, articles, why forms were merged, what was nearly merged, corrections."""
    pairs = [article("one", ADA), article("two", ADA, local("A. Berg")), article("three", local("Berg"))]
    graph = made(tmp_path / "kg.ttl", pairs)
    correct(graph, Decision.NAME, "Ada Berg", "Ada von Berg")
    told = explain_entity(open_graph(graph), "Ada von Berg").splitlines()
    assert told[:2] == ["Ada von Berg (person)", f"IRI: {BASE}person/ada-berg"]
    assert 'Mentions in 2 articles: "Ada Berg" 2, "A. Berg" 1' in told
    assert told[told.index("Articles, the latest first:") + 1 :][:2] == ["  one", "  two"]
    assert told[told.index("One because:") + 1].startswith("  A. Berg (1 article) = Ada Berg: initial")
    assert any("is kept apart from" in line for line in told)
    assert told[-2:] == ["Corrected:", f'  {graph}.corrections.ttl, line 8: kg rename person/ada-berg "Ada von Berg"']


def test_explain_without_a_collection(tmp_path: Path) -> None:
    """What the graph itself tells is told."""
    graph = made(tmp_path / "kg.ttl", PAIRS)
    records_path(graph).unlink()
    told = explain_entity(open_graph(graph), "Ada Berg")
    assert "Named in 1 article" in told
    assert "Mentions" not in told
