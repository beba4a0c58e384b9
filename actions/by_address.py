"""What depends on an address: the ward, and the waste collection day. Pure; the tables come in from outside."""

from __future__ import annotations

from datetime import date

from actions.place_memory import Spot
from services_catalog.places.live import Where
from services_catalog.places.schedule import Pickup, calendar_path

# What is looked up, as the pack names it.
WARD = "ward"
COLLECTION = "collection"
# The key of sources.yaml that says how old the collection areas are.
MAP = "collection_areas"
OPENINGS = {
    WARD: "Tell me where you live and I will look up your ward.",
    COLLECTION: "Tell me your address and I will look up your collection day.",
}


def looked_up(
    what: str, spot: Spot, where: Where, today: date, phone: str, public_url: str = ""
) -> str:
    """Return what is known for a place, in a sentence or two.

    Args:
        phone: whom to call to make sure.
        public_url: where the line's calendars are; empty: none is told of.
    """
    if what == COLLECTION:
        return _collection(spot, where, today, phone, public_url)
    if not spot.ward:
        return f"I do not know the ward of {spot.label}."
    # A border may run through what is only known by its middle.
    likely = "most likely " if spot.approximate else ""
    return _sentence(f"{spot.label} is {likely}in {spot.ward}.")


def _collection(spot: Spot, where: Where, today: date, phone: str, public_url: str) -> str:
    area = where.areas.collection_area_of(spot.point)
    usual = str(area.facts.get("calendar") or "") if area else ""
    stretches = where.stretches.of(spot.label, spot.point)
    own = next((s.exception for s in stretches if s.is_there), None)
    calendar = own.calendar if own else usual
    day = where.areas.collection_day(calendar)
    if not day:
        told = (
            f"I do not have a daytime collection area for {spot.called}. Some streets have night collection, and "
            f"many apartment buildings have their own. Call {phone} to make sure."
        )
    else:
        told = _days(spot, calendar, day, where, today, public_url)
    notes = []
    if own and usual and own.calendar != usual:
        around = where.areas.collection_day(usual)
        notes.append(
            f"{own.named} has its own day. The streets around it have {around}s (calendar {usual})."
        )
    for part in (s.exception for s in stretches if s.is_there is None):
        if part.calendar != calendar:
            other = where.areas.collection_day(part.calendar)
            notes.append(
                f"If you are on {part.named}, your day is another: {other}s (calendar {part.calendar})."
            )
    return "\n".join((told, *notes))


def _days(
    spot: Spot, calendar: str, day: str, where: Where, today: date, public_url: str
) -> str:
    pickups = where.calendar.next(calendar, today)
    if pickups:
        listed = "\n".join(f"- {_pickup(p)}" for p in pickups)
        kept = f"\nFor your calendar: {public_url}{calendar_path(calendar)}"
        return _sentence(
            f"{spot.called} has collection calendar {calendar}. The next dates are:\n{listed}"
            f"{kept if public_url else ''}"
        )
    source = where.gazetteer.sources.get(MAP)
    age = f"a map of {source.as_of[:4]}" if source else "a map of unknown age"
    return (
        f"By {age}, {spot.called} has collection on {day}s (calendar {calendar}). That map is "
        "old and your day may have changed, so please check it in the official schedule."
    )


def _pickup(pickup: Pickup) -> str:
    day = f"{pickup.day:%A, %B} {pickup.day.day}"
    streams = ", ".join(s.replace("_", " ") for s in pickup.streams)
    moved = (
        f" (moved from {pickup.moved_from:%A} because of a holiday)"
        if pickup.moved_from
        else ""
    )
    return f"{day}: {streams}{moved}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
