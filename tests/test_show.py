"""Pictures without a browser: what is chosen, where it goes, what a file holds, what is said when there is nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadQuery, NothingToShow, OutputFailed, UnknownEntity, UnknownTerm
from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality, Triple
from kg.ontology import load_ontology
from kg.show import show, timeline
from kg.show.axis import axis
from kg.show.drawing import Manner
from kg.show.layout import positions
from kg.show.looks import LOOKS, STROKES, looks
from kg.show.picture import Picture
from kg.show.poster import poster
from kg.show.sheet import Sheet
from kg.show.timeline import timeline_sheet
from kg.store import Graph, open_graph
from kg.triplify import triplify

DATA = Path(__file__).parent / "data"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCRIPT = "<script>window.hacked = true</script>"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Two articles, eleven entities, fifteen claims in all modalities."""
    return open_graph(DATA / "graph.ttl")


def article(number: int, date: dt.date | None = None, **more: str) -> Article:
    """An article of that number."""
    return Article(id=f"{number:016x}", name=f"article-{number}", date=date, **more)


def claim(subject: str, relation: str, object_: str, *, on: int = 0, start: int = 0, **more: object) -> Claim:
    """A claim of article `on`, asserted unless said otherwise."""
    quote = f"{subject} and {object_} were named."
    values = {
        "modality": Modality.ASSERTED,
        "confidence": 0.9,
        "evidence": Evidence(quote=quote, start=start, end=start + len(quote)),
        "article": f"{on:016x}",
    }
    return Claim(subject=subject, relation=relation, object=object_, **{**values, **more})  # type: ignore[arg-type]  # of several types


def graph_of(
    claims: Sequence[Claim], *, articles: Sequence[Article] = (article(0),), names: dict[str, str] | None = None
) -> Graph:
    """The graph of these claims, each end a person of that name unless `names` has another."""
    if names is None:
        names = {}
    ends = sorted({end for c in claims for end in (c.subject, c.object)})
    entities = tuple(Entity(id=end, name=names.get(end, end), kind="Person") for end in ends)
    knowledge = Knowledge(articles=tuple(articles), entities=entities, claims=tuple(claims))
    return Graph.of(triplify(knowledge, load_ontology()))


def star(leaves: int) -> Graph:
    """A hub that spoke with so many."""
    return graph_of([claim("hub", "spokeWith", f"leaf {n:05}", start=n) for n in range(leaves)])


def data_of(picture: Picture) -> dict[str, list[list[object]]]:
    """The data that a page holds."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', picture.html, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]  # JSON


def labels(picture: Picture) -> set[str]:
    """The names in a picture."""
    return {node.label for node in picture.drawing.nodes}


def triples(relation: str, *pairs: tuple[str, str]) -> list[Triple]:
    """Triples of another tool."""
    return [Triple(f"<https://x.org/{s}>", f"<https://x.org/{relation}>", f"<https://x.org/{o}>") for s, o in pairs]


# ---------------------------------------------------------------- what is drawn


def test_asserted_edges_are_shown_and_the_page_has_the_others_at_hand(graph: Graph) -> None:
    """On paper only what is asserted; on a page also threats and denials, hidden at first."""
    picture = show(graph)
    assert {edge.manner for edge in picture.printed.edges} == {Manner.ASSERTED}
    assert {edge.manner for edge in picture.drawing.edges} > {Manner.ASSERTED}
    assert picture.drawing.shown == {Manner.ASSERTED, Manner.UNCLAIMED}


def test_an_edge_tells_all_that_is_said_of_it(graph: Graph) -> None:
    """The two directions of a symmetric relation are one edge; its statements name speaker, date and article."""
    picture = show(graph, relations="spokeWith", modality="asserted")
    (edge,) = [e for e in picture.drawing.edges if e.relation.endswith("#spokeWith")]
    told = edge.statements[0]
    assert (told.speaker, str(told.date)) == ("Kremlin", "2020-08-15")
    assert told.source is not None
    assert (told.source.name, told.source.url) == (
        "Minsk and Moscow keep talking",
        "https://news.example/2020/minsk-calls",
    )
    assert told.quote.startswith("President Alexander Lukashenko of Belarus spoke by telephone")


FILTERS: list[tuple[dict[str, object], set[str]]] = [
    ({"relations": "rivalOf"}, {"Alexander Lukashenko", "Svetlana Tikhanovskaya"}),
    ({"relations": "rival-of"}, {"Alexander Lukashenko", "Svetlana Tikhanovskaya"}),
    ({"around": "Tikhanovskaya", "modality": "asserted"}, {"Alexander Lukashenko", "Svetlana Tikhanovskaya"}),
    ({"relations": ["sanctionedBy"], "modality": Modality.ASSERTED}, {"Viktor Lukashenko", "European Union"}),
]


@pytest.mark.parametrize(("options", "expected"), FILTERS)
def test_filters(graph: Graph, options: dict[str, object], expected: set[str]) -> None:
    """By relation, by modality, by name."""
    assert labels(show(graph, **options)) == expected  # type: ignore[arg-type]  # of several types


def test_hops_reach_further(graph: Graph) -> None:
    """With every hop come the neighbours of those before; with none, the relations of the names among each other."""
    near = [labels(show(graph, around="Tikhanovskaya", hops=hops, modality="asserted")) for hops in (1, 2, 3)]
    assert near[0] < near[1] < near[2]
    assert "Russia" in near[2] - near[1]
    assert labels(show(graph, around=["Putin", "Lukashenko"], hops=0)) == {"Vladimir Putin", "Alexander Lukashenko"}


def test_a_date_is_that_of_the_claim_else_of_its_article() -> None:
    """`since` and `until` take both days in; what has no date at all is left out."""
    days = {n: dt.date(2020, 8, n) for n in (1, 2)}
    said = graph_of(
        [
            claim("a", "spokeWith", "b", on=1),
            claim("c", "spokeWith", "d", on=1, date=dt.date(2020, 7, 1)),
            claim("e", "spokeWith", "f", on=2),
            claim("g", "spokeWith", "h", on=3),
        ],
        articles=[article(n, days.get(n)) for n in (1, 2, 3)],
    )
    assert labels(show(said, since="2020-08-01", until=dt.date(2020, 8, 1))) == {"a", "b"}
    assert labels(show(said, until="2020-08-01")) == {"a", "b", "c", "d"}


def test_an_inferred_edge_is_drawn_when_asked_and_names_its_rule(graph: Graph) -> None:
    """An inference without a claim is an edge of its own manner; beside an asserted claim it adds nothing."""
    base = "https://w3id.org/news-kg/"
    person, kg = f"{base}id/person/alexander-lukashenko", f"{base}ontology#"

    def inference(relation: str) -> list[Triple]:
        node = f"<{base}id/inference/{relation}>"
        facts = [
            (f"{RDF}type", f"<{kg}Inference>"),
            (f"{RDF}subject", f"<{person}>"),
            (f"{RDF}predicate", f"<{kg}{relation}>"),
            (f"{RDF}object", f"<{base}id/country/BY>"),
            (f"{kg}rule", '"leaderOf is below officialOf"'),
        ]
        return [Triple(node, f"<{p}>", o) for p, o in facts]

    more = Graph.of([*graph.triples(), *inference("officialOf"), *inference("leaderOf")])
    picture = show(more)
    found = {e.relation.rpartition("#")[2]: e for e in picture.drawing.edges if e.subject == person and e.rules}
    assert {name: edge.rules for name, edge in found.items()} == {"officialOf": ("leaderOf is below officialOf",)}
    assert Manner.INFERRED not in picture.drawing.shown
    assert Manner.INFERRED in show(more, inferred=True).drawing.shown
    assert len(show(more, inferred=True).printed.edges) == len(picture.printed.edges) + 1


def test_a_graph_of_another_tool_is_drawn() -> None:
    """Without claims, what the triples join is drawn; types, labels and annotations are no edges."""
    said = triples("knows", ("ann", "bob"), ("bob", "cid"))
    said += [
        Triple("<https://x.org/ann>", f"<{RDFS}label>", '"Ann"@fr'),
        Triple("<https://x.org/ann>", f"<{RDFS}label>", '"Anna"@en'),
        Triple("<https://x.org/ann>", f"<{RDF}type>", "<https://x.org/Human>"),
        Triple("<https://x.org/Human>", f"<{RDF}type>", "<http://www.w3.org/2002/07/owl#Class>"),
    ]
    picture = show(Graph.of(said))
    assert labels(picture) == {"Anna", "bob", "cid"}
    assert {edge.manner for edge in picture.printed.edges} == {Manner.UNCLAIMED}
    assert [tie.label for tie in picture.drawing.ties] == ["knows"]
    assert "<svg" in picture.svg


# ---------------------------------------------------------------- what is left out


@pytest.mark.parametrize("limit", [2, 7, 40])
def test_the_most_connected_stay_and_the_rest_is_told(limit: int) -> None:
    """Never more names than the limit, none without an edge, and the note says how to choose."""
    picture = show(star(100), limit=limit)
    assert len(picture.drawing.nodes) == limit
    assert picture.drawing.nodes[0].label == "hub"
    assert picture.drawing.note.startswith(f"Shown: the {limit} most connected of 101 entities with an edge.")
    assert "--around NAME, --relation NAME or --limit N" in picture.drawing.note
    assert picture.drawing.note in unescape(picture.html)


def test_paper_holds_fewer_names_than_a_page() -> None:
    """Without a limit: 60 names on paper, 2,000 on a page."""
    picture = show(star(2100))
    assert (len(picture.drawing.nodes), len(picture.printed.nodes)) == (2000, 60)
    assert not show(star(30)).drawing.note


def test_a_page_of_many_quotes_stays_small() -> None:
    """Where quotes do not fit, each edge keeps the strongest and says how many more there are."""
    long = "word " * 300
    claims = [
        claim(
            "a",
            "spokeWith",
            f"p{n % 200:03}",
            start=n,
            evidence=Evidence(quote=f"{n} {long}", start=n, end=n + len(f"{n} {long}")),
        )
        for n in range(3000)
    ]
    picture = show(graph_of(claims))
    assert len(picture.html.encode()) < 3_000_000
    assert any(edge[4] for edge in data_of(picture)["edges"])


# ---------------------------------------------------------------- what can go wrong

NOTHING = [
    ([], "the graph is empty; build it with"),
    ([Triple("<https://x.org/a>", f"<{RDFS}label>", '"A"')], "of its 1 triples none joins two things"),
]


@pytest.mark.parametrize(("said", "message"), NOTHING)
@pytest.mark.parametrize("draw", [show, timeline])
def test_an_empty_graph_is_told(said: list[Triple], message: str, draw: type[Picture]) -> None:
    """No picture of nothing."""
    with pytest.raises(NothingToShow, match=message):
        draw(Graph.of(said))  # type: ignore[arg-type, call-arg]  # triples as tuples


WRONG: list[tuple[dict[str, object], type[Exception], str]] = [
    ({"around": "Lukashenka"}, UnknownEntity, "did you mean Alexander Lukashenko"),
    ({"relations": "spokewit"}, UnknownTerm, "spokeWith"),
    ({"modality": "denyed"}, BadQuery, "no modality is called 'denyed'; known: asserted, ended"),
    ({"since": "yesterday"}, BadQuery, "since: 'yesterday' is no date"),
    ({"limit": 0}, BadQuery, "limit: 0 is too small"),
    ({"since": "2030-01-01"}, NothingToShow, "nothing fits since 2030-01-01; the graph has .* dated 2020-08-"),
    ({"relations": "locatedIn"}, NothingToShow, "nothing fits relation locatedIn"),
    ({"around": "United Russia", "relations": "rivalOf"}, NothingToShow, "leads to United Russia; `kg explain NAME`"),
]


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_wrong_use_is_told(graph: Graph, options: dict[str, object], error: type[Exception], message: str) -> None:
    """Each complaint says what is wrong and what there is."""
    with pytest.raises(error, match=message):
        show(graph, **options)  # type: ignore[arg-type]  # of several types


TARGETS = [
    ("picture.pdf", "'pdf' is no format of a picture; known: .html, .svg, .png"),
    ("picture", "no suffix"),
    ("missing/picture.html", "folder"),
    ("folder.html", "folder"),
]


@pytest.mark.parametrize(("target", "message"), TARGETS)
def test_a_place_that_cannot_be_written_is_told(graph: Graph, tmp_path: Path, target: str, message: str) -> None:
    """Before anything is written."""
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(OutputFailed, match=message):
        show(graph).save(tmp_path / target)


# ---------------------------------------------------------------- the command


def kg(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a process of its own."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_command_draws(tmp_path: Path) -> None:
    """The suffix says how; stdout stays empty, stderr says what was drawn."""
    given = ("show", "-g", str(DATA / "graph.ttl"), "-o")
    for target, head, more in (("p.html", b"<!doctype html>", ()), ("t.svg", b"<?xml", ("--timeline",))):
        done = kg(*given, str(tmp_path / target), *more)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert re.fullmatch(r"kg: \d+ names, \d+ edges -> .*\n", done.stderr)
        assert (tmp_path / target).read_bytes().startswith(head)
    assert show(open_graph(DATA / "graph.ttl")).png.startswith(b"\x89PNG")


def test_the_command_complains_before_it_reads(tmp_path: Path) -> None:
    """With exit code 2 and a line on stderr, also where the graph would take long to read."""
    done = kg("show", "-g", "no such graph.ttl", "-o", str(tmp_path / "missing" / "p.html"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no folder" in done.stderr


# ---------------------------------------------------------------- the page


def test_markup_in_the_graph_stays_text() -> None:
    """Names, quotes, speakers and titles cannot leave the data; only an address of the web becomes a link."""
    evil = claim(
        "p",
        "spokeWith",
        "q",
        evidence=Evidence(quote=SCRIPT, start=0, end=len(SCRIPT)),
        attribution="</script><!-- ",
    )
    page = show(
        graph_of(
            [evil], names={"p": SCRIPT, "q": "<!--</script>"}, articles=[article(0, title=SCRIPT, url="javascript:x")]
        ),
        title="</title><script>x</script>{{data}}",
    ).html
    assert page.count("</script>") == len(re.findall(r"<script[ >]", page)) == 4
    assert "window.hacked" not in re.sub(r"\\u003cscript\\u003ewindow\.hacked", "", page)
    assert "&lt;/title&gt;&lt;script&gt;x" in page
    assert page.count("<!--") == 0
    assert "javascript:" not in page


def test_the_page_loads_nothing(graph: Graph) -> None:
    """Its policy allows its own scripts by their hashes and forbids the network; nothing refers to a file."""
    page = show(graph).html
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy[1]
    assert "unsafe-inline" not in policy[1].replace("style-src 'unsafe-inline'", "")
    assert not re.findall(r"<(?:script|img|link|iframe)[^>]*(?:src|href)=", page)
    assert not re.findall(r"@import|url\(", page.partition("<script")[0])


def test_the_licence_of_the_drawing_library_is_in_the_page(graph: Graph) -> None:
    """Cytoscape's notice stands in each page that holds it, and beside the file in the package."""
    assert "Copyright (c) 2016-2026, The Cytoscape Consortium" in show(graph).html
    assets = Path(sys.modules["kg.show"].__file__ or "").parent / "assets"
    assert "MIT" in (assets / "NOTICE").read_text("utf-8")
    assert "without restriction" in (assets / "cytoscape.LICENSE").read_text("utf-8")


def test_a_notebook_shows_the_page_in_a_frame(graph: Graph) -> None:
    """The frame holds the whole page; it may run its scripts and open links, and no more."""
    frame = show(graph)._repr_html_()
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "<script" not in frame
    held = re.search(r'srcdoc="([^"]*)"', frame)
    assert held
    assert unescape(held[1]) == show(graph).html


# ---------------------------------------------------------------- paper


def dense(count: int) -> Graph:
    """A graph of so many names, some long, with two hubs and parallel edges."""
    names = {
        f"p{n:02}": "Collective Assembly of Northern Communes" if n % 9 == 4 else f"Person Number {n}"
        for n in range(count)
    }
    claims = [
        claim(f"p{n:02}", ("spokeWith", "rivalOf", "leaderOf")[n % 3], f"p{(n * n) % 7:02}", start=n)
        for n in range(7, count)
    ]
    claims += [
        claim("p00", relation, f"p{n:02}", start=n)
        for n in (1, 2, 3)
        for relation in ("spokeWith", "allyOf", "leaderOf")
    ]
    claims += [claim(f"p{n:02}", "metWith", f"p{n + 1:02}", start=n) for n in range(6)]
    return graph_of(claims, names=names)


@pytest.mark.parametrize("count", [3, 30, 60])
def test_names_on_paper_do_not_overlap(count: int) -> None:
    """At 60 names too: every name is there, none touches another, none leaves the paper."""
    picture = show(dense(count) if count > 3 else star(2))
    sheet = poster(picture.printed)
    boxes = [name.box for name in sheet.names]
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.touches(b)]
    assert all(
        box.left >= 0 and box.right <= sheet.width and box.top >= 0 and box.bottom <= sheet.height for box in boxes
    )
    words = " ".join(name.text for name in sheet.names)
    assert all(node.label.split()[0] in words for node in picture.printed.nodes)
    assert "no room" not in " ".join(getattr(item, "text", "") for item in sheet.items)


def test_parallel_edges_run_apart() -> None:
    """Three relations between two names are three lines."""
    drawing = show(graph_of([claim("a", r, "b") for r in ("spokeWith", "allyOf", "leaderOf")])).printed
    middles = [
        item.points[len(item.points) // 2]
        for item in poster(drawing).items
        if len(getattr(item, "points", ())) > 20 and hasattr(item, "dashes")
    ]
    assert len({(round(x), round(y)) for x, y in middles}) == 3


def test_the_same_graph_gives_the_same_bytes(graph: Graph) -> None:
    """Of the page and of the SVG, which tells no time and no machine."""
    one, two = show(graph), show(open_graph(DATA / "graph.ttl"))
    assert one.svg == two.svg
    assert one.html == two.html
    assert "<dc:date>" not in one.svg
    ElementTree.fromstring(one.svg)


STRANGE = ["$x_1$ and $", "Лукашенко", "習近平", "a" * 300, "\u202eright", "tab\tand\nline", "🙂", "<b>&amp;"]


@pytest.mark.parametrize("name", STRANGE)
def test_odd_names_can_be_printed(name: str) -> None:
    """Mathematics, other scripts, endless words, control characters."""
    picture = show(graph_of([claim("p", "spokeWith", "q")], names={"p": name}))
    ElementTree.fromstring(picture.svg)
    assert data_of(picture)["nodes"]


def test_an_edge_to_itself_can_be_drawn() -> None:
    """A loop, and a graph of one node."""
    picture = show(Graph.of(triples("knows", ("ann", "ann"))))
    assert len(picture.drawing.nodes) == 1
    assert "<svg" in picture.svg


# ---------------------------------------------------------------- places


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60))
    )
)
def test_every_node_has_a_place_of_its_own(case: tuple[int, list[tuple[int, int]]]) -> None:
    """Whatever the graph: no two nodes on one spot, and the same places each time."""
    count, pairs = case
    places = positions(count, pairs)
    assert len(places) == count
    assert all(abs(value) < 1000 for place in places for value in place)
    near = [
        (i, j)
        for i, a in enumerate(places)
        for j, b in enumerate(places[:i])
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) < 0.1
    ]
    assert not near
    assert places == positions(count, pairs)


def test_no_places_for_no_nodes() -> None:
    """An empty graph has none."""
    assert positions(0, []) == []


# ---------------------------------------------------------------- looks

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009
VISION = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour: str) -> tuple[float, ...]:
    """The light of a colour: red, green, blue from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def lab(light: Sequence[float]) -> tuple[float, float, float]:
    """CIELAB of light, where equal distances look alike."""
    r, g, b = (min(max(part, 0.0), 1.0) for part in light)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, eyes: str) -> tuple[float, float, float]:
    """A colour as such eyes see it."""
    light = linear(colour)
    return lab([sum(w * part for w, part in zip(row, light, strict=True)) for row in VISION[eyes]])


FAMILIES = ("leaderOf", "memberOf", "spokeWith", "rivalOf", "allyOf", "sanctionedBy", "locatedIn")


@pytest.mark.parametrize("eyes", VISION)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_hues_differ_for_colour_blind_eyes(eyes: str, ground: str) -> None:
    """Relations of different kinds are at least 10 apart in CIELAB, whichever cones are missing."""
    shown = {name: seen(getattr(LOOKS[name], ground), eyes) for name in FAMILIES}
    apart = {
        (a, b): sum((x - y) ** 2 for x, y in zip(shown[a], shown[b], strict=True)) ** 0.5
        for i, a in enumerate(FAMILIES)
        for b in FAMILIES[:i]
    }
    assert min(apart.values()) >= 10, min(apart, key=lambda pair: apart[pair])


@pytest.mark.parametrize(("ground", "paper"), [("light", "#fcfcfa"), ("dark", "#14171c")])
def test_hues_stand_out_from_the_ground(ground: str, paper: str) -> None:
    """Three to one or more, as WCAG 2.2 asks of graphics."""
    own = looks((f"own{n}", n % 2 == 0) for n in range(8))

    def luminance(colour: str) -> float:
        return sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))

    for name, look in {**LOOKS, **own}.items():
        low, high = sorted((luminance(getattr(look, ground)), luminance(paper)))
        assert (high + 0.05) / (low + 0.05) >= 3, name


def test_no_two_relations_or_modalities_differ_by_hue_alone() -> None:
    """Head, mark or filling differ too, for own relations as well."""
    own = [*((f"own{n}", False) for n in range(6)), *((f"both{n}", True) for n in range(3))]
    signs = [(look.head, look.mark, look.hollow) for look in looks([*((name, False) for name in LOOKS), *own]).values()]
    assert len(set(signs)) == len(signs)
    drawn = [STROKES[m].dashes for m in Manner if m is not Manner.UNCLAIMED]
    assert len(set(drawn)) == len(drawn)


def test_own_relations_look_the_same_in_any_order() -> None:
    """A look depends on which relations there are, not on how they are given."""
    names = [(f"own{n}", n % 2 == 0) for n in range(9)]
    assert looks(names) == looks(reversed(names))


# ---------------------------------------------------------------- the timeline


def test_a_timeline_counts_what_has_no_date() -> None:
    """Rows in order of their first day; claims and planned talks alike; the rest is counted and said."""
    said = graph_of(
        [
            claim("a", "spokeWith", "b", on=1, date=dt.date(2020, 9, 1)),
            claim("c", "metWith", "d", on=1, modality=Modality.PROSPECTIVE),
            claim("e", "spokeWith", "f", on=2),
            claim("g", "rivalOf", "h", on=1),
        ],
        articles=[article(1, dt.date(2020, 8, 1)), article(2)],
    )
    picture = timeline(said)
    assert picture.drawing.note == "Not drawn: 1 claim without a date."
    sheet = timeline_sheet(picture.printed)
    assert [name.text for name in sheet.names] == ["c \u2013 d", "a \u2013 b"]
    assert labels(timeline(said, relations="rivalOf")) == {"g", "h"}
    assert labels(timeline(said, around="a")) == {"a", "b"}
    with pytest.raises(NothingToShow, match="nothing that fits has a date"):
        timeline(said, around="e")


def test_rows_of_a_timeline_do_not_overlap(graph: Graph) -> None:
    """And stay on the paper."""
    sheet: Sheet = timeline_sheet(timeline(graph).printed)
    boxes = [name.box for name in sheet.names]
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.touches(b)]
    assert all(box.left >= 0 and box.right <= sheet.width for box in boxes)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dates(), min_size=1, max_size=30))
def test_the_axis_keeps_the_order_of_days(days: list[dt.date]) -> None:
    """Later days stand farther right, from 0 to 1, however far they are apart; ticks stand on the axis."""
    found = axis(days)
    known = sorted(set(days))
    places = [found.place(day) for day in known]
    assert places == sorted(places)
    assert len(set(places)) == len(known)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in [*places, *(tick.place for tick in found.ticks())])
