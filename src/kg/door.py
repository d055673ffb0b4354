"""The Python door: build or open a graph, ask it, get pandas tables."""

from __future__ import annotations

import datetime as dt
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kg.ontology import BASE
from kg.progress import shown, silent
from kg.store import Graph, Rows, export, open_graph

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

    from kg.explain import Explanation
    from kg.model import BuildSummary

NO_FIELDS: Mapping[str, str] = {}


class NewsGraph:
    """A graph of news: rows as pandas tables, evidence in words.

    >>> graph = NewsGraph(Graph.of([]))
    >>> graph.query("leaders").columns[0], len(graph)
    ('leader', 0)
    """

    def __init__(self, graph: Graph, *, summary: BuildSummary | None = None) -> None:
        self._graph = graph
        self.summary = summary
        """What the build did, where this graph comes from one; its `problems` are the inputs left out."""

    def query(self, query: str, /, **parameters: object) -> pd.DataFrame | NewsGraph | bool:
        """The rows of a saved query (by name), of a .rq file or of SPARQL text.

        CONSTRUCT and DESCRIBE give a graph, ASK gives true or false.

        >>> NewsGraph(Graph.of([])).query("ASK { ?who kg:leaderOf ?what }")
        False

        Raises:
            BadQuery: no such query or parameter, or the query does not parse.
            UnknownEntity: a parameter names nothing in the graph.
        """
        from kg.query import run

        answer = run(self._graph, query, {name: str(value) for name, value in parameters.items()})
        if isinstance(answer, bool):
            return answer
        if isinstance(answer, Rows):
            return _frame(answer.variables, answer.values())
        return NewsGraph(Graph.of(answer))

    def claims(
        self,
        *,
        relation: str | None = None,
        subject: str | None = None,
        article: str | None = None,
        modality: str | None = None,
        min_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """The claims that fit, a row each: who, relation, whom, modality, speaker, date, quote and its place.

        >>> "evidence" in NewsGraph(Graph.of([])).claims(relation="spokeWith").columns
        True
        """
        from kg.explain import ClaimRow, claims

        found = claims(
            self._graph,
            relation=relation,
            subject=subject,
            article=article,
            modality=modality,
            min_confidence=min_confidence,
        )
        columns = tuple(ClaimRow.__annotations__)
        return _frame(columns, (tuple(row.values()) for row in found))

    def explain(self, subject: str, relation: str | None = None, object: str | None = None) -> Explanation | str:
        """The quotes behind an edge, or why there is none; of a subject alone, what is said of it. Both print well.

        Raises:
            UnknownEntity: a name that no entity bears.
            UnknownTerm: no such relation.
        """
        from kg.explain import explain, explain_entity

        if relation is None or object is None:
            return explain_entity(self._graph, subject)
        return explain(self._graph, subject, relation, object)

    @property
    def rdf(self) -> rdflib.Graph:
        """The same triples as an rdflib graph: a view, not a copy."""
        return self._graph.rdf

    def save(self, target: str | Path) -> None:
        """Write the graph: the suffix names the format, a name without one makes a store's folder."""
        export(self._graph, target)

    def __len__(self) -> int:
        """The number of triples."""
        return len(self._graph)

    def __repr__(self) -> str:
        return f"<NewsGraph of {len(self)} triples from {self._graph.source}>"


def open(source: str | Path) -> NewsGraph:
    """The graph in a file or in a store's folder.

    Raises:
        BadGraph: there is none, or it cannot be read.
    """
    return NewsGraph(open_graph(source))


def build(
    paths: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    *,
    work: str | Path | None = None,
    ontology: Sequence[str | Path] = (),
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

    with tempfile.TemporaryDirectory() if output is None else nullcontext("") as folder:
        target = Path(folder, "kg.nt") if output is None else Path(output)
        with nullcontext(silent) if quiet else shown() as progress:
            summary = pipeline.build(
                [paths] if isinstance(paths, str | Path) else paths,
                target,
                work=work,
                ontology=ontology,
                base=base,
                date=date,
                fields=fields,
                fresh=fresh,
                strict=strict,
                jobs=jobs,
                min_confidence=min_confidence,
                progress=progress,
            )
        for problem in summary.problems:
            warnings.warn(str(problem), stacklevel=2)
        return NewsGraph(open_graph(target), summary=summary)


def _frame(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([tuple(map(_number, row)) for row in rows], columns=list(columns))


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
