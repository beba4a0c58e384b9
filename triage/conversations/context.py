"""What the assistant must remember of a conversation, read from what was said. No database here.

It goes along with every message, so that an assistant that was just restarted has forgotten nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from triage.conversations.schemas import Outcome

# How far back to look, in messages of the assistant.
LOOK_BACK = 12

# These say nothing about the matter: what was offered before them still stands.
_BESIDE_THE_MATTER = frozenset({Outcome.SMALL_TALK, Outcome.SAFETY, Outcome.OUTAGE})


class Said(Protocol):
    """What is looked at of a message of the assistant."""

    @property
    def outcome(self) -> str | None: ...
    @property
    def service_id(self) -> str | None: ...
    @property
    def choices(self) -> list[dict[str, Any]] | None: ...


def context_of(said: Iterable[Said]) -> dict[str, Any]:
    """Return the context that the assistant gets, from its own messages, the newest first.

    It holds the service answered last, the choices that are still open in the order they were offered, and
    how many times in a row nothing was found.
    """
    service_id: str | None = None
    choices: list[dict[str, Any]] | None = None
    not_found, row_goes_on = 0, True
    for message in said:
        if message.outcome in _BESIDE_THE_MATTER:
            continue
        if message.outcome == Outcome.HANDOFF:
            # What was offered with it is the line's to take, and what was not found before it is over.
            choices, row_goes_on = choices or [], False
            continue
        if choices is None:
            # Offered by the newest message about a matter, or not open any more.
            choices = [_as_offered(c) for c in message.choices or ()]
        row_goes_on = row_goes_on and message.outcome == Outcome.NOT_FOUND
        not_found += row_goes_on
        service_id = service_id or message.service_id
        if service_id and not row_goes_on:
            break
    return {"service_id": service_id, "choices": choices or [], "not_found": not_found}


def _as_offered(choice: dict[str, Any]) -> dict[str, Any]:
    return {k: choice[k] for k in ("label", "service_id", "value") if choice.get(k) is not None}
