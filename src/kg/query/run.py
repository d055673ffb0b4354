"""Running a query: its values bound, its mistakes shown at their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.errors import BadQuery
from kg.model import Triple
from kg.ontology import Ontology
from kg.query.limit import CAN_COPY, within
from kg.query.saved import find_query
from kg.query.values import bound
from kg.store import Graph, Rows, Stream

Answer = Rows | bool | Iterator[Triple]  # of SELECT; of ASK; of CONSTRUCT and DESCRIBE

NO_PARAMETERS: Mapping[str, str] = {}


def run(
    graph: Graph,
    query: str,
    parameters: Mapping[str, str] = NO_PARAMETERS,
    *,
    ontology: Ontology | None = None,
    timeout: float | None = None,
) -> Answer:
    """The answer to a saved query (its name), a query in a file (its path, ending in .rq) or SPARQL as text.

    A parameter is given as text and bound as a term, never pasted into the query. Its declaration says what it is:
    an entity's name, a relation (which takes the relations below it in where the query says
    `VALUES ?relation { UNDEF }`), text, a date, an integer or a modality. An empty value means "any". SPARQL that
    declares no parameters takes the names of its variables, each as an entity. `ontology` knows the relations; by
    default the packaged one. With `timeout`, in seconds, the query runs in a process of its own, which is ended when
    the time is up.

    >>> graph = Graph.of([Triple("<a:macron>", "<http://www.w3.org/2000/01/rdf-schema#label>", '"Macron"@en')])
    >>> [str(who) for who, in run(graph, "SELECT ?who { ?who rdfs:label ?name }")]
    ['a:macron']

    Raises:
        BadQuery: no such query or parameter, a value that does not fit, an update, or SPARQL that does not parse; or
            the time is up.
        UnknownEntity: a parameter names no entity of the graph, or several alike.
        UnknownTerm: a parameter names no relation of the ontology.
    """
    if timeout:
        found = within(timeout, lambda: _whole(stream(graph, query, parameters, ontology=ontology)))
        return iter(found) if isinstance(found, list) else found
    answer = stream(graph, query, parameters, ontology=ontology)
    return answer.all() if isinstance(answer, Stream) else answer


def stream(
    graph: Graph,
    query: str,
    parameters: Mapping[str, str] = NO_PARAMETERS,
    *,
    ontology: Ontology | None = None,
    timeout: float | None = None,
) -> Stream | bool | Iterator[Triple]:
    """The answer as `run` gives it, the rows one by one as they are found: for answers larger than the memory.

    Only a query long enough to bring down the engine minds `timeout`: it runs in a process of its own.

    >>> answer = stream(Graph.of([]), "SELECT ?who { ?who rdfs:label ?name }")
    >>> answer.variables, list(answer)
    (('who',), [])
    """
    found = find_query(query)
    _refuse_updates(found.text)
    text, bindings = bound(graph, found, parameters, ontology)
    if len(text) <= LONG or not CAN_COPY:
        return _ask(graph, text, bindings)
    answer = within(timeout or None, lambda: _whole(_ask(graph, text, bindings)))  # its depth can bring down a process
    if isinstance(answer, Rows):
        return Stream(answer.variables, iter(answer))
    return answer if isinstance(answer, bool) else iter(answer)


def _whole(answer: Stream | bool | Iterator[Triple]) -> Rows | bool | list[Triple]:
    if isinstance(answer, bool):
        return answer
    return answer.all() if isinstance(answer, Stream) else list(answer)


UPDATE = re.compile(
    r"""(?>\s+ | \#[^\n]* | PREFIX\s+[^\s:]*\s*:\s*<[^>]*> | BASE\s*<[^>]*>)*
        (?P<word>INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def _refuse_updates(text: str) -> None:
    if match := UPDATE.match(text):
        raise BadQuery(
            f"{match['word'].upper()} would change the graph, and a query only reads it; `kg update` changes a graph"
        )


PLACE = re.compile(r"error at (\d+):(\d+)")
WIDE = 160  # characters of a line that are shown
LONG = 5_000  # characters; deeper than so many the engine does not nest on any stack
MISSING = "The SELECT contains a variable that is unbound"


def _ask(graph: Graph, text: str, bindings: Mapping[str, str]) -> Stream | bool | Iterator[Triple]:
    try:
        return graph.stream(text, bindings)
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
    if len(line) > WIDE:
        start = max(0, column - WIDE // 2)
        line, column = line[start : start + WIDE], column - start
    message = f"the query does not parse at line {number}, column {column}"
    if "prefix" in str(error):
        message, column = str(error), line.rfind(" ", 0, column - 1) + 2
    elif MISSING in engine:
        message += ": with GROUP BY, SELECT may name only what is grouped by or counted"
    pad = re.sub(r"[^\t]", " ", line[: column - 1])
    return BadQuery(f"{message}\n  {line}\n  {pad}^")


def _parsed_until(text: str) -> tuple[int, int] | None:
    """Line and column of what rdflib cannot parse; the engine names a place up to a long keyword further on."""
    if len(text) > LONG:
        return None
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(text.replace("\t", " "))  # it would count a tab as eight
    except ParseException as error:
        return error.lineno, error.column
    except RecursionError:
        return None
    return None
