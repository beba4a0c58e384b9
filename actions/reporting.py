"""Every ability with reports: a message within a report goes to it, one that reports something begins one.

An ability says what it has to say about a message; whether a report is taken does not depend on which ability
the assistant chose. Nothing is asked of triage unless a report or a case needs it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action as RasaAction
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import replies_intake as say
from actions.ability import Ability, Events
from actions.case_news import past_the_news
from actions.case_status import about_cases
from actions.heard import Heard, heard
from actions.intake.also import with_matters_left
from actions.intake.answering import answered
from actions.intake.asking import reports
from actions.intake.begin import begin, wish_to_report, with_report
from actions.intake.controlling import in_danger, is_own_choice
from actions.intake.controls import Control, control
from actions.intake.correct import is_marked
from actions.intake.correcting import corrected
from actions.intake.forms import is_yes
from actions.intake.going_on import ask_again
from actions.intake.memory import FORGOTTEN, INTAKE, LATER, IntakeMemory, Stage
from actions.intake.turn import Otherwise, Turn, turn_of
from actions.line import Line
from actions.names import Wording
from actions.notices import with_notices
from actions.replies import Reply
from actions.triage_client import Cases
from actions.where import list_left


class WithReports(RasaAction):  # type: ignore[misc]
    """An ability of the assistant on a line that takes reports."""

    def __init__(self, ability: Ability, cases: Cases) -> None:
        self._ability = ability
        self._cases = cases

    def name(self) -> str:
        """Return the action's name in the assistant's domain."""
        return self._ability.name()

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Say the replies to the latest message."""
        line = self._ability.line
        said = heard(tracker.latest_message, tracker.sender_id)
        replies = await hear(line, self._cases, said, self._ability.answer)
        replies = with_notices(line, said, past_the_news(said, replies))
        line.say(list_left(said, replies), dispatcher)
        return self._ability.events(replies)


async def hear(line: Line, cases: Cases, said: Heard, otherwise: Otherwise) -> list[Reply]:
    """Return the replies to a message.

    Args:
        otherwise: what the assistant says to it apart from reports.

    Raises:
        TriageUnavailable: triage was needed and cannot be asked now; the message is to be tried again.
    """
    return with_matters_left(line, said, await _hear(line, cases, said, otherwise))


async def _hear(line: Line, cases: Cases, said: Heard, otherwise: Otherwise) -> list[Reply]:
    memory = IntakeMemory.of(said.memory)
    if memory:
        turn = turn_of(line, cases, said, memory)
        if turn is None:
            gone = say.forgotten(Wording.INTAKE_WITHDRAWN)
            return [gone] if memory.stage is Stage.ASKING else _ended(list(otherwise(said)))
        if replies := await _within(turn, otherwise):
            return replies
    if told := await about_cases(line, cases, said):
        return told
    if later := await _taken_up(line, cases, said):
        return later
    if offered := wish_to_report(said):
        value = offered.value
        wanted = (str(value["service_id"]), str(value.get("words") or ""))
        if begun := await begin(line, cases, said, *wanted, also=value.get("also") or ()):
            return begun
    return await with_report(line, cases, _past_the_list(said), otherwise)


def _past_the_list(said: Heard) -> Heard:
    """Return a report without the list of places shown before: "a big pothole on my street" asks nothing of it."""
    if "shown" not in said.memory or said.is_command or not reports(said.text, said.move):
        return said
    return replace(said, memory={k: v for k, v in said.memory.items() if k != "shown"})


async def _within(turn: Turn, otherwise: Otherwise) -> list[Reply] | None:
    """Return the replies to a message in a report, or None: it goes past one that rests or is over."""
    said, memory = turn.said, turn.memory
    if said.danger and not (memory.stage is Stage.ASKING and is_own_choice(turn)):
        return [in_danger(turn)] if memory.stage is Stage.ASKING else None
    if memory.stage is Stage.ASKING:
        return await answered(turn, otherwise)
    if memory.stage is Stage.SUSPENDED:
        return await _resting(turn)
    is_correcting = said.choice is not None and "change" in said.choice
    resumed = turn.having(stage=Stage.ASKING)
    if is_correcting:
        return await answered(resumed, otherwise)
    if is_marked(said.text) and (replies := await corrected(resumed)):
        return replies
    return None


async def _resting(turn: Turn) -> list[Reply] | None:
    said = turn.said
    is_tapped = said.choice is not None and said.choice.get("do") == "go_on"
    is_said = not said.is_command and (
        control(said.text, said.move, by_move=False) is Control.GO_ON
        or (is_yes(said.text) and [o.value.get("do") for o in said.offered] == ["go_on"])
    )
    if is_tapped or is_said:
        return await ask_again(turn.having(stage=Stage.ASKING, tries=0))
    return None


async def _taken_up(line: Line, cases: Cases, said: Heard) -> list[Reply] | None:
    """Return the next question of a report that was put aside for another, if the resident wants it now."""
    kept = said.memory.get(LATER)
    if not kept:
        return None
    is_tapped = said.choice is not None and said.choice.get("do") == "later"
    is_said = (
        not said.is_command and control(said.text, said.move, by_move=False) is Control.GO_ON
    )
    memory = IntakeMemory.of({INTAKE: kept}) if is_tapped or is_said else None
    turn = turn_of(line, cases, said, replace(memory, stage=Stage.ASKING)) if memory else None
    if turn is None:
        return None
    is_new = not turn.memory.asked and not turn.memory.answers
    replies = (
        await begin(line, cases, said, turn.memory.service_id, turn.memory.words)
        if is_new
        else await ask_again(turn)
    )
    *others, last = replies
    return [*others, replace(last, remember={LATER: None, **last.remember})]


def _ended(replies: list[Reply]) -> list[Reply]:
    *others, last = replies
    return [*others, replace(last, remember={**FORGOTTEN, **last.remember})]
