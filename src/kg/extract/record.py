"""Cast and claims -> record: members renumbered in the order of the text, places as offsets into the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.extract.cast import Cast, Member
from kg.extract.parse import Parse
from kg.model import Document, LocalClaim, LocalEntity, Mention, Record


def make_record(document: Document, parse: Parse, cast: Cast, claims: Sequence[LocalClaim]) -> Record:
    """The record of an article; names of unknown kind are kept only where a claim needs them."""
    claimed = {n for c in claims for n in (c.subject, c.object, c.source) if n is not None}
    kept = [n for n, m in enumerate(cast.members) if m.forms and (m.kind != "Unknown" or n in claimed)]
    kept.sort(key=lambda n: (min((start for start, _, _ in cast.members[n].places), default=len(parse)), n))
    number = {old: new for new, old in enumerate(kept)}
    mentions = (m for old in kept for m in _mentions(document, parse, cast.members[old], number[old]))
    return Record(
        article=document.id,
        entities=tuple(_entity(cast.members[old]) for old in kept),
        mentions=tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.entity))),
        claims=tuple(_renumbered(claims, number)),
    )


def _renumbered(claims: Iterable[LocalClaim], number: Mapping[int, int]) -> list[LocalClaim]:
    numbered = (
        replace(
            claim,
            subject=number[claim.subject],
            object=number[claim.object],
            source=number[claim.source] if claim.source is not None else None,
        )
        for claim in claims
    )
    return sorted(numbered, key=lambda c: (c.evidence.start, c.subject, c.relation, c.object))


def _entity(member: Member) -> LocalEntity:
    kind = "Agent" if member.kind in ("Unknown", "Group") else member.kind
    aliases = tuple(sorted(set(member.forms) - {member.name}))
    return LocalEntity(name=member.name, kind=kind, aliases=aliases, known=member.entry.id if member.entry else None)


def _mentions(document: Document, parse: Parse, member: Member, number: int) -> Iterator[Mention]:
    for first, last, form in member.places:
        start, end = parse.starts[first], parse.ends[last - 1]
        yield Mention(start=start, end=end, text=document.text[start:end], entity=number, form=form)
