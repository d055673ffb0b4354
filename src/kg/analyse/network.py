"""Claims as a networkx graph: an edge for all that the articles say of two actors and a relation."""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

Symmetric = Literal["both", "once"]

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTROLS = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))  # the same in UTF-8, but for two signs beyond it
BEYOND = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
ATTRIBUTES = ("relation", "modality", "weight", "claims", "confidence", "first", "last", "quote", "article")


def network(
    claims: pd.DataFrame,
    entities: pd.DataFrame | None = None,
    *,
    simple: bool = False,
    symmetric: Symmetric = "both",
    symmetric_relations: Collection[str] = (),
) -> nx.MultiDiGraph | nx.Graph:
    """The networkx graph of a table of claims, as `NewsGraph.claims` gives it; see `NewsGraph.to_networkx`.

    `entities` (columns iri, name, class) says what the nodes are called and which names several entities share;
    without it, the claims say so.

    >>> claims = pd.DataFrame({"subject": ["Ann"], "object": ["Bob"], "subject_iri": ["a:1"], "object_iri": ["a:2"],
    ...     "relation": ["metWith"], "modality": ["asserted"], "confidence": [0.9], "quote": ["Ann met Bob."],
    ...     "date": pd.to_datetime(["2020-08-15"]), "published": pd.to_datetime(["2020-08-16"]),
    ...     "headline": ["Visit"], "article": ["a"], "article_iri": ["a:3"], "claim_iri": ["a:4"]})
    >>> network(claims)["Ann"]["Bob"]["metWith"]["first"]
    '2020-08-15'
    """
    if symmetric not in ("both", "once"):
        raise ValueError(f"symmetric={symmetric!r}: say 'both' (an edge each way) or 'once'")
    named = _Ends.of(claims, _entities(claims) if entities is None else entities)
    turned = np.ones(len(claims), dtype=bool) if simple else claims["relation"].isin(list(symmetric_relations)).array
    ties = _Ties.of(claims, named, turned=np.asarray(turned, dtype=bool), simple=simple)
    with _without_collecting():
        return _simple(ties, named) if simple else _multi(ties, named, both=symmetric == "both")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the garbage collector out while many small dicts are made: none of them is garbage."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


# ---------------------------------------------------------------- nodes


def keys(entities: pd.DataFrame) -> pd.Series:
    """What each entity is called as a node: its name; of those that share one, name and end of the IRI.

    >>> keys(pd.DataFrame({"iri": ["x:id/city/a", "x:id/person/a", "x:c"], "name": ["Ann", "Ann", "Bob"]})).tolist()
    ['Ann (city/a)', 'Ann (person/a)', 'Bob']
    """
    table = entities.set_index("iri")
    bare = pd.Series(
        _cleaned(table["name"].where(table["name"].ne(""), table.index).tolist()), table.index, dtype=object
    )
    names = bare.copy()
    for told in (_end, str):  # the end of the IRI or, where ends are alike too, all of it
        shared = names.duplicated(keep=False)
        names[shared] = [f"{bare[iri]} ({told(iri)})" for iri in names.index[shared]]
    return names


def _end(iri: str) -> str:
    return "/".join(re.split("[/#]", iri)[-2:])


def clean(text: str) -> str:
    """The text without the control characters that XML, and so GraphML and GEXF, cannot hold.

    >>> clean("a\\x01b")
    'ab'
    """
    return NOT_IN_XML.sub("", text)


def _entities(claims: pd.DataFrame) -> pd.DataFrame:
    ends = [claims[[f"{side}_iri", side]].set_axis(["iri", "name"], axis=1) for side in ("subject", "object")]
    return pd.concat(ends).drop_duplicates("iri")


@dataclass(frozen=True, slots=True)
class _Ends:
    """The nodes, sorted by what they are called, and for each claim the numbers of its ends."""

    nodes: Sequence[tuple[str, dict[str, str]]]
    subject: np.ndarray
    object: np.ndarray

    @classmethod
    def of(cls, claims: pd.DataFrame, entities: pd.DataFrame) -> _Ends:
        codes, iris = pd.factorize(pd.concat([claims["subject_iri"], claims["object_iri"]], ignore_index=True))
        known = entities.drop_duplicates("iri")
        about = known.set_index("iri").reindex(iris)
        spare = pd.Series(iris, index=iris, dtype=object)
        called = keys(known).reindex(iris).fillna(spare).to_numpy(dtype=object)
        names = _cleaned(about["name"].astype(object).fillna(spare).tolist())
        kinds = about["class"].astype(object).fillna("").tolist() if "class" in about else [""] * len(names)
        order = np.argsort(called, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        full = list(iris)
        nodes = [(called[i], {"name": names[i], "class": kinds[i], "iri": full[i]}) for i in order.tolist()]
        subject, object_ = np.split(place[codes], 2)
        return cls(nodes, subject, object_)


# ---------------------------------------------------------------- edges


@dataclass(frozen=True, slots=True)
class _Ties:
    """The edges as columns, sorted by their ends; `turned` where the relation has no direction."""

    one: list[int]
    other: list[int]
    turned: list[bool]
    columns: dict[str, list[Any]]

    @classmethod
    def of(cls, claims: pd.DataFrame, ends: _Ends, *, turned: np.ndarray, simple: bool) -> _Ties:
        swap = turned & (ends.subject > ends.object)
        one = np.where(swap, ends.object, ends.subject)
        other = np.where(swap, ends.subject, ends.object)
        relation, modality = (pd.Categorical(claims[name]) for name in ("relation", "modality"))
        kinds = [] if simple else [(relation.codes, len(relation.categories)), (modality.codes, 9)]
        tie, first = _grouped([(one, len(ends.nodes)), (other, len(ends.nodes)), *kinds])
        best = _best(tie, len(first), claims["confidence"].to_numpy())
        when = claims["date"].fillna(claims["published"]).to_numpy().astype("datetime64[D]")
        heading = claims["headline"].fillna(claims["article"])
        columns: dict[str, list[Any]] = {
            "relation": _listed(tie, relation) if simple else list(relation[first]),
            "modality": _listed(tie, modality) if simple else list(modality[first]),
            "weight": _different(tie, claims["article_iri"]),
            "claims": _different(tie, claims["claim_iri"]),
            "confidence": claims["confidence"].to_numpy()[best].tolist(),
            "first": _extreme(tie, len(first), when, np.fmin),
            "last": _extreme(tie, len(first), when, np.fmax),
            "quote": _cleaned(claims["quote"].to_numpy(dtype=object)[best].tolist()),
            "article": _cleaned(heading.to_numpy(dtype=object)[best].tolist()),
        }
        return cls(one[first].tolist(), other[first].tolist(), turned[first].tolist(), columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The edges with their attributes, in the order of `ATTRIBUTES`."""
        return zip(self.one, self.other, self.turned, *(self.columns[name] for name in ATTRIBUTES), strict=True)


def _grouped(parts: Sequence[tuple[np.ndarray, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The group of each row, rows alike in all parts being one; and a row of each group."""
    number = np.zeros(len(parts[0][0]), dtype=np.int64)
    for codes, size in parts:
        number = number * max(size, 1) + codes
    _, first, group = np.unique(number, return_index=True, return_inverse=True)
    return group, first


def _best(group: np.ndarray, groups: int, confidence: np.ndarray) -> np.ndarray:
    """The row of each group with the highest confidence, the first of those alike."""
    order = np.lexsort([-confidence, group])
    return order[np.searchsorted(group[order], np.arange(groups))]


def _different(group: np.ndarray, values: pd.Series) -> list[object]:
    """How many different values each group has."""
    codes, known = pd.factorize(values)
    pairs = np.unique(group * max(len(known), 1) + codes)
    return list(np.bincount(pairs // max(len(known), 1)).tolist())


def _extreme(group: np.ndarray, groups: int, days: np.ndarray, choose: np.ufunc) -> list[object]:
    """The first or the last day of each group in ISO form, empty where there is none."""
    found = np.full(groups, np.datetime64("NaT"), dtype="datetime64[D]")
    choose.at(found, group, days)
    days, place = np.unique(found, return_inverse=True)
    words = ["" if day == "NaT" else day for day in np.datetime_as_string(days).tolist()]
    return [words[i] for i in place.tolist()]


def _listed(group: np.ndarray, values: pd.Categorical) -> list[object]:
    """The different values of each group, joined by commas."""
    pairs = np.unique(group * max(len(values.categories), 1) + values.codes)
    found: dict[int, list[str]] = {}
    for pair in pairs.tolist():
        tie, code = divmod(pair, len(values.categories))
        found.setdefault(tie, []).append(str(values.categories[code]))
    return [", ".join(found[tie]) for tie in sorted(found)]


def _cleaned(texts: list[str]) -> list[str]:
    """The texts without control characters; that there are none at all is soon seen."""
    whole = "".join(texts).encode("utf-8", "surrogatepass")
    if len(whole.translate(None, CONTROLS)) == len(whole) and not any(sign in whole for sign in BEYOND):
        return texts
    return [clean(text) for text in texts]


# ---------------------------------------------------------------- graphs


def _multi(ties: _Ties, ends: _Ends, *, both: bool) -> nx.MultiDiGraph:
    """The graph, its edges written where `add_edge` would write them: that looks up and copies each, at twice the time.

    Each edge is new, as the ties are different; a test holds the graph against one that `add_edge` made.
    """
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(ends.nodes)
    names, out, into = [name for name, _ in ends.nodes], graph._succ, graph._pred
    for one, other, turned, relation, modality, weight, claims, confidence, first, last, quote, article in ties.rows():
        said = {
            "relation": relation,
            "modality": modality,
            "weight": weight,
            "claims": claims,
            "confidence": confidence,
            "first": first,
            "last": last,
            "quote": quote,
            "article": article,
        }
        key = relation if modality == "asserted" else f"{relation} ({modality})"
        here, there = names[one], names[other]
        into[there][here] = edges = out[here].setdefault(there, {})
        edges[key] = said
        if both and turned and one != other:
            into[here][there] = edges = out[there].setdefault(here, {})
            edges[key] = dict(said)
    return graph


def _simple(ties: _Ties, ends: _Ends) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(ends.nodes)
    names = [name for name, _ in ends.nodes]
    for one, other, _, *said in ties.rows():
        if one != other:
            graph.add_edge(names[one], names[other], **dict(zip(ATTRIBUTES, said, strict=True)))
    return graph
