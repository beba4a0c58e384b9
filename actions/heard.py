"""What a resident said, with what triage knows about the conversation so far. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.names import Move


@dataclass(frozen=True)
class Offered:
    """A choice that the last reply offered."""

    label: str
    value: Mapping[str, Any]

    @property
    def service_id(self) -> str | None:
        """The entry that this choice answers, if it is one."""
        return self.value.get("service_id")

    @property
    def is_person(self) -> bool:
        """Say whether this is the wish to talk to a person."""
        return self.value.get("move") == "person"


@dataclass(frozen=True)
class Heard:
    """A message as an action gets it."""

    text: str
    move: Move
    message_id: str = ""
    conversation_id: str = ""
    channel: str = ""
    about: str | None = None  # the entry that was answered last
    offered: tuple[Offered, ...] = ()
    not_found_before: int = 0  # how many replies in a row found nothing
    choice: Mapping[str, Any] | None = None  # the value of a choice that was tapped
    location: Mapping[str, Any] | None = None  # coordinates that were shared
    photo: str | None = None  # the id of a photo that was sent
    danger: str | None = None  # the kind of danger that its safety text was about
    memory: Mapping[str, Any] = field(
        default_factory=dict
    )  # what earlier replies asked to remember

    @property
    def is_command(self) -> bool:
        """Say whether the resident tapped something, so that there are no words to read."""
        return self.text.startswith("/")


def heard(latest_message: Mapping[str, Any], conversation_id: str = "") -> Heard:
    """Read the latest message of a tracker."""
    metadata = latest_message.get("metadata") or {}
    context = metadata.get("context") or {}
    intent = (latest_message.get("intent") or {}).get("name")
    choice = metadata.get("choice")
    return Heard(
        text=latest_message.get("text") or "",
        move=Move(intent) if intent in set(Move) else Move.UNCLEAR,
        message_id=str(latest_message.get("message_id") or ""),
        conversation_id=conversation_id,
        channel=str(metadata.get("channel") or ""),
        about=context.get("service_id"),
        offered=tuple(_offered(c) for c in context.get("choices") or ()),
        not_found_before=int(context.get("not_found") or 0),
        choice=choice if isinstance(choice, Mapping) else None,
        location=metadata.get("location"),
        photo=metadata.get("photo"),
        danger=metadata.get("danger"),
        memory=metadata.get("memory") or {},
    )


def _offered(item: Mapping[str, Any]) -> Offered:
    value = item.get("value")
    return Offered(str(item.get("label") or ""), value if isinstance(value, Mapping) else item)
