"""A picture as one HTML file: data, style and scripts inside it, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from kg.query import local_name
from kg.show.drawing import Drawing, Edge, Manner, Source, Statement
from kg.show.layout import positions
from kg.show.looks import STROKES, looks

ROOM = 1_900_000  # characters of data in a file; with the scripts it stays below 3 MB
MOST = (40, 15, 8, 4, 2, 1)  # quotes an edge: the first number that fits the room
LONGEST = (2_000, 400, 200)  # characters of a quote, tried when even one an edge is too much

Json = Mapping[str, object]
NOTHING: Json = {}


def graph_page(drawing: Drawing) -> str:
    """The page of a graph, to walk, search and filter; an edge shows its quotes.

    Names and quotes are data in it, never markup.
    """
    number = {node.iri: index for index, node in enumerate(drawing.nodes)}
    pairs = [(number[edge.subject], number[edge.object]) for edge in drawing.edges]
    places = positions(len(drawing.nodes), pairs)
    return page(drawing, places, stage="graph.html", scripts=("cytoscape.min.js", "page.js", "graph.js"))


def page(
    drawing: Drawing, places: Sequence[tuple[float, float]], *, stage: str, scripts: Sequence[str], more: Json = NOTHING
) -> str:
    """A page with that stage and those scripts; `more` is added to its data."""
    codes = [_asset(script) for script in scripts]
    parts = {
        "policy": _policy(codes),
        "title": html.escape(drawing.title),
        "style": _asset("page.css"),
        "stage": _asset(stage),
        "note": html.escape(drawing.note),
        "data": _safe({**_fitted(drawing, places), **more}),
        "scripts": "\n".join(f"<script>{code}</script>" for code in codes),
    }
    shell = _asset("page.html")
    pieces = shell.replace("}}", "{{").split(
        "{{"
    )  # text and names of parts in turn: what is filled in is not read again
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name("assets").joinpath(name).read_text(encoding="utf-8")


def _policy(codes: Iterable[str]) -> str:
    """What the browser may do with the page: run these scripts and no other, load nothing."""
    hashes = (base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in codes)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _safe(data: object) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    clean = text.encode("utf-8", "replace").decode()
    return clean.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


# ---------------------------------------------------------------- the data


def _fitted(drawing: Drawing, places: Sequence[tuple[float, float]]) -> Json:
    """The data with as many quotes as there is room for; an edge says how many more it has."""
    sizes = [(most, LONGEST[0]) for most in MOST] + [(1, longest) for longest in LONGEST[1:]]
    for most, longest in sizes:
        data = _data(drawing, places, most=most, longest=longest)
        if len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")) <= ROOM:
            break
    return data


def _data(drawing: Drawing, places: Sequence[tuple[float, float]], *, most: int, longest: int) -> Json:
    number = {node.iri: index for index, node in enumerate(drawing.nodes)}
    ties = {tie.iri: index for index, tie in enumerate(drawing.ties)}
    quotes: dict[str, int] = {}
    sources: dict[Source, int] = {}

    def told(statement: Statement) -> list[object]:
        source = statement.source and sources.setdefault(statement.source, len(sources))
        quote = quotes.setdefault(_cut(statement.quote, longest), len(quotes))
        return [
            statement.manner,
            quote,
            statement.confidence,
            statement.speaker,
            _day(statement.said),
            source,
            statement.backwards,
        ]

    return {
        "nodes": [
            [node.label, node.kind, node.shape, *place, node.iri, list(node.aliases)]
            for node, place in zip(drawing.nodes, places, strict=True)
        ],
        "edges": [
            [
                number[edge.subject],
                number[edge.object],
                ties[edge.relation],
                [told(statement) for statement in edge.statements[:most]],
                max(0, len(edge.statements) - most),
                edge.unclaimed,
                list(edge.rules),
            ]
            for edge in drawing.edges
        ],
        "quotes": list(quotes),
        "sources": [[s.name, s.url, _day(s.date), s.publisher] for s in sources],
        "ties": list(_ties(drawing)),
        "manners": list(_manners(drawing.edges, drawing.shown)),
    }


def _ties(drawing: Drawing) -> Iterator[Json]:
    found = looks((local_name(tie.iri), tie.symmetric) for tie in drawing.ties)
    for tie in drawing.ties:
        look = found[local_name(tie.iri)]
        yield {
            "label": tie.label,
            "symmetric": tie.symmetric,
            "light": look.light,
            "dark": look.dark,
            "head": look.head,
            "mark": look.mark,
            "hollow": look.hollow,
        }


def _manners(edges: Iterable[Edge], shown: frozenset[Manner]) -> Iterator[Json]:
    """The manners that occur, the strongest first."""
    there = frozenset[Manner]().union(*(edge.manners for edge in edges))
    for manner in Manner:
        if manner in there:
            stroke = STROKES[manner]
            yield {"name": manner, "words": stroke.words, "dashes": list(stroke.dashes), "shown": manner in shown}


def _cut(quote: str, longest: int) -> str:
    return quote if len(quote) <= longest else quote[:longest].rstrip() + "..."


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
