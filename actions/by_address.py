"""What depends on an address: the ward, and the waste collection day. Pure; the tables come in from outside."""

from __future__ import annotations

from datetime import date

from actions.place_memory import Spot
from services_catalog.places.live import Where
from services_catalog.places.schedule import Pickup

# What is looked up, as the pack names it.
WARD = "ward"
COLLECTION = "collection"
# The key of sources.yaml that says how old the collection areas are.
MAP = "collection_areas"
OPENINGS = {
    WARD: "Tell me where you live and I will look up your ward.",
    COLLECTION: "Tell me your address and I will look up your collection day.",
}


def looked_up(what: str, spot: Spot, where: Where, today: date, phone: str) -> str:
    """Return what is known for a place, in a sentence or two."""
    if what == WARD:
        if not spot.ward:
            return f"I do not know the ward of {spot.label}."
        # A border may run through what is only known by its middle.
        return f"{spot.label} is {'most likely ' if spot.approximate else ''}in {spot.ward}."
    return _collection(spot, where, today, phone)


def _collection(spot: Spot, where: Where, today: date, phone: str) -> str:
    area = where.areas.collection_area_of(spot.point)
    if area is None or not area.facts.get("day"):
        return (
            f"I do not have a daytime collection area for {spot.called}. Some streets have night collection, and "
            f"many apartment buildings have their own. Call {phone} to make sure."
        )
    calendar = str(area.facts["calendar"])
    pickups = where.calendar.next(calendar, today)
    if pickups:
        listed = "\n".join(f"- {_pickup(p)}" for p in pickups)
        return (
            f"{spot.called} has collection calendar {calendar}. The next dates are:\n{listed}"
        )
    source = where.gazetteer.sources.get(MAP)
    age = f"a map of {source.as_of[:4]}" if source else "a map of unknown age"
    return (
        f"By {age}, {spot.called} has collection on {area.facts['day']}s (calendar {calendar}). That map is "
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
