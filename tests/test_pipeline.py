"""Articles in, a graph out: once, again, in any order, whatever is wrong with some of them."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest

from kg.annotate import load_model
from kg.batches import BATCH, extract_batches
from kg.errors import BadGraph, BadOntology, KgError, OutputFailed, UnknownEntity, UnreadableInput
from kg.explain import claims
from kg.extract import Extractor
from kg.model import Document, Part, Problem, Record, Segment
from kg.ontology import load_ontology
from kg.pipeline import build, records_path, remove
from kg.records import RecordStore
from kg.store import open_graph

ARTICLES = {
    "harbour": "Harbour talks open in Oslo\n\n"
    "OSLO - Norwegian Prime Minister Ingrid Solheim met Danish President Lars Brandt on Monday about the harbour.\n\n"
    "Solheim later spoke by phone with Finnish President Aino Lehto, her office said.",
    "embargo": "Finland puts shipowner on its list\n\n"
    "HELSINKI - Finland has imposed sanctions on the shipowner Viktor Dragan, the foreign ministry said on Tuesday.\n\n"
    "Finnish President Aino Lehto called Dragan a danger to every port on the Baltic Sea.",
    "election": "Brandt and Nygaard fight for Denmark\n\n"
    "COPENHAGEN - Lars Brandt will run against his rival Mette Nygaard, the leader of the Harbour Party, in spring.\n\n"
    "Norwegian Prime Minister Ingrid Solheim said that Norway would work with whoever wins the vote in Denmark.",
}


def write(folder: Path, articles: dict[str, str] = ARTICLES) -> list[Path]:
    """The articles as files, in the order given."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.txt" for name in articles]
    for path, text in zip(paths, articles.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the three articles."""
    folder = tmp_path_factory.mktemp("news") / "articles"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def expected(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The graph of the three articles, built at once."""
    output = tmp_path_factory.mktemp("expected") / "kg.ttl"
    build([articles], output)
    return output.read_bytes()


# ---------------------------------------------------------------- once, again, in any order


def test_summary_counts_what_the_graph_holds(articles, tmp_path):
    """Articles by what they are to the collection, then entities, claims, edges, triples."""
    summary = build([articles], tmp_path / "kg.ttl")
    assert (summary.new, summary.known, summary.replaced, summary.problems, summary.articles) == (3, 0, 0, (), 3)
    graph = open_graph(tmp_path / "kg.ttl")
    assert summary.triples == len(graph)
    assert len(graph.select("SELECT ?c { ?c a kg:Claim }")) == summary.claims > summary.edges > 0


def test_building_twice_changes_nothing(articles, tmp_path, expected):
    """The second build knows all articles and writes the same bytes."""
    build([articles], tmp_path / "kg.ttl")
    summary = build([articles], tmp_path / "kg.ttl")
    assert (summary.new, summary.known, summary.replaced) == (0, 3, 0)
    assert (tmp_path / "kg.ttl").read_bytes() == expected


@pytest.mark.parametrize("order", list(permutations(ARTICLES)))
def test_order_does_not_matter(order, articles, tmp_path, expected):
    """One by one, in each order: the same bytes as all at once."""
    for name in order:
        summary = build([articles / f"{name}.txt"], tmp_path / "kg.ttl")
    assert summary.articles == 3
    assert (tmp_path / "kg.ttl").read_bytes() == expected


def test_only_new_articles_are_extracted(articles, tmp_path):
    """Records of earlier builds stay as they are; one article more costs one article."""
    reports = []
    build([articles / "harbour.txt", articles / "embargo.txt"], tmp_path / "kg.ttl")
    build([articles], tmp_path / "kg.ttl", progress=lambda *report: reports.append(report))
    assert [report for report in reports if report[0] == "extracting"] == [("extracting", 1, 1)]


def test_same_text_is_one_article(articles, tmp_path, expected):
    """A copy under another name adds nothing, even if it is read alone first."""
    copies = write(tmp_path / "zz", {"copy": ARTICLES["embargo"]})
    build(copies, tmp_path / "kg.ttl")
    summary = build([articles], tmp_path / "kg.ttl")
    assert (summary.new, summary.known, summary.articles) == (2, 1, 3)
    assert (tmp_path / "kg.ttl").read_bytes() == expected


def test_new_content_replaces_old(tmp_path, articles, expected):
    """What a file says now counts, not what it said before."""
    paths = write(tmp_path / "a", {**ARTICLES, "embargo": "Nothing to see here. The port was quiet on Tuesday."})
    build(paths, tmp_path / "kg.ttl")
    write(tmp_path / "a")
    summary = build(paths, tmp_path / "kg.ttl")
    assert (summary.known, summary.replaced, summary.articles) == (2, 1, 3)
    assert (tmp_path / "kg.ttl").read_bytes() == expected


def test_a_store_is_built_like_a_file(articles, tmp_path, expected):
    """An output without suffix is a store's folder, with the collection beside it."""
    build([articles], tmp_path / "store")
    build([articles], tmp_path / "store")
    (tmp_path / "kg.ttl").write_bytes(expected)
    assert set(open_graph(tmp_path / "store").triples()) == set(open_graph(tmp_path / "kg.ttl").triples())
    assert records_path(tmp_path / "store/") == tmp_path / "store.records.sqlite"


def test_work_folder_is_made(articles, tmp_path, expected):
    """With `work`, the collection lies there and nothing lies beside the graph."""
    build([articles], tmp_path / "kg.ttl", work=tmp_path / "deep" / "work")
    assert (tmp_path / "deep" / "work" / "records.sqlite").exists()
    assert not records_path(tmp_path / "kg.ttl").exists()
    assert (tmp_path / "kg.ttl").read_bytes() == expected


@pytest.mark.slow
def test_jobs_give_the_same_graph(tmp_path):
    """Two processes find what one finds."""
    many = {f"{name}{n}": text.replace("Dragan", f"Dragan{n}a") for n in range(9) for name, text in ARTICLES.items()}
    paths = write(tmp_path / "many", many)
    assert len(set(many.values())) > BATCH  # so that there are batches for both
    build(paths, tmp_path / "one.ttl")
    build(paths, tmp_path / "two.ttl", jobs=2)
    assert (tmp_path / "one.ttl").read_bytes() == (tmp_path / "two.ttl").read_bytes()


# ---------------------------------------------------------------- what the options do


def test_min_confidence_leaves_claims_out(articles, tmp_path):
    """None below the threshold is in the graph; the collection keeps all."""
    everything = build([articles], tmp_path / "kg.ttl")
    surest = max(claim["confidence"] for claim in claims(open_graph(tmp_path / "kg.ttl")))
    sure = build([articles], tmp_path / "kg.ttl", min_confidence=surest)
    assert 0 < sure.claims < everything.claims
    confidences = open_graph(tmp_path / "kg.ttl").select("SELECT ?x { ?c kg:confidence ?x }").values()
    assert all(float(x) >= surest for (x,) in confidences)
    assert build([articles], tmp_path / "kg.ttl").claims == everything.claims


def test_base_begins_every_iri(articles, tmp_path):
    """People, claims and articles have IRIs of one's own."""
    build([articles], tmp_path / "kg.nt", base="https://news.example/id/")
    text = (tmp_path / "kg.nt").read_text(encoding="utf-8")
    assert "<https://news.example/id/person/lars-brandt>" in text
    assert "w3id.org/news-kg/id/" not in text


@pytest.mark.parametrize("base", ["", "here", "https://news.example", "https://news.example/a b/", "https://x/<y>/"])
def test_base_must_begin_an_iri(base, articles, tmp_path):
    """What would make broken IRIs is refused."""
    with pytest.raises(KgError, match="not the beginning of IRIs"):
        build([articles], tmp_path / "kg.nt", base=base)


ONTOLOGY = """
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix lex: <https://w3id.org/news-kg/lexicon#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix my: <https://ships.example/ontology#> .
<https://ships.example/ontology> a owl:Ontology ; owl:imports <https://w3id.org/news-kg/ontology> .
my:fearedBy a owl:ObjectProperty ; lex:template %s .
"""


def test_own_relation_without_python(tmp_path):
    """A relation and the way to say it, in Turtle, are enough."""
    own = tmp_path / "own.ttl"
    own.write_text(ONTOLOGY % '"{object} fears {subject}"', encoding="utf-8")
    paths = write(
        tmp_path / "a", {"fear": "HELSINKI - Finland fears Viktor Dragan, a ship owner from the south coast."}
    )
    summary = build(paths, tmp_path / "kg.ttl", ontology=[own])
    assert summary.problems == ()
    asked = "ASK { ?who <https://ships.example/ontology#fearedBy> ?country . ?country rdfs:label 'Finland'@en }"
    assert open_graph(tmp_path / "kg.ttl").ask(asked)


def test_unusable_template_is_named(tmp_path, articles):
    """A template that is no sentence is a problem; with `strict`, nothing is extracted, now or next time."""
    own = tmp_path / "own.ttl"
    own.write_text(ONTOLOGY % '"{subject} and {object}", "{object} fears {subject}"', encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BadOntology, match="fearedBy"):
            build([articles], tmp_path / "kg.ttl", ontology=[own], strict=True)
    assert not (tmp_path / "kg.ttl").exists()
    (problem,) = build([articles], tmp_path / "kg.ttl", ontology=[own]).problems
    assert "'{subject} and {object}'" in str(problem)


# ---------------------------------------------------------------- inputs that cannot be used

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 4
GERMAN = (
    "Die Bundeskanzlerin hat am Montag in Berlin mit dem Präsidenten gesprochen. Beide wollen sich in der nächsten "
    "Woche wieder treffen, um über den Hafen und die neuen Regeln für die Schifffahrt auf der Ostsee zu verhandeln."
)
LINES = (
    '{"id": "one", "text": "Finnish President Aino Lehto met Lars Brandt in Turku on Friday."}\n{"id": "two", "text": '
)

BAD = {  # file name, bytes -> what the message says; the file is always named
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n\t\n", "empty"),
    "binary.txt": (bytes(range(256)) * 8, "text"),
    "paper.txt": (PDF, "PDF"),
    "german.txt": (GERMAN.encode(), "English"),
    "dump.jsonl": (LINES.encode(), "line 2"),
    "broken.json": (b'{"text": ', "JSON"),
    "cut.txt.gz": (b"\x1f\x8b\x08\x00", "gzip"),
    "table.csv": (b"number,colour\n1,red\n", "text"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_stops_no_other(name, tmp_path, articles):
    """The message names the file; the other articles are built all the same; with `strict`, nothing is."""
    data, said = BAD[name]
    bad = tmp_path / name
    bad.write_bytes(data)
    summary = build([articles, bad], tmp_path / "kg.ttl")
    (problem,) = summary.problems
    assert str(bad) in str(problem)
    assert said in str(problem)
    assert summary.articles == (4 if name == "dump.jsonl" else 3)
    with pytest.raises(UnreadableInput) as error:
        build([articles, bad], tmp_path / "strict.ttl", strict=True)
    assert str(bad) in str(error.value)
    assert not (tmp_path / "strict.ttl").exists()
    with RecordStore.open(records_path(tmp_path / "strict.ttl")) as store:
        assert not list(store.documents())


STRANGE = {
    "control": "OSLO - Norwegian premier Ingrid Solheim\x00\x07\x1b[2J met Danish President Lars Brandt\x0b on Monday.",
    "surrogate": '{"id": "s", "text": "Norwegian premier Ingrid Solheim \\ud83d met Danish President Lars Brandt."}',
    "bidi": "\u202eOSLO\u202c - Norwegian premier Ingrid Solheim met Danish President Lars Brandt\u200b on Monday.",
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_characters_survive(name, tmp_path):
    """Control characters and lone surrogates are read, quoted and written; the graph parses."""
    paths = [tmp_path / f"{name}.{'jsonl' if name == 'surrogate' else 'txt'}"]
    paths[0].write_text(STRANGE[name], encoding="utf-8")
    summary = build(paths, tmp_path / "kg.ttl")
    graph = open_graph(tmp_path / "kg.ttl")
    assert len(graph) == summary.triples
    assert graph.ask("ASK { ?who rdfs:label 'Lars Brandt'@en }")


def test_symlink_loop_ends(tmp_path):
    """A folder that holds itself is read once."""
    write(tmp_path / "a")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "self.txt").symlink_to(tmp_path / "a" / "self.txt")
    summary = build([tmp_path / "a"], tmp_path / "kg.ttl")
    assert summary.articles == 3
    assert [Path(p.where).name for p in summary.problems] == ["self.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file_is_named(tmp_path, articles):
    """A file without reading rights is a problem like any other."""
    (bad,) = write(tmp_path / "a", {"secret": ARTICLES["harbour"]})
    bad.chmod(0)
    summary = build([articles, bad], tmp_path / "kg.ttl")
    assert "permission denied" in str(summary.problems[0])


def test_nothing_readable_leaves_the_old_graph(tmp_path, articles, expected):
    """A slip in the path costs nothing."""
    build([articles], tmp_path / "kg.ttl")
    for wrong in (tmp_path / "artcles", tmp_path / "kg.ttl"):
        with pytest.raises(UnreadableInput, match="no article could be read"):
            build([wrong], tmp_path / "kg.ttl", fresh=True)
        assert (tmp_path / "kg.ttl").read_bytes() == expected
    assert build([articles], tmp_path / "kg.ttl").known == 3


class Stumbling(Extractor):
    """An extractor that one word throws."""

    def extract(self, document: Document, doc: object) -> Record:
        """Fail where the text says so."""
        if "stumble" in document.text:
            raise ZeroDivisionError("one word too many")
        return super().extract(document, doc)


def test_an_article_that_fails_stops_no_other():
    """It is a problem that names article, error and place; its batch goes on."""
    texts = ["Norway met Denmark.", "Watch me stumble.", "Finland met Norway."]
    whole = [(Segment(part=Part.BODY, start=0, end=len(text)),) for text in texts]
    documents = [
        Document(name=str(n), origin=f"/news/{n}.txt", text=text, segments=segments)
        for n, (text, segments) in enumerate(zip(texts, whole, strict=True))
    ]
    (batch,) = extract_batches(documents, Stumbling(load_ontology(), load_model()))
    found = [found for _, found in batch]
    assert [type(one) for one in found] == [Record, Problem, Record]
    assert found[1].where == "/news/1.txt"
    assert "ZeroDivisionError at test_pipeline.py:" in found[1].message


# ---------------------------------------------------------------- outputs that cannot be written


def test_impossible_output_is_refused_at_once(tmp_path, articles):
    """Before anything is read, and with the way out in the message."""
    for output, said in (
        (tmp_path / "kg.txt", "suffix"),
        (tmp_path / "no" / "kg.ttl", "does not exist"),
        (articles, "holds other things"),
    ):
        with pytest.raises(OutputFailed, match=said):
            build([articles], output)
        assert not records_path(output).exists()


def test_graph_without_its_collection_is_not_overwritten(tmp_path, articles, expected):
    """Where the collection is gone or elsewhere, the articles of the old graph would silently be lost."""
    build([articles], tmp_path / "kg.ttl", work=tmp_path / "work")
    with pytest.raises(BadGraph, match="--work"):
        build([articles / "harbour.txt"], tmp_path / "kg.ttl")
    assert (tmp_path / "kg.ttl").read_bytes() == expected
    assert build([articles / "harbour.txt"], tmp_path / "kg.ttl", fresh=True).articles == 1


# ---------------------------------------------------------------- taking out, starting anew


@pytest.mark.parametrize("selector", ["name", "id", "path", "url"])
def test_removed_article_leaves_no_trace(selector, tmp_path, articles):
    """By any of its names; the graph is that of the others."""
    page = tmp_path / "a" / "page.jsonl"
    write(tmp_path / "a", {"harbour": ARTICLES["harbour"]})
    page.write_text('{"id": "lone", "url": "https://news.example/lone", "text": "Finland met Norway in Turku."}\n')
    build([tmp_path / "a" / "harbour.txt"], tmp_path / "without.ttl")
    build([tmp_path / "a"], tmp_path / "kg.ttl")
    with RecordStore.open(records_path(tmp_path / "kg.ttl")) as store:
        (document,) = (d for d in store.documents() if d.name == "lone")
    wanted = {"name": "lone", "id": document.id, "path": document.origin, "url": "https://news.example/lone"}[selector]
    removed, summary = remove([wanted], tmp_path / "kg.ttl")
    assert (removed, summary.articles) == (1, 1)
    assert (tmp_path / "kg.ttl").read_bytes() == (tmp_path / "without.ttl").read_bytes()


def test_removing_what_is_not_there_changes_nothing(tmp_path, articles, expected):
    """A misspelt name is answered with the right one, and no other article goes."""
    build([articles], tmp_path / "kg.ttl")
    with pytest.raises(UnknownEntity, match="did you mean embargo"):
        remove(["harbour", "embargoo"], tmp_path / "kg.ttl")
    assert (tmp_path / "kg.ttl").read_bytes() == expected
    assert build([articles], tmp_path / "kg.ttl").known == 3


def test_removing_needs_a_collection(tmp_path):
    """Without one, nothing is made."""
    with pytest.raises(BadGraph, match="--work"):
        remove(["harbour"], tmp_path / "kg.ttl")
    assert not list(tmp_path.iterdir())


def test_all_articles_may_go(tmp_path, articles):
    """What is left is an empty graph, which opens and grows again."""
    build([articles], tmp_path / "kg.ttl")
    removed, summary = remove(list(ARTICLES), tmp_path / "kg.ttl")
    assert (removed, summary.articles, len(open_graph(tmp_path / "kg.ttl"))) == (3, 0, 0)
    assert build([articles], tmp_path / "kg.ttl").new == 3


def test_fresh_forgets_earlier_articles(tmp_path, articles):
    """The graph is that of the articles named now."""
    build([articles / "harbour.txt"], tmp_path / "alone.ttl")
    build([articles], tmp_path / "kg.ttl")
    summary = build([articles / "harbour.txt"], tmp_path / "kg.ttl", fresh=True)
    assert (summary.new, summary.articles) == (1, 1)
    assert (tmp_path / "kg.ttl").read_bytes() == (tmp_path / "alone.ttl").read_bytes()
    assert build([articles], tmp_path / "kg.ttl").known == 1
    assert sorted(path.name for path in tmp_path.glob("kg.*")) == ["kg.ttl", "kg.ttl.records.sqlite"]


def test_fresh_mends_a_damaged_collection(tmp_path, articles, expected):
    """A file that is none of ours is named; --fresh is the way out."""
    build([articles], tmp_path / "kg.ttl")
    records_path(tmp_path / "kg.ttl").write_bytes(b"scribble " * 999)
    with pytest.raises(BadGraph, match="--fresh"):
        build([articles], tmp_path / "kg.ttl")
    assert (tmp_path / "kg.ttl").read_bytes() == expected
    build([articles], tmp_path / "kg.ttl", fresh=True)
    assert (tmp_path / "kg.ttl").read_bytes() == expected


def test_failed_fresh_build_keeps_the_old_collection(tmp_path, articles, expected):
    """The old collection goes only when the new graph stands; what was extracted is used the next time."""
    build([articles], tmp_path / "kg.ttl")
    (bad,) = write(tmp_path / "b", {"empty": ""})
    with pytest.raises(UnreadableInput):
        build([articles / "harbour.txt", bad], tmp_path / "kg.ttl", fresh=True, strict=True)
    assert (tmp_path / "kg.ttl").read_bytes() == expected
    assert build([articles], tmp_path / "kg.ttl").known == 3
