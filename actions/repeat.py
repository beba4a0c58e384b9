"""Say the last answer again, or start over: from what triage remembers, so that it outlives a restart."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action as RasaAction
from rasa_sdk import Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions import replies
from actions.choose import chosen
from actions.finding import instead_of_small_talk
from actions.heard import Heard, heard
from actions.line import Line
from actions.names import Action, Outcome, Wording
from actions.replies import Reply

# "Repeat offender parks on my lawn" and "cancel my parking permit" are questions.
FEWEST_WORDS = 3


class Repeat(RasaAction):  # type: ignore[misc]
    """Say the last answer or offer the last choices again."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def name(self) -> str:
        """Return the action's name in the assistant's domain."""
        return Action.REPEAT.value

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say it again."""
        self._line.say(repeat(self._line, heard(tracker.latest_message)), dispatcher)
        return []


def repeat(line: Line, said: Heard) -> list[Reply]:
    """Return the last answer or choices again."""
    hidden = instead_of_small_talk(line, said, fewest_words=FEWEST_WORDS)
    if hidden:
        return hidden
    if said.offered:
        again = [
            {"label": o.label, "service_id": o.service_id, "value": dict(o.value)}
            for o in said.offered
        ]
        return [Reply(Outcome.CHOICES, wording=Wording.WHICH, choices=again)]
    if said.about:
        return [chosen(line, {"service_id": said.about})]
    return [replies.small_talk(Wording.NOTHING_TO_REPEAT)]


class Restart(RasaAction):  # type: ignore[misc]
    """Start the conversation over."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def name(self) -> str:
        """Return the action's name in the assistant's domain (it stands for Rasa's own)."""
        return Action.RESTART.value

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Forget what was said, unless the words ask for something else."""
        said = heard(tracker.latest_message)
        hidden = instead_of_small_talk(self._line, said, fewest_words=FEWEST_WORDS)
        self._line.say(hidden or [replies.small_talk(Wording.RESTART)], dispatcher)
        return [] if hidden else [Restarted()]
