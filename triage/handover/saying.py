"""The line's own words as messages, with the choices that the line itself takes. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.conversations.schemas import Outcome, Sender
from triage.conversations.service import spoken
from triage.handover.notices import Words
from triage.handover.reading import Wish
from triage.kit.ids import new_id

# What stands behind a choice that is the line's to take.
_LINE = "line"


class Offer(StrEnum):
    """What can be picked of what the line offers."""

    LEAVE = "Go on without a person"
    CONTACT = "Contact me"
    NO_CONTACT = "Do not contact me"


_WISHES: Mapping[Offer, Wish] = {
    Offer.LEAVE: Wish.LEAVE,
    Offer.CONTACT: Wish.CONTACT,
    Offer.NO_CONTACT: Wish.LEAVE,
}


def fields(words: Words, *offers: Offer) -> dict[str, Any]:
    """Return what a message has that says these words and offers these choices."""
    return {
        "text": words.text,
        "outcome": Outcome.HANDOFF.value,
        "choices": [_choice(offer) for offer in offers] or None,
        "extra": {"short": words.short},
    }


def message(
    words: Words, offers: Sequence[Offer], now: datetime, *, sender: Sender = Sender.SYSTEM
) -> dict[str, Any]:
    """Return a message that says these words and offers these choices."""
    return spoken(sender, words.text, Outcome.HANDOFF, now) | fields(words, *offers)


def wish_tapped(said: Mapping[str, Any]) -> Wish | None:
    """Return what a resident picked of the line's choices; None: their message is no such pick."""
    choice = (said["extra"] or {}).get("choice") or {}
    value = choice.get("value")
    # What stands behind the assistant's choices may be anything.
    wish = value.get(_LINE) if isinstance(value, dict) else None
    return Wish(wish) if wish in set(Wish) else None


def _choice(offer: Offer) -> dict[str, Any]:
    value = {_LINE: _WISHES[offer].value}
    return {
        "choice_id": new_id("cho"),
        "label": offer.value,
        "service_id": None,
        "value": value,
    }
