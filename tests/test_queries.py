"""The saved queries on the graph of the examples and on a small invented one: each tells what there is to tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality
from kg.ontology import load_ontology
from kg.pipeline import build
from kg.query import cells, run, saved_queries
from kg.store import Graph, Rows, open_graph
from kg.triplify import triplify

EXAMPLES = Path(__file__).parents[1] / "examples"
NEEDED = {  # what cannot be left out, on the examples
    "allies_of_rivals": {"actor": "Tikhanovskaya"},
    "between": {"one": "Putin", "other": "Lukashenko"},
    "paths": {"one": "Merkel", "other": "Lukashenko"},
}
NOT_IN_EXAMPLES = {"contradictions", "mediators"}  # nobody denies there what another states, or talks to both sides


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of the example articles."""
    path = tmp_path_factory.mktemp("examples") / "kg.ttl"
    build([EXAMPLES], path)
    return open_graph(path)


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_saved_query_tells_something(examples: Graph, name: str) -> None:
    """Every saved query parses, runs and gives rows or triples, without parameters or with those that it needs."""
    answer = run(examples, name, NEEDED.get(name, {}))
    assert not isinstance(answer, bool)
    found = answer.rows if isinstance(answer, Rows) else list(answer)
    assert bool(found) == (name not in NOT_IN_EXAMPLES)


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("leaders", {"country": "Belarus"}, "Alexander Lukashenko"),
        ("spoke_with", {"actor": "Merkel"}, "Vladimir Putin"),
        ("sanctions", {"imposer": "Latvia"}, "Belarusian officials"),
        ("rivals", {"actor": "Lukashenko"}, "Svetlana Tikhanovskaya"),
        ("prospective_sanctions", {"imposer": "EU"}, "Belarusian officials"),
        ("sanctioned_contacts", {"country": "Russia"}, "Alexander Lukashenko"),
    ],
)
def test_saved_query_with_a_name(examples: Graph, name: str, parameters: dict[str, str], expected: str) -> None:
    """A parameter is a name as people write it."""
    answer = run(examples, name, parameters)
    assert isinstance(answer, Rows)
    assert expected in {term.value for row in answer for term in row if term}


# ---------------------------------------------------------------- an invented graph

KINDS = {"Arvia": "Country", "Borland": "Country", "Celtia": "Country", "Union": "Organization"}
DAYS = {"may": dt.date(2024, 5, 1), "june": dt.date(2024, 6, 2), "july": dt.date(2024, 7, 3), "undated": None}


class Said(NamedTuple):
    """A claim of an article, in names."""

    article: str
    subject: str
    relation: str
    object: str
    modality: Modality = Modality.ASSERTED
    source: str | None = None


ENDED, PROSPECTIVE, DENIED = Modality.ENDED, Modality.PROSPECTIVE, Modality.DENIED
SAID = (
    Said("may", "Ann Ash", "leaderOf", "Arvia"),
    Said("june", "Ann Ash", "leaderOf", "Arvia"),
    Said("july", "Ann Ash", "leaderOf", "Arvia", ENDED),
    Said("july", "Bob Birch", "leaderOf", "Arvia"),
    Said("may", "Cy Cole", "leaderOf", "Borland"),
    Said("undated", "Cy Cole", "leaderOf", "Borland"),
    Said("may", "Ann Ash", "rivalOf", "Cy Cole"),
    Said("june", "Ann Ash", "metWith", "Dee Dale"),
    Said("june", "Dee Dale", "spokeWith", "Cy Cole", source="Union"),
    Said("july", "Cy Cole", "spokeWith", "Dee Dale", DENIED, "Cy Cole"),
    Said("may", "Cy Cole", "allyOf", "Eve Elm"),
    Said("june", "Eve Elm", "rivalOf", "Cy Cole", source="Union"),
    Said("may", "Dee Dale", "sanctionedBy", "Arvia"),
    Said("june", "Dee Dale", "sanctionedBy", "Union"),
    Said("july", "Eve Elm", "sanctionedBy", "Union"),
    Said("july", "Cy Cole", "sanctionedBy", "Union", PROSPECTIVE),
    Said("july", "Eve Elm", "sanctionedBy", "Celtia", ENDED),
)


def slug(name: str) -> str:
    """The id of an invented entity."""
    return f"thing/{name.lower().replace(' ', '-')}"


def claim(number: int, said: Said) -> Claim:
    """The claim, with a quote that tells it."""
    quote = f"{said.subject} {said.relation} {said.object}, it says in {said.article}."
    return Claim(
        subject=slug(said.subject),
        relation=said.relation,
        object=slug(said.object),
        modality=said.modality,
        confidence=0.9,
        evidence=Evidence(quote=quote, start=number * 200, end=number * 200 + len(quote)),
        article=said.article,
        attribution=said.source,
        source=slug(said.source) if said.source else None,
    )


@pytest.fixture(scope="module")
def invented() -> Graph:
    """Four articles, nine entities, seventeen claims."""
    named = {name: {s.article for s in SAID if name in s} for s in SAID for name in (s.subject, s.object)}
    known = Knowledge(
        articles=tuple(Article(id=name, name=name, title=name.upper(), date=day) for name, day in DAYS.items()),
        entities=tuple(
            Entity(id=slug(name), name=name, kind=KINDS.get(name, "Person"), articles=tuple(where))
            for name, where in named.items()
        ),
        claims=tuple(claim(number, said) for number, said in enumerate(SAID)),
    )
    return Graph.of(triplify(known, load_ontology()))


ANSWERS = [
    (
        "leaders_on",
        {},
        "leader leads first last articles",
        ["Bob Birch Arvia 2024-07-03 2024-07-03 1", "Cy Cole Borland 2024-05-01 2024-05-01 2"],
    ),
    ("leaders_on", {"on": "2024-06-15", "country": "Arvia"}, "leader last", ["Ann Ash 2024-06-02"]),
    ("leaders_on", {"on": "2024-04-30"}, "leader", []),
    ("prospective_sanctions", {}, "threatened by date", ["Cy Cole Union 2024-07-03"]),
    ("prospective_sanctions", {"target": "Dee Dale"}, "threatened", []),
    ("sanctions", {"status": "ended"}, "sanctioned by modality", ["Eve Elm Celtia ended"]),
    ("sanctions", {"status": "Asserted", "imposer": "union"}, "sanctioned", ["Dee Dale", "Eve Elm"]),
    (
        "sanctioned_by_several",
        {},
        "sanctioned imposers by target",
        ["Dee Dale 2 Arvia, Union id:thing/dee-dale"],
    ),
    ("sanctioned_by_several", {"least": "1"}, "sanctioned", ["Dee Dale", "Eve Elm"]),
    (
        "sanctioned_contacts",
        {},
        "sanctioned spoke_to leads how date",
        ["Dee Dale Ann Ash Arvia metWith 2024-06-02", "Dee Dale Cy Cole Borland spokeWith 2024-06-02"],
    ),
    ("sanctioned_contacts", {"country": "Borland"}, "sanctioned spoke_to", ["Dee Dale Cy Cole"]),
    (
        "office_changes",
        {},
        "left office of date successors",
        ["Ann Ash leaderOf Arvia 2024-07-03 Bob Birch"],
    ),
    ("office_changes", {"until": "2024-06-30"}, "left", []),
    (
        "contradictions",
        {},
        "kind subject how object against date against_date",
        [
            "ally and rival Cy Cole allyOf Eve Elm rivalOf 2024-05-01 2024-06-02",
            "stated and denied Dee Dale spokeWith Cy Cole not spokeWith 2024-06-02 2024-07-03",
        ],
    ),
    (
        "contradictions",
        {"actor": "Dee Dale"},
        "source against_source",
        ["Union Cy Cole"],
    ),
    ("contradictions", {"relation": "allyOf"}, "kind", ["ally and rival"]),
    (
        "between",
        {"one": "Cy Cole", "other": "Eve Elm"},
        "subject how object date",
        ["Cy Cole allyOf Eve Elm 2024-05-01", "Eve Elm rivalOf Cy Cole 2024-06-02"],
    ),
    ("between", {"one": "Union", "other": "Arvia"}, "subject", []),
    (
        "claims_by_month",
        {"relation": "leaderOf"},
        "month how claims asserted articles",
        [" leaderOf 1 1 1", "2024-05 leaderOf 2 2 1", "2024-06 leaderOf 1 1 1", "2024-07 leaderOf 2 1 1"],
    ),
    (
        "claims_by_month",
        {"actor": "Eve Elm", "since": "2024-06-01"},
        "month how claims",
        ["2024-06 rivalOf 1", "2024-07 sanctionedBy 2"],
    ),
    (
        "unverified",
        {"actor": "Cy Cole"},
        "from how to source date article",
        [
            "Ann Ash rivalOf Cy Cole  2024-05-01 MAY",
            "Cy Cole allyOf Eve Elm  2024-05-01 MAY",
            "Dee Dale spokeWith Cy Cole Union 2024-06-02 JUNE",
            "Eve Elm rivalOf Cy Cole Union 2024-06-02 JUNE",
        ],
    ),
    ("unverified", {"relation": "leaderOf"}, "from", ["Bob Birch"]),
    (
        "most_reported",
        {},
        "from how to articles first last",
        ["Ann Ash leaderOf Arvia 2 2024-05-01 2024-06-02", "Cy Cole leaderOf Borland 2 2024-05-01 2024-05-01"],
    ),
    ("new_edges", {"since": "2024-07-01"}, "from how to", ["Bob Birch leaderOf Arvia", "Eve Elm sanctionedBy Union"]),
    ("new_edges", {"since": "2024-06-01", "relation": "leaderOf"}, "from", ["Bob Birch"]),
    ("mediators", {}, "mediator side other_side", ["Dee Dale Ann Ash Cy Cole"]),
    ("mediators", {"actor": "Cy Cole"}, "mediator side other_side", ["Dee Dale Cy Cole Ann Ash"]),
    ("allies_of_rivals", {"actor": "Ann Ash"}, "rival ally also_own_ally", ["Cy Cole Eve Elm false"]),
    (
        "speakers",
        {},
        "speaker claims articles actors first last",
        ["Union 2 1 2 2024-06-02 2024-06-02", "Cy Cole 1 1 1 2024-07-03 2024-07-03"],
    ),
    (
        "articles",
        {"actor": "Arvia"},
        "date article names claims",
        ["2024-07-03 JULY Arvia 2", "2024-06-02 JUNE Arvia 1", "2024-05-01 MAY Arvia 2"],
    ),
    ("articles", {"actor": "Eve Elm", "since": "2024-06-10"}, "article", ["JULY"]),
    (
        "paths",
        {"one": "Bob Birch", "other": "Dee Dale"},
        "steps path",
        ["2 Bob Birch -leaderOf-> Arvia <-sanctionedBy- Dee Dale"],
    ),
    (
        "paths",
        {"one": "Ann Ash", "other": "Cy Cole"},
        "steps path",
        ["1 Ann Ash -rivalOf-> Cy Cole", "2 Ann Ash -metWith-> Dee Dale -spokeWith-> Cy Cole"],
    ),
    (
        "paths",
        {"one": "Bob Birch", "other": "Union", "longest": "3"},
        "steps path",
        ["3 Bob Birch -leaderOf-> Arvia <-sanctionedBy- Dee Dale -sanctionedBy-> Union"],
    ),
    ("paths", {"one": "Ann Ash", "other": "Cy Cole", "relation": "spoke with", "longest": "1"}, "path", []),
]


@pytest.mark.parametrize(("name", "parameters", "columns", "expected"), ANSWERS)
def test_a_saved_query_answers(
    name: str, parameters: dict[str, str], columns: str, expected: list[str], invented: Graph
) -> None:
    """Some parameters, the columns looked at, the rows that come."""
    answer = run(invented, name, parameters)
    assert isinstance(answer, Rows)
    places = [answer.variables.index(column) for column in columns.split()]
    rows = [cells(row, prefixes=invented.prefixes) for row in answer]
    assert [" ".join(row[place] for place in places) for row in rows] == expected
