"""Saved queries tell the truth about themselves and answer; parameters are values, never text; mistakes are shown."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BadQuery, KgError, TimeUp, UnknownEntity, UnknownTerm
from kg.model import Triple
from kg.ontology import BASE, NAMESPACE
from kg.query import (
    WRITERS,
    ParameterType,
    cells,
    local_name,
    read_query,
    relations_meant,
    resolve_entity,
    rows_to,
    run,
    saved_queries,
    shorten,
    stream,
)
from kg.query.limit import watched
from kg.store import Graph, Rows, Stream, Term, export, open_graph

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

NAMES = ["actor", "allies", "allies_of_rivals", "articles", "between", "claims_by_month", "co_mentioned"]
NAMES += ["contradictions", "denied", "leaders", "leaders_on", "mediators", "members", "most_connected"]
NAMES += ["most_reported", "network", "new_edges", "office_changes", "officials", "paths", "prospective"]
NAMES += ["prospective_sanctions", "rivals", "said_by", "sanctioned_by_several", "sanctioned_contacts", "sanctions"]
NAMES += ["sources", "speakers", "spoke_with", "timeline", "unverified"]
NEEDED = {"allies_of_rivals": {"actor": "Putin"}, "between": {"one": "Putin", "other": "Lukashenko"}}
NEEDED |= {"paths": {"one": "Putin", "other": "Belarus"}}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Two articles, eleven entities, fifteen claims."""
    return open_graph(GRAPH)


def table(graph: Graph, query: str, /, **parameters: str) -> list[tuple[object, ...]]:
    """The rows of a query as Python values."""
    answer = run(graph, query, parameters)
    assert isinstance(answer, Rows)
    return list(answer.values())


def first(graph: Graph, query: str, columns: str, /, **parameters: str) -> list[str]:
    """Some columns of each row, joined."""
    answer = run(graph, query, parameters)
    assert isinstance(answer, Rows)
    places = [answer.variables.index(column) for column in columns.split()]
    return [" ".join(cells([row[place] for place in places])) for row in answer]


def triples(graph: Graph, query: str, /, **parameters: str) -> set[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE query."""
    answer = run(graph, query, parameters)
    assert not isinstance(answer, bool | Rows)
    return set(answer)


# ---------------------------------------------------------------- the saved queries


def test_the_saved_queries_are_these() -> None:
    """A query is added or renamed on purpose."""
    assert sorted(saved_queries()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_query_tells_what_it_is(name: str) -> None:
    """It has a title, a description that ends as a sentence, and parameters that are described."""
    query = saved_queries()[name]
    assert query.name == name
    assert query.title
    assert query.description.endswith(".")
    assert query.parameters
    assert all(parameter.description for parameter in query.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_query_has_the_variables_that_it_declares(name: str) -> None:
    """Each parameter is a variable of the text below the head comment."""
    query = saved_queries()[name]
    body = re.sub(r"(?m)^#.*$", "", query.text)
    for parameter in query.parameters:
        assert re.search(rf"\?{parameter.name}\b", body), parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_query_takes_sub_relations_in(name: str) -> None:
    """A parameter that is a relation stands in a VALUES clause, which holds the relations below it too."""
    query = saved_queries()[name]
    for parameter in query.parameters:
        if parameter.type is ParameterType.RELATION:
            assert f"VALUES ?{parameter.name} {{ UNDEF }}" in query.text


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_query_says_what_it_needs(name: str, graph: Graph) -> None:
    """Every other parameter may be left out: then it means "any"."""
    if name in NEEDED:
        with pytest.raises(BadQuery, match=f"{name} needs"):
            run(graph, name)
    answer = run(graph, name, NEEDED.get(name, {}))
    assert not isinstance(answer, bool)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "network"])
def test_a_saved_query_answers_alike_each_time(name: str) -> None:
    """Rows are ordered: a graph loaded backwards gives the same."""
    forward = open_graph(GRAPH)
    backward = Graph.of(reversed(list(forward.triples())))
    assert table(forward, name, **NEEDED.get(name, {})) == table(backward, name, **NEEDED.get(name, {}))


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(NEEDED)))
def test_a_saved_query_of_nothing_is_nothing(name: str) -> None:
    """An empty graph gives no rows and no error."""
    answer = run(Graph.of([]), name)
    assert not isinstance(answer, bool)
    assert not list(answer)


WITH_RUSSIA = ["Alexander Lukashenko", "Belarus", "European Union", "Kremlin"]
WITH_RUSSIA += ["Svetlana Tikhanovskaya", "Viktor Lukashenko", "Vladimir Putin"]

ANSWERS = [
    (
        "leaders",
        {"country": "Belarus"},
        "leader date",
        ["Alexander Lukashenko 2020-08-16", "Alexander Lukashenko 2020-09-02"],
    ),
    ("leaders", {"country": "Russia"}, "leader leads", ["Vladimir Putin Russia"]),
    ("leaders", {"country": "EU"}, "leader", []),
    (
        "officials",
        {"body": "Belarus"},
        "official office",
        ["Alexander Lukashenko leaderOf", "Alexander Lukashenko leaderOf", "Viktor Lukashenko officialOf"],
    ),
    ("members", {"organization": "United Russia"}, "member modality", ["Ana Ramírez ended"]),
    ("members", {"organization": "EU"}, "member modality source", ["Belarus denied Alexander Lukashenko"]),
    (
        "spoke_with",
        {"actor": "Putin"},
        "actor_name partner how modality date",
        [
            "Vladimir Putin Alexander Lukashenko spokeWith asserted 2020-08-15",
            "Vladimir Putin Alexander Lukashenko metWith prospective 2020-08-16",
            "Vladimir Putin Alexander Lukashenko metWith asserted 2020-09-01",
        ],
    ),
    ("spoke_with", {"actor": "Putin", "since": "2020-08-16", "until": "2020-08-31"}, "how", ["metWith"]),
    (
        "spoke_with",
        {},
        "actor_name partner",
        [
            "Alexander Lukashenko Vladimir Putin",
            "Alexander Lukashenko Vladimir Putin",
            "Svetlana Tikhanovskaya Kremlin",
            "Vladimir Putin Alexander Lukashenko",
        ],
    ),
    ("rivals", {"actor": "Alexander Lukashenko"}, "rival", ["Svetlana Tikhanovskaya"]),
    ("rivals", {"actor": "Tikhanovskaya"}, "rival", ["Alexander Lukashenko"]),
    ("rivals", {"actor": "Putin"}, "rival", []),
    ("allies", {"actor": "Putin"}, "ally source", ["Alexander Lukashenko José Ramírez"]),
    (
        "sanctions",
        {"imposer": "European Union"},
        "sanctioned group modality",
        ["Belarus  prospective", "Viktor Lukashenko Belarusian officials asserted"],
    ),
    ("sanctions", {"target": "Belarus"}, "by modality", ["European Union prospective"]),
    ("prospective", {"actor": "Belarus"}, "subject how object", ["Belarus sanctionedBy European Union"]),
    ("prospective", {"relation": "spoke-with"}, "how source", ["metWith state media"]),
    (
        "denied",
        {},
        "subject how object",
        ["Svetlana Tikhanovskaya spokeWith Kremlin", "Belarus memberOf European Union"],
    ),
    ("denied", {"actor": "EU"}, "subject", ["Belarus"]),
    (
        "timeline",
        {"actor": "European Union", "since": "2020-09-01"},
        "date subject how",
        [
            "2020-09-02 Belarus memberOf",
            "2020-09-02 José Ramírez officialOf",
            "2020-09-02 Viktor Lukashenko sanctionedBy",
        ],
    ),
    ("timeline", {"until": "2020-08-15"}, "date how", ["2020-08-15 spokeWith"]),
    ("timeline", {"relation": "officialOf", "actor": "Putin"}, "how", ["leaderOf"]),
    ("said_by", {"source": "state media"}, "speaker how modality", ["state media metWith prospective"]),
    ("said_by", {"source": "the Kremlin"}, "subject how object", ["Alexander Lukashenko spokeWith Vladimir Putin"]),
    ("said_by", {"words": "CLOSEST ally"}, "speaker", ["José Ramírez"]),
    ("co_mentioned", {"entity": "Russian"}, "name with articles", [f"Russia {name} 1" for name in WITH_RUSSIA]),
    (
        "co_mentioned",
        {"entity": "Putin", "least": "2"},
        "with",
        ["Alexander Lukashenko", "Belarus", "European Union", "Viktor Lukashenko"],
    ),
    (
        "most_connected",
        {"least": "3"},
        "name neighbours claims entity",
        ["Alexander Lukashenko 3 6 id:person/alexander-lukashenko"],
    ),
    ("most_connected", {"relation": "sanctioned by"}, "name", ["European Union", "Viktor Lukashenko"]),
    (
        "sources",
        {"subject": "Alexander Lukashenko", "object": "Belarus"},
        "how articles headlines",
        ["leaderOf 2 Minsk and Moscow keep talking; After the summit"],
    ),
    (
        "sources",
        {"most": "1", "relation": "spokeWith"},
        "from how to articles",
        ["Alexander Lukashenko metWith Vladimir Putin 1", "Alexander Lukashenko spokeWith Vladimir Putin 1"],
    ),
    (
        "actor",
        {"actor": "Vladimir Putin"},
        "subject how object modality",
        [
            "Vladimir Putin kind Person ",
            "Vladimir Putin also called Putin ",
            "Vladimir Putin articles 2 ",
            "Alexander Lukashenko allyOf Vladimir Putin asserted",
            "Alexander Lukashenko metWith Vladimir Putin asserted",
            "Alexander Lukashenko spokeWith Vladimir Putin asserted",
            "Vladimir Putin leaderOf Russia asserted",
            "Vladimir Putin metWith Alexander Lukashenko prospective",
        ],
    ),
]


@pytest.mark.parametrize(("name", "parameters", "columns", "expected"), ANSWERS)
def test_a_saved_query_answers(
    name: str, parameters: dict[str, str], columns: str, expected: list[str], graph: Graph
) -> None:
    """Some parameters, the columns looked at, the rows that come."""
    assert first(graph, name, columns, **parameters) == expected


def test_every_saved_query_is_in_a_table_of_answers() -> None:
    """None is added without an example, here or in test_queries."""
    others = (Path(__file__).parent / "test_queries.py").read_text("utf-8")
    there = set(re.findall(r'(?m)^    \(\n?\s*"(\w+)", ?', others)) | set(
        re.findall(r'(?m)^        "(\w+)",\n        \{', others)
    )
    assert {name for name, *_ in ANSWERS} | {"network"} | there >= set(NAMES)


def test_labels_come_first_and_quotes_last(graph: Graph) -> None:
    """Whoever reads a row knows whom it is about before why."""
    for name in set(NAMES) - {"network"}:
        answer = run(graph, name, NEEDED.get(name, {}))
        assert isinstance(answer, Rows)
        assert "quote" not in answer.variables[:-1]


def test_the_network_is_direct_edges_with_labels(graph: Graph) -> None:
    """CONSTRUCT gives triples: edges of the relation and below it, both ways, with labels."""
    luka, putin = f"<{BASE}person/alexander-lukashenko>", f"<{BASE}person/vladimir-putin>"
    edges = {(s, f"<{NAMESPACE}{r}>", o) for r in ("metWith", "spokeWith") for s, o in ((luka, putin), (putin, luka))}
    assert triples(graph, "network", relation="spokeWith") == edges | {
        (luka, LABEL, '"Alexander Lukashenko"@en'),
        (putin, LABEL, '"Vladimir Putin"@en'),
    }


def test_the_network_of_any_relation_has_no_claims(graph: Graph) -> None:
    """Left empty, the relation means any; claims and articles are no part of the network."""
    found = {local_name(triple.predicate.strip("<>")) for triple in triples(graph, "network", relation="")}
    assert found == {"label", "leaderOf", "officialOf", "spokeWith", "metWith", "rivalOf", "allyOf", "sanctionedBy"}


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Belarus", "country/BY"),
        ("belarus", "country/BY"),
        ("Belarusian", "country/BY"),
        ("The Kremlin", "organization/kremlin"),
        ("  vladimir   PUTIN ", "person/vladimir-putin"),
        ("José Ramírez", "person/jose-ramirez"),
        ("Jose Ramirez", "person/jose-ramirez"),
        ("Путин", "person/vladimir-putin"),
        ("Lukashenko", "person/alexander-lukashenko"),  # he has more claims than his namesake
        ("Viktor Lukashenko", "person/viktor-lukashenko"),  # a label goes before an alias
        ("State media", "source/state-media"),
        ("id:country/BY", "country/BY"),
        (r"id:country\/BY", "country/BY"),
        (BASE + "country/BY", "country/BY"),
        (f"<{BASE}country/BY>", "country/BY"),
        ("wd:Q184", "country/BY"),
        ("http://www.wikidata.org/entity/Q184", "country/BY"),
    ],
)
def test_a_name_finds_its_entity(name: str, expected: str, graph: Graph) -> None:
    """Labels, aliases, other spellings, IRIs and prefixed names."""
    assert resolve_entity(graph, name) == BASE + expected


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Lukashenka", 'no entity is called "Lukashenka"; did you mean Alexander Lukashenko?'),
        ("Belorus", 'no entity is called "Belorus"; did you mean Belarus?'),
        ("Zzyzx", 'no entity is called "Zzyzx", and no name comes close'),
        ("", 'no entity is called "", and no name comes close'),
        ("\udc80", 'no entity is called "?", and no name comes close'),
        ("id:country/XX", "the graph says nothing of id:country/XX"),
        (
            "Ramírez",
            'several entities are called "Ramírez": say Ana Ramírez (id:person/ana-ramirez) or '
            "José Ramírez (id:person/jose-ramirez)",
        ),
    ],
)
def test_a_name_that_finds_none_is_explained(name: str, message: str, graph: Graph) -> None:
    """Close spellings and namesakes are named."""
    with pytest.raises(UnknownEntity) as error:
        resolve_entity(graph, name)
    assert str(error.value).startswith(message)


def test_an_old_iri_is_followed_to_the_new_one() -> None:
    """Through as many replacements as there were; a circle ends."""
    replaced = "<http://purl.org/dc/terms/isReplacedBy>"
    graph = Graph.of(
        [
            Triple(f"<{BASE}person/a>", replaced, f"<{BASE}person/b>"),
            Triple(f"<{BASE}person/b>", replaced, f"<{BASE}person/c>"),
            Triple(f"<{BASE}person/c>", LABEL, '"Cy"@en'),
            Triple(f"<{BASE}person/x>", replaced, f"<{BASE}person/y>"),
            Triple(f"<{BASE}person/y>", replaced, f"<{BASE}person/x>"),
        ]
    )
    assert resolve_entity(graph, "id:person/a") == BASE + "person/c"
    assert resolve_entity(graph, "id:person/x") == BASE + "person/y"


def test_terms_of_an_ontology_are_no_entities() -> None:
    """A graph that holds its ontology too does not take "country" for an entity."""
    graph = Graph.of(
        [
            Triple(f"<{NAMESPACE}Country>", TYPE, "<http://www.w3.org/2002/07/owl#Class>"),
            Triple(f"<{NAMESPACE}Country>", LABEL, '"country"@en'),
        ]
    )
    with pytest.raises(UnknownEntity):
        resolve_entity(graph, "country")


def test_a_relation_that_only_the_graph_knows_will_do() -> None:
    """Whoever added a relation need not name the ontology again to ask for it."""
    predicate = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate>"
    graph = Graph.of([Triple("<a:claim>", predicate, "<https://example.org/terms#boughtFrom>")])
    (relation,) = relations_meant(graph, "bought-from")
    assert relation.iri == "https://example.org/terms#boughtFrom"
    with pytest.raises(UnknownTerm):
        relations_meant(graph, "sold-to")


# ---------------------------------------------------------------- parameters are values


@pytest.mark.parametrize(
    ("query", "parameters", "error"),
    [
        ("leaders", {"country": 'Belarus" } INSERT DATA { <a:b> <a:b> <a:b>'}, UnknownEntity),
        ("leaders", {"country": "<a:b> } UNION { ?person ?p ?o"}, UnknownEntity),
        ("leaders", {"country": "https://example.org/> } # <"}, UnknownEntity),
        ("timeline", {"relation": "kg:spokeWith } #"}, UnknownTerm),
        ("timeline", {"since": '2020-01-01"^^xsd:date) || true'}, BadQuery),
        ("co_mentioned", {"least": "1 || true"}, BadQuery),
    ],
)
def test_sparql_in_a_parameter_is_no_sparql(
    query: str, parameters: dict[str, str], error: type[KgError], graph: Graph
) -> None:
    """What does not fit the parameter's type is refused."""
    with pytest.raises(error):
        run(graph, query, parameters)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(['"', "\\", "'''", "\n", "}", "?x"])
)
def test_any_text_is_a_text(text: str) -> None:
    """Quotes, braces, line ends and backslashes are looked for as they are; what is no Unicode is refused."""
    graph = open_graph(GRAPH)
    if re.search("[\ud800-\udfff]", text):
        with pytest.raises(BadQuery, match="words"):
            run(graph, "said_by", {"words": text})
    else:
        assert set(table(graph, "said_by", words=text)) <= set(table(graph, "said_by"))


def test_a_default_holds_until_another_value_is_given(graph: Graph) -> None:
    """An empty value takes the default away."""
    query = '# parameter least: integer = "5" -- of claims\nSELECT ?least { BIND(?least AS ?same) }'
    assert table(graph, query) == [(5,)]
    assert table(graph, query, least="7") == [(7,)]
    assert table(graph, query, least="") == [(None,)]


def test_text_without_declared_parameters_takes_entities(graph: Graph) -> None:
    """A variable may be given the name of an entity."""
    query = "SELECT ?name { ?who kg:leaderOf ?country ; rdfs:label ?name }"
    assert table(graph, query, country="Belarus") == [("Alexander Lukashenko",)]
    with pytest.raises(BadQuery, match="land"):
        run(graph, query, {"land": "Belarus"})


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("query", "parameters", "message"),
    [
        ("leader", {}, "no query is called 'leader'; did you mean leaders, leaders_on or"),
        ("xyz", {}, "no query is called 'xyz'; `kg queries` lists them all"),
        ("leaders", {"land": "Belarus"}, "leaders has no parameter 'land'; it takes country"),
        ("paths", {"one": "Putin"}, "paths needs other, where it ends: give it with -p other=..."),
        ("sanctions", {"status": "rumoured"}, "status: 'rumoured' is no modality; known: asserted, ended"),
        ("timeline", {"since": "soon"}, "since: 'soon' is no date; write it like 2020-08-15"),
        ("co_mentioned", {"least": "two"}, "least: 'two' is no whole number"),
        ("none.rq", {}, "none.rq: cannot be read (No such file or directory)"),
        ("SELECT ?x { ?x foo:bar ?y }", {}, "the query uses the prefix foo: without declaring it"),
    ],
)
def test_a_mistake_is_named(query: str, parameters: dict[str, str], message: str, graph: Graph) -> None:
    """With what would be right."""
    with pytest.raises(BadQuery) as error:
        run(graph, query, parameters)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("SELECT ?x WHRE { ?x a kg:Person }", "WHRE"),
        ("SELEC ?x { ?x a kg:Person }", "SELEC"),
        ("SELECT ?x ?y, { ?x a ?y }", ","),
        ("SELECT ?x {\n  ?x a kg:Person .\n\tFILTER(} ", "FILTER"),
        ("SELECT ?x {\n  ?x a kg:Person OPTINAL { ?x ?y ?z } }", "OPTINAL"),
        ("SELECT ?x { ?x a kg:Person } ORDER ?x", "ORDER"),
        ("SELECT ?x { ?x a kg:Person }}", "}"),
        ("SELECT ?x { ?x a kg:Person ", ""),
        ("SELECT ?x { ?x a foo:Person }", "foo:"),
    ],
)
@pytest.mark.parametrize("parameters", [{}, {"x": "Putin"}], ids=["plain", "with a value"])
def test_a_caret_shows_the_place(query: str, marked: str, parameters: dict[str, str], graph: Graph) -> None:
    """The line of the query as it was written, and below it a caret where it fails, tabs kept."""
    with pytest.raises(BadQuery) as error:
        run(graph, query, parameters)
    *_, line, caret = str(error.value).split("\n")
    assert line.strip() in query
    assert line.startswith("  ")
    assert caret.endswith("^")
    assert line[len(caret) - 1 :].startswith(marked)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "PREFIX a: <b:>\n# all of it\ndelete where { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP DEFAULT",
        "LOAD <https://example.org/x.ttl>",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused(update: str, graph: Graph) -> None:
    """A query only reads."""
    before = len(graph)
    with pytest.raises(BadQuery, match="only reads"):
        run(graph, update)
    assert len(graph) == before


def test_a_comment_may_speak_of_updates(graph: Graph) -> None:
    """Only the first word of the query itself counts."""
    assert run(graph, "# with all that, delete nothing\nASK { ?x kg:leaderOf ?y }") is True


@pytest.mark.parametrize(
    "declared", ["country", "country: place", "country entity", "country: entity = Belarus", "country: entity - where"]
)
def test_a_parameter_declared_otherwise_is_refused(declared: str) -> None:
    """The message says the line and the form."""
    with pytest.raises(BadQuery, match=r"mine, line 2: .* type one of entity, relation, text, date, integer, modality"):
        read_query(f"# title: Mine\n# parameter {declared}\nSELECT * {{ ?country ?b ?c }}", name="mine")


# ---------------------------------------------------------------- long questions, long answers

KG = str(Path(sys.executable).with_name("kg"))
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


def children() -> set[int]:
    """The processes that this one has started and not ended, servers of other tests among them."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(number) for number in listed.read_text().split()} if listed.exists() else set()


@pytest.mark.parametrize("suffix", ["ttl", ""], ids=["memory", "folder"])
def test_a_time_limit_stops_a_product(suffix: str, tmp_path: Path) -> None:
    """In a process of its own, which is gone; what answers in time answers as ever."""
    target = tmp_path / f"kg.{suffix}".rstrip(".")
    export(open_graph(GRAPH), target)
    graph = open_graph(target)
    before = children()
    with pytest.raises(TimeUp, match=r"stopped after 0\.5 seconds"):
        run(graph, PRODUCT, timeout=0.5)
    assert children() <= before
    assert run(graph, "leaders", timeout=60) == run(graph, "leaders")
    assert run(graph, "ASK { ?a kg:leaderOf ?b }", timeout=60) is True
    assert set(run(graph, "network", timeout=60)) == set(run(graph, "network"))  # type: ignore[arg-type]  # a CONSTRUCT gives triples
    with pytest.raises(UnknownEntity, match="did you mean Belarus"):
        run(graph, "leaders", {"country": "Belorus"}, timeout=60)


def test_the_command_stops_a_product_with_exit_code_2() -> None:
    """It says so in a line, and has nothing on stdout."""
    command = [KG, "query", PRODUCT, "-g", str(GRAPH), "--timeout", "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kg: the query was stopped after 0.5 seconds")


def test_the_first_rows_of_a_huge_answer_come_at_once() -> None:
    """The command writes rows while it finds them, and ends when nobody reads on."""
    command = [KG, "query", PRODUCT.replace("(COUNT(*) AS ?n)", "*"), "-g", str(GRAPH)]
    with subprocess.Popen([*command, "-f", "jsonl"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline()).keys() == set("abcdefghijklmno")
        process.stdout.close()
        assert process.wait(timeout=60) == 0


def test_waiting_for_the_reader_does_not_count(graph: Graph) -> None:
    """Only the time that the query takes is limited."""
    rows = watched(2, lambda: stream(graph, "SELECT * { ?a ?b ?c }"))
    assert isinstance(rows, Stream)
    for _ in range(3):
        assert next(rows.rows)
        time.sleep(0.7)
    assert sum(1 for _ in rows) == len(graph) - 3


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s ?p ?o FILTER(" + "(" * 200_000 + "1=1" + ")" * 200_000 + ") }", "too deeply nested"),
        ("SELECT * { " + "{" * 200_000 + "?s ?p ?o" + "}" * 200_000 + " }", "too deeply nested"),
        ("SELECT * { " + "?s ?p ?o .\n" * 90_000, "does not parse at line 90001"),
        ("SELECT * { " + "x" * 1_000_000 + " }", "does not parse at line 1"),
        ("x" * 1_000_000, "no query is called"),
    ],
    ids=["brackets", "braces", "unfinished", "word", "name"],
)
def test_a_query_of_a_megabyte_is_refused_in_words(query: str, message: str, graph: Graph) -> None:
    """The engine would crash on some of them; the message stays short."""
    with pytest.raises(BadQuery, match=message) as error:
        run(graph, query)
    assert len(str(error.value)) < 500


def test_a_query_of_a_megabyte_may_work(graph: Graph) -> None:
    """A long list of values is no problem."""
    values = " ".join(f'"{number}"' for number in range(130_000))
    assert len(values) > 1_000_000
    assert table(graph, f'SELECT ?n {{ VALUES ?n {{ {values} }} FILTER(?n = "7") }}') == [("7",)]


# ---------------------------------------------------------------- where queries come from, what they give


@pytest.mark.parametrize("name", ["spoke_with", "spoke-with", "spoke with", " Spoke_With "])
def test_a_saved_query_is_found_by_its_name(name: str, graph: Graph) -> None:
    """Hyphens and spaces will do."""
    assert len(table(graph, name)) == 4


def test_a_query_in_a_file_has_parameters_too(graph: Graph, tmp_path: Path) -> None:
    """Its head comment declares them in the same form."""
    path = tmp_path / "who.rq"
    path.write_text(
        '\ufeff# title: Who leads\n# parameter country: entity = "Russia" -- which\n'
        "SELECT ?name { ?who kg:leaderOf ?country ; rdfs:label ?name }\n",
        "utf-8",
    )
    assert table(graph, str(path)) == [("Vladimir Putin",)]
    assert table(graph, str(path), country="Belarus") == [("Alexander Lukashenko",)]


def test_a_file_that_is_no_text_is_refused(graph: Graph, tmp_path: Path) -> None:
    """The message names the file and the encoding."""
    path = tmp_path / "bad.rq"
    path.write_bytes(b"SELECT * { ?a ?b '\xff' }")
    with pytest.raises(BadQuery, match=r"bad\.rq: not text in UTF-8"):
        run(graph, str(path))


def test_the_kind_of_query_is_the_kind_of_answer(graph: Graph) -> None:
    """SELECT gives rows, ASK true or false, CONSTRUCT and DESCRIBE triples."""
    assert isinstance(run(graph, "SELECT * { ?a kg:leaderOf ?b }"), Rows)
    assert run(graph, "ASK { ?a kg:memberOf ?b }") is False
    (triple,) = run(
        graph, "CONSTRUCT { ?b kg:ledBy ?a } WHERE { ?a kg:leaderOf ?b FILTER(?b = <" + BASE + "country/RU>) }"
    )  # type: ignore[misc]  # a CONSTRUCT gives triples
    assert triple == Triple(f"<{BASE}country/RU>", f"<{NAMESPACE}ledBy>", f"<{BASE}person/vladimir-putin>")
    assert not triples(graph, "DESCRIBE wd:Q184")


# ---------------------------------------------------------------- showing rows

ROWS = Rows(
    ("name", "claims", "sure", "day", "who"),
    (
        (
            Term.literal('Say "no",\nnow', language="en"),
            Term.literal(2),
            Term("0.93", Term.literal("").kind, datatype="http://www.w3.org/2001/XMLSchema#decimal"),
            Term("2020-08-15", Term.literal("").kind, datatype="http://www.w3.org/2001/XMLSchema#date"),
            Term.iri(BASE + "country/BY"),
        ),
        (None, None, None, None, None),
    ),
)
OBJECT = {"name": 'Say "no",\nnow', "claims": 2, "sure": 0.93, "day": "2020-08-15", "who": BASE + "country/BY"}
NOTHING = dict.fromkeys(OBJECT)


def written(form: str, rows: Rows) -> str:
    """What is written."""
    stream = io.StringIO()
    rows_to(form, rows, stream)
    return stream.getvalue()


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_rows_as_a_table(form: str, delimiter: str) -> None:
    """A head line, full IRIs, nothing for what is unbound."""
    read = list(csv.reader(io.StringIO(written(form, ROWS)), delimiter=delimiter))
    assert read == [list(OBJECT), [str(value) for value in OBJECT.values()], [""] * 5]


def test_rows_as_json() -> None:
    """Objects with strings and numbers."""
    assert json.loads(written("json", ROWS)) == [OBJECT, NOTHING]
    assert [json.loads(line) for line in written("jsonl", ROWS).splitlines()] == [OBJECT, NOTHING]


@pytest.mark.parametrize(("form", "expected"), [("csv", "a,b\n"), ("tsv", "a\tb\n"), ("json", "[]\n"), ("jsonl", "")])
def test_no_rows(form: str, expected: str) -> None:
    """No rows are written as such."""
    assert written(form, Rows(("a", "b"), ())) == expected


def test_an_unknown_form_is_named() -> None:
    """With those that are known."""
    with pytest.raises(BadQuery, match=f"'xml'; known: {', '.join(WRITERS)}"):
        written("xml", ROWS)


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (BASE + "country/BY", "id:country/BY"),
        (NAMESPACE + "leaderOf", "kg:leaderOf"),
        ("http://www.wikidata.org/entity/Q184", "wd:Q184"),
        ("https://example.org/a", "https://example.org/a"),
        (BASE, BASE),
    ],
)
def test_iris_are_shortened(iri: str, expected: str) -> None:
    """The longest prefix that fits."""
    assert shorten(iri) == expected
    assert cells([Term.iri(iri), None, Term.literal(1)]) == [expected, "", "1"]
