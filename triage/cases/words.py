"""By what a case is found: its words, phone numbers and addresses in the form in which they are compared. Pure.

The same on both sides: what is kept with a case and what staff type go through the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

from services_catalog.places.spelling import DIRECTIONS, TYPES, plain_words
from services_catalog.text import STOP_WORDS, stem

# A country whose numbers are written without its code.
REGION = "CA"
LONGEST_WORD = 40
MOST_WORDS = 300  # of one case
_WHOLE = phonenumbers.ValidationResult.IS_POSSIBLE
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def search_words(*texts: str) -> list[str]:
    """Return the words of texts as they are compared, each once: "Potholes on Queen St. W." is pothol, queen, street, w.

    Phone numbers and e-mail addresses are left out: only those who may see them may find by them.
    """
    found: dict[str, None] = {}
    for text in texts:
        for word in plain_words(without_contacts(text, " ")):
            if word not in STOP_WORDS or word in DIRECTIONS:
                found[_compared(word)[:LONGEST_WORD]] = None
    return [word for word in found if word][:MOST_WORDS]


def _compared(word: str) -> str:
    if word in DIRECTIONS:
        return DIRECTIONS[word].lower()
    return TYPES.get(word) or stem(word)


def phone_of(text: str) -> str | None:
    """Return a phone number in one form (+14165550100), however it is written; None if it is none."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is nobody's in particular.
    if phonenumbers.is_possible_number_with_reason(number) != _WHOLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_of(text: str) -> str | None:
    """Return an e-mail address as it is compared; None if it is none."""
    found = text.strip().casefold()
    return found if _EMAIL.fullmatch(found) else None


def without_contacts(text: str, shown: str = "[not shown]") -> str:
    """Return a text with its phone numbers and e-mail addresses taken out, for those who may not see them."""
    for start, end in sorted(_spans(text), reverse=True):
        text = f"{text[:start]}{shown}{text[end:]}"
    return text


def _spans(text: str) -> Iterable[tuple[int, int]]:
    emails = [m.span() for m in _EMAIL.finditer(text)]
    yield from emails
    for match in phonenumbers.PhoneNumberMatcher(
        text, REGION, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        if not any(start < match.end and match.start < end for start, end in emails):
            yield match.start, match.end
