"""Saved queries: SPARQL in files that say their title, their description and their parameters in a head comment."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from kg.errors import BadQuery
from kg.ontology import resource
from kg.query.names import listed

SUFFIX = ".rq"


class ParameterType(StrEnum):
    """What the value of a parameter is."""

    ENTITY = "entity"  # a name, an IRI or a prefixed name
    RELATION = "relation"  # "spokeWith", "spoke with", an IRI, with the relations below it; "every" for all of them
    TEXT = "text"
    DATE = "date"  # 2020-08-15
    INTEGER = "integer"
    MODALITY = "modality"  # asserted, ended, prospective or denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A variable of a query that may be given a value; without one it stands for anything, unless it is required."""

    name: str
    type: ParameterType
    default: str | None = None
    description: str = ""
    required: bool = False


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
    r"""(?P<name>\w+)\s*:\s*(?P<type>\w+)(?P<required>!)?
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
            f" the type one of {', '.join(kinds)}, with `!` behind it where a value must be given"
        )
    return Parameter(
        name=match["name"],
        type=ParameterType(match["type"]),
        default=match["default"] or None,
        description=match["description"] or "",
        required=match["required"] is not None,
    )


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
    close = difflib.get_close_matches(name[:60], saved, n=3, cutoff=0.5)
    meant = f"did you mean {listed(close)}? " if close else ""
    raise BadQuery(f"no query is called {query[:60]!r}; {meant}`kg queries` lists them all")


def _from_file(path: Path) -> SavedQuery:
    try:
        return read_query(path.read_text("utf-8-sig"), name=str(path))
    except OSError as error:
        raise BadQuery(
            f"{path}: cannot be read ({error.strerror}); give a saved query, a .rq file or SPARQL"
        ) from error
    except UnicodeDecodeError as error:
        raise BadQuery(f"{path}: not text in UTF-8; save it again in that encoding") from error
