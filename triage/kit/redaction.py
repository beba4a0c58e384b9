"""Takes out of a resident's words what could tell who they are, before people who do not need to know it read them. Pure.

It knows what has a form: numbers to call, e-mail addresses, card and health numbers, postal codes, house numbers with their
street, plates, references, dates of birth; and names where something says that one follows ("my name is", "Mrs", "neighbour").
It cannot know every name: whoever gets the words must still keep them with care.
"""

from __future__ import annotations

import re

import phonenumbers

_REGION = "CA"

# A word as names begin in writing, and any word that is not one of those that go on with the sentence.
_CAPITAL = r"[^\W\d_a-z][a-zß-ÿ'\u2019-][\w'\u2019-]*"
_GOES_ON = (
    "and|i|at|my|the|on|in|from|is|it|but|so|please|can|there|was|with|for|to|a|an|not|living|calling|we|you|are|have|has|"
    "need|want|do|what|when|how|where|who|of|this|that|wrong|missing|or|if|by|as|no"
)
_WORD = rf"(?!(?:{_GOES_ON})\b)[^\W\d_][\w'\u2019-]*"
_STREET = (
    "st(?:reet)?|ave(?:nue)?|rd|road|dr(?:ive)?|cres(?:cent)?|blvd|boulevard|ct|court|lane|ln|pl(?:ace)?|way|terr(?:ace)?|"
    "trail|circle|gardens|gate|square|sq|heights|hts|park|grove"
)
_SOMEBODY = (
    "neighbou?r|landlord|landlady|tenant|roommate|husband|wife|partner|son|daughter|mother|father|mom|dad|brother|sister|"
    "friend|boss|supervisor|superintendent"
)

# What is found, and what stands in its place; `\1` is what led to it. In this order: what is longer first, so that no part
# of it is taken for something else.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?i:\bhttps?://\S+)", "[link]"),
    (r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", "[email]"),
    (r"(?<!\w)@\w{2,}", "[name]"),
    # Cards, health cards, social insurance: nine digits or more, in groups or not.
    (r"\b\d(?:[ -]?\d){8,18}\b(?:[ -]?[A-Z]{2}\b)?", "[number]"),
    (r"(?i:\b[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b)", "[postal code]"),
    (r"(?i:\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}\b)", "[reference]"),
    (r"(?i:\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{9}\b)", "[reference]"),
    (
        r"(?i:(\b(?:born(?: on)?|birthday is|dob|date of birth(?: is)?)\b:? ?)"
        r"(?:[a-z]{3,9}\.? )?\d[\d/.-]*(?:(?:st|nd|rd|th)?,? [a-z]{3,9}\.?)?(?:,? \d{4})?)",
        r"\1[date]",
    ),
    # Ontario's have four letters and three numbers; 311 and the like are no part of one. Others where something says so.
    (r"\b[A-Z]{4}[ -]?(?!(?:211|311|511|811|911)\b)\d{3}\b", "[plate]"),
    (
        r"((?i:\bplates?(?: (?:number|no\.?|#))?(?: (?:is|was|reads))?:? #?))"
        r"(?:(?i:(?=[A-Z -]*\d)[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4})|[A-Z]{2,8})\b",
        r"\1[plate]",
    ),
    (r"((?i:\b(?:car|vehicle|truck|van|suv)),? )[A-Z]{3,4}[ -]?\d{3}\b", r"\1[plate]"),
    (rf"(?i:\b\d{{1,5}}[A-Z]?\s+(?:[A-Z][\w'.-]*\s+){{1,3}}(?:{_STREET})\b\.?)", "[address]"),
    # House number and street name alone; years and amounts stay.
    (r"(?i:\b(?:at|on|of|live at|address is)\s+\d{2,5}\s+[a-z]{3,}\b)", "[address]"),
    (r"(?i:\b(?:unit|apt|apartment|suite)\.? ?#?\d+[a-z]?\b)", "[address]"),
    (rf"((?i:\bname(?:'s|\u2019s| is|:) ))(?i:{_WORD}(?: {_WORD}){{0,2}})", r"\1[name]"),
    (rf"((?i:\b(?:mr|mrs|ms|mx)\b\.? ))(?i:{_WORD}(?:-{_WORD})?)(?: {_CAPITAL})?", r"\1[name]"),
    (rf"(\b(?i:miss|dr|prof)\.? ){_CAPITAL}(?: {_CAPITAL})?", r"\1[name]"),
    (
        r"((?i:\b(?:i am|i'm|i\u2019m|im|this is|it's|it is|spoke (?:to|with)|talked to|told by|ask for|signed)):? )"
        rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}",
        r"\1[name]",
    ),
    (rf"((?i:\b(?:{_SOMEBODY})),? ){_CAPITAL}(?: {_CAPITAL})?", r"\1[name]"),
    (
        r"((?i:\b(?:thanks|thank you|thx|regards|sincerely|cheers|best))[,.! \n-]+)"
        rf"{_CAPITAL}(?: {_CAPITAL})?(?=\s*[.!]*\s*$)",
        r"\1[name]",
    ),
)  # fmt: skip
_COMPILED = tuple((re.compile(form), instead) for form, instead in _FORMS)


def redacted(text: str) -> str:
    """Return a text without numbers to call, addresses, names and the like."""
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, _REGION))):
        text = f"{text[: match.start]}[phone]{text[match.end :]}"
    for form, instead in _COMPILED:
        text = form.sub(instead, text)
    return text
