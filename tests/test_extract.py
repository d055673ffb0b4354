"""What sentences claim: each relation in the constructions that newspapers use, and much that claims nothing."""

from __future__ import annotations

import pytest
from conftest import Fact, FactsOf, case

MACRON = ("Emmanuel Macron", "leaderOf", "France")
MET = ("Angela Merkel", "metWith", "Emmanuel Macron")
SPOKE = ("Angela Merkel", "spokeWith", "Emmanuel Macron")
RIVAL = ("Emmanuel Macron", "rivalOf", "Marine Le Pen")
ALLY = ("Evo Morales", "allyOf", "Nicolas Maduro")
SYRIA = ("Syria", "sanctionedBy", "European Union")
CALL = ("Angela Merkel", "spokeWith", "Vladimir Putin")
CLINTON = ("Barack Obama", "allyOf", "Hillary Clinton")
MERKEL = ("Angela Merkel", "leaderOf", "Germany")

OFFICES_OF_STATE = [
    case("French President Emmanuel Macron visited a school on Monday.", MACRON),
    case("Emmanuel Macron, the president of France, visited a school.", MACRON),
    case("The president of France, Emmanuel Macron, visited a school.", MACRON),
    case("Emmanuel Macron, France's president, visited a school.", MACRON),
    case("France's president, Emmanuel Macron, visited a school.", MACRON),
    case("France's President Emmanuel Macron visited a school.", MACRON),
    case("President Emmanuel Macron of France visited a school.", MACRON),
    case("The French president, Emmanuel Macron, 44, visited a school.", MACRON),
    case("Emmanuel Macron is the president of France.", MACRON),
    case("Emmanuel Macron has been president of France since 2017.", MACRON),
    case("Emmanuel Macron was elected president of France in 2017.", MACRON),
    case("Voters elected Emmanuel Macron president of France.", MACRON),
    case("Emmanuel Macron, who became president of France in 2017, visited a school.", MACRON),
    case("France is led by Emmanuel Macron.", MACRON),
    case("France, which is led by Emmanuel Macron, has raised taxes.", MACRON),
    case("Emmanuel Macron, who leads France, has raised taxes.", MACRON),
    case("Elected as president of France in 2017, Emmanuel Macron promised lower taxes.", MACRON),
    case("As president of France, Emmanuel Macron has raised taxes twice.", MACRON),
    case("German Chancellor Angela Merkel and French President Emmanuel Macron opened the fair.", MERKEL, MACRON),
    case(
        "Angela Merkel and Emmanuel Macron, the leaders of Germany and France, opened the fair.",
        MERKEL,
        MACRON,
        fails="a plural role is not dealt out over conjoined holders and bodies",
    ),
    case(
        "Moon Jae-in took office as president of South Korea in May 2017.",
        ("Moon Jae-in", "leaderOf", "South Korea"),
        fails='names: a hyphen inside a given name ("Jae-in") splits it',
    ),
    case(
        "Jacinda Ardern served as prime minister of New Zealand for five years.",
        ("Jacinda Ardern", "leaderOf", "New Zealand"),
    ),
    case("King Felipe VI of Spain opened parliament.", ("Felipe VI", "leaderOf", "Spain")),
    case("Queen Margrethe of Denmark opened the bridge.", ("Margrethe", "leaderOf", "Denmark")),
    case("Robert Mugabe ruled Zimbabwe for 37 years.", ("Robert Mugabe", "leaderOf", "Zimbabwe")),
    case("Viktor Orban returned to power in Hungary in 2010.", ("Viktor Orban", "leaderOf", "Hungary")),
    case("Texas Gov. Greg Abbott signed the bill.", ("Greg Abbott", "leaderOf", "Texas")),
    case("Sadiq Khan, the mayor of London, opened a bridge.", ("Sadiq Khan", "leaderOf", "London")),
    case("London Mayor Sadiq Khan opened a bridge.", ("Sadiq Khan", "leaderOf", "London")),
]

OTHER_BODIES = [
    case("Tim Cook, chief executive of Apple, presented a new phone.", ("Tim Cook", "leaderOf", "Apple")),
    case("Apple chief executive Tim Cook presented a new phone.", ("Tim Cook", "leaderOf", "Apple")),
    case(
        "Jens Stoltenberg, NATO's secretary-general, welcomed the vote.",
        ("Jens Stoltenberg", "leaderOf", "NATO"),
    ),
    case(
        "Ursula von der Leyen heads the European Commission.",
        ("Ursula von der Leyen", "leaderOf", "European Commission"),
    ),
    case(
        "Christine Lagarde was appointed head of the International Monetary Fund.",
        ("Christine Lagarde", "leaderOf", "International Monetary Fund"),
    ),
    case("Hezbollah leader Hassan Nasrallah gave a speech.", ("Hassan Nasrallah", "leaderOf", "Hezbollah")),
    case("Labour leader Jeremy Corbyn gave a speech.", ("Jeremy Corbyn", "leaderOf", "Labour Party")),
    case("Tesla, led by Elon Musk, opened a plant near Hanover.", ("Elon Musk", "leaderOf", "Tesla")),
    case(
        "Marta Ruiz, who chairs the Solano Growers Union, told growers to wait.",
        ("Marta Ruiz", "leaderOf", "Solano Growers Union"),
    ),
    case(
        "Peter Lang, head of the Northern Dockers Guild, was away.",
        ("Peter Lang", "leaderOf", "Northern Dockers Guild"),
    ),
]

OFFICIALS = [
    case("Canadian Foreign Minister Chrystia Freeland arrived late.", ("Chrystia Freeland", "officialOf", "Canada")),
    case("Sergei Lavrov, Russia's foreign minister, arrived late.", ("Sergei Lavrov", "officialOf", "Russia")),
    case("Sergei Lavrov, Russia's minister of foreign affairs, was late.", ("Sergei Lavrov", "officialOf", "Russia")),
    case("U.S. Secretary of State John Kerry arrived late.", ("John Kerry", "officialOf", "United States")),
    case("John Kerry, the US secretary of state, arrived late.", ("John Kerry", "officialOf", "United States")),
    case("The Polish ambassador to Ukraine, Jan Pieklo, resents the film.", ("Jan Pieklo", "officialOf", "Poland")),
    case("Senator John McCain of Arizona was in Hanoi again.", ("John McCain", "officialOf", "Arizona")),
    case("Kremlin spokesman Dmitry Peskov laughed.", ("Dmitry Peskov", "officialOf", "Kremlin")),
    case("Dmitry Peskov, a spokesman for the Kremlin, laughed.", ("Dmitry Peskov", "officialOf", "Kremlin")),
    case("Italy's deputy prime minister, Matteo Salvini, laughed.", ("Matteo Salvini", "officialOf", "Italy")),
    case("Mike Pence, the American vice president, laughed.", ("Mike Pence", "officialOf", "United States")),
    case(
        "Nancy Pelosi was speaker of the House of Representatives.",
        ("Nancy Pelosi", "officialOf", "US House of Representatives"),
    ),
    case(
        "Abdel Fattah al-Burhan, Sudan's army chief, saw the parade.", ("Abdel Fattah al-Burhan", "officialOf", "Sudan")
    ),
    case(
        "Japanese Prime Minister Shinzo Abe and Foreign Minister Taro Kono laughed.",
        ("Shinzo Abe", "leaderOf", "Japan"),
        ("Taro Kono", "officialOf", "Japan"),
    ),
    case(
        "Norway's ministers of finance and health, Siv Jensen and Bent Hoie, laughed.",
        ("Siv Jensen", "officialOf", "Norway"),
        ("Bent Hoie", "officialOf", "Norway"),
    ),
]

MEMBERS = [
    case(
        "Several Republican presidential candidates, including Ted Cruz and Marco Rubio, criticized the trade.",
        ("Ted Cruz", "memberOf", "Republican Party"),
        ("Marco Rubio", "memberOf", "Republican Party"),
    ),
    case("The trip has made NATO, of which Turkey is a member, uneasy.", ("Turkey", "memberOf", "NATO")),
    case(
        "Sens. Bob Corker (R-Tenn.) and Robert Menendez (D-N.J.) wrote the bill.",
        ("Bob Corker", "memberOf", "Republican Party"),
        ("Bob Corker", "officialOf", "Tennessee"),
        ("Robert Menendez", "memberOf", "Democratic Party"),
        ("Robert Menendez", "officialOf", "New Jersey"),
    ),
    case("Albania joined NATO in 2009.", ("Albania", "memberOf", "NATO")),
    case("Croatia is a member of the European Union.", ("Croatia", "memberOf", "European Union")),
    case("Hungary, a member of the European Union, has closed its border.", ("Hungary", "memberOf", "European Union")),
    case("NATO member Turkey bought the missiles.", ("Turkey", "memberOf", "NATO")),
    case(
        "Kenya and Uganda are members of the African Union.",
        ("Kenya", "memberOf", "African Union"),
        ("Uganda", "memberOf", "African Union"),
    ),
    case(
        "Jens Spahn is a member of the Christian Democratic Union.",
        ("Jens Spahn", "memberOf", "Christian Democratic Union"),
    ),
    case("Fidesz lawmaker Tamas Deutsch was fined.", ("Tamas Deutsch", "memberOf", "Fidesz")),
    case(
        "Lindsey Graham, a Republican senator from South Carolina, laughed.",
        ("Lindsey Graham", "officialOf", "South Carolina"),
        ("Lindsey Graham", "memberOf", "Republican Party"),
    ),
    case(
        "Sen. Marco Rubio (R-Fla.) laughed.",
        ("Marco Rubio", "officialOf", "Florida"),
        ("Marco Rubio", "memberOf", "Republican Party"),
    ),
    case("Republican Senator Susan Collins voted no.", ("Susan Collins", "memberOf", "Republican Party")),
    case("Democrat Joe Manchin voted no.", ("Joe Manchin", "memberOf", "Democratic Party")),
    case("Ruth Calder, who belongs to the Labour Party, voted no.", ("Ruth Calder", "memberOf", "Labour Party")),
]

MEETINGS = [
    case("Angela Merkel met Emmanuel Macron in Paris.", MET),
    case("Angela Merkel met with Emmanuel Macron on Tuesday.", MET),
    case("Angela Merkel and Emmanuel Macron met in Paris.", MET),
    case("Emmanuel Macron was received by Angela Merkel in Berlin.", MET),
    case("Emmanuel Macron, who met Angela Merkel on Monday, flew to Rome.", MET),
    case("Angela Merkel, whom Emmanuel Macron met on Monday, flew to Rome.", MET),
    case(
        "After meeting Angela Merkel, Emmanuel Macron flew to Rome.",
        MET,
        fails="parse: the name after the comma is read as an apposition",
    ),
    case("Emmanuel Macron flew to Berlin and met Angela Merkel.", MET),
    case(
        "Emmanuel Macron met Angela Merkel and Mark Rutte in Brussels.",
        MET,
        ("Emmanuel Macron", "metWith", "Mark Rutte"),
    ),
    case("Emmanuel Macron's meeting with Angela Merkel lasted two hours.", MET),
    case("The meeting between Emmanuel Macron and Angela Merkel lasted two hours.", MET),
    case(
        "Emmanuel Macron used a meeting with Angela Merkel to press the point.",
        MET,
        fails="graph: a subject does not reach the noun that is its verb's object",
    ),
    case("Pope Francis welcomed Juan Manuel Santos at the Vatican.", ("Francis", "metWith", "Juan Manuel Santos")),
]

TALKS = [
    case("Angela Merkel and Emmanuel Macron held talks in Paris.", SPOKE),
    case("Angela Merkel held talks with Emmanuel Macron.", SPOKE),
    case("Angela Merkel spoke by phone with Emmanuel Macron.", SPOKE),
    case("Angela Merkel spoke to Emmanuel Macron on Sunday.", SPOKE),
    case("Angela Merkel telephoned Emmanuel Macron.", SPOKE),
    case("Emmanuel Macron discussed the budget with Angela Merkel.", SPOKE),
    case("In a phone call with Emmanuel Macron, Angela Merkel voiced concern.", SPOKE),
    case("Talks between Angela Merkel and Emmanuel Macron went on all night.", SPOKE),
    case("A telephone conversation between Angela Merkel and Emmanuel Macron took place on Sunday.", SPOKE),
    case("Angela Merkel had a telephone conversation with Emmanuel Macron.", SPOKE),
    case("Angela Merkel and Emmanuel Macron spoke by phone on Sunday.", SPOKE),
    case("North Korea and South Korea held talks at Panmunjom.", ("North Korea", "spokeWith", "South Korea")),
    case("Israel negotiated with Hamas through the night.", ("Hamas", "spokeWith", "Israel")),
    case("The US delegation held talks with the Taliban in Doha.", ("Taliban", "spokeWith", "United States")),
    case("In an interview with the BBC, Tony Blair defended the war.", ("BBC", "spokeWith", "Tony Blair")),
    case("Tony Blair was interviewed by the BBC.", ("BBC", "spokeWith", "Tony Blair")),
]

RIVALS = [
    case("Marine Le Pen is a rival of Emmanuel Macron.", RIVAL),
    case("Marine Le Pen, Emmanuel Macron's rival, voted in Henin-Beaumont.", RIVAL),
    case("Emmanuel Macron's rival, Marine Le Pen, voted early.", RIVAL),
    case(
        "Emmanuel Macron and his rival Marine Le Pen voted early.",
        RIVAL,
        fails='roles: "rival" tagged as an adjective before a name is no role',
    ),
    case("Emmanuel Macron and Marine Le Pen are rivals.", RIVAL),
    case("Marine Le Pen ran against Emmanuel Macron in 2017.", RIVAL),
    case("Emmanuel Macron defeated Marine Le Pen in the run-off.", RIVAL),
    case("Marine Le Pen lost to Emmanuel Macron in the presidential election.", RIVAL),
    case("Marine Le Pen, who challenged Emmanuel Macron for the presidency, voted early.", RIVAL),
    case("The rivalry between Emmanuel Macron and Marine Le Pen goes on.", RIVAL),
    case(
        "Fatah and its rival Hamas named a cabinet.",
        ("Fatah", "rivalOf", "Hamas"),
        fails='roles: "rival" tagged as an adjective before a name is no role',
    ),
    case("Fatah, a bitter opponent of Hamas, named a cabinet.", ("Fatah", "rivalOf", "Hamas")),
]

ALLIES = [
    case("Evo Morales is an ally of Nicolas Maduro.", ALLY),
    case("Evo Morales, a close ally of Nicolas Maduro, flew to Mexico.", ALLY),
    case("Nicolas Maduro's ally Evo Morales flew to Havana.", ALLY),
    case("Evo Morales and Nicolas Maduro are allies.", ALLY),
    case("Barack Obama endorsed Hillary Clinton.", CLINTON),
    case("Hillary Clinton was endorsed by Barack Obama.", CLINTON),
    case("Joe Biden chose Kamala Harris as his running mate.", ("Joe Biden", "allyOf", "Kamala Harris")),
    case("Hezbollah, which is backed by Iran, denied the charge.", ("Hezbollah", "allyOf", "Iran")),
    case(
        "Iran-backed Hezbollah fired the rockets.",
        ("Hezbollah", "allyOf", "Iran"),
        fails='lexicon: "X-backed Y" (npadvmod) has no template',
    ),
    case(
        "Syriza formed a coalition with the Independent Greeks.",
        ("Independent Greeks", "allyOf", "Syriza"),
        fails="gazetteer: the party is not known, and its last word is a demonym",
    ),
    case("The United Kingdom and its ally Portugal stayed out.", ("Portugal", "allyOf", "United Kingdom")),
    case("Barack Obama's endorsement of Hillary Clinton came late.", CLINTON),
]

SANCTIONS = [
    case(
        "Estonia and Latvia did not wait: on their own they have barred Anna Novak from entry.",
        ("Anna Novak", "sanctionedBy", "Estonia"),
        ("Anna Novak", "sanctionedBy", "Latvia"),
    ),
    case("The European Union imposed sanctions on Syria.", SYRIA),
    case("The EU sanctioned Syria in 2011.", SYRIA),
    case("Syria was sanctioned by the European Union.", SYRIA),
    case("Syria, which was sanctioned by the European Union in 2011, has no money.", SYRIA),
    case(
        "The European Union has frozen Bashar al-Assad's assets.", ("Bashar al-Assad", "sanctionedBy", "European Union")
    ),
    case("EU sanctions against Syria hurt the poor.", SYRIA),
    case("The European Union's sanctions on Syria hurt the poor.", SYRIA),
    case("Sanctions imposed on Syria by the European Union hurt the poor.", SYRIA),
    case("Syria is under European Union sanctions.", SYRIA),
    case(
        "The EU and the United States imposed sanctions on Iran and Syria.",
        ("Iran", "sanctionedBy", "European Union"),
        ("Iran", "sanctionedBy", "United States"),
        SYRIA,
        ("Syria", "sanctionedBy", "United States"),
    ),
    case("The U.S. embargo on Cuba dates from 1962.", ("Cuba", "sanctionedBy", "United States")),
    case("Washington imposed an arms embargo on Sudan.", ("Sudan", "sanctionedBy", "Washington")),
    case("Canada added Oleg Deripaska to its sanctions list.", ("Oleg Deripaska", "sanctionedBy", "Canada")),
    case("The United States blacklisted Huawei.", ("Huawei", "sanctionedBy", "United States")),
    case(
        "The EU imposed sanctions on Belarusian officials.", ("Belarusian officials", "sanctionedBy", "European Union")
    ),
]

REPORTED = [
    case("The Kremlin said that Vladimir Putin had spoken with Angela Merkel.", CALL),
    case("According to the Kremlin, Vladimir Putin spoke with Angela Merkel.", CALL),
    case("Vladimir Putin spoke with Angela Merkel, the Kremlin said.", CALL),
]

ONE_ENTITY = [  # last names, honorifics, pronouns, nominal mentions, headlines
    case(
        "Angela Merkel flew to Paris. There Mrs Merkel met Emmanuel Macron.",
        MET,
    ),
    case(
        "Angela Merkel flew to Paris. Merkel met Emmanuel Macron there.",
        MET,
    ),
    case(
        "Angela Merkel flew to Paris. She met Emmanuel Macron there.",
        MET,
    ),
    case(
        "Angela Merkel and Barack Obama flew to Paris. He later met Emmanuel Macron.",
        ("Barack Obama", "metWith", "Emmanuel Macron"),
    ),
    case(
        "Emmanuel Macron is the president of France. The French president spoke with Joe Biden by phone.",
        MACRON,
        ("Emmanuel Macron", "spokeWith", "Joe Biden"),
    ),
    case(
        "Emmanuel Macron is the president of France. The president spoke with Joe Biden by phone.",
        MACRON,
        ("Emmanuel Macron", "spokeWith", "Joe Biden"),
    ),
    case(
        "Angela Merkel and Emmanuel Macron flew to Rome. The two leaders met on Friday.",
        MET,
    ),
    case(
        "Emmanuel Macron flew to Berlin, where he met Angela Merkel.",
        MET,
    ),
    case(
        "Donald Trump flew to Helsinki. His rival Hillary Clinton stayed at home.",
        ("Donald Trump", "rivalOf", "Hillary Clinton"),
    ),
    case(
        "Syria is short of fuel. The European Union has imposed sanctions on it.",
        SYRIA,
    ),
    case(
        "The European Union lost patience with Syria. The bloc imposed an oil embargo on Damascus.",
        ("Damascus", "sanctionedBy", "European Union"),
    ),
    case(
        "Merkel Meets Macron In Paris\n\nAngela Merkel was in Paris for three hours on Tuesday, "
        "and Emmanuel Macron took her to the opera, people who were there said.",
        MET,
    ),
]

CLAIMING = (
    OFFICES_OF_STATE
    + OTHER_BODIES
    + OFFICIALS
    + MEMBERS
    + MEETINGS
    + TALKS
    + RIVALS
    + ALLIES
    + SANCTIONS
    + REPORTED
    + ONE_ENTITY
)


@pytest.mark.parametrize(("sentence", "facts"), CLAIMING)
def test_sentence_claims(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """A sentence claims what a reader would say that it states, and no more."""
    assert claims_of(sentence) == facts


NOTHING = [
    case("Nobody in Lausanne pretended that Iran and France were allies.", ("Iran", "allyOf", "France", "denied")),
    case("From Washington President Obama sent a letter."),
    case("Belarusian opposition leader Svetlana Tikhanovskaya laughed."),
    case("It rained in Lisbon on Sunday."),
    case("Angela Merkel criticised Donald Trump."),
    case("Angela Merkel disagreed with Donald Trump about the pipeline."),
    case("Angela Merkel and Donald Trump attended the summit in Hamburg."),
    case("Angela Merkel talked about Donald Trump for an hour."),
    case("Emmanuel Macron praised a speech that Angela Merkel had given."),
    case("Emmanuel Macron told the BBC that he was tired."),
    case("Emmanuel Macron gave a news conference with his Polish counterpart."),
    case("Theresa May spoke to a crowd in Manchester."),
    case("Protest leader Anna Novak called for calm."),
    case("Anna Novak, a student leader, called for calm."),
    case(
        "FIFA banned Russia from the World Cup.",
        fails='lexicon: "banned from" an event is read as the end of a membership',
    ),
    case("The International Olympic Committee banned Marion Jones for two years."),
    case("France beat Germany 2-0 in Marseille."),
    case("A court in Lisbon ordered Anna Novak to pay a fine."),
    case("The European Commission fined Google."),
    case("France and Germany signed a treaty on fishing."),
    case("Adele, a British singer, opened the festival."),
    case("Anna Schmidt works for Siemens in Munich."),
    case("American chief executive Peter Lang bought a yacht."),
    case("The prime minister of Japan resigned."),
    case("A spokesman said the ministry had no comment."),
    case("Police arrested John Smith in Paris on Friday."),
    case("She met him."),
    case("The two men met in secret."),
    case("Maria Lopez is a friend of Carlos Vega."),
    case("Carlos Vega, the founder of the shop, was the mentor of Maria Lopez."),
    case("The president spoke of peace."),
    case("Russia invaded Ukraine."),
    case("Russia and Ukraine are at war."),
    case("Vice President Mike Pence flew to Ankara."),
    case("President Jimmy Carter wrote a book."),
    case("The meeting lasted two hours."),
    case("Sanctions hurt the poor."),
    case("Tom Hanks met a fan."),
    case("Emmanuel Macron wrote a letter about Angela Merkel."),
    case("Shares in Apple fell after Tim Cook sold some."),
    case("The Apple store in Rome is led by a woman of thirty."),
    case("The bank sanctioned the loan to Maria Lopez."),
    case("Emmanuel Macron's visit to Germany was cut short."),
    case("The governor's wife, Anna Novak, opened the fair."),
    case("Prince Harry played polo in Chile."),
    case("Leaders of France and Germany were invited."),
    case("Senate Republicans left early."),
]


@pytest.mark.parametrize(("sentence", "facts"), NOTHING)
def test_sentence_claims_nothing(claims_of: FactsOf, sentence: str, facts: set[Fact]) -> None:
    """Criticism, sport, crowds, loose leaders and unnamed parties make no claim."""
    assert claims_of(sentence) == facts
