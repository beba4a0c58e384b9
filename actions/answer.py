"""Answer a question from the catalogue. Whatever is not surely small talk comes here."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action as RasaAction
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.choose import picked
from actions.finding import worded
from actions.heard import Heard, heard
from actions.line import Line
from actions.names import Action, Move, Outcome, Wording
from actions.replies import Reply
from services_catalog.search.choose import NotFound, find


class AnswerQuestion(RasaAction):  # type: ignore[misc]
    """Search the catalogue for what the message is about, and say it."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def name(self) -> str:
        """Return the action's name in the assistant's domain."""
        return Action.ANSWER.value

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say one reply for each matter in the message."""
        said = heard(tracker.latest_message)
        self._line.say(answer(self._line, said), dispatcher)
        return []


def answer(line: Line, said: Heard) -> list[Reply]:
    """Return the replies to a message: to the pick in it, or to each matter in it."""
    if said.is_command:
        return [Reply(Outcome.SMALL_TALK, wording=Wording.LOCATION)]
    taken = picked(line, said)
    if taken:
        return taken
    snapshot = line.now()
    found = find(snapshot.index, said.text, about=said.about)
    if said.move is Move.GIVE_LOCATION and all(isinstance(f, NotFound) for f in found):
        return [Reply(Outcome.SMALL_TALK, wording=Wording.LOCATION)]
    return worded(found, snapshot, line, said)
