"""Return courtesies, and say honestly what the assistant is and can do; a question among them comes first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from actions import replies
from actions.ability import Ability
from actions.finding import instead_of_small_talk
from actions.heard import Heard
from actions.judging import TEXTED, judged
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


_OF_A_MACHINE = re.compile(
    r"\b(?:ro?bots?|humans?|person|people|real|machines?|computer|a\.?i\.?|alive|chat ?gpt|program|automated|someone|somebody)\b",
    re.I,
)


class SmallTalk(Ability):
    """Say one of the fixed texts, or answer the question in the message."""

    action = Action.SMALL_TALK

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return small_talk(self.line, said)


def small_talk(line: Line, said: Heard) -> list[Reply]:
    """Return the reply to a courtesy, or to the question that it hides."""
    what = judged(said.text, said.move)
    wording, fewest_words = TALK.get(said.move, (Wording.HELP, 1))
    if wording is Wording.HELP and line.only_tells:
        wording = Wording.HELP_TELLING
    if said.move is Move.BOT_CHALLENGE and not _OF_A_MACHINE.search(said.text):
        fewest_words = 2  # "are you open on christmas"
    if what:
        _, fewest_words = TALK[Move.FEEDBACK]
    hidden = instead_of_small_talk(line, said, fewest_words=fewest_words)
    if hidden:
        # "that did not help, i asked about my blue bin": both count.
        return [replace(hidden[0], judged=what), *hidden[1:]] if what else hidden
    if what or said.move is Move.FEEDBACK:
        return [replies.judged(what)]
    if said.move is Move.THANKS and _may_ask(said):
        return [replies.thanks(str(said.about))]
    return [replies.small_talk(wording)]


def _may_ask(said: Heard) -> bool:
    """Say whether thanks are the moment to ask if the answer helped: by text, once for each entry."""
    is_asked = said.memory.get(replies.ASKED_WHETHER_IT_HELPED) == said.about
    return bool(said.about) and said.channel in TEXTED and not is_asked
