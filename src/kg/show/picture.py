"""A picture that knows how to show and to save itself."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from kg.errors import OutputFailed
from kg.show.drawing import Drawing
from kg.show.sheet import Sheet
from kg.show.writing import written
from kg.store.swap import replacing

FORMATS = ("html", "svg", "png")
HEIGHT = 620  # pixels in a notebook


class Picture:
    """A picture of a graph. In a notebook it shows itself, without the network; elsewhere `save` it."""

    def __init__(
        self,
        drawing: Drawing,
        *,
        printed: Callable[[], Drawing],
        page: Callable[[Drawing], str],
        sheet: Callable[[Drawing], Sheet],
    ) -> None:
        self.drawing = drawing
        """What the page shows: nodes and edges."""
        self._printed = printed
        self._page = page
        self._sheet = sheet

    @cached_property
    def printed(self) -> Drawing:
        """What the SVG and the PNG show: less, so that it can be read."""
        return self._printed()

    @cached_property
    def html(self) -> str:
        """The page, a whole HTML document that loads nothing."""
        return self._page(self.drawing)

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG; the same graph gives the same text."""
        return written(self._sheet(self.printed), "svg").decode()

    @cached_property
    def png(self) -> bytes:
        """The drawing as PNG, at 200 dots per inch."""
        return written(self._sheet(self.printed), "png")

    def note(self, form: str = "html") -> str:
        """What was left out in that form; nothing where all is there."""
        return (self.drawing if form == "html" else self.printed).note

    def save(self, path: str | Path) -> None:
        """Write the picture; the suffix says how: .html, .svg or .png.

        Raises:
            OutputFailed: the suffix is none of these, or the file cannot be written.
        """
        make = {"html": lambda: self.html.encode(), "svg": lambda: self.svg.encode(), "png": lambda: self.png}
        content = make[form_of(path)]()
        with replacing(Path(os.path.realpath(path))) as new:
            new.write_bytes(content)

    def _repr_html_(self) -> str:
        """What a notebook shows: the page in a frame of its own, which can neither read the notebook nor load."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" title="{html.escape(self.drawing.title)}" width="100%"'
            f' height="{HEIGHT}" style="box-sizing:border-box;border:1px solid #8884;border-radius:6px" loading="lazy"'
            ' sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )

    def __repr__(self) -> str:
        counts = " and ".join((_counted(len(self.drawing.nodes), "name"), _counted(len(self.drawing.edges), "edge")))
        return f'<Picture of {counts}; .save("FILE.html"), .svg or .png>'


def form_of(path: str | Path) -> str:
    """The format that a file's suffix names.

    >>> form_of("kg.SVG")
    'svg'

    Raises:
        OutputFailed: none of html, svg and png.
    """
    form = Path(path).suffix.lower().removeprefix(".")
    if form not in FORMATS:
        named = f"{form!r} is no format of a picture" if form else "the name has no suffix that says which picture"
        raise OutputFailed(f"{path}: {named}; known: {', '.join('.' + known for known in FORMATS)}")
    return form


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
