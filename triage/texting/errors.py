"""Why a webhook is not taken, in words for whoever set it up."""

from __future__ import annotations

from triage.errors import TriageError


class TextsAreOff(TriageError):
    """This line takes no text messages."""

    status = 404
    code = "texts_off"
    message = "This line takes no text messages: it has no carrier's account (ASK311_TWILIO_ACCOUNT_SID)."


class SignatureWrong(TriageError):
    """The request is not signed by the carrier for this address."""

    status = 403
    code = "signature_wrong"
    message = (
        "This is not signed by the carrier for this address. Compare ASK311_PUBLIC_URL with the address in the "
        "carrier's console, and the auth token."
    )


class WebhookNotReadable(TriageError):
    """The request is signed, but it is none that the carrier sends here."""

    status = 422
    code = "webhook_not_readable"
    message = (
        "This is no message and no status of one. Look at which webhook calls this address."
    )
