"""Reading: files of every kind, in every layout, broken ones too, become documents or problems."""

import datetime as dt
import gzip
import io
import json
import os
import sys
import tempfile
import textwrap
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import UnreadableInput
from kg.model import Document, Part, Problem
from kg.read import READERS, read, segment
from kg.read import files as files_module
from kg.read import formats as formats_module
from kg.read.dates import date_line, parse_date
from kg.read.language import foreign_language

DATA = Path(__file__).parent / "data" / "read"

HEADLINE = "Lethmar denies secret line to exiled princess"
PARAGRAPHS = [
    "The government of Lethmar flatly denied on Tuesday that its president, Corvin Hale, had been in contact with "
    'Isaura Vant, the exiled princess of Quay. "There is no line, secret or otherwise," said a spokesman.',
    "Marshal Teodor Ilk seized the duchy four years ago. Since then he has ruled it from a barracks on the coast, and "
    "Mr. Hale has called him a thief more than once.",
    "Nobody in Port Anselm was surprised.",
    "The princess, 38, lives in Brannock with her two sons and a retired admiral. She is not a member of any party, "
    "but the Homeland Front of Jurgen Pell wants her back on the throne. Dr. Pell met her in March; they spoke for an "
    "hour about ships, taxes and the weather.",
    "Asked whether he would speak with her, the president smiled. He then left for Halvern, where the Northern Compact "
    "is to meet on Friday.",
]
ARTICLE = "\n\n".join([HEADLINE, *PARAGRAPHS])
SENTENCE = "Corvin Hale, the president of Lethmar, spoke with Isaura Vant."
GERMAN = "Der Präsident ist nicht in der Stadt, und die Minister wissen nichts von der Reise. " * 4


def only(path: Path | str, **options: Any) -> Document:
    """The one document of a path."""
    [document] = read([path], **options)
    assert isinstance(document, Document), document
    return document


def problem(path: Path | str, **options: Any) -> str:
    """The one problem of a path."""
    [found] = read([path], **options)
    assert isinstance(found, Problem), found
    return str(found)


def parts(text: str, **options: Any) -> list[tuple[str, str]]:
    """The segments of a text: (part, white space squeezed)."""
    segments, _ = segment(text, **options)
    return [(part.part.value, " ".join(text[part.start : part.end].split())) for part in segments]


def texts(text: str, part: str, **options: Any) -> list[str]:
    """What stands in the segments of one part."""
    return [found for kind, found in parts(text, **options) if kind == part]


# ---------------------------------------------------------------- parts

HEADLINES = [
    (f"{HEADLINE}\n\n{PARAGRAPHS[0]}", HEADLINE),
    (f"{HEADLINE}\n{PARAGRAPHS[0]}", HEADLINE),
    (
        f"Corvin Hale Picks Up His First Endorsements.\n\n{PARAGRAPHS[2]}",
        "Corvin Hale Picks Up His First Endorsements.",
    ),
    (f"Hale denies secret line;\nPrincess in exile.\n\n{PARAGRAPHS[0]}", "Hale denies secret line"),
    (
        f"Ilk rejects Hale's remarks but will meet him.\n\n{PARAGRAPHS[0]}",
        "Ilk rejects Hale's remarks but will meet him.",
    ),
    (f"HALE OFF! President storms out of talks\n\n{PARAGRAPHS[0]}", "HALE OFF! President storms out of talks"),
    (f"AP: Hale routed money to lobbyists.\n\n{PARAGRAPHS[0]}", "AP: Hale routed money to lobbyists."),
    (f"HOME | WORLD | SPORT\n\n{HEADLINE}\n\n{PARAGRAPHS[0]}", HEADLINE),
    (f"By Ann Roe\n\n{HEADLINE}\n\n{PARAGRAPHS[0]}", HEADLINE),
    (ARTICLE.replace("\n\n", "\n"), HEADLINE),
    ("\n\n".join(PARAGRAPHS), None),
    (SENTENCE, None),
    (HEADLINE, None),
    (f"{SENTENCE}\n\nThey are not friends.", None),
    (f"Hale met Vant. She smiled.\n\n{PARAGRAPHS[0]}", None),
    (f"Hale met Vant on Saturday.\n\n{PARAGRAPHS[0]}", None),
    (f"PORT ANSELM (AP) - Hale met Vant\n\n{PARAGRAPHS[0]}", None),
    (f"PORT ANSELM - Hale met Vant.\n\n{PARAGRAPHS[0]}", None),
    (f"The minister stated:\n\n{PARAGRAPHS[0]}", None),
]


@pytest.mark.parametrize(("text", "title"), HEADLINES)
def test_headline(text: str, title: str | None) -> None:
    """The headline is told from the body, and is the title."""
    segments, found = segment(text)
    assert found.title == title
    assert any(part.part is Part.HEADLINE for part in segments) == (title is not None)
    assert any(part.part is Part.BODY for part in segments)


@pytest.mark.xfail(reason="a short first sentence in the simple past, with a long one after it, looks like a headline")
def test_headline_or_first_sentence() -> None:
    """A first sentence is not a headline."""
    assert segment(f"Corvin Hale met Isaura Vant.\n\n{PARAGRAPHS[0]}")[1].title is None


def test_title_that_is_known() -> None:
    """The paragraph that repeats the known title is the headline, and no sentence is."""
    text = f"Corvin Hale Will Meet Isaura Vant.\n\n{PARAGRAPHS[0]}"
    assert parts(text, title="Corvin Hale will meet Isaura Vant")[0][0] == "headline"
    assert parts(text, title="Talks planned")[0][0] == "body"


def test_deck() -> None:
    """The line below the headline belongs to it, if it is no sentence."""
    text = f"{HEADLINE}\n\nMinister smiles - and the marshal who started it is silent\n\n{PARAGRAPHS[0]}"
    assert [kind for kind, _ in parts(text)] == ["headline", "headline", "body"]


DATELINES = [
    ("MINSK, Aug 15 - Thousands marched.", "MINSK, Aug 15 -"),
    ("VIENNA (AP) - After 18 days they agreed.", "VIENNA (AP) -"),
    ("PORT ANSELM, Tuesday - The government denied it.", "PORT ANSELM, Tuesday -"),
    ("MINSK, Belarus (AP) -- Thousands marched.", "MINSK, Belarus (AP) --"),
    ("TRENTON, N.J. (AP) — Was that really him?", "TRENTON, N.J. (AP) —"),
    ("WASHINGTON/MOSCOW, March 20 - They agreed.", "WASHINGTON/MOSCOW, March 20 -"),
    ("SÃO PAULO — They agreed.", "SÃO PAULO —"),
    ("ST. PETERSBURG, Russia – They agreed.", "ST. PETERSBURG, Russia –"),
    ("BANGKOK: The ministers met.", "BANGKOK:"),
    ("Philadelphia (AFP) – The president spoke.", "Philadelphia (AFP) –"),
    ("Strasbourg/Brussels, 20 March 2019. It took three hours.", "Strasbourg/Brussels, 20 March 2019."),
    ("DOHA, July 13 (Gulf Desk) - He flew home.", "DOHA, July 13 (Gulf Desk) -"),
    ("ABUJA, April 1, 2015 - He picked up the phone.", "ABUJA, April 1, 2015 -"),
    ("(Reuters) - The president spoke.", "(Reuters) -"),
    ("(CNN) The president spoke.", "(CNN)"),
    ("NATO has a new chief - at last.", None),
    ("Hale - the president - spoke.", None),
    ("Minsk is quiet: so far.", None),
    ("NATO (the alliance) met.", None),
    ("BORIS Johnson quit yesterday - and left.", None),
    ("US-led troops left.", None),
]


@pytest.mark.parametrize(("text", "dateline"), DATELINES)
def test_dateline(text: str, dateline: str | None) -> None:
    """The dateline is a segment of its own, and the body begins behind it."""
    found = parts(text)
    squeezed = " ".join(text.split())
    if dateline is None:
        assert found == [("body", squeezed)]
    else:
        assert found[0] == ("dateline", dateline)
        assert " ".join(told for _, told in found) == squeezed


BYLINES = [
    ("By Jane Roe", "Jane Roe"),
    ("BY JANE ROE", "JANE ROE"),
    ("By Jane Roe and John Doe", "Jane Roe and John Doe"),
    ("By Tamsin Orrey, Skerrow Gazette", "Tamsin Orrey"),
    ("By Jane van der Roe | Aug. 15, 2020", "Jane van der Roe"),
    ("By Jane Roe in Minsk", "Jane Roe"),
    ("By J. D. O'Roe-Smith, 15 August 2020", "J. D. O'Roe-Smith"),
    ("*By Jane Roe*", "Jane Roe"),
    ("By our Africa correspondent", None),
    ("By staff reporters", None),
]


@pytest.mark.parametrize(("line", "author"), BYLINES)
def test_byline(line: str, author: str | None) -> None:
    """A byline is furniture that names the author."""
    text = f"{HEADLINE}\n{line}\n{PARAGRAPHS[0]}"
    assert parts(text)[1] == ("furniture", line)
    assert segment(text)[1].author == author


@pytest.mark.parametrize("line", ["By dawn Hale had not called.", "By Monday, The Hague was calm.", "By March 3 Hale"])
def test_no_byline(line: str) -> None:
    """A sentence that begins with "By" is none."""
    assert ("furniture", line) not in parts(f"{HEADLINE}\n\n{line}\n\n{PARAGRAPHS[0]}")


DATE_LINES = [
    ("Published 29 January 2019", dt.date(2019, 1, 29)),
    ("August 15, 2020", dt.date(2020, 8, 15)),
    ("Aug. 15, 2020", dt.date(2020, 8, 15)),
    ("2020-08-15", dt.date(2020, 8, 15)),
    ("27 Apr 2018, 18:42 GMT", dt.date(2018, 4, 27)),
    ("SÃO PAULO, Monday 31 October 2022", dt.date(2022, 10, 31)),
    ("Berlin, 7 November 2024", dt.date(2024, 11, 7)),
    ("Published: 8:33 PM EDT, Thu March 21, 2024", dt.date(2024, 3, 21)),
    ("Published on 15th August 2020 | Updated 16 August 2020", dt.date(2020, 8, 15)),
    ("Last updated: Saturday, 15 August 2020 at 10.30 am", dt.date(2020, 8, 15)),
    ("Posted at 10:12 GMT, 15 August 2020", dt.date(2020, 8, 15)),
    ("(Aug 15, 2020) -", dt.date(2020, 8, 15)),
    ("He resigned on 15 August 2020", None),
    ("15 August 2020 was a day of mourning.", None),
    ("31 February 2020", None),
    ("August 15", None),
]


@pytest.mark.parametrize(("line", "date"), DATE_LINES)
def test_date_line(line: str, date: dt.date | None) -> None:
    """A line that holds a date and nothing else gives the date."""
    assert date_line(line) == date


DATES = [
    ("2020-08-15T23:30:00-05:00", dt.date(2020, 8, 15)),
    ("2020/8/5", dt.date(2020, 8, 5)),
    ("20200815", dt.date(2020, 8, 15)),
    ("Sat, 15 Aug 2020 10:00:00 GMT", dt.date(2020, 8, 15)),
    ("15-Aug-2020", dt.date(2020, 8, 15)),
    ("the 15th of August, 2020", dt.date(2020, 8, 15)),
    ("SEPT. 3 2020", dt.date(2020, 9, 3)),
    ("1470067200", None),
    ("08/09/2020", None),
    ("yesterday", None),
]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_parse_date(text: str, date: dt.date | None) -> None:
    """Dates are read where they can be read in one way only."""
    assert parse_date(text) == date


PUBLISHED = [  # what the article says, the default -> the date of publication
    (f"{HEADLINE}\nPublished 29 January 2019\n\n{PARAGRAPHS[0]}", dt.date(2021, 1, 1), dt.date(2019, 1, 29)),
    (f"{HEADLINE}\nUpdated 2 May 2021\nPosted 1 May 2021\n\n{PARAGRAPHS[0]}", None, dt.date(2021, 5, 1)),
    (f"{HEADLINE}\nBy Ann Roe | August 15, 2020\n\n{PARAGRAPHS[0]}", None, dt.date(2020, 8, 15)),
    (f"{HEADLINE}\n\nABUJA, April 1, 2015 - {PARAGRAPHS[0]}", None, dt.date(2015, 4, 1)),
    (f"{HEADLINE}\n\nMINSK, Dec 30 - {PARAGRAPHS[0]}", dt.date(2021, 1, 2), dt.date(2020, 12, 30)),
    (f"{HEADLINE}\n\nMINSK, Aug 15 - {PARAGRAPHS[0]}", None, None),
    (f"{HEADLINE}\n\nPORT ANSELM, Tuesday - {PARAGRAPHS[0]}", None, None),
    (f"{HEADLINE}\n\nVIENNA (AP) - {PARAGRAPHS[0]}", dt.date(2021, 5, 4), dt.date(2021, 5, 4)),
    (f"{ARTICLE}\n\nMarch 3, 2020", None, None),
    (f"{ARTICLE}\n\nPublished: March 3, 2020", None, dt.date(2020, 3, 3)),
]


@pytest.mark.parametrize(("text", "default", "date"), PUBLISHED)
def test_publication_date(tmp_path: Path, text: str, default: dt.date | None, date: dt.date | None) -> None:
    """The date comes from a date line or the dateline, else it is the given one."""
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert only(path, date=default).date == date


# ---------------------------------------------------------------- furniture

FURNITURE_LINES = [
    "Advertisement",
    "ADVERTISEMENT",
    "Read more: The marshal who would be duke",
    "READ MORE",
    "MORE: Bertil's bathroom - PICS",
    "Sign up for our newsletter",
    "Sign up to receive the day's top stories",
    "Subscribe now",
    "*** Subscribe! Six months: 40 crowns ***",
    "Share this story    Report an error    Newsletters",
    "Share   Tweet   Email   Print",
    "Share on Facebook",
    "Facebook Twitter WhatsApp",
    "Follow us on Twitter",
    "We use cookies to improve your experience on our site.",
    "By continuing to use this site you agree to our cookie policy.",
    "Accept all cookies",
    "Story continues below advertisement",
    "Continue reading the main story",
    "Skip to main content",
    "Home > World > Europe",
    "BNN Online | Follow us | Listen live",
    "© 2021 The Ghellany Courier",
    "Copyright 2016 The Courier. All rights reserved.",
    "(Reporting by Ann Roe; Editing by John Doe)",
    "What do you think? Write to letters@courier.example",
    "Tags: Lethmar, Quay",
    "23 comments",
    "5 min read",
    "----------",
    "* * *",
    "1.",
    "FULL TEXT.",
    "ABSTRACT.",
]


@pytest.mark.parametrize("line", FURNITURE_LINES)
def test_furniture(line: str) -> None:
    """A line of the page is furniture, between blank lines or not."""
    for gap in ("\n", "\n\n"):
        text = gap.join([HEADLINE, PARAGRAPHS[0], line, PARAGRAPHS[1]])
        assert texts(text, "furniture") == [" ".join(line.split())], text
        assert texts(text, "body") == PARAGRAPHS[:2]


NO_FURNITURE = [
    "They share a border.",
    "Read more than he does, she told him.",
    "Editor's note: Corvin Hale was once a member of the Homeland Front.",
    "Khizr Hale, the father of the soldier, spoke at the convention. Gary Roe/Courier.",
    "Subscribers to the plan met Mr Hale.",
    "More than 500 people were held.",
    "Share prices fell.",
    "Related laws were passed.",
    "Register to vote by Friday, Hale told supporters.",
    "This article has been updated to include Hale's reply.",
    "Conservatives and liberals alike have piled on.",
]


@pytest.mark.parametrize("line", NO_FURNITURE)
def test_no_furniture(line: str) -> None:
    """What only resembles furniture stays."""
    assert ("body", line) in parts(f"{ARTICLE}\n\n{line}\n\n{PARAGRAPHS[1]}")


def test_comment_form_ends_the_article() -> None:
    """After "Leave a Reply" nothing is body."""
    tail = "Leave a Reply\n\nYour email address will not be published.\n\nName\n\nHale met Vant, says a reader."
    found = parts(f"{ARTICLE}\n\n{tail}")
    assert [kind for kind, _ in found] == ["headline"] + ["body"] * 5 + ["furniture"] * 4


def test_list_of_other_pages() -> None:
    """The links below "Related stories" are furniture; the article goes on behind them."""
    text = f"{ARTICLE}\n\nRelated stories\n- In pictures: the banquet\n- Who is Isaura Vant?\n\n{PARAGRAPHS[0]}"
    assert texts(text, "furniture")[:2] == ["Related stories", "- In pictures: the banquet"]
    assert texts(text, "body")[-1] == PARAGRAPHS[0]


def test_furniture_words_in_wrapped_lines() -> None:
    """A wrapped line that happens to be a furniture word belongs to its paragraph."""
    text = "Mr Hale said that the film was a piece of\nadvertisement.\nThe princess had not\nseen it."
    assert texts(text, "furniture") == []


# ---------------------------------------------------------------- layouts


def wrapped(width: int, style: str) -> str:
    """The article, hard-wrapped."""
    indent = "   " if style == "indents" else ""
    body = [textwrap.fill(paragraph, width, initial_indent=indent) for paragraph in PARAGRAPHS]
    return ("\n\n" if style == "blank lines" else "\n").join([HEADLINE, *body])


@pytest.mark.parametrize("width", range(60, 101))
@pytest.mark.parametrize("style", ["blank lines", "indents", "nothing"])
def test_hard_wrapped(width: int, style: str) -> None:
    """Paragraphs are found in text that is wrapped at a column, with blank lines, indents or nothing between them."""
    found = parts(wrapped(width, style))
    assert found[0] == ("headline", HEADLINE)
    body = [told for _, told in found[1:]]
    if style != "nothing":
        assert body == PARAGRAPHS
    # with nothing between them, a paragraph whose last line is full runs into the next, but none is torn apart
    assert " ".join(body) == " ".join(PARAGRAPHS)
    ends = {paragraph[-20:] for paragraph in PARAGRAPHS}
    assert {paragraph[-20:] for paragraph in body} <= ends
    assert len(body) >= 3


def test_long_lines() -> None:
    """One line is one paragraph, with blank lines or without."""
    assert texts("\n".join(PARAGRAPHS), "body") == PARAGRAPHS
    assert texts("\n\n".join(PARAGRAPHS), "body") == PARAGRAPHS
    assert texts("\n \t\n\n".join(PARAGRAPHS), "body") == PARAGRAPHS


def test_wrapped_dispatch() -> None:
    """Headline, byline, dateline and furniture are found in wrapped text without blank lines."""
    body = textwrap.fill("PORT ANSELM, May 4 (AP) -- " + PARAGRAPHS[0], 72)
    text = f"{HEADLINE}\nBy ANN ROE\n{body}\nAdvertisement\n{textwrap.fill(PARAGRAPHS[1], 72)}"
    assert parts(text) == [
        ("headline", HEADLINE),
        ("furniture", "By ANN ROE"),
        ("dateline", "PORT ANSELM, May 4 (AP) --"),
        ("body", PARAGRAPHS[0]),
        ("furniture", "Advertisement"),
        ("body", PARAGRAPHS[1]),
    ]


MARKDOWN = """\
---
title: "Lethmar denies secret line"
date: 2021-05-04
author: [Tamsin Orrey]
url: https://courier.example/x
---

# Lethmar denies secret line

*By Tamsin Orrey*

**PORT ANSELM, Lethmar** — Corvin Hale spoke with
[Isaura Vant](https://courier.example/vant) on Tuesday.

## Background

* The marshal rules the duchy.
> "He is a thief," Mr Hale said.

![A palace](palace.jpg)

```
print("Hale met Ilk")
```
"""


def test_markdown(tmp_path: Path) -> None:
    """Front matter gives the metadata; marks at the beginning of a line, pictures and code are furniture."""
    path = tmp_path / "a.md"
    path.write_text(MARKDOWN)
    document = only(path)
    assert (document.title, document.author) == ("Lethmar denies secret line", "Tamsin Orrey")
    assert (document.date, document.url) == (dt.date(2021, 5, 4), "https://courier.example/x")
    told = [(part.part.value, document.text[part.start : part.end]) for part in document.segments]
    assert [text for part, text in told if part != "furniture"] == [
        "Lethmar denies secret line",
        "**PORT ANSELM, Lethmar** —",
        "Corvin Hale spoke with\n[Isaura Vant](https://courier.example/vant) on Tuesday.",
        "Background",
        "The marshal rules the duchy.",
        '"He is a thief," Mr Hale said.',
    ]
    assert told[0][0] == "furniture"
    assert ("furniture", "![A palace](palace.jpg)") in told


@pytest.mark.xfail(reason="marks inside a paragraph stay: the text is kept as given")
def test_markdown_links() -> None:
    """The address of a link is not annotated."""
    assert texts("Hale met [Vant](https://courier.example).", "body", markdown=True) == ["Hale met Vant."]


# ---------------------------------------------------------------- formats


def rows() -> list[dict[str, str]]:
    """The rows of a dump."""
    common = {"date": "2020-08-15", "source": "The Courier", "author": "Ann Roe"}
    first = {"id": "93788672", "title": "Hale and Vant", "text": SENTENCE, "url": "https://courier.example/1", **common}
    return [first, {"id": "", "title": "", "text": f'{SENTENCE}\n\nMr Hale said, "no".', "url": "", **common}]


def as_csv(delimiter: str) -> str:
    """The rows as a table."""
    head = list(rows()[0])
    lines = [head, *([row[name] for name in head] for row in rows())]
    return "\n".join(delimiter.join('"' + value.replace('"', '""') + '"' for value in line) for line in lines)


DUMPS = {
    "dump.jsonl": "\n".join(map(json.dumps, rows())) + "\n\n",
    "dump.ndjson": "\n".join(map(json.dumps, rows())),
    "dump.json": json.dumps(rows(), indent=2),
    "dump.csv": as_csv(","),
    "dump2.csv": as_csv(";"),
    "dump.tsv": as_csv("\t"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", DUMPS)
def test_dumps(tmp_path: Path, name: str, encoding: str, packed: bool) -> None:
    """The rows of a dump are documents with their metadata."""
    data = DUMPS[name].encode(encoding)
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(data) if packed else data)
    first, second = read([path])
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.name, first.origin, first.url) == (
        "93788672",
        "https://courier.example/1",
        "https://courier.example/1",
    )
    assert (first.title, first.date, first.publisher, first.author) == (
        "Hale and Vant",
        dt.date(2020, 8, 15),
        "The Courier",
        "Ann Roe",
    )
    assert first.text == SENTENCE
    number = "3" if "csv" in name or "tsv" in name else "2"
    assert (second.name, second.origin) == (f"{path.name.split('.')[0]}-{number}", f"{path}#{number}")
    assert (second.title, second.url, second.text) == (None, None, rows()[1]["text"])


def test_fields(tmp_path: Path) -> None:
    """Other names of the fields can be given."""
    path = tmp_path / "dump.jsonl"
    path.write_text(json.dumps({"body": SENTENCE, "text": "x", "when": "August 15, 2020", "nr": 7}))
    document = only(path, fields={"text": "body", "date": "when", "id": "nr"})
    assert (document.name, document.text, document.date) == ("7", SENTENCE, dt.date(2020, 8, 15))
    assert document.origin == f"{path}#7"
    table = tmp_path / "dump.csv"
    table.write_text(f'nr,body\n7,"{SENTENCE}"\n')
    assert only(table, fields={"text": "body", "id": "nr"}).name == "7"


def test_unknown_field() -> None:
    """A field that no article has is refused, with the nearest that one has."""
    with pytest.raises(UnreadableInput, match=r"'txt'.*use text"):
        read([], fields={"txt": "body"})


def test_json_object(tmp_path: Path) -> None:
    """A JSON file may be one article."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows()[0]))
    assert only(path).title == "Hale and Vant"


def test_html() -> None:
    """A page gives its article, without the page, and its metadata; the title is the first line."""
    document = only(DATA / "page.html")
    assert document.title == HEADLINE
    assert (document.author, document.date) == ("Tamsin Orrey", dt.date(2021, 5, 4))
    assert document.publisher == "The Ghellany Courier"
    assert document.text.startswith(HEADLINE + "\n")
    told = [(part.part, document.text[part.start : part.end]) for part in document.segments]
    assert told[0] == (Part.HEADLINE, HEADLINE)
    assert (Part.DATELINE, "PORT ANSELM, Tuesday –") in told
    annotated = [text for part, text in told if part is not Part.FURNITURE]
    assert annotated[-1].endswith("in March.")
    for words in ("cookies", "Share", "Advertisement", "Read more", "Reply", "newsletter", "Ferry", "©", "Home"):
        assert not any(words in text.split() for text in annotated), words


SMALL_PAGES = [
    ("<h1>{title}</h1><p>{text}</p>", "utf-8"),
    ("<html><head><title>{title}</title></head><body><article><p>{text}</p></article></body></html>", "utf-8"),
    ('<meta charset="windows-1252"><title>{title}</title><article><p>{text} “Né.”</p></article>', "cp1252"),
    ('<?xml version="1.0" encoding="utf-8"?><html><body><h1>{title}</h1><p>{text}</p></body></html>', "utf-8"),
    ("<html><body><nav><a>Home</a><a>World</a></nav><h1>{title}</h1><p>{text}</p></body></html>", "utf-16"),
]


@pytest.mark.parametrize(("page", "encoding"), SMALL_PAGES)
def test_small_pages(tmp_path: Path, page: str, encoding: str) -> None:
    """Short pages are read without their menus, in the encoding that they name."""
    path = tmp_path / "a.htm"
    path.write_bytes(page.format(title=HEADLINE, text=SENTENCE).encode(encoding))
    document = only(path)
    assert document.title == HEADLINE
    assert document.text.split("\n")[0] == HEADLINE
    assert SENTENCE in document.text
    assert "Home" not in document.text
    assert ("Né" in document.text) == (encoding == "cp1252")


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The text is the same in every encoding."""
    text = "“Guaidó’s talks — with Orbán’s men — failed,” he said.\n" * 3
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert only(path).text == text


def test_broken_utf8(tmp_path: Path) -> None:
    """Broken bytes in a UTF-8 text leave its other letters whole."""
    path = tmp_path / "a.txt"
    path.write_bytes("Guaidó’s men spoke with Orbán’s. ".encode() + b"\xff\xfe ok")
    assert only(path).text == "Guaidó’s men spoke with Orbán’s. \ufffd\ufffd ok"


def test_line_ends(tmp_path: Path) -> None:
    """The line ends of other systems become the usual ones, so offsets fit the text that an editor shows."""
    for ends in ("\r\n", "\r", "\n"):
        path = tmp_path / "a.txt"
        path.write_bytes(ARTICLE.replace("\n", ends).encode())
        assert only(path).text == ARTICLE


def test_names(tmp_path: Path) -> None:
    """A file's document is named after it, and its origin is the whole path."""
    path = tmp_path / "belarus_2020.08.15.txt.gz"
    path.write_bytes(gzip.compress(SENTENCE.encode()))
    document = only(str(path))
    assert (document.name, document.origin) == ("belarus_2020.08.15", str(path))
    assert document.language == "en"


# ---------------------------------------------------------------- folders and the standard input


def test_folders(tmp_path: Path) -> None:
    """Folders are read with all below them in the order of their names, hidden and unknown files left out."""
    for name in ("b/2.txt", "b/1.md", "a.txt", "c.TXT", ".hidden.txt", ".git/x.txt", "picture.png", "Makefile"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{SENTENCE} {name}")
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link").symlink_to("link")
    assert [document.name for document in read([tmp_path]) if isinstance(document, Document)] == ["a", "1", "2", "c"]
    assert not [found for found in read([tmp_path]) if isinstance(found, Problem)]


def test_many_files(tmp_path: Path) -> None:
    """Files are read one by one: the first document comes before the second file is opened."""
    for number in range(500):
        (tmp_path / f"{number:03}.txt").write_text(f"{SENTENCE} {number}")
    found = read([tmp_path])
    next(found)
    (tmp_path / "001.txt").write_text("Replaced.")
    second = next(found)
    assert isinstance(second, Document)
    assert second.text == "Replaced."
    assert sum(1 for _ in found) == 498


STDIN = [
    (ARTICLE.encode(), "stdin", ARTICLE),
    (ARTICLE.encode("utf-16"), "stdin", ARTICLE),
    (gzip.compress(ARTICLE.encode()), "stdin", ARTICLE),
    (json.dumps({"id": 5, "text": SENTENCE}).encode(), "5", SENTENCE),
    (f"<!DOCTYPE html><h1>{HEADLINE}</h1><p>{SENTENCE}</p>".encode(), "stdin", f"{HEADLINE}\n\n{SENTENCE}"),
]


@pytest.mark.parametrize(("data", "name", "text"), STDIN)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, name: str, text: str) -> None:
    """ "-" is the standard input, whose origin is its content."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    document = only("-")
    assert (document.name, document.text.replace("\n\n", "\n")) == (name, text.replace("\n\n", "\n"))
    assert document.origin == f"-{document.id}"


# ---------------------------------------------------------------- bad input

BAD = [  # file name, content, what the problem says
    ("a.txt", b"", "is empty"),
    ("a.txt", b" \n\t ", "is empty"),
    ("a.html", b"", "is empty"),
    ("a.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
    ("a.txt", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, "is a binary file"),
    ("a.txt", b"PK\x03\x04\x14\x00", "ZIP archive"),
    ("a.txt", gzip.compress(b"text"), "let its name end in .gz"),
    ("a.txt.gz", b"plain text", "is no whole gzip file"),
    ("a.txt.gz", gzip.compress(ARTICLE.encode())[:-9], "is no whole gzip file"),
    ("a.txt", GERMAN.encode(), "looks like German, not English"),
    ("a.txt", ("Президент сказал, что переговоры были полезны. " * 9).encode(), "looks like a language in Cyrillic"),
    ("a.txt", ("总统说会谈很有用。" * 40).encode(), "looks like Chinese"),
    ("a.txt", b"word " * 1_200_000, "is over 5 MB"),
    ("a.txt.gz", gzip.compress(b"word " * 1_200_000), "is over 5 MB"),
    ("a.md", b"---\ntitle: x\n---\n", "holds no article"),
    ("a.txt", b"Share\n\nAdvertisement\n", "holds no article"),
    ("a.html", b"<html><body></body></html>", "holds no article"),
    ("a.docx", b"text", "has an unknown suffix; articles end in .txt"),
    ("a", b"text", "has an unknown suffix"),
    ("a.json", b"{", "is no JSON"),
    ("a.json", b"[" * 100_000, "is no JSON"),
    ("a.json", b"7", "article 1: is no JSON object"),
    ("a.jsonl", b"%PDF-1.7", "is a PDF"),
    ("a.csv", b"nr,body\n7,x\n", "has no column 'text'; it has: nr, body; say which one holds the article"),
    ("a.csv", b"", "has no column 'text'"),
    ("a.jsonl", b'{"body": "x"}', "line 1: has no field 'text'; it has: body"),
    ("a.jsonl", b'{"text": 7}', "line 1: has no text in its field 'text'"),
    ("a.jsonl", json.dumps({"text": GERMAN}).encode(), "line 1: looks like German"),
    ("a.jsonl", json.dumps({"text": "word " * 1_200_000}).encode(), "line 1: has 6,000,000 characters"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_bad_input(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """What cannot be read is a problem that names the file and says why; the others are read."""
    path = tmp_path / name
    path.write_bytes(data)
    good = tmp_path / "good.txt"
    good.write_text(SENTENCE)
    bad, document = read([path, good])
    assert isinstance(bad, Problem), bad
    assert str(bad).startswith(str(path))
    assert message in str(bad)
    assert isinstance(document, Document)


def test_missing_paths(tmp_path: Path) -> None:
    """A path that does not exist, an empty folder and a pipe are problems with a remedy."""
    assert problem(tmp_path / "no.txt").endswith("does not exist; check its name")
    assert "holds no article; articles end in .txt" in problem(tmp_path)
    assert "cannot be read" in problem("a\0.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "is neither a file nor a folder" in problem(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    assert "gone.txt: does not exist" in problem(tmp_path)
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert "loop.txt: cannot be read: Too many levels of symbolic links" in problem(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_rights(tmp_path: Path) -> None:
    """A file or folder that may not be read is a problem."""
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    path.chmod(0)
    assert "permission denied" in problem(path)
    (tmp_path / "a").mkdir(0)
    assert "permission denied" in problem(tmp_path / "a")


def test_words_of_problems() -> None:
    """Each error of the system is said in plain words."""
    told = files_module.unreadable("a.txt", PermissionError(13, "Permission denied"))
    assert str(told) == "a.txt: cannot be read: permission denied; give yourself the right to read it"
    assert "is no whole gzip file" in str(files_module.unreadable("a.gz", zlib.error("invalid block")))
    assert (
        str(files_module.unreadable("a", OSError(5, "Input/output error"))) == "a: cannot be read: Input/output error"
    )


def test_broken_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken line of a dump is named, a huge one too; the others are read."""
    monkeypatch.setattr(formats_module, "MAX_LINE", 400)
    good = json.dumps({"text": SENTENCE})
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([good, '{"text": "Hale', good, json.dumps({"text": "word " * 300}), "[1]", "null", good]))
    found = list(read([path]))
    assert [str(each).partition(": ")[0] for each in found if isinstance(each, Problem)] == [
        f"{path}, line {number}" for number in (2, 4, 5, 6)
    ]
    assert [each.name for each in found if isinstance(each, Document)] == ["a-1", "a-3", "a-7"]
    assert "is no JSON" in str(found[1])


def test_broken_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken row of a table is named; those before and behind it are read."""
    monkeypatch.setattr(formats_module, "MAX_LINE", 1000)
    path = tmp_path / "a.csv"
    path.write_text(f'id,text\n1,"{SENTENCE}"\n\n2,{"word " * 250}\n3,\n4\n5,"{SENTENCE}"\n')
    found = list(read([path]))
    assert [each.name for each in found if isinstance(each, Document)] == ["1", "5"]
    assert all(str(each).startswith(f"{path}, line ") for each in found if isinstance(each, Problem))


def test_long_fields(tmp_path: Path) -> None:
    """A long article in a table is read whole."""
    path = tmp_path / "a.csv"
    path.write_text('text\n"' + f"{SENTENCE} " * 5000 + '"\n')
    assert len(only(path).text) > 300_000


def test_odd_characters(tmp_path: Path) -> None:
    """Control characters and lone surrogates do not stop the article: it is read, and can be written."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Hale\\ud800 met\\u0007 Vant\\u0000."}')
    assert only(path).text == "Hale\ufffd met\x07 Vant\x00."
    text = tmp_path / "a.txt"
    text.write_bytes(b"Hale met\x07 Vant in \x1b[1mPort Anselm\x1b[0m on Friday.")
    assert len(only(text).segments) == 1


# ---------------------------------------------------------------- language

LANGUAGES = [
    (" ".join(PARAGRAPHS), None),
    ("Vant met Hale. " * 10, None),
    (GERMAN, "German"),
    ("Le président a rencontré les ministres dans la ville et il est parti pour une visite avec eux. " * 3, "French"),
    ("El presidente se reunió con los ministros en la ciudad para hablar de una ley que es más dura. " * 3, "Spanish"),
    ("Il presidente ha incontrato i ministri per una visita che non sono del partito della città. " * 4, "Italian"),
    ("De president is niet in het land en zijn ministers zijn ook op reis voor een gesprek met hem. " * 3, "Dutch"),
    ("Ο πρόεδρος είπε ότι οι συνομιλίες ήταν χρήσιμες. " * 8, "Greek"),
    ("大統領は会談が有益だったと述べた。" * 20, "Chinese or Japanese"),
    ("Presidentti tapasi ministerit kaupungissa eilen illalla. " * 9, "another language"),
]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_language(text: str, language: str | None) -> None:
    """Languages other than English are named."""
    assert foreign_language(text) == language


# ---------------------------------------------------------------- properties

ODD_LINES = [
    "",
    "By Ann Roe",
    "2020-08-15",
    "# Title",
    "> said he",
    "Leave a Reply",
    "Related stories",
    "- In pictures",
]
ODDER_LINES = [
    "```",
    "MINSK, Aug 15 - They met.",
    "   an indent",
    "***",
    "a",
    "Published 29 January 2019",
    "\t",
    "1. One",
]
LINES = st.sampled_from([*PARAGRAPHS, HEADLINE, *FURNITURE_LINES, *NO_FURNITURE, *ODD_LINES, *ODDER_LINES])
TEXTS = st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=30))).map("\n".join))


@given(text=TEXTS, markdown=st.booleans(), title=st.one_of(st.none(), st.just(HEADLINE), st.text()))
@example(text="- \n", markdown=True, title=None)
def test_segments_cover_the_text(text: str, markdown: bool, title: str | None) -> None:
    """Segments are in order, disjoint, within the text, without white space around, and leave none of it out."""
    segments, _ = segment(text, title=title, markdown=markdown)
    end = 0
    for part in segments:
        assert end <= part.start < part.end <= len(text)
        assert not text[end : part.start].strip()
        assert text[part.start : part.end] == text[part.start : part.end].strip()
        end = part.end
    assert not text[end:].strip()


@given(text=TEXTS)
def test_segments_are_stable(text: str) -> None:
    """The same text has the same segments, whatever blank lines stand around it."""
    segments, found = segment(text)
    shifted, again = segment("\n\n" + text + "\n\n")
    assert [(part.part, part.start + 2, part.end + 2) for part in segments] == [
        (part.part, part.start, part.end) for part in shifted
    ]
    assert found == again


def test_every_suffix_has_a_test() -> None:
    """All readers are tried with arbitrary bytes below."""
    assert set(READERS) == {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".jsonl", ".ndjson", ".json"} | {
        ".csv",
        ".tsv",
    }


@settings(deadline=None)
@given(
    data=st.one_of(
        st.binary(),
        TEXTS.map(lambda text: text.encode("utf-8", "replace")),
        st.text().map(lambda text: text.encode("utf-16", "surrogatepass")),
        st.text().map(lambda text: f"text\n{text}\n".encode("utf-8", "surrogatepass")),
        st.text().map(lambda text: json.dumps({"text": text, "date": text, "id": text}).encode()),
        st.text().map(lambda text: f"<html><body><p>{text}</p></body></html>".encode("utf-8", "surrogatepass")),
    ),
    suffix=st.sampled_from([*READERS, *(suffix + ".gz" for suffix in READERS)]),
)
def test_arbitrary_bytes(data: bytes, suffix: str) -> None:
    """Reading never raises: each input is documents and problems."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") and len(data) % 2 else data)
        for found in read([path]):
            assert isinstance(found, Document) or str(found).startswith(str(path))
            if isinstance(found, Document):
                found.text.encode()
                assert all(part.end <= len(found.text) for part in found.segments)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("minsk_2020-08-15.txt", dt.date(2020, 8, 15)),
        ("2020-08-15.txt", dt.date(2020, 8, 15)),
        ("2020-13-45.txt", None),
    ],
)
def test_a_date_in_the_file_name_is_the_last_resort(tmp_path: Path, name: str, expected: dt.date | None) -> None:
    """Where the article tells no date, its file's name may."""
    path = tmp_path / name
    path.write_text("The minister met the envoy in the capital, and the two talked about the border for an hour.\n")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert found.date == expected
