"""Take a photo that belongs to nothing yet: ask what it is about."""

from __future__ import annotations

from actions.ability import Ability
from actions.heard import Heard
from actions.intake.begin import PHOTOS
from actions.names import Action, Outcome, Wording
from actions.replies import Reply


class TakePhoto(Ability):
    """Photos of a report under way or made before are taken before any ability is asked (reporting.py)."""

    action = Action.TAKE_PHOTO
    heeds_places = False

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        photos = [*(said.memory.get(PHOTOS) or ()), *([said.photo] if said.photo else ())]
        return [
            Reply(Outcome.INTAKE, wording=Wording.INTAKE_PHOTO_ALONE, remember={PHOTOS: photos})
        ]
