"""Joins the stages: articles go into the collection, what is new there is extracted, the graph is derived from all."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kg.annotate import load_model, model_version
from kg.batches import extract_batches
from kg.errors import BadGraph, BadOntology, KgError, OutputFailed, UnknownEntity, UnreadableInput
from kg.extract import Extractor, fingerprint
from kg.gazetteer import load_gazetteer
from kg.model import BuildSummary, Document, Knowledge, Modality, Problem, Record
from kg.ontology import BASE, Ontology, load_ontology
from kg.progress import Progress, silent
from kg.read import read
from kg.records import RecordStore, Status, input_digest
from kg.resolve import resolve
from kg.store import write
from kg.store.formats import FORMATS, TABLE, known_suffixes, suffix_of
from kg.triplify import triplify

FILED = 200  # articles filed at once
BASE_FORM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*[/#:]")  # an absolute IRI, cut where names follow
NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the graph depends on beside the articles, and how to make it."""

    ontology: Ontology
    output: Path
    base: str = BASE
    min_confidence: float = 0.0
    strict: bool = False
    jobs: int = 1
    progress: Progress = silent

    def __post_init__(self) -> None:
        if not BASE_FORM.fullmatch(self.base):
            raise KgError(f"--base {self.base!r}: not the beginning of IRIs; give one such as {BASE}")


def build(
    paths: Iterable[Path | str],
    output: Path | str,
    *,
    work: Path | str | None = None,
    ontology: Sequence[Path | str] = (),
    base: str = BASE,
    date: dt.date | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    fresh: bool = False,
    strict: bool = False,
    jobs: int = 1,
    min_confidence: float = 0.0,
    progress: Progress = silent,
) -> BuildSummary:
    """Add the articles of `paths` to the collection and write the graph of the whole collection to `output`.

    Only articles that this extractor has not seen are parsed. An input that cannot be used is a problem in the
    summary; with `strict` it is an error. `work` is the folder of the collection; without it, the collection is a file
    beside the output. With `fresh`, the collection starts anew once the new graph is written.

    Raises:
        UnreadableInput: nothing could be read or, with `strict`, something could not; the output is as it was.
        OutputFailed: the graph cannot be written; the output is as it was, what is extracted is kept.
    """
    settings = Settings(
        ontology=load_ontology([Path(p) for p in ontology]),
        output=Path(output),
        base=base,
        min_confidence=min_confidence,
        strict=strict,
        jobs=jobs,
        progress=progress,
    )
    _check_target(settings.output)
    records = records_path(output, work)
    if not (fresh or work or records.exists()) and settings.output.is_file() and settings.output.stat().st_size:
        raise BadGraph(
            f"{output} exists, but the collection of its articles, {records}, does not: name the collection's folder "
            "with --work, or start anew with --fresh"
        )
    with _collection(records, fresh=fresh) as store:
        summary = _file(read(paths, fields=fields, date=date), store, settings)
        return _derive(store, settings, summary)


def remove(
    articles: Iterable[str],
    graph: Path | str,
    *,
    work: Path | str | None = None,
    ontology: Sequence[Path | str] = (),
    base: str = BASE,
    jobs: int = 1,
    min_confidence: float = 0.0,
    progress: Progress = silent,
) -> tuple[int, BuildSummary]:
    """Take articles, given by name, id, URL or path, out of the collection and derive the graph again.

    Gives the number of articles removed, too. `ontology`, `base` and `min_confidence` are those of the build.

    Raises:
        UnknownEntity: the collection has no such article; nothing is removed.
        BadGraph: there is no collection.
    """
    settings = Settings(
        ontology=load_ontology([Path(p) for p in ontology]),
        output=Path(graph),
        base=base,
        min_confidence=min_confidence,
        jobs=jobs,
        progress=progress,
    )
    records = records_path(graph, work)
    if not records.exists():
        raise BadGraph(f"{records}: no collection of articles; name its folder with --work")
    with RecordStore.open(records) as store, store.transaction():
        removed = sum(_remove(store, article) for article in dict.fromkeys(articles))
        return removed, _derive(store, settings, BuildSummary())


def records_path(output: Path | str, work: Path | str | None = None) -> Path:
    """Where the collection of a graph lies.

    >>> records_path("news/kg.ttl").name, records_path("kg.ttl", "work").as_posix()
    ('kg.ttl.records.sqlite', 'work/records.sqlite')
    """
    output = Path(output) if Path(output).name else Path(output).absolute()
    return Path(work) / "records.sqlite" if work else output.with_name(output.name + ".records.sqlite")


def count_edges(claims: Iterable[tuple[str, str, str]], ontology: Ontology) -> int:
    """The number of edges that asserted claims (subject, relation, object) make; a symmetric one counts once.

    >>> count_edges([("a", "spokeWith", "b"), ("b", "spokeWith", "a"), ("a", "leaderOf", "c")], load_ontology())
    2
    """
    symmetric = {name for name, relation in ontology.relations.items() if relation.symmetric}
    return len({(r, *(sorted((s, o)) if r in symmetric else (s, o))) for s, r, o in claims})


# ---------------------------------------------------------------- into the collection


def _check_target(output: Path) -> None:
    """Refuse at once what could not be written after hours of work."""
    suffix, _ = suffix_of(output)
    if output.is_dir():
        if any(output.iterdir()) and not (output / "CURRENT").exists():
            raise OutputFailed(f"{output}: a folder that holds other things; name a file, or a new or empty folder")
    elif suffix and suffix not in FORMATS and suffix != TABLE:
        raise OutputFailed(f"{output}: its suffix names no graph format; known: {known_suffixes()}")
    elif not output.parent.is_dir():
        raise OutputFailed(f"{output}: its folder does not exist; make it first")


@contextmanager
def _collection(records: Path, *, fresh: bool) -> Iterator[RecordStore]:
    """The collection, opened; a fresh one is made aside and takes the old one's place at the end."""
    try:
        records.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{records.parent}: cannot be made: {error.strerror}; name another --work") from error
    if not fresh:
        there = records.exists()
        try:
            with RecordStore.open(records) as store:
                yield store
        except UnreadableInput:
            if not there:
                records.unlink(missing_ok=True)  # nothing could be read: nothing is left behind
            raise
        return
    anew = records.with_name(records.name + ".fresh")
    with _begun(anew) as store:
        store.clear(keep_records=True)  # a stopped build with `fresh` goes on with what it has extracted
        yield store
    journal = records.with_name(records.name + "-journal")
    journal.unlink(missing_ok=True)  # a killed build's, of the old file: not to be played on the new one
    anew.replace(records)


def _begun(path: Path) -> RecordStore:
    try:
        return RecordStore.open(path)
    except BadGraph:
        path.unlink(missing_ok=True)
        return RecordStore.open(path)


def _file(inputs: Iterator[Document | Problem], store: RecordStore, settings: Settings) -> BuildSummary:
    """File what was read; with `strict`, all of it or nothing."""
    count = dict.fromkeys(Status, 0)
    problems: list[Problem] = []
    if settings.strict:
        with store.transaction():
            _file_some(inputs, store, count, problems, settings.progress)
            if problems:
                raise UnreadableInput(_listed("nothing was written, for --strict was given", problems))
    else:
        _file_some(inputs, store, count, problems, settings.progress)
    if not any(count.values()):
        raise UnreadableInput(_listed(f"no article could be read; {settings.output} is as it was", problems))
    return BuildSummary(
        new=count[Status.NEW], known=count[Status.KNOWN], replaced=count[Status.REPLACED], problems=tuple(problems)
    )


def _file_some(
    inputs: Iterator[Document | Problem],
    store: RecordStore,
    count: dict[Status, int],
    problems: list[Problem],
    progress: Progress,
) -> None:
    while some := list(islice(inputs, FILED)):
        documents = [found for found in some if isinstance(found, Document)]
        problems += [found for found in some if isinstance(found, Problem)]
        with store.transaction():
            for document in documents:
                count[store.put_document(document)] += 1
        progress("reading", sum(count.values()), None)


def _listed(what: str, problems: Iterable[Problem]) -> str:
    return "\n  ".join([f"{what}:" if problems else what, *map(str, problems)])


def _remove(store: RecordStore, article: str) -> int:
    removed = store.remove(article)
    if not removed:
        names = sorted({document.name for document in store.documents()})
        close = difflib.get_close_matches(article, names, n=3)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        raise UnknownEntity(f"no article has the name, id, URL or path {article!r}{hint} (nothing was removed)")
    return removed


# ---------------------------------------------------------------- out of the collection


def _derive(store: RecordStore, settings: Settings, summary: BuildSummary) -> BuildSummary:
    """Extract what is missing, then write the graph of the whole collection."""
    version = fingerprint(settings.ontology, model_version())
    problems = (*summary.problems, *_extract_missing(store, version, settings))
    if settings.strict and problems:
        raise UnreadableInput(_listed("the graph was not written, for --strict was given", problems))
    knowledge = _knowledge(store, version, settings)
    settings.progress("writing", 0, None)
    triples = write(triplify(knowledge, settings.ontology, base=settings.base), settings.output, base=settings.base)
    asserted = ((c.subject, c.relation, c.object) for c in knowledge.claims if c.modality is Modality.ASSERTED)
    return replace(
        summary,
        problems=problems,
        articles=len(knowledge.articles),
        entities=len(knowledge.entities),
        claims=len(knowledge.claims),
        edges=count_edges(asserted, settings.ontology),
        triples=triples,
    )


def _extract_missing(store: RecordStore, version: str, settings: Settings) -> Iterator[Problem]:
    total = sum(1 for _ in store.missing(version))
    if not total:
        return
    settings.progress("loading the model and the lexicon (half a minute the first time)", 0, total)
    extractor = Extractor(settings.ontology, load_model())
    unusable = tuple(_unusable(extractor, settings.ontology))
    if settings.strict and unusable:
        raise BadOntology(_listed("nothing was extracted, for --strict was given", unusable))
    yield from unusable
    done = 0
    for batch in extract_batches(store.missing(version), extractor, jobs=settings.jobs):
        with store.transaction():
            for document, found in batch:
                if isinstance(found, Record):
                    store.put_record(input_digest(document), version, found)
        yield from (found for _, found in batch if isinstance(found, Problem))
        done += len(batch)
        settings.progress("extracting", done, total)


def _unusable(extractor: Extractor, ontology: Ontology) -> Iterator[Problem]:
    """The templates that the parser can make nothing of, of the relations that the user has words of their own for."""
    own = set(ontology.lexicon.templates) - set(load_ontology().lexicon.templates)
    for template in extractor.unusable:
        if template.relation in {t.relation for t in own}:
            message = f"the template {template.text!r} cannot be used; write a plain sentence with one verb"
            yield Problem(where=f"ontology, {template.relation}", message=message)


def _knowledge(store: RecordStore, version: str, settings: Settings) -> Knowledge:
    def sure(record: Record) -> Record:
        return replace(record, claims=tuple(c for c in record.claims if c.confidence >= settings.min_confidence))

    settings.progress("resolving", 0, None)
    pairs = ((document, sure(record)) for document, record in store.pairs(version))
    return resolve(pairs, same_as=load_gazetteer().same_as(), ontology=settings.ontology)
