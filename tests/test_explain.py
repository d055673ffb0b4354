"""Claims in their JSON form; the reasons for an edge, or for none, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import BadQuery, UnknownEntity, UnknownTerm
from kg.explain import ClaimRow, claims, explain, explain_entity
from kg.model import Modality, Triple
from kg.ontology import BASE, NAMESPACE, load_ontology
from kg.store import Graph, open_graph

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
LUKASHENKO, PUTIN = f"<{BASE}person/alexander-lukashenko>", f"<{BASE}person/vladimir-putin>"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Two articles, eleven entities, fifteen claims."""
    return open_graph(GRAPH)


# ---------------------------------------------------------------- claims


def test_a_claim_is_written_in_the_fixed_form(graph: Graph) -> None:
    """These keys in this order."""
    (row,) = claims(graph, relation="spokeWith", modality="asserted", article="minsk-calls")
    assert json.dumps(row) == json.dumps(
        {
            "article": "minsk-calls",
            "subject": "Alexander Lukashenko",
            "subject_iri": BASE + "person/alexander-lukashenko",
            "subject_aliases": ["Lukashenko", "President Lukashenko"],
            "relation": "spokeWith",
            "object": "Vladimir Putin",
            "object_iri": BASE + "person/vladimir-putin",
            "object_aliases": ["Putin"],
            "modality": "asserted",
            "attribution": "Kremlin",
            "date": "2020-08-15",
            "confidence": 0.93,
            "evidence": "President Alexander Lukashenko of Belarus spoke by telephone with Vladimir Putin on Saturday, "
            "the Kremlin said.",
            "start": 0,
            "end": 111,
        }
    )
    assert list(row) == list(ClaimRow.__annotations__)


def test_all_claims_come_in_order(graph: Graph) -> None:
    """By article, place, relation, subject and object; each quote is as long as its place says."""
    rows = list(claims(graph))
    order = [(r["article"], r["start"], r["relation"], r["subject"], r["object"]) for r in rows]
    assert len(rows) == 15
    assert order == sorted(order)
    assert all(len(row["evidence"]) == row["end"] - row["start"] for row in rows)


def test_claims_do_not_depend_on_the_order_of_the_graph(graph: Graph) -> None:
    """A graph loaded backwards gives the same."""
    assert list(claims(Graph.of(reversed(list(graph.triples()))))) == list(claims(graph))


@pytest.mark.parametrize(
    ("wanted", "attribution"),
    [
        ({"relation": "allyOf"}, "José Ramírez"),  # an entity
        ({"relation": "metWith", "modality": "prospective"}, "state media"),  # only described
        ({"relation": "rivalOf"}, None),  # the article itself
    ],
)
def test_an_attribution_is_a_name(wanted: dict[str, str], attribution: str | None, graph: Graph) -> None:
    """The label of the source, entity or not."""
    (row,) = claims(graph, **wanted)  # type: ignore[arg-type]  # a table of keyword arguments
    assert row["attribution"] == attribution


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({"relation": "spokeWith"}, 4),  # with metWith
        ({"relation": "met-with"}, 2),
        ({"relation": "official of"}, 5),  # with leaderOf
        ({"relation": "affiliatedWith"}, 7),
        ({"subject": "Viktor Lukashenko"}, 2),
        ({"subject": "Putin"}, 5),  # and where he is named second with symmetric relations
        ({"subject": "EU"}, 0),
        ({"article": "minsk-calls"}, 8),
        ({"article": "https://news.example/2020/after-the-summit"}, 7),
        ({"modality": "DENIED"}, 2),
        ({"modality": "ended"}, 1),
        ({"min_confidence": 0.93}, 4),
        (
            {
                "relation": "leaderOf",
                "subject": "Alexander Lukashenko",
                "article": "minsk-calls",
                "min_confidence": 0.9,
            },
            1,
        ),
    ],
)
def test_claims_are_chosen(wanted: dict[str, object], number: int, graph: Graph) -> None:
    """By relation and those below it, subject, article, modality, confidence, or several."""
    assert len(list(claims(graph, **wanted))) == number  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        ({"relation": "spookWith"}, UnknownTerm, "spookWith"),
        ({"subject": "Lukashenka"}, UnknownEntity, "did you mean Alexander Lukashenko"),
        ({"article": "\udc80 <>"}, UnknownEntity, "no article of the graph"),
        ({"modality": "rumoured"}, BadQuery, "known: asserted, ended, prospective, denied"),
    ],
)
def test_what_is_not_there_is_named(wanted: dict[str, str], error: type[Exception], message: str, graph: Graph) -> None:
    """A misspelling never gives an empty answer."""
    with pytest.raises(error, match=message):
        list(claims(graph, **wanted))  # type: ignore[arg-type]  # a table of keyword arguments


def test_an_article_is_found_by_its_id(graph: Graph) -> None:
    """Its id and its IRI will do as well as its name."""
    query = "SELECT ?article { ?article dcterms:identifier ?name }"
    iri = str(graph.select(query, {"name": '"minsk-calls"'}).rows[0][0])
    assert list(claims(graph, article=iri)) == list(claims(graph, article="minsk-calls"))
    assert list(claims(graph, article=iri.rpartition("/")[2])) == list(claims(graph, article="minsk-calls"))


# ---------------------------------------------------------------- explain

A, E, P, D = Modality.ASSERTED, Modality.ENDED, Modality.PROSPECTIVE, Modality.DENIED


@pytest.mark.parametrize(
    ("subject", "relation", "object", "edge", "modalities"),
    [
        ("Alexander Lukashenko", "leaderOf", "Belarus", True, [A, A]),
        ("Alexander Lukashenko", "official-of", "Belarus", True, [A, A]),  # a relation below it
        ("Lukashenko", "spoke with", "Putin", True, [A, A, P]),  # the strongest first; metWith too
        ("Putin", "spokeWith", "Lukashenko", True, [A, A, P]),  # symmetric
        ("Putin", "kg:metWith", "Lukashenko", True, [A, P]),
        ("Lukashenko", NAMESPACE + "rivalOf", "Tikhanovskaya", True, [A]),
        ("Viktor Lukashenko", "sanctionedBy", "EU", True, [A]),
        ("EU", "sanctions", "Viktor Lukashenko", True, [A]),  # the inverse
        ("Belarus", "sanctionedBy", "EU", False, [P]),
        ("Ana Ramírez", "memberOf", "United Russia", False, [E]),
        ("Kremlin", "spokeWith", "Tikhanovskaya", False, [D]),
        ("Belarus", "leaderOf", "Alexander Lukashenko", False, []),  # the wrong way round
        ("Tikhanovskaya", "leaderOf", "Belarus", False, []),
        ("Putin", "allyOf", "Putin", False, []),
    ],
)
def test_an_edge_is_explained(
    subject: str, relation: str, object: str, edge: bool, modalities: list[Modality], graph: Graph
) -> None:
    """Whether there is an edge, and the claims behind it."""
    found = explain(graph, subject, relation, object)
    assert found.edge is edge
    assert [claim.modality for claim in found.claims] == modalities


TOLD = """\
Alexander Lukashenko - spoke with - Vladimir Putin: 3 claims in 2 articles.

1. Stated as fact, in the article's own voice, of 2020-09-01 (confidence 0.97)
   "Belarusian President Alexander Lukashenko met Vladimir Putin in Sochi on Tuesday."
   Article: After the summit, after-the-summit, 2020-09-02, https://news.example/2020/after-the-summit
   Claim: Alexander Lukashenko - met with - Vladimir Putin
   Found by: {subject} met {object}

2. Stated as fact, according to Kremlin, of 2020-08-15 (confidence 0.93)
   "President Alexander Lukashenko of Belarus spoke by telephone with Vladimir Putin on Saturday, the Kremlin said."
   Article: Minsk and Moscow keep talking, minsk-calls, 2020-08-16, https://news.example/2020/minsk-calls
   Claim: Alexander Lukashenko - spoke with - Vladimir Putin
   Found by: {subject} spoke by telephone with {object}

3. It is only planned or threatened, according to state media (confidence 0.7)
   "The Russian president would receive his caller in Sochi within weeks, state media reported."
   Article: Minsk and Moscow keep talking, minsk-calls, 2020-08-16, https://news.example/2020/minsk-calls
   Claim: Vladimir Putin - met with - Alexander Lukashenko
   Found by: {subject} received {object}

Also claimed between the two: Alexander Lukashenko - ally of - Vladimir Putin (1 asserted)."""


def test_an_explanation_is_told_in_words(graph: Graph) -> None:
    """Who says it, when, where, in which words, how surely, and what else is claimed."""
    assert str(explain(graph, "Alexander Lukashenko", "spokeWith", "Vladimir Putin")) == TOLD


@pytest.mark.parametrize(
    ("subject", "relation", "object", "words"),
    [
        ("Belarus", "sanctionedBy", "EU", "No edge: the only claims are prospective."),
        ("Belarus", "memberOf", "EU", "No edge: the only claims are denied."),
        ("Belarus", "memberOf", "EU", "1. Denied, according to Alexander Lukashenko"),
        ("Ana Ramírez", "memberOf", "United Russia", "1. No longer so, in the article's own voice"),
        ("Viktor Lukashenko", "sanctionedBy", "EU", "Group: Belarusian officials"),
        ("Russia", "allyOf", "Kremlin", "Nothing to explain: no article says so, or denies it. The graph has no claim"),
        ("Putin", "rivalOf", "Lukashenko", "Nothing to explain: no article says so, or denies it.\n\nAlso claimed"),
        ("Putin", "rivalOf", "Lukashenko", "Vladimir Putin - met with - Alexander Lukashenko (1 prospective)"),
    ],
)
def test_the_reason_for_no_edge_is_told(subject: str, relation: str, object: str, words: str, graph: Graph) -> None:
    """Only planned, denied, over, never said; and what is said instead."""
    assert words in str(explain(graph, subject, relation, object))


def test_an_edge_without_claims_is_inferred(graph: Graph) -> None:
    """An edge that a reasoner added is not passed off as said."""
    inferred = Triple(LUKASHENKO, f"<{NAMESPACE}affiliatedWith>", f"<{BASE}country/RU>")
    found = explain(Graph.of([*graph.triples(), inferred]), "Lukashenko", "affiliatedWith", "Russia")
    assert found.edge
    assert not found.claims
    assert "no claim states it: a reasoner" in str(found)


def test_a_claim_without_its_edge_is_reported(graph: Graph) -> None:
    """A graph that was cut by hand says so."""
    ally = f"<{NAMESPACE}allyOf>"
    cut = Graph.of(triple for triple in graph.triples() if triple.predicate != ally)
    assert "the graph lacks the edge" in str(explain(cut, "Lukashenko", "allyOf", "Putin"))


@pytest.mark.parametrize(
    ("subject", "relation", "object", "error"),
    [
        ("Lukashenka", "spokeWith", "Putin", UnknownEntity),
        ("Lukashenko", "spokeWith", "Putine the Great", UnknownEntity),
        ("Lukashenko", "spookWith", "Putin", UnknownTerm),
    ],
)
def test_a_misspelling_is_no_missing_edge(
    subject: str, relation: str, object: str, error: type[Exception], graph: Graph
) -> None:
    """It is an error, not the answer no."""
    with pytest.raises(error):
        explain(graph, subject, relation, object)


@pytest.mark.parametrize("relation", sorted(load_ontology().relations))
def test_every_relation_can_be_asked_for(relation: str, graph: Graph) -> None:
    """By its name and by its label."""
    label = load_ontology().relations[relation].label
    assert explain(graph, "Putin", relation, "Russia") == explain(graph, "Putin", label, "Russia")


def test_an_entity_is_told_in_words(graph: Graph) -> None:
    """Its names, its kind, its articles, its claims by relation and direction."""
    assert explain_entity(graph, "belarusian").splitlines() == [
        "Belarus (country)",
        f"IRI: {BASE}country/BY",
        "Also known as: wd:Q184",
        "Also called: Belarusian",
        "Named in 2 articles, on either side of 5 claims",
        "  leader of <- Alexander Lukashenko (2 asserted)",
        "  member of -> European Union (1 denied)",
        "  official of <- Viktor Lukashenko (1 asserted)",
        "  sanctioned by -> European Union (1 prospective)",
        "Articles, the latest first:",
        "  2020-09-02 after-the-summit",
        "  2020-08-16 minsk-calls",
    ]


def test_a_described_source_is_told_too(graph: Graph) -> None:
    """It has a name and nothing more."""
    assert explain_entity(graph, "state media").splitlines()[-1] == "Named in 0 articles, on either side of 0 claims"
