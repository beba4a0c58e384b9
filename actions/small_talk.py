"""Return courtesies, and say honestly what the assistant is and can do; a question among them comes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action as RasaAction
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import replies
from actions.finding import instead_of_small_talk
from actions.heard import Heard, heard
from actions.line import Line
from actions.names import Action, Move, Wording
from actions.replies import Reply

# What is said to a move, and how many telling words beside the courtesies make it a question after all:
# "hi, garbage" is one already, while "are you a real person" must never be answered with a service.
TALK: Mapping[Move, tuple[Wording, int]] = {
    Move.GREET: (Wording.GREET, 1),
    Move.GOODBYE: (Wording.GOODBYE, 1),
    Move.THANKS: (Wording.THANKS, 1),
    Move.HELP: (Wording.HELP, 2),
    Move.FEEDBACK: (Wording.FEEDBACK, 3),
    Move.BOT_CHALLENGE: (Wording.BOT_CHALLENGE, 4),
}


class SmallTalk(RasaAction):  # type: ignore[misc]
    """Say one of the fixed texts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def name(self) -> str:
        """Return the action's name in the assistant's domain."""
        return Action.SMALL_TALK.value

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say it, or answer the question in it."""
        self._line.say(small_talk(self._line, heard(tracker.latest_message)), dispatcher)
        return []


def small_talk(line: Line, said: Heard) -> list[Reply]:
    """Return the reply to a courtesy, or to the question that it hides."""
    wording, fewest_words = TALK.get(said.move, (Wording.HELP, 1))
    hidden = instead_of_small_talk(line, said, fewest_words=fewest_words)
    return hidden or [replies.small_talk(wording, offer_person=said.move is Move.FEEDBACK)]
