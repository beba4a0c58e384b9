"""Shares of counts, with how sure they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Two sides of the normal distribution that hold 95 in 100.
_Z = 1.959964


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the true one lies, 95 times in 100 (Wilson, 1927: also right near 0 and 1)."""
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        reach = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "none"
        low, high = self.interval
        return f"{self.value:.1%} ({self.part} of {self.whole}; 95 %: {low:.1%} to {high:.1%})"
