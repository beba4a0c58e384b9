"""What is remembered of a report while it is being taken. Kept by triage with the conversation. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from actions.place_memory import Spot

# The keys in a conversation's memory: the report under way, and one put aside for another.
INTAKE = "intake"
LATER = "intake_later"


class Topic(StrEnum):
    """What can be asked beside an entry's own questions. No attribute's code begins with "@"."""

    LOCATION = "@location"
    JOIN = "@join"
    CONTACT = "@contact"
    SEND = "@send"
    CHANGE = "@change"
    WHICH = "@which"  # of two reports comes first


class Stage(StrEnum):
    """How a report stands."""

    ASKING = "asking"
    # Set aside by the resident, or by danger; it can go on.
    SUSPENDED = "suspended"
    # An answer made it somebody else's matter; that answer can still be corrected.
    ENDED = "ended"


@dataclass(frozen=True)
class Contact:
    """How to reach the resident; empty: they stay anonymous."""

    name: str = ""
    email: str = ""
    phone: str = ""
    wants_updates: bool = True

    # They want to be told in this conversation, and gave no other way.
    here: bool = False

    @property
    def reaches(self) -> bool:
        """Say whether there is a way to reach them."""
        return bool(self.email or self.phone)


@dataclass(frozen=True)
class IntakeMemory:
    """A report under way.

    Attributes:
        id: the message that began it; what is sent is made unique by it.
        words: the resident's own words about the matter.
        answers: by the code of the entry's questions.
        contact: None as long as it was not asked for.
        asked: the code of the question put last, or a Topic.
        tries: how many times in a row the answer to it was not understood.
        wants_optional: whether the questions that may be left out are put, too.
        skipped: codes and topics that the resident left out.
        knows_near: whether reports near by were looked for and told.
        is_exact: whether the place was asked for more exactly, where only a street was named.
        is_read: whether everything was read back; after that, only what changes is.
        left: entries that it was a report of before an answer made it another's matter.
        joining: the reference of a report that they want to join instead.
    """

    id: str
    service_id: str
    words: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    spot: Spot | None = None
    contact: Contact | None = None
    asked: str = ""
    tries: int = 0
    stage: Stage = Stage.ASKING
    wants_optional: bool = False
    skipped: tuple[str, ...] = ()
    knows_near: bool = False
    is_exact: bool = False
    is_read: bool = False
    photos: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    joining: str = ""

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> Self | None:
        """Read it from what came with a message."""
        kept = memory.get(INTAKE)
        if not kept:
            return None
        return cls(
            **{
                **kept,
                "spot": Spot(**kept["spot"]) if kept["spot"] else None,
                "contact": Contact(**kept["contact"]) if kept["contact"] else None,
                "stage": Stage(kept["stage"]),
                **{name: tuple(kept[name]) for name in ("skipped", "photos", "left")},
            }
        )

    def remembered(self) -> dict[str, Any]:
        """Return it as `Reply.remember` takes it."""
        kept = asdict(self)
        kept |= {"stage": self.stage.value, "answers": dict(self.answers)}
        kept |= {name: list(kept[name]) for name in ("skipped", "photos", "left")}
        return {INTAKE: kept}

    def put_aside(self) -> dict[str, Any]:
        """Return it as `Reply.remember` takes it, for after another report."""
        return {LATER: replace(self, stage=Stage.SUSPENDED).remembered()[INTAKE]}


FORGOTTEN: Mapping[str, Any] = {INTAKE: None}
