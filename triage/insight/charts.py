"""Charts of the report as SVG, readable without colour: bars with their numbers beside them.

matplotlib is loaded with the first chart: nothing else in this package needs it. What was drawn lately is remembered.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache

_INK, _BAR, _LINE = "#17252b", "#06505c", "#8a5a00"
_WIDTH = 7.2  # inches; the page scales it
_ROW = 0.32


@lru_cache(maxsize=64)
def bars(rows: tuple[tuple[str, int], ...], label: str) -> str:
    """Return horizontal bars, each with its number.

    Args:
        label: what is counted, below the bars.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(_WIDTH, 0.7 + _ROW * len(rows)), layout="constrained")
    axes = figure.subplots()
    names = [name for name, _ in rows]
    drawn = axes.barh(names, [count for _, count in rows], color=_BAR)
    axes.bar_label(drawn, padding=3, color=_INK)
    axes.invert_yaxis()
    axes.set_xlabel(label, color=_INK)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure)


@lru_cache(maxsize=64)
def hours(counts: tuple[int, ...], label: str) -> str:
    """Return a bar for each hour of the day."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(_WIDTH, 2.6), layout="constrained")
    axes = figure.subplots()
    axes.bar(range(len(counts)), counts, color=_BAR)
    axes.set_xticks(
        range(0, len(counts), 3), [f"{hour}:00" for hour in range(0, len(counts), 3)]
    )
    axes.set_ylabel(label, color=_INK)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure)


@lru_cache(maxsize=64)
def share(value: float, low: float, high: float, goal: float, label: str) -> str:
    """Return one share with its interval, beside the one that was aimed at."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, 1.5), layout="constrained")
    axes = figure.subplots()
    axes.barh([""], [value], color=_BAR, height=0.5)
    axes.errorbar([value], [0], xerr=[[value - low], [high - value]], color=_INK, capsize=6)
    axes.axvline(goal, color=_LINE, linestyle="--")
    axes.annotate(
        f"aimed at {goal:.0%}", (goal, 0.42), color=_INK, ha="center", annotation_clip=False
    )
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(label, color=_INK)
    axes.spines[["top", "right", "left"]].set_visible(False)
    return _svg(figure)


def _svg(figure: object) -> str:
    """Return a figure as an element that a page can hold. The same figure is the same text."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.hashsalt": "ask311", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})  # type: ignore[attr-defined]
    text = out.getvalue()
    element = text[text.index("<svg") :]
    # The table beside it says the same: a screen reader need not read the drawing.
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', element, count=1)
