"""Confidence: what weighs against a finding, what a relation that nobody annotated gets, and the packaged weights."""

from __future__ import annotations

import json
import math

import pytest

from kg.extract import fingerprint
from kg.extract.confidence import Signs, Weights, load_weights
from kg.model import Modality
from kg.ontology import Ontology, resource


def sure(relation: str = "leaderOf", modality: Modality = Modality.ASSERTED, **signs: object) -> float:
    """What the packaged weights say of such a finding."""
    found = Signs(**{"how": "title", **signs})  # type: ignore[arg-type]  # keywords of several types
    return load_weights().confidence(found.features(relation, modality))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"nominals": 1}),
        ({}, {"home": True}),
        ({}, {"hops": 1}),
        ({}, {"unknown": True}),
        ({"nominals": 1}, {"pronouns": 1}),
        ({"pronouns": 1}, {"pronouns": 2}),
        ({}, {"modality": Modality.PROSPECTIVE}),
        ({}, {"how": "template"}),
    ],
)
def test_what_is_assumed_weighs_against(better, worse):
    """Each thing that had to be guessed makes a finding less sure."""
    assert sure(**worse) < sure(**better)


@pytest.mark.parametrize(
    ("signs", "told"),
    [
        ({}, {"how=title", "plain", "plain role"}),
        ({"how": "template"}, {"template", "plain"}),
        ({"how": "template", "hops": 2}, {"template", "hops"}),
        ({"home": True, "unknown": True}, {"how=title", "home", "unknown"}),
        ({"nominals": 1, "pronouns": 1}, {"how=title", "nominal", "pronoun"}),
    ],
)
def test_signs_have_names(signs, told):
    """What is not there is no feature."""
    found = Signs(**{"how": "title", **signs}).features("rivalOf", Modality.ENDED)
    assert found.keys() == told | {"relation=rivalOf", "modality=ended"}


def test_a_relation_of_ones_own_is_taken_for_the_average():
    """Its findings get the confidence of the mean relation."""
    weights = load_weights().weights
    learned = [name.partition("=")[2] for name in weights if name.startswith("relation=")]
    odds = [math.log(sure(name) / (1 - sure(name))) for name in learned]
    own = sure("succeeded")
    assert math.log(own / (1 - own)) == pytest.approx(sum(odds) / len(odds), abs=0.01)


def test_packaged_weights_are_of_this_ontology(ontology: Ontology):
    """Every relation and modality that has a weight exists; the file tells how it was made."""
    held = json.loads(resource("ontology", "confidence.json").read_text(encoding="utf-8"))
    assert "benchmarks/confidence.py" in held["about"]
    for name in held["weights"]:
        kind, _, value = name.partition("=")
        assert value in {"relation": ontology.relations, "modality": [*Modality]}.get(kind, [value])
    assert list(held["weights"]) == sorted(held["weights"])


def test_weights_are_part_of_the_fingerprint(ontology: Ontology, monkeypatch: pytest.MonkeyPatch):
    """Records made with other weights are made anew."""
    before = fingerprint(ontology, "model")
    monkeypatch.setattr("kg.extract.load_weights", lambda: Weights(intercept=0.0, weights={}, digest="other"))
    assert fingerprint(ontology, "model") != before


def test_confidence_reaches_the_claim(record_of):
    """A name and a title are surer than a pronoun."""
    record = record_of("Norwegian Prime Minister Ingrid Solheim arrived on Monday. She met Lars Brandt in Oslo.")
    by_relation = {claim.relation: claim.confidence for claim in record.claims}
    assert 0.5 < by_relation["metWith"] < by_relation["leaderOf"] < 1
