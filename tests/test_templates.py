"""The lexicon's wordings: how they unfold, what the parser makes of them, and a user's own relations without Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from conftest import article

from kg.annotate import annotate, load_model
from kg.errors import BadOntology
from kg.extract import Extractor
from kg.extract.graph import clause_graph
from kg.extract.parse import Parse, read_parse
from kg.extract.templates import Matcher, Shape, compile_templates, expand
from kg.model import Modality
from kg.ontology import Template, load_ontology

MET = Template(relation="metWith", text="{subject} met {object}")


def parses(sentences: Iterable[str]) -> Iterator[Parse]:
    """The parses of sentences with the pipeline of the articles."""
    return (read_parse(doc) for doc in load_model().pipe(sentences))


def compiled(*templates: Template) -> tuple[list[Shape], list[Template]]:
    """The shapes of templates, and the wordings that cannot be used."""
    return compile_templates(templates, parses)


@pytest.mark.parametrize(
    ("template", "wordings"),
    [
        ("{subject} met {object}", ["{subject} met {object}"]),
        ("{subject} (met|saw) {object}", ["{subject} met {object}", "{subject} saw {object}"]),
        (
            "{subject} (met|saw) {object} in (town|court)",
            [
                "{subject} met {object} in town",
                "{subject} met {object} in court",
                "{subject} saw {object} in town",
                "{subject} saw {object} in court",
            ],
        ),
        ("{subject} (met|met  up) with {object}", ["{subject} met with {object}", "{subject} met up with {object}"]),
        ("{subject} (warmly |)greeted {object}", ["{subject} warmly greeted {object}", "{subject} greeted {object}"]),
        ("{subject} (thanked) {object}", ["{subject} thanked {object}"]),
    ],
)
def test_expand(template: str, wordings: list[str]) -> None:
    """Alternatives in brackets unfold in their order."""
    assert expand(template) == wordings


def test_compile() -> None:
    """A template becomes a shape: its word, joined to subject and object."""
    (shape,), unusable = compiled(MET)
    assert unusable == []
    assert shape.lemmas == ("meet",)
    assert set(shape.arcs) == {(2, "subj", 0), (2, "obj", 1)}
    assert (shape.relation, shape.modality, shape.template) == ("metWith", Modality.ASSERTED, "{subject} met {object}")


def test_wordings_of_one_shape() -> None:
    """Wordings with the same words in the same places are one shape; modality keeps shapes apart."""
    again = Template(relation="metWith", text="{subject} meets {object}")
    denied = Template(relation="metWith", text="{subject} met {object}", modality=Modality.DENIED)
    assert len(compiled(MET, again)[0]) == 1
    assert len(compiled(MET, denied)[0]) == 2


def test_unusable_template_is_reported() -> None:
    """A wording whose parts do not hang together is handed back by name, and spoils no other."""
    broken = Template(relation="metWith", text="{subject} . Tuesday ; {object}")
    shapes, unusable = compiled(broken, MET)
    assert unusable == [broken]
    assert [shape.template for shape in shapes] == [MET.text]


def test_packaged_templates_are_usable(extractor: Extractor) -> None:
    """Hardly one wording in a hundred of the packaged lexicon is lost on the parser."""
    wordings = [wording for template in extractor.ontology.lexicon.templates for wording in expand(template.text)]
    assert len(extractor.unusable) <= 0.02 * len(wordings), extractor.unusable


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna met Peter.",
        "Anna has often met Peter.",
        "Peter was met by Anna.",
        "Anna, who met Peter, is here.",
        "Anna sang and met Peter.",
        "Anna hoped to meet Peter.",
        "Meeting Peter, Anna laughed.",
    ],
)
def test_one_template_many_constructions(sentence: str) -> None:
    """A template given once, in the active past, is found in the other constructions."""
    shapes, _ = compiled(MET)
    (parse,) = parses([sentence])
    found = Matcher(shapes).find(parse, clause_graph(parse), lambda token: parse.words[token] in ("Anna", "Peter"))
    assert [(parse.words[m.tokens[0]], parse.words[m.tokens[1]]) for m in found] == [("Anna", "Peter")]


@pytest.mark.parametrize("sentence", ["Anna saw Peter.", "Peter slept.", "Anna met her sister and Peter slept."])
def test_template_does_not_match(sentence: str) -> None:
    """Other verbs and other places do not match."""
    shapes, _ = compiled(MET)
    (parse,) = parses([sentence])
    assert not list(
        Matcher(shapes).find(parse, clause_graph(parse), lambda token: parse.words[token] in ("Anna", "Peter"))
    )


def test_verb_without_object_takes_none() -> None:
    """ "ran against X" is not found in "ran adverts against X"."""
    shapes, _ = compiled(Template(relation="rivalOf", text="{subject} ran against {object}"))
    ran, adverts = parses(["Anna ran against Peter.", "Anna ran adverts against Peter."])

    def ends(parse: Parse) -> Callable[[int], bool]:
        return lambda token: parse.words[token] in ("Anna", "Peter")

    assert len(list(Matcher(shapes).find(ran, clause_graph(ran), ends(ran)))) == 1
    assert not list(Matcher(shapes).find(adverts, clause_graph(adverts), ends(adverts)))


OWN = """
@prefix : <https://example.org/press#> .
@prefix lex: <https://w3id.org/news-kg/lexicon#> .
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:sued a owl:ObjectProperty ; rdfs:label "sued"@en ; rdfs:domain kg:Agent ; rdfs:range kg:Agent ;
    lex:template "{subject} sued {object}", "{subject} took {object} to court" ;
    lex:denied "{subject} dropped a lawsuit against {object}" .

:marriedTo a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:label "married to"@en ;
    rdfs:domain kg:Person ; rdfs:range kg:Person ;
    lex:template "{subject} married {object}" ;
    lex:role "husband", "wife" .
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    """An extractor of a user's own two relations."""
    path = tmp_path_factory.mktemp("own") / "press.ttl"
    path.write_text(OWN, encoding="utf-8")
    return Extractor(load_ontology([path]), load_model())


def told(extractor: Extractor, sentence: str) -> set[tuple[str, str, str, str]]:
    """What a sentence claims by an extractor's ontology."""
    ((document, doc),) = annotate([article(sentence)])
    record = extractor.extract(document, doc)
    name = [entity.name for entity in record.entities]
    return {(name[c.subject], c.relation, name[c.object], c.modality) for c in record.claims}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Anna Novak sued Peter Lang.", {("Anna Novak", "sued", "Peter Lang", "asserted")}),
        ("Peter Lang was sued by Anna Novak.", {("Anna Novak", "sued", "Peter Lang", "asserted")}),
        ("Anna Novak took Apple to court.", {("Anna Novak", "sued", "Apple", "asserted")}),
        ("Anna Novak may sue Apple.", {("Anna Novak", "sued", "Apple", "prospective")}),
        ("Anna Novak dropped a lawsuit against Apple.", {("Anna Novak", "sued", "Apple", "denied")}),
        ("Anna Novak married Peter Lang.", {("Anna Novak", "marriedTo", "Peter Lang", "asserted")}),
        ("Anna Novak, Peter Lang's wife, laughed.", {("Anna Novak", "marriedTo", "Peter Lang", "asserted")}),
        ("Anna Novak married Germany.", set()),  # the range is a person
        ("Anna Novak met Peter Lang.", set()),  # the packaged relations are not imported
        ("Emmanuel Macron is the president of France.", set()),
    ],
)
def test_own_relations(own: Extractor, sentence: str, expected: set[tuple[str, str, str, str]]) -> None:
    """A relation that a user writes down in Turtle is extracted as the packaged ones are."""
    assert own.unusable == ()
    assert told(own, sentence) == expected


@pytest.mark.parametrize("wording", ["{subject} slept", "{object} slept", "nobody slept"])
def test_template_without_a_place(tmp_path: Path, wording: str) -> None:
    """A template that lacks one of its places is refused with its wording."""
    path = tmp_path / "own.ttl"
    path.write_text(OWN.replace("{subject} married {object}", wording), encoding="utf-8")
    with pytest.raises(BadOntology, match=r"marriedTo: .* needs both"):
        load_ontology([path])
