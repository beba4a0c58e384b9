"""The one thing about a service that a question asks for ("how much is it?"). Pure; words only.

A question that names no service of its own ("and on holidays?") is about the service just discussed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services_catalog.model import Aspect
from services_catalog.search.matters import without_courtesies
from services_catalog.text import STOP_WORDS, words

# First match wins, so the narrower phrase stands first. Each is looked for anywhere in the message.
_ASKS: tuple[tuple[Aspect, str], ...] = (
    (Aspect.COST, r"how much(?! (?:time|longer|notice))|\bcosts?\b|\bfees?\b|\bprices?\b|\bcharges?\b|"
        r"is it free|for free|pay anything|\$"),
    (Aspect.DOCUMENTS, r"what .{0,12}\bbring|need to bring|should i bring|documents?\b|paperwork|papers\b|proof of|"
        r"what (?:id|i\.d\.)|need (?:my |an? )?id\b|which (?:form|id)|what do i need|what info"),
    (Aspect.DEADLINE, r"deadline|\bdue\b|by when|last day|too late|how late can|until when|before what date|expire|"
        r"how (?:much time|long) (?:do|does|have|has) (?:i|we|they|he|she)(?: have)?\b(?! to wait)"),
    (Aspect.TIME, r"how long|how many (?:days|weeks|months)|how soon|how fast|how quick|when will|when would|when can i expect|"
        r"wait(?:ing)? (?:time|list)|take to|turnaround|response time"),
    (Aspect.HOURS, r"\bhours?\b|\bopen(?:s|ing)?\b|\bclos(?:e|es|ing|ed)\b|what time|weekends?\b|sundays?\b|saturdays?\b|"
        r"holidays?\b|evenings?\b|after \d|24 ?/ ?7"),
    (Aspect.CONTACT, r"phone|telephone|\bnumber\b|who (?:do|can|should|to) (?:i )?(?:call|contact|talk|speak|email)|e-?mail|"
        r"\bcall\b|contact|reach (?:them|you|someone)"),
    (Aspect.WHO, r"who (?:can|is|qualifies|gets|may)|eligib|qualif|am i able|can (?:seniors|students|tenants|anyone)|"
        r"for (?:seniors|students|tenants|renters|kids|businesses)|income limit|\bwhose\b|who does|who'?s responsible|who pays"),
    (Aspect.WHERE, r"\bwhere\b|address|location|which office|nearest|closest|near me"),
    (Aspect.RULE, r"allowed|legal|\brules?\b|by-?laws?|fine[sd]?\b|penalt|can i (?:still )?(?:put|use|leave|park|have|keep)|"
        r"do i (?:have|need) to|permitted|against the law|required"),
    (Aspect.HOW, r"how (?:do|can|to|would|should)|apply|sign up|register|on-?line|website|link|in person|by mail|steps|process|"
        r"fill out|book\b"),
    (Aspect.WHAT, r"what (?:is|are|does|counts|happens)|what's|explain|tell me more|more (?:info|details)|meaning"),
)  # fmt: skip
_PATTERNS = tuple((aspect, re.compile(pattern, re.IGNORECASE)) for aspect, pattern in _ASKS)

_LEANS_BACK = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|also|then|what about|how about|what if|or)\b"
    r"|\b(?:it|that|this|them|they|those|these|there|the same|one)\b",
    re.IGNORECASE,
)

# So few telling words may say something of the last matter rather than name one of their own.
_MOST_TELLING, _MOST_TELLING_UNPOINTED = 2, 1
_MOST_WORDS = 8
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|that|this|them|they|those|these|he|she|one|ones|the same)\b", re.I
)
_QUESTION = re.compile(
    r"^(?:and |but |so |ok |then )?(?:can|could|do|does|did|is|are|am|will|would|should|must|may|how|what|what's|whats|when|"
    r"where|who|why|which)\b|\?\s*$",
    re.I,
)

# Words that ask for an aspect without naming a service: a question made only of these leans on the last.
_ASPECT_WORDS = frozenset(
    """much cost costs fee fees price prices charge charges free pay long many days day weeks week months soon
    fast quick take takes taking open opens opening close closes closing closed hours hour time times weekend
    weekends sunday sundays saturday saturdays monday holiday holidays evening evenings night morning phone
    telephone number call contact email reach talk speak someone person bring documents document id paper papers
    paperwork form forms proof deadline due late last expire expires apply online website link sign register
    mail address location office located nearest closest allowed legal rule rules fine fines allow eligible
    qualify qualifies seniors senior students student kids children tenants renters else more details info
    information happens happen next after before still today tomorrow now year every often exactly really
    actually fix fixed fixing done work works working start starts end ends long really again same first second send go going
    on ok okay yes so but not no don't can't wait waiting list really anything something everything way
    sure mean means explain said say sorry oh well wow hmm""".split()  # noqa: SIM905 (a list of words reads best as words)
)


@dataclass(frozen=True)
class Asked:
    """What a message asks for, and how it stands to what went before."""

    aspect: Aspect | None
    leans_back: bool  # it names no matter of its own
    may_lean_back: (
        bool  # it names so little that it may be about the last one ("can I fight it")
    )
    is_question: bool
    telling: tuple[str, ...] = ()  # the words that are its own


def aspect_of(text: str) -> Aspect | None:
    """Return the aspect that a question asks for, or None when it asks for no single one."""
    for aspect, pattern in _PATTERNS:
        if pattern.search(text):
            return aspect
    return None


def asked(text: str) -> Asked:
    """Say what a message asks for, and whether it has a matter of its own."""
    plain = without_courtesies(text)
    telling = [w for w in words(plain) if w not in STOP_WORDS and w not in _ASPECT_WORDS]
    short = len(words(plain)) <= 10
    aspect = aspect_of(plain)
    names_nothing = not telling and (aspect is not None or bool(_LEANS_BACK.search(plain)))
    most = _MOST_TELLING if _POINTS_BACK.search(plain) else _MOST_TELLING_UNPOINTED
    is_question = bool(_QUESTION.search(plain))
    points = is_question or bool(_POINTS_BACK.search(plain))
    may_lean = points and len(telling) <= most and len(words(plain)) <= _MOST_WORDS
    return Asked(aspect, short and names_nothing, may_lean, is_question, tuple(telling))
