"""Ask for a person. Whether there are people at this line is triage's to know: it puts the resident in line, and says so in
place of what is said here, which is how to phone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.ability import Ability
from actions.finding import instead_of_small_talk
from actions.heard import Heard
from actions.line import Line
from actions.names import Action, Outcome, Wording
from actions.replies import Reply

# The wish itself; what is left of a message without it may be a question of its own.
_WISH = re.compile(
    r"\b(?:(?:please|pls|plz|can|could|may|i|want|wanna|would|like|need|to|let|me|get|have|rather)\s+)*"
    r"(?:(?:talk|speak|chat|connect|transfer|put|call|reach|get)\w*\s+)?(?:me\s+)?(?:back\s+)?"
    r"(?:(?:to|with|through|thru|w|for|a|an|the|your|some|real|live|actual|human|customer|service)\s+)*"
    r"(?:person|people|human|humans|agent|operator|representative|rep|somebody|someone|sum1|manager|"
    r"supervisor|staff|customer service|being)\b(?:\s+please)?",
    re.IGNORECASE,
)
_CALL_ME = re.compile(r"\bcall me(?: back)?\b|\ba call ?back\b", re.IGNORECASE)
# The wish put so plainly that it counts however the message was read ("who do I talk to" is a question).
_PLAIN_WISH = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer)\w*\s+(?:me\s+)?(?:to|with|w)\s+(?:\w+\s+){0,3}?"
    r"(?:person|human|agent|operator|representative|somebody|someone|staff|manager|supervisor)\b",
    re.IGNORECASE,
)


class AskPerson(Ability):
    """Have a person take the conversation; a question that came with the wish is answered as well."""

    action = Action.ASK_PERSON

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return ask_person(self.line, said)


def ask_person(line: Line, said: Heard) -> list[Reply]:
    """Return the replies to a wish for a person ("... about my water bill")."""
    rest = _CALL_ME.sub(" ", _WISH.sub(" ", said.text)).strip(" .,!?")
    is_wish = rest != said.text.strip(" .,!?")
    hidden = instead_of_small_talk(line, replace(said, text=rest), fewest_words=2)
    if is_wish:
        return [*(hidden or ()), person()]
    return hidden or [person()]


def is_plain_wish(text: str) -> bool:
    """Say whether a message asks for a person, whatever else is in it."""
    return bool(_PLAIN_WISH.search(text))


def person() -> Reply:
    """Return the wish for a person, with how to phone one."""
    return Reply(Outcome.ANSWER, wording=Wording.PERSON, hand_over="asked")
