"""Where a report is: read from words or shared, asked about when not sure, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions import replies_intake as say
from actions.intake.forms import is_no, is_skip, is_unknown, is_yes
from actions.intake.turn import Turn
from actions.place_memory import PlaceMemory, Spot
from actions.replies import Reply
from actions.same_place import means_same
from services_catalog.places.geocode import Ambiguous, Located, OutsideCity, Unknown
from services_catalog.places.live import Where
from services_catalog.places.mentions import MentionKind

# What names too much to send a crew to, and is asked about once more.
WIDE = frozenset({MentionKind.STREET, MentionKind.NEIGHBOURHOOD, MentionKind.POSTAL_CODE})
_NUMBER = re.compile(
    r"(?:(?:it'?s|it is|at|near|number|no\.?|#)\s*)*(\d{1,5}[a-z]?)", re.IGNORECASE
)
_LABEL = re.compile(r"\d+[a-z]?(?:-\d+)?\s+(.+)", re.IGNORECASE)


def without_places(where: Where, text: str) -> str:
    """Return words without the names of places in them, so that "12 Park Rd" says nothing of a park."""
    for mention in sorted(where.geocoder.reader.read(text), key=lambda m: -m.start):
        if mention.kind is not MentionKind.NEAR_ME:
            text = f"{text[: mention.start]} , {text[mention.end :]}"
    return text


def names_place(where: Where, text: str) -> bool:
    """Say whether words name a place of this city."""
    return isinstance(where.geocoder.locate(text), Located | Ambiguous)


def sure_place(where: Where, text: str) -> Spot | None:
    """Return the place that words name for sure and closely enough, or None."""
    found = where.geocoder.locate(text)
    is_one = isinstance(found, Located) and found.is_sure and found.kind not in WIDE
    return Spot.of(found) if is_one and isinstance(found, Located) else None


def asked(turn: Turn) -> Reply:
    """Ask where; what the resident wrote first may name a place that is not sure yet."""
    known = PlaceMemory.of(turn.said.memory).spot
    if turn.memory.asked or not turn.memory.words:
        return say.ask_location(turn.about, known)
    place = read_place(turn, turn.memory.words)
    return place if isinstance(place, Reply) else say.ask_location(turn.about, known)


def again(turn: Turn) -> Reply:
    """Put the question for the place again."""
    if turn.memory.spot:
        return say.ask_exact(turn.about, turn.memory.spot)
    return say.ask_location(turn.about, PlaceMemory.of(turn.said.memory).spot)


def answered(turn: Turn, text: str) -> Spot | Reply | None:
    """Return the place that an answer to "where" means, what to ask about it, or None: it names none."""
    memory = turn.memory
    before = PlaceMemory.of(turn.said.memory).spot
    if before and not memory.spot and (is_yes(text) or means_same(text)):
        return before
    if memory.spot and (number := _NUMBER.fullmatch(text.strip(" .!"))):
        return with_number(turn, number[1]) or say.with_opening(
            again(turn), say.NOT_FOUND.format(what=f"{number[1]} {memory.spot.label}")
        )
    place = read_place(turn, text)
    if memory.spot and not isinstance(place, Spot):
        # Asked for more than a street: "I don't know", "all along it", "in front of the school".
        is_more = not isinstance(place, Reply)
        return (
            memory.spot
            if is_more or is_no(text) or is_skip(text) or is_unknown(text)
            else place
        )
    return place


def shared(turn: Turn, at: Mapping[str, Any]) -> Spot | Reply:
    """Return the place of coordinates that were shared, or that they are outside of the city."""
    found = turn.line.where().geocoder.at(float(at["lat"]), float(at["long"]))
    if isinstance(found, Located):
        return Spot.of(found)
    if isinstance(found, OutsideCity):
        return _outside(turn, found)
    raise LookupError("coordinates are in the city or outside of it")


def with_number(turn: Turn, number: str) -> Spot | None:
    """Return the place with another house number in the same street, or None: there is none."""
    spot = turn.memory.spot
    if spot is None:
        return None
    street = _LABEL.fullmatch(spot.label)
    found = turn.line.where().geocoder.locate(f"{number} {street[1] if street else spot.label}")
    is_one = isinstance(found, Located) and found.is_sure and found.kind is MentionKind.ADDRESS
    return Spot.of(found) if is_one and isinstance(found, Located) else None


def read_place(turn: Turn, text: str) -> Spot | Reply | None:
    """Return the place that words name; what to ask about it where it is not sure; None: they name none."""
    found = turn.line.where().geocoder.locate(text)
    if isinstance(found, Located) and found.is_sure:
        spot = Spot.of(found)
        if found.kind in WIDE and not turn.memory.is_exact:
            return say.ask_exact(turn.having(spot=spot, is_exact=True).about, spot)
        return spot
    if isinstance(found, Located):
        return say.which_place(turn.about, (found,))
    if isinstance(found, Ambiguous):
        street = _street_of(found)
        if street and not turn.memory.is_exact:
            near = turn.having(spot=street, is_exact=True)
            return say.ask_exact(near.about, street, [Spot.of(o) for o in found.options])
        return say.which_place(turn.about, found.options)
    if isinstance(found, OutsideCity):
        return _outside(turn, found)
    if isinstance(found, Unknown) and found.instead:
        return say.which_place(turn.about, found.instead, found.what)
    if isinstance(found, Unknown):
        return say.place_not_found(turn.having(tries=turn.memory.tries + 1).about, found.what)
    return None


def _street_of(found: Ambiguous) -> Spot | None:
    """Return the street that all options are corners of, somewhere on it, or None."""
    streets = {o.label.split(" and ")[0] for o in found.options}
    if len(streets) != 1 or any(o.kind is not MentionKind.STREET for o in found.options):
        return None
    somewhere = Spot.of(found.options[0])
    return replace(somewhere, label=streets.pop(), approximate=True)


def _outside(turn: Turn, found: OutsideCity) -> Reply:
    is_named = bool(found.body) and found.body != found.label
    whose = f" It is in {found.body}." if is_named else ""
    told = say.OUTSIDE.format(what=found.label, city=turn.line.city.name, whose=whose)
    reply = say.ask_location(turn.about, None)
    return say.with_opening(reply, told[0].upper() + told[1:])
