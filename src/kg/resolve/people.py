"""Whether two names may be one person's, and how likely: token by token, with guards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from kg.gazetteer import load_lore
from kg.resolve.names import PersonName, given, initial_of, parts, romanised, sound

SAME = 1.0
TRANSLITERATED = 0.9  # and up to .1 more, by how alike the two look
NICKNAME = 0.93
INITIAL = 0.9
LEFT_OUT = 0.96  # a middle name or a father's name
ORDER = 0.95
TOGETHER = 0.97  # "Jong-un", "Jongun"
SECOND_LAST_NAME = 0.75  # "Gabriel Moreno", "Gabriel Moreno Ruiz": needs support
MISSPELT = 0.7  # needs support

LOOKS = 0.65  # Jaro-Winkler of two romanisations of one word, at least
LOOKS_GIVEN = 0.85
SLIP = 0.92  # of a word and its misspelling
SHORT = 2  # consonants: words with fewer are compared letter by letter


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, 0 to 1, and what it rests on."""

    score: float
    why: str  # in words: "transliteration .97"


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str) -> Likeness | None:
    """How far two folded full names may be one person's; nothing where they cannot.

    >>> likeness("svetlana tikhanovskaya", "sviatlana tsikhanouskaya").why
    'transliteration .98'
    >>> likeness("bill moreno", "william moreno").why, likeness("john keller", "jane keller")
    ('nickname .93', None)
    """
    if one == other:
        return Likeness(SAME, "same name")
    first, second = parts(one), parts(other)
    if first is None or second is None or first.generation != second.generation or _sexes(first, second):
        return None
    found = [_aligned(first, second), _turned(first, second), _cut(first, second)]
    return max((like for like in found if like), key=lambda like: like.score, default=None)


def _said(score: float, why: list[str]) -> Likeness:
    if not why:
        return Likeness(SAME, "same name")
    return Likeness(score, f"{', '.join(why)} {f'{min(score, 0.99):.2f}'.removeprefix('0')}")


def _aligned(one: PersonName, other: PersonName) -> Likeness | None:
    """Last name with last name, given names from the front; what is left over was left out."""
    if "".join(one.tokens) == "".join(other.tokens):
        return _said(TOGETHER, ["written together"]) if one.tokens != other.tokens else Likeness(SAME, "same name")
    foreign = romanised(one.tokens) or romanised(other.tokens)
    last = _last(one.last, other.last, foreign=foreign)
    if last and last.score == SAME and (_initials(one.given, other.given) or _initials(other.given, one.given)):
        return _said(INITIAL, ["initials"])
    pairs = list(zip(one.given, other.given, strict=False))
    if _within(one.given, other.given):  # "Ada Bo Moreno Keller", "Ada Moreno Keller"
        pairs = pairs[:1]
    marks = [_given(a, b, foreign=foreign) for a, b in pairs]
    if last is None or not all(marks):
        return _joined(one, other, last)
    score, why = last.score, [last.why] if last.score < SAME else []
    for mark in filter(None, marks):
        if mark.score < SAME:
            score *= mark.score
            why.append(mark.why)
    if len(one.given) != len(other.given):
        score *= LEFT_OUT
        why.append("middle name left out")
    return _said(score, list(dict.fromkeys(why)))


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether given names are written as their first letters: "jf" for "john fitzgerald"."""
    return len(short) == 1 and 1 < len(short[0]) == len(long) and all(map(str.startswith, long, short[0]))


def _within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter's words behind the first come, in order, among the longer's."""
    short, long = sorted((one[1:], other[1:]), key=len)
    rest = iter(long)
    return len(short) < len(long) and all(word in rest for word in short)


def _joined(one: PersonName, other: PersonName, last: Likeness | None) -> Likeness | None:
    """Given names that are written as one word here and as two there."""
    same = last and last.score == SAME and "".join(one.given) == "".join(other.given)
    return _said(TOGETHER, ["written together"]) if same else None


def _last(one: str, other: str, *, foreign: bool) -> Likeness | None:
    if one == other:
        return Likeness(SAME, "same name")
    alike = JaroWinkler.similarity(one, other)
    rounded = {one[0], other[0]} == {"o", "u"}  # which no romanisation exchanges at the beginning of a last name
    if foreign and alike >= LOOKS and len(sound(one)) >= SHORT and sound(one) == sound(other) and not rounded:
        return Likeness(TRANSLITERATED + (1 - TRANSLITERATED) * alike, "transliteration")
    return Likeness(MISSPELT, "one letter apart") if alike >= SLIP and min(len(one), len(other)) > 4 else None


def _given(one: str, other: str, *, foreign: bool) -> Likeness | None:
    if one == other:
        return Likeness(SAME, "same name")
    if initial_of(one, other):
        return Likeness(INITIAL, "initial")
    lore = load_lore()
    if given(one) == given(other):
        nick = one in lore.nicknames or other in lore.nicknames
        return Likeness(NICKNAME, "nickname") if nick else Likeness(0.99, "transliteration")
    if all(name in lore.given_names or name in lore.variants for name in (one, other)):
        return None  # two names that there are
    alike = JaroWinkler.similarity(one, other)
    if foreign and alike >= LOOKS_GIVEN and sound(one) == sound(other):
        return Likeness(TRANSLITERATED + (1 - TRANSLITERATED) * alike, "transliteration")
    return Likeness(MISSPELT, "one letter apart") if alike >= SLIP and min(len(one), len(other)) > 4 else None


def _turned(one: PersonName, other: PersonName) -> Likeness | None:
    """The last name first: "Orosz Viktor", "Xi Jinping"; two given names tell nothing of their order."""
    if sorted(one.tokens) != sorted(other.tokens) or one.tokens == other.tokens:
        return None
    turned = one.tokens in (_rotated(other.tokens, 1), _rotated(other.tokens, -1))
    lore = load_lore()
    unsure = all(token in lore.given_names and token not in lore.nicknames for token in one.tokens)
    return _said(MISSPELT if unsure else ORDER, ["name order"]) if turned else None


def _rotated(tokens: tuple[str, ...], by: int) -> tuple[str, ...]:
    return tokens[by:] + tokens[:by]


def _cut(one: PersonName, other: PersonName) -> Likeness | None:
    """A second last name left out, or the first of two given names."""
    short, long = sorted((one.tokens, other.tokens), key=len)
    if not 2 <= len(short) < len(long):
        return None
    front = long[: len(short)] == short and short[-1] not in load_lore().given_names
    back = long[-len(short) :] == short
    return _said(SECOND_LAST_NAME, ["part of the name"]) if front or back else None


def _sexes(one: PersonName, other: PersonName) -> bool:
    """Whether the first names are a woman's and a man's."""
    genders = load_lore().genders
    first, second = genders.get(one.given[0]), genders.get(other.given[0])
    return one.tokens[0] not in other.tokens and bool(first and second and first != second)


def blocks(folded: str) -> frozenset[str]:
    """What two names must share one of to be compared: the sound of the last name and the first letter, all words in
    any order, all letters, the first two words, the last two.

    >>> sorted(blocks("ada keller"))
    ['ada keller', 'adakeller', 'ada|keller', 'klr|a']
    """
    name = parts(folded)
    if name is None:
        return frozenset()
    tokens, first = name.tokens, name.given[0]
    heads = {first[0], given(first)[0], sound(first)[:1]}
    front, back = " ".join(tokens[:2]), " ".join(tokens[-2:])
    return frozenset(
        {front, back, "".join(tokens), "|".join(sorted(tokens)), *(f"{sound(name.last)}|{head}" for head in heads)}
    )
