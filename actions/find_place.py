"""Answer a message that the assistant read as the wish for a place."""

from __future__ import annotations

from actions.ability import Ability
from actions.answer import answer
from actions.heard import Heard
from actions.names import Action
from actions.replies import Reply


class FindPlace(Ability):
    """Places near by are said before any ability is asked (where.py); what is left is the catalogue's."""

    action = Action.FIND_PLACE

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return answer(self.line, said)
