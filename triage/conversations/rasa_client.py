"""The assistant's gateway, in our words: a message goes in, replies come out, or it failed and says how.

Only this file knows the gateway's HTTP. Residents cannot speak its commands: words that begin with "/"
lose it here, and what a button stands for travels beside the text, never in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, Field, ValidationError

from triage.conversations.schemas import Ask, CaseSummary, FoundLocation, Outcome, Place
from triage.kit.neighbour import Neighbours, Unreachable

CHOOSE = "/choose"
GIVE_LOCATION = "/give_location"
GIVE_PHOTO = "/give_photo"


class AssistantFailed(Exception):
    """No usable answer came. `kind` is a word for logs and figures; `is_final`: trying again is no use."""

    def __init__(self, kind: str, *, is_final: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.is_final = is_final


@dataclass(frozen=True)
class Asked:
    """A resident's message as the assistant gets it."""

    conversation_id: str
    message_id: str
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)


# What a message was read as by the sentence encoder, if it was read lately (services_catalog.encoder).
HandOn = Callable[[str], dict[str, str] | None]


class OfferedChoice(BaseModel):
    """A choice in a reply, before it has an id."""

    label: str = Field(min_length=1)
    service_id: str | None = None
    value: Any = None


class NoticeBefore(BaseModel):
    """What the City says just now, to stand before a reply's words; `short` in a text message."""

    text: str = Field(min_length=1)
    short: str = Field(min_length=1)


class Reply(BaseModel):
    """One reply of the assistant."""

    text: str = Field(min_length=1)
    # What a text message says in place of it; empty: the same.
    short: str = ""
    outcome: Outcome = Outcome.SMALL_TALK
    service_id: str | None = Field(None, max_length=80)
    revision: int | None = None
    confidence: float | None = None
    source_url: str | None = None
    last_verified: str | None = Field(None, max_length=40)
    choices: list[OfferedChoice] = []
    places: list[Place] | None = None
    case: CaseSummary | None = None
    location: FoundLocation | None = None
    ask: Ask | None = None
    # What to know with the resident's next message; None forgets. It stays on this side.
    remember: dict[str, Any] = {}
    # What the resident said of the answer before.
    judged: Literal["helpful", "not_helpful"] | None = None
    unanswered: bool = False
    matches: list[Any] = []
    # Why a person is wanted, if one is. Where there are people, they are told of instead of all that is said here.
    hand_over: str | None = Field(None, pattern="^[a-z_]{1,20}$")


class Assistant(Protocol):
    """Whoever answers residents."""

    async def ask(self, asked: Asked, *, attempt: int) -> list[Reply]:
        """Return at least one reply, or raise AssistantFailed."""
        ...


def without_command(text: str) -> str:
    """Return a resident's words such that Rasa takes them as words.

    Rasa reads text whose first character, after white space, is "/" as an intent with entities, so
    anybody could call any intent.
    """
    if not text.lstrip().startswith("/"):
        return text
    start = 0
    while start < len(text) and (text[start] == "/" or text[start].isspace()):
        start += 1
    return text[start:] or "slash"


def homes_of(conversation_id: str, urls: Sequence[str]) -> list[str]:
    """Return the assistants in this conversation's order of preference (rendezvous hashing).

    The first is its home. When one assistant goes, only its own conversations move.
    """
    return sorted(
        urls,
        key=lambda url: hashlib.sha256(f"{url} {conversation_id}".encode()).digest(),
        reverse=True,
    )


def replies_in(body: Any) -> list[Reply]:
    """Read the gateway's answer.

    Raises:
        AssistantFailed: it has no reply, or one that is not understood.
    """
    try:
        raw = body["replies"]
        replies = [_reply(r) for r in raw if r.get("text") or r.get("custom")]
    except (KeyError, TypeError, AttributeError, ValidationError) as fault:
        raise AssistantFailed("not_understood") from fault
    if not replies:
        raise AssistantFailed("empty")
    return replies


def _reply(raw: dict[str, Any]) -> Reply:
    custom = raw.get("custom") or {}
    given = {k: v for k, v in custom.items() if v is not None}
    given["text"] = given.get("text") or raw.get("text") or ""
    return Reply.model_validate(with_notice(given))


def with_notice(given: dict[str, Any]) -> dict[str, Any]:
    """Return a reply's fields with the notice that stands before its words as part of them.

    Its words may be a wording that only the assistant knows, so that the two meet here.
    """
    if not (before := given.pop("notice", None)):
        return given
    notice = NoticeBefore.model_validate(before)
    text = given["text"]
    return {
        **given,
        "text": f"{notice.text}\n\n{text}",
        "short": f"{notice.short}\n{given.get('short') or text}",
    }


class RasaGateway:
    """The real assistant, behind its gateway channel, over connections that are kept open.

    `hand_on` gives what is already known of the meaning of a message's words, so that nobody reads them twice.
    """

    def __init__(
        self,
        urls: Sequence[str],
        secret: str,
        *,
        connect_seconds: float,
        total_seconds: float,
        connections: int,
        hand_on: HandOn | None = None,
    ) -> None:
        self._urls = urls
        self._hand_on = hand_on
        self._total_seconds = total_seconds
        self._neighbours = Neighbours(
            {"Authorization": f"Bearer {secret}"},
            connect_seconds=connect_seconds,
            kept=connections,
        )

    async def ask(self, asked: Asked, *, attempt: int) -> list[Reply]:
        homes = homes_of(asked.conversation_id, self._urls)
        # First at home; when that failed, at the next one: an answer counts more than memory.
        url = homes[(attempt - 1) % len(homes)]
        body: dict[str, Any] = {
            "conversation_id": asked.conversation_id,
            "message_id": asked.message_id,
            "text": asked.text,
            "metadata": asked.metadata,
        }
        if self._hand_on:
            body["vector"] = self._hand_on(asked.text)
        try:
            async with asyncio.timeout(self._total_seconds):
                answer = await self._neighbours.post(
                    url, "/webhooks/gateway/webhook", json.dumps(body).encode()
                )
        except TimeoutError as fault:
            raise AssistantFailed("timeout") from fault
        except Unreachable as fault:
            raise AssistantFailed("unreachable") from fault
        if answer.status in (400, 413, 422):
            raise AssistantFailed(f"refused_{answer.status}", is_final=True)
        if answer.status != 200:
            raise AssistantFailed(f"status_{answer.status}")
        try:
            said = json.loads(answer.body)
        except ValueError as fault:
            raise AssistantFailed("not_understood") from fault
        return replies_in(said)

    async def close(self) -> None:
        """Let the connections go."""
        self._neighbours.close()
