"""Names compared: do two forms name one person, is one short for the other, is one the adjective of the other?"""

from __future__ import annotations

import re

from anyascii import anyascii

from kg.gazetteer import Gazetteer

DEMONYM_ENDINGS = {"n", "ns", "sh", "s", "", "r", "rs", "t", "ts"}  # of "-ian", "-ish", "-ese", "-i", "-er", "-ite"
SMALL = {"of", "the", "and", "for", "de", "la", "in", "on"}  # words that acronyms leave out
GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}
ARTICLE = re.compile(r"^(?:al|el|as|ash|ar|an|ad|at)-(?=[a-z]{3})")


def tokens(name: str) -> list[str]:
    """The words of a name in plain lower case, "Jr." and the like and the Arabic article left out.

    >>> tokens("José Pérez Jr."), tokens("Rashid al-Tikriti")
    (['jose', 'perez'], ['rashid', 'tikriti'])
    """
    words = re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", anyascii(name).lower())
    return [ARTICLE.sub("", word) for word in words if word not in GENERATIONS]


def key(text: str) -> str:
    """A name without case, accents, punctuation and article.

    >>> key("The Côte d'Ivoire")
    'cote divoire'
    """
    return re.sub(r"^the ", "", re.sub(r"[^\w ]", "", anyascii(text).lower())).strip()


def same_person(one: str, other: str, gazetteer: Gazetteer) -> bool:
    """Whether two forms may name one person: last names, initials, middle names and nicknames allowed for.

    >>> from kg.gazetteer import load_gazetteer
    >>> [same_person("Mike Keller", other, load_gazetteer()) for other in ("Keller", "Michael R. Keller", "Jo Keller")]
    [True, True, False]
    """
    if _generation(one) and _generation(other) and _generation(one) != _generation(other):
        return False
    short, long = sorted((tokens(one), tokens(other)), key=len)
    if not short:
        return False
    if len(short) == 1:
        middle = len(long) > 2 and len(short[0]) > 3 and short[0] in long
        return short[0] in (long[0], long[-1]) or middle
    if short[-1] != long[-1]:
        return short == long[: len(short)] or (len(long) > 2 and set(short) <= set(long))
    first, second = gazetteer.full(short[0]), gazetteer.full(long[0])
    initial = 1 in (len(first), len(second)) and first[0] == second[0]
    return first == second or initial or set(short) <= set(long)


def _generation(name: str) -> str | None:
    last = name.lower().split()[-1].rstrip(".") if name.split() else ""
    return last if last in GENERATIONS else None


def short_for(text: str, full: str) -> bool:
    """Whether `text` is an acronym of `full`, its last words, its first words, or its adjective.

    >>> pairs = ("UNO", "United Nations Organization"), ("Pact", "Baltic Pact"), ("Ruritanian", "Ruritania")
    >>> [short_for(*pair) for pair in pairs]
    [True, True, True]
    """
    words, plain = full.split(), text.replace(".", "")
    if plain.isupper() and len(plain) > 1 and len(words) > 1:
        initials = "".join(w[0] for w in words if w.lower() not in SMALL).upper()
        return plain in (initials, "".join(w[0] for w in words).upper())
    shorter, longer = key(text).split(), key(full).split()
    if shorter and len(shorter) < len(longer):
        vague = shorter == ["house"]  # of Representatives or of Commons, and not the White one
        end = longer[-len(shorter) :] == shorter and not vague
        start = longer[: len(shorter)] == shorter
        if end or (start and len(shorter) > 1):
            return True
    return demonym_of(text, full)


def demonym_of(text: str, place: str) -> bool:
    """Whether `text` looks like the adjective of the one-word name `place`.

    >>> demonym_of("Sudanese", "Sudan"), demonym_of("Ostrich", "Austria")
    (True, False)
    """
    adjective, name = key(text), key(place)
    stem = name.rstrip("aeiouy")
    if " " in adjective + name or len(name) < 4 or len(stem) < 3 or adjective == name:
        return False
    ending = adjective.removeprefix(stem).lstrip("aeiouy")
    return adjective.startswith(stem) and (ending in DEMONYM_ENDINGS or ending == "se")


def gender_of_role(role: str) -> str | None:
    """The gender that the noun of a role tells, "m" or "f".

    >>> gender_of_role("chairwoman"), gender_of_role("king"), gender_of_role("minister")
    ('f', 'm', None)
    """
    if re.search(r"woman$|queen|princess|empress|duchess|baroness|sultana|mayoress", role):
        return "f"
    if re.search(r"(?<!wo)man$|\bking$|prince\b|emperor|sultan$|emir|pope|imam|duke", role):
        return "m"
    return None
