"""What people overrule stays overruled: the file, what its lines do to the graph, and the commands that write them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from handmade import Pair, add, article, local, made
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli import app
from kg.correct import correct
from kg.corrections import (
    Correction,
    Corrections,
    Decision,
    class_of,
    load_corrections,
    parse_corrections,
    with_correction,
    without_correction,
)
from kg.errors import BadCorrections, UnknownEntity
from kg.model import Knowledge, LocalEntity
from kg.ontology import load_ontology
from kg.pipeline import build, rederive, remove
from kg.resolve import resolve
from kg.store import open_graph

HEAD = """\
@base <https://w3id.org/news-kg/id/> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
FIRST = HEAD.count("\n") + 1  # the line after it


def parsed(*lines: str) -> Corrections:
    """The corrections of a file with these lines."""
    return parse_corrections(HEAD + "\n".join(lines), "c.ttl", load_ontology())


def ids(entities: list[LocalEntity], *lines: str) -> list[str]:
    """The ids of entities that stand in an article each, under corrections; X0, X1... for the articles."""
    pairs = [article(f"a{n}", entity) for n, entity in enumerate(entities)]
    texts = [line.format(*(document.id for document, _ in pairs)) for line in lines]
    found = resolved(pairs, *texts).entities
    numbers = {document.id: f"X{n}" for n, (document, _) in enumerate(pairs)}
    return [
        "-".join(numbers.get(part, part) for part in entity.id.replace("/", "/-").split("-")).replace("/-", "/")
        for entity in found
    ]


def resolved(pairs: list[Pair], *lines: str) -> Knowledge:
    """The knowledge of articles under corrections."""
    return resolve(pairs, corrections=parsed(*lines))


# ---------------------------------------------------------------- what a line does

ADA, A_BERG, ADELE = local("Ada Berg"), local("A. Berg"), local("Adele Lind")
UNION, PARTY = local("Harbour Union", "Organization"), local("Harbour Party", "Party")


@pytest.mark.parametrize(
    ("entities", "lines", "expected"),
    [
        # the same
        ([ADA, ADELE], [], ["person/ada-berg", "person/adele-lind"]),
        ([ADA, ADELE], ["<person/ada-berg> owl:sameAs <person/adele-lind> ."], ["person/ada-berg"]),
        (
            [ADA, ADELE, local("Zora Moe")],
            [
                "<person/ada-berg> owl:sameAs <person/adele-lind> .",
                "<person/zora-moe> owl:sameAs <person/adele-lind> .",
            ],
            ["person/ada-berg"],
        ),
        ([UNION, PARTY], ["<organization/harbour-union> owl:sameAs <organization/harbour-party> ."], 1),
        (
            [ADA, local("Berg"), local("Berg")],
            ["<person/berg-{1}> owl:sameAs <person/ada-berg> ."],
            ["person/ada-berg", "person/berg-X2"],
        ),
        ([ADA, local("Berg"), local("Berg")], ["<person/berg> owl:sameAs <person/ada-berg> ."], ["person/ada-berg"]),
        (
            [local("Congo", "Country", known=f"country/{code}") for code in ("CD", "CG")],
            ["<country/CD> owl:sameAs <country/CG> ."],
            ["country/CD"],
        ),
        # different
        ([ADA, A_BERG], [], ["person/ada-berg"]),
        (
            [ADA, A_BERG],
            ["<person/ada-berg> owl:differentFrom <person/a-berg> ."],
            ["person/a-berg", "person/ada-berg"],
        ),
        (
            [ADA, ADA, ADA],
            ["<person/ada-berg-{1}> owl:differentFrom <person/ada-berg> ."],
            ["person/ada-berg", "person/ada-berg-X1"],
        ),
        (
            [ADA, ADA, ADA],
            ["<person/ada-berg> owl:differentFrom <person/ada-berg-{1}>, <person/ada-berg-{2}> ."],
            ["person/ada-berg", "person/ada-berg-X1", "person/ada-berg-X2"],
        ),
        (
            [ADA, ADA, ADA],
            [
                "<person/ada-berg> owl:differentFrom <person/ada-berg-{1}>, <person/ada-berg-{2}> .",
                "<person/ada-berg-{1}> owl:sameAs <person/ada-berg-{2}> .",
            ],
            2,
        ),
        (
            [ADA, ADA, ADELE],  # the taken-out one is another's, the rest stay
            [
                "<person/ada-berg-{1}> owl:differentFrom <person/ada-berg> .",
                "<person/ada-berg-{1}> owl:sameAs <person/adele-lind> .",
            ],
            2,
        ),
        (
            [local("Jordan", "Country", known="country/JO"), local("Jordan", "Country", known="country/JO")],
            ["<country/jordan-{1}> owl:differentFrom <country/JO> ."],
            ["country/JO", "country/jordan-X1"],
        ),
        # the class
        ([UNION], ["<organization/harbour-union> a kg:Party ."], ["organization/harbour-union"]),
        ([UNION], ["<organization/harbour-union> a kg:Region ."], ["place/harbour-union"]),
        (
            [UNION, ADA],  # its new IRI may be written, too
            ["<organization/harbour-union> a kg:Person .", "<person/harbour-union> owl:sameAs <person/ada-berg> ."],
            ["person/ada-berg"],
        ),
        # elsewhere
        ([local("Belarus", "Country", known="country/BY")], ["<country/BY> rdfs:label 'Bielarus' ."], ["country/BY"]),
    ],
)
def test_what_a_line_does(entities: list[LocalEntity], lines: list[str], expected: list[str] | int) -> None:
    """Each kind of line joins, parts or turns what it names, in whatever order lines and articles come."""
    for order in permutations(lines):
        found = ids(entities, *order)
        assert (len(found) if isinstance(expected, int) else sorted(found)) == expected


def test_a_name_is_a_label_and_the_id_stays() -> None:
    """The old name goes on finding it, as an alias."""
    (berg,) = resolved([article("a", ADA)], '<person/ada-berg> rdfs:label "Ada von Berg"@en .').entities
    assert (berg.id, berg.name, berg.aliases) == ("person/ada-berg", "Ada von Berg", ("Ada Berg",))


def test_a_class_goes_before_what_the_articles_say() -> None:
    """One correction counts more than a hundred mentions."""
    pairs = [article(str(n), UNION) for n in range(3)]
    (union,) = resolved(pairs, "<organization/harbour-union> a kg:Party .").entities
    assert union.kind == "Party"


def test_wikidata_names_a_country() -> None:
    """An IRI elsewhere is as good as an id."""
    pair = article("a", local("Belarus", "Country", known="country/BY"))
    line = '<http://www.wikidata.org/entity/Q184> rdfs:label "Bielarus" .'
    same_as = {"country/BY": "http://www.wikidata.org/entity/Q184"}
    (belarus,) = resolve([pair], same_as=same_as, corrections=parsed(line)).entities
    assert belarus.name == "Bielarus"


def test_namesakes_are_told_apart_by_an_article() -> None:
    """A bare name means all of them, and that is told; a name in an article, the one of that article."""
    pairs = [
        article(f"{code}{n}", ADA, local(name, "Country", known=f"country/{code}"), relation="leaderOf")
        for code, name in (("NO", "Norway"), ("CL", "Chile"))
        for n in range(2)
    ]
    assert len([e for e in resolved(pairs).entities if e.name == "Ada Berg"]) == 2
    one = resolved(pairs, f'<person/ada-berg-{pairs[0][0].id}> rdfs:label "Ada I" .')
    assert sorted(e.name for e in one.entities if e.kind == "Person") == ["Ada Berg", "Ada I"]
    both = resolved(pairs, '<person/ada-berg> rdfs:label "Ada I" .')
    assert [e.name for e in both.entities if e.kind == "Person"] == ["Ada I", "Ada I"]
    assert "several things are called person/ada-berg now" in str(both.problems[0])
    (first, second) = (e.id for e in resolved(pairs).entities if e.name == "Ada Berg")
    joined = resolved(pairs, f"<{first}> owl:sameAs <{second}> .")
    assert len([e for e in joined.entities if e.kind == "Person"]) == 1


def test_a_correction_outlives_a_change_of_ids() -> None:
    """What it names is what articles write, whichever of an entity's names gives the id today."""
    line = "<person/a-berg> owl:sameAs <person/adele-lind> ."
    before = ids([A_BERG, ADELE], line)
    after = ids([A_BERG, ADELE, ADA, ADA], line)
    assert (len(before), len(after)) == (1, 1)


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        (["<person/a> owl:sameAs"], "line 5", "not valid Turtle"),
        (["", "nonsense"], "line 6", "not valid Turtle"),
        (['<person/a> owl:sameAs "Ada" .'], "line 5", "no IRI"),
        (["<person/a> owl:sameAs [] ."], "line 5", "no IRI"),
        (["[] owl:sameAs <person/a> ."], "line 5", "no IRI"),
        (["<person/a> owl:sameAs <person/a> ."], "line 5", "both sides"),
        (["<person/a> owl:differentFrom <person/a> ."], "line 5", "both sides"),
        (["<person/a> owl:sameas <person/b> ."], "line 5", "is no correction"),
        (["# fine", "<person/a> rdfs:label <person/b> ."], "line 6", "no name"),
        (['<person/a> rdfs:label " " .'], "line 5", "no name"),
        (["<person/a> a kg:Persn ."], "line 5", "did you mean Person"),
        (["<person/a> a kg:Claim ."], "line 5", "no class"),
        (["<person/a> a kg:spokeWith ."], "line 5", "no class"),
        (["<person/a> nope:x <person/b> ."], "line 5", "not valid Turtle"),
    ],
)
def test_a_bad_line_is_named(lines: list[str], where: str, said: str) -> None:
    """The message has the file, the line and the fault."""
    with pytest.raises(BadCorrections, match=said) as error:
        parsed(*lines)
    assert f"c.ttl, {where}" in str(error.value)


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        (
            [
                "<person/ada-berg> owl:sameAs <person/bo-lind> .",
                "<person/bo-lind> owl:differentFrom <person/ada-berg> .",
            ],
            "lines 5 and 6",
            "declared different",
        ),
        (
            [
                "<person/ada-berg> owl:sameAs <person/bo-lind> .",
                "<person/bo-lind> owl:sameAs <person/cy-moe> .",
                "# a comment",
                "<person/cy-moe> owl:differentFrom <person/ada-berg> .",
            ],
            "lines 5, 6 and 8",
            "declared different",
        ),
        (
            ['<person/ada-berg> rdfs:label "Bo Lind" .', '<person/bo-lind> rdfs:label "Ada Berg" .'],
            "lines 5 and 6",
            "circle",
        ),
        (
            [
                '<person/ada-berg> rdfs:label "Bo Lind" .',
                '<person/bo-lind> rdfs:label "Cy Moe" .',
                '<person/cy-moe> rdfs:label "ADA BERG" .',
            ],
            "lines 5, 6 and 7",
            "circle",
        ),
        (
            ['<person/ada-berg> rdfs:label "Ada" .', '<person/ada-berg> rdfs:label "Adele" .'],
            "lines 5 and 6",
            "two names for one thing",
        ),
        (
            [
                '<person/ada-berg> rdfs:label "Ada" .',
                '<person/bo-lind> rdfs:label "Bo" .',
                "<person/ada-berg> owl:sameAs <person/bo-lind> .",
            ],
            "lines 5 and 6",
            "two names for one thing",
        ),
        (["<person/ada-berg> a kg:Party, kg:Country ."], "line 5", "two classes"),
    ],
)
def test_contradictions_name_their_lines(lines: list[str], where: str, said: str) -> None:
    """Whatever joins the contradicting lines, all of them are told."""
    pairs = [article(name, local(name)) for name in ("Ada Berg", "Bo Lind", "Cy Moe")]
    with pytest.raises(BadCorrections, match=said) as error:
        resolved(pairs, *lines)
    assert f"c.ttl, {where}:" in str(error.value)


def test_one_spelling_cannot_be_two() -> None:
    """Names that differ in nothing but capitals and points are told apart by articles."""
    pairs = [article("a", local("U.S. Senate", "Organization")), article("b", local("US Senate", "Organization"))]
    with pytest.raises(BadCorrections, match=r"write .* alike"):
        resolved(pairs, "<organization/u-s-senate> owl:differentFrom <organization/us-senate> .")


@pytest.mark.parametrize(
    "line",
    [
        "<person/nobody> owl:sameAs <person/ada-berg> .",
        "<person/ada-berg> owl:differentFrom <person/ada-berg-0123456789abcdef> .",
        '<person/nobody> rdfs:label "Nobody" .',
        "<organization/ada-berg> a kg:Party .",
        "<http://www.wikidata.org/entity/Q1> owl:sameAs <person/ada-berg> .",
    ],
)
def test_what_refers_to_nothing_is_reported(line: str) -> None:
    """The graph is that without the line; the report names file, line and what is missing."""
    found = resolved([article("a", ADA)], "", line)
    (problem,) = found.problems
    assert problem.where == "c.ttl, line 6"
    assert "nothing in the articles is <" in problem.message
    assert found.entities == resolved([article("a", ADA)]).entities


@given(
    st.lists(st.tuples(st.sampled_from(["sameAs", "differentFrom"]), st.integers(0, 4), st.integers(0, 4)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_order_of_lines_does_not_matter(decisions: list[tuple[str, int, int]], random: object) -> None:
    """The same knowledge, or a contradiction, in any order; what is declared one is one, what different two."""
    names = ["ada-berg", "bo-lind", "cy-moe", "di-holm", "ed-vik"]
    pairs = [article(n, local(n.replace("-", " ").title()), local("Zora Ek")) for n in names]
    lines = [f"<person/{names[a]}> owl:{how} <person/{names[b]}> ." for how, a, b in decisions if a != b]
    outcomes = []
    for _ in range(2):
        random.shuffle(lines)  # type: ignore[attr-defined]  # a random.Random
        try:
            outcomes.append(resolved(pairs, *lines))
        except BadCorrections:
            outcomes.append(None)
    assert outcomes[0] == outcomes[1]
    if outcomes[0] is not None:
        home = {name: entity for entity, called in outcomes[0].names.items() for _, name in called}
        for how, a, b in decisions:
            if a != b:
                assert (home[f"person/{names[a]}"] == home[f"person/{names[b]}"]) is (how == "sameAs")


# ---------------------------------------------------------------- the file


SAME = Correction(decision=Decision.SAME, subject="person/b", object="person/a")


@pytest.mark.parametrize(
    "item",
    [
        SAME,
        Correction(decision=Decision.DIFFERENT, subject="person/a-0123456789abcdef", object="person/a"),
        Correction(decision=Decision.NAME, subject="person/a", object='Ada "the \\ axe" Berg 北京'),
        Correction(decision=Decision.KIND, subject="organization/a", object="Party"),
        Correction(decision=Decision.SAME, subject="http://www.wikidata.org/entity/Q1", object="person/mp%2012"),
    ],
)
@pytest.mark.parametrize(
    "text", ["", HEAD, "# mine alone\n", "@base <https://else.org/> .\n", "PREFIX x: <http://x/>\n"]
)
def test_a_line_is_written_read_and_taken_out(item: Correction, text: str) -> None:
    """Whatever prefixes the file has: what is written is what is read, and taken out the text is as before."""
    ontology = load_ontology()
    written = with_correction(text, item, ontology)
    (read,) = parse_corrections(written, "c.ttl", ontology).items
    assert read.says == item.says
    assert written.startswith(text)
    if text:
        assert without_correction(written, read) == text


def test_lines_are_sorted_and_comments_stay() -> None:
    """A new line goes among the others; a comment stays above the line that it stands over."""
    text = HEAD + "\n# Cy is a cousin.\n<person/c> owl:sameAs <person/d> . # sure\n"
    for end in "ebd":
        item = Correction(decision=Decision.SAME, subject=f"person/{end}", object="person/z")
        text = with_correction(text, item, load_ontology())
    assert text == HEAD + (
        "\n<person/b> owl:sameAs <person/z> .\n# Cy is a cousin.\n<person/c> owl:sameAs <person/d> . # sure\n"
        "<person/d> owl:sameAs <person/z> .\n<person/e> owl:sameAs <person/z> .\n"
    )


def test_a_line_does_not_part_a_statement() -> None:
    """Hand-written Turtle may break where it likes, and names may hold odd separators."""
    text = HEAD + "<person/a> owl:sameAs\n<person/z> .\n<person/b> rdfs:label 'B\u2028\x0bB' .\n"
    item = Correction(decision=Decision.SAME, subject="person/c", object="person/d")
    written = with_correction(text, item, load_ontology())
    assert written == text + "<person/c> owl:sameAs <person/d> .\n"


def test_a_statement_that_says_more_is_left_to_the_editor() -> None:
    """Nothing of one's own is rewritten."""
    text = HEAD + "<person/a> owl:sameAs <person/b> ;\n    rdfs:label 'A' .\n"
    item = next(parse_corrections(text, "c.ttl", load_ontology()).of(Decision.SAME))
    with pytest.raises(BadCorrections, match="with an editor"):
        without_correction(text, item)


def test_comments_and_notes_are_free() -> None:
    """Turtle as people write it: several at once, other bases, notes."""
    found = parse_corrections(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n@prefix id: <https://w3id.org/news-kg/id/> .\n# note\n"
        "id:person\\/a owl:sameAs id:person\\/b, id:person\\/c ;\n"
        "  <http://www.w3.org/2000/01/rdf-schema#comment> 'says my aunt. # really' .\n",
        "c.ttl",
        load_ontology(),
    )
    assert [(item.subject, item.object, item.line) for item in found.items] == [
        ("person/a", "person/b", 4),
        ("person/a", "person/c", 4),
    ]


def test_a_missing_file_is_no_correction(tmp_path: Path) -> None:
    """A binary one is refused."""
    assert load_corrections(tmp_path / "none.ttl", load_ontology()).items == ()
    (tmp_path / "bad.ttl").write_bytes(b"\n\xff\xfe")
    with pytest.raises(BadCorrections, match=r"bad.ttl, line 2: not text in UTF-8"):
        load_corrections(tmp_path / "bad.ttl", load_ontology())


@pytest.mark.parametrize("name", ["Party", "party", "kg:Party", "https://w3id.org/news-kg/ontology#Party"])
def test_a_class_by_any_of_its_names(name: str) -> None:
    """Local name, label, prefixed name, IRI."""
    assert class_of(name, load_ontology()) == "Party"


# ---------------------------------------------------------------- the commands

PAIRS = [
    article("one", local("Svetlana Holm", "Person", "Holm"), local("Ada Berg"), UNION),
    article("two", local("Sviatlana Kholm", "Person", "Kholm"), local("Berg"), PARTY),
    article("three", local("Ada Berg", "Person", "Berg"), local("A. Berg"), UNION),
]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A graph of three articles with its collection."""
    return made(tmp_path / "kg.ttl", PAIRS)


def labels(graph: Path) -> dict[str, str]:
    """The things of a graph: id -> label."""
    opened = open_graph(graph)
    rows = opened.select(
        "SELECT ?e ?l { ?e rdfs:label ?l ; a ?t . FILTER(?t NOT IN (kg:Claim, kg:Article)) } ORDER BY ?e"
    )
    return {str(e).removeprefix(opened.base): str(label) for e, label in rows}


def test_same(graph: Path) -> None:
    """Two are one, at once and at every later build; either name, and either old IRI, finds it."""
    outcome = correct(graph, Decision.SAME, "Svetlana Holm", "Kholm")
    assert outcome.summary is not None
    assert len(labels(graph)) == 5
    before = graph.read_bytes()
    add(graph, article("four", local("Ada Berg")))
    rederive(graph)
    remove(["four"], graph)
    assert graph.read_bytes() == before
    for name in ("Holm", "Kholm", "id:person/svetlana-holm", "id:person/sviatlana-kholm"):
        with pytest.raises(BadCorrections, match="one already"):
            correct(graph, Decision.SAME, name, "Svetlana Holm")


def test_different(graph: Path) -> None:
    """What is one node becomes two, by two of its names."""
    assert "person/a-berg" not in labels(graph)
    correct(graph, Decision.DIFFERENT, "Ada Berg", "A. Berg")
    assert labels(graph)["person/a-berg"] == "A. Berg"


def test_different_in_an_article(graph: Path) -> None:
    """What one article calls so is another; undone, all is as before."""
    before = graph.read_bytes()
    correct(graph, Decision.DIFFERENT, "Ada Berg", articles=["three"])
    part = f"person/ada-berg-{PAIRS[2][0].id}"
    assert labels(graph)[part] == "Ada Berg"
    correct(graph, Decision.DIFFERENT, f"id:{part}", "id:person/ada-berg", undo=True)
    assert graph.read_bytes() == before


def test_names_that_the_articles_do_not_tell_apart(graph: Path) -> None:
    """The error says what they are called, and the way by articles."""
    with pytest.raises(BadCorrections, match=r"person/svetlana-holm \(1\).*--article"):
        correct(graph, Decision.DIFFERENT, "Svetlana Holm", "Holm")
    with pytest.raises(UnknownEntity, match="no article"):
        correct(graph, Decision.DIFFERENT, "Ada Berg", articles=["nine"])
    with pytest.raises(BadCorrections, match="does not name it"):
        correct(graph, Decision.DIFFERENT, "Ada Berg", articles=["two"])


def test_rename_and_type(graph: Path) -> None:
    """A later name or class takes the earlier one's place."""
    for name in ("Svetlana H.", "Sviatlana Holm"):
        correct(graph, Decision.NAME, "Svetlana Holm", name)
    assert labels(graph)["person/svetlana-holm"] == "Sviatlana Holm"
    for kind in ("Party", "Region"):
        correct(graph, Decision.KIND, "Harbour Union", kind)
    assert labels(graph)["place/harbour-union"] == "Harbour Union"
    text = Path(f"{graph}.corrections.ttl").read_text("utf-8")
    assert (text.count("rdfs:label"), text.count(" a kg:")) == (1, 1)


def test_undo_gives_the_graph_back(graph: Path) -> None:
    """Each correction, taken back, leaves the bytes of before."""
    before = graph.read_bytes()
    for decision, one, value in (
        (Decision.SAME, "Svetlana Holm", "Sviatlana Kholm"),
        (Decision.DIFFERENT, "Ada Berg", "A. Berg"),
        (Decision.NAME, "Svetlana Holm", "Holm the Elder"),
        (Decision.KIND, "Harbour Party", "Country"),
    ):
        correct(graph, decision, one, value)
        assert graph.read_bytes() != before
        correct(graph, decision, one, value if decision in (Decision.SAME, Decision.DIFFERENT) else None, undo=True)
        assert graph.read_bytes() == before
    with pytest.raises(BadCorrections, match="no such correction"):
        correct(graph, Decision.NAME, "Svetlana Holm", undo=True)


def test_a_contradiction_changes_nothing(graph: Path) -> None:
    """Neither file nor graph."""
    correct(graph, Decision.SAME, "Svetlana Holm", "Sviatlana Kholm")
    path = Path(f"{graph}.corrections.ttl")
    before = path.read_bytes(), graph.read_bytes()
    with pytest.raises(BadCorrections, match="declared different"):
        correct(graph, Decision.DIFFERENT, "id:person/svetlana-holm", "id:person/sviatlana-kholm")
    assert (path.read_bytes(), graph.read_bytes()) == before


def test_a_file_mended_by_hand_counts_at_the_next_build(graph: Path) -> None:
    """It is plain Turtle; a bad one stops the build and leaves the graph alone."""
    path = Path(f"{graph}.corrections.ttl")
    path.write_text(HEAD + "<person/svetlana-holm> owl:sameAs <person/sviatlana-kholm> .\n", encoding="utf-8")
    rederive(graph)
    assert len(labels(graph)) == 5
    before = graph.read_bytes()
    path.write_text(HEAD + "<person/svetlana-holm> owl:samAs <person/sviatlana-kholm> .\n", encoding="utf-8")
    with pytest.raises(BadCorrections, match="line 5"):
        rederive(graph)
    assert graph.read_bytes() == before


def test_a_file_elsewhere_is_remembered(graph: Path, tmp_path: Path) -> None:
    """Given once, later builds replay it, even a fresh one; if it is gone, that is an error and not forgotten."""
    shared = tmp_path / "team" / "shared.ttl"
    shared.parent.mkdir()
    correct(graph, Decision.SAME, "Svetlana Holm", "Sviatlana Kholm", corrections=shared)
    assert shared.exists()
    assert not Path(f"{graph}.corrections.ttl").exists()
    correct(graph, Decision.NAME, "Ada Berg", "Ada B.")
    assert shared.read_text("utf-8").count(" .\n") == 6
    shared.rename(shared.with_name("moved.ttl"))
    with pytest.raises(BadCorrections, match="as the last build had it"):
        rederive(graph)
    rederive(graph, corrections=shared.with_name("moved.ttl"))
    assert len(labels(graph)) == 5


def test_a_graph_without_a_collection(graph: Path, tmp_path: Path) -> None:
    """The correction is written down; the graph stays as it is."""
    alone = tmp_path / "alone.ttl"
    alone.write_bytes(graph.read_bytes())
    outcome = correct(alone, Decision.SAME, "Svetlana Holm", "Sviatlana Kholm")
    assert outcome.summary is None
    assert alone.read_bytes() == graph.read_bytes()
    assert "owl:sameAs" in Path(f"{alone}.corrections.ttl").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["...", "\ud83d", "x" * 10_000, "محمد صلاح", "Владимир Петров", 'A "B" \\C', "\u202eevil\u202c", "\n"]
)
def test_odd_names_can_be_corrected(name: str, tmp_path: Path) -> None:
    """Whatever an article calls a thing, its id finds it, and the correction is followed."""
    graph = made(tmp_path / "kg.ttl", [article("a", local("Ada Berg"), local(name))])
    (id,) = labels(graph).keys() - {"person/ada-berg"}
    outcome = correct(graph, Decision.NAME, f"id:{id}", "Zora Ek")
    assert outcome.summary is not None
    assert outcome.summary.notices == ()
    assert labels(graph)[id] == "Zora Ek"


def test_the_commands_tell_what_they_do(graph: Path) -> None:
    """On stderr; what does not fit ends with code 2 and the way out."""

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [*arguments, "-g", str(graph)])
        return result.exit_code, result.stderr

    code, said = run("same", "Svetlana Holm", "Sviatlana Kholm")
    assert code == 0
    assert "kg same person/svetlana-holm person/sviatlana-kholm" in said
    assert "is one with person/s" in said
    for arguments, expected in (
        (("same", "Svetlana Hulm", "Ada Berg"), "did you mean"),
        (("type", "Harbour Union", "Partie"), "did you mean Party"),
        (("rename", "Ada Berg", " "), "name is missing"),
        (("different", "Ada Berg"), "from what"),
    ):
        code, said = run(*arguments)
        assert code == 2
        assert expected in " ".join(said.split())


def test_a_build_replays_corrections(tmp_path: Path) -> None:
    """From the very first build on, with a real article."""
    path = tmp_path / "a.txt"
    path.write_text(
        "OSLO - Norwegian Prime Minister Ingrid Solheim met Danish President Lars Brandt on Monday.", "utf-8"
    )
    corrections = tmp_path / "c.ttl"
    corrections.write_text(HEAD + '<person/lars-brandt> rdfs:label "Lars B." .\n<person/x> a kg:Party .', "utf-8")
    summary = build([path], tmp_path / "kg.ttl", corrections=corrections)
    assert "Lars B." in labels(tmp_path / "kg.ttl").values()
    assert [str(notice) for notice in summary.notices if "line 6" in notice.where]
    assert build([path], tmp_path / "kg.ttl", fresh=True).notices == summary.notices
