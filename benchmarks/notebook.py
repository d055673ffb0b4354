"""How long the Python door takes: tables and networkx graphs of 75,000 claims, a page of 2,000 nodes, the notebooks.

    python benchmarks/notebook.py

The claims come from `generate.py` beside this file: invented, seeded, in the shape of a real graph. `networkx_ratio`
holds `kg.analyse.network`, which makes the networkx graph from the table of claims, against handing the very edges that
it makes, with all their attributes, to `networkx.MultiDiGraph.add_edges_from`; both in turns, each figure the median of
the rounds. The table of `to_networkx`, from the store to the networkx graph, is printed beside it. `claims_s` is
`graph.claims()`, from the store to the table. `html_first_s` is from the start of loading the page, as the browser
counts it, to the first frame in which the drawing has ink: headless Chromium with an empty profile, the median of the
rounds. What cannot be measured here is null, and a line says why.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import networkx as nx
from generate import CLAIMS_AN_ARTICLE, TRIPLES_AN_ARTICLE, knowledge

from kg.analyse import network
from kg.door import NewsGraph
from kg.door.tables import nodes
from kg.errors import KgError
from kg.model import Knowledge
from kg.ontology import load_ontology
from kg.store import Graph
from kg.triplify import triplify

CLAIMS = 75_000
NODES = 2_000
ROUNDS = 5
SPARE = 1.05  # the generator drops claims of a thing about itself
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --window-size=1400,900"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60  # seconds for the page

# Runs before the page's own scripts: notes the time of the first frame in which a canvas of the drawing has ink.
WATCH = """
  (() => {
    const small = document.createElement("canvas");
    small.width = small.height = 100;
    const pen = small.getContext("2d", { willReadFrequently: true });
    const inked = (canvas) => {
      if (!canvas.width || !canvas.height) return false;
      pen.clearRect(0, 0, 100, 100);
      pen.drawImage(canvas, 0, 0, 100, 100);
      return pen.getImageData(0, 0, 100, 100).data.some((value, index) => index % 4 === 3 && value);
    };
    const look = () => {
      if ([...document.querySelectorAll("canvas")].some(inked)) window.firstDrawing = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })();
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round of each, in turns, so that a busy machine slows all of them; a round before to warm up."""
    for work in works.values():
        work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(timed(work))
    return found


def collection(claims: int) -> Knowledge:
    """Invented news with that many claims."""
    made = knowledge(int(claims * SPARE / CLAIMS_AN_ARTICLE * TRIPLES_AN_ARTICLE))
    return replace(made, claims=made.claims[:claims])


def graph_of(made: Knowledge) -> NewsGraph:
    """Its graph, in memory."""
    return NewsGraph(Graph.of(triplify(made, load_ontology())))


def tables(rounds: int, claims: int) -> dict[str, float]:
    """Seconds for the table of claims, and the networkx graph from it held against networkx alone."""
    graph = graph_of(collection(claims))
    table, named = graph.claims(), nodes(graph._graph, load_ontology())
    ours = {"symmetric_relations": graph.symmetric_relations}
    made = network(table, named, **ours)
    vertices, edges = list(made.nodes(data=True)), list(made.edges(keys=True, data=True))

    def directly() -> nx.MultiDiGraph:
        found = nx.MultiDiGraph()
        found.add_nodes_from(vertices)
        found.add_edges_from(edges)
        return found

    print(f"{len(table)} claims, {len(graph)} triples; {made.number_of_nodes()} nodes, {made.number_of_edges()} edges")
    seconds = in_turns(
        {
            "claims(): store to table": graph.claims,
            "network: table to networkx": lambda: network(table, named, **ours),
            "networkx alone, same edges": directly,
            "to_networkx: store to networkx": lambda: graph.to_networkx(modality=None),
        },
        rounds,
    )
    print(f"{'seconds':32} {'median':>8} {'fastest':>8} {'slowest':>8}")
    for name, values in seconds.items():
        print(f"{name:32} {statistics.median(values):8.3f} {min(values):8.3f} {max(values):8.3f}")
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    alone = middle["networkx alone, same edges"]
    print(f"store to networkx, against networkx alone: {middle['to_networkx: store to networkx'] / alone:.2f}")
    return {
        "networkx_ratio": round(middle["network: table to networkx"] / alone, 2),
        "claims_s": round(middle["claims(): store to table"], 2),
    }


# ---------------------------------------------------------------- the page


def picture(rounds: int, size: int, folder: Path) -> dict[str, float | None]:
    """Megabytes of the page of a graph with that many nodes, and seconds until it is drawn."""
    page = folder / "graph.html"
    graph = graph_of(collection(size * 3))
    try:
        graph.show(limit=size).save(page)
    except (AttributeError, ImportError, KgError) as error:
        print(f"page: not measured: {error}")
        return {"html_first_s": None, "html_mb": None}
    megabytes = page.stat().st_size / 1e6
    first = first_drawing(page, rounds)
    print(f"page of {size} nodes: {megabytes:.2f} MB" + (f", first drawing {first:.2f} s" if first else ""))
    return {"html_first_s": first and round(first, 2), "html_mb": round(megabytes, 2)}


def first_drawing(page: Path, rounds: int) -> float | None:
    """Seconds from the start of loading to the first frame with ink, the median of the rounds."""
    browser, driver = next(filter(None, map(shutil.which, BROWSERS)), None), shutil.which("chromedriver")
    if not browser or not driver:
        print("first drawing: not measured: no Chromium with its chromedriver is installed")
        return None
    return statistics.median(drawn(page, browser, driver) for _ in range(rounds))


def drawn(page: Path, browser: str, driver: str) -> float:
    """Seconds until the page is drawn, in a browser of its own with an empty profile."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.support.ui import WebDriverWait

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = Options()
        options.binary_location = browser
        for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
            options.add_argument(flag)
        chromium = webdriver.Chrome(options=options, service=Service(driver))
        try:
            chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
            chromium.get(page.as_uri())
            waiting = WebDriverWait(chromium, PATIENCE, poll_frequency=0.05)
            return float(waiting.until(lambda c: c.execute_script("return window.firstDrawing"))) / 1000
        finally:
            chromium.quit()


# ---------------------------------------------------------------- the notebooks


def notebooks(folder: Path) -> float | None:
    """Seconds to execute all notebooks, one after the other."""
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        print(f"notebooks: not measured: {folder} has none")
        return None
    seconds = 0.0
    for path in paths:
        spent = timed(lambda path=path: execute(path))  # type: ignore[misc]  # mypy cannot infer the lambda
        print(f"{path.name:32} {spent:8.1f} s")
        seconds += spent
    return round(seconds, 1)


def execute(path: Path) -> None:
    """Run a notebook where it lies, and leave the file alone."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()


def main() -> None:
    """Measure, print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--nodes", type=int, default=NODES)
    parser.add_argument("--notebooks", type=Path, default=NOTEBOOKS, help="the folder of the notebooks")
    given = parser.parse_args()
    figures: dict[str, float | None] = {**tables(given.rounds, given.claims)}
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        figures |= picture(given.rounds, given.nodes, Path(folder))
    figures["notebooks_s"] = notebooks(given.notebooks)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
