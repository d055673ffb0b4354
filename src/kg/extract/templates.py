"""Templates of the lexicon, parsed once into shapes, and the search for those shapes in an article.

A template is a plain wording: "{object} imposed (sanctions|an embargo) on {subject}". Names are put in for the
placeholders, the parser that reads the articles reads the sentence, and what joins the names in its clause graph is the
shape. The same wording is parsed under several names; the shape that most of them agree on is kept.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.extract.graph import OBJECT, SUBJECT, ClauseGraph, clause_graph
from kg.extract.parse import Parse
from kg.model import Modality
from kg.ontology import Template

PLACEHOLDERS = (("Keller", "Novak"), ("Norway", "Portugal"), ("Anna Keller", "Peter Novak"))
SKIPPED = {"det", "punct", "aux", "auxpass", "case", "cc", "mark", "prep", "agent", "dative", "predet", "preconj"}
LIGHT = {"be", "have", "hold", "take", "do", "make", "give", "get", "put", "go", "come", "win", "a", "the"}
WORDS = {"NOUN", "VERB", "ADJ", "ADV", "AUX", "PROPN", "NUM", "ADP", "PART", "SCONJ", "PRON"}
NEEDED = {OBJECT, "prt", "attr"}  # labels of what a verb is nothing without
SUBJECT_NODE, OBJECT_NODE = 0, 1
ANYTHING = "something"  # in a template, whatever object the verb has: "discussed something with {object}"


class Arc(NamedTuple):
    """An edge of a shape between two of its nodes."""

    head: int
    label: str
    tail: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a template looks like in a clause graph: node 0 is the subject, node 1 the object, the others are words."""

    relation: str
    modality: Modality
    template: str
    lemmas: tuple[str, ...]  # of nodes 2, 3, ...
    arcs: tuple[Arc, ...]  # in the order of the search: each has an end that is bound before it
    anchor: int  # the node that the search starts from
    verbs: tuple[int, ...] = ()  # nodes that are verbs
    intransitive: tuple[int, ...] = ()  # those of them without an object in the template
    mutual: bool = False  # subject and object fill the same place
    kinds: tuple[str | None, str | None] = (None, None)  # classes that the template asks for: "{object:Party}"
    in_context: bool = False  # holds only where the article has said the relation before

    def lemma(self, node: int) -> str:
        """The word that a node stands for."""
        return self.lemmas[node - 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A shape found in an article: `tokens[n]` is the token of node n."""

    shape: Shape
    tokens: tuple[int, ...]
    hops: int

    @property
    def ends(self) -> tuple[int, int]:
        """The tokens of subject and object."""
        return self.tokens[SUBJECT_NODE], self.tokens[OBJECT_NODE]

    @property
    def anchor(self) -> int:
        """The token of the anchor."""
        return self.tokens[self.shape.anchor]


# ---------------------------------------------------------------- compiling


def expand(text: str) -> list[str]:
    """The wordings of a template with alternatives.

    >>> expand("{subject} (met|saw) {object}")
    ['{subject} met {object}', '{subject} saw {object}']
    """
    pieces = [piece.split("|") if n % 2 else [piece] for n, piece in enumerate(re.split(r"\(([^()]*)\)", text))]
    return [re.sub(r"\s+", " ", "".join(choice)).strip() for choice in itertools.product(*pieces)]


def compile_templates(
    templates: Sequence[Template], parse_all: Callable[[Iterable[str]], Iterable[Parse]]
) -> tuple[list[Shape], list[Template]]:
    """The shapes of all templates, and the wordings that the parser cannot use.

    `parse_all` parses sentences with the pipeline that reads the articles.
    """
    wordings = [replace(template, text=text) for template in templates for text in expand(template.text)]
    shapes: dict[tuple[object, ...], Shape] = {}
    unusable = []
    for wording, shape in zip(wordings, _shapes(wordings, parse_all), strict=True):
        if shape:
            arcs = frozenset(shape.arcs)
            key = (shape.relation, shape.modality, shape.kinds, shape.in_context, shape.lemmas, arcs)
            shapes.setdefault(key, shape)
        else:
            unusable.append(wording)
    return list(shapes.values()), unusable


def _shapes(wordings: Sequence[Template], parse_all: Callable[[Iterable[str]], Iterable[Parse]]) -> list[Shape | None]:
    """The shape of each wording on which two parses agree; a third is asked only where the first two differ."""

    def under(names: tuple[str, str], some: Sequence[int]) -> dict[int, Shape | None]:
        parses = parse_all(_filled(wordings[n].text, names) for n in some)
        return {n: _shape(wordings[n], parse, names) for n, parse in zip(some, parses, strict=True)}

    first, second, third = PLACEHOLDERS
    ones, others = under(first, range(len(wordings))), under(second, range(len(wordings)))
    differing = [n for n in ones if not _same(ones[n], others[n])]
    last = under(third, differing)
    for n in differing:
        ones[n] = last[n] if _same(last[n], ones[n]) or _same(last[n], others[n]) else None
    return [ones[n] for n in range(len(wordings))]


def _same(one: Shape | None, other: Shape | None) -> bool:
    if one is None or other is None:
        return False
    return one.lemmas == other.lemmas and frozenset(one.arcs) == frozenset(other.arcs)


PLACE = re.compile(r"\{(subject|object)(?::(\w+))?\}")


def _filled(text: str, names: tuple[str, str]) -> str:
    filled = PLACE.sub(lambda place: names[place[1] == "object"], text).replace(" 's", "'s")
    return filled[0].upper() + filled[1:] + "."


def _kinds(text: str) -> tuple[str | None, str | None]:
    kinds = {place[1]: place[2] for place in PLACE.finditer(text)}
    return kinds.get("subject"), kinds.get("object")


def _shape(wording: Template, parse: Parse, names: tuple[str, str]) -> Shape | None:
    ends = [_name_head(parse, name) for name in names]
    if None in ends:
        return None
    graph = clause_graph(parse)
    inside = {i for name in names for i in _span(parse, name) or ()}
    words = [i for i in range(len(parse)) if i not in inside and _is_word(parse, i)]
    nodes: Sequence[int | None] = [ends[0], ends[1], *words]
    number = {token: n for n, token in enumerate(nodes)}
    arcs: Sequence[Arc] = [
        Arc(number[e.head], e.label, number[e.tail])
        for edges in graph.out.values()
        for e in edges
        if e.hops == 0 and e.head in number and e.tail in number and (e.head not in ends or not words)
    ]
    if wording.example:
        nodes, arcs = _core(parse, nodes, arcs)
    return _arranged(wording, parse, nodes, arcs)


def _core(parse: Parse, nodes: Sequence[int | None], arcs: Sequence[Arc]) -> tuple[Sequence[int | None], Sequence[Arc]]:
    """Of a whole sentence, the words between subject and object, with the objects and particles of their verbs."""
    way = _way(arcs)
    if not way:
        return nodes, ()
    kept = set(way)
    for node in way:
        mine = [arc for arc in arcs if arc.head == node and node > 1 and arc.tail not in kept]
        needed = [arc.tail for arc in mine if arc.label in NEEDED]
        if not needed and parse.lemmas[nodes[node] or 0] in LIGHT:
            needed = [arc.tail for arc in sorted(mine, key=lambda a: nodes[a.tail] or 0) if arc.label[:2] == "p:"][:1]
        kept |= set(needed)
    order = sorted(kept)
    number = {node: n for n, node in enumerate(order)}
    inner = [Arc(number[a.head], a.label, number[a.tail]) for a in arcs if a.head in number and a.tail in number]
    return [nodes[node] for node in order], inner


def _way(arcs: Sequence[Arc]) -> list[int]:
    """The nodes of the shortest way between subject and object; empty where there is none."""
    before: dict[int, int] = {SUBJECT_NODE: SUBJECT_NODE}
    border = [SUBJECT_NODE]
    while border and OBJECT_NODE not in before:
        node = border.pop(0)
        for arc in arcs:
            for near, far in ((arc.head, arc.tail), (arc.tail, arc.head)):
                if near == node and far not in before:
                    before[far] = node
                    border.append(far)
    way = [OBJECT_NODE] if OBJECT_NODE in before else []
    while way and way[-1] != SUBJECT_NODE:
        way.append(before[way[-1]])
    return way


def _is_word(parse: Parse, token: int) -> bool:
    if parse.deps[token] in SKIPPED or parse.pos[token] not in WORDS:
        return False
    if parse.tags[token] == "PRP$" or parse.lemmas[token] == ANYTHING:
        return False
    if parse.pos[token] == "PROPN" and parse.deps[token] in ("pobj", "npadvmod", "compound") and token:
        return False  # "on Monday", "in Minsk": circumstances, no part of the wording
    return not parse.tags[token].startswith("W") and parse.lemmas[token] not in ("not", "to")


def _span(parse: Parse, name: str) -> range | None:
    words = name.split()
    for start in range(len(parse)):
        if list(parse.words[start : start + len(words)]) == words:
            return range(start, start + len(words))
    return None


def _name_head(parse: Parse, name: str) -> int | None:
    span = _span(parse, name)
    return span[-1] if span else None


def _arranged(wording: Template, parse: Parse, nodes: Sequence[int | None], arcs: Sequence[Arc]) -> Shape | None:
    """The part of the graph that joins both ends, renumbered, its arcs in the order of the search."""
    reached = _reach(SUBJECT_NODE, arcs)
    if len(reached) < len(nodes):
        return None  # a word that hangs on nothing would be lost
    kept = [SUBJECT_NODE, OBJECT_NODE, *sorted(n for n in reached if n > 1)]
    number = {node: n for n, node in enumerate(kept)}
    arcs = [Arc(number[a.head], a.label, number[a.tail]) for a in arcs if a.head in number and a.tail in number]
    tokens = [nodes[n] or 0 for n in kept]
    lemmas = tuple(parse.lemmas[t] for t in tokens[2:])
    anchor = next((n for n, lemma in enumerate(lemmas, start=2) if lemma not in LIGHT), 2 if lemmas else SUBJECT_NODE)
    ordered = _search_order(anchor, arcs)
    with_object = {a.head for a in arcs if a.label == OBJECT}
    verbs = tuple(n for n, t in enumerate(tokens) if n > 1 and parse.pos[t] == "VERB")
    anything = {parse.heads[t] for t in range(len(parse)) if parse.lemmas[t] == ANYTHING}
    return Shape(
        relation=wording.relation,
        modality=wording.modality,
        template=wording.text,
        lemmas=lemmas,
        arcs=tuple(ordered),
        anchor=anchor,
        verbs=verbs,
        intransitive=tuple(n for n in verbs if n not in with_object and tokens[n] not in anything),
        kinds=_kinds(wording.text),
        in_context=wording.in_context,
        mutual=_places(SUBJECT_NODE, ordered) == _places(OBJECT_NODE, ordered),
    )


def _places(node: int, arcs: Iterable[Arc]) -> set[tuple[int, str]]:
    return {(a.head, a.label) for a in arcs if a.tail == node}


def _reach(start: int, arcs: Sequence[Arc]) -> set[int]:
    reached, grown = {start}, True
    while grown:
        more = {a.tail for a in arcs if a.head in reached} | {a.head for a in arcs if a.tail in reached}
        grown = not more <= reached
        reached |= more
    return reached


def _search_order(anchor: int, arcs: Iterable[Arc]) -> list[Arc]:
    bound, rest, ordered = {anchor}, sorted(arcs), []
    while rest:
        following = next((a for a in rest if a.head in bound or a.tail in bound), None)
        if following is None:
            break
        rest.remove(following)
        ordered.append(following)
        bound |= {following.head, following.tail}
    return ordered


# ---------------------------------------------------------------- matching


class Matcher:
    """Shapes by the lemma of their anchor: the cost grows with the text, not with the lexicon."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.by_anchor: Mapping[str, list[Shape]] = defaultdict(list)
        for shape in shapes:
            self.by_anchor[shape.lemma(shape.anchor) if shape.lemmas else ""].append(shape)

    def __len__(self) -> int:
        """The number of shapes."""
        return sum(len(shapes) for shapes in self.by_anchor.values())

    def verbs_of(self, relation: str) -> frozenset[str]:
        """The verbs that a relation is said with, its object being the one who acts."""
        return frozenset(
            shape.lemma(arc.head)
            for shapes in self.by_anchor.values()
            for shape in shapes
            if shape.relation == relation
            for arc in shape.arcs
            if arc.head in shape.verbs and (arc.label, arc.tail) == (SUBJECT, OBJECT_NODE)
        )

    def find(
        self,
        parse: Parse,
        graph: ClauseGraph,
        may_fill: Callable[[int], bool],
        *,
        in_context: frozenset[str] | None = None,
    ) -> Iterator[Match]:
        """Every match whose ends `may_fill` accepts; of relations `in_context`, by the wordings for it as well."""
        for token in range(len(parse)):
            bare = self.by_anchor.get("", ()) if may_fill(token) and in_context is None else ()
            for shape in itertools.chain(self.by_anchor.get(parse.lemmas[token], ()), bare):
                if shape.in_context if in_context is None else shape.relation not in in_context:
                    continue
                bound = [-1] * (len(shape.lemmas) + 2)
                bound[shape.anchor] = token
                for tokens, hops in _bind(parse, graph, shape, bound, 0, may_fill):
                    if _fits(graph, shape, tokens):
                        yield Match(shape=shape, tokens=tokens, hops=hops)


def _bind(
    parse: Parse,
    graph: ClauseGraph,
    shape: Shape,
    bound: list[int],
    at: int,
    may_fill: Callable[[int], bool],
    hops: int = 0,
) -> Iterator[tuple[tuple[int, ...], int]]:
    if at == len(shape.arcs):
        if -1 not in bound:
            yield tuple(bound), hops
        return
    arc = shape.arcs[at]
    for node, token, more in _candidates(graph, arc, bound):
        if bound[node] == token:
            yield from _bind(parse, graph, shape, bound, at + 1, may_fill, hops + more)
        elif (
            bound[node] == -1
            and (token not in bound or _both(shape, node, token, bound))
            and _accepts(parse, shape, node, token, may_fill)
        ):
            bound[node] = token
            yield from _bind(parse, graph, shape, bound, at + 1, may_fill, hops + more)
            bound[node] = -1


def _both(shape: Shape, node: int, token: int, bound: Sequence[int]) -> bool:
    """Whether one token may fill both places: "the two leaders met" for "{subject} and {object} met"."""
    return shape.mutual and node < 2 and bound[1 - node] == token and bound.count(token) == 1


def _candidates(graph: ClauseGraph, arc: Arc, bound: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    if bound[arc.head] != -1:
        for edge in graph.out.get(bound[arc.head], ()):
            if edge.label == arc.label:
                yield arc.tail, edge.tail, edge.hops
    else:
        for edge in graph.into.get(bound[arc.tail], ()):
            if edge.label == arc.label:
                yield arc.head, edge.head, edge.hops


def _accepts(parse: Parse, shape: Shape, node: int, token: int, may_fill: Callable[[int], bool]) -> bool:
    return may_fill(token) if node < 2 else parse.lemmas[token] == shape.lemma(node)


def _fits(graph: ClauseGraph, shape: Shape, tokens: Sequence[int]) -> bool:
    """Whether the verbs have no other object or particle: "ran against X", not "ran adverts against X"."""

    def others(verbs: Sequence[int], label: str) -> bool:
        return any(edge.tail not in tokens for verb in verbs for edge in graph.fillers(tokens[verb], label))

    return not others(shape.intransitive, OBJECT) and not others(shape.verbs, "prt")
