"""What follows from a graph: edges by the rules of the ontology, and what contradicts it."""

from kg.reason.closure import LIMIT
from kg.reason.entail import (
    Contradiction,
    Entailment,
    Inference,
    Reasoner,
    contradictions,
    entail,
    in_words,
    infer,
    inferred,
    merged,
)
from kg.reason.expressions import local
from kg.reason.hermit import check_ontology, consult

__all__ = [
    "LIMIT",
    "Contradiction",
    "Entailment",
    "Inference",
    "Reasoner",
    "check_ontology",
    "consult",
    "contradictions",
    "entail",
    "in_words",
    "infer",
    "inferred",
    "local",
    "merged",
]
