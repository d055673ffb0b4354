"""`kg infer`: the graph with what follows from it, what is told on stderr, exit codes; `kg explain` of its edges."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.ontology import NAMESPACE
from kg.store import export, open_graph

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
RULE = f"SELECT ?rule {{ ?mark a <{NAMESPACE}Inference> ; <{NAMESPACE}rule> ?rule }}"

HEAD = f"""
@prefix : <https://example.org/own#> .
@prefix kg: <{NAMESPACE}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def kg(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def own(folder: Path, axioms: str) -> Path:
    """A file of axioms of one's own, without words."""
    path = folder / "own.ttl"
    path.write_text(HEAD + axioms, encoding="utf-8")
    return path


def test_the_graph_with_its_inferences(tmp_path: Path) -> None:
    """All that was there, and what follows, each with its mark; what was done is told on stderr."""
    output = tmp_path / "inferred.ttl"
    done = kg("infer", "-g", GRAPH, "-o", output)
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "edges inferred ->" in done.stderr
    assert "by sub-property: leaderOf below officialOf" in done.stderr
    assert "--types writes them" in done.stderr
    before, after = set(open_graph(GRAPH).triples()), set(open_graph(output).triples())
    assert before < after
    assert {str(row[0]) for row in open_graph(output).select(RULE)} >= {"sub-property: leaderOf below officialOf"}


def test_again_and_again(tmp_path: Path) -> None:
    """Inferring from the result gives the same bytes; into its own file, too."""
    once, twice = tmp_path / "once.ttl", tmp_path / "twice.ttl"
    kg("infer", "-g", GRAPH, "-o", once)
    first = once.read_bytes()
    kg("infer", "-g", once, "-o", twice)
    kg("infer", "-g", once, "-o", once)
    assert twice.read_bytes() == first
    assert once.read_bytes() == first


@pytest.mark.parametrize("name", ["inferred.nt", "inferred.ttl.gz", "inferred"])
def test_formats_and_folders(tmp_path: Path, name: str) -> None:
    """The suffix names the format; a folder is read and written like a file."""
    source, plain = tmp_path / "store", tmp_path / "plain.nt"
    export(open_graph(GRAPH), source)
    assert kg("infer", "-g", source, "-o", tmp_path / name).exit_code == 0
    kg("infer", "-g", GRAPH, "-o", plain)
    assert set(open_graph(tmp_path / name).triples()) == set(open_graph(plain).triples())


@pytest.fixture
def server() -> Iterator[str]:
    """An Oxigraph server with the graph of these tests, on a free port."""
    command = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if command is None:
        pytest.skip("the package oxigraph, a SPARQL server, is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([command, "serve", "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}"
        export(open_graph(GRAPH), address)
        yield address
    finally:
        process.terminate()
        process.wait()


def test_a_server(server: str, tmp_path: Path) -> None:
    """A SPARQL endpoint is read and written like a file."""
    from_file, from_server = tmp_path / "file.ttl", tmp_path / "server.ttl"
    kg("infer", "-g", GRAPH, "-o", from_file)
    assert kg("infer", "-g", f"{server}/query", "-o", from_server).exit_code == 0
    assert from_server.read_bytes() == from_file.read_bytes()
    assert kg("infer", "-g", GRAPH, "-o", server).exit_code == 0
    assert sorted(open_graph(f"{server}/query").triples()) == sorted(open_graph(from_file).triples())


def test_stdout(tmp_path: Path) -> None:
    """A dash is stdout, in Turtle; the rest goes to stderr."""
    output = tmp_path / "inferred.ttl"
    kg("infer", "-g", GRAPH, "-o", output)
    assert kg("infer", "-g", GRAPH, "-o", "-").stdout == output.read_text(encoding="utf-8")


def test_without_output() -> None:
    """What would be written is told, and that nothing was."""
    done = kg("infer", "-g", GRAPH)
    assert done.exit_code == 0
    assert "nothing is written without -o FILE" in done.stderr


def test_types(tmp_path: Path) -> None:
    """Entailed classes on demand."""
    output = tmp_path / "inferred.ttl"
    done = kg("infer", "-g", GRAPH, "-o", output, "--types")
    assert "left out" not in done.stderr
    assert open_graph(output).ask("ASK { ?who a kg:Person , kg:Agent }")


def test_axioms_of_ones_own(tmp_path: Path) -> None:
    """A file with axioms alone will do; what they give can be explained down to the quotes."""
    axioms = own(
        tmp_path, ":spokeForSideOf a owl:ObjectProperty ; owl:propertyChainAxiom ( kg:spokeWith kg:leaderOf ) ."
    )
    output = tmp_path / "inferred.ttl"
    done = kg("infer", "-g", GRAPH, "--ontology", axioms, "-o", output)
    assert done.exit_code == 0
    assert "by chain: spokeWith / leaderOf below spokeForSideOf" in done.stderr
    told = kg("explain", "Putin", "https://example.org/own#spokeForSideOf", "Belarus", "-g", output)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[1] == (
        "Inferred: Vladimir Putin - spoke for side of - Belarus (chain: spokeWith / leaderOf below spokeForSideOf), "
        "from Alexander Lukashenko - leader of - Belarus and Alexander Lukashenko - spoke with - Vladimir Putin."
    )
    assert "Claim: Alexander Lukashenko - leader of - Belarus" in told.stdout
    assert "President Alexander Lukashenko of Belarus spoke by telephone with Vladimir Putin" in told.stdout


def test_explain_names_the_rule(tmp_path: Path) -> None:
    """Step by step, down to the claim."""
    output = tmp_path / "inferred.ttl"
    kg("infer", "-g", GRAPH, "-o", output)
    lines = kg("explain", "Lukashenko", "affiliatedWith", "Belarus", "-g", output).stdout.splitlines()
    assert lines[1:3] == [
        "Inferred: Alexander Lukashenko - affiliated with - Belarus (sub-property: officialOf below affiliatedWith), "
        "from Alexander Lukashenko - official of - Belarus.",
        "Inferred: Alexander Lukashenko - official of - Belarus (sub-property: leaderOf below officialOf), "
        "from Alexander Lukashenko - leader of - Belarus.",
    ]
    stated = kg("explain", "Lukashenko", "leaderOf", "Belarus", "-g", output).stdout
    assert "Inferred" not in stated


def test_a_contradiction(tmp_path: Path) -> None:
    """Told with article and quote; the rest is inferred and written; exit code 1."""
    output = tmp_path / "inferred.ttl"
    axioms = own(tmp_path, "kg:spokeWith owl:propertyDisjointWith kg:allyOf .")
    done = kg("infer", "-g", GRAPH, "--ontology", axioms, "-o", output)
    assert done.exit_code == 1
    assert "contradiction: Alexander Lukashenko spokeWith Vladimir Putin and " in done.stderr
    assert 'kg:   minsk-calls: "President Alexander Lukashenko of Belarus spoke by telephone' in done.stderr
    assert "contradictions found" in done.stderr
    assert output.exists()


def test_too_many_edges(tmp_path: Path) -> None:
    """A chain beyond the limit is left to queries, by name."""
    axioms = own(tmp_path, ":near a owl:ObjectProperty ; owl:propertyChainAxiom ( kg:spokeWith kg:leaderOf ) .")
    done = kg("infer", "-g", GRAPH, "--ontology", axioms, "--limit", "0")
    assert done.exit_code == 0
    assert "ask for them with the path kg:spokeWith/kg:leaderOf, or raise --limit" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-g", "absent.ttl"), "absent.ttl"),
        (("-g", GRAPH, "--ontology", "absent.ttl"), "absent.ttl: No such file"),
        (("-g", GRAPH, "--ontology", __file__), "not an ontology file"),
        (("-g", GRAPH, "--reasoner", "pellet"), "is no reasoner"),
        (("-g", GRAPH, "-o", "graph.docx"), "its suffix names no graph format"),
        (("-g", GRAPH, "-o", "absent/graph.ttl"), "absent"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong is said, and nothing is written; exit code 2."""
    monkeypatch.chdir(tmp_path)
    done = kg("infer", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


def test_without_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HermiT says what to install, and nothing is written."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    done = kg("infer", "-g", GRAPH, "--reasoner", "hermit", "-o", tmp_path / "x.ttl")
    assert done.exit_code == 2
    assert "install a Java runtime" in done.stderr
    assert not list(tmp_path.iterdir())
