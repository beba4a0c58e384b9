"""Take a report to its next step, and say it: the next question, the read-back, or that it is another's matter."""

from __future__ import annotations

from dataclasses import replace

from actions import replies_intake as say
from actions.finding import about_entry
from actions.intake import placing
from actions.intake.contact import contact_in_passing
from actions.intake.joining import join
from actions.intake.memory import FORGOTTEN, Contact, IntakeMemory, Topic
from actions.intake.prefill import prefill
from actions.intake.steps import (
    AskAttribute,
    AskContact,
    AskLocation,
    Divert,
    Join,
    LookNear,
    ReadBack,
    next_step,
    not_diverting,
)
from actions.intake.turn import Turn
from actions.replies import Reply


async def go_on(turn: Turn, opening: str = "") -> list[Reply]:
    """Return what comes next; `opening`: what is to be said before it.

    Raises:
        TriageUnavailable: it cannot be known whether it was reported already.
    """
    step = next_step(turn.about.definition, turn.memory)
    match step:
        case Divert():
            return await _diverted(turn, step)
        case LookNear():
            return await _looked_near(turn, step.metres, opening)
        case AskAttribute():
            reply = say.question(turn.about, step.attribute)
        case AskLocation():
            reply = placing.asked(turn)
        case AskContact():
            reply = say.ask_contact(turn.about)
        case Join():
            joined = await join(turn, step.reference)
            if joined is None:
                # It was closed in between; the resident's own is sent instead.
                return await go_on(turn.having(joining="", contact=None), say.NOT_JOINED)
            reply = joined
        case ReadBack():
            reply, opening = _read_back(turn, opening)
    return [say.with_opening(reply, opening)]


async def ask_again(turn: Turn, opening: str = "") -> list[Reply]:
    """Return the question put last once more."""
    memory = turn.memory
    if memory.asked == Topic.LOCATION:
        reply = placing.again(turn)
    elif memory.asked == Topic.CHANGE:
        reply = say.what_to_change(turn.about)
    elif memory.asked == Topic.SEND:
        reply = say.send_now(turn.about)
    elif memory.asked == Topic.JOIN:
        return await go_on(turn.having(knows_near=False), opening)
    else:
        return await go_on(turn, opening)
    return [say.with_opening(reply, opening)]


def absorbed(turn: Turn, text: str) -> Turn:
    """Return the turn with the answers that a text holds beside the one that was asked for."""
    where = turn.line.where()
    rest = placing.without_places(where, text)
    answers = prefill(turn.about.definition, rest, turn.line.today(), turn.memory.answers)
    spot = turn.memory.spot or placing.sure_place(where, text)
    return with_contact(turn.having(answers=answers, spot=spot), text)


def with_contact(turn: Turn, text: str) -> Turn:
    """Return the turn with what a text says in passing of how to reach the resident, if that will do."""
    told = contact_in_passing(text) if turn.memory.contact is None else None
    if told is None or not (told.reaches or turn.may_be_anonymous):
        return turn
    return turn.having(contact=told)


async def _looked_near(turn: Turn, metres: int, opening: str) -> list[Reply]:
    spot = turn.memory.spot
    turn = turn.having(knows_near=True)
    near = (
        await turn.cases.near(turn.about.entry.id, spot.lat, spot.long, metres) if spot else []
    )
    if near:
        return [say.with_opening(say.offer_join(turn.about, near), opening)]
    return await go_on(turn, opening)


async def _diverted(turn: Turn, step: Divert) -> list[Reply]:
    value = step.value
    if value.referral and (left := not_diverting(step.attribute, turn.memory.answers)):
        # One of several: that one is another's matter, the others are not.
        kept = turn.having(answers={**turn.memory.answers, step.attribute.code: left})
        return await go_on(kept, f"{value.referral} {say.THE_REST}")
    if value.danger:
        text = turn.line.city.safety[value.danger]
        return [say.dangerous(turn.about, step.attribute, text)]
    entry = turn.line.now().catalogue.by_id.get(value.instead) if value.instead else None
    if entry is not None and entry.id not in turn.memory.left:
        moved = turn.moved_to(entry)
        if moved:
            moved = absorbed(moved, moved.memory.words)
            return await go_on(moved, say.MOVED_ON.format(title=say.lower(entry.title)))
        told = about_entry(turn.line, turn.said, entry)
        return [replace(told, remember={**told.remember, **FORGOTTEN})]
    return [say.diverted(turn.about, step.attribute, value.referral or say.NOT_HERE)]


def changed_line(turn: Turn, before: IntakeMemory) -> str:
    """Return the sentence that says what is known otherwise now, or for the first time; empty: nothing."""
    lines = changes(turn.memory, before, turn.about)
    is_change = turn.memory.is_read or _takes_back(turn.memory, before)
    form = say.CHANGED if is_change else say.NOTED
    return form.format(what="; ".join(lines)) if lines else ""


def changes(memory: IntakeMemory, before: IntakeMemory, about: say.About) -> list[str]:
    """Return what is known otherwise than before, a line each."""
    lines = []
    if memory.spot and memory.spot != before.spot:
        lines.append(say.place_line(memory.spot))
    lines += [
        say.answer_line(a, memory.answers[a.code])
        for a in about.definition.attributes
        if a.code in memory.answers and memory.answers[a.code] != before.answers.get(a.code)
    ]
    if memory.contact != before.contact:
        lines.append(say.contact_line(memory.contact or Contact()))
    return lines


def _takes_back(memory: IntakeMemory, before: IntakeMemory) -> bool:
    """Say whether something that was known before is known otherwise now."""
    given = (before.spot, before.contact, *before.answers.values())
    now = (memory.spot, memory.contact, *(memory.answers.get(c) for c in before.answers))
    return any(had is not None and had != has for had, has in zip(given, now, strict=True))


def _read_back(turn: Turn, opening: str) -> tuple[Reply, str]:
    """Read everything back the first time; after that, only what this message changed."""
    before = IntakeMemory.of(turn.said.memory)
    changed = changed_line(turn, before) if before and turn.memory.is_read else ""
    if not changed:
        return say.read_back(turn.about), opening
    return say.send_now(turn.about), f"{opening} {changed}".strip()
