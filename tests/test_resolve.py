"""Entities of many articles become one where they are one; the order of the articles never matters."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import (
    Document,
    Evidence,
    Form,
    Knowledge,
    LocalClaim,
    LocalEntity,
    Mention,
    Modality,
    Record,
)
from kg.ontology import load_ontology
from kg.resolve import family, fold, resolve, slug
from kg.resolve.names import fold_person, parts
from kg.resolve.people import likeness

Pair = tuple[Document, Record]


def local(name, kind="Person", *aliases, known=None) -> LocalEntity:
    """An entity of one article."""
    return LocalEntity(name=name, kind=kind, aliases=tuple(sorted(aliases)), known=known)


def said(subject, value, relation="spokeWith", modality=Modality.ASSERTED, confidence=0.9, at=0, **more) -> LocalClaim:
    """A claim between two entities of an article, by their indexes."""
    quote = Evidence(quote="They met.", start=at, end=at + 9)
    return LocalClaim(
        subject=subject,
        relation=relation,
        object=value,
        modality=modality,
        confidence=confidence,
        evidence=quote,
        **more,
    )


def article(text, *entities, claims=()) -> Pair:
    """An article that mentions each of its entities once."""
    mentions = (Mention(start=0, end=1, text=e.name, entity=i, form=Form.NAME) for i, e in enumerate(entities))
    document = Document(name=text, origin=f"/{text}.txt", text=text, segments=())
    return document, Record(article=document.id, entities=entities, mentions=tuple(mentions), claims=tuple(claims))


def ids(*entities) -> list[str]:
    """The ids of entities that stand in an article each; those of bare last names without the article."""
    found = resolve(article(f"text {i}", entity) for i, entity in enumerate(entities)).entities
    digests = {article(f"text {i}")[0].id for i in range(len(entities))}
    return [e.id.rpartition("-")[0] + "-*" if e.id.rpartition("-")[2] in digests else e.id for e in found]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The European Union", "european union"),
        ("THE EUROPEAN-UNION", "european union"),
        ("Nicolás Maduro", "nicolas maduro"),
        ("U.S.", "us"),
        ("U. S. A.", "usa"),
        ("George H. W. Bush", "george hw bush"),
        ("J.K. Rowling", "jk rowling"),
        ("O’Brien's", "obriens"),
        ("Donald J. Trump", "donald j trump"),
        ("…", ""),
    ],
)
def test_fold(name, folded):
    """Case, accents, points and a leading "the" do not make another name."""
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Donald J. Trump", "Donald Trump", True),
        ("Vladimir V. Putin", "Vladimir Vladimirovich Putin", True),
        ("V. Putin", "Vladimir Putin", True),
        ("J. F. Kennedy", "John Fitzgerald Kennedy", True),
        ("George W. Bush", "George H. W. Bush", False),
        ("George H. Bush", "George H.W. Bush", True),
        ("Donald Trump", "Donald Trump Jr.", False),
        ("Donald Trump Jr.", "Donald J. Trump Jr", True),
        ("Bill Clinton", "Hillary Clinton", False),
        ("Trump", "Donald Trump", False),
        ("Kim Jong-un", "Kim Jong Un", True),
        ("Kim Jong-un", "Kim Jongun", True),
        ("Kim Jong-un", "Kim Jong-il", False),
        ("Yevhen Drozdovskyi", "Evgeny Drozdovsky", True),
        ("Karim al-Masoud", "Kareem Massoud", True),
        ("Erik Hansen", "Erika Hansen", False),
        ("Orosz Viktor", "Viktor Orosz", True),
        ("Bill Moreno", "William Moreno", True),
    ],
)
def test_likeness(one, other, same):
    """Names of people may be one person's, whichever comes first; never through a bare last name or another suffix."""
    assert (likeness(fold_person(one), fold_person(other)) is not None) is same
    assert likeness(fold_person(one), fold_person(other)) == likeness(fold_person(other), fold_person(one))


@pytest.mark.parametrize(
    ("name", "folded", "full"),
    [
        ("Abdel Fattah al-Moreno", "abdulfattah moreno", True),
        ("Abd al-Rahman Khan", "abdulrahman khan", True),
        ("Bashar Al Moreno", "bashar moreno", True),
        ("el-Moreno", "moreno", False),
        ("Al Moreno", "al moreno", True),
        ("Ursula von der Berg", "ursula von der berg", True),
        ("von der Berg", "von der berg", False),
        ("Le Berg", "le berg", False),
        ("Berg Jr.", "berg jr", False),
        ("Dr. Ada Berg", "dr ada berg", True),
    ],
)
def test_full_names(name, folded, full):
    """Articles of Arabic names are left out; a last name with its particle is no full name."""
    assert fold_person(name) == folded
    assert (parts(folded) is not None) is full


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        # one name
        ([local("Ada Berg"), local("ADA BERG")], ["person/ada-berg"]),
        ([local("Nicolás Maduro"), local("Nicolas Maduro")], ["person/nicolas-maduro"]),
        ([local("The Blue Party", "Party"), local("Blue Party", "Organization")], ["organization/blue-party"]),
        # people
        ([local("Donald J. Trump"), local("Donald Trump")], ["person/donald-trump"]),
        ([local("Donald J. Trump"), local("Donald Trump"), local("Donald Trump")], ["person/donald-trump"]),
        ([local("A. Berg"), local("A. Berg"), local("Ada Berg")], ["person/ada-berg"]),
        (
            [local("A. Berg"), local("Ada Berg"), local("Arno Berg")],
            ["person/a-berg", "person/ada-berg", "person/arno-berg"],
        ),
        (
            [local("George Bush"), local("George W. Bush"), local("George H. W. Bush")],
            ["person/george-bush", "person/george-h-w-bush", "person/george-w-bush"],
        ),
        ([local("Donald Trump"), local("Donald Trump Jr.")], ["person/donald-trump", "person/donald-trump-jr"]),
        ([local("Berg"), local("Ada Berg")], ["person/ada-berg", "person/berg-*"]),
        ([local("Berg"), local("Berg")], ["person/berg-*", "person/berg-*"]),
        ([local("Berg Jr."), local("Berg Jr.")], ["person/berg-jr-*", "person/berg-jr-*"]),
        # the gazetteer
        ([local("Belarus", "Country", known="country/BY"), local("Belarus", "Country")], ["country/BY"]),
        ([local("Belarus", "Country", known="country/BY"), local("Belarus", "Place")], ["country/BY"]),
        (
            [local("Georgia", "Country", known="country/GE"), local("Georgia", "Region")],
            ["country/GE", "place/georgia"],
        ),
        (
            [local("Congo", "Country", known="country/CD"), local("Congo", "Country", known="country/CG")],
            ["country/CD", "country/CG"],
        ),
        (
            [local("Congo", "Country", known=k) for k in ("country/CD", "country/CG")] + [local("Congo", "Country")],
            ["country/CD", "country/CG", "country/congo"],
        ),
        # acronyms
        ([local("European Union", "Organization", "EU"), local("EU", "Organization")], ["organization/european-union"]),
        (
            [local("European Union", "Organization", "E.U."), local("EU", "Organization")],
            ["organization/european-union"],
        ),
        (
            [local("European Union", "Organization"), local("EU", "Organization")],
            ["organization/eu", "organization/european-union"],
        ),
        (
            [
                local("Blue Party", "Party", "BP"),
                local("Big Petrol", "Organization", "BP"),
                local("BP", "Organization"),
            ],
            ["organization/big-petrol", "organization/blue-party", "organization/bp"],
        ),
        (
            [local("Upper House", "Organization", "House"), local("House", "Organization")],
            ["organization/house", "organization/upper-house"],
        ),
        # kinds
        ([local("Kiruna", "Place"), local("Kiruna", "City")], ["place/kiruna"]),
        ([local("Victoria", "Place"), local("Victoria", "Organization")], ["organization/victoria", "place/victoria"]),
        ([local("Ada Berg", "Agent"), local("Ada Berg")], ["person/ada-berg"]),
        (
            [local("Jordan", "Agent"), local("Jordan", "Country"), local("Jordan", "Organization")],
            ["agent/jordan", "country/jordan", "organization/jordan"],
        ),
        # names without a letter, and letters that are not Latin
        ([local("1999", "Organization")], []),
        ([local("北京", "City")], ["place/beijing"]),
    ],
)
def test_what_is_one_entity(entities, expected):
    """Each rule joins what it should and leaves apart what it must, in whatever order the articles come."""
    assert ids(*entities) == expected
    assert ids(*reversed(entities)) == expected


def test_entity():
    """An entity has the gazetteer's name, every other form, its IRI elsewhere and the articles that mention it."""
    one = article("one", local("Belarus", "Country", "Belarusian", known="country/BY"))
    two = article("two", local("BELARUS", "Country", "Minsk"))
    (belarus,) = resolve([one, two], same_as={"country/BY": "http://www.wikidata.org/entity/Q184"}).entities
    assert (belarus.name, belarus.kind) == ("Belarus", "Country")
    assert belarus.aliases == ("BELARUS", "Belarusian", "Minsk")
    assert belarus.same_as == ("http://www.wikidata.org/entity/Q184",)
    assert belarus.articles == tuple(sorted([one[0].id, two[0].id]))


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["Organization", "Organization", "Party"], "Party"),
        (["Government", "Party", "Government"], "Government"),
        (["City", "Region"], "City"),
    ],
)
def test_kind(kinds, kind):
    """The most special kind wins, then the most frequent, then the first in the alphabet."""
    pairs = [article(str(i), local("Blue House", k)) for i, k in enumerate(kinds)]
    assert [entity.kind for entity in resolve(pairs).entities] == [kind]


def test_slugs_that_collide_get_a_hash():
    """Two gazetteer entries and a third thing of their name: ids stay distinct, and the same in every build."""
    pairs = [
        article("a", local("Blue Party", "Party", known="organization/blue-party")),
        article("b", local("Blue Party", "Party", known="organization/blue-party-x")),
        article("c", local("Blue Party", "Party")),
    ]
    first, second, third = (entity.id for entity in resolve(pairs).entities)
    assert (first, third) == ("organization/blue-party", "organization/blue-party-x")
    assert second.startswith("organization/blue-party-")


@pytest.mark.parametrize(
    ("claims", "kept"),
    [
        ([said(0, 1, modality=m) for m in reversed(Modality)], [(Modality.ASSERTED, 0.9, 0)]),
        ([said(0, 1, confidence=0.5), said(0, 1, confidence=0.8, at=9)], [(Modality.ASSERTED, 0.8, 9)]),
        ([said(0, 1, at=9), said(0, 1, at=3)], [(Modality.ASSERTED, 0.9, 3)]),
        ([said(0, 1, at=3), said(1, 0, at=9)], [(Modality.ASSERTED, 0.9, 3)]),
        (
            [said(0, 1, "leaderOf"), said(1, 0, "leaderOf", at=9)],
            [(Modality.ASSERTED, 0.9, 0), (Modality.ASSERTED, 0.9, 9)],
        ),
        ([said(0, 0), said(0, 2)], []),
    ],
)
def test_claims(claims, kept):
    """An article counts once for a statement, by its strongest claim; nobody speaks with oneself."""
    pair = article("a", local("Ada Berg"), local("Bo Lind"), local("Ada B. Berg"), claims=claims)
    found = resolve([pair]).claims
    assert sorted((c.modality, c.confidence, c.evidence.start) for c in found) == kept


def test_claim_carries_all():
    """A claim of the graph says who is meant, where, by whom and how it was found."""
    claim = said(0, 1, attribution="the Kremlin", source=2, target_group="officials", pattern="p")
    pair = article("a", local("Ada Berg"), local("Bo Lind"), local("Kremlin", "Government"), claims=[claim])
    (found,) = resolve([pair]).claims
    assert (found.subject, found.object, found.source) == ("person/ada-berg", "person/bo-lind", "organization/kremlin")
    assert (found.attribution, found.target_group, found.pattern) == ("the Kremlin", "officials", "p")
    assert found.article == pair[0].id


def test_one_article_twice_counts_once():
    """Of two copies of a text, the one of the smaller origin stands for the article."""
    document, record = article("a", local("Ada Berg"))
    copy = Document(name="copy", origin="/0.txt", text="a", segments=())
    (found,) = resolve([(document, record), (copy, record)]).articles
    assert found.name == "copy"


def test_own_classes():
    """A class that the ontology does not place has a folder of its own."""
    assert family("Party", load_ontology()) == "organization"
    assert family("SpaceStation", load_ontology()) == "spacestation"
    assert slug("Côte d’Ivoire") == "cote-divoire"


# ---------------------------------------------------------------- namesakes


def office(name, *bodies, others=(), date=None, text="") -> Pair:
    """An article about a person's offices ("leaderOf", "City", "Springfield") that names others, too."""
    entities = [local(name), *(local(body, kind) for _, kind, body in bodies), *others]
    claims = [said(0, n, relation) for n, (relation, _, _) in enumerate(bodies, 1)]
    document, record = article(text or f"{name} {bodies} {len(others)}", *entities, claims=claims)
    return replace(document, date=date), record


def persons(*pairs) -> list[str]:
    """The ids of the people of some articles."""
    return [e.id for e in resolve(pairs).entities if e.kind == "Person"]


MAYOR = ("leaderOf", "City", "Springfield")
OTHER_MAYOR = ("leaderOf", "City", "Shelbyville")


def test_two_mayors():
    """Mayors of two towns are two people, whichever comes first; the towns tell their ids apart."""
    one, other = office("John Smith", MAYOR), office("John Smith", OTHER_MAYOR)
    assert (
        persons(one, other) == persons(other, one) == ["person/john-smith-shelbyville", "person/john-smith-springfield"]
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([MAYOR], [("memberOf", "Party", "Blue Party")], True),
        ([("memberOf", "Party", "Red Party")], [("memberOf", "Party", "Blue Party")], False),
        ([("leaderOf", "Organization", "Blue Bank")], [("officialOf", "Organization", "Rivers Board")], True),
        ([MAYOR], [], True),
    ],
)
def test_offices_of_one_name(one, other, same):
    """Towns and parties tell namesakes apart; a change of post does not."""
    assert (len(persons(office("Ada Berg", *one), office("Ada Berg", *other))) == 1) is same


def test_company_joins():
    """Two parties, but the same people around: one person who changed sides."""
    friends = [local(name) for name in ("Bo Lind", "Cy Holm", "Eva Falk")]
    one = office("Ada Berg", ("memberOf", "Party", "Red Party"), others=friends)
    other = office("Ada Berg", ("memberOf", "Party", "Blue Party"), others=friends)
    assert "person/ada-berg" in persons(one, other)


def test_centuries_apart():
    """A name of 1850 and of 2020 is not one person's."""
    old, new = (office("Ada Berg", date=dt.date(year, 1, 1), text=str(year)) for year in (1850, 2020))
    assert len(persons(old, new)) == 2


def test_the_one_of_most_articles_keeps_its_id():
    """A namesake who appears once does not rename the one whom all write about."""
    known = [office("John Smith", MAYOR, text=str(n)) for n in range(4)]
    assert persons(*known, office("John Smith", OTHER_MAYOR)) == ["person/john-smith", "person/john-smith-shelbyville"]


def test_parliaments():
    """The parliaments of two countries are two, and a third article's is neither; one country's is one."""

    def parliament(country, text) -> Pair:
        where = local(country, "Country", known={"Kenya": "country/KE", "Hungary": "country/HU"}[country])
        return article(text, local("Parliament", "Government"), where)

    articles = [parliament("Kenya", "a"), parliament("Hungary", "b"), parliament("Kenya", "c")]
    found = {e.id: e.articles for e in resolve(articles).entities if e.kind == "Government"}
    assert {id: len(articles) for id, articles in found.items()} == {
        "organization/parliament-hungary": 1,
        "organization/parliament-kenya": 2,
    }


# ---------------------------------------------------------------- bare last names


def test_last_name_with_the_same_office():
    """A last name that leads the body which a full name leads is that person; another body's leader is not."""
    full = office("Ada Berg", ("leaderOf", "Organization", "Blue Bank"))
    assert persons(full, office("Berg", ("leaderOf", "Organization", "Blue Bank"))) == ["person/ada-berg"]
    assert len(persons(full, office("Berg", ("leaderOf", "Organization", "Rivers Board")))) == 2


def test_last_name_of_two():
    """A last name stays alone where two people of that name hold the office."""
    bank = ("leaderOf", "Organization", "Blue Bank")
    assert len(persons(office("Ada Berg", bank), office("Bo Berg", bank), office("Berg", bank))) == 3


def test_last_name_in_the_same_company():
    """The only bearer of a name, and the same people around, are enough; one acquaintance is not."""
    friends = [local(name) for name in ("Bo Lind", "Cy Holm", "Eva Falk")]
    assert persons(office("Ada Berg", others=friends), office("Berg", others=friends))[:1] == ["person/ada-berg"]
    assert len(persons(office("Ada Berg", others=friends), office("Berg", others=friends))) == 4
    assert len(persons(office("Ada Berg", others=friends[:1]), office("Berg", others=friends[:1]))) == 3


def test_a_fathers_name_is_no_last_name():
    """ "Salman" is not Mohammed, the son of Salman."""
    friends = [local(name) for name in ("Bo Lind", "Cy Holm", "Eva Falk")]
    found = persons(office("Karim bin Salman", others=friends), office("Salman", others=friends))
    assert "person/karim-bin-salman" in found
    assert len(found) == 5


# ---------------------------------------------------------------- decisions in words


def test_notes():
    """What was joined for more than its name, and what nearly was, is told in words."""
    one = office("Pyotr Drozdovsky", ("leaderOf", "Organization", "Blue Bank"))
    other = office("Petro Drozdovskyi", ("leaderOf", "Organization", "Blue Bank"))
    (person,) = (e for e in resolve([one, other]).entities if e.kind == "Person")
    assert person.id == "person/pyotr-drozdovsky"
    assert person.near == ()
    (note,) = person.notes
    assert (
        note == "Pyotr Drozdovsky (1 article) = Petro Drozdovskyi: transliteration .99, both leader of Blue Bank (1.00)"
    )


def test_two_reasons_of_one_weight():
    """An acronym that is also given as another name: either reason will do."""
    full = article("a", local("Union of Rivers", "Organization", "A.B", "A B"))
    (union,) = resolve([full, article("b", local("A.B", "Organization"))]).entities
    assert union.notes == ("A.B (1 article) = Union of Rivers: an article gives both (0.95)",)


def test_near_misses():
    """Where it is not clear who is meant, each side tells of the other."""
    found = resolve([article(str(n), local(name)) for n, name in enumerate(["A. Berg", "Ada Berg", "Arno Berg"])])
    near = {e.name: e.near for e in found.entities}
    assert near["Ada Berg"] == (
        "Ada Berg (1 article) is kept apart from A. Berg: initial .90, but it may be another one as well (0.79)",
    )
    assert len(near["A. Berg"]) == 2


def test_namesakes_tell_of_each_other():
    """Two people of one name tell what keeps them apart."""
    found = resolve([office("John Smith", MAYOR), office("John Smith", OTHER_MAYOR)]).entities
    assert [e.near for e in found if e.kind == "Person"] == [
        (f"John Smith (1 article) is kept apart from John Smith ({town}): same name, {why} (0.40)",)
        for town in ("springfield", "shelbyville")
        for why in ("leaders of different towns or regions",)
    ]


def test_the_obvious_is_not_told():
    """Nothing is noted of names that are the same."""
    (person,) = resolve([article(t, local(n)) for t, n in (("a", "Ada Berg"), ("b", "ADA BERG"))]).entities
    assert (person.notes, person.near) == ((), ())


# ---------------------------------------------------------------- odd names


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000,
        "word " * 2_000,
        "A. " * 3_000,
        "…" * 500,
        "-" * 10_000,
        "محمد بن سلمان",
        "דוד בן גוריון",
        "Ада Берг",
        "習近平",
        "Ada \u202eBerg",
        "\ud800 Berg",
        "🙂",
        "Jr.",
        "al-",
        "el ",
        "bin bin bin",
    ],
)
@pytest.mark.parametrize("kind", ["Person", "Organization", "Vessel", "Place"])
def test_odd_names(name, kind):
    """Whatever is given as a name, resolving ends, with an id of its own that fits into an IRI."""
    claimed = article("a", local(name, kind), local("Bo Lind"), claims=[said(0, 1)])
    found = resolve([claimed, article("b", local("Ada Berg", kind))])
    assert len(found.claims) == 1
    for entity in found.entities:
        assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", entity.id)
        assert len(entity.id) < 120


def test_homoglyphs():
    """A Cyrillic letter in a Latin name reads as the Latin one: one person, not two that look the same."""
    assert ids(local("Ada Berg"), local("\u0410d\u0430 Berg")) == ["person/ada-berg"]


# ---------------------------------------------------------------- whatever the articles say

given_names = st.sampled_from(["Ada", "A.", "Arno", "Ada Bo", "Ada B.", "Ada Cy", "A. B.", "A. B. C.", "Ada B. C.", ""])
people = st.builds(
    lambda first, last, suffix: local(f"{first} {last}{suffix}".strip(), "Person", last),
    given_names,
    st.sampled_from(["Berg", "Lind"]),
    st.sampled_from(["", "", " Jr."]),
)
things = st.builds(
    lambda name, kind, aliases, known: local(name, kind, *aliases, known=known),
    st.sampled_from(["Union of Rivers", "The Union of Rivers", "UR", "U.R.", "Georgia", "Rivers Party", "99"]),
    st.sampled_from(["Organization", "Party", "Country", "Region", "Place", "Agent"]),
    st.sets(st.sampled_from(["UR", "RP", "Rivers"]), max_size=2),
    st.sampled_from([None, None, None, "country/GE", "organization/ur"]),
)


@st.composite
def collections(draw) -> list[Pair]:
    """A few articles with claims between their entities."""
    pairs = []
    for number in range(draw(st.integers(0, 5))):
        entities = draw(st.lists(people | things, min_size=1, max_size=5))
        ends = st.integers(0, len(entities) - 1)
        claim = st.builds(
            said,
            ends,
            ends,
            st.sampled_from(["spokeWith", "leaderOf"]),
            st.sampled_from(Modality),
            st.sampled_from([0.5, 0.9]),
            st.integers(0, 2),
            source=st.none() | ends,
        )
        pairs.append(article(f"article {number}", *entities, claims=draw(st.lists(claim, max_size=5))))
    return pairs


@given(collections(), st.randoms(use_true_random=False))
def test_order_free_and_idempotent(pairs, random):
    """Neither the order of the articles nor their coming twice changes anything."""
    expected = resolve(pairs)
    random.shuffle(pairs)
    assert resolve(pairs) == expected
    assert resolve(pairs + pairs) == expected


@given(collections())
def test_knowledge_hangs_together(pairs):
    """Ids are unique and sorted, claims have two ends that exist, articles are counted once for a statement."""
    found = resolve(pairs)
    for values in (found.articles, found.entities, found.claims):
        keys = [value.id for value in values]
        assert keys == sorted(set(keys))
    entities = {entity.id for entity in found.entities}
    assert {end for c in found.claims for end in (c.subject, c.object)} <= entities
    assert {c.source for c in found.claims if c.source} <= entities
    assert all(c.subject != c.object for c in found.claims)
    statements = [(c.article, c.relation, c.subject, c.object) for c in found.claims]
    assert len(statements) == len(set(statements))


@settings(max_examples=300)
@given(st.lists(people, max_size=8))
def test_no_person_is_two(names):
    """Whichever names come together, any two of one entity agree with each other: no chain joins strangers."""
    groups = defaultdict(set)
    for entity in resolve([article(str(i), name) for i, name in enumerate(names)]).entities:
        groups[entity.id] = {
            fold(form) for form in (entity.name, *entity.aliases) if fold(form) not in ("berg", "lind")
        }
    for forms in groups.values():
        assert all(likeness(a, b) for a, b in combinations(forms, 2))


def test_nothing_from_nothing():
    """No articles, no knowledge."""
    assert resolve([]) == Knowledge()
