"""From articles, or from a file, to a graph."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from kg.door.graph import NewsGraph
from kg.ontology import BASE, load_ontology
from kg.progress import shown, silent
from kg.store import open_graph

NO_FIELDS: Mapping[str, str] = {}


def open(source: str | Path, *, ontology: Sequence[str | Path] = (), work: str | Path | None = None) -> NewsGraph:
    """The graph in a file, in a store's folder or behind a SPARQL endpoint.

    `ontology` are the files that the graph was built with, where these were not the packaged ones. `work` is the folder
    of its articles, by default the file beside it; explanations show their quotes in the paragraphs that stand there.

    Raises:
        BadGraph: there is none, or it cannot be read.
        BadOntology: an ontology file cannot be used.
    """
    from kg.pipeline import records_path

    known = load_ontology([Path(path) for path in ontology])
    graph = open_graph(source)
    local = Path(source).exists()
    return NewsGraph(graph, ontology=known, records=records_path(source, work) if local or work else None)


def build(
    paths: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    *,
    work: str | Path | None = None,
    ontology: Sequence[str | Path] = (),
    entities: Sequence[str | Path] | None = None,
    corrections: str | Path | None = None,
    base: str = BASE,
    date: dt.date | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    fresh: bool = False,
    strict: bool = False,
    jobs: int = 1,
    min_confidence: float = 0.0,
    quiet: bool = False,
) -> NewsGraph:
    """The graph of articles, of folders of them, of dumps; see `kg build --help` for the options.

    With an `output`, graph and collection are kept there, and the next build adds to them; without, both are gone when
    Python ends. Inputs that cannot be used are named in a warning. A script with `jobs` above 1 needs the usual
    `if __name__ == "__main__":`.

    Raises:
        UnreadableInput: nothing could be read or, with `strict`, something could not.
        OutputFailed: the graph cannot be written.
    """
    from kg import pipeline

    folder = tempfile.mkdtemp(prefix="kg-") if output is None else None
    target = str(Path(folder, "kg.nt")) if folder else str(output)
    try:
        with nullcontext(silent) if quiet else shown() as progress:
            summary = pipeline.build(
                [paths] if isinstance(paths, str | Path) else paths,
                target,
                work=work,
                ontology=ontology,
                entities=entities,
                corrections=corrections,
                base=base,
                date=date,
                fields=fields,
                fresh=fresh,
                strict=strict,
                jobs=jobs,
                min_confidence=min_confidence,
                progress=progress,
            )
        for problem in (*summary.problems, *summary.notices):
            warnings.warn(str(problem), stacklevel=2)
        graph = open(target, ontology=ontology, work=work)
    except BaseException:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    graph.summary = summary
    if folder:
        weakref.finalize(graph, shutil.rmtree, folder, ignore_errors=True)
    return graph
