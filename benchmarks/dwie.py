"""Relations of DWIE's news articles, extracted from their raw text with an ontology of the benchmark's own.

    python benchmarks/dwie.py dev.json

DWIE (Zaporojets et al. 2021, doi:10.1016/j.ipm.2021.102563) in DocRED's form: `sents`, `vertexSet`, `labels`. Nothing
of the annotation is shown to the extractor: names, kinds and relations come from the text. A relation counts as found
when both of its ends bear a name that the annotation gives them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TypedDict

import rdflib
from rdflib.collection import Collection

from kg.annotate import annotate, load_model, model_version
from kg.extract import Extractor
from kg.gazetteer import load_gazetteer
from kg.model import Document, LocalEntity, Modality, Record
from kg.ontology import Ontology, load_ontology
from kg.read import segment

ONTOLOGY = Path(__file__).with_name("dwie.ttl")
LEADERS = ("head_of_state", "head_of_gov", "head_of", "minister_of")
RELATIONS = (*LEADERS, "spokesperson_of", "agent_of", "member_of", "citizen_of", "based_in0", "in0")
FACTUAL = {Modality.ASSERTED, Modality.ENDED}  # DWIE's offices are held now or were once
KNOWN_IN = "known_in"  # the relation of the ontology for what the gazetteer knows

Pair = tuple[int, int]
Facts = dict[str, set[Pair]]  # by relation; entities are numbers in the record

# ---------------------------------------------------------------- the text

LEFT = {
    ",",
    ".",
    ";",
    ":",
    "?",
    "!",
    ")",
    "]",
    "%",
    "...",
    "…",
    "”",
    "n't",
    "'s",
    "’s",
    "'re",
    "'ve",
    "'ll",
    "'d",
    "'m",
    "/",
}
RIGHT = {"(", "[", "$", "€", "£", "#", "“", "/"}
MARKS = ('"', "'")
NEAR = 8  # tokens within which a single quotation mark finds its fellow
PREFIXES = {
    "al",
    "anti",
    "co",
    "counter",
    "el",
    "ex",
    "inter",
    "intra",
    "mid",
    "multi",
    "neo",
    "non",
    "pan",
    "post",
    "pre",
}
PREFIXES |= {"pro", "pseudo", "re", "semi", "sub", "trans", "ultra", "un", "vice"}
# Words that seldom stand behind a hyphen: before them, it is a dash.
LOOSE = {
    "a",
    "all",
    "an",
    "and",
    "are",
    "as",
    "at",
    "because",
    "but",
    "by",
    "during",
    "even",
    "for",
    "had",
    "has",
    "have",
}
LOOSE |= {"how", "if", "in", "including", "is", "it", "itself", "like", "many", "not", "notably", "on", "or", "perhaps"}
LOOSE |= {"some", "something", "such", "than", "that", "the", "their", "then", "there", "they", "though", "to", "until"}
LOOSE |= {"was", "we", "were", "what", "when", "where", "which", "while", "who", "whose", "with", "without"}


def detokenized(tokens: Sequence[str]) -> str:
    """Tokens as running text: spaces, hyphens and quotation marks where a newspaper has them.

    >>> detokenized("Mr Al - Omar did n't say \\" yes \\" - and left ( at 10 % ) .".split())
    'Mr Al-Omar didn\\'t say "yes" - and left (at 10%).'
    """
    pieces: list[str] = []
    opened = dict.fromkeys(MARKS, False)
    tight = True  # nothing stands between the token and the one before it
    for n, token in enumerate(tokens):
        hyphen = token == "-" and _is_hyphen(tokens, n)
        closing = token in MARKS and _closes(tokens, n, opened[token])
        if token in MARKS and not _is_apostrophe(tokens, n):
            opened[token] = not closing
        pieces += ["" if tight or closing or hyphen or token in LEFT else " ", token]
        tight = hyphen or token in RIGHT or (token in MARKS and not closing)
    return "".join(pieces)


def _closes(tokens: Sequence[str], n: int, opened: bool) -> bool:
    """Whether the quotation mark at `n` belongs to what stands before it; not all marks of an article pair."""
    before, after = tokens[n - 1] if n else "(", tokens[n + 1] if n + 1 < len(tokens) else "."
    if _is_apostrophe(tokens, n) or after in {",", ".", ";", ")", "("}:
        return True
    return opened and before not in {"(", ":"}


def _is_apostrophe(tokens: Sequence[str], n: int) -> bool:
    """The "'" of "the workers' rights"."""
    return tokens[n] == "'" and n > 0 and tokens[n - 1].endswith("s") and "'" not in tokens[n + 1 : n + NEAR]


def _is_hyphen(tokens: Sequence[str], n: int) -> bool:
    """Whether a lone "-" joins the words beside it: "Port - au - Prince", not "the plan - to win"."""
    if not 0 < n < len(tokens) - 1:
        return False
    before, after = tokens[n - 1], tokens[n + 1]
    if not (before[-1].isalnum() and after[0].isalnum()):
        return False
    chained = "-" in (tokens[n - 2] if n > 1 else "", tokens[n + 2] if n + 2 < len(tokens) else "")
    if chained or after.lower() in LOOSE:
        return chained
    return before[0].isupper() or before[0].isdigit() or after[0].islower() or before.lower() in PREFIXES


def text_of(tokens: Sequence[str]) -> str:
    """An article: its headline, lead and body, which line breaks part."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "\n":
            parts.append([])
        else:
            parts[-1].append(token)
    return "\n\n".join(detokenized(part) for part in parts if part)


# ---------------------------------------------------------------- the annotation


class Mention(TypedDict):
    """A mention of an entity, as far as it is used."""

    name: str


class Label(TypedDict):
    """A relation of two entities, by their numbers."""

    r: str
    h: int
    t: int


class Annotated(TypedDict):
    """An article of DWIE."""

    title: str
    sents: list[list[str]]
    vertexSet: list[list[Mention]]
    labels: list[Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What DWIE says of one article: names by entity, pairs of entities by relation."""

    name: str
    text: str
    names: tuple[frozenset[str], ...]
    pairs: Mapping[str, frozenset[Pair]]

    def bearing(self, entity: LocalEntity) -> tuple[int, ...]:
        """The entities of the annotation that bear one of the entity's names."""
        wanted = {plain(name) for name in (entity.name, *entity.aliases)}
        return tuple(n for n, own in enumerate(self.names) if own & wanted)


def plain(name: str) -> str:
    """A name for comparison: case, an article before it and the form of apostrophes aside."""
    return re.sub(r"^the ", "", name.casefold().replace("’", "'").strip(" \"'"))


def gold_of(article: Annotated, *, nationalities: bool = False) -> Gold:
    """An article's annotation; the adjective of a country ("German", an entity of its own) names the country too.

    DWIE annotates "German author X" as citizen_of-x of "German". With `nationalities`, that counts as citizen_of the
    country, which the article may not name otherwise.
    """
    names = [{plain(mention["name"]) for mention in entity} for entity in article["vertexSet"]]
    country = {label["h"]: label["t"] for label in article["labels"] if label["r"] == "gpe0"}
    for adjective, state in country.items():
        names[state] |= names[adjective]
    pairs: dict[str, set[Pair]] = defaultdict(set)
    for label in article["labels"]:
        if nationalities:
            pairs[label["r"].removesuffix("-x")].add((label["h"], country.get(label["t"], label["t"])))
        else:
            pairs[label["r"]].add((label["h"], label["t"]))
    return Gold(
        name=article["title"],
        text=text_of([token for sentence in article["sents"] for token in sentence]),
        names=tuple(map(frozenset, names)),
        pairs={relation: frozenset(found) for relation, found in pairs.items()},
    )


# ---------------------------------------------------------------- what the ontology adds to what the text states


@cache
def chains() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The property chains of the ontology: a relation and the pairs of relations that it follows from."""
    graph = rdflib.Graph().parse(ONTOLOGY)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for relation, steps in graph.subject_objects(rdflib.OWL.propertyChainAxiom):
        first, second = map(_local, Collection(graph, steps))
        found[_local(relation)].append((first, second))
    return {relation: sorted(ways) for relation, ways in sorted(found.items())}


def _local(term: object) -> str:
    return re.split(r"[#/]", str(term))[-1]


def entailed(record: Record, ontology: Ontology, *, known: bool = True) -> Facts:
    """What the article states, with what the gazetteer knows of its entities (if `known`) and what follows."""
    facts: Facts = defaultdict(set)
    for claim in record.claims:
        if claim.modality in FACTUAL:
            facts[claim.relation].add((claim.subject, claim.object))
    if known:
        facts[KNOWN_IN] |= set(_known(record.entities))
    grown = True
    while grown:
        grown = False
        for relation, pair in [*_broader(facts, ontology), *_chained(facts)]:
            if pair not in facts[relation] and _fits(record, ontology, relation, pair):
                facts[relation].add(pair)
                grown = True
    return facts


def _known(entities: Sequence[LocalEntity]) -> Iterator[Pair]:
    """The country of the article that a city, party or newspaper of the article belongs to."""
    numbers = {entity.known: number for number, entity in enumerate(entities) if entity.known}
    for number, entity in enumerate(entities):
        for country in _countries(entity) & numbers.keys():
            yield number, numbers[country]


def _countries(entity: LocalEntity) -> set[str]:
    """The gazetteer's country of an entity, or those whose name or adjective its own name holds: "Libya Herald"."""
    gazetteer = load_gazetteer()
    if entity.known:
        country = gazetteer.entries[entity.known].country
        return {country} if country else set()
    words = entity.name.split()
    pieces = {" ".join(words[i : i + n]) for i in range(len(words)) for n in (1, 2)} if entity.kind != "Person" else ()
    entries = (e for piece in pieces for e in (*gazetteer.names.get(piece, ()), *gazetteer.adjectives.get(piece, ())))
    return {entry.id for entry in entries if entry.kind == "Country"}


def _broader(facts: Facts, ontology: Ontology) -> Iterator[tuple[str, Pair]]:
    for relation, pairs in facts.items():
        yield from product(sorted(ontology.ancestors(relation) - {relation}), pairs)


def _chained(facts: Facts) -> Iterator[tuple[str, Pair]]:
    for relation, ways in chains().items():
        for first, second in ways:
            for (start, middle), (on, end) in product(facts.get(first, ()), facts.get(second, ())):
                if middle == on:
                    yield relation, (start, end)


def _fits(record: Record, ontology: Ontology, name: str, pair: Pair) -> bool:
    relation = ontology.relations[name]
    ends = zip(pair, (relation.domain, relation.range), strict=True)
    return pair[0] != pair[1] and all(_may_be(record.entities[n].kind, wanted, ontology) for n, wanted in ends)


def _may_be(kind: str, wanted: str | None, ontology: Ontology) -> bool:
    return ontology.is_a(kind, wanted) or (kind == "Agent" and wanted in {"Person", "Organization", "Body"})


# ---------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Pairs in the annotation, predicted, right."""

    gold: int = 0
    predicted: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            gold=self.gold + other.gold, predicted=self.predicted + other.predicted, right=self.right + other.right
        )

    @property
    def scores(self) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        precision = self.right / self.predicted if self.predicted else 0.0
        recall = self.right / self.gold if self.gold else 0.0
        return precision, recall, 2 * precision * recall / (precision + recall or 1)


def compare(gold: Gold, record: Record, facts: Facts) -> dict[str, Tally]:
    """The pairs of one article by relation; two predictions of one annotated pair are one."""
    bearing = [gold.bearing(entity) for entity in record.entities]
    return {
        relation: _tally(gold.pairs.get(relation, frozenset()), facts.get(relation, ()), bearing)
        for relation in RELATIONS
    }


def _tally(wanted: frozenset[Pair], predicted: Iterable[Pair], bearing: Sequence[tuple[int, ...]]) -> Tally:
    right: set[Pair] = set()
    wrong: set[tuple[object, object]] = set()
    for subject, obj in predicted:
        if hit := wanted & set(product(bearing[subject], bearing[obj])):
            right |= hit
        else:  # an entity that the annotation does not have stands for itself
            wrong.add((bearing[subject] or subject, bearing[obj] or obj))
    return Tally(gold=len(wanted), predicted=len(right) + len(wrong), right=len(right))


def scored(golds: Sequence[Gold], records: Sequence[Record], ontology: Ontology, *, known: bool) -> dict[str, Tally]:
    """The tallies of all articles."""
    total = dict.fromkeys(RELATIONS, Tally())
    for gold, record in zip(golds, records, strict=True):
        for relation, tally in compare(gold, record, entailed(record, ontology, known=known)).items():
            total[relation] += tally
    return total


def f1(tallies: Mapping[str, Tally], relations: Iterable[str]) -> float:
    """F1 over some relations, micro-averaged."""
    return sum((tallies[relation] for relation in relations), Tally()).scores[2]


# ---------------------------------------------------------------- the run


def extracted(golds: Sequence[Gold], ontology: Ontology) -> list[Record]:
    """The records of the articles, from their text alone."""
    extractor = Extractor(ontology, load_model())
    for template in extractor.unusable:
        print(f"not used: {template.text}")
    documents = [Document(name=g.name, origin=g.name, text=g.text, segments=segment(g.text)[0]) for g in golds]
    return [extractor.extract(document, doc) for document, doc in annotate(documents)]


def table(tallies: Mapping[str, Tally]) -> str:
    """Precision, recall and F1 by relation, of the leader-like ones and of all."""
    rows = [(relation, tallies[relation]) for relation in RELATIONS]
    rows.append(("leader-like", sum((tallies[relation] for relation in LEADERS), Tally())))
    rows.append(("all", sum(tallies.values(), Tally())))
    lines = [f"{'relation':16} {'gold':>5} {'pred':>5} {'P':>6} {'R':>6} {'F1':>6}"]
    for name, tally in rows:
        figures = " ".join(f"{figure:6.3f}" for figure in tally.scores)
        lines.append(f"{name:16} {tally.gold:5} {tally.predicted:5} {figures}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="dev.json of DWIE, in DocRED's form")
    data = parser.parse_args().file.read_bytes()
    articles: list[Annotated] = json.loads(data)
    golds = [gold_of(article) for article in articles]
    print(f"DWIE, {len(golds)} articles, sha256 {hashlib.sha256(data).hexdigest()[:16]}; {model_version()}")
    ontology = load_ontology([ONTOLOGY])
    records = extracted(golds, ontology)
    tallies = scored(golds, records, ontology, known=True)
    print(table(tallies))
    stated = scored(golds, records, ontology, known=False)
    folded = scored([gold_of(a, nationalities=True) for a in articles], records, ontology, known=True)
    for what, counted in (("without the gazetteer's countries", stated), ("with nationalities (-x)", folded)):
        print(f"{what}: leader-like {f1(counted, LEADERS):.3f}, all {f1(counted, RELATIONS):.3f}")
    print(json.dumps({"leader_f1": round(f1(tallies, LEADERS), 3), "all_f1": round(f1(tallies, RELATIONS), 3)}))


if __name__ == "__main__":
    main()
