"""What may stand in a text that people write and that is kept; a number as browsers call it."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Return `text` with plain line ends.

    Raises:
        ValueError: something in it is no text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kinds = {unicodedata.category(c) for c in text if c not in "\n\t"}
    if "Cc" in kinds or "Cs" in kinds:
        raise ValueError("the text has control characters in it; send plain text")
    return text


def readable(text: str) -> str:
    """Return `text` with plain line ends.

    Raises:
        ValueError: there is nothing in it to read, or something in it is no text.
    """
    text = plain(text)
    # Format characters (Cf) such as zero-width spaces show nothing either.
    if not any(not c.isspace() and unicodedata.category(c) != "Cf" for c in text):
        raise ValueError("the message is empty; write something")
    return text


def tel(number: str) -> str:
    """Return the tel: address of a number as people write it."""
    digits = re.sub(r"\D", "", number)
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:{digits}"
