"""What people know better than the program: who is the same, who is another, what a thing is called, what it is.

The file is plain Turtle with one statement a line, as `kg same`, `kg different`, `kg rename` and `kg type` write it:

    @base <https://w3id.org/news-kg/id/> .

    <person/ada-berg> owl:sameAs <person/adele-berg> .
    <person/bo-lind-0123456789abcdef> owl:differentFrom <person/bo-lind> .
    <person/ada-berg> rdfs:label "Adele Berg"@en .
    <organization/union> a kg:Party .

A correction does not depend on what the graph makes of the articles, for it speaks of names: `<person/ada-berg>` is
every person whom an article calls Ada Berg; with an article's id behind it, only the one of that article.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from kg.errors import BadCorrections
from kg.ontology import BASE, NAMESPACE, OWL, RDF, RDFS, Ontology
from kg.records import RecordStore
from kg.statements import NotTurtle, Statement, statements

SUFFIX = ".corrections.ttl"
NO_THINGS = frozenset({"Article", "Claim", "Modality", "Inference"})  # classes of what keeps the books


class Decision(StrEnum):
    """What a correction decides; the value is the command that writes it."""

    SAME = "same"
    DIFFERENT = "different"
    NAME = "rename"
    KIND = "type"


PREDICATES: Mapping[str, Decision] = {
    OWL + "sameAs": Decision.SAME,
    OWL + "differentFrom": Decision.DIFFERENT,
    RDFS + "label": Decision.NAME,
    RDF + "type": Decision.KIND,
}
IRIS = {decision: iri for iri, decision in PREDICATES.items()}
IGNORED = frozenset({RDFS + "comment", RDFS + "seeAlso"})
PAIRS = frozenset({Decision.SAME, Decision.DIFFERENT})
SHORT = {OWL: "owl", RDFS: "rdfs", NAMESPACE: "kg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One decision. `subject` and, of two things, `object` are ids below the base, or IRIs elsewhere.

    >>> Correction(decision=Decision.NAME, subject="person/ada-berg", object="Adele Berg").command
    'kg rename person/ada-berg "Adele Berg"'
    """

    decision: Decision
    subject: str
    object: str  # the other thing, the name, or the local name of the class
    line: int = 0  # in the file; 0: not in one yet

    @property
    def command(self) -> str:
        """The command that writes it."""
        value = f'"{self.object}"' if self.decision is Decision.NAME else self.object
        return f"kg {self.decision} {self.subject} {value}"

    @property
    def says(self) -> tuple[Decision, str, str]:
        """What it decides, whichever way round."""
        ends = (self.subject, self.object)
        return (self.decision, *(sorted(ends) if self.decision in PAIRS else ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The decisions of a file, in its order."""

    source: str = ""  # the file, as messages name it
    items: tuple[Correction, ...] = ()

    def of(self, *decisions: Decision) -> Iterator[Correction]:
        """Those of some kinds."""
        return (item for item in self.items if item.decision in decisions)

    def place(self, *items: Correction) -> str:
        """Where corrections stand, for messages.

        >>> corrections = Corrections(source="kg.ttl.corrections.ttl")
        >>> corrections.place(*(Correction(decision=Decision.SAME, subject="a", object="b", line=n) for n in (4, 7)))
        'kg.ttl.corrections.ttl, lines 4 and 7'
        """
        lines = sorted({item.line for item in items})
        numbers = " and ".join(filter(None, (", ".join(map(str, lines[:-1])), str(lines[-1]))))
        return f"{self.source}, line{'s' if len(lines) > 1 else ''} {numbers}"


NO_CORRECTIONS = Corrections()


OF_ARTICLE = re.compile(r"(.+)-([0-9a-f]{16})")


def split_reference(reference: str) -> tuple[str, str | None]:
    """A reference without its article, and the article.

    >>> split_reference("person/ada-berg-0123456789abcdef"), split_reference("person/ada-berg")
    (('person/ada-berg', '0123456789abcdef'), ('person/ada-berg', None))
    """
    match = OF_ARTICLE.fullmatch(reference)
    return (match[1], match[2]) if match else (reference, None)


def load_corrections(path: Path, ontology: Ontology, *, base: str = BASE) -> Corrections:
    """The corrections of a file; none where there is no such file.

    Raises:
        BadCorrections: it cannot be read, does not parse, or holds what is no correction; the message names the line.
    """
    return parse_corrections(read_text(path), str(path), ontology, base=base)


def read_text(path: Path) -> str:
    """The text of a corrections file; empty where there is none."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise BadCorrections(f"{path}, line {line}: not text in UTF-8; save it again in that encoding") from error
    except OSError as error:
        raise BadCorrections(f"{path}: cannot be read ({error.strerror})") from error


def parse_corrections(text: str, source: str, ontology: Ontology, *, base: str = BASE) -> Corrections:
    """The corrections of a Turtle text; `source` names it in messages.

    >>> from kg.ontology import load_ontology
    >>> said = '@base <https://w3id.org/news-kg/id/> . <person/ada-berg> a <https://w3id.org/news-kg/ontology#Person> .'
    >>> parse_corrections(said, "kg.ttl.corrections.ttl", load_ontology()).items[0].command
    'kg type person/ada-berg Person'

    Raises:
        BadCorrections: it does not parse, or holds what is no correction; the message names the line.
    """
    try:
        found = list(statements(text))
    except NotTurtle as error:
        raise BadCorrections(f"{source}, line {error.line}: not valid Turtle ({error}); mend that line") from error
    items: dict[tuple[Decision, str, str], Correction] = {}
    for statement in found:
        try:
            for item in _corrections(statement, ontology, base):
                items.setdefault(item.says, item)
        except BadCorrections as error:
            raise BadCorrections(f"{source}, line {statement.line}: {error}") from error
    return Corrections(source=source, items=tuple(items.values()))


def _corrections(statement: Statement, ontology: Ontology, base: str) -> Iterator[Correction]:
    for triple in statement.triples:
        decision = PREDICATES.get(triple.predicate.value)
        if triple.predicate.value in IGNORED:
            continue
        if decision is None:
            raise BadCorrections(
                f"{triple.predicate} is no correction; it is one with owl:sameAs, owl:differentFrom, rdfs:label or a"
            )
        subject, value = _reference(triple.subject, base), _value(decision, triple.object, ontology, base)
        if decision in PAIRS and subject == value:
            raise BadCorrections(f"{subject} stands on both sides")
        yield Correction(decision=decision, subject=subject, object=value, line=statement.line)


def _value(decision: Decision, term: object, ontology: Ontology, base: str) -> str:
    if decision is Decision.NAME:
        if not isinstance(term, ox.Literal) or not term.value.strip():
            raise BadCorrections(f"{term} is no name; write it in quotation marks")
        return " ".join(term.value.split())
    if decision is Decision.KIND:
        return class_of(getattr(term, "value", ""), ontology)
    return _reference(term, base)


def _reference(term: object, base: str) -> str:
    if not isinstance(term, ox.NamedNode):
        raise BadCorrections(f"{term} is no IRI; write <person/ada-berg> or another id of the graph")
    return term.value.removeprefix(base).removeprefix(BASE)


def class_of(name: str, ontology: Ontology) -> str:
    """The class of things that is called so: by its local name, its label, `kg:Party` or its IRI.

    >>> from kg.ontology import load_ontology
    >>> class_of("organisation", load_ontology())
    'Organization'

    Raises:
        BadCorrections: there is none, or it is no class of things.
    """
    wanted = name.removeprefix("kg:").casefold()
    things = {kind.name: kind for kind in ontology.classes.values() if kind.name not in NO_THINGS}
    for kind in things.values():
        if wanted in (kind.name.casefold(), kind.label.casefold(), kind.iri.casefold()):
            return kind.name
    close = difflib.get_close_matches(re.split(r"[#/]", name)[-1], things, n=2)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(sorted(things))}"
    raise BadCorrections(f"no class is called {name!r}; {hint}")


def names_of(called: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """What articles call a thing, by name: (article, address) pairs -> address -> articles."""
    found: dict[str, set[str]] = defaultdict(set)
    for article, name in called:
        found[name].add(article)
    return {name: frozenset(articles) for name, articles in found.items()}


def means(reference: str, id: str, names: Mapping[str, frozenset[str]]) -> bool:
    """Whether a reference means a thing, or one of its names.

    >>> means("person/ada-berg", "person/mp-12", {"person/ada-berg": frozenset({"0123456789abcdef"})})
    True
    """
    stem, article = split_reference(reference)
    return reference == id or reference in names or article in names.get(stem, ())


# ---------------------------------------------------------------- where it lies


def default_path(output: Path | str, records: Path) -> Path:
    """Where the corrections of a graph lie: beside it; those of a graph on a server, beside its collection.

    >>> default_path("news/kg.ttl", Path("news/kg.ttl.records.sqlite")).as_posix()
    'news/kg.ttl.corrections.ttl'
    """
    if "://" in str(output):
        return records.with_name(records.name.removesuffix(".sqlite") + SUFFIX)
    path = Path(output) if Path(output).name else Path(output).absolute()
    return path.with_name(path.name + SUFFIX)


def corrections_path(
    store: RecordStore | None,
    records: Path,
    output: Path | str,
    *,
    given: Path | str | None = None,
    new: bool = False,
) -> Path:
    """The corrections file of a graph: the one given, the one that the collection remembers, or the one beside it.

    Raises:
        BadCorrections: it is not there, and is none that may be `new`.
    """
    default = default_path(output, records)
    kept = store.kept("corrections", str) if store and given is None else None
    path = Path(given) if given is not None else records.parent / kept if kept else default
    if path != default and not path.is_file() and not (new and given is not None):
        before = "" if given is not None else ", as the last build had it"
        raise BadCorrections(f"{path}: no such corrections file{before}; name one with --corrections, or make it first")
    return path


# ---------------------------------------------------------------- writing

HEAD = """\
# Corrections: read by every `kg build`; written by `kg same`, `kg different`, `kg rename`, `kg type`, or by hand.
# <person/ada-berg> is whom the articles call Ada Berg; <person/ada-berg-0123456789abcdef>, whom that one article does.
@base <{base}> .
@prefix kg: <{kg}> .
@prefix owl: <{owl}> .
@prefix rdfs: <{rdfs}> .

"""
NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def with_correction(text: str, item: Correction, ontology: Ontology, *, base: str = BASE) -> str:
    """The file's text with one line more, among the others in their order; all else stays as it was.

    >>> from kg.ontology import load_ontology
    >>> berg = Correction(decision=Decision.SAME, subject="person/ada-berg", object="person/a-berg")
    >>> print(with_correction("", berg, load_ontology()).splitlines()[-1])
    <person/ada-berg> owl:sameAs <person/a-berg> .
    """
    text = text if text.strip() else HEAD.format(base=base, kg=NAMESPACE, owl=OWL, rdfs=RDFS)
    line = _line(text, item, ontology, base)
    lines = _lines(text)
    starts = (each.line - 1 for each in statements(text) if each.triples)
    after = [n for n in starts if lines[n].startswith("<") and lines[n] > line]
    at = after[0] if after else len(lines)
    while after and at and lines[at - 1].startswith("#"):  # a comment stays with the line that it stands over
        at -= 1
    return "\n".join([*lines[:at], line, *lines[at:]]) + "\n"


def without_correction(text: str, item: Correction) -> str:
    """The file's text without the statement of a correction.

    Raises:
        BadCorrections: the statement says other things, too.
    """
    there = list(statements(text))
    found = next(each for each in there if each.line == item.line)
    beside = [each for each in there if each.line <= found.end and each.end >= found.line]
    if len(found.triples) != 1 or len(beside) > 1:
        raise BadCorrections(f"line {item.line} says other things, too; take the correction out with an editor")
    lines = _lines(text)
    return "\n".join([*lines[: found.line - 1], *lines[found.end :]]) + "\n"


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _line(text: str, item: Correction, ontology: Ontology, base: str) -> str:
    subject = _iri(item.subject, text, base)
    match item.decision:
        case Decision.NAME:
            value = f"{_quoted(item.object)}@en"
        case Decision.KIND:
            value = _prefixed(ontology.iri(item.object), text)
        case _:
            value = _iri(item.object, text, base)
    predicate = "a" if item.decision is Decision.KIND else _prefixed(IRIS[item.decision], text)
    return f"{subject} {predicate} {value} ."


def _iri(reference: str, text: str, base: str) -> str:
    """An id as the file may write it: relative where the file has the graph's base and no other."""
    absolute = reference if re.match(r"[a-z]+:", reference) else base + reference
    if NO_IRI.search(absolute):
        raise BadCorrections(f"{reference!r} cannot stand in a corrections file: it is no IRI")
    bases = re.findall(r"^\s*@?base\s*<([^<>]*)>", text, re.IGNORECASE | re.MULTILINE)
    return f"<{absolute.removeprefix(base) if bases == [base] else absolute}>"


def _prefixed(iri: str, text: str) -> str:
    for namespace, prefix in SHORT.items():
        if iri.startswith(namespace) and re.search(rf"prefix\s+{prefix}:\s*<{re.escape(namespace)}>", text, re.I):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _quoted(text: str) -> str:
    return str(ox.Literal(" ".join(text.encode("utf-8", "replace").decode().split())))


def conflicting(items: Iterable[Correction], new: Correction) -> list[Correction]:
    """The corrections of the same thing that a new name or class takes the place of."""
    if new.decision in PAIRS:
        return []
    return [i for i in items if i.decision is new.decision and i.subject == new.subject and i.object != new.object]
