"""Role phrases -> findings: who holds a role in what, now or no longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.cast import Member
from kg.extract.fillers import Fillers
from kg.extract.graph import MODIFIER, OBJECT, POSSESSOR, SUBJECT
from kg.extract.modality import modality_of
from kg.extract.parse import verb_phrase
from kg.extract.roles import Holder, Role
from kg.extract.scene import Finding, Scene
from kg.model import Modality
from kg.ontology import Relation

OWNING = (POSSESSOR, MODIFIER)
GROUPS = {"State", "Town"}  # of the lexicon's offices, those that are no country's own
Body = tuple[int, int]  # a member, and the token that names it


@dataclass(frozen=True, slots=True)
class Offices:
    """The findings that the roles of an article make."""

    scene: Scene
    fillers: Fillers

    def find(self, roles: Sequence[Role]) -> Iterator[Finding]:
        """A finding for each holder of each role in each body."""
        for role in roles:
            relation = self._relation(role)
            bodies = self._bodies(role, relation)
            relation = self._membership(role, bodies) or self._presiding(role, bodies) or relation
            for holder in role.holders or ((Holder(token=role.head, how="nominal"),) if bodies else ()):
                own = self._own_bodies(role, holder, relation) or bodies
                for subject in self.scene.cast.who(holder.token):
                    for body in own or self._home(role, subject, relation, ended=holder.ended):
                        if subject != body[0] and self.scene.fits(subject, relation.domain):
                            yield self._held(role, holder, subject, relation, body)
            if relation.symmetric and not bodies:
                yield from self._mutual(role, relation)
                yield from self._met(role, relation)

    def _relation(self, role: Role) -> Relation:
        """The relation that the role says; a deputy's is the broader one: officialOf instead of leaderOf."""
        relation = self.scene.ontology.relations[role.relation]
        broader = self.scene.words("Deputy", relation.name)
        return self.scene.ontology.relation(next(iter(broader))) if role.deputy and broader else relation

    def _membership(self, role: Role, bodies: Sequence[Body]) -> Relation | None:
        """ "an MP for New Democracy": a politician of a party is its member."""
        if bodies and role.name in self.scene.words("Politician", "role"):
            names = self.scene.relations_of_adjective(bodies[0][0])
            return self.scene.ontology.relations[names[0]] if names else None
        return None

    def _presiding(self, role: Role, bodies: Sequence[Body]) -> Relation | None:
        """ "The president of the European Parliament": who presides over a parliament does not lead it."""
        last = self.scene.member(bodies[0][0]).name.split()[-1].lower() if bodies else ""
        presides = role.relation == "leaderOf" and last in self.scene.words("Parliament", "noun")
        return self.scene.ontology.relation("officialOf") if presides else None

    def _held(self, role: Role, holder: Holder, subject: int, relation: Relation, body: Body) -> Finding:
        start = Modality.ENDED if holder.ended else Modality.ASSERTED
        if holder.verb is None:
            modality = self._titled(role, holder)
        else:
            own = frozenset([holder.verb] if holder.ended else [])  # "was dismissed as": no denial
            modality = modality_of(self.scene.parse, role.head, self.scene.cues, start, own)
            if modality is Modality.PROSPECTIVE and self.scene.parse.lemmas[holder.verb] in self.scene.words(
                "Staying", "verb"
            ):
                modality = Modality.ASSERTED  # what will remain holds already
        token = role.head if holder.verb is None else holder.verb
        home = body[1] == role.head  # no token of its own names the body
        named = (holder.token,) if home else (holder.token, body[1])
        return Finding(
            subject=subject,
            relation=relation.name,
            object=body[0],
            token=token,
            modality=modality,
            signs=self.scene.signs(holder.how, (subject, body[0]), named, home=home),
            pattern=f"{holder.how}: {role.name}",
            presupposed=holder.verb is None,
        )

    # ------------------------------------------------------------ in what

    def _bodies(self, role: Role, relation: Relation) -> list[Body]:
        for group in role.bodies:
            if relation.symmetric and not self._hangs_on(group[0], role.head):
                continue
            found = [
                (n, t) for t in group for n in self.fillers.objects(t, relation) if self._is_body(n, t, relation, role)
            ]
            national = self._national(role) if found else None
            if national is not None and national not in dict(found):
                return [(national, role.head)]  # "its foreign policy chief": whatever "its" is taken for
            if found:
                return [(self._state(self._campaign(role, n)), t) for n, t in found]
        return [(number, role.head) for number in self._only_campaign(role)]

    # ------------------------------------------------------------ campaigns

    def _of_campaign(self, role: Role) -> bool:
        return bool(self.scene.words("Name", "venture") & set(role.name.split()))

    def _campaign(self, role: Role, number: int) -> int:
        """ "Roe's campaign manager": he works for the campaign of that name."""
        member = self.scene.member(number)
        if member.kind != "Person" or not self._of_campaign(role):
            return number
        form = f"{member.name.split()[-1]} {min(self.scene.words('Name', 'venture'))}"
        found = (n for n, other in enumerate(self.scene.cast.members) if other.name == form)
        return next(found, None) or self.scene.cast.add(Member(kind="Organization", forms=Counter([form])))

    def _only_campaign(self, role: Role) -> Iterator[int]:
        """ "The campaign chairman": of the person whose campaign the article names most."""
        if not self._of_campaign(role) or self.scene.parse.child(role.head, "poss") is not None:
            return
        owners: Counter[int] = Counter()
        nouns = self.scene.words("Name", "venture")
        for noun in (t for t, lemma in enumerate(self.scene.parse.lemmas) if lemma in nouns):
            tails = (e.tail for e in self.scene.graph.out.get(noun, ()) if e.label in OWNING and e.hops == 0)
            owners.update(n for t in tails for n in self.scene.cast.who(t) if self.scene.member(n).kind == "Person")
        if owners:
            yield self._campaign(role, min(owners, key=lambda n: (-owners[n], n)))

    def _state(self, number: int) -> int:
        """ "The Chinese Foreign Ministry": an office there is one of the country."""
        member = self.scene.member(number)
        words = member.name.split()
        if member.kind in ("Organization", "Government") and words[-1] in ("Ministry", "ministry") and not member.entry:
            for other, country in enumerate(self.scene.cast.members):
                if country.entry and country.kind == "Country" and words[0] in country.entry.adjectives:
                    return other
        return number

    def _own_bodies(self, role: Role, holder: Holder, relation: Relation) -> list[Body]:
        """ "Reps. X of Texas and Y": of several who share a title, each has a body of his own."""
        if not role.plural or holder.how != "title" or relation.symmetric:
            return []
        tails = [e.tail for e in self.scene.graph.fillers(holder.token, "p:of") if e.hops == 0]
        found = ((n, t) for t in tails for n in self.fillers.objects(t, relation))
        return [body for body in found if self._is_body(*body, relation, role)]

    def _hangs_on(self, token: int, head: int) -> bool:
        """Whether `token` hangs on `head` by no more than a preposition."""
        above = self.scene.parse.heads[token]
        return above == head or (self.scene.parse.pos[above] == "ADP" and self.scene.parse.heads[above] == head)

    def _is_body(self, number: int, token: int, relation: Relation, role: Role) -> bool:
        member = self.scene.member(number)
        if member.kind == "Unknown" and [end for _, end, _ in member.places] == [role.start]:
            return False  # "Equal Opportunities Minister X": what he is minister for
        adjective = member.entry is not None and self.scene.parse.words[token] in member.entry.adjectives
        if adjective and role.relation == "officialOf" and self.scene.relations_of_adjective(number):
            return False  # "Republican senator": a party, no body
        if self.scene.ontology.is_a(member.kind, "Place") and role.name in self.scene.words("BodyOnly", "role"):
            return False  # "the Belarusian opposition leader": the country says where, not what is led
        if member.kind == "Party" and set(role.name.split()) & self.scene.words("State", "office"):
            return False  # "Vice-Chancellor X of the Greens": his party, not his office
        if member.kind == "City" and set(role.name.split()) & self.scene.words("State", "office") - {"ambassador"}:
            return False  # "From Washington President X said": no city has a president
        return self.scene.fits(number, relation.range)

    def _home(self, role: Role, subject: int, relation: Relation, *, ended: bool = False) -> list[Body]:
        """The body of a role that its sentence leaves open: "Foreign Minister X" in an article on one country."""
        national = self._national(role)
        titles = self.scene.words("State", "office") | self.scene.words("Head", "title")
        state = national is not None or {role.name, *role.name.split()} & titles
        if relation.symmetric or role.plural or not state or self._elsewhere(role, national):
            return []
        colleague = None if relation.name == "leaderOf" else self._colleague(role)
        sure = relation.name != "leaderOf" or (self.scene.cast.clear and not self._abroad(role)) or self._beside(role)
        setting = self.scene.cast.setting if sure else None
        ways = (self._own_country(subject), colleague, national, self._located(role), setting, self._only_one(role))
        country = next((way for way in ways if way is not None and self._has(way, role)), None)
        return (
            [(country, role.head)] if country is not None and (ended or not self._taken(role, subject, country)) else []
        )

    def _located(self, role: Role) -> int | None:
        """ "In Damascus, Foreign Minister X said": the country of the city or the country that a sentence begins in."""
        parse = self.scene.parse
        start, end = parse.sentences[parse.sentence[role.head]]
        if parse.words[start].lower() not in ("in", "from") or start + 1 >= end:
            return None
        for number in self.scene.cast.who(parse.child(start, "pobj") or start + 1):
            entry = self.scene.member(number).entry
            land = entry and (entry.id if entry.kind == "Country" else entry.country)
            members = enumerate(self.scene.cast.members)
            return next((n for n, m in members if land and m.entry and m.entry.id == land), None)
        return None

    def _has(self, country: int, role: Role) -> bool:
        """Whether a country has a head of that title: Germany a chancellor, Spain no president."""
        if role.name not in self.scene.words("Head", "title"):
            return True
        return role.name in (self._heads(country) or self.scene.words("Head", "usual"))

    def _heads(self, country: int) -> frozenset[str]:
        entry = self.scene.member(country).entry
        return self.scene.words(entry.id.split("/")[-1], "head") if entry else frozenset()

    def _only_one(self, role: Role) -> int | None:
        """The one country of the article that has a head of that title, where the title is no usual one."""
        if role.name in self.scene.words("Head", "usual"):
            return None
        found = [n for n in range(len(self.scene.cast.members)) if role.name in self._heads(n)]
        return found[0] if len(found) == 1 else None

    def _beside(self, role: Role) -> bool:
        """Whether the sentence of a role names the country that the article is set in, and names it first."""
        start, end = self.scene.parse.sentences[self.scene.parse.sentence[role.head]]
        named = any(self.scene.cast.setting in self.scene.cast.who(t) for t in range(start, role.start))
        return named and not self._other(role, start, end)

    def _abroad(self, role: Role) -> bool:
        """ "President X in Kyiv", "Told Beijing's envoy, President X": whether the sentence names a town elsewhere."""
        start, end = self.scene.parse.sentences[self.scene.parse.sentence[role.head]]
        setting = self.scene.cast.setting
        home = self.scene.member(setting).entry if setting is not None else None
        towns = (self.scene.member(n).entry for t in range(start, end) for n in self.scene.cast.who(t))
        return any(e and e.kind == "City" and e.country and (not home or e.country != home.id) for e in towns)

    def _other(self, role: Role, start: int, end: int) -> bool:
        """Whether somebody else in the sentence bears the same title."""
        bearers = {
            n
            for t in range(start, end)
            for n in self.scene.cast.who(t)
            if any(name == role.name for name, _, _ in self.scene.member(n).roles)
        }
        return len(bearers) > 1

    def _taken(self, role: Role, subject: int, country: int) -> bool:
        """Whether the text says that somebody else holds that very role in the country."""
        others = (m for n, m in enumerate(self.scene.cast.members) if n != subject)
        return role.relation == "leaderOf" and any((role.name, role.relation, country) in m.roles for m in others)

    def _own_country(self, subject: int) -> int | None:
        """The country of another office of the same person."""
        bodies = [b for _, name, b in self.scene.member(subject).roles if b is not None and name in self._offices()]
        return next((b for b in bodies if self.scene.member(b).kind == "Country"), None)

    def _offices(self) -> set[str]:
        relations = self.scene.ontology.relations
        return {name for name in relations if "officialOf" in self.scene.ontology.ancestors(name)}

    def _colleague(self, role: Role) -> int | None:
        """The country of the one other office-holder of the sentence: "X, flanked by Vice President Y"."""
        start, _ = self.scene.parse.sentences[self.scene.parse.sentence[role.head]]
        near = {n for t in range(start, role.start) for n in self.scene.cast.who(t)}
        people = (n for n in near if self.scene.member(n).kind == "Person")
        found = {country for n in people if (country := self._own_country(n)) is not None}
        return found.pop() if len(found) == 1 else None

    def _elsewhere(self, role: Role, national: int | None) -> bool:
        """Whether an office is no country's, or known as that of one that the article does not name."""
        words = self.scene.ontology.lexicon.words
        alone = any(role.name in said for (who, kind), said in words.items() if kind == "office" and who not in GROUPS)
        regional = role.name.split()[0] in self.scene.words("Region", "modifier")
        return regional or role.name in self.scene.words("BodyOnly", "role") or (alone and national is None)

    def _national(self, role: Role) -> int | None:
        """The country that alone has an office of that name, if the article names it."""
        for number, member in enumerate(self.scene.cast.members):
            if member.entry and role.name in self.scene.words(member.entry.id.split("/")[-1], "office"):
                return number
        return None

    # ------------------------------------------------------------ still, or no longer

    def _titled(self, role: Role, holder: Holder) -> Modality:
        """ "former", "would-be", "has stepped down"; what else governs a title says nothing of who bears it."""
        before = list(self.scene.phrase_before(role.start))
        edge = min(before, default=role.start) - 1
        if edge > 0 and self.scene.parse.deps[edge] == "det":
            before.append(edge - 1)  # "once an MP"
        words = {self.scene.parse.words[i].lower() for i in before}
        over = self.scene.words("Ended", "adjective") | self.scene.words("Ended", "adverb")
        gone = role.name in self.scene.words("Ended", "role")  # "his predecessor"
        if gone or words & over or self._leaves(role, holder):
            return Modality.ENDED
        suffix = role.name.split("-")[-1]
        if words & self.scene.words("Prospective", "adjective") or suffix in self.scene.words("Prospective", "suffix"):
            return Modality.PROSPECTIVE
        return Modality.ASSERTED

    def _leaves(self, role: Role, holder: Holder) -> bool:
        """Whether the sentence says that the holder leaves the office: "the chairman, X, resigned"."""
        leaving = self.scene.words("LeavingOffice", "verb")
        for token in {role.head, holder.token}:
            edges = [e for e in self.scene.graph.into.get(token, ()) if e.label in (SUBJECT, OBJECT) and e.hops == 0]
            for verb in (e.head for e in edges):
                objects = [e.tail for e in self.scene.graph.fillers(verb, OBJECT)]
                says = {self.scene.parse.lemmas[verb], verb_phrase(self.scene.parse, verb)} & leaving
                if says and (token in objects or not objects):
                    return modality_of(self.scene.parse, verb, self.scene.cues) is Modality.ASSERTED
        return False

    # ------------------------------------------------------------ of each other

    def _mutual(self, role: Role, relation: Relation) -> Iterator[Finding]:
        """ "X and Y are rivals"."""
        for n, one in enumerate(role.holders if role.plural else ()):
            for other in role.holders[n + 1 :]:
                if one.verb is not None and one.verb == other.verb:
                    yield from self._pairs(role, relation, one, other)

    def _pairs(self, role: Role, relation: Relation, one: Holder, other: Holder) -> Iterator[Finding]:
        for subject in self.scene.cast.who(one.token):
            for obj in self.scene.cast.who(other.token):
                if (
                    subject != obj
                    and self.scene.fits(subject, relation.domain)
                    and self.scene.fits(obj, relation.range)
                ):
                    yield self._held(role, one, subject, relation, (obj, other.token))

    def _met(self, role: Role, relation: Relation) -> Iterator[Finding]:
        """ "X trounced rivals Y and Z": who acts on somebody's rival is the one whose rival that is."""
        for holder in (h for h in role.holders if h.how == "title"):
            edges = [e for e in self.scene.graph.into.get(holder.token, ()) if e.label == OBJECT and e.hops == 0]
            for actor in (a for e in edges for a in self.scene.graph.fillers(e.head, SUBJECT) if a.hops == 0):
                yield from self._pairs(role, relation, holder, Holder(token=actor.tail))
