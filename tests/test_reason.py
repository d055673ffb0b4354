"""What follows from a graph: rules by tables, against owlrl and HermiT; marks; contradictions."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import owlrl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadGraph, BadOntology, MissingDependency
from kg.model import Triple
from kg.ontology import BASE, NAMESPACE, Ontology, load_ontology, statements
from kg.reason import (
    Contradiction,
    Entailment,
    Reasoner,
    check_ontology,
    contradictions,
    entail,
    infer,
    inferred,
)
from kg.reason.axioms import compile_rules
from kg.reason.entail import mark_of
from kg.reason.facts import Given
from kg.reason.hermit import ask
from kg.store import Graph

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT runs on Java")

X = "https://example.org/x#"
HEAD = f"""
@prefix : <{X}> .
@prefix kg: <{NAMESPACE}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:A a owl:Class . :B a owl:Class . :C a owl:Class .
"""
SPACES = {"kg": NAMESPACE, "id": BASE, "owl": "http://www.w3.org/2002/07/owl#", "": X}
PROV = "<http://www.w3.org/ns/prov#wasDerivedFrom>"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the ontologies of the tests lie."""
    return tmp_path_factory.mktemp("ontologies")


def ontology_of(axioms: str, folder: Path) -> Ontology:
    """The packaged ontology with some axioms over :p :q :r and :A :B :C."""
    path = folder / f"{hashlib.sha256(axioms.encode()).hexdigest()[:16]}.ttl"
    path.write_text(HEAD + axioms, encoding="utf-8")
    return load_ontology([path], worded=False)


def term(short: str) -> str:
    """A term in N-Triples syntax: `a` alone is rdf:type, `p` is :p, `kg:x` as usual, a literal as it is."""
    if short == "a":
        return f"<{rdflib.RDF.type}>"
    prefix, _, name = short.rpartition(":")
    return short if short.startswith('"') else f"<{SPACES[prefix]}{name}>"


def triples(text: str) -> list[Triple]:
    """Triples as `x p y; y q z`."""
    return [Triple(*map(term, part.split())) for part in text.split(";") if part.strip()]


def short(triple: Triple) -> str:
    """A triple as `x p y`."""
    text = " ".join(triple).replace(term("a"), "a").replace(f"<{X}", "")
    for prefix, space in SPACES.items():
        text = text.replace(f"<{space}", f"{prefix}:")
    return text.replace(">", "")


def found(axioms: str, facts: str, folder: Path, **options: bool) -> set[str]:
    """The inferred edges."""
    entailed = entail(Graph.of(triples(facts)), ontology_of(axioms, folder), **options)
    return {short(inference.edge) for inference in entailed.inferences}


# ---------------------------------------------------------------- axioms one by one

EDGES = [
    (":p a owl:SymmetricProperty .", "x p y", "y p x"),
    (":p owl:inverseOf :q .", "x p y; z q w", "y q x; w p z"),
    (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", "x p y", "x q y; x r y"),
    (":p owl:equivalentProperty :q .", "x p y; z q w", "x q y; z p w"),
    (":p a owl:TransitiveProperty .", "x p y; y p z; z p w", "x p z; x p w; y p w"),
    (":p a owl:TransitiveProperty .", "x p y; y p x", ""),  # a thing in itself tells nothing
    (":r owl:propertyChainAxiom ( :p :q ) .", "x p y; y q z", "x r z"),
    (":r owl:propertyChainAxiom ( :p :q :p ) .", "x p y; y q z; z p w; z q w", "x r w"),
    (":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] ) .", "x p y; z q y", "x r z"),
    (":p a owl:TransitiveProperty ; owl:inverseOf :q .", "x p y; z q y", "y q x; y p z; x p z; z q x"),
    (":p a owl:SymmetricProperty ; rdfs:subPropertyOf :q .", "x p y", "y p x; x q y; y q x"),
    (":p rdfs:subPropertyOf :q .", "x q y", ""),
    (":p rdfs:domain :A . :A rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue :v ] .", "x p y", "x q v"),
    (
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] .",
        "x a A; y a B",
        "x p v",
    ),
    ("", "x owl:sameAs y; x p z; w q x", "y p z; w q y"),
    (":x :p :y . :p rdfs:subPropertyOf :q .", "", "x q y"),  # a fact that the ontology states
    ("", "x kg:leaderOf y", "x kg:officialOf y; x kg:affiliatedWith y"),
    ("", "x kg:metWith y", "y kg:metWith x; x kg:spokeWith y; y kg:spokeWith x"),
    ("", "x kg:sanctionedBy y", "y kg:sanctions x"),
    ("", "x kg:locatedIn y; y kg:locatedIn z", "x kg:locatedIn z"),
    ("", "x kg:leaderOf y; y kg:locatedIn z", "x kg:officialOf y; x kg:affiliatedWith y"),  # no leader of z
    ("", "x kg:memberOf y; y kg:memberOf z", "x kg:affiliatedWith y; y kg:affiliatedWith z"),  # not of z
    ("", "x kg:allyOf y; y kg:allyOf z", "y kg:allyOf x; z kg:allyOf y"),  # an ally's ally may be a foe
]


@pytest.mark.parametrize(("axioms", "facts", "expected"), EDGES)
def test_edges(axioms: str, facts: str, expected: str, folder: Path) -> None:
    """An axiom and a graph give these edges and no others."""
    assert found(axioms, facts, folder) == {short(triple) for triple in triples(expected)}


TYPES = [
    (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", "x a A", "x a B; x a C"),
    (":A owl:equivalentClass :B .", "x a A; y a B", "x a B; y a A"),
    (":p rdfs:domain :A ; rdfs:range :B .", "x p y", "x a A; y a B"),
    (":p rdfs:domain :A , :B .", "x p y", "x a A; x a B"),
    (":p rdfs:domain [ owl:unionOf ( :A :B ) ] .", "x p y", ""),  # one of them: which, no one knows
    (":p rdfs:domain [ owl:intersectionOf ( :A :B ) ] .", "x p y", "x a A; x a B"),
    ("[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C .", "x a A; y a B", "x a C; y a C"),
    ("[ owl:intersectionOf ( :A :B ) ] rdfs:subClassOf :C .", "x a A; y a B; z a A; z a B", "z a C"),
    ("[ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :B .", "x p y; y a A; z p w", "x a B"),
    ("[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :B .", "x p y", "x a B"),
    ("[ owl:onProperty :p ; owl:hasValue :y ] rdfs:subClassOf :B .", "x p y; z p w", "x a B"),
    (":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] .", "x a A; x p y; z p w", "y a B"),
    (":A owl:equivalentClass [ owl:onProperty :p ; owl:hasValue :v ] .", "x p v", "x a A"),
    (":A owl:oneOf ( :x :y ) .", "x p y", "x a A; y a A"),
    (":A owl:disjointUnionOf ( :B :C ) .", "x a B", "x a A"),
    ("", "x owl:sameAs y; x a A", "y a A"),
    ("", "x a kg:Party", "x a kg:Organization; x a kg:Agent; x a kg:Body"),
]


@pytest.mark.parametrize(("axioms", "facts", "expected"), TYPES)
def test_types(axioms: str, facts: str, expected: str, folder: Path) -> None:
    """Entailed classes are written on demand."""
    options = {"types": True}
    seen = {edge for edge in found(axioms, facts, folder, **options) if " a " in edge}
    assert seen == {short(triple) for triple in triples(expected)}
    assert not {edge for edge in found(axioms, facts, folder) if " a " in edge}


def test_types_are_counted_where_they_are_left_out(folder: Path) -> None:
    """So that one may ask for them."""
    assert entail(Graph.of(triples("x a kg:Party"))).types == 3


def test_other_vocabularies_on_demand() -> None:
    """Edges and classes of schema.org are left out unless asked for."""
    graph = Graph.of(triples("x kg:memberOf y"))
    assert not [t for t in infer(graph) if "schema.org" in t.predicate]
    edges = {t.predicate for t in infer(graph, mapped=True) if t.subject == term("x")}
    assert {"<https://schema.org/memberOf>", "<https://schema.org/affiliation>"} <= edges


def test_an_edge_through_what_is_not_written_stands_on_its_claims(folder: Path) -> None:
    """The steps that are left out are looked through."""
    ontology = ontology_of(":p rdfs:subPropertyOf :other . :other rdfs:subPropertyOf :q .", folder)
    graph = Graph.of([*triples("x p y"), *claim("c1", "x p y")])
    (inference,) = entail(graph, ontology).inferences
    assert (short(inference.edge), inference.sources) == ("x q y", (term("c1"),))


# ---------------------------------------------------------------- claims


def claim(name: str, edge: str, modality: str = "Asserted") -> list[Triple]:
    """A claim of an edge."""
    ends = (term(f"{part}") for part in edge.split())
    rdf = [Triple(term(name), f"<{rdflib.RDF}{end}>", value) for end, value in zip(SPO, ends, strict=True)]
    return [*triples(f"{name} a kg:Claim; {name} kg:modality kg:{modality}"), *rdf]


SPO = ("subject", "predicate", "object")


@pytest.mark.parametrize(
    ("modality", "expected"),
    [
        ("Asserted", {"x kg:officialOf y", "x kg:affiliatedWith y"}),
        ("Prospective", set()),
        ("Denied", set()),
        ("Ended", set()),
    ],
)
def test_only_edges_are_reasoned_over(modality: str, expected: set[str]) -> None:
    """A plan, a denial and what is over make no edge, so nothing follows from them."""
    edges = triples("x kg:leaderOf y") if modality == "Asserted" else []
    graph = Graph.of([*claim("c1", "x kg:leaderOf y", modality), *edges])
    assert {short(inference.edge) for inference in entail(graph).inferences} == expected


def test_an_inference_does_not_name_claims_that_deny_it() -> None:
    """Only asserted claims stand beneath an edge."""
    told = [*claim("c1", "x kg:leaderOf y"), *claim("c2", "x kg:leaderOf y", "Denied"), *claim("c3", "x kg:leaderOf y")]
    first, second = sorted(entail(Graph.of([*told, *triples("x kg:leaderOf y")])).inferences, key=lambda i: i.rule)
    assert first.rule == "sub-property: leaderOf below officialOf"
    assert first.sources == (term("c1"), term("c3"))
    assert second.rule == "sub-property: officialOf below affiliatedWith"
    assert second.sources == (mark_of(first.edge, BASE),)


def test_marks() -> None:
    """An inferred edge comes with a node that says what it is, by which rule, and from what."""
    graph = Graph.of([*triples("x kg:sanctionedBy y"), *claim("c1", "x kg:sanctionedBy y")])
    edge = Triple(*map(term, ("y", "kg:sanctions", "x")))
    mark = mark_of(edge, BASE)
    assert list(infer(graph)) == [
        edge,
        Triple(mark, term("a"), term("kg:Inference")),
        *(Triple(mark, f"<{rdflib.RDF}{end}>", value) for end, value in zip(SPO, edge, strict=True)),
        Triple(mark, term("kg:rule"), '"inverse: sanctionedBy, sanctions"'),
        Triple(mark, PROV, term("c1")),
    ]


def test_the_other_way_of_a_symmetric_claim_is_no_inference() -> None:
    """It is in the graph already, and the claim stands behind both."""
    graph = Graph.of([*triples("x kg:metWith y; y kg:metWith x"), *claim("c1", "x kg:metWith y")])
    found = entail(graph).inferences
    assert {short(inference.edge) for inference in found} == {"x kg:spokeWith y", "y kg:spokeWith x"}
    assert {inference.sources for inference in found} == {(term("c1"),)}


SAMPLE = (
    "x kg:leaderOf y; x kg:metWith z; z kg:metWith x; v kg:sanctionedBy y; v kg:locatedIn y; y kg:locatedIn w; "
    "x a kg:Person; y a kg:Country; z a kg:Person; w a kg:Place"
)


def sample() -> list[Triple]:
    """Edges and their claims."""
    return [*triples(SAMPLE), *claim("c1", "x kg:leaderOf y"), *claim("c2", "z kg:metWith x")]


@pytest.mark.parametrize("options", [{}, {"types": True}, {"mapped": True}, {"types": True, "mapped": True}])
def test_inferring_twice_changes_nothing(options: Mapping[str, bool]) -> None:
    """Inferences of an earlier time are taken out first; with other options or another ontology, too."""
    once = inferred(Graph.of(sample()), **options)
    assert sorted(inferred(once, **options).triples()) == sorted(once.triples())
    assert sorted(inferred(once).triples()) == sorted(inferred(Graph.of(sample())).triples())


def test_a_claim_makes_an_inferred_edge_a_stated_one() -> None:
    """What a new article states is no inference any more, and the edge stays."""
    once = inferred(Graph.of(sample()))
    more = [*once.triples(), *claim("c3", "x kg:officialOf y")]
    edges = {short(inference.edge) for inference in entail(Graph.of(more)).inferences}
    assert "x kg:officialOf y" not in edges
    assert Triple(*map(term, ("x", "kg:officialOf", "y"))) in set(inferred(Graph.of(more)).triples())


@settings(max_examples=10, deadline=None)
@given(st.permutations(sample()))
def test_order_does_not_matter(mixed: list[Triple]) -> None:
    """The same graph gives the same triples in the same order."""
    assert list(infer(Graph.of(mixed), types=True)) == list(infer(Graph.of(sample()), types=True))


def test_an_empty_graph_entails_nothing() -> None:
    """Nor does it contradict."""
    assert entail(Graph.of([])) == Entailment()


# ---------------------------------------------------------------- what would be too much


def chained(length: int) -> list[Triple]:
    """One place in another, in another..."""
    return triples("; ".join(f"x{n} kg:locatedIn x{n + 1}" for n in range(length)))


def test_a_closure_within_the_limit() -> None:
    """All of it is written."""
    assert len(entail(Graph.of(chained(20)), limit=190).inferences) == 190


def test_a_closure_beyond_the_limit() -> None:
    """None of it is written, and the path that asks for it is named; the rest is as it was."""
    found = entail(Graph.of([*chained(20), *triples("x kg:leaderOf y")]), limit=189)
    assert found.at_query_time == (("transitive: locatedIn", f"<{NAMESPACE}locatedIn>+"),)
    assert {short(inference.edge) for inference in found.inferences} == {"x kg:officialOf y", "x kg:affiliatedWith y"}


def test_a_chain_over_a_hub(folder: Path) -> None:
    """A chain that pairs thousands with thousands stops at the limit, not at the end of the memory."""
    ontology = ontology_of(":r owl:propertyChainAxiom ( :p :q :q ) .", folder)
    star = triples("; ".join(f"x{n} p hub; hub q y{n}; y{n} q z{n}" for n in range(2000)))
    found = entail(Graph.of(star), ontology)
    assert found.at_query_time == ((CHAIN, f"<{X}p>/<{X}q>/<{X}q>"),)
    assert not found.inferences


def test_a_chain_walked_backwards(folder: Path) -> None:
    """The path is one that SPARQL takes."""
    ontology = ontology_of(":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] ) .", folder)
    found = entail(Graph.of(triples("x p y; z q y")), ontology, limit=0)
    assert found.at_query_time == (("chain: p / ^q below r", f"<{X}p>/^<{X}q>"),)


CHAIN = "chain: p / q / q below r"


# ---------------------------------------------------------------- contradictions

CLASHES = [
    ("", "x a kg:Person; x a kg:Country", {"disjoint: Person, Place", "disjoint: Person, Body"}),
    ("", "x a kg:Organization; x kg:leaderOf y", {"disjoint: Person, Organization", "disjoint: Person, Body"}),
    ("", "x kg:rivalOf x", {"irreflexive: rivalOf"}),
    ("", "x kg:metWith x", {"irreflexive: metWith", "irreflexive: spokeWith"}),
    ("", "x kg:memberOf x", {"irreflexive: memberOf"}),
    (":p a owl:AsymmetricProperty .", "x p y; y p x; z p x", {"asymmetric: p"}),
    (":p a owl:FunctionalProperty .", "x p y; x p z", {"functional: p"}),
    (":p a owl:FunctionalProperty .", 'x p "1"; x p "2"', {"functional: p"}),
    (":p a owl:FunctionalProperty .", "x p y; x p z; y owl:sameAs z", set()),
    (":p a owl:InverseFunctionalProperty .", "x p y; z p y; x p w", {"inverse functional: p"}),
    (":p owl:propertyDisjointWith :q .", "x p y; x q y; z p y", {"disjoint: p, q"}),
    ("[ a owl:AllDisjointProperties ; owl:members ( :p :q :r ) ] .", "x q y; x r y", {"disjoint: q, r"}),
    (":A owl:disjointWith :B .", "x a A; x a B; y a A", {"disjoint: A, B"}),
    (":A owl:complementOf :B .", "x a A; x a B", {"disjoint: A, B"}),
    (":A owl:disjointUnionOf ( :B :C ) .", "x a B; x a C", {"disjoint: B, C"}),
    (":A rdfs:subClassOf [ owl:complementOf :B ] .", "x a A; x a B", {"sub-class: A below an expression"}),
    (":A rdfs:subClassOf owl:Nothing .", "x a A", {"empty: Nothing"}),
    (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] .",
        "x a A; x p y; x p z; w p y; w p z",
        {"sub-class: A below an expression"},
    ),
    ("[ a owl:AllDifferent ; owl:members ( :x :y ) ] .", "x owl:sameAs y", {"same and different"}),
    ("", "x a kg:Country; x a kg:Agent; x kg:leaderOf y; y kg:leaderOf z", {"disjoint: Person, Place"}),
    ("", "x kg:rivalOf y; x kg:allyOf y; y kg:leaderOf v; y kg:leaderOf w", set()),  # news is like that
    ("", "x a kg:Country; x a kg:City", set()),  # Monaco
]


@pytest.mark.parametrize(("axioms", "facts", "expected"), CLASHES)
def test_contradictions(axioms: str, facts: str, expected: set[str], folder: Path) -> None:
    """What the ontology does not allow is found, by the axiom."""
    found = contradictions(Graph.of(triples(facts)), ontology_of(axioms, folder))
    axioms_named = {contradiction.axiom for contradiction in found}
    assert axioms_named >= expected
    assert bool(axioms_named) == bool(expected)


def test_a_contradiction_names_what_it_stands_on() -> None:
    """The edges that clash, how an inferred one came about, what is stated beneath, and the claims."""
    graph = Graph.of([*triples("x a kg:Party; x kg:leaderOf y"), *claim("c1", "x kg:leaderOf y")])
    found = {c.axiom: c for c in contradictions(graph)}["disjoint: Person, Organization"]
    assert set(map(short, found.edges)) == {"x a kg:Person", "x a kg:Organization"}
    assert {short(inference.edge) for inference in found.inferred} == {"x a kg:Person", "x a kg:Organization"}
    assert set(map(short, found.stated)) == {"x kg:leaderOf y", "x a kg:Party"}
    assert found.claims == (term("c1"),)
    assert found.told() == (
        "x is a Person and x is a Organization, which the ontology does not allow (disjoint: Person, Organization); "
        "x is a Person, because x leaderOf y (domain: leaderOf, Person); "
        "x is a Organization, because x is a Party (sub-class: Party below Organization)"
    )
    assert isinstance(found, Contradiction)


def test_what_contradicts_is_not_inferred() -> None:
    """A party that leads is no person; what follows from the edge alone is inferred all the same."""
    found = entail(Graph.of(triples("x a kg:Party; x kg:leaderOf y")), types=True)
    edges = {short(inference.edge) for inference in found.inferences}
    assert "x a kg:Person" not in edges
    assert {"x kg:officialOf y", "y a kg:Body"} <= edges


def test_what_stands_on_a_contradiction_is_not_inferred(folder: Path) -> None:
    """An inferred edge that may not be is left out, with what would follow from it."""
    axioms = ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r ; owl:propertyDisjointWith kg:allyOf ."
    assert found(axioms, "x p y; x kg:allyOf y", folder) == {"y kg:allyOf x"}


def test_axioms_beyond_the_rules_are_named(folder: Path) -> None:
    """What only HermiT understands is told, not passed over."""
    axioms = ":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] . :p a owl:ReflexiveProperty ."
    unused = entail(Graph.of([]), ontology_of(axioms, folder)).unused
    assert [line.partition(":")[0] for line in unused] == ["p", "sub-class"]
    assert not compile_rules(load_ontology()).unused


# ---------------------------------------------------------------- against owlrl

THINGS, CLASSES, RELATIONS = "vwxyz", "ABC", "pqr"
classes, relations, things = st.sampled_from(CLASSES), st.sampled_from(RELATIONS), st.sampled_from(THINGS)
AXIOMS = st.one_of(
    st.builds(":{} rdfs:subPropertyOf :{} .".format, relations, relations),
    st.builds(":{} owl:equivalentProperty :{} .".format, relations, relations),
    st.builds(":{} owl:inverseOf :{} .".format, relations, relations),
    st.builds(":{} a owl:{}Property .".format, relations, st.sampled_from(["Symmetric", "Transitive"])),
    st.builds(":{} owl:propertyChainAxiom ( :{} :{} ) .".format, relations, relations, relations),
    st.builds(":{} owl:propertyChainAxiom ( :{} :{} :{} ) .".format, relations, relations, relations, relations),
    st.builds(":{} rdfs:{} :{} .".format, relations, st.sampled_from(["domain", "range"]), classes),
    st.builds(":{} rdfs:subClassOf :{} .".format, classes, classes),
    st.builds(":{} owl:equivalentClass :{} .".format, classes, classes),
    st.builds(
        "[ a owl:Restriction ; owl:onProperty :{} ; owl:someValuesFrom :{} ] rdfs:subClassOf :{} .".format,
        relations,
        classes,
        classes,
    ),
    st.builds(
        ":{} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :{} ; owl:allValuesFrom :{} ] .".format,
        classes,
        relations,
        classes,
    ),
    st.builds(":{} owl:equivalentClass [ owl:onProperty :{} ; owl:hasValue :{} ] .".format, classes, relations, things),
    st.builds(":{} owl:unionOf ( :{} :{} ) .".format, classes, classes, classes),
    st.builds(":{} owl:intersectionOf ( :{} :{} ) .".format, classes, classes, classes),
    st.builds(":{} owl:disjointWith :{} .".format, classes, classes),
    st.builds(":{} owl:propertyDisjointWith :{} .".format, relations, relations),
    st.builds(":{} a owl:{}Property .".format, relations, st.sampled_from(["Asymmetric", "Irreflexive"])),
)
FACTS = st.one_of(
    st.builds("{} {} {}".format, things, relations, things),
    st.builds("{} a {}".format, things, classes),
    st.builds("{} owl:sameAs {}".format, things, things),
)


def by_owlrl(axioms: str, facts: str) -> tuple[set[str], bool]:
    """The closure by owlrl: edges and classes over the things, and whether it is consistent."""
    graph = rdflib.Graph().parse(data=HEAD + axioms, format="turtle")
    for triple in triples(facts):
        graph.add(tuple(rdflib.URIRef(node.strip("<>")) for node in triple))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    edges = {short(Triple(*(f"<{node}>" for node in triple))) for triple in graph}
    return {edge for edge in edges if of_interest(edge)}, not any(
        "ErrorMessage" in str(kind) for kind in graph.objects()
    )


def of_interest(edge: str) -> bool:
    """Whether it is an edge between two of the things, or the class of one."""
    words = edge.split()
    if len(words) != 3 or words[0] not in THINGS:
        return False
    subject, relation, value = words
    return (relation == "a" and value in CLASSES) or (relation in RELATIONS and value in THINGS and subject != value)


@settings(max_examples=40, deadline=None)
@given(st.lists(AXIOMS, max_size=6), st.lists(FACTS, min_size=1, max_size=8))
def test_same_as_owlrl(folder: Path, axioms: list[str], facts: list[str]) -> None:
    """Over random axioms and graphs, the rules find what owlrl finds, contradictions included."""
    text, edges = "\n".join(axioms), "; ".join(facts)
    theirs, consistent = by_owlrl(text, edges)
    ours = entail(Graph.of(triples(edges)), ontology_of(text, folder), types=True)
    assert (not ours.contradictions) is consistent
    if consistent:
        mine = {short(inference.edge) for inference in ours.inferences} | {*map(short, triples(edges))}
        assert {edge for edge in mine if of_interest(edge)} == theirs


# ---------------------------------------------------------------- against HermiT, and HermiT itself


ASK = ":ask-{p}-{y} a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :{p} ; owl:hasValue :{y} ] ."


def by_hermit(axioms: str, facts: str, folder: Path) -> set[str]:
    """What HermiT says of every possible edge and class, by its own class hierarchy.

    Of `x p y` it is asked whether x belongs to the class of those with y in p.
    """
    questions = "\n".join(ASK.format(p=p, y=y) for p, y in product(RELATIONS, THINGS))
    ontology = ontology_of(f"{axioms}\n{questions}", folder)
    answer = ask(ontology, given_of(facts))
    assert answer.consistent
    above: dict[str, set[str]] = {}
    for low, predicate, high in answer.axioms:
        above.setdefault(low, set()).add(high)
        if "equivalent" in predicate:
            above.setdefault(high, set()).add(low)
    for low, predicate, high in statements(ontology.files):
        if "subClassOf" in predicate:
            above.setdefault(low, set()).add(high)
    edges = {triple for triple in (*answer.edges, *triples(facts)) if triple.predicate == term("a")}
    found: set[str] = set()
    for thing, _, kind in edges:
        found.update(as_edge(thing, each) for each in reached(kind, above))
    return {edge for edge in found if of_interest(edge)}


def as_edge(thing: str, kind: str) -> str:
    """The answer to a question as an edge."""
    name = short(Triple(thing, term("a"), kind))
    return name.replace(" a ask-", " ").replace("-", " ") if "ask-" in name else name


def reached(kind: str, above: Mapping[str, set[str]]) -> set[str]:
    """A class and all above it."""
    found, waiting = {kind}, [kind]
    while waiting:
        more = above.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found


def given_of(facts: str) -> Given:
    """Facts as HermiT is given them."""
    from kg.reason.facts import as_fact

    pairs: dict[str, set[tuple[str, str]]] = {}
    for name, *pair in map(as_fact, triples(facts)):
        pairs.setdefault(name, set()).add((pair[0], pair[1]))
    return Given(pairs, {})


HERMIT = [
    (
        """:p a owl:SymmetricProperty , owl:TransitiveProperty . :q rdfs:subPropertyOf :p ; owl:inverseOf :r .
           :p rdfs:domain :A . :A rdfs:subClassOf :B .""",
        "x q y; y q z",
    ),
    (
        """:r owl:propertyChainAxiom ( :p :q ) .
           [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :B .
           :B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:allValuesFrom :C ] .""",
        "x p y; y a A; x q z; z q x; y q v",
    ),
    (
        """:p owl:equivalentProperty :q . :q rdfs:range :A . :A owl:equivalentClass :B . :B owl:disjointWith :C .""",
        "x p y; y q z; x a C",
    ),
]


@needs_java
@pytest.mark.parametrize(("axioms", "facts"), HERMIT)
def test_same_as_hermit(axioms: str, facts: str, folder: Path) -> None:
    """On small graphs the rules find what a reasoner for all of OWL DL finds."""
    ours = entail(Graph.of(triples(facts)), ontology_of(axioms, folder), types=True)
    assert not ours.contradictions
    mine = {short(inference.edge) for inference in ours.inferences} | {*map(short, triples(facts))}
    assert {edge for edge in mine if of_interest(edge)} == by_hermit(axioms, facts, folder)


@needs_java
def test_the_packaged_ontology_is_consistent() -> None:
    """HermiT accepts it as OWL DL, and each class may have members."""
    answer = check_ontology()
    assert answer.consistent
    assert not answer.empty


@needs_java
def test_hermit_goes_beyond_the_rules(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Reasoning by cases is HermiT's; what the rules do find keeps their marks; no temporary file is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    axioms = """
        :A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] .
        :D owl:disjointWith :C .
        :B rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] .
        :p rdfs:subPropertyOf :q .
    """
    graph = Graph.of(triples("x a A; x a D; y p z"))
    ontology = ontology_of(axioms, folder)
    found = entail(graph, ontology, types=True, reasoner=Reasoner.HERMIT)
    rules = {short(inference.edge): inference.rule for inference in found.inferences}
    assert rules["x a B"] == "HermiT: OWL DL"
    assert rules["y q z"] == "sub-property: p below q"
    assert rules["x q v"] == "sub-property: p below q"
    assert "x a B" not in {short(inference.edge) for inference in entail(graph, ontology, types=True).inferences}
    assert not list(tmp_path.iterdir())


@needs_java
def test_hermit_on_what_cannot_be(folder: Path) -> None:
    """A graph against the ontology, an ontology against itself, a class that nothing can be."""
    graph = Graph.of(triples("x a kg:Person; x a kg:Country"))
    with pytest.raises(BadGraph, match="contradicts the ontology"):
        inferred(graph, reasoner=Reasoner.HERMIT)
    impossible = ontology_of(":A rdfs:subClassOf :B . :B owl:disjointWith :A .", folder)
    answer = check_ontology(impossible)
    assert answer.consistent
    assert answer.empty == (term("A"),)
    assert not check_ontology(ontology_of(":A owl:disjointWith :B . :x a :A , :B .", folder)).consistent


@needs_java
def test_hermit_is_stopped() -> None:
    """After the time that it is given."""
    with pytest.raises(BadOntology, match=r"stopped after 0\.2 seconds"):
        check_ontology(seconds=0.2)


@needs_java
def test_hermit_refuses(folder: Path) -> None:
    """What is not OWL DL: its reason is told."""
    with pytest.raises(BadOntology, match="HermiT cannot reason"):
        check_ontology(ontology_of(":p a owl:TransitiveProperty , owl:IrreflexiveProperty .", folder))


def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to install."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(MissingDependency, match="install a Java runtime"):
        entail(Graph.of([]), reasoner=Reasoner.HERMIT)
