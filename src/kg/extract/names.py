"""Names: where the article names something, and of what kind, once the recogniser's slips are mended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extract.parse import Parse
from kg.gazetteer import Entry, Gazetteer
from kg.ontology import Lexicon

KINDS = {"PERSON": "Person", "ORG": "Organization", "GPE": "Place", "LOC": "Place", "FAC": "Place", "NORP": "Group"}
LONGEST = 7  # tokens of a gazetteer form
NOT_NAMES = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
PARTICLES = {"de", "da", "do", "dos", "del", "della", "di", "van", "von", "der", "den", "bin", "bint", "ibn", "al", "el", "la", "le", "ten", "ter", "-", "of"}
SUFFIXES = {"jr.", "jr", "sr.", "sr", "ii", "iii", "iv"}
CALENDAR = set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. easter christmas".split()
)
ORGANISATION_WORDS = set(
    "party committee council commission union league assembly congress senate parliament movement alliance front army "
    "bank group company corporation corp. inc. ltd. ministry department agency court university institute foundation "
    "federation association organization organisation campaign coalition guild board office pact compact brigade guard "
    "guards bloc club society authority fund trust press times post news tribune herald holdings industries airlines "
    "energy oil petroleum shipping lines forum network caucus house service bureau police forces force airways".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in the text: tokens `start` to `end`, exclusive."""

    start: int
    end: int
    kind: str  # class of the ontology, "Group" for peoples and faiths, "Unknown"
    entry: Entry | None = None
    adjective: bool = False  # "Belarusian", "Republican"


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What stands before a name and is no part of it."""

    honorifics: frozenset[str]  # words in lower case
    roles: frozenset[int]  # tokens of role phrases
    given: frozenset[str]  # given names in lower case: "Dean" is a role, and a name


def find_names(parse: Parse, gazetteer: Gazetteer, lexicon: Lexicon, roles: frozenset[int]) -> list[Name]:
    """All names of an article in order, none overlapping another; `roles` are the tokens of role phrases."""
    honorifics = frozenset().union(*(lexicon.group("Honorific", k) for k in ("masculine", "feminine", "neutral")))
    titles = Titles(honorifics=honorifics, roles=roles, given=frozenset(gazetteer.genders))
    known = _at_home(list(_known(parse, gazetteer)))
    found = [n for e in parse.named if e.label in KINDS for n in _recognised(parse, e.start, e.end, KINDS[e.label], titles)]
    names = _merge(parse, known, found)
    names = _merge_more(names, _capitalised(parse, names, titles))
    names = _grown(parse, names, titles)
    return _voted(parse, names, gazetteer)


def _grown(parse: Parse, names: Sequence[Name], titles: Titles) -> list[Name]:
    """Halves of a name made one: "Theresa" "May", "Reform" "Democrats"."""
    grown: list[Name] = []
    for name in names:
        last = grown[-1] if grown else None
        if last and last.end == name.start and _halves(parse, last, name, titles):
            kind = "Person" if last.kind == "Person" else name.kind if name.kind != "Unknown" else last.kind
            grown[-1] = Name(start=last.start, end=name.end, kind="Organization" if kind == "Party" else kind)
        else:
            grown.append(name)
    return [_with_surname(parse, name, titles) for name in grown]


def _halves(parse: Parse, first: Name, second: Name, titles: Titles) -> bool:
    if parse.sentence[first.start] != parse.sentence[second.start]:
        return False
    if first.kind in ("Person", "Unknown") and not first.entry and second.kind in ("Person", "Unknown") and not second.entry:
        return first.kind != second.kind or parse.words[first.start].lower() in titles.given
    party = second.entry is not None and second.entry.kind == "Party" and second.adjective
    return party and first.kind == "Unknown" and first.end - first.start == 1


def _with_surname(parse: Parse, name: Name, titles: Titles) -> Name:
    """"Theresa May", "Howard Dean": a lone given name takes the capitalised word behind it."""
    at = name.end
    alone = name.kind == "Person" and name.end - name.start == 1 and parse.words[name.start].lower() in titles.given
    if alone and at < len(parse) and parse.words[at][:1].isupper() and parse.tags[at] in ("NNP", "MD", "NN"):
        return replace(name, end=at + 1)
    return name


# ---------------------------------------------------------------- what the gazetteer knows


def _known(parse: Parse, gazetteer: Gazetteer) -> Iterator[Name]:
    start = 0
    while start < len(parse):
        name = _longest(parse, gazetteer, start) if _may_start(parse.words[start]) else None
        if name:
            yield name
        start = name.end if name else start + 1


def _at_home(names: list[Name]) -> list[Name]:
    """Party adjectives of other countries are no names here: "Liberal" in an article that never names Canada."""
    there = {n.entry.country or n.entry.id for n in names if n.entry and n.entry.kind != "Party"} | {US}
    return [n for n in names if not (n.entry and n.entry.kind == "Party" and n.adjective) or n.entry.country in there]


US = "country/US"  # its parties are known everywhere by their adjectives


def _may_start(word: str) -> bool:
    return word[:1].isupper() or word in ("al", "the")


def _longest(parse: Parse, gazetteer: Gazetteer, start: int) -> Name | None:
    for end in range(min(start + LONGEST, len(parse)), start, -1):
        text = parse.text(start, end)
        if entries := gazetteer.names.get(text):
            return Name(start=start, end=end, kind=entries[0].kind, entry=_preferred(entries))
        if entries := gazetteer.adjectives.get(text):
            return Name(start=start, end=end, kind=entries[0].kind, entry=_preferred(entries), adjective=True)
    return None


PRECEDENCE = ["Country", "Organization", "Party", "Government", "Region", "City", "Place"]


def _preferred(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda e: (PRECEDENCE.index(e.kind) if e.kind in PRECEDENCE else 99, e.id))


# ---------------------------------------------------------------- what the recogniser found


def _recognised(parse: Parse, start: int, end: int, kind: str, titles: Titles) -> Iterator[Name]:
    start, end = _trimmed(parse, start, end, titles)
    if start >= end or not any(parse.words[i][:1].isupper() for i in range(start, end)):
        return
    if kind == "Person":
        if any(parse.words[i].lower() in ORGANISATION_WORDS for i in range(start + 1, end)):
            kind = "Organization"
        elif end - start > 5:
            return
    if kind in ("Person", "Place") and end - start == 1 and parse.words[start].lower() in ORGANISATION_WORDS:
        return
    yield Name(start=start, end=end, kind=kind)


def _trimmed(parse: Parse, start: int, end: int, titles: Titles) -> tuple[int, int]:
    def edge(i: int) -> bool:
        word = parse.words[i].lower()
        return word in ("the", "a", "an", "'s", "'", '"', "''", "``", ",", ".", ":", ";", "(", ")", "-", "--", "–", "—", "this", "that") or (
            word in titles.honorifics
        )

    def before(i: int) -> bool:
        return edge(i) or (i in titles.roles and parse.words[i].lower() not in titles.given)

    while start < end and before(start):
        start += 1
    while end > start and (edge(end - 1) and parse.words[end - 1].lower() not in SUFFIXES):
        end -= 1
    return start, end


def _merge(parse: Parse, known: Iterable[Name], found: Iterable[Name]) -> list[Name]:
    """Both lists as one: a longer name wins, the gazetteer wins a tie."""
    taken: dict[int, Name] = {}
    for name in sorted([*known, *found], key=lambda n: (n.start - n.end, n.entry is None)):
        if not any(i in taken for i in range(name.start, name.end)):
            taken.update((i, name) for i in range(name.start, name.end))
    return _unique(taken)


def _unique(taken: dict[int, Name]) -> list[Name]:
    return sorted({id(n): n for n in taken.values()}.values(), key=lambda n: n.start)


def _merge_more(names: list[Name], more: Iterable[Name]) -> list[Name]:
    return sorted([*names, *more], key=lambda n: n.start)


# ---------------------------------------------------------------- names that nothing found


def _capitalised(parse: Parse, names: Sequence[Name], titles: Titles) -> Iterator[Name]:
    """Runs of proper nouns outside every name: kept as of unknown kind, for roles and titles to tell."""
    covered = {i for n in names for i in range(n.start, n.end)}
    covered |= {i for e in parse.named if e.label in NOT_NAMES for i in range(e.start, e.end) if not _honoured(parse, i)}
    start = 0
    while start < len(parse):
        end = start
        while end < len(parse) and end not in covered and _proper(parse, end, titles):
            end += 1
        if end > start:
            yield Name(start=start, end=end, kind="Unknown")
        start = max(end, start + 1)


HONORIFIC = re.compile(r"(Mr|Mrs|Ms|Miss|Sir|Dame)\.?")


def _honoured(parse: Parse, i: int) -> bool:
    """Whether "Mr" or the like stands before a capitalised word: "Mrs May" is no month."""
    return i > 0 and HONORIFIC.fullmatch(parse.words[i - 1]) is not None and parse.words[i][:1].isupper()


def _proper(parse: Parse, i: int, titles: Titles) -> bool:
    word = parse.words[i]
    low = word.lower()
    if _honoured(parse, i):
        return True
    return (
        parse.pos[i] == "PROPN"
        and word[:1].isupper()
        and any(c.islower() for c in word)
        and low not in titles.honorifics
        and i not in titles.roles
        and low not in CALENDAR
        and parse.parts[i] != "dateline"
    )


# ---------------------------------------------------------------- one kind for one name


def _voted(parse: Parse, names: Sequence[Name], gazetteer: Gazetteer) -> list[Name]:
    """The kind that most mentions of a form have; a last name is a person's wherever it stands."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    persons: dict[str, int] = Counter()
    for name in names:
        form = parse.text(name.start, name.end)
        votes[form][name.kind] += 1
        if name.kind == "Person" and name.end - name.start > 1 and not name.entry:
            persons[parse.words[name.end - 1]] += 1
    return [_settled(parse, n, votes, persons, gazetteer) for n in names]


def _settled(parse: Parse, name: Name, votes: dict[str, Counter[str]], persons: dict[str, int], gazetteer: Gazetteer) -> Name:
    if name.entry:
        return name
    form = parse.text(name.start, name.end)
    if _honoured(parse, name.start) or (name.end - name.start == 1 and form in persons):
        return replace(name, kind="Person")
    if name.end - name.start >= 2 and _like_a_person(parse, name, gazetteer, persons):
        return replace(name, kind="Person")
    counts = votes[form]
    ranked = sorted(counts, key=lambda k: (k == "Unknown", -counts[k], k))
    if ranked[0] in ("Organization", "Unknown", "Group") and _is_party(parse, name):
        return replace(name, kind="Party")
    return replace(name, kind=ranked[0])


PARTY_WORDS = {"party", "democrats", "greens", "socialists", "liberals", "conservatives", "communists", "republicans", "nationalists"}


def _is_party(parse: Parse, name: Name) -> bool:
    """Whether the name, or the common noun behind it, says that it is a party."""
    after = parse.words[name.end].lower() if name.end < len(parse) else ""
    return parse.words[name.end - 1].lower() in PARTY_WORDS or (after == "party" and name.end - name.start < 5)


def _like_a_person(parse: Parse, name: Name, gazetteer: Gazetteer, persons: dict[str, int]) -> bool:
    """A given name and words that no organisation bears: "Linas Linkevicius", whatever the recogniser says."""
    words = [parse.words[i] for i in range(name.start, name.end)]
    if any(w.lower() in ORGANISATION_WORDS or w.lower() in ("and", "&", "the", "of") for w in words):
        return False
    first = words[0].lower()
    given = first in gazetteer.genders or first in gazetteer.nicknames
    return given and len(words) <= 4 and name.kind in ("Unknown", "Place", "Organization", "Group") and all(w[:1].isupper() or w.lower() in PARTICLES for w in words)
