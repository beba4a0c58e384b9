"""What can stand in the way of saying that an entry is still right."""

from __future__ import annotations

from triage.errors import TriageError


class ReviewUnknown(TriageError):
    """There is no such entry."""

    status = 404
    code = "entry_not_found"
    message = "There is no such entry, or no more."


class ReviewMoved(TriageError):
    """The entry was changed since the page was opened."""

    status = 409
    code = "entry_changed"
    message = "This entry was changed meanwhile. Read it again before you say that it is right."
