"""The ontology and lexicon as Python sees them, and where the packaged data files lie."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BadOntology, UnknownTerm
from kg.model import Modality, Triple

if TYPE_CHECKING:
    import pyoxigraph as ox

NAMESPACE = "https://w3id.org/news-kg/ontology#"
BASE = "https://w3id.org/news-kg/id/"
LEXICON = "https://w3id.org/news-kg/lexicon#"

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

FORMATS = {".ttl": "TURTLE", ".nt": "N_TRIPLES", ".rdf": "RDF_XML", ".owl": "RDF_XML", ".xml": "RDF_XML"}


def resource(kind: str, name: str = "") -> Path:
    """A packaged data file or folder, in an installed wheel or in a checkout.

    >>> resource("ontology", "kg.ttl").name
    'kg.ttl'
    """
    here = Path(__file__).resolve().parent
    folder = next((f for f in (here / kind, here.parents[1] / kind) if f.is_dir()), None)
    path = folder / name if folder else None
    if path is None or not path.exists():
        raise BadOntology(f"{kind}/{name} is missing from this installation; install news-kg again")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class that the ontology declares; `parents` are its direct superclasses of the same ontology."""

    name: str
    iri: str
    label: str
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation that the ontology declares; `parents` are its direct superproperties of the same ontology."""

    name: str
    iri: str
    label: str
    domain: str | None = None
    range: str | None = None
    symmetric: bool = False
    inverse: str | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Template:
    """A wording of a relation: `{subject}` and `{object}` stand for names, `{object:Party}` for one of a class.

    Of a whole sentence given as an `example`, only what joins the two counts; of a wording, every word. One that holds
    `in_context` says the relation only in an article that has said it before, of somebody.
    """

    relation: str
    text: str
    modality: Modality = Modality.ASSERTED
    example: bool = False
    in_context: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """How English says things.

    `roles` maps a noun phrase for the one who stands in a relation ("prime minister") to that relation.
    `words` maps a group and a kind ("Report", "verb") to lemmas in lower case.
    """

    templates: tuple[Template, ...]
    roles: Mapping[str, str]
    words: Mapping[tuple[str, str], frozenset[str]]

    def group(self, name: str, kind: str) -> frozenset[str]:
        """The words of one kind in a group; empty where the lexicon has none."""
        return self.words.get((name, kind), frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontology:
    """Classes, relations and the lexicon, with the files that they came from and a digest of these."""

    classes: Mapping[str, Class]
    relations: Mapping[str, Relation]
    lexicon: Lexicon
    digest: str
    _ancestors: Mapping[str, frozenset[str]] = field(repr=False)
    files: tuple[Path, ...] = ()

    def relation(self, name: str) -> Relation:
        """The relation called `name`: its local name, label, hyphenated form or IRI.

        >>> load_ontology().relation("spoke-with").name
        'spokeWith'

        Raises:
            UnknownTerm: nothing is called that; close spellings are named.
        """
        wanted = _plain(name)
        for relation in self.relations.values():
            if wanted in (_plain(relation.name), _plain(relation.label), _plain(relation.iri)):
                return relation
        claimed = sorted(n for n, r in self.relations.items() if r.domain not in ("Article", "Claim"))
        close = difflib.get_close_matches(name, claimed, n=2)
        meant = f"did you mean {' or '.join(close)}? " if close else ""
        raise UnknownTerm(f"no relation is called {name!r}; {meant}known: {', '.join(claimed)}")

    def iri(self, name: str) -> str:
        """The IRI of a class or relation, or of another term of the `kg:` namespace, by its local name."""
        term = self.classes.get(name) or self.relations.get(name)
        return term.iri if term else str(getattr(KG, name))

    def ancestors(self, name: str) -> frozenset[str]:
        """A class or relation and all that it is below.

        >>> sorted(load_ontology().ancestors("leaderOf"))
        ['affiliatedWith', 'leaderOf', 'officialOf']
        """
        return self._ancestors.get(name, frozenset({name}))

    def is_a(self, kind: str, wanted: str | None) -> bool:
        """Whether an entity of class `kind` may stand where `wanted` is asked for."""
        return wanted is None or wanted in self.ancestors(kind)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9:/#.]", "", name.lower())


class _Namespace:
    """Terms of the `kg:` namespace; a misspelt one raises `AttributeError`."""

    def __getattr__(self, name: str) -> str:
        if name in _declared():
            return NAMESPACE + name
        raise AttributeError(f"kg:{name} is not declared in ontology/kg.ttl")


KG = _Namespace()


@cache
def _declared() -> frozenset[str]:
    subjects = (quad.subject for quad in _parse(resource("ontology", "kg.ttl")))
    return frozenset(s.value.removeprefix(NAMESPACE) for s in subjects if hasattr(s, "value"))


def _parse(path: Path) -> list[ox.Quad]:
    import pyoxigraph as ox

    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise BadOntology(f"{path}: not an ontology file; use one of {', '.join(FORMATS)}")
    try:
        return list(ox.parse(path.read_bytes(), format=getattr(ox.RdfFormat, kind), rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise BadOntology(f"{path}: {error}") from error
    except OSError as error:
        raise BadOntology(f"{path}: {error.strerror}") from error


def statements(files: Iterable[Path]) -> Iterator[Triple]:
    """All that some files say, axioms included, in N-Triples syntax; no two of them share a blank node.

    >>> any(triple.subject == f"<{NAMESPACE}leaderOf>" for triple in statements(load_ontology().files))
    True
    """
    for path in files:
        for quad in _parse(path):
            yield Triple(str(quad.subject), str(quad.predicate), str(quad.object))


class _Statements:
    """The triples of some files, looked up by subject and predicate."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.values: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in quads:
            s, p, o = (str(getattr(t, "value", t)) for t in (quad.subject, quad.predicate, quad.object))
            self.values[s, p].append(o)
            self.subjects[p, o].append(s)

    def one(self, subject: str, predicate: str) -> str | None:
        return min(self.values.get((subject, predicate), ()), default=None)

    def instances(self, kind: str) -> list[str]:
        found = set(self.subjects.get((RDF + "type", kind), ()))
        return sorted(s for s in found if s.startswith(("http:", "https:", "urn:")))

    def is_a(self, subject: str, kind: str) -> bool:
        return kind in self.values.get((subject, RDF + "type"), ())


def load_ontology(paths: Sequence[Path] = (), *, worded: bool = True) -> Ontology:
    """The packaged ontology and lexicon, or the given files in their place.

    A file of one's own that says `owl:imports <https://w3id.org/news-kg/ontology>` adds to the packaged relations;
    one that does not replaces them. What is English itself (`english.ttl`) and the classes are always there. Without
    `worded`, axioms alone will do: nothing is to be found in texts.

    >>> load_ontology().relation("leader of").domain
    'Person'

    Raises:
        BadOntology: a file is missing, does not parse, or says nothing that can be used.
    """
    return _load(tuple(Path(p) for p in paths), worded)


@cache
def _load(paths: tuple[Path, ...], worded: bool) -> Ontology:
    core, english = resource("ontology", "kg.ttl"), resource("ontology", "english.ttl")
    own = [quad for path in paths for quad in _parse(path)]
    files = [core, english, *paths]
    imported = not paths or any(getattr(q.object, "value", "") == NAMESPACE.rstrip("#") for q in own)
    if imported:
        files.append(resource("ontology", "lexicon.ttl"))
    statements = _Statements(quad for path in files for quad in _parse(path))
    relations = {r.name: r for r in _relations(statements)}
    used = set(relations) if imported else {r.name for r in _relations(_Statements(own))} | _spoken(_Statements(own))
    lexicon = _lexicon(statements, {name: relations[name] for name in used if name in relations})
    if worded and not (lexicon.templates or lexicon.roles):
        raise BadOntology(f"{', '.join(map(str, paths))}: no relation has a lex:template or a lex:role")
    classes = {c.name: c for c in _classes(statements)}
    sha = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
    terms: list[Class | Relation] = [*classes.values(), *relations.values()]
    parents = {term.name: term.parents for term in terms}
    ancestors = {name: frozenset(_closure(name, parents)) for name in parents}
    return Ontology(
        classes=classes, relations=relations, lexicon=lexicon, digest=sha, _ancestors=ancestors, files=tuple(files)
    )


def _closure(name: str, parents: Mapping[str, tuple[str, ...]], seen: tuple[str, ...] = ()) -> Iterator[str]:
    yield name
    for parent in parents.get(name, ()):
        if parent not in seen:
            yield from _closure(parent, parents, (*seen, name))


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _classes(statements: _Statements) -> Iterator[Class]:
    iris = statements.instances(OWL + "Class")
    for iri in iris:
        above = statements.values.get((iri, RDFS + "subClassOf"), ())
        yield Class(
            name=_local(iri),
            iri=iri,
            label=statements.one(iri, RDFS + "label") or _local(iri),
            parents=tuple(sorted(_local(p) for p in above if p in iris)),
        )


def _relations(statements: _Statements) -> Iterator[Relation]:
    iris = statements.instances(OWL + "ObjectProperty")
    inverses = {o: s for s in iris for o in statements.values.get((s, OWL + "inverseOf"), ())}
    for iri in iris:
        above = statements.values.get((iri, RDFS + "subPropertyOf"), ())
        inverse = statements.one(iri, OWL + "inverseOf") or inverses.get(iri)
        domain, range_ = (statements.one(iri, RDFS + end) for end in ("domain", "range"))
        yield Relation(
            name=_local(iri),
            iri=iri,
            label=statements.one(iri, RDFS + "label") or _words(_local(iri)),
            domain=_local(domain) if domain else None,
            range=_local(range_) if range_ else None,
            symmetric=statements.is_a(iri, OWL + "SymmetricProperty"),
            inverse=_local(inverse) if inverse else None,
            parents=tuple(sorted(_local(p) for p in above if p in iris)),
        )


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


PROPERTIES = {  # the modality that a template states by the property it is given with
    "template": Modality.ASSERTED,
    "example": Modality.ASSERTED,
    "inContext": Modality.ASSERTED,
    "ended": Modality.ENDED,
    "prospective": Modality.PROSPECTIVE,
    "denied": Modality.DENIED,
}


def _spoken(statements: _Statements) -> set[str]:
    said = {LEXICON + name for name in (*PROPERTIES, "role")}
    return {_local(subject) for subject, predicate in statements.values if predicate in said}


def _lexicon(statements: _Statements, relations: Mapping[str, Relation]) -> Lexicon:
    templates = sorted(
        Template(
            relation=relation.name,
            text=text,
            modality=modality,
            example=name == "example",
            in_context=name == "inContext",
        )
        for relation in relations.values()
        for name, modality in PROPERTIES.items()
        for text in statements.values.get((relation.iri, LEXICON + name), ())
    )
    for template in templates:
        if not all(re.search(rf"\{{{place}(:\w+)?\}}", template.text) for place in ("subject", "object")):
            raise BadOntology(f"{template.relation}: {template.text!r} needs both {{subject}} and {{object}}")
    roles = {
        role.lower(): relation.name
        for relation in relations.values()
        for role in statements.values.get((relation.iri, LEXICON + "role"), ())
    }
    words = {
        (_local(subject), _local(predicate)): frozenset(w.lower() for w in values)
        for (subject, predicate), values in statements.values.items()
        if predicate.startswith(LEXICON)
    }
    return Lexicon(templates=tuple(templates), roles=roles, words=words)
