"""The day on which a claim happened, told against the day of publication."""

from __future__ import annotations

import datetime as dt

import pytest
from conftest import RecordOf

SATURDAY = dt.date(2020, 8, 15)


def day(text: str) -> dt.date | None:
    """A date of the table: "2020-08-15", "" for none."""
    return dt.date.fromisoformat(text) if text else None


def missing(reason: str) -> pytest.MarkDecorator:
    """Marks what the code does not get yet."""
    return pytest.mark.xfail(reason=reason, strict=False)


@pytest.mark.parametrize(
    ("sentence", "happened"),
    [
        ("Angela Merkel met Emmanuel Macron on Saturday.", "2020-08-15"),  # the weekday of publication is that day
        ("Angela Merkel met Emmanuel Macron on Friday.", "2020-08-14"),
        ("Angela Merkel met Emmanuel Macron on Sunday.", "2020-08-09"),
        ("On Thursday Angela Merkel met Emmanuel Macron.", "2020-08-13"),
        ("Angela Merkel met Emmanuel Macron in Paris on Monday.", "2020-08-10"),
        ("Angela Merkel met Emmanuel Macron last Saturday.", "2020-08-08"),
        ("Angela Merkel met Emmanuel Macron today.", "2020-08-15"),
        ("Angela Merkel met Emmanuel Macron yesterday.", "2020-08-14"),
        ("Angela Merkel met Emmanuel Macron on Aug. 12.", "2020-08-12"),
        ("Angela Merkel met Emmanuel Macron on August 12.", "2020-08-12"),
        ("Angela Merkel met Emmanuel Macron on 12 August.", "2020-08-12"),
        ("Angela Merkel met Emmanuel Macron on December 20.", "2019-12-20"),  # the last one up to publication
        ("Angela Merkel met Emmanuel Macron on 15 August 2019.", "2019-08-15"),
        ("Angela Merkel met Emmanuel Macron on August 15, 2019.", "2019-08-15"),
        ("Angela Merkel met Emmanuel Macron on Sept. 3rd, 2018.", "2018-09-03"),
        ("Angela Merkel will meet Emmanuel Macron on Friday.", "2020-08-21"),
        ("Angela Merkel will meet Emmanuel Macron on Saturday.", "2020-08-22"),
        ("Angela Merkel will meet Emmanuel Macron tomorrow.", "2020-08-16"),
        pytest.param(
            "Angela Merkel will meet Emmanuel Macron on August 20.",
            "2020-08-20",
        ),
        ("Angela Merkel will meet Emmanuel Macron next Monday.", "2020-08-17"),
        ("Angela Merkel will meet Emmanuel Macron on January 10.", "2021-01-10"),
        ("Angela Merkel met Emmanuel Macron.", ""),
        ("Angela Merkel met Emmanuel Macron in May.", ""),
        ("Angela Merkel met Emmanuel Macron in 2018.", ""),
        ("Angela Merkel met Emmanuel Macron last week.", ""),
        ("Angela Merkel will meet Emmanuel Macron next week.", ""),
        ("Angela Merkel met Emmanuel Macron on February 30.", ""),
        ("Angela Merkel met Emmanuel Macron. It rained on Friday.", ""),  # another sentence's day
        ("On Friday it rained, and on Thursday Angela Merkel met Emmanuel Macron.", "2020-08-13"),
        pytest.param(
            "Anna Novak said on Friday that Angela Merkel had met Emmanuel Macron.",
            "",
            marks=missing("dates: the day of the saying is taken for that of what was said"),
        ),  # the day of the saying
    ],
)
def test_day_of_a_meeting(record_of: RecordOf, sentence: str, happened: str) -> None:
    """A weekday is the last one up to publication, or the next one for what is to come; a week is no day."""
    (claim,) = record_of(sentence, SATURDAY).claims
    assert claim.date == day(happened)


@pytest.mark.parametrize(
    ("sentence", "happened"),
    [
        ("Angela Merkel met Emmanuel Macron on Saturday.", ""),
        ("Angela Merkel met Emmanuel Macron yesterday.", ""),
        ("Angela Merkel met Emmanuel Macron on August 12.", ""),
        ("Angela Merkel met Emmanuel Macron on 12 August 2020.", "2020-08-12"),
    ],
)
def test_without_a_day_of_publication(record_of: RecordOf, sentence: str, happened: str) -> None:
    """Without the day of publication only a full date is one."""
    (claim,) = record_of(sentence).claims
    assert claim.date == day(happened)


@pytest.mark.parametrize("back", range(7))
def test_each_weekday(record_of: RecordOf, back: int) -> None:
    """Each weekday is the one within the seven days up to publication, publication's own included."""
    happened = SATURDAY - dt.timedelta(days=back)
    (claim,) = record_of(f"Angela Merkel met Emmanuel Macron on {happened:%A}.", SATURDAY).claims
    assert claim.date == happened


def test_office_has_no_day(record_of: RecordOf) -> None:
    """A title says nothing of when: the day belongs to the visit."""
    (claim,) = record_of("French President Emmanuel Macron visited a school on Monday.", SATURDAY).claims
    assert claim.date is None
