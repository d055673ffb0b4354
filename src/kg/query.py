"""Questions to a graph: saved queries with parameters, queries in files, SPARQL as typed."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TextIO

from kg.errors import BadQuery, UnknownEntity, UnknownTerm
from kg.model import Triple
from kg.ontology import Ontology, Relation, load_ontology, resource
from kg.store import PREFIXES, Graph, Kind, Rows, Term

Answer = Rows | bool | Iterator[Triple]  # of SELECT; of ASK; of CONSTRUCT and DESCRIBE

SUFFIX = ".rq"
NO_PARAMETERS: Mapping[str, str] = {}

# ---------------------------------------------------------------- saved queries


class ParameterType(StrEnum):
    """What the value of a parameter is."""

    ENTITY = "entity"  # a name, an IRI or a prefixed name
    RELATION = "relation"  # "spokeWith", "spoke with", an IRI; the relations below it are meant too
    TEXT = "text"
    DATE = "date"  # 2020-08-15
    INTEGER = "integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A variable of a query that may be given a value; without one it stands for anything."""

    name: str
    type: ParameterType
    default: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query with what its head comment says of it."""

    name: str
    text: str
    title: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()


HEAD = re.compile(r"#\s*(title|description)\s*:\s*(.*\S)|#\s*(parameter)\b\s*(.*)")
PARAMETER = re.compile(
    r"""(?P<name>\w+)\s*:\s*(?P<type>\w+)
        (?:\s*=\s*"(?P<default>[^"]*)")?
        (?:\s*--\s*(?P<description>.*\S))?\s*""",
    re.VERBOSE,
)


def saved_queries() -> dict[str, SavedQuery]:
    """The queries that come with kg, by name.

    >>> saved_queries()["leaders"].title
    'Leaders of a country'
    """
    return dict(_packaged())


@cache
def _packaged() -> Mapping[str, SavedQuery]:
    paths = sorted(resource("queries").glob("*" + SUFFIX))
    return {path.stem: read_query(path.read_text("utf-8"), name=path.stem) for path in paths}


def read_query(text: str, *, name: str = "the query") -> SavedQuery:
    """A query from its text; the comment lines at its head may say its title, its description and its parameters.

    >>> query = read_query('# title: All\\n# parameter who: entity = "Minsk" -- whom\\nSELECT * { ?who ?how ?whom }')
    >>> query.title, query.parameters[0].default
    ('All', 'Minsk')

    Raises:
        BadQuery: a parameter is declared in another form.
    """
    said: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            break
        if match := HEAD.match(line):
            if match[3]:
                parameters.append(_parameter(match[4], f"{name}, line {number}"))
            else:
                said[match[1]] = match[2]
    return SavedQuery(name=name, text=text, parameters=tuple(parameters), **said)


def _parameter(declared: str, where: str) -> Parameter:
    match = PARAMETER.fullmatch(declared)
    kinds = [kind.value for kind in ParameterType]
    if match is None or match["type"] not in kinds:
        raise BadQuery(
            f'{where}: {declared!r} declares no parameter; write `# parameter name: type = "default" -- what it is`,'
            f" the type one of {', '.join(kinds)}"
        )
    return Parameter(
        name=match["name"],
        type=ParameterType(match["type"]),
        default=match["default"] or None,
        description=match["description"] or "",
    )


# ---------------------------------------------------------------- running


def run(
    graph: Graph, query: str, parameters: Mapping[str, str] = NO_PARAMETERS, *, ontology: Ontology | None = None
) -> Answer:
    """The answer to a saved query (its name), a query in a file (its path, ending in .rq) or SPARQL as text.

    A parameter is given as text and bound as a term, never pasted into the query. Its declaration says what it is:
    an entity's name, a relation (which takes the relations below it in where the query says
    `VALUES ?relation { UNDEF }`), text, a date or an integer. An empty value means "any". SPARQL that declares no
    parameters takes the names of its variables, each as an entity. `ontology` knows the relations; by default the
    packaged one.

    >>> graph = Graph.of([Triple("<a:macron>", "<http://www.w3.org/2000/01/rdf-schema#label>", '"Macron"@en')])
    >>> [str(who) for who, in run(graph, "SELECT ?who { ?who rdfs:label ?name }")]
    ['a:macron']

    Raises:
        BadQuery: no such query or parameter, a value that does not fit, an update, or SPARQL that does not parse.
        UnknownEntity: a parameter names no entity of the graph, or several alike.
        UnknownTerm: a parameter names no relation of the ontology.
    """
    found = find_query(query)
    _refuse_updates(found.text)
    text, bindings = found.text, {}
    for parameter, value in _given(found, parameters):
        terms = _terms(graph, parameter, value, ontology)
        anything = f"VALUES ?{parameter.name} {{ UNDEF }}"
        if anything in text:
            text = text.replace(anything, f"VALUES ?{parameter.name} {{ {' '.join(terms)} }}")
        else:
            bindings[parameter.name] = terms[0]
    return _ask(graph, text, bindings)


SPARQL = re.compile(r"[{<?:]|^\s*(?:DESCRIBE|CLEAR|CREATE|DROP)\s", re.IGNORECASE)  # no name of a query has these


def find_query(query: str) -> SavedQuery:
    """The saved query of that name, the query in the file of that path, or the text itself.

    >>> find_query("leaders").parameters[0].name
    'country'

    Raises:
        BadQuery: it looks like a name or a path, and there is none.
    """
    saved = _packaged()
    name = re.sub(r"[-\s]+", "_", query.strip().lower())
    if name in saved:
        return saved[name]
    if query.endswith(SUFFIX) and "\n" not in query:
        return _from_file(Path(query))
    if SPARQL.search(query):
        return read_query(query)
    close = difflib.get_close_matches(name, saved, n=3, cutoff=0.5)
    meant = f"did you mean {_listed(close)}? " if close else ""
    raise BadQuery(f"no query is called {query!r}; {meant}`kg queries` lists them all")


def _from_file(path: Path) -> SavedQuery:
    try:
        return read_query(path.read_text("utf-8-sig"), name=str(path))
    except OSError as error:
        raise BadQuery(
            f"{path}: cannot be read ({error.strerror}); give a saved query, a .rq file or SPARQL"
        ) from error
    except UnicodeDecodeError as error:
        raise BadQuery(f"{path}: not text in UTF-8; save it again in that encoding") from error


def _given(query: SavedQuery, values: Mapping[str, str]) -> Iterator[tuple[Parameter, str]]:
    """The parameters that have a value, with it: the one that is given, else the default."""
    declared = {parameter.name: parameter for parameter in query.parameters}
    if not declared and query.name not in _packaged():
        declared = {name: Parameter(name=name, type=ParameterType.ENTITY) for name in values}
    for name in values:
        if name not in declared:
            known = f"it takes {', '.join(declared)}" if declared else "it takes none"
            raise BadQuery(f"{query.name} has no parameter {name!r}; {known}")
    for name, parameter in declared.items():
        value = values.get(name, parameter.default)
        if value:
            yield parameter, value


UPDATE = re.compile(
    r"""(?>\s+ | \#[^\n]* | PREFIX\s+[^\s:]*\s*:\s*<[^>]*> | BASE\s*<[^>]*>)*
        (?P<word>INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def _refuse_updates(text: str) -> None:
    if match := UPDATE.match(text):
        raise BadQuery(
            f"{match['word'].upper()} would change the graph, and a query only reads it;"
            " `kg build` and `kg remove` change a graph"
        )


PLACE = re.compile(r"error at (\d+):(\d+)")
MISSING = "The SELECT contains a variable that is unbound"


def _ask(graph: Graph, text: str, bindings: Mapping[str, str]) -> Answer:
    try:
        return graph.query(text, bindings)
    except BadQuery as error:
        place = PLACE.match(str(error.__cause__))
        if place is None:
            raise
        if bindings:
            _ask(graph, text, {})  # fails alike, and counts places in the text as it was written
        raise _shown(error, text, (int(place[1]), int(place[2]))) from error


def _shown(error: BadQuery, text: str, place: tuple[int, int]) -> BadQuery:
    """The complaint with the line of the query that it is about, and a caret at the place."""
    engine = str(error.__cause__)
    number, column = _parsed_until(text) or place
    line = [*text.split("\n"), ""][number - 1].rstrip("\r")
    message = f"the query does not parse at line {number}, column {column}"
    if "prefix" in str(error):
        message, column = str(error), line.rfind(" ", 0, column - 1) + 2
    elif MISSING in engine:
        message += ": with GROUP BY, SELECT may name only what is grouped by or counted"
    pad = re.sub(r"[^\t]", " ", line[: column - 1])
    return BadQuery(f"{message}\n  {line}\n  {pad}^")


def _parsed_until(text: str) -> tuple[int, int] | None:
    """Line and column of what rdflib cannot parse; the engine names a place up to a long keyword further on."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(text.replace("\t", " "))  # it would count a tab as eight
    except ParseException as error:
        return error.lineno, error.column
    return None


# ---------------------------------------------------------------- values of parameters


def _terms(graph: Graph, parameter: Parameter, value: str, ontology: Ontology | None) -> Sequence[str]:
    """The terms that a value means, in N-Triples syntax."""
    try:
        return TERMS[parameter.type](graph, value, ontology)
    except BadQuery as error:
        raise BadQuery(f"{parameter.name}: {error}") from error


def _entity_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    return (Term.iri(resolve_entity(graph, value)).n3,)


def _relation_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    return [Term.iri(relation.iri).n3 for relation in relations_meant(graph, value, ontology)]


def _text_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadQuery(f"{value!r} is no text in Unicode") from error
    return (Term.literal(value).n3,)


def _date_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        return (Term.literal(dt.date.fromisoformat(value)).n3,)
    except ValueError as error:
        raise BadQuery(f"{value!r} is no date; write it like 2020-08-15") from error


def _integer_terms(graph: Graph, value: str, ontology: Ontology | None) -> Sequence[str]:
    try:
        return (Term.literal(int(value)).n3,)
    except ValueError as error:
        raise BadQuery(f"{value!r} is no whole number") from error


TERMS: Mapping[ParameterType, Callable[[Graph, str, Ontology | None], Sequence[str]]] = {
    ParameterType.ENTITY: _entity_terms,
    ParameterType.RELATION: _relation_terms,
    ParameterType.TEXT: _text_terms,
    ParameterType.DATE: _date_terms,
    ParameterType.INTEGER: _integer_terms,
}


USED = "SELECT DISTINCT ?relation WHERE { ?claim rdf:predicate ?relation }"


def relations_meant(graph: Graph, name: str, ontology: Ontology | None = None) -> tuple[Relation, ...]:
    """The relation of that name, then those below it; one that only the graph knows will do, too.

    >>> [relation.name for relation in relations_meant(Graph.of([]), "spoke-with")]
    ['spokeWith', 'metWith']

    Raises:
        UnknownTerm: neither the ontology nor the graph has such a relation.
    """
    known = ontology or load_ontology()
    iri = as_iri(name, graph.prefixes)
    try:
        relation = known.relation(iri or name)
    except UnknownTerm:
        used = [iri] if iri else (str(row[0]) for row in graph.select(USED))
        for each in used:
            if iri or _squeezed(local_name(each)) == _squeezed(name):
                return (relation_of(each, known),)
        raise
    below = (r for r in known.relations.values() if r != relation and relation.name in known.ancestors(r.name))
    return (relation, *sorted(below, key=lambda r: r.name))


def relation_of(iri: str, ontology: Ontology) -> Relation:
    """The relation of that IRI; one that the ontology does not know is named after it.

    >>> relation_of("https://example.org/boughtFrom", load_ontology()).label
    'bought from'
    """
    name = local_name(iri)
    known = ontology.relations.get(name)
    if known and known.iri == iri:
        return known
    return Relation(name=name, iri=iri, label=re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


@lru_cache(maxsize=1000)
def local_name(iri: str) -> str:
    """What follows the last `#` or `/` of an IRI.

    >>> local_name("https://w3id.org/news-kg/ontology#spokeWith")
    'spokeWith'
    """
    return re.split(r"[#/]", iri)[-1]


def _squeezed(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()


def as_iri(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that `text` is: `<https://...>`, `https://...` or a prefixed name; None where it is a plain name.

    >>> as_iri("kg:leaderOf", PREFIXES), as_iri("Re: Macron", PREFIXES)
    ('https://w3id.org/news-kg/ontology#leaderOf', None)
    """
    iri = text.strip().replace("\\/", "/")  # Turtle escapes the slashes of prefixed names
    bracketed = iri.startswith("<") and iri.endswith(">")
    prefix, _, local = iri.partition(":")
    if prefix in prefixes:
        iri = prefixes[prefix] + local
    elif bracketed:
        iri = iri[1:-1]
    elif not (local.startswith("//") or prefix == "urn"):
        return None
    try:
        Term.iri(iri).n3  # noqa: B018 - raises where it is no IRI
    except ValueError:
        return None
    return iri


# ---------------------------------------------------------------- entities by name

LABELLED = """
    SELECT ?entity WHERE {
      ?entity rdfs:label ?name ; a ?type .
      FILTER(!STRSTARTS(STR(?type), STR(owl:)) && ?type NOT IN (kg:Claim, kg:Article, kg:Modality))
    }
"""
NAMED = """
    SELECT ?entity ?label ?alias WHERE {
      ?entity rdfs:label ?label ; a ?type .
      FILTER(!STRSTARTS(STR(?type), STR(owl:)) && ?type NOT IN (kg:Claim, kg:Article, kg:Modality))
      OPTIONAL { ?entity skos:altLabel ?alias }
    }
"""
CLAIMS = """
    SELECT (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
      { ?claim rdf:subject ?entity } UNION { ?claim rdf:object ?entity }
    }
"""
SAME = "SELECT ?entity WHERE { ?entity skos:exactMatch ?other }"
KNOWN = "ASK { ?entity ?how ?what }"

CLOSE = 80  # of rapidfuzz\'s 100 (WRatio): "Timoshenka" is 90 from "Timoshenko", "Merkel" 33 from "Macron"
MARGIN = 5  # a name that much worse than the best is not suggested beside it


def resolve_entity(graph: Graph, name: str) -> str:
    """The IRI of the entity of that name; case, accents and a leading "the" do not count.

    A label goes before an alias; among several, the entity of the most claims is meant. An IRI or a prefixed name of
    the graph is taken as it is, one of another data set (wd:Q184) through skos:exactMatch.

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
    exact = {str(row[0]) for row in graph.select(LABELLED, {"name": Term.literal(name, language="en").n3})}
    if len(exact) == 1:
        return exact.pop()
    return _by_name(graph, name)


def _known_iri(graph: Graph, iri: str, name: str) -> str:
    term = Term.iri(iri).n3
    if graph.ask(KNOWN, {"entity": term}):
        return iri
    same = graph.select(SAME, {"other": term})
    if len(same):
        return min(str(row[0]) for row in same)
    raise UnknownEntity(f"the graph says nothing of {name}; give the name or the IRI of an entity that it knows")


def _surnamed(name: str, names: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The entities whose names end with these words: "Macron" for "Emmanuel Macron"."""
    return {iri: 0 for full, bearers in names.items() if full.endswith(f" {name}") for iri in bearers}


def _by_name(graph: Graph, name: str) -> str:
    labels, names = _names(graph)
    called = names.get(fold(name)) or _surnamed(fold(name), names)
    if not called:
        raise UnknownEntity(f'no entity is called "{name}"{_suggestion(graph, fold(name), labels, names)}')
    meant = _meant(graph, called)
    if len(meant) == 1:
        return meant[0]
    listed = _listed([f"{labels[iri]} ({shorten(iri, graph.prefixes)})" for iri in meant])
    raise UnknownEntity(f'several entities are called "{name}": say {listed}')


def _names(graph: Graph) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The label of each entity; and by folded name, who bears it, as label (0) or as alias (1)."""
    labels: dict[str, str] = {}
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for entity, label, alias in graph.select(NAMED):
        labels[str(entity)] = str(label)
        names[fold(str(label))][str(entity)] = 0
        if alias is not None:
            names[fold(str(alias))].setdefault(str(entity), 1)
    return labels, names


def _meant(graph: Graph, called: Mapping[str, int]) -> list[str]:
    """Of those that bear a name, the ones that it is the label of, and of these the ones with the most claims."""
    best = min(called.values())
    iris = sorted(iri for iri, rank in called.items() if rank == best)
    if len(iris) == 1:
        return iris
    claims = {iri: int(str(graph.select(CLAIMS, {"entity": Term.iri(iri).n3}).rows[0][0])) for iri in iris}
    return [iri for iri in iris if claims[iri] == max(claims.values())]


def _suggestion(graph: Graph, wanted: str, labels: Mapping[str, str], names: Mapping[str, Mapping[str, int]]) -> str:
    from rapidfuzz import fuzz, process

    close = process.extract(wanted, list(names), scorer=fuzz.WRatio, limit=3, score_cutoff=CLOSE)
    near = [name for name, score, _ in close if score >= close[0][1] - MARGIN]
    meant = dict.fromkeys(labels[iri] for name in near for iri in _meant(graph, names[name]))
    return f"; did you mean {_listed(list(meant)[:3])}?" if meant else ", and no name comes close"


def fold(name: str) -> str:
    """A name without case, accents, other scripts, doubled spaces and a leading "the".

    >>> fold("The  José Ramírez"), fold("Лукашенко")
    ('jose ramirez', 'lukashenko')
    """
    from anyascii import anyascii

    words = anyascii(name).casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _listed(items: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


# ---------------------------------------------------------------- showing rows


def cells(row: Iterable[Term | None], *, prefixes: Mapping[str, str] = PREFIXES) -> list[str]:
    """A row as texts for a table: IRIs shortened to prefixed names, nothing for what is unbound.

    >>> cells([Term.iri("https://w3id.org/news-kg/id/country/BY"), Term.literal(2), None])
    ['id:country/BY', '2', '']
    """
    return [_cell(term, prefixes) for term in row]


def _cell(term: Term | None, prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    return shorten(term.value, prefixes) if term.kind is Kind.IRI else str(term)


def shorten(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The prefixed name of an IRI, for people to read; the IRI where no prefix fits.

    >>> shorten("https://w3id.org/news-kg/ontology#leaderOf")
    'kg:leaderOf'
    """
    fitting = [(space, prefix) for prefix, space in prefixes.items() if iri.startswith(space) and iri != space]
    if not fitting:
        return iri
    space, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(space)}"


def rows_to(format: str, rows: Rows, stream: TextIO) -> None:
    """Write rows as `csv` or `tsv` (a head line, then a line a row), `json` (a list of objects) or `jsonl` (an object a
    line).

    The JSON is plain, not the SPARQL results form: an object maps column to string, number, true, false or null;
    IRIs and dates are strings. CSV and TSV leave empty what is unbound, and quote as CSV does.

    >>> import sys
    >>> rows_to("jsonl", Rows(("name", "claims"), ((Term.literal("Minsk"), Term.literal(2)),)), sys.stdout)
    {"name": "Minsk", "claims": 2}

    Raises:
        BadQuery: the format is none of these.
    """
    writer = WRITERS.get(format)
    if writer is None:
        raise BadQuery(f"rows cannot be written as {format!r}; known: {', '.join(WRITERS)}")
    writer(rows, stream)


def _write_csv(rows: Rows, stream: TextIO, *, delimiter: str = ",") -> None:
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows.variables)
    writer.writerows(["" if term is None else str(term) for term in row] for row in rows)


def _write_tsv(rows: Rows, stream: TextIO) -> None:
    _write_csv(rows, stream, delimiter="\t")


def _write_json(rows: Rows, stream: TextIO) -> None:
    lines = ",\n".join(_objects(rows))
    stream.write(f"[\n{lines}\n]\n" if lines else "[]\n")


def _write_jsonl(rows: Rows, stream: TextIO) -> None:
    stream.writelines(line + "\n" for line in _objects(rows))


def _objects(rows: Rows) -> Iterator[str]:
    for values in rows.values():
        plain = dict(zip(rows.variables, map(_plain, values), strict=True))
        yield json.dumps(plain, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


WRITERS: Mapping[str, Callable[[Rows, TextIO], None]] = {
    "csv": _write_csv,
    "tsv": _write_tsv,
    "json": _write_json,
    "jsonl": _write_jsonl,
}
