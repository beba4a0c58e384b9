"""Written conversations by text message over a whole running line, and the cases that come of them.

tests/conversations/texting/README.md says how they are written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, func, select

from services_catalog.references import find_reference
from services_catalog.segments import SEGMENTS_AIMED_AT, count
from tests.support.case_desk import Desk
from tests.support.case_moves import Staff
from tests.support.scripted import ending, listed, name_of, picture, promises
from tests.support.talk import CONVERSATIONS
from tests.triage.texting.carrier import (
    API,
    LINE,
    WHATSAPP_LINE,
    CarrierTwin,
    Phone,
    post_signed,
)
from triage.conversations.tables import inbox, inbox_work
from triage.texting.tables import carrier_media, carrier_messages, media_work, senders, texts
from triage.texting.tables import outbox as text_work

FOLDER = CONVERSATIONS / "texting"
ANSWER_SECONDS = 60
# Numbers that belong to nobody: 416-555-0100 to 0199.
MOST_NUMBERS = 100


@dataclass
class Played:
    """How a written conversation went.

    Attributes:
        faults: what was not as written, in sentences.
        lines: everything that was said, in order.
        segments: how many segments each text to the resident took.
    """

    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([*self.faults, "", *self.lines])


@dataclass(frozen=True)
class Street:
    """Where the texts go: a running line, its carrier, its desk and its database."""

    url: str
    carrier: CarrierTwin
    desk: Desk
    engine: Engine


def play_all(
    street: Street, written: Sequence[Mapping[str, Any]], *, at_once: int
) -> dict[str, Played]:
    """Play conversations, a few at once, each from a number of its own; return how each went by its name."""
    assert len(written) <= MOST_NUMBERS
    numbers = [f"+141655501{n:02d}" for n in range(len(written))]
    with ThreadPoolExecutor(at_once) as pool:
        played = pool.map(lambda c, n: play(street, c, n), written, numbers)
        return dict(zip(map(name_of, written), played, strict=True))


def play(street: Street, written: Mapping[str, Any], number: str) -> Played:
    """Play one conversation to its end, or to the first text that is not as written; look at what came of it."""
    played = Played()
    for report in written.get("given", []):
        street.desk.open(report)
    is_whatsapp = written.get("by") == "whatsapp"
    line = WHATSAPP_LINE if is_whatsapp else LINE
    address = f"whatsapp:{number}" if is_whatsapp else number
    try:
        with httpx.Client(timeout=20, trust_env=False) as client:
            phone = Phone(address, street.carrier, street.url, client, line)
            talk = _Talk(street, phone, client, played)
            for step in written["talk"]:
                talk.take(step)
                if played.faults:
                    return played
        conversation_id = talk.conversation_id()
        played.faults += promises(street.desk, conversation_id, talk.said)
        if not played.faults:
            ends = written.get("ends", {"no_case": []})
            played.faults += ending(street.desk, conversation_id, ends, talk.said)
    except (AssertionError, LookupError, httpx.HTTPError) as fault:
        played.faults.append(f"{type(fault).__name__}: {fault}")
    return played


class _Talk:
    """One conversation under way."""

    def __init__(
        self, street: Street, phone: Phone, client: httpx.Client, played: Played
    ) -> None:
        self.said: list[dict[str, Any]] = []
        self._street = street
        self._phone = phone
        self._client = client
        self._played = played
        self._reference = ""
        self._sid = ""

    def take(self, step: Mapping[str, Any]) -> None:
        """Do one step of the resident's, or of staff, and note what was not as written."""
        if "staff" in step:
            self._staff(step)
            return
        words = str(step.get("texts", "")) * step.get("times", 1)
        body = words.replace("{reference}", self._reference)
        fields = self._phone.fields(body, **self._more(step))
        self._sid = fields["MessageSid"]
        if "photo" in step:
            path = f"{API}/Messages/{self._sid}/Media/ME1"
            self._street.carrier.media[path] = ("image/jpeg", picture(step["photo"]))
            fields |= {
                "NumMedia": "1",
                "MediaUrl0": f"{self._street.carrier.url}{path}",
                "MediaContentType0": "image/jpeg",
            }
        self._played.lines.append(f"> {body!r}{' (photo)' * ('photo' in step)}")
        for _ in range(step.get("delivered", 1)):
            status = post_signed(
                self._street.url, "/channels/twilio/messages", fields, client=self._client
            )
            assert status == 204, status
        self._wait()
        heard = self._phone.hears(len(self._phone.has_heard()))
        self._note(step, heard)

    def _staff(self, step: Mapping[str, Any]) -> None:
        self._played.lines.append(f"  (staff {step['staff']})")
        with Staff(str(self._street.engine.url)) as staff:
            staff.does(step, self._reference)
        self._note(step, self._phone.hears(step.get("texts_back", 1), ANSWER_SECONDS))

    def conversation_id(self) -> str:
        """Return the conversation that the texts became."""
        with self._street.engine.connect() as connection:
            found = select(senders.c.conversation_id).where(senders.c.id == self._sender())
            return str(connection.scalar(found))

    def _more(self, step: Mapping[str, Any]) -> dict[str, str]:
        if "shares" not in step:
            return {}
        lat, long = step["shares"]
        return {"Latitude": str(lat), "Longitude": str(long)}

    def _note(self, step: Mapping[str, Any], heard: Sequence[str]) -> None:
        faults, after = self._played.faults, f"after {step.get('texts', step)!r}"
        for text in heard:
            taken = count(text)
            self.said.append({"text": text})
            self._played.segments.append(taken.segments)
            self._played.lines.append(f"  < [{taken.segments} {taken.encoding}] {text}")
            self._reference = find_reference(text) or self._reference
            most = step.get("segments", SEGMENTS_AIMED_AT)
            if taken.segments > most:
                faults.append(f"{after}: {taken.segments} segments: {text!r}")
        whole = "\n".join(heard)
        for wanted in listed(step.get("hears", [])):
            wanted = wanted.replace("{reference}", self._reference)
            if wanted not in whole:
                faults.append(f"{after}: {wanted!r} is not said")
        faults += [
            f"{after}: {w!r} is said" for w in listed(step.get("never", [])) if w in whole
        ]
        if "texts_back" in step and len(heard) != step["texts_back"]:
            faults.append(f"{after}: {len(heard)} texts came, not {step['texts_back']}")
        if step.get("texts_back") != 0 and not heard:
            faults.append(f"{after}: nothing came")

    def _wait(self) -> None:
        """Wait until nothing more is to come: all is answered, fetched and handed to the carrier."""
        until = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < until:
            if not self._is_under_way():
                return
            time.sleep(0.02)
        raise AssertionError(f"not answered within {ANSWER_SECONDS} s")

    def _is_under_way(self) -> bool:
        sender = self._sender()
        mine = select(senders.c.conversation_id).where(senders.c.id == sender).scalar_subquery()
        waiting = (
            select(func.count()).where(inbox.c.conversation_id == mine, inbox_work.waits()),
            select(func.count()).where(carrier_media.c.sid == self._sid, media_work.waits()),
            select(func.count()).where(texts.c.sender_id == sender, text_work.waits()),
        )
        # In this order: what is answered meanwhile is then found waiting to be sent, never missed.
        with self._street.engine.connect() as connection:
            return any(connection.execute(query).scalar_one() for query in waiting)

    def _sender(self) -> str:
        asked = select(carrier_messages.c.sender_id).where(carrier_messages.c.sid == self._sid)
        with self._street.engine.connect() as connection:
            return str(connection.execute(asked).scalar_one())
