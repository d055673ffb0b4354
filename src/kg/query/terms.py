"""IRIs as people write and read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kg.store import PREFIXES, Term


@lru_cache(maxsize=1000)
def local_name(iri: str) -> str:
    """What follows the last `#` or `/` of an IRI.

    >>> local_name("https://w3id.org/news-kg/ontology#spokeWith")
    'spokeWith'
    """
    return re.split(r"[#/]", iri)[-1]


def as_iri(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that `text` is: `<https://...>`, `https://...` or a prefixed name; None where it is a plain name.

    >>> as_iri("kg:leaderOf", PREFIXES), as_iri("Re: Macron", PREFIXES)
    ('https://w3id.org/news-kg/ontology#leaderOf', None)
    """
    iri = text.strip().replace("\\/", "/")  # Turtle escapes the slashes of prefixed names
    bracketed = iri.startswith("<") and iri.endswith(">")
    prefix, _, local = iri.partition(":")
    if prefix in prefixes:
        iri = prefixes[prefix] + local
    elif bracketed:
        iri = iri[1:-1]
    elif not (local.startswith("//") or prefix == "urn"):
        return None
    try:
        Term.iri(iri).n3  # noqa: B018 - raises where it is no IRI
    except ValueError:
        return None
    return iri


def shorten(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The prefixed name of an IRI, for people to read; the IRI where no prefix fits.

    >>> shorten("https://w3id.org/news-kg/ontology#leaderOf")
    'kg:leaderOf'
    """
    fitting = [(space, prefix) for prefix, space in prefixes.items() if iri.startswith(space) and iri != space]
    if not fitting:
        return iri
    space, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(space)}"
