"""Residents who report something by text over a running line, word by word, whatever fails meanwhile; and what came of it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import Engine, select

from services_catalog.references import find_reference
from tests.triage.texting.carrier import CarrierTwin, Phone, post_signed
from triage.cases.tables import cases
from triage.conversations.schemas import Outcome
from triage.conversations.tables import inbox, messages
from triage.texting.tables import texts

ANSWERED_WITHIN_SECONDS = 240


@dataclass
class Reporter:
    """Somebody with a phone, who waits for the answer to each text before the next."""

    number: str
    carrier: CarrierTwin
    doors: Sequence[str]
    engine: Engine
    seed: int
    conversation: str = ""

    def reports(self, words: Sequence[str]) -> None:
        """Text these words, each once the one before it is answered."""
        chance = random.Random(self.seed)
        phone = Phone(self.number, self.carrier, "")
        with httpx.Client(timeout=15, trust_env=False) as client:
            for said in words:
                fields = phone.fields(said)
                self.carrier.takes(said, self.number, sid=fields["MessageSid"])
                for _ in range(2):
                    # As the carrier does it: once more, then it stays in the log.
                    if _is_taken(client, chance.choice(self.doors), fields):
                        break
                self._wait_for_the_answer_to(fields["MessageSid"])

    def faults(self) -> list[str]:
        """Return what is wrong with what came of it: there is one case, and one text tells its number."""
        with self.engine.connect() as connection:
            opened = connection.scalars(
                select(cases.c.reference).where(cases.c.conversation_id == self.conversation)
            ).all()
            told = connection.scalars(
                select(messages.c.text).where(
                    messages.c.conversation_id == self.conversation,
                    messages.c.outcome == Outcome.CASE_OPENED.value,
                )
            ).all()
        heard = [r for body in self.carrier.sent_to(self.number) if (r := find_reference(body))]
        said = [find_reference(text) for text in told]
        if len(opened) == 1 and said == list(opened) == heard:
            return []
        return [f"{self.number}: cases {opened}, said {said}, heard {heard}"]

    def _wait_for_the_answer_to(self, sid: str) -> None:
        ends = time.monotonic() + ANSWERED_WITHIN_SECONDS
        while time.monotonic() < ends:
            if self._is_answered(sid):
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.number}: not answered")

    def _is_answered(self, sid: str) -> bool:
        kept = select(messages).where(messages.c.client_message_id == sid)
        with self.engine.connect() as connection:
            message = connection.execute(kept).first()
            if message is None:
                return False
            self.conversation = message.conversation_id
            waits = select(inbox.c.message_id).where(
                inbox.c.message_id == message.id, inbox.c.done_at.is_(None)
            )
            on_their_way = select(texts.c.id).where(
                texts.c.conversation_id == self.conversation,
                texts.c.done_at.is_(None),
                texts.c.dead_at.is_(None),
            )
            return not any(connection.execute(q).first() for q in (waits, on_their_way))


def _is_taken(client: httpx.Client, door: str, fields: dict[str, str]) -> bool:
    try:
        status = post_signed(door, "/channels/twilio/messages", fields, client=client)
    except httpx.TransportError:
        return False
    return status == 204
