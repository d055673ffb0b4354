"""All that is known of an article when its claims are made, and what a finding is before it becomes a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.cast import Cast, Member
from kg.extract.confidence import Signs, load_weights
from kg.extract.graph import ClauseGraph
from kg.extract.modality import Cues
from kg.extract.parse import Parse
from kg.model import Modality
from kg.ontology import Ontology

UNCLEAR = {"Unknown", "Group"}
ANY = {"Agent", "Body", "Person", "Organization", "Place"}  # what a name of unknown kind may turn out to be
BEFORE = {"ADJ", "NOUN", "PROPN", "ADV", "CCONJ", "PART", "NUM"}  # what may stand before a noun in its phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A claim before its qualifiers: members, and the token that carries it."""

    subject: int
    relation: str
    object: int
    token: int
    modality: Modality = Modality.ASSERTED
    signs: Signs
    pattern: str
    presupposed: bool = False  # inside a noun phrase: the article's own, whoever speaks

    @property
    def features(self) -> dict[str, float]:
        """What its confidence depends on."""
        return self.signs.features(self.relation, self.modality)

    @property
    def sure(self) -> float:
        """How likely it is right, from 0 to 1."""
        return load_weights().confidence(self.features)


@dataclass(frozen=True, slots=True)
class Scene:
    """Parse, clause graph and cast of an article, and the ontology that it is read by."""

    parse: Parse
    graph: ClauseGraph
    cast: Cast
    ontology: Ontology

    @property
    def cues(self) -> Cues:
        """The lexicon's words of modality and report."""
        return Cues(self.ontology.lexicon)

    def member(self, number: int) -> Member:
        """A member of the cast."""
        return self.cast.members[number]

    def words(self, group: str, kind: str) -> frozenset[str]:
        """Words of the lexicon."""
        return self.ontology.lexicon.group(group, kind)

    def fits(self, number: int, wanted: str | None) -> bool:
        """Whether a member may stand where a class is asked for; places act for those who rule there."""
        kind = self.member(number).kind
        if wanted is None or (kind == "Unknown" and wanted in ANY) or self.ontology.is_a(kind, wanted):
            return True
        return wanted == "Agent" and self.ontology.is_a(kind, "Place")

    def signs(
        self,
        how: str,
        ends: tuple[int, int],
        named: Sequence[int] = (),
        *,
        hops: int = 0,
        home: bool = False,
    ) -> Signs:
        """What is known of a finding between two members; `named` are tokens that stand for them by reference."""
        assumed = [self.cast.hops.get(token, 1) for token in named]
        members = [self.member(number) for number in ends]
        return Signs(
            how=how,
            nominals=assumed.count(1),
            pronouns=assumed.count(2),
            hops=hops,
            home=home,
            unknown=any(member.kind in UNCLEAR or member.unlisted for member in members),
        )

    def phrase_before(self, start: int) -> Iterator[int]:
        """The tokens of the noun phrase that stand before a token, the nearest first."""
        first = self.parse.sentences[self.parse.sentence[start]][0]
        for at in range(start - 1, first - 1, -1):
            part = self.parse.pos[at] in BEFORE or self.parse.tags[at] == "VBN"  # "the ousted president"
            if not part and self.parse.words[at] not in ("-", "'s", "then", "ex"):
                return
            yield at

    def relations_of_adjective(self, number: int) -> list[str]:
        """The relations that the adjective of a member says: "Republican" before a name, membership."""
        kind = self.member(number).kind.lower()
        return [name for name in self.ontology.relations if kind in self.words(name, "adjectiveOf")]
