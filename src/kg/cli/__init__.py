"""The command `kg`: arguments in, pipeline, output. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from kg.cli.answers import claims, explain, queries, query, stats
from kg.cli.building import build, remove
from kg.cli.checking import check
from kg.cli.correcting import different, rename, same, type
from kg.cli.exporting import export
from kg.cli.failures import Commands
from kg.cli.measuring import eval
from kg.cli.reasoning import infer
from kg.cli.showing import show
from kg.cli.updating import update

__all__ = ["app", "main"]

START = """
**Quick start**, with some news articles in the folder articles:

    kg build articles -o kg.ttl

    kg stats

    kg query leaders -p country=Belarus

    kg explain "Angela Merkel" spokeWith "Emmanuel Macron"

Exit codes: 0 done; 1 the answer is no; 2 wrong use or bad input; 130 stopped with Ctrl-C.
"""

app = typer.Typer(
    cls=Commands,
    name="kg",
    help="Reads news articles and writes a graph of who leads, meets, rivals, backs and sanctions whom: "
    "every edge can show the sentence that it stands on.",
    epilog=START,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    build,
    stats,
    queries,
    query,
    claims,
    explain,
    infer,
    check,
    export,
    show,
    remove,
    update,
    same,
    different,
    rename,
    type,
    eval,
):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        from kg import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error comes from; may stand anywhere on the line.")
    ] = False,
) -> None:
    """Options of all commands."""
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger("kg").setLevel(logging.DEBUG)


def main() -> None:
    """Run `kg` with the arguments of this process."""
    arguments = sys.argv[1:]
    if "--debug" in arguments:  # before the command, where Typer looks for it
        arguments = ["--debug", *(argument for argument in arguments if argument != "--debug")]
    for stream in (sys.stdout, sys.stderr):
        if not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(arguments, prog_name="kg")
