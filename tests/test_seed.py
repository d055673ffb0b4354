"""One real article that is no part of the project: what must be found in it, and that nothing false is.

Its people are not named in the code or the lexicon: what is found there is found by rules for all articles.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from conftest import Fact, fact, tidy

from kg.annotate import annotate
from kg.extract import Extractor
from kg.model import Document, LocalClaim, Modality, Part, Record
from kg.read import read

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "seed" / "belarus_2020-08-15.txt"
COUNTRY = "Belarus"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"{SEED.name} is not beside this checkout")

LEADER = tidy(("Alexander Lukashenko", "leaderOf", COUNTRY))
CALL = tidy(("Alexander Lukashenko", "spokeWith", "Vladimir Putin"))
RIVAL = tidy(("Alexander Lukashenko", "rivalOf", "Svetlana Tikhanovskaya"))
MINISTER = tidy(("Linas Linkevicius", "officialOf", "Lithuania"))
SECRETARY = tidy(("Mike Pompeo", "officialOf", "United States"))


@pytest.fixture(scope="module")
def document() -> Document:
    """The article as read."""
    (found,) = read([SEED], date=dt.date(2020, 8, 15))
    assert isinstance(found, Document)
    return found


@pytest.fixture(scope="module")
def record(document: Document, extractor: Extractor) -> Record:
    """What is found in it."""
    ((same, doc),) = annotate([document])
    return extractor.extract(same, doc)


@pytest.fixture(scope="module")
def found(record: Record) -> dict[Fact, LocalClaim]:
    """The claims by what they say."""
    return {fact(record, claim): claim for claim in record.claims}


@pytest.mark.parametrize("wanted", [LEADER, CALL, RIVAL, MINISTER, SECRETARY], ids="-".join)
def test_found(found: dict[Fact, LocalClaim], wanted: Fact) -> None:
    """The relations that a reader of the article would name are there as facts."""
    assert wanted in found


def test_call_is_the_kremlins_word(found: dict[Fact, LocalClaim]) -> None:
    """That the two spoke is what the Kremlin said, on the Saturday."""
    claim = found[CALL]
    assert claim.attribution == "Kremlin"
    assert "telephone conversation" in claim.evidence.quote
    assert claim.date in (dt.date(2020, 8, 15), None)


def test_office_is_the_articles_own_word(found: dict[Fact, LocalClaim]) -> None:
    """Offices that the article gives in passing are attributed to nobody."""
    assert found[MINISTER].attribution is None
    assert found[SECRETARY].attribution is None


def planned(record: Record) -> list[LocalClaim]:
    """The claims of sanctions."""
    return [claim for claim in record.claims if claim.relation == "sanctionedBy"]


def test_sanctions_are_planned(record: Record) -> None:
    """The sanctions that officials could face are a plan of the Union's, and no fact."""
    assert planned(record)
    for claim in planned(record):
        assert claim.modality is Modality.PROSPECTIVE
        assert record.entities[claim.object].name == "European Union"


def test_sanctions_are_on_a_group(record: Record) -> None:
    """Those who could face them are a group of the country, not the country."""
    (claim,) = planned(record)
    assert claim.target_group == COUNTRY
    assert "officials" in record.entities[claim.subject].name.lower()


TRUE = {  # beside those above: what the article says too
    tidy(("Alexander Lukashenko", "leaderOf", COUNTRY, "ended")),
}


def test_nothing_false(record: Record, found: dict[Fact, LocalClaim]) -> None:
    """No fact is claimed that the article does not state."""
    facts = {said for said in found if said.modality in (Modality.ASSERTED, Modality.ENDED)}
    assert facts - TRUE <= {LEADER, CALL, RIVAL, MINISTER, SECRETARY}


def test_nothing_but_sanctions_is_planned(found: dict[Fact, LocalClaim]) -> None:
    """What is planned or denied in it are the sanctions, and that the leader stays."""
    rest = {said for said in found if said.modality in (Modality.PROSPECTIVE, Modality.DENIED)}
    assert {said.relation for said in rest} <= {"sanctionedBy", "leaderOf"}


def test_comment_form_is_furniture(document: Document, record: Record) -> None:
    """The form below the article is no part of it."""
    parts = {segment.part: segment for segment in document.segments}
    form = document.text.index("Leave a Reply")
    assert document.segments[0].part is Part.HEADLINE
    assert parts[Part.FURNITURE].start <= form or parts[Part.FURNITURE].end >= form
    furniture = [s for s in document.segments if s.part is Part.FURNITURE]
    assert any(s.start <= form < s.end for s in furniture)
    assert all(mention.end <= form for mention in record.mentions)


def spoken(source: str) -> set[str]:
    """The words of a module without its comments and docstrings, which may tell an example."""
    tree = ast.parse(source)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {word for text in (texts - docstrings) | names for word in re.findall(r"\w+", text)}


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def test_its_names_are_not_in_the_code(record: Record) -> None:
    """Neither the code nor the lexicon knows its people; the gazetteer knows countries and given names alone."""
    people = {entity.name for entity in record.entities if entity.kind == "Person"}
    last = {name.split()[-1] for name in people}
    assert len(last) >= 6
    for file in (*(ROOT / "src" / "kg" / "extract").glob("*.py"), *(ROOT / "src" / "kg").glob("*.py")):
        assert not spoken(file.read_text(encoding="utf-8")) & last, file
    for file in (*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "queries").glob("*.rq")):
        assert not set(re.findall(r"\w+", file.read_text(encoding="utf-8"))) & last, file
