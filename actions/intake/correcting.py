"""Change a report as the resident says, and read back only what was changed."""

from __future__ import annotations

from dataclasses import replace

from actions import replies_intake as say
from actions.intake import placing
from actions.intake.correct import correction
from actions.intake.going_on import ask_again, changed_line, changes, go_on
from actions.intake.memory import Topic
from actions.intake.turn import Turn
from actions.place_memory import remembered
from actions.replies import Reply


async def corrected(turn: Turn) -> list[Reply] | None:
    """Return the replies to a message that changes what is known, or None: it changes nothing."""
    where = turn.line.where()
    found = correction(
        turn.about.definition,
        turn.memory,
        turn.said.text,
        turn.line.today(),
        names_place=lambda text: placing.names_place(where, text),
        without_places=lambda text: placing.without_places(where, text),
    )
    if found is None:
        return None
    if found.ask:
        return await asked_anew(turn, found.ask)
    changed = turn.answering(**found.answers)
    if found.contact:
        changed = changed.having(contact=found.contact)
    if found.house_number:
        spot = placing.with_number(turn, found.house_number)
        if spot is None:
            gone = turn.having(spot=None, asked=Topic.LOCATION)
            street = turn.memory.spot.label if turn.memory.spot else ""
            what = f"{found.house_number}, {street}".strip(", ")
            reply = say.ask_location(gone.about, None)
            return [say.with_opening(reply, say.NOT_FOUND.format(what=what))]
        changed = changed.having(spot=spot, knows_near=False)
    if found.place:
        place = placing.read_place(changed.having(is_exact=False), found.place)
        if isinstance(place, Reply):
            return [place]
        if place is None:
            return await asked_anew(changed, Topic.LOCATION)
        changed = changed.having(spot=place, knows_near=False)
    return await told(changed, turn)


async def asked_anew(turn: Turn, topic: str) -> list[Reply]:
    """Put a question again that was answered."""
    if topic == Topic.LOCATION:
        open_again = turn.having(spot=None, is_exact=False, asked=Topic.LOCATION, tries=0)
        return [say.ask_location(open_again.about, None)]
    if topic == Topic.CONTACT:
        return [say.ask_contact(turn.having(tries=0).about)]
    if topic not in turn.about.definition.by_code:
        return await go_on(turn)
    return await go_on(turn.without(topic))


async def told(turn: Turn, before: Turn) -> list[Reply]:
    """Say what was changed, and go on: with the question asked before, or with sending."""
    if not changes(turn.memory, before.memory, turn.about):
        return await ask_again(turn)
    # Once everything was read back, the next step says itself what has changed.
    opening = "" if turn.memory.is_read else changed_line(turn, before.memory)
    *others, last = await go_on(turn, opening)
    kept = remembered(spot=turn.memory.spot) if turn.memory.spot != before.memory.spot else {}
    return [*others, replace(last, remember={**kept, **last.remember})]
