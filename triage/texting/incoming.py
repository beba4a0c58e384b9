"""What the carrier hands over, read from its fields. No database, no network here.

https://www.twilio.com/docs/messaging/guides/webhook-request tells the fields; others come without notice and are
ignored. A message in the carrier's log has other names for the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SMS, WHATSAPP = "sms", "whatsapp"
CHANNELS = frozenset({SMS, WHATSAPP})

# More than the carrier takes (10): a number that was made up shall not make us read for long.
MOST_MEDIA = 10
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESS = re.compile(r"[!-~]{1,60}")


class NotAText(ValueError):
    """The fields are not those of a message."""


class Taken(StrEnum):
    """What a text was taken for."""

    WORDS = "words"
    CHOICE = "choice"
    LOCATION = "location"
    PICTURES = "pictures"
    MORE = "more"
    STOP = "stop"
    START = "start"
    HELP = "help"
    LANGUAGE = "language"
    EMPTY = "empty"
    # Kept, and not answered: a machine writes, or they want no texts.
    QUIET = "quiet"
    # Found in the log after later ones had come, which it might undo or be mistaken for an answer to.
    LATE = "late"


@dataclass(frozen=True)
class Media:
    """Something that came with a text and lies at the carrier."""

    url: str
    content_type: str

    @property
    def is_picture(self) -> bool:
        """Say whether it claims to be a picture."""
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class Point:
    """A place on the earth, in degrees."""

    lat: float
    long: float


@dataclass(frozen=True)
class Incoming:
    """A text that somebody sent to one of the city's numbers.

    Args:
        sid: the carrier's id of it, the same whenever it is handed over again.
        sender: an address, like +14165550100 or whatsapp:+14165550100.
        line: the city's number that it was sent to.
        body: its words; may be empty.
        opt_out: STOP, START or HELP, where the carrier has recognised and answered such a word itself.
        button: what stands behind a button that was pressed (WhatsApp).
        made_at: when it came to the carrier, where its log tells; else it comes as it is made.
    """

    sid: str
    sender: str
    line: str
    body: str
    media: tuple[Media, ...] = ()
    point: Point | None = None
    opt_out: str = ""
    button: str = ""
    made_at: datetime | None = None

    @property
    def channel(self) -> str:
        """Which channel it came over."""
        return WHATSAPP if self.sender.startswith("whatsapp:") else SMS


def of_webhook(fields: Mapping[str, str]) -> Incoming:
    """Return the message that a webhook hands over.

    Raises:
        NotAText: it hands over none.
    """
    many = fields.get("NumMedia", "")
    count = min(int(many), MOST_MEDIA) if many.isascii() and many.isdecimal() else 0
    media = [
        Media(url, fields.get(f"MediaContentType{n}", "")[:100].lower())
        for n in range(count)
        if (url := fields.get(f"MediaUrl{n}", ""))
    ]
    return Incoming(
        _fit(_SID, fields.get("MessageSid") or fields.get("SmsMessageSid", "")),
        _fit(_ADDRESS, fields.get("From", "")),
        _fit(_ADDRESS, fields.get("To", "")),
        _text(fields.get("Body", "")),
        tuple(media),
        _point(fields.get("Latitude", ""), fields.get("Longitude", "")),
        fields.get("OptOutType", "").upper(),
        fields.get("ButtonPayload", ""),
    )


def of_log(
    entry: Mapping[str, Any], media: Sequence[Media], made_at: datetime | None
) -> Incoming:
    """Return the message that an entry of the carrier's log tells of. It tells of no location and no button.

    Raises:
        NotAText: it is no message.
    """
    return Incoming(
        _fit(_SID, str(entry.get("sid") or "")),
        _fit(_ADDRESS, str(entry.get("from") or "")),
        _fit(_ADDRESS, str(entry.get("to") or "")),
        _text(str(entry.get("body") or "")),
        tuple(media),
        made_at=made_at,
    )


def _fit(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise NotAText
    return value


def _text(body: str) -> str:
    """Return words without what is none: control characters, which some phones send."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in lines
    )


def says_something(body: str) -> bool:
    """Say whether there is anything to read; what shows nothing, like zero-width spaces, is not."""
    return any(not c.isspace() and unicodedata.category(c) != "Cf" for c in body)


def _point(latitude: str, longitude: str) -> Point | None:
    try:
        lat, long = float(latitude), float(longitude)
    except ValueError:
        return None
    return Point(lat, long) if -90 <= lat <= 90 and -180 <= long <= 180 else None
