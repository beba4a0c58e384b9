"""What conversations ask of whoever brings residents to people (triage/handover). Each runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row


@dataclass(frozen=True)
class Heard:
    """What became of a resident's message that is not the assistant's alone.

    Attributes:
        says: what is said to it at once.
        is_for_line: the line itself has dealt with it; else it is kept for a person.
        is_for_assistant: the assistant is to answer it after all, once that is said.
        wakes_assistant: earlier messages were left to the assistant.
    """

    says: Sequence[dict[str, Any]] = ()
    is_for_line: bool = False
    is_for_assistant: bool = False
    wakes_assistant: bool = False


class People(Protocol):
    """Whoever brings residents to people."""

    def wanted(
        self,
        connection: Connection,
        held: Row[Any],
        reason: str,
        memory: Mapping[str, Any],
        now: datetime,
    ) -> dict[str, Any] | None:
        """Have people take a conversation that is held.

        Args:
            held: its row.
            reason: why, as `triage.handover.notices.Reason` names it.
            memory: what the assistant remembers of it by now.

        Returns:
            what a message says of it (text, outcome, choices, extra); None: there are no people here.
        """
        ...

    def heard(
        self, connection: Connection, held: Row[Any], said: Mapping[str, Any], now: datetime
    ) -> Heard | None:
        """Take in a resident's new message, before it is written down; None: it is the assistant's to answer."""
        ...


class Nobody:
    """A line without people."""

    def wanted(
        self,
        connection: Connection,
        held: Row[Any],
        reason: str,
        memory: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """Say that nobody is there."""
        return None

    def heard(
        self, connection: Connection, held: Row[Any], said: Mapping[str, Any], now: datetime
    ) -> None:
        """Leave everything to the assistant."""
        return None
