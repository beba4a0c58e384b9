"""What the carrier's error codes mean for a text: send it again, never, or nobody knows. A table; no network here.

Each code has a page of its own, https://www.twilio.com/docs/api/errors/<code>, which is the source of its line.
"""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What to do about a text that failed."""

    # It was not delivered, and may be when sent again.
    AGAIN = "again"
    # It will not be delivered, however often it is sent.
    NEVER = "never"
    # They have told the carrier to stop.
    OPTED_OUT = "opted_out"
    # It may have been delivered: not sent again.
    UNKNOWN = "unknown"


CODES: dict[int, tuple[Verdict, str]] = {
    # Refused at once, when a text is handed over.
    20003: (Verdict.AGAIN, "account or key are refused: mend the settings, it goes out then"),
    20429: (Verdict.AGAIN, "too many calls at once"),
    21211: (Verdict.NEVER, "no valid number"),
    21408: (Verdict.NEVER, "the account may not send to this region"),
    21602: (Verdict.NEVER, "nothing to say"),
    21606: (Verdict.AGAIN, "our number cannot send: mend the settings, it goes out then"),
    21608: (Verdict.NEVER, "a trial account sends to verified numbers only"),
    21610: (Verdict.OPTED_OUT, "they sent STOP"),
    21611: (Verdict.AGAIN, "more than ten hours of texts wait at the carrier"),
    21612: (Verdict.NEVER, "this number cannot be reached from ours"),
    21614: (Verdict.NEVER, "no mobile number"),
    21617: (Verdict.NEVER, "longer than 1,600 characters"),
    # Reported later, when it was handed over and not delivered.
    30001: (Verdict.AGAIN, "waited too long at the carrier"),
    30002: (Verdict.AGAIN, "the account was suspended"),
    30003: (Verdict.AGAIN, "the phone was off or out of reach"),
    30004: (Verdict.NEVER, "they block messages"),
    30005: (Verdict.NEVER, "the number is not in use"),
    30006: (Verdict.NEVER, "a landline, or a network that takes no texts"),
    30007: (Verdict.NEVER, "filtered as unwanted"),
    30008: (Verdict.UNKNOWN, "the network did not say why"),
    30022: (Verdict.AGAIN, "more at once than the campaign may send"),
    30034: (Verdict.NEVER, "our number is not registered to send"),
    30410: (Verdict.UNKNOWN, "the network did not answer in time"),
    30500: (Verdict.AGAIN, "a fault at the carrier"),
    # WhatsApp.
    63003: (Verdict.NEVER, "no WhatsApp number"),
    63012: (Verdict.AGAIN, "a fault at WhatsApp"),
    63016: (Verdict.NEVER, "they wrote more than 24 hours ago; only templates may be sent"),
    63018: (Verdict.AGAIN, "more at once than WhatsApp takes"),
    63024: (Verdict.NEVER, "no valid recipient"),
}


def verdict_on(code: int, http_status: int = 0) -> Verdict:
    """Return what to do about a text that failed with a code, or was refused with an HTTP status."""
    if code in CODES:
        return CODES[code][0]
    if http_status in (401, 429):
        return Verdict.AGAIN
    # A code that nobody has looked at: sending again might never end.
    return Verdict.NEVER


def in_words(why: str) -> str:
    """Return the reason that a text was not delivered, as it is kept, with what its code means."""
    code = why.removeprefix("given_up:").removeprefix("code_")
    known = CODES.get(int(code)) if code.isascii() and code.isdecimal() else None
    return f"{why}: {known[1]}" if known else why


# How far a text has come. What the carrier reports arrives in any order; a step back is no news.
STEPS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
    "read": 5,
}
FAILED = frozenset({"undelivered", "failed", "canceled"})


def is_news(before: str | None, now: str) -> bool:
    """Say whether a reported status is a step on from the one that is known."""
    return STEPS.get(now, 0) > STEPS.get(before or "", 0)
