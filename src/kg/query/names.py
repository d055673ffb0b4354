"""Names of entities: from what a person types to the node of the graph.

What is spelled as in the graph is found through the store's index. Only a name that is not (without its accents, a last
name alone, a slip) has all names of the graph looked through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.errors import UnknownEntity
from kg.query.terms import as_iri, shorten
from kg.store import Graph, Term

WAYS = {"rdfs:label": 0, "skos:altLabel": 1}  # how an entity bears a name: a label goes before an alias
NAMED = tuple(
    f"SELECT DISTINCT ?entity WHERE {{ VALUES ?name {{ UNDEF }} ?entity {way} ?name }}"  # indexed
    for way in WAYS
)
ALL = tuple(f"SELECT ?entity ?name WHERE {{ ?entity {way} ?name }}" for way in WAYS)
THINGS = """
    SELECT DISTINCT ?entity WHERE {
      VALUES ?entity { UNDEF }
      ?entity a ?type .
      FILTER(!STRSTARTS(STR(?type), STR(owl:)) && ?type NOT IN (kg:Claim, kg:Article, kg:Modality))
    }
"""
CLAIMS = """
    SELECT ?entity (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
      VALUES ?entity { UNDEF }
      { ?claim rdf:subject ?entity } UNION { ?claim rdf:object ?entity }
    }
    GROUP BY ?entity
"""
LABELS = (
    "SELECT ?entity (MIN(?name) AS ?label) WHERE { VALUES ?entity { UNDEF } ?entity rdfs:label ?name } GROUP BY ?entity"
)
SAME = "SELECT ?entity WHERE { ?entity skos:exactMatch ?other }"
KNOWN = "ASK { ?entity ?how ?what }"
NEWER = "SELECT ?newer WHERE { ?entity dcterms:isReplacedBy ?newer } ORDER BY ?newer"

ANYTHING = "{ UNDEF }"
CLOSE = 80  # of rapidfuzz's 100 (WRatio): "Timoshenka" is 90 from "Timoshenko", "Merkel" 33 from "Macron"
MARGIN = 5  # a name that much worse than the best is not suggested beside it
SHORT = 4  # letters that a name needs to be suggested for a longer one
MANY = 500  # entities looked at in one query


def resolve_entity(graph: Graph, name: str) -> str:
    """The IRI of the entity of that name; case, accents and a leading "the" do not count.

    A label goes before an alias; among several, the entity of the most claims is meant. An IRI or a prefixed name of
    the graph is taken as it is, one that was replaced (dcterms:isReplacedBy) as what replaced it, one of another data
    set (wd:Q184) through skos:exactMatch.

    >>> from kg.model import Triple
    >>> graph = Graph.of([
    ...     Triple("<a:macron>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<a:Person>"),
    ...     Triple("<a:macron>", "<http://www.w3.org/2000/01/rdf-schema#label>", '"Emmanuel Macron"@en'),
    ... ])
    >>> resolve_entity(graph, "emmanuel macron")
    'a:macron'

    Raises:
        UnknownEntity: none is called that, and which come close; or several are, and which.
    """
    name = name.encode("utf-8", "replace").decode()  # a terminal may hand over what is no Unicode
    iri = as_iri(name, graph.prefixes)
    if iri is not None:
        return _known_iri(graph, iri, name)
    return _chosen(graph, name, _spelled(graph, name) or _sounding(graph, name))


def fold(name: str) -> str:
    """A name without case, accents, other scripts, doubled spaces and a leading "the".

    >>> fold("The  José Ramírez"), fold("Лукашенко")
    ('jose ramirez', 'lukashenko')
    """
    if not name.isascii():
        from anyascii import anyascii

        name = anyascii(name)
    words = name.casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def listed(items: Sequence[str]) -> str:
    """Alternatives in words.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


# ---------------------------------------------------------------- IRIs


def _known_iri(graph: Graph, iri: str, name: str) -> str:
    term = Term.iri(iri).n3
    if graph.ask(KNOWN, {"entity": term}):
        return _newest(graph, iri)
    same = graph.select(SAME, {"other": term})
    if len(same):
        return _newest(graph, min(str(row[0]) for row in same))
    from kg.records import successors

    heirs = [heir for heir in successors(graph.source, iri) if graph.ask(KNOWN, {"entity": Term.iri(heir).n3})]
    if len(heirs) == 1:
        return heirs[0]
    if heirs:
        raise UnknownEntity(
            f"{name} is several entities now: say {listed([shorten(h, graph.prefixes) for h in heirs])}"
        )
    raise UnknownEntity(f"the graph says nothing of {name}; give the name or the IRI of an entity that it knows")


def _newest(graph: Graph, iri: str) -> str:
    """What stands for an entity today: the end of the chain of those that replaced it."""
    seen = {iri}
    while newer := [str(row[0]) for row in graph.select(NEWER, {"entity": Term.iri(iri).n3})]:
        if newer[0] in seen:  # a circle: each is as good as the other
            break
        seen.add(iri := newer[0])
    return iri


# ---------------------------------------------------------------- names


def _spelled(graph: Graph, name: str) -> list[str]:
    """The things that bear the name as it is spelled, or with other capitals: as label, else as alias."""
    terms = [term for form in _forms(name) for term in (Term.literal(form, language="en").n3, Term.literal(form).n3)]
    for query in NAMED:
        found = _things(graph, (str(row[0]) for row in graph.select(_about(query, terms))))
        if found:
            return found
    return []


def _forms(name: str) -> Iterator[str]:
    """Spellings under which a name may stand in the graph.

    >>> list(_forms("the white house"))
    ['the white house', 'white house', 'White House', 'White house', 'WHITE HOUSE']
    """
    words = name.split()
    bare = words[1:] if len(words) > 1 and words[0].lower() == "the" else words
    plain = " ".join(bare)
    capital = " ".join(word[:1].upper() + word[1:].lower() for word in bare)
    yield from dict.fromkeys(
        (name, " ".join(words), plain, plain.lower(), capital, capital.capitalize(), plain.upper())
    )


class _Names(NamedTuple):
    """Who bears which folded name, and how: as label (0) or as alias (1)."""

    bearers: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, graph: Graph) -> _Names:
        bearers: dict[str, dict[str, int]] = defaultdict(dict)
        for rank, query in enumerate(ALL):
            for entity, name in graph.select(query):
                bearers[fold(str(name))].setdefault(str(entity), rank)
        return cls(bearers)

    def called(self, wanted: str) -> Mapping[str, int]:
        """Those of that name; else those whose names end with it: "Macron" for "Emmanuel Macron"."""
        return self.bearers.get(wanted) or {
            iri: 0 for full, bearers in self.bearers.items() if full.endswith(f" {wanted}") for iri in bearers
        }

    def close(self, wanted: str) -> list[str]:
        """The folded names that come close, the closest first."""
        from rapidfuzz import fuzz, process

        long = [
            name for name in self.bearers if len(name) >= min(SHORT, len(wanted) - 1)
        ]  # "uk" is part of many a name
        found = process.extract(wanted, long, scorer=fuzz.WRatio, limit=3, score_cutoff=CLOSE)
        return [name for name, score, _ in found if score >= found[0][1] - MARGIN]


def _sounding(graph: Graph, name: str) -> list[str]:
    """The things that bear the name in another spelling; an error with suggestions if there are none."""
    names, wanted = _Names.of(graph), fold(name)
    called = names.called(wanted) if wanted else {}
    for rank in WAYS.values():
        found = _things(graph, (iri for iri, how in called.items() if how == rank))
        if found:
            return found
    meant = dict.fromkeys(
        iri for near in names.close(wanted) for iri in _weightiest(graph, _things(graph, names.bearers[near]))
    )
    close = list(dict.fromkeys(_labels(graph, meant).values()))[:3]
    suggestion = f"; did you mean {listed(close)}?" if close else ", and no name comes close"
    raise UnknownEntity(f'no entity is called "{name}"{suggestion}')


def _chosen(graph: Graph, name: str, called: Sequence[str]) -> str:
    """Of several things of one name that of the most claims."""
    meant = sorted({_newest(graph, iri) for iri in _weightiest(graph, called)})
    if len(meant) == 1:
        return meant[0]
    labels = _labels(graph, meant)
    said = listed([f"{labels[iri]} ({shorten(iri, graph.prefixes)})" for iri in meant])
    raise UnknownEntity(f'several entities are called "{name}": say {said}')


def _things(graph: Graph, iris: Iterable[str]) -> list[str]:
    """Those that are entities, not terms of an ontology."""
    return sorted(str(entity) for (entity,) in _rows(graph, THINGS, iris))


def _weightiest(graph: Graph, iris: Sequence[str]) -> list[str]:
    if len(iris) < 2:
        return list(iris)
    claims = {str(entity): int(str(number)) for entity, number in _rows(graph, CLAIMS, iris)}
    most = max(claims.values(), default=0)
    return [iri for iri in iris if claims.get(iri, 0) == most]


def _labels(graph: Graph, iris: Iterable[str]) -> dict[str, str]:
    known = {str(entity): str(label) for entity, label in _rows(graph, LABELS, iris)}
    return {iri: known.get(iri, iri) for iri in iris}


def _rows(graph: Graph, query: str, iris: Iterable[str]) -> Iterator[tuple[Term | None, ...]]:
    terms = [Term.iri(iri).n3 for iri in iris]
    for start in range(0, len(terms), MANY):
        yield from graph.select(_about(query, terms[start : start + MANY]))


def _about(query: str, terms: Sequence[str]) -> str:
    """The query of these terms; each was written by `Term.n3`, so that nothing but a term gets in."""
    return query.replace(ANYTHING, f"{{ {' '.join(terms)} }}")
