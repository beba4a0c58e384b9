"""How long somebody in line may have to wait, as measured from those who were taken lately. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

# Fewer say nothing: then no number is told.
FEWEST = 5
# So many of the last ones count.
MOST = 30
# Older ones tell of another hour of the day.
LOOK_BACK = timedelta(hours=2)
# Most people, not all of them: so many in a hundred waited no longer.
SHARE = 80
# What is told: minutes that people say, rounded up.
_TOLD = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120)


def measured_wait(
    waits: Sequence[timedelta], longest_now: timedelta = timedelta(0)
) -> int | None:
    """Return in how many minutes most people were taken, rounded up; None: too few were, or it took too long to tell.

    Args:
        waits: how long those waited who were taken lately.
        longest_now: how long somebody waits already who is still in line: never less than that is told.
    """
    if len(waits) < FEWEST:
        return None
    in_order = sorted(waits)
    most = in_order[-(-len(in_order) * SHARE // 100) - 1]
    minutes = max(most, longest_now) / timedelta(minutes=1)
    return next((told for told in _TOLD if minutes <= told), None)
