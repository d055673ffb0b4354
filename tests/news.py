"""Small graphs of news, written down claim by claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import kg
from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality, digest
from kg.ontology import load_ontology
from kg.store import Graph
from kg.triplify import triplify


@dataclass(frozen=True, kw_only=True)
class Said:
    """A claim as a test puts it; the ends are names."""

    one: str
    relation: str
    other: str
    how: str = "asserted"
    article: str = "a"
    by: str | None = None
    on: str | None = None
    sure: float = 0.9
    quote: str = ""


def said(text: str, **more: object) -> Said:
    """A claim from "Ann metWith Bob"; the names are single words or joined by underscores."""
    one, relation, other = text.split()
    return Said(one=one.replace("_", " "), relation=relation, other=other.replace("_", " "), **more)


def news(*claims: Said, days: dict[str, str] | None = None, kinds: dict[str, str] | None = None) -> kg.NewsGraph:
    """The graph of claims; `days` says when an article was published, `kinds` of which class an entity is."""
    return kg.NewsGraph(Graph.of(triplify(knowledge(claims, days or {}, kinds or {}), load_ontology())))


def knowledge(claims: Iterable[Said], days: dict[str, str], kinds: dict[str, str]) -> Knowledge:
    """What resolving would have given."""
    claims = list(claims)
    names = sorted({name for c in claims for name in (c.one, c.other, c.by) if name})
    ids = {name: identity(name, kinds) for name in names}
    named = {name: {c.article for c in claims if name in (c.one, c.other)} for name in names}
    articles = sorted({c.article for c in claims})
    return Knowledge(
        articles=tuple(
            Article(
                id=digest(name),
                name=name,
                title=f"Story {name}",
                date=dt.date.fromisoformat(days[name]) if name in days else None,
                publisher=f"Paper {name[0]}",
            )
            for name in articles
        ),
        entities=tuple(
            Entity(
                id=ids[name],
                name=name.partition("#")[0],
                kind=kinds.get(name, "Person"),
                articles=tuple(digest(article) for article in sorted(named[name])),
            )
            for name in names
        ),
        claims=tuple(claim(c, ids, start) for start, c in enumerate(claims)),
    )


def identity(name: str, kinds: dict[str, str]) -> str:
    """The id of an entity; what follows # in a name tells namesakes apart."""
    return f"{kinds.get(name, 'Person').lower()}/{name.lower().replace(' ', '-').replace('#', '-')}"


def claim(said: Said, ids: dict[str, str], start: int) -> Claim:
    """The claim with all that a claim has."""
    quote = said.quote or f"{said.one} {said.relation} {said.other}, wrote {said.article}."
    return Claim(
        subject=ids[said.one],
        relation=said.relation,
        object=ids[said.other],
        modality=Modality(said.how),
        confidence=said.sure,
        evidence=Evidence(quote=quote, start=start, end=start + len(quote)),
        article=digest(said.article),
        attribution=said.by,
        source=ids[said.by] if said.by else None,
        date=dt.date.fromisoformat(said.on) if said.on else None,
    )
