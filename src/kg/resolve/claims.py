"""Claims of single articles -> claims over resolved entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.model import Claim, LocalClaim, Modality, Record
from kg.ontology import Ontology
from kg.resolve.profile import Key, Place


def make_claims(records: Mapping[str, Record], where: Mapping[Place, str], ontology: Ontology) -> Iterator[Claim]:
    """One claim for each article, subject, relation and object: the strongest that the article makes."""
    for article, record in records.items():
        best: dict[Key, Claim] = {}
        for local in record.claims:
            claim = _claim(article, local, where)
            if claim.subject != claim.object:
                group = _statement(claim, ontology)
                best[group] = min(best.get(group, claim), claim, key=_weakness)
        yield from best.values()


def _claim(article: str, local: LocalClaim, where: Mapping[Place, str]) -> Claim:
    return Claim(
        subject=where[article, local.subject],
        relation=local.relation,
        object=where[article, local.object],
        modality=local.modality,
        confidence=local.confidence,
        evidence=local.evidence,
        article=article,
        attribution=local.attribution,
        source=None if local.source is None else where[article, local.source],
        date=local.date,
        target_group=local.target_group,
        pattern=local.pattern,
    )


def _statement(claim: Claim, ontology: Ontology) -> Key:
    """What a claim says, whichever way round a symmetric relation is put."""
    relation = ontology.relations.get(claim.relation)
    ends = (claim.subject, claim.object)
    return (claim.relation, *(sorted(ends) if relation and relation.symmetric else ends))


def _weakness(claim: Claim) -> tuple[object, ...]:
    """Smallest for the claim to keep: strongest modality, highest confidence, earliest evidence; then a fixed order."""
    span = (claim.evidence.start, claim.evidence.end)
    rest = (claim.attribution, claim.source, claim.date, claim.target_group)
    order = list(Modality).index(claim.modality)
    return (order, -claim.confidence, *span, claim.subject, claim.object, claim.pattern, *map(str, rest))
