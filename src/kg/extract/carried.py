"""What an event carries along: "the list names X" after "Y imposed sanctions", "X was hit as well".

Once an article has said who imposes, later sentences leave it out. A definite noun of the event without an owner, and a
passive verb without an agent, are given the object that the relation was last said with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.extract.graph import MODIFIER, OBJECT, POSSESSOR, SUBJECT, ClauseGraph, Edge
from kg.extract.scene import Finding, Scene
from kg.extract.templates import Matcher

OWNERS = (POSSESSOR, MODIFIER, "p:of", "p:by", "p:from")
KNOWN = {"the", "this", "that", "these", "those", "such", "both", "another", "more"}


def carried(scene: Scene, found: Sequence[Finding], matcher: Matcher) -> ClauseGraph | None:
    """The clause graph with the objects that are left out; None where nothing is."""
    edges = [
        edge for relation in sorted({f.relation for f in found}) for edge in _edges(scene, found, matcher, relation)
    ]
    return _with(scene.graph, edges) if edges else None


def carrying(scene: Scene) -> frozenset[str]:
    """The relations whose object is carried along."""
    return frozenset(name for name in scene.ontology.relations if "object" in scene.words(name, "carries"))


def _edges(scene: Scene, found: Sequence[Finding], matcher: Matcher, relation: str) -> Iterable[Edge]:
    if relation not in carrying(scene):
        return
    said = sorted((f.token, f.object) for f in found if f.relation == relation)
    nouns, verbs = scene.words(relation, "eventNoun"), matcher.verbs_of(relation)
    for token in range(said[0][0] + 1, len(scene.parse)):
        lemma = scene.parse.lemmas[token]
        noun = lemma in nouns and _left_open(scene, token)
        verb = lemma in verbs and _agentless(scene, token)
        last = max((s for s in said if s[0] < token), default=None) if noun or verb else None
        at = None if last is None else _named(scene, last[1], token)
        if at is not None:
            labels = (POSSESSOR, MODIFIER) if noun else (SUBJECT,)
            yield from (Edge(token, label, at, 1) for label in labels)


def _left_open(scene: Scene, noun: int) -> bool:
    """Whether a definite noun names nobody that it belongs to."""
    parse = scene.parse
    determiner = parse.child(noun, "det")
    known = parse.tags[noun] == "NNS" or (determiner is not None and parse.words[determiner].lower() in KNOWN)
    owners = (e.tail for e in scene.graph.out.get(noun, ()) if e.label in OWNERS and e.hops == 0)
    return known and parse.pos[noun] == "NOUN" and not any(scene.cast.who(t) for t in owners)


def _agentless(scene: Scene, verb: int) -> bool:
    """Whether a passive verb leaves out who acts."""
    passive = scene.parse.tags[verb] == "VBN" and scene.graph.fillers(verb, OBJECT)
    return bool(passive) and not scene.graph.fillers(verb, SUBJECT)


def _named(scene: Scene, number: int, before: int) -> int | None:
    """The last token before another that names a member."""
    return next((t for t in range(before - 1, -1, -1) if scene.cast.who(t) == (number,)), None)


def _with(graph: ClauseGraph, edges: Iterable[Edge]) -> ClauseGraph:
    out, into = dict(graph.out), dict(graph.into)
    for edge in edges:
        out[edge.head] = [*out.get(edge.head, ()), edge]
        into[edge.tail] = [*into.get(edge.tail, ()), edge]
    return ClauseGraph(out, into)
