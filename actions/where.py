"""Find places near where the resident is, and what depends on an address; ask for the location when it is needed.

Every ability asks here first (`about_places`): whether a message speaks of a place does not depend on how the
assistant read its move. What is remembered in between is in place_memory.py, how it reads in replies_places.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import replies_places as say
from actions.by_address import OPENINGS, looked_up
from actions.heard import Heard
from actions.line import Line
from actions.names import Outcome
from actions.place_memory import PlaceMemory, Shown, Spot, Wish, remembered
from actions.replies import Reply
from actions.replies import answer as answered
from actions.same_place import asks_to_forget, is_alone, is_same_wish, means_same, means_there
from services_catalog.places.geocode import Ambiguous, Located, OutsideCity, Resolved, Unknown
from services_catalog.places.live import Where
from services_catalog.places.nearest import SHOWN
from services_catalog.places.wishes import About, Elsewhere, FollowUp, More, Narrow
from services_catalog.search.choose import Answer, find
from services_catalog.text import terms, words

# A place that is not found is asked for again so many times, then another way is offered.
MOST_TRIES = 2


def about_places(line: Line, said: Heard) -> list[Reply] | None:
    """Return the replies to a message about places, or None: it asks something else."""
    where = line.where()
    if not where.gazetteer.places:
        return None
    memory = _memory(where, said)
    if said.location is not None:
        reply: Reply | None = _shared(line, where, memory, said.location)
    elif said.choice is not None:
        reply = chosen_place(line, said, said.choice)
    else:
        reply = None if said.is_command else _answer(line, where, memory, said)
    return [say.told_once(memory, reply)] if reply else None


def _answer(line: Line, where: Where, memory: PlaceMemory, said: Heard) -> Reply | None:
    if memory.spot and asks_to_forget(said.text):
        return say.forgotten()
    wish = where.wishes.read(said.text)
    wanted = Wish(wish.type_id, wish.filters) if wish else None
    there = _there(where, memory, said.text)
    is_own = there == memory.spot
    if there and wanted:
        return _fulfilled(line, where, wanted, there, is_own=is_own)
    if there and is_alone(said.text):
        waiting = memory.wish or memory.listed
        if waiting is None:
            return say.taken(there)
        return _fulfilled(line, where, waiting, there, is_own=is_own)
    follow = _follow_up(where, memory, said.text)
    # "Any with a pool?" narrows a list that knows of pools; "where is the closest pool" begins another.
    goes_on = isinstance(follow, Narrow) or not (wish and wish.is_sure)
    if follow and goes_on and (reply := _followed(line, where, memory, follow, said)):
        return reply
    if wanted is None and (asked := _asked_of_a_place(line, where, said)):
        return asked
    if not (wanted or memory.wish):
        return None
    found = where.geocoder.locate(said.text)
    if wish and wanted:
        is_one = (
            wish.is_sure
            or isinstance(found, Located | Ambiguous)
            or means_same(said.text)
            or means_there(said.text)
        )
        # While a place is being asked for, "rink near Qwxz Blvd" wishes for another kind.
        if is_one or (memory.wish and found is not None):
            return _near(line, where, memory, wanted, found)
    if memory.wish and found is not None:
        return _near(line, where, memory, memory.wish, found)
    return None


def _asked_of_a_place(line: Line, where: Where, said: Heard) -> Reply | None:
    """Return the answer to what depends on the place that a message names ("what ward is 1 yonge st in"), or None.

    The words of the place are left out: to the search they are words like others.
    """
    named = where.geocoder.reader.read(said.text) if line.city.lookups else ()
    rest = said.text
    for mention in reversed(named):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    if not named or not terms(words(rest)):
        return None
    snapshot = line.now()
    found = find(snapshot.index, rest, here=line.here)
    match found:
        case [Answer(entry=entry) as answer] if entry.id in line.city.lookups:
            told = answered(answer, snapshot.catalogue.revision, line.today(), line.city.phone)
            return with_lookup(line, said, told)
    return None


def _there(where: Where, memory: PlaceMemory, text: str) -> Spot | None:
    """Return the place that "there" or "the same address" means, or None: they are not said, or nothing is remembered.

    It is the one told about last for "near there", else the one that the resident named.
    """
    if not (means_same(text) or means_there(text)) or where.geocoder.locate(text) is not None:
        return None
    told = memory.shown.spoken_of if memory.shown else ""
    if told and means_there(text) and (place := where.nearest.place(told)):
        return Spot.at(place, where.areas.ward_of(place.point))
    return memory.spot


def _memory(where: Where, said: Heard) -> PlaceMemory:
    """Return what is remembered, without kinds of places that the pack has given up since."""
    memory = PlaceMemory.of(said.memory)
    kinds = where.gazetteer.types.by_id
    if memory.wish and memory.wish.type_id and memory.wish.type_id not in kinds:
        memory = replace(memory, wish=None)
    if memory.shown and memory.shown.type_id not in kinds:
        memory = replace(memory, shown=None)
    return memory


def list_left(said: Heard, replies: Sequence[Reply]) -> Sequence[Reply]:
    """Return the replies such that a list of places is no longer looked at once another matter is answered."""
    moves_on = "shown" in said.memory and any(
        r.outcome is Outcome.ANSWER and "shown" not in r.remember for r in replies
    )
    if not moves_on:
        return replies
    *others, last = replies
    return [*others, replace(last, remember={**last.remember, "shown": None})]


def chosen_place(line: Line, said: Heard, choice: Mapping[str, Any]) -> Reply | None:
    """Return the reply to a choice about places, or None: it is about something else."""
    where = line.where()
    memory = _memory(where, said)
    move = choice.get("move")
    if move == "spot":
        spot = Spot(**choice["spot"])
        if memory.wish is None:
            return say.taken(spot)
        return say.told_once(memory, _fulfilled(line, where, memory.wish, spot))
    if move == "more_places" and memory.shown and memory.centre:
        return _listed(where, memory.shown, memory.centre)
    if move == "other_spot" and memory.listed:
        return say.ask_location(memory.listed)
    return None


def still_waits_for_a_place(line: Line, said: Heard) -> Reply | None:
    """Return the question for the place again, where one was asked for and the message holds nothing else."""
    where = line.where()
    wish = _memory(where, said).wish
    if wish is None or said.is_command:
        return None
    return say.ask_again(wish, said.text, MOST_TRIES, _service_of(where, wish))


def place_alone(line: Line, said: Heard) -> Reply | None:
    """Return what can be said to a message that names a place and nothing else, or None: it names none.

    To someone who looks at a list it is the same list near that place; after a ward or a collection day, that one's.
    """
    where = line.where()
    found = where.geocoder.locate(said.text)
    if not isinstance(found, Located) or not found.is_sure:
        return _unsettled(found, None, "")
    again = _memory(where, said).listed
    if said.about in line.city.lookups:
        again = Wish(service_id=said.about or "")
    if again and is_same_wish(said.text):
        return _fulfilled(line, where, again, Spot.of(found))
    return say.taken(Spot.of(found))


def with_lookup(line: Line, said: Heard, reply: Reply) -> Reply:
    """Return an entry's answer with what depends on the address: looked up, or asked for."""
    what = line.city.lookups.get(reply.service_id or "")
    where = line.where()
    if not what or not where.gazetteer.wards:
        return reply
    wish = Wish(service_id=reply.service_id or "")
    memory = _memory(where, said)
    found = where.geocoder.locate(said.text) if not said.is_command else None
    if isinstance(found, Located) and found.is_sure:
        return say.told_once(memory, _answered(line, where, reply, what, Spot.of(found)))
    is_settled = not isinstance(found, Located | Ambiguous | OutsideCity)
    if not is_settled and (asked := _unsettled(found, wish, "")):
        return asked
    if found is None and memory.spot:
        return say.told_once(memory, _answered(line, where, reply, what, memory.spot))
    return replace(
        reply,
        text=f"{reply.text}\n\n{OPENINGS[what]}",
        short=f"{OPENINGS[what]}\n{reply.short}",
        ask="location",
        remember={**reply.remember, **remembered(wish=wish)},
    )


def _answered(line: Line, where: Where, reply: Reply, what: str, spot: Spot) -> Reply:
    told = looked_up(what, spot, where, line.today(), line.city.phone, line.public_url)
    return replace(
        reply,
        text="\n\n".join(t for t in (told, reply.text) if t),
        short=told or reply.short,
        location=say.on_the_wire(spot),
        remember={**reply.remember, **remembered(spot=spot, wish=None)},
    )


def _shared(line: Line, where: Where, memory: PlaceMemory, at: Mapping[str, Any]) -> Reply:
    found = where.geocoder.at(float(at["lat"]), float(at["long"]))
    if isinstance(found, Located):
        spot, waiting = Spot.of(found), memory.wish or memory.listed
        reply = _fulfilled(line, where, waiting, spot) if waiting else say.taken(spot)
        return say.with_note(reply, say.EXCHANGED) if found.exchanged else reply
    if isinstance(found, OutsideCity):
        return say.outside(found, memory.wish)
    raise LookupError("coordinates are in the city or outside of it")


def _near(
    line: Line, where: Where, memory: PlaceMemory, wish: Wish, found: Resolved | None
) -> Reply:
    """Fulfil a wish for the place found in the words, or for the one named before; ask where there is none."""
    service_id = _service_of(where, wish)
    if isinstance(found, Located) and found.is_sure:
        return _fulfilled(line, where, wish, Spot.of(found))
    if found is not None and (asked := _unsettled(found, wish, service_id)):
        return asked
    if memory.spot:
        return _fulfilled(line, where, wish, memory.spot)
    return _asking(line, wish, service_id)


def _asking(line: Line, wish: Wish, service_id: str) -> Reply:
    catalogue = line.now().catalogue
    return say.ask_location(wish, catalogue.by_id.get(service_id), catalogue.revision)


def _unsettled(found: Resolved | None, wish: Wish | None, service_id: str) -> Reply | None:
    """Return what to say where a place is not sure: ask which, say it is elsewhere or not known."""
    if isinstance(found, Located):
        return say.which_location((found,), wish)
    if isinstance(found, Ambiguous):
        return say.which_location(found.options, wish)
    if isinstance(found, OutsideCity):
        return say.outside(found, wish)
    if isinstance(found, Unknown) and found.instead:
        return say.which_location(found.instead, wish, not_found=found.what)
    if isinstance(found, Unknown) and wish:
        return say.ask_again(wish, found.what, MOST_TRIES, service_id)
    return None


def _fulfilled(
    line: Line, where: Where, wish: Wish, spot: Spot, *, is_own: bool = True
) -> Reply:
    """Return what was wished for; `is_own`: the spot is where the resident says to be."""
    if wish.type_id:
        near = None if is_own else spot
        return _listed(where, Shown(wish.type_id, wish.filters, (), near=near), spot)
    catalogue = line.now().catalogue
    entry = catalogue.by_id.get(wish.service_id)
    reply = Reply(
        Outcome.ANSWER,
        text=entry.sms if entry else "",
        service_id=wish.service_id,
        revision=catalogue.revision,
        source_url=entry.source_url if entry else None,
        last_verified=entry.last_verified.isoformat() if entry else None,
    )
    return _answered(line, where, reply, line.city.lookups[wish.service_id], spot)


def _listed(where: Where, shown: Shown, spot: Spot) -> Reply:
    kind = where.gazetteer.types.by_id[shown.type_id]
    filters = kind.filters_named(shown.filters)
    found = where.nearest.near(kind, spot.point, filters, limit=SHOWN, skip=len(shown.ids))
    if not found:
        return say.no_places(kind, filters, spot, shown)
    return say.places(kind, filters, found, spot, shown)


def _follow_up(where: Where, memory: PlaceMemory, text: str) -> FollowUp | None:
    if not memory.shown or not memory.centre:
        return None
    return where.wishes.follow_up(text, where.gazetteer.types.by_id[memory.shown.type_id])


def _followed(
    line: Line, where: Where, memory: PlaceMemory, follow: FollowUp, said: Heard
) -> Reply | None:
    shown, centre = memory.shown, memory.centre
    if shown is None or centre is None:
        return None
    if isinstance(follow, More):
        return _listed(where, shown, centre)
    if isinstance(follow, Narrow):
        filters = tuple(dict.fromkeys((*shown.filters, *follow.filters)))
        return _listed(where, replace(shown, filters=filters, ids=(), spoken_of=""), centre)
    if isinstance(follow, Elsewhere):
        wish = Wish(shown.type_id, shown.filters)
        found = where.geocoder.locate(said.text)
        if isinstance(found, Located) and found.is_sure:
            return _listed(where, Shown(shown.type_id, shown.filters, ()), Spot.of(found))
        # What the catalogue says of such places was said with the list.
        return _unsettled(found, wish, _service_of(where, wish)) or say.ask_location(wish)
    # Choices that were offered since have numbers of their own.
    if follow.number is not None and any(o.service_id for o in said.offered):
        return None
    return _about(where, shown, centre, follow)


def _about(where: Where, shown: Shown, centre: Spot, follow: About) -> Reply | None:
    kind = where.gazetteer.types.by_id[shown.type_id]
    if follow.number is None:
        wanted = shown.spoken_of or shown.ids[0]
    elif -1 <= follow.number < len(shown.ids):
        wanted = shown.ids[follow.number]
    else:
        return None
    place = where.nearest.place(wanted)
    if place is None:
        return None
    return say.one_place(kind, place, centre.point.metres_to(place.point), follow.detail, shown)


def _service_of(where: Where, wish: Wish) -> str:
    kind = where.gazetteer.types.by_id.get(wish.type_id)
    return wish.service_id or (kind.service_id if kind else "")
