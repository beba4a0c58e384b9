"""What a resident says about the report itself: stop, go on, start over, a person, the question again. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto

from actions.intake.forms import plain
from actions.names import Move
from services_catalog.text import words


class Control(Enum):
    """What is to be done with the report."""

    STOP = auto()
    GO_ON = auto()
    RESTART = auto()
    PERSON = auto()
    AGAIN = auto()
    READ_BACK = auto()


_ALL = {
    Control.STOP: r"(?:(?:ok|okay|no|please|actually|sorry|just),? )*(?:stop|cancel|never ?mind|nvm|quit|exit|abort|end|forget (?:it|about it|this|"
    r"that)|leave it|drop it|not now|later|maybe later|do it later|no more(?: questions)?|enough|(?:i(?:'ve| have)?) changed my mind|"
    r"i don'?t want (?:to (?:report|do|continue|send|go on with) ?)?(?:it|this|that|anything)?(?: any ?more| now)|"
    r"i don'?t want to (?:report|do|continue|send|go on)(?: (?:with )?(?:it|this|that|anything))?|"
    r"don'?t (?:send|report|file|do)(?: (?:it|this|that|anything))?|do not send(?: it| this)?)"
    r"(?: (?:it|this|that|here|now|asking|please|the report|this report|my report|reporting|the whole thing|everything|with this|for now))*",
    Control.GO_ON: r"(?:ok,? |okay,? |yes,? |please )*(?:go on|continue|resume|carry on|proceed|keep going|back to (?:my|the) report|"
    r"let'?s (?:go on|continue|finish|keep going)|finish (?:it|this|the report|my report)|i want to (?:continue|go on|finish))"
    r"(?: (?:with )?(?:it|this|that|the report|my report|please|now|reporting))*",
    Control.RESTART: r"(?:please |can we |can i |let'?s |i want to )*(?:start (?:over|again|from the beginning|fresh|anew)|restart|begin again|"
    r"reset|startover|clear everything|forget everything|(?:start )?(?:a )?new (?:report|chat|conversation))(?: please)?",
    Control.PERSON: r"(?:please |can i |could i |i (?:want|need|would like|'?d like|rather|wanna)(?: to)? |let me |get me |give me )*"
    r"(?:(?:talk|speak|chat)(?: to| with)? )?(?:a |an |the |some|your )?(?:real |live |actual )?(?:person|human(?: being)?|agent|operator|"
    r"representative|staff|somebody|someone|manager|customer service)(?: please| instead| now)?",
    Control.AGAIN: r"(?:what|sorry|pardon|huh|come again|what was (?:that|the question)|what did you (?:ask|say)|(?:please |can you |could you )*"
    r"(?:repeat|say|ask)(?: (?:that|it|the question))?(?: again)?|again|i don'?t understand(?: the question| that)?|"
    r"what do you mean(?: by that)?)(?: me| please)?",
    Control.READ_BACK: r"(?:what (?:do|did) (?:you|i) (?:have|tell you|know)(?: so far)?|what have (?:you|i) (?:got|said|told you)(?: so far)?|"
    r"(?:can you |please )*(?:read (?:it )?back|summar(?:y|ize|ise)(?: it| that)?|show me (?:the|my) report|review(?: it)?))(?: please)?",
}  # fmt: skip
_CONTROLS = {control: re.compile(form) for control, form in _ALL.items()}
# A move read as "start over" or "again" counts by itself only in so few words: "cancel my parking permit" asks.
_MOST_WORDS = 4
_MOVES = {
    Move.RESTART: Control.STOP,
    Move.REPEAT: Control.AGAIN,
    Move.ASK_PERSON: Control.PERSON,
}


def control(text: str, move: Move, *, by_move: bool = True) -> Control | None:
    """Return what a message says about the report, or None.

    Args:
        text: the message.
        move: as the assistant read it.
        by_move: whether the reading of the move counts; not where any words are an answer.
    """
    said = plain(text)
    for found, form in _CONTROLS.items():
        if form.fullmatch(said):
            return found
    if by_move and len(words(said)) <= _MOST_WORDS:
        return _MOVES.get(move)
    return None
