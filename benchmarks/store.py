"""How fast the graph is stored, opened, asked, written, reasoned over and checked, beside the engines beneath.

    python benchmarks/store.py --size 1m
    python benchmarks/store.py --size 100k --only queries cold

The graph is invented (`generate.py`): entities named as often as in news, claims with all their properties, articles,
direct edges. Each part runs in a process of its own, our side and the other over the same triples, one after the other;
a busy machine changes the times more than the ratios. What the parts measure:

- queries: ten saved queries with names as people type them, through `kg.query.run` (finding the entity of the name,
  binding, evaluating, converting the rows) over a folder and, in brackets, over a file in memory, against rdflib
  evaluating the same SPARQL over its own store. The rows must be the same. A query that rdflib has not answered after
  `--cap` seconds counts with that time, so its ratio is a lower bound, and its rows are not compared; the table says
  which. The figures are those of the folder. Saved queries with which rdflib never ends are not among the ten.
- cold: the command `kg query`, from its start to its first row.
- open: opening a folder of five million triples, a query for one label included.
- load: entities and claims into a folder, `triplify` included, against the engine loading finished N-Triples.
- turtle: the sorted Turtle of the graph in memory, and of the folder's, each against the engine's own unsorted Turtle.
- infer: the rules over the graph; and at 77,000 triples, the rules against HermiT (Java).
- shapes: `kg.check` over the graph, and at 10,000 triples the shapes alone against pySHACL.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from generate import SIZES, knowledge, triples

from kg.errors import TimeUp
from kg.ontology import load_ontology
from kg.ontology import resource as packaged
from kg.query import run, saved_queries
from kg.query.limit import within
from kg.query.values import bound
from kg.store import Graph, Rows, open_graph, write
from kg.store.bind import bind

Figures = dict[str, float | None]
HERMIT_SIZE = 77_000
SHAPES_SIZE = 10_000
ROUNDS = 5

RANKED = """
    SELECT ?name (COUNT(?claim) AS ?claims) WHERE { ?claim %s ?entity . ?entity a %s ; rdfs:label ?name }
    GROUP BY ?name ORDER BY DESC(?claims) ?name LIMIT 30
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the graph of a run is."""

    size: str
    folder: Path  # a store
    file: Path  # N-Triples
    cap: float


def spent(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(what: str, ours: str, other: str = "", ratio: float | None = None, note: str = "") -> None:
    """A line of the table."""
    print(f"{what:<34}{ours:>16}{other:>22}{'' if ratio is None else f'{ratio:9.1f} x'}  {note}", flush=True)


# ---------------------------------------------------------------- queries


def questions(graph: Graph) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Ten saved queries about names that are neither the most famous nor the rarest."""
    people = _ranked(graph, "rdf:subject", "kg:Person")
    countries = _ranked(graph, "rdf:object", "kg:Country")
    bodies = _ranked(graph, "rdf:object", "kg:Organization")
    speakers = _ranked(graph, "kg:attributedTo", "kg:Person")
    yield "leaders", {"country": countries[4]}
    yield "officials", {"body": countries[9].lower()}
    yield "members", {"organization": bodies[4]}
    yield "spoke_with", {"actor": people[2], "since": "2016-01-01"}
    yield "rivals", {"actor": people[4]}
    yield "sanctioned_by_several", {}
    yield "prospective", {"actor": countries[9]}
    yield "denied", {"actor": people[4]}
    yield "said_by", {"source": speakers[4]}
    yield "speakers", {"least": "3"}


def _ranked(graph: Graph, end: str, kind: str) -> list[str]:
    return [str(row[0]) for row in graph.select(RANKED % (end, kind))]


def plain(rows: Sequence[Sequence[Any]]) -> list[tuple[str | None, ...]]:
    """Rows as texts, so that those of two libraries can be compared."""
    return [tuple(None if cell is None else str(cell) for cell in row) for row in rows]


def sparql_of(graph: Graph, name: str, parameters: Mapping[str, str]) -> str:
    """What the saved query comes to with its values."""
    text, bindings = bound(graph, saved_queries()[name], parameters)
    return bind(text, bindings)


def queries(place: Place) -> Figures:
    """Ours over the folder, over memory, and rdflib."""
    import rdflib

    folder = open_graph(place.folder)
    asked = list(questions(folder))
    memory = open_graph(place.file)
    other = rdflib.Graph(bind_namespaces="none")
    loading = spent(lambda: other.parse(place.file, format="nt"))
    for prefix, namespace in folder.prefixes.items():
        other.bind(prefix, namespace)
    print(f"rdflib has loaded the graph in {loading:.1f} s")
    ratios = [_compared(place, name, parameters, folder, memory, other) for name, parameters in asked]
    return {
        "query_geomean": math.exp(statistics.fmean(map(math.log, ratios))),
        "query_min_ratio": min(ratios),
    }


def _compared(
    place: Place, name: str, parameters: Mapping[str, str], folder: Graph, memory: Graph, other: Any
) -> float:
    """How many times longer rdflib takes than we do over the folder; at least, where it was stopped."""
    answer = run(folder, name, parameters)
    assert isinstance(answer, Rows)
    ours, held = (_median(partial(run, graph, name, parameters)) for graph in (folder, memory))
    text = sparql_of(folder, name, parameters)
    note = ""
    try:
        theirs, rows = within(place.cap, lambda: _by_rdflib(other, text))
        if rows != plain(list(answer)):
            raise SystemExit(f"{name}: the rows are not those of rdflib")
    except TimeUp:
        theirs, note = place.cap, "rdflib was stopped"
    said = f"{ours * 1000:.1f} ms ({held * 1000:.1f})"
    say(name, said, f"{theirs * 1000:.0f} ms", theirs / ours, f"{len(answer)} rows {note}")
    return theirs / ours


def _median(work: Callable[[], object]) -> float:
    return statistics.median(spent(work) for _ in range(ROUNDS))


def _by_rdflib(graph: Any, text: str) -> tuple[float, list[tuple[str | None, ...]]]:
    start = time.perf_counter()
    rows = plain(list(graph.query(text)))
    return time.perf_counter() - start, rows


def cold(place: Place) -> Figures:
    """From the start of `kg query` to its first row."""
    graph = open_graph(place.folder)
    name, parameters = next(questions(graph))
    values = [word for key, value in parameters.items() for word in ("-p", f"{key}={value}")]
    command = [str(Path(sys.executable).with_name("kg")), "query", name, *values, "-g", str(place.folder), "-f", "csv"]
    seconds = statistics.median(_first_row(command) for _ in range(ROUNDS))
    bare = statistics.median(
        spent(lambda: subprocess.run([*command[:1], "--version"], check=True, capture_output=True))
        for _ in range(ROUNDS)
    )
    say("kg query, to the first row", f"{seconds:.2f} s", f"kg --version {bare:.2f} s")
    return {"cold_query_s": seconds}


def _first_row(command: Sequence[str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert process.stdout.readline()
        seconds = time.perf_counter() - start
        process.stdout.read()
    return seconds


# ---------------------------------------------------------------- storing


def opening(place: Place) -> Figures:
    """A folder of five million triples, opened and asked for one label."""
    ask = "SELECT ?name { ?who a kg:Country ; rdfs:label ?name } LIMIT 1"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large")
        number = write(triples(SIZES["5m"]), path)
        times = [spent(lambda: open_graph(path).select(ask)) for _ in range(ROUNDS)]
        raw = statistics.median(spent(lambda: ox.Store.read_only(str(path))) for _ in range(ROUNDS))
    seconds = statistics.median(times)
    say(f"opening {number} triples", f"{seconds:.3f} s", f"engine {raw:.3f} s")
    return {"open_5m_s": seconds}


def load(place: Place) -> Figures:
    """Knowledge into a folder."""
    from kg.triplify import triplify

    known, ontology = knowledge(SIZES[place.size]), load_ontology()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        number = write(triplify(known, ontology), Path(folder, "ours"))
        ours = number / (time.perf_counter() - start)
        finished = place.file.read_bytes()
        store = ox.Store(str(Path(folder, "raw")))
        raw = number / spent(lambda: store.bulk_load(input=finished, format=ox.RdfFormat.N_TRIPLES))
    say("claims into a folder", f"{ours:,.0f} /s", f"engine {raw:,.0f} /s", ours / raw, "triples, triplify included")
    return {"load_triples_per_s": ours}


def turtle(place: Place) -> Figures:
    """Sorted Turtle, against the engine's own: of a graph in memory, as a file gives it, and of a folder's."""
    speeds = [_turtle(place, source) for source in (place.file, place.folder)]
    return {"turtle_mb_per_s": speeds[0]}


def _turtle(place: Place, source: Path) -> float:
    from kg.store import export

    graph = open_graph(source)
    store = ox.Store.read_only(str(source)) if source.is_dir() else _in_memory(source)
    with tempfile.TemporaryDirectory() as folder:
        path, plain_path = Path(folder, "ours.ttl"), Path(folder, "raw.ttl")
        ours = spent(lambda: export(graph, path))
        raw = spent(
            lambda: store.dump(
                str(plain_path),
                format=ox.RdfFormat.TURTLE,
                from_graph=ox.DefaultGraph(),
                prefixes=dict(graph.prefixes),
            )
        )
        size = path.stat().st_size / 1e6
    kind = "folder" if source.is_dir() else "memory"
    say(f"sorted Turtle, {kind}", f"{size / ours:.1f} MB/s", f"engine {raw:.1f} s", raw / ours, f"{ours:.1f} s")
    return size / ours


def _in_memory(source: Path) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(source), format=ox.RdfFormat.N_TRIPLES)
    return store


# ---------------------------------------------------------------- reasoning and checking


def infer(place: Place) -> Figures:
    """The rules over the graph; against HermiT on a smaller one."""
    from kg.errors import KgError
    from kg.reason import consult
    from kg.reason import infer as entailed

    graph = open_graph(place.folder)
    start = time.perf_counter()
    number = sum(1 for _ in entailed(graph))
    seconds = time.perf_counter() - start
    say("inference", f"{seconds:.1f} s", "", None, f"{number} triples added")
    small = Graph.of(triples(HERMIT_SIZE))
    rules = statistics.median(spent(lambda: list(entailed(small))) for _ in range(3))
    try:
        hermit = spent(lambda: consult(small, seconds=600))
    except KgError as error:
        say("HermiT", "", "", None, str(error))
        return {"infer_1m_s": seconds, "infer_vs_hermit": None}
    say(f"inference at {len(small)}", f"{rules:.2f} s", f"HermiT {hermit:.1f} s", hermit / rules)
    return {"infer_1m_s": seconds, "infer_vs_hermit": hermit / rules}


def shapes(place: Place) -> Figures:
    """The shapes of a graph in memory and of a folder's, and the whole check; against pySHACL on a smaller graph."""
    from kg.check import broken_shapes, check

    seconds = []
    for source in (place.file, place.folder):
        graph = open_graph(source)
        seconds.append(spent(lambda graph=graph: broken_shapes(graph)))  # type: ignore[misc]  # no type for a default
        kind = "folder" if source.is_dir() else "memory"
        say(f"shapes, {kind}", f"{seconds[-1]:.1f} s", "", None, "handing the graph over included")
        if not source.is_dir():
            start = time.perf_counter()
            number = len(check(graph))
            whole = time.perf_counter() - start
            say("the whole check, memory", f"{whole:.1f} s", "", None, f"edges, consistency; {number} violations")
    small = Graph.of(triples(SHAPES_SIZE))
    ours, theirs = spent(lambda: broken_shapes(small)), _pyshacl(small)
    say(f"shapes at {len(small)}", f"{ours:.2f} s", f"pySHACL {theirs:.1f} s", theirs / ours)
    return {"shapes_1m_s": seconds[0]}


def _pyshacl(graph: Graph) -> float:
    import pyshacl
    import rdflib

    data = rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in graph.triples()), format="nt")
    rules = rdflib.Graph().parse(packaged("ontology") / "shapes.ttl")
    words = rdflib.Graph().parse(packaged("ontology") / "kg.ttl")
    return spent(lambda: pyshacl.validate(data, shacl_graph=rules, ont_graph=words))


# ---------------------------------------------------------------- running

PARTS: Mapping[str, Callable[[Place], Figures]] = {
    "queries": queries,
    "cold": cold,
    "open": opening,
    "load": load,
    "turtle": turtle,
    "infer": infer,
    "shapes": shapes,
}
MEMORY = ("load", "turtle", "infer", "shapes", "open")  # where no other library holds the graph beside ours
NAMES = (
    "query_geomean",
    "query_min_ratio",
    "cold_query_s",
    "open_5m_s",
    "load_triples_per_s",
    "turtle_mb_per_s",
    "infer_vs_hermit",
    "infer_1m_s",
    "shapes_1m_s",
    "peak_mb",
)


def _part(name: str, place: Place) -> tuple[Figures, float]:
    """In a process of its own: the figures, and its memory in MB."""
    found = PARTS[name](place)
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


@contextmanager
def placed(size: str, cap: float, work: Path | None) -> Iterator[Place]:
    """The graph of a size as a folder and as N-Triples, made where it is not there yet."""
    with tempfile.TemporaryDirectory() as temporary:
        base = work or Path(temporary)
        base.mkdir(parents=True, exist_ok=True)
        place = Place(size=size, folder=base / f"graph-{size}", file=base / f"graph-{size}.nt", cap=cap)
        if not place.file.exists():
            write(triples(SIZES[size]), place.file)
        if not place.folder.exists():
            write(triples(SIZES[size]), place.folder)
        yield place


def main() -> None:
    """Measure, print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="100k", help="triples, about (default: 100k)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--cap", type=float, default=120, help="seconds for a query by rdflib (default: 120)")
    parser.add_argument("--work", type=Path, help="a folder for the graphs, kept for the next run")
    arguments = parser.parse_args()
    figures: Figures = dict.fromkeys(NAMES)
    peak = 0.0
    with placed(arguments.size, arguments.cap, arguments.work) as place:
        say(f"{len(open_graph(place.folder))} triples", "ours", "other", None)
        for name in arguments.only:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found, memory = pool.apply(_part, (name, place))
            figures.update(found)
            peak = max(peak, memory if name in MEMORY else 0.0)
    figures["peak_mb"] = peak or None
    print(json.dumps({name: None if value is None else round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
