"""Where somebody is to be told: the place, or why there is none. Whoever knows phones answers (triage/texting/reaching.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from triage.updates.notes import Why


@dataclass(frozen=True)
class There:
    """A conversation in which somebody can be told; it is held, and nobody else adds to it.

    Attributes:
        is_phone: something buzzes when it is told.
    """

    held: Row[Any]
    is_phone: bool

    @property
    def channel(self) -> str:
        """By which channel it is told."""
        return str(self.held.channel)


@dataclass(frozen=True)
class Away:
    """Nowhere, and why."""

    why: Why


# Asked with the conversation in which somebody reported or joined.
Reach = Callable[[Connection, str, datetime], There | Away]
