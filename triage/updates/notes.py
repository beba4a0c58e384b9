"""What staff read on a case about who was told, and who has to be told by hand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Why(StrEnum):
    """Why somebody cannot be told in a conversation."""

    NO_CONVERSATION = "no_conversation"  # they came some other way, or it was erased
    OPTED_OUT = "opted_out"  # they want no texts at all
    WHATSAPP_WINDOW = "whatsapp_window"  # they wrote more than 24 hours ago
    NOT_DELIVERED = "not_delivered"  # the carrier could not bring it
    FAULT = "fault"  # of ours


_BY = {"webchat": "in the web chat", "sms": "by text message", "whatsapp": "by WhatsApp"}
_WHY = {
    Why.NO_CONVERSATION: "there is no conversation with them",
    Why.OPTED_OUT: "they have stopped all text messages",
    Why.WHATSAPP_WINDOW: "they wrote on WhatsApp more than 24 hours ago",
    Why.NOT_DELIVERED: "the text message did not arrive",
    Why.FAULT: "of a fault of this system",
}
_WAYS = {"phone": "a telephone number", "email": "an e-mail address"}


def told(who: str, channel: str, news: str, other_ways: Sequence[str]) -> str:
    """Say that somebody was told, by which way, and how else they can be reached."""
    by = _BY.get(channel, f"by {channel}")
    # Nothing buzzes there: who closed the page finds it when they come back.
    left = channel == "webchat" and other_ways
    also = f" They also left {_listed(other_ways)}." if left else ""
    return f"{who} was told {by}: {news}.{also}"


def by_hand(who: str, why: Why, news: str, other_ways: Sequence[str]) -> str:
    """Say that somebody has to be told by hand, and how they can be reached."""
    way = f"They left {_listed(other_ways)}." if other_ways else "They left no other way."
    return (
        f"To be told by hand: {news}. {who} could not be told here, because {_WHY[why]}. {way}"
    )


def wish(who: str, wants: bool) -> str:
    """Say that somebody wants news, or no more."""
    return f"{who} {'wants to be told of news' if wants else 'wants no more news'}."


def who_is(is_reporter: bool) -> str:
    """Name one of a case's people without saying who it is."""
    return "The one who reported it" if is_reporter else "Somebody who joined"


def _listed(ways: Sequence[str]) -> str:
    return " and ".join(_WAYS[way] for way in ways)
