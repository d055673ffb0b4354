"""`NewsGraph.to_networkx`: what becomes a node, what an edge, and that other tools take it."""

from __future__ import annotations

import io

import networkx as nx
import pytest
from news import news, said

import kg
from kg.errors import BadQuery, NoClaims, UnknownTerm
from kg.model import Triple
from kg.store import Graph

TALKS = news(
    said("Bob spokeWith Ann", article="a1", sure=0.7, quote="Bob rang Ann."),
    said("Ann spokeWith Bob", article="a2", sure=0.9, quote="Ann rang Bob.", on="2020-08-10"),
    said("Ann spokeWith Bob", article="a2", sure=0.8, quote="Ann rang Bob again."),
    said("Ann metWith Cid", article="a2"),
    said("Ann rivalOf Bob", article="a3", how="denied"),
    said("Ann leaderOf Utopia", article="a3"),
    days={"a1": "2020-08-01", "a2": "2020-09-01", "a3": "2020-10-01"},
    kinds={"Utopia": "Country"},
)


def test_an_edge_sums_up_what_is_said():
    """Weight is the number of articles, the quote that of the surest claim, the days those of the claims."""
    graph = TALKS.to_networkx("spokeWith")
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph["Bob"]["Ann"]["spokeWith"] == {
        "relation": "spokeWith",
        "modality": "asserted",
        "weight": 2,
        "claims": 3,
        "confidence": 0.9,
        "first": "2020-08-01",
        "last": "2020-09-01",
        "quote": "Ann rang Bob.",
        "article": "Story a2",
    }
    assert graph.nodes["Ann"] == {"name": "Ann", "class": "Person", "iri": TALKS.iri("Ann")}


@pytest.mark.parametrize(
    ("options", "edges"),
    [
        pytest.param({}, "Ann-Bob Ann-Cid Ann-Utopia Bob-Ann Cid-Ann", id="asserted, symmetric ones each way"),
        pytest.param({"symmetric": "once"}, "Ann-Bob Ann-Cid Ann-Utopia", id="each once"),
        pytest.param({"relations": "spokeWith", "symmetric": "once"}, "Ann-Bob Ann-Cid", id="with those below"),
        pytest.param({"relations": ["metWith", "leader of"], "symmetric": "once"}, "Ann-Cid Ann-Utopia", id="several"),
        pytest.param({"modality": "denied", "symmetric": "once"}, "Ann-Bob", id="denied"),
        pytest.param({"modality": ["denied", "ended"], "symmetric": "once"}, "Ann-Bob", id="modalities"),
        pytest.param(
            {"modality": None, "symmetric": "once"}, "Ann-Bob Ann-Bob Ann-Cid Ann-Utopia", id="every modality"
        ),
        pytest.param({"since": "2020-09-15", "symmetric": "once"}, "Ann-Utopia", id="by the article's day"),
        pytest.param({"until": "2020-08-15", "symmetric": "once"}, "Ann-Bob", id="by the claim's day"),
        pytest.param({"min_confidence": 0.95}, "", id="none so sure"),
        pytest.param({"simple": True}, "Ann-Bob Ann-Cid Ann-Utopia", id="simple"),
    ],
)
def test_what_is_chosen(options, edges):
    """Relations, modalities, dates and confidence choose the claims that make edges."""
    found = TALKS.to_networkx(**options)
    assert sorted(f"{one}-{other}" for one, other in found.edges()) == edges.split()


def test_edges_of_other_modalities_say_so():
    """The key names the modality, so that asserted and denied stand beside each other."""
    graph = TALKS.to_networkx(modality=None)
    assert set(graph["Ann"]["Bob"]) == {"spokeWith", "rivalOf (denied)"}


def test_a_simple_graph_joins_all_that_is_said():
    """One undirected edge: the relations listed, the articles counted once; no loops."""
    graph = news(
        said("Ann allyOf Bob", article="a1"),
        said("Bob spokeWith Ann", article="a1"),
        said("Ann leaderOf Ann", article="a2"),
    ).to_networkx(simple=True)
    assert type(graph) is nx.Graph
    assert list(graph.edges(data="weight")) == [("Ann", "Bob", 1)]
    assert graph["Ann"]["Bob"]["relation"] == "allyOf, spokeWith"


def test_namesakes_are_told_apart():
    """Two entities of one name are two nodes, whichever of them the chosen edges need."""
    graph = news(
        said("Ann#1 metWith Bob"),
        said("Ann#2 leaderOf Utopia"),
        kinds={"Utopia": "Country"},
    )
    assert set(graph.to_networkx()) == {"Ann (person/ann-1)", "Ann (person/ann-2)", "Bob", "Utopia"}
    assert set(graph.to_networkx("metWith")) == {"Ann (person/ann-1)", "Bob"}
    assert graph.to_networkx().nodes["Ann (person/ann-1)"]["name"] == "Ann"


def test_inferred_edges_on_request():
    """They are another modality; their weight is the number of articles that they stand on."""
    graph = news(said("Ann metWith Bob", article="a1"), said("Bob metWith Ann", article="a2")).infer()
    assert graph.to_networkx("spokeWith", symmetric="once").size() == 1
    found = graph.to_networkx("spokeWith", symmetric="once", inferred=True)
    said_so = found["Ann"]["Bob"]["spokeWith (inferred)"]
    assert (said_so["modality"], said_so["weight"], said_so["claims"]) == ("inferred", 2, 2)
    assert "metWith" in said_so["quote"]


def test_edges_stand_where_networkx_puts_them():
    """The graph equals one that networkx made of its edges, forwards and backwards, and can be changed alike."""
    ours = TALKS.to_networkx(modality=None)
    theirs = nx.MultiDiGraph()
    theirs.add_nodes_from(ours.nodes(data=True))
    theirs.add_edges_from(ours.edges(keys=True, data=True))
    assert nx.utils.graphs_equal(ours, theirs)
    assert nx.utils.graphs_equal(ours.reverse(), theirs.reverse())
    for graph in (ours, theirs):
        graph["Ann"]["Bob"]["spokeWith"]["weight"] = 7
        graph.remove_edge("Bob", "Ann", "spokeWith")
        graph.add_edge("Cid", "Bob", "metWith")
    assert nx.utils.graphs_equal(ours, theirs)
    assert list(ours.in_edges("Bob")) == list(theirs.in_edges("Bob"))


ODD = news(said('A<b>&\x01"c metWith D\ufffe', quote='Said "a\x02b" <script>alert(1)</script> & more.\n'))


@pytest.mark.parametrize("graph", [TALKS, ODD], ids=["plain", "odd signs"])
@pytest.mark.parametrize("simple", [True, False])
def test_graphml_and_gexf_take_it(graph, simple):
    """Every attribute is text or a number that XML can hold; GraphML gives them back."""
    made = graph.to_networkx(modality=None, simple=simple)
    for *_, said_of in (*made.nodes(data=True), *made.edges(data=True)):
        assert {type(value) for value in said_of.values()} <= {str, int, float}
    file = io.BytesIO()
    nx.write_graphml(made, file)
    file.seek(0)
    read = nx.read_graphml(file, force_multigraph=not simple)
    assert dict(read.nodes(data=True)) == dict(made.nodes(data=True))
    assert len(read.edges) == len(made.edges)
    gexf = io.BytesIO()
    nx.write_gexf(made, gexf)
    gexf.seek(0)
    assert set(nx.read_gexf(gexf)) == set(made)


def test_the_same_graph_every_time():
    """Nodes and edges come in one order, whatever the order of the claims."""
    claims = [said("Bob metWith Ann"), said("Ann leaderOf Bob"), said("Cid rivalOf Ann"), said("Dot allyOf Bob")]
    one, other = news(*claims).to_networkx(), news(*claims[::-1]).to_networkx()
    assert list(one.nodes) == list(other.nodes) == sorted(one.nodes)
    assert list(one.edges(keys=True)) == list(other.edges(keys=True))


def test_what_cannot_be():
    """Errors say what is known; an empty graph gives an empty network, another tool's graph an explanation."""
    with pytest.raises(UnknownTerm, match="spokeWith"):
        TALKS.to_networkx("spokeWit")
    with pytest.raises(BadQuery, match="asserted, ended"):
        TALKS.to_networkx(modality="maybe")
    with pytest.raises(BadQuery, match="2020-08-15"):
        TALKS.to_networkx(since="soon")
    with pytest.raises(ValueError, match="'both'"):
        TALKS.to_networkx(symmetric="twice")
    empty = kg.NewsGraph(Graph.of([]))
    assert type(empty.to_networkx()) is nx.MultiDiGraph
    assert empty.to_networkx(simple=True, inferred=True).size() == 0
    with pytest.raises(NoClaims, match="another tool"):
        kg.NewsGraph(Graph.of([Triple("<a:ann>", "<a:knows>", "<a:bob>")])).to_networkx()
