"""The notebooks run, from the first cell to the last and without the network, and their prose says what the cells show.

The cells are asked by their ids. What is held against them here is what a sentence of the notebook states; if an
article or the extractor changes what a cell shows, the sentence has to change with it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = ("01_first_look", "02_political_network", "03_own_ontology")
PATIENCE = 300  # seconds for a cell; the first build of a machine parses the lexicon
NOWHERE = "http://127.0.0.1:9"  # the discard port: a notebook that asks the network gets no answer

LUKASHENKO, PUTIN, MERKEL = "Alexander Lukashenko", "Vladimir Putin", "Angela Merkel"
TIKHANOVSKAYA = "Svetlana Tikhanovskaya"
BALTICS = ["Estonia", "Latvia", "Lithuania"]


class Shown:
    """What the cells of an executed notebook show, by their ids."""

    def __init__(self, cells: Mapping[str, nbformat.NotebookNode]) -> None:
        self._cells = cells

    def data(self, cell: str) -> Mapping[str, str]:
        """The last output, in all its forms."""
        found = [output["data"] for output in self._cells[cell]["outputs"] if "data" in output]
        assert found, f"{cell} shows nothing"
        return dict(found[-1])

    def text(self, cell: str) -> str:
        """The last output as text."""
        return self.data(cell)["text/plain"]

    def table(self, cell: str) -> pd.DataFrame:
        """The last output as a table."""
        (found,) = pd.read_html(io.StringIO(self.data(cell)["text/html"]), index_col=0, flavor="lxml")
        return found

    def printed(self, cell: str) -> str:
        """What the cell printed."""
        return "".join(o["text"] for o in self._cells[cell]["outputs"] if o.get("name") == "stdout")

    def problems(self) -> list[str]:
        """What a reader would not want to see: errors and warnings."""
        return [
            f"{name}: {output.get('evalue') or output.get('text')}"
            for name, cell in self._cells.items()
            for output in cell.get("outputs", ())
            if output["output_type"] == "error" or output.get("name") == "stderr"
        ]


def read(name: str) -> nbformat.NotebookNode:
    """A notebook as it is committed."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """`python3` is the interpreter of these tests, whatever the user has installed; the network is out of reach."""
    folder = tmp_path_factory.mktemp("jupyter")
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder))
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "config"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, NOWHERE)
        for name in ("no_proxy", "NO_PROXY"):
            patch.delenv(name, raising=False)
        yield


def executed(name: str) -> Shown:
    """A notebook, run in its own folder; a cell that fails, fails the test."""
    notebook = read(name)
    client = NotebookClient(
        notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute()
    return Shown({cell["id"]: cell for cell in notebook["cells"]})


@pytest.fixture(scope="module")
def first(kernel: None) -> Shown:
    """The first look."""
    return executed("01_first_look")


@pytest.fixture(scope="module")
def belarus(kernel: None) -> Shown:
    """The political network."""
    return executed("02_political_network")


@pytest.fixture(scope="module")
def own(kernel: None) -> Shown:
    """The own ontology."""
    return executed("03_own_ontology")


# ---------------------------------------------------------------- as they are committed


def test_these_are_all() -> None:
    """Every notebook is tested."""
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_has_no_outputs(name: str) -> None:
    """Valid, with ids that are names, for any Python 3, and without what one machine made of it."""
    notebook = read(name)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [(cell["id"], cell["outputs"], cell["execution_count"]) for cell in code] == [
        (cell["id"], [], None) for cell in code
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_reads_like_an_article(name: str) -> None:
    """It begins and ends with prose, and no three cells of code follow one another."""
    kinds = [cell["cell_type"] for cell in read(name)["cells"]]
    assert kinds[0] == kinds[-1] == "markdown"
    assert not any(set(three) == {"code"} for three in zip(kinds, kinds[1:], kinds[2:], strict=False))


def test_ten_lines_are_ten() -> None:
    """The first look keeps the promise of its title."""
    code = [cell["source"] for cell in read("01_first_look")["cells"] if cell["cell_type"] == "code"]
    assert sum(len(source.splitlines()) for source in code) == 10


# ---------------------------------------------------------------- a first look


@pytest.mark.slow
class TestFirstLook:
    """The example articles, once around."""

    def test_nothing_is_amiss(self, first: Shown) -> None:
        """No cell fails or warns."""
        assert first.problems() == []

    def test_most_claims_are_asserted(self, first: Shown) -> None:
        """The card has a column for each modality, and most claims are asserted."""
        counts = first.table("summary").sum()
        assert set(counts.index) == {"asserted", "ended", "prospective", "denied"}
        assert counts["asserted"] > counts.sum() / 2

    def test_answers_have_their_grounds(self, first: Shown) -> None:
        """Tables have rows; there is an edge to Putin, none to Merkel, and a reason for either."""
        assert first.table("who")["articles"].is_monotonic_decreasing
        assert sorted(first.table("sanctions")["by"]) == BALTICS
        assert {"asserted", "prospective"} <= set(first.table("talks")["modality"])
        assert "<mark>" in first.data("yes")["text/html"]
        assert "No edge" not in first.text("yes")
        assert "No edge: the only claims are denied." in first.text("no")
        assert "refused to speak" in first.text("no")

    def test_the_network_and_its_picture(self, first: Shown) -> None:
        """Actors in order of their degree, and a page that is there at once."""
        assert first.table("central")["degree"].is_monotonic_decreasing
        assert "<iframe srcdoc" in first.data("show")["text/html"]


# ---------------------------------------------------------------- the political network


@pytest.mark.slow
class TestPoliticalNetwork:
    """Belarus in August 2020."""

    def test_nothing_is_amiss(self, belarus: Shown) -> None:
        """No cell fails or warns."""
        assert belarus.problems() == []

    def test_six_articles(self, belarus: Shown) -> None:
        """Six, three of them by one agency."""
        articles = belarus.table("articles")
        assert len(articles) == 6
        assert articles["publisher"].eq("Continental Wire").sum() == 3

    @pytest.mark.parametrize("cell", ["talks", "sure"])
    def test_the_talking_turns_around_putin(self, belarus: Shown, cell: str) -> None:
        """Nobody talks to more people or lies on more of the ways, with all claims and with the surest."""
        talks = belarus.table(cell)
        assert talks["name"].iloc[0] == PUTIN
        assert talks["degree"].iloc[0] > talks["degree"].iloc[1:].max()
        assert talks["betweenness"].iloc[0] > talks["betweenness"].iloc[1:].max()

    def test_the_way_to_minsk_leads_through_moscow(self, belarus: Shown) -> None:
        """No edge between Merkel and Lukashenko; the way leads over Putin, with a quote for each step."""
        assert "No edge: the only claims are denied." in belarus.text("call")
        way = belarus.table("way").drop_duplicates("step")
        assert [*way["from"], way["to"].iloc[-1]] == [MERKEL, PUTIN, LUKASHENKO]
        assert way["quote"].str.len().min() > 0

    def test_sanctions_come_last(self, belarus: Shown) -> None:
        """Talks in the first weeks; sanctions in the last one only, and as a plan before."""
        weeks = belarus.table("weeks")
        assert weeks["spokeWith"].iloc[0] > 0
        assert weeks["sanctionedBy"].iloc[:-1].sum() == 0
        assert weeks["sanctionedBy"].iloc[-1] > 0
        plans = belarus.table("plans")
        assert "European Union" in set(plans["object"])
        assert plans["published"].max() < "2020-08-31"

    def test_blocs_are_capitals_with_their_people(self, belarus: Shown) -> None:
        """Each of the three stands in a bloc with his country, and the blocs stand apart."""
        blocs = [set(members.split(", ")) for members in belarus.table("blocs")["members"]]
        for pair in ({LUKASHENKO, "Belarus"}, {PUTIN, "Russia"}, {"Mike Pompeo", "United States"}):
            assert any(pair <= bloc for bloc in blocs), pair
        assert float(belarus.printed("blocs").split()[-1]) > 0.5

    def test_putin_is_the_broker(self, belarus: Shown) -> None:
        """He is first, with nobody beside him."""
        brokers = belarus.table("brokers")
        assert brokers["name"].iloc[0] == PUTIN
        assert brokers["between"].iloc[0] > brokers["between"].iloc[1]

    def test_one_rivalry_outweighs_all_else(self, belarus: Shown) -> None:
        """All articles tell of it; no triangle is closed, and the open one asks for a rivalry."""
        signed = belarus.table("signed")
        assert signed.iloc[0][["one", "other", "sign", "articles"]].tolist() == [LUKASHENKO, TIKHANOVSKAYA, -1, 6]
        assert signed["articles"].iloc[1:].max() < 6
        assert belarus.text("balance") == "0"
        assert [TIKHANOVSKAYA, PUTIN, LUKASHENKO, -1] in belarus.table("open").to_numpy().tolist()

    def test_named_together_is_not_tied(self, belarus: Shown) -> None:
        """Two are named together as often as two allies are, and nothing is claimed of them."""
        together = belarus.table("together").set_index(["one", "other"])
        allies, apart = together.loc[(LUKASHENKO, PUTIN)], together.loc[(TIKHANOVSKAYA, PUTIN)]
        assert allies["articles"] == apart["articles"]
        assert (allies["claimed"], apart["claimed"]) == (True, False)
        assert (~together["claimed"]).mean() > 0.5

    def test_every_house_has_something_of_its_own(self, belarus: Shown) -> None:
        """The agency tells the most, each house something that no other does, and none contradicts another."""
        sources = belarus.table("sources")
        assert sources["source"].iloc[0] == "Continental Wire"
        houses = sources[~sources["quoted"]]
        assert len(houses) == 4
        assert houses["alone"].min() > 0
        assert belarus.text("contradictions") == "0"

    def test_how_near_to_the_sanctioned(self, belarus: Shown) -> None:
        """Lukashenko is on three lists, Putin next to him, those who called Putin behind."""
        near = belarus.table("exposure").set_index("name")
        assert near.loc[LUKASHENKO, "by"] == ", ".join(BALTICS)
        assert near.loc[[LUKASHENKO, PUTIN, MERKEL, "Charles Michel"], "distance"].tolist() == [0, 1, 2, 2]
        assert near.loc[MERKEL, "via"] == PUTIN

    def test_plans_and_denials_are_least_sure(self, belarus: Shown) -> None:
        """Most of the least sure claims are plans or denials."""
        doubtful = belarus.table("doubtful")
        assert doubtful["modality"].isin(["prospective", "denied"]).mean() > 0.5
        assert doubtful["quote"].str.contains(r"\b(?:he|him|she|her|they)\b", case=False).any()

    @pytest.mark.parametrize(
        ("cell", "form", "start"),
        [
            ("talks-drawn", "image/svg+xml", "<svg"),
            ("timeline", "text/html", "<iframe"),
            ("show", "text/html", "<iframe"),
            ("paper", "image/png", "iVBOR"),
        ],
    )
    def test_there_are_pictures(self, belarus: Shown, cell: str, form: str, start: str) -> None:
        """Static ones and ones to walk in."""
        assert belarus.data(cell)[form].startswith(start)


# ---------------------------------------------------------------- an own ontology


@pytest.mark.slow
class TestOwnOntology:
    """Port Selwyn: relations of one's own, and what follows from them."""

    def test_nothing_is_amiss(self, own: Shown) -> None:
        """No cell fails or warns; every wording can be used."""
        assert own.problems() == []

    def test_the_own_relations_are_found(self, own: Shown) -> None:
        """All that the articles say in the two relations, and nothing else."""
        found = own.table("build")[["subject", "relation", "object", "modality", "speaker"]].fillna("")
        assert sorted(found.to_numpy().tolist()) == [
            ["Calder Lines", "owns", "Selwyn Herald", "asserted", ""],
            ["Northgate Holdings", "funds", "Helen Foss", "asserted", "Electoral Commission"],
            ["Northgate Holdings", "funds", "Helen Foss", "denied", found.iloc[-1]["speaker"]],
            ["Northgate Holdings", "owns", "Calder Lines", "asserted", ""],
            ["Northgate Holdings", "owns", "Selwyn Playhouse", "prospective", ""],
        ]

    def test_one_says_so_one_denies_it(self, own: Shown) -> None:
        """The donation is asserted by one source and denied by another."""
        (row,) = own.table("contradictions").to_dict("records")
        assert (row["subject"], row["object"]) == ("Northgate Holdings", "Helen Foss")
        assert row["asserted_by"] != row["denied_by"]

    def test_a_tense_and_a_stable_triangle(self, own: Shown) -> None:
        """Nora Quinn stands between two rivals; two allies share one."""
        why = own.table("balance").set_index("state")["why"]
        assert why["tense"].startswith("Nora Quinn is an ally of both")
        assert why["stable"] == "Helen Foss and Martin Dray are allies and share the rival Adam Reece"

    def test_the_answer_follows(self, own: Shown) -> None:
        """The owner follows from two articles, the question has its answer, and had none before."""
        assert "2 claims in 2 articles" in own.text("infer")
        assert "transitive: owns" in own.text("infer")
        assert own.table("answer").to_numpy().tolist() == [["Northgate Holdings", "Selwyn Herald", "Helen Foss"]]
        assert own.text("before") == "0"
        assert "<iframe srcdoc" in own.data("show")["text/html"]
