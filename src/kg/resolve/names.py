"""Names: folded, cut to slugs, taken apart, put into the form that all spellings of a name share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from anyascii import anyascii

from kg.gazetteer import Lore, load_lore

ACRONYM = re.compile(r"[A-Z][A-Z.&-]{1,7}")
SLUG_LENGTH = 80
GENERATIONS = {"junior": "jr", "senior": "sr"}
LONGEST = 300  # characters of a name that count; no name is longer

# Arabic articles, which are written or left out: "el-Sisi", "Bashar Al Assad", at the beginning "al Assad" only in
# small letters, for "Al Moreno" has a given name.
ARTICLE = re.compile(
    r"(?i:(?<![^\s-])(?:al|el|ul|ad|ash|ar|as|an|at|az|ed|es)-|(?<=\s)(?:al|el|ul)\s+)(?=\w)|^(?:al|el)\s+"
)

# How names of other scripts are romanised: longer spellings first. What is left of a word is its sound, roughly.
SOUNDS = (
    (r"tsch|tch|shch|sch|dzh|ch|cz|sh|sz|zh|dj|j(?=[aeiou])", "s"),
    (r"c(?=[eiy])", "s"),
    (r"kh|gh|ck|[qgc]", "k"),
    (r"x", "ks"),
    (r"ph", "f"),
    (r"(?<=[oe])f+$|w", "v"),
    (r"t[sz]", "t"),
    (r"d[hz]", "d"),
    (r"th", "t"),
    (r"z", "s"),
    (r"(?<=[oau])v(?=[^aeiouy])", "u"),
    (r"(?<!^)h", ""),
    (r"j", "i"),
)
SOUND = tuple((re.compile(pattern), to) for pattern, to in SOUNDS)
VOWELS = re.compile(r"(?<!^)[aeiouy]+")


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """A name without case, accents, punctuation and a leading "the"; single letters in a row become one word.

    >>> fold("The European Union"), fold("U.S. Senate"), fold("Aleksandr Łukaszenka")
    ('european union', 'us senate', 'aleksandr lukaszenka')
    """
    return _plain(name, " ").removeprefix("the ")


@lru_cache(maxsize=200_000)
def fold_person(name: str) -> str:
    """A person's name folded, its Arabic articles left out and "Abdel Fattah" made one word.

    >>> fold_person("Abdel Fattah al-Moreno"), fold_person("al-Moreno"), fold_person("Al Moreno")
    ('abdulfattah moreno', 'moreno', 'al moreno')
    """
    words = fold(ARTICLE.sub("", anyascii(name[:LONGEST]))).split()
    servants = _words("servant")
    glued: list[str] = []
    for word in words:
        if glued and glued[-1] in servants:
            glued[-1] = "abdul" + word
        else:
            glued.append(word)
    return " ".join(glued)


@lru_cache(maxsize=200_000)
def slug(name: str) -> str:
    """A name as a part of an IRI, without a leading "the".

    >>> slug("José Pérez Ruiz"), slug("The Hague")
    ('jose-perez-ruiz', 'hague')
    """
    return _plain(name, "-", join=False).removeprefix("the-")[:SLUG_LENGTH].rstrip("-")


def _plain(name: str, space: str, *, join: bool = True) -> str:
    plain = re.sub(r"['’`]", "", anyascii(name[:LONGEST]).lower())
    words = re.sub(r"[^a-z0-9]+", space, plain[: 2 * LONGEST]).strip(space)
    return re.sub(r"\b([a-z]) (?=[a-z]\b)", r"\1", words) if join else words


@cache
def _words(role: str) -> frozenset[str]:
    return load_lore().role(role)


# ---------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class PersonName:
    """A folded name taken apart."""

    given: tuple[str, ...]  # first and middle names
    last: str
    generation: str  # "jr"

    @property
    def tokens(self) -> tuple[str, ...]:
        """All words but the generation."""
        return (*self.given, self.last)


@lru_cache(maxsize=200_000)
def parts(folded: str) -> PersonName | None:
    """A folded name taken apart; nothing for one that is a last name alone: "keller", "von keller", "keller jr".

    >>> parts("george hw bush").given, parts("von der keller"), parts("dr ada keller").given
    (('george', 'hw'), None, ('ada',))
    """
    words = folded.split()
    generation = words.pop() if len(words) > 1 and words[-1] in _words("generation") else ""
    if len(words) > 2 and words[0] in _words("title"):
        words = words[1:]
    if len(words) < 2 or all(word in _words("particle") for word in words[:-1]):
        return None
    return PersonName(tuple(words[:-1]), words[-1], GENERATIONS.get(generation, generation))


def initial_of(one: str, other: str) -> bool:
    """Whether one is the first letter of the other."""
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


@lru_cache(maxsize=200_000)
def sound(token: str) -> str:
    """The consonants of a word, as all romanisations of a name share them.

    >>> sound("gaddafi") == sound("kadhafi"), sound("tikhanovskaya") == sound("tsikhanouskaya")
    (True, True)
    """
    for pattern, to in SOUND:
        token = pattern.sub(to, token)
    token = re.sub(r"(.)\1+", r"\1", re.sub(r"^[aeiouy]+", "a", token))
    return VOWELS.sub("", token)


@lru_cache(maxsize=200_000)
def given(token: str) -> str:
    """What a given name shares with its nicknames and its other spellings."""
    lore: Lore = load_lore()
    return lore.given(token)


@lru_cache(maxsize=200_000)
def romanised(tokens: tuple[str, ...]) -> bool:
    """Whether a name looks as if it came from another script, where one name is spelt in many ways.

    >>> romanised(("svetlana", "moreno")), romanised(("erik", "hansen")), romanised(("pyotr", "drozdovsky"))
    (True, False, True)
    """
    return any(token in load_lore().variants for token in tokens[:-1]) or tokens[-1].endswith(_endings())


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(ending for ending in _words("romanized ending") if len(ending) > 2))


# ---------------------------------------------------------------- things


@lru_cache(maxsize=200_000)
def core(folded: str, family: str) -> tuple[str, frozenset[str]]:
    """What is left of the name of an organisation or ship without its legal form, and the legal forms.

    >>> core("pjsc blue petrol", "organization")[0], core("mv grey gull", "vessel")[0]
    ('blue petrol', 'gray gull')
    >>> core("ministry of health", "organization")[0] == core("health ministry", "organization")[0]
    True
    """
    if family == "vessel":
        return " ".join(map(_spelt, _without(folded.split(), _words("vessel"), ends=False)[0])), frozenset()
    words = list(map(_spelt, folded.split()))
    if family != "organization":
        return " ".join(words), frozenset()
    bare, gone = _without(words, _words("legal"), ends=True)
    if len(bare) > 1 and (bare[0] in _words("office") or bare[-1] in _words("office")):
        bare = sorted(word for word in bare if word not in _words("small"))
    return " ".join(bare), frozenset(gone)


def _without(words: list[str], forms: frozenset[str], *, ends: bool) -> tuple[list[str], list[str]]:
    """The words without the forms before them and, with `ends`, behind them; never none of them."""
    gone: list[str] = []
    for length in (3, 2, 1, 3, 2, 1):
        if len(words) > length and " ".join(words[:length]) in forms:
            gone.append(" ".join(words[:length]))
            words = words[length:]
        if ends and len(words) > length and " ".join(words[-length:]) in forms:
            gone.append(" ".join(words[-length:]))
            words = words[:-length]
    return words, gone


def same_form(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether legal forms may be one company's: of one country's law, or not told by one of the two."""
    return not one or not other or any(one & row and other & row for row in load_lore().words["legal"])


def _spelt(word: str) -> str:
    return _spellings().get(word, word)


@cache
def _spellings() -> dict[str, str]:
    return {word: min(row) for row in load_lore().words["spelling"] for word in row if " " not in word}


def is_acronym(name: str) -> bool:
    """Whether a form is written in capitals, like "EU", "E.U."."""
    return ACRONYM.fullmatch(name) is not None


def has_letter(name: str) -> bool:
    """Whether a form has any letter."""
    return any(map(str.isalpha, name))


def is_short(name: str) -> bool:
    """Whether a name is in capitals or begins with an initial: no name to show where there is a fuller one."""
    return name.isupper() or re.match(r"[A-Z]\.?(\s|[A-Z]\.)", name) is not None
