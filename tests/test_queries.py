"""The saved queries on the graph of the examples: each has something to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.pipeline import build
from kg.query import run, saved_queries
from kg.store import Graph, Rows, open_graph

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The graph of the example articles."""
    path = tmp_path_factory.mktemp("examples") / "kg.ttl"
    build([EXAMPLES], path)
    return open_graph(path)


@pytest.mark.parametrize("name", sorted(saved_queries()))
def test_saved_query_tells_something(graph: Graph, name: str) -> None:
    """Without parameters every saved query parses, runs and gives rows or triples."""
    answer = run(graph, name)
    assert not isinstance(answer, bool)
    found = answer.rows if isinstance(answer, Rows) else list(answer)
    assert found


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("leaders", {"country": "Belarus"}, "Alexander Lukashenko"),
        ("spoke_with", {"actor": "Merkel"}, "Vladimir Putin"),
        ("sanctions", {"imposer": "Latvia"}, "Belarusian officials"),
        ("rivals", {"actor": "Lukashenko"}, "Svetlana Tikhanovskaya"),
    ],
)
def test_saved_query_with_a_name(graph: Graph, name: str, parameters: dict[str, str], expected: str) -> None:
    """A parameter is a name as people write it."""
    answer = run(graph, name, parameters)
    assert isinstance(answer, Rows)
    assert expected in {str(value) for row in answer.values() for value in row}
