"""What a conversation was for and what became of it. Pure.

A contact is a conversation in which the resident wrote something. It is counted once, by what it came to in the end, in
the order of the kinds below: the first that fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.conversations.schemas import Outcome


class Became(StrEnum):
    """What a contact came to."""

    # A person was asked for, or offered and taken.
    PERSON = "person"
    # A report was sent or joined.
    REPORT = "report"
    # The last matter was answered.
    ANSWERED = "answered"
    # Choices or a question of a report were left without an answer.
    LEFT = "left"
    # The last matter had no answer.
    NOT_ANSWERED = "not_answered"
    # Danger was told of, and nothing else.
    SAFETY = "safety"
    # A greeting, thanks, a try.
    NOTHING = "nothing"


# Contacts that ask for information: those in which nothing was reported.
INFORMATION = (Became.ANSWERED, Became.LEFT, Became.NOT_ANSWERED, Became.PERSON)

_SETTLES = {
    Outcome.ANSWER: Became.ANSWERED,
    Outcome.PLACE: Became.ANSWERED,
    Outcome.CASE_STATUS: Became.ANSWERED,
    Outcome.CHOICES: Became.LEFT,
    Outcome.INTAKE: Became.LEFT,
    Outcome.NOT_FOUND: Became.NOT_ANSWERED,
    Outcome.OUTAGE: Became.NOT_ANSWERED,
}


@dataclass(frozen=True)
class Contact:
    """A conversation as the figures see it: no words, no numbers, no addresses.

    Attributes:
        last: what was said last to a matter of the resident's; None: no matter came up.
        is_danger: whether danger was told of.
    """

    channel: str
    began_at: datetime
    last: Outcome | None
    has_report: bool = False
    has_handover: bool = False
    is_danger: bool = False


def became(contact: Contact) -> Became:
    """Return what a contact came to."""
    if contact.has_handover:
        return Became.PERSON
    if contact.has_report or contact.last is Outcome.CASE_OPENED:
        return Became.REPORT
    if contact.last is not None:
        return _SETTLES[contact.last]
    return Became.SAFETY if contact.is_danger else Became.NOTHING


def is_matter(outcome: Outcome) -> bool:
    """Say whether something was said to a matter of the resident's."""
    return outcome in _SETTLES or outcome is Outcome.CASE_OPENED
