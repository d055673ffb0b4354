"""A list of the user's own: things with their names and ids (a watch list, members of parliament), as CSV or Turtle."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from kg.errors import BadEntityList
from kg.model import Problem, digest
from kg.ontology import BASE, OWL, RDF, RDFS, Class, Ontology
from kg.statements import NotTurtle, statements

WIKIDATA = "http://www.wikidata.org/entity/"
COLUMNS: Mapping[str, str] = {  # what a column's head may be -> what it holds
    **dict.fromkeys(("name", "label", "full_name", "caption", "names"), "name"),
    **dict.fromkeys(("aliases", "alias", "other_names", "also_known_as", "aka", "alternative_names"), "aliases"),
    **dict.fromkeys(("class", "type", "kind", "schema"), "class"),
    **dict.fromkeys(("id", "identifier"), "id"),
    **dict.fromkeys(("wikidata", "wikidata_id", "qid"), "wikidata"),
    **dict.fromkeys(("same_as", "sameas", "exact_match", "iri", "uri"), "same_as"),
}
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMAS = ("https://schema.org/", "http://schema.org/")
FOAF = "http://xmlns.com/foaf/0.1/"
DCTERMS = "http://purl.org/dc/terms/"
PROPERTIES: Mapping[str, str] = {  # the same for Turtle
    **dict.fromkeys((RDFS + "label", SKOS + "prefLabel", FOAF + "name", *(s + "name" for s in SCHEMAS)), "name"),
    **dict.fromkeys((SKOS + "altLabel", *(s + "alternateName" for s in SCHEMAS)), "aliases"),
    **dict.fromkeys((OWL + "sameAs", SKOS + "exactMatch", *(s + "sameAs" for s in SCHEMAS)), "same_as"),
    **dict.fromkeys((DCTERMS + "identifier", *(s + "identifier" for s in SCHEMAS)), "id"),
    RDF + "type": "class",
}
ELSEWHERE: Mapping[str, str] = {  # classes of other vocabularies, in lower case, that lists are written with
    "company": "Organization",
    "corporation": "Organization",
    "legalentity": "Agent",
    "publicbody": "Government",
    "governmentorganization": "Government",
    "politicalparty": "Party",
    "human": "Person",
    "ship": "Vessel",
}
SEVERAL = re.compile(r"[|;\n]")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
SHOWN = 5  # names in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One thing of a list. `kind` is a class of the ontology; without one, it is what the articles make of it."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    id: str | None = None  # the user's own: "mp-12", or an IRI
    node: str | None = None  # the id of its node, where the own id is an IRI below the graph's base
    hashed: bool = False  # another IRI of the list ends alike
    same_as: tuple[str, ...] = ()
    where: str = ""  # "members.csv, line 7"

    @property
    def forms(self) -> tuple[str, ...]:
        """Name and aliases; "Berg, Ada" also as "Ada Berg".

        >>> Listed(name="Berg, Ada", aliases=("A. Berg",)).forms
        ('Berg, Ada', 'A. Berg', 'Ada Berg')
        """
        turned = [" ".join(reversed(parts)) for n in (self.name, *self.aliases) if len(parts := n.split(", ")) == 2]
        return tuple(dict.fromkeys((self.name, *self.aliases, *turned)))

    @property
    def key(self) -> str:
        """What tells it from the others of the list: its id, an IRI elsewhere, else its name and class."""
        return self.id or min(self.same_as, default="") or f"{self.kind or ''} {self.name}"

    @property
    def identifier(self) -> str | None:
        """The own id where it is no IRI."""
        return None if self.id is None or ABSOLUTE.fullmatch(self.id) else self.id

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The IRIs of the thing elsewhere, an own id among them."""
        own = self.id if self.id and self.node is None and self.identifier is None else None
        return tuple(sorted({*self.same_as, *filter(None, [own])}))

    def id_in(self, folder: str) -> str | None:
        """The id of its node: the own one, of an IRI the end, else Wikidata's; None where the list has none.

        >>> Listed(name="Ada Berg", id="mp 12/7").id_in("person")
        'person/mp%2012%2F7'
        >>> Listed(name="Ada Berg", same_as=(WIKIDATA + "Q1",)).id_in("person")
        'person/Q1'
        """
        if self.node:
            return self.node
        id = self.identifier or next(iter((*filter(None, [self.id]), *self._wikidata)), None)
        if id is None:
            return None
        last = id if id == self.identifier else [part for part in re.split(r"[/#]", id) if part][-1]
        return f"{folder}/{quote(last, safe='~')}" + (f"-{digest(id, 8)}" if self.hashed else "")

    @property
    def _wikidata(self) -> list[str]:
        return sorted(iri for iri in self.same_as if iri.startswith(WIKIDATA))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityList:
    """What the lists hold, and what of them is left out."""

    entries: tuple[Listed, ...] = ()
    problems: tuple[Problem, ...] = ()


NO_LIST = EntityList()


def read_list(data: bytes, name: str, ontology: Ontology, *, base: str = BASE) -> EntityList:
    """The things of one file, whose name says what it is: Turtle (.ttl, .nt), else a table.

    >>> from kg.ontology import load_ontology
    >>> read_list(b"id,name,class\\nmp-12,Ada Berg,person\\n", "members.csv", load_ontology()).entries[0].kind
    'Person'

    Raises:
        BadEntityList: it is no such file, or contradicts itself; the message names the line.
    """
    reader = READERS.get(Path(name).suffix.lower(), _table)
    found: list[Listed] = []
    problems: list[Problem] = []
    for line, values in reader(_text(data, name), name):
        where = f"{name}, line {line}"
        try:
            found.append(_listed(values, where, ontology, base))
        except BadEntityList as error:
            problems.append(Problem(where=where, message=f"{error}; left out"))
    if not found:
        first = f" ({problems[0]})" if problems else ""
        raise BadEntityList(f"{name}: no entity in it{first}")
    return EntityList(entries=tuple(found), problems=tuple(_few(problems, name)))


def combined(lists: Iterable[EntityList], ontology: Ontology) -> EntityList:
    """Several lists as one; rows of one id are one thing.

    Raises:
        BadEntityList: an id has two names or classes, or two ids share an id elsewhere; both lines are named.
    """
    several = list(lists)
    rows: dict[str, Listed] = {}
    for entry in (entry for each in several for entry in each.entries):
        there = rows.get(entry.key)
        rows[entry.key] = entry if there is None else _one(there, entry, ontology)
    entries = [entry for entry in rows.values() if entry.forms]
    owners: dict[str, Listed] = {}
    for entry in entries:
        for iri in entry.same_as:
            if owners.setdefault(iri, entry) is not entry:
                raise BadEntityList(
                    f"{entry.where}: {iri} is {entry.name!r} here and {owners[iri].name!r} in {owners[iri].where}; "
                    "one thing has one id"
                )
    unique = _unique(entries)
    return EntityList(
        entries=tuple(sorted(unique, key=lambda entry: entry.key)),
        problems=tuple(p for e in several for p in e.problems),
    )


def _unique(entries: Sequence[Listed]) -> Iterator[Listed]:
    """Ids that end alike are told apart by a hash."""
    count = Counter(entry.id_in("") for entry in entries)
    for entry in entries:
        hashed = count[entry.id_in("")] > 1 and entry.identifier is None
        yield replace(entry, hashed=True) if hashed else entry


def _one(one: Listed, other: Listed, ontology: Ontology) -> Listed:
    """Two rows of one id; names that differ, or classes neither of which is below the other, are a contradiction."""
    for what, a, b in (("name", one.name, other.name), ("class", one.kind, other.kind)):
        if a and b and a != b and (what == "name" or not (ontology.is_a(a, b) or ontology.is_a(b, a))):
            raise BadEntityList(
                f"{other.where}: the {what} of {one.key!r} is {b!r} here and {a!r} in {one.where}; "
                "give each thing its own id, and one thing's other names in the column aliases"
            )
    kinds = [kind for kind in (one.kind, other.kind) if kind]
    special = max(kinds, key=lambda kind: len(ontology.ancestors(kind)), default=None)
    return replace(
        one,
        kind=special,
        aliases=tuple(dict.fromkeys((*one.aliases, *other.aliases))),
        same_as=tuple(dict.fromkeys((*one.same_as, *other.same_as))),
    )


def _few(problems: Sequence[Problem], name: str) -> Iterator[Problem]:
    """The first problems; of the rest the number."""
    yield from problems[:SHOWN]
    if len(problems) > SHOWN:
        yield Problem(where=name, message=f"and {len(problems) - SHOWN} more lines left out")


# ---------------------------------------------------------------- a row


Values = Mapping[str, list[str]]  # by what they are: name, aliases, class...


def _listed(values: Values, where: str, ontology: Ontology, base: str) -> Listed:
    names = [name for text in values.get("name", ()) if (name := " ".join(text.split()))]
    if not names:
        raise BadEntityList("it has no name")
    aliases = [" ".join(text.split()) for text in values.get("aliases", ())]
    kind = _kind([kind for kind in values.get("class", ()) if kind.strip()], ontology)
    if kind == "Person" and len(parts := names[0].split(", ")) == 2:  # "Berg, Ada"
        names.insert(0, " ".join(reversed(parts)))
    ids = [id.strip() for id in values.get("id", ()) if id.strip()]
    elsewhere = [*(_wikidata(q) for q in values.get("wikidata", ())), *map(_iri, values.get("same_as", ()))]
    return Listed(
        name=names[0],
        aliases=tuple(dict.fromkeys(alias for alias in (*names[1:], *aliases) if alias and alias != names[0])),
        kind=kind,
        id=ids[0] if ids else None,
        node=ids[0].removeprefix(base) if ids and ids[0].startswith(base) else None,
        same_as=tuple(dict.fromkeys(filter(None, elsewhere))),
        where=where,
    )


def _kind(names: Sequence[str], ontology: Ontology) -> str | None:
    """The class that one of the names names; none are given: none."""
    kinds = _classes(tuple(ontology.classes.values()))
    last = [re.split(r"[#/:]", name.strip())[-1].casefold() for name in names]
    for name in last:
        if found := kinds.get(name) or kinds.get(ELSEWHERE.get(name, "").casefold()):
            return found
    if not names:
        return None
    close = difflib.get_close_matches(last[0], kinds, n=2)
    hint = f"did you mean {' or '.join(kinds[k] for k in close)}?" if close else f"known: {_some(set(kinds.values()))}"
    raise BadEntityList(f"no class is called {names[0]!r} ({hint})")


@lru_cache(maxsize=8)
def _classes(classes: tuple[Class, ...]) -> Mapping[str, str]:
    """Name or label in lower case -> name."""
    return {name.casefold(): kind.name for kind in classes for name in (kind.label, kind.name)}


def _wikidata(text: str) -> str | None:
    number = re.split(r"[/#:]", text.strip())[-1]
    if not number:
        return None
    if not re.fullmatch(r"[QPL]\d+", number):
        raise BadEntityList(f"{text!r} is no Wikidata id; they look like Q42")
    return WIKIDATA + number


def _iri(text: str) -> str | None:
    if not text.strip():
        return None
    if not ABSOLUTE.fullmatch(text.strip()):
        raise BadEntityList(f"{text.strip()!r} is no IRI; put an id of your own into the column id")
    return text.strip()


def _some(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


# ---------------------------------------------------------------- files


def _text(data: bytes, name: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadEntityList(f'{name}, line {line}: not text in UTF-8; save it again as "CSV UTF-8"') from error
    text = text.lstrip("\ufeff")  # a second mark of the encoding
    if "\0" in text:
        raise BadEntityList(f"{name}: not a text file; give a table (.csv, .tsv) or Turtle (.ttl)")
    if not text.strip():
        raise BadEntityList(f"{name}: empty")
    return text


def _table(text: str, name: str) -> Iterator[tuple[int, Values]]:
    """The rows with their lines; commas, semicolons, tabs or bars, by the head line."""
    lines = text.splitlines(keepends=True)
    skipped = 1 if lines[0].lower().startswith("sep=") else 0  # as Excel begins it
    head = "".join(lines[skipped : skipped + 1])
    delimiter = max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))
    rows = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=delimiter, strict=True)
    columns: list[str | None] | None = None
    began = 0
    try:
        for row in rows:
            line, began = began + 1 + skipped, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row, f"{name}, line {line}")
            else:
                yield line, _cells(columns, row, f"{name}, line {line}", delimiter)
    except csv.Error as error:
        raise BadEntityList(
            f"{name}, line {began + 1 + skipped}: not a table ({error}); see its quotation marks"
        ) from error


def _columns(head: Sequence[str], where: str) -> list[str | None]:
    found = [COLUMNS.get(re.sub(r"\W+", "_", cell.strip().lower()).strip("_")) for cell in head]
    if "name" not in found:
        shown = ", ".join(repr(cell.strip()[:40]) for cell in head[:8])
        raise BadEntityList(
            f"{where}: no column is called name; the first line names the columns (id, name, aliases, class, wikidata, "
            f"same_as), and here it reads {shown}"
        )
    for column in {"name", "id", "class"}:
        if found.count(column) > 1:
            twice = " and ".join(repr(cell) for cell, means in zip(head, found, strict=True) if means == column)
            raise BadEntityList(f"{where}: {twice} both give the {column}; rename one")
    return found


def _cells(columns: Sequence[str | None], row: Sequence[str], where: str, delimiter: str) -> Values:
    if len(row) > len(columns):
        mark = {"\t": "tab"}.get(delimiter, delimiter)
        raise BadEntityList(f"{where}: {len(row)} cells under {len(columns)} heads; quote a name that holds a {mark!r}")
    values: dict[str, list[str]] = defaultdict(list)
    for column, cell in zip(columns, row, strict=False):
        if column in ("aliases", "same_as"):
            values[column] += [part for part in SEVERAL.split(cell) if part.strip()]
        elif column:
            values[column].append(cell)
    return values


def _turtle(text: str, name: str) -> Iterator[tuple[int, Values]]:
    """The things of a Turtle file, each with the line of its first statement; its IRI is its id unless it has one."""
    lines: dict[str, int] = {}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        for statement in statements(text):
            for triple in statement.triples:
                what = PROPERTIES.get(triple.predicate.value)
                if what and isinstance(triple.subject, ox.NamedNode):
                    lines.setdefault(triple.subject.value, statement.line)
                    found[triple.subject.value][what].append(str(getattr(triple.object, "value", "")))
    except NotTurtle as error:
        raise BadEntityList(f"{name}, line {error.line}: not valid Turtle ({error})") from error
    for iri, values in found.items():
        yield lines[iri], {**values, "id": [iri]}


READERS: Mapping[str, Callable[[str, str], Iterator[tuple[int, Values]]]] = {
    ".ttl": _turtle,
    ".nt": _turtle,
}
