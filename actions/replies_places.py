"""How places and locations read to a resident. Pure: values in, replies out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

from actions.names import Outcome, Wording
from actions.place_memory import TOLD, PlaceMemory, Shown, Spot, Wish, remembered
from actions.replies import PERSON, Reply
from actions.replies_brief import fitting, place_not_found
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

# Stands below a list in a text message.
GOES_ON = "9 More"
# So much of a resident's own words is said back.
LONGEST_QUOTED = 60
# Said once in a conversation, with the first answer for a place.
REMEMBERED = (
    'I remember this place for this conversation only. Write "start over" and I forget it.'
)
REMEMBERED_BRIEFLY = '"Start over" makes me forget this place.'
# Said of coordinates that lie in the city only the other way round.
EXCHANGED = (
    "Your location came with its two numbers swapped, so I read them the other way round."
)


def told_once(memory: PlaceMemory, reply: Reply) -> Reply:
    """Return a reply that says how long its place is remembered, unless that was said or there is no answer for one."""
    if memory.is_told or TOLD in reply.remember or not reply.remember.get("spot"):
        return reply
    if reply.wording not in (None, Wording.PLACES):
        return reply
    told = replace(reply, remember={**reply.remember, TOLD: True})
    return with_note(told, REMEMBERED, REMEMBERED_BRIEFLY)


def with_note(reply: Reply, note: str, briefly: str = "") -> Reply:
    """Return a reply with one more sentence, in a paragraph of its own where it has several.

    Args:
        briefly: the same in fewer words, for text messages.
    """
    if reply.short:
        reply = replace(reply, short=f"{reply.short}\n{briefly or note}")
    if reply.wording is None:
        return replace(reply, text=f"{reply.text}\n\n{note}")
    filling = dict(reply.filled_with)
    if "note" in filling:
        filling["note"] = "\n\n".join(n for n in (filling["note"], note) if n)
    elif "place" in filling:
        filling["place"] = f"{filling['place']}. {note.rstrip('.')}"
    return replace(reply, filled_with=filling)


def places(
    kind: PlaceType,
    filters: Sequence[PlaceFilter],
    found: Sequence[Near],
    spot: Spot,
    shown: Shown,
) -> Reply:
    """List places near a spot; those of `shown` came before."""
    first = len(shown.ids) + 1
    numbered = list(enumerate(found, first))
    listed = "\n".join(f"{n}. {_line(kind, near)}" for n, near in numbered)
    many = _many(kind, filters)
    heading = (
        f"{many[0].upper()}{many[1:]} near {spot.label}{' (approximate)' * spot.approximate}:"
    )
    lines = [heading, *(f"{n} {_brief_line(near.place, near.metres)}" for n, near in numbered)]
    ids = (*shown.ids, *(near.place.id for near in found))
    now = Shown(kind.id, tuple(f.id for f in filters), ids, near=shown.near)
    # Where the resident is stays what they named, also when they look around elsewhere.
    own = {} if shown.near else remembered(spot=spot)
    return Reply(
        Outcome.PLACE,
        wording=Wording.PLACES,
        filled_with={
            "many": many,
            "place": spot.called,
            "list": listed,
            "note": kind.note,
        },
        short=fitting((*lines, _first_sentence(kind.note)), lines, below=GOES_ON),
        service_id=kind.service_id or None,
        places=[card(kind, near.place, near.metres) for near in found],
        location=on_the_wire(spot),
        choices=(MORE, OTHER_SPOT),
        remember={**own, **remembered(wish=None, shown=now)},
    )


def no_places(
    kind: PlaceType, filters: Sequence[PlaceFilter], spot: Spot, shown: Shown
) -> Reply:
    """Say that there are none near a spot, or none beside those of `shown`."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.NO_MORE_PLACES if shown.ids else Wording.NO_PLACES,
        filled_with={"many": _many(kind, filters), "place": spot.called},
        service_id=kind.service_id or None,
        location=on_the_wire(spot),
        choices=(OTHER_SPOT, PERSON),
        remember=remembered(wish=None) if shown.near else remembered(spot=spot, wish=None),
    )


def one_place(
    kind: PlaceType, place: Place, metres: float, detail: Detail, shown: Shown
) -> Reply:
    """Tell about one place: what was asked, or all that is known."""
    return Reply(
        Outcome.PLACE,
        wording=Wording.PLACE,
        filled_with={"told": _told(kind, place, metres, detail), "note": kind.note},
        short=_briefly(kind, place, metres, detail),
        service_id=kind.service_id or None,
        places=[card(kind, place, metres)],
        choices=(MORE, OTHER_SPOT),
        remember=remembered(shown=replace(shown, spoken_of=place.id)),
    )


def ask_location(wish: Wish, entry: ServiceEntry | None = None, revision: int = 0) -> Reply:
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
        short=place_not_found(quoted),
        service_id=service_id or None,
        choices=(PERSON,) if wish.tries else (),
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
            "what": found.label[:1].upper() + found.label[1:],
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


def forgotten() -> Reply:
    """Forget where the resident is, and what was shown for it, because they ask to."""
    forget = {**remembered(spot=None, wish=None, shown=None), TOLD: None}
    return Reply(Outcome.SMALL_TALK, wording=Wording.RESTART, remember=forget)


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
    plain = " ".join(words.split())
    # A word that is too long by itself is cut.
    return (
        shorten(plain, LONGEST_QUOTED, placeholder="...")
        if " " in plain[:LONGEST_QUOTED]
        else plain[:LONGEST_QUOTED]
    )


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


def _brief_line(place: Place, metres: float) -> str:
    return ", ".join(p for p in (place.name, distance(metres), place.address) if p)


def _briefly(kind: PlaceType, place: Place, metres: float, detail: Detail) -> str:
    """Return one place for a text message: what was asked; or all, with a short link to where it is on the map."""
    if detail in (Detail.PHONE, Detail.WEBSITE):
        return _told(kind, place, metres, detail)
    opening = f"I do not know the hours of {place.name}." if detail is Detail.HOURS else ""
    known = ", ".join(details(kind, place.attributes))
    at = f"osm.org/?mlat={place.point.lat:.5f}&mlon={place.point.long:.5f}&zoom=17"
    place_itself = (opening, _brief_line(place, metres), place.phone)
    return fitting(
        (*place_itself, known, kind.note, at),
        (*place_itself, known, _first_sentence(kind.note), at),
        (*place_itself, _first_sentence(kind.note), at),
        below=GOES_ON,
    )


def _first_sentence(note: str) -> str:
    """Return how old a list is: the first sentence of its note."""
    return re.split(r"(?<=\.)\s", note, maxsplit=1)[0]


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
