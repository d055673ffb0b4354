"""Roles and template matches -> claims: who fills each place, in which modality, in whose words, on which evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.extract.attribution import Attribution
from kg.extract.cast import Cast, Member
from kg.extract.dates import date_of
from kg.extract.graph import MODIFIER, OBJECT, POSSESSOR, SUBJECT, ClauseGraph
from kg.extract.modality import Cues, modality_of
from kg.extract.parse import Parse, verb_phrase
from kg.extract.roles import Holder, Role
from kg.extract.templates import Match, Matcher
from kg.gazetteer import load_gazetteer
from kg.model import Document, Evidence, Form, LocalClaim, LocalEntity, Mention, Modality, Record
from kg.ontology import Ontology, Relation

# How sure a finding is, before what it assumes is taken off. Measured on the development articles.
BASE = {
    "title": 0.95, "apposition": 0.92, "copula": 0.9, "as": 0.85, "adjective": 0.85, "nominal": 0.88, "template": 0.88, "home": 0.7
}  # fmt: skip
PER_HOP = 0.05  # an edge that stands in the clause graph by assumption
PER_REFERENCE = (0.0, 0.08, 0.15)  # a name, a nominal mention, a pronoun


ANY = {"Agent", "Body", "Person", "Organization", "Place"}  # what a name of unknown kind may turn out to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A claim before its qualifiers: members, and the token that carries it."""

    subject: int
    relation: str
    object: int
    token: int
    modality: Modality
    confidence: float
    pattern: str
    presupposed: bool = False  # inside a noun phrase: the article's own


@dataclass(slots=True)
class Claims:
    """The claims of one article."""

    document: Document
    parse: Parse
    graph: ClauseGraph
    cast: Cast
    ontology: Ontology
    cues: Cues = field(init=False)
    attribution: Attribution = field(init=False)

    def __post_init__(self) -> None:
        self.cues = Cues(self.ontology.lexicon)
        self.attribution = Attribution(self.parse, self.graph, self.cues)

    def record(self, roles: Sequence[Role], matcher: Matcher) -> Record:
        """The record of the article."""
        found = [*self._role_claims(roles), *self._template_claims(matcher), *self._brackets()]
        led = {(f.subject, f.object) for f in found}
        found += [f for f in self._adjectives() if (f.subject, f.object) not in led]
        claims = self._qualified(_strongest(found, self.ontology))
        return _record(self.document, self.parse, self.cast, claims)

    # ------------------------------------------------------------ roles

    def _role_claims(self, roles: Sequence[Role]) -> Iterator[Found]:
        for role in roles:
            relation = self.ontology.relations[role.relation]
            if role.deputy and relation.name == "leaderOf":
                relation = self.ontology.relations["officialOf"]
            bodies = self._bodies(role, relation)
            holders = role.holders or ((Holder(token=role.head, how="nominal"),) if bodies else ())
            for holder in holders:
                for subject in self.cast.who(holder.token):
                    for obj, token in bodies or self._home(role, subject, relation):
                        if subject != obj and self._fits(subject, relation.domain):
                            yield self._held(role, holder, subject, relation, obj, token)
            if relation.symmetric and not bodies:
                yield from self._mutual(role, relation)

    def _bodies(self, role: Role, relation: Relation) -> list[tuple[int, int]]:
        for group in role.bodies:
            if (
                relation.symmetric
                and self.parse.heads[group[0]] != role.head
                and not self._beneath(group[0], role.head)
            ):
                continue
            numbers = [
                (self._represented(n, relation), t) for t in group for n in self._stand_ins(t, relation, "object")
            ]
            found = [(n, t) for n, t in numbers if self._is_body(n, relation, role)]
            if found:
                return found
        return []

    def _beneath(self, token: int, head: int) -> bool:
        """Whether `token` hangs on `head` by no more than a preposition."""
        above = self.parse.heads[token]
        return self.parse.pos[above] == "ADP" and self.parse.heads[above] == head

    def _is_body(self, number: int, relation: Relation, role: Role) -> bool:
        member = self.cast.members[number]
        if (
            role.relation != "leaderOf"
            and self._relations_of_adjective(number)
            and member.entry
            and set(member.forms) <= member.entry.adjectives
        ):
            return False  # "Republican senator": a party, no body
        if self.ontology.is_a(member.kind, "Place") and role.name in self.ontology.lexicon.group("BodyOnly", "role"):
            return False  # "the Belarusian opposition leader": the country says where, not what is led
        return self._fits(number, relation.range)

    def _home(self, role: Role, subject: int, relation: Relation) -> list[tuple[int, int]]:
        """The body of a role that its sentence leaves open: "Foreign Minister X" in an article on one country."""
        lexicon = self.ontology.lexicon
        if relation.symmetric or role.plural or role.name in lexicon.group("BodyOnly", "role"):
            return []
        if not set(role.name.split()) & lexicon.group("State", "office") and self._national(role) is None:
            return []
        ways = (self._own_country(subject), self._colleague(role), self._national(role), self.cast.setting)
        country = next((way for way in ways if way is not None), None)
        return [(country, role.head)] if country is not None else []

    def _own_country(self, subject: int) -> int | None:
        """The country of another office of the same person."""
        held = [
            b for _, kind, b in self.cast.members[subject].roles if b is not None and kind in ("leaderOf", "officialOf")
        ]
        return next((b for b in held if self.cast.members[b].kind == "Country"), None)

    def _colleague(self, role: Role) -> int | None:
        """The country of somebody in the same sentence who is called no more than it: "Obama, flanked by Vice President Biden"."""
        start, _ = self.parse.sentences[self.parse.sentence[role.head]]
        near = {n for t in range(start, role.start) for n in self.cast.who(t) if self.cast.members[n].kind == "Person"}
        found = {c for n in near if (c := self._own_country(n)) is not None}
        return found.pop() if len(found) == 1 else None

    def _national(self, role: Role) -> int | None:
        """The country that alone has an office of that name, if the article names it."""
        for number, member in enumerate(self.cast.members):
            if member.entry and role.name in self.ontology.lexicon.group(member.entry.id.split("/")[-1], "office"):
                return number
        return None

    def _held(self, role: Role, holder: Holder, subject: int, relation: Relation, obj: int, token: int) -> Found:
        start = Modality.ENDED if holder.ended else Modality.ASSERTED
        carrier = role.head
        modality = (
            modality_of(self.parse, carrier, self.cues, start)
            if holder.verb is not None
            else self._nominal(role, holder, start)
        )
        sure = BASE[holder.how] - self._doubt(holder.token) - self._doubt(token)
        return Found(
            subject=subject,
            relation=relation.name,
            object=obj,
            token=holder.verb if holder.verb is not None else role.head,
            modality=modality,
            confidence=sure,
            pattern=f"{holder.how}: {role.name}",
            presupposed=holder.verb is None,
        )

    def _nominal(self, role: Role, holder: Holder, start: Modality) -> Modality:
        """ "former", "would-be", "toppled last month", "has stepped down"; what else governs a title says nothing of it."""
        lexicon = self.ontology.lexicon
        words = {self.parse.words[i].lower() for i in self._phrase_before(role.start)}
        if words & lexicon.group("Ended", "adjective") or self._left(role, holder):
            return Modality.ENDED
        if words & lexicon.group("Prospective", "adjective") or role.name.split("-")[-1] in lexicon.group(
            "Prospective", "suffix"
        ):
            return Modality.PROSPECTIVE
        return start

    def _phrase_before(self, start: int) -> Iterator[int]:
        """The tokens of the noun phrase that stand before a token."""
        first = self.parse.sentences[self.parse.sentence[start]][0]
        at = start - 1
        while at >= first and (
            self.parse.pos[at] in ("ADJ", "NOUN", "PROPN", "ADV", "CCONJ", "PART", "NUM")
            or self.parse.words[at] in ("-", "'s", "then", "ex")
        ):
            yield at
            at -= 1

    def _left(self, role: Role, holder: Holder) -> bool:
        """Whether the sentence says that the holder leaves the office: "the chairman, X, resigned"."""
        leaving = self.ontology.lexicon.group("LeavingOffice", "verb")
        for token in {role.head, holder.token}:
            verbs = [e.head for e in self.graph.into.get(token, ()) if e.label in (SUBJECT, OBJECT) and e.hops == 0]
            for verb in verbs:
                objects = [e.tail for e in self.graph.fillers(verb, OBJECT)]
                if (token in objects or not objects) and {
                    self.parse.lemmas[verb],
                    verb_phrase(self.parse, verb),
                } & leaving:
                    return modality_of(self.parse, verb, self.cues) is Modality.ASSERTED
        return False

    def _adjectives(self) -> Iterator[Found]:
        """ "Republican Senator X", "Democrats X and Y", "Corker, the Tennessee Republican"."""
        for subject, number, token in self.cast.belonging:
            yield from self._belongs(subject, number, token, "apposition")
        for subject, member in enumerate(self.cast.members):
            if member.kind != "Person":
                continue
            for start, _, form in member.places:
                if form is Form.PRONOUN:
                    continue
                for at in self._phrase_before(start):
                    for number in self.cast.who(at) if self.cast.hops.get(at) == 0 else ():
                        yield from self._belongs(subject, number, start, "before a name")

    def _belongs(self, subject: int, number: int, token: int, how: str) -> Iterator[Found]:
        member = self.cast.members[number]
        if subject == number or not member.entry or not set(member.forms) & member.entry.adjectives:
            return
        for name in self._relations_of_adjective(number):
            yield Found(
                subject=subject, relation=name, object=number, token=token, modality=Modality.ASSERTED,
                confidence=BASE["adjective"], pattern=f"adjective: {how}", presupposed=True,
            )  # fmt: skip

    def _brackets(self) -> Iterator[Found]:
        """ "Bob Corker (R-Tenn.)", "Mr Scholz (SPD)": party, and what a bare office is held in."""
        for subject, member in enumerate(self.cast.members):
            if member.kind != "Person":
                continue
            for _, end, form in member.places:
                if form is Form.NAME and end < len(self.parse) and self.parse.words[end] in ("(", ","):
                    for relation, number in self._bracketed(subject, end):
                        yield Found(
                            subject=subject, relation=relation, object=number, token=end, modality=Modality.ASSERTED,
                            confidence=BASE["adjective"], pattern="brackets", presupposed=True,
                        )  # fmt: skip

    def _bracketed(self, subject: int, at: int) -> Iterator[tuple[str, int]]:
        words = [w for w in self.parse.words[at + 1 : at + 6]]
        close = next((n for n, w in enumerate(words) if w in (")", ",", ".", ";")), len(words))
        letter, dash, place = "".join(words[:close]).rstrip(".").partition("-")
        for relation in self.ontology.relations:
            known = dict(w.split("=", 1) for w in self.ontology.lexicon.group(relation, "letter"))
            if letter.lower() in known and (dash or self.parse.words[at] == "("):
                yield relation, self._member(known[letter.lower()])
                if dash and (region := self._region(place)) is not None:
                    held = {kind for _, kind, body in self.cast.members[subject].roles if body is None}
                    yield from ((kind, region) for kind in sorted(held & {"leaderOf", "officialOf"}))
                return
        if self.parse.words[at] == "(" and not dash:
            for number in self.cast.who(at + 1):
                if self.cast.members[number].kind == "Party":
                    yield "memberOf", number

    def _region(self, name: str) -> int | None:
        entries = [e for form in (name, name + ".") for e in load_gazetteer().names.get(form, ()) if e.kind == "Region"]
        return self._member(entries[0].id) if entries else None

    def _member(self, known: str) -> int:
        """The member of a gazetteer id, added to the cast where the article names it in letters only."""
        for number, member in enumerate(self.cast.members):
            if member.entry and member.entry.id == known:
                return number
        entry = load_gazetteer().entries[known]
        self.cast.members.append(Member(kind=entry.kind, entry=entry, forms=Counter([entry.name])))
        return len(self.cast.members) - 1

    def _relations_of_adjective(self, number: int) -> list[str]:
        kind = self.cast.members[number].kind.lower()
        lexicon = self.ontology.lexicon
        return [name for name in self.ontology.relations if kind in lexicon.group(name, "adjectiveOf")]

    def _mutual(self, role: Role, relation: Relation) -> Iterator[Found]:
        """ "X and Y are rivals"."""
        if not role.plural:
            return
        for n, one in enumerate(role.holders):
            for other in role.holders[n + 1 :]:
                if one.verb is None or one.verb != other.verb:
                    continue
                for subject in self.cast.who(one.token):
                    for obj in self.cast.who(other.token):
                        if subject != obj and self._fits(subject, relation.domain) and self._fits(obj, relation.range):
                            yield self._held(role, one, subject, relation, obj, other.token)

    # ------------------------------------------------------------ templates

    def _template_claims(self, matcher: Matcher) -> Iterator[Found]:
        for match in matcher.find(self.parse, self.graph, self._may_fill):
            relation = self.ontology.relations[match.shape.relation]
            if not match.shape.lemmas and any(self.cast.hops.get(t) for t in match.tokens):
                continue  # "the leader of the party": no name, and nothing else to hold on to
            one, two = match.tokens[0], match.tokens[1]
            kinds = match.shape.kinds
            for subject in self._stand_ins(one, relation, "subject"):
                for obj in self._stand_ins(two, relation, "object"):
                    obj = self._represented(obj, relation)
                    fits = self._fits(subject, kinds[0] or relation.domain) and self._fits(
                        obj, kinds[1] or relation.range
                    )
                    if subject != obj and fits:
                        yield self._matched(match, subject, relation, obj)

    def _matched(self, match: Match, subject: int, relation: Relation, obj: int) -> Found:
        sure = BASE["template"] - PER_HOP * match.hops - self._doubt(match.tokens[0]) - self._doubt(match.tokens[1])
        own = frozenset(match.tokens)
        modalities = [modality_of(self.parse, t, self.cues, match.shape.modality, own) for t in match.tokens[2:]]
        modality = next((m for m in modalities if m is not match.shape.modality), match.shape.modality)
        if modality is Modality.ENDED and self.ontology.lexicon.group(relation.name, "aspect") == {"event"}:
            modality = Modality.ASSERTED
        return Found(
            subject=subject,
            relation=relation.name,
            object=obj,
            token=match.anchor,
            modality=modality,
            confidence=sure,
            pattern=match.shape.template,
            presupposed=self._presupposed(match.anchor),
        )

    def _represented(self, number: int, relation: Relation) -> int:
        """ "The president slapped sanctions on...": where no person can stand, the country that the person leads."""
        member = self.cast.members[number]
        if member.kind == "Person" and relation.range and not self.ontology.is_a("Person", relation.range):
            led = [b for _, kind, b in member.roles if b is not None and kind == "leaderOf"]
            return led[0] if led else number
        return number

    def _presupposed(self, token: int) -> bool:
        """ "the embargo that Russia imposed": a definite noun or a relative clause is the article's own, whoever speaks."""
        if self.parse.pos[token] == "NOUN":
            determiner = self.parse.child(token, "det", "poss")
            return determiner is not None and self.parse.words[determiner].lower() not in ("a", "an", "no", "any")
        return self.parse.deps[token] == "relcl"

    def _may_fill(self, token: int) -> bool:
        return token in self.cast.at or (self.parse.pos[token] == "NOUN" and bool(self._owners(token)))

    def _owners(self, token: int) -> list[int]:
        """Who a common noun belongs to: "the US government", "officials of Belarus"."""
        labels = (POSSESSOR, MODIFIER, "p:of", "p:in", "p:from")
        tokens = [e.tail for label in labels for e in self.graph.fillers(token, label) if e.hops == 0]
        return [n for t in tokens for n in self.cast.who(t)]

    def _stand_ins(self, token: int, relation: Relation, place: str) -> tuple[int, ...]:
        """The members that a token stands for in a place of a relation."""
        if token in self.cast.at:
            return self.cast.at[token]
        noun = self.parse.lemmas[token]
        if place in self.ontology.lexicon.group(relation.name, "groups") and (group := self._group(token)) is not None:
            return (group,)
        plural = self.parse.tags[token] == "NNS" and noun in self.ontology.lexicon.group("Delegate", "plural")
        if (
            plural
            or noun in self.ontology.lexicon.group("Delegate", "noun")
            or noun in self.ontology.lexicon.group(relation.name, place + "Owner")
        ):
            return tuple(self._owners(token)[:1])
        return ()

    def _group(self, token: int) -> int | None:
        """ "Belarusian officials", "officials in Belarus": a member of its own, which belongs to a country or body."""
        owners = self._owners(token)
        plural = self.parse.tags[token] in ("NNS", "NNPS") and self.parse.lemmas[token] in self.ontology.lexicon.group(
            "Group", "noun"
        )
        if not plural or not owners:
            return None
        first = min([token, *(e.tail for e in self.graph.fillers(token, MODIFIER) if e.hops == 0)])
        last = max(e.tail for label in ("p:of", "p:in", "p:from", MODIFIER) for e in self.graph.fillers(token, label))
        form = self.parse.text(first, max(token, last) + 1)
        name = self._group_name(token, owners[0]) or form
        for number, member in enumerate(self.cast.members):
            if member.kind == "Agent" and name in member.forms:
                return number
        forms = Counter({name: 2, form: 1})
        self.cast.members.append(
            Member(kind="Agent", forms=forms, places=[(first, max(token, last) + 1, Form.NOMINAL)], owner=owners[0])
        )
        return len(self.cast.members) - 1

    def _group_name(self, token: int, owner: int) -> str | None:
        """ "Belarusian officials", however the text puts it."""
        entry = self.cast.members[owner].entry
        if not entry or not entry.adjectives:
            return None
        plain = [
            a
            for a in sorted(entry.adjectives, key=lambda a: (len(a), a))
            if any(b.startswith(a) and b != a for b in entry.adjectives)
        ]
        adjective = plain[0] if plain else min(entry.adjectives)
        return f"{adjective} {self.parse.words[token].lower()}"

    # ------------------------------------------------------------ shared

    def _fits(self, number: int, wanted: str | None) -> bool:
        kind = self.cast.members[number].kind
        if wanted is None or (kind == "Unknown" and wanted in ANY) or self.ontology.is_a(kind, wanted):
            return True
        return wanted == "Agent" and self.ontology.is_a(kind, "Place")

    def _doubt(self, token: int) -> float:
        return PER_REFERENCE[self.cast.hops.get(token, 1)]

    # ------------------------------------------------------------ qualifiers

    def _qualified(self, found: Iterable[Found]) -> list[LocalClaim]:
        return [self._claim(f) for f in found]

    def _claim(self, found: Found) -> LocalClaim:
        source = None
        if not found.presupposed or self.parse.quoted[found.token]:
            source = self.attribution.source(found.token)
        numbers = [n for n in self.cast.who(source)] if source is not None else []
        described = self.attribution.describe(source) if source is not None and not numbers else None
        if described and self.parse.pos[source or 0] == "PRON":
            described = None
        ahead = found.modality is Modality.PROSPECTIVE
        return LocalClaim(
            subject=found.subject,
            relation=found.relation,
            object=found.object,
            modality=found.modality,
            confidence=round(min(0.99, max(0.05, found.confidence)), 2),
            evidence=_evidence(self.document, self.parse, found.token),
            attribution=self.cast.members[numbers[0]].name if numbers else described,
            source=numbers[0] if numbers else None,
            date=None if found.presupposed else date_of(self.parse, found.token, self.document.date, ahead=ahead),
            pattern=found.pattern,
            target_group=self._group_owner(found.subject),
        )

    def _group_owner(self, number: int) -> str | None:
        owner = self.cast.members[number].owner
        return self.cast.members[owner].name if owner is not None else None


def _strongest(found: Iterable[Found], ontology: Ontology) -> list[Found]:
    """One a pair and relation: the strongest modality, then the surest; none that a narrower relation implies."""
    best: dict[tuple[int, str, int], Found] = {}
    for f in found:
        a, b = f.subject, f.object
        if ontology.relations[f.relation].symmetric and a > b:
            a, b = b, a
        key = (a, f.relation, b)
        if key not in best or _rank(f) < _rank(best[key]):
            best[key] = f
    implied = {
        (a, above, b)
        for (a, relation, b), f in best.items()
        for above in ontology.ancestors(relation) - {relation}
        if f.modality is Modality.ASSERTED
    }
    return [f for key, f in best.items() if key not in implied]


def _rank(found: Found) -> tuple[int, float, int]:
    return list(Modality).index(found.modality), -found.confidence, found.token


def _evidence(document: Document, parse: Parse, token: int) -> Evidence:
    first, last = parse.sentences[parse.sentence[token]]
    start, end = parse.starts[first], parse.ends[last - 1]
    return Evidence(quote=document.text[start:end], start=start, end=end)


def _record(document: Document, parse: Parse, cast: Cast, claims: list[LocalClaim]) -> Record:
    """Members that are named, renumbered in the order of their names, and what was found of them."""
    claimed = {n for c in claims for n in (c.subject, c.object, c.source) if n is not None}
    kept = [n for n, m in enumerate(cast.members) if m.forms and (m.kind != "Unknown" or n in claimed)]
    kept.sort(key=lambda n: (min((s for s, _, _ in cast.members[n].places), default=len(parse)), n))
    number = {old: new for new, old in enumerate(kept)}
    mentions = sorted(
        (m for old in kept for m in _mentions(document, parse, cast.members[old], number[old])),
        key=lambda m: (m.start, m.end),
    )
    return Record(
        article=document.id,
        entities=tuple(_local(cast.members[old]) for old in kept),
        mentions=tuple(mentions),
        claims=tuple(
            sorted(
                (
                    replace(
                        c,
                        subject=number[c.subject],
                        object=number[c.object],
                        source=number[c.source] if c.source is not None else None,
                    )
                    for c in claims
                ),
                key=lambda c: (c.evidence.start, c.subject, c.relation, c.object),
            )
        ),
    )


def _local(member: Member) -> LocalEntity:
    kind = "Agent" if member.kind in ("Unknown", "Group") else member.kind
    aliases = tuple(sorted(set(member.forms) - {member.name}))
    return LocalEntity(name=member.name, kind=kind, aliases=aliases, known=member.entry.id if member.entry else None)


def _mentions(document: Document, parse: Parse, member: Member, number: int) -> Iterator[Mention]:
    for first, last, form in member.places:
        start, end = parse.starts[first], parse.ends[last - 1]
        yield Mention(start=start, end=end, text=document.text[start:end], entity=number, form=Form(form))
