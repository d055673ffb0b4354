"""Checks: what is broken is found, told with its article and quote, and pySHACL finds the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.check import broken_shapes, check, engine
from kg.cli import app
from kg.errors import BadOntology, MissingDependency
from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality, Triple
from kg.ontology import BASE, NAMESPACE, RDF, RDFS, load_ontology, resource, statements
from kg.store import Graph, write
from kg.triplify import triplify

XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
PREFIXES = {
    "kg": NAMESPACE,
    "id": BASE,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "prov": PROV,
    "dcterms": "http://purl.org/dc/terms/",
}


def term(text: str) -> str:
    """A short term in N-Triples syntax: `kg:quote`, `"text"`, `"7"^^xsd:integer`."""
    front, mark, datatype = text.rpartition("^^")
    if mark:
        return f"{front}^^{term(datatype)}"
    prefix, _, local = text.partition(":")
    return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else text


def triple(text: str) -> Triple:
    """A triple of short terms: `id:person/ada kg:spokeWith id:person/bo`."""
    return Triple(*map(term, text.split(" ", 2)))


def news() -> list[Triple]:
    """A valid graph: a leader who spoke with another, and a denial, from two articles."""

    def claim(subject: str, relation: str, object_: str, modality: Modality, quote: str, article: str) -> Claim:
        return Claim(
            subject=subject,
            relation=relation,
            object=object_,
            modality=modality,
            confidence=0.9,
            evidence=Evidence(quote=quote, start=0, end=len(quote)),
            article=article,
        )

    ada, bo, land = "person/ada", "person/bo", "country/XX"
    knowledge = Knowledge(
        articles=(Article(id="a1", name="talks", title="Talks"), Article(id="a2", name="no_talks")),
        entities=(
            Entity(id=land, name="Xland", kind="Country", articles=("a1",)),
            Entity(id=ada, name="Ada Berg", kind="Person", articles=("a1", "a2")),
            Entity(id=bo, name="Bo Lind", kind="Person", aliases=("Lind",), articles=("a1",)),
        ),
        claims=(
            claim(ada, "leaderOf", land, Modality.ASSERTED, "President Ada Berg of Xland smiled.", "a1"),
            claim(ada, "spokeWith", bo, Modality.ASSERTED, "Ada Berg called Bo Lind.", "a1"),
            claim(ada, "metWith", bo, Modality.DENIED, "Ada Berg never met Bo Lind.", "a2"),
        ),
    )
    return list(triplify(knowledge, load_ontology()))


CALL = next(t.subject for t in news() if "called" in t.object)


def changed(without: Sequence[str] = (), plus: Sequence[str] = (), node: str = CALL) -> Graph:
    """The valid graph without some predicates of a node, and with other triples; `CALL` stands for the call's claim."""
    gone = {(node, term(predicate)) for predicate in without}
    kept = [t for t in news() if t[:2] not in gone]
    return Graph.of([*kept, *(triple(text.replace("CALL", CALL)) for text in plus)])


def told(graph: Graph) -> set[tuple[str, str]]:
    """What is wrong and where."""
    return {(violation.what, violation.where) for violation in check(graph)}


def test_valid_graph_conforms():
    """What triplify makes is valid."""
    assert check(changed()) == ()


UNKNOWN = "http://x.org/helped"


@pytest.mark.parametrize(
    ("without", "plus", "what"),
    [
        (["kg:quote"], [], "exactly one quote"),
        ([], ['CALL kg:quote "another"'], "exactly one quote"),
        (["kg:quote"], ['CALL kg:quote "  "'], "exactly one quote, which is not blank"),
        (["kg:modality"], [], "exactly one modality"),
        (["kg:modality"], ["CALL kg:modality kg:Maybe"], "exactly one modality"),
        ([], ["CALL kg:modality kg:Denied"], "exactly one modality"),
        (["kg:confidence"], ['CALL kg:confidence "1.2"^^xsd:decimal'], "a number from 0 to 1"),
        (["kg:confidence"], ['CALL kg:confidence "-0.1"^^xsd:decimal'], "a number from 0 to 1"),
        (["kg:confidence"], ['CALL kg:confidence "high"'], "a number from 0 to 1"),
        (["kg:end"], ['CALL kg:end "0"^^xsd:integer'], "a quote starts before it ends"),
        (["kg:start"], ['CALL kg:start "-5"^^xsd:integer'], "an integer of 0 or more"),
        (["kg:end"], [], "exactly one end"),
        (["prov:wasDerivedFrom"], [], "comes from exactly one article"),
        (["prov:wasDerivedFrom"], ["CALL prov:wasDerivedFrom id:article/none"], "comes from exactly one article"),
        ([], ['CALL kg:date "yesterday"'], "one date at most, a day"),
        ([], ['CALL kg:attributedTo "the Kremlin"'], "attributed to one source at most"),
        (["rdf:predicate"], [f"CALL rdf:predicate <{UNKNOWN}>"], "which the ontology declares"),
    ],
)
def test_broken_claim(without, plus, what):
    """A claim that lacks something, has too much of it or has nonsense is found, and named by its ends."""
    found = [v for v in check(changed(without, plus)) if what in v.what]
    assert found
    assert {v.focus for v in found} == {CALL}
    assert all("Ada Berg - " in v.where for v in found)
    if "prov:wasDerivedFrom" not in without:
        assert {v.article for v in found} == {"talks"}
    if "kg:quote" not in without:
        assert all(v.quote in ("Ada Berg called Bo Lind.", "another") for v in found)


@pytest.mark.parametrize(
    ("node", "without", "plus", "what", "where", "article"),
    [
        ("id:person/bo", ["rdfs:label"], [], "exactly one English label", "person/bo", "talks"),
        ("id:person/bo", [], ['id:person/bo rdfs:label "Bob"@en'], "exactly one English label", "Bo Lind", "talks"),
        ("id:person/bo", ["rdf:type"], [], "has a class", "Bo Lind", "talks"),
        ("id:article/a1", ["dcterms:identifier"], [], "exactly one identifier", "article/a1", None),
        ("id:article/a2", [], ['id:article/a2 dcterms:identifier "b"'], "exactly one identifier", "article b", "b"),
    ],
)
def test_broken_entity_or_article(node, without, plus, what, where, article):
    """An entity comes with a claim about it, an article with its identifier; other languages are welcome."""
    found = [v for v in check(changed(without, plus, node=term(node))) if what in v.what]
    assert [(v.where, v.article) for v in found] == [(where, article)]
    assert (found[0].quote is not None) == ("person" in node)
    assert check(changed(plus=['id:person/bo rdfs:label "Bo Lind"@sv'])) == ()


@pytest.mark.parametrize(
    ("plus", "where", "quote"),
    [
        ("id:person/ada kg:rivalOf id:person/bo", "Ada Berg - rivalOf - Bo Lind", None),
        ("id:person/ada kg:metWith id:person/bo", "Ada Berg - metWith - Bo Lind", "Ada Berg never met Bo Lind."),
        ("id:country/XX kg:leaderOf id:person/ada", "Xland - leaderOf - Ada Berg", None),
    ],
)
def test_edge_that_stands_on_nothing(plus, where, quote):
    """An edge that no claim asserts is told, with the denial if there is one."""
    found = [v for v in check(changed(plus=[plus])) if "no claim asserts this edge" in v.what]
    assert [(v.where, v.quote) for v in found] == [(where, quote)]


def test_inferred_edge_stands_on_its_mark():
    """An edge with a kg:Inference is grounded, and an inference says why."""
    mark = "id:inference/1"
    edge = [
        f"{mark} rdf:subject id:person/ada",
        f"{mark} rdf:predicate kg:officialOf",
        f"{mark} rdf:object id:country/XX",
    ]
    whole = [
        f"{mark} rdf:type kg:Inference",
        f'{mark} kg:rule "leaderOf below officialOf"',
        f"{mark} prov:wasDerivedFrom CALL",
    ]
    plus = ["id:person/ada kg:officialOf id:country/XX", *edge, *whole]
    assert check(changed(plus=plus)) == ()
    assert told(changed(plus=plus[:-1])) == {
        ("an inference says which claims or inferences it stands on", "inference/1"),
    }


def test_what_a_relation_joins():
    """A subject of a class that is not below the domain is a warning; of a disjoint class, a contradiction, too."""
    plus = ["id:city/y rdf:type kg:City", 'id:city/y rdfs:label "Ypsilon"@en']
    found = check(changed(["rdf:object"], [*plus, "CALL rdf:object id:city/y", "id:person/ada kg:spokeWith id:city/y"]))
    warnings = {(v.what, v.where, v.quote) for v in found if v.severity == "Warning"}
    quote = "Ada Berg called Bo Lind."
    assert warnings == {("the object of spokeWith is no Agent, as the ontology asks", "Ypsilon", quote)}
    found = check(
        changed(["rdf:predicate"], ["CALL rdf:predicate kg:leaderOf", "id:person/ada kg:leaderOf id:person/bo"])
    )
    (clash,) = (v for v in found if v.severity == "Violation" and "disjoint" in v.what.lower())
    assert (clash.article, clash.quote) == ("talks", quote)


def test_nothing_stands_to_itself():
    """An irreflexive relation of a thing to itself is found, with the claim that says so."""
    found = check(changed(["rdf:object"], ["CALL rdf:object id:person/ada"]))
    told = {(v.what, v.where, v.quote) for v in found if "to itself" in v.what}
    assert told == {("nothing stands in spokeWith to itself", "Ada Berg", "Ada Berg called Bo Lind.")}


# ---------------------------------------------------------------- shapes of one's own

OWN = """
@prefix : <https://example.org/rules#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix schema: <https://schema.org/> .
:Dated a sh:NodeShape ; sh:targetClass kg:Article ;
    sh:property [ sh:path schema:datePublished ; sh:minCount 1 ; sh:message "see https://example.org/rules/dates" ] ,
        [ sh:path schema:author ; sh:minCount 1 ; sh:severity sh:Info ] .
"""


def test_own_shapes(tmp_path):
    """A file of one's own is checked beside the packaged shapes; without a message the constraint is told in words."""
    (tmp_path / "own.ttl").write_text(OWN)
    found = check(changed(), shapes=[tmp_path / "own.ttl"])
    dated = "<https://example.org/rules#Dated>"
    assert {(v.what, v.severity, v.where, v.shape) for v in found} == {
        ("see https://example.org/rules/dates", "Violation", "article talks", dated),
        ("see https://example.org/rules/dates", "Violation", "article no_talks", dated),
        ("<https://schema.org/author> has too few values", "Info", "article talks", dated),
        ("<https://schema.org/author> has too few values", "Info", "article no_talks", dated),
    }
    assert [v.severity for v in found] == ["Violation", "Violation", "Info", "Info"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("own.ttl", "", "has no shapes"),
        ("own.ttl", "<a:b> <a:c> <a:d> .", "has no shapes"),
        ("own.ttl", OWN[:-9], "own.ttl: .*line"),
        ("own.ttl", OWN.replace("sh:minCount 1 ;", "sh:minCount 'x' ;"), "the shapes cannot be used: .*minCount"),
        ("own.txt", OWN, "use one of"),
        ("none.ttl", None, "No such file"),
    ],
)
def test_bad_shapes(tmp_path, name, text, words):
    """A file that holds no shapes is refused with the reason."""
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(BadOntology, match=words):
        broken_shapes(changed(), shapes=[tmp_path / name])


def test_no_engine(monkeypatch):
    """Without an engine the message says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingDependency, match="pip install pyshacl"):
        broken_shapes(changed())


# ---------------------------------------------------------------- the oracle


def findings_of(triples: Iterable[Triple], *, oracle: bool) -> set[tuple[str, ...]]:
    """What an engine finds in a graph, but for its words."""
    axioms = [
        t for t in statements([resource("ontology", "kg.ttl")]) if t.predicate.startswith((f"<{RDF}", f"<{RDFS}"))
    ]
    shapes = "".join(f"{s} {p} {o} .\n" for s, p, o in statements([resource("ontology", "shapes.ttl")]))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "graph.nt")
        write([*triples, *axioms], data)
        found = (engine.by_pyshacl if oracle else engine.findings)(shapes, data)
        return {(f.focus, f.shape, f.component, f.path, f.value, f.severity) for f in found}


subjects = st.sampled_from(sorted({t.subject for t in news()}))
predicates = st.sampled_from(sorted({t.predicate for t in news()} | {term("kg:date"), term("kg:attributedTo")}))
objects = st.sampled_from(sorted({t.object for t in news()})) | st.sampled_from(
    [
        term(each)
        for each in (
            '""',
            '"x"',
            '"x"@de',
            '"7"^^xsd:integer',
            '"1.5"^^xsd:decimal',
            "kg:Maybe",
            "kg:Party",
            '"2020-08-15"^^xsd:date',
        )
    ]
)


@settings(max_examples=12, deadline=None)
@given(
    gone=st.sets(st.integers(0, len(news()) - 1), max_size=6),
    more=st.lists(st.builds(Triple, subjects, predicates, objects), max_size=6),
)
def test_pyshacl_finds_the_same(gone, more):
    """A valid graph, broken at random: both engines find the same results of the packaged shapes."""
    broken = [t for number, t in enumerate(news()) if number not in gone] + more
    assert findings_of(broken, oracle=False) == findings_of(broken, oracle=True)


def test_pyshacl_takes_over(monkeypatch):
    """Where there is no `shacl`, pySHACL is used, and says the same to the reader."""
    graph = changed(["kg:quote"])
    fast = broken_shapes(graph)
    there = engine.importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "shacl" else there(name))
    assert broken_shapes(graph) == fast != ()


# ---------------------------------------------------------------- the command


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """`kg` with these arguments: exit code, stdout, stderr."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_command_conforms(tmp_path):
    """A valid graph: exit code 0 and a line that says what was checked."""
    write(news(), tmp_path / "kg.ttl")
    assert run("check", "-g", tmp_path / "kg.ttl") == (0, "conforms: 3 claims of 2 articles\n", "")


def test_command_tells_violations(tmp_path):
    """Violations come by kind, with article and quote; exit code 1."""
    write(changed(plus=["CALL kg:modality kg:Denied"]).triples(), tmp_path / "kg.nt")
    code, out, _ = run("check", "-g", tmp_path / "kg.nt")
    assert code == 1
    assert out == (
        "violation: a claim has exactly one modality: kg:Asserted, kg:Ended, kg:Prospective or kg:Denied\n"
        "  Ada Berg - spokeWith - Bo Lind\n"
        '    talks: "Ada Berg called Bo Lind."\n'
        "does not conform: 1 violation\n"
    )


def test_command_as_jsonl(tmp_path):
    """A line a violation, every field; the summary goes to stderr."""
    write(changed(["kg:quote"]).triples(), tmp_path / "kg.nt")
    code, out, errors = run("check", "-g", tmp_path / "kg.nt", "-f", "jsonl")
    (found,) = map(json.loads, out.splitlines())
    assert code == 1
    assert found == {
        "what": "a claim has exactly one quote, which is not blank",
        "where": "Ada Berg - spokeWith - Bo Lind",
        "severity": "Violation",
        "article": "talks",
        "quote": None,
        "focus": CALL,
        "path": f"<{NAMESPACE}quote>",
        "value": None,
        "shape": "<https://w3id.org/news-kg/shapes#quote>",
    }
    assert errors == "does not conform: 1 violation\n"


def test_command_shortens_long_lists(tmp_path):
    """Of many violations of one kind the first are shown, and the number of the others."""
    write(changed(plus=[f"id:person/p{n} kg:allyOf id:person/bo" for n in range(30)]).triples(), tmp_path / "kg.nt")
    code, out, _ = run("check", "-g", tmp_path / "kg.nt", "--limit", "3")
    assert code == 1
    assert "  person/p0 - allyOf - Bo Lind\n" in out
    assert "  ... and 27 more; --limit 0 shows all\n" in out
    assert "person/p29 - " in run("check", "-g", tmp_path / "kg.nt", "--limit", "0")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-g", "none.ttl"], "no such"),
        (["-g", "kg.ttl", "--shapes", "none.ttl"], "none.ttl: No such file"),
        (["-g", "kg.ttl", "--ontology", "none.ttl"], "none.ttl: No such file"),
        (["-g", "kg.ttl", "-f", "xml"], "'xml' is not one of"),
    ],
)
def test_command_refuses(tmp_path, monkeypatch, arguments, words):
    """Bad input is told in words, with exit code 2."""
    monkeypatch.chdir(tmp_path)
    write(news(), "kg.ttl")
    code, _, errors = run("check", *arguments)
    assert code == 2
    assert words in " ".join(errors.replace("│", " ").split())


def test_command_names_wordings_that_the_parser_cannot_use(tmp_path, monkeypatch):
    """With an ontology and no graph, the wordings of its relations are tried."""
    monkeypatch.chdir(tmp_path)
    Path("own.ttl").write_text(
        "@prefix : <https://example.org/own#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix lex: <https://w3id.org/news-kg/lexicon#> .\n"
        ":visited a owl:ObjectProperty ; lex:template '{subject} visited {object}', '{subject} . Tuesday ; {object}' ."
    )
    code, out, _ = run("check", "--ontology", "own.ttl")
    assert code == 1
    assert out == (
        "violation: the parser cannot use this wording; write a plain sentence with one verb\n"
        '  the ontology, visited: "{subject} . Tuesday ; {object}"\n'
        "does not conform: 1 violation\n"
    )
