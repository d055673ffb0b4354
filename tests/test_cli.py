"""The command line as people and scripts meet it: real processes, their output and their exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from kg.cli import app
from kg.explain import ClaimRow
from kg.store import open_graph

ROOT = Path(__file__).resolve().parents[1]
KG = [sys.executable, "-c", "from kg.cli import main; main()"]
COMMANDS = [
    *("build", "stats", "queries", "query", "claims", "explain", "infer", "check", "export", "show"),
    *("remove", "update", "same", "different", "rename", "type", "eval"),
]

VISIT = """Solheim and Brandt meet in Oslo

OSLO - Norwegian Prime Minister Ingrid Solheim met Danish President Lars Brandt on Monday about the harbour.

Solheim later spoke by phone with Finnish President Aino Lehto, her office said.
"""
EMBARGO = """Finland puts shipowner on its list

HELSINKI - Finland has imposed sanctions on the shipowner Viktor Dragan, the foreign ministry said on Tuesday.

Norway could impose sanctions on Dragan too, Norwegian Prime Minister Ingrid Solheim said.
"""


def environment(**more: str) -> dict[str, str]:
    """This process's, so that `kg` is found, and what is given."""
    kept = {name: value for name, value in os.environ.items() if name not in ("KG_GRAPH", "NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100", **more}


def kg(*arguments: object, cwd: Path, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a folder."""
    command = [*KG, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, env=environment(**more), timeout=120
    )
    assert "Traceback" not in done.stderr or "--debug" in arguments
    return done


def listed(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two articles and their graph."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "articles").mkdir()
    (folder / "articles" / "visit.txt").write_text(VISIT, encoding="utf-8")
    (folder / "articles" / "embargo.txt").write_text(EMBARGO, encoding="utf-8")
    done = kg("build", "articles", "-o", "kg.ttl", "--date", "2021-03-02", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(" -> kg.ttl\n")
    return folder


# ---------------------------------------------------------------- help


def test_help_lists_the_commands_in_the_order_of_use(tmp_path):
    """A stranger sees what to type first."""
    done = kg("--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    places = [done.stdout.index(f"│ {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "kg build articles -o kg.ttl" in done.stdout
    assert kg(cwd=tmp_path).stdout.strip() == done.stdout.strip()  # no command: the same


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_has_an_example(name, tmp_path):
    """One that can be copied."""
    done = kg(name, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"kg {name}" in done.stdout.partition("Example")[2]


def test_every_command_is_known_here():
    """A new command gets a place in the help's order and an example."""
    assert [command.callback.__name__ for command in app.registered_commands] == COMMANDS


def test_version_is_the_projects(tmp_path):
    """`kg --version` tells what pyproject.toml says."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert kg("--version", cwd=tmp_path).stdout == f"kg {version}\n"


@pytest.mark.parametrize("statement", ["import kg", "import kg; kg.__version__", "import kg.cli"])
def test_importing_is_free(statement):
    """Heavy libraries load when they are used."""
    heavy = "{'spacy', 'pandas', 'rdflib', 'pyoxigraph', 'networkx', 'owlready2', 'trafilatura', 'numpy', 'msgspec'}"
    code = f"{statement}; import sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert done.stdout == "set()\n"


# ---------------------------------------------------------------- claims, queries, explanations


def test_claims_as_json_lines(folder):
    """The keys in their order; every quote stands in its article at its place."""
    rows = [json.loads(line) for line in kg("claims", "-f", "jsonl", cwd=folder).stdout.splitlines()]
    assert rows
    for row in rows:
        assert list(row) == list(ClaimRow.__annotations__)
        assert {"visit": VISIT, "embargo": EMBARGO}[row["article"]][row["start"] : row["end"]] == row["evidence"]
    said = {(row["subject"], row["relation"], row["object"], row["modality"]) for row in rows}
    assert ("Ingrid Solheim", "leaderOf", "Norway", "asserted") in said
    assert ("Viktor Dragan", "sanctionedBy", "Norway", "prospective") in said


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["-r", "sanctioned-by"], lambda row: row["relation"] == "sanctionedBy"),
        (["-r", "spokeWith"], lambda row: row["relation"] in ("spokeWith", "metWith")),
        (["-a", "visit"], lambda row: row["article"] == "visit"),
        (["-m", "prospective"], lambda row: row["modality"] == "prospective"),
        (["--min-confidence", "0.9"], lambda row: row["confidence"] >= 0.9),
    ],
)
def test_claims_are_chosen(options, kept, folder):
    """Each filter keeps just the claims that fit."""
    rows = json.loads(kg("claims", "-f", "json", cwd=folder).stdout)
    chosen = json.loads(kg("claims", "-f", "json", *options, cwd=folder).stdout)
    assert chosen == [row for row in rows if kept(row)]
    assert 0 < len(chosen) < len(rows)


def test_claims_as_csv_unless_on_a_terminal(folder):
    """A pipe gets CSV with a head."""
    rows = list(csv.DictReader(io.StringIO(kg("claims", cwd=folder).stdout)))
    assert len(rows) == len(json.loads(kg("claims", "-f", "json", cwd=folder).stdout))
    assert {row["article"] for row in rows} == {"visit", "embargo"}


SELECT = (
    "SELECT ?name ?date { ?person kg:leaderOf ?c ; rdfs:label ?name OPTIONAL { ?person kg:date ?date } } ORDER BY ?name"
)


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        ([SELECT, "-f", "csv"], "name,date\nAino Lehto,\nIngrid Solheim,\nLars Brandt,\n"),
        ([SELECT + " LIMIT 1", "-f", "tsv"], "name\tdate\nAino Lehto\t\n"),
        ([SELECT + " LIMIT 1", "-f", "jsonl"], '{"name": "Aino Lehto", "date": null}\n'),
        ([SELECT + " LIMIT 1", "-f", "json"], '[\n{"name": "Aino Lehto", "date": null}\n]\n'),
        (["ASK { ?who kg:rivalOf ?whom }"], "false\n"),
        (["ASK { ?who kg:leaderOf ?what }"], "true\n"),
    ],
)
def test_query_formats(arguments, out, folder):
    """Rows as asked for, a truth as a word; an ASK that says false is an answer, not a failure."""
    done = kg("query", *arguments, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, out, "")


def test_query_by_name_file_and_stdin(folder, tmp_path):
    """The three ways to name a query give one answer; parameters are set by name."""
    by_name = kg("query", "leaders", "-p", "country=norway", cwd=folder)
    assert "Ingrid Solheim,Norway,asserted" in by_name.stdout
    assert "Brandt" not in by_name.stdout.replace("met Danish President Lars Brandt", "").replace(VISIT[:31], "")
    (tmp_path / "mine.rq").write_text(SELECT, encoding="utf-8")
    from_file = kg("query", tmp_path / "mine.rq", cwd=folder)
    assert from_file.stdout == kg("query", "-", stdin=SELECT, cwd=folder).stdout != ""


def test_construct_gives_turtle(folder, tmp_path):
    """It can be opened as a graph again."""
    done = kg("query", "CONSTRUCT { ?a kg:allyOf ?b } WHERE { ?a kg:metWith ?b }", cwd=folder)
    (tmp_path / "new.ttl").write_text(done.stdout, encoding="utf-8")
    assert len(open_graph(tmp_path / "new.ttl")) == 2


def test_queries_are_listed(folder):
    """Each with its title and its parameters, as `-p` takes them."""
    out = kg("queries", cwd=folder).stdout
    assert "leaders: Leaders of a country" in out
    assert "-p country=ENTITY" in out


def test_explain_tells_the_quote(folder):
    """And who is behind it; names in any case."""
    done = kg("explain", "viktor dragan", "sanctioned-by", "finland", cwd=folder)
    assert done.returncode == 0
    assert "Finland has imposed sanctions on the shipowner Viktor Dragan" in done.stdout


def test_explain_tells_why_there_is_no_edge(folder):
    """A plan is explained, and is no edge."""
    done = kg("explain", "Viktor Dragan", "sanctionedBy", "Norway", cwd=folder)
    assert "No edge" in done.stdout
    assert "Norway could impose sanctions on Dragan too" in done.stdout


def test_explain_one_entity(folder):
    """A name alone: what is said of it."""
    assert "leader of -> Norway" in kg("explain", "Solheim", cwd=folder).stdout


def test_stats_count_the_graph(folder):
    """For people, and as one JSON object."""
    found = json.loads(kg("stats", "--json", cwd=folder).stdout)
    rows = json.loads(kg("claims", "-f", "json", cwd=folder).stdout)
    assert found["articles"] == 2
    assert sum(n for counts in found["claims"].values() for n in counts.values()) == len(rows)
    assert found["entities"]["Country"] == 3
    text = kg("stats", cwd=folder).stdout
    assert text.startswith(f"2 articles, {sum(found['entities'].values())} entities, {len(rows)} claims, ")
    assert f"{found['edges']} edges" in text


# ---------------------------------------------------------------- how good it is


@pytest.fixture
def gold(tmp_path) -> Path:
    """The annotation of the visit: two claims that are there and one that is not."""
    ends = ("Ingrid Solheim - leaderOf - Norway", "Lars Brandt - spokeWith - Solheim", "Aino Lehto - rivalOf - Norway")
    rows = [dict(zip(("subject", "relation", "object"), end.split(" - "), strict=True)) for end in ends]
    claims = [{**row, "modality": "asserted"} for row in rows]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "visit", "claims": claims}) + "\n", encoding="utf-8")
    return path


def test_eval_prints_the_table(folder, gold):
    """Scores by relation, confidences and errors by kind on stdout; nothing is left behind."""
    before = listed(folder)
    done = kg("eval", gold, "articles", cwd=folder)
    assert done.returncode == 0
    table = done.stdout.partition("\n\n")[0]
    rows = {line.split()[0]: line.split()[1:] for line in table.splitlines()}
    assert rows["relation"] == ["gold", "pred", "P", "R", "F1"]
    assert rows["rivalOf"][:2] == ["1", "0"]
    assert rows["all"][0] == "3"
    assert "expected calibration error" in done.stdout
    assert "Aino Lehto" not in done.stdout
    assert listed(folder) == before


def test_eval_lists_as_many_errors_as_asked(folder, gold):
    """Each with what is annotated."""
    shown = kg("eval", gold, "articles", "--errors", "1", "--jobs", "2", cwd=folder).stdout
    assert "visit: Aino Lehto - rivalOf - Norway (asserted)" in shown


def test_eval_names_what_it_could_not_read(folder, gold, tmp_path):
    """A text that is left out is told with the reason."""
    (tmp_path / "empty.txt").touch()
    shown = kg("eval", gold, "articles", tmp_path / "empty.txt", cwd=folder).stdout
    assert f"{tmp_path}/empty.txt: " in shown


def test_eval_takes_an_ontology(folder, gold, tmp_path):
    """Another ontology may find nothing of what is annotated."""
    own = tmp_path / "own.ttl"
    own.write_text(OWN, encoding="utf-8")
    shown = kg("eval", gold, "articles", "--ontology", own, cwd=folder).stdout
    assert shown.splitlines()[1].split()[:3] == ["all", "3", "0"]


OWN = """
@prefix : <https://example.org/own#> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix lex: <https://w3id.org/news-kg/lexicon#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/own> a owl:Ontology .
:visited a owl:ObjectProperty ; rdfs:label "visited"@en ; lex:template "{subject} visited {object}" .
"""


# ---------------------------------------------------------------- the graph that is meant


def test_graph_is_named_or_found(folder, tmp_path):
    """-g, else kg.ttl in this folder, else $KG_GRAPH."""
    ask = ("query", "ASK { ?who kg:leaderOf ?what }")
    graph = str(folder / "kg.ttl")
    assert kg(*ask, "-g", graph, cwd=tmp_path).stdout == "true\n"
    assert kg(*ask, cwd=tmp_path, KG_GRAPH=graph).stdout == "true\n"
    (tmp_path / "kg.ttl").touch()
    assert kg(*ask, cwd=tmp_path, KG_GRAPH=graph).stdout == "false\n"


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld", "rdf", "nt.gz"])
def test_export_and_open_again(suffix, folder, tmp_path):
    """Every format that can be read holds the same triples."""
    done = kg("export", "-o", tmp_path / f"new.{suffix}", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert set(open_graph(tmp_path / f"new.{suffix}").triples()) == set(open_graph(folder / "kg.ttl").triples())


def test_export_to_stdout_and_under_another_name(folder, tmp_path):
    """With -f, whatever the name is."""
    out = kg("export", "-o", "-", "-f", "nt", cwd=folder).stdout
    kg("export", "-o", tmp_path / "graph.dat", "-f", "nt", cwd=folder)
    assert out == (tmp_path / "graph.dat").read_text(encoding="utf-8")
    assert len(out.splitlines()) == len(open_graph(folder / "kg.ttl"))
    assert listed(tmp_path) == ["graph.dat"]


# ---------------------------------------------------------------- what goes wrong

WRONG = [  # arguments, exit code, what stderr says
    (["claims", "-g", "no.ttl"], 2, "no.ttl: no such file or folder; make it with `kg build"),
    (["claims", "-r", "spokWith"], 2, "spokeWith"),
    (["claims", "-a", "visitt"], 2, "visitt"),
    (["claims", "-m", "perhaps"], 2, "prospective"),
    (["query", "leeders"], 2, "leaders"),
    (["query", "leaders", "-p", "contry=Norway"], 2, "country"),
    (["query", "leaders", "-p", "Norway"], 2, "country=Belarus"),
    (["query", "SELECT ?x {"], 2, "line 1"),
    (["query", "DELETE WHERE { ?s ?p ?o }"], 2, "only reads"),
    (["query", "network", "-f", "csv"], 2, "Turtle"),
    (["explain", "Ingrid Solhem"], 2, "Ingrid Solheim"),
    (["explain", "Aino Lehto", "sanctionedBy", "Denmark"], 1, ""),
    (["explain", "Aino Lehto", "sanctionedBy"], 2, "other side"),
    (["export", "-o", "-"], 2, "--format"),
    (["export", "-o", "x.ttl", "-f", "docx"], 2, "jsonld"),
    (["export", "-o", "x.docx"], 2, "suffix"),
    (["build"], 2, "PATH"),
    (["build", "articles", "--date", "yesterday"], 2, "2020-08-15"),
    (["build", "articles", "--field", "text"], 2, "text=body"),
    (["build", "articles", "--field", "txt=body"], 2, "text"),
    (["build", "articles", "--jobs", "0"], 2, "'-j'"),
    (["build", "articles", "--ontology", "no.ttl"], 2, "no.ttl"),
    (["build", "articles", "-o", "no/kg.ttl"], 2, "does not exist"),
    (["build", "artikles"], 2, "artikles"),
    (["build", "articles", "--jbos", "2"], 2, "--jobs"),
    (["eval", "no.jsonl", "articles"], 2, "no.jsonl: cannot be read"),
    (["eval", "kg.ttl", "articles"], 2, "kg.ttl, line 1: is not JSON"),
    (["eval", "no.jsonl"], 2, "TEXT"),
    (["eval", "no.jsonl", "articles", "--errors", "-1"], 2, "--errors"),
    (["remove", "visitt"], 2, "did you mean visit"),
    (["remove", "visit", "-g", "other.ttl"], 2, "no collection"),
    (["frobnicate"], 2, "frobnicate"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "said"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_use_is_answered(arguments, code, said, folder):
    """A message that helps, on stderr, the exit code, no traceback; the graph is as it was."""
    before = (folder / "kg.ttl").read_bytes()
    done = kg(*arguments, cwd=folder)
    assert done.returncode == code
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not (code == 2 and done.stdout)
    assert (folder / "kg.ttl").read_bytes() == before


def test_build_names_what_it_left_out(folder, tmp_path):
    """The others are built, the exit code tells; with --strict none is."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "dump.jsonl").write_text('{"text": "Norway met Denmark in Oslo on Friday."}\n{"text"', encoding="utf-8")
    inputs = [tmp_path / "empty.txt", tmp_path / "dump.jsonl"]
    strict = kg("build", *inputs, "-o", tmp_path / "kg.ttl", "--strict", cwd=folder)
    assert (strict.returncode, (tmp_path / "kg.ttl").exists()) == (2, False)
    done = kg("build", *inputs, "-o", tmp_path / "kg.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    for stderr in (strict.stderr, done.stderr):
        assert f"{tmp_path}/empty.txt" in stderr
        assert f"{tmp_path}/dump.jsonl, line 2" in stderr
    assert "1 article: 1 new, 2 failed; " in done.stderr


def test_build_from_stdin(tmp_path):
    """An article through a pipe."""
    done = kg("build", "-", "-o", "kg.ttl", cwd=tmp_path, stdin=VISIT)
    assert done.returncode == 0
    assert "1 article: 1 new" in done.stderr


def test_remove_reports_and_derives_again(folder, tmp_path):
    """What is left is counted."""
    kg("build", folder / "articles", "-o", "kg.ttl", cwd=tmp_path)
    done = kg("remove", "embargo", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 article removed\n1 article; " in done.stderr
    assert "embargo" not in (tmp_path / "kg.ttl").read_text(encoding="utf-8")


def test_debug_shows_where_an_error_comes_from(folder):
    """Anywhere on the line; without it, no traceback."""
    for arguments in (["--debug", "claims", "-r", "x"], ["claims", "-r", "x", "--debug"]):
        done = kg(*arguments, cwd=folder)
        assert (done.returncode, "Traceback" in done.stderr) == (2, True)


def test_closed_pipe_ends_quietly(folder):
    """As in `kg claims | head -1`, with more to say than a pipe holds."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 20000"
    command = [*KG, "query", query, "-f", "jsonl"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_full_disk_behind_stdout(folder):
    """Output that is lost is not passed over in silence."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*KG, "claims"], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, env=environment()
        )
    assert (done.returncode, done.stderr) == (2, "kg: the disk is full; make room and try again\n")


def no_room(size: int):
    """For `preexec_fn`: files may not grow beyond `size` bytes, as if the disk were full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [100, 2_000])
def test_full_disk_leaves_the_old_graph(size, folder, tmp_path):
    """Be it the graph or the collection that finds no room."""
    kg("build", folder / "articles", "-o", "kg.ttl", cwd=tmp_path)
    before = (tmp_path / "kg.ttl").read_bytes()
    (tmp_path / "more.txt").write_text("Finland met Norway in Turku on Friday.\n", encoding="utf-8")
    for arguments in (["build", folder / "articles"], ["build", "more.txt"], ["export", "-o", "kg.ttl"]):
        done = subprocess.run(
            [*KG, *arguments], cwd=tmp_path, capture_output=True, text=True, env=environment(), preexec_fn=no_room(size)
        )
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert done.stderr.startswith("kg: ")
        assert (tmp_path / "kg.ttl").read_bytes() == before
    assert kg("build", "more.txt", cwd=tmp_path).returncode == 0
    assert listed(tmp_path) == ["kg.ttl", "kg.ttl.records.sqlite", "more.txt"]


# ---------------------------------------------------------------- on a terminal


def on_terminal(*arguments: str, cwd: Path, **more: str) -> str:
    """What `kg` shows on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*KG, *arguments], cwd=cwd, stdout=theirs, stderr=theirs, env=environment(TERM="xterm", **more)
    ) as process:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert process.returncode == 0
    return shown.decode()


def test_table_on_a_terminal(folder):
    """Rows in columns; IRIs shortened."""
    shown = on_terminal("query", "leaders", cwd=folder)
    assert "──" in shown
    assert "Ingrid Solheim" in " ".join(shown.split())


def test_bar_on_a_terminal_and_no_colours_on_demand(folder, tmp_path):
    """Progress is shown and wiped away; NO_COLOR is respected."""
    shown = on_terminal("build", str(folder / "articles"), "-o", "kg.ttl", cwd=tmp_path)
    assert "loading the model" in shown
    assert "\x1b[3" in shown
    assert "2 articles: 2 new" in shown
    plain = on_terminal("build", str(folder / "articles"), "-o", "kg.ttl", "--fresh", cwd=tmp_path, NO_COLOR="1")
    assert "\x1b[3" not in plain


def test_an_article_does_not_command_the_terminal(tmp_path):
    """Escape sequences in a text are not passed on to people."""
    text = "Norwegian Prime Minister Ingrid Solheim met \x1b]0;owned\x07\x1b[31mDanish President Lars Brandt in Oslo."
    (tmp_path / "evil.txt").write_text(text, encoding="utf-8")
    assert kg("build", "evil.txt", cwd=tmp_path).returncode == 0
    shown = on_terminal("query", "leaders", cwd=tmp_path)
    shown += on_terminal("explain", "Ingrid Solheim", "metWith", "Lars Brandt", cwd=tmp_path)
    shown += on_terminal("claims", cwd=tmp_path) + on_terminal("explain", "Ingrid Solheim", cwd=tmp_path)
    assert "\x1b]0;" not in shown
    assert "\x1b[31mDanish" not in shown


# ---------------------------------------------------------------- stopped

PLACES = ["Oslo", "Bergen", "Turku", "Vaasa", "Aarhus", "Odense", "Stavanger", "Lahti", "Oulu", "Kotka", "Esbjerg"]


def many(folder: Path) -> Path:
    """Enough articles to be stopped in the midst of them."""
    folder.mkdir()
    for number in range(240):
        text = VISIT.replace("Oslo", PLACES[number % len(PLACES)]).replace("Monday", f"day {number}")
        (folder / f"{number}.txt").write_text(text * 2, encoding="utf-8")
    return folder


def extracted(records: Path) -> int:
    """The number of articles whose extraction is committed."""
    try:
        with sqlite3.connect(f"file:{records}?mode=ro", uri=True) as database:
            return database.execute("SELECT count(*) FROM records").fetchone()[0]
    except sqlite3.OperationalError:  # not there yet, or being written
        return 0


def stop(arguments: list[str], cwd: Path, sign: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Build, and send the signal to all its processes, as a terminal does, once some articles are extracted."""
    command = [*KG, "build", "many", "-o", "kg.ttl", *arguments]
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), process_group=0
    ) as process:
        deadline = time.monotonic() + 100
        while not extracted(cwd / "kg.ttl.records.sqlite") and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        if sign is signal.SIGKILL:
            process.kill()  # the parent alone: its workers have to notice
        else:
            os.killpg(process.pid, sign)
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The graph of the many articles, built without a stop."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    many(folder / "many")
    assert kg("build", "many", "-o", "kg.ttl", cwd=folder).returncode == 0
    return (folder / "kg.ttl").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_build_goes_on(jobs, sign, tmp_path, uninterrupted):
    """What was extracted is kept; the next build extracts the rest and gives the same bytes."""
    many(tmp_path / "many")
    done = stop(["--jobs", jobs], tmp_path, sign)
    if sign is signal.SIGINT:
        assert (done.returncode, done.stdout) == (130, "")
        told = [line for line in done.stderr.splitlines() if not line.startswith("kg: extracting, ")]  # how far it is
        assert told == [
            "kg: stopped; what is extracted is kept in kg.ttl.records.sqlite: run the same command again to go on"
        ]
    else:
        assert done.returncode == -signal.SIGKILL
    kept = extracted(tmp_path / "kg.ttl.records.sqlite")
    assert 0 < kept < 240
    assert not (tmp_path / "kg.ttl").exists()
    again = kg("build", "many", "-o", "kg.ttl", "--jobs", jobs, cwd=tmp_path)
    assert "240 articles: 240 known; " in again.stderr
    assert (tmp_path / "kg.ttl").read_bytes() == uninterrupted
    assert listed(tmp_path) == ["kg.ttl", "kg.ttl.records.sqlite", "many"]


@pytest.mark.slow
def test_a_stopped_fresh_build_keeps_the_old_graph(tmp_path):
    """And its collection; run again, it goes on with what it had extracted."""
    many(tmp_path / "many")
    (tmp_path / "old.txt").write_text(EMBARGO, encoding="utf-8")
    kg("build", "old.txt", "-o", "kg.ttl", cwd=tmp_path)
    before = (tmp_path / "kg.ttl").read_bytes()
    command = [*KG, "build", "many", "-o", "kg.ttl", "--fresh"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        while not extracted(tmp_path / "kg.ttl.records.sqlite.fresh") and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err.count("kg: stopped")) == (130, 1)
    assert (tmp_path / "kg.ttl").read_bytes() == before
    assert "1 article: 1 known" in kg("build", "old.txt", "-o", "kg.ttl", cwd=tmp_path).stderr
    assert "240 articles: 240 new" in kg("build", "many", "-o", "kg.ttl", "--fresh", cwd=tmp_path).stderr
    assert listed(tmp_path) == ["kg.ttl", "kg.ttl.records.sqlite", "many", "old.txt"]
