"""The claims of a graph as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kg.store.graph import Graph

COLUMNS = ("subject", "relation", "object", "modality", "attribution", "date", "confidence", "article", "quote")
QUERY = Path(__file__).with_name("claims.rq")


def claims_table(graph: Graph) -> list[str]:
    """The head, then a CSV line for each claim, sorted; only claims are in it, not articles or aliases.

    >>> claims_table(Graph.of([]))
    ['subject,relation,object,modality,attribution,date,confidence,article,quote\\n']
    """
    rows = graph.select(QUERY.read_text(encoding="utf-8"))
    found = sorted({tuple("" if term is None else term.value for term in row) for row in rows})
    return [_line(COLUMNS), *(_line(row[: len(COLUMNS)]) for row in found)]


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
