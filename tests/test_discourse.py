"""What a sentence leaves out and the text before it tells: lists, counterparts, successors, "I"."""

from __future__ import annotations

import pytest
from conftest import Fact, FactsOf, case

SAID_BEFORE = [
    case(
        "The European Union imposed sanctions on Syria on Monday. The list names Omar Haddad and Lina Saleh.",
        ("Syria", "sanctionedBy", "European Union"),
        ("Omar Haddad", "sanctionedBy", "European Union"),
        ("Lina Saleh", "sanctionedBy", "European Union"),
    ),
    case(
        "The United States sanctioned Omar Haddad on Friday. Lina Saleh was blacklisted as well.",
        ("Omar Haddad", "sanctionedBy", "United States"),
        ("Lina Saleh", "sanctionedBy", "United States"),
    ),
    case(
        "Omar Haddad was sanctioned by the United States together with Lina Saleh.",
        ("Omar Haddad", "sanctionedBy", "United States"),
        ("Lina Saleh", "sanctionedBy", "United States"),
    ),
    case(
        "Norway's foreign minister, Jonas Berg, met his Swedish counterpart, Maria Ek, in Rome.",
        ("Jonas Berg", "officialOf", "Norway"),
        ("Maria Ek", "officialOf", "Sweden"),
        ("Jonas Berg", "metWith", "Maria Ek"),
    ),
    case(
        "President Jonas Berg of Norway resigned on Friday. He is succeeded by Maria Ek.",
        ("Jonas Berg", "leaderOf", "Norway", "ended"),
        ("Maria Ek", "leaderOf", "Norway"),
    ),
    case(
        "Jonas Berg spoke for an hour in Austin. The Texas senator then flew home.",
        ("Jonas Berg", "officialOf", "Texas"),
    ),
    case(
        '"I met Maria Ek in Rome," Jonas Berg told reporters.',
        ("Jonas Berg", "metWith", "Maria Ek"),
    ),
    case(
        "Jonas Berg leads the Harbour Party. The 54-year-old met Maria Ek on Monday.",
        ("Jonas Berg", "leaderOf", "Harbour Party"),
        ("Jonas Berg", "metWith", "Maria Ek"),
    ),
    case(
        "Sen. Jonas Berg, the Tennessee Republican, voted no.",
        ("Jonas Berg", "officialOf", "Tennessee"),
        ("Jonas Berg", "memberOf", "Republican Party"),
    ),
    case(
        "Jonas Berg's Harbour Party lost its majority.",
        ("Jonas Berg", "leaderOf", "Harbour Party"),
    ),
    case(
        "Norway, Sweden and Finland, the three states that imposed an embargo on Syria, met in Oslo.",
        ("Syria", "sanctionedBy", "Norway"),
        ("Syria", "sanctionedBy", "Sweden"),
        ("Syria", "sanctionedBy", "Finland"),
    ),
    case(
        "Maria Ek was once the patron of Jonas Berg. She is now his fiercest rival.",
        ("Jonas Berg", "rivalOf", "Maria Ek"),
    ),
]

NOBODY = [
    case(
        "Jonas Berg met Angela Merkel in Athens. Chancellor Merkel praised Greece.",
        ("Angela Merkel", "leaderOf", "Greece"),
    ),
    case("President Obama flew to London, where Britain awaited him.", ("Obama", "leaderOf", "United Kingdom")),
    case("Maria Ek, Sweden's envoy for Syria, spoke at noon.", ("Maria Ek", "officialOf", "Syria")),
    case("Jonas Berg and Maria Ek, his ally, voted.", ("Maria Ek", "allyOf", "Maria Ek")),
    case(
        "Turkey's foreign minister, Yasar Ates, spoke to Secretary of State Jonas Berg.",
        ("Jonas Berg", "officialOf", "Turkey"),
    ),
    case("Ruritania joined the Commonwealth of Zenda in May.", ("Ruritania", "memberOf", "Commonwealth of Nations")),
    case("Jonas Berg and his partner, Maria Ek, bought a house.", ("Jonas Berg", "allyOf", "Maria Ek")),
    case("Barack Obama's Justice Department sued.", ("Barack Obama", "leaderOf", "Justice Department")),
]


@pytest.mark.parametrize(("sentence", "facts"), SAID_BEFORE)
def test_what_the_text_tells(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """The claims that stand on more than their own sentence are there."""
    assert facts <= claims_of(sentence)


@pytest.mark.parametrize(("sentence", "facts"), NOBODY)
def test_what_it_does_not_tell(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """What stands near is not taken for what is meant."""
    assert not facts & claims_of(sentence)
