"""Files and folders as targets: replaced whole under the eyes of readers, by one writer at a time, killed or not."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import BadGraph, BadQuery, OutputFailed
from kg.model import Triple
from kg.ontology import BASE, NAMESPACE
from kg.records import beside
from kg.store import export, folder, open_graph, swap, write
from kg.store.lock import in_use, writing
from kg.store.target import check_target, writing_to
from kg.store.update import Change, update

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
TARGETS = ["graph.ttl", "graph.nt.gz", "store"]
posix = pytest.mark.skipif(os.name != "posix", reason="kills and locks of POSIX")


def some(number: int) -> list[Triple]:
    """So many triples."""
    return [Triple(f"<{BASE}person/p{i}>", f"<{NAMESPACE}rivalOf>", f"<{BASE}person/p{i + 1}>") for i in range(number)]


def listed(folder: Path) -> list[str]:
    """The names in a folder, hidden ones too."""
    return sorted(file.name for file in folder.iterdir())


def child(code: str, *arguments: object, **more: object) -> subprocess.Popen[str]:
    """A Python process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload]  # of several types


# ---------------------------------------------------------------- readers


@pytest.mark.parametrize("target", TARGETS)
def test_readers_find_the_old_or_the_new(tmp_path, target):
    """Whoever opens a graph while it is replaced, again and again, finds it, and whole."""
    write(some(3), tmp_path / target)
    found, done = [], threading.Event()

    def look() -> None:
        while not done.is_set():
            found.append(sum(1 for _ in open_graph(tmp_path / target).triples()))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(12):
            write(some(500 + number % 2), tmp_path / target)
    finally:
        done.set()
        reader.join()
    assert set(found) <= {3, 500, 501}
    assert len(found) > 3


def test_reader_keeps_the_folder_that_it_opened(tmp_path):
    """An open graph stays what it was, however often it is replaced; its files go once nobody reads them."""
    write(some(300), tmp_path / "store")
    old = open_graph(tmp_path / "store")
    view = old.rdf
    for number in (1, 2, 3):
        write(some(number), tmp_path / "store")
    assert len(listed(tmp_path)) == 2
    assert (len(set(old.triples())), len(view), len(open_graph(tmp_path / "store"))) == (300, 300, 3)
    del old
    assert len(list(view)) == 300  # the view reads too
    del view
    gc.collect()  # graphs of rdflib refer to themselves
    write(some(4), tmp_path / "store")
    assert listed(tmp_path) == ["store"]


def test_without_an_exchange_of_names(tmp_path, monkeypatch):
    """Where the system cannot swap two names at once, two renames do; a failed one is taken back."""
    monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    for number in (1, 2):
        write(some(number), tmp_path / "store")
        assert (len(open_graph(tmp_path / "store")), listed(tmp_path)) == (number, ["store"])
    rename = Path.rename

    def failing(self: Path, other: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError("no")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputFailed, match="untouched"):
        write(some(3), tmp_path / "store")
    assert (len(open_graph(tmp_path / "store")), listed(tmp_path)) == (2, ["store"])


# ---------------------------------------------------------------- writers


REPLACING = """
import itertools, sys
from kg.model import Triple
from kg.store import write

def some(number):
    return [Triple(f"<a:{i}>", "<a:p>", f'"{i}"') for i in range(number)]

print("ready", flush=True)
for number in itertools.cycle((900, 1_000)):
    write(some(number), sys.argv[1])
"""


@posix
@pytest.mark.parametrize("target", ["graph.ttl", "store"])
def test_killed_at_any_moment(tmp_path, target):
    """A writer that is killed leaves one graph or the other, whole; the next write tidies up."""
    write(some(7), tmp_path / target)
    chance = random.Random(target)
    sizes = set()
    for _ in range(5):
        writer = child(REPLACING, tmp_path / target)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.4))
        writer.kill()
        writer.communicate()
        sizes.add(sum(1 for _ in open_graph(tmp_path / target).triples()))
    assert sizes <= {7, 900, 1_000}
    write(some(8), tmp_path / target)
    assert len(open_graph(tmp_path / target)) == 8
    assert listed(tmp_path) == [target]


HOLDING = """
import sys, time
from kg.store.lock import writing
with writing(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@posix
def test_lock_ends_with_its_process(tmp_path):
    """A second writer is refused in words while the first is alive, and not held up once it is dead."""
    first = child(HOLDING, tmp_path / "graph.ttl")
    assert first.stdout is not None
    first.stdout.readline()
    said = rf"another kg is writing it \(process {first.pid}, since .*\); wait until it is done"
    with pytest.raises(OutputFailed, match=said), writing(tmp_path / "graph.ttl", patience=0):
        raise AssertionError
    with writing(tmp_path / "other.ttl", patience=0):
        pass
    first.kill()
    first.communicate()
    assert listed(tmp_path) == [".graph.ttl.lock"]
    write(some(1), tmp_path / "graph.ttl")
    assert listed(tmp_path) == ["graph.ttl"]


def test_second_writer_waits(tmp_path):
    """A writer that comes while another is at work has its turn after it."""
    order = []

    def late() -> None:
        with writing(tmp_path / "graph.ttl"):
            order.append("second")

    with writing(tmp_path / "graph.ttl"), writing_to(tmp_path / "graph.ttl"):  # who is within may enter again
        waiting = threading.Thread(target=late)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join()
    assert (order, listed(tmp_path)) == (["first", "second"], [])


@pytest.mark.parametrize("target", TARGETS)
def test_slow_source_is_not_overtaken(tmp_path, target, monkeypatch):
    """While triples come slowly, no other writer gets in between."""
    monkeypatch.setattr("kg.store.lock.PATIENCE", 0.0)
    monkeypatch.setitem(writing.__wrapped__.__kwdefaults__, "patience", 0.0)  # type: ignore[attr-defined]  # of the wrapped function
    refused = []

    def slow() -> Iterator[Triple]:
        yield from some(3)
        other = threading.Thread(target=lambda: refused.append(_refused(tmp_path / target)))
        other.start()
        other.join()

    if target == "store":
        write(slow(), tmp_path / target)
    else:
        with writing(tmp_path / target):
            write(slow(), tmp_path / target)
    assert refused == [True]
    assert len(open_graph(tmp_path / target)) == 3


def _refused(path: Path) -> bool:
    try:
        write(some(1), path)
    except OutputFailed:
        return True
    return False


# ---------------------------------------------------------------- folders


def test_notes_beside_a_store(tmp_path):
    """A folder tells its format, its number of triples and its base, and no more than is so."""
    write([*some(3), *some(2)], tmp_path / "store", base="https://example.org/x/")
    said = json.loads((tmp_path / "store" / "kg.json").read_text())
    assert {key: said[key] for key in ("format", "triples", "base")} == {
        "format": 1,
        "triples": 3,
        "base": "https://example.org/x/",
    }
    store = ox.Store(str(tmp_path / "store"))  # another program writes to it
    store.update("INSERT DATA { <a:b> <a:c> <a:d> }")
    store.flush()
    del store
    assert len(open_graph(tmp_path / "store")) == 4


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ('{"format": 2, "colour": "red"}', "made by a later kg .format 2, this one knows 1.; upgrade news-kg"),
        ('{"format": ', "its kg.json is damaged"),
        ("[]", "its kg.json is damaged"),
        ('{"format": 1}', "its kg.json is damaged"),
    ],
)
def test_store_of_a_later_kg(tmp_path, notes, words):
    """A store of a newer format is not read as if it were of this one, and nothing in it is changed."""
    write(some(1), tmp_path / "store")
    (tmp_path / "store" / "kg.json").write_text(notes)
    before = listed(tmp_path / "store")
    with pytest.raises(BadGraph, match=words):
        open_graph(tmp_path / "store")
    found = CliRunner().invoke(app, ["stats", "-g", str(tmp_path / "store")])
    assert (found.exit_code, listed(tmp_path / "store")) == (2, before)


def test_store_of_a_later_oxigraph(tmp_path, monkeypatch):
    """What a newer Oxigraph has written is told as such."""

    class Later:
        @staticmethod
        def read_only(path: str) -> ox.Store:
            raise OSError("The RocksDB database is using the too recent version 9")

    write(some(1), tmp_path / "store")
    monkeypatch.setattr(folder.ox, "Store", Later)
    with pytest.raises(BadGraph, match="made by a later Oxigraph; upgrade pyoxigraph"):
        open_graph(tmp_path / "store")


def test_store_of_another_program(tmp_path):
    """Oxigraph's own folders are read, their named graphs as one with the default graph."""
    store = ox.Store(str(tmp_path / "store"))
    store.update("INSERT DATA { <a:a> <a:p> 1 . GRAPH <a:g> { <a:b> <a:p> 2 } }")
    store.flush()
    del store
    graph = open_graph(tmp_path / "store")
    assert len(graph.select("SELECT ?s { ?s <a:p> ?o }")) == len(list(graph.triples())) == len(graph) == 2
    assert export(graph, tmp_path / "graph.nt") == 2
    assert len(graph.rdf) == 2


@posix
def test_store_that_a_server_has_open(tmp_path):
    """What another program writes to is neither read nor replaced beneath it."""
    write(some(1), tmp_path / "store")
    code = "import sys, pyoxigraph as ox\nstore = ox.Store(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.read()"
    server = child(code, tmp_path / "store", stdin=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    try:
        assert in_use(tmp_path / "store" / "LOCK")
        with pytest.raises(BadGraph, match=r"another program .an Oxigraph server.. writes to this store"):
            open_graph(tmp_path / "store")
        with pytest.raises(OutputFailed, match="has this store open; write through its address"):
            write(some(2), tmp_path / "store")
    finally:
        server.communicate()
    assert len(open_graph(tmp_path / "store")) == 1


POOR = """
import os, sys
from kg.store import open_graph, write
import pyoxigraph, kg.store.sending
if os.geteuid() == 0:
    os.setuid(65534)
graph = open_graph(sys.argv[1] + "/store")
print(len(graph), graph.ask("ASK { ?s ?p ?o }"))
for target in ("store", "graph.ttl", "new.nt"):
    try:
        write(graph.triples(), f"{sys.argv[1]}/{target}")
    except Exception as error:
        print(type(error).__name__, error)
"""


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="runs as another user")
def test_read_only_folder():
    """Where one may read and not write, graphs are read, and what cannot be is said."""
    with tempfile.TemporaryDirectory() as place:
        write(some(2), Path(place, "store"))
        write(some(2), Path(place, "graph.ttl"))
        Path(place).chmod(0o555)
        before = listed(Path(place))
        out, _ = child(POOR, place).communicate()
        Path(place).chmod(0o755)
        first, *others = out.splitlines()
        assert (first, listed(Path(place))) == ("2 True", before)
        assert len(others) == 3
        assert all("OutputFailed" in line and "no permission to write there" in line for line in others)


# ---------------------------------------------------------------- targets of a build


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("none/kg.ttl", "its folder does not exist"),
        ("kg.docx", "its suffix names no graph format"),
        ("notes", "a file without a suffix"),
        ("others", "a folder that holds other things .notes.txt."),
        ("http://127.0.0.1:1/query", "nothing answers there"),
    ],
)
def test_target_that_cannot_be(tmp_path, monkeypatch, target, words):
    """What could not be written after hours of work is refused before."""
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "notes.txt").write_text("mine")
    (tmp_path / "notes").write_text("mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises((OutputFailed, BadGraph), match=words):
        check_target(target)


@pytest.mark.parametrize("target", TARGETS)
def test_target_that_holds_a_graph(tmp_path, target):
    """Whether there is a graph already is known, for a build must know its collection then."""
    assert not check_target(tmp_path / target)
    write(some(1), tmp_path / target)
    assert check_target(tmp_path / target)


@pytest.mark.parametrize(
    ("target", "records"),
    [
        ("news/kg.ttl", "news/kg.ttl.records.sqlite"),
        ("http://localhost:7878", "localhost_7878.records.sqlite"),
        ("https://h.org/sparql?graph=https://x.org/g", "h.org_sparql_graph_https_x.org_g.records.sqlite"),
    ],
)
def test_collection_of_a_target(target, records):
    """The articles of a graph on a server are kept in this folder, by the server's name."""
    assert beside(target).as_posix() == records


@pytest.mark.parametrize("name", ["localhost:7878/query", "example.org/sparql", "127.0.0.1:7878"])
def test_address_without_http(name):
    """What was meant for an address is told how to write it."""
    with pytest.raises(BadGraph, match="a server's address begins with http://"):
        open_graph(name)


# ---------------------------------------------------------------- kg update


@pytest.mark.parametrize("target", TARGETS)
def test_update_changes_a_graph(tmp_path, target):
    """Triples come and go, the numbers are told, and a file is what a fresh one would be."""
    write(some(5), tmp_path / target)
    change = update(
        tmp_path / target,
        r"DELETE WHERE { id:person\/p0 ?p ?o } ;"
        r"INSERT DATA { <a:b> kg:rivalOf <a:c> . id:person\/p3 kg:rivalOf <a:c> }",
    )
    assert change == Change(added=2, removed=1, derived=False)
    fresh = [*some(5)[1:], Triple("<a:b>", f"<{NAMESPACE}rivalOf>", "<a:c>")]
    fresh.append(Triple(f"<{BASE}person/p3>", f"<{NAMESPACE}rivalOf>", "<a:c>"))
    assert set(open_graph(tmp_path / target).triples()) == set(fresh)
    assert len(open_graph(tmp_path / target)) == 6
    assert listed(tmp_path) == [target]
    if target != "store":
        write(fresh, tmp_path / f"fresh.{target}")
        assert (tmp_path / target).read_bytes() == (tmp_path / f"fresh.{target}").read_bytes()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("INSERT DATA { <a:b> <a:c> ", "the update fails: line 1, column"),
        ("INSERT DATA { <a:b> foo:c 1 }", "the update uses the prefix foo: without declaring it"),
        ("SELECT ?s { ?s ?p ?o }", "this is a query, which changes nothing"),
        ("INSERT DATA { GRAPH <a:g> { <a:b> <a:c> 1 } }", "writes to a named graph"),
        ("INSERT DATA { <a:b> <a:c> [] }", "makes blank nodes"),
        ("LOAD <http://127.0.0.1:1/none>", "the update fails"),
    ],
)
def test_update_that_cannot_be(tmp_path, target, text, words):
    """A slip in an update is told, and the graph is as it was."""
    write(some(2), tmp_path / target)
    before = (
        {file: (tmp_path / target / file).read_bytes() for file in ("CURRENT", "kg.json")} if target == "store" else {}
    )
    with pytest.raises(BadQuery, match=words):
        update(tmp_path / target, text)
    assert set(open_graph(tmp_path / target).triples()) == set(some(2))
    assert all((tmp_path / target / file).read_bytes() == data for file, data in before.items())
    assert listed(tmp_path) == [target]


def test_update_leaves_readers_alone(tmp_path):
    """A folder that is open stays what it was while it is changed."""
    write(some(50), tmp_path / "store")
    old = open_graph(tmp_path / "store")
    update(tmp_path / "store", "DELETE WHERE { ?s ?p ?o }")
    assert (len(list(old.triples())), len(open_graph(tmp_path / "store"))) == (50, 0)


def test_update_by_the_command(tmp_path, monkeypatch):
    """The update is typed, in a file or on stdin; a graph that is made from articles is told to be one."""
    monkeypatch.chdir(tmp_path)
    export(open_graph(GRAPH), "kg.ttl")
    runner = CliRunner()
    typed = runner.invoke(app, ["update", "INSERT DATA { <a:b> kg:rivalOf <a:c> }"])
    assert typed.exit_code == 0
    assert "1 triple added, 0 removed -> kg.ttl" in typed.stderr
    assert "the next `kg build` makes it anew" in typed.stderr
    Path("change.ru").write_text("DELETE DATA { <a:b> kg:rivalOf <a:c> }")
    filed = runner.invoke(app, ["update", "change.ru", "-g", "kg.ttl"])
    assert "0 triples added, 1 removed" in filed.stderr
    piped = runner.invoke(app, ["update", "-"], input="DELETE DATA { <a:b> kg:rivalOf <a:c> }")
    assert "0 triples added, 0 removed" in piped.stderr
    assert "kg build" not in piped.stderr
    assert (typed.stdout, filed.stdout, piped.stdout) == ("", "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.ru"], "none.ru: cannot be read"),
        (["CLEAR ALL", "-g", "none.ttl"], "none.ttl: no such file"),
        (["CLEAR ALL", "-g", "none/kg.ttl"], "no such file"),
        (["CLEAR ALL", "-g", "cut.ttl"], "cut.ttl, line 2: not valid Turtle"),
        (["CLEAR ALL", "-g", "claims.csv"], "a table cannot be read back"),
        (["CLEAR ALL", "-g", "."], "a folder, but no graph store"),
        (["CLEAR ALL", "-g", "two.trig"], "holds several named graphs"),
    ],
)
def test_update_of_no_graph(tmp_path, monkeypatch, arguments, words):
    """What is no graph is not changed, and the exit code is 2."""
    monkeypatch.chdir(tmp_path)
    files = {"cut.ttl": "<a:b> <a:c> 1 .\n<a:b> <a:", "claims.csv": "a,b\n", "two.trig": "<a:g> { <a:b> <a:c> 1 }"}
    for name, text in files.items():
        Path(name).write_text(text)
    found = CliRunner().invoke(app, ["update", *arguments])
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert words in found.stderr
    assert {name: Path(name).read_text() for name in listed(tmp_path)} == files


@posix
def test_interrupted_update(tmp_path):
    """Ctrl-C in the middle leaves the graph as it was."""
    write(some(3), tmp_path / "store")
    code = (
        "import os, signal, sys\nfrom kg.store import swap, update\n"
        "swap.sync = lambda path: os.kill(os.getpid(), signal.SIGINT)\n"
        "update.update(sys.argv[1], 'CLEAR ALL')"
    )
    process = child(code, tmp_path / "store", stderr=subprocess.DEVNULL)
    assert process.wait(30) in (1, -signal.SIGINT)
    assert (len(open_graph(tmp_path / "store")), listed(tmp_path)) == (3, ["store"])
