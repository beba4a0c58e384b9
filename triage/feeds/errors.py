"""What can go wrong with a question to the feeds."""

from __future__ import annotations

from triage.errors import TriageError


class NothingHere(TriageError):
    """There is no such object, or no more."""

    status = 404
    code = "not_found"
    message = "There is nothing with this id. The lists name what there is."


class NoCalendar(TriageError):
    """No calendar has this name, or none of its days is to come."""

    status = 404
    code = "calendar_not_found"
    message = "There is no calendar with this name, or no day to come is known for it."


class MomentNotRead(TriageError):
    """What should be a moment is none."""

    status = 422
    code = "not_valid"
    message = "modified_after: write a day or a moment, as 2026-11-29 or 2026-11-29T08:00:00Z."


class PostcodeUnknown(TriageError):
    """No place of the catalogue lies in this postal code."""

    status = 422
    code = "postcode_unknown"
    message = "No place in this catalogue has this postal code: write it as M5V 2Z5, or its first half."
