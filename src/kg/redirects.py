"""Ids that are no more: what came in the place of each, and why, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kg.model import Entity

Called = Iterable[tuple[str, str]]  # what articles call an entity: (article, "person/ada-berg")


def heirs(before: Mapping[str, Called], now: Mapping[str, Called]) -> dict[str, tuple[str, ...]]:
    """The ids that are no more, each with the ids that its names stand for now; of several, that of most names first.

    >>> heirs({"person/d-trump": [("a", "person/d-trump")]}, {"person/donald-trump": [("a", "person/d-trump")]})
    {'person/d-trump': ('person/donald-trump',)}
    """
    where = _where(now)
    found = {}
    for old in sorted(before.keys() - now.keys()):
        votes = Counter(new for called in before[old] for new in where.get(called, ()))
        if votes:
            found[old] = tuple(sorted(votes, key=lambda new: (-votes[new], new)))
    return found


def redirected(
    redirects: Mapping[str, Iterable[str]], gone: Mapping[str, Iterable[str]], now: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """All redirects to date, each straight to what is there now; an id that is back, or leads nowhere, has none.

    >>> redirected({"a": ["b"]}, {"b": ["c"]}, ["c"])
    {'a': ('c',), 'b': ('c',)}
    """
    there = set(now)
    found = {}
    for old, heirs in {**redirects, **gone}.items():
        straight = dict.fromkeys(new for heir in heirs for new in ([heir] if heir in there else gone.get(heir, ())))
        if straight and old not in there:
            found[old] = tuple(straight)
    return found


def changes(before: Mapping[str, Called], now: Mapping[str, Called], entities: Iterable[Entity]) -> Iterator[str]:
    """What has another id now, or is another thing's part no more, in a line each.

    >>> berg, called = Entity(id="person/ada-berg", name="Ada Berg", kind="Person"), [("1", "person/a-berg")]
    >>> list(changes({"person/a-berg": called}, {"person/ada-berg": called}, [berg]))
    ['person/a-berg is person/ada-berg now: it is called "Ada Berg"']
    """
    known = {entity.id: entity for entity in entities}
    gone = heirs(before, now)
    several = Counter(new for heirs in gone.values() for new in heirs)
    for old, new in gone.items():
        if len(new) > 1:
            yield f"{old} is now several: {', '.join(new)}"
        elif several[new[0]] > 1 or new[0] in before:
            yield f"{old} is one with {new[0]} now{_reason(old, known[new[0]].notes)}"
        else:
            yield f"{old} is {new[0]} now: {_why(old, known[new[0]])}"
    was = _where(before)
    for id in sorted(now.keys() - before.keys()):
        parents = {old for called in now[id] for old in was.get(called, ()) if old in now}
        yield from (f"{id} is a thing of its own now, no part of {old}" for old in sorted(parents))


def _why(old: str, entity: Entity) -> str:
    if entity.identifier and entity.identifier in entity.id:
        return f"it is {entity.identifier} on your list"
    if old.partition("/")[0] != entity.id.partition("/")[0]:
        return f"it is of the class {entity.kind}"
    return f'it is called "{entity.name}"'


def _reason(old: str, notes: Iterable[str]) -> str:
    """The note on a merge that has the words of an id, in brackets."""
    words = old.partition("/")[2].split("-")
    return next((f" ({note})" for note in notes if all(word in note.lower() for word in words)), "")


def _where(entities: Mapping[str, Called]) -> dict[tuple[str, str], list[str]]:
    where: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id, names in entities.items():
        for called in names:
            where[called].append(id)
    return where
