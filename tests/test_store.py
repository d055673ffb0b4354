"""Graphs in memory, in files and in folders: they open, answer, and are written whole or not at all."""

from __future__ import annotations

import csv
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BadGraph, BadQuery, OutputFailed
from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality, Triple
from kg.ontology import BASE, NAMESPACE, load_ontology
from kg.store import PREFIXES, Graph, Term, export, open_graph, write
from kg.store.bind import bind
from kg.store.xml import FORBIDDEN
from kg.triplify import iri, literal, triplify

SUFFIXES = ["ttl", "nt", "nq", "trig", "jsonld", "rdf", "xml", "ttl.gz", "nt.gz", "jsonld.gz", "rdf.gz"]
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SMALL = [
    Triple(f"<{BASE}person/a-b>", RDF_TYPE, f"<{NAMESPACE}Person>"),
    Triple(f"<{BASE}person/a-b>", "<http://www.w3.org/2000/01/rdf-schema#label>", '"A \\"B\\""@en'),
]

# Any text, control characters and lone surrogates too.
texts = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(
    [
        '"',
        "\\",
        "\\u0041",
        "\r\n",
        "\t",
        "'''",
        '"""',
        "\u202eabc",
        "😀",
        "\x00",
        "\x7f",
        "\ud800",
        " a ",
        "]]>",
        "&lt;",
    ]
)
names = st.builds(
    lambda folder, text: iri(folder + text),
    st.sampled_from([BASE, BASE + "person/", NAMESPACE, "http://example.org/", "http://www.wikidata.org/entity/Q"]),
    texts,
)
predicates = st.sampled_from([RDF_TYPE, f"<{NAMESPACE}spokeWith>", f"<{NAMESPACE}quote>", "<http://example.org/p>"])
literals = st.one_of(
    st.builds(literal, texts),
    st.builds(lambda text: literal(text, lang="en"), texts),
    st.builds(lambda n: literal(str(n), datatype=XSD + "integer"), st.integers()),
    st.sampled_from(["0.93", "1", "-0.5", "1e3", "99999999999999999999.5"]).map(
        lambda n: literal(n, datatype=XSD + "decimal")
    ),
    st.dates().map(lambda d: literal(d.isoformat(), datatype=XSD + "date")),
    st.builds(lambda text: literal(text, datatype=NAMESPACE + "own"), texts),
)
triples = st.builds(Triple, names, predicates, names | literals)
typed = triples.filter(lambda t: t.predicate != RDF_TYPE or t.object.startswith("<"))  # a type is a class
graphs = st.lists(typed, max_size=8)
quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def listed(folder: Path) -> list[str]:
    """The names in a folder, hidden ones too."""
    return sorted(file.name for file in folder.iterdir())


def news() -> Knowledge:
    """Two claims of one article."""

    def claim(modality: Modality, quote: str, source: str | None) -> Claim:
        return Claim(
            subject="person/ada-berg",
            relation="spokeWith",
            object="person/bo-lind",
            modality=modality,
            confidence=0.5,
            evidence=Evidence(quote=quote, start=0, end=len(quote)),
            article="a1",
            attribution=source,
        )

    people = [("person/ada-berg", "Ada Berg"), ("person/bo-lind", "Bo Lind")]
    return Knowledge(
        articles=(Article(id="a1", name="report"),),
        entities=tuple(Entity(id=id, name=name, kind="Person", articles=("a1",)) for id, name in people),
        claims=(
            claim(Modality.ASSERTED, "Ada Berg met Bo Lind.", None),
            claim(Modality.DENIED, 'Ada Berg, "never", met Bo Lind.', "state media"),
        ),
    )


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize(
    ("query", "bindings", "expected"),
    [
        ("SELECT ?x { ?x ?p ?o }", {"x": "<a:b>"}, "SELECT ?x { VALUES ?x { <a:b> } ?x ?p ?o }"),
        ("SELECT ?x { ?x ?p ?o }", {}, "SELECT ?x { ?x ?p ?o }"),
        ("SELECT * { ?s ?p $x }", {"x": '"1"'}, 'SELECT * { VALUES ?x { "1" } ?s ?p $x }'),
        (
            'SELECT * { ?s ?p "?x {" . {?a ?b ?c} UNION {?x ?y ?z} } # ?x {',
            {"x": "<a:b>"},
            'SELECT * { VALUES ?x { <a:b> } ?s ?p "?x {" . {?a ?b ?c} UNION { VALUES ?x { <a:b> }?x ?y ?z} } # ?x {',
        ),
        (
            "CONSTRUCT { ?x <a:p> ?o } WHERE { ?x ?p ?o }",
            {"x": "<a:b>"},
            "CONSTRUCT { ?x <a:p> ?o } WHERE { VALUES ?x { <a:b> } ?x ?p ?o }",
        ),
        (
            "SELECT * { { SELECT ?x { ?x ?p ?o } } VALUES (?x ?y) { (1 2) } }",
            {"x": "<a:b>"},
            "SELECT * { VALUES ?x { <a:b> } { SELECT ?x { VALUES ?x { <a:b> } ?x ?p ?o } } VALUES (?x ?y) { (1 2) } }",
        ),
    ],
)
def test_bind_puts_values_where_the_variable_stands(query, bindings, expected):
    """Values are given in the pattern and in each group that names the variable, never in strings or templates."""
    assert bind(query, bindings) == expected


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("SELECT ?s { ?s ?p ?v }", 2),
        ("SELECT ?s { ?s ?p ?o FILTER(?o = ?v) }", 2),
        ("SELECT ?s { ?s ?p ?o OPTIONAL { ?s <a:none> ?n } FILTER(!BOUND(?v) || ?o = ?v) }", 2),
        ("SELECT ?s { { ?s ?p ?o FILTER(?o = ?v) } UNION { ?s <a:none> ?v } }", 2),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?v }", 1),
        ("SELECT ?v (COUNT(?s) AS ?n) { ?s ?p ?v } GROUP BY ?v", 1),
        ("SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?p ?v } }", 1),
    ],
)
def test_bound_variable_holds_everywhere(query, count):
    """A bound variable means its value in filters, branches, aggregates and negations."""
    objects = ("x", "x", "y")
    graph = Graph.of(Triple(f"<a:{i}>", "<a:p>", f'"{text}"') for i, text in enumerate(objects))
    assert len(graph.select(query, {"v": '"x"'})) == count


@pytest.mark.parametrize(
    ("query", "bindings", "words"),
    [
        ("SELECT ?s { ?s ?p ", {}, "line 1, column"),
        ("SELECT ?s { ?s ex:p ?o }", {}, "prefix ex:"),
        ("ASK { ?s ?p ?o }", {}, "a SELECT query is needed"),
        ("SELECT ?s { ?s ?p ?o }", {"who": "<a:b>"}, "no variable ?who"),
        ("SELECT ?s { ?s ?p ?o }", {"o": "Minsk"}, "no RDF term"),
        ("SELECT ?s { ?s ?p ?o }", {"o": '"a" } INSERT { <a:b> <a:b> "c"'}, "no RDF term"),
        ("SELECT ?s { ?s ?p ?o }", {"o": "_:b"}, "cannot be bound"),
    ],
)
def test_bad_query(query, bindings, words):
    """What is wrong with a query is said in words."""
    with pytest.raises(BadQuery, match=words.replace("?", r"\?")):
        Graph.of(SMALL).select(query, bindings)


def test_query_answers_by_form():
    """SELECT gives terms and Python values, ASK a truth, CONSTRUCT triples."""
    graph = Graph.of([Triple("<a:b>", "<a:p>", literal("0.5", datatype=XSD + "decimal"))])
    rows = graph.select("SELECT ?s ?o ?none { ?s ?p ?o }")
    assert rows.variables == ("s", "o", "none")
    assert list(rows.values()) == [("a:b", Decimal("0.5"), None)]
    assert rows.rows[0][0] == Term.iri("a:b")
    assert graph.ask("ASK { ?s ?p ?o }") is True
    assert list(graph.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == list(graph.triples())
    with pytest.raises(BadQuery):
        graph.construct("ASK { ?s ?p ?o }")


def test_rdf_is_a_view():
    """The rdflib graph holds the same triples, with the prefixes bound."""
    view = Graph.of(SMALL).rdf
    assert len(view) == 2
    found = [str(term) for row in view.query("SELECT ?s { ?s a kg:Person }").bindings for term in row.values()]
    assert view.namespace_manager.expand_curie("kg:Person").endswith("#Person")
    assert found == [f"{BASE}person/a-b"]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("suffix", SUFFIXES)
@quick
@given(graph=graphs)
def test_round_trip(tmp_path, suffix, graph):
    """What is written is what is read, in every format (but for characters that XML cannot hold)."""
    path = tmp_path / f"graph.{suffix}"
    if suffix.startswith(("rdf", "xml")):
        graph = [t for t in graph if not FORBIDDEN.search(_text(t.object))]
    assert write(graph, path) == len(set(graph))
    assert set(open_graph(path).triples()) == set(graph)


def _text(term: str) -> str:
    """The plain text of a term."""
    (quad,) = ox.parse(f"<a:> <a:> {term} .", format=ox.RdfFormat.N_TRIPLES)
    return str(getattr(quad.object, "value", ""))


@settings(quick, max_examples=5)  # each makes a folder of files
@given(graph=graphs)
def test_store_round_trip(tmp_path, graph):
    """A folder holds the same triples, and is replaced by the next graph."""
    assert write(graph, tmp_path / "store") == len(set(graph))
    assert set(open_graph(tmp_path / "store").triples()) == set(graph)


@quick
@given(graph=graphs)
def test_turtle_is_read_by_rdflib(tmp_path, graph):
    """Another parser reads as many triples from the Turtle."""
    import rdflib

    graph = [t for t in graph if t.predicate != RDF_TYPE]
    write(graph, tmp_path / "graph.ttl")
    found = rdflib.Graph().parse(tmp_path / "graph.ttl")
    assert {str(s) for s in found.subjects()} == {t.subject[1:-1] for t in graph}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_graph_same_bytes(tmp_path, suffix):
    """Neither the order of the triples nor doubles change a file."""
    graph = list(triplify(news(), load_ontology()))
    one, other = tmp_path / f"one.{suffix}", tmp_path / f"other.{suffix}"
    assert write(graph, one) == write([*reversed(graph), *graph], other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("term", "short"),
    [
        (f"<{BASE}person/ada-berg>", r"id:person\/ada-berg"),
        (f"<{NAMESPACE}leaderOf>", "kg:leaderOf"),
        (f"<{BASE}person/a.b>", r"id:person\/a.b"),
        (f"<{BASE}person/a.>", f"<{BASE}person/a.>"),
        (f"<{BASE}-a>", f"<{BASE}-a>"),
        (f"<{BASE}a%20b>", "id:a%20b"),
        (f"<{BASE}é>", f"<{BASE}é>"),
        (f"<{BASE}a(b)>", f"<{BASE}a(b)>"),
        (f"<{BASE}>", f"<{BASE}>"),
        ("<http://example.org/x>", "<http://example.org/x>"),
        (f'"7"^^<{XSD}integer>', "7"),
        (f'"0.93"^^<{XSD}decimal>', "0.93"),
        (f'"1."^^<{XSD}decimal>', '"1."^^xsd:decimal'),
        (f'"x"^^<{XSD}integer>', '"x"^^xsd:integer'),
        (f'"2020-08-15"^^<{XSD}date>', '"2020-08-15"^^xsd:date'),
        ('"a>"@en', '"a>"@en'),
        ('"<a:b>"', '"<a:b>"'),
        (r'"a\"^^<x>"', r'"a\"^^<x>"'),
    ],
)
def test_turtle_terms(tmp_path, term, short):
    """Names are short where Turtle allows it, else written in full."""
    write([Triple("<a:b>", "<a:p>", term)], tmp_path / "graph.ttl")
    assert f"\n<a:b> <a:p> {short} .\n" in (tmp_path / "graph.ttl").read_text("utf-8")


def test_turtle_layout(tmp_path):
    """Prefixes in a fixed order, then a block a subject: its type first, a line a predicate."""
    more = Triple(f"<{BASE}person/a-b>", f"<{NAMESPACE}spokeWith>", f"<{BASE}person/d>")
    write([more, more._replace(object=f"<{BASE}person/c>"), *SMALL], tmp_path / "graph.ttl")
    head, body = (tmp_path / "graph.ttl").read_text().split("\n\n")
    assert [line.split()[1].rstrip(":") for line in head.splitlines()] == list(PREFIXES)
    assert body.splitlines() == [
        r"id:person\/a-b a kg:Person ;",
        r'    rdfs:label "A \"B\""@en ;',
        r"    kg:spokeWith id:person\/c, id:person\/d .",
    ]


def test_own_base_is_shortened(tmp_path):
    """The prefix `id:` stands for the base that a graph was built with, and for queries too."""
    graph = list(triplify(news(), load_ontology(), base="http://example.org/news/"))
    write(graph, tmp_path / "graph.ttl", base="http://example.org/news/")
    assert "\nid:article\\/a1 a schema:NewsArticle, kg:Article ;\n" in (tmp_path / "graph.ttl").read_text()
    opened = open_graph(tmp_path / "graph.ttl")
    assert opened.base == "http://example.org/news/"
    assert opened.ask(r"ASK { id:person\/ada-berg a kg:Person }")
    export(opened, tmp_path / "again.ttl")
    assert (tmp_path / "again.ttl").read_bytes() == (tmp_path / "graph.ttl").read_bytes()


def test_claims_as_csv(tmp_path):
    """A row a claim, with labels; the number of rows is given back."""
    graph = triplify(news(), load_ontology())
    assert write(graph, tmp_path / "claims.csv") == 2
    with (tmp_path / "claims.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["subject"], r["relation"], r["object"], r["modality"], r["attribution"]) for r in rows] == [
        ("Ada Berg", "spokeWith", "Bo Lind", "asserted", ""),
        ("Ada Berg", "spokeWith", "Bo Lind", "denied", "state media"),
    ]
    assert rows[1]["quote"] == 'Ada Berg, "never", met Bo Lind.'
    assert (rows[0]["confidence"], rows[0]["article"]) == ("0.5", "report")


def test_jsonld_has_a_context(tmp_path):
    """JSON-LD names things by prefix, and integers are JSON numbers."""
    write(triplify(news(), load_ontology()), tmp_path / "graph.jsonld")
    text = (tmp_path / "graph.jsonld").read_text()
    assert '"kg": {"@id": "https://w3id.org/news-kg/ontology#", "@prefix": true}' in text
    assert '"@id": "id:person/ada-berg", "@type": "kg:Person"' in text
    assert '"kg:start": 0' in text


def test_named_graphs_are_read_as_one(tmp_path):
    """Quads of other people's files are not lost."""
    (tmp_path / "graph.nq").write_text("<a:a> <a:b> <a:c> <a:g> .\n<a:a> <a:b> <a:d> .\n")
    assert len(open_graph(tmp_path / "graph.nq")) == 2


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.ttl", None, "no such file"),
        ("none", None, "no such file or folder"),
        ("graph.ttl", b"@prefix a: <a:> .\na:b a:c a:d .\na:b a:", "line 3"),
        ("graph.ttl", b'<a:a> <a:b> "\xff" .', "line 1: not valid Turtle"),
        ("graph.nt", b"<a:a> <a:b> .\n", "line 1: not valid N-Triples"),
        ("graph.rdf", b"<rdf:RDF", "not valid RDF/XML"),
        ("graph.jsonld", b'{"@id": ', "not valid JSON-LD"),
        ("graph.ttl.gz", b"not gzip", "broken gzip data"),
        ("graph.ttl.gz", gzip.compress(b"<a:a> <a:b> <a:c> .\n" * 99)[:-12], "broken gzip data"),
        ("graph.docx", b"", "names no graph format; known: .ttl, .nt"),
        ("claims.csv", b"", "a table cannot be read back"),
    ],
)
def test_unreadable_file(tmp_path, name, content, words):
    """A file that is no graph is refused with the reason and the line."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadGraph, match=words):
        open_graph(tmp_path / name)


def test_folder_that_is_no_store(tmp_path):
    """A folder of something else is neither read nor overwritten."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadGraph, match="no graph store"):
        open_graph(tmp_path)
    with pytest.raises(OutputFailed, match=r"holds other things \(notes.txt\)"):
        write(SMALL, tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_damaged_store(tmp_path):
    """A store with a broken file is refused in words."""
    write(SMALL, tmp_path / "store")
    (tmp_path / "store" / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(BadGraph, match="build it again"):
        open_graph(tmp_path / "store")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("graph.docx", "names no graph format"),
        ("graph.gz", "names no graph format"),
        ("none/graph.ttl", "folder does not exist"),
        ("none/store", "make it"),
    ],
)
def test_unwritable_target(tmp_path, name, words):
    """A target that cannot be is refused with a remedy, and nothing is made."""
    with pytest.raises(OutputFailed, match=words):
        write(SMALL, tmp_path / name)
    assert listed(tmp_path) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_folder_without_permission(tmp_path):
    """A folder that may not be written to is named."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutputFailed, match="no permission"):
        write(SMALL, tmp_path / "graph.ttl")


@pytest.mark.parametrize("target", ["graph.ttl", "graph.nt.gz", "store"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, BadGraph])
def test_stopped_write_leaves_the_old(tmp_path, target, error):
    """What comes from a stage that fails or is stopped never touches what stood there."""

    def stopped() -> Iterator[Triple]:
        yield SMALL[0]
        raise error

    write(SMALL, tmp_path / target)
    with pytest.raises(error):
        write(stopped(), tmp_path / target)
    assert set(open_graph(tmp_path / target).triples()) == set(SMALL)
    assert listed(tmp_path) == [target]


CHILD = """
import os, resource, signal, sys
from pathlib import Path
from kg.errors import OutputFailed
from kg.model import Triple
from kg.store import write
import kg.store.swap as module

how, target = sys.argv[1:]
triples = [Triple("<a:b>", "<a:p>", f'"{i}"') for i in range(20_000)]
if how == "full":  # no file may grow beyond this
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
else:  # strike when all is written and nothing yet renamed
    module.sync = lambda path: os.kill(os.getpid(), getattr(signal, how))
try:
    write(triples, target)
except OutputFailed as error:
    print(error)
    sys.exit(2)
"""


def _child(how: str, target: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD, how, str(target)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(os.name != "posix", reason="limits and signals are POSIX")
@pytest.mark.parametrize("target", ["graph.ttl", "graph.jsonld", "store"])
def test_full_disk_leaves_the_old(tmp_path, target):
    """A disk that takes no more is reported in words; the old graph is whole and nothing half-made is left."""
    write(SMALL, tmp_path / target)
    done = _child("full", tmp_path / target)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stdout
    assert set(open_graph(tmp_path / target).triples()) == set(SMALL)
    assert listed(tmp_path) == [target]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("target", ["graph.ttl", "store"])
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_killed_write_leaves_the_old(tmp_path, target, how):
    """Ctrl-C leaves the old graph alone; so does a kill, after which the next write tidies up."""
    write(SMALL, tmp_path / target)
    done = _child(how, tmp_path / target)
    assert done.returncode in (-getattr(signal, how), 1), done.stderr
    assert set(open_graph(tmp_path / target).triples()) == set(SMALL)
    assert (len(listed(tmp_path)) == 1) == (how == "SIGINT")
    write(SMALL[:1], tmp_path / target)
    assert listed(tmp_path) == [target]
    assert len(open_graph(tmp_path / target)) == 1


def test_kill_between_the_renames_of_a_swap(tmp_path):
    """A store that was put away and not yet replaced is put back."""
    write(SMALL, tmp_path / "store")
    (tmp_path / "store").rename(tmp_path / ".store.1.old")
    assert len(open_graph(tmp_path / "store")) == 2
    assert listed(tmp_path) == ["store"]


def test_link_and_mode_are_kept(tmp_path):
    """A link to a graph stays a link, and a file keeps its permissions."""
    real = tmp_path / "real.nt"
    write(SMALL, real)
    real.chmod(0o640)
    (tmp_path / "link.nt").symlink_to(real)
    write(SMALL[:1], tmp_path / "link.nt")
    assert (tmp_path / "link.nt").is_symlink()
    assert len(open_graph(real)) == 1
    assert real.stat().st_mode & 0o777 == 0o640


def test_store_can_be_exported_onto_itself(tmp_path):
    """A graph that is open may be written over."""
    write(SMALL, tmp_path / "store")
    assert export(open_graph(tmp_path / "store"), tmp_path / "store") == 2
    assert len(open_graph(tmp_path / "store")) == 2
