"""Claims held against annotated ones: precision, recall, F1, errors by kind, and how far to trust confidences.

The definitions are those of the annotation guidelines: claims are compared within an article by the names of both ends
and the relation; only what is presented as a fact, now or in the past, counts for precision and recall.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from kg.errors import UnreadableInput
from kg.explain import ClaimRow, claims
from kg.model import Modality
from kg.ontology import load_ontology
from kg.pipeline import build
from kg.progress import Progress, silent
from kg.store import Graph, open_graph

FACTUAL = frozenset({Modality.ASSERTED, Modality.ENDED})
# The relation of the annotation that a narrower one counts as.
COUNTS_AS: Mapping[str, str] = {
    "metWith": "spokeWith",
    "phoned": "spokeWith",
    "spokespersonOf": "officialOf",
    "headOfStateOf": "leaderOf",
    "headOfGovernmentOf": "leaderOf",
}

# ---------------------------------------------------------------- claims as they are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What stands at one end of a claim: its name and every name in the folded form in which names are compared."""

    name: str
    names: frozenset[str]

    @classmethod
    def of(cls, name: str, aliases: Iterable[str] = ()) -> End:
        """An end by the names that the text gives it."""
        return cls(name=name, names=frozenset(filter(None, map(fold, (name, *aliases)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A claim, annotated or found, as far as it is compared."""

    article: str
    subject: End
    relation: str
    object: End
    modality: Modality
    attribution: str | None = None
    confidence: float = 0.0
    evidence: str = ""

    @property
    def counted_as(self) -> str:
        """The relation of the annotation that this one is."""
        return COUNTS_AS.get(self.relation, self.relation)

    @property
    def factual(self) -> bool:
        """Whether the text presents it as a fact, now or in the past."""
        return self.modality in FACTUAL

    def __str__(self) -> str:
        return f"{self.subject.name} - {self.relation} - {self.object.name} ({self.modality})"


TITLE = re.compile(r"(?:the|mr|mrs|ms|dr|sir|president|prime minister|chancellor)\s+", re.IGNORECASE)


def fold(name: str | None) -> str:
    """A name without case, accents, punctuation, a possessive and the titles before it.

    >>> fold("Mr Macron’s"), fold("the President Evo Morales"), fold("S. O'Neill")
    ('macron', 'evo morales', 's o neill')
    """
    decomposed = unicodedata.normalize("NFKD", name or "")
    text = "".join(character for character in decomposed if not unicodedata.combining(character)).strip()
    text = re.sub(r"[’']s?$", "", text)
    while match := TITLE.match(text):
        text = text[match.end() :]
    return re.sub(r"\W+", " ", text.lower()).strip()


# ---------------------------------------------------------------- what an evaluation says


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many claims are annotated, how many found, how many of these are right.

    >>> (Tally(gold=4, predicted=2, right=1) + Tally(gold=1, predicted=1, right=1)).score
    Score(precision=0.6666666666666666, recall=0.4, f1=0.5)
    """

    gold: int = 0
    predicted: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            gold=self.gold + other.gold, predicted=self.predicted + other.predicted, right=self.right + other.right
        )

    @property
    def score(self) -> Score:
        """The tally as shares; 0 where there is nothing to take a share of."""
        precision, recall = _share(self.right, self.predicted), _share(self.right, self.gold)
        return Score(precision=precision, recall=recall, f1=_share(2 * precision * recall, precision + recall))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


class Kind(StrEnum):
    """What is wrong; a miss is of the first kind that fits it, a claim that explains a miss is not spurious too."""

    WRONG_MODALITY = "wrong modality"  # the claim is found, but not as the fact, or the plan, that it is
    WRONG_DIRECTION = "wrong direction"  # its ends are swapped
    WRONG_RELATION = "wrong relation"  # its ends are found in another relation
    WRONG_PAIR = "wrong pair"  # both ends are found, but no claim between them
    MISSED_ENTITY = "missed entity"  # an end is nothing that the article is found to mention
    SPURIOUS = "spurious"  # nothing annotated corresponds to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """One error; `gold` is None for a spurious claim, `predicted` where nothing was found."""

    kind: Kind
    gold: Statement | None = None
    predicted: Statement | None = None

    @property
    def relation(self) -> str:
        """The relation that it counts against: the annotated one, if any."""
        statement = self.gold or self.predicted
        return statement.counted_as if statement else ""

    def __str__(self) -> str:
        shown = self.gold or self.predicted
        instead = f"; found: {self.predicted}" if self.gold and self.predicted else ""
        quote = " ".join(shown.evidence.split()) if shown else ""
        where = shown.article if shown else ""
        return f"{self.kind}: {where}: {shown}{instead}" + (f'\n    "{quote}"' if quote else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A claim that was found as a fact: how sure the extraction was, and whether it is right."""

    confidence: float
    right: bool
    claim: Statement | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Tallies by relation, accuracy of the qualifiers over all claims found, and every error."""

    by_relation: Mapping[str, Tally]
    modality: Tally  # of all claims matched: right is the same modality
    attribution: Tally  # of those that either side attributes
    errors: tuple[Error, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unread: tuple[str, ...] = ()  # annotated articles of which nothing was given
    problems: tuple[str, ...] = ()  # texts that could not be used, and why

    @property
    def total(self) -> Tally:
        """All relations as one."""
        return sum(self.by_relation.values(), Tally())

    def kinds(self) -> Mapping[str, Counter[Kind]]:
        """How many errors of each kind a relation has."""
        counts: dict[str, Counter[Kind]] = defaultdict(Counter)
        for error in self.errors:
            counts[error.relation][error.kind] += 1
        return dict(sorted(counts.items()))


# ---------------------------------------------------------------- the comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """The claims of one article, matched; pairs are positions in `gold` and `found`."""

    gold: Sequence[Statement]
    found: Sequence[Statement]
    pairs: Sequence[tuple[int, int]]
    entities: Collection[frozenset[str]]

    @property
    def right(self) -> list[tuple[int, int]]:
        """The pairs that count: facts on both sides."""
        return [(g, f) for g, f in self.pairs if self.gold[g].factual and self.found[f].factual]


def evaluate(
    gold: Mapping[str, Sequence[Statement]],
    predicted: Iterable[Statement],
    symmetric: Collection[str],
    *,
    entities: Mapping[str, Collection[frozenset[str]]] | None = None,
) -> Evaluation:
    """Hold what was found against what is annotated.

    `gold` has an item for each annotated article, also for one without claims; articles and relations that the
    annotation does not have are left aside. `symmetric` names its relations that hold both ways. `entities` gives the
    folded names of each entity that an article is found to mention; without it, those of its claims are meant.

    >>> one = Statement(article="a", subject=End.of("Ms Roe"), relation="spokeWith", object=End.of("Vant"),
    ...                 modality=Modality.ASSERTED)
    >>> other = Statement(article="a", subject=End.of("Vant"), relation="metWith", object=End.of("Roe"),
    ...                   modality=Modality.ASSERTED)
    >>> evaluate({"a": [one]}, [other], {"spokeWith"}).total
    Tally(gold=1, predicted=1, right=1)
    """
    known = {claim.counted_as for claims_of in gold.values() for claim in claims_of}
    found: dict[str, list[Statement]] = defaultdict(list)
    for claim in predicted:
        if claim.article in gold and claim.counted_as in known:
            found[claim.article].append(claim)
    articles = [
        _article(claims_of, found[name], symmetric, (entities or {}).get(name)) for name, claims_of in gold.items()
    ]
    return Evaluation(
        by_relation=_by_relation(articles),
        modality=_accuracy((g.modality, f.modality) for a in articles for g, f in _matched(a)),
        attribution=_accuracy(
            (fold(g.attribution), fold(f.attribution))
            for a in articles
            for g, f in _matched(a)
            if g.attribution or f.attribution
        ),
        errors=tuple(error for article in articles for error in _errors(article)),
        judgements=tuple(judgement for article in articles for judgement in _judgements(article)),
    )


def _article(
    gold: Sequence[Statement],
    found: Sequence[Statement],
    symmetric: Collection[str],
    entities: Collection[frozenset[str]] | None,
) -> _Article:
    distinct: list[Statement] = []
    for claim in found:
        if not any(_same(claim, other, symmetric) for other in distinct):
            distinct.append(claim)
    if entities is None:
        entities = [end.names for claim in distinct for end in (claim.subject, claim.object)]
    pairs = list(_pairs(gold, distinct, symmetric))
    return _Article(gold=gold, found=distinct, pairs=pairs, entities=entities)


def _pairs(
    gold: Sequence[Statement], found: Sequence[Statement], symmetric: Collection[str]
) -> Iterator[tuple[int, int]]:
    """Each claim found, the surest first, with the first annotated one that it is and that none before it is."""
    free = list(range(len(gold)))
    for f in sorted(range(len(found)), key=lambda n: -found[n].confidence):
        g = next((g for g in free if _same(gold[g], found[f], symmetric)), None)
        if g is not None:
            free.remove(g)
            yield g, f


def _same(one: Statement, other: Statement, symmetric: Collection[str]) -> bool:
    if one.counted_as != other.counted_as:
        return False
    return _along(one, other) or (one.relation in symmetric and _against(one, other))


def _along(one: Statement, other: Statement) -> bool:
    return not (one.subject.names.isdisjoint(other.subject.names) or one.object.names.isdisjoint(other.object.names))


def _against(one: Statement, other: Statement) -> bool:
    return not (one.subject.names.isdisjoint(other.object.names) or one.object.names.isdisjoint(other.subject.names))


def _matched(article: _Article) -> Iterator[tuple[Statement, Statement]]:
    return ((article.gold[g], article.found[f]) for g, f in article.pairs)


def _accuracy(pairs: Iterable[tuple[str, str]]) -> Tally:
    same = [one == other for one, other in pairs]
    return Tally(gold=len(same), predicted=len(same), right=sum(same))


def _by_relation(articles: Sequence[_Article]) -> dict[str, Tally]:
    gold = Counter(c.counted_as for a in articles for c in a.gold if c.factual)
    predicted = Counter(c.counted_as for a in articles for c in a.found if c.factual)
    right = Counter(a.gold[g].counted_as for a in articles for g, _ in a.right)
    return {r: Tally(gold=gold[r], predicted=predicted[r], right=right[r]) for r in sorted({*gold, *predicted})}


def _judgements(article: _Article) -> Iterator[Judgement]:
    right = {f for _, f in article.right}
    for n, claim in enumerate(article.found):
        if claim.factual:
            yield Judgement(confidence=claim.confidence, right=n in right, claim=claim)


# ---------------------------------------------------------------- errors


def _errors(article: _Article) -> Iterator[Error]:
    """The misses of an article, each with what explains it, then what is found and annotated nowhere."""
    paired = dict(article.pairs)
    explained = set(paired.values())
    for g, claim in enumerate(article.gold):
        if g in paired:
            other = article.found[paired[g]]
            if claim.modality is not other.modality:
                yield Error(kind=Kind.WRONG_MODALITY, gold=claim, predicted=other)
        elif claim.factual:
            kind, instead = _miss(article, claim, explained)
            explained.update(instead)
            yield Error(kind=kind, gold=claim, predicted=article.found[instead[0]] if instead else None)
    for f, claim in enumerate(article.found):
        if claim.factual and f not in explained:
            yield Error(kind=Kind.SPURIOUS, predicted=claim)


def _miss(article: _Article, claim: Statement, explained: Collection[int]) -> tuple[Kind, tuple[int, ...]]:
    """Why a claim was not found, and the number of the claim that was found in its place, if any."""
    rest = [(f, other) for f, other in enumerate(article.found) if f not in explained and other.factual]
    for f, other in rest:
        if claim.counted_as == other.counted_as and _against(claim, other):
            return Kind.WRONG_DIRECTION, (f,)
    for f, other in rest:
        if claim.counted_as != other.counted_as and (_along(claim, other) or _against(claim, other)):
            return Kind.WRONG_RELATION, (f,)
    ends = (claim.subject, claim.object)
    there = all(any(not end.names.isdisjoint(names) for names in article.entities) for end in ends)
    return (Kind.WRONG_PAIR if there else Kind.MISSED_ENTITY), ()


# ---------------------------------------------------------------- confidences


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The claims whose confidence lies from `low` to `high`: how sure they are and how many are right."""

    low: float
    high: float
    claims: int
    confidence: float  # mean
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A reliability table and the expected calibration error: the mean gap between confidence and accuracy.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599
    """

    bins: tuple[Bin, ...]
    error: float


def calibration(judgements: Evaluation | Iterable[Judgement], *, bins: int = 10) -> Calibration:
    """How far the confidences can be trusted; empty bins are left out.

    >>> found = calibration([Judgement(confidence=0.9, right=True), Judgement(confidence=0.9, right=False)])
    >>> found.bins[0].accuracy, found.error
    (0.5, 0.4)
    """
    given = list(judgements.judgements if isinstance(judgements, Evaluation) else judgements)
    grouped: dict[int, list[Judgement]] = defaultdict(list)
    for judgement in given:
        grouped[min(int(round(judgement.confidence, 6) * bins), bins - 1)].append(judgement)
    table = tuple(_bin(number / bins, (number + 1) / bins, grouped[number]) for number in sorted(grouped))
    error = sum(_share(b.claims, len(given)) * abs(b.confidence - b.accuracy) for b in table)
    return Calibration(bins=table, error=round(error, 6))


def _bin(low: float, high: float, held: Sequence[Judgement]) -> Bin:
    mean = sum(judgement.confidence for judgement in held) / len(held)
    accuracy = sum(judgement.right for judgement in held) / len(held)
    return Bin(low=low, high=high, claims=len(held), confidence=mean, accuracy=accuracy)


# ---------------------------------------------------------------- in words


def score_table(evaluation: Evaluation) -> str:
    """Precision, recall and F1, over all and by relation, and the accuracy of the qualifiers."""
    rows = [("all", evaluation.total), *evaluation.by_relation.items()]
    lines = [f"{'relation':14} {'gold':>5} {'pred':>5} {'P':>6} {'R':>6} {'F1':>6}"]
    for name, tally in rows:
        s = tally.score
        lines.append(f"{name:14} {tally.gold:5} {tally.predicted:5} {s.precision:6.3f} {s.recall:6.3f} {s.f1:6.3f}")
    if evaluation.modality.gold:
        lines.append(_qualifiers(evaluation.modality, evaluation.attribution))
    return "\n".join(lines)


def _qualifiers(modality: Tally, attribution: Tally) -> str:
    attributed = attribution.right / attribution.gold if attribution.gold else 1
    return (
        f"modality accuracy {modality.right / modality.gold:.3f} of {modality.gold}; "
        f"attribution accuracy {attributed:.3f} of {attribution.gold}"
    )


def error_table(evaluation: Evaluation) -> str:
    """The number of errors of each kind, by relation."""
    kinds = [*Kind]
    lines = [" ".join([f"{'errors':14}", *(f"{kind:>15}" for kind in kinds)])]
    for relation, counts in evaluation.kinds().items():
        lines.append(" ".join([f"{relation:14}", *(f"{counts[kind]:15}" for kind in kinds)]))
    return "\n".join(lines)


def calibration_table(found: Calibration) -> str:
    """The reliability table and the expected calibration error."""
    lines = [f"{'confidence':14} {'claims':>6} {'mean':>6} {'right':>6}"]
    lines += [f"{b.low:.2f} to {b.high:.2f}   {b.claims:6} {b.confidence:6.3f} {b.accuracy:6.3f}" for b in found.bins]
    return "\n".join([*lines, f"expected calibration error {found.error:.3f}"])


def rendered(evaluation: Evaluation, *, errors: int | None = None) -> str:
    """All of it as plain text; `errors` is how many of each relation and kind to list (None: all, 0: none)."""
    parts = [score_table(evaluation)]
    if evaluation.problems:
        parts.append("\n".join(["these texts could not be used:", *evaluation.problems]))
    if evaluation.unread:
        parts.append(f"no text was given for {', '.join(evaluation.unread)}: their claims count as missed")
    if evaluation.judgements:
        parts.append(calibration_table(calibration(evaluation)))
    if evaluation.errors:
        parts += [error_table(evaluation), *_listed(evaluation, errors)]
    return "\n\n".join([*parts, f"F1 {evaluation.total.score.f1:.3f}"])


def _listed(evaluation: Evaluation, most: int | None) -> Iterator[str]:
    for relation in evaluation.kinds():
        for kind in Kind:
            held = [str(e) for e in evaluation.errors if e.relation == relation and e.kind is kind][:most]
            if held:
                yield "\n".join([f"{relation}, {kind}:", *held])


# ---------------------------------------------------------------- from files


def read_gold(path: Path | str) -> dict[str, list[Statement]]:
    """The annotated claims of each article, of a file with one JSON object a line.

    Raises:
        UnreadableInput: the file cannot be read, or a line is not in the form of the annotation guidelines.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    gold: dict[str, list[Statement]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                article = json.loads(line)
                gold[article["id"]] = [_annotated(article["id"], claim) for claim in article["claims"]]
            except (ValueError, KeyError, TypeError) as error:
                raise UnreadableInput(f"{path}, line {number}: {_complaint(error)}") from error
    if not gold:
        raise UnreadableInput(f"{path}: holds no annotated article; give JSON lines with id and claims")
    return gold


def _complaint(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error}"
    if isinstance(error, KeyError):
        return f"has no {error}; an article has an id and claims, a claim subject, relation, object and modality"
    return str(error)


def _annotated(article: str, claim: Mapping[str, object]) -> Statement:
    attribution = claim.get("attribution")
    return Statement(
        article=article,
        subject=_end(claim, "subject"),
        relation=str(claim["relation"]),
        object=_end(claim, "object"),
        modality=Modality(str(claim["modality"])),
        attribution=str(attribution) if attribution else None,
        evidence=str(claim.get("evidence") or ""),
    )


def _end(claim: Mapping[str, object], side: str) -> End:
    aliases = claim.get(f"{side}_aliases") or ()
    if not isinstance(aliases, list | tuple):
        raise TypeError(f"{side}_aliases: {aliases!r} is no list")
    return End.of(str(claim[side]), map(str, aliases))


def found_claim(row: ClaimRow) -> Statement:
    """A claim of a graph, in the form that is compared."""
    return Statement(
        article=row["article"],
        subject=End.of(row["subject"], row["subject_aliases"]),
        relation=row["relation"],
        object=End.of(row["object"], row["object_aliases"]),
        modality=Modality(row["modality"]),
        attribution=row["attribution"],
        confidence=row["confidence"],
        evidence=row["evidence"],
    )


MENTIONED = """
    SELECT ?article ?entity ?name WHERE {
      ?report dcterms:identifier ?article ; kg:mentions ?entity .
      { ?entity rdfs:label ?name } UNION { ?entity skos:altLabel ?name }
    }
"""
ARTICLES = "SELECT DISTINCT ?article WHERE { ?report a kg:Article ; dcterms:identifier ?article }"


def mentioned(graph: Graph) -> dict[str, list[frozenset[str]]]:
    """The folded names of each entity that an article mentions, by the article's name."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for article, entity, name in graph.select(MENTIONED):
        names[str(article), str(entity)].add(fold(str(name)))
    by_article: dict[str, list[frozenset[str]]] = defaultdict(list)
    for (where, _), folded in names.items():
        by_article[where].append(frozenset(folded))
    return dict(by_article)


def measure(
    gold: Path | str,
    texts: Iterable[Path | str],
    *,
    ontology: Sequence[Path | str] = (),
    jobs: int = 1,
    progress: Progress = silent,
) -> Evaluation:
    """Build the graph of `texts` in a temporary folder and hold its claims against those of the file `gold`.

    The annotation's article ids are the texts' names: a file's stem, or an id in a dump.

    Raises:
        UnreadableInput: the gold file or all texts cannot be read, or no text is of an annotated article.
    """
    annotated = read_gold(gold)
    known = load_ontology([Path(path) for path in ontology])
    with tempfile.TemporaryDirectory(prefix="kg-eval-") as folder:
        path = Path(folder) / "graph.nt"
        built = build(texts, path, ontology=ontology, jobs=jobs, progress=progress)
        graph = open_graph(path)
        read = {str(row[0]) for row in graph.select(ARTICLES)}
        if not read & annotated.keys():
            raise UnreadableInput(f"{gold}: annotates none of the texts given; its first is {next(iter(annotated))}")
        found = [found_claim(row) for row in claims(graph, ontology=known)]
        entities = mentioned(graph)
    symmetric = {name for name, relation in known.relations.items() if relation.symmetric} - COUNTS_AS.keys()
    evaluation = evaluate(annotated, found, symmetric, entities={name: entities.get(name, []) for name in annotated})
    unread = tuple(sorted(annotated.keys() - read))
    return replace(evaluation, unread=unread, problems=tuple(map(str, built.problems)))


def report(
    gold: Path | str,
    texts: Iterable[Path | str],
    *,
    ontology: Sequence[Path | str] = (),
    jobs: int = 1,
    errors: int | None = None,
    progress: Progress = silent,
) -> str:
    """What `kg eval GOLD TEXTS` prints: scores by relation, calibration, errors by relation and kind."""
    return rendered(measure(gold, texts, ontology=ontology, jobs=jobs, progress=progress), errors=errors)
