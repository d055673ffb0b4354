"""The values that cross the stages. All are frozen; offsets count code points into `Document.text`."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Modality(StrEnum):
    """How the text presents a claim; the order of the members is their strength.

    >>> Modality.strongest([Modality.DENIED, Modality.ENDED])
    <Modality.ENDED: 'ended'>
    """

    ASSERTED = "asserted"
    ENDED = "ended"
    PROSPECTIVE = "prospective"
    DENIED = "denied"

    @classmethod
    def strongest(cls, modalities: Iterable[Modality]) -> Modality:
        """The one that counts when an article makes the same claim in several ways."""
        return min(modalities, key=list(cls).index)


class Part(StrEnum):
    """What a stretch of an article is."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    BODY = "body"
    FURNITURE = "furniture"  # share buttons, comment forms, cookie notices: never annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of an article, one paragraph or less: `text[start:end]`."""

    part: Part
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}-{self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as read. `origin` is where it came from: new content from the same origin replaces the old."""

    name: str  # the file's stem, or the dump's id
    origin: str  # absolute path, path#line, or URL
    text: str  # as given: every offset points into it
    segments: tuple[Segment, ...]
    title: str | None = None
    date: dt.date | None = None  # of publication
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    language: str = "en"

    @property
    def id(self) -> str:
        """The article's identity: 16 hexadecimal digits of its text's SHA-256.

        >>> Document(name="a", origin="a.txt", text="Keller met Novak.", segments=()).id
        '38b1103dbe6fb912'
        """
        return digest(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that a claim stands on: `quote == document.text[start:end]`."""

    quote: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.quote.strip() or self.end - self.start != len(self.quote):
            raise ValueError(f"evidence {self.start}-{self.end} does not fit its quote {self.quote!r}")


class Form(StrEnum):
    """How a mention names its entity."""

    NAME = "name"
    DEMONYM = "demonym"  # "Belarusian", "US" before a noun
    NOMINAL = "nominal"  # "the Belarusian president"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text that stands for an entity; `entity` is its index in `Record.entities`."""

    start: int
    end: int
    text: str
    entity: int
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntity:
    """An entity as one article shows it."""

    name: str  # the fullest name in the article, or the gazetteer's
    kind: str  # local name of a class of the ontology: "Person", "Country", ...
    aliases: tuple[str, ...] = ()  # every other form the article uses, sorted
    known: str | None = None  # id in the gazetteer: "country/BY"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalClaim:
    """A claim of one article; `subject`, `object` and `source` are indexes in `Record.entities`."""

    subject: int
    relation: str  # local name of a relation of the ontology
    object: int
    modality: Modality
    confidence: float  # 0 to 1
    evidence: Evidence
    attribution: str | None = None  # the source as the text describes it; None: the article's own voice
    source: int | None = None  # the source when it is an entity of the article
    date: dt.date | None = None  # when the text says that it happened
    target_group: str | None = (
        None  # the country that the group belongs to, when the subject is a group ("Belarusian officials")
    )
    pattern: str = ""  # the template or rule that found it, for `kg explain`


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What extraction found in one article: the costly result, kept in the record store."""

    article: str  # Document.id
    entities: tuple[LocalEntity, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[LocalClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the graph."""

    id: str  # Document.id
    name: str
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing over all articles. `id` is relative to the base: "person/alexander-lukashenko"."""

    id: str
    name: str
    kind: str  # local name of a class of the ontology
    aliases: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()  # IRIs elsewhere, Wikidata's for one
    identifier: str | None = None  # on the user's own list
    articles: tuple[str, ...] = ()  # ids of the articles that mention it
    notes: tuple[str, ...] = ()  # why forms of other spellings are the same thing
    near: tuple[str, ...] = ()  # what was nearly taken for the same thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim over resolved entities; `subject`, `object`, `source` are `Entity.id`s, `article` an `Article.id`."""

    subject: str
    relation: str
    object: str
    modality: Modality
    confidence: float
    evidence: Evidence
    article: str
    attribution: str | None = None
    source: str | None = None
    date: dt.date | None = None
    target_group: str | None = None
    pattern: str = ""

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits of what the claim says and where; the same in every build."""
        parts = (self.article, self.evidence.start, self.evidence.end, self.subject, self.relation, self.object)
        return digest("\x1f".join(map(str, (*parts, self.modality))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All that the articles say, resolved; each tuple is sorted by id."""

    articles: tuple[Article, ...] = ()
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()  # what of the user's corrections and lists could not be followed
    names: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict, repr=False)
    """What articles call each entity: (article, "person/ada-berg"), the latter as corrections have it."""


class Triple(NamedTuple):
    """A triple of terms in N-Triples syntax: `<iri>`, `"text"@en`, `"1"^^<type>`."""

    subject: str
    predicate: str
    object: str


def digest(text: str, length: int = 16) -> str:
    """The first `length` hexadecimal digits of the SHA-256 of `text` (lone surrogates allowed).

    >>> digest("")
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An input that was left out, and why: "reports.jsonl, line 7: not JSON"."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What a build did; counts of articles, then what the graph holds."""

    new: int = 0
    known: int = 0
    replaced: int = 0
    problems: tuple[Problem, ...] = field(default=())
    articles: int = 0
    entities: int = 0
    claims: int = 0
    edges: int = 0
    triples: int = 0
    notices: tuple[Problem, ...] = ()  # corrections that refer to nothing any more and the like
    changes: tuple[str, ...] = ()  # entities that have another id now, and why
