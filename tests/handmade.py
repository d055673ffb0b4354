"""Collections made by hand for the tests: articles with their records, so that nothing is extracted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.annotate import model_version
from kg.extract import fingerprint
from kg.model import Document, Evidence, Form, LocalClaim, LocalEntity, Mention, Modality, Record
from kg.ontology import load_ontology
from kg.pipeline import records_path, rederive
from kg.records import RecordStore, input_digest

Pair = tuple[Document, Record]


def local(name: str, kind: str = "Person", *aliases: str, known: str | None = None) -> LocalEntity:
    """An entity of one article."""
    return LocalEntity(name=name, kind=kind, aliases=tuple(sorted(aliases)), known=known)


def article(name: str, *entities: LocalEntity, relation: str = "spokeWith") -> Pair:
    """An article that mentions each of its entities once and says that the first spoke with each other one."""
    text = f"{name}: They met."
    mentions = (Mention(start=0, end=1, text=e.name, entity=i, form=Form.NAME) for i, e in enumerate(entities))
    claims = (
        LocalClaim(
            subject=0,
            relation=relation,
            object=other,
            modality=Modality.ASSERTED,
            confidence=0.9,
            evidence=Evidence(quote="They met.", start=len(text) - 9, end=len(text)),
        )
        for other in range(1, len(entities))
    )
    document = Document(name=name, origin=f"/news/{name}.txt", text=text, segments=())
    return document, Record(article=document.id, entities=entities, mentions=tuple(mentions), claims=tuple(claims))


def add(graph: Path, *pairs: Pair, work: Path | None = None) -> None:
    """Put articles into the collection of a graph."""
    version = fingerprint(load_ontology(), model_version())
    with RecordStore.open(records_path(graph, work)) as store:
        for document, record in pairs:
            store.put_document(document)
            store.put_record(input_digest(document), version, record)


def made(graph: Path, pairs: Iterable[Pair]) -> Path:
    """The graph of some articles, written."""
    add(graph, *pairs)
    rederive(graph)
    return graph
