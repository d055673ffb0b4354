"""Values given to the variables of a SPARQL query, without string formatting in queries.

SPARQL has no parameters. A value is bound by a `VALUES` clause at the start of the query's pattern and of each group
in it that names the variable, so that it also holds inside `UNION`, `OPTIONAL` and `FILTER`. Strings, IRIs and
comments of the query are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import BadQuery

TOKEN = re.compile(
    r"""
      \#[^\n]*                                           # a comment
    | <[^<>"{}|^`\\\x00-\x20]*>                          # an IRI
    | \"\"\"(?:[^"\\]|\\.|"{1,2}(?!"))*\"\"\"            # strings, the long ones first
    | '''(?:[^'\\]|\\.|'{1,2}(?!'))*'''
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | @[A-Za-z-]+                                        # a language tag
    | [?$](?P<variable>\w+)
    | (?P<prefix>[^\W_][\w.-]*)?:(?:[\w.%:-]|\\.)*       # a prefixed name
    | (?P<word>[A-Za-z]\w*)
    | (?P<brace>[{}])
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
DECLARES = frozenset({"PREFIX", "BASE"})


@dataclass(slots=True)
class _Group:
    """A pair of braces: where its content starts, and which variables stand directly in it."""

    start: int
    pattern: bool  # False: a template, a block of data, or the braces around a sub-SELECT
    variables: set[str] = field(default_factory=set)


def bind(sparql: str, bindings: Mapping[str, str]) -> str:
    """The query with each named variable bound to a term in N-Triples syntax.

    >>> bind("SELECT ?who { ?who ?how ?whom }", {"whom": "<http://example.org/a>"})
    'SELECT ?who { VALUES ?whom { <http://example.org/a> } ?who ?how ?whom }'

    Raises:
        BadQuery: the query has no such variable, or the term is none.
    """
    if not bindings:
        return sparql
    terms = {name: _checked(name, term) for name, term in bindings.items()}
    groups = list(_groups(sparql))
    known = {name for group in groups for name in group.variables}
    for name in terms:
        if name not in known:
            listed = ", ".join(f"?{v}" for v in sorted(known)) or "none"
            raise BadQuery(f"the query has no variable ?{name} to give a value to; its variables: {listed}")
    patterns = sorted((g for g in groups if g.pattern), key=lambda group: group.start)
    for group in reversed(patterns):
        here = sorted(terms if group is patterns[0] else terms.keys() & group.variables)
        values = "".join(f" VALUES ?{name} {{ {terms[name]} }}" for name in here)
        sparql = sparql[: group.start] + values + sparql[group.start :]
    return sparql


def undeclared(sparql: str, known: Mapping[str, str]) -> set[str]:
    """The prefixes that a query uses and neither it nor `known` declares.

    >>> undeclared("SELECT * { ?a foo:b kg:c }", {"kg": ""})
    {'foo'}
    """
    used: set[str] = set()
    declared = set(known)
    declares = False
    for token in TOKEN.finditer(sparql):
        if token["prefix"]:
            (declared if declares else used).add(token["prefix"])
        declares = (token["word"] or "").upper() in DECLARES
    return used - declared


def complaint(sparql: str, message: str, known: Mapping[str, str], *, what: str = "query") -> str:
    """What an engine has against a query (or an update), for people.

    >>> complaint("ASK { ?a b:c ?d }", "error at 1:10: Prefix not found", {"kg": ""})
    'the query uses the prefix b: without declaring it; known: kg'
    """
    unknown = undeclared(sparql, known)
    if unknown:
        return f"the {what} uses the prefix {min(unknown)}: without declaring it; known: {', '.join(known)}"
    first = message.partition("\n")[0][:200]
    return f"the {what} fails: " + re.sub(r"^error at (\d+):(\d+)", r"line \1, column \2", first)


def words(sparql: str) -> set[str]:
    """The words of a query in capitals: not what stands in its strings, IRIs, names and comments.

    >>> sorted(words('SELECT ?from { ?from a kg:GRAPH } # SERVICE'))
    ['A', 'SELECT']
    """
    return {token["word"].upper() for token in TOKEN.finditer(sparql) if token["word"]}


def _checked(name: str, term: str) -> str:
    """The term, parsed and written again, so that nothing but a term gets into the query."""
    try:
        (quad,) = ox.parse(f"<a:> <a:> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError) as error:
        raise BadQuery(f'?{name}: {term!r} is no RDF term in N-Triples syntax, such as <IRI> or "text"@en') from error
    if isinstance(quad.object, ox.NamedNode | ox.Literal):
        return str(quad.object)
    raise BadQuery(f"?{name}: {term!r} cannot be bound; give an IRI or a literal")


def _groups(sparql: str) -> Iterator[_Group]:
    """The braces of a query; the first group stands for what is outside all braces."""
    stack = [_Group(0, pattern=False)]
    last = word = ""
    for token in TOKEN.finditer(sparql):
        if token["variable"]:
            stack[-1].variables.add(token["variable"])
        elif token["brace"] == "{":
            stack.append(_Group(token.end(), pattern=last != "CONSTRUCT" and word != "VALUES"))
            word = ""
        elif token["brace"] and len(stack) > 1:
            yield stack.pop()
        elif token["word"]:
            word = token["word"].upper()
            if word == "SELECT" and last == "{":
                stack[-1].pattern = False
        if not token[0].startswith("#"):
            last = token[0].upper()
    yield from stack
