"""Lists of the user's own: tables and Turtle in, mentions linked to the user's ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import Pair, article, local, made
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli import app
from kg.correct import correct
from kg.corrections import Decision
from kg.entitylist import NO_LIST, EntityList, Listed, combined, read_list
from kg.errors import BadEntityList, KgError
from kg.model import Entity
from kg.ontology import load_ontology
from kg.pipeline import build, rederive, remove
from kg.resolve import resolve
from kg.store import open_graph

HEAD = "id,name,aliases,class,wikidata,same_as\n"
TURTLE = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""


def read(data: str | bytes, name: str = "m.csv") -> EntityList:
    """The list in a file of that name."""
    return combined(
        [read_list(data if isinstance(data, bytes) else data.encode(), name, load_ontology())], load_ontology()
    )


def one(data: str | bytes, name: str = "m.csv") -> Listed:
    """The only thing of a list."""
    (entry,) = read(data, name).entries
    return entry


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    "data",
    [
        "id,name,aliases,class,wikidata\nmp-1,Ada Berg,A. Berg|Berg,person,Q42\n",
        "ID;Full name;Also known as;Schema;QID\r\nmp-1;Ada Berg;A. Berg|Berg;Person;Q42\r\n",
        "id\tlabel\talias\ttype\twikidata_id\nmp-1\tAda Berg\tA. Berg;Berg\tperson\thttp://www.wikidata.org/entity/Q42\n",
        "\ufeffsep=;\nid;name;aliases;class;wikidata\nmp-1;Ada Berg;A. Berg|Berg;PERSON;Q42",
        'identifier,caption,aliases,schema,wikidata,born\n\n"mp-1","Ada Berg","A. Berg;Berg",Person,Q42,1960\n,,,,,\n',
        "id,name,aliases,class,wikidata\nmp-1,Ada Berg,A. Berg,Person,\nmp-1,Ada Berg,Berg,,Q42\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_as_people_have_them(data: str, encoding: str) -> None:
    """Commas, semicolons, tabs; Excel's marks; other heads; several rows a thing."""
    entry = one(data.encode(encoding))
    assert (entry.id, entry.name, entry.aliases, entry.kind) == ("mp-1", "Ada Berg", ("A. Berg", "Berg"), "Person")
    assert entry.same_as == ("http://www.wikidata.org/entity/Q42",)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("name\nAda Berg\n", Listed(name="Ada Berg", where="m.csv, line 2")),
        (
            'name,class\n"Berg, Ada",Person\n',
            Listed(name="Ada Berg", aliases=("Berg, Ada",), kind="Person", where="m.csv, line 2"),
        ),
        (
            'name,class\n"Ports, Union of",organisation\n',
            Listed(name="Ports, Union of", kind="Organization", where="m.csv, line 2"),
        ),
        ("name,schema\nMV Karsk,Company\n", Listed(name="MV Karsk", kind="Organization", where="m.csv, line 2")),
        ("name,id\n  Ada \t Berg , 7 \n", Listed(name="Ada Berg", id="7", where="m.csv, line 2")),
        ('name,id\n"Ada\nBerg",7\n', Listed(name="Ada Berg", id="7", where="m.csv, line 2")),
    ],
)
def test_rows(data: str, expected: Listed) -> None:
    """What a row gives, with its line."""
    assert one(data) == expected


def test_turtle() -> None:
    """Any usual vocabulary; the IRI is the id."""
    entry = one(
        TURTLE + "<https://parl.example/mp/12> a schema:Person ; schema:name 'Ada Berg' ;\n"
        "  skos:altLabel 'A. Berg'@en ; owl:sameAs wd:Q42 .\n",
        "m.ttl",
    )
    assert (entry.name, entry.aliases, entry.kind, entry.where) == ("Ada Berg", ("A. Berg",), "Person", "m.ttl, line 6")
    assert entry.id_in("person") == "person/12"
    assert entry.elsewhere == ("http://www.wikidata.org/entity/Q42", "https://parl.example/mp/12")


def test_iris_that_end_alike_stay_apart() -> None:
    """Two registers that both count from 1."""
    rows = "name,id\nAda Berg,https://a.example/1\nBo Lind,https://b.example/1\n"
    ids = {entry.id_in("person") for entry in read(rows).entries}
    assert len(ids) == 2
    assert all(id and id.startswith("person/1-") for id in ids)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "m.csv: empty"),
        ("\n \n", "m.csv: empty"),
        (b"%PDF\x00\x01", "not a text file"),
        ("id,nam\nmp-1,Ada\n", r"m.csv, line 1: no column is called name.*'id', 'nam'"),
        ("mp-1,Ada Berg,Person\nmp-2,Bo Lind,Person\n", "line 1: no column is called name"),
        ("name,name\nAda,Berg\n", "both give the name"),
        (HEAD, "no entity in it"),
        ("id,name\nmp-1,\n", r"no entity in it \(m.csv, line 2: it has no name"),
        ("id,name\nmp-1,Berg, Ada\n", "line 2: 3 cells under 2 heads"),
        ('id,name\nmp-1,"Ada Berg\nmp-2,Bo Lind\n', "line 2: not a table .*quotation marks"),
        ("id,name\nmp-1,Jos\xe9\n".encode("latin-1"), 'line 2: not text in UTF-8; save it again as "CSV UTF-8"'),
        (
            "id,name\nmp-1,Ada Berg\nmp-1,Bo Lind\n",
            r"line 3: the name of 'mp-1' is 'Bo Lind' here and 'Ada Berg' in m.csv, line 2",
        ),
        (
            "id,name,class\nmp-1,Ada Berg,Person\nmp-1,Ada Berg,Party\n",
            "line 3: the class of 'mp-1' is 'Party' here and 'Person' in m.csv, line 2",
        ),
        (
            "id,name,wikidata\nmp-1,Ada Berg,Q1\nmp-2,Bo Lind,Q1\n",
            r"line 3: .*Q1 is 'Bo Lind' here and 'Ada Berg' in m.csv, line 2",
        ),
    ],
)
def test_a_bad_table_is_named(data: str | bytes, said: str) -> None:
    """File, line, fault, and what to do."""
    with pytest.raises(BadEntityList, match=said):
        read(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<http://x/1> schema:name 'Ada' ;", r"m.ttl, line 6: not valid Turtle"),
        ("\n<http://x/1> skos:altLabel 'Ada' .", r"no entity in it \(m.ttl, line 7: it has no name"),
        ("", "no entity in it"),
    ],
)
def test_bad_turtle_is_named(text: str, said: str) -> None:
    """Like a bad table."""
    with pytest.raises(BadEntityList, match=said):
        read(TURTLE + text, "m.ttl")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,,,Person,,", "it has no name; left out"),
        ("x,Bo Lind,,Persn,,", r"no class is called 'Persn' \(did you mean Person\?\); left out"),
        ("x,Bo Lind,,CryptoWallet,,", r"no class is called 'CryptoWallet' \(known: Agent, .*\); left out"),
        ("x,Bo Lind,,Person,42,", "'42' is no Wikidata id; they look like Q42; left out"),
        ("x,Bo Lind,,Person,,42", "'42' is no IRI; put an id of your own into the column id; left out"),
    ],
)
def test_a_bad_row_is_left_out_and_named(row: str, said: str) -> None:
    """The others count."""
    found = read(f"{HEAD}mp-1,Ada Berg,,Person,,\n{row}\n")
    assert [entry.name for entry in found.entries] == ["Ada Berg"]
    (problem,) = found.problems
    assert problem.where == "m.csv, line 3"
    with pytest.raises(KgError, match=said):
        raise KgError(problem.message)


def test_many_bad_rows_are_counted() -> None:
    """Five are told, the rest in one line."""
    found = read(HEAD + "a,Ada Berg,,,,\n" + "x,Bo,,Persn,,\n" * 20)
    assert len(found.problems) == 6
    assert str(found.problems[-1]) == "m.csv: and 15 more lines left out"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_or_refused(name: str, id: str) -> None:
    """Odd scripts, control characters, quotation marks: a list or a clear error."""
    quoted = ['"' + value.replace('"', '""') + '"' for value in (id, name)]
    try:
        found = read(f"id,name\n{','.join(quoted)}\n".encode("utf-8", "replace"))
    except BadEntityList:
        return
    assert all(entry.name.strip() for entry in found.entries)


# ---------------------------------------------------------------- what they do


def linked(rows: str, *pairs: Pair) -> list[Entity]:
    """The entities of articles under a list."""
    return list(resolve(pairs, known=read(rows) if rows else NO_LIST).entities)


UNION = local("Harbour Union", "Organization")
CASES = [
    # the own id is the node's, and its names are one
    ("id,name\nmp-1,Ada Berg\n", [local("Ada Berg")], ["person/mp-1"]),
    ("id,name,class\nmp-1,Ada Berg,Person\n", [local("ADA BERG"), local("Ada Berg")], ["person/mp-1"]),
    ("id,name,aliases\nmp-1,Ada Berg,Adele Lind\n", [local("Ada Berg"), local("Adele Lind")], ["person/mp-1"]),
    ("id,name,aliases\nmp-1,Ada Berg,Ada Lind\n", [local("Ada Berg"), local("Ada Lind")], ["person/mp-1"]),
    ('id,name,class\nmp-1,"BERG, Ada",Person\n', [local("Ada Berg")], ["person/mp-1"]),
    ("id,name\nmp-1,Ada Berg\n", [local("A. Berg"), local("Ada Berg")], ["person/mp-1"]),
    ("id,name\nhttps://parl.example/mp/12,Ada Berg\n", [local("Ada Berg")], ["person/12"]),
    ("name,wikidata\nAda Berg,Q42\n", [local("Ada Berg")], ["person/Q42"]),
    ("name,aliases\nAda Berg,Adele Lind\n", [local("Ada Berg"), local("Adele Lind")], ["person/ada-berg"]),
    # a class must fit
    ("id,name,class\no-1,Harbour Union,Party\n", [UNION], ["organization/o-1"]),
    ("id,name,class\no-1,Harbour Union,Person\n", [UNION], ["organization/harbour-union"]),
    ("id,name,class\no-1,Harbour Union,Agent\n", [UNION], ["agent/o-1"]),
    # the gazetteer's ids stay
    ("id,name\nBLR,Belarus\n", [local("Belarus", "Country", known="country/BY")], ["country/BY"]),
    # two of one name
    ("id,name\n1,Ada Berg\n2,Ada Berg\n", [local("Ada Berg")], ["person/ada-berg"]),
    (
        "id,name,aliases\n1,Ada Berg,Ada M. Berg\n2,Ada Berg,Ada K. Berg\n",
        [local("Ada M. Berg"), local("Ada K. Berg")],
        ["person/1", "person/2"],
    ),
    # one word
    ("id,name,aliases\n1,Ada Berg,Bo\n", [local("Bo"), local("Ada Berg")], ["person/1"]),
    ("id,name,aliases\n1,Ada Berg,Berg\n2,Cy Berg,\n", [local("Berg")], ["person/berg-X0"]),
    # nobody
    ("id,name\n1,Zora Ek\n", [local("Ada Berg")], ["person/ada-berg"]),
]


@pytest.mark.parametrize(("rows", "entities", "expected"), CASES)
def test_what_a_list_links(rows: str, entities: list[object], expected: list[str]) -> None:
    """Each entity stands in an article of its own; the order of the articles changes nothing."""
    pairs = [article(f"a{n}", entity) for n, entity in enumerate(entities)]  # type: ignore[arg-type]  # a table
    found = [entity.id for entity in linked(rows, *pairs)]
    assert found == [entity.id for entity in linked(rows, *reversed(pairs))]
    assert [id.replace(pairs[0][0].id, "X0") for id in found] == expected


def test_a_linked_entity_has_the_lists_name_class_and_ids() -> None:
    """And the articles' forms as aliases."""
    rows = "id,name,class,wikidata,same_as\no-1,Union of the Harbour,Party,Q42,https://x.example/u\n"
    (found,) = linked(
        rows.replace("Union of the Harbour", "Harbour Union"), article("a", local("HARBOUR UNION", "Agent"))
    )
    assert (found.id, found.name, found.kind, found.identifier) == ("organization/o-1", "Harbour Union", "Party", "o-1")
    assert found.aliases == ("HARBOUR UNION",)
    assert found.same_as == ("http://www.wikidata.org/entity/Q42", "https://x.example/u")


def test_what_cannot_be_told_apart_is_reported() -> None:
    """Both lines are named."""
    (problem,) = resolve([article("a", local("Ada Berg"))], known=read("id,name\n1,Ada Berg\n2,Ada Berg\n")).problems
    assert (
        str(problem)
        == "m.csv, line 2 and m.csv, line 3: several are called 'Ada Berg', so that none is linked by that name"
    )


ROWS = "id,name,aliases,class\nmp-1,Ada Berg,Adele Lind,Person\n"
PAIRS = [article("one", local("Ada Berg"), UNION), article("two", local("Adele Lind"), UNION)]


def ids(graph: Path) -> set[str]:
    """The people of a graph."""
    opened = open_graph(graph)
    return {str(row[0]).removeprefix(opened.base) for row in opened.select("SELECT ?e { ?e a kg:Person }")}


TEXT = "OSLO - Norwegian Prime Minister Ingrid Solheim met Danish President Lars Brandt on Monday."


def test_a_list_is_kept_with_the_collection(tmp_path: Path) -> None:
    """Later builds, removals and corrections do not lose it; a change of the file is told; it can be forgotten."""
    graph, rows, text = tmp_path / "kg.ttl", tmp_path / "mps.csv", tmp_path / "a.txt"
    made(graph, PAIRS)
    rows.write_text(ROWS + "mp-2,Lars Brandt,,Person\n", encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    summary = build([text], graph, entities=[rows])
    assert {"person/mp-1", "person/mp-2"} < ids(graph)
    assert "person/ada-berg is one with person/mp-1 now" in summary.changes
    before = graph.read_bytes()
    rederive(graph)
    assert graph.read_bytes() == before
    remove(["two"], graph)
    assert "person/mp-1" in ids(graph)
    correct(graph, Decision.NAME, "Ada Berg", "Ada B.")
    assert "person/mp-1" in ids(graph)
    rows.write_text(ROWS, encoding="utf-8")
    notices = [str(notice) for notice in build([text], graph, fresh=True).notices]
    assert f"{rows}: has changed since it was given; --entities takes the change in" in notices
    assert any("nothing in the articles is <person/ada-berg>" in notice for notice in notices)
    assert "person/mp-2" in ids(graph)
    build([text], graph, entities=[])
    assert not {"person/mp-1", "person/mp-2"} & ids(graph)


def test_the_command_takes_lists(tmp_path: Path) -> None:
    """`--entities` twice, then `--no-entities`; what is left out is told, and the graph is written all the same."""
    for name, rows in (
        ("a.csv", "id,name\nmp-2,Lars Brandt\n"),
        ("b.csv", "id,name,class\nx,Bo,Persn\ny,Ingrid Solheim,\n"),
    ):
        (tmp_path / name).write_text(rows, encoding="utf-8")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    graph = tmp_path / "kg.ttl"
    command = ["build", str(tmp_path / "a.txt"), "-o", str(graph)]
    lists = [f"--entities={tmp_path / name}" for name in ("a.csv", "b.csv")]
    result = CliRunner().invoke(app, [*command, *lists])
    assert result.exit_code == 0
    assert "b.csv, line 2: no class is called 'Persn'" in result.stderr
    assert ids(graph) == {"person/mp-2", "person/y"}
    result = CliRunner().invoke(app, [*command, "--no-entities"])
    assert (result.exit_code, ids(graph)) == (0, {"person/lars-brandt", "person/ingrid-solheim"})
    assert "person/mp-2 is person/lars-brandt now" in result.stderr


def test_a_bad_list_leaves_all_as_it_was(tmp_path: Path) -> None:
    """Graph, collection and kept list."""
    graph, rows = made(tmp_path / "kg.ttl", PAIRS), tmp_path / "mps.csv"
    text = tmp_path / "a.txt"
    text.write_text(TEXT, encoding="utf-8")
    before = graph.read_bytes()
    for content in ("nonsense", "id,name\n1,Ada Berg\n1,Bo Lind\n"):
        rows.write_text(content, encoding="utf-8")
        with pytest.raises(BadEntityList, match=r"mps\.csv, line"):
            build([text], graph, entities=[rows])
        with pytest.raises(BadEntityList, match=r"mps\.csv, line"):
            build([text], tmp_path / "new.ttl", entities=[rows])
    with pytest.raises(BadEntityList, match="cannot be read"):
        build([text], graph, entities=[tmp_path / "none.csv"])
    assert graph.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("new.*")) == []
    rederive(graph)
    assert graph.read_bytes() == before


def test_a_correction_goes_before_the_list(tmp_path: Path) -> None:
    """What the list makes one, a correction parts; the listed name keeps the id."""
    known, graph = tmp_path / "mps.csv", tmp_path / "kg.ttl"
    known.write_text(ROWS, encoding="utf-8")
    text = tmp_path / "a.txt"
    text.write_text(TEXT, encoding="utf-8")
    made(graph, PAIRS)
    build([text], graph, entities=[known])
    correct(graph, Decision.DIFFERENT, "Ada Berg", "Adele Lind")
    assert {"person/mp-1", "person/adele-lind"} < ids(graph)


def test_a_large_list(tmp_path: Path) -> None:
    """Twenty thousand rows are read and looked through."""
    rows = "id,name,aliases,class\n" + "".join(
        f"x-{n},Name{n} Family{n},N. Family{n}|Other{n},Person\n" for n in range(20_000)
    )
    (found,) = linked(rows, article("a", local("Name77 Family77")))
    assert found.id == "person/x-77"
