"""What `import kg` offers: build or open, ask, explain, save."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import rdflib

import kg
from kg.errors import BadGraph, BadQuery, UnreadableInput
from kg.explain import ClaimRow, Explanation

NEWS = (
    "OSLO - Norwegian Prime Minister Ingrid Solheim met Danish President Lars Brandt on Monday about the harbour.\n\n"
    "Norway could impose sanctions on the shipowner Viktor Dragan, Solheim said.\n"
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.NewsGraph:
    """The graph of one article, built without leaving a file."""
    path = tmp_path_factory.mktemp("door") / "visit.txt"
    path.write_text(NEWS, encoding="utf-8")
    built = kg.build(path, quiet=True)
    assert [file.name for file in path.parent.iterdir()] == ["visit.txt"]
    return built


def test_the_offer_is_explicit():
    """What `__all__` names is there, and nothing else is made up."""
    assert all(getattr(kg, name) for name in kg.__all__)
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match=r"'opne'; it offers .*open"):
        _ = kg.opne


def test_query_gives_a_table(graph):
    """A saved query by name, with parameters by name; SPARQL as text."""
    leaders = graph.query("leaders", country="Norway")
    assert isinstance(leaders, pd.DataFrame)
    assert "Ingrid Solheim" in set(leaders.leader)
    confidences = graph.query("SELECT ?claim ?confidence { ?claim kg:confidence ?confidence }").confidence
    assert confidences.dtype == float


def test_ask_and_construct(graph):
    """A truth, and another graph."""
    assert graph.query("ASK { ?who kg:metWith ?whom }") is True
    assert len(graph.query("CONSTRUCT { ?a kg:allyOf ?b } WHERE { ?a kg:metWith ?b }")) == 2


def test_query_errors_are_kgs_own(graph):
    """A misspelt parameter does not pass as "any"."""
    with pytest.raises(BadQuery, match="country"):
        graph.query("leaders", contry="Norway")


def test_claims_give_a_table(graph):
    """The columns of `kg claims -f jsonl`, chosen by the same filters; an empty table has them too."""
    claims = graph.claims()
    assert list(claims.columns) == list(ClaimRow.__annotations__) == list(graph.claims(min_confidence=1.0).columns)
    assert all(NEWS[row.start : row.end] == row.evidence for row in claims.itertuples())
    (planned,) = graph.claims(modality="prospective").itertuples()
    assert (planned.subject, planned.relation, planned.object) == ("Viktor Dragan", "sanctionedBy", "Norway")


def test_explain(graph):
    """An edge as an object that prints, a name as a page."""
    found = graph.explain("Viktor Dragan", "sanctionedBy", "Norway")
    assert isinstance(found, Explanation)
    assert not found.edge
    assert "could impose sanctions" in str(found)
    assert "leader of -> Norway" in str(graph.explain("Ingrid Solheim"))


def test_rdf_is_an_rdflib_graph(graph):
    """The same triples, for all that rdflib can do."""
    assert isinstance(graph.rdf, rdflib.Graph)
    assert len(graph.rdf) == len(graph)


def test_save_and_open(graph, tmp_path):
    """A saved graph is the same graph."""
    graph.save(tmp_path / "kg.ttl")
    again = kg.open(tmp_path / "kg.ttl")
    assert len(again) == len(graph)
    again.save(tmp_path / "again.ttl")
    assert (tmp_path / "again.ttl").read_bytes() == (tmp_path / "kg.ttl").read_bytes()
    with pytest.raises(BadGraph, match="no such file"):
        kg.open(tmp_path / "none.ttl")


def test_build_into_a_file_adds(tmp_path):
    """With an output, the collection is kept and grows; what was left out is told."""
    for name, text in (("one", NEWS), ("two", NEWS.replace("Monday", "Friday")), ("none", "")):
        Path(tmp_path, f"{name}.txt").write_text(text, encoding="utf-8")
    kg.build(tmp_path / "one.txt", tmp_path / "kg.ttl", quiet=True)
    with pytest.warns(UserWarning, match=r"none\.txt"):
        built = kg.build([tmp_path / "two.txt", tmp_path / "none.txt"], tmp_path / "kg.ttl", quiet=True)
    assert (built.summary.new, built.summary.articles, len(built.summary.problems)) == (1, 2, 1)
    with pytest.raises(UnreadableInput):
        kg.build(tmp_path / "none.txt", quiet=True)
