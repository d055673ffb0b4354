"""Knowledge becomes triples that any RDF parser reads."""

from __future__ import annotations

import datetime as dt

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality
from kg.ontology import load_ontology
from kg.triplify import iri, literal, triplify

BASE = "http://x.org/"
SHORT = {
    "https://w3id.org/news-kg/ontology#": "kg:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs:",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://purl.org/dc/terms/": "dcterms:",
    "https://schema.org/": "schema:",
    BASE: ":",
}
any_text = st.text(st.characters(exclude_categories=()))
ADA, BO = "person/ada-berg", "person/bo-lind"


def claim(subject=ADA, relation="spokeWith", value=BO, modality=Modality.ASSERTED, **more) -> Claim:
    """A claim of the article a1."""
    quote = Evidence(quote="Ada Berg met Bo Lind.", start=3, end=24)
    fields = {"confidence": 0.9, "evidence": quote, "article": "a1", **more}
    return Claim(subject=subject, relation=relation, object=value, modality=modality, **fields)


def lines(**knowledge) -> set[str]:
    """The triples in short form."""
    found = set()
    for triple in triplify(Knowledge(**knowledge), load_ontology(), base=BASE):
        line = " ".join(triple)
        for namespace, prefix in SHORT.items():
            line = line.replace(f"<{namespace}", f"<{prefix}")
        found.add(line.replace("<", "").replace(">", ""))
    return found


def test_entity():
    """An entity has a class, a label, its other names, the same thing elsewhere, and the articles that mention it."""
    belarus = Entity(
        id="country/BY",
        name="Belarus",
        kind="Country",
        aliases=("Belarus", "Belarusian"),
        same_as=("http://www.wikidata.org/entity/Q184",),
        articles=("a1",),
    )
    assert lines(entities=(belarus,)) == {
        ":country/BY rdf:type kg:Country",
        ':country/BY rdfs:label "Belarus"@en',
        ':country/BY skos:altLabel "Belarusian"@en',
        ":country/BY skos:exactMatch http://www.wikidata.org/entity/Q184",
        ":article/a1 kg:mentions :country/BY",
    }


def test_claim():
    """A claim says what, how, who says so and where; what is not known is left out."""
    full = claim(
        modality=Modality.DENIED,
        attribution="the Kremlin",
        source="organization/kremlin",
        date=dt.date(2020, 8, 15),
        target_group="officials",
        pattern="{subject} met {object}",
        confidence=1.0,
    )
    me = f":claim/{full.id}"
    expected = {
        f"{me} rdf:type kg:Claim",
        f"{me} rdf:subject :{ADA}",
        f"{me} rdf:predicate kg:spokeWith",
        f"{me} rdf:object :{BO}",
        f"{me} kg:modality kg:Denied",
        f'{me} kg:confidence "1"^^xsd:decimal',
        f"{me} prov:wasDerivedFrom :article/a1",
        f'{me} kg:quote "Ada Berg met Bo Lind."@en',
        f'{me} kg:start "3"^^xsd:integer',
        f'{me} kg:end "24"^^xsd:integer',
    }
    optional = {
        f"{me} kg:attributedTo :organization/kremlin",
        f'{me} kg:date "2020-08-15"^^xsd:date',
        f'{me} kg:targetGroup "officials"@en',
        f'{me} kg:pattern "{{subject}} met {{object}}"',
    }
    assert lines(claims=(full,)) == expected | optional
    assert lines(claims=(claim(modality=Modality.DENIED, confidence=1.0),)) == expected


def test_article():
    """An article is a news article with its name and what is known of it; a URL that is no IRI is a string."""
    article = Article(
        id="a1",
        name="report",
        title='"Yes"',
        date=dt.date(2020, 8, 15),
        url="http://x.com/a b",
        publisher="P",
        author="A",
    )
    assert lines(articles=(article, Article(id="a2", name="other", url="https://x.com/b"))) == {
        ":article/a1 rdf:type kg:Article",
        ":article/a1 rdf:type schema:NewsArticle",
        ':article/a1 dcterms:identifier "report"',
        r':article/a1 schema:headline "\"Yes\""',
        ':article/a1 schema:datePublished "2020-08-15"^^xsd:date',
        ':article/a1 schema:url "http://x.com/a b"',
        ':article/a1 schema:publisher "P"',
        ':article/a1 schema:author "A"',
        ":article/a2 rdf:type kg:Article",
        ":article/a2 rdf:type schema:NewsArticle",
        ':article/a2 dcterms:identifier "other"',
        ":article/a2 schema:url https://x.com/b",
    }


@pytest.mark.parametrize(
    ("claims", "edges"),
    [
        ([("spokeWith", Modality.ASSERTED)], {f":{ADA} kg:spokeWith :{BO}", f":{BO} kg:spokeWith :{ADA}"}),
        ([("memberOf", Modality.ASSERTED)], {f":{ADA} kg:memberOf :{BO}"}),
        ([("memberOf", m) for m in Modality if m is not Modality.ASSERTED], set()),
        ([("memberOf", Modality.DENIED), ("memberOf", Modality.ASSERTED)], {f":{ADA} kg:memberOf :{BO}"}),
    ],
)
def test_edges_stand_on_asserted_claims(claims, edges):
    """A direct edge exists exactly where a claim asserts it, both ways for a symmetric relation."""
    found = lines(claims=tuple(claim(relation=relation, modality=modality) for relation, modality in claims))
    assert {line for line in found if line.startswith(":person/")} == edges


def test_described_source():
    """A source that is no entity becomes an agent with a label; two spellings are one source."""
    claims = (claim(attribution="State media"), claim(attribution="state media", relation="memberOf"))
    found = lines(claims=claims)
    assert {line for line in found if line.startswith(":source")} == {
        ":source/state-media rdf:type kg:Agent",
        ':source/state-media rdfs:label "State media"@en',
    }
    assert sum(line.endswith("kg:attributedTo :source/state-media") for line in found) == 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('a "b"', r'"a \"b\""'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\rc\td\be\ff", r'"a\nb\rc\td\be\ff"'),
        ("\x00\x1f\x7f", r'"\u0000\u001F\u007F"'),
        ("😀 \u202eRTL é", '"😀 \u202eRTL é"'),
        ("lone \ud800!", '"lone \ufffd!"'),
    ],
)
def test_literal(text, written):
    """Literals are escaped as N-Triples asks for."""
    assert literal(text) == written


@given(any_text)
def test_any_literal_is_read_back(text):
    """A parser reads every literal as the text that it was, surrogates aside, and would write it the same."""
    (quad,) = ox.parse(f"<a:> <a:> {literal(text, lang='en')} .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") or "\ufffd" in (
        quad.object.value
    )
    assert str(quad.object) == literal(text, lang="en")


@given(any_text)
def test_any_iri_is_valid(text):
    """Whatever an id holds, its IRI parses and stays the same."""
    (quad,) = ox.parse(f"<a:> <a:> {iri('http://x.org/' + text)} .", format=ox.RdfFormat.N_TRIPLES)
    assert str(quad.object) == iri("http://x.org/" + text)


@given(any_text, any_text, any_text)
def test_any_knowledge_parses(name, url, source):
    """Whatever the articles hold, the graph is valid, has no blank node, and no triple comes twice."""
    knowledge = Knowledge(
        articles=(Article(id="a1", name=name, title=name, url="http://" + url, author=source),),
        entities=(Entity(id=ADA, name=name, kind="Person", aliases=(source, url)),),
        claims=(claim(attribution=source, target_group=name, pattern=url),),
    )
    triples = list(triplify(knowledge, load_ontology()))
    text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    assert len(set(triples)) == len(triples) == len(list(ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES)))
    assert "_:" not in {term[:2] for triple in triples for term in triple}
