"""How long a text message is, as carriers count it (3GPP TS 23.038, the GSM 7-bit default alphabet). Pure."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take two places each.
_EXTENDED = frozenset("^{}\\[~]|€\f")

# A single message, and each part of a longer one, in characters of the alphabet.
SINGLE = 160
PART = 153


def outside_gsm7(text: str) -> list[str]:
    """Return the characters that force the whole message into 16-bit letters (70 a segment)."""
    return sorted({c for c in text if c not in _BASIC and c not in _EXTENDED})


def length(text: str) -> int:
    """Return the places that the text takes in the 7-bit alphabet."""
    return sum(2 if c in _EXTENDED else 1 for c in text)


def segments(text: str) -> int:
    """Return how many segments carriers count for the text, in 7-bit or 16-bit letters as it needs."""
    if outside_gsm7(text):
        units = len(text.encode("utf-16-le")) // 2
        return 1 if units <= 70 else -(-units // 67)
    places = length(text)
    return 1 if places <= SINGLE else -(-places // PART)
