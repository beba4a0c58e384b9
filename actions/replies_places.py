"""How places and locations read to a resident. Pure: values in, replies out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.names import Outcome, Wording
from actions.place_memory import Shown, Spot, Wish, remembered
from actions.replies import PERSON, Reply
from services_catalog.model import ServiceEntry
from services_catalog.places.geocode import Located, OutsideCity
from services_catalog.places.model import Place
from services_catalog.places.nearest import Near
from services_catalog.places.types import PlaceFilter, PlaceType
from services_catalog.places.wishes import Detail

MORE = {"label": "Show more", "service_id": None, "value": {"move": "more_places"}}
OTHER_SPOT = {
    "label": "Near another place",
    "service_id": None,
    "value": {"move": "other_spot"},
}


def places(
    kind: PlaceType,
    filters: Sequence[PlaceFilter],
    found: Sequence[Near],
    spot: Spot,
    shown: Shown,
) -> Reply:
    """List places; those of `shown` came before."""
    first = len(shown.ids) + 1
    listed = "\n".join(f"{n}. {_line(kind, near)}" for n, near in enumerate(found, first))
    ids = (*shown.ids, *(near.place.id for near in found))
    return Reply(
        Outcome.PLACE,
        wording=Wording.PLACES,
        filled_with={
            "many": _many(kind, filters),
            "place": spot.called,
            "list": listed,
            "note": kind.note,
        },
        service_id=kind.service_id or None,
        places=[card(kind, near.place, near.metres) for near in found],
        location=on_the_wire(spot),
        choices=(MORE, OTHER_SPOT),
        remember=remembered(
            spot=spot, wish=None, shown=Shown(kind.id, tuple(f.id for f in filters), ids)
        ),
    )


def no_places(
    kind: PlaceType, filters: Sequence[PlaceFilter], spot: Spot, *, is_end: bool
) -> Reply:
    """Say that there are none, or no more."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.NO_MORE_PLACES if is_end else Wording.NO_PLACES,
        filled_with={"many": _many(kind, filters), "place": spot.called},
        service_id=kind.service_id or None,
        location=on_the_wire(spot),
        choices=(OTHER_SPOT, PERSON),
        remember=remembered(spot=spot, wish=None),
    )


def one_place(
    kind: PlaceType, place: Place, metres: float, detail: Detail, shown: Shown
) -> Reply:
    """Tell about one place: what was asked, or all that is known."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.PLACE,
        filled_with={"told": _told(kind, place, metres, detail), "note": kind.note},
        service_id=kind.service_id or None,
        places=[card(kind, place, metres)],
        choices=(MORE, OTHER_SPOT),
        remember=remembered(
            shown=Shown(shown.type_id, shown.filters, shown.ids, spoken_of=place.id)
        ),
    )


def ask_location(wish: Wish, entry: ServiceEntry | None, revision: int) -> Reply:
    """Ask where; what was wished for waits. What the catalogue says of the matter is said as well."""
    asked = Reply(
        Outcome.PLACE,
        wording=Wording.ASK_LOCATION,
        filled_with={"entry": f"\n\n{entry.sms}" if entry else ""},
        ask="location",
        remember=remembered(wish=wish),
    )
    if entry is None:
        return asked
    return replace(
        asked,
        outcome=Outcome.ANSWER,
        service_id=entry.id,
        revision=revision,
        source_url=entry.source_url,
        last_verified=entry.last_verified.isoformat(),
    )


def ask_again(wish: Wish, what: str, most_tries: int, service_id: str = "") -> Reply:
    """Say which words were not found, and ask again with an example; in the end, offer another way."""
    quoted = _quoted(what)
    if wish.tries >= most_tries:
        return Reply(
            Outcome.NOT_FOUND,
            wording=Wording.LOCATION_GIVEN_UP,
            filled_with={"what": quoted},
            service_id=service_id or None,
            choices=(PERSON,),
            unanswered=True,
            remember=remembered(wish=None),
        )
    return Reply(
        Outcome.PLACE,
        wording=Wording.ASK_LOCATION_AGAIN,
        filled_with={"what": quoted},
        service_id=service_id or None,
        ask="location",
        remember=remembered(wish=replace(wish, tries=wish.tries + 1)),
    )


def which_location(options: Sequence[Located], wish: Wish | None, not_found: str = "") -> Reply:
    """Ask which of a few places is meant; `not_found`: the words that none of them has exactly."""
    offered = [
        {"label": o.label, "service_id": None, "value": {"move": "spot", "spot": _spot_of(o)}}
        for o in options
    ]
    opening = f'I did not find "{_quoted(not_found)}". ' if not_found else ""
    return Reply(
        Outcome.CHOICES,
        wording=Wording.WHICH_LOCATION if len(options) > 1 else Wording.CONFIRM_LOCATION,
        filled_with={"opening": opening, "place": options[0].label},
        choices=offered,
        # A number or "the first one" speaks of these now, not of a list shown before.
        remember=remembered(wish=wish, shown=None),
    )


def outside(found: OutsideCity, wish: Wish | None) -> Reply:
    """Say that a place is not in this city, and whose it is where that is known."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.LOCATION_OUTSIDE,
        filled_with={
            "what": found.label,
            "whose": f" It is in {found.body}."
            if found.body and found.body != found.label
            else "",
        },
        ask="location",
        choices=(PERSON,),
        remember=remembered(wish=wish) if wish else {},
    )


def taken(spot: Spot) -> Reply:
    """Say where the resident is taken to be, and ask what they look for."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.LOCATION_TAKEN,
        filled_with={
            "place": f"{spot.label}, in {spot.ward}" if spot.ward else spot.called,
        },
        location=on_the_wire(spot),
        remember=remembered(spot=spot),
    )


def card(kind: PlaceType, place: Place, metres: float) -> dict[str, Any]:
    """Return a place as the page shows it."""
    lat, long = place.point.lat, place.point.long
    return {
        "place_id": place.id,
        "name": place.name,
        "address": place.address or None,
        "phone": place.phone or None,
        "metres": round(metres),
        "latitude": lat,
        "longitude": long,
        "map_url": f"https://www.openstreetmap.org/?mlat={lat}&mlon={long}#map=17/{lat}/{long}",
        "details": details(kind, place.attributes),
    }


def details(kind: PlaceType, attributes: Mapping[str, Any]) -> list[str]:
    """Return what is known about a place, as the pack words it."""
    told = []
    for telling in kind.told:
        value = attributes.get(telling.attribute)
        if not value:
            continue
        shown = str(value)
        if isinstance(value, list):
            shown = ", ".join(map(str, value)).replace("_", " ").lower()
        told.append(telling.text.replace("{value}", shown))
    return told


def distance(metres: float) -> str:
    """Return a distance as people say it: to ten metres, from a kilometre on to a tenth of one."""
    return f"{max(10, round(metres, -1)):.0f} m" if metres < 995 else f"{metres / 1000:.1f} km"


def on_the_wire(spot: Spot) -> dict[str, Any]:
    """Return a location as a message carries it."""
    return {
        "lat": spot.lat,
        "long": spot.long,
        "label": spot.label,
        "approximate": spot.approximate,
        "ward": spot.ward or None,
    }


def _many(kind: PlaceType, filters: Sequence[PlaceFilter]) -> str:
    """Return what the places are called together: "library branches", "parks with a playground"."""
    return " ".join((kind.many, *(f.told for f in filters)))


def _quoted(words: str) -> str:
    return " ".join(words.split())[:60]


def _spot_of(found: Located) -> dict[str, Any]:
    return dict(remembered(spot=Spot.of(found))["spot"])


def _line(kind: PlaceType, near: Near) -> str:
    place = near.place
    parts = [f"{place.name}, {place.address}" if place.address else place.name]
    parts[0] += f" ({distance(near.metres)})"
    if place.phone:
        parts.append(place.phone)
    if known := details(kind, place.attributes):
        parts.append(", ".join(known))
    return ". ".join(parts)


def _told(kind: PlaceType, place: Place, metres: float, detail: Detail) -> str:
    if detail is Detail.PHONE:
        unknown = f"I do not have a phone number for {place.name}."
        return f"{place.name}: {place.phone}" if place.phone else unknown
    if detail is Detail.ADDRESS and place.address:
        return f"{place.name} is at {place.address}."
    if detail is Detail.WEBSITE:
        unknown = f"I do not have a web page for {place.name}."
        return f"{place.name}: {place.website}" if place.website else unknown
    if detail is Detail.DISTANCE:
        return f"{place.name} is {distance(metres)} away in a straight line."
    opening = f"I do not know the hours of {place.name}.\n" if detail is Detail.HOURS else ""
    return f"{opening}{_line(kind, Near(place, metres))}"
