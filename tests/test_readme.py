"""The README tells the truth: its commands run and print what it shows, and it leaves no command out.

In a shown output, a line that is only `...` stands for any lines, `...` in a line for any part of it.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer.main
from conftest import FactsOf
from typer.testing import CliRunner

from kg.cli import app
from kg.evaluate import measure
from kg.ontology import Ontology
from kg.query import saved_queries

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # the app has several commands: a group

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(match[1], match[2]) for match in FENCED.finditer(README)]
PROSE = FENCED.sub("", README)
CODE = re.findall(r"`([^`\n]+)`", PROSE)
PROGRESS = re.compile(r"^kg: [a-z ]+, \d+( of \d+)?\n", re.MULTILINE)  # comes only where a stage takes long
GOLD_MAY_MOVE = 0.05


def shown(language: str) -> Iterator[tuple[str, str]]:
    """The commands of the blocks in a language, each with the output that is shown for it."""
    for name, block in BLOCKS:
        if name == language:
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield command, output


CONSOLE = list(shown("console"))
OURS = [(command, output) for command, output in CONSOLE if command.startswith("kg ")]


def fits(output: str, wanted: str) -> bool:
    """Whether an output is what is shown, where `...` is anything."""
    lines = (
        "(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in wanted.strip().splitlines()
    )
    return re.fullmatch("".join(lines), output.strip() + "\n") is not None


def run(command: list[str], cwd: Path, **more: str) -> str:
    """All that a command prints, without the lines that tell how far it is."""
    kept = {name: value for name, value in os.environ.items() if name not in ("KG_GRAPH", "MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return PROGRESS.sub("", done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and the files that the README tells to write."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name, text in re.findall(r"`(\S+)`:\n\n```turtle\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def outputs(folder: Path) -> Mapping[str, str]:
    """What each `kg` command of the README prints, run there one after the other."""
    kg = [sys.executable, "-c", "from kg.cli import main; main()"]
    return {command: run([*kg, *shlex.split(command)[1:]], folder, PYTHONPATH=str(ROOT / "src")) for command, _ in OURS}


# ---------------------------------------------------------------- the examples


@pytest.mark.parametrize(
    ("output", "wanted", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\n", False),
        ("a\nb\nc\n", "a\n...\n", True),
        ("a\n", "a\n...\n", True),
        ("a 0.88 (b)\n", "a ... (b)\n", True),
        ("a\nb\n", "a...b\n", False),
    ],
)
def test_fits(output: str, wanted: str, same: bool) -> None:
    """What the dots stand for."""
    assert fits(output, wanted) is same


@pytest.mark.slow
@pytest.mark.parametrize(("command", "wanted"), OURS, ids=[command for command, _ in OURS])
def test_command(command: str, wanted: str, outputs: Mapping[str, str]) -> None:
    """A command prints what is shown under it."""
    assert fits(outputs[command], wanted), f"{command} prints\n{outputs[command]}\nand README.md shows\n{wanted}"


@pytest.mark.slow
@pytest.mark.usefixtures("outputs")
def test_python(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python block runs beside the graph that the commands built, and prints what is shown."""
    monkeypatch.chdir(folder)
    (block,) = (text for language, text in BLOCKS if language == "pycon")
    test = doctest.DocTestParser().get_doctest(block, {}, "the Python block", "README.md", 0)
    told: list[str] = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=told.append)
    assert found.attempted > 3
    assert not found.failed, "".join(told)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_run(tmp_path: Path) -> None:
    """`make run`, without the set-up, prints what is shown."""
    binaries = Path(sys.executable).parent
    if not (binaries / "kg").exists():
        pytest.skip("kg is not installed beside this Python")
    graph = tmp_path / "kg.ttl"
    output = run(["make", "run", "-o", ".venv/.kg", f"BIN={binaries}", f"GRAPH={graph}"], ROOT)
    output = output.replace(str(graph), "build/kg.ttl").replace(str(binaries), ".venv/bin")
    assert fits(output, dict(CONSOLE)["make run"]), output


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_test() -> None:
    """The commands that are shown for `make test` are of those that it runs, in their order."""
    recipe = run(["make", "-n", "test", "-o", ".venv/.kg", "-o", ".venv/.dev"], ROOT).splitlines()
    told = [line for line in dict(CONSOLE)["make test"].splitlines() if line.startswith(".venv/")]
    assert told
    assert told == [line for line in recipe if line in told]


# ---------------------------------------------------------------- commands, options, queries


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_told(name: str) -> None:
    """Every command has its row in the table, with its arguments as it takes them."""
    (row,) = re.findall(rf"^\| `kg {name}\b([^`]*)` \|", README, re.MULTILINE)
    told = {word.strip(".") for word in row.split() if word.strip(".").isupper()}
    assert told <= {parameter.metavar for parameter in COMMANDS[name].params}


@pytest.mark.parametrize("name", COMMANDS)
def test_options_are_told(name: str) -> None:
    """Every option is in the README or in the command's help, with what it does."""
    told = README + CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"}).output
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", ""), f"{name}: {parameter.name} has no help"
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), f"{name} {option}"


def test_no_other_options() -> None:
    """Every option that the README names in a `kg` command or in prose is one."""
    known = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    told = [*(command for command, _ in OURS), *(code for code in CODE if code.startswith(("kg ", "-")))]
    named = {word for text in told for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", text)}
    assert len(named) > 5
    assert named <= known | {"--help"}


def test_what_is_not_there_yet() -> None:
    """A planned command that is there by now leaves the list of those that are not."""
    (planned,) = re.findall(r"not there yet:(.*?);", README, re.DOTALL)
    named = set(re.findall(r"`kg (\w+)`", planned))
    assert named
    assert not named & COMMANDS.keys()
    assert {code.split()[1] for code in CODE if re.match(r"kg [a-z]", code)} <= named | COMMANDS.keys()


def test_saved_queries_are_told() -> None:
    """All of them are listed, and no other."""
    (listed,) = re.findall(r"saved queries, in `queries/`:(.*?)\.\n", README, re.DOTALL)
    assert re.findall(r"`(\w+)`", listed) == sorted(saved_queries())


# ---------------------------------------------------------------- the ontology, the figures, the files

ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (\w*) ?\| (.*) \|$", README, re.MULTILINE)


def test_relations_are_told(ontology: Ontology) -> None:
    """The table has every relation between things, with its domain and range and whether it is symmetric."""
    told = {name: (domain, range_, kind == "symmetric") for name, domain, range_, kind, _ in ROWS}
    assert told == {
        name: (relation.domain or "any", relation.range or "any", relation.symmetric)
        for name, relation in ontology.relations.items()
        if relation.domain not in ("Article", "Claim")
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("relation", "sentence"), [(name, sentence) for name, *_, sentence in ROWS if "**" in sentence]
)
def test_sentence_makes_its_claim(relation: str, sentence: str, claims_of: FactsOf) -> None:
    """An example sentence claims its relation of the two names in bold."""
    ends = set(re.findall(r"\*\*(.+?)\*\*", sentence))
    found = claims_of(sentence.replace("**", ""))
    assert any({fact.subject, fact.object} == ends and fact.relation == relation for fact in found), found


def test_relations_without_words(ontology: Ontology) -> None:
    """Those that the table says have no words of their own have none; the others have."""
    lexicon = ontology.lexicon
    spoken = {template.relation for template in lexicon.templates} | set(lexicon.roles.values())
    assert {name for name, *_, sentence in ROWS if "**" in sentence} == spoken


@pytest.mark.slow
@pytest.mark.parametrize("figure", ["precision", "recall"])
def test_figures(figure: str, examples_score: Any) -> None:
    """The figures are about those that the command beside them prints."""
    assert "`kg eval tests/data/examples_gold.jsonl examples`" in README
    (told,) = re.findall(rf"{figure} (0\.\d+)", README)
    assert float(told) == pytest.approx(getattr(examples_score, figure), abs=GOLD_MAY_MOVE), (
        "bring README.md up to date"
    )


@pytest.fixture(scope="module")
def examples_score() -> Any:
    """Precision and recall on the annotated examples."""
    return measure(ROOT / "tests" / "data" / "examples_gold.jsonl", [ROOT / "examples"]).total.score


FILE = re.compile(r"\w[\w.-]*\.(?:csv|jsonl|md|py|rq|sqlite|toml|ttl|txt)|LICENSE|Makefile")
PATH = re.compile(r"(?:src|ontology|queries|examples|tests|benchmarks|notebooks|\.ci)/[\w./-]*")


@pytest.mark.slow
@pytest.mark.usefixtures("outputs")
def test_files_are_there(folder: Path) -> None:
    """Every file that is named is in the project, or is made by the commands above it."""
    paths = {path.rstrip(".") for path in PATH.findall(PROSE)}
    files = {code for code in CODE if FILE.fullmatch(code)}
    assert len(paths) > 10
    assert {"LICENSE", "CHANGELOG.md", "kg.ttl"} <= files
    missing = [name for name in sorted(paths | files) if not ((ROOT / name).exists() or (folder / name).exists())]
    assert not missing
