"""`kg.analyse` on graphs small enough to work the values out by hand."""

from __future__ import annotations

import math

import networkx as nx
import pandas as pd
import pytest
from news import news, said

import kg
from kg import analyse
from kg.errors import UnknownEntity, UnknownTerm
from kg.store import Graph

EMPTY = kg.NewsGraph(Graph.of([]))
CHAIN = nx.path_graph(["Ann", "Bob", "Cid", "Dot", "Eve"])
TWO_TRIANGLES = nx.Graph(
    [("Ann", "Bob"), ("Bob", "Cid"), ("Ann", "Cid"), ("Cid", "Dot"), ("Dot", "Eve"), ("Eve", "Fay"), ("Dot", "Fay")]
)
EVENTS = news(
    said("Ann metWith Bob", article="p1", on="2020-08-03"),
    said("Ann metWith Bob", article="q1"),
    said("Bob metWith Cid", article="p1", quote="Bob met Cid."),
    said("Ann metWith Dot", article="p2", quote="Ann met Dot."),
    said("Dot spokeWith Cid", article="p2"),
    said("Cid allyOf Eve", article="p3", quote="Cid stands by Eve."),
    said("Fay metWith Guy", article="p3"),
    said("Eve rivalOf Fay", article="p3"),
    days={"p1": "2020-08-10", "q1": "2020-08-11", "p2": "2020-10-02"},
)


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of a table as tuples."""
    return list(table[list(columns)].itertuples(index=False, name=None))


# ---------------------------------------------------------------- central


def test_central_in_a_chain():
    """Six pairs lie around a node: the middle one is between four of them, its neighbours between three."""
    table = analyse.central(CHAIN)
    assert rows(table, "name", "degree") == [("Cid", 2), ("Bob", 2), ("Dot", 2), ("Ann", 1), ("Eve", 1)]
    assert table["betweenness"].tolist() == pytest.approx([4 / 6, 3 / 6, 3 / 6, 0, 0])


def test_pagerank_of_a_star():
    """The hub's rank solves h = 0.15 / 4 + 0.85 (1 - h); the leaves share the rest."""
    table = analyse.central(nx.star_graph(["hub", "a", "b", "c"]))
    hub = (0.15 / 4 + 0.85) / 1.85
    assert table["pagerank"].tolist() == pytest.approx([hub, *[(1 - hub) / 3] * 3])


def test_pagerank_follows_weights_and_forgives_the_lonely():
    """Of a walk from the middle of a-b=c, two thirds go to c; two nodes without ties are equal."""
    ranks = analyse.central(nx.Graph([("a", "b", {"weight": 1}), ("b", "c", {"weight": 2})])).set_index("name")[
        "pagerank"
    ]
    assert (ranks["a"] - 0.05) * 2 == pytest.approx(ranks["c"] - 0.05)
    assert analyse.central(nx.empty_graph(["a", "b"]))["pagerank"].tolist() == [0.5, 0.5]


def test_central_of_a_news_graph():
    """Neighbours are counted once, the articles behind them all; the claims can be chosen."""
    table = analyse.central(EVENTS, limit=2)
    assert rows(table, "name", "class", "degree", "strength") == [("Cid", "Person", 3, 3), ("Bob", "Person", 2, 3)]
    assert table["iri"][0] == EVENTS.iri("Cid")
    assert rows(analyse.central(EVENTS, relations="allyOf"), "name") == [("Cid",), ("Eve",)]
    with pytest.raises(TypeError, match="relations"):
        analyse.central(CHAIN, relations="allyOf")


def test_large_networks_are_estimated_alike_each_time():
    """Above 500 actors betweenness comes from a sample: the same one every time."""
    network = nx.path_graph(600)
    network = nx.relabel_nodes(network, {n: f"n{n:03}" for n in network})
    one, other = analyse.central(network), analyse.central(network)
    pd.testing.assert_frame_equal(one, other)
    assert one["name"][0].startswith(("n2", "n3"))


# ---------------------------------------------------------------- brokers and blocs


@pytest.mark.parametrize(
    ("blocs", "role"),
    [
        pytest.param({"Ann": "red", "Bob": "red", "Cid": "red"}, "coordinator", id="all in one"),
        pytest.param({"Ann": "red", "Bob": "red", "Cid": "blue"}, "gatekeeper", id="door of its bloc"),
        pytest.param({"Ann": "red", "Bob": "blue", "Cid": "red"}, "itinerant", id="from outside"),
        pytest.param({"Ann": "red", "Bob": "blue", "Cid": "green"}, "liaison", id="three blocs"),
        pytest.param({}, "liaison", id="each on its own"),
    ],
)
def test_roles_of_a_broker(blocs, role):
    """Ann - Bob - Cid: the roles of Bob, whose constraint is two halves squared."""
    table = analyse.brokers(nx.path_graph(["Ann", "Bob", "Cid"]), blocs=blocs)
    assert rows(table, "name", role, "constraint") == [("Bob", 1, 0.5)]
    assert table["between"][0] == (0 if role == "coordinator" else 1)
    assert sum(table[name][0] for name in ("coordinator", "gatekeeper", "itinerant", "liaison")) == 1


def test_brokers_between_found_blocs():
    """Cid and Dot each open the door to the other triangle for two; pairs that are tied need no broker."""
    table = analyse.brokers(TWO_TRIANGLES)
    assert rows(table, "name", "gatekeeper", "between", "coordinator") == [("Cid", 2, 2, 0), ("Dot", 2, 2, 0)]


def test_brokers_between_classes():
    """The class of each actor is its bloc."""
    graph = news(
        said("Ann leaderOf Utopia"),
        said("Bob officialOf Utopia"),
        said("Utopia allyOf Arcadia"),
        kinds={"Utopia": "Country", "Arcadia": "Country"},
    )
    assert rows(analyse.brokers(graph, blocs="class"), "name", "itinerant", "gatekeeper") == [("Utopia", 1, 2)]
    with pytest.raises(ValueError, match="'class'"):
        analyse.brokers(graph, blocs="party")


def test_communities_of_two_triangles():
    """Seven ties: each triangle has three of them and half of all ends, 2 (3/7 - 1/4) above chance."""
    table = analyse.communities(TWO_TRIANGLES)
    assert rows(table, "community", "around", "name", "inside", "degree") == [
        (1, "Cid", "Cid", 2, 3),
        (1, "Cid", "Ann", 2, 2),
        (1, "Cid", "Bob", 2, 2),
        (2, "Dot", "Dot", 2, 3),
        (2, "Dot", "Eve", 2, 2),
        (2, "Dot", "Fay", 2, 2),
    ]
    assert table.attrs["modularity"] == round(2 * (3 / 7 - 1 / 4), 4)


def test_communities_without_ties():
    """Each on its own."""
    assert rows(analyse.communities(nx.empty_graph(["a", "b"])), "community", "name") == [(1, "a"), (2, "b")]


# ---------------------------------------------------------------- ways


def test_path_takes_what_more_articles_tell():
    """Two ways of two steps lead from Ann to Cid: that over Bob has a tie with two articles."""
    table = analyse.path(EVENTS, "Ann", "Eve")
    assert rows(table, "step", "from", "to", "relation", "articles") == [
        (1, "Ann", "Bob", "metWith", 2),
        (2, "Bob", "Cid", "metWith", 1),
        (3, "Cid", "Eve", "allyOf", 1),
    ]
    assert table["quote"].tolist()[1:] == ["Bob met Cid.", "Cid stands by Eve."]
    assert table["first"][0] == pd.Timestamp("2020-08-03")


def test_path_tells_every_relation_of_a_step():
    """In the direction of the relation, whichever way the path goes."""
    graph = news(said("Ann leaderOf Bob"), said("Bob allyOf Ann", article="b"), said("Ann allyOf Bob", article="c"))
    assert rows(analyse.path(graph, "Bob", "Ann"), "from", "subject", "relation", "object") == [
        ("Bob", "Ann", "allyOf", "Bob"),
        ("Bob", "Ann", "leaderOf", "Bob"),
    ]


def test_path_without_a_way():
    """Two that nothing joins, and one alone, give no rows; a name that nobody bears is an error that helps."""
    assert analyse.path(EVENTS, "Ann", "Guy", relations="metWith").empty
    assert analyse.path(EVENTS, "Ann", "Ann").empty
    with pytest.raises(UnknownEntity, match="did you mean Ann"):
        analyse.path(EVENTS, "Anna", "Guy")
    with pytest.raises(UnknownEntity, match=r"Fay .*take more relations"):
        analyse.path(EVENTS, "Cid", "Fay", relations="allyOf")


def test_ego():
    """The actor's own ties come first, then those among its neighbours, then those a hop on."""
    assert rows(analyse.ego(EVENTS, "Eve"), "distance", "subject", "relation", "object") == [
        (0, "Cid", "allyOf", "Eve"),
        (0, "Eve", "rivalOf", "Fay"),
    ]
    assert rows(
        analyse.ego(EVENTS, "Eve", hops=2, relations=["allyOf", "metWith"]), "distance", "subject", "object"
    ) == [
        (0, "Cid", "Eve"),
        (1, "Bob", "Cid"),
    ]


# ---------------------------------------------------------------- sanctions


def test_exposure():
    """From the sanctioned outwards; neither the sanction itself nor a rivalry brings anyone near."""
    graph = news(
        said("Ann sanctionedBy Utopia"),
        said("Arcadia sanctions Bob", article="b"),
        said("Cid allyOf Ann"),
        said("Dot metWith Cid"),
        said("Eve metWith Dot"),
        said("Fay metWith Eve"),
        said("Guy rivalOf Ann"),
        said("Hal sanctionedBy Utopia", how="prospective"),
        said("Cid metWith Bob"),
        kinds={"Utopia": "Country", "Arcadia": "Country"},
    )
    assert rows(analyse.exposure(graph), "name", "distance", "nearest", "by", "via", "ties") == [
        ("Ann", 0, "Ann", "Utopia", "", 0),
        ("Bob", 0, "Bob", "Arcadia", "", 0),
        ("Cid", 1, "Ann", "Utopia", "", 2),
        ("Dot", 2, "Ann", "Utopia", "Cid", 0),
        ("Eve", 3, "Ann", "Utopia", "Dot - Cid", 0),
    ]
    assert len(analyse.exposure(graph, reach=1)) == 3
    assert ("Guy", 1) in rows(analyse.exposure(graph, relations=["rivalOf"]), "name", "distance")


# ---------------------------------------------------------------- balance


@pytest.mark.parametrize(
    ("ties", "state", "why"),
    [
        pytest.param("Ann+Bob Bob+Cid Ann+Cid", "stable", "Ann, Bob and Cid are all allies", id="three allies"),
        pytest.param(
            "Ann+Bob Bob-Cid Ann-Cid", "stable", "Ann and Bob are allies and share the rival Cid", id="a common rival"
        ),
        pytest.param(
            "Ann-Bob Bob+Cid Ann+Cid", "tense", "Cid is an ally of both Ann and Bob, who are rivals", id="a torn friend"
        ),
        pytest.param("Ann-Bob Bob-Cid Ann-Cid", "tense", "Ann, Bob and Cid are all rivals", id="three rivals"),
    ],
)
def test_balance_of_a_triangle(ties, state, why):
    """Stable where the product of the signs is positive."""
    relations = {"+": "allyOf", "-": "rivalOf"}
    table = analyse.balance(news(*(said(f"{tie[:3]} {relations[tie[3]]} {tie[4:]}") for tie in ties.split())))
    assert rows(table, "actor_1", "actor_2", "actor_3", "state", "why") == [("Ann", "Bob", "Cid", state, why)]
    assert table.attrs["balanced"] == (1.0 if state == "stable" else 0.0)


def test_balance_weighs_both_signs():
    """What more articles say counts; where as many say either, there is no tie."""
    claims = [said("Ann allyOf Bob"), said("Bob allyOf Cid"), said("Ann allyOf Cid")]
    assert analyse.balance(news(*claims, said("Ann rivalOf Bob", article="b"))).empty
    table = analyse.balance(news(*claims, said("Ann rivalOf Bob", article="b"), said("Bob rivalOf Ann", article="c")))
    assert rows(table, "state", "rivalries", "articles") == [("tense", 1, 1)]
    assert math.isnan(analyse.balance(EVENTS).attrs["balanced"])


# ---------------------------------------------------------------- over time


def test_over_time():
    """Months between are there with zeros; a tie is new once; a claim's own day goes before its article's."""
    table = analyse.over_time(EVENTS, relations="spokeWith")
    assert rows(
        table.assign(month=table["period"].dt.strftime("%Y-%m")), "month", "relation", "claims", "ties", "new"
    ) == [
        ("2020-08", "metWith", 3, 2, 2),
        ("2020-08", "spokeWith", 0, 0, 0),
        ("2020-09", "metWith", 0, 0, 0),
        ("2020-09", "spokeWith", 0, 0, 0),
        ("2020-10", "metWith", 1, 1, 1),
        ("2020-10", "spokeWith", 1, 1, 1),
    ]


def test_a_moving_window():
    """Three months at a time: each sums up itself and the two before it."""
    table = analyse.over_time(EVENTS, relations="metWith", window=3)
    assert rows(table, "claims", "articles", "ties", "new") == [(3, 2, 2, 2), (3, 2, 2, 0), (4, 3, 3, 1)]
    assert len(analyse.over_time(EVENTS, by="year", relations="metWith")) == 1
    assert analyse.over_time(EVENTS, by="week", relations="metWith")["period"].dt.day_of_week.eq(0).all()


@pytest.mark.parametrize(("options", "message"), [({"by": "moon"}, "month"), ({"window": 0}, "one period")])
def test_over_time_refuses(options, message):
    """A period that is none, an empty window."""
    with pytest.raises(ValueError, match=message):
        analyse.over_time(EVENTS, **options)


# ---------------------------------------------------------------- who reports what


def test_co_mentions():
    """Two of the three articles that name Ann or Bob name both; of Bob and Cid's four, one."""
    table = analyse.co_mentions(EVENTS)
    found = {
        (one, other): (number, share)
        for one, other, number, share in rows(table, "one", "other", "articles", "jaccard")
    }
    assert rows(table, "one", "other", "articles")[0] == ("Ann", "Bob", 2)
    assert found["Ann", "Bob"] == (2, pytest.approx(2 / 3))
    assert found["Bob", "Cid"] == (1, pytest.approx(1 / 4))
    assert analyse.co_mentions(EVENTS, kind="Country").empty
    assert len(analyse.co_mentions(EVENTS, least=2)) == 2
    with pytest.raises(UnknownTerm, match="Person"):
        analyse.co_mentions(EVENTS, kind="Persn")


FEUD = news(
    said("Ann metWith Bob", article="p1", by="Ann", quote="I met him."),
    said("Bob metWith Ann", article="q1", how="denied", by="Bob", quote="I never did."),
    said("Ann metWith Bob", article="q2", how="denied", sure=0.3),
    said("Ann leaderOf Bob", article="q2"),
    said("Bob leaderOf Ann", article="p1", how="denied"),
    said("Ann metWith Bob", article="r1", how="ended"),
)


def test_sources():
    """Who is quoted is a source, else the paper; what no other says in any way is its own."""
    table = analyse.sources(FEUD)
    assert rows(table, "source", "quoted", "claims", "asserted", "denied", "ties", "alone", "mostly") == [
        ("Paper q", False, 2, 1, 1, 2, 1, "leaderOf"),
        ("Ann", True, 1, 1, 0, 1, 0, "metWith"),
        ("Bob", True, 1, 0, 1, 1, 0, "metWith"),
        ("Paper p", False, 1, 0, 1, 1, 1, "leaderOf"),
        ("Paper r", False, 1, 0, 0, 1, 0, "metWith"),
    ]
    assert rows(analyse.sources(FEUD, modality="ended"), "source") == [("Paper r",)]


def test_contradictions():
    """One asserts what another denies: either way in a symmetric relation, one way in others; an end is none."""
    table = analyse.contradictions(FEUD)
    assert rows(table, "relation", "asserted_by", "denied_by", "asserted_quote", "denied_quote") == [
        ("metWith", "Ann", "Bob", "I met him.", "I never did."),
        ("metWith", "Ann", "Paper q", "I met him.", "Ann metWith Bob, wrote q2."),
    ]


# ---------------------------------------------------------------- all of them

ALL = {
    "central": analyse.central,
    "brokers": analyse.brokers,
    "communities": analyse.communities,
    "balance": analyse.balance,
    "over_time": analyse.over_time,
    "co_mentions": analyse.co_mentions,
    "sources": analyse.sources,
    "contradictions": analyse.contradictions,
    "exposure": analyse.exposure,
}
RICH = news(
    said("Ann allyOf Bob"), said("Bob allyOf Cid"), said("Ann rivalOf Cid"), said("Dot sanctionedBy Ann"),
    said("Dot allyOf Ann", how="denied", by="Bob"), said("Dot allyOf Ann"),
    days={"a": "2020-08-15"},
)  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_an_empty_graph_gives_an_empty_table_of_the_same_types(name):
    """Code that works on a table works on an empty one."""
    empty, full = ALL[name](EMPTY), ALL[name](RICH)
    assert empty.empty
    assert not full.empty
    assert empty.columns.tolist() == full.columns.tolist()
    kinds = [frame.dtypes.astype(str).to_dict() for frame in (empty, full)]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("name", ALL)
def test_the_same_graph_gives_the_same_table(name):
    """Twice the same, to the byte."""
    pd.testing.assert_frame_equal(ALL[name](RICH), ALL[name](RICH))


def test_the_claims_to_count_are_chosen_alike():
    """Dates, confidence and modality narrow each analysis; what a rule infers was said by nobody."""
    assert analyse.central(EVENTS, since="2020-09-01")["name"].tolist() == ["Dot", "Ann", "Cid"]
    assert analyse.communities(EVENTS, min_confidence=0.95).empty
    assert analyse.sources(EVENTS, until="2020-08-05")["source"].tolist() == ["Paper p"]
    assert len(analyse.central(EVENTS.infer(), relations="spokeWith", inferred=True)) == 6
    with pytest.raises(ValueError, match="inferred"):
        analyse.sources(EVENTS, inferred=True)
