"""References without a name: "the Belarusian president", "the bloc", "the two leaders", "he", "its"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kg.extract.attribution import Attribution
from kg.extract.cast import Cast, Member
from kg.extract.graph import SUBJECT, ClauseGraph
from kg.extract.modality import Cues
from kg.extract.parse import Parse, conjuncts
from kg.extract.roles import Role
from kg.model import Form, Part
from kg.ontology import Ontology

GENDERS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "f"),
}
FIRST = {"i", "me", "my", "mine", "myself"}
IT, THEY = {"it", "its", "itself"}, {"they", "their", "them"}
BODIES = ("Country", "Organization", "Party", "Place")
OWNING = ("mod", "poss", "p:of", "p:from")
REACH = 3  # sentences that a reference looks back

# What speaks for an antecedent (after Lappin and Leass, 1994; tuned on the development articles).
OFTEN, HELD = 0.1, 1.0  # a mention more; the same role, held nobody says where
AWAY, IS_SUBJECT, OWNS_SUBJECT, IN_HEADLINE, GENDER_KNOWN, NEARER = -1.2, 2.0, 1.5, -1.5, 1.0, 0.001


class References:
    """Lets the nouns and pronouns of one article stand for members of its cast."""

    def __init__(self, parse: Parse, graph: ClauseGraph, cast: Cast, ontology: Ontology, roles: Sequence[Role]) -> None:
        self.parse, self.graph, self.cast = parse, graph, cast
        self.ontology, self.lexicon = ontology, ontology.lexicon
        self.roles = roles
        self.symmetric = {name for name, relation in ontology.relations.items() if relation.symmetric}
        self.role_heads = {role.head: role for role in roles}
        self.titled = {  # members and the sentences that give them a title: there they go by no other body's
            (number, parse.sentence[role.head])
            for role in roles
            for holder in role.holders
            if holder.how == "title"
            for number in cast.who(holder.token)
        }

    def resolve(self) -> None:
        """Nouns, then pronouns in the order of the text, then the nouns that needed a pronoun: "its president"."""
        self._nouns_of_kind()
        self._office_nouns(described=False)
        for token in range(len(self.parse)):
            if token not in self.cast.at:
                self._aged(token)
                self._pronoun(token)
        self._office_nouns(described=True)

    # ------------------------------------------------------------ "the bloc", "the Syriza party"

    def _nouns_of_kind(self) -> None:
        """The noun of a class stands for the name before it, or for the last name of that class."""
        kinds_of = {k: self.lexicon.group(k, "noun") for k in self.ontology.classes}
        for token, lemma in enumerate(self.parse.lemmas):
            kinds = [k for k, nouns in kinds_of.items() if lemma in nouns]
            if kinds and token not in self.cast.at and self.parse.tags[token] == "NN":
                named = self._named_by(token)
                if named is not None and named in self.cast.who(token - 1):
                    self._with_noun(named, token)
                number = named if named is not None else self._last_of_kind(token, kinds)
                if number is None and "Country" in kinds and self._plain(token):
                    number = self.cast.setting
                if number is not None:
                    self.cast.stand(token, (number,), 1)

    def _named_by(self, noun: int) -> int | None:
        """The name right before its noun: "the Syriza party"."""
        start = noun
        while start and self.parse.heads[start - 1] in range(start, noun + 1):
            start -= 1
        if start == noun or not self.cast.who(noun - 1):
            beside = start > 1 and self.parse.words[start - 1] == ","  # "the Baltic Pact, the six-nation bloc"
            numbers = self.cast.who(start - 2) if beside and self.cast.hops.get(start - 2) == 0 else ()
        else:
            numbers = self.cast.who(noun - 1)
        kinds = ("Organization", "Party", "Unknown")
        return next((n for n in numbers if self.cast.members[n].kind in kinds), None)

    def _with_noun(self, number: int, noun: int) -> None:
        """ "The Lelo party" is a form of Lelo."""
        start = next((s for s, end, _ in self.cast.members[number].places if end == noun), None)
        if start is not None:
            self.cast.members[number].forms[self.parse.text(start, noun + 1)] += 1

    def _last_of_kind(self, noun: int, kinds: list[str]) -> int | None:
        if not self._plain(noun):
            return None
        for token in range(noun - 1, self._reach(noun) - 1, -1):
            aside = "Country" in kinds and self.parse.deps[token] in ("compound", "amod", "nmod")  # "US sanctions"
            for number in self.cast.who(token) if self.cast.hops.get(token) == 0 and not aside else ():
                if self._is_of(self.cast.members[number], kinds):
                    return number
        return None

    def _plain(self, noun: int) -> bool:
        """ "The country", without anything that says which."""
        determiner = self.parse.child(noun, "det")
        modifiers = ("amod", "compound", "poss", "relcl", "prep", "nmod", "acl", "appos")
        known = determiner is not None and self.parse.words[determiner].lower() in ("the", "this", "that")
        return known and self.parse.child(noun, *modifiers) is None

    def _is_of(self, member: Member, kinds: list[str]) -> bool:
        return any(
            self.ontology.is_a(member.kind, k) or (member.unlisted and self.ontology.is_a(k, "Place")) for k in kinds
        )

    def _reach(self, token: int) -> int:
        return self.parse.sentences[max(0, self.parse.sentence[token] - REACH)][0]

    # ------------------------------------------------------------ "the Belarusian president"

    def _office_nouns(self, *, described: bool) -> None:
        """A role without a name stands for whoever holds it; if `described`, also for whom the text speaks of."""
        for role in self.roles:
            if role.holders or role.head in self.cast.at or role.plural or self._indefinite(role):
                continue
            bodies = set(self.cast.bodies(role))
            number = self._office_holder(role, bodies)
            if number is None and described and bodies and self._personal(role, bodies):
                number = self._described(role, bodies)
            if number is not None:
                self.cast.members[number].roles += [(role.name, role.relation, body) for body in sorted(bodies)[:1]]
                self.cast.stand(role.head, (number,), 1)
                self.cast.members[number].places.append((role.start, role.end, Form.NOMINAL))

    def _indefinite(self, role: Role) -> bool:
        determiner = self.parse.child(role.head, "det")
        word = self.parse.words[determiner].lower() if determiner is not None else ""
        return word in ("a", "an", "any", "every", "each", "no", "another", "some") or (not word and not role.bodies)

    def _office_holder(self, role: Role, bodies: set[int]) -> int | None:
        """Who holds the role in the bodies; else the last who holds it in none that the article names."""

        def exact(member: Member) -> bool:
            heads = "leaderOf"
            return any(
                b in bodies and (name == role.name or r == role.relation == heads) for name, r, b in member.roles
            )

        def loose(member: Member) -> bool:
            return any(name == role.name for name, _, b in member.roles)

        if found := self._members(exact):
            return self._last_before(role.start, found)
        return None if bodies else self._last_before(role.start, self._members(loose))

    def _personal(self, role: Role, bodies: set[int]) -> bool:
        """Whether a role is a membership or an office of a place; a wrong head of state would be too bad."""
        placed = all(self.ontology.is_a(self.cast.members[n].kind, "Place") for n in bodies)
        return role.relation == "memberOf" or (role.relation == "officialOf" and placed)

    def _described(self, role: Role, bodies: set[int]) -> int | None:
        """ "The Texas senator": the person of whom the text speaks, unless known to hold that role elsewhere."""
        here = self.parse.sentence[role.head]
        determiner = self.parse.child(role.head, "det")
        if determiner is None or self.parse.words[determiner].lower() != "the":
            return None
        scores: dict[int, float] = {}
        for token in range(self._reach(role.start), role.start):
            for number in self.cast.who(token):
                member = self.cast.members[number]
                if member.kind == "Person" and (number, here) not in self.titled and self._free(member, role, bodies):
                    held = any(name == role.name for name, _, _ in member.roles)
                    score = self._score(number, "", token, role.head) + OFTEN * len(member.places) + HELD * held
                    scores[number] = max(scores.get(number, score), score)
        fellows = self._fellows(role.head)
        return max(scores.keys() - fellows, key=lambda n: (scores[n], -n), default=None)

    def _fellows(self, noun: int) -> set[int]:
        """ "The Ruritanian president did not take her call": others of the clause are not meant."""
        verb = self.parse.heads[noun]
        if not self._is_subject(noun):
            return set()
        start, end = self.parse.sentences[self.parse.sentence[noun]]
        inside = (t for t in range(start, end) if t != noun and self._under(t, verb) and not self._under(t, noun))
        return {n for t in inside if self.parse.deps[t] != "nsubj" for n in self.cast.who(t)}

    def _under(self, token: int, head: int) -> bool:
        for _ in range(4):
            if token == head:
                return True
            token = self.parse.heads[token]
        return token == head

    def _free(self, member: Member, role: Role, bodies: set[int]) -> bool:
        """Whether nothing else is known that somebody is: no other office, no other party."""
        held = [(name, body) for name, relation, body in member.roles if relation not in self.symmetric]
        return all(name == role.name and (body is None or body in bodies) for name, body in held)

    def _members(self, fits: Callable[[Member], bool]) -> list[int]:
        return [n for n, member in enumerate(self.cast.members) if fits(member)]

    def _last_before(self, token: int, numbers: Iterable[int]) -> int | None:
        """The one that is mentioned last before `token`, else the one that is mentioned first after it."""

        def distance(number: int) -> tuple[bool, int]:
            starts = [start for start, _, _ in self.cast.members[number].places]
            before = [token - start for start in starts if start < token]
            return (not before, min(before) if before else min(starts, default=0))

        return min(numbers, key=distance, default=None)

    # ------------------------------------------------------------ pronouns and pairs

    def _pronoun(self, token: int) -> None:
        word = self.parse.words[token].lower()
        if word in FIRST and self.parse.quoted[token]:
            self._speaker(token)
            return
        if word in THEY and self._coordination(token):
            return
        if self._means_two(token) and self._pair(token):
            return
        if word in THEY:
            self._plural(token)
        elif self.parse.pos[token] in ("PRON", "DET") and (word in GENDERS or word in IT):
            number = self._antecedent(token, GENDERS.get(word))
            if number is not None:
                member = self.cast.members[number]
                self.cast.stand(token, (number,), 2)
                member.places.append((token, token + 1, Form.PRONOUN))
                member.gender = GENDERS.get(word, member.gender)

    def _speaker(self, token: int) -> None:
        """ "I" in a quote is who speaks it."""
        source = Attribution(self.parse, self.graph, Cues(self.lexicon)).source(token)
        numbers = self.cast.who(source) if source is not None and not self.parse.quoted[source] else ()
        if len(numbers) == 1 and self.cast.members[numbers[0]].kind == "Person":
            self.cast.stand(token, numbers, 2)
            self.cast.members[numbers[0]].places.append((token, token + 1, Form.PRONOUN))

    def _aged(self, token: int) -> None:
        """ "The 54-year-old", "the 54-year-old lawyer": the person whom the text speaks of."""
        words = [word.lower() for word in self.parse.words[token - 5 : token + 1]] if token > 4 else []
        if [*words[:1], *words[2:]] != ["the", "-", "year", "-", "old"]:
            return
        number = self._antecedent(token, "")
        head = self.parse.heads[token] if self.parse.deps[token] == "amod" else token
        if number is not None and head not in self.cast.at:
            self.cast.stand(head, (number,), 2)

    def _means_two(self, token: int) -> bool:
        """ "the two leaders", "both men", "the pair", "they" as a subject."""
        word, lemma, subject = self.parse.words[token].lower(), self.parse.lemmas[token], self.parse.deps[token]
        if word in ("they", "both", "two", "each") and subject in ("nsubj", "nsubjpass"):
            return True
        numbered = any(self.parse.words[c].lower() in ("two", "both") for c in self.parse.children[token])
        nouns = self.lexicon.group("Pair", "noun") | self.lexicon.group("Pair", "body")
        return self.parse.pos[token] == "NOUN" and (lemma in ("pair", "duo") or (numbered and lemma in nouns))

    def _pair(self, token: int) -> bool:
        """The two who were named together last: the nearest sentence that names two."""
        here = self.parse.sentence[token]
        for kinds in self._kinds_of_pair(token):
            for number in range(here, max(-1, here - REACH - 2), -1):
                start, end = self.parse.sentences[number]
                found = self._named(start, min(end, token), kinds)
                if self.parse.pos[token] == "PRON" and len(found) > 2:
                    return False
                if len(found) >= 2:
                    self.cast.stand(token, tuple(found[:2]), 2)
                    return True
        return False

    def _kinds_of_pair(self, token: int) -> tuple[tuple[str, ...], ...]:
        if self.parse.lemmas[token] in self.lexicon.group("Pair", "body"):
            return (BODIES,)
        return (("Person",),) if self.parse.pos[token] == "NOUN" else (("Person",), BODIES)

    def _named(self, start: int, end: int, kinds: tuple[str, ...]) -> list[int]:
        """The members of some kinds that are spoken of between two tokens: the subject, then the others in order."""
        spoken = (t for t in range(start, end) if t in self.cast.hops)
        tokens = sorted(spoken, key=lambda t: (self._reports(t), not self._is_subject(t)))
        return list(dict.fromkeys(n for t in tokens for n in self.cast.at[t] if self.cast.members[n].kind in kinds))

    def _reports(self, token: int) -> bool:
        """Whether a token is who says what the sentence says."""
        verb = self.parse.lemmas[self.parse.heads[self._phrase_head(token)]]
        return self._is_subject(token) and verb in self.lexicon.group("Report", "verb")

    def _coordination(self, pronoun: int) -> bool:
        """ "Estonia and Latvia did not wait: they..." : the conjoined names that the nearest subject before is."""
        first = self.parse.sentences[max(0, self.parse.sentence[pronoun] - 1)][0]
        for token in range(pronoun - 1, first - 1, -1):
            if self.parse.deps[token] in ("nsubj", "nsubjpass"):
                heads = [token, *conjuncts(self.parse, token)]
                numbers = [n for t in heads if self.cast.hops.get(t) == 0 for n in self.cast.who(t)]
                if len(set(numbers)) > 1:
                    self.cast.stand(pronoun, tuple(dict.fromkeys(numbers)), 2)
                    return True
        return False

    def _plural(self, token: int) -> None:
        """ "EU ministers said they...": the country or body that the plural subject before acts for."""
        start, _ = self.parse.sentences[self.parse.sentence[token]]
        plurals = (t for t in range(token - 1, start - 1, -1) if self.parse.tags[t] == "NNS" and self._is_subject(t))
        noun = next(plurals, None)
        if noun is not None and self.parse.lemmas[noun] in self.lexicon.group("Delegate", "plural"):
            owning = [e.tail for e in self.graph.out.get(noun, ()) if e.label in OWNING]
            owners = [n for tail in owning for n in self.cast.who(tail)]
            if owners:
                self.cast.stand(token, (owners[0],), 2)

    def _antecedent(self, pronoun: int, gender: str | None) -> int | None:
        """Who the main clause is about, if that comes after; else the likeliest earlier mention: near, a subject."""
        ahead = self._ahead(pronoun, gender)
        if ahead is not None:
            return ahead
        scores: dict[int, float] = {}
        holders = self._holders(pronoun)
        for token in range(self._reach(pronoun), pronoun):
            for number in self.cast.who(token):
                if number not in holders and self._agrees(number, gender, token, pronoun):
                    score = self._score(number, gender, token, pronoun)
                    scores[number] = max(scores.get(number, score), score)
        return max(scores, key=lambda n: (scores[n], -n), default=None)

    def _ahead(self, pronoun: int, gender: str | None) -> int | None:
        """ "In Rome, where he met X, Y said": a clause before the main one speaks of the subject to come."""
        start, end = self.parse.sentences[self.parse.sentence[pronoun]]
        root = next((t for t in range(start, end) if self.parse.heads[t] == t), start)
        subject = self.parse.child(root, "nsubj", "nsubjpass")
        if not gender or subject is None or subject < pronoun or self.parse.quoted[pronoun]:
            return None
        numbers = self.cast.who(subject) if self.cast.hops.get(subject) == 0 else ()
        fits = [n for n in numbers if self.cast.members[n].kind == "Person"]
        fits = [n for n in fits if self.cast.members[n].gender in (gender, None)]
        return fits[0] if len(numbers) == 1 and fits and self._in_clause(pronoun, root) else None

    def _in_clause(self, token: int, root: int) -> bool:
        """Whether a token stands in a clause that hangs on the main one, or on a phrase of it."""
        found = False
        for _ in range(10):
            found = found or self.parse.deps[token] in ("advcl", "relcl", "pcomp")
            if token == root:
                return found
            token = self.parse.heads[token]
        return False

    def _holders(self, pronoun: int) -> set[int]:
        """ "X is his ally", "X and Y, his partners": who is said to be somebody's is not that somebody."""
        role = self.role_heads.get(self.parse.heads[pronoun]) if self.parse.deps[pronoun] == "poss" else None
        return {n for holder in role.holders for n in self.cast.who(holder.token)} if role else set()

    def _score(self, number: int, gender: str | None, token: int, pronoun: int) -> float:
        score = AWAY * (self.parse.sentence[pronoun] - self.parse.sentence[token]) + NEARER * (
            token - self._reach(pronoun)
        )
        if self._is_subject(token):
            score += IS_SUBJECT
        elif self.parse.deps[token] == "poss" and self._is_subject(self.parse.heads[token]):
            score += OWNS_SUBJECT
        if self.parse.parts[token] is Part.HEADLINE and self.parse.parts[pronoun] is not Part.HEADLINE:
            score += IN_HEADLINE
        return score + GENDER_KNOWN * (bool(gender) and self.cast.members[number].gender == gender)

    def _agrees(self, number: int, gender: str | None, token: int, pronoun: int) -> bool:
        member = self.cast.members[number]
        if self._bound(token, pronoun) or not self._may_own(pronoun, member):
            return False
        if gender is not None:
            return member.kind == "Person" and (not gender or member.gender in (gender, None))
        if member.kind == "Unknown":
            return self._is_subject(token)
        aside = self.parse.deps[token] == "pobj" and member.kind not in ("Organization", "Country", "Party")
        return member.kind != "Person" and not aside

    def _bound(self, token: int, pronoun: int) -> bool:
        """Whether syntax keeps the two apart: "X met him", "his ally X"."""
        token = self._phrase_head(token)
        governor, above = self.parse.heads[pronoun], self.parse.heads[token]
        if self.parse.deps[pronoun] == "poss":
            return self.parse.deps[token] == "appos" and governor == above
        while self.parse.pos[governor] in ("ADP", "NOUN") and self.parse.deps[pronoun] == "pobj":
            if self.parse.heads[governor] == governor:
                break
            governor = self.parse.heads[governor]
        fellow = self.parse.deps[pronoun] in ("dobj", "pobj", "nsubj")
        acts = any(e.label == SUBJECT and e.head == governor for e in self.graph.into.get(token, ()))
        return fellow and (acts or (governor == above and self._is_subject(token)))

    def _may_own(self, pronoun: int, member: Member) -> bool:
        """ "its foreign minister" is a country's, "its chairman" no country's."""
        role = self.role_heads.get(self.parse.heads[pronoun]) if self.parse.deps[pronoun] == "poss" else None
        if role is None or member.kind == "Person":
            return True
        if self.ontology.is_a(member.kind, "Place"):
            return role.name not in self.lexicon.group("BodyOnly", "role")
        return not set(role.name.split()) & self.lexicon.group("State", "office") or "president" in role.name

    def _phrase_head(self, token: int) -> int:
        """The last word of the name or phrase that a token stands in."""
        while self.parse.deps[token] in ("compound", "amod", "nmod"):
            token = self.parse.heads[token]
        return token

    def _is_subject(self, token: int) -> bool:
        token = self._phrase_head(token)
        subject = any(e.label == SUBJECT for e in self.graph.into.get(token, ()))
        return subject or self.parse.deps[token] == "nsubjpass"
