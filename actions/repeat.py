"""Say the last answer again, or start over: from what triage remembers, so that it outlives a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rasa_sdk.events import Restarted

from actions import replies
from actions.ability import Ability, Events
from actions.choose import chosen
from actions.finding import instead_of_small_talk
from actions.heard import Heard
from actions.intake.joining import CASES
from actions.line import Line
from actions.names import Action, Outcome, Wording
from actions.replies import Reply

# "Repeat offender parks on my lawn" and "cancel my parking permit" are questions.
FEWEST_WORDS = 3


class Repeat(Ability):
    """Say the last answer or offer the last choices again."""

    action = Action.REPEAT

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return repeat(self.line, said)


def repeat(line: Line, said: Heard) -> list[Reply]:
    """Return the last answer or choices again."""
    hidden = instead_of_small_talk(line, said, fewest_words=FEWEST_WORDS)
    if hidden:
        return hidden
    # The offer to report what was answered is no question that could be put again.
    if offered := [o for o in said.offered if o.value.get("move") != "report"]:
        again = [
            {"label": o.label, "service_id": o.service_id, "value": dict(o.value)}
            for o in offered
        ]
        return [Reply(Outcome.CHOICES, wording=Wording.WHICH, choices=again)]
    if said.about:
        return [chosen(line, said, {"service_id": said.about})]
    return [replies.small_talk(Wording.NOTHING_TO_REPEAT)]


class Restart(Ability):
    """Start the conversation over, unless the words ask for something else. It stands for Rasa's own."""

    action = Action.RESTART
    heeds_places = False

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        hidden = instead_of_small_talk(self.line, said, fewest_words=FEWEST_WORDS)
        # That reports were made here stays true.
        forgotten = {name: None for name in said.memory if name != CASES}
        return hidden or [replace(replies.small_talk(Wording.RESTART), remember=forgotten)]

    def events(self, replies: Sequence[Reply]) -> Events:
        """Forget the conversation if it was started over."""
        is_over = replies[0].wording is Wording.RESTART
        return [Restarted()] if is_over else super().events(replies)
