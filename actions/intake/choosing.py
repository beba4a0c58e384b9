"""Which of a question's choices a text means: number, label, other words for it, small misspellings. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from actions.intake.forms import plain as plainly
from actions.intake.forms import yes_or_no
from actions.intake.phrases import Span, is_word, spans, tokens
from services_catalog.definition import Attribute, AttributeValue, Datatype
from services_catalog.text import STOP_WORDS, normalise, stem, words

# Longer than this, a text is compared with the choices by whole phrases only.
LONGEST_PICK = 8
# Likeness of a misspelt label or word, in per cent, and how far ahead of any other choice it must be.
ALIKE = 84
AHEAD = 6
SHORTEST_MISSPELT = 5

_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
             "5th": 5, "sixth": 6, "6th": 6, "last": -1, "former": 1, "latter": 2, "top": 1, "bottom": -1}  # fmt: skip
_CARDINALS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}  # fmt: skip
_LETTERS = {letter: n for n, letter in enumerate("abcdef", 1)}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join((*_ORDINALS, *_CARDINALS))}|(?<![a-z])[b-f](?![a-z]))"
_LEAD = (
    r"(?:(?:i(?:'ll| will)? (?:choose|pick|want|mean|meant|take|say|would say|think)|it'?s|it is|that'?s|choose|select|"
    r"probably|maybe|i'?d say|let'?s say) )?"
)
# "No" is short for a number only before figures: "no one" is nobody.
_ONE = (
    rf"(?:the )?(?:(?:numbers?|(?:no|nr)\.?(?= ?\d)|options?|choices?|answer|#) ?)?({_NUMBER})"
    r"(?: (?:one|option|choice|answer))?[.)]?"
)
_NUMBERS = re.compile(
    rf"{_LEAD}(?:both )?{_ONE}(?:(?: ?(?:,|and|&|\+|/|plus)+ ?| )(?:and )?{_ONE})*(?: please| pls)?"
)
_ALL = re.compile(
    r"(?:all|everything)(?: (?:of (?:them|these|those|the above)|the above|three|four|five|six))?(?: please)?"
    r"|all of it|each of them"
)
_BOTH = re.compile(r"both(?: of (?:them|these|those))?(?: please)?")
_NONE_OF_THESE = re.compile(
    r"(?:none|neither|nothing)(?: of (?:these|those|them|the above))?|something else|others?|other reason|anything else"
)
_UNSURE_CHOICE = re.compile(
    r"\b(?:not sure|unsure|don'?t know|do not know|unknown|can'?t tell|no idea)\b"
)
_OTHER_CHOICE = re.compile(r"^(?:other|something else|none of these|another|anything else)\b")
_PARTS = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bplus\b)\s*")


def chosen(attribute: Attribute, text: str) -> tuple[str, ...]:
    """Return the keys of the choices that a whole answer means; empty: none, or none for sure.

    Of a question that takes one answer, never more than one key is returned.
    """
    plain, values = plainly(text), attribute.values
    by_label = [v.key for v in values if plainly(v.name) == plain]
    if len(by_label) == 1:
        return tuple(by_label)
    is_many = attribute.datatype is Datatype.MULTIVALUELIST
    if (numbered := _numbered(plain, values)) is not None:
        return numbered if len(numbered) == 1 or is_many else ()
    if attribute.datatype is Datatype.YES_NO:
        return _yes_or_no(attribute, plain)
    real = tuple(v.key for v in values if not _is_open(v))
    if is_many and (_ALL.fullmatch(plain) or (_BOTH.fullmatch(plain) and len(real) == 2)):
        return real
    affirmed, denied = said_of(attribute, plain)
    if affirmed:
        return affirmed if len(affirmed) == 1 or is_many else ()
    if _NONE_OF_THESE.fullmatch(plain):
        return tuple(v.key for v in values if _OTHER_CHOICE.match(normalise(v.name)))[:1]
    if by_yes_no := _starting_with(yes_or_no(plain), values):
        return by_yes_no
    if denied:
        # "It's not on the boulevard", of two.
        left = tuple(v.key for v in values if v.key not in denied)
        return left if len(left) == 1 else ()
    if len(words(plain)) > LONGEST_PICK:
        return ()
    if near := _near(attribute, plain):
        return (near,)
    return _each_part(attribute, plain) if is_many else ()


def names_choice(attribute: Attribute, text: str) -> bool:
    """Say whether a text is one of the choices as they read: its number, or words of its label and nothing beside them."""
    keys = chosen(attribute, text)
    said = _telling(plainly(text))
    return any(said <= _telling(attribute.value_by_key[k].name) for k in keys)


def unsure(attribute: Attribute) -> tuple[str, ...]:
    """Return the key of the choice for who does not know, if there is one."""
    return tuple(v.key for v in attribute.values if _UNSURE_CHOICE.search(normalise(v.name)))[
        :1
    ]


def said_of(attribute: Attribute, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of the choices that a sentence says, and of those that it says are not so.

    Only whole phrases count. Of two that overlap the longer one is meant; a phrase of two choices says neither.
    """
    said = tokens(text)
    found = spans(said, {v.key: _phrases(attribute, v) for v in attribute.values})
    every = [span for of_value in found.values() for span in of_value]
    affirmed, denied = [], []
    for key, of_value in found.items():
        others = [s for other, more in found.items() if other != key for s in more]
        own = [s for s in of_value if _is_own(s, others, every)]
        if any(not s.is_negated for s in own):
            affirmed.append(key)
        elif own:
            denied.append(key)
    return tuple(affirmed), tuple(denied)


def _yes_or_no(attribute: Attribute, plain: str) -> tuple[str, ...]:
    if word := yes_or_no(plain):
        return (word,)
    affirmed, denied = said_of(attribute, plain)
    if len(affirmed) == 1:
        return affirmed
    if denied == ("yes",):
        return ("no",)
    # "Yes, it dented my hood": the rest tells more, and changes nothing.
    if re.match(r"(?:yes+|yep|yeah|yup|yea|ya|oui)\b", plain):
        return ("yes",)
    return ("no",) if re.match(r"(?:no+|nope|nah|non)\b(?! \d)", plain) else ()


def _starting_with(word: str | None, values: Sequence[AttributeValue]) -> tuple[str, ...]:
    """Return the key of the one choice that begins with the yes or no that was said ("Yes, inside")."""
    fitting = tuple(v.key for v in values if word and (words(v.name) or [""])[0] == word)
    return fitting if len(fitting) == 1 else ()


def _numbered(plain: str, values: Sequence[AttributeValue]) -> tuple[str, ...] | None:
    """Return what is named by number; empty: one of them was not offered; None: no numbers."""
    if not _NUMBERS.fullmatch(plain):
        return None
    named = re.findall(rf"(?<!\w){_NUMBER}(?!\w)", re.sub(f"^{_LEAD}", "", plain))
    keys: list[str] = []
    for name in named:
        if name == "one" and keys:
            continue  # "the second one"
        number = int(name) if name.isdigit() else 0
        number = number or _ORDINALS.get(name) or _CARDINALS.get(name) or _LETTERS.get(name, 0)
        position = len(values) - 1 if number == -1 else number - 1
        if not 0 <= position < len(values):
            return ()
        keys.append(values[position].key)
    return tuple(dict.fromkeys(keys))


def _near(attribute: Attribute, plain: str) -> str:
    """Return the one choice whose label has all the telling words of a short text, or that is written almost so."""
    said = _telling(plain)
    # "Road" is "A road" before it is "A private lot or private road".
    same = [v.key for v in attribute.values if said and said == _telling(v.name)]
    if len(same) == 1:
        return same[0]
    fitting = [v.key for v in attribute.values if said and said <= _telling(v.name)]
    return fitting[0] if len(fitting) == 1 else _misspelt(attribute, plain)


def _each_part(attribute: Attribute, plain: str) -> tuple[str, ...]:
    """Return the choices of a list in which each part means one: "pests, mould and no heat"."""
    parts = [p for p in _PARTS.split(plain) if p]
    keys = []
    for part in parts if len(parts) > 1 else ():
        affirmed, _ = said_of(attribute, part)
        keys.append(affirmed[0] if len(affirmed) == 1 else _near(attribute, part))
    return tuple(dict.fromkeys(keys)) if all(keys) else ()


def _misspelt(attribute: Attribute, plain: str) -> str:
    said = [t for t in tokens(plain) if is_word(t)]
    scores: dict[str, float] = {}
    for value in attribute.values:
        likeness = [0.0]
        for form in map(normalise, _phrases(attribute, value)):
            likeness.append(fuzz.ratio(plain, form))
            if " " not in form and len(form) >= SHORTEST_MISSPELT:
                likeness += [fuzz.ratio(t, form) for t in said if len(t) >= SHORTEST_MISSPELT]
        scores[value.key] = max(likeness)
    ranked = sorted(scores, key=lambda k: -scores[k])
    if not ranked or scores[ranked[0]] < ALIKE:
        return ""
    is_ahead = len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] >= AHEAD
    return ranked[0] if is_ahead else ""


def _phrases(attribute: Attribute, value: AttributeValue) -> tuple[str, ...]:
    # The label "No" stands in too many sentences.
    return value.words if attribute.datatype is Datatype.YES_NO else (value.name, *value.words)


def _is_own(span: Span, others: Sequence[Span], every: Sequence[Span]) -> bool:
    if any(longer.holds(span) for longer in every):
        return False
    return not any((o.first, o.last) == (span.first, span.last) for o in others)


def _is_open(value: AttributeValue) -> bool:
    name = normalise(value.name)
    return bool(_OTHER_CHOICE.match(name) or _UNSURE_CHOICE.search(name))


def _telling(text: str) -> set[str]:
    return {
        stem(w) for w in words(text) if w not in STOP_WORDS and w not in {"one", "yes", "no"}
    }
