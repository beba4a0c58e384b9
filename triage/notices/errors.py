"""What can stand in the way of a notice, in words for staff."""

from __future__ import annotations

from triage.errors import TriageError


class NoticeUnknown(TriageError):
    """There is no notice with this id."""

    status = 404
    code = "notice_not_found"
    message = "There is no such notice."


class NoticeChanged(TriageError):
    """Somebody else changed the notice since the form was opened."""

    status = 409
    code = "notice_changed"
    message = "Somebody else changed this notice meanwhile. Open it again and look before you change it."
