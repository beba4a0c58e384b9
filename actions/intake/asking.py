"""Whether a message asks something, or reports something. Pure; words and the assistant's reading of the move."""

from __future__ import annotations

import re

from actions.names import Move
from services_catalog.search.matters import without_courtesies
from services_catalog.text import normalise, words

_OPENING = r"^(?:(?:and|so|but|ok|okay|well|also|then|um|oh|wait|please|actually|sorry|just|hey|hi|quick question|before that)\b[\s,:.]*)*"
_QUESTION = re.compile(
    _OPENING
    + r"(?:how|what|what's|whats|when|where|where's|wheres|why|who|who's|whose|which|can|could|may|should|shall|is|"
    r"are|am|do|does|did|will|would|has|have|was|were|isn't|aren't|don't|doesn't|any chance|tell me (?:about|how|when|where|what|"
    r"why|who|which|if)|i (?:want|would like|need) to know|i'?d like to know|i was wondering|do you know|whats|hows|how's)\b"
)
# Asked in form, meant as a wish: "can you fix the light", "could someone pick up a dead raccoon".
_POLITE = re.compile(
    _OPENING
    + r"(?:(?:can|could|may) (?:i|we) (?:please )?(?:report|request|file|submit|put in|make an? (?:report|complaint|request)|"
    r"(?:have|get) (?:someone|somebody|(?:my|the|a) \w+ (?:removed|fixed|cut|pruned|picked)))\b"
    r"|(?:can|could|would|will|may|is it possible)\b.{0,25}?\b(?:you|u|someone|somebody|the city|city|they|anyone)\b "
    r"(?:please |pls |just |kindly )*(?:to )?(?:come|fix|remove|send|pick|clean|clear|repair|cut|trim|prune|take|replace|report|deal|"
    r"do something|look at|inspect|plow|salt|empty|collect)\b(?! (?:a |me )?(?:refund|permit|licence|license|copy|tag|certificate|discount)))"
)
_WISH = re.compile(
    r"\b(?:i|we)(?:'d|'ll| would| will| wanna| want| need| am| was)? ?(?:like|want|need|wish|have|going|trying|here|wanting)? ?to "
    r"(?:report|request|complain|file|submit|make a|lodge|ask for (?:a|the|my)|put in|have|get)\b"
    r"|\b(?:i|we) (?:want|need|would like|request|wish|wanna report) (?:the|a|an|my|our|someone|somebody|this|that)\b"
    r"|^(?:please|pls|plz|kindly)\b|^(?:prune|trim|fix|remove|clean|clear|pick up|cut|repair|replace|plow|salt|collect|empty|take away|send)\b|\breport(?:ing)? (?:a|an|the|some|my|that|illegal)\b|^report\b"
    r"|\brequest(?:ing)? (?:a|an|the|for|my)\b|\b(?:needs?|must|has|have) to be (?:fixed|removed|cleaned|repaired|picked|cut|cleared)\b"
)
_SITUATION = re.compile(
    r"\b(?:there(?:'s| is| are| was| were| has)|theres)\b"
    r"|\b(?:my|our|the|a|an|this|that|these|some|someone|somebody|neighbou?rs?|they|it|water|garbage|people|cars?)\b.{0,60}?"
    r"\b(?:is|was|are|were|has|have|had|got|fell|broke|keeps?|did ?n[o']?t|isn'?t|wasn'?t|hasn'?t|never|won'?t|leaks?|hangs?|"
    r"blocks?|barks?|died|dumped|missed|skipped|came|comes|looks?|smells?|blew|cracked|overflow\w*)\b"
    r"|\b(?:so|too) much\b|\blots of\b|\beverywhere\b|\bnext door\b|\b(?:every|each|all) (?:night|day|morning|weekend|week)\b"
)
# Fewer words are a key word rather than a report: the answer then only offers to take one.
FEWEST_WORDS = 3


def asks(text: str) -> bool:
    """Say whether a message has the form of a question (and is no wish in that form)."""
    plain = normalise(without_courtesies(text) or text)
    if _POLITE.match(plain):
        return False
    return bool(_QUESTION.match(plain)) or (plain.endswith("?") and len(words(plain)) > 2)


def reports(text: str, move: Move) -> bool:
    """Say whether a message tells of something to be done, or wishes for it, rather than asks about it."""
    plain = normalise(without_courtesies(text) or text)
    if asks(plain) or len(words(plain)) < FEWEST_WORDS:
        return False
    if _WISH.search(plain) or _POLITE.match(plain) or move is Move.REPORT:
        return True
    return bool(_SITUATION.search(plain))
