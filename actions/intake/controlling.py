"""What is said about the report itself: stop, start over, a person, danger, how other reports stand."""

from __future__ import annotations

from dataclasses import replace

from actions import replies_intake as say
from actions.case_status import about_cases
from actions.case_wishes import Do, case_wish, names_a_case
from actions.intake.choosing import chosen, names_choice
from actions.intake.controls import Control, control
from actions.intake.going_on import ask_again
from actions.intake.interrupting import takes_any_words
from actions.intake.joining import CASES
from actions.intake.memory import Stage
from actions.intake.turn import Turn
from actions.names import Wording
from actions.replies import Reply


async def controlled_by_move(turn: Turn) -> list[Reply] | None:
    """Return the replies to what the assistant reads as a wish about the report, in words that answer nothing."""
    found = None if takes_any_words(turn) else control(turn.said.text, turn.said.move)
    return await controlled(turn, found) if found else None


async def of_reports_made(turn: Turn) -> list[Reply] | None:
    """Return how reports stand that were made before, if that is asked; this one is not sent yet."""
    said = turn.said
    wish = case_wish(said.text, said.move)
    if wish is None or wish.do is not Do.STATUS or not names_a_case(said.text):
        return None
    is_known = bool(wish.reference or said.memory.get(CASES))
    told = await about_cases(turn.line, turn.cases, said) if is_known else None
    if told and wish.reference:
        return [*(replace(r, choices=()) for r in told), *await ask_again(turn)]
    opening = say.NOT_SENT_YET.format(what=turn.about.entry.title)
    return [*(replace(r, choices=()) for r in told or ()), *await ask_again(turn, opening)]


async def controlled(turn: Turn, found: Control) -> list[Reply]:
    """Return the replies to what was said about the report itself."""
    match found:
        case Control.STOP:
            return [stopped(turn)]
        case Control.RESTART:
            gone = {name: None for name in turn.said.memory}
            reply = say.forgotten(Wording.INTAKE_FORGOTTEN)
            return [replace(reply, remember={**gone, **reply.remember})]
        case Control.PERSON:
            return [person(turn)]
        case Control.READ_BACK:
            listed = "; ".join(say.facts(turn.about))
            return await ask_again(turn, say.SO_FAR.format(what=listed))
    return await ask_again(turn)


def stopped(turn: Turn) -> Reply:
    """Say that the report is kept and not sent, and how to go on with it."""
    aside = turn.having(stage=Stage.SUSPENDED, tries=0)
    return say.fixed(aside.about, Wording.INTAKE_STOPPED, [say.GO_ON])


def is_own_choice(turn: Turn) -> bool:
    """Say whether a message is one of the choices that were put, and not one of danger.

    "A bite that broke the skin" sounds like danger; where it is the answer to the question, the report goes on after
    the safety text.
    """
    attribute = turn.about.definition.by_code.get(turn.memory.asked)
    if attribute is None or not attribute.datatype.is_list:
        return False
    keys = chosen(attribute, turn.said.text)
    is_safe = not any(attribute.value_by_key[k].danger for k in keys)
    return is_safe and names_choice(attribute, turn.said.text)


def in_danger(turn: Turn) -> Reply:
    """Say after a safety text that the report waits."""
    aside = turn.having(stage=Stage.SUSPENDED, tries=0)
    return say.fixed(aside.about, Wording.INTAKE_DANGER, [say.GO_ON])


def person(turn: Turn) -> Reply:
    """Return the wish for a person, with how to phone one, and that the report is kept."""
    aside = turn.having(stage=Stage.SUSPENDED, tries=0)
    told = say.fixed(aside.about, Wording.INTAKE_PERSON, [say.GO_ON])
    return replace(told, hand_over="asked")
