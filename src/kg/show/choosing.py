"""What of a graph goes into a picture: the edges asked for, and the best connected of what they join."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import NothingToShow
from kg.model import Modality
from kg.ontology import Ontology
from kg.query import relations_meant, resolve_entity
from kg.show.drawing import Drawing, Edge, Manner, Statement, Tie
from kg.show.reading import nodes, tie_label
from kg.store import Graph

OTHERS = "Choose others with --around NAME, --relation NAME or --limit N; in Python around=, relations=, limit=."
STATED = frozenset({Manner.ASSERTED, Manner.UNCLAIMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be drawn; empty means all, `hops` counts from `around`."""

    around: tuple[str, ...] = ()
    hops: int = 1
    relations: tuple[str, ...] = ()
    modalities: tuple[Modality, ...] = ()  # empty: asserted; a page has the others at hand
    inferred: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    min_confidence: float = 0.0
    limit: int = 60

    @property
    def shown(self) -> frozenset[Manner]:
        """The manners that are seen at first."""
        told = frozenset(map(Manner, self.modalities)) or STATED
        return told | {Manner.INFERRED} if self.inferred else told


def chosen(
    graph: Graph, every: Sequence[Edge], wanted: Wanted, ontology: Ontology, *, title: str, all_manners: bool
) -> Drawing:
    """The drawing of what is wanted of the edges of a graph; with `all_manners` it holds what is hidden at first too.

    Raises:
        NothingToShow: the graph has no edges, or none that fits.
        UnknownEntity: no entity bears a name that is given.
        UnknownTerm: no such relation.
    """
    centres = [resolve_entity(graph, name) for name in wanted.around]
    fitting = _fitting_edges(graph, every, wanted, ontology)
    shown = wanted.shown
    if all_manners and not wanted.modalities:
        shown = _seen_first(shown, fitting)
    else:
        fitting = [edge for edge in fitting if edge.manners & shown]
    if not fitting:
        raise NothingToShow(_unfitting(every, wanted))
    seen = [edge for edge in fitting if edge.manners & shown]
    kept = _most_connected(seen, fitting, wanted, centres)
    drawn = [edge for edge in fitting if edge.subject in kept and edge.object in kept]
    if not drawn:
        raise NothingToShow(_alone(graph, wanted))
    order = _by_degree([edge for edge in drawn if edge.manners & shown], drawn, kept)
    return Drawing(
        title=title,
        nodes=tuple(nodes(graph, order, ontology)),
        edges=tuple(drawn),
        ties=tuple(_ties(drawn, ontology)),
        shown=shown,
        note=_note(kept, fitting, wanted, centres),
    )


def dated(graph: Graph, every: Sequence[Edge], wanted: Wanted, ontology: Ontology, *, title: str) -> Drawing:
    """The drawing of what has a date, for a timeline: the pairs of most dated claims, those around a name if given.

    Raises:
        NothingToShow: nothing fits, or nothing of it has a date.
        UnknownEntity: no entity bears a name that is given.
        UnknownTerm: no such relation.
    """
    centres = {resolve_entity(graph, name) for name in wanted.around}
    fitting = _fitting_edges(graph, every, wanted, ontology)
    if not fitting:
        raise NothingToShow(_unfitting(every, wanted))
    near = [edge for edge in fitting if not centres or centres & {edge.subject, edge.object}]
    if not near:
        raise NothingToShow(_alone(graph, wanted))
    claims = Counter[tuple[str, ...]]()
    for edge in near:
        claims[pair(edge)] += sum(statement.date is not None for statement in edge.statements)
    rows = [ends for ends, number in sorted(claims.items(), key=lambda item: (-item[1], item[0])) if number]
    if not rows:
        raise NothingToShow(
            "nothing that fits has a date: neither the claims nor their articles; `kg show` without --timeline draws it"
        )
    kept = set(rows[: wanted.limit])
    drawn = [edge for edge in near if pair(edge) in kept]
    undated = sum(s.date is None for edge in near for s in edge.statements)
    left = f"Shown: the {len(kept):,} pairs of most claims, of {len(rows):,}. {OTHERS}"
    notes = (
        left if len(kept) < len(rows) else "",
        f"Not drawn: {_counted(undated, 'claim')} without a date." if undated else "",
    )
    ends = dict.fromkeys(end for edge in drawn for end in (edge.subject, edge.object))
    return Drawing(
        title=title,
        nodes=tuple(nodes(graph, ends, ontology)),
        edges=tuple(drawn),
        ties=tuple(_ties(drawn, ontology)),
        shown=frozenset(Manner),
        note=" ".join(filter(None, notes)),
    )


def pair(edge: Edge) -> tuple[str, ...]:
    """Whom an edge joins, in either direction."""
    return tuple(sorted((edge.subject, edge.object)))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _fitting_edges(graph: Graph, every: Sequence[Edge], wanted: Wanted, ontology: Ontology) -> list[Edge]:
    if not every:
        raise NothingToShow(f"{graph.source}: {_emptiness(graph)}")
    relations = {meant.iri for name in wanted.relations for meant in relations_meant(graph, name, ontology)}
    return [fit for edge in every if (fit := _fitting(edge, wanted, relations)) is not None]


def _seen_first(shown: frozenset[Manner], fitting: Iterable[Edge]) -> frozenset[Manner]:
    """What a page shows at first: all, where nothing is stated."""
    known = frozenset[Manner]().union(*(edge.manners for edge in fitting))
    return shown if shown & known else known


# ---------------------------------------------------------------- edges that fit


def _fitting(edge: Edge, wanted: Wanted, relations: set[str]) -> Edge | None:
    """The edge with the statements that fit; none if nothing of it does."""
    if relations and edge.relation not in relations:
        return None
    bare = not (wanted.since or wanted.until or wanted.min_confidence)
    if bare and not wanted.modalities:
        return edge
    statements = tuple(s for s in edge.statements if _fits(s, wanted))
    fit = replace(edge, statements=statements, unclaimed=edge.unclaimed and bare, rules=edge.rules if bare else ())
    return fit if fit.manners else None


def _fits(statement: Statement, wanted: Wanted) -> bool:
    if statement.confidence < wanted.min_confidence:
        return False
    if wanted.modalities and statement.manner not in set(map(Manner, wanted.modalities)):
        return False
    if wanted.since is None and wanted.until is None:
        return True
    day = statement.date
    return day is not None and (wanted.since or dt.date.min) <= day <= (wanted.until or dt.date.max)


def _emptiness(graph: Graph) -> str:
    if not len(graph):
        return "the graph is empty; build it with `kg build ARTICLES -o kg.ttl`"
    return f"nothing to draw: of its {len(graph)} triples none joins two things; `kg stats` counts what there is"


def _unfitting(every: Sequence[Edge], wanted: Wanted) -> str:
    manners = Counter(edge.manner for edge in every)
    there = ", ".join(f"{manners[m]} {m}" for m in Manner if manners[m])
    dates = sorted(s.date for edge in every for s in edge.statements if s.date)
    span = f", dated {dates[0]} to {dates[-1]}" if dates else ""
    asked = ", ".join(_asked(wanted))
    hint = f"nothing fits {asked}" if asked else "nothing is asserted; --modality chooses another way"
    return f"{hint}; the graph has {len(every)} edges ({there}{span})"


def _alone(graph: Graph, wanted: Wanted) -> str:
    asked = ", ".join(_asked(wanted))
    leads = f"no edge{f' ({asked})' if asked else ''} leads to {' or '.join(wanted.around)}"
    return f"{leads}; `kg explain NAME` tells what is said of it"


def _asked(wanted: Wanted) -> Iterator[str]:
    if wanted.relations:
        yield f"relation {' or '.join(wanted.relations)}"
    if wanted.modalities:
        yield f"modality {' or '.join(wanted.modalities)}"
    if wanted.since:
        yield f"since {wanted.since}"
    if wanted.until:
        yield f"until {wanted.until}"
    if wanted.min_confidence:
        yield f"confidence {wanted.min_confidence:g} or more"


# ---------------------------------------------------------------- nodes that stay


def _neighbours(drawn: Iterable[Edge]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for edge in drawn:
        found[edge.subject].add(edge.object)
        found[edge.object].add(edge.subject)
    return found


def _most_connected(seen: Sequence[Edge], fitting: Sequence[Edge], wanted: Wanted, centres: Sequence[str]) -> set[str]:
    """The nodes that stay: the nearest to the centres, then those of most neighbours; none is left alone."""
    neighbours = _neighbours(fitting)
    near = _distances(neighbours, centres, wanted.hops) if centres else None
    order = _by_degree(seen, fitting, neighbours if near is None else near)
    if near is not None:
        order.sort(key=lambda iri: near[iri])
    taken, joined = set[str](), set[str]()
    for iri in order:
        taken.add(iri)
        new = (neighbours.get(iri, set()) & taken) - {iri}
        news = joined | new | ({iri} if new or iri in neighbours.get(iri, ()) else set())
        if len(news) > wanted.limit:
            break
        joined = news
    return joined


def _by_degree(seen: Iterable[Edge], fitting: Iterable[Edge], among: Iterable[str]) -> list[str]:
    first, then = _neighbours(seen), _neighbours(fitting)
    return sorted(among, key=lambda iri: (-len(first.get(iri, ())), -len(then.get(iri, ())), iri))


def _distances(neighbours: Mapping[str, set[str]], centres: Sequence[str], hops: int) -> dict[str, int]:
    """How far from the centres each node is, up to so many hops."""
    found = dict.fromkeys(centres, 0)
    front = list(found)
    for distance in range(1, hops + 1):
        front = sorted({near for iri in front for near in neighbours.get(iri, ())} - found.keys())
        found |= dict.fromkeys(front, distance)
    return found


# ---------------------------------------------------------------- what is said of the whole


def _ties(drawn: Sequence[Edge], ontology: Ontology) -> Iterator[Tie]:
    counts = Counter(edge.relation for edge in drawn)
    for iri in sorted(counts, key=lambda iri: (-counts[iri], iri)):
        label, symmetric = tie_label(iri, ontology)
        yield Tie(iri=iri, label=label, symmetric=symmetric)


def _note(kept: set[str], fitting: Sequence[Edge], wanted: Wanted, centres: Sequence[str]) -> str:
    """What was left out and how to choose it; nothing where all is there."""
    all_nodes = _neighbours(fitting)
    if len(kept) >= len(all_nodes):
        return ""
    scope = f"within {wanted.hops} {'hop' if wanted.hops == 1 else 'hops'} of {' and '.join(wanted.around)}"
    if centres and len(kept) < wanted.limit:  # the hops end it, not the limit
        return f"Shown: {len(kept):,} of {len(all_nodes):,} entities, those {scope}. More: --hops N."
    near = f" {scope}," if centres else ""
    return f"Shown: the {len(kept):,} most connected{near} of {len(all_nodes):,} entities with an edge. {OTHERS}"
