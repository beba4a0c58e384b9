"""What a message does to the report under way: it answers, corrects, interrupts, stops it, or is not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions import replies_intake as say
from actions.intake import correcting, placing
from actions.intake.asking import asks
from actions.intake.contact import (
    NoContact,
    asks_about_contact,
    is_contact_alone,
    read_contact,
)
from actions.intake.controlling import controlled, controlled_by_move, of_reports_made, person
from actions.intake.controls import control
from actions.intake.correct import is_marked
from actions.intake.filing import send
from actions.intake.forms import is_no, is_skip, is_unknown, is_yes, plain
from actions.intake.going_on import absorbed, ask_again, go_on, with_contact
from actions.intake.interrupting import (
    elsewhere,
    interrupted,
    is_small_talk,
    other_first,
    this_first,
    which_first,
    with_later,
)
from actions.intake.memory import Contact, Topic
from actions.intake.reading import Taken, Unread, read
from actions.intake.turn import Otherwise, Turn
from actions.picking import pick
from actions.place_memory import Spot, remembered
from actions.replies import PERSON, Reply
from services_catalog.definition import Attribute, Datatype, LocationRule

# "Yes please dear": so few words after it take nothing back.
_YES_AND_MORE = re.compile(
    r"(?:yes|yep|yeah|sure|ok|okay)\b(?!.*\b(?:but|not|no|don'?t|wrong|change|except|wait|instead)\b)(?:\W+[\w']+){0,4}"
)
_JOIN = re.compile(r"(?:yes|yep|yeah|sure|ok|okay|please|fine)\b|(?:.*\b)?(?:add me|join)\b")
_NOT_JOIN = re.compile(
    r"(?:no|nope)\b|.*\b(?:don'?t|do not|different|another one|not the same)\b"
)
_SEND = re.compile(
    r"(?:(?:yes|yep|yeah|ok|okay|sure|si|oui|fine),? )?(?:please )?"
    r"(?:(?:send|submit|file|report) ?(?:it|this|that)?(?: now)?|"
    r"(?:looks|all|it'?s all|that'?s all) (?:good|correct|right|fine)|good|perfect|"
    r"that'?s (?:right|correct|it|all)|it'?s correct|go ahead|do it|done)(?: please)?"
)


async def answered(turn: Turn, otherwise: Otherwise) -> list[Reply]:
    """Return the replies to a message while a report is being taken.

    Args:
        turn: the message and the report.
        otherwise: says what the assistant says to it apart from the report.

    Raises:
        TriageUnavailable: triage was needed for it and cannot be asked now.
    """
    said = turn.said
    if said.photo:
        taken = turn.having(photos=(*turn.memory.photos, said.photo), tries=0)
        return await ask_again(taken, say.PHOTO_TAKEN)
    if said.choice is not None:
        return await _tapped(turn, said.choice, otherwise)
    if said.location is not None:
        return await _placed(turn, placing.shared(turn, said.location))
    if found := control(said.text, said.move, by_move=False):
        return await controlled(turn, found)
    if told := await of_reports_made(turn):
        return told
    if said.offered and (value := _picked(turn)):
        return await _tapped(turn, value, otherwise)
    if is_marked(said.text) and (changed := await correcting.corrected(turn)):
        return changed
    if noted := await _contact_before_asked(turn):
        return noted
    is_question = asks(said.text)
    if is_question and turn.memory.asked == Topic.CONTACT and asks_about_contact(said.text):
        is_free = turn.may_be_anonymous
        return await ask_again(turn, say.CONTACT_FREE if is_free else say.CONTACT_WHY)
    if not is_question:
        if replies := await _directly(turn) or await controlled_by_move(turn):
            return replies
        if replies := await elsewhere(turn, otherwise):
            return replies
        if changed := await correcting.corrected(turn):
            return changed
        if turn.memory.asked == Topic.SEND and _YES_AND_MORE.fullmatch(plain(said.text)):
            return await _send(turn)
    if replies := await interrupted(turn, otherwise, is_question=is_question):
        return replies
    if is_question and (replies := await _directly(turn)):
        return replies
    return await _not_understood(turn)


# ── choices ──


def _picked(turn: Turn) -> Mapping[str, Any] | None:
    """Return the value of a choice that words pick, where the question is not one of the entry's."""
    if turn.memory.asked in turn.about.definition.by_code or turn.memory.asked == Topic.SEND:
        return None
    taken = pick(turn.said.text, turn.said.offered)
    if isinstance(taken, tuple) and len(taken) == 1:
        return taken[0].value
    return None


async def _tapped(turn: Turn, value: Mapping[str, Any], otherwise: Otherwise) -> list[Reply]:
    match value:
        case {"move": "spot", "spot": spot}:
            return await _placed(turn, Spot(**spot))
        case {"move": "person"}:
            return [person(turn)]
        case {"move": "report", "service_id": service_id} if service_id == turn.about.entry.id:
            return await ask_again(turn)
        case {"move": "report", "service_id": service_id, "words": words}:
            return [which_first(turn, service_id, words)]
        case {"move": "intake", "code": code, "key": key}:
            return await _key_tapped(turn, code, key)
        case {"move": "intake", "change": topic}:
            return await correcting.asked_anew(turn, topic)
        case {"move": "intake", "do": do}:
            return await _done(turn, do, value)
    return [*otherwise(turn.said), *await ask_again(turn)]


async def _key_tapped(turn: Turn, code: str, key: str) -> list[Reply]:
    attribute = turn.about.definition.by_code.get(code)
    if attribute is None or key not in attribute.value_by_key:
        # The question was changed after it was put.
        return await go_on(turn)
    is_many = attribute.datatype is Datatype.MULTIVALUELIST
    was_answered = code in turn.memory.answers and turn.memory.asked != code
    changed = turn.answering(**{code: [key] if is_many else key})
    if was_answered:
        return await correcting.told(changed, turn)
    return await go_on(changed)


async def _done(turn: Turn, do: str, value: Mapping[str, Any]) -> list[Reply]:
    match do:
        case "send":
            return await _send(turn)
        case "change":
            return [say.what_to_change(turn.about)]
        case "add":
            return await go_on(turn.having(wants_optional=True, is_read=False))
        case "skip":
            return await _skipped(turn)
        case "anonymous" if turn.may_be_anonymous:
            return await go_on(turn.having(contact=Contact(), tries=0))
        case "here" if turn.may_be_anonymous:
            return await go_on(turn.having(contact=Contact(here=True), tries=0))
        case "join":
            return await go_on(turn.having(joining=str(value["reference"]), tries=0))
        case "not_join":
            return await go_on(turn.having(joining="", tries=0))
        case "other":
            return await other_first(turn, value["service_id"], value["words"])
        case "this_first":
            return await this_first(turn, value["service_id"], value["words"])
    return await ask_again(turn)


# ── answers ──


async def _directly(turn: Turn) -> list[Reply] | None:
    """Return the replies to the answer to what was asked, or None: it is not that."""
    memory, text = turn.memory, turn.said.text
    attribute = turn.about.definition.by_code.get(memory.asked)
    if attribute is not None:
        return await _attribute_answered(turn, attribute)
    match memory.asked:
        case Topic.LOCATION:
            return await _location_answered(turn)
        case Topic.CONTACT:
            return await _contact_answered(turn)
        case Topic.SEND:
            return await _send_answered(turn)
        case Topic.JOIN if is_no(text) or is_skip(text) or _NOT_JOIN.match(plain(text)):
            return await go_on(turn.having(joining=""))
        case Topic.JOIN if _JOIN.match(plain(text)):
            joins = [o.value for o in turn.said.offered if o.value.get("do") == "join"]
            return await _done(turn, "join", joins[0]) if joins else None
        case Topic.CHANGE if _SEND.fullmatch(plain(text)):
            return await _send(turn)
        case Topic.CHANGE if is_no(text) or is_skip(text):
            return [say.send_now(turn.about)]
        case Topic.JOIN | Topic.CHANGE | Topic.WHICH:
            return None
    # What was asked is no question of the entry any more.
    return await go_on(absorbed(turn, text))


async def _contact_before_asked(turn: Turn) -> list[Reply] | None:
    """Return the question again, with what a message that tells of nothing else says of the contact kept."""
    memory, text = turn.memory, turn.said.text
    if (
        memory.asked == Topic.CONTACT
        or memory.contact is not None
        or not is_contact_alone(text)
    ):
        return None
    kept = with_contact(turn, text)
    if kept.memory.contact is None:
        return await ask_again(turn, say.CONTACT_NEEDED)
    return await ask_again(kept, say.KEPT.format(what=say.contact_line(kept.memory.contact)))


async def _attribute_answered(turn: Turn, attribute: Attribute) -> list[Reply] | None:
    text = turn.said.text
    answer = read(attribute, text, turn.line.today())
    if isinstance(answer, Taken):
        if answer.is_words and is_small_talk(turn):
            return None
        return await go_on(absorbed(turn.answering(**{attribute.code: answer.value}), text))
    if answer is Unread.UNCLEAR:
        return None
    if not attribute.required:
        return await _skipped(turn)
    if answer is Unread.UNKNOWN and attribute.datatype in (Datatype.TEXT, Datatype.STRING):
        # That they do not know is what they can tell.
        return await go_on(turn.answering(**{attribute.code: text.strip()}))
    return await _not_understood(turn, say.NEEDED)


async def _skipped(turn: Turn) -> list[Reply]:
    memory, definition = turn.memory, turn.about.definition
    attribute = definition.by_code.get(memory.asked)
    if memory.asked == Topic.LOCATION:
        if memory.spot or definition.location is not LocationRule.REQUIRED:
            return await go_on(turn.having(skipped=(*memory.skipped, Topic.LOCATION), tries=0))
        return await _not_understood(turn, say.NEEDED)
    if memory.asked == Topic.CONTACT and turn.may_be_anonymous:
        return await go_on(turn.having(contact=Contact(), tries=0))
    if attribute is None or attribute.required:
        return await _not_understood(turn, say.NEEDED)
    return await go_on(turn.having(skipped=(*memory.skipped, attribute.code), tries=0))


async def _location_answered(turn: Turn) -> list[Reply] | None:
    text = turn.said.text
    place = placing.answered(turn, text)
    if place is None:
        return await _skipped(turn) if is_skip(text) or is_unknown(text) else None
    if isinstance(place, Spot) and place == turn.memory.spot:
        # All that they know beside the street: for the crew to read.
        more = text if not (is_no(text) or is_skip(text) or is_unknown(text)) else ""
        words = "\n".join(w for w in (turn.memory.words, more) if w)
        return await _placed(turn.having(words=words), place)
    return await _placed(absorbed(turn, text) if isinstance(place, Spot) else turn, place)


async def _placed(turn: Turn, place: Spot | Reply) -> list[Reply]:
    if isinstance(place, Reply):
        return [place]
    before = turn.memory.spot
    changed = turn.having(spot=place, knows_near=False, joining="", tries=0)
    replies = (
        await correcting.told(changed, turn)
        if before and turn.memory.asked != Topic.LOCATION
        else await go_on(changed)
    )
    *others, last = replies
    kept = {**remembered(spot=place), **last.remember}
    return [*others, replace(last, remember=kept)]


async def _contact_answered(turn: Turn) -> list[Reply] | None:
    contact = read_contact(turn.said.text, turn.memory.contact)
    if isinstance(contact, Contact):
        return await go_on(turn.having(contact=contact, tries=0))
    if turn.memory.joining and is_yes(turn.said.text):
        contact = NoContact.HERE
    match contact:
        case NoContact.ANONYMOUS if turn.may_be_anonymous:
            return await go_on(turn.having(contact=Contact(), tries=0))
        case NoContact.HERE if turn.may_be_anonymous:
            return await go_on(turn.having(contact=Contact(here=True), tries=0))
        case NoContact.ANONYMOUS | NoContact.HERE:
            return await _not_understood(turn, say.CONTACT_NEEDED)
        case NoContact.NOT_VALID:
            return await _not_understood(turn, say.CONTACT_NOT_VALID)
    return None


async def _send_answered(turn: Turn) -> list[Reply] | None:
    text = turn.said.text
    labels = {plain(o.label): o.value for o in turn.said.offered}
    taken = pick(text, turn.said.offered) if turn.said.offered else None
    if _SEND.fullmatch(plain(text)) or is_yes(text):
        return await _send(turn)
    if is_no(text):
        return [say.what_to_change(turn.about)]
    if plain(text) in labels:
        return await _done(turn, str(labels[plain(text)].get("do")), labels[plain(text)])
    if isinstance(taken, tuple) and len(taken) == 1 and taken[0].value.get("move") == "intake":
        return await _done(turn, str(taken[0].value.get("do")), taken[0].value)
    return None


async def _send(turn: Turn) -> list[Reply]:
    return with_later(turn, await send(turn))


# ── not understood ──


async def _not_understood(turn: Turn, form: str = "") -> list[Reply]:
    """Help with the question: once so, once otherwise; then a person, or leaving it out."""
    tries = turn.memory.tries + 1
    turn = turn.having(tries=tries)
    if tries > say.MOST_TRIES:
        *others, last = await ask_again(turn)
        person = [] if PERSON in last.choices else [PERSON]
        given_up = say.GIVEN_UP.format(phone=turn.line.city.phone_and_hours)
        told = say.with_opening(last, given_up)
        return [*others, replace(told, choices=[*last.choices, *person])]
    hint = say.hint(turn.about, turn.memory.asked, tries)
    form = form or (say.NOT_UNDERSTOOD if tries == 1 else say.NOT_UNDERSTOOD_AGAIN)
    return await ask_again(turn, form.format(hint=hint).strip())
