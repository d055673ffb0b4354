"""Rules run to the end, semi-naively: each round joins what the round before found with all that is known.

Why a fact holds is kept with it: the first rule, in the shortest derivation, over the least terms. So the order in
which a graph hands over its triples does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf

from kg.reason.axioms import SAME
from kg.reason.rules import (
    HIDDEN,
    Clash,
    Disjoint,
    Fact,
    Irreflexive,
    Join,
    Map,
    Name,
    Outside,
    Pair,
    Rule,
    Rules,
    Single,
    Take,
)

LIMIT = 100_000  # edges that one transitive relation or chain may add; seven triples each with their marks

OUTSIDE = Outside(axiom="HermiT: OWL DL")

Reason = tuple[Rule | Outside, str]  # a rule, and what stood between the two ends
Known = dict[Name, dict[Pair, Reason | None]]  # None: given
News = Mapping[Name, Mapping[Pair, Reason | None]]
Facts = Mapping[Name, Iterable[Pair]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that an axiom does not allow together; `within` knows why they hold."""

    clash: Clash
    facts: tuple[Fact, ...]
    within: Closure | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Closure:
    """All that follows: each fact with its reason, the rules that were given up, and what cannot be together."""

    known: Known
    given_up: tuple[Join, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def derived(self) -> Iterator[Fact]:
        """The facts that were not given and are not auxiliary."""
        for name, pairs in self.known.items():
            if not name.startswith(HIDDEN):
                yield from ((name, *pair) for pair, reason in pairs.items() if reason)

    def reason(self, fact: Fact) -> Reason | None:
        """Why a fact holds; None if it was given."""
        return self.known[fact[0]][fact[1], fact[2]]

    def premises(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts that a fact stands on, without auxiliary ones; none if it was given."""
        reason = self.reason(fact)
        if reason is None:
            return ()
        rule, middle = reason
        found: list[Fact] = []
        for premise in rule.premises((fact[1], fact[2]), middle):
            found += self.premises(premise) if premise[0].startswith(HIDDEN) else (premise,)
        return tuple(dict.fromkeys(found))


class TooMany(Exception):
    """A rule adds more than the limit."""

    def __init__(self, rule: Join) -> None:
        self.rule = rule


def close(facts: Facts, rules: Rules, *, limit: int = LIMIT, extra: Iterable[Fact] = ()) -> Closure:
    """What follows from facts.

    A transitive relation or a chain that would add more than `limit` edges is given up whole. An inferred fact that
    an axiom excludes is reported and left out, with all that stands on it. `extra` are facts inferred elsewhere.
    """
    begin: Known = {name: dict.fromkeys(pairs) for name, pairs in facts.items()}
    for name, *pair in extra:
        begin.setdefault(name, {}).setdefault((pair[0], pair[1]), (OUTSIDE, ""))
    given_up: list[Join] = []
    conflicts: dict[Conflict, None] = {}
    banned: set[Fact] = set()
    while True:
        kept = [rule for rule in rules.rules if not any(rule.axiom == gone.axiom for gone in given_up)]
        try:
            known = _run(begin, kept, banned, limit)
        except TooMany as stop:
            given_up.append(stop.rule)
            continue
        closure = Closure(known, tuple(given_up))
        found = [_seen(conflict, closure) for conflict in _conflicts(known, rules.clashes)]
        conflicts.update(dict.fromkeys(found))
        bad = {fact for conflict in found for fact in conflict.facts if closure.reason(fact)}
        if not bad:
            return replace(closure, conflicts=tuple(conflicts))
        banned |= bad


def _seen(conflict: Conflict, closure: Closure) -> Conflict:
    """The conflict without auxiliary facts: what they stand on is told instead."""
    facts: list[Fact] = []
    for fact in conflict.facts:
        facts += closure.premises(fact) if fact[0].startswith(HIDDEN) else (fact,)
    return Conflict(conflict.clash, tuple(dict.fromkeys(facts)), closure)


def _run(begin: Known, rules: Iterable[Rule], banned: set[Fact], limit: int) -> Known:
    known: Known = defaultdict(dict)
    waiting = _Waiting(rules)
    indexes = _Indexes(rules)
    news: Known = {name: _allowed(name, pairs, banned) for name, pairs in begin.items()}
    made: dict[str, int] = defaultdict(int)
    while news:
        for name, pairs in news.items():
            known[name].update(pairs)
            indexes.add(name, pairs)
        found: Known = {}
        for rule in waiting.on(news):
            there, ahead = known[rule.head], found.setdefault(rule.head, {})
            if isinstance(rule, Map):
                fresh = _map(rule, news, there)
            else:
                fresh = _join(rule, news, there, indexes, limit - made[rule.axiom] if rule.path else inf)
                made[rule.axiom] += len(fresh)
            for pair, middle in fresh.items():
                if pair not in ahead and (rule.head, *pair) not in banned:
                    ahead[pair] = (rule, middle)
        news = {name: pairs for name, pairs in found.items() if pairs}
    return dict(known)


def _allowed(name: Name, pairs: Mapping[Pair, Reason | None], banned: set[Fact]) -> dict[Pair, Reason | None]:
    return {pair: reason for pair, reason in pairs.items() if reason is None or (name, *pair) not in banned}


class _Waiting:
    """The rules by the relations that they wait for, in a fixed order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.by_name: dict[Name, set[int]] = defaultdict(set)
        for number, rule in enumerate(self.rules):
            for name in rule.bodies():
                self.by_name[name].add(number)

    def on(self, names: Iterable[Name]) -> list[Rule]:
        numbers = sorted(set().union(*(self.by_name.get(name, set()) for name in names)))
        return [self.rules[number] for number in numbers]


class _Indexes:
    """The pairs of joined relations by their first and by their second term."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        joins = [rule for rule in rules if isinstance(rule, Join)]
        self.ends: dict[Name, dict[str, list[str]]] = {rule.left: defaultdict(list) for rule in joins}
        self.starts: dict[Name, dict[str, list[str]]] = {rule.right: defaultdict(list) for rule in joins}
        self.steps: dict[Join, dict[str, list[str]]] = {rule: defaultdict(list) for rule in joins if rule.transitive}

    def add(self, name: Name, pairs: Mapping[Pair, Reason | None]) -> None:
        ends, starts = self.ends.get(name), self.starts.get(name)
        if ends is not None:
            for x, y in pairs:
                ends[y].append(x)
        if starts is not None:
            for x, y in pairs:
                starts[x].append(y)
        for rule, steps in self.steps.items():
            if rule.right == name:
                for x, y in _not_made_by(rule, pairs):
                    steps[x].append(y)

    def after(self, rule: Join) -> dict[str, list[str]]:
        """The right side of a join, by its first term."""
        return self.steps[rule] if rule.transitive else self.starts[rule.right]


def _not_made_by(rule: Join, pairs: Mapping[Pair, Reason | None]) -> Iterator[Pair]:
    """The single steps of a transitive relation: paths are lengthened by these alone."""
    return (pair for pair, reason in pairs.items() if reason is None or reason[0] is not rule)


NOWHERE: tuple[str, ...] = ()
NOTHING_NEW: Mapping[Pair, Reason | None] = {}


def _map(rule: Map, news: News, there: Mapping[Pair, object]) -> dict[Pair, str]:
    pairs = news.get(rule.body, ())
    match rule.take:
        case Take.KEEP:
            return {pair: "" for pair in pairs if pair not in there}
        case Take.TURN:
            return {(y, x): "" for x, y in pairs if (y, x) not in there and y[0] != '"'}
        case Take.FIRST:
            return _least(((x, x), y) for x, y in pairs if (x, x) not in there)
        case Take.SECOND:
            return _least(((y, y), x) for x, y in pairs if (y, y) not in there and y[0] != '"')
        case Take.TO:
            return _least(((x, rule.constant), y) for x, y in pairs if (x, rule.constant) not in there)


def _least(found: Iterable[tuple[Pair, str]]) -> dict[Pair, str]:
    least: dict[Pair, str] = {}
    for pair, middle in found:
        if pair not in least or middle < least[pair]:
            least[pair] = middle
    return least


def _join(rule: Join, news: News, there: Mapping[Pair, object], indexes: _Indexes, room: float) -> dict[Pair, str]:
    starts, ends = indexes.after(rule), indexes.ends[rule.left]
    fresh: dict[Pair, str] = {}
    for x, y in news.get(rule.left, ()):
        for z in starts.get(y, NOWHERE):
            _note(fresh, (x, z), y, there)
        if len(fresh) > room:
            raise TooMany(rule)
    right = news.get(rule.right, NOTHING_NEW)
    for y, z in _not_made_by(rule, right) if rule.transitive else right:
        for x in ends.get(y, NOWHERE):
            _note(fresh, (x, z), y, there)
        if len(fresh) > room:
            raise TooMany(rule)
    return fresh


def _note(fresh: dict[Pair, str], pair: Pair, middle: str, there: Mapping[Pair, object]) -> None:
    if pair not in there and (pair not in fresh or middle < fresh[pair]):
        fresh[pair] = middle


# ---------------------------------------------------------------- what cannot be together


def _conflicts(known: Known, clashes: Iterable[Clash]) -> Iterator[Conflict]:
    for clash in clashes:
        match clash:
            case Disjoint():
                yield from _overlaps(known, clash)
            case Irreflexive():
                loops = sorted(pair for pair in known.get(clash.name, {}) if pair[0] == pair[1])
                yield from (Conflict(clash, ((clash.name, *pair),)) for pair in loops)
            case Single():
                yield from _doubles(known, clash)


def _overlaps(known: Known, clash: Disjoint) -> Iterator[Conflict]:
    left, right = known.get(clash.left, {}), known.get(clash.right, {})
    if clash.turn:
        both = {min((x, y), (y, x)) if clash.left == clash.right else (x, y) for x, y in left if (y, x) in right}
    else:
        both = left.keys() & right.keys()
    for x, y in sorted(both):
        other = (y, x) if clash.turn else (x, y)
        yield Conflict(clash, tuple(dict.fromkeys(((clash.left, x, y), (clash.right, *other)))))


def _doubles(known: Known, clash: Single) -> Iterator[Conflict]:
    """Two things of the graph are two unless it says that they are the same: who is one was joined before."""
    partners: dict[str, set[str]] = defaultdict(set)
    for x, y in known.get(clash.name, {}):
        partners[y if clash.turn else x].add(x if clash.turn else y)
    same = known.get(SAME, {})
    for one, others in sorted(partners.items()):
        first = min(others)
        if any(other != first and (first, other) not in same for other in others):
            pairs = sorted((other, one) if clash.turn else (one, other) for other in others)
            yield Conflict(clash, tuple((clash.name, *pair) for pair in pairs))
