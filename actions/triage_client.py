"""Cases over HTTP: what triage is asked to do with a report, in our words. Only this file knows its API.

Nothing is tried again here: a call that fails raises, the message fails with it, and triage's relay brings the
same message again. Each call that changes something has a key, so that this does nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx

CONNECT_SECONDS = 1.0
# Shorter than the assistant waits for an action (bot/action_calls.py).
TOTAL_SECONDS = 4.0


class TriageUnavailable(Exception):
    """Triage could not be reached, or failed. The message is asked again later."""


@dataclass(frozen=True)
class Case:
    """A case as its resident may see it."""

    reference: str
    service_id: str
    service_name: str
    status: str
    status_text: str
    next: str
    division: str
    opened_at: str
    due: str | None = None
    is_late: bool = False
    late_reason: str | None = None
    outcome: str | None = None  # what came of it, in a sentence
    followers: int = 0
    mine: bool = False
    can: tuple[str, ...] = ()


@dataclass(frozen=True)
class NearCase:
    """An open case of the same service near by."""

    reference: str
    metres: float
    followers: int


@dataclass(frozen=True)
class Refused:
    """Triage did not do it, and says why.

    Attributes:
        code: "case_incomplete", "answer_not_valid", "not_the_citys", "not_reportable", "case_not_found",
            "move_not_allowed" and others.
        message: a sentence; for a move that is not allowed, one that the resident may read.
        missing: what is wanted yet: codes, "location", "contact".
        attribute: the question whose answer does not do.
        referral: whose matter it is.
    """

    code: str
    message: str
    missing: tuple[str, ...] = ()
    attribute: str = ""
    referral: str = ""


class Cases(Protocol):
    """Whoever keeps the cases. Each raises TriageUnavailable when it cannot be asked."""

    async def open(self, report: Mapping[str, Any]) -> Case | Refused:
        """Open a case, or return the one that was opened with the same key."""
        ...

    async def case(self, reference: str, conversation: str) -> Case | Refused:
        """Return a case."""
        ...

    async def of_conversation(self, conversation: str) -> list[Case]:
        """Return the cases that were opened or joined in a conversation, the newest first."""
        ...

    async def near(
        self, service_id: str, lat: float, long: float, within: int
    ) -> list[NearCase]:
        """Return the open cases of a service within so many metres, the nearest first."""
        ...

    async def join(
        self, reference: str, key: str, conversation: str, contact: Mapping[str, Any] | None
    ) -> Case | Refused:
        """Have the resident follow a case."""
        ...

    async def add(
        self, reference: str, key: str, conversation: str, text: str, photos: Sequence[str]
    ) -> Case | Refused:
        """Add what the resident tells, or photos, to a case."""
        ...

    async def move(
        self, reference: str, key: str, conversation: str, move: str, text: str
    ) -> Case | Refused:
        """Withdraw a case, or say that it is not fixed, or that it is ("withdraw", "reopen", "confirm")."""
        ...

    async def tell(
        self, reference: str, key: str, conversation: str, wants: bool
    ) -> Case | Refused:
        """Have the resident told of news of a case here, or no more."""
        ...


class TriageCases:
    """The real ones. Calls are few and near by, so each has a connection of its own: none is left when the server ends."""

    def __init__(self, url: str, secret: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/api/triage",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    async def open(self, report: Mapping[str, Any]) -> Case | Refused:
        return _case_or_refused(await self._call("POST", "/cases", body=report))

    async def case(self, reference: str, conversation: str) -> Case | Refused:
        asked = {"conversation_id": conversation}
        return _case_or_refused(await self._call("GET", _path(reference), asked=asked))

    async def of_conversation(self, conversation: str) -> list[Case]:
        answer = await self._call("GET", f"/conversations/{quote(conversation, safe='')}/cases")
        return [_case(c) for c in _listed(answer)]

    async def near(
        self, service_id: str, lat: float, long: float, within: int
    ) -> list[NearCase]:
        asked = {"service_id": service_id, "lat": lat, "long": long, "within": within}
        found = _listed(await self._call("GET", "/cases", asked=asked))
        return [NearCase(c["reference"], c["metres"], c["followers"]) for c in found]

    async def join(
        self, reference: str, key: str, conversation: str, contact: Mapping[str, Any] | None
    ) -> Case | Refused:
        body = {"key": key, "conversation_id": conversation, "contact": contact}
        answer = await self._call("POST", f"{_path(reference)}/followers", body=body)
        return _case_or_refused(answer)

    async def add(
        self, reference: str, key: str, conversation: str, text: str, photos: Sequence[str]
    ) -> Case | Refused:
        body: dict[str, Any] = {"key": key, "conversation_id": conversation, "text": text}
        body["photos"] = list(photos)
        answer = await self._call("POST", f"{_path(reference)}/messages", body=body)
        return _case_or_refused(answer)

    async def move(
        self, reference: str, key: str, conversation: str, move: str, text: str
    ) -> Case | Refused:
        body = {"key": key, "conversation_id": conversation, "move": move, "text": text}
        answer = await self._call("POST", f"{_path(reference)}/moves", body=body)
        return _case_or_refused(answer)

    async def tell(
        self, reference: str, key: str, conversation: str, wants: bool
    ) -> Case | Refused:
        body = {"key": key, "conversation_id": conversation, "wants": wants}
        answer = await self._call("POST", f"{_path(reference)}/updates", body=body)
        return _case_or_refused(answer)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        asked: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                answer = await self._client.request(method, path, params=asked, json=body)
        except (httpx.HTTPError, TimeoutError) as fault:
            # Its message may hold the address asked, with a place in it.
            raise TriageUnavailable(type(fault).__name__) from None
        # What the caller can mend is an answer; a wrong secret or a fault of triage's is not.
        if answer.is_success or answer.status_code in (404, 409, 422):
            return answer
        raise TriageUnavailable(f"status {answer.status_code}")


def _path(reference: str) -> str:
    return f"/cases/{quote(reference, safe='')}"


def _listed(answer: httpx.Response) -> list[dict[str, Any]]:
    if not answer.is_success:
        raise TriageUnavailable(f"status {answer.status_code}")
    return list(answer.json()["cases"])


def _case_or_refused(answer: httpx.Response) -> Case | Refused:
    body = answer.json()
    if answer.is_success:
        return _case(body)
    error = body["error"]
    return Refused(
        code=error["code"],
        message=error["message"],
        missing=tuple(error.get("missing") or ()),
        attribute=error.get("attribute") or "",
        referral=error.get("referral") or "",
    )


def _case(body: Mapping[str, Any]) -> Case:
    outcome = body.get("outcome") or {}
    return Case(
        reference=body["reference"],
        service_id=body["service_id"],
        service_name=body["service_name"],
        status=body["status"],
        status_text=body["status_text"],
        next=body["next"],
        division=body["division"],
        opened_at=body["opened_at"],
        due=body.get("due"),
        is_late=bool(body.get("is_late")),
        late_reason=body.get("late_reason"),
        outcome=outcome.get("sentence"),
        followers=int(body.get("followers") or 0),
        mine=bool(body.get("mine")),
        can=tuple(body.get("can") or ()),
    )
