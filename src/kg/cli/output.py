"""Rows on stdout: a table for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TextIO

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")  # an article must not command the terminal


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"


def chosen(wanted: Format | None) -> Format:
    """The format asked for; without one, a table on a terminal and CSV elsewhere."""
    return wanted or (Format.TABLE if sys.stdout.isatty() else Format.CSV)


def printable(text: str) -> str:
    """Text in one line, without what a terminal takes for commands.

    >>> printable("two\\nlines\\x1b[2J")
    'two lines [2J'
    """
    return UNPRINTABLE.sub(" ", text)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(2, "entity")
    ('1 article', '2 entities')
    """
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]], stream: TextIO | None = None) -> None:
    """A table that fits the terminal's width."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    table = Table(*map(escape, head), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(file=stream, highlight=False, emoji=False).print(table)


def write_objects(objects: Iterable[Mapping[str, object]], columns: Sequence[str], wanted: Format) -> None:
    """Objects on stdout: tables and CSV with these columns, JSON with all."""
    match wanted:
        case Format.JSONL:
            for found in objects:
                sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        case Format.JSON:
            lines = ",\n".join(json.dumps(found, ensure_ascii=False) for found in objects)
            sys.stdout.write(f"[\n{lines}\n]\n" if lines else "[]\n")
        case Format.TABLE:
            print_table(columns, (_cells(found, columns) for found in objects))
        case _:
            writer = csv.writer(sys.stdout, delimiter="\t" if wanted is Format.TSV else ",", lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(_cells(found, columns) for found in objects)


def _cells(found: Mapping[str, object], columns: Sequence[str]) -> list[str]:
    return ["" if found[column] is None else str(found[column]) for column in columns]
