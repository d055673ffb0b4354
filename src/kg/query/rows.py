"""Rows for people and for programs."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TextIO

from kg.errors import BadQuery
from kg.query.terms import shorten
from kg.store import PREFIXES, Kind, Rows, Stream, Term


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


def rows_to(format: str, rows: Rows | Stream, stream: TextIO) -> None:
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


def _write_csv(rows: Rows | Stream, stream: TextIO, *, delimiter: str = ",") -> None:
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows.variables)
    writer.writerows(["" if term is None else str(term) for term in row] for row in rows)


def _write_tsv(rows: Rows | Stream, stream: TextIO) -> None:
    _write_csv(rows, stream, delimiter="\t")


def _write_json(rows: Rows | Stream, stream: TextIO) -> None:
    before = "[\n"
    for line in _objects(rows):
        stream.write(before + line)
        before = ",\n"
    stream.write("[]\n" if before == "[\n" else "\n]\n")


def _write_jsonl(rows: Rows | Stream, stream: TextIO) -> None:
    stream.writelines(line + "\n" for line in _objects(rows))


def _objects(rows: Rows | Stream) -> Iterator[str]:
    for row in rows:
        plain = dict(zip(rows.variables, map(_plain, row), strict=True))
        yield json.dumps(plain, ensure_ascii=False)


def _plain(term: Term | None) -> object:
    value = term.python if term is not None else None
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


WRITERS: Mapping[str, Callable[[Rows | Stream, TextIO], None]] = {
    "csv": _write_csv,
    "tsv": _write_tsv,
    "json": _write_json,
    "jsonl": _write_jsonl,
}
