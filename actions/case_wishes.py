"""What a message wants with a report made before: its status, to add to it, to take it back, that it is fixed or not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from actions.intake.asking import asks
from actions.names import Move
from services_catalog.references import find_reference
from services_catalog.text import normalise

_CASE = r"(?:report|request|case|complaint|ticket|reference|submission|issue|problem|work order|service request)"
_NEWS = r"(?:updates?|news|notifications?|(?:messages?|texts?) about (?:it|this|that|my report|the report))"
_FIXED = r"(?:fixed|solved|resolved|sorted|repaired)"
_FILLER = r"(?: (?:me|any|all|more|the|my|your|these|those|to|of|with|send|sending|text|texting|give|giving|get|getting|receive|receiving)){0,5}"
_FORMS = {
    "mute": re.compile(
        rf"\b(?:no (?:more|further)|stop|cancel|turn off|switch off|unsubscribe from|no longer want|(?:don'?t|do not) (?:want|need|send|text|give))"
        rf"{_FILLER} {_NEWS}\b|^(?:please )?no {_NEWS}(?: please| thanks?)?[ .!]*$|\bunsubscribe\b"
        rf"|\b(?:don'?t|do not|stop) (?:tell(?:ing)?|text(?:ing)?|updat(?:e|ing)|notify(?:ing)?|messag(?:e|ing)) me\b.{{0,20}}"
        rf"\b(?:about|on|with)\b.{{0,12}}\b(?:{_CASE}|it|this|that)\b"
    ),
    "news": re.compile(
        rf"\b(?:keep me (?:posted|updated|informed|in the loop)|(?:let me know|tell me) (?:when|if) (?:it|there|something|anything|somebody|someone)"
        rf"|send me{_FILLER} {_NEWS}|i(?:'d| would)? (?:want|like){_FILLER} (?:updates|news)|(?:turn|switch) (?:the )?{_NEWS} (?:back )?on"
        rf"|start (?:the )?{_NEWS}|{_NEWS} again)\b"
    ),
    "withdraw": re.compile(
        rf"\b(?:withdraw|cancel|delete|take back|retract|drop|close|remove|call off|undo)\b.{{0,25}}\b(?:{_CASE}|it|that)\b"
        rf"|\b(?:don'?t|do not|no longer) (?:need|want)\b.{{0,25}}\b{_CASE}\b|\btake (?:my|the|that|it).{{0,20}}\bback\b"
        r"|\b(?:no longer needed|not needed any ?more)\b"
    ),
    "reopen": re.compile(
        r"\b(?:not|never|isn'?t|wasn'?t|hasn'?t|haven'?t|didn'?t)(?: been| get| got| really| even| properly)* (?:fix(?:ed)?|done|resolved?|"
        r"repair(?:ed)?|picked up|pick(?:ed)? (?:it )?up|collected|cleaned|removed?|solved?|finished|cleared)\b"
        r"|\bstill (?:there|broken|out|leaking|the same|happening|blocked|bad|open|dark|not|a (?:problem|mess)|hasn'?t|isn'?t)\b"
        r"|\b(?:nobody|no one|noone) (?:came|showed|has come|fixed|did)\b|\b(?:came|come|is) back(?: again)?$|\bre-?open\b|\bhappened again\b"
        r"|\bsame problem\b"
    ),
    "confirm": re.compile(
        rf"\b(?:is|was|got|been|already|all|it'?s|that'?s|now) {_FIXED}(?: up)? (?:now|already|itself|by itself|thanks?|thank you|thx)\b"
        rf"|\b(?:it'?s|it is|it was|it has been|that'?s|that is) (?:(?:all|been|now|finally|already) )*{_FIXED}\b"
        r"|\b(?:you|they|(?:the )?(?:city|crew|workers?)|somebody|someone) (?:(?:have|has|already|finally|just) )*(?:came (?:and|to) )?"
        r"(?:fix(?:ed)?|repair(?:ed)?|patch(?:ed)?|filled|collected|cleaned|removed|replaced|picked) (?:it|them|that)\b"
        rf"|\bproblem (?:is|was|has been) (?:solved|gone|fixed)\b|\b(?:fixed|resolved) itself\b|^(?:(?:yes|yep|yeah|ya|all),? )*{_FIXED}[ .!]*$"
    ),
    "add": re.compile(
        rf"\b(?:add|attach|include)\b.{{0,40}}|\b(?:more|extra|additional|another|new) (?:info\w*|details?|photos?|pictures?)\b"
        rf"|\bforgot to (?:say|mention|tell|add)\b|\bupdate (?:to|for|on) my {_CASE}:|\bi (?:want|need|would like|have) (?:to )?(?:tell|say) (?:you )?more\b"
        rf"|\b(?:change|correct|fix)\b.{{0,20}}\bin my {_CASE}\b"
        r"|\b(?:gave|put|wrote|said|told you|sent)\b.{0,15}\b(?:wrong|incorrect)\b|\bmade a mistake\b"
        r"|\b(?:address|number|location|place|phone|email)(?: \w+)? (?:is|was) (?:wrong|incorrect)\b"
    ),
    "status": re.compile(
        rf"\bstatus\b|\b(?:update|news|progress|word|information|info)\b.{{0,20}}\b(?:on|about|of|from|with|regarding)\b|\bany (?:updates?|news|progress)\b"
        rf"|\b(?:what'?s|what is|what has|whats|what|wats) (?:happen\w*|going on|up|the latest|new) (?:with|to|on|about)\b"
        rf"|\b(?:check|track|follow|look up|look into|find|see|where is|where'?s|how is|how'?s|about|did you get)\b.{{0,15}}\b(?:my|the|that|our) {_CASE}\b"
        r"|\bwhen (?:will|is|are|does|do)\b.{0,40}\b(?:fix|fixed|done|come|coming|repaired?|picked|finish\w*|somebody|someone|crew|it)\b"
        r"|\b(?:has|have|did|is) (?:anyone|anybody|someone|somebody|they|it|the crew)\b.{0,25}\b(?:look\w*|come|came|been|fix\w*|seen|done|started|working)\b"
        rf"|\bhow long\b.{{0,30}}\b(?:{_CASE}|it|that)\b|\bis (?:it|my {_CASE}|that) (?:fixed|done|ready|still open|being)\b|\bstill waiting\b"
    ),
}  # fmt: skip
# With these it is no news that something is fixed: it is not yet, or not well.
_NOT_SO = re.compile(
    r"\b(?:but|badly|poorly|wrong(?:ly)?|half|again|not|never|n't|should|must|until|unless|when|if|once|want|need(?:s|ed)?|please|can|could|will)\b"
)
# What speaks of a report made before, so that "add" or "cancel" cannot be about something else.
_MADE = r"(?:report|request|case|complaint|service request|work order)"
_OF_A_CASE = re.compile(
    rf"\b(?:my|the|that|this|our|last|previous) (?:\w+ ){{0,2}}{_MADE}s?\b|\breference\b"
)
# Written like a reference; one that is none has a slip in it.
_LIKE_ONE = re.compile(
    r"\b(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}\b"
)
_LIKE_ONE_ALONE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{3}[ -]?[a-z0-9]{3}[ -]?[a-z0-9]{3}")
_NO_CONTENT = re.compile(
    rf"(?:(?:hi|hello|please|can|could|may|i|you|we|want|would|like|need|have|to|wanna|let|me|add|attach|include|tell|say|give|send|some|more|extra|"
    rf"additional|another|new|something|info\w*|details?|a|an|the|my|this|that|it|on|for|about|of|{_CASE}|also|update|photos?|pictures?|forgot|mention|"
    r"wait|oh|oops|sorry|no|gave|put|wrote|said|told|made|mistake|wrong|incorrect|address|number|location|place|phone|email|is|was|in)[ .,!?:]*)+"
)  # fmt: skip
_BEFORE_CONTENT = re.compile(
    rf"^.*?\b(?:add|include|attach|update|info\w*|details?|mention|{_CASE})\b(?: (?:to|for|on) my {_CASE})?(?: that)?\s*[:,-]\s*|"
    r"^.*?\b(?:forgot to (?:say|mention|tell you|add)(?: that)?|add(?: to (?:my|the) \w+)? that|please add(?: that)?)\s+",
    re.IGNORECASE,
)  # fmt: skip


class Do(StrEnum):
    """What is wanted with a report."""

    STATUS = "status"
    ADD = "add"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    # To be told of it no more; to be told of it.
    MUTE = "mute"
    NEWS = "news"


@dataclass(frozen=True)
class CaseWish:
    """What a message wants, and of which report.

    Attributes:
        reference: as it is in the message; empty: it names none.
        words: what is to be added, or why.
        is_plain: the words themselves speak of a report that was made.
    """

    do: Do
    reference: str = ""
    words: str = ""
    is_plain: bool = False


def case_wish(text: str, move: Move) -> CaseWish | None:
    """Return what a message wants with a report made before, or None: it speaks of none."""
    plain = normalise(text)
    reference = find_reference(text) or _slip(plain)
    do = next((Do(name) for name, form in _FORMS.items() if form.search(plain)), None)
    if do is Do.CONFIRM and asks(text):
        do = Do.STATUS
    elif do is Do.CONFIRM and _NOT_SO.search(plain):
        do = None
    if do is None and move is Move.CASE_UPDATE:
        do = Do.ADD
    if do is None and (reference or move is Move.CASE_STATUS):
        do = Do.STATUS
    if do is None:
        return None
    is_plain = bool(reference) or bool(_OF_A_CASE.search(plain))
    return CaseWish(do, reference, _content(text) if do is Do.ADD else text, is_plain)


def names_a_case(text: str) -> bool:
    """Say whether a message plainly speaks of a report that was made: "my report", or its whole reference."""
    return bool(find_reference(text) or _OF_A_CASE.search(normalise(text)))


def _slip(plain: str) -> str:
    """Return what is written like a reference and is none, or nothing."""
    found = _LIKE_ONE.search(plain) or _LIKE_ONE_ALONE.fullmatch(plain.strip(" .!"))
    return found[0].upper() if found else ""


def _content(text: str) -> str:
    """Return what is to be added, without "I want to add to my report:"; empty: nothing yet."""
    plain = normalise(text)
    if reference := find_reference(text):
        plain = re.sub(r"[\s.-]*".join(reference.replace("-", "").lower()), "", plain)
    if _NO_CONTENT.fullmatch(plain.strip()):
        return ""
    return _BEFORE_CONTENT.sub("", text).strip() or text
