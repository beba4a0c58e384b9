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
from actions.replies import Reply, not_read
from actions.where import about_places, list_left
from services_catalog.languages import language_of

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
        said = heard(tracker.latest_message, tracker.sender_id)
        replies = self.answer(said)
        self.line.say(list_left(said, replies), dispatcher)
        return self.events(replies)

    def answer(self, said: Heard) -> Sequence[Reply]:
        """Return what to say: about places, if it is about them, else what this ability has to say.

        What is plainly written in a language that is not read here gets none of this: what a search makes of it is chance.
        """
        told = about_places(self.line, said) if self.heeds_places else None
        if told:
            return told
        notice = "" if said.is_command else self.line.city.notice_in(language_of(said.text))
        return [not_read(notice)] if notice else self.replies(said)

    def replies(self, said: Heard) -> Sequence[Reply]:
        """Return what to say, at least one reply."""
        raise NotImplementedError

    def events(self, replies: Sequence[Reply]) -> Events:
        """Return what the assistant remembers of this turn beside the replies."""
        return [WAIT]
