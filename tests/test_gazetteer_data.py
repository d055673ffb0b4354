"""The two tables of names, `ontology/gazetteer.csv` and `ontology/given_names.csv`, keep their promises."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef

ONTOLOGY = Path(__file__).parents[1] / "ontology"
KG = "https://w3id.org/news-kg/ontology#"
Row = dict[str, str]

COLUMNS = ["id", "kind", "name", "adjectives", "aliases", "country", "wikidata"]
ID_SHAPES = {
    "Country": r"country/[A-Z]{2}",
    "Region": r"region/([A-Z]{2}-[A-Z0-9]{1,3}|[a-z0-9-]+)",
    "City": r"city/[a-z0-9-]+",
    "Organization": r"organization/[a-z0-9-]+",
    "Party": r"organization/[a-z0-9-]+",
    "Government": r"organization/[a-z0-9-]+",
}
# Forms that two rows claim: the article must tell them apart.
AMBIGUOUS = {
    "BNP": {"organization/bangladesh-nationalist-party", "organization/british-national-party"},
    "Congolese": {"country/CD", "country/CG"},
    "Georgia": {"country/GE", "region/US-GA"},
    "New York": {"city/new-york", "region/US-NY"},
}


def table(name: str) -> list[Row]:
    """The rows of a table of `ontology/`."""
    with (ONTOLOGY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def values(cell: str) -> list[str]:
    """The values that a cell holds."""
    return cell.split("|") if cell else []


def forms(row: Row) -> Iterator[str]:
    """Every way in which the text may write the row's entity."""
    yield row["name"]
    yield from values(row["adjectives"])
    yield from values(row["aliases"])


GAZETTEER = table("gazetteer.csv")
NAMES = table("given_names.csv")
BY_ID = {row["id"]: row for row in GAZETTEER}


def repeated(items: list[str]) -> list[str]:
    """The items that occur more than once."""
    return [item for item, count in Counter(items).items() if count > 1]


def test_columns_and_order() -> None:
    """The gazetteer has its seven columns and is sorted by id."""
    assert list(GAZETTEER[0]) == COLUMNS
    assert [row["id"] for row in GAZETTEER] == sorted(row["id"] for row in GAZETTEER)


def test_ids_are_unique() -> None:
    """No two rows share an id."""
    assert repeated([row["id"] for row in GAZETTEER]) == []


def test_names_are_unique_per_kind() -> None:
    """Two rows of one kind never have the same name."""
    assert repeated([f"{row['kind']} {row['name']}" for row in GAZETTEER]) == []


def test_kinds_are_classes_of_the_ontology() -> None:
    """Every kind is a class of kg.ttl."""
    graph = Graph().parse(ONTOLOGY / "kg.ttl")
    classes = {str(term).removeprefix(KG) for term in graph.subjects(RDF.type, OWL.Class) if isinstance(term, URIRef)}
    assert {row["kind"] for row in GAZETTEER} <= classes


def test_ids_have_the_shape_of_their_kind() -> None:
    """A country's id ends in two capital letters; the other kinds have shapes of their own."""
    assert [row["id"] for row in GAZETTEER if not re.fullmatch(ID_SHAPES[row["kind"]], row["id"])] == []


def test_countries_exist() -> None:
    """A `country` is the id of a country row, and never the row's own."""
    for row in GAZETTEER:
        if country := row["country"]:
            assert BY_ID[country]["kind"] == "Country", row["id"]
            assert row["id"] != country


@pytest.mark.parametrize("kind", ["City", "Region"])
def test_places_have_a_country(kind: str) -> None:
    """Every city and region says which country it lies in, and a region's ISO code agrees."""
    for row in GAZETTEER:
        if row["kind"] == kind:
            assert row["country"], row["id"]
            iso = re.fullmatch(r"region/([A-Z]{2})-.+", row["id"])
            assert iso is None or f"country/{iso[1]}" == row["country"], row["id"]


def test_wikidata_ids() -> None:
    """A Wikidata id is a Q and a number, and no two rows share one."""
    known = [row["wikidata"] for row in GAZETTEER if row["wikidata"]]
    assert [item for item in known if not re.fullmatch(r"Q[1-9]\d*", item)] == []
    assert repeated(known) == []


def test_cells_are_clean() -> None:
    """Values are trimmed, composed Unicode, not empty and not repeated within their cell."""
    for row in GAZETTEER:
        for column in ("adjectives", "aliases"):
            assert repeated(values(row[column])) == [], row["id"]
        assert row["name"] not in values(row["aliases"]), row["id"]
        for form in forms(row):
            assert form, row["id"]
            assert form == " ".join(form.split()) == unicodedata.normalize("NFC", form), row["id"]


def test_only_the_listed_forms_are_ambiguous() -> None:
    """A form belongs to one row, but for those in AMBIGUOUS."""
    owners: dict[str, set[str]] = defaultdict(set)
    for row in GAZETTEER:
        for form in forms(row):
            owners[form].add(row["id"])
    assert {form: ids for form, ids in owners.items() if len(ids) > 1} == AMBIGUOUS


def test_no_bare_postal_codes() -> None:
    """US states are never claimed by two capital letters: "IN", "OR" and "ME" are words of headlines."""
    states = (row for row in GAZETTEER if row["id"].startswith("region/US-"))
    assert [form for row in states for form in forms(row) if re.fullmatch(r"[A-Z]{2}", form)] == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("U.S.", "country/US"),
        ("Britain", "country/GB"),
        ("Belarussian", "country/BY"),
        ("Burma", "country/MM"),
        ("Türkiye", "country/TR"),
        ("Cote d'Ivoire", "country/CI"),
        ("Côte d’Ivoire", "country/CI"),
        ("Soviets", "country/SU"),
        ("Kiev", "city/kyiv"),
        ("Vermonters", "region/US-VT"),
        ("Catalan", "region/ES-CT"),
        ("Tories", "organization/conservative-party"),
        ("GOP", "organization/republican-party"),
        ("Democrats", "organization/democratic-party"),
        ("Kremlin", "organization/kremlin"),
        ("E.U.", "organization/european-union"),
        ("Group of Twenty", "organization/g20"),
    ],
)
def test_well_known_forms(form: str, expected: str) -> None:
    """What newspapers write leads to the entity that they mean."""
    assert [row["id"] for row in GAZETTEER if form in forms(row)] == [expected]


def test_given_names_are_unique_and_sorted() -> None:
    """Every given name stands once, in order."""
    names = [row["name"] for row in NAMES]
    assert list(NAMES[0]) == ["name", "gender", "nickname_of"]
    assert names == sorted(set(names))
    assert [name for name in names if not name or name != unicodedata.normalize("NFC", name.strip())] == []


def test_given_names_have_a_gender() -> None:
    """A gender is m, f or, where both bear the name, u."""
    assert {row["gender"] for row in NAMES} == {"m", "f", "u"}


def test_nicknames_lead_to_given_names() -> None:
    """A nickname's full name stands in the table, is not itself a nickname of it, and is not of the other gender."""
    names = {row["name"]: row for row in NAMES}
    for row in NAMES:
        if full := row["nickname_of"]:
            assert names[full]["nickname_of"] != row["name"] != full
            assert {row["gender"], names[full]["gender"]} != {"m", "f"}, row["name"]


@pytest.mark.parametrize(
    ("name", "gender", "full"),
    [
        ("Bill", "m", "William"),
        ("Liz", "f", "Elizabeth"),
        ("Ted", "m", "Edward"),
        ("Vladimir", "m", ""),
        ("Sviatlana", "f", ""),
        ("Andrea", "u", ""),
    ],
)
def test_some_given_names(name: str, gender: str, full: str) -> None:
    """A few names, with what is known of them."""
    assert {"name": name, "gender": gender, "nickname_of": full} in NAMES
