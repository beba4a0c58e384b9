"""The log of the stand-in: every text that passed it, as the phone shows it and as Twilio's API tells of it. In memory."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from services_catalog.segments import Segments, count

# The oldest are forgotten then; pictures sooner, for they are large.
MOST_TEXTS = 5_000
MOST_PICTURES = 20
LARGEST_PAGE = 1_000
API = "/2010-04-01/Accounts"


@dataclass(frozen=True)
class Picture:
    """Something that came with a text."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Point:
    """A place on the earth, in degrees."""

    lat: float
    long: float


class Way(StrEnum):
    """How a text comes to the line."""

    BEGUN = "on its way"
    HANDED_OVER = "handed over"
    NOT_HANDED_OVER = "not handed over"
    FROM_LOG = "found in the log"


@dataclass
class Text:
    """A text in the log.

    Attributes:
        direction: as Twilio calls it: inbound, outbound-api, or outbound-reply for what the carrier says by itself.
        status: as Twilio calls it.
        way: how an inbound text comes to the line.
    """

    sender: str
    to: str
    body: str
    direction: str
    status: str
    callback: str = ""
    has_picture: bool = False
    point: Point | None = None
    way: Way = Way.BEGUN
    sid: str = field(default_factory=lambda: f"SM{uuid.uuid4().hex}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_inbound(self) -> bool:
        """Say whether somebody sent it to the line."""
        return self.direction == "inbound"

    @property
    def segments(self) -> Segments:
        """How it is sent."""
        return count(self.body)


class Log:
    """What is kept for one account.

    Args:
        account: its id.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._texts: dict[str, Text] = {}
        self._pictures: dict[str, Picture] = {}
        # Rises with every change, so that a page can ask what is new; begins anywhere, so that no two processes' are alike.
        self.version = secrets.randbelow(2**40)

    def changed(self) -> None:
        """Note that there is something new to see."""
        self.version += 1

    def add(self, text: Text, picture: Picture | None = None) -> None:
        """Keep a text, and what came with it."""
        self._texts[text.sid] = text
        while len(self._texts) > MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        if picture:
            self._pictures[text.sid] = picture
            while len(self._pictures) > MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
        self.changed()

    def text(self, sid: str) -> Text | None:
        """Return a text by its id."""
        return self._texts.get(sid)

    def picture(self, sid: str) -> Picture | None:
        """Return the picture that came with a text."""
        return self._pictures.get(sid)

    def of_phone(self, number: str, line: str) -> list[Text]:
        """Return what a phone and a number of the line have sent each other, the oldest first."""
        both = {number, line}
        return [t for t in self._texts.values() if {t.sender, t.to} == both]

    def page(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the log, the newest first, as Twilio does."""
        size = min(max(1, _number(query.get("PageSize"), 50)), LARGEST_PAGE)
        page = _number(query.get("Page"), 0)
        since = _moment(query.get("DateSent>", ""))
        found = [
            text
            for text in reversed(self._texts.values())
            if query.get("To") in (None, text.to)
            and query.get("From") in (None, text.sender)
            and (since is None or text.created_at >= since)
        ]
        shown = found[page * size : (page + 1) * size]
        for text in shown:
            if text.way is Way.NOT_HANDED_OVER:
                text.way = Way.FROM_LOG
                self.changed()
        following = None
        if len(found) > (page + 1) * size:
            again = urlencode({**query, "Page": page + 1})
            following = f"{API}/{self._account}/Messages.json?{again}"
        return {"messages": [self.told(t) for t in shown], "next_page_uri": following}

    def told(self, text: Text) -> dict[str, Any]:
        """Return a text as Twilio tells of it."""
        made = format_datetime(text.created_at.replace(microsecond=0))
        return {
            "sid": text.sid,
            "account_sid": self._account,
            "api_version": "2010-04-01",
            "from": text.sender,
            "to": text.to,
            "body": text.body,
            "direction": text.direction,
            "status": text.status,
            "error_code": None,
            "error_message": None,
            "num_segments": str(text.segments.segments),
            "num_media": "1" if text.has_picture else "0",
            "date_created": made,
            "date_sent": made,
            "date_updated": made,
            "uri": f"{API}/{self._account}/Messages/{text.sid}.json",
        }

    def media(self, text: Text) -> dict[str, Any]:
        """Return the list of what came with a text, as Twilio does."""
        picture = self._pictures.get(text.sid)
        listed = []
        if picture:
            uri = f"{self.picture_path(text)}.json"
            listed = [{"uri": uri, "content_type": picture.media_type}]
        return {"media_list": listed}

    def picture_path(self, text: Text) -> str:
        """Return where a text's picture is, below the API's address."""
        name = f"ME{text.sid[2:]}"
        return f"{API}/{self._account}/Messages/{text.sid}/Media/{name}"


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() else default


def _moment(value: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
