"""`Doc` -> `Record`: what one article says, claim by claim.

parse        the article as plain lists
graph        clause graph: who does what to whom, whatever the construction
names        where something is named, and of what kind
roles        "Lithuania's minister of foreign affairs": holder and body
cast         which names are one entity (naming compares them)
reference    "the Belarusian president", "the bloc", "he": which entity is meant
templates    the wordings of the lexicon, found in the clause graph (compiled keeps their shapes)
scene        all of this together, and what a finding is
confidence   how likely a finding is right
offices, belonging, fillers   roles, party adjectives and template matches -> findings
claims       findings -> claims, with
modality     fact, over, planned or untrue
attribution  whose words
dates        which day
record       the result
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.cast import Casting
from kg.extract.claims import Claims
from kg.extract.compiled import compiled
from kg.extract.confidence import load_weights
from kg.extract.graph import clause_graph
from kg.extract.names import NameFinder
from kg.extract.parse import Parse, read_parse
from kg.extract.record import make_record
from kg.extract.reference import References
from kg.extract.roles import Role, Roles
from kg.extract.scene import Scene
from kg.extract.templates import Matcher
from kg.gazetteer import load_gazetteer
from kg.model import Document, Record
from kg.ontology import Ontology, Template

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["Extractor", "fingerprint"]


class Extractor:
    """Extraction by one ontology with one spaCy pipeline; loading compiles the lexicon's templates.

    >>> from kg.annotate import load_model
    >>> from kg.ontology import load_ontology
    >>> extractor = Extractor(load_ontology(), load_model())
    >>> len(extractor.unusable) < len(extractor.matcher)
    True
    """

    def __init__(self, ontology: Ontology, nlp: Language) -> None:
        self.ontology, self.nlp = ontology, nlp
        self.names = NameFinder(load_gazetteer(), ontology.lexicon)
        self.roles = Roles(ontology)
        model = f"{nlp.meta['name']}-{nlp.meta['version']}"
        result = compiled(ontology.lexicon.templates, model, self._parses)
        self.matcher = Matcher(result.shapes)
        self.unusable: tuple[Template, ...] = result.unusable

    def _parses(self, sentences: Iterable[str]) -> Iterator[Parse]:
        for doc in self.nlp.pipe(sentences, disable=["ner"], batch_size=256):
            yield read_parse(doc)

    def extract(self, document: Document, doc: Doc) -> Record:
        """The entities, mentions and claims of one article; `doc` is what `annotate` made of it."""
        claims, roles = self.claims(document, doc)
        scene = claims.scene
        return make_record(document, scene.parse, scene.cast, claims.make(roles, self.matcher))

    def claims(self, document: Document, doc: Doc) -> tuple[Claims, list[Role]]:
        """All that is known of an article before its claims are made, and the roles in it."""
        parse = read_parse(doc)
        graph = clause_graph(parse)
        phrases = self.roles.phrases(parse)
        names = self.names.find(parse, frozenset(i for role in phrases for i in range(role.start, role.end)))
        roles = self.roles.attach(parse, graph, names, phrases)
        cast = Casting(parse, graph, load_gazetteer(), self.ontology).run(names, roles)
        References(parse, graph, cast, self.ontology, roles).resolve()
        return Claims(document, Scene(parse, graph, cast, self.ontology)), roles


@cache
def _code() -> str:
    here = Path(__file__).parent
    sources = [
        *sorted(here.glob("*.py")),
        *(here.parent / f"{name}.py" for name in ("annotate", "gazetteer", "ontology")),
    ]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def fingerprint(ontology: Ontology, model: str) -> str:
    """What the records depend on beside the articles: this code, ontology, gazetteer, weights, model."""
    parts = (_code(), ontology.digest, load_gazetteer().digest, load_weights().digest, model)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
