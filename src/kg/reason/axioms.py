"""The axioms of an ontology, whatever files it comes from, compiled to rules: the OWL 2 RL part of it.

Source: OWL 2 Web Ontology Language Profiles, section 4.3, "Reasoning in OWL 2 RL and RDF graphs using rules".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from kg.ontology import KG, NAMESPACE, RDFS, Ontology, statements
from kg.reason.expressions import BUILT_IN, HERMIT_ONLY, NOTHING, TYPE, Statements, Writer, local, owl
from kg.reason.rules import HIDDEN, MEMBER, Clash, Disjoint, Irreflexive, Join, Map, Name, Rule, Rules, Single, Take

SAME, DIFFERENT = owl("sameAs"), owl("differentFrom")
PROPERTIES = ("ObjectProperty", "DatatypeProperty", "SymmetricProperty", "TransitiveProperty", "FunctionalProperty")

CHARACTERISTICS: Mapping[str, Callable[[str], Clash]] = {
    "IrreflexiveProperty": lambda p: Irreflexive(axiom=f"irreflexive: {local(p)}", name=p),
    "AsymmetricProperty": lambda p: Disjoint(axiom=f"asymmetric: {local(p)}", left=p, right=p, turn=True),
    "FunctionalProperty": lambda p: Single(axiom=f"functional: {local(p)}", name=p),
    "InverseFunctionalProperty": lambda p: Single(axiom=f"inverse functional: {local(p)}", name=p, turn=True),
}


def compile_rules(ontology: Ontology) -> Rules:
    """The rules, the clashes and the facts that an ontology states.

    What describes claims and articles (its domain is one of these) is data about the text and is left alone.

    >>> from kg.ontology import load_ontology
    >>> [rule.axiom for rule in compile_rules(load_ontology()).rules if "metWith" in rule.axiom][:2]
    ['domain: metWith, Agent', 'range: metWith, Agent']
    """
    return _compiled(ontology.files, ontology.digest)


@lru_cache(maxsize=8)
def _compiled(files: tuple[Path, ...], digest: str) -> Rules:
    """The rules of some files, whose content the digest tells apart."""
    said = Statements(statements(files))
    writer = Writer(said)
    for read in (_properties, _chains, _ends, _classes, _disjoint, _individuals, _beyond):
        read(said, writer)
    own = {*said.typed(*PROPERTIES), *(MEMBER + kind for kind in said.typed("Class"))}
    text = _about_text(said)
    return Rules(
        rules=tuple(sorted((r for r in writer.rules if not text & {r.head, *r.bodies()}), key=repr)),  # axiom first
        clashes=tuple(sorted((c for c in writer.clashes if not text & {*c.bodies()}), key=repr)),
        facts=frozenset(writer.facts),
        own=frozenset(own - text),
        symmetric=frozenset(said.typed("SymmetricProperty")),
        unused=tuple(sorted(writer.unused)),
    )


def _about_text(said: Statements) -> frozenset[Name]:
    kinds = {f"<{kind}>" for kind in (KG.Claim, KG.Article, KG.Inference, KG.Modality)}
    return frozenset(s for s, o in said.each(f"<{RDFS}domain>") if o in kinds) | {MEMBER + kind for kind in kinds}


# ---------------------------------------------------------------- relations


def _properties(said: Statements, writer: Writer) -> None:
    for s, o in said.each(f"<{RDFS}subPropertyOf>"):
        writer.copy(f"sub-property: {local(s)} below {local(o)}", s, o)
    for kind, word, take in (
        ("equivalentProperty", "equivalent", Take.KEEP),
        ("inverseOf", "inverse", Take.TURN),
    ):
        for s, o in said.each(owl(kind)):
            writer.copy(f"{word}: {local(s)}, {local(o)}", s, o, take)
            writer.copy(f"{word}: {local(s)}, {local(o)}", o, s, take)
    for p in said.typed("SymmetricProperty"):
        writer.copy(f"symmetric: {local(p)}", p, p, Take.TURN)
    for kind, clash in CHARACTERISTICS.items():
        writer.clashes.update(map(clash, said.typed(kind)))


def _chains(said: Statements, writer: Writer) -> None:
    for p in said.typed("TransitiveProperty"):
        writer.rules.add(Join(axiom=f"transitive: {local(p)}", left=p, right=p, head=p, path=f"{p}+"))
    for p, items in said.each(owl("propertyChainAxiom")):
        links = said.items(items)
        path = "/".join(_step(said, link) for link in links)
        axiom = f"chain: {' / '.join(_step(said, link, local) for link in links)} below {local(p)}"
        while len(links) > 2:
            links[:2] = [writer.joined(axiom, links[0], links[1], path=path)]
        if len(links) == 2:
            writer.rules.add(Join(axiom=axiom, left=links[0], right=links[1], head=p, path=path))


def _step(said: Statements, relation: str, name: Callable[[str], str] = str) -> str:
    """A step of a path, as SPARQL writes it: `^` before what is walked backwards."""
    inverse = said.of(relation, "inverseOf") if relation.startswith("_:") else ""
    return f"^{name(inverse)}" if inverse else name(relation)


def _ends(said: Statements, writer: Writer) -> None:
    for kind, take in (("domain", Take.FIRST), ("range", Take.SECOND)):
        for p, expression in said.each(f"<{RDFS}{kind}>"):
            writer.above(f"{kind}: {local(p)}, {local(expression)}", p, expression, take)


# ---------------------------------------------------------------- classes


def _classes(said: Statements, writer: Writer) -> None:
    for s, o in said.each(f"<{RDFS}subClassOf>"):
        writer.below(f"sub-class: {local(s)} below {local(o)}", s, o)
    for s, o in said.each(owl("equivalentClass")):
        writer.below(f"equivalent: {local(s)}, {local(o)}", s, o)
        writer.below(f"equivalent: {local(s)}, {local(o)}", o, s)
    for kind in ("unionOf", "intersectionOf", "oneOf", "disjointUnionOf"):
        for s, items in said.each(owl(kind)):
            if not s.startswith("_:"):
                _defined(kind, s, said.items(items), writer)


def _defined(kind: str, name: str, items: list[str], writer: Writer) -> None:
    """A class that is named and told at once what it is made of."""
    axiom = f"equivalent: {local(name)}, {', '.join(map(local, items))}"
    body = writer.made_of("unionOf" if kind == "disjointUnionOf" else kind, items)
    if body is not None:
        writer.copy(axiom, body, MEMBER + name)
    if kind == "intersectionOf":
        for item in items:
            writer.below(axiom, name, item)
    if kind == "disjointUnionOf":
        _all_separate(items, writer)


def _disjoint(said: Statements, writer: Writer) -> None:
    for kind in ("disjointWith", "complementOf"):
        for s, o in said.each(owl(kind)):
            if not s.startswith("_:"):
                writer.separate(f"disjoint: {local(s)}, {local(o)}", s, o)
    for group in said.typed("AllDisjointClasses"):
        _all_separate(said.items(said.of(group, "members")), writer)
    pairs = [*said.each(owl("propertyDisjointWith"))]
    for group in said.typed("AllDisjointProperties"):
        pairs += combinations(said.items(said.of(group, "members")), 2)
    for s, o in pairs:
        writer.clashes.add(Disjoint(axiom=f"disjoint: {local(s)}, {local(o)}", left=s, right=o))
    writer.clashes.add(Disjoint(axiom="empty: Nothing", left=MEMBER + NOTHING, right=MEMBER + NOTHING))


def _all_separate(classes: Iterable[str], writer: Writer) -> None:
    for one, other in combinations(classes, 2):
        writer.separate(f"disjoint: {local(one)}, {local(other)}", one, other)


# ---------------------------------------------------------------- single things


def _individuals(said: Statements, writer: Writer) -> None:
    """Facts stated beside the axioms, and what is the same; the packaged ontology's own individuals are left out."""
    for p in (*said.typed("ObjectProperty"), SAME, DIFFERENT):
        writer.facts.update((p, s, o) for s, o in said.pairs.get(p, ()) if _outside(s) and _outside(o))
    for s, kind in said.pairs.get(TYPE, ()):
        if _outside(s) and not kind.startswith((*BUILT_IN, "_:")):
            writer.facts.add((MEMBER + kind, s, s))
    for group in said.typed("AllDifferent"):
        members = said.items(said.of(group, "distinctMembers") or said.of(group, "members"))
        writer.facts.update((DIFFERENT, one, other) for one, other in combinations(members, 2) if _outside(one))
    for turn in (False, True):
        writer.clashes.add(Disjoint(axiom="same and different", left=SAME, right=DIFFERENT, turn=turn))


def _outside(term: str) -> bool:
    """Whether it is a thing of the world, not a term of the packaged ontology or a blank node."""
    return not term.startswith((f"<{NAMESPACE}", "_:", '"'))


def _beyond(said: Statements, writer: Writer) -> None:
    for term in (*said.typed("ReflexiveProperty"), *(s for s, _ in said.each(owl("hasKey")))):
        writer.unused.add(f"{local(term)}: has an axiom of which {HERMIT_ONLY}")


def same_rules(names: Iterable[Name]) -> tuple[Rule, ...]:
    """What holds of a thing holds of what is the same, in each of these relations and classes.

    >>> [rule.axiom for rule in same_rules([])]
    ['same: sameAs', 'same: sameAs']
    """
    found: list[Rule] = [
        Map(axiom="same: sameAs", body=SAME, head=SAME, take=Take.TURN),
        Join(axiom="same: sameAs", left=SAME, right=SAME, head=SAME, path=SAME),
    ]
    for name in sorted(set(names) - {SAME, DIFFERENT}):
        axiom = f"same: {local(name.removeprefix(MEMBER))}"
        if name.startswith(MEMBER):
            moved = f"{HIDDEN}same {name}"
            found.append(Join(axiom=axiom, left=name, right=SAME, head=moved, path=SAME))
            found.append(Map(axiom=axiom, body=moved, head=name, take=Take.SECOND))
        else:
            found.append(Join(axiom=axiom, left=SAME, right=name, head=name, path=SAME))
            found.append(Join(axiom=axiom, left=name, right=SAME, head=name, path=SAME))
    return tuple(found)
