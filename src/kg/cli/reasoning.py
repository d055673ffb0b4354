"""`kg infer`: what follows from a graph."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.building import OntologyFiles
from kg.cli.failures import NO, say
from kg.cli.options import GraphOption, opened
from kg.cli.output import counted, printable

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.reason import Contradiction, Entailment
    from kg.store import Graph

STREAM = "-"
SHOWN = 20  # contradictions told; all are counted
RULES, HERMIT = "rules", "hermit"

LABEL = "SELECT (MIN(?name) AS ?label) WHERE { ?entity rdfs:label ?name }"
QUOTE = """
    SELECT ?article ?text WHERE {
      ?claim kg:quote ?text ; prov:wasDerivedFrom ?report . ?report dcterms:identifier ?article
    }
"""


def infer(
    graph: GraphOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The graph with what follows from it: the suffix names the format, a name without one makes a "
            "store's folder; - for Turtle on stdout. Without it nothing is written.",
        ),
    ] = None,
    ontology: OntologyFiles = None,
    types: Annotated[bool, typer.Option("--types", help="Write entailed classes, too: a person is an agent.")] = False,
    mapped: Annotated[
        bool, typer.Option("--mapped", help="Write edges in other vocabularies, too: schema:memberOf.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            metavar="N",
            help="A transitive relation or a chain that would add more than N edges is left to queries. "
            "Default: 100000.",
        ),
    ] = None,
    reasoner: Annotated[
        str,
        typer.Option("--reasoner", metavar="rules|hermit", help="hermit: all of OWL DL, for small graphs; needs Java."),
    ] = RULES,
    timeout: Annotated[
        float | None, typer.Option("--timeout", min=1, metavar="SECONDS", help="Stop HermiT after that. Default: 600.")
    ] = None,
) -> None:
    """Add the edges that follow from the ontology: who leads a country is an official of it.

    Each inferred edge is marked with its rule and with the claims that it stands on; `kg explain` shows them. What the
    ontology does not allow is told with the quotes that say so, nothing is inferred from it that it forbids, and the
    exit code is 1. Inferences of an earlier time are replaced.

    Example: `kg infer -g kg.ttl -o inferred.ttl`
    """
    from kg.ontology import load_ontology
    from kg.reason import LIMIT, Reasoner, entail

    if reasoner not in (RULES, HERMIT):
        raise typer.BadParameter(f"{reasoner!r} is no reasoner; known: {RULES}, {HERMIT}", param_hint="--reasoner")
    known = load_ontology(ontology or (), worded=False)
    found = opened(graph)
    more = {"seconds": timeout} if timeout else {}
    entailed = entail(
        found,
        known,
        types=types,
        mapped=mapped,
        limit=LIMIT if limit is None else limit,
        reasoner=Reasoner(reasoner),
        warn=say,
        **more,
    )
    if entailed.consistent:
        _write(found, entailed, known, output)
        _summarise(entailed, output, types=types)
    _tell_contradictions(found, entailed, known)


def _write(graph: Graph, entailed: Entailment, ontology: Ontology, output: str | None) -> None:
    from kg.reason import merged
    from kg.store import write

    if output is None:
        return
    triples = merged(graph, entailed, ontology)
    if output != STREAM:
        write(triples, output, base=graph.base)
        return
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        path = Path(folder, "graph.ttl")
        write(triples, path, base=graph.base)
        with path.open(encoding="utf-8") as file:
            shutil.copyfileobj(file, sys.stdout)


def _summarise(entailed: Entailment, output: str | None, *, types: bool) -> None:
    rules = entailed.by_rule()
    where = f" -> {'stdout' if output == STREAM else output}" if output else "; nothing is written without -o FILE"
    say(f"{counted(rules.total(), 'edge')} inferred{where}")
    for rule, number in sorted(rules.items(), key=lambda item: (-item[1], item[0])):
        say(f"  {number} by {rule}")
    if entailed.types and not types:
        say(f"{counted(entailed.types, 'entailed type')} left out; --types writes them")
    for axiom, path in entailed.at_query_time:
        say(f"{axiom}: too many edges to write; ask for them with the path {_prefixed(path)}, or raise --limit")
    for unused in entailed.unused:
        say(unused)


def _prefixed(path: str) -> str:
    """A property path as one would type it."""
    from kg.query import shorten

    def short(match: re.Match[str]) -> str:
        name = shorten(match[1])
        return name if name != match[1] else match[0]

    return re.sub("<([^>]+)>", short, path)


def _tell_contradictions(graph: Graph, entailed: Entailment, ontology: Ontology) -> None:
    """What is not allowed, with article and quote; then the exit code is 1."""
    from kg.reason import check_ontology

    if not entailed.consistent:
        itself = not check_ontology(ontology).consistent
        what = "the ontology contradicts itself" if itself else "the graph contradicts the ontology"
        say(f"{what}, says HermiT: anything would follow, so nothing is written")
    for iri in entailed.empty:
        say(f"the ontology contradicts itself about {iri}: nothing can be one")
    for contradiction in entailed.contradictions[:SHOWN]:
        for line in _told(graph, contradiction):
            say(printable(line))
    if entailed.contradictions:
        say(f"{counted(len(entailed.contradictions), 'contradiction')} found")
    if entailed.contradictions or entailed.empty or not entailed.consistent:
        raise typer.Exit(NO)


def _told(graph: Graph, contradiction: Contradiction) -> Iterator[str]:
    yield f"contradiction: {contradiction.told(_names(graph))}"
    for claim in contradiction.claims:
        for article, quote in graph.select(QUOTE, {"claim": claim}):
            yield f'  {article}: "{" ".join(str(quote).split())}"'


def _names(graph: Graph) -> Callable[[str], str]:
    """Labels of entities, local names of the rest."""
    from kg.reason import local

    def name(term: str) -> str:
        if not term.startswith("<"):
            return term
        ((label,),) = graph.select(LABEL, {"entity": term})
        return str(label) if label is not None else local(term)

    return name
