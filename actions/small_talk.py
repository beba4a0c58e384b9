"""Return courtesies, and say honestly what the assistant is and can do; a question among them comes first."""

from __future__ import annotations

from collections.abc import Mapping

from actions import replies
from actions.ability import Ability
from actions.finding import instead_of_small_talk
from actions.heard import Heard
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


class SmallTalk(Ability):
    """Say one of the fixed texts, or answer the question in the message."""

    action = Action.SMALL_TALK

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return small_talk(self.line, said)


def small_talk(line: Line, said: Heard) -> list[Reply]:
    """Return the reply to a courtesy, or to the question that it hides."""
    wording, fewest_words = TALK.get(said.move, (Wording.HELP, 1))
    hidden = instead_of_small_talk(line, said, fewest_words=fewest_words)
    return hidden or [replies.small_talk(wording, offer_person=said.move is Move.FEEDBACK)]
