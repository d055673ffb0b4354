"""What follows from a graph and an ontology: the inferred edges with their marks, and the contradictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kg.errors import BadGraph
from kg.model import Triple, digest
from kg.ontology import KG, RDF, Ontology, load_ontology
from kg.reason.axioms import SAME, compile_rules, same_rules
from kg.reason.closure import LIMIT, Closure, Conflict, close
from kg.reason.expressions import TYPE, local
from kg.reason.facts import Given, as_fact, as_triple, earlier, read
from kg.reason.hermit import SECONDS, SMALL, Answer, ask
from kg.reason.rules import HIDDEN, MEMBER, Fact, Name, Rules

if TYPE_CHECKING:
    from kg.store import Graph

DERIVED = "<http://www.w3.org/ns/prov#wasDerivedFrom>"


class Reasoner(StrEnum):
    """Who infers."""

    RULES = "rules"  # the OWL 2 RL part of the ontology: seconds for a million triples
    HERMIT = "hermit"  # all of OWL DL, in Java, for small graphs; what the rules find is explained by the rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """An edge that follows, by which rule, and from which edges; `sources` are the claims and inferences beneath."""

    edge: Triple
    rule: str
    premises: tuple[Triple, ...]
    sources: tuple[str, ...] = ()

    def told(self, name: Callable[[str], str] = local) -> str:
        """The inference in words; `name` gives the names of terms."""
        because = f", because {_joined(self.premises, name)}" if self.premises else ""
        return f"{in_words(self.edge, name)}{because} ({self.rule})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Edges that an axiom does not allow together.

    `edges` are those that clash, `inferred` says of those that no one stated where they come from; `stated` are the
    edges of the graph that all of it stands on, and `claims` the IRIs of the claims that assert these.
    """

    axiom: str
    edges: tuple[Triple, ...]
    inferred: tuple[Inference, ...] = ()
    stated: tuple[Triple, ...] = ()
    claims: tuple[str, ...] = ()

    def told(self, name: Callable[[str], str] = local) -> str:
        """The contradiction in words; `name` gives the names of terms."""
        clash = f"{_joined(self.edges, name)}, which the ontology does not allow ({self.axiom})"
        return "; ".join([clash, *(inference.told(name) for inference in self.inferred)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entailment:
    """What follows: `inferences` in the order of their edges, and what contradicts.

    `at_query_time` maps each axiom whose edges are too many to write to the property path that asks for them;
    `types` counts the entailed types, written or not; `unused` are the axioms beyond the rules. HermiT alone says
    `consistent`, whether there is a world in which all of it is true, and `empty`, the classes without a member in
    any.
    """

    inferences: tuple[Inference, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    at_query_time: tuple[tuple[str, str], ...] = ()
    types: int = 0
    unused: tuple[str, ...] = ()
    consistent: bool = True
    empty: tuple[str, ...] = ()

    def by_rule(self) -> Counter[str]:
        """How many edges each rule gave."""
        return Counter(inference.rule for inference in self.inferences)


def in_words(edge: Triple, name: Callable[[str], str] = local) -> str:
    """An edge for people, by local names or what else `name` gives.

    >>> in_words(Triple("<http://x.org/ada>", "<http://x.org/leads>", "<http://x.org/minsk>"))
    'ada leads minsk'
    """
    verb = "is a" if edge.predicate == TYPE else local(edge.predicate)
    return f"{name(edge.subject)} {verb} {name(edge.object)}"


def _joined(edges: Iterable[Triple], name: Callable[[str], str]) -> str:
    return " and ".join(in_words(edge, name) for edge in edges)


def entail(
    graph: Graph,
    ontology: Ontology | None = None,
    *,
    types: bool = False,
    mapped: bool = False,
    limit: int = LIMIT,
    reasoner: Reasoner = Reasoner.RULES,
    seconds: float = SECONDS,
    warn: Callable[[str], None] = lambda _: None,
) -> Entailment:
    """What follows from the edges and types of a graph by an ontology.

    Entailed types are left to queries unless `types` says otherwise, and so are, but for `mapped`, edges in terms that
    the ontology only refers to (schema.org's). A transitive relation or a chain that would add more than `limit` edges
    is left to queries whole. What would contradict is not inferred. HermiT is stopped after so many `seconds`; `warn`
    is told if the graph is large for it.

    Raises:
        MissingDependency: HermiT is asked for, and there is no Java.
        BadOntology: HermiT refuses the ontology, or takes too long.
    """
    known = ontology or load_ontology()
    rules = compile_rules(known)
    given = read(graph, rules)
    all_rules = _with_same(rules, given)
    closure = close(given.facts, all_rules, limit=limit)
    answer = Answer(consistent=True)
    if reasoner is Reasoner.HERMIT:
        size = sum(map(len, given.facts.values()))
        if size > SMALL:
            warn(f"{size} edges and types are many for HermiT; it may take minutes, and --reasoner rules takes seconds")
        answer = ask(known, given, seconds=seconds)
        more = [fact for fact in map(as_fact, answer.edges) if fact[1:] not in closure.known.get(fact[0], {})]
        closure = close(given.facts, all_rules, limit=limit, extra=more) if more else closure
    grounds = _Grounds(closure, given, graph.base, rules.own, types, mapped)
    facts = sorted(filter(grounds.written, closure.derived()), key=as_triple)
    return Entailment(
        inferences=tuple(map(grounds.inference, facts)),
        contradictions=tuple(map(grounds.contradiction, closure.conflicts)),
        at_query_time=tuple((rule.axiom, rule.path) for rule in closure.given_up),
        types=sum(1 for name, *_ in closure.derived() if name in rules.own and name.startswith(MEMBER)),
        unused=rules.unused,
        consistent=answer.consistent,
        empty=answer.empty,
    )


def infer(
    graph: Graph, ontology: Ontology | None = None, *, types: bool = False, mapped: bool = False
) -> Iterator[Triple]:
    """The triples that the rules add to a graph: each inferred edge and its mark, in a fixed order.

    The mark, a `kg:Inference`, names the edge, the rule, and the claims and inferences that it was derived from.
    """
    found = entail(graph, ontology, types=types, mapped=mapped)
    return marked(found.inferences, graph.base)


def inferred(
    graph: Graph,
    ontology: Ontology | None = None,
    *,
    types: bool = False,
    mapped: bool = False,
    reasoner: Reasoner = Reasoner.RULES,
) -> Graph:
    """The graph with what follows from it, in memory; inferences of an earlier time are replaced.

    Raises:
        BadGraph: HermiT finds that it cannot all be true; then all and nothing follows.
    """
    found = entail(graph, ontology, types=types, mapped=mapped, reasoner=reasoner)
    if not found.consistent:
        raise BadGraph(
            f"{graph.source}: contradicts the ontology, says HermiT; `kg infer` tells where the rules see it"
        )
    return graph.of(merged(graph, found, ontology))


def contradictions(graph: Graph, ontology: Ontology | None = None) -> tuple[Contradiction, ...]:
    """What the ontology does not allow in the graph; empty if it is consistent as far as the rules can tell."""
    return entail(graph, ontology).contradictions


def merged(graph: Graph, found: Entailment, ontology: Ontology | None = None) -> Iterator[Triple]:
    """The triples of the graph, without inferences of an earlier time, and those of `found`."""
    marks, old = earlier(graph, compile_rules(ontology or load_ontology()))
    for triple in graph.triples():
        if triple.subject not in marks and triple not in old:
            yield triple
    yield from marked(found.inferences, graph.base)


def marked(inferences: Iterable[Inference], base: str) -> Iterator[Triple]:
    """Each inferred edge, then its mark."""
    for inference in inferences:
        node, edge = mark_of(inference.edge, base), inference.edge
        yield edge
        yield Triple(node, TYPE, f"<{KG.Inference}>")
        for end, term in zip(("subject", "predicate", "object"), edge, strict=True):
            yield Triple(node, f"<{RDF}{end}>", term)
        yield Triple(node, f"<{KG.rule}>", f'"{inference.rule}"')
        for source in inference.sources:
            yield Triple(node, DERIVED, source)


def mark_of(edge: Triple, base: str) -> str:
    """The node that marks an inferred edge: its IRI comes from the edge.

    >>> mark_of(Triple("<a:x>", "<a:p>", "<a:y>"), "https://x.org/")
    '<https://x.org/inference/b172b5db3686dd95>'
    """
    return f"<{base}inference/{digest(chr(31).join(edge))}>"


# ---------------------------------------------------------------- what is written, and what it stands on


def _with_same(rules: Rules, given: Given) -> Rules:
    """The rules, with those for things that are the same if there are any."""
    if not given.facts.get(SAME):
        return rules
    names = {*rules.needed(), *rules.own, *given.facts}
    return replace(rules, rules=(*rules.rules, *same_rules(n for n in names if not n.startswith(HIDDEN))))


@dataclass(frozen=True, slots=True)
class _Grounds:
    """Which facts are written, and what each stands on."""

    closure: Closure
    given: Given
    base: str
    own: frozenset[Name]
    types: bool
    mapped: bool

    def written(self, fact: Fact) -> bool:
        name, first, second = fact
        if name.startswith(MEMBER):
            return self.types and (self.mapped or name in self.own)
        return first != second and (self.mapped or name in self.own)  # a thing in itself tells nothing

    def inference(self, fact: Fact) -> Inference:
        reason = self.closure.reason(fact)
        assert reason is not None  # a stated fact is no inference
        premises = self.closure.premises(fact)
        return Inference(
            edge=as_triple(fact),
            rule=reason[0].axiom,
            premises=tuple(map(as_triple, premises)),
            sources=tuple(sorted(self._sources(premises))),
        )

    def contradiction(self, conflict: Conflict) -> Contradiction:
        then = replace(self, closure=conflict.within or self.closure)
        beneath = then._beneath(conflict.facts)
        inferred = [then.inference(fact) for fact in beneath if then.closure.reason(fact)]
        stated = [fact for fact in beneath if not then.closure.reason(fact)]
        return Contradiction(
            axiom=conflict.clash.axiom,
            edges=tuple(map(as_triple, conflict.facts)),
            inferred=tuple(replace(inference, sources=()) for inference in inferred),  # these are not written
            stated=tuple(map(as_triple, stated)),
            claims=tuple(sorted({claim for fact in stated for claim in self.given.claims_of(fact)})),
        )

    def _sources(self, premises: Iterable[Fact]) -> set[str]:
        """The claims of stated premises, the marks of inferred ones; what is not written is looked through."""
        found: set[str] = set()
        waiting, seen = [*premises], set(premises)
        while waiting:
            fact = waiting.pop()
            if self.closure.reason(fact) is None:
                found.update(self.given.claims_of(fact))
            elif self.written(fact):
                found.add(mark_of(as_triple(fact), self.base))
            else:
                more = set(self.closure.premises(fact)) - seen
                seen |= more
                waiting += more
        return found

    def _beneath(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts, and all that they stand on."""
        found = dict.fromkeys(facts)
        waiting = [*found]
        while waiting:
            more = [fact for fact in self.closure.premises(waiting.pop(0)) if fact not in found]
            found.update(dict.fromkeys(more))
            waiting += more
        return [*found]
