"""Quiet hours: when no phone may buzz because of us. Pure; the city's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{1,2}:\d\d) ?- ?(\d{1,2}:\d\d)")


@dataclass(frozen=True)
class QuietHours:
    """From one time of day until another, past midnight where the first is the later one."""

    begin: time
    end: time

    def over_at(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first moment from then on at which it is not quiet."""
        local = moment.astimezone(zone)
        now, day = local.time(), local.date()
        if self.begin <= self.end:
            is_quiet = self.begin <= now < self.end
        else:
            is_quiet = now >= self.begin or now < self.end
            day += timedelta(days=now >= self.begin)
        if not is_quiet:
            return moment
        return datetime.combine(day, self.end, zone).astimezone(UTC)


def read_quiet_hours(written: str) -> QuietHours | None:
    """Read "21:00-8:00"; None where it says "none".

    Raises:
        ValueError: it is neither.
    """
    if written.strip() == "none":
        return None
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError(f'write quiet hours as "21:00-8:00", or "none", not {written!r}')
    begin, end = (time.fromisoformat(part.zfill(5)) for part in found.groups())
    return QuietHours(begin, end)
