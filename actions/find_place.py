"""Answer a message that the assistant read as the wish for a place."""

from __future__ import annotations

from dataclasses import replace

from actions.ability import Ability
from actions.answer import answer
from actions.heard import Heard
from actions.names import Action, Outcome, Wording
from actions.replies import PERSON, Reply


class FindPlace(Ability):
    """Places near by are said before any ability is asked (where.py); what is left is the catalogue's."""

    action = Action.FIND_PLACE

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies; where the pack has no tables of places, say plainly that they cannot be looked up."""
        if self.line.where().gazetteer.places:
            return answer(self.line, said)
        if said.location is not None:
            return [_cannot_look_up(Reply(Outcome.NOT_FOUND, choices=(PERSON,)))]
        return [
            _cannot_look_up(r) if r.wording is Wording.NOT_FOUND else r
            for r in answer(self.line, said)
        ]


def _cannot_look_up(reply: Reply) -> Reply:
    return replace(reply, wording=Wording.NO_PLACES_HERE)
