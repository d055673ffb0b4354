"""Findings -> claims: the strongest of each, with its modality, source, date, confidence and sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.attribution import Attribution
from kg.extract.belonging import Belonging
from kg.extract.carried import carried, carrying
from kg.extract.confidence import TEMPLATE
from kg.extract.dates import date_of
from kg.extract.fillers import Fillers
from kg.extract.modality import definite, modality_of
from kg.extract.offices import Offices
from kg.extract.roles import Role
from kg.extract.scene import Finding, Scene
from kg.extract.templates import Match, Matcher
from kg.gazetteer import load_gazetteer
from kg.model import Document, Evidence, LocalClaim, Modality
from kg.ontology import Ontology, Relation

LEAST, MOST = 0.05, 0.99  # confidence


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one article."""

    document: Document
    scene: Scene

    def make(self, roles: Sequence[Role], matcher: Matcher) -> list[LocalClaim]:
        """The claims, subject, object and source being numbers of the cast."""
        return [self._claim(finding) for finding in self.findings(roles, matcher)]

    def findings(self, roles: Sequence[Role], matcher: Matcher) -> list[Finding]:
        """What becomes a claim: of each pair and relation, the strongest."""
        fillers = Fillers(self.scene)
        found = [*Offices(self.scene, fillers).find(roles), *self._matched(matcher, fillers)]
        found += list(Belonging(self.scene, load_gazetteer()).find(found, roles))
        return strongest(found, self.scene.ontology)

    # ------------------------------------------------------------ templates

    def _matched(self, matcher: Matcher, fillers: Fillers) -> Iterator[Finding]:
        found = list(self._findings(matcher.find(self.scene.parse, self.scene.graph, fillers.may_fill), fillers))
        yield from found
        said = frozenset(f.relation for f in found) & carrying(self.scene)
        if said:
            graph = carried(self.scene, found, matcher) or self.scene.graph
            again = matcher.find(self.scene.parse, graph, fillers.may_fill, in_context=said)
            yield from self._findings(again, fillers)

    def _findings(self, matches: Iterable[Match], fillers: Fillers) -> Iterator[Finding]:
        for match in matches:
            relation = self.scene.ontology.relations[match.shape.relation]
            loose = {arc.label for arc in match.shape.arcs} == {"p:from"}  # "X, a banker from the party Y"
            if not match.shape.lemmas and not all(self._named(token, loose=loose) for token in match.tokens):
                continue  # "the leader of the party": no name, and nothing else to hold on to
            spare = self.scene.words(relation.name, "exceptClass") if not match.shape.lemmas else frozenset()
            domain, range_ = (kind or wanted for kind, wanted in zip(match.shape.kinds, _ends(relation), strict=True))
            for subject in fillers.subjects(match.tokens[0], relation):
                for obj in fillers.objects(match.tokens[1], relation):
                    fits = self.scene.fits(subject, domain) and self.scene.fits(obj, range_)
                    if subject != obj and fits and self.scene.member(obj).kind.lower() not in spare:
                        yield self._finding(match, subject, relation, obj)

    def _named(self, token: int, *, loose: bool) -> bool:
        """Whether a token is a name, or the noun right behind one: "the Syriza party"; `loose`: or one beside it."""
        cast, parse = self.scene.cast, self.scene.parse
        behind = token > 0 and cast.hops.get(token - 1) == 0 and cast.who(token) == cast.who(token - 1)
        party = self.scene.member((*cast.who(parse.heads[token]), 0)[0]).kind == "Party"
        his = parse.tags[token] == "PRP$" and party and self._leads(cast.who(token))
        apposed = loose and parse.deps[token] == "appos" and cast.who(token) == cast.who(parse.heads[token])
        return cast.hops.get(token) == 0 or behind or apposed or his

    def _leads(self, numbers: Sequence[int]) -> bool:
        """Whether somebody is known to lead something: "his party" is the one that he leads, too."""
        return any(name == "leaderOf" for n in numbers for _, name, _ in self.scene.member(n).roles)

    def _finding(self, match: Match, subject: int, relation: Relation, obj: int) -> Finding:
        return Finding(
            subject=subject,
            relation=relation.name,
            object=obj,
            token=match.anchor,
            modality=self._modality(match, relation),
            signs=self.scene.signs(TEMPLATE, (subject, obj), match.ends, hops=match.hops),
            pattern=match.shape.template,
            presupposed=self._presupposed(match),
        )

    def _modality(self, match: Match, relation: Relation) -> Modality:
        """What governs the words of the template; beside a verb, a noun adds its own dependants only: "no talks"."""
        start, own = match.shape.modality, frozenset(match.tokens)
        verbs = {t for t in match.tokens[2:] if self.scene.parse.pos[t] in ("VERB", "AUX")}
        each = (
            modality_of(self.scene.parse, token, self.scene.cues, start, own, alone=bool(verbs) and token not in verbs)
            for token in match.tokens[2:]
        )
        modality = next((m for m in each if m is not start), start)
        if not match.shape.lemmas and self._formerly(match):
            return Modality.ENDED
        if modality is Modality.PROSPECTIVE is not start and "contest" in self.scene.words(relation.name, "aspect"):
            return Modality.ASSERTED if any(map(self._announced, verbs)) else modality
        if modality is Modality.ENDED and "event" in self.scene.words(relation.name, "aspect"):
            return Modality.ASSERTED  # what happened does not cease to have happened
        return modality

    def _announced(self, verb: int) -> bool:
        """ "Will face", "is expected to beat": who is to fight already is a rival."""
        parse, above = self.scene.parse, self.scene.parse.heads[verb]
        if parse.lemmas[verb] in self.scene.words("Candidacy", "verb"):
            return False  # "is expected to run against X"
        if parse.deps[verb] == "ccomp" and modality_of(parse, above, self.scene.cues) is not Modality.ASSERTED:
            return False  # "is expected to announce that he will run against X"
        will = any(parse.deps[c] == "aux" and parse.lemmas[c] == "will" for c in parse.children[verb])
        return will or (parse.deps[verb] == "xcomp" and parse.lemmas[above] in self.scene.words("Expecting", "verb"))

    def _formerly(self, match: Match) -> bool:
        """ "X, formerly of Y"."""
        between = range(min(match.ends) + 1, max(match.ends))
        words = {self.scene.parse.words[t].lower() for t in between}
        return bool(words & self.scene.words("Ended", "adverb"))

    def _presupposed(self, match: Match) -> bool:
        """ "The embargo that Russia imposed": a definite noun or a relative clause is the article's own."""
        parse, words = self.scene.parse, match.tokens[2:] or match.tokens
        top = next((t for t in words if parse.heads[t] not in words), match.anchor)
        said = {parse.deps[t] for t in words if parse.heads[t] == top} if parse.pos[top] == "NOUN" else set()
        return definite(parse, match.anchor) or bool((said | {parse.deps[top]}) & {"relcl", "acl"})

    # ------------------------------------------------------------ qualifiers

    def _claim(self, finding: Finding) -> LocalClaim:
        parse, cast = self.scene.parse, self.scene.cast
        attribution, source = (None, None) if finding.presupposed else self._source(finding.token)
        owner = self.scene.member(finding.subject).owner
        ahead = finding.modality is Modality.PROSPECTIVE
        return LocalClaim(
            subject=finding.subject,
            relation=finding.relation,
            object=finding.object,
            modality=finding.modality,
            confidence=round(min(MOST, max(LEAST, finding.sure)), 2),
            evidence=self._evidence(finding.token),
            attribution=attribution,
            source=source,
            date=None if finding.presupposed else date_of(parse, finding.token, self.document.date, ahead=ahead),
            target_group=cast.members[owner].name if owner is not None else None,
            pattern=finding.pattern,
        )

    def _source(self, token: int) -> tuple[str | None, int | None]:
        """Who says it, in words, and the member if it is one; a pronoun that stands for nobody is no source."""
        attribution = Attribution(self.scene.parse, self.scene.graph, self.scene.cues)
        source = attribution.source(token)
        if source is None:
            return None, None
        numbers = self.scene.cast.who(source)
        if numbers:
            return self._called(numbers[0]), numbers[0]
        return (None if self.scene.parse.pos[source] == "PRON" else attribution.describe(source)), None

    def _called(self, number: int) -> str:
        """A source by the name that the text gives it."""
        member = self.scene.member(number)
        if not member.entry or member.name in member.forms:
            return member.name
        forms = [form for form in member.forms if form not in member.entry.adjectives] or list(member.forms)
        return min(forms, key=lambda form: (-member.forms[form], form)).removeprefix("The ").removeprefix("the ")

    def _evidence(self, token: int) -> Evidence:
        first, last = self.scene.parse.sentences[self.scene.parse.sentence[token]]
        start, end = self.scene.parse.starts[first], self.scene.parse.ends[last - 1]
        return Evidence(quote=self.document.text[start:end], start=start, end=end)


def _ends(relation: Relation) -> tuple[str | None, str | None]:
    return relation.domain, relation.range


def strongest(found: Iterable[Finding], ontology: Ontology) -> list[Finding]:
    """One a pair and relation: the strongest, the surest to a tenth, the first; none that a narrower one implies."""
    best: dict[tuple[int, str, int], Finding] = {}
    for finding in found:
        ends = (finding.subject, finding.object)
        ends = (min(ends), max(ends)) if ontology.relations[finding.relation].symmetric else ends
        place = (ends[0], finding.relation, ends[1])
        if place not in best or _rank(finding) < _rank(best[place]):
            best[place] = finding
    implied = {
        (a, above, b)
        for (a, relation, b), finding in best.items()
        for above in ontology.ancestors(relation) - {relation}
        if finding.modality is Modality.ASSERTED
    }
    return [finding for place, finding in best.items() if place not in implied]


def _rank(finding: Finding) -> tuple[int, float, int]:
    return list(Modality).index(finding.modality), -round(finding.sure, 1), finding.token
