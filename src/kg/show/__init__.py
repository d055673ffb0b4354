"""Pictures of a graph: a page to walk and search, a drawing for print, a timeline.

>>> from kg.show import FORMATS
>>> FORMATS
('html', 'svg', 'png')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from kg.errors import BadQuery
from kg.model import Modality
from kg.ontology import Ontology, load_ontology
from kg.show.choosing import Wanted, chosen, dated
from kg.show.page import graph_page
from kg.show.picture import FORMATS, Picture, form_of
from kg.show.poster import poster
from kg.show.reading import edges
from kg.show.timeline import timeline_page, timeline_sheet
from kg.store import Graph

__all__ = ["FORMATS", "Picture", "form_of", "show", "timeline"]

PAGE, PAPER = 2000, 60  # names in a picture when no limit is given: on a screen, on paper
PAGE_ROWS, PAPER_ROWS = 200, 30  # pairs of a timeline
TALKS = "spokeWith"  # and what is below it: what a timeline shows when no relation is given

Names = str | Sequence[str] | None
Modalities = str | Modality | Sequence[str | Modality] | None
Day = str | dt.date | None


def show(
    graph: Graph,
    *,
    around: Names = None,
    hops: int = 1,
    relations: Names = None,
    modality: Modalities = None,
    inferred: bool = False,
    since: Day = None,
    until: Day = None,
    min_confidence: float = 0.0,
    limit: int | None = None,
    title: str | None = None,
    ontology: Ontology | None = None,
) -> Picture:
    """The picture of a graph, or of what lies within some hops around names: interactive, or to save as SVG or PNG.

    A relation takes those below it in. Without `modality` edges that a claim asserts are drawn; the page has the
    others at hand. A date is that of the claim, else of its article. Of more than `limit` names (by default 2,000 on
    a page, 60 on paper) the most connected are drawn, and the picture says so.

    >>> from kg.model import Triple
    >>> show(Graph.of([Triple("<a:ann>", "<a:knows>", "<a:bob>")]))
    <Picture of 2 names and 1 edge; .save("FILE.html"), .svg or .png>

    Raises:
        NothingToShow: the graph has no edges, or none that fits.
        UnknownEntity: no entity bears a name of `around`.
        UnknownTerm: no such relation.
        BadQuery: a modality, date or number that makes no sense.
    """
    wanted = Wanted(
        around=_several(around),
        hops=_least("hops", hops, 0),
        relations=_several(relations),
        modalities=_modalities(modality),
        inferred=inferred,
        since=_day("since", since),
        until=_day("until", until),
        min_confidence=min_confidence,
        limit=_least("limit", PAGE if limit is None else limit, 2),
    )
    known = ontology or load_ontology()
    found = edges(graph, known)
    name = title or _title("Who leads, meets, backs and opposes whom", wanted)
    less = replace(wanted, limit=limit or PAPER)
    return Picture(
        chosen(graph, found, wanted, known, title=name, all_manners=True),
        printed=lambda: chosen(graph, found, less, known, title=name, all_manners=False),
        page=graph_page,
        sheet=poster,
    )


def timeline(
    graph: Graph,
    *,
    around: Names = None,
    relations: Names = None,
    modality: Modalities = None,
    since: Day = None,
    until: Day = None,
    min_confidence: float = 0.0,
    limit: int | None = None,
    title: str | None = None,
    ontology: Ontology | None = None,
) -> Picture:
    """The picture of who spoke with whom over time, a row a pair; other `relations` can be named.

    Claims of every modality are marked, each on the day that it tells, else on that of its article; those without
    either are counted. Of more than `limit` pairs (by default 200 on a page, 30 on paper) those of most claims stay.

    Raises:
        NothingToShow: nothing that fits has a date.
        UnknownEntity: no entity bears a name of `around`.
        UnknownTerm: no such relation.
        BadQuery: a modality, date or number that makes no sense.
    """
    wanted = Wanted(
        around=_several(around),
        relations=_several(relations) or (TALKS,),
        modalities=_modalities(modality),
        since=_day("since", since),
        until=_day("until", until),
        min_confidence=min_confidence,
        limit=_least("limit", PAGE_ROWS if limit is None else limit, 1),
    )
    known = ontology or load_ontology()
    found = edges(graph, known)
    name = title or _title("Who dealt with whom" if relations else "Who spoke with whom", wanted)
    less = replace(wanted, limit=limit or PAPER_ROWS)
    return Picture(
        dated(graph, found, wanted, known, title=name),
        printed=lambda: dated(graph, found, less, known, title=name),
        page=timeline_page,
        sheet=timeline_sheet,
    )


def _several(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def _modalities(given: Modalities) -> tuple[Modality, ...]:
    names = [given] if isinstance(given, str) else list(given or ())
    known = [modality.value for modality in Modality]
    for name in names:
        if name.lower() not in known:
            raise BadQuery(f"no modality is called {name!r}; known: {', '.join(known)}")
    return tuple(Modality(name.lower()) for name in names)


def _day(what: str, given: Day) -> dt.date | None:
    if not isinstance(given, str):
        return given
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise BadQuery(f"{what}: {given!r} is no date; write it like 2020-08-15") from error


def _least(what: str, number: int, least: int) -> int:
    if number < least:
        raise BadQuery(f"{what}: {number} is too small; the least is {least}")
    return number


def _title(words: str, wanted: Wanted) -> str:
    around = f", around {' and '.join(wanted.around)}" if wanted.around else ""
    days = (f"from {wanted.since}" if wanted.since else "", f"until {wanted.until}" if wanted.until else "")
    return ", ".join(filter(None, (words + around, " ".join(filter(None, days)))))
