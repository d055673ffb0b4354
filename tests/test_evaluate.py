"""Claims against annotated ones: the same figures as the annotation's scorer, each error under its kind."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UnreadableInput
from kg.evaluate import (
    End,
    Error,
    Judgement,
    Kind,
    Score,
    Statement,
    Tally,
    calibration,
    error_table,
    evaluate,
    fold,
    found_claim,
    measure,
    read_gold,
    rendered,
    report,
    score_table,
)
from kg.explain import ClaimRow, claims
from kg.model import Modality
from kg.pipeline import build
from kg.store import open_graph

ROOT = Path(__file__).resolve().parents[1]
ANNOTATION = ROOT.parent / "shared" / "annotation"  # the development articles and their scorer, where they are at hand
EXAMPLES_GOLD = ROOT / "tests" / "data" / "examples_gold.jsonl"
SYMMETRIC = {"spokeWith", "rivalOf", "allyOf"}
needs_annotation = pytest.mark.skipif(
    not (ANNOTATION / "score.py").exists(), reason="the annotated articles are not here"
)


def said(claim: str, sure: float = 0.9, source: str | None = None) -> Statement:
    """A claim of article "a", from "Hale - leaderOf - Ostria" or "Hale/Ms Hale - leaderOf - Ostria - denied"."""
    subject, relation, obj, *modality = claim.split(" - ")
    return Statement(
        article="a",
        subject=End.of(*_names(subject)),
        relation=relation,
        object=End.of(*_names(obj)),
        modality=Modality(*modality or ["asserted"]),
        confidence=sure,
        attribution=source,
        evidence="Hale met Vant.",
    )


def _names(text: str) -> tuple[str, list[str]]:
    name, *aliases = text.split("/")
    return name, aliases


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Alexander Lukashenko", "alexander lukashenko"),
        ("Mr Lukashenko’s", "lukashenko"),
        ("the President Evo Morales", "evo morales"),
        ("Prime Minister  Modi", "modi"),
        ("Dr. No", "dr no"),
        ("Álvaro Uribe", "alvaro uribe"),
        ("Ra'am", "ra am"),
        ("U.S.", "u s"),
        ("Theresa", "theresa"),
        ("The", "the"),
        ("", ""),
        (None, ""),
    ],
)
def test_names_are_folded(name, folded):
    """Case, accents, punctuation, possessives and titles make no difference."""
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("gold", "predicted", "tally"),
    [
        pytest.param(
            [said("Hale/Ms Hale - leaderOf - Ostria")], [said("Hale - leaderOf - OSTRIA")], (1, 1, 1), id="alias"
        ),
        pytest.param([said("Hale - spokeWith - Vant")], [said("Vant - spokeWith - Hale")], (1, 1, 1), id="either way"),
        pytest.param([said("Hale - leaderOf - Vant")], [said("Vant - leaderOf - Hale")], (1, 1, 0), id="one way only"),
        pytest.param([said("Hale - spokeWith - Vant")], [said("Vant - metWith - Hale")], (1, 1, 1), id="narrower"),
        pytest.param(
            [said("Hale - leaderOf - Ostria - ended")], [said("Hale - leaderOf - Ostria")], (1, 1, 1), id="once"
        ),
        pytest.param(
            [said("Hale - leaderOf - Ostria - denied")], [said("Hale - leaderOf - Ostria")], (0, 1, 0), id="denied"
        ),
        pytest.param(
            [said("Hale - leaderOf - Ostria")],
            [said("Hale - leaderOf - Ostria - prospective")],
            (1, 0, 0),
            id="planned",
        ),
        pytest.param(
            [said("Hale - leaderOf - Ostria")], [said("Hale - leaderOf - Ostria")] * 2, (1, 1, 1), id="said twice"
        ),
        pytest.param(
            [said("Hale - leaderOf - Ostria")], [said("Hale - rivalOf - Vant")], (1, 0, 0), id="not annotated"
        ),
        pytest.param([], [said("Hale - leaderOf - Ostria")], (0, 0, 0), id="nothing annotated"),
        pytest.param(
            [said("Hale - leaderOf - Ostria - denied"), said("Hale - leaderOf - Ostria")],
            [
                said("Hale/Mina Hale - leaderOf - Ostria", 0.5),
                said("Vant - leaderOf - Ostria", 0.9),
            ],
            (1, 2, 0),
            id="first annotated, first matched",
        ),
    ],
)
def test_claims_are_counted(gold, predicted, tally):
    """Gold, predicted and right claims, over all relations."""
    total = evaluate({"a": gold}, predicted, SYMMETRIC).total
    assert (total.gold, total.predicted, total.right) == tally


def test_the_surest_claim_is_matched_first():
    """Of two claims that fit one annotated claim, the one with the higher confidence is it."""
    gold = [said("Hale/Mina Hale/Hal - leaderOf - Ostria")]
    found = [said("Mina Hale - leaderOf - Ostria", 0.6), said("Hal - leaderOf - Ostria", 0.8)]
    assert evaluate({"a": gold}, found, SYMMETRIC).judgements == (
        Judgement(confidence=0.6, right=False),
        Judgement(confidence=0.8, right=True),
    )


def test_other_articles_are_left_aside():
    """Claims of articles that are not annotated do not count."""
    assert (
        evaluate({"b": [said("Hale - leaderOf - Ostria")]}, [said("Hale - leaderOf - Ostria")], ()).total.predicted == 0
    )


@pytest.mark.parametrize(
    ("predicted", "kinds"),
    [
        ([said("Hale - leaderOf - Ostria")], []),
        ([said("Hale - leaderOf - Ostria - ended")], [Kind.WRONG_MODALITY]),
        ([said("Hale - leaderOf - Ostria - denied")], [Kind.WRONG_MODALITY]),
        ([said("Ostria - leaderOf - Hale")], [Kind.WRONG_DIRECTION]),
        ([said("Hale - officialOf - Ostria")], [Kind.WRONG_RELATION]),
        ([said("Ostria - officialOf - Hale")], [Kind.WRONG_RELATION]),
        ([], [Kind.WRONG_PAIR]),
        ([said("Hale - leaderOf - Lethmar")], [Kind.WRONG_PAIR, Kind.SPURIOUS]),
        (
            [said("Hale - officialOf - Ostria"), said("Hale - leaderOf - Lethmar")],
            [Kind.WRONG_RELATION, Kind.SPURIOUS],
        ),
    ],
)
def test_errors_have_a_kind(predicted, kinds):
    """A miss has one kind, by what was found in its place; only what explains no miss is spurious."""
    gold = [said("Hale - leaderOf - Ostria"), said("Vant - officialOf - Ostria - denied")]
    entities = {"a": [frozenset({"hale", "mina hale"}), frozenset({"ostria"})]}
    found = evaluate({"a": gold}, predicted, SYMMETRIC, entities=entities)
    assert [error.kind for error in found.errors] == kinds


@pytest.mark.parametrize("names", [[], [{"hale"}], [{"ostria"}, {"vant"}]])
def test_an_end_that_is_no_entity_is_missed(names):
    """Where the article is not found to mention both ends, that is the error."""
    entities = {"a": [frozenset(n) for n in names]}
    (error,) = evaluate({"a": [said("Hale - leaderOf - Ostria")]}, [], SYMMETRIC, entities=entities).errors
    assert error.kind is Kind.MISSED_ENTITY


def test_errors_count_against_the_annotated_relation():
    """A wrong relation is an error of the relation that the annotation has."""
    gold = {"a": [said("Hale - leaderOf - Ostria"), said("Vant - officialOf - Ostria")]}
    found = evaluate(gold, [said("Hale - officialOf - Ostria"), said("Vant - officialOf - Ostria")], SYMMETRIC)
    assert {relation: dict(counts) for relation, counts in found.kinds().items()} == {
        "leaderOf": {Kind.WRONG_RELATION: 1}
    }


def test_qualifiers_are_compared_where_claims_match():
    """Modality over all matches, attribution over those that either side attributes."""
    gold = [said("Hale - leaderOf - Ostria", source="Kremlin"), said("Vant - rivalOf - Hale - denied")]
    found = [
        said("Hale - leaderOf - Ostria", source="the Kremlin"),
        said("Hale - rivalOf - Vant - ended", source="Vant"),
    ]
    evaluation = evaluate({"a": gold}, found, SYMMETRIC)
    assert evaluation.modality == Tally(gold=2, predicted=2, right=1)
    assert evaluation.attribution == Tally(gold=2, predicted=2, right=1)


@pytest.mark.parametrize(
    ("tally", "score"),
    [
        (Tally(), Score(precision=0.0, recall=0.0, f1=0.0)),
        (Tally(gold=4), Score(precision=0.0, recall=0.0, f1=0.0)),
        (Tally(gold=4, predicted=2, right=2), Score(precision=1.0, recall=0.5, f1=2 / 3)),
    ],
)
def test_shares_of_nothing_are_nought(tally, score):
    """Precision and recall exist where nothing was found or annotated."""
    assert tally.score == score


def judged(*pairs: tuple[float, bool]) -> list[Judgement]:
    """Judgements from confidences and whether they were right."""
    return [Judgement(confidence=confidence, right=right) for confidence, right in pairs]


@pytest.mark.parametrize(
    ("judgements", "rows", "error"),
    [
        ([], [], 0.0),
        (judged((1.0, True)), [(0.9, 1, 1.0)], 0.0),
        (judged((0.8, True), (0.8, True), (0.8, True), (0.8, True), (0.8, False)), [(0.8, 5, 0.8)], 0.0),
        (judged((0.3, True), (0.7, False)), [(0.3, 1, 1.0), (0.7, 1, 0.0)], 0.7),
        (judged((0.0, False), (0.05, False), (1.0, True)), [(0.0, 2, 0.0), (0.9, 1, 1.0)], 0.016667),
    ],
)
def test_confidences_are_calibrated_by_bins(judgements, rows, error):
    """Each bin's share of right claims, and the mean gap between it and the bin's confidence."""
    found = calibration(judgements)
    assert [(b.low, b.claims, b.accuracy) for b in found.bins] == rows
    assert found.error == pytest.approx(error, abs=1e-6)


@given(st.lists(st.builds(Judgement, confidence=st.floats(0, 1), right=st.booleans())), st.integers(1, 20))
def test_calibration_keeps_every_claim(judgements, bins):
    """No claim is lost between the bins, and the error is a share."""
    found = calibration(judgements, bins=bins)
    assert sum(b.claims for b in found.bins) == len(judgements)
    assert 0 <= found.error <= 1


def test_everything_is_told_in_words():
    """The table, the confidences, the errors by kind and one by one."""
    gold = {"a": [said("Hale - leaderOf - Ostria"), said("Vant - leaderOf - Lethmar")]}
    text = rendered(evaluate(gold, [said("Hale - leaderOf - Ostria"), said("Vant - leaderOf - Ostria")], SYMMETRIC))
    for part in (
        "leaderOf           2     2  0.500  0.500  0.500",
        "0.90 to 1.00        2  0.900  0.500",
        "expected calibration error 0.400",
        'missed entity: a: Vant - leaderOf - Lethmar (asserted)\n    "Hale met Vant."',
        "spurious: a: Vant - leaderOf - Ostria (asserted)",
    ):
        assert part in text
    assert text.endswith("\n\nF1 0.500")


def test_an_error_shows_what_was_found_instead():
    """Both claims stand in one line."""
    error = Error(
        kind=Kind.WRONG_RELATION,
        gold=said("Hale - leaderOf - Ostria"),
        predicted=said("Hale - officialOf - Ostria"),
    )
    assert "Hale - leaderOf - Ostria (asserted); found: Hale - officialOf - Ostria (asserted)" in str(error)


@pytest.mark.parametrize("most", [0, 1, None])
def test_as_many_errors_are_listed_as_asked(most):
    """`errors` limits the list of each relation and kind; the counts stay."""
    gold = {"a": [said("Hale - leaderOf - Ostria"), said("Vant - leaderOf - Lethmar")]}
    text = rendered(evaluate(gold, [], SYMMETRIC), errors=most)
    assert text.count("missed entity: a:") == (2 if most is None else most)
    assert error_table(evaluate(gold, [], SYMMETRIC)) in text


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "holds no annotated article"),
        ("{", "line 1: is not JSON"),
        ('{"id": "a"}', "line 1: has no 'claims'"),
        ('\n{"id": "a", "claims": [{"subject": "Hale"}]}', "line 2: has no 'relation'"),
        (
            '{"id": "a", "claims": [{"subject": "Hale", "relation": "r", "object": "O", "modality": "sure"}]}',
            "line 1: 'sure' is not a valid Modality",
        ),
        (
            '{"id": "a", "claims": [{"subject": "Hale", "subject_aliases": "H", "relation": "r", "object": "O", '
            '"modality": "ended"}]}',
            "subject_aliases: 'H' is no list",
        ),
        ("[1]", "line 1"),
        ('"a"', "line 1"),
    ],
)
def test_a_gold_file_that_cannot_be_used_is_an_error(tmp_path, content, complaint):
    """The message names the file, the line and what is missing."""
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl") as error:
        read_gold(path)
    assert complaint in str(error.value)


def test_a_gold_file_that_is_not_there_is_an_error(tmp_path):
    """The message names the file."""
    with pytest.raises(UnreadableInput, match=r"none\.jsonl: cannot be read"):
        read_gold(tmp_path / "none.jsonl")


@pytest.fixture(scope="module")
def example() -> tuple[str, Path]:
    """An annotated example article."""
    name = next(iter(read_gold(EXAMPLES_GOLD)))
    return name, next(path for path in (ROOT / "examples").iterdir() if path.name.split(".")[0] == name)


def test_texts_are_built_and_measured(example):
    """From an article and a gold file to the report; annotated articles without a text are named."""
    name, path = example
    evaluation = measure(EXAMPLES_GOLD, [path])
    assert evaluation.total.right > 0
    assert name not in evaluation.unread
    assert len(evaluation.unread) == len(read_gold(EXAMPLES_GOLD)) - 1
    text = report(EXAMPLES_GOLD, [path], errors=0)
    assert score_table(evaluation) in text
    assert f"no text was given for {evaluation.unread[0]}" in text


def test_texts_of_other_articles_are_an_error(tmp_path):
    """Nothing can be measured where no text is annotated."""
    (tmp_path / "other.txt").write_text("Mina Hale met Tomas Vant in Ostria on Monday.", encoding="utf-8")
    with pytest.raises(UnreadableInput, match="annotates none of the texts"):
        measure(EXAMPLES_GOLD, [tmp_path])


# ---------------------------------------------------------------- the annotation's own scorer

Scorer = Callable[[Path, Path], str]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """What the annotation's scorer prints of a gold file and a file of claims, by relation."""
    spec = importlib.util.spec_from_file_location("annotation_score", ANNOTATION / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def printed(gold: Path, predicted: Path) -> str:
        output = io.StringIO()
        arguments = ["score.py", str(gold), str(predicted), "--by-relation"]
        with mock.patch.object(sys, "argv", arguments), contextlib.redirect_stdout(output):
            module.main()
        return output.getvalue()

    return printed


def ours(gold: Path, rows: Sequence[ClaimRow]) -> str:
    """The same from this module."""
    evaluation = evaluate(read_gold(gold), map(found_claim, rows), SYMMETRIC)
    return f"{score_table(evaluation)}\nF1 {evaluation.total.score.f1:.3f}\n"


NAMES = ["Hale", "Ms Hale", "Mina Hale", "Vant", "Tomas Vant", "Ostria", "Lethmar", "the Kremlin", "É"]
name = st.sampled_from(NAMES)
aliases = st.lists(name, max_size=2)
relations = st.sampled_from(["leaderOf", "officialOf", "spokeWith", "metWith", "rivalOf", "phoned"])
ROW = st.fixed_dictionaries(
    {
        "article": st.sampled_from(["a", "b", "c"]),
        "subject": name,
        "subject_aliases": aliases,
        "relation": relations,
        "object": name,
        "object_aliases": aliases,
        "modality": st.sampled_from([*Modality]),
        "attribution": st.none() | name,
        "confidence": st.sampled_from([0.5, 0.9]),
        "evidence": st.just("They met."),
    }
)
GOLD = st.fixed_dictionaries({"id": st.sampled_from(["a", "b"]), "claims": st.lists(ROW, max_size=6)})


def write_lines(path: Path, values: Sequence[object]) -> Path:
    """A file with one JSON object a line."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


@needs_annotation
@settings(max_examples=200, deadline=None)
@given(gold=st.lists(GOLD, min_size=1, max_size=2, unique_by=lambda a: a["id"]), rows=st.lists(ROW, max_size=12))
def test_any_claims_score_as_the_annotation_says(scorer, gold, rows):
    """Whatever the claims, the table is the scorer's, to the letter."""
    with tempfile.TemporaryDirectory() as folder:
        annotated = write_lines(Path(folder, "gold.jsonl"), gold)
        assert ours(annotated, rows) == scorer(annotated, write_lines(Path(folder, "claims.jsonl"), rows))


@needs_annotation
@pytest.mark.slow
def test_the_development_articles_score_as_the_annotation_says(scorer, tmp_path):
    """On the 80 development articles, the table is the scorer's, to the letter."""
    gold = ANNOTATION / "dev" / "gold.jsonl"
    build([ANNOTATION / "dev" / "texts"], tmp_path / "graph.nt")
    rows = list(claims(open_graph(tmp_path / "graph.nt")))
    assert ours(gold, rows) == scorer(gold, write_lines(tmp_path / "claims.jsonl", rows))
    assert len(read_gold(gold)) == 80
