"""How many segments a text message takes, as carriers count them. Pure.

Sources: 3GPP TS 23.038 (the 7-bit alphabet and its extension table) and TS 23.040 (the header of each part of a longer
message). What stands together on the screen is kept in one part: both halves of an emoji, a letter and the
accents put on it, an extended character and its escape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import regex  # type: ignore[import-untyped]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These are sent with an escape before them, so they take two places each.
_EXTENDED = frozenset("^{}\\[~]|€\f")
_GSM_7 = _BASIC | _EXTENDED
_CLUSTER = regex.compile(r"\r|\n|\X")


# A text message aims at so many: more is read badly, and each is charged for.
SEGMENTS_AIMED_AT = 2


class Encoding(StrEnum):
    """How the characters of a message are sent: one that is not in the 7-bit alphabet turns the whole message."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True)
class Room:
    """How many units fit in a message of one segment, and in each segment of a longer one."""

    single: int
    part: int


ROOM = {Encoding.GSM_7: Room(160, 153), Encoding.UCS_2: Room(70, 67)}


@dataclass(frozen=True)
class Segments:
    """How a text is sent.

    Attributes:
        encoding: of the whole text.
        units: places in the 7-bit alphabet, or UTF-16 code units.
        segments: how many of them carriers charge for; an empty text takes one.
    """

    encoding: Encoding
    units: int
    segments: int


def outside_gsm7(text: str) -> list[str]:
    """Return the characters that force the whole message into UCS-2."""
    return sorted(set(text) - _GSM_7)


def count(text: str) -> Segments:
    """Return how a text is sent, and how many segments it takes."""
    is_gsm7 = _GSM_7.issuperset(text)
    encoding = Encoding.GSM_7 if is_gsm7 else Encoding.UCS_2
    room = ROOM[encoding]
    if is_gsm7:
        units = len(text) + sum(map(text.count, _EXTENDED))
        if units == len(text):
            # Nothing in it takes two places: most texts, counted without looking at each character.
            return Segments(
                encoding, units, 1 if units <= room.single else -(-units // room.part)
            )
    else:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units <= room.single:
        return Segments(encoding, units, 1)
    segments, free = 1, room.part
    for size in _sizes(text, encoding):
        # What is larger than a whole segment begins one and runs over.
        if size > free:
            segments += 1
            free = room.part
        free -= size
    return Segments(encoding, units, segments)


def fits(text: str) -> bool:
    """Say whether a text takes no more segments than a text message aims at."""
    return count(text).segments <= SEGMENTS_AIMED_AT


def clusters(text: str) -> list[str]:
    """Return the text's characters as they are seen, each of which stays in one segment."""
    found: list[str] = _CLUSTER.findall(text)
    return found


def _sizes(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding is Encoding.GSM_7:
        return (2 if c in _EXTENDED else 1 for c in text)
    return (len(c.encode("utf-16-le", "surrogatepass")) // 2 for c in clusters(text))
