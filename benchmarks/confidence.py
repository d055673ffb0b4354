"""Learns what a claim's confidence depends on, and measures how far it can be trusted.

    python benchmarks/confidence.py TEXTS GOLD [-o ontology/confidence.json]

TEXTS are annotated articles, GOLD their claims, as `kg eval` takes them. A claim that is found is right if it is
annotated: a fact as a fact, a plan as a plan, a denial as a denial. A logistic model with a ridge penalty learns this
from the features of `kg.extract.confidence`. The figures are cross-fitted: the confidence of each claim comes from a
model that has not seen its article. The weights that are written come from all articles.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.annotate import annotate, load_model, model_version
from kg.evaluate import (
    COUNTS_AS,
    FACTUAL,
    End,
    Judgement,
    Statement,
    calibration,
    calibration_table,
    evaluate,
    read_gold,
)
from kg.extract import Extractor
from kg.extract.claims import Claims
from kg.extract.confidence import Weights
from kg.extract.scene import Finding
from kg.model import Document, Modality
from kg.ontology import load_ontology
from kg.read import read

RIDGE = 4.0  # the penalty on squared weights; 2 to 8 differ little in cross-fitted log loss
HELD_BACK = {"relation": 5.0, "how": 5.0}  # times that, for features of which many have few claims
FOLDS = 10  # groups of articles
ENOUGH = 5  # claims that must have a feature for it to get a weight
STEPS = 50  # of Newton's method, which takes about six
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
ABOUT = "learned by benchmarks/confidence.py: the log odds that a claim is right; a feature that is not here weighs 0"

Features = Mapping[str, float]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim that was found: its features and whether it is right."""

    article: str
    features: Features
    factual: bool
    right: bool


# ---------------------------------------------------------------- cases


def cases(texts: Sequence[Path], gold: Mapping[str, Sequence[Statement]]) -> Iterator[Case]:
    """Every claim that is found in the annotated articles."""
    extractor = Extractor(load_ontology(), load_model())
    symmetric = {n for n, relation in extractor.ontology.relations.items() if relation.symmetric} - COUNTS_AS.keys()
    documents = (d for d in read(texts) if isinstance(d, Document) and d.name in gold)
    found = [
        (finding, statement(claims, finding))
        for document, doc in annotate(documents)
        for claims, roles in [extractor.claims(document, doc)]
        for finding in claims.findings(roles, extractor.matcher)
    ]
    yield from judged(gold, found, symmetric)


def statement(claims: Claims, finding: Finding) -> Statement:
    """A finding in the form that is compared."""
    subject, obj = (claims.scene.member(number) for number in (finding.subject, finding.object))
    return Statement(
        article=claims.document.name,
        subject=End.of(subject.name, subject.forms),
        relation=finding.relation,
        object=End.of(obj.name, obj.forms),
        modality=finding.modality,
        confidence=finding.sure,
    )


def judged(
    gold: Mapping[str, Sequence[Statement]],
    found: Sequence[tuple[Finding, Statement]],
    symmetric: Collection[str],
) -> Iterator[Case]:
    """The findings with what the annotation says: facts first, then plans, then denials."""
    for modalities in (FACTUAL, {Modality.PROSPECTIVE}, {Modality.DENIED}):
        meant = [(finding, _as_fact(claim, modalities)) for finding, claim in found]
        finding_of = {id(claim): finding for finding, claim in meant}
        annotated = {name: [_as_fact(claim, modalities) for claim in claims] for name, claims in gold.items()}
        for judgement in evaluate(annotated, [claim for _, claim in meant], symmetric).judgements:
            assert judgement.claim
            yield Case(
                article=judgement.claim.article,
                features=finding_of[id(judgement.claim)].features,
                factual=modalities is FACTUAL,
                right=judgement.right,
            )


def _as_fact(claim: Statement, modalities: Collection[Modality]) -> Statement:
    """The same claim, a fact for the scorer if its modality is one of these, else none."""
    return replace(claim, modality=Modality.ASSERTED if claim.modality in modalities else Modality.DENIED)


# ---------------------------------------------------------------- the model


def columns(held: Iterable[Case]) -> list[str]:
    """The features that enough claims have."""
    counts = Counter(name for case in held for name in case.features)
    return sorted(name for name, count in counts.items() if count >= ENOUGH)


def fit(held: Sequence[Case], ridge: float = RIDGE) -> Weights:
    """The weights; those of the relations are 0 on average, for a relation that is not among them."""
    names = columns(held)
    table = np.array([[1.0, *(case.features.get(name, 0.0) for name in names)] for case in held])
    penalty = np.array([0.0, *(ridge * HELD_BACK.get(name.partition("=")[0], 1.0) for name in names)])
    found = newton(table, np.array([float(case.right) for case in held]), penalty)
    intercept, learned = float(found[0]), dict(zip(names, map(float, found[1:]), strict=True))
    relations = [name for name in names if name.startswith("relation=")]
    mean = sum(learned[name] for name in relations) / (len(relations) or 1)
    return Weights(intercept=intercept + mean, weights=learned | {name: learned[name] - mean for name in relations})


def newton(table: Vector, right: Vector, penalty: Vector) -> Vector:
    """The weights of least log loss, their squares penalised."""
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (likely - right) + penalty * weights
        bend = (table.T * (likely * (1 - likely))) @ table + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def cross_fitted(held: Sequence[Case], ridge: float = RIDGE) -> list[float]:
    """The confidence of each claim by a model of the other groups of articles."""
    fold = {name: n % FOLDS for n, name in enumerate(sorted({case.article for case in held}))}
    models = [fit([case for case in held if fold[case.article] != n], ridge) for n in range(FOLDS)]
    return [models[fold[case.article]].confidence(case.features) for case in held]


def log_loss(held: Sequence[Case], confidences: Sequence[float]) -> float:
    """The mean surprise at what is right and wrong."""
    likely = np.array([c if case.right else 1 - c for case, c in zip(held, confidences, strict=True)])
    return float(-np.log(np.clip(likely, 1e-9, 1)).mean())


# ---------------------------------------------------------------- in words


def judgements(held: Sequence[Case], confidences: Sequence[float]) -> list[Judgement]:
    """Cases with confidences, in the form that calibration takes."""
    return [Judgement(confidence=c, right=case.right) for case, c in zip(held, confidences, strict=True)]


def threshold_table(found: Sequence[Judgement], gold: int) -> str:
    """Precision and recall of the facts of at least some confidence."""
    lines = [f"{'at least':10} {'claims':>6} {'P':>6} {'R':>6}"]
    for least in (0.0, *THRESHOLDS):
        kept = [judgement.right for judgement in found if judgement.confidence >= least]
        lines.append(f"{least:<10} {len(kept):6} {sum(kept) / (len(kept) or 1):6.3f} {sum(kept) / gold:6.3f}")
    return "\n".join(lines)


def weight_table(held: Sequence[Case], learned: Weights) -> str:
    """The weights, with how many claims have each feature."""
    counts = Counter(name for case in held for name in case.features)
    rows = [f"{name:24} {counts[name]:6} {weight:7.2f}" for name, weight in sorted(learned.weights.items())]
    head = (f"{'feature':24} {'claims':>6} {'weight':>7}", f"{'intercept':24} {'':6} {learned.intercept:7.2f}")
    return "\n".join([*head, *rows])


def write_weights(path: Path, held: Sequence[Case], learned: Weights) -> None:
    """The file that `kg` reads; the same weights give the same bytes."""
    kept = {name: round(weight, 3) for name, weight in sorted(learned.weights.items())}
    about = f"{ABOUT}; {len(held)} claims of {len({case.article for case in held})} articles"
    told = {"about": about, "intercept": round(learned.intercept, 3), "weights": kept}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Learn, print the figures, write the weights if asked to, then print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="write the weights to this file")
    given = parser.parse_args()
    gold = read_gold(given.gold)
    held = list(cases([given.texts], gold))
    confidences = cross_fitted(held)
    facts = [n for n, case in enumerate(held) if case.factual]
    factual = judgements([held[n] for n in facts], [confidences[n] for n in facts])
    learned = fit(held)
    print(f"{len(held)} claims of {len(gold)} articles, {len(facts)} of them facts; {model_version()}")
    print(weight_table(held, learned))
    print("\ncross-fitted, facts:\n" + calibration_table(calibration(factual)))
    print("\n" + threshold_table(factual, sum(claim.factual for claims in gold.values() for claim in claims)))
    everything = calibration(judgements(held, confidences))
    print(f"\ncross-fitted, all modalities: expected calibration error {everything.error:.3f}")
    for ridge in (1.0, 2.0, 4.0, 8.0, 16.0):
        print(f"ridge {ridge}: cross-fitted log loss {log_loss(held, cross_fitted(held, ridge)):.4f}")
    if given.output:
        write_weights(given.output, held, learned)
    loss = log_loss(held, confidences)
    print(json.dumps({"ece": calibration(factual).error, "ece_all": everything.error, "log_loss": round(loss, 4)}))


if __name__ == "__main__":
    main()
