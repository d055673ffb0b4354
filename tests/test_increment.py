"""A graph in a store's folder, changed article by article, is the graph that all the articles make at once."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
from handmade import Pair, add, article, local
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kg.derived import Basis
from kg.model import BuildSummary, LocalClaim, Modality
from kg.pipeline import records_path, rederive, remove
from kg.records import RecordStore
from kg.store import open_graph
from kg.store.layout import lines

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
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@few
@hypothesis.given(st.lists(articles(), min_size=2, max_size=8), st.data())
def test_one_by_one(pairs: list[Pair], data: st.DataObject) -> None:
    """Articles added one by one, some replaced, some taken out again: each time the graph is what all of them make."""
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
