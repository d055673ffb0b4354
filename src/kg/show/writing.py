"""A sheet as SVG or PNG, through matplotlib; the same sheet gives the same bytes of SVG."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from kg.show.sheet import GROUND, Item, Line, Shape, Sheet, Text, families

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI = {"png": 200, "svg": 72}
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "news-kg",
    "svg.fonttype": "path",
    "path.simplify": False,
    "text.hinting": "none",
}


def written(sheet: Sheet, form: str) -> bytes:
    """The bytes of a sheet as `svg` or `png`.

    >>> written(Sheet(width=20, height=10, title="empty", items=()), "svg")[:5]
    b'<?xml'
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that no font has is drawn as a box
        figure = Figure(figsize=(sheet.width / 72, sheet.height / 72), dpi=DPI[form], facecolor=GROUND)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, sheet.width)
        axes.set_ylim(sheet.height, 0)
        for layer, item in enumerate(sheet.items):
            _draw(axes, item, layer)
        about = {"Title": sheet.title, "Creator": "news-kg", "Date": None} if form == "svg" else {"Title": sheet.title}
        out = io.BytesIO()
        figure.savefig(out, format=form, dpi=DPI[form], facecolor=GROUND, metadata=about)
    return out.getvalue()


def _draw(axes: Axes, item: Item, layer: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon
    from matplotlib.patheffects import Stroke

    match item:
        case Line():
            xs, ys = zip(*item.points, strict=True)
            line = Line2D(xs, ys, color=item.colour, linewidth=item.width, zorder=layer, solid_capstyle="butt")
            if item.dashes:
                line.set_dashes([length * 0.75 / item.width for length in item.dashes])
            axes.add_line(line)
        case Shape():
            outline = Polygon(item.points, closed=True, facecolor=item.fill, edgecolor=item.colour, zorder=layer)
            outline.set_linewidth(item.width)
            axes.add_patch(outline)
        case Text():
            if item.halo:  # a text of its own, so that the words themselves can share the outlines of their letters
                _write(axes, item, layer, path_effects=[Stroke(linewidth=2.2, foreground=GROUND)])
            _write(axes, item, layer)


def _write(axes: Axes, text: Text, layer: int, **more: Any) -> None:
    axes.text(
        text.x,
        text.y,
        text.text,
        fontsize=text.size,
        color=text.colour,
        family=list(families()),
        weight="bold" if text.bold else "normal",
        va="center_baseline",
        parse_math=False,
        zorder=layer,
        **more,
    )
