"""What is shipped, what importing costs, and what the lock files hold."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kg

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements-build.txt", "requirements.txt", "requirements-dev.txt")
HEAVY = {"spacy", "networkx", "owlready2", "pandas", "rdflib", "trafilatura"}
IGNORE = re.compile(r"# (noqa|type: ignore)(?P<code>: ?[A-Z]+\d+(, ?[A-Z]+\d+)*|\[[a-z-]+(, ?[a-z-]+)*\])?(?P<rest>.*)")


def python(*arguments: str, executable: str | Path = sys.executable, **options) -> str:
    """What a Python process prints; its error output goes into the failure."""
    done = subprocess.run([executable, *arguments], capture_output=True, text=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pins(lock: str) -> dict[str, Requirement]:
    """The requirements of a lock file by name, each with its hashes as `hashes`."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert all("--hash=sha256:" in line for line in lines), f"{lock}: a line without a hash"
    found = [Requirement(line.split("--hash")[0]) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


@pytest.mark.parametrize("module", ["kg", "kg.cli"])
def test_importing_is_free(module):
    """Heavy libraries load when they are needed, not when `kg` or its command line is imported."""
    loaded = python(
        "-c",
        f"import {module}, sys, json; print(json.dumps(list(sys.modules)))",
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    assert not HEAVY & set(json.loads(loaded))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place(lock):
    """A lock file holds for any index and any machine."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"://|file:|index|find-links| @ |(?<!\S)/", text)


def test_locks_agree():
    """A package has one version in all lock files."""
    build, runtime, dev = map(pins, LOCKS)
    for lock in (build, runtime):
        assert {name: str(pin.specifier) for name, pin in lock.items()}.items() <= {
            name: str(pin.specifier) for name, pin in dev.items()
        }.items()


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("requirements-build.txt", PYPROJECT["dependency-groups"]["build"]),
        ("requirements-build.txt", PYPROJECT["build-system"]["requires"]),
        ("requirements.txt", PYPROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", [r for r in PYPROJECT["dependency-groups"]["dev"] if isinstance(r, str)]),
    ],
)
def test_lock_keeps_the_ranges(lock, declared):
    """What pyproject.toml asks for is locked, within its range; if not: `make lock`."""
    locked = pins(lock)
    for requirement in map(Requirement, declared):
        (pin,) = locked[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(pin.version), f"{requirement} against {pin}"


def test_one_version():
    """pyproject.toml, the package, the change log and the citation agree on the version."""
    version = PYPROJECT["project"]["version"]
    assert kg.__version__ == version
    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_ignores_carry_reasons():
    """An ignored lint or type error names its code and, after it, the reason."""
    paths = [path for folder in ("src", "tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in IGNORE.finditer(line)
        if not found["code"] or not re.search(r"\w{2}", found["rest"])
    ]
    assert not bare


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, Path]:
    """The wheel and the source distribution, built from this tree without a network."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def test_wheel_holds_its_data(built):
    """The ontology, the saved queries, the licence and the type marker are in the wheel; tests are not."""
    wheel, _ = built
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {f"kg/{f.parent.name}/{f.name}" for folder in ("ontology", "queries") for f in (ROOT / folder).iterdir()}
    assert len(data) > 10
    assert data <= names
    assert {"kg/py.typed", "kg/__init__.py", "news_kg-0.1.0.dist-info/licenses/LICENSE"} <= names
    assert {name.split("/")[0] for name in names} == {"kg", "news_kg-0.1.0.dist-info"}


def test_sdist_is_complete(built):
    """The source distribution holds what builds and tests it, and nothing that a machine left behind."""
    _, sdist = built
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "Makefile", "LICENSE", "README.md", "ontology/kg.ttl", "tests/test_packaging.py"} <= names
    assert {*LOCKS} <= names
    assert not [name for name in names if re.search(r"__pycache__|\.venv|^build/|\.sqlite|^\.git/", name)]


@pytest.fixture(scope="module")
def empty_environment() -> Path:
    """A virtual environment with the locked packages that `kg` needs and nothing else; kept until they change."""
    folder = ROOT / "build" / "wheel-venv"
    executable = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = folder / "lock"
    lock = "".join((ROOT / name).read_text(encoding="utf-8") for name in LOCKS[:2]) + sys.version
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        install = ("-m", "pip", "install", "--quiet", "--require-hashes", "--no-build-isolation", "-r")
        for name in LOCKS[:2]:
            python(*install, str(ROOT / name), executable=executable)
        stamp.write_text(lock, encoding="utf-8")
    return executable


@pytest.mark.slow
def test_wheel_builds_a_graph(built, empty_environment, tmp_path):
    """Installed from its wheel, far from the checkout, `kg` makes a graph of an article."""
    wheel, _ = built
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel))
    python(*install, executable=empty_environment)
    python("-m", "pip", "check", executable=empty_environment)
    article = tmp_path / "call.txt"
    article.write_text("Angela Merkel spoke with Vladimir Putin by phone on Tuesday.\n", encoding="utf-8")
    command = shutil.which("kg", path=str(empty_environment.parent))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command, "build", article, "-o", "kg.ttl"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "kg:spokeWith" in (tmp_path / "kg.ttl").read_text(encoding="utf-8")
