"""What a local entity may have to do with others: two names that share no tie, nor are joined by a chain of ties, never
influence each other, whatever the rules find.

Each rule compares only what shares a block (`links`, `lone`, `clusters`); the ties of a local entity are its blocks of
all rules, or more.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import LocalEntity, digest
from kg.resolve.names import core, fold, is_acronym, parts, slug, sound
from kg.resolve.people import blocks
from kg.resolve.profile import Key

BLOCK = "block "  # begins the ties by which the names of people are compared
CORED = ("organization", "vessel")


def ties(key: Key, entity: LocalEntity) -> Iterator[str]:
    """The ties of a local entity under its key.

    >>> from kg.model import LocalEntity
    >>> sorted(ties(("vessel", "grey gull"), LocalEntity(name="Grey Gull", kind="Vessel")))
    ['address grey-gull', 'core vessel gray gull', 'name grey gull']
    """
    address = slug(entity.name) or digest(entity.name, 8)
    if len(key) > 2:
        yield f"address {address} of {key[2]}"
        yield f"sound {sound(key[1].split()[-1])}"
        return
    name = fold(entity.name)
    yield f"address {address}"
    yield f"name {name}"
    yield from _of_person(key[1]) if key[0] == "person" else ()
    for family in CORED if key[0] == "known" else {key[0]}.intersection(CORED):
        yield f"core {family} {core(name, family)[0]}"
    for alias in entity.aliases:
        words = fold(alias).split()
        if is_acronym(alias) or (len(words) > 1 and set(words).isdisjoint(name.split())):
            yield f"name {fold(alias)}"


def _of_person(folded: str) -> Iterator[str]:
    yield from (BLOCK + block for block in blocks(folded))
    if name := parts(folded):
        yield f"sound {sound(name.last)}"
