"""Relations that a user adds with Turtle and plain sentences: how well they are found, and what `kg build` does.

The relations stand in `data/own_ontology.ttl`, five wordings each. The sentences below were written without regard to
what the extractor makes of them; they are scored as the annotation guidelines have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import article
from test_cli import kg

from kg.annotate import annotate, load_model
from kg.evaluate import End, Evaluation, Statement, evaluate, rendered
from kg.extract import Extractor
from kg.model import Modality
from kg.ontology import load_ontology
from kg.store import open_graph

OWN = Path(__file__).parent / "data" / "own_ontology.ttl"
EXAMPLES = OWN.with_name("own_examples.ttl")  # whole sentences instead of wordings
RELATIONS = ("arrestedBy", "endorsed", "visited")
WORDINGS = 5  # of each

PLANNED, DENIED, ENDED = Modality.PROSPECTIVE, Modality.DENIED, Modality.ENDED

Claim = tuple[str, str, str, Modality]


def arrested(subject: str, object_: str, modality: Modality = Modality.ASSERTED) -> Claim:
    """The subject was arrested by the object; a fact if no modality is given."""
    return (subject, "arrestedBy", object_, modality)


def visited(subject: str, object_: str, modality: Modality = Modality.ASSERTED) -> Claim:
    """The subject visited the object."""
    return (subject, "visited", object_, modality)


def endorsed(subject: str, object_: str, modality: Modality = Modality.ASSERTED) -> Claim:
    """The subject endorsed the object."""
    return (subject, "endorsed", object_, modality)


TABLE: list[tuple[str, list[Claim]]] = [
    # ------------------------------------------------------------ arrests
    (
        "The FBI arrested Marcus Doyle at his home outside Boston early on Friday.",
        [arrested("Marcus Doyle", "FBI")],
    ),
    (
        "Marcus Doyle was arrested by the FBI, which had followed him for weeks.",
        [arrested("Marcus Doyle", "FBI")],
    ),
    (
        "Turkish police detained Selim Arslan as he left a bookshop in Izmir.",
        [arrested("Selim Arslan", "Turkey")],
    ),
    (
        "Elena Markova, who was arrested by the Federal Security Service in March, has begun a hunger strike.",
        [arrested("Elena Markova", "Federal Security Service")],
    ),
    (
        "The FBI took Daniel Reyes and his brother Luis Reyes into custody after a chase.",
        [arrested("Daniel Reyes", "FBI"), arrested("Luis Reyes", "FBI")],
    ),
    (
        "Hamas has detained Omar Khalil and Yusuf Nasser, two of its former treasurers.",
        [arrested("Omar Khalil", "Hamas"), arrested("Yusuf Nasser", "Hamas")],
    ),
    (
        "Israel detained the lawyer Rania Haddad for the third time in a year.",
        [arrested("Rania Haddad", "Israel")],
    ),
    (
        "Israel has not arrested Rania Haddad, the army said on Sunday.",
        [arrested("Rania Haddad", "Israel", DENIED)],
    ),
    (
        "The FBI may arrest Thomas Whitfield once the indictment is unsealed.",
        [arrested("Thomas Whitfield", "FBI", PLANNED)],
    ),
    (
        "Iran threatened to arrest Anna Lindqvist if she returned to the country.",
        [arrested("Anna Lindqvist", "Iran", PLANNED)],
    ),
    (
        "China denied that it had detained Robert Hale.",
        [arrested("Robert Hale", "China", DENIED)],
    ),
    (
        "Peter Weiss has been detained by Russia since February, according to his wife.",
        [arrested("Peter Weiss", "Russia")],
    ),
    (
        "The arrest of Julia Brandt by Belarus drew protests in three capitals.",
        [arrested("Julia Brandt", "Belarus")],
    ),
    (
        "Belarus's arrest of Julia Brandt drew protests in three capitals.",
        [arrested("Julia Brandt", "Belarus")],
    ),
    (
        "Ramon Ortega and Lucia Ortega, arrested by Nicaragua last summer, were put on a plane on Thursday.",
        [arrested("Ramon Ortega", "Nicaragua"), arrested("Lucia Ortega", "Nicaragua")],
    ),
    (
        "The FBI, having arrested Kevin Marsh in 2019, let him go for lack of evidence.",
        [arrested("Kevin Marsh", "FBI")],
    ),
    (
        "Ukraine said that it had arrested Oleh Savchuk in the port of Odesa.",
        [arrested("Oleh Savchuk", "Ukraine")],
    ),
    (
        "Ivan Petrenko was picked up by the FBI as he changed planes in Chicago.",
        [arrested("Ivan Petrenko", "FBI")],
    ),
    (
        "Alexei Sokolov was detained by Kazakhstan on Tuesday, his lawyer told reporters.",
        [arrested("Alexei Sokolov", "Kazakhstan")],
    ),
    (
        "Human Rights Watch says Bahrain arrested Nabil Hamad over a message of two lines.",
        [arrested("Nabil Hamad", "Bahrain")],
    ),
    (
        "Had the FBI arrested Joseph Crane sooner, the second robbery would not have happened.",
        [arrested("Joseph Crane", "FBI", DENIED)],
    ),
    (
        "Greek police rounded up Nikos Pappas and a dozen other dockers.",
        [arrested("Nikos Pappas", "Greece")],
    ),
    ("Amnesty International called on Egypt to release Karim Fathy.", []),
    ("Karim Fathy called the arrest of his brother an outrage.", []),
    ("Viktor Dragan was arrested at dawn on Monday.", []),
    ("Marcus Doyle arrested the decline of the Labour Party, his admirers say.", []),
    ("The FBI picked up signals from a ship off Cuba.", []),
    # ------------------------------------------------------------ visits
    (
        "Ingrid Solheim visited Ankara on Saturday for talks about the harbour.",
        [visited("Ingrid Solheim", "Ankara")],
    ),
    (
        "Ingrid Solheim will visit Kyiv and Warsaw next week.",
        [visited("Ingrid Solheim", "Kyiv", PLANNED), visited("Ingrid Solheim", "Warsaw", PLANNED)],
    ),
    (
        "Kyiv was visited by Katrin Vogel three times in the first year of the war.",
        [visited("Katrin Vogel", "Kyiv")],
    ),
    (
        "Henri Laurent arrived in Beirut two days after the blast and walked through the ruins.",
        [visited("Henri Laurent", "Beirut")],
    ),
    (
        "Walter Briggs, who travelled to Baghdad without notice, met soldiers there.",
        [visited("Walter Briggs", "Baghdad")],
    ),
    (
        "Having visited Seoul, Andrew Collins returned home on Friday.",
        [visited("Andrew Collins", "Seoul")],
    ),
    (
        "Bishop Paolo Ricci paid a visit to Lampedusa, his first to the island.",
        [visited("Paolo Ricci", "Lampedusa")],
    ),
    (
        "Paolo Ricci's visit to Iraq was the first by a bishop in a decade.",
        [visited("Paolo Ricci", "Iraq")],
    ),
    (
        "Nora Palmer's planned visit to Taiwan angered Beijing.",
        [visited("Nora Palmer", "Taiwan", PLANNED)],
    ),
    (
        "Nora Palmer called off her visit to Taiwan after she fell ill.",
        [visited("Nora Palmer", "Taiwan", DENIED)],
    ),
    (
        "Sanjay Rao has never visited Karachi.",
        [visited("Sanjay Rao", "Karachi", DENIED)],
    ),
    (
        "Edward Finch and Helen Ward visited Kabul under heavy guard.",
        [visited("Edward Finch", "Kabul"), visited("Helen Ward", "Kabul")],
    ),
    (
        "Laszlo Kovacs visited Kyiv, Moscow and Beijing within ten days.",
        [visited("Laszlo Kovacs", "Kyiv"), visited("Laszlo Kovacs", "Moscow"), visited("Laszlo Kovacs", "Beijing")],
    ),
    (
        "Julien Tremblay may visit Warsaw before the summit, two officials said.",
        [visited("Julien Tremblay", "Warsaw", PLANNED)],
    ),
    (
        "Priya Sharma wants to visit Delhi in the autumn.",
        [visited("Priya Sharma", "Delhi", PLANNED)],
    ),
    (
        "Li Wei refused to visit Canberra while the inquiry went on.",
        [visited("Li Wei", "Canberra", DENIED)],
    ),
    (
        "The Kremlin denied that Dmitri Orlov had visited Mariupol.",
        [visited("Dmitri Orlov", "Mariupol", DENIED)],
    ),
    (
        "According to the state news agency, Dmitri Orlov travelled to Vladivostok by armoured train.",
        [visited("Dmitri Orlov", "Vladivostok")],
    ),
    (
        "Faisal Rahman arrived in Ankara on Wednesday and was greeted by an honour guard.",
        [visited("Faisal Rahman", "Ankara")],
    ),
    (
        "Otto Schreiber said he had visited Kigali as a student.",
        [visited("Otto Schreiber", "Kigali")],
    ),
    (
        "After visiting Riyadh, James Cole defended the trip in a long interview.",
        [visited("James Cole", "Riyadh")],
    ),
    (
        "It was Katrin Vogel who visited Bucha first.",
        [visited("Katrin Vogel", "Bucha")],
    ),
    (
        "Sergei Volkov flew to Pretoria on Sunday evening.",
        [visited("Sergei Volkov", "Pretoria")],
    ),
    (
        "Tom Evans, who visited Minsk in May and was detained by Belarus in June, is back at work.",
        [visited("Tom Evans", "Minsk"), arrested("Tom Evans", "Belarus")],
    ),
    ("Vera Kalina visited Anna Keller in hospital on Sunday.", []),
    ("Tourists visited Venice in record numbers last year.", []),
    ("Giulia Moretti visited a factory near Turin.", []),
    ("Jan Nilsson spoke by phone with the mayor of Kharkiv.", []),
    ("Letters from Lisbon arrived in Brussels on Monday.", []),
    # ------------------------------------------------------------ endorsements
    (
        "Benjamin Stone endorsed Helen Marsh in a school gym in New Hampshire.",
        [endorsed("Benjamin Stone", "Helen Marsh")],
    ),
    (
        "Helen Marsh was endorsed by Benjamin Stone and Emily Warner.",
        [endorsed("Benjamin Stone", "Helen Marsh"), endorsed("Emily Warner", "Helen Marsh")],
    ),
    (
        "Mitchell Rowe, endorsed by David Trask in 2012, did not return the favour.",
        [endorsed("David Trask", "Mitchell Rowe")],
    ),
    (
        "Brian Oakley threw his support behind Joan Baxter in a video message.",
        [endorsed("Brian Oakley", "Joan Baxter")],
    ),
    (
        "Joan Baxter won the endorsement of the United Auto Workers on Wednesday.",
        [endorsed("United Auto Workers", "Joan Baxter")],
    ),
    (
        "Michael Bloom's endorsement of Joan Baxter came a day after he left the race.",
        [endorsed("Michael Bloom", "Joan Baxter")],
    ),
    (
        "Jeffrey Bishop has refused to endorse David Trask.",
        [endorsed("Jeffrey Bishop", "David Trask", DENIED)],
    ),
    (
        "Chris Calloway is expected to endorse Nina Hayward before the primary.",
        [endorsed("Chris Calloway", "Nina Hayward", PLANNED)],
    ),
    (
        "The AFL-CIO, which backed Albert Grant in 2000, has yet to pick a candidate.",
        [endorsed("AFL-CIO", "Albert Grant")],
    ),
    (
        "Sinn Fein denied backing Martin Kelly.",
        [endorsed("Sinn Fein", "Martin Kelly", DENIED)],
    ),
    (
        "Marie Leclerc said she would back Julien Bernard.",
        [endorsed("Marie Leclerc", "Julien Bernard", PLANNED)],
    ),
    (
        "The Green Party and the Left Party backed Katja Wolf in the run-off.",
        [endorsed("Green Party", "Katja Wolf"), endorsed("Left Party", "Katja Wolf")],
    ),
    (
        "Anthony Blake no longer backs Keith Sterling, he told a podcast.",
        [endorsed("Anthony Blake", "Keith Sterling", ENDED)],
    ),
    (
        "Terry Crane praised John Corbin but stopped short of endorsing him.",
        [endorsed("Terry Crane", "John Corbin", DENIED)],
    ),
    (
        "Colin Porter endorsed Barry Owens in 2008 and backed Helen Marsh eight years later.",
        [endorsed("Colin Porter", "Barry Owens"), endorsed("Colin Porter", "Helen Marsh")],
    ),
    (
        "David Trask has been endorsed by the National Rifle Association at every election since 2016.",
        [endorsed("National Rifle Association", "David Trask")],
    ),
    ("Marco Ruiz has not yet endorsed anyone.", []),
    ("The council endorsed a plan to widen the road to Leeds.", []),
    ("Terry Crane backed the bill that John Corbin had written.", []),
    ("Without naming Jair Moraes, Silas Pereira endorsed the march.", []),
    ("Alan Salter urged voters to stay at home on the day of the vote in Scotland.", []),
]


@pytest.fixture(scope="module")
def own() -> Extractor:
    """An extractor of the packaged relations and the user's three."""
    return Extractor(load_ontology([OWN]), load_model())


@pytest.fixture(scope="module")
def evaluation(own: Extractor) -> Evaluation:
    """The table, held against what is found by wordings."""
    return held_against(own)


@pytest.fixture(scope="module")
def by_examples() -> Evaluation:
    """The table, held against what is found by whole sentences given as examples."""
    return held_against(Extractor(load_ontology([EXAMPLES]), load_model()))


def held_against(own: Extractor) -> Evaluation:
    """The evaluation of the table; each sentence is an article."""
    gold = {sentence: [expected(sentence, claim) for claim in claims] for sentence, claims in TABLE}
    predicted = (found for sentence in gold for found in told(own, sentence))
    return evaluate(gold, predicted, symmetric=())


def expected(sentence: str, claim: Claim) -> Statement:
    """A claim of the table."""
    subject, relation, object_, modality = claim
    return Statement(
        article=sentence,
        subject=End.of(subject),
        relation=relation,
        object=End.of(object_),
        modality=modality,
        evidence=sentence,
    )


def told(extractor: Extractor, sentence: str) -> Iterator[Statement]:
    """What the extractor finds in a sentence."""
    ((document, doc),) = annotate([article(sentence)])
    record = extractor.extract(document, doc)
    for claim in record.claims:
        subject, object_ = record.entities[claim.subject], record.entities[claim.object]
        yield Statement(
            article=sentence,
            subject=End.of(subject.name, subject.aliases),
            relation=claim.relation,
            object=End.of(object_.name, object_.aliases),
            modality=claim.modality,
            confidence=claim.confidence,
            evidence=sentence,
        )


def test_the_table_is_broad_enough() -> None:
    """Each relation has its five wordings, and the table enough claims of every kind."""
    templates = load_ontology([OWN]).lexicon.templates
    assert {name: sum(t.relation == name for t in templates) for name in RELATIONS} == dict.fromkeys(
        RELATIONS, WORDINGS
    )
    modalities = [expected(sentence, claim).modality for sentence, claims in TABLE for claim in claims]
    assert len({sentence for sentence, _ in TABLE}) == len(TABLE) >= 45
    assert sum(not claims for _, claims in TABLE) >= 10
    assert modalities.count(Modality.ASSERTED) >= 45
    assert modalities.count(PLANNED) >= 8
    assert modalities.count(DENIED) >= 8


def test_every_wording_is_usable(own: Extractor) -> None:
    """The parser can use all fifteen."""
    assert [template for template in own.unusable if template.relation in RELATIONS] == []


def test_own_relations_are_found(evaluation: Evaluation) -> None:
    """Five wordings a relation are enough for an F1 of .80 over sentences that are worded otherwise."""
    assert evaluation.total.score.f1 >= 0.80, rendered(evaluation)
    assert set(evaluation.by_relation) == set(RELATIONS)


def test_own_relations_are_learnt_from_whole_sentences(by_examples: Evaluation) -> None:
    """Five example sentences a relation do as well, whatever else they say."""
    assert by_examples.total.score.f1 >= 0.80, rendered(by_examples)
    assert by_examples.modality.score.precision >= 0.9, rendered(by_examples)


def test_own_claims_have_the_right_modality(evaluation: Evaluation) -> None:
    """Plans and denials of a user's own relation are told from facts."""
    assert evaluation.modality.score.precision >= 0.9, rendered(evaluation)


# ---------------------------------------------------------------- the command line

ARTICLES = {
    "visit": "Ingrid Solheim visited Ankara on Saturday. She will visit Oslo in May.",
    "arrest": "Marcus Doyle was arrested by Belarus on Monday. His party has endorsed Helen Marsh.",
    "backing": "Benjamin Stone endorsed Helen Marsh, and Emily Warner has refused to endorse Helen Marsh.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three articles."""
    folder = tmp_path_factory.mktemp("press")
    (folder / "articles").mkdir()
    for name, text in ARTICLES.items():
        (folder / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


EDGES = """
    SELECT ?subject ?relation ?object {
        ?s ?r ?o . ?s rdfs:label ?subject . ?o rdfs:label ?object
        FILTER(STRSTARTS(STR(?r), "https://example.org/press#"))
        BIND(STRAFTER(STR(?r), "#") AS ?relation)
    }
"""
CLAIMS = """
    SELECT ?subject ?relation ?object ?modality {
        ?claim rdf:subject/rdfs:label ?subject ; rdf:predicate ?r ; rdf:object/rdfs:label ?object ; kg:modality ?m
        FILTER(STRSTARTS(STR(?r), "https://example.org/press#"))
        BIND(STRAFTER(STR(?r), "#") AS ?relation)
        BIND(STRAFTER(STR(?m), "#") AS ?modality)
    }
"""


def rows(graph: Path, query: str) -> set[tuple[str, ...]]:
    """The answers to a query, as plain words."""
    return {tuple(str(term.value) for term in row if term) for row in open_graph(graph).select(query).rows}


@pytest.mark.usefixtures("own")  # its shapes are then in the cache
def test_build_with_own_relations(folder: Path) -> None:
    """The edges have the user's IRIs; a plan and a refusal are claims without an edge; packaged relations stay."""
    done = kg("build", "articles", "--ontology", OWN, "-o", "press.ttl", "--date", "2021-03-02", cwd=folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    edges = {
        ("Ingrid Solheim", "visited", "Ankara"),
        ("Marcus Doyle", "arrestedBy", "Belarus"),
        ("Benjamin Stone", "endorsed", "Helen Marsh"),
    }
    assert rows(folder / "press.ttl", EDGES) == edges
    assert rows(folder / "press.ttl", CLAIMS) == {
        *((*edge, "Asserted") for edge in edges),
        ("Ingrid Solheim", "visited", "Oslo", "Prospective"),
        ("Emily Warner", "endorsed", "Helen Marsh", "Denied"),
    }
    ally = "ASK { ?s kg:allyOf ?o . ?s rdfs:label 'Benjamin Stone'@en . ?o rdfs:label 'Helen Marsh'@en }"
    assert open_graph(folder / "press.ttl").ask(ally)


LOST = """
@prefix : <https://example.org/press#> .
@prefix lex: <https://w3id.org/news-kg/lexicon#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:visited a owl:ObjectProperty ; lex:template "{subject} visited {object}", "{subject} . Tuesday ; {object}" .
"""


def test_build_names_a_template_that_is_lost(folder: Path) -> None:
    """The user is told which wording the parser cannot use; the others work. With `--strict` nothing is written."""
    (folder / "lost.ttl").write_text(LOST, encoding="utf-8")
    done = kg("build", "articles", "--ontology", "lost.ttl", "-o", "lost-graph.ttl", cwd=folder)
    assert done.returncode == 2
    assert "visited" in done.stderr
    assert "'{subject} . Tuesday ; {object}' cannot be used" in done.stderr
    assert rows(folder / "lost-graph.ttl", EDGES) == {("Ingrid Solheim", "visited", "Ankara")}
    done = kg("build", "articles", "--ontology", "lost.ttl", "-o", "strict.ttl", "--strict", cwd=folder)
    assert done.returncode == 2
    assert "'{subject} . Tuesday ; {object}' cannot be used" in done.stderr
    assert not (folder / "strict.ttl").exists()
