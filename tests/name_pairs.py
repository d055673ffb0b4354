"""The table of name pairs as articles: each side of a pair is an article that says of the name what the table says.

`one_says` and `other_says` hold, divided by semicolons, `leaderOf=City:Springfield` (or another relation), `with=` for
what else the article names, `set=` for the country that it is set in, `alias=` for a form given beside the name and
`date=` for the day of the article.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.gazetteer import load_gazetteer
from kg.model import Document, Evidence, Form, LocalClaim, LocalEntity, Mention, Modality, Record
from kg.ontology import Ontology
from kg.resolve import assign, family

TABLE = Path(__file__).parent / "data" / "name_pairs.csv"


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names and whether they are one thing."""

    part: str  # "tuned" or "held": the mechanism was not tuned on the latter
    same: bool
    kind: str
    one: str
    other: str
    one_says: str
    other_says: str

    def __str__(self) -> str:
        return f"{self.one} {'=' if self.same else '!='} {self.other}"


def name_pairs() -> Iterator[NamePair]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield NamePair(**{**row, "same": row["same"] == "1"})  # type: ignore[arg-type]  # the columns are its fields


def merged(pair: NamePair, ontology: Ontology) -> bool:
    """Whether two articles, one for each side, end in one entity."""
    one = article(pair.one, pair.kind, pair.one_says, "one", ontology)
    other = article(pair.other, pair.kind, pair.other_says, "other", ontology)
    found = assign([one, other], ontology=ontology)
    return found[one[0].id, 0] == found[other[0].id, 0]


def article(name: str, kind: str, says: str, text: str, ontology: Ontology) -> tuple[Document, Record]:
    """An article whose first entity has the name."""
    said = [(key, value) for key, _, value in (item.partition("=") for item in says.split(";") if item)]
    date = next((dt.date.fromisoformat(value) for key, value in said if key == "date"), None)
    entities = [_entity(name, kind, tuple(value for key, value in said if key == "alias"), ontology)]
    mentions, claims = [0], []
    for key, value in said:
        if key not in ("date", "alias"):
            other_kind, _, other = value.partition(":")
            entities.append(_entity(other, other_kind, (), ontology))
            mentions += [len(entities) - 1] * (3 if key == "set" else 1)
            if key in ontology.relations:
                claims.append(_claim(key, len(entities) - 1))
    document = Document(name=text, origin=text, text=f"{text} {name}", segments=(), date=date)
    spoken = (Mention(start=0, end=1, text="x", entity=n, form=Form.NAME) for n in mentions)
    record = Record(article=document.id, entities=tuple(entities), mentions=tuple(spoken), claims=tuple(claims))
    return document, record


def _entity(name: str, kind: str, aliases: tuple[str, ...], ontology: Ontology) -> LocalEntity:
    """What the extractor makes of a name: the gazetteer's thing where it has one of that kind."""
    entries = [e for e in load_gazetteer().names.get(name, ()) if family(e.kind, ontology) == family(kind, ontology)]
    if len(entries) == 1:
        forms = tuple(sorted({name, *aliases} - {entries[0].name}))
        return LocalEntity(name=entries[0].name, kind=entries[0].kind, aliases=forms, known=entries[0].id)
    return LocalEntity(name=name, kind=kind, aliases=aliases)


def _claim(relation: str, other: int) -> LocalClaim:
    return LocalClaim(
        subject=0,
        relation=relation,
        object=other,
        modality=Modality.ASSERTED,
        confidence=0.9,
        evidence=Evidence(quote="Said.", start=0, end=5),
    )
