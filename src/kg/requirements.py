"""Whether the installed packages are recent enough; if not, the command that puts it right."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import MissingDependency

# As in pyproject.toml (a test compares them), but for the language model, as `annotate` accepts several, and for what
# some machines do without: `check` says so there.
REQUIRED = (
    "anyascii>=0.3.2,<1",
    "lxml-html-clean>=0.4,<1",
    "matplotlib>=3.9,<4",
    "msgspec>=0.19,<1",
    "networkx>=3.3,<4",
    "numpy>=1.26",
    "owlready2>=0.47,<1",
    "oxrdflib>=0.5,<0.6",
    "pandas>=2.2.3,<4",
    "pyoxigraph>=0.5,<0.6",
    "rapidfuzz>=3.10,<4",
    "rdflib>=7.1,<8",
    "rich>=13.8",
    "spacy>=3.8,<3.9",
    "trafilatura>=2,<3",
    "typer>=0.15,<1",
    "urllib3>=2.2,<3",
)


def check_installed(required: Iterable[str] = REQUIRED) -> None:
    """Raise `MissingDependency` if a package is absent or too old; a few milliseconds if all is well.

    >>> check_installed(["rdflib>=7"])
    >>> check_installed(["no-such-package>=2,<3"])
    Traceback (most recent call last):
    ...
    kg.errors.MissingDependency: no-such-package is not installed; run: pip install -U "no-such-package>=2,<3"
    """
    found = _folders()
    faults = {text: fault for text in required if (fault := _fault(text, found))}
    if faults:
        packages = " ".join(f'"{text}"' for text in faults)
        raise MissingDependency(f"{'; '.join(faults.values())}; run: pip install -U {packages}")


def _fault(text: str, found: Mapping[str, str]) -> str:
    """What is wrong with one requirement, or nothing."""
    name, minimum = text.split(",")[0].split(">=")
    version = found.get(name) or _recorded(name)
    if version is None:
        return f"{name} is not installed"
    return "" if _key(version) >= _key(minimum) else f"{name} {version} is installed, >={minimum} is needed"


def _folders() -> dict[str, str]:
    """The versions that the names of the metadata folders tell: importlib.metadata takes 50 ms for the same."""
    found: dict[str, str] = {}
    for folder in map(Path, sys.path):
        for info in folder.glob("*.dist-info") if folder.is_dir() else ():
            name, _, version = info.name.removesuffix(".dist-info").partition("-")
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version)
    return found


def _recorded(name: str) -> str | None:
    """The version by the slow way, for a package that keeps its metadata elsewhere."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _key(version: str) -> tuple[int, ...]:
    """The release number, comparable.

    >>> _key("3.10.1rc1") > _key("3.9")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z+]", version.lower())[0]))
