"""Answer a question from the catalogue. Whatever is not surely small talk comes here."""

from __future__ import annotations

from actions.ability import Ability
from actions.ask_person import ask_person, is_plain_wish
from actions.choose import picked
from actions.finding import worded
from actions.heard import Heard
from actions.intake.asking import asks
from actions.line import Line
from actions.names import Action
from actions.replies import Reply
from actions.where import place_alone, still_waits_for_a_place
from services_catalog.search.choose import NotFound, find


class AnswerQuestion(Ability):
    """Search the catalogue for what the message is about, and say it: one reply for each matter."""

    action = Action.ANSWER

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return answer(self.line, said)


def answer(line: Line, said: Heard) -> list[Reply]:
    """Return the replies to a message: to the pick in it, or to each matter in it."""
    taken = picked(line, said)
    if taken:
        return taken
    if is_plain_wish(said.text):
        return ask_person(line, said)
    snapshot = line.now()
    found = find(snapshot.index, said.text, about=said.about, here=line.here)
    if all(isinstance(f, NotFound) and not f.elsewhere for f in found):
        # "How much is a new one" is no address.
        waiting = None if asks(said.text) else still_waits_for_a_place(line, said)
        if waiting:
            return [waiting]
        if spot := place_alone(line, said):
            return [spot]
    return worded(found, snapshot, line, said)
