"""How the pages about learning say things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from triage.learning.collecting import Why
from triage.learning.groups import How, Settled, Trend
from triage.learning.labels import Source

WHY: Final[Mapping[Why, str]] = {
    Why.NOT_HELPFUL: "the resident said it did not help",
    Why.NOT_FOUND: "nothing was found",
    Why.NOT_TAKEN: "choices were offered, none was taken",
    Why.DOUBTFUL: "answered, but not surely",
    Why.REROUTED: "staff moved the report to another queue",
}
TREND: Final[Mapping[Trend, str]] = {
    Trend.NEW: "New this week",
    Trend.MORE: "More than last week",
    Trend.FEWER: "Fewer than last week",
    Trend.SAME: "As last week",
}
SOURCE: Final[Mapping[Source, str]] = {
    Source.REROUTE: "Staff moved the report",
    Source.CORRECTION: "A maintainer put it right",
    Source.WORDING: "A wording that was added",
    Source.SAMPLED: "An answer drawn by lot",
}


def settled_words(settled: Settled, titles: Mapping[str, str]) -> str:
    """Return how a group was settled."""
    match settled.how:
        case How.WORDING:
            return f'a wording was added to "{titles.get(settled.why, settled.why)}"'
        case How.ENTRY:
            return f'an entry was begun: "{titles.get(settled.why, settled.why)}"'
        case How.ASIDE:
            return f"set aside: {settled.why}"
