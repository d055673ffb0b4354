"""Whose words a claim is: reports, quotes and their speakers; what an article presupposes is its own."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Fact, RecordOf, fact, tidy

CALL = ("Angela Merkel", "spokeWith", "Vladimir Putin")
SYRIA = ("Syria", "sanctionedBy", "European Union")
NOVAK = ("Anna Novak", "allyOf", "Peter Lang")


def said(text: str, of: tuple[str, ...], source: str | None, fails: str = "") -> Any:
    """A row: a text, one of its claims, and whose words that claim is; None is the article's own."""
    marks = [pytest.mark.xfail(reason=fails, strict=False)] if fails else []
    return pytest.param(text, tidy(of), source, id=text[:60], marks=marks)


REPORTS = [
    said("The Kremlin said Vladimir Putin had spoken with Angela Merkel.", CALL, "Kremlin"),
    said("The Kremlin said on Sunday that Vladimir Putin had spoken with Angela Merkel.", CALL, "Kremlin"),
    said("In a statement, the Kremlin said Vladimir Putin had spoken with Angela Merkel.", CALL, "Kremlin"),
    said("Vladimir Putin had spoken with Angela Merkel, the Kremlin said.", CALL, "Kremlin"),
    said("Vladimir Putin, the Kremlin said, had spoken with Angela Merkel.", CALL, "Kremlin"),
    said("Vladimir Putin spoke with Angela Merkel on Sunday, said Dmitry Peskov.", CALL, "Dmitry Peskov"),
    said(
        "The Kremlin's spokesman, Dmitry Peskov, said Vladimir Putin spoke with Angela Merkel.", CALL, "Dmitry Peskov"
    ),
    said("Dmitry Peskov told the BBC that Vladimir Putin had spoken with Angela Merkel.", CALL, "Dmitry Peskov"),
    said("Dmitry Peskov confirmed that Vladimir Putin had spoken with Angela Merkel.", CALL, "Dmitry Peskov"),
    said("Dmitry Peskov arrived late. He said Vladimir Putin had spoken with Angela Merkel.", CALL, "Dmitry Peskov"),
    said("Reuters reported that Vladimir Putin spoke with Angela Merkel.", CALL, "Reuters"),
    said("Diplomats said Vladimir Putin spoke with Angela Merkel.", CALL, "Diplomats"),
    said("Two diplomats in Geneva said Vladimir Putin spoke with Angela Merkel.", CALL, "Two diplomats in Geneva"),
    said("According to the Kremlin, Vladimir Putin spoke with Angela Merkel.", CALL, "Kremlin"),
    said("Vladimir Putin spoke with Angela Merkel, according to the Kremlin.", CALL, "Kremlin"),
    said("Vladimir Putin, according to state media, spoke with Angela Merkel.", CALL, "state media"),
    said("Angela Merkel said she had spoken with Vladimir Putin.", CALL, "Angela Merkel"),
    said("The European Union has imposed sanctions on Syria, Anna Novak said.", SYRIA, "Anna Novak"),
    said("Anna Novak claims that the European Union imposed sanctions on Syria.", SYRIA, "Anna Novak"),
]

QUOTES = [
    said('"Vladimir Putin spoke with Angela Merkel," the Kremlin said.', CALL, "Kremlin"),
    said('The Kremlin said: "Vladimir Putin spoke with Angela Merkel."', CALL, "Kremlin"),
    said("“Vladimir Putin spoke with Angela Merkel on Sunday,” Dmitry Peskov told reporters.", CALL, "Dmitry Peskov"),
    said('"It went well," said Dmitry Peskov. "Vladimir Putin spoke with Angela Merkel."', CALL, "Dmitry Peskov"),
    said('"Vladimir Putin spoke with Angela Merkel. It went well," said Dmitry Peskov.', CALL, "Dmitry Peskov"),
    said(
        'Vladimir Putin was in Sochi. "He spoke with Angela Merkel at noon," Dmitry Peskov said.',
        CALL,
        "Dmitry Peskov",
    ),
    said('"The European Union imposed sanctions on Syria," Anna Novak wrote on Twitter.', SYRIA, "Anna Novak"),
]

OWN = [
    said("Vladimir Putin spoke with Angela Merkel.", CALL, None),
    said("Vladimir Putin spoke with Angela Merkel. Prices will rise, Anna Novak said.", CALL, None),
    said("Vladimir Putin, who spoke with Angela Merkel on Sunday, said prices would rise.", CALL, None),
    said("Anna Novak, an ally of Peter Lang, said prices would rise.", NOVAK, None),
    said("Peter Lang's ally Anna Novak said prices would rise.", NOVAK, None),
    said("Traders said prices would rise after Anna Novak, an ally of Peter Lang, was hurt.", NOVAK, None),
    said(
        "Emmanuel Macron, the president of France, said prices would rise.",
        ("Emmanuel Macron", "leaderOf", "France"),
        None,
    ),
    said(
        "French President Emmanuel Macron said that prices would rise.", ("Emmanuel Macron", "leaderOf", "France"), None
    ),
    said("Anna Novak said the European Union's sanctions on Syria had hurt the poor.", SYRIA, None),
    said("Anna Novak spoke of sanctions that the European Union imposed on Syria in 2011.", SYRIA, None),
    said(
        "The European Union said prices would rise and imposed sanctions on Syria.",
        SYRIA,
        None,
        fails='parse: "imposed" is joined to "rise", what was said',
    ),
    said("Angela Merkel spoke with Vladimir Putin and said it went well.", CALL, None),
]


@pytest.mark.parametrize(("text", "of", "source"), REPORTS + QUOTES + OWN)
def test_attribution(record_of: RecordOf, text: str, of: Fact, source: str | None) -> None:
    """A reported claim names its source, as an entity where the article has it; a presupposed one has none."""
    record = record_of(text)
    found = {fact(record, claim): claim for claim in record.claims}
    assert of in found
    assert found[of].attribution == source
    number = found[of].source
    assert number is None or record.entities[number].name == source
