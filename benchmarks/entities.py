"""How well names become entities: within an article, across articles, at scale, and when one article is added.

    python benchmarks/entities.py --dwie dev.json --gold gold.jsonl --texts texts/ --work /tmp/entities

Parts (`--only`): `pairs`, the table of name pairs in `tests/data/name_pairs.csv`; `dwie`, clusters of named entities of
DWIE's articles (Zaporojets et al. 2021, doi:10.1016/j.ipm.2021.102563) in DocRED's form; `dev`, annotated articles
built together; `scale`, names made up by the million; `add`, a build with one more article in a collection of ten
thousand, for a graph in a store's folder (the figure) and in a file. `--work` keeps what is extracted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median

from rapidfuzz import fuzz

from kg.annotate import load_model, model_version
from kg.batches import extract_batches
from kg.extract import Extractor, fingerprint
from kg.gazetteer import load_gazetteer, load_lore
from kg.model import (
    Document,
    Evidence,
    Form,
    LocalClaim,
    LocalEntity,
    Mention,
    Modality,
    Problem,
    Record,
)
from kg.ontology import load_ontology
from kg.pipeline import build, records_path, rederive
from kg.read import read, segment
from kg.records import RecordStore, input_digest
from kg.resolve import assign, fold, resolve

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]
import dwie  # noqa: E402  # a benchmark beside this one
from name_pairs import merged, name_pairs  # noqa: E402  # of the tests

NAMED = ("type::person", "type::organization", "type::location", "type::entity", "type::misc")
ONSETS = ("b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st", "kr", "sh", "tr")
VOWELS = ("a", "e", "i", "o", "u", "an", "en", "ov", "el", "ar")
ALPHABET = "ABCDEFGHJKLMNPRSTVW"
BODIES = ("Party", "Union", "Bank", "Ministry", "Institute", "Group", "Council", "Petrol", "Press", "Movement")
SPELLING = 85  # from here on, two annotated names are spellings of one; the pairs are printed

Pair = tuple[Document, Record]
Cluster = tuple[str, object]  # article, what stands for the thing
Span = tuple[str, int, int]  # article, start, end


# ---------------------------------------------------------------- extraction, kept in the work folder


def extracted(documents: Sequence[Document], store: Path) -> list[Pair]:
    """The articles with their records; those that the store has are not parsed again."""
    ontology = load_ontology()
    version = fingerprint(ontology, model_version())
    with RecordStore.open(store) as records:
        records.clear(keep_records=True)
        for document in documents:
            records.put_document(document)
        if missing := list(records.missing(version)):
            for batch in extract_batches(missing, Extractor(ontology, load_model())):
                for document, found in batch:
                    if isinstance(found, Problem):
                        raise SystemExit(str(found))
                    records.put_record(input_digest(document), version, found)
        return list(records.pairs(version))


# ---------------------------------------------------------------- DWIE: B-cubed


def spans_of(article: dwie.Annotated) -> dict[tuple[int, int], int]:
    """The places of named entities in the article's text, each with its entity's number.

    A country's adjective, an entity of its own in DWIE ("German"), counts as the country.
    """
    tokens = [token for sentence in article["sents"] for token in sentence]
    starts = offsets(tokens)
    country = {label["h"]: label["t"] for label in article["labels"] if label["r"] == "gpe0"}
    found = {}
    for number, entity in enumerate(article["vertexSet"]):
        for mention in entity:
            first, last = mention["pos"]  # type: ignore[typeddict-item]  # which benchmarks/dwie.py has no use for
            if mention["type"] in NAMED:  # type: ignore[typeddict-item]  # nor for this
                found[starts[first][0], starts[last - 1][1]] = country.get(number, number)
    return found


def offsets(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where each token stands in `dwie.text_of(tokens)`."""
    text, at, found = dwie.text_of(tokens), 0, []
    for token in tokens:
        start = text.index(token, at) if token != "\n" else at
        at = start + (len(token) if token != "\n" else 0)
        found.append((start, at))
    return found


def b_cubed(gold: Mapping[Span, Cluster], found: Mapping[Span, Cluster]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the spans that both have (Bagga and Baldwin 1998).

    >>> spans = [("a", 0, 1), ("a", 2, 3)]
    >>> b_cubed(dict.fromkeys(spans, ("a", 1)), {spans[0]: ("a", "x"), spans[1]: ("a", "y")})
    (1.0, 0.5, 0.6666666666666666)
    """
    both = gold.keys() & found.keys()
    together = Counter((gold[span], found[span]) for span in both)
    in_gold, in_found = Counter(gold[span] for span in both), Counter(found[span] for span in both)
    precision = sum(n * n / in_found[f] for (_, f), n in together.items()) / (len(both) or 1)
    recall = sum(n * n / in_gold[g] for (g, _), n in together.items()) / (len(both) or 1)
    return precision, recall, 2 * precision * recall / (precision + recall or 1)


def measure_dwie(file: Path, work: Path, *, errors: bool) -> dict[str, float]:
    """B-cubed on the mentions that the annotation and the extractor both have; all articles are resolved together."""
    articles: list[dwie.Annotated] = json.loads(file.read_bytes())
    gold: dict[Span, Cluster] = {}
    documents = []
    for article in articles:
        text = dwie.gold_of(article).text
        document = Document(name=article["title"], origin=article["title"], text=text, segments=segment(text)[0])
        documents.append(document)
        for (start, end), number in spans_of(article).items():
            gold[document.id, start, end] = (document.id, number)
    pairs = extracted(documents, work / "dwie.sqlite")
    where = assign(pairs, ontology=load_ontology())
    found: dict[Span, Cluster] = {}
    for document, record in pairs:
        for mention in record.mentions:
            start = mention.start + (4 if mention.text.lower().startswith("the ") else 0)
            found[document.id, start, mention.end] = (document.id, where[document.id, mention.entity])
    precision, recall, f1 = b_cubed(gold, found)
    both = len(gold.keys() & found.keys())
    print(f"DWIE: {len(articles)} articles, {len(gold)} annotated mentions of names, {both} of them found")
    print(f"  B-cubed precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    if errors:
        _dwie_errors(gold, found, {document.id: document for document in documents})
    return {"bcubed_f1": round(f1, 3)}


def _dwie_errors(
    gold: Mapping[Span, Cluster], found: Mapping[Span, Cluster], documents: Mapping[str, Document]
) -> None:
    """The entities that are split and those that are mixed, the costliest first."""
    both = sorted(gold.keys() & found.keys())
    for title, one, other in (("split", gold, found), ("mixed", found, gold)):
        groups: dict[Cluster, Counter[tuple[Cluster, str]]] = defaultdict(Counter)
        for span in both:
            groups[one[span]][other[span], documents[span[0]].text[span[1] : span[2]]] += 1
        bad = [(g, c) for g, c in groups.items() if len({cluster for cluster, _ in c}) > 1]
        for group, counted in sorted(bad, key=lambda item: -item[1].total()):
            parts: dict[object, list[str]] = defaultdict(list)
            for (cluster, text), n in counted.items():
                parts[cluster[1]].append(f"{text} x{n}")
            print(f"  {title} {documents[group[0]].name} {group[1]}: {dict(parts)}")


# ---------------------------------------------------------------- annotated articles, built together


@dataclass(frozen=True, slots=True)
class Ends:
    """The gold names of one article, each with the forms that the annotation gives it."""

    article: str  # the file's stem
    forms: Mapping[str, frozenset[str]]


def read_gold(file: Path) -> Iterator[Ends]:
    """The subjects and objects of the annotated claims, article by article."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        forms: dict[str, set[str]] = defaultdict(set)
        for claim in row["claims"]:
            for end in ("subject", "object"):
                forms[claim[end]] |= {claim[end], *claim[f"{end}_aliases"]}
        yield Ends(row["id"], {name: frozenset(found) for name, found in forms.items()})


@dataclass(slots=True)
class Found:
    """Where the gold names ended: the nodes of each, the names that each node holds, the forms of each name."""

    nodes: dict[str, set[str]]
    holds: dict[str, set[str]]
    forms: dict[str, set[str]]


def measure_dev(gold_file: Path, texts: Path, work: Path, *, errors: bool) -> dict[str, float]:
    """Gold names that end as one node, nodes that hold two gold names of different things.

    A name counts as found in an article where an entity bears it or another of its forms; not a form that may be any of
    several in the article, nor one that the gazetteer has for another thing ("Moscow" where Russia is meant).
    """
    documents = [document for document in read([texts]) if isinstance(document, Document)]
    pairs = extracted(documents, work / "dev.sqlite")
    found = _found(list(read_gold(gold_file)), pairs, assign(pairs, ontology=load_ontology()))
    split = {name: nodes for name, nodes in found.nodes.items() if len(nodes) > 1}
    mixed = {node: names for node, held in found.holds.items() if (names := _different(held, found.forms))}
    share = 1 - len(split) / (len(found.nodes) or 1)
    print(f"{gold_file.name}: {len(found.forms)} gold names, {len(found.nodes)} found in their articles")
    print(f"  one node: {len(found.nodes) - len(split)} ({share:.3f}); nodes that hold two things: {len(mixed)}")
    if errors:
        spelt = {node: names for node, names in found.holds.items() if len(names) > 1 and node not in mixed}
        for title, rows in (("split", split), ("mixed", mixed), ("taken as one by this measure", spelt)):
            print("".join(f"  {title} {key}: {sorted(of)}\n" for key, of in sorted(rows.items())), end="")
        print(f"  not found: {sorted(found.forms.keys() - found.nodes.keys())}")
    return {"dev_one_node": round(share, 3), "dev_mixed_nodes": len(mixed)}


def _found(golds: Sequence[Ends], pairs: Sequence[Pair], where: Mapping[tuple[str, int], str]) -> Found:
    by_stem = {document.name: (document.id, record) for document, record in pairs}
    found = Found(defaultdict(set), defaultdict(set), defaultdict(set))
    for ends in golds:
        article, record = by_stem.get(ends.article, ("", Record(article="", entities=(), mentions=(), claims=())))
        for name, forms in ends.forms.items():
            found.forms[name] |= forms
            own = {fold(form) for form in forms if not _ambiguous(form, name, ends, record)} | {fold(name)}
            for index, entity in enumerate(record.entities):
                if own & {fold(form) for form in (entity.name, *entity.aliases)}:
                    found.nodes[name].add(where[article, index])
                    found.holds[where[article, index]].add(name)
    return found


def _ambiguous(form: str, name: str, ends: Ends, record: Record) -> bool:
    """Whether a form may be any of several of the article: "Rossi" of two people, "House" beside "White House"."""
    folded = fold(form)
    bearers = sum(folded in map(fold, forms) for forms in ends.forms.values())
    names = {fold(each) for each in (*ends.forms, *(entity.name for entity in record.entities))}
    listed = load_gazetteer().names
    other = {entry.id for entry in listed.get(form, ())} - {entry.id for entry in listed.get(name, ())}
    return bearers > 1 or bool(other) or sum(set(folded.split()) < set(each.split()) for each in names) > 1


def _different(names: Iterable[str], aliases: Mapping[str, set[str]]) -> set[str]:
    """Those of the names that name different things: neither is a form of the other, spelt like it, or in the gazetteer
    another name of it."""
    gazetteer = load_gazetteer()
    listed = {form: {*gazetteer.names.get(form, ()), *gazetteer.adjectives.get(form, ())} for form in names}
    found: set[str] = set()
    for one, other in combinations(sorted(names), 2):
        alike = fuzz.ratio(fold(one), fold(other)) >= SPELLING
        alike |= set(fold(one).split()) - {"of"} == set(fold(other).split()) - {"of"}
        alike |= not listed[one].isdisjoint(listed[other])
        if not (alike or one in aliases[other] or other in aliases[one]):
            found |= {one, other}
    return found


# ---------------------------------------------------------------- made-up names, by the million


def syllables(random: Random, least: int, most: int) -> str:
    """A word that might be a name."""
    count = random.randint(least, most)
    return "".join(random.choice(ONSETS) + random.choice(VOWELS) for _ in range(count)).capitalize()


def things(random: Random, count: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind, name and other forms of made-up things: two thirds people, some of one last name, and organisations."""
    given = [name.capitalize() for name in load_lore().given_names if name.isalpha() and len(name) > 2]
    given.sort()
    lasts = [syllables(random, 2, 4) for _ in range(count // 4)]
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for number in range(count):
        if number % 3:
            first, last = random.choice(given), random.choice(lasts)
            middle = random.choice(ALPHABET)
            name = f"{first} {last}"
            forms = (f"{first} {middle}. {last}", f"{first[0]}. {last}", f"{first} {last.replace('k', 'c')}", last)
            found.append(("Person", name, forms))
        else:
            name = f"{syllables(random, 2, 3)} {syllables(random, 1, 2)} {random.choice(BODIES)}"
            acronym = "".join(word[0] for word in name.split())
            found.append(("Organization", name, (f"{name} Ltd", f"The {name}", acronym)))
    return found


def made_up(articles: int, mentions: int, of: Sequence[tuple[str, str, tuple[str, ...]]], seed: int) -> Iterator[Pair]:
    """Articles with so many mentions each; one time in five a thing is named in another form."""
    random = Random(seed)
    for number in range(articles):
        entities: dict[str, LocalEntity] = {}
        spoken: list[Mention] = []
        while len(spoken) < mentions:
            kind, name, forms = of[min(len(of) - 1, int(len(of) ** random.random()) + random.randrange(len(of)) // 2)]
            form = random.choice(forms) if random.random() < 0.2 else name
            alias = (forms[-1],) if random.random() < 0.3 else ()
            entities.setdefault(form, LocalEntity(name=form, kind=kind, aliases=alias))
            index = list(entities).index(form)
            for _ in range(random.randint(1, 3)):
                spoken.append(Mention(start=len(spoken), end=len(spoken) + 1, text=form, entity=index, form=Form.NAME))
        text = f"article {seed} {number}"
        document = Document(name=text, origin=text, text=text, segments=(), date=dt.date(2020, 1 + number % 12, 1))
        ends = range(len(entities))
        claims = tuple(_claim(random, ends) for _ in range(3)) if len(ends) > 1 else ()
        yield (
            document,
            Record(
                article=document.id, entities=tuple(entities.values()), mentions=tuple(spoken[:mentions]), claims=claims
            ),
        )


def _claim(random: Random, ends: Sequence[int]) -> LocalClaim:
    one, other = random.sample(ends, 2)
    relation = random.choice(("spokeWith", "rivalOf", "allyOf", "leaderOf", "officialOf", "memberOf"))
    start = random.randrange(5000)
    return LocalClaim(
        subject=one,
        relation=relation,
        object=other,
        modality=Modality.ASSERTED,
        confidence=0.8,
        evidence=Evidence(quote="Said so.", start=start, end=start + 8),
    )


def measure_scale(mentions: int) -> dict[str, float]:
    """Seconds of one core and megabytes at the most, for resolving made-up records; each size in its own process."""
    rows = [_scale_of(size) for size in (mentions // 4, mentions // 2, mentions)]
    print(f"scale: {'mentions':>10} {'articles':>9} {'entities':>9} {'seconds':>8} {'MB':>6} {'us a mention':>13}")
    for row in rows:
        each = 1e6 * row["seconds"] / row["mentions"]
        print(
            f"       {row['mentions']:10.0f} {row['articles']:9.0f} {row['entities']:9.0f} {row['seconds']:8.1f}"
            f" {row['mb']:6.0f} {each:13.1f}"
        )
    return {"scale_s": round(rows[-1]["seconds"], 1), "scale_mb": round(rows[-1]["mb"])}


def _scale_of(mentions: int) -> dict[str, float]:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(scale_of, mentions).result()


def scale_of(mentions: int) -> dict[str, float]:
    """Resolve so many mentions, 25 an article, of a tenth as many things."""
    articles = mentions // 25
    pairs = list(made_up(articles, 25, things(Random(1), mentions // 10), seed=2))
    start = time.process_time()
    knowledge = resolve(pairs, same_as=load_gazetteer().same_as(), ontology=load_ontology())
    seconds = time.process_time() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "mentions": mentions,
        "articles": articles,
        "entities": len(knowledge.entities),
        "seconds": seconds,
        "mb": megabytes,
    }


# ---------------------------------------------------------------- one more article


def measure_add(articles: int, work: Path) -> dict[str, float]:
    """Seconds that a build with one more article takes, but for its extraction, in a collection of so many.

    Processor time, the median of five: `kg.pipeline.build` from the article's file to the graph, in a process that has
    built before. The record of the article is there beforehand, so that nothing is extracted.
    """
    of = things(Random(1), articles)
    rows = []
    for name in ("kg", "kg.ttl"):
        with tempfile.TemporaryDirectory(dir=work) as folder:
            rows.append(_adding(Path(folder, name), made_up(articles, 25, of, seed=2), made_up(6, 25, of, seed=3)))
    print(f"one more article of {articles}: {'all':>8} {'one more':>9} {'(each)':>30}  seconds")
    for name, (whole, each) in zip(("store's folder", "Turtle file"), rows, strict=True):
        shown = " ".join(f"{seconds:.2f}" for seconds in each)
        print(f"  {name:>24} {whole:10.1f} {median(each):9.2f} {shown:>30}")
    return {"add_one_s": round(median(rows[0][1]), 2)}


def _adding(graph: Path, pairs: Iterable[Pair], more: Iterable[Pair]) -> tuple[float, list[float]]:
    """Seconds for building a graph of made-up articles, then for each build with one more; the first is not counted."""
    version = fingerprint(load_ontology(), model_version())
    with RecordStore.open(records_path(graph)) as store, store.transaction():
        for document, record in pairs:
            store.put_document(document)
            store.put_record(input_digest(document), version, record)
    start = time.process_time()
    rederive(graph)
    whole = time.process_time() - start
    seconds = []
    for number, (given, record) in enumerate(more):
        file = graph.with_name(f"more{number}.txt")
        file.write_text(given.text, encoding="utf-8")
        (document,) = (found for found in read([file]) if isinstance(found, Document))
        with RecordStore.open(records_path(graph)) as store:
            store.put_record(input_digest(document), version, replace(record, article=document.id))
        start = time.process_time()
        summary = build([file], graph)
        seconds.append(time.process_time() - start)
        if summary.new != 1 or summary.problems:
            raise SystemExit(f"{file}: not built as it should be: {summary}")
    return whole, seconds[1:]


# ---------------------------------------------------------------- the table of name pairs


def measure_pairs() -> dict[str, float]:
    """F1 over the pairs and the share of different things that became one, for both parts of the table and in all."""
    ontology = load_ontology()
    rows = [(pair, merged(pair, ontology)) for pair in name_pairs()]
    print(f"name pairs: {'part':>6} {'true':>5} {'false':>5} {'P':>6} {'R':>6} {'F1':>6} {'false merges':>13}")
    for part in ("tuned", "held", "all"):
        some = [(pair.same, one) for pair, one in rows if part in (pair.part, "all")]
        right, wrong = some.count((True, True)), some.count((False, True))
        same, different = sum(same for same, _ in some), sum(not same for same, _ in some)
        precision, recall = right / (right + wrong or 1), right / (same or 1)
        f1, false = 2 * precision * recall / (precision + recall or 1), wrong / (different or 1)
        print(f"            {part:>6} {same:5} {different:5} {precision:6.3f} {recall:6.3f} {f1:6.3f} {false:13.4f}")
    for pair, one in rows:
        if one != pair.same:
            print(f"  {'false merge' if one else 'missed'} ({pair.part}): {pair}")
    return {"pairs_f1": round(f1, 3), "false_merge_rate": round(false, 4)}


def main() -> None:
    """Measure, print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=("pairs", "dwie", "dev", "scale", "add"), help="a part")
    parser.add_argument("--dwie", type=Path, help="dev.json of DWIE, in DocRED's form")
    parser.add_argument("--gold", type=Path, help="gold.jsonl, the annotated claims")
    parser.add_argument("--texts", type=Path, help="the folder of the annotated articles")
    parser.add_argument("--work", type=Path, help="a folder that keeps what is extracted")
    parser.add_argument("--mentions", type=int, default=1_000_000, help="of the synthetic scale")
    parser.add_argument("--articles", type=int, default=10_000, help="of the collection that one is added to")
    parser.add_argument("--errors", action="store_true", help="list what is split and what is mixed")
    given = parser.parse_args()
    wanted = given.only or ["pairs", "dwie", "dev", "scale", "add"]
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        if "pairs" in wanted:
            figures |= measure_pairs()
        if "dwie" in wanted and given.dwie:
            figures |= measure_dwie(given.dwie, work, errors=given.errors)
        if "dev" in wanted and given.gold and given.texts:
            figures |= measure_dev(given.gold, given.texts, work, errors=given.errors)
        if "scale" in wanted:
            figures |= measure_scale(given.mentions)
        if "add" in wanted:
            figures |= measure_add(given.articles, work)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
