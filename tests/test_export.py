"""Exports for other programs: GraphML and GEXF for those that draw networks, triple terms for those of RDF 1.2."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import OutputFailed
from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality
from kg.ontology import load_ontology
from kg.store import Graph, Kind, export, open_graph, write
from kg.store.network import Edge, Network, Node, network
from kg.triplify import triplify

READERS = {".graphml": nx.read_graphml, ".gexf": nx.read_gexf}


def news(*said: tuple[str, str, str, Modality, str], names: dict[str, str] | None = None) -> Graph:
    """A graph of claims (subject, relation, object, modality, article), told apart by their place."""
    names = names or {}
    people = sorted({end for one, _, other, *_ in said for end in (one, other)})
    claims = tuple(
        Claim(
            subject=f"person/{one}",
            relation=relation,
            object=f"person/{other}",
            modality=modality,
            confidence=0.5 + number / 100,
            evidence=Evidence(quote="They talked.", start=number, end=number + 12),
            article=article,
            date=dt.date(2020, 1, 1) if number == 1 else None,
        )
        for number, (one, relation, other, modality, article) in enumerate(said)
    )
    articles = {article: dt.date(2020, 8, number + 1) for number, article in enumerate(sorted({s[4] for s in said}))}
    knowledge = Knowledge(
        articles=tuple(Article(id=id, name=id, date=date) for id, date in articles.items()),
        entities=tuple(
            Entity(id=f"person/{person}", name=names.get(person, person.title()), kind="Person", aliases=("A & B",))
            for person in people
        ),
        claims=claims,
    )
    return Graph.of(triplify(knowledge, load_ontology()))


ASSERTED, DENIED = Modality.ASSERTED, Modality.DENIED


def ends(graph: Graph) -> list[tuple[str, str, str, int]]:
    """The edges of the network of a graph, without their details."""
    return [(e.source[7:], e.relation, e.target[7:], e.weight) for e in network(graph).edges]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("ada", "leaderOf", "bo", ASSERTED, "a1")], [("ada", "leaderOf", "bo", 1)]),
        ([("ada", "leaderOf", "bo", DENIED, "a1")], []),
        # a symmetric relation stands once, whoever was named first
        (
            [("bo", "spokeWith", "ada", ASSERTED, "a1"), ("ada", "spokeWith", "bo", ASSERTED, "a2")],
            [("ada", "spokeWith", "bo", 2)],
        ),
        # another one has its directions
        (
            [("bo", "sanctionedBy", "ada", ASSERTED, "a1"), ("ada", "sanctionedBy", "bo", ASSERTED, "a1")],
            [("ada", "sanctionedBy", "bo", 1), ("bo", "sanctionedBy", "ada", 1)],
        ),
        # articles count, not claims
        (
            [("ada", "rivalOf", "bo", ASSERTED, "a1"), ("ada", "rivalOf", "bo", ASSERTED, "a1")],
            [("ada", "rivalOf", "bo", 1)],
        ),
        # two relations of a pair are two edges
        (
            [("ada", "allyOf", "bo", ASSERTED, "a1"), ("ada", "spokeWith", "bo", ASSERTED, "a1")],
            [("ada", "allyOf", "bo", 1), ("ada", "spokeWith", "bo", 1)],
        ),
    ],
)
def test_network_of(said, expected):
    """What is asserted makes an edge, weighted by its articles."""
    assert ends(news(*said)) == expected


def test_details_of_an_edge():
    """Labels, the span of days (the text's, else the article's) and the surest claim."""
    graph = news(("ada", "spokeWith", "bo", ASSERTED, "a1"), ("ada", "spokeWith", "bo", ASSERTED, "a2"))
    (edge,) = network(graph).edges
    assert (edge.label, edge.symmetric, edge.first, edge.last, edge.confidence) == (
        "spoke with",
        True,
        "2020-01-01",
        "2020-08-01",
        0.51,
    )


def test_own_relation_is_symmetric_if_its_ontology_says_so(tmp_path):
    """The ontology that a graph was built with is asked; without it the local name and both directions stand."""
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix : <https://example.org/own#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        ":playsWith a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:label 'plays with'@en ."
    )
    claim = "<a:c{0}> a kg:Claim ; rdf:subject <a:{1}> ; rdf:predicate <https://example.org/own#playsWith> ; "
    claim += "rdf:object <a:{2}> ; kg:modality kg:Asserted ; kg:confidence 0.5 ; prov:wasDerivedFrom <a:news> .\n"
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in Graph.of([]).prefixes.items())
    (tmp_path / "kg.ttl").write_text(prefixes + claim.format(1, "x", "y") + claim.format(2, "y", "x"))
    graph = open_graph(tmp_path / "kg.ttl")
    known = load_ontology((own,), worded=False)
    assert [(e.source, e.label, e.target) for e in network(graph, ontology=known).edges] == [
        ("a:x", "plays with", "a:y")
    ]
    assert [e.label for e in network(graph).edges] == ["playsWith", "playsWith"]


@pytest.mark.parametrize("suffix", sorted(READERS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=8) | st.sampled_from(["<b>&amp;", '"]]>\x00', "a\r\n\tb", "\ufffe", "é 😀"]))
def test_any_name_is_valid_xml(tmp_path, suffix, name):
    """Whatever an article calls somebody, networkx reads the file, and the name but for what XML cannot hold."""
    graph = news(("ada", "leaderOf", "bo", ASSERTED, "a1"), names={"ada": name})
    export(graph, tmp_path / f"net{suffix}")
    read = READERS[suffix](tmp_path / f"net{suffix}")
    ElementTree.parse(tmp_path / f"net{suffix}")
    expected = "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in name)
    assert read.nodes["person/ada"]["label"] == expected


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_attributes_are_plain(tmp_path, suffix):
    """Nodes and edges have strings and numbers under the names that Gephi knows."""
    graph = news(("ada", "spokeWith", "bo", ASSERTED, "a1"), ("ada", "leaderOf", "bo", ASSERTED, "a1"))
    assert export(graph, tmp_path / f"net{suffix}") == 2
    read = READERS[suffix](tmp_path / f"net{suffix}")
    assert read.is_directed()
    assert read.is_multigraph()
    assert read.nodes["person/ada"] == {
        "label": "Ada",
        "class": "Person",
        "aliases": "A & B",
        "iri": "https://w3id.org/news-kg/id/person/ada",
    }
    found = sorted(read.edges(data=True), key=lambda edge: edge[2]["relation"])
    assert [edge[:2] for edge in found] == [("person/ada", "person/bo")] * 2
    details = {key: value for key, value in found[1][2].items() if key != "id"}
    assert details == {
        "label": "spoke with",
        "relation": "spokeWith",
        "symmetric": True,
        "weight": 1,
        "confidence": 0.5,
        "first": "2020-08-01",
        "last": "2020-08-01",
    }


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".csv"])
def test_same_graph_same_bytes(tmp_path, suffix):
    """Neither the order of the triples nor where they lie changes a network."""
    graph = news(("ada", "spokeWith", "bo", ASSERTED, "a1"), ("bo", "leaderOf", "cy", ASSERTED, "a2"))
    triples = list(graph.triples())
    write(triples, tmp_path / f"one{suffix}")
    write(reversed(triples), tmp_path / f"other{suffix}")
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"other{suffix}").read_bytes()


def test_unnamed_things_are_called_by_their_iri():
    """An entity without label and class has a node with its local name."""
    graph = Graph.of(t for t in news(("ada", "leaderOf", "bo", ASSERTED, "a1")).triples() if "label" not in t.predicate)
    assert [node.label for node in network(graph).nodes] == ["ada", "bo"]


def test_nodes_and_edges_are_values():
    """They compare and sort."""
    assert Network(nodes=(), edges=()) == Network(nodes=(), edges=())
    assert Node(id="a", label="", kind="", aliases="", iri="") < Node(id="b", label="", kind="", aliases="", iri="")
    assert Edge.__dataclass_params__.frozen  # type: ignore[attr-defined]  # which typeshed does not know


# ---------------------------------------------------------------- triple terms

SAID = [("ada", "leaderOf", "bo", ASSERTED, "a1"), ("ada", "spokeWith", "bo", DENIED, "a1")]


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nt", ".nq", ".rdf", ".ttl.gz", ""])
def test_triple_terms_come_back(tmp_path, suffix):
    """Each claim quotes its triple, denied ones too, and what kg reads is what it wrote."""
    graph = news(*SAID)
    number = export(graph, tmp_path / f"kg{suffix}", triple_terms=True)
    again = open_graph(tmp_path / f"kg{suffix}")
    assert number == len(again) == len(graph) + 2
    terms = again.select("SELECT ?term { ?claim rdf:reifies ?term } ORDER BY STR(?claim)")
    assert {row[0].kind for row in terms} == {Kind.TRIPLE}
    asked = "SELECT ?who { ?claim kg:modality kg:Denied ; rdf:reifies <<( ?who kg:spokeWith ?whom )>> }"
    assert [str(row[0]) for row in again.select(asked)] == ["https://w3id.org/news-kg/id/person/ada"]
    assert not again.ask("ASK { ?who kg:spokeWith ?whom }")  # to quote is not to say
    export(again, tmp_path / "again.nt")
    export(graph, tmp_path / "once.nt", triple_terms=True)
    assert (tmp_path / "again.nt").read_bytes() == (tmp_path / "once.nt").read_bytes()


@pytest.mark.parametrize("suffix", [".jsonld", ".csv", ".graphml", ".gexf"])
def test_formats_without_triple_terms(tmp_path, suffix):
    """A format that cannot hold them says so, and writes nothing."""
    with pytest.raises(OutputFailed, match=r"cannot hold triple terms; write \.ttl"):
        export(news(*SAID), tmp_path / f"kg{suffix}", triple_terms=True)
    assert list(tmp_path.iterdir()) == []


def test_graph_with_triple_terms_is_no_jsonld(tmp_path):
    """A graph that already has triple terms says so when it is to become JSON-LD."""
    export(news(*SAID), tmp_path / "kg.ttl", triple_terms=True)
    with pytest.raises(OutputFailed, match="JSON-LD cannot hold triple terms"):
        export(open_graph(tmp_path / "kg.ttl"), tmp_path / "kg.jsonld")
    assert [file.name for file in tmp_path.iterdir()] == ["kg.ttl"]


# ---------------------------------------------------------------- the command


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """`kg` with these arguments: exit code, stdout, stderr."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("form", ["ttl", "nt", "nq", "trig", "jsonld", "rdf", "graphml", "gexf", "csv"])
def test_every_format_by_name_and_on_stdout(tmp_path, form):
    """`--format` and a suffix give the same bytes."""
    export(news(*SAID), tmp_path / "kg.ttl")
    assert run("export", "-g", tmp_path / "kg.ttl", "-o", tmp_path / f"out.{form}")[0] == 0
    code, out, _ = run("export", "-g", tmp_path / "kg.ttl", "-o", "-", "-f", form.upper())
    assert (code, out) == (0, (tmp_path / f"out.{form}").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "x.docx"], "names no graph format; known: .ttl"),
        (["-o", "-"], "name the format with --format"),
        (["-o", "x.ttl", "-f", "docx"], "'docx' is no format"),
        (["-o", "x.gexf", "--triple-terms"], "cannot hold triple terms"),
        (["-o", "nowhere/x.gexf"], "make it first"),
        (["-o", "x.gexf", "--ontology", "none.ttl"], "none.ttl: No such file"),
    ],
)
def test_what_cannot_be_exported(tmp_path, monkeypatch, arguments, words):
    """Wrong use is told in words, with exit code 2."""
    monkeypatch.chdir(tmp_path)
    export(news(*SAID), "kg.ttl")
    code, _, errors = run("export", *arguments)
    assert code == 2
    assert words in " ".join(errors.replace("│", " ").split())


def test_network_without_edges_is_told(tmp_path):
    """An empty network is written, and said to be empty."""
    export(news(("ada", "spokeWith", "bo", DENIED, "a1")), tmp_path / "kg.ttl")
    code, _, errors = run("export", "-g", tmp_path / "kg.ttl", "-o", tmp_path / "net.gexf")
    assert (code, errors) == (0, "kg: the network is empty: no claim of the graph asserts an edge\n")
    assert len(nx.read_gexf(tmp_path / "net.gexf")) == 0


def test_a_network_is_not_read_back(tmp_path):
    """GraphML is no graph that kg opens."""
    export(news(*SAID), tmp_path / "net.graphml")
    code, _, errors = run("stats", "-g", tmp_path / "net.graphml")
    assert code == 2
    assert "a network cannot be read back" in errors
