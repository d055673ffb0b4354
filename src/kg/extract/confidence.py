"""How likely a finding is right: what is known of how it was made, weighed as annotated articles teach.

The weights are in `ontology/confidence.json`; `benchmarks/confidence.py` learns them. What they say nothing of, the
relations of another ontology for one, weighs nothing: it is taken for the average.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.model import Modality
from kg.ontology import resource

TEMPLATE = "template"  # how a finding was made that no role phrase made


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of how a finding was made.

    The length of the sentence, standing in a headline and being said again told nothing on the development articles.
    """

    how: str  # "title", "apposition", "copula", ..., "template"
    nominals: int = 0  # ends that a description stands for: "the Belarusian president"
    pronouns: int = 0  # ends that a pronoun stands for
    hops: int = 0  # edges of the clause graph that stand there by assumption
    home: bool = False  # the body is not named beside the role: the country that the person or article belongs to
    unknown: bool = False  # nobody can tell what one of the ends is

    @property
    def plain(self) -> bool:
        """Whether both ends are named and nothing is assumed."""
        return not (self.nominals or self.pronouns or self.hops or self.home)

    def features(self, relation: str, modality: Modality) -> dict[str, float]:
        """The signs as numbers by name; what is not there is left out.

        >>> Signs(how="title", pronouns=1).features("leaderOf", Modality.ASSERTED)
        {'relation=leaderOf': 1.0, 'modality=asserted': 1.0, 'how=title': 1.0, 'pronoun': 1.0}
        """
        found = {
            f"relation={relation}": 1,
            f"modality={modality}": 1,
            TEMPLATE if self.how == TEMPLATE else f"how={self.how}": 1,
            "nominal": self.nominals,
            "pronoun": self.pronouns,
            "hops": self.hops,
            "home": self.home,
            "unknown": self.unknown,
            "plain": self.plain,
            "plain role": self.plain and self.how != TEMPLATE,
        }
        return {name: float(value) for name, value in found.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A logistic model: the weight of each feature; one that it does not have weighs 0.

    >>> Weights(intercept=0.0, weights={"home": -2.0}).confidence({"home": 1.0, "relation=mine": 1.0})
    0.11920292202211755
    """

    intercept: float
    weights: Mapping[str, float]
    digest: str = ""

    def confidence(self, features: Mapping[str, float]) -> float:
        """How likely a finding of these features is right, from 0 to 1."""
        total = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-total))


@cache
def load_weights() -> Weights:
    """The packaged weights.

    >>> load_weights().weights["pronoun"] < 0
    True
    """
    data = resource("ontology", "confidence.json").read_bytes()
    held = json.loads(data)
    return Weights(intercept=held["intercept"], weights=held["weights"], digest=hashlib.sha256(data).hexdigest())
