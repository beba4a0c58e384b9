"""How a report reads in a text message: the same in fewer words, the reference first. Pure: values in, words out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

from actions.intake.memory import Contact, IntakeMemory
from actions.intake.reading import told
from actions.triage_client import Case
from services_catalog.definition import Attribute, Datatype, ServiceDefinition
from services_catalog.segments import fits

LONGEST_QUOTE = 60
ASK_CONTACT = (
    "How can staff reach you with a question? Send a phone number or email, and your name if you like, for this report "
    'only. News comes here, unless you add "no updates".'
)
ASK_CONTACT_NEEDED = (
    "How can staff reach you? They need a phone number or email, for this report only; add your name if you like. "
    'News comes here, unless you add "no updates".'
)
ASK_NEWS = "Shall I tell you here when something happens with that report?"
# Emoji, what colours and joins them, and what no phone shows.
_PICTURES = frozenset({"So", "Sk", "Cf", "Cn", "Co"})
_AFTER_PICTURES = "\ufe0e\ufe0f\u20e3"
# Answers that tell nothing without their question.
_BARE = frozenset({Datatype.YES_NO, Datatype.NUMBER, Datatype.DATETIME})


def opened(case: Case) -> str:
    """Say that a case exists."""
    return _with_reference(case, f"{case.reference} is your reference: your report is sent.")


def joined(case: Case) -> str:
    """Say that the resident follows a report now."""
    return _with_reference(case, f"{case.reference} is the report that you are now part of.")


def read_back(
    title: str, definition: ServiceDefinition, memory: IntakeMemory, *, below: str
) -> str:
    """Read everything back that is sent, and ask whether to send it; `below`: the choices that stand below it."""
    answers = [
        _answer(a, memory.answers[a.code])
        for a in definition.attributes
        if a.code in memory.answers and a.applies(memory.answers)
    ]
    what = ("Your report:", title, memory.spot.label if memory.spot else "", *answers)
    photos = len(memory.photos)
    more = (
        ("1 photo" if photos == 1 else f"{photos} photos") if photos else "",
        _contact(memory.contact or Contact()),
        "Shall I send this?",
    )
    quoted = f'"{_quoted(memory.words)}"' if memory.words else ""
    # Their own words they know; what was made of them is what they are asked about.
    return fitting((*what, quoted, *more), (*what, *more), below=below)


def place_not_found(quoted: str) -> str:
    """Say which words about a place were not found, and ask again."""
    return f'I did not find "{quoted}". Try a house number and street, or the nearest corner.'


def numbered(choices: Sequence[Mapping[str, Any]]) -> str:
    """Return choices as a text message numbers them."""
    return "\n".join(f"{n} {c['label']}" for n, c in enumerate(choices, 1))


def fitting(*versions: Sequence[str], below: str = "") -> str:
    """Return the first of some versions, each in lines, that fits above what stands below it; else the last."""
    texts = ["\n".join(line for line in version if line) for version in versions]
    return next((t for t in texts if fits(f"{t}\n{below}")), texts[-1])


def _with_reference(case: Case, opening: str) -> str:
    return f"{opening} {case.status_text} {case.next} Text the reference to ask about it."


def _quoted(words: str) -> str:
    """Return the beginning of a resident's words, without the pictures in them: each would double what the text costs."""
    bare = "".join(" " if _is_picture(c) else c for c in words)
    return shorten(bare, LONGEST_QUOTE, placeholder="...")


def _is_picture(character: str) -> bool:
    is_letter = character.isascii() or unicodedata.category(character) not in _PICTURES
    return not is_letter or character in _AFTER_PICTURES


def _answer(attribute: Attribute, value: Any) -> str:
    answer = told(attribute, value)
    return f"{attribute.description} {answer}" if attribute.datatype in _BARE else answer


def _contact(contact: Contact) -> str:
    if contact.here:
        return "Anonymous, news here"
    if not contact.reaches:
        return "Anonymous"
    reached = ", ".join(p for p in (contact.name, contact.phone, contact.email) if p)
    return reached if contact.wants_updates else f"{reached} (no updates)"
