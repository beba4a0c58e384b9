"""From measurements to figures, and what was promised. Pure: numbers in, numbers and lines out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Promise:
    """A figure, what was promised for it, and how it was seen to vary."""

    name: str
    measured: float
    limit: float
    at_most: bool
    unit: str = ""
    spread: str = ""

    @property
    def is_kept(self) -> bool:
        """Say whether the figure is on the right side of its limit."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all values does not exceed.

    Raises:
        ValueError: there are no values, or the share is not above 0 and at most 1.
    """
    if not values or not 0 < share <= 1:
        raise ValueError("a percentile needs values, and a share above 0 and up to 1")
    ordered = sorted(values)
    # Rounded first: 0.95 * 20 is a hair above 19 in floating point.
    number = -(-round(share * len(ordered), 9) // 1)
    return ordered[max(0, int(number) - 1)]


def ratio_of_medians(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of our rounds divided by the median of theirs."""
    return median(ours) / median(theirs)


def spread_of_ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest ratio of any one round, each with its own neighbour."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return min(ratios), max(ratios)


def promise_of_ratio(
    name: str, ours: Sequence[float], theirs: Sequence[float], limit: float, *, at_most: bool
) -> Promise:
    """Return the promise about a ratio of rounds, with its spread over the rounds."""
    low, high = spread_of_ratios(ours, theirs)
    return Promise(
        name,
        ratio_of_medians(ours, theirs),
        limit,
        at_most,
        spread=f"{low:.2f} to {high:.2f} in {len(ours)} rounds",
    )


def table(promises: Sequence[Promise]) -> str:
    """Return the promises as a table for people."""
    rows = [("figure", "promised", "measured", "spread", "")]
    for p in promises:
        word = "at most" if p.at_most else "at least"
        rows.append(
            (
                p.name,
                f"{word} {_number(p.limit)} {p.unit}".rstrip(),
                f"{_number(p.measured)} {p.unit}".rstrip(),
                p.spread,
                "kept" if p.is_kept else "MISSED",
            )
        )
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(max(lines, key=len)), *lines[1:]])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
