"""How much one number gets, and when a machine seems to write. Pure: given what is known of a sender, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
# In characters; what a phone answers by itself is longer.
LONGEST_ANSWER = 20


def share_after_one(
    full_at: datetime | None, now: datetime, per_hour: int
) -> tuple[datetime | None, datetime]:
    """Take one text from a number's share, which fills evenly and is full at first (GCRA).

    Returns:
        When the share is full again if a text is sent now, or None: there is none left now; and when there is one.
    """
    each = _HOUR / per_hour
    after = max(full_at or now, now) + each
    begins = after - _HOUR
    return (after, now) if begins <= now else (None, begins)


def share_given_back(full_at: datetime | None, per_hour: int) -> datetime | None:
    """Return when the share is full again, if the text that was taken from it last was not sent after all."""
    return full_at and full_at - _HOUR / per_hour


class Heard(Protocol):
    """What is looked at of a sender."""

    @property
    def last_mark(self) -> str | None: ...
    @property
    def same_in_a_row(self) -> int: ...
    @property
    def heard_text(self) -> int: ...
    @property
    def next_text(self) -> int: ...
    @property
    def minute_at(self) -> datetime | None: ...
    @property
    def in_minute(self) -> int: ...
    @property
    def quiet_until(self) -> datetime | None: ...


@dataclass(frozen=True)
class Limits:
    """When answering stops, and for how long."""

    same_in_a_row: int
    per_minute: int
    quiet: timedelta


@dataclass(frozen=True)
class Noise:
    """What a text says about who writes."""

    # To be kept with the sender.
    values: Mapping[str, Any]
    # Answering stops with this one; or it had stopped already.
    begins: bool
    is_quiet: bool


def may_be_automatic(body: str) -> bool:
    """Say whether a machine may have written it: "no", "1" and "anonymous" answer one question after the other."""
    return len(body.strip()) > LONGEST_ANSWER


def noise_of(heard: Heard, mark: str | None, now: datetime, limits: Limits) -> Noise:
    """Return what another text says about who writes.

    A machine that answers each text of ours sends the same in a row, or very much in a minute. Only what follows a text
    of ours counts: somebody who waits for an answer in vain may well write the same again and again.

    Args:
        mark: the same for the same text; None: however often it comes, it is an answer.
    """
    is_exchange = heard.next_text != heard.heard_text
    same = heard.same_in_a_row if mark == heard.last_mark else 0
    same = 0 if mark is None else same + (is_exchange or same == 0)
    if heard.minute_at and now - heard.minute_at < _MINUTE:
        minute_at, many = heard.minute_at, heard.in_minute + is_exchange
    else:
        minute_at, many = now, 1
    values: dict[str, Any] = {
        "last_mark": mark,
        "same_in_a_row": same,
        "heard_text": heard.next_text,
        "minute_at": minute_at,
        "in_minute": many,
    }
    if heard.quiet_until and now < heard.quiet_until:
        return Noise(values, begins=False, is_quiet=True)
    begins = same >= limits.same_in_a_row or many >= limits.per_minute
    if begins:
        # Counted anew afterwards.
        values |= {"quiet_until": now + limits.quiet, "same_in_a_row": 0, "in_minute": 0}
    return Noise(values, begins=begins, is_quiet=begins)
