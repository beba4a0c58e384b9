"""How a notice reads: until when first, then what is going on. Pure: values in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services_catalog.notices.model import Area, Notice


def said(notice: Notice, now: datetime, zone: ZoneInfo) -> str:
    """Return a notice for the chat and the pages."""
    return f"{until(notice.ends_at, now, zone)}: {notice.text}"


def said_briefly(notice: Notice, now: datetime, zone: ZoneInfo) -> str:
    """Return a notice for a text message."""
    return f"{until(notice.ends_at, now, zone)}: {notice.sms}"


def until(ends_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return until when, as people say it: "Until 6:00 p.m. today", "Until 7:30 a.m. on Friday, March 6"."""
    ends, today = ends_at.astimezone(zone), now.astimezone(zone).date()
    half = "a.m." if ends.hour < 12 else "p.m."
    time = f"{ends.hour % 12 or 12}:{ends:%M} {half}"
    if ends.date() == today:
        return f"Until {time} today"
    if ends.date() == today + timedelta(days=1):
        return f"Until {time} tomorrow"
    return f"Until {time} on {ends:%A, %B} {ends.day}"


def longest_until(ends_at: datetime, zone: ZoneInfo) -> str:
    """Return until when in the words that take the most room, as they are said some days before."""
    return until(ends_at, ends_at - timedelta(days=7), zone)


def where(area: Area, ward_names: Sequence[tuple[str, str]] = ()) -> str:
    """Return what an area is called; `ward_names`: number and name of the city's wards."""
    if area.is_city:
        return "The whole city"
    if area.circle:
        return f"{area.circle.metres} m around {area.circle.label}"
    names = dict(ward_names)
    wards = ", ".join(f"Ward {w} {names.get(w, '')}".strip() for w in area.wards)
    if area.street:
        return f"{area.street} in {wards}" if wards else area.street
    return wards
