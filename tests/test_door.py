"""What `import kg` offers: build or open, ask, explain, save."""

from __future__ import annotations

import html
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import rdflib
from news import news, said

import kg
from kg.errors import BadGraph, BadQuery, NoClaims, UnknownEntity, UnknownTerm, UnreadableInput
from kg.explain import Explanation
from kg.model import Triple
from kg.store import Graph

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
    """Who, relation, whom, how, by whose word, when; the quote stands where the row says; filters narrow it."""
    claims = graph.claims()
    assert all(NEWS[row.start : row.end] == row.quote for row in claims.itertuples())
    (planned,) = graph.claims(modality="prospective").itertuples()
    assert (planned.subject, planned.relation, planned.object) == ("Viktor Dragan", "sanctionedBy", "Norway")
    assert (planned.speaker, planned.subject_iri) == ("Ingrid Solheim", graph.iri("Dragan"))


def test_explain(graph):
    """An edge as an object that prints, a name as a page."""
    found = graph.explain("Viktor Dragan", "sanctionedBy", "Norway")
    assert isinstance(found, Explanation)
    assert not found.edge
    assert "could impose sanctions" in str(found)
    assert repr(found) == str(found)
    page = graph.explain("Ingrid Solheim")
    assert "leader of -> Norway" in page
    assert repr(page) == str(page)


def test_a_notebook_shows_the_quote_in_its_paragraph(graph):
    """The sentence is marked, what stands before and after it is there; without the articles, the sentence alone."""
    told = graph.explain("Solheim", "metWith", "Brandt")
    before, after = told.contexts[0]
    assert before + told.claims[0].quote + after == NEWS.split("\n")[0]
    assert f"<mark>{html.escape(told.claims[0].quote)}</mark>" in told._repr_html_()
    alone = kg.NewsGraph(graph._graph).explain("Solheim", "metWith", "Brandt")
    assert alone.contexts == (("", ""),)
    assert str(alone) == str(told)


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


# ---------------------------------------------------------------- tables

FEUD = news(
    said("Ann metWith Bob", article="b1", on="2020-08-15", by="Cid"),
    said("Bob metWith Ann", article="a1", how="denied", sure=0.4),
    said("Ann leaderOf Utopia", article="a1"),
    said("Cid leaderOf Arcadia", article="a2"),
    days={"a1": "2020-09-01", "b1": "2020-08-16"},
    kinds={"Utopia": "Country", "Arcadia": "Country"},
)
EMPTY = kg.NewsGraph(Graph.of([]))
FOREIGN = kg.NewsGraph(
    Graph.of(
        [
            Triple("<a:ann>", "<http://www.w3.org/2000/01/rdf-schema#label>", '"Ann"'),
            Triple("<a:ann>", "<a:knows>", "<a:bob>"),
        ]
    )
)
TABLES = {"claims": kg.NewsGraph.claims, "entities": kg.NewsGraph.entities, "articles": kg.NewsGraph.articles,
          "mentions": kg.NewsGraph.mentions, "check": kg.NewsGraph.check}  # fmt: skip


def test_types_of_columns():
    """Dates are dates, numbers numbers, few different values categories; the modalities in order."""
    claims = FEUD.claims()
    assert claims.dtypes.astype(str).drop(["start", "end"]).to_dict() == {
        **dict.fromkeys(["subject", "object", "speaker", "quote", "headline", "publisher", "article"], "str"),
        **dict.fromkeys(["subject_iri", "object_iri", "speaker_iri", "article_iri", "claim_iri"], "str"),
        **dict.fromkeys(["relation", "modality"], "category"),
        **dict.fromkeys(["date", "published"], "datetime64[s]"),
        "confidence": "float64",
    }
    assert claims["modality"].cat.categories.tolist() == ["asserted", "ended", "prospective", "denied"]
    assert claims["date"].dt.year.dropna().tolist() == [2020]
    assert FEUD.entities().dtypes.astype(str)[["class", "articles", "claims"]].tolist() == [
        "category",
        "Int64",
        "Int64",
    ]


def test_claims_stand_in_the_order_of_the_news():
    """By date of the article, those without one last; then by place."""
    assert FEUD.claims()["article"].tolist() == ["b1", "a1", "a1", "a2"]


@pytest.mark.parametrize(
    ("chosen", "articles"),
    [
        pytest.param({"relation": "spokeWith"}, "b1 a1", id="relation with those below"),
        pytest.param({"relation": ["metWith", "leaderOf"], "modality": "asserted"}, "b1 a1 a2", id="several"),
        pytest.param({"subject": "Ann"}, "b1 a1 a1", id="either side of a symmetric relation"),
        pytest.param({"object": "Ann"}, "b1 a1", id="of the object too"),
        pytest.param({"subject": "Bob", "object": "Ann"}, "b1 a1", id="both ends"),
        pytest.param({"object": "Utopia"}, "a1", id="no other side"),
        pytest.param({"article": "a2"}, "a2", id="article"),
        pytest.param({"since": "2020-08-16"}, "a1 a1", id="by the claim's day"),
        pytest.param({"until": "2020-08-16"}, "b1", id="until"),
        pytest.param({"min_confidence": 0.5}, "b1 a1 a2", id="confidence"),
        pytest.param({"relation": []}, "b1 a1 a1 a2", id="no choice"),
    ],
)
def test_claims_are_chosen(chosen, articles):
    """Each option narrows the table."""
    assert FEUD.claims(**chosen)["article"].tolist() == articles.split()


def test_entities_and_articles():
    """The most mentioned first, a class with those below it; articles by date, with what each holds."""
    assert FEUD.entities()["name"].tolist()[:2] == ["Ann", "Bob"]
    assert FEUD.entities(kind="place")["name"].tolist() == ["Arcadia", "Utopia"]
    assert FEUD.entities().loc[0, ["name", "class", "articles", "claims"]].tolist() == ["Ann", "Person", 2, 3]
    articles = FEUD.articles()
    assert articles["article"].tolist() == ["b1", "a1", "a2"]
    assert articles["claims"].tolist() == [1, 2, 1]
    assert articles.loc[0, ["headline", "publisher", "entities"]].tolist() == ["Story b1", "Paper b", 2]


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_graph_gives_empty_tables_of_the_same_types(name):
    """What works on a table works on an empty one."""
    empty, full = TABLES[name](EMPTY), TABLES[name](FEUD)
    assert empty.empty
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_columns_of_a_query():
    """A query's columns have the types of what is in them, whatever that is."""
    table = FEUD.query(
        """SELECT ?day ?number ?share ?truth ?who ?mixed {
             VALUES (?day ?number ?share ?truth ?who ?mixed) {
               ("2020-08-15"^^xsd:date 1 0.5 true kg:Claim 1) (UNDEF UNDEF UNDEF UNDEF UNDEF "x")
               ("0987-01-01"^^xsd:date 2 2 false "y" UNDEF) } }"""
    )
    assert table.dtypes.astype(str).tolist() == ["datetime64[s]", "Int64", "float64", "boolean", "str", "object"]
    assert table["day"].dt.year.max() == 2020
    assert FEUD.query("timeline")["modality"].dtype == "category"
    big = FEUD.query("SELECT ?n { VALUES ?n { 123456789012345678901234567890 } }")
    assert big["n"].tolist() == [123456789012345678901234567890]
    assert FEUD.query("SELECT * { }").shape == (1, 0)


# ---------------------------------------------------------------- what can go wrong


def test_errors_help():
    """They name what comes close, or what is known."""
    with pytest.raises(UnknownEntity, match="did you mean Utopia"):
        FEUD.explain("Utopa")
    with pytest.raises(UnknownEntity, match="did you mean Utopia"):
        FEUD.claims(subject="Utopa")
    with pytest.raises(UnknownEntity, match="no article"):
        FEUD.claims(article="a9")
    with pytest.raises(UnknownTerm, match="metWith"):
        FEUD.claims(relation="metWit")
    with pytest.raises(UnknownTerm, match="Country"):
        FEUD.entities(kind="Contry")
    with pytest.raises(BadQuery, match="like 2020-08-15"):
        FEUD.claims(since="15 August")


def test_another_tools_graph():
    """`query`, `rdf` and `save` work on any triples; what needs claims says so."""
    assert FOREIGN.query("SELECT ?who { ?who <a:knows> ?whom }")["who"].tolist() == ["a:ann"]
    assert len(FOREIGN.rdf) == 2
    for ask in (FOREIGN.claims, FOREIGN.articles, FOREIGN.mentions, FOREIGN.to_networkx):
        with pytest.raises(NoClaims, match="`query` and `rdf` work"):
            ask()
    with pytest.raises(NoClaims):
        FOREIGN.explain("Ann")
    assert "No claims" in str(FOREIGN)
    assert "No claims" in FOREIGN._repr_html_()
    assert repr(FOREIGN) == "<NewsGraph of 2 triples from memory>"


def test_an_empty_graph():
    """Everything answers, with nothing."""
    assert len(EMPTY) == len(EMPTY.infer()) == len(EMPTY.rdf) == 0
    assert repr(EMPTY) == str(EMPTY) == "<NewsGraph of 0 triples from memory>"
    assert EMPTY.query("leaders").empty
    assert "0 claims" in EMPTY._repr_html_()
    with pytest.raises(UnknownEntity, match="Ann"):
        EMPTY.explain("Ann")


# ---------------------------------------------------------------- how it shows itself


class Tags(HTMLParser):
    """The elements of a page, in the order in which they are opened and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tags:
    """The page, every element closed."""
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


EVIL = "<script>alert(1)</script>"


def test_markup_in_names_stays_text():
    """A name, a quote, a headline with markup in it is shown as it is written."""
    graph = news(said("Ann metWith Bob", quote=f"Ann met {EVIL} & Bob."), said("Ann allyOf Bob"))
    named = graph.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?p NOT IN (rdfs:label, schema:headline)) }")
    labels = [
        Triple(f"<{thing}>", f"<{predicate}>", f'"{EVIL}{name}"@en')
        for thing, predicate, name in (
            (graph.iri("Ann"), "http://www.w3.org/2000/01/rdf-schema#label", "Ann"),
            (graph.iri("Bob"), "http://www.w3.org/2000/01/rdf-schema#label", "Bob"),
            (graph.articles()["iri"][0], "https://schema.org/headline", ""),
        )
    ]
    evil = kg.NewsGraph(Graph.of([*named._graph.triples(), *labels]))
    for shown in (evil, evil.explain(f"{EVIL}Ann", "metWith", f"{EVIL}Bob"), evil.explain(f"{EVIL}Ann")):
        page = parsed(shown._repr_html_())
        assert page.seen <= {"style", "div", "h4", "p", "span", "blockquote", "mark", "table", "thead", "tbody", "tr",
                             "th", "td", "pre"}  # fmt: skip
        assert EVIL in page.text


def test_a_graph_in_a_few_lines():
    """What it holds, counted; the card has the same as a table."""
    assert repr(FEUD) == f"<NewsGraph of 3 articles, 4 claims, {len(FEUD)} triples from memory>"
    assert str(FEUD).splitlines()[1:] == [
        "3 articles, 2020-08-16 to 2020-09-01",
        "Entities: Person 3, Country 2",
        "Claims: leaderOf 2, metWith 2",
        "Most connected: Ann 2, Arcadia 1, Bob 1, Cid 1, Utopia 1",
    ]
    assert {"table", "th"} <= parsed(FEUD._repr_html_()).seen


def test_pictures_come_from_the_graph():
    """`show` and `timeline` draw what is asked for."""
    assert "Ann" in FEUD.show(around="Ann").svg
    assert FEUD.timeline(relations="metWith").html.startswith("<!")


def test_infer_leaves_the_graph_as_it_is():
    """What follows is in another graph."""
    before = len(FEUD)
    more = FEUD.infer()
    assert more.query("ASK { ?one kg:spokeWith ?other }") is True
    assert FEUD.query("ASK { ?one kg:spokeWith ?other }") is False
    assert len(FEUD) == before


def test_an_ontology_of_ones_own(tmp_path):
    """A relation that only the user's ontology knows keeps its symmetry when the graph is opened with it."""
    own = tmp_path / "own.ttl"
    own.write_text(
        """@prefix : <https://example.org/news#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix lex: <https://w3id.org/news-kg/lexicon#> . @prefix kg: <https://w3id.org/news-kg/ontology#> .
        <https://example.org/news> owl:imports <https://w3id.org/news-kg/ontology> .
        :tradesWith a owl:ObjectProperty, owl:SymmetricProperty ; lex:template "{subject} trades with {object}" .""",
        encoding="utf-8",
    )
    text = Path(tmp_path, "graph.nt")
    lines = [f"{s} {p} {o} ." for s, p, o in FEUD._graph.triples()]
    text.write_text("\n".join(lines).replace("news-kg/ontology#metWith", "x").replace(
        "https://w3id.org/x", "https://example.org/news#tradesWith"), encoding="utf-8")  # fmt: skip
    assert kg.open(text).to_networkx("tradesWith").size() == 1
    graph = kg.open(text, ontology=[own])
    assert sorted(graph.to_networkx("tradesWith").edges()) == [("Ann", "Bob"), ("Bob", "Ann")]
    assert len(graph.claims(subject="Bob")) == 2


def test_importing_kg_loads_no_heavy_library():
    """pandas, networkx and the rest load when they are used."""
    heavy = "pandas numpy networkx rdflib spacy matplotlib owlready2 pyoxigraph"
    code = f"import sys, kg; print(*[name for name in {heavy.split()!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
    assert kg.analyse.central is kg.analyse.actors.central
