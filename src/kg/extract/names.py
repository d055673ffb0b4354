"""Names: where the article names something, and of what kind, once the recogniser's slips are mended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extract.parse import Parse
from kg.gazetteer import Entry, Gazetteer
from kg.model import Part
from kg.ontology import Lexicon

KINDS = {"PERSON": "Person", "ORG": "Organization", "GPE": "Place", "LOC": "Place", "FAC": "Place", "NORP": "Group"}
NO_NAMES = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
PRECEDENCE = ("Country", "Organization", "Party", "Government", "Region", "City", "Place")  # of one form's entries
LONGEST = 7  # tokens of a gazetteer form
LONGEST_PERSON = 5
LONGEST_ACRONYM = 4  # letters
SUFFIXES = {"jr.", "jr", "sr.", "sr", "ii", "iii", "iv"}
EDGES = {
    "the",
    "a",
    "an",
    "this",
    "that",
    "'s",
    "'",
    '"',
    "''",
    "``",
    ",",
    ".",
    ":",
    ";",
    "(",
    ")",
    "-",
    "--",
    "–",
    "—",
}
MARKS = {'"', "“", "”", "''", "``"}
GENERAL = {"Commonwealth", "Congress", "Union", "Parliament", "Senate", "League", "Council", "Assembly"}
PARTY_TAG = re.compile(r"[RDI] ?- ?[A-Z]")
EVERYWHERE = "country/US"  # its parties are known by their adjectives in articles on any country


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in the text: tokens `start` to `end`, exclusive."""

    start: int
    end: int
    kind: str  # class of the ontology, "Group" for peoples and faiths, "Unknown"
    entry: Entry | None = None
    adjective: bool = False  # "Belarusian", "Republican"

    @property
    def single(self) -> bool:
        """Whether it is one token."""
        return self.end - self.start == 1


class NameFinder:
    """Finds names by a gazetteer and the lexicon's words of names."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self.gazetteer = gazetteer
        self.mr = lexicon.group("Honorific", "masculine") | lexicon.group("Honorific", "feminine")
        self.honorifics = self.mr | lexicon.group("Honorific", "neutral")
        self.organisation = lexicon.group("Name", "organisation")
        self.party = lexicon.group("Name", "party")
        self.particles = lexicon.group("Name", "particle")
        self.qualifiers = lexicon.group("Name", "qualifier")
        self.nobody = lexicon.group("Name", "nobody")
        self.calendar = lexicon.group("Name", "calendar")

    def find(self, parse: Parse, roles: frozenset[int]) -> list[Name]:
        """All names of an article in order, none overlapping another; `roles` are the tokens of role phrases."""
        return _Search(self, parse, roles).run()


@dataclass(frozen=True, slots=True)
class _Search:
    words: NameFinder
    parse: Parse
    roles: frozenset[int]

    def run(self) -> list[Name]:
        known = self._at_home(self._told_apart(list(self._known())))
        names = _longest_first([*known, *self._recognised()])
        names = _in_order([*names, *self._capitalised(names)])
        return self._voted(self._grown(names))

    def _low(self, token: int) -> str:
        return self.parse.words[token].lower()

    # ------------------------------------------------------------ what the gazetteer knows

    def _known(self) -> Iterator[Name]:
        start = 0
        while start < len(self.parse):
            name = self._longest(start) if self.parse.words[start][:1].isupper() or self._low(start) == "al" else None
            if name:
                yield name
            start = name.end if name else start + 1

    def _longest(self, start: int) -> Name | None:
        for end in range(min(start + LONGEST, len(self.parse)), start, -1):
            text = self.parse.text(start, end)
            for forms, adjective in ((self.words.gazetteer.names, False), (self.words.gazetteer.adjectives, True)):
                if entries := forms.get(text) or (forms.get(text.title()) if self._shouted(start, text) else None):
                    entry = _preferred(entries)
                    if self._of_elsewhere(end, entry):
                        continue
                    return Name(start=start, end=end, kind=entry.kind, entry=entry, adjective=adjective)
        return None

    def _of_elsewhere(self, end: int, entry: Entry) -> bool:
        """ "The Commonwealth of Zenda": a body that is known by a shorter name is not meant."""
        words = self.parse.words[end : end + 2]
        body = entry.kind in ("Organization", "Government") and entry.name.lower() != "united nations"
        named = len(words) == 2 and words[0] == "of" and words[1][:1].isupper()
        return body and named and end > 0 and self.parse.words[end - 1] in GENERAL

    def _shouted(self, start: int, text: str) -> bool:
        """Whether a name may stand in capitals: in a dateline, or where it is too long for an acronym."""
        return text.isupper() and (self.parse.parts[start] is Part.DATELINE or len(text) > LONGEST_ACRONYM)

    def _told_apart(self, names: list[Name]) -> list[Name]:
        """Of things of one name, the one whose country the article names most: Georgia among Texans or Russians."""
        inside = Counter(n.entry.country for n in names if n.entry)  # cities, regions, parties of a country
        texts = [self.parse.text(name.start, name.end) for name in names]

        def support(entry: Entry, text: str) -> int:
            others = sum(n.entry == entry for n, other in zip(names, texts, strict=True) if other != text)
            return inside[entry.country or entry.id] + others

        told = []
        for name, text in zip(names, texts, strict=True):
            forms = self.words.gazetteer.adjectives if name.adjective else self.words.gazetteer.names
            entries = forms.get(text, ())
            if len(entries) > 1:
                entry = max(entries, key=lambda e: (support(e, text), e == name.entry))
                name = replace(name, entry=entry, kind=entry.kind)
            told.append(name)
        return told

    def _at_home(self, names: list[Name]) -> list[Name]:
        """Party adjectives of other countries are no names here: "Liberal" where Canada is never named."""
        there = {n.entry.country or n.entry.id for n in names if n.entry and n.entry.kind != "Party"} | {EVERYWHERE}
        return [
            n for n in names if not (n.adjective and n.kind == "Party" and n.entry and n.entry.country not in there)
        ]

    # ------------------------------------------------------------ what the recogniser found

    def _recognised(self) -> Iterator[Name]:
        for found in self.parse.named:
            if kind := KINDS.get(found.label):
                start, end = self._trimmed(found.start, found.end)
                letters = start < end and self.parse.words[start][1:2] == "-"  # "R-Fla."
                if not letters and any(self.parse.words[i][:1].isupper() for i in range(start, end)):
                    yield from self._checked(Name(start=start, end=end, kind=kind))

    def _checked(self, name: Name) -> Iterator[Name]:
        """The name, of the kind that its words allow; "Zog of Albania" and "Zog's Royal Party" are two."""
        owner = next((i for i in range(name.start + 1, name.end - 1) if self._low(i) == "'s"), None)
        if owner is not None and name.kind != "Person" and self._surname(owner - 1):
            yield Name(start=name.start, end=owner, kind="Person")
            name = replace(name, start=owner + 1)
        parts = (
            [i for i in range(name.start + 1, name.end - 1) if self._low(i) == "of"] if name.kind == "Person" else []
        )
        if parts:
            yield replace(name, start=parts[0] + 1, kind="Place")
            name = replace(name, end=parts[0])
        organised = [self._low(i) in self.words.organisation for i in range(name.start, name.end)]
        if name.kind == "Person" and any(organised[1:]):
            name = replace(name, kind="Organization")
        if PARTY_TAG.match(self.parse.text(name.start, name.end)):
            return  # "R-Tenn."
        if name.single and self._low(name.start) in self.words.nobody:
            return  # "European", "Muslims": peoples and faiths that act as nobody
        too_long = name.kind == "Person" and name.end - name.start > LONGEST_PERSON
        if not too_long and not (name.single and organised[0] and name.kind in ("Person", "Place")):
            yield name

    def _surname(self, token: int) -> bool:
        """Whether a word ends the full name of a person somewhere in the article."""
        word = self.parse.words[token]
        full = (n for n in self.parse.named if n.label == "PERSON" and n.end - n.start > 1)
        return any(self.parse.words[n.end - 1] == word for n in full)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The span without articles, titles, quotes and possessives at its ends."""
        marks = [i for i in range(start, end) if self.parse.words[i] in MARKS]
        if marks:  # "the NGO “Clean Hands"
            start = marks[-1] + 1 if marks[-1] + 1 < end else start
        while start < end and self._no_start(start):
            start += 1
        while end - 1 > start and end - 1 in self.roles and self._low(start) not in self.words.organisation:
            end -= 1  # "EU Energy" before "Commissioner", of "energy commissioner"
        while end > start and self._low(end - 1) in EDGES:
            end -= 1
        return start, end

    def _no_start(self, token: int) -> bool:
        title = token in self.roles and self._low(token) not in self.words.gazetteer.genders  # "Dean" may be a name
        first = token == self.parse.sentences[self.parse.sentence[token]][0]
        modifier = first and self.parse.pos[token] in ("ADJ", "ADV", "VERB", "ADP", "SCONJ")
        lower = self.parse.words[token][:1].islower() and self._low(token) not in self.words.particles
        other = self._low(token) in EDGES or self._low(token) in self.words.honorifics
        return title or modifier or lower or other or self._qualifies(token)

    def _qualifies(self, token: int) -> bool:
        """ "Neighbouring X", at the beginning of a sentence."""
        first = token == self.parse.sentences[self.parse.sentence[token]][0]
        return first and self._low(token) in self.words.qualifiers

    # ------------------------------------------------------------ names that nothing found

    def _capitalised(self, names: Sequence[Name]) -> Iterator[Name]:
        """Runs of proper nouns outside every name: of unknown kind, for roles and titles to tell."""
        covered = {i for n in names for i in range(n.start, n.end)}
        for found in self.parse.named:
            if found.label in NO_NAMES:
                covered |= {i for i in range(found.start, found.end) if not self._honoured(i)}
        start = 0
        while start < len(self.parse):
            end = start
            while end < len(self.parse) and end not in covered and self._proper(end):
                end += 1
            while start < end and self._qualifies(start):
                start += 1
            if end > start and not PARTY_TAG.match(self.parse.text(start, min(end + 2, len(self.parse)))):
                yield Name(start=start, end=end, kind="Unknown")
            start = max(end, start + 1)

    def _honoured(self, token: int) -> bool:
        """Whether "Mr" or the like stands before a capitalised word: "Mrs May" is no month."""
        return token > 0 and self._low(token - 1) in self.words.mr and self.parse.words[token][:1].isupper()

    def _proper(self, token: int) -> bool:
        if self._honoured(token):
            return True
        word, low = self.parse.words[token], self._low(token)
        named = self.parse.pos[token] == "PROPN" and word[:1].isupper() and any(c.islower() for c in word)
        other = low in self.words.honorifics or low in self.words.calendar or token in self.roles
        return named and not other and self.parse.parts[token] is not Part.DATELINE

    # ------------------------------------------------------------ halves made whole

    def _grown(self, names: Sequence[Name]) -> list[Name]:
        """ "Theresa" "May", "Reform" "Democrats": halves of a name made one."""
        grown: list[Name] = []
        for name in names:
            last = grown[-1] if grown else None
            if last and self._joined(last.end, name.start) and self._halves(last, name):
                kind = last.kind if last.kind == "Person" or name.kind == "Unknown" else name.kind
                grown[-1] = Name(start=last.start, end=name.end, kind="Organization" if kind == "Party" else kind)
            else:
                grown.append(name)
        whole = (self._general(self._party(self._with_surname(self._hyphenated(name)))) for name in grown)
        return _in_order(_apart(whole))

    def _general(self, name: Name) -> Name:
        """ "The Commonwealth of Zenda": the whole of it."""
        words = self.parse.words[name.end : name.end + 2]
        owned = len(words) == 2 and words[0] == "of" and words[1][:1].isupper()
        if name.entry or not name.single or not owned or self.parse.words[name.start] not in GENERAL:
            return name
        return Name(start=name.start, end=name.end + 2, kind="Organization")

    def _party(self, name: Name) -> Name:
        """ "The Workers' party", the party in small letters."""
        after = [self._low(i) for i in range(name.end, min(name.end + 2, len(self.parse)))]
        owned = after in (["'", "party"], ["'s", "party"]) and self._joined(name.end, name.end + 1)
        return Name(start=name.start, end=name.end + 2, kind="Party") if owned and name.kind != "Person" else name

    def _joined(self, end: int, start: int) -> bool:
        """Whether nothing but particles stands between: "Omar bin Said al-Harthi"."""
        between = [self._low(i) for i in range(end, start)]
        if between in (["'"], ["'s"]):  # "Farmers' Union", "People's Party"
            many = between == ["'"] and self._low(end - 1).endswith("s")
            return many or self.parse.tags[end - 1] == "NNPS" or self._low(end - 1) in ("people", "women", "children")
        return len(between) <= 3 and all(word in self.words.particles for word in between)

    def _halves(self, first: Name, second: Name) -> bool:
        if self.parse.sentence[first.start] != self.parse.sentence[second.start] or first.entry:
            return False
        if second.entry:
            return second.kind == "Party" and second.adjective and first.kind == "Unknown" and first.single
        if second.start > first.end and self._low(first.end) in ("'", "'s"):
            return second.kind in ("Unknown", "Organization", "Party")
        if (first.kind, second.kind) == ("Group", "Unknown") and first.end == second.start:
            return True  # "Popular" "Will"
        apart = first.kind == "Person" and second.start > first.end
        if apart or self._low(first.end - 1) in self.words.particles:
            return second.single  # "Ursula" "von der" "Leyen"
        if {first.kind, second.kind} <= {"Person", "Unknown"}:
            return first.kind != second.kind or self._low(first.start) in self.words.gazetteer.genders
        return False

    def _with_surname(self, name: Name) -> Name:
        """ "Jane Dean": a lone given name takes the capitalised word behind it."""
        given = name.single and self._low(name.start) in self.words.gazetteer.genders and not name.entry
        if not given or name.kind not in ("Person", "Unknown") or name.end >= len(self.parse):
            return name
        surname = self.parse.words[name.end][:1].isupper() and self.parse.tags[name.end] in ("NNP", "MD", "NN")
        return replace(name, end=name.end + 1, kind="Person") if surname else name

    def _hyphenated(self, name: Name) -> Name:
        """ "Kim Min-jun": a name goes on behind a hyphen without spaces."""
        parse, end = self.parse, name.end
        while (
            name.kind in ("Person", "Unknown") and not name.entry and end + 1 < len(parse) and parse.words[end] == "-"
        ):
            if parse.starts[end] != parse.ends[end - 1] or parse.starts[end + 1] != parse.ends[end]:
                break
            end += 2
        return replace(name, end=end)

    # ------------------------------------------------------------ one kind for one name

    def _voted(self, names: Sequence[Name]) -> list[Name]:
        """The kind that most mentions of a form have; a last name is a person's wherever it stands."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        surnames: set[str] = set()
        given: set[str] = set()
        for name in names:
            votes[self.parse.text(name.start, name.end)][name.kind] += 1
            if (name.kind == "Person" or self._like_a_person(name)) and not name.single and not name.entry:
                surnames.add(self.parse.words[name.end - 1])
                surnames.add(self.parse.text(name.start + 1, name.end))  # "Le Pen"
                given.add(self.parse.words[name.start])
        firsts = {name.start for name in names if name.single and self.parse.words[name.start] in given}
        return [self._settled(name, votes, surnames, first=name.start in firsts) for name in names]

    def _settled(self, name: Name, votes: Mapping[str, Counter[str]], surnames: set[str], *, first: bool) -> Name:
        form = self.parse.text(name.start, name.end)
        lone = first and name.kind == "Organization"  # a first name of somebody is no organisation
        surname = self._honoured(name.start) or form in surnames or lone
        if name.entry:
            place = name.kind in ("City", "Region") and not name.adjective
            return replace(name, kind="Person", entry=None) if surname and place else name
        if surname or self._like_a_person(name):
            return replace(name, kind="Person")
        counts = votes[form]
        kind = min(counts, key=lambda k: (k == "Unknown", -counts[k], k))
        before_party = name.single and name.end < len(self.parse) and self._low(name.end) == "party"
        party = kind in ("Organization", "Unknown", "Group") and self._like_a_party(name)
        if party or before_party or (kind == "Place" and self._low(name.start) in self.words.party):
            kind = "Party"  # "the Lelo party", whatever the recogniser takes Lelo for
        return replace(name, kind=kind)

    def _like_a_party(self, name: Name) -> bool:
        """Whether the name, or the common noun behind it, says that it is a party."""
        after = self._low(name.end) if name.end < len(self.parse) else ""
        last = self._low(name.end - 1)
        congress = last == "congress" and not name.single  # "the National Congress"; the Congress is none
        return congress or last in self.words.party or (after == "party" and name.end - name.start < LONGEST_PERSON)

    def _like_a_person(self, name: Name) -> bool:
        """A given name and words that no organisation bears: "Jonas Kazlauskas", whatever the recogniser says."""
        words = [self._low(i) for i in range(name.start, name.end)]
        gazetteer = self.words.gazetteer
        given = words[0] in gazetteer.genders or words[0] in gazetteer.nicknames
        organised = any(w in self.words.organisation or w in ("and", "&", "the", "of") for w in words)
        return given and not organised and 1 < len(words) < LONGEST_PERSON and name.kind != "Person"


def _preferred(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda e: (PRECEDENCE.index(e.kind) if e.kind in PRECEDENCE else len(PRECEDENCE), e.id))


def _longest_first(names: Iterable[Name]) -> list[Name]:
    """Of names that overlap the longest stays; the gazetteer's wins a tie."""
    taken: dict[int, Name] = {}
    for name in sorted(names, key=lambda n: (n.start - n.end, n.entry is None)):
        if not any(i in taken for i in range(name.start, name.end)):
            taken.update((i, name) for i in range(name.start, name.end))
    return _in_order({n.start: n for n in taken.values()}.values())


def _apart(names: Iterable[Name]) -> Iterator[Name]:
    """The names without those that a longer one before them has taken in."""
    end = 0
    for name in names:
        if name.start >= end:
            yield name
            end = name.end


def _in_order(names: Iterable[Name]) -> list[Name]:
    return sorted(names, key=lambda n: n.start)
