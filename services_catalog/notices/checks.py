"""What is wrong with a notice, in a maintainer's words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services_catalog.notices.model import Notice
from services_catalog.notices.words import longest_until
from services_catalog.segments import count, outside_gsm7

LONGEST_TEXT = 300
# One segment of the two that an answer aims at: the other is the answer's own.
MOST_SEGMENTS = 1
LONGEST_TIME = timedelta(days=60)
# Larger is a ward or the whole city.
SMALLEST_CIRCLE, LARGEST_CIRCLE = 50, 5_000


@dataclass(frozen=True)
class Fault:
    """Something to be put right."""

    field: str  # of the form
    words: str


def fault_of(notice: Notice, now: datetime, zone: ZoneInfo) -> Fault | None:
    """Return the first thing that is wrong with a notice, or None."""
    if not notice.text:
        return Fault("text", "Write what is going on.")
    if len(notice.text) > LONGEST_TEXT:
        return Fault(
            "text", f"Write at most {LONGEST_TEXT} characters; it has {len(notice.text)}."
        )
    if fault := _fault_of_sms(notice, zone):
        return fault
    if notice.ends_at <= now:
        return Fault("until", "The end is past. Choose a later one.")
    if notice.ends_at <= notice.starts_at:
        return Fault("until", "It ends before it begins. Choose a later end.")
    if notice.ends_at - notice.starts_at > LONGEST_TIME:
        return Fault(
            "until",
            f"A notice lasts at most {LONGEST_TIME.days} days. What stays longer belongs in the entry.",
        )
    circle = notice.area.circle
    if circle and not SMALLEST_CIRCLE <= circle.metres <= LARGEST_CIRCLE:
        return Fault("metres", f"Write {SMALLEST_CIRCLE} to {LARGEST_CIRCLE} metres.")
    return None


def _fault_of_sms(notice: Notice, zone: ZoneInfo) -> Fault | None:
    if not notice.sms:
        return Fault("sms", "Write the words for a text message.")
    if odd := outside_gsm7(notice.sms):
        return Fault(
            "sms", f"A text message cannot have {' '.join(odd)}: write plain characters."
        )
    whole = count(f"{longest_until(notice.ends_at, zone)}: {notice.sms}")
    if whole.segments > MOST_SEGMENTS:
        over = whole.units - 160
        return Fault(
            "sms",
            f"It is too long for one text message by {over} characters, with the time until when before it.",
        )
    return None
