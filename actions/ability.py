"""What all abilities are: hear a message, say the replies to it, and wait for the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rasa_sdk import Action as RasaAction
from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, heard
from actions.line import Line
from actions.names import Action
from actions.replies import Reply
from actions.where import about_places, list_left

Events = list[dict[str, Any]]
# To wait is all that ever follows a reply. Said so, Rasa need not ask its policies, which takes it as long as
# to read the message.
WAIT = FollowupAction("action_listen")


class Ability(RasaAction):  # type: ignore[misc]
    """One thing that the assistant can do."""

    action: ClassVar[Action]
    # Whether a message about places is answered as such, however its move was read.
    heeds_places: ClassVar[bool] = True

    def __init__(self, line: Line) -> None:
        self.line = line

    def name(self) -> str:
        """Return the action's name in the assistant's domain."""
        return self.action.value

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say the replies to the latest message."""
        said = heard(tracker.latest_message)
        replies = (
            about_places(self.line, said) if self.heeds_places else None
        ) or self.replies(said)
        self.line.say(list_left(said, replies), dispatcher)
        return self.events(replies)

    def replies(self, said: Heard) -> Sequence[Reply]:
        """Return what to say, at least one reply."""
        raise NotImplementedError

    def events(self, replies: Sequence[Reply]) -> Events:
        """Return what the assistant remembers of this turn beside the replies."""
        return [WAIT]
