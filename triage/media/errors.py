"""Why a photo is not taken, in words for the one who sent it."""

from __future__ import annotations

from triage.errors import TriageError


class PhotoTooLarge(TriageError):
    """The photo's file is too large."""

    status = 413
    code = "photo_too_large"
    message = "This photo is too large: at most 10 MB can be sent. Try a smaller one."


class PhotoUnknownType(TriageError):
    """The file is no picture of a kind that is taken."""

    status = 415
    code = "photo_type_unknown"
    message = "This is not a photo we can read. Send a JPEG, PNG or WebP picture."


class PhotoTooManyPixels(TriageError):
    """The picture has too many pixels."""

    status = 422
    code = "photo_too_many_pixels"
    message = "This picture has too many pixels: at most 40 million. Try a smaller one."


class PhotoDamaged(TriageError):
    """The picture cannot be read to its end."""

    status = 422
    code = "photo_damaged"
    message = "This photo is damaged or not complete. Please send it again, or another one."


class PhotoUnknown(TriageError):
    """There is no such photo in this conversation."""

    status = 404
    code = "photo_not_found"
    message = "There is no such photo in this conversation."


class MediaUnavailable(TriageError):
    """The photo could not be written down; nothing was stored."""

    status = 503
    code = "media_unavailable"
    message = "Your photo could not be kept just now. Please send it again in a few seconds."

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
