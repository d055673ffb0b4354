"""The ontology as Python sees it: a closed namespace, names of relations, files of one's own, and OWL tools."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS

from kg.errors import BadOntology, UnknownTerm
from kg.model import Modality
from kg.ontology import KG, LEXICON, NAMESPACE, Ontology, load_ontology, resource

ROOT = Path(__file__).parents[1]
FILES = ("kg.ttl", "lexicon.ttl", "english.ttl")
RELATIONS = [
    "affiliatedWith",
    "allyOf",
    "leaderOf",
    "locatedIn",
    "memberOf",
    "metWith",
    "officialOf",
    "rivalOf",
    "sanctionedBy",
    "sanctions",
    "spokeWith",
]


def graph(*names: str) -> rdflib.Graph:
    """Some of the packaged files as one graph."""
    whole = rdflib.Graph()
    for name in names:
        whole.parse(resource("ontology", name), format="turtle")
    return whole


def uses(pattern: str, *places: str) -> list[tuple[str, str]]:
    """Each file and term that a pattern finds in files of the checkout."""
    files = [file for place in places for file in sorted(ROOT.glob(place))]
    assert files
    return [(file.name, term) for file in files for term in re.findall(pattern, file.read_text(encoding="utf-8"))]


# ---------------------------------------------------------------- the namespace


def test_terms_of_the_code_are_declared() -> None:
    """Every `KG.x` of the code stands in kg.ttl."""
    found = uses(r"\bKG\.([A-Za-z]\w*)", "src/kg/**/*.py")
    assert found
    for file, term in found:
        assert getattr(KG, term, None) == NAMESPACE + term, f"{file}: KG.{term} is not declared"


def test_terms_of_the_files_are_declared() -> None:
    """Every `kg:x` of a query or of the lexicon stands in kg.ttl."""
    for file, term in uses(r"\bkg:([A-Za-z]\w*)", "queries/*.rq", "ontology/*.ttl", "src/kg/**/*.rq"):
        assert getattr(KG, term, None) == NAMESPACE + term, f"{file}: kg:{term} is not declared"


@pytest.mark.parametrize("term", ["leaderof", "LeaderOf", "leaders", "Leader", "", "type"])
def test_misspelt_term(term: str) -> None:
    """A misspelt term raises, and says where terms are declared."""
    with pytest.raises(AttributeError, match=rf"kg:{term} is not declared in ontology/kg\.ttl"):
        getattr(KG, term)


def test_declared_term() -> None:
    """A term is its IRI."""
    assert KG.leaderOf == "https://w3id.org/news-kg/ontology#leaderOf"
    assert KG.Asserted == "https://w3id.org/news-kg/ontology#Asserted"


def test_modalities_are_declared() -> None:
    """Each modality of the model is an individual of the ontology."""
    assert [getattr(KG, modality.capitalize()) for modality in Modality]


# ---------------------------------------------------------------- relations and classes


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("leaderOf", "leaderOf"),
        ("leader-of", "leaderOf"),
        ("leader of", "leaderOf"),
        ("Leader Of", "leaderOf"),
        ("leader_of", "leaderOf"),
        ("https://w3id.org/news-kg/ontology#leaderOf", "leaderOf"),
        ("spoke-with", "spokeWith"),
        ("rival-of", "rivalOf"),
        ("ally of", "allyOf"),
        ("sanctioned-by", "sanctionedBy"),
        ("sanctions", "sanctions"),
        ("met with", "metWith"),
    ],
)
def test_relation_by_any_name(ontology: Ontology, name: str, relation: str) -> None:
    """A relation is known by its local name, its label, its hyphenated form and its IRI."""
    assert ontology.relation(name).name == relation


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_in_every_form(ontology: Ontology, name: str) -> None:
    """All forms of every relation lead to it."""
    relation = ontology.relations[name]
    hyphens = re.sub(r"(?=[A-Z])", "-", name).lower()
    assert {ontology.relation(form) for form in (name, relation.label, relation.iri, hyphens)} == {relation}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("leaderOff", "no relation is called 'leaderOff'; did you mean leaderOf"),
        ("spokeWitch", "no relation is called 'spokeWitch'; did you mean spokeWith"),
        ("acquired", "no relation is called 'acquired'; known: affiliatedWith, allyOf, "),
        ("", "no relation is called ''; known: affiliatedWith, "),
    ],
)
def test_unknown_relation(ontology: Ontology, name: str, message: str) -> None:
    """An unknown relation is answered with those that are near, or with all."""
    with pytest.raises(UnknownTerm) as failure:
        ontology.relation(name)
    assert str(failure.value).startswith(message)


def test_relations(ontology: Ontology) -> None:
    """The relations are those that the design names; what qualifies a claim is none of them for the lexicon."""
    assert set(RELATIONS) <= set(ontology.relations)
    assert {template.relation for template in ontology.lexicon.templates} <= set(RELATIONS)
    assert set(ontology.lexicon.roles.values()) <= set(RELATIONS)


def test_symmetry_and_inverses(ontology: Ontology) -> None:
    """Symmetric relations and the inverse pair are read from the file."""
    symmetric = {name for name in RELATIONS if ontology.relations[name].symmetric}
    assert symmetric == {"spokeWith", "metWith", "rivalOf", "allyOf"}
    assert ontology.relations["sanctionedBy"].inverse == "sanctions"
    assert ontology.relations["sanctions"].inverse == "sanctionedBy"


@pytest.mark.parametrize(
    ("kind", "wanted", "fits"),
    [
        ("Party", "Organization", True),
        ("Party", "Agent", True),
        ("Country", "Agent", True),
        ("Country", "Place", True),
        ("City", "Agent", False),
        ("Person", "Body", False),
        ("Person", None, True),
        ("Invented", "Person", False),
    ],
)
def test_is_a(ontology: Ontology, kind: str, wanted: str | None, fits: bool) -> None:
    """A class may stand where one above it is asked for."""
    assert ontology.is_a(kind, wanted) is fits


# ---------------------------------------------------------------- the lexicon


def test_every_role_has_one_relation() -> None:
    """A role noun implies one relation: else what a "chair" does would depend on the order of the file."""
    relations = defaultdict(set)
    for relation, role in graph("lexicon.ttl").subject_objects(rdflib.URIRef(LEXICON + "role")):
        relations[str(role).lower()].add(str(relation).removeprefix(NAMESPACE))
    assert not {role: found for role, found in relations.items() if len(found) > 1}


def test_lexicon_is_of_known_terms() -> None:
    """What the lexicon says something of is a term of the ontology, a group of words or a known individual."""
    declared = {str(subject) for subject in graph("kg.ttl").subjects(RDF.type, None)}
    for subject in set(graph("lexicon.ttl", "english.ttl").subjects()):
        known = str(subject) in declared or str(subject).startswith((LEXICON, "https://w3id.org/news-kg/id/"))
        assert known, f"{subject} is not declared"


# ---------------------------------------------------------------- files of one's own

OWN = """
@prefix : <https://example.org/press#> .
@prefix lex: <https://w3id.org/news-kg/lexicon#> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:sued a owl:ObjectProperty ; rdfs:subPropertyOf kg:rivalOf ; lex:template "{subject} sued {object}" .
"""
IMPORTS = "<https://example.org/press> a owl:Ontology ; owl:imports <https://w3id.org/news-kg/ontology> .\n"


def written(folder: Path, text: str, name: str = "own.ttl") -> Path:
    """A file with a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_own_file_replaces(tmp_path: Path) -> None:
    """A file that imports nothing replaces the packaged wordings; the classes stay."""
    own = load_ontology([written(tmp_path, OWN)])
    assert {template.relation for template in own.lexicon.templates} == {"sued"}
    assert not own.lexicon.roles
    assert "Person" in own.classes
    assert own.relation("sued").label == "sued"
    assert own.iri("sued") == "https://example.org/press#sued"


def test_own_file_adds(tmp_path: Path, ontology: Ontology) -> None:
    """A file that imports the packaged ontology adds to it."""
    own = load_ontology([written(tmp_path, OWN + IMPORTS)])
    added = set(own.lexicon.templates) - set(ontology.lexicon.templates)
    assert {template.text for template in added} == {"{subject} sued {object}"}
    assert set(own.lexicon.templates) > set(ontology.lexicon.templates)
    assert own.lexicon.roles == ontology.lexicon.roles
    assert own.ancestors("sued") == {"sued", "rivalOf"}


def test_own_wordings_of_a_packaged_relation(tmp_path: Path) -> None:
    """A file that only gives a packaged relation wordings extracts that relation alone."""
    text = OWN.split(":sued")[0] + 'kg:spokeWith lex:template "{subject} rang {object}" .'
    own = load_ontology([written(tmp_path, text)])
    assert [(t.relation, t.text) for t in own.lexicon.templates] == [("spokeWith", "{subject} rang {object}")]


def test_digest_tells_files_apart(tmp_path: Path, ontology: Ontology) -> None:
    """Another file, another digest: records of one ontology are not taken for another's."""
    one = load_ontology([written(tmp_path, OWN, "one.ttl")])
    two = load_ontology([written(tmp_path, OWN + IMPORTS, "two.ttl")])
    same = load_ontology([written(tmp_path, OWN, "same.ttl")])
    assert one.digest == same.digest
    assert len({one.digest, two.digest, ontology.digest}) == 3


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (OWN.replace("{object}", "it"), "own.ttl", r"sued: '\{subject\} sued it' needs both"),
        (OWN.split(":sued")[0], "own.ttl", r"own\.ttl.* lex:template"),
        ("this is no Turtle", "own.ttl", r"own\.ttl"),
        (OWN, "own.docx", r"own\.docx"),
    ],
)
def test_bad_file(tmp_path: Path, text: str, name: str, message: str) -> None:
    """A file that cannot be used is named, with what is wrong with it."""
    path = written(tmp_path, text, name)
    with pytest.raises(BadOntology, match=message):
        load_ontology([path])


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(BadOntology, match=r"absent\.ttl"):
        load_ontology([tmp_path / "absent.ttl"])


# ---------------------------------------------------------------- other tools


@pytest.mark.parametrize(("format", "suffix"), [("nt", ".nt"), ("xml", ".rdf")])
def test_other_formats(tmp_path: Path, ontology: Ontology, format: str, suffix: str) -> None:
    """An ontology may come as N-Triples or RDF/XML as well."""
    turtle = rdflib.Graph().parse(data=OWN + IMPORTS, format="turtle")
    path = tmp_path / f"own{suffix}"
    turtle.serialize(path, format=format, encoding="utf-8")
    assert set(load_ontology([path]).relations) == {*ontology.relations, "sued"}


@pytest.mark.parametrize("name", FILES)
def test_rdflib_reads_it(name: str) -> None:
    """Each file is Turtle to rdflib too, its words are plain literals or English, and nothing is said of nothing."""
    found = graph(name)
    assert len(found)
    assert {literal.language for literal in found.objects() if isinstance(literal, rdflib.Literal)} <= {None, "en"}


def test_every_term_is_explained() -> None:
    """Every class and relation has one label and one comment in English."""
    ontology = graph("kg.ttl")
    for kind in (OWL.Class, OWL.ObjectProperty):
        for term in ontology.subjects(RDF.type, kind):
            assert len(list(ontology.objects(term, RDFS.label))) == 1, term
            assert len(list(ontology.objects(term, RDFS.comment))) <= 1, term


@pytest.mark.parametrize(("format", "suffix"), [("nt", ".nt"), ("xml", ".rdf")])
def test_owlready2_reads_it(tmp_path: Path, format: str, suffix: str) -> None:
    """The ontology loads in owlready2, which reads no Turtle, once rdflib has converted it."""
    owlready2 = pytest.importorskip("owlready2")
    path = tmp_path / f"kg{suffix}"
    graph("kg.ttl").serialize(path, format=format, encoding="utf-8")
    onto = owlready2.World().get_ontology(path.as_uri()).load()
    terms = onto.get_namespace(NAMESPACE)
    assert {"leaderOf", "spokeWith", "sanctionedBy"} <= {p.name for p in onto.object_properties()}
    assert owlready2.SymmetricProperty in terms.spokeWith.is_a
    assert terms.sanctions.inverse_property == terms.sanctionedBy
    assert terms.officialOf in terms.leaderOf.ancestors()
    assert {terms.Place, terms.Agent} <= terms.Country.ancestors()
