"""What can stand in the way of an edit, in words for the maintainer."""

from __future__ import annotations

from triage.errors import TriageError


class EntryUnknown(TriageError):
    """There is no such entry, nor was one."""

    status = 404
    code = "entry_not_found"
    message = "There is no entry with this id. It may have been withdrawn."


class DraftUnknown(TriageError):
    """There is no such draft."""

    status = 404
    code = "draft_not_found"
    message = "There is no such draft. It may have been published or dropped."


class NotNow(TriageError):
    """A draft does not stand so that this could be done, or another person has to do it."""

    status = 409
    code = "draft_not_now"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self._why = why

    @property
    def words(self) -> str:
        return self._why


class DraftMoved(NotNow):
    """The draft is not as the page showed it: it was saved in another window, or somebody else did something with it."""

    code = "draft_moved"


class EntryChanged(NotNow):
    """Somebody else changed the entry since the draft began."""

    code = "entry_changed"


class DraftAlready(NotNow):
    """The maintainer has a draft of this entry already."""

    code = "draft_already"


class NotValid(TriageError):
    """Something that was typed has to be put right; `field` names where."""

    status = 422
    code = "edit_not_valid"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self._why = field, why

    @property
    def words(self) -> str:
        return self._why


class HasFaults(NotValid):
    """The draft has faults, so it cannot go out."""

    code = "draft_has_faults"


class NameNotValid(NotValid):
    """An id or a title that no entry can have."""


class EntryIdTaken(NotValid):
    """There is an entry with this id, or was one."""

    code = "entry_id_taken"


class WordingNotValid(NotValid):
    """A wording that no entry can have."""


class WordingTaken(NotValid):
    """Another entry has this wording: search could not tell them apart."""

    code = "wording_taken"
