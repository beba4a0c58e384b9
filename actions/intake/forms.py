"""Yes, no, "I do not know" and "skip that", in the forms that people write them in. Pure."""

from __future__ import annotations

import re

from services_catalog.search.matters import without_courtesies
from services_catalog.text import normalise

_YES = re.compile(
    r"(?:yes+|yep|yeah?|yea|yup|ya|y|ok(?:ay)?|k|sure|correct|right|exactly|affirmative|true|definitely|absolutely|"
    r"certainly|of course|oui|si|uh huh|mhm|i (?:think|believe|guess) so|i did|i do|i am|i have|we (?:did|do|are|have)|"
    r"(?:it|they|there|he|she|this|that) (?:is|are|does|did|do|was|were|has|have|can|could)|sounds good|fine|go ahead|"
    r"unfortunately(?: yes)?|likely|probably|most likely|maybe yes|a (?:bit|little)|i'?m afraid so|kind of|sort of|somewhat)"
)
_NO = re.compile(
    r"(?:no+|nope|nah|na|n|negative|false|non|never|not? (?:at all|really|yet|that i (?:know|am aware)(?: of)?|any|"
    r"anymore|now|so far|i (?:don'?t|didn'?t|haven'?t)(?: \w+)?)|not|none|nothing|nobody|no one|of course not|"
    r"i (?:don'?t|do not|didn'?t|did not|haven'?t|have not|am not|wasn'?t|doubt it)(?: think so| have(?: (?:any|one))?)?|"
    r"i don'?t (?:think|believe) so|i'?m not|we (?:don'?t|didn'?t|haven'?t|aren'?t)|"
    r"(?:it|they|there|he|she|this|that)(?: is not| are not| does not| did not| was not| has not| isn'?t| aren'?t| doesn'?t|"
    r" didn'?t| wasn'?t| weren'?t| hasn'?t| haven'?t|'?s not| don'?t)(?: any)?|thankfully not?|luckily not?|unlikely|"
    r"probably not|definitely not|absolutely not|certainly not|no ?pe)"
)
# What may follow a yes or a no and adds nothing.
_TAIL = (
    r"(?:[ ,]+(?:please|pls|thanks|thank you|(?:it|there|that|they|i|he|she|we)(?:'s| is| are| do| does| did| was| have| has| am|"
    r"'m)?(?: ?not|n't)?(?: any)?|sir|ma'am|sure|correct|of course|unfortunately|thankfully|luckily|not really|not yet|so far|"
    r"at all|not at all))*"
)
_UNKNOWN = re.compile(
    r"(?:sorry,? )?(?:i (?:really |honestly )?)?(?:don'?t know|dunno|do not know|have no (?:idea|clue)|no (?:idea|clue)|idk|"
    r"not (?:really |quite )?sure|unsure|can'?t (?:tell|say|remember)|cannot (?:tell|say)|couldn'?t (?:tell|say)|"
    r"don'?t remember|not certain|hard to (?:say|tell)|who knows|unknown|no one knows|could not (?:tell|say))"
    r"(?: (?:that|it|which|for sure|exactly|about that|when|sorry|really|how (?:big|many|long|high)))*"
    r"|i(?:'?m| am) (?:not (?:really |quite )?sure|unsure|not certain)(?: (?:about that|which|when|exactly|sorry))*"
)
_SKIP = re.compile(
    r"(?:please )?(?:skip|pass|next|leave it out|leave (?:it|that) (?:out|blank)|n/?a|not applicable|doesn'?t matter|"
    r"(?:i )?(?:'?d )?(?:rather not|prefer not)(?: to)?(?: say)?|next question|move on|no answer|nothing to add|"
    r"i don'?t (?:want|care) to(?: say| answer)?|no comment)"
    r"(?: (?:it|that|this|this one|this question|please|question|the question))*"
)


def plain(text: str) -> str:
    """Return an answer in small letters, without courtesies around it; a bare "ok" is itself one, and stays."""
    return normalise(without_courtesies(text) or text).strip(" .!,?")


def yes_or_no(text: str) -> str | None:
    """Return "yes" or "no" where a plain text is that and nothing else."""
    for word, form in (("no", _NO), ("yes", _YES)):
        if re.fullmatch(form.pattern + _TAIL, text):
            return word
    return None


def is_yes(text: str) -> bool:
    """Say whether a text is a yes and nothing else."""
    return yes_or_no(plain(text)) == "yes"


def is_no(text: str) -> bool:
    """Say whether a text is a no and nothing else."""
    return yes_or_no(plain(text)) == "no"


def is_unknown(text: str) -> bool:
    """Say whether the resident does not know."""
    return bool(_UNKNOWN.fullmatch(plain(text)))


def is_skip(text: str) -> bool:
    """Say whether the resident leaves a question out."""
    return bool(_SKIP.fullmatch(plain(text)))
