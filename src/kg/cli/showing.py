"""The command that draws: `show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.failures import say
from kg.cli.options import GraphOption, opened
from kg.errors import OutputFailed
from kg.model import Modality


def show(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help=".html to explore; .svg or .png for papers.")
    ],
    graph: GraphOption = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Who spoke with whom over time, or what --relation names.")
    ] = False,
    around: Annotated[
        list[str] | None, typer.Option("--around", metavar="NAME", help="Only what is near that name; may be repeated.")
    ] = None,
    hops: Annotated[int | None, typer.Option("--hops", min=0, help="How near, in edges. Default: 1.")] = None,
    relation: Annotated[
        list[str] | None,
        typer.Option("--relation", "-r", help="Only this relation and those below it; may be repeated."),
    ] = None,
    modality: Annotated[
        list[Modality] | None,
        typer.Option("--modality", "-m", help="Only this modality; may be repeated. Default: asserted."),
    ] = None,
    inferred: Annotated[bool, typer.Option("--inferred", help="With the edges that rules infer.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Nothing before that day, 2020-08-15 say.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Nothing after it.")] = None,
    min_confidence: Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="None below this.")] = 0.0,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=2, help="Names at most, the most connected. Default: 2000 in HTML, else 60."),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="What stands above it.")] = None,
) -> None:
    """Draw the graph: an HTML page to walk, search and filter, whose edges show their quotes; or an SVG or PNG.

    The page is one file that needs no network. It has every modality at hand and shows what is asserted first; a
    timeline marks all. A date is that of the claim, else of its article.

    Examples: `kg show -o graph.html`, `kg show -o putin.svg --around Putin`, `kg show --timeline -o talks.html`
    """
    from kg.show import form_of
    from kg.show import show as draw
    from kg.show import timeline as draw_timeline

    form = form_of(output)
    _checked(output)
    found = opened(graph)
    if timeline:
        if hops is not None or inferred:
            raise typer.BadParameter("a timeline has no --hops and no --inferred; leave them out")
        picture = draw_timeline(
            found,
            around=around,
            relations=relation,
            modality=modality,
            since=since,
            until=until,
            min_confidence=min_confidence,
            limit=limit,
            title=title,
        )
    else:
        picture = draw(
            found,
            around=around,
            hops=1 if hops is None else hops,
            relations=relation,
            modality=modality,
            inferred=inferred,
            since=since,
            until=until,
            min_confidence=min_confidence,
            limit=limit,
            title=title,
        )
    picture.save(output)
    drawing = picture.drawing if form == "html" else picture.printed
    say(f"{len(drawing.nodes):,} names, {len(drawing.edges):,} edges -> {output}")
    if drawing.note:
        say(drawing.note)


def _checked(output: str) -> None:
    """Complain of a missing folder before the work, not after."""
    folder = Path(output).absolute().parent
    if not folder.is_dir():
        raise OutputFailed(f"{output}: there is no folder {folder}; make it, or choose another place")
    if Path(output).is_dir():
        raise OutputFailed(f"{output}: is a folder; name a file")
