"""Corrections as people give them, by names, and what comes of them: a line in the file, the graph written again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kg import pipeline
from kg.corrections import (
    PAIRS,
    Correction,
    Corrections,
    Decision,
    class_of,
    conflicting,
    corrections_path,
    means,
    names_of,
    parse_corrections,
    read_text,
    split_reference,
    with_correction,
    without_correction,
)
from kg.errors import BadCorrections, OutputFailed
from kg.explain import article_terms
from kg.gazetteer import load_gazetteer
from kg.model import BuildSummary
from kg.ontology import BASE, Ontology, load_ontology
from kg.progress import Progress, silent
from kg.query import as_iri, local_name, resolve_entity
from kg.records import RecordStore
from kg.resolve import slug
from kg.store import Graph, Term, open_graph

LABEL = "SELECT ?label WHERE { ?entity rdfs:label ?label } ORDER BY ?label LIMIT 1"
SHOWN = 8  # names in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What came of a correction; without a collection, `summary` is None, and the next build follows it."""

    path: Path
    added: tuple[Correction, ...] = ()
    removed: tuple[Correction, ...] = ()
    summary: BuildSummary | None = None


def correct(
    graph: Path | str,
    decision: Decision,
    subject: str,
    value: str | None = None,
    *,
    articles: Sequence[str] = (),
    undo: bool = False,
    work: Path | str | None = None,
    corrections: Path | str | None = None,
    progress: Progress = silent,
) -> Corrected:
    """Write a correction down, or with `undo` take it back, and write the graph again.

    `subject` and, of two things, `value` are names or IRIs; else `value` is the new name or class. `articles` (of
    `different`) are those in which the name means another thing than elsewhere.

    Raises:
        UnknownEntity: a name that nothing bears, or an article that is not in the graph.
        BadCorrections: it contradicts another correction, or there is nothing to take back; nothing is changed.
    """
    records = pipeline.records_path(graph, work)
    desk = _desk(graph, records, corrections)
    if undo:
        added, removed = [], [_taken_back(desk, decision, subject, value)]
    else:
        added = list(_made(desk, decision, subject, value, articles))
        removed = [old for item in added for old in conflicting(desk.parsed(desk.text).items, item)]
    text = desk.edited(added, removed)
    outcome = Corrected(path=desk.path, added=tuple(added), removed=tuple(removed))
    before, path = desk.text, desk.path
    del desk  # and with it the graph, that it can be written
    _write(path, text)
    if not records.exists():
        return outcome
    try:
        summary = pipeline.rederive(graph, work=work, corrections=corrections, progress=progress)
    except BaseException:
        _write(path, before)
        raise
    return Corrected(path=path, added=outcome.added, removed=outcome.removed, summary=summary)


def _write(path: Path, text: str) -> None:
    """Write the file as a whole, or leave what is there; an empty text is no file."""
    aside = path.with_name(f".{path.name}.new")
    try:
        if text:
            aside.write_text(text, encoding="utf-8", newline="\n")
            aside.replace(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputFailed(f"{path}: cannot be written ({error.strerror}); name another with --corrections") from error


# ---------------------------------------------------------------- the graph and its corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """An entity of the graph as somebody calls it; `names` are what articles call it: address -> articles."""

    said: str
    id: str
    label: str
    names: Mapping[str, frozenset[str]]

    @property
    def exact(self) -> str | None:
        """The address that was meant: the one given, or that of the name given."""
        wanted = {self.said, slug(self.said)}
        return next((name for name in sorted(self.names) if wanted & {name, name.partition("/")[2]}), None)

    def has(self, reference: str) -> bool:
        """Whether a reference means it, or one of its names."""
        return means(reference, self.id, self.names)

    def listed(self) -> str:
        """Its names with the number of their articles, for messages."""
        ranked = sorted(self.names, key=lambda name: (-len(self.names[name]), name))
        return ", ".join(f"{name} ({len(self.names[name])})" for name in ranked[:SHOWN])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a correction needs to know of a graph, its collection and its corrections."""

    path: Path  # of the corrections
    text: str  # of the corrections
    base: str
    ontology: Ontology
    view: Graph
    things: Mapping[str, Mapping[str, frozenset[str]]]  # id -> address -> articles
    bearers: Mapping[str, int]  # how many things an address means

    def parsed(self, text: str) -> Corrections:
        """The corrections of a text of the file."""
        return parse_corrections(text, str(self.path), self.ontology, base=self.base)

    def edited(self, added: Sequence[Correction], removed: Sequence[Correction]) -> str:
        """The text of the file without some corrections and with others."""
        text = self.text
        for old in removed:
            while found := next((item for item in self.parsed(text).items if item.says == old.says), None):
                text = without_correction(text, found)
        for new in added:
            if new.says not in {item.says for item in self.parsed(text).items}:
                text = with_correction(text, new, self.ontology, base=self.base)
        self.parsed(text)
        return text

    def thing(self, said: str) -> _Thing:
        """The thing of that name, address or IRI."""
        iri = as_iri(said, self.view.prefixes) or ""
        said = iri.removeprefix(self.base) if iri.startswith(self.base) else said
        called = [id for id, names in self.things.items() if said in (id, *names)]
        id = called[0] if called else resolve_entity(self.view, iri or said).removeprefix(self.base)
        rows = self.view.select(LABEL, {"entity": Term.iri(self.base + id if "://" not in id else id).n3})
        label = str(rows.rows[0][0]) if len(rows) else said
        return _Thing(said=said, id=id, label=label, names=self.things.get(id, {}))

    def reference(self, thing: _Thing) -> str:
        """What a correction calls a thing: an address that means it alone, and goes on meaning it."""
        if thing.said in thing.names or thing.id in load_gazetteer().entries or not thing.names:
            return thing.said if thing.said in thing.names else thing.id
        stem, article = split_reference(thing.id)
        if article in thing.names.get(stem, ()):
            return thing.id
        most = max(sorted(thing.names), key=lambda name: len(thing.names[name]))
        best = thing.id if thing.id in thing.names else thing.exact or most
        return best if self.bearers[best] == 1 else f"{best}-{min(thing.names[best])}"


def _desk(graph: Path | str, records: Path, corrections: Path | str | None) -> _Desk:
    view = open_graph(graph)
    things: dict[str, dict[str, frozenset[str]]] = {}
    base, paths = None, []
    if records.exists():
        with RecordStore.open(records) as store:
            path = corrections_path(store, records, graph, given=corrections, new=True)
            paths = [records.parent / each for each in store.kept("ontology", list[str]) or []]
            base = store.kept("base", str)
            things = {id: names_of(called) for id, called in store.entities().items()}
    else:
        path = corrections_path(None, records, graph, given=corrections, new=True)
    return _Desk(
        path=path,
        text=read_text(path),
        base=base or view.base or BASE,
        ontology=load_ontology(paths),
        view=view,
        things=things,
        bearers=Counter(name for names in things.values() for name in names),
    )


# ---------------------------------------------------------------- what to write down


def _made(
    desk: _Desk, decision: Decision, subject: str, value: str | None, articles: Sequence[str]
) -> Iterator[Correction]:
    """The corrections that a command means."""
    one = desk.thing(subject)
    if decision is Decision.DIFFERENT and articles:
        yield from _apart(desk, one, desk.thing(value) if value else None, articles)
    elif decision in PAIRS:
        other = desk.thing(value or "")
        yield Correction(
            decision=decision, subject=_end(desk, one, other, decision), object=_end(desk, other, one, decision)
        )
    elif decision is Decision.KIND:
        yield Correction(decision=decision, subject=desk.reference(one), object=class_of(value or "", desk.ontology))
    else:
        yield Correction(decision=decision, subject=desk.reference(one), object=" ".join((value or "").split()))


def _end(desk: _Desk, thing: _Thing, other: _Thing, decision: Decision) -> str:
    """The reference to one of two things; where they are one today, by the names that were given."""
    if thing.id != other.id:
        return desk.reference(thing)
    if decision is Decision.SAME:
        raise BadCorrections(f"{thing.said!r} and {other.said!r} are one already: {thing.label} ({thing.id})")
    if thing.exact is None or other.exact is None or thing.exact == other.exact:
        raise BadCorrections(
            f"{thing.said!r} and {other.said!r} are one, {thing.label} ({thing.id}), and its articles do not tell them "
            f"apart; they call it (number of articles): {thing.listed() or 'nothing that is kept'}. "
            "Give two of these names, or with --article the articles in which the name means another"
        )
    return thing.exact


def _apart(desk: _Desk, one: _Thing, other: _Thing | None, articles: Sequence[str]) -> Iterator[Correction]:
    """What some articles call so is another thing than what the rest do."""
    ids = sorted({local_name(term.strip("<>")) for article in articles for term in article_terms(desk.view, article)})
    parts = []
    for article in ids:
        name = _name_in(one, article)
        part = f"{name}-{article}"
        parts.append(part)
        rest = [name] if one.names[name] - set(ids) or desk.bearers[name] > 1 else []
        if other and other.id != one.id:
            rest.append(desk.reference(other))
        if not rest and (main := desk.reference(one)) not in (name, part):
            rest.append(main)
        if not rest:
            raise BadCorrections(f"no other article calls {one.label} so; there is nothing to tell it from")
        yield from (Correction(decision=Decision.DIFFERENT, subject=part, object=each) for each in rest)
    for a, b in pairwise(parts):
        yield Correction(decision=Decision.SAME, subject=a, object=b)


def _name_in(thing: _Thing, article: str) -> str:
    names = sorted(name for name, where in thing.names.items() if article in where)
    if thing.exact in names:
        return thing.exact or ""
    if len(names) != 1:
        has = f"has it as {' and '.join(names)}; give one of these" if names else "does not name it"
        raise BadCorrections(f"{thing.label} ({thing.id}): the article {article} {has}")
    return names[0]


# ---------------------------------------------------------------- what to take back


def _taken_back(desk: _Desk, decision: Decision, subject: str, value: str | None) -> Correction:
    """The one correction of that kind that is meant."""
    items = [item for item in desk.parsed(desk.text).items if item.decision is decision]
    one = desk.thing(subject)
    found = [item for item in items if one.has(item.subject) or (decision in PAIRS and one.has(item.object))]
    if value and decision in PAIRS:
        other = desk.thing(value)
        found = [item for item in found if _joins(item, one, other)]
        exact = {slug(one.said), slug(other.said)}
        found = [i for i in found if {_slug_of(i.subject), _slug_of(i.object)} == exact] or found
    if len(found) == 1:
        return found[0]
    stands = "; ".join(f"line {item.line}: {item.command}" for item in (found or items)[:SHOWN])
    if not found:
        raise BadCorrections(f"{desk.path}: no such correction{f'; it has {stands}' if stands else ''}")
    raise BadCorrections(f"{desk.path}: several corrections may be meant ({stands}); give both names, or edit the file")


def _joins(item: Correction, one: _Thing, other: _Thing) -> bool:
    return (one.has(item.subject) and other.has(item.object)) or (one.has(item.object) and other.has(item.subject))


def _slug_of(reference: str) -> str:
    return split_reference(reference)[0].partition("/")[2]
