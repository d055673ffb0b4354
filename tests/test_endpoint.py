"""Graphs on SPARQL servers: a real Oxigraph server, killed where that matters; a stub for what it never does."""

from __future__ import annotations

import http.server
import logging
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg.cli import app
from kg.errors import BadGraph, BadQuery, OutputFailed
from kg.model import Triple
from kg.ontology import BASE, NAMESPACE
from kg.store import Graph, connection, export, open_graph, sending, write
from kg.store.address import NEWS, address_of, credentials
from kg.store.endpoint import Endpoint
from kg.store.lock import writing
from kg.store.update import Change, update
from kg.triplify import literal

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
MINE = "https://example.org/mine"


class Server:
    """An Oxigraph server of the tests' own, on a free port of this machine; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}/query"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        beside = Path(sys.executable).with_name("oxigraph")
        program = str(beside) if beside.exists() else shutil.which("oxigraph") or "oxigraph"
        place = ["--location", str(self.folder), "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen([program, "serve", *place], stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urlopen(self.url.removesuffix("query"), timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not start")

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the file."""
    server = Server(tmp_path_factory.mktemp("server") / "store")
    yield server
    server.kill()


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, empty, and a caller who does not wait long."""
    monkeypatch.setattr(connection, "PAUSES", (0.05, 0.1, 0.2, 0.4, 0.8, 1.6))
    for name in ("USER", "PASSWORD", "TOKEN", "UPDATE", "STORE", "TIMEOUT"):
        monkeypatch.delenv(f"KG_ENDPOINT_{name}", raising=False)
    Endpoint.open(running.url).update("DROP ALL", patience=0)
    return running


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The updates that are sent, as they are sent."""
    texts: list[str] = []
    update = Endpoint.update

    def noting(self: Endpoint, sparql: str, *, patience: float) -> None:
        texts.append(sparql)
        update(self, sparql, patience=patience)

    monkeypatch.setattr(Endpoint, "update", noting)
    return texts


def many(start: int, end: int) -> list[Triple]:
    """Triples, told apart by a number."""
    return [
        Triple(f"<{BASE}person/p{i}>", f"<{NAMESPACE}spokeWith>", f"<{BASE}person/p{i + 1}>") for i in range(start, end)
    ]


def count(server: Server, graph: str = NEWS) -> int:
    """The number of triples that a graph of the server has now."""
    return len(Endpoint.open(f"{server.url}?graph={graph}"))


# ---------------------------------------------------------------- the same answers


names = st.sampled_from([f"<{BASE}person/{name}>" for name in "abc"])
values = (
    names
    | st.builds(lambda text: literal(text, lang="en"), st.text(max_size=6))
    | st.sampled_from(
        [
            literal(r"\u0041 \ "),
            literal("7", datatype="http://www.w3.org/2001/XMLSchema#integer"),
            literal('"\r\n\t\x00{}<>'),
        ]
    )
)
graphs = st.lists(
    st.builds(Triple, names, st.sampled_from([f"<{NAMESPACE}rivalOf>", f"<{NAMESPACE}quote>"]), values), max_size=8
)

QUESTIONS = (
    "SELECT ?s ?o { ?s kg:rivalOf ?o } ORDER BY ?s ?o",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?s ?q { ?s kg:rivalOf+ ?o OPTIONAL { ?o kg:quote ?q FILTER(isLiteral(?q)) } } ORDER BY ?s STR(?q)",
    "ASK { ?s kg:quote 7 }",
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs)
def test_file_folder_and_server_answer_alike(server, tmp_path, graph):
    """Whatever the graph, wherever it is kept: the same triples, the same answers."""
    targets = [str(tmp_path / "graph.ttl"), str(tmp_path / "store"), server.url]
    assert {write(graph, target) for target in targets} == {len(set(graph))}
    opened = [open_graph(target) for target in targets]
    for found in opened:
        assert set(found.triples()) == set(graph)
        assert len(found) == len(set(graph))
        assert len(found.rdf) == len(set(graph))
    for question in QUESTIONS:
        one, *others = (found.query(question) for found in opened)
        assert others == [one, one]


def test_every_command_takes_an_address(server, monkeypatch, tmp_path):
    """What the commands say of a graph is the same for a file and for a server."""
    export(open_graph(GRAPH), server.url)
    runner = CliRunner()
    commands = (
        ["stats"],
        ["query", "leaders", "-f", "csv"],
        ["query", "SELECT ?s { ?s a kg:Person } ORDER BY ?s", "-f", "jsonl"],
        ["query", "CONSTRUCT WHERE { ?s kg:rivalOf ?o }"],
        ["claims", "-f", "jsonl"],
        ["export", "-o", "-", "-f", "nt"],
    )
    for command in commands:
        there = runner.invoke(app, [*command, "-g", server.url])
        here = runner.invoke(app, [*command, "-g", str(GRAPH)])
        assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout), command
    monkeypatch.setenv("KG_GRAPH", server.url)
    monkeypatch.chdir(tmp_path)
    assert runner.invoke(app, ["stats"]).exit_code == 0


def test_door_opens_an_address(server, tmp_path):
    """`kg.open` takes an address, and what is saved from there is what was there."""
    export(open_graph(GRAPH), server.url)
    graph = kg.open(server.url)
    assert len(graph.query("leaders")) == len(kg.open(GRAPH).query("leaders"))
    graph.save(tmp_path / "graph.ttl")
    kg.open(GRAPH).save(tmp_path / "same.ttl")
    assert (tmp_path / "graph.ttl").read_bytes() == (tmp_path / "same.ttl").read_bytes()
    assert len(graph.rdf) == len(graph)


def test_own_base_is_known(server):
    """The prefix `id:` stands for what the graph there begins its IRIs with."""
    claim = Triple("<http://x.org/claim/1>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{NAMESPACE}Claim>")
    write([claim], server.url)
    graph = open_graph(server.url)
    assert graph.base == "http://x.org/"
    assert graph.ask(r"ASK { id:claim\/1 a kg:Claim }")


def test_without_a_graph_store_protocol(server, monkeypatch):
    """Triples come by a query where the server has no graph store, or another thing stands there."""
    write(many(0, 5), server.url)
    monkeypatch.setenv("KG_ENDPOINT_STORE", server.url.replace("query", "nothing"))
    assert set(open_graph(server.url).triples()) == set(many(0, 5))
    monkeypatch.setenv("KG_ENDPOINT_STORE", server.url.replace("query", ""))  # Oxigraph's page
    assert set(open_graph(server.url).triples()) == set(many(0, 5))


# ---------------------------------------------------------------- which graph


def test_what_others_keep_there_is_not_touched(server):
    """A build has a named graph of its own; the default graph and other graphs stay."""
    theirs = "INSERT DATA { <a:x> <a:y> 1 . GRAPH <a:g> { <a:x> <a:y> 2 } }"
    Endpoint.open(server.url).update(theirs, patience=0)
    write(many(0, 3), server.url)
    write(many(1, 2), server.url)
    assert (count(server), count(server, "a:g"), len(open_graph(f"{server.url}?default"))) == (1, 1, 1)
    assert not open_graph(server.url).ask("ASK { <a:x> ?p ?o }")
    assert open_graph(server.url).ask("ASK { GRAPH <a:g> { <a:x> ?p ?o } }")  # asked for by name


@pytest.mark.parametrize("graph", [f"?graph={MINE}", "?default", f"?default-graph-uri={MINE}"])
def test_address_names_the_graph(server, graph):
    """A build goes where the address says, and its difference is taken there."""
    write(many(0, 5), server.url + graph)
    write(many(3, 7), server.url + graph)
    assert set(open_graph(server.url + graph).triples()) == set(many(3, 7))
    assert len(open_graph(f"{server.url}?graph=https://example.org/none")) == 0


def test_server_without_a_build_is_read_as_it_is(server):
    """Where no build has been, the default graph is read."""
    Endpoint.open(server.url).update("INSERT DATA { <a:x> <a:y> 1 }", patience=0)
    assert len(open_graph(server.url)) == 1


# ---------------------------------------------------------------- only the difference, whole


def test_only_the_difference_travels(server, sent):
    """What is there is not sent again; where nothing differs, nothing is sent."""
    write(many(0, 100), server.url)
    sent.clear()
    write([*many(1, 100), *many(200, 201)], server.url)
    (request,) = sent
    assert [request.count(f"person/p{i}>") for i in (0, 50, 200)] == [1, 0, 1]
    sent.clear()
    assert write([*many(200, 201), *many(1, 100)], server.url) == 100
    assert sent == []


def test_large_difference_goes_in_bounded_requests(server, sent, monkeypatch):
    """A large difference is put aside in pieces and applied by one request; nothing is left aside."""
    monkeypatch.setattr(sending, "TRIPLES", 40)
    write(many(0, 50), server.url)
    sent.clear()
    write(many(25, 150), server.url)
    *pieces, last = sent
    assert len(pieces) == 1 + 3  # of 25 away, 100 new
    assert all(piece.count(" .\n") <= 40 for piece in pieces)
    assert " .\n" not in last
    assert set(open_graph(server.url).triples()) == set(many(25, 150))
    assert count(server, f"{NEWS}/added") == count(server, f"{NEWS}/removed") == 0


def test_large_values_are_bounded_by_bytes(server, sent, monkeypatch):
    """A few long texts make several requests too."""
    monkeypatch.setattr(sending, "BYTES", 2_000)
    texts = [Triple(f"<a:{i}>", "<a:p>", literal("long " * 100)) for i in range(9)]
    write(texts, server.url)
    assert len(sent) == 3 + 1
    assert max(map(len, sent)) < 2_500
    assert set(open_graph(server.url).triples()) == set(texts)


def test_readers_see_the_old_or_the_new(server, monkeypatch):
    """While a graph is replaced, whoever asks gets one of the two, never a part."""
    monkeypatch.setattr(sending, "TRIPLES", 20)
    write(many(0, 100), server.url)
    seen, done = set(), threading.Event()

    def look() -> None:
        graph = open_graph(server.url)
        while not done.is_set():
            seen.add(tuple(graph.select("SELECT (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?m) { ?s ?p ?o }").values()))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        write(many(300, 450), server.url)
    finally:
        done.set()
        reader.join()
    assert {rows[0][0] for rows in seen} <= {100, 150}


@contextmanager
def dying(server: Server, monkeypatch: pytest.MonkeyPatch, *, after: int, back: bool) -> Iterator[list[str]]:
    """The server is killed before the update number `after`; it may come back a little later."""
    update = Endpoint.update
    texts: list[str] = []
    timers: list[threading.Timer] = []

    def killing(self: Endpoint, sparql: str, *, patience: float) -> None:
        texts.append(sparql)
        if len(texts) == after:
            server.kill()
            if back:
                timers.append(threading.Timer(0.3, server.start))
                timers[0].start()
        update(self, sparql, patience=patience)

    with monkeypatch.context() as patch:
        patch.setattr(Endpoint, "update", killing)
        yield texts
    for timer in timers:
        timer.join()


def test_server_that_comes_back(server, monkeypatch, caplog):
    """A connection that is lost is sought again, and the build goes on where it was."""
    monkeypatch.setattr(sending, "TRIPLES", 20)
    write(many(0, 10), server.url)
    with dying(server, monkeypatch, after=3, back=True) as texts, caplog.at_level(logging.WARNING):
        assert write(many(5, 100), server.url) == 95
    assert set(open_graph(server.url).triples()) == set(many(5, 100))
    assert len(texts) == len(set(texts))  # each piece once, but for those that were lost
    assert "trying again in" in caplog.text


@pytest.mark.parametrize("after", [1, 4, 7])
def test_server_that_stays_away(server, monkeypatch, sent, after):
    """A server killed in the middle of an update holds the old graph; the same command later goes on with the rest."""
    monkeypatch.setattr(sending, "TRIPLES", 20)
    monkeypatch.setattr(connection, "PAUSES", (0.01, 0.01))
    write(many(0, 10), server.url)
    with dying(server, monkeypatch, after=after, back=False), pytest.raises(BadGraph, match="the same command goes on"):
        write(many(5, 100), server.url)
    server.start()
    assert set(open_graph(server.url).triples()) == set(many(0, 10))
    sent.clear()
    write(many(5, 100), server.url)
    assert set(open_graph(server.url).triples()) == set(many(5, 100))
    assert len(sent) == 8 - after  # 1 away, 5 new, 1 that applies: what had arrived is not sent again
    assert count(server, f"{NEWS}/added") == 0


def test_what_is_left_aside_of_another_graph(server, monkeypatch):
    """What a broken try has put aside does not get into a later graph that does not want it."""
    monkeypatch.setattr(sending, "TRIPLES", 20)
    stray = f"INSERT DATA {{ GRAPH <{NEWS}/added> {{ <a:a> <a:b> 1 }} GRAPH <{NEWS}/removed> {{ <a:a> <a:b> 1 }} }}"
    Endpoint.open(server.url).update(stray, patience=0)
    write(many(0, 50), server.url)
    assert set(open_graph(server.url).triples()) == set(many(0, 50))


@pytest.mark.parametrize("where", ["there", "to be sent"])
def test_blank_nodes_are_refused(server, where):
    """What has no name cannot be compared; nothing is changed."""
    Endpoint.open(server.url).update("INSERT DATA { GRAPH <a:g> { [] <a:y> 1 } }", patience=0)
    graph = "?graph=a:g" if where == "there" else ""
    with pytest.raises(OutputFailed, match=f"{where} holds blank nodes"):
        write([Triple("_:a", "<a:b>", '"1"')] if where == "to be sent" else many(0, 1), server.url + graph)
    assert (count(server, "a:g"), count(server)) == (1, 0)


def test_second_writer_is_refused(server, monkeypatch, tmp_path):
    """Two builds of this machine do not mix their differences."""
    monkeypatch.setattr(sending.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(sending, "writing", lambda place, name: writing(place, name=name, patience=0.1))
    started, go = threading.Event(), threading.Event()

    def slow() -> Iterator[Triple]:
        started.set()
        go.wait(10)
        yield from many(0, 2)

    first = threading.Thread(target=write, args=(slow(), server.url))
    first.start()
    started.wait(10)
    with pytest.raises(OutputFailed, match="another kg is writing it"):
        write(many(0, 1), server.url)
    go.set()
    first.join()
    assert count(server) == 2


# ---------------------------------------------------------------- kg update


def test_update_on_a_server(server, sent):
    """The graph of the build is changed by its difference; the number of triples is told."""
    write(many(0, 3), server.url)
    sent.clear()
    change = update(server.url, r"DELETE WHERE { id:person\/p1 ?p ?o } ; INSERT DATA { <a:b> kg:rivalOf <a:c>, <a:d> }")
    assert change == Change(added=2, removed=1, derived=False)
    assert len(sent) == 1
    assert count(server) == 4
    assert update(server.url, "DELETE DATA { <a:none> <a:p> 1 }") == Change(added=0, removed=0, derived=False)
    assert len(sent) == 1


# ---------------------------------------------------------------- addresses and passwords


@pytest.mark.parametrize(
    ("url", "query", "change", "store"),
    [
        ("http://h:7878", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("HTTP://h/x/update", "http://h/x/query", "http://h/x/update", "http://h/x/store"),
        ("https://h/sparql", "https://h/sparql", "https://h/sparql", "https://h/sparql-graph-crud"),
        ("http://h/sparql-auth/", "http://h/sparql-auth", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        ("http://h/ds", "http://h/ds", "http://h/ds", None),
        (
            "http://h:7200/repositories/news",
            "http://h:7200/repositories/news",
            "http://h:7200/repositories/news/statements",
            "http://h:7200/repositories/news/rdf-graphs/service",
        ),
        (
            "http://[::1]:80/query?infer=true",
            "http://[::1]:80/query?infer=true",
            "http://[::1]:80/update?infer=true",
            None,
        ),
    ],
)
def test_layouts(url, query, change, store):
    """Where a server takes what is told by its address; the environment may say otherwise."""
    found = address_of(url, {})
    assert (found.query, found.update) == (query, change)
    assert store is None or found.store == store
    other = address_of(url, {"KG_ENDPOINT_UPDATE": "http://u/", "KG_ENDPOINT_STORE": "http://s/"})
    assert (other.query, other.update, other.store) == (query, "http://u/", "http://s/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://me:secret@h/query", "leave the name and the password out"),
        ("http://", "no address of a server"),
        ("http://h:port/", "no address of a server"),
        ("http://h h/", "no address of a server"),
        ("http://h/query?graph=news", "'news' is no IRI"),
        ("http://h/query?graph=a:b&default", "several graphs"),
    ],
)
def test_bad_address(url, words):
    """A slip in an address is told, and no password is repeated."""
    with pytest.raises(BadGraph, match=words) as caught:
        open_graph(url)
    with pytest.raises(BadGraph, match=words):
        write([], url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"KG_ENDPOINT_TOKEN": " abc\n"}, "Bearer abc"),
        ({"KG_ENDPOINT_USER": "ada", "KG_ENDPOINT_PASSWORD": "geheim ü"}, "Basic YWRhOmdlaGVpbSDDvA=="),
        ({"KG_ENDPOINT_USER": "ada"}, "go together"),
        ({"KG_ENDPOINT_TOKEN": "a\r\nHost: x"}, "cannot be sent"),
    ],
)
def test_credentials(environment, expected):
    """A token, or a name with its password; what no header can hold is refused without being shown."""
    if expected is None or expected.startswith(("Bearer", "Basic")):
        assert credentials(environment) == expected
    else:
        with pytest.raises(BadGraph, match=expected) as caught:
            credentials(environment)
        assert "Host" not in str(caught.value)


# ---------------------------------------------------------------- servers that do not do what they should


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def stub(answer: Answer) -> Iterator[str]:
    """A server that answers every request so; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(status: int, body: str = "", kind: str = "application/sparql-results+json", **headers: str) -> Answer:
    """An answer that is always the same."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body.encode())), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


YES = '{"head": {}, "boolean": true}'
PAGE = "<html><title>Welcome</title></html>"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(200, PAGE, "text/html"), "answers with a web page, not with SPARQL results"),
        (reply(200, "?", "image/png"), "answers with image/png"),
        (reply(200, '{"head": {"vars": ["s'), "its answer is no SPARQL result"),
        (reply(200, "[]"), "its answer is no SPARQL result"),
        (reply(200, ""), "its answer is no SPARQL result"),
        (reply(404, PAGE, "text/html"), "no SPARQL endpoint there"),
        (reply(401), "asks who you are .401.; set KG_ENDPOINT_USER"),
        (reply(403), "asks who you are .403."),
        (reply(405, "GET only", "text/plain"), "refuses the query .405.: GET only"),
        (reply(500, "<h1>out of\nmemory</h1>", "text/html"), "the server fails .500.: out of memory"),
        (reply(503), "the server is busy .503., still after"),
        (reply(301, Location="https://me:pw@h.org/sparql?key=1"), r"has moved .301. to https://h.org/sparql; give"),
        (reply(200, "x" * 99, **{"Content-Length": "200"}), "the answer breaks off"),
    ],
)
def test_answers_that_are_none(answer, words, monkeypatch):
    """Whatever a server says instead of an answer, it is told in words, and the command ends with 2."""
    monkeypatch.setattr(connection, "PAUSES", (0.01, 0.01))
    with stub(answer) as url:
        with pytest.raises(BadGraph, match=words):
            open_graph(url)
        with pytest.raises(BadGraph, match=words):
            write(many(0, 1), url)
        found = CliRunner().invoke(app, ["query", "SELECT ?s { ?s ?p ?o }", "-g", url])
    assert found.exit_code == 2
    assert "Traceback" not in found.output
    assert "pw" not in found.output


def test_closed_port_and_unknown_host():
    """Where nobody answers, that is said at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(BadGraph, match=r"nothing answers there .connection refused.; is the server running"):
        open_graph(f"http://127.0.0.1:{port}/query")
    with pytest.raises(BadGraph, match=r"no host of that name|nothing answers"):
        open_graph("http://nowhere.invalid/query")
    with pytest.raises(BadGraph, match=r"no https at that port|no secure connection"), stub(reply(200, YES)) as url:
        open_graph(url.replace("http:", "https:"))


def test_slow_answer(monkeypatch):
    """A server that takes too long is left, by the limit of the environment."""
    monkeypatch.setenv("KG_ENDPOINT_TIMEOUT", "0.2")
    with (
        stub(lambda handler: time.sleep(1)) as url,
        pytest.raises(BadGraph, match=r"no answer within 0.2 s; ask for less"),
    ):
        open_graph(url)
    monkeypatch.setenv("KG_ENDPOINT_TIMEOUT", "soon")
    with pytest.raises(BadGraph, match="KG_ENDPOINT_TIMEOUT='soon': not a number of seconds"):
        open_graph("http://127.0.0.1/query")


def test_busy_server_is_asked_again(monkeypatch):
    """An overloaded server gets the same request again after a pause."""
    monkeypatch.setattr(connection, "PAUSES", (0.01, 0.01))
    answers = iter([reply(503), reply(429), reply(200, YES)])
    with stub(lambda handler: next(answers)(handler)) as url:
        assert open_graph(url).source == url


def test_password_is_sent_only_where_it_is_asked_for(monkeypatch, caplog):
    """The token goes to the server that asks for it, not to one that answers without; it is never shown."""
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "geheim")
    seen: list[str | None] = []

    def guarded(handler: http.server.BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers.get("Authorization"))
        (reply(200, YES) if seen[-1] == "Bearer geheim" else reply(401))(handler)

    def careless(handler: http.server.BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers.get("Authorization"))
        reply(200, YES)(handler)

    with caplog.at_level(logging.DEBUG, logger="kg"):
        with stub(guarded) as url:
            graph = open_graph(url)
            assert graph.ask("ASK { ?s ?p ?o }")
        assert seen[:3] == [None, "Bearer geheim", "Bearer geheim"]
        seen.clear()
        with stub(careless) as url:
            open_graph(url)
        assert seen == [None]
        with (
            stub(reply(403)) as url,
            pytest.raises(BadGraph, match="refuses the credentials of the environment") as caught,
        ):
            open_graph(url)
    assert "geheim" not in caplog.text + str(caught.value) + repr(graph)


def test_syntax_error_is_shown_at_its_place(server):
    """A query that does not parse is answered as for a file: with line and column, or the unknown prefix."""
    write(many(0, 1), server.url)
    for query in ("SELECT ?s { ?s ?p ", "SELECT ?s {\n ?s foo:bar ?o }", "SELECT ?s { ?s ?p ?o } LIMIT x"):
        said = []
        for graph in (open_graph(server.url), Graph.of([])):
            with pytest.raises(BadQuery) as caught:
                graph.select(query)
            said.append(str(caught.value))
        assert said[0] == said[1]


def test_fetch_that_breaks_off_starts_again(server, monkeypatch):
    """Triples that stop in their middle are asked for again, and nothing is concluded from the half of them."""
    write(many(0, 50), server.url)
    fetched = Endpoint.triples
    tries: list[int] = []

    def breaking(self: Endpoint) -> Iterator[object]:
        tries.append(1)
        for number, triple in enumerate(fetched(self)):
            if len(tries) == 1 and number == 20:
                raise connection.BrokenOff("the answer breaks off")
            yield triple

    monkeypatch.setattr(Endpoint, "triples", breaking)
    monkeypatch.setattr(sending, "PAUSES", (0.01,))
    assert write(many(0, 50), server.url) == 50
    assert len(tries) == 2
    monkeypatch.setattr(Endpoint, "triples", lambda self: list(fetched(self))[:20])
    with pytest.raises(BadGraph, match="gives only 20 of its 50 triples"):
        write(many(0, 10), server.url)
    assert count(server) == 50
