"""Fact, over, planned or untrue: how a sentence presents its claim decides whether an edge may stand on it."""

from __future__ import annotations

import pytest
from conftest import Fact, FactsOf, case

from kg.model import Modality

MET = ("Angela Merkel", "metWith", "Emmanuel Macron")
SPOKE = ("Angela Merkel", "spokeWith", "Emmanuel Macron")
SYRIA = ("Syria", "sanctionedBy", "European Union")

HOLLANDE = ("Francois Hollande", "leaderOf", "France", "ended")
MAY = ("Theresa May", "leaderOf", "United Kingdom", "ended")
DENIED = [
    case("Angela Merkel did not meet Emmanuel Macron in Rome.", (*MET, "denied")),
    case("Angela Merkel never met Emmanuel Macron.", (*MET, "denied")),
    case("Angela Merkel has not spoken with Emmanuel Macron since May.", (*SPOKE, "denied")),
    case("Angela Merkel denied that she had met Emmanuel Macron.", (*MET, "denied")),
    case(
        "Angela Merkel denied meeting Emmanuel Macron.",
        (*MET, "denied"),
        fails='parse: "meeting" is read as a noun after "denied"',
    ),
    case("Angela Merkel refused to meet Emmanuel Macron.", (*MET, "denied")),
    case("Angela Merkel left Rome without meeting Emmanuel Macron.", (*MET, "denied")),
    case("Angela Merkel has yet to meet Emmanuel Macron.", (*MET, "denied")),
    case("Angela Merkel and Emmanuel Macron held no talks in Rome.", (*SPOKE, "denied")),
    case("There were no talks between Angela Merkel and Emmanuel Macron.", (*SPOKE, "denied")),
    case("The European Union has not imposed sanctions on Syria.", (*SYRIA, "denied")),
    case("The European Union failed to impose sanctions on Syria.", (*SYRIA, "denied")),
    case("The European Union decided against imposing sanctions on Syria.", (*SYRIA, "denied")),
    case("Syria is not a member of NATO.", ("Syria", "memberOf", "NATO", "denied")),
    case("Anna Novak is not the mayor of Lisbon.", ("Anna Novak", "leaderOf", "Lisbon", "denied")),
    case("Anna Novak is no rival of Peter Lang.", ("Anna Novak", "rivalOf", "Peter Lang", "denied")),
    case("Anna Novak is not an ally of Peter Lang.", ("Anna Novak", "allyOf", "Peter Lang", "denied")),
    case("Anna Novak said she had never been an ally of Peter Lang.", ("Anna Novak", "allyOf", "Peter Lang", "denied")),
]

PROSPECTIVE = [
    case("Angela Merkel will meet Emmanuel Macron on Friday.", (*MET, "prospective")),
    case("Angela Merkel may meet Emmanuel Macron on Friday.", (*MET, "prospective")),
    case("Angela Merkel is to meet Emmanuel Macron on Friday.", (*MET, "prospective")),
    case("Angela Merkel is due to meet Emmanuel Macron on Friday.", (*MET, "prospective")),
    case("Angela Merkel is expected to meet Emmanuel Macron on Friday.", (*MET, "prospective")),
    case("Angela Merkel plans to meet Emmanuel Macron.", (*MET, "prospective")),
    case("Angela Merkel wants to meet Emmanuel Macron.", (*MET, "prospective")),
    case("Angela Merkel agreed to meet Emmanuel Macron.", (*MET, "prospective")),
    case("Angela Merkel would meet Emmanuel Macron if he came to Berlin.", (*MET, "prospective")),
    case("If Angela Merkel meets Emmanuel Macron, prices will fall.", (*MET, "prospective")),
    case("Talks between Angela Merkel and Emmanuel Macron are planned for May.", (*SPOKE, "prospective")),
    case("A meeting between Angela Merkel and Emmanuel Macron is possible.", (*MET, "prospective")),
    case("Angela Merkel's planned meeting with Emmanuel Macron raised hopes.", (*MET, "prospective")),
    case("Angela Merkel proposed talks with Emmanuel Macron.", (*SPOKE, "prospective")),
    case("Angela Merkel said she would speak with Emmanuel Macron.", (*SPOKE, "prospective")),
    case(
        "Merkel to meet Macron in Rome\n\nAngela Merkel and Emmanuel Macron love the opera, "
        "and both have long had tickets for the first night of the season in Rome, aides said.",
        (*MET, "prospective"),
    ),
    case("The European Union threatened to impose sanctions on Syria.", (*SYRIA, "prospective")),
    case("The European Union threatened Syria with sanctions.", (*SYRIA, "prospective")),
    case("The European Union is considering sanctions against Syria.", (*SYRIA, "prospective")),
    case("The European Union could impose sanctions on Syria.", (*SYRIA, "prospective")),
    case("Syria could face European Union sanctions.", (*SYRIA, "prospective")),
    case("France urged the European Union to impose sanctions on Syria.", (*SYRIA, "prospective")),
    case("The threat of European Union sanctions on Syria worries traders.", (*SYRIA, "prospective")),
    case("The European Union wants to impose sanctions on Syria unless the fighting stops.", (*SYRIA, "prospective")),
    case("Serbia wants to join the European Union.", ("Serbia", "memberOf", "European Union", "prospective")),
    case("Serbia has applied to join the European Union.", ("Serbia", "memberOf", "European Union", "prospective")),
    case("Anna Novak is expected to become mayor of Lisbon.", ("Anna Novak", "leaderOf", "Lisbon", "prospective")),
    case("Anna Novak is running for mayor of Lisbon.", ("Anna Novak", "leaderOf", "Lisbon", "prospective")),
    case("Anna Novak wants to become mayor of Lisbon.", ("Anna Novak", "leaderOf", "Lisbon", "prospective")),
    case(
        "Anna Novak vowed to form a coalition with Peter Lang.", ("Anna Novak", "allyOf", "Peter Lang", "prospective")
    ),
]

ENDED = [
    case("Former French President Francois Hollande opened the fair.", HOLLANDE),
    case("Francois Hollande, the former president of France, opened the fair.", HOLLANDE),
    case("France's former president, Francois Hollande, opened the fair.", HOLLANDE),
    case("Francois Hollande is a former president of France.", HOLLANDE),
    case(
        "The ousted Ukrainian president, Viktor Yanukovych, fled.",
        ("Viktor Yanukovych", "leaderOf", "Ukraine", "ended"),
    ),
    case("Ex-Pakistani Prime Minister Nawaz Sharif flew home.", ("Nawaz Sharif", "leaderOf", "Pakistan", "ended")),
    case("Francois Hollande is no longer president of France.", HOLLANDE),
    case("Theresa May resigned as prime minister of Britain.", MAY),
    case("Theresa May stepped down as British prime minister in July.", MAY),
    case(
        "Viktor Yanukovych was ousted as president of Ukraine.", ("Viktor Yanukovych", "leaderOf", "Ukraine", "ended")
    ),
    case("The mayor of Lisbon, Anna Novak, resigned on Friday.", ("Anna Novak", "leaderOf", "Lisbon", "ended")),
    case("The European Union lifted its sanctions on Syria.", (*SYRIA, "ended")),
    case("Sanctions imposed on Syria by the European Union were lifted in May.", (*SYRIA, "ended")),
    case("The European Union ended its embargo against Syria.", (*SYRIA, "ended")),
    case("Britain left the European Union in 2020.", ("United Kingdom", "memberOf", "European Union", "ended")),
    case("Anna Novak quit the Labour Party.", ("Anna Novak", "memberOf", "Labour Party", "ended")),
    case("Anna Novak, a former ally of Peter Lang, voted no.", ("Anna Novak", "allyOf", "Peter Lang", "ended")),
    case("Anna Novak used to be an ally of Peter Lang.", ("Anna Novak", "allyOf", "Peter Lang", "ended")),
]

ASSERTED = [  # what sounds otherwise and is a fact all the same
    case("The European Union may lift its sanctions on Syria.", SYRIA),
    case("The European Union has not lifted its sanctions on Syria.", SYRIA),
    case("The European Union refused to lift its sanctions on Syria.", SYRIA),
    case("The European Union agreed to end its embargo against Syria.", SYRIA),
    case("The European Union's sanctions on Syria may hurt the poor.", SYRIA),
    case("Emmanuel Macron, the president of France, may visit Rome.", ("Emmanuel Macron", "leaderOf", "France")),
    case("Emmanuel Macron, the president of France, did not visit Rome.", ("Emmanuel Macron", "leaderOf", "France")),
    case("French President Emmanuel Macron denied that taxes had risen.", ("Emmanuel Macron", "leaderOf", "France")),
    case("Emmanuel Macron will remain president of France.", ("Emmanuel Macron", "leaderOf", "France")),
    case("Angela Merkel managed to meet Emmanuel Macron.", MET),
    case("Angela Merkel met Emmanuel Macron, who may resign.", MET),
    case("Angela Merkel, who does not like trains, met Emmanuel Macron.", MET),
    case("Angela Merkel met Emmanuel Macron to discuss possible sanctions.", MET),
    case("Anna Novak, the acting mayor of Lisbon, voted no.", ("Anna Novak", "leaderOf", "Lisbon")),
    case("The European Union decided to extend its sanctions on Syria.", SYRIA),
]


UNREAL = [  # asked, told in a story, said of another world, or called untrue
    case("Did Angela Merkel meet Emmanuel Macron?", (*MET, "prospective")),
    case("Had Angela Merkel met Emmanuel Macron, the talks would be over.", (*MET, "prospective")),
    case("Anna Novak wrote a novel in which Angela Merkel meets Emmanuel Macron.", (*MET, "prospective")),
    case("Reports that Angela Merkel met Emmanuel Macron are false.", (*MET, "denied")),
    case("Berlin dismissed reports that Angela Merkel had met Emmanuel Macron.", (*MET, "denied")),
    case("Angela Merkel will not meet Emmanuel Macron.", (*MET, "denied")),
    case("Anna Novak was dismissed as mayor of Lisbon.", ("Anna Novak", "leaderOf", "Lisbon", "ended")),
    case("Anna Novak is expected to run against Peter Lang.", ("Anna Novak", "rivalOf", "Peter Lang", "prospective")),
    case("Anna Novak will face Peter Lang in the runoff.", ("Anna Novak", "rivalOf", "Peter Lang")),
]


@pytest.mark.parametrize(("sentence", "facts"), DENIED + PROSPECTIVE + ENDED + ASSERTED + UNREAL)
def test_modality(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """Negation denies, plans and modals project, "former" and "lifted" end; what is to end still holds."""
    assert claims_of(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        case("Angela Merkel wanted to meet Emmanuel Macron. Angela Merkel met Emmanuel Macron in May.", MET),
        case("Angela Merkel met Emmanuel Macron. Angela Merkel will meet Emmanuel Macron again in May.", MET),
        case(
            "Angela Merkel did not meet Emmanuel Macron. Angela Merkel may meet Emmanuel Macron in May.",
            (*MET, "prospective"),
        ),
    ],
)
def test_strongest_modality_counts(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """An article makes a claim once, in its strongest modality."""
    assert claims_of(sentence) == facts


def test_strength() -> None:
    """A fact is stronger than what is over, that than what is planned, that than what is untrue."""
    assert Modality.strongest(reversed(Modality)) is Modality.ASSERTED
    assert list(Modality) == ["asserted", "ended", "prospective", "denied"]
