"""`kg eval`: how good the extraction is on annotated articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.building import Jobs, OntologyFiles
from kg.cli.failures import interruptible
from kg.cli.output import printable
from kg.progress import shown


def eval(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD",
            help="The annotation: a JSON object a line, with the id of an article (its file's name without suffix) "
            "and its claims.",
        ),
    ],
    texts: Annotated[
        list[str], typer.Argument(metavar="TEXT", help="The annotated articles: files, folders of them, dumps.")
    ],
    ontology: OntologyFiles = None,
    jobs: Jobs = 1,
    errors: Annotated[
        int, typer.Option("--errors", min=0, metavar="N", help="List up to N errors of each relation and kind.")
    ] = 0,
) -> None:
    """Extract from articles whose claims are known, and say how many are found and how many found ones are right.

    A table has for each relation the annotated claims (gold), those found (pred), precision P (the share of the found
    that is right), recall R (the share of the annotated that is found) and their harmonic mean F1. Claims that are
    planned or denied are no facts and do not count; taken for facts, they count as wrong. Below it: how often claims
    of some confidence are right, and the errors by kind. Nothing is kept of it; a graph that is there stays as it is.

    A line of GOLD, cut short: `{"id": "minsk", "claims": [{"subject": "Angela Merkel", "subject_aliases": ["Merkel"],
    "relation": "leaderOf", "object": "Germany", "modality": "asserted"}]}`

    Example: `kg eval evaluation/gold.jsonl evaluation/texts --errors 2`
    """
    from kg.evaluate import report

    with shown() as bar, interruptible(bar) as progress:
        text = report(gold, texts, ontology=ontology or (), jobs=jobs, errors=errors, progress=progress)
    for line in text.splitlines():
        typer.echo(printable(line))
