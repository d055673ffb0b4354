"""Two example articles as graphs, compared as text: a change of extraction shows as a diff of these files.

When the change is wanted, write the files anew, read the diff like code, and commit it with the change:

    KG_RENEW_GOLDEN=1 python -m pytest tests/test_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import rdflib

from kg.annotate import annotate
from kg.extract import Extractor
from kg.gazetteer import load_gazetteer
from kg.model import Document
from kg.ontology import Ontology
from kg.read import read
from kg.resolve import resolve
from kg.store import write
from kg.triplify import triplify

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
RENEW = "KG_RENEW_GOLDEN"
ARTICLES = ("2018-07-09_asmara_declaration.txt", "2024-05-09_karsk_tanker.md")


def turtle(article: Path, extractor: Extractor, ontology: Ontology, target: Path) -> str:
    """The graph of one article as Turtle; its path is left out of it."""
    documents = [document for document in read([article]) if isinstance(document, Document)]
    pairs = [(document, extractor.extract(document, doc)) for document, doc in annotate(documents)]
    write(triplify(resolve(pairs, same_as=load_gazetteer().same_as(), ontology=ontology), ontology), target)
    return target.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ARTICLES)
def test_golden(name: str, extractor: Extractor, ontology: Ontology, tmp_path: Path) -> None:
    """The graph of the article is that of the golden file, to the letter."""
    article = ROOT / "examples" / name
    golden = GOLDEN / f"{article.stem}.ttl"
    found = turtle(article, extractor, ontology, tmp_path / "kg.ttl")
    if os.environ.get(RENEW):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.skip(f"{golden.name} is written anew; read its diff")
    assert golden.exists(), f"{golden.name} is missing: write it with {RENEW}=1"
    assert found.splitlines() == golden.read_text(encoding="utf-8").splitlines(), (
        f"not what tests/golden/{golden.name} holds; where the change is wanted, renew it with {RENEW}=1"
    )


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.ttl")), ids=lambda path: path.stem)
def test_golden_files_are_sound(golden: Path) -> None:
    """A golden file is Turtle without blank nodes, belongs to an article, and names no path of a machine."""
    assert golden.stem in {Path(name).stem for name in ARTICLES}
    graph = rdflib.Graph().parse(golden, format="turtle")
    assert len(graph) > 50
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    assert str(ROOT) not in golden.read_text(encoding="utf-8")
