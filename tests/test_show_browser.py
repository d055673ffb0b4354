"""Pictures in a real browser: opened from disk, walked with mouse and keys, looked at in light and dark.

Needs Chromium with its driver (Debian: chromium, chromium-driver); without them these tests are skipped, but fail
where the environment says CI.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.model import Article, Claim, Entity, Evidence, Knowledge, Modality
from kg.ontology import load_ontology
from kg.show import show, timeline
from kg.store import Graph, open_graph
from kg.triplify import triplify

GRAPH = Path(__file__).parent / "data" / "graph.ttl"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1280,860",
)
SCRIPT = "<script>window.hacked = true</script>"
PATIENCE = 20  # seconds


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser with an empty profile; it and its processes end with the tests of this file."""
    browser, driver = next(filter(None, map(shutil.which, BROWSERS)), None), shutil.which("chromedriver")
    if not browser or not driver:
        missing = "no Chromium with chromedriver is installed (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        started = webdriver.Chrome(options=options, service=Service(driver))
        try:
            yield started
        finally:
            started.quit()


class Page:
    """A picture in the browser."""

    def __init__(self, browser: Any, path: Path, *, dark: bool = False, width: int = 1280) -> None:
        self.browser = browser
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        browser.set_window_size(width, 860)
        browser.get_log("browser"), browser.get_log("performance")
        browser.get(path.as_uri())
        self.wait("return window.picture && window.picture.firstDrawing")

    def run(self, script: str, *values: object) -> Any:
        """What a script returns."""
        return self.browser.execute_script(script, *values)

    def wait(self, script: str) -> Any:
        """What a script returns once that is something."""
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05).until(lambda b: b.execute_script(script))

    def press(self, *keys: str) -> None:
        """Keys for what has the focus."""
        from selenium.webdriver.common.keys import Keys

        for key in keys:
            self.browser.switch_to.active_element.send_keys(getattr(Keys, key, key))

    def click(self, selector: str) -> None:
        """A click on what the selector finds first."""
        self.browser.find_element("css selector", selector).click()

    def click_at(self, x: float, y: float) -> None:
        """A click on a place of the graph."""
        from selenium.webdriver.common.action_chains import ActionChains

        stage = self.browser.find_element("css selector", "#graph")
        middle = stage.size["width"] / 2, stage.size["height"] / 2
        moved = ActionChains(self.browser).move_to_element_with_offset(
            stage, round(x - middle[0]), round(y - middle[1])
        )
        moved.click().perform()

    def text(self, selector: str) -> str:
        """The words that an element shows."""
        return str(self.browser.find_element("css selector", selector).text)

    def tick(self, words: str) -> None:
        """A click on the filter of that name."""
        found = self.browser.find_elements("css selector", "#filters label")
        next(label for label in found if label.text.startswith(words)).find_element("css selector", "input").click()

    def shown(self) -> set[tuple[str, str, str]]:
        """The edges that are seen: subject, relation, object."""
        script = "return picture.edges.filter(e => e.visible).map(e => [e.source.label, e.tie.label, e.target.label])"
        return {tuple(edge) for edge in self.run(script)}

    def edge_at(self, relation: str) -> tuple[float, float]:
        """Where the middle of the first edge of a relation stands in the graph."""
        middle = "picture.edges.find(e => e.tie.label === arguments[0] && e.visible).drawn.renderedMidpoint()"
        place = self.run(f"const m = {middle}; return [m.x, m.y]", relation)
        return place[0], place[1]

    def rows(self) -> list[str]:
        """The rows of a timeline."""
        return list(
            self.run(
                "return [...document.querySelectorAll('#timeline > svg:first-child > text')].map(t => t.textContent)"
            )
        )

    def labels(self) -> list[dict[str, float]]:
        """The boxes of the names that are written over the graph."""
        return list(self.run("return picture.labels().map(({text, x, y, w, h}) => ({text, x, y, w, h}))"))

    def complaints(self) -> list[str]:
        """What the console has to complain of."""
        return [
            entry["message"] for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
        ]

    def requests(self) -> set[str]:
        """The addresses that were asked for."""
        events = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        sent = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return {url for url in sent if not url.startswith("data:")}

    def colours(self) -> dict[tuple[int, int, int], int]:
        """How many pixels of the window have each colour."""
        from matplotlib import image

        pixels = image.imread(io.BytesIO(self.browser.get_screenshot_as_png()))[:, :, :3]
        found: dict[tuple[int, int, int], int] = {}
        for r, g, b in (pixels * 255).round().astype(int).reshape(-1, 3)[::7].tolist():
            found[r, g, b] = found.get((r, g, b), 0) + 1
        return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures of the test graph, as files."""
    folder = tmp_path_factory.mktemp("pictures")
    graph = open_graph(GRAPH)
    show(graph).save(folder / "graph.html")
    timeline(graph).save(folder / "timeline.html")
    show(_synthetic(2000)).save(folder / "large.html")
    (folder / "notebook.html").write_text(f"<!doctype html><p>Out[1]:</p>{show(graph)._repr_html_()}", "utf-8")
    show(_hostile(), title=SCRIPT).save(folder / "hostile.html")
    return folder


def _claim(number: int, subject: str, object_: str, quote: str) -> Claim:
    relations = ("spokeWith", "leaderOf", "allyOf", "rivalOf", "sanctionedBy")
    return Claim(
        subject=subject,
        relation=relations[number % 5],
        object=object_,
        modality=Modality.ASSERTED if number % 5 else list(Modality)[number // 5 % 4],
        confidence=0.8,
        evidence=Evidence(quote=quote, start=number, end=number + len(quote)),
        article=f"{number % 50:016x}",
    )


def _synthetic(count: int) -> Graph:
    """A graph of so many names, each joined with two or three others, a few of them with very many."""
    entities = tuple(Entity(id=f"person/p{n}", name=f"Person Number {n}", kind="Person") for n in range(count))
    pairs = [(n, (n * n) % max(1, n // 4)) for n in range(1, count)] + [(n, n % 40) for n in range(40, count)]
    quote = "The two were named together in a sentence about talks and rivals that goes on as sentences in the news do."
    claims = tuple(_claim(i, f"person/p{a}", f"person/p{b}", f"{i} {quote}") for i, (a, b) in enumerate(pairs))
    articles = tuple(Article(id=f"{n:016x}", name=f"a{n}", date=dt.date(2020, 1, 1 + n % 28)) for n in range(50))
    return Graph.of(triplify(Knowledge(articles=articles, entities=entities, claims=claims), load_ontology()))


def _hostile() -> Graph:
    names = {"person/a": SCRIPT, "person/b": "<!-- </script> <img src=x onerror=alert(1)>"}
    entities = tuple(Entity(id=iri, name=name, kind="Person") for iri, name in names.items())
    articles = (Article(id=f"{0:016x}", name=SCRIPT, title=SCRIPT, url="javascript:alert(1)"),)
    knowledge = Knowledge(articles=articles, entities=entities, claims=(_claim(0, "person/a", "person/b", SCRIPT),))
    return Graph.of(triplify(knowledge, load_ontology()))


def overlapping(labels: list[dict[str, float]]) -> list[tuple[object, object]]:
    """The pairs of names that cover each other."""
    return [
        (a["text"], b["text"])
        for i, a in enumerate(labels)
        for b in labels[:i]
        if a["x"] < b["x"] + b["w"]
        and b["x"] < a["x"] + a["w"]
        and a["y"] < b["y"] + b["h"]
        and b["y"] < a["y"] + a["h"]
    ]


# ---------------------------------------------------------------- the graph


def test_an_edge_shows_its_quotes_when_clicked(chromium: Any, folder: Path) -> None:
    """With speaker, modality, date and a link to the article; the names stand out; nothing else is loaded."""
    page = Page(chromium, folder / "graph.html")
    page.click_at(*page.edge_at("spoke with"))
    page.wait("return !document.getElementById('detail').hidden")
    told = page.text("#detail")
    assert "spoke by telephone with Vladimir Putin on Saturday" in told
    assert "according to Kremlin, of 2020-08-15" in told
    assert "asserted" in told
    link = chromium.find_element("css selector", "#detail a")
    assert (link.text, link.get_attribute("href")) == (
        "Minsk and Moscow keep talking",
        "https://news.example/2020/minsk-calls",
    )
    assert {"Alexander Lukashenko", "Vladimir Putin"} <= {
        m.text for m in chromium.find_elements("css selector", "mark")
    }
    page.click("#detail .close")
    assert page.run("return document.getElementById('detail').hidden")
    assert page.complaints() == []
    assert page.requests() == {(folder / "graph.html").as_uri()}


def test_search_finds_names_and_aliases(chromium: Any, folder: Path) -> None:
    """Accents and case do not count; Enter goes to the name, Escape clears."""
    page = Page(chromium, folder / "graph.html")
    page.press("/")
    page.press("ramirez")
    options = [option.text for option in chromium.find_elements("css selector", "#found li")]
    assert sorted(options) == ["Ana Ramírez person", "José Ramírez person"] or options == ["José Ramírez person"]
    page.press("ESCAPE")
    page.press("PUTIN", "ENTER")
    assert page.run("return picture.state.node.label") == "Vladimir Putin"
    assert page.text("#detail h2") == "Vladimir Putin"
    assert page.text("#said") or page.run("return document.getElementById('said').textContent").startswith(
        "Vladimir Putin"
    )
    page.press("xyzzy")
    assert page.run("return document.getElementById('said').textContent") == "No name found"


def test_filters_hide_relations_modalities_and_dates(chromium: Any, folder: Path) -> None:
    """What is asserted is seen first; the summary counts what is left."""
    page = Page(chromium, folder / "graph.html")
    first = page.shown()
    assert all(page.run("return picture.edges.filter(e => e.visible).map(e => e.manner === 'asserted')"))
    page.tick("denied")
    with_denied = page.shown()
    assert with_denied > first
    page.tick("leader of")
    assert {relation for _, relation, _ in with_denied} - {relation for _, relation, _ in page.shown()} == {"leader of"}
    page.tick("leader of")
    page.run(
        "const from = document.querySelector('#filters input[type=date]'); from.value = '2020-08-20';"
        "from.dispatchEvent(new Event('change'))"
    )
    late = page.shown()
    assert late
    assert late < with_denied
    assert f"{len(late)} edge" in page.text("#summary")
    for relation in {relation for _, relation, _ in with_denied}:
        page.tick(relation)
    assert page.shown() == set()
    assert page.text("#nothing") == "Nothing fits the filters."
    assert page.complaints() == []


def test_the_graph_can_be_walked_with_keys(chromium: Any, folder: Path) -> None:
    """Tab reaches it; arrows go from name to name, Enter to edges and along them, Escape back; each step is told."""
    page = Page(chromium, folder / "graph.html")
    for _ in range(60):
        page.press("TAB")
        if page.run("return document.activeElement.id") == "graph":
            break
    said = "return document.getElementById('said').textContent"
    page.press("ARROW_RIGHT")
    start = page.run("return picture.state.node.label")
    assert page.run(said).startswith(f"{start}, ")
    page.press("ENTER")
    assert page.run(
        "return picture.state.edge.source === picture.state.node || picture.state.edge.target === picture.state.node"
    )
    assert "claim" in page.run(said)
    page.press("ARROW_RIGHT", "ENTER")
    assert page.run("return picture.state.node.label") != start
    assert page.run("return picture.state.edge") is None
    walked = set()
    for key in ("ARROW_LEFT", "ARROW_UP", "ARROW_RIGHT", "ARROW_DOWN") * 2:
        page.press(key)
        walked.add(page.run("return picture.state.node.label"))
    assert len(walked) > 2
    page.press("ESCAPE")
    assert page.run("return picture.state.node") is None
    zoom = "return picture.cy.zoom()"
    before = page.run(zoom)
    page.press("+", "+")
    assert page.run(zoom) > before
    page.press("0")
    assert page.run(zoom) == pytest.approx(before, rel=0.05)


def test_the_list_tells_the_same_in_words(chromium: Any, folder: Path) -> None:
    """A table of what is seen, with a button for each edge that opens its quotes."""
    page = Page(chromium, folder / "graph.html")
    page.click("#list-button")
    rows = [row.text for row in chromium.find_elements("css selector", "#list tbody tr")]
    assert len(rows) == len(page.shown())
    names = [b.get_attribute("aria-label") for b in chromium.find_elements("css selector", "#list tbody button")]
    assert all(" \u2013 " in name or " \u2192 " in name for name in names)
    page.click("#list tbody button")
    assert chromium.find_elements("css selector", "#detail blockquote")
    page.tick("leader of")
    assert len(chromium.find_elements("css selector", "#list tbody tr")) == len(page.shown()) < len(rows)


@pytest.mark.parametrize(("dark", "ground"), [(False, (252, 252, 250)), (True, (20, 23, 28))])
def test_the_picture_has_ink_in_light_and_dark(
    chromium: Any, folder: Path, dark: bool, ground: tuple[int, int, int]
) -> None:
    """Its ground follows the system, and nodes, edges and names stand on it without covering each other's names."""
    page = Page(chromium, folder / "graph.html", dark=dark)
    colours = page.colours()
    assert max(colours, key=lambda colour: colours[colour]) == ground
    assert sum(number for colour, number in colours.items() if sum(map(abs, _apart(colour, ground))) > 90) > 1000
    labels = page.labels()
    assert len(labels) == page.run("return picture.nodes.filter(n => n.visible).length")
    assert overlapping(labels) == []
    assert page.complaints() == []


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def test_two_thousand_names_can_be_used(chromium: Any, folder: Path) -> None:
    """The file is small, names never cover each other at any zoom, and a name is found and shown."""
    assert (folder / "large.html").stat().st_size <= 3_000_000
    page = Page(chromium, folder / "large.html")
    assert page.run("return picture.nodes.length") == 2000
    for zoom in (None, 0.5, 1.0):
        if zoom:
            page.run(
                "picture.cy.zoom({ level: arguments[0], position: { x: 0, y: 0 } }); picture.cy.forceRender()", zoom
            )
            page.wait(f"return Math.abs(picture.cy.zoom() - {zoom}) < 0.01")
        labels = page.labels()
        assert labels
        assert overlapping(labels) == []
    page.press("/")
    page.press("Number 1234", "ENTER")
    assert page.run("return picture.state.node.label") == "Person Number 1234"
    assert "Person Number 1234" in [label["text"] for label in page.labels()]
    assert page.complaints() == []


def test_on_a_small_screen_the_graph_comes_first(chromium: Any, folder: Path) -> None:
    """The filters wait behind their button; nothing is wider than the screen."""
    page = Page(chromium, folder / "graph.html", width=520)
    assert page.run("return document.getElementById('filters').hidden")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    page.click("#filters-button")
    assert not page.run("return document.getElementById('filters').hidden")


def test_markup_in_names_stays_text(chromium: Any, folder: Path) -> None:
    """A script in a name, a quote or a title is shown as it is written, and never run; a strange address is no link."""
    page = Page(chromium, folder / "hostile.html")
    assert chromium.title == SCRIPT
    page.click("#list-button")
    page.click("#list tbody button")
    assert SCRIPT in page.text("#detail blockquote")
    assert SCRIPT in page.text("#list")
    assert chromium.find_elements("css selector", "#detail a, img") == []
    assert page.run("return window.hacked") is None
    assert page.complaints() == []


def test_the_frame_of_a_notebook_shows_the_picture(chromium: Any, folder: Path) -> None:
    """Shut off from the page around it, the picture draws itself and answers to clicks."""
    from selenium.webdriver.support.ui import WebDriverWait

    chromium.get_log("browser")
    chromium.get((folder / "notebook.html").as_uri())
    chromium.switch_to.frame(0)
    try:
        WebDriverWait(chromium, PATIENCE).until(lambda b: b.execute_script("return window.picture?.firstDrawing"))
        chromium.execute_script("picture.choose(picture.nodes[0])")
        assert chromium.find_element("css selector", "#detail h2").text
        assert chromium.execute_script("try { return parent.document.title } catch (error) { return null }") is None
    finally:
        chromium.switch_to.default_content()
    assert [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"] == []


# ---------------------------------------------------------------- the timeline


def test_the_timeline_shows_quotes_and_can_be_walked(chromium: Any, folder: Path) -> None:
    """Rows are pairs; a mark opens its quotes by click and by key; a name leaves only its rows."""
    page = Page(chromium, folder / "timeline.html")
    assert "Alexander Lukashenko \u2013 Vladimir Putin" in page.rows()
    page.run("document.getElementById('timeline').focus()")
    page.press("ARROW_RIGHT")
    assert chromium.find_elements("css selector", "#detail blockquote")
    first = page.run("return picture.state.spot.id")
    page.press("ARROW_RIGHT")
    assert page.run("return picture.state.spot.id") != first
    page.press("ESCAPE")
    assert page.run("return document.getElementById('detail').hidden")
    page.run("document.querySelector('#timeline a').dispatchEvent(new MouseEvent('click'))")
    assert not page.run("return document.getElementById('detail').hidden")
    page.press("/")
    page.press("tikhan", "ENTER")
    assert all("Tikhanovskaya" in row for row in page.rows())
    assert len(page.colours()) > 3
    assert page.complaints() == []
    assert page.requests() == {(folder / "timeline.html").as_uri()}
