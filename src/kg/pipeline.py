"""Joins the stages: articles go into the collection, what is new there is extracted, the graph is derived from all."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from kg.annotate import load_model, model_version
from kg.batches import extract_batches
from kg.errors import (
    BadCorrections,
    BadEntityList,
    BadGraph,
    BadOntology,
    KgError,
    OutputFailed,
    UnknownEntity,
    UnreadableInput,
)
from kg.extract import Extractor, fingerprint
from kg.gazetteer import load_gazetteer
from kg.increment import Given, drop_basis, file_basis, increment, new_stamp
from kg.model import BuildSummary, Document, Knowledge, Modality, Problem, Record
from kg.ontology import BASE, Ontology, Template, load_ontology
from kg.own import Own, keep_own, load_own, relative_paths
from kg.progress import Progress, silent
from kg.read import read
from kg.records import RecordStore, Status, beside, input_digest
from kg.redirects import changes, heirs, redirected
from kg.resolve import Resolution, resolve_all
from kg.store import write
from kg.store.folder import is_folder
from kg.store.formats import is_address
from kg.store.lock import writing
from kg.store.target import check_target, writing_to
from kg.triplify import triplify

FILED = 200  # articles filed at once
BASE_FORM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*[/#:]")  # an absolute IRI, cut where names follow
NO_FIELDS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the graph depends on beside the articles, and how to make it."""

    ontology: Ontology
    output: str
    base: str = BASE
    min_confidence: float = 0.0
    strict: bool = False
    jobs: int = 1
    own: Own = field(default_factory=Own)
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
    entities: Sequence[Path | str] | None = None,
    corrections: Path | str | None = None,
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

    `entities` are lists of the user's own; the collection keeps them, and an empty list takes them out again.
    `corrections` is the file of corrections, by default the one beside the graph; the collection remembers it.

    Raises:
        BadCorrections, BadEntityList: corrections or a list cannot be used, or contradict themselves.
        UnreadableInput: nothing could be read or, with `strict`, something could not; the output is as it was.
        OutputFailed: the graph cannot be written; the output is as it was, what is extracted is kept.
    """
    settings = Settings(
        ontology=load_ontology([Path(p) for p in ontology]),
        output=str(output),
        base=base,
        min_confidence=min_confidence,
        strict=strict,
        jobs=jobs,
        progress=progress,
    )
    there = check_target(output)
    records = records_path(output, work)
    if there and not (fresh or work or records.exists()):
        raise BadGraph(
            f"{output} exists, but the collection of its articles, {records}, does not: name the collection's folder "
            "with --work, or start anew with --fresh"
        )
    with writing_to(output), _collection(records, fresh=fresh) as store:
        own = load_own(store, records, output, settings.ontology, base=base, corrections=corrections, entities=entities)
        remembered = {"ontology": relative_paths(ontology, records), "min_confidence": min_confidence}
        missed = () if fresh or ontology else tuple(_left_out(store))
        own = replace(own, keep={**own.keep, **remembered}, problems=(*own.problems, *missed))
        settings = replace(settings, own=own)
        summary = _file(read(paths, fields=fields, date=date), store, settings)
        return _derive(store, settings, summary)


def _left_out(store: RecordStore) -> Iterator[Problem]:
    """The ontologies of the last build that this one is not given."""
    for path in store.kept("ontology", list[str]) or []:
        yield Problem(
            where=path, message="was given to the last build and not now: its relations are left out; --ontology"
        )


def remove(
    articles: Iterable[str],
    graph: Path | str,
    *,
    work: Path | str | None = None,
    ontology: Sequence[Path | str] | None = None,
    base: str | None = None,
    jobs: int = 1,
    min_confidence: float | None = None,
    progress: Progress = silent,
) -> tuple[int, BuildSummary]:
    """Take articles, given by name, id, URL or path, out of the collection and derive the graph again.

    Gives the number of articles removed, too. `ontology`, `base` and `min_confidence` are those of the last build
    unless others are given.

    Raises:
        UnknownEntity: the collection has no such article; nothing is removed.
        BadGraph: there is no collection.
    """
    records = _there(records_path(graph, work))
    with writing_to(graph), writing(records), RecordStore.open(records) as store, store.transaction():
        settings = _as_before(store, records, graph, ontology=ontology, base=base, min_confidence=min_confidence)
        removed = sum(_remove(store, article) for article in dict.fromkeys(articles))
        return removed, _derive(store, replace(settings, jobs=jobs, progress=progress), BuildSummary())


def rederive(
    graph: Path | str,
    *,
    work: Path | str | None = None,
    corrections: Path | str | None = None,
    progress: Progress = silent,
) -> BuildSummary:
    """Write the graph of the collection again, as its last build did, with the corrections as they are now.

    Raises:
        BadGraph: there is no collection.
        BadCorrections: the corrections cannot be used; the graph is as it was.
    """
    records = _there(records_path(graph, work))
    with writing_to(graph), writing(records), RecordStore.open(records) as store:
        settings = _as_before(store, records, graph, corrections=corrections)
        return _derive(store, replace(settings, progress=progress), BuildSummary())


def _there(records: Path) -> Path:
    if not records.exists():
        raise BadGraph(f"{records}: no collection of articles; name its folder with --work")
    return records


def _as_before(
    store: RecordStore,
    records: Path,
    graph: Path | str,
    *,
    ontology: Sequence[Path | str] | None = None,
    base: str | None = None,
    min_confidence: float | None = None,
    corrections: Path | str | None = None,
) -> Settings:
    """The settings of the last build, but for those given."""
    if ontology is None:
        ontology = [records.parent / path for path in store.kept("ontology", list[str]) or []]
    if base is None:
        base = store.kept("base", str) or BASE
    if min_confidence is None:
        min_confidence = store.kept("min_confidence", float) or 0.0
    settings = Settings(
        ontology=load_ontology([Path(p) for p in ontology]),
        output=str(graph),
        base=base,
        min_confidence=min_confidence,
    )
    own = load_own(store, records, graph, settings.ontology, base=base, corrections=corrections)
    return replace(settings, own=own)


def records_path(output: Path | str, work: Path | str | None = None) -> Path:
    """Where the collection of a graph lies.

    >>> records_path("news/kg.ttl").name, records_path("kg.ttl", "work").as_posix()
    ('kg.ttl.records.sqlite', 'work/records.sqlite')
    """
    return Path(work) / "records.sqlite" if work else beside(output)


def count_edges(claims: Iterable[tuple[str, str, str]], ontology: Ontology) -> int:
    """The number of edges that asserted claims (subject, relation, object) make; a symmetric one counts once.

    >>> count_edges([("a", "spokeWith", "b"), ("b", "spokeWith", "a"), ("a", "leaderOf", "c")], load_ontology())
    2
    """
    symmetric = {name for name, relation in ontology.relations.items() if relation.symmetric}
    return len({(r, *(sorted((s, o)) if r in symmetric else (s, o))) for s, r, o in claims})


# ---------------------------------------------------------------- into the collection


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
            with writing(records), RecordStore.open(records) as store:
                yield store
        except (UnreadableInput, BadCorrections, BadEntityList):
            if not there:
                records.unlink(missing_ok=True)  # nothing could be read: nothing is left behind
            raise
        return
    anew = records.with_name(records.name + ".fresh")
    with writing(records):
        with _begun(anew) as store:
            store.clear(keep_records=True)  # a stopped build with `fresh` goes on with what it has extracted
            _keep_own_of(records, store)
            yield store
        journal = records.with_name(records.name + "-journal")
        journal.unlink(missing_ok=True)  # a killed build's, of the old file: not to be played on the new one
        anew.replace(records)


def _keep_own_of(records: Path, store: RecordStore) -> None:
    """What users have added beside articles is not forgotten with the articles; a damaged collection has nothing."""
    if records.exists():
        with suppress(BadGraph), RecordStore.open(records) as old:
            store.keep_all_of(old)


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
    summary = replace(summary, problems=problems, notices=settings.own.problems)
    return _changed(store, version, settings, summary) or _anew(store, version, settings, summary)


def _given(version: str, settings: Settings) -> Given | None:
    """What a graph that is changed in place depends on; nothing for a graph that is always written whole."""
    if is_address(settings.output) or not is_folder(_path(settings)) or not settings.own.empty:
        return None
    return Given(
        ontology=settings.ontology, base=settings.base, version=version, min_confidence=settings.min_confidence
    )


def _path(settings: Settings) -> Path:
    return Path(os.path.realpath(settings.output))


def _changed(store: RecordStore, version: str, settings: Settings, summary: BuildSummary) -> BuildSummary | None:
    """Change the graph by what the articles change; nothing where it must be derived anew."""
    given = _given(version, settings)
    settings.progress("resolving", 0, None)
    with store.transaction():
        outcome = given and increment(store, _path(settings), given)
        if outcome is None:
            return None
        keep_own(store, settings.own)
    return replace(summary, **asdict(outcome))


def _anew(store: RecordStore, version: str, settings: Settings, summary: BuildSummary) -> BuildSummary:
    """Derive the whole graph."""
    resolution = _resolution(store, version, settings)
    knowledge = resolution.knowledge
    settings.progress("writing", 0, None)
    found = triplify(knowledge, settings.ontology, base=settings.base)
    stamp = new_stamp()
    triples = write(found, settings.output, base=settings.base, stamp=stamp, progress=settings.progress)
    asserted = ((c.subject, c.relation, c.object) for c in knowledge.claims if c.modality is Modality.ASSERTED)
    edges = count_edges(asserted, settings.ontology)
    with store.transaction():
        moved = _refile(store, knowledge, settings, version)
        if given := _given(version, settings):
            file_basis(store, resolution, given, stamp=stamp, edges=edges, triples=triples)
        else:
            drop_basis(store)
    return replace(
        summary,
        articles=len(knowledge.articles),
        entities=len(knowledge.entities),
        claims=len(knowledge.claims),
        edges=edges,
        triples=triples,
        notices=(*summary.notices, *knowledge.problems),
        changes=moved,
    )


def _refile(store: RecordStore, knowledge: Knowledge, settings: Settings, version: str) -> tuple[str, ...]:
    """Let the collection keep what the next build shall find; what has another id now, in words."""
    before = store.entities()
    now = {entity.id: sorted(knowledge.names.get(entity.id, ())) for entity in knowledge.entities}
    keep_own(store, settings.own)
    store.keep("fingerprint", version)
    store.put_entities(now, redirected(store.redirects(), heirs(before, now), now))
    return tuple(changes(before, now, knowledge.entities))


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


def unusable_templates(ontology: Ontology) -> tuple[Template, ...]:
    """The templates of the user's own relations that the parser can make nothing of; this loads the parser.

    >>> unusable_templates(load_ontology())  # nothing of one's own
    ()
    """
    return _unusable_of(Extractor(ontology, load_model()), ontology) if _own_templates(ontology) else ()


def _own_templates(ontology: Ontology) -> set[Template]:
    return set(ontology.lexicon.templates) - set(load_ontology().lexicon.templates)


def _unusable_of(extractor: Extractor, ontology: Ontology) -> tuple[Template, ...]:
    """Of the relations that the user has words of their own for."""
    own = {template.relation for template in _own_templates(ontology)}
    return tuple(template for template in extractor.unusable if template.relation in own)


def _unusable(extractor: Extractor, ontology: Ontology) -> Iterator[Problem]:
    for template in _unusable_of(extractor, ontology):
        message = f"the template {template.text!r} cannot be used; write a plain sentence with one verb"
        yield Problem(where=f"ontology, {template.relation}", message=message)


def _resolution(store: RecordStore, version: str, settings: Settings) -> Resolution:
    def sure(record: Record) -> Record:
        return replace(record, claims=tuple(c for c in record.claims if c.confidence >= settings.min_confidence))

    pairs = ((document, sure(record)) for document, record in store.pairs(version))
    return resolve_all(
        pairs,
        same_as=load_gazetteer().same_as(),
        ontology=settings.ontology,
        corrections=settings.own.corrections,
        known=settings.own.known,
    )
