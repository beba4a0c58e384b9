"""What a resident changes in words: "no, it's number 14", "actually it's a private tree", "change the address". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.intake.choosing import said_of
from actions.intake.contact import read_contact
from actions.intake.dates import day_within
from actions.intake.memory import Contact, IntakeMemory, Topic
from actions.intake.reading import Taken, read
from services_catalog.definition import Attribute, Datatype, ServiceDefinition
from services_catalog.text import STOP_WORDS, normalise, stem, words

# "No, large" and "no it's large", but not "no wires".
_NO = (
    r"(?:no|nope)(?=\s*[,.:;!-]|$|\s+(?:it|its|it's|that|that's|thats|the|this|these|they|they're|he|she|my|our|i|i'm|i'd|"
    r"we|you|actually|sorry|wait|not|number|at|there|there's|make|change|both|rather|in fact|wrong|i|please|can|could)\b)"
)
# What a correction begins with.
_MARKER = re.compile(
    r"^(?:(?:oh|ah|hm+|um|ok|okay|well|hey)\b[\s,.:;!-]*)*"
    rf"(?:(?:{_NO}|sorry|oops|wait|hold on|actually|correction|my mistake|my bad|i was wrong|i made a mistake|"
    r"that'?s (?:wrong|not right)|not right|wrong|i meant?(?: to say)?|i mean|rather|instead|in fact)\b[\s,.:;!-]*)+"
)
_MAKE_IT = re.compile(
    r"^(?:(?:can you |could you |please |pls |i (?:want|need|would like) to |let me |let'?s )*)"
    r"(?:change|correct|fix|update|edit|set|make|switch|redo|replace)\s+(?P<rest>.+)$"
)
_TOPIC_TO = re.compile(
    r"^(?:(?:it|that|this|the|my|your|our)\s+)?(?P<topic>[\w' ]*?)\s*(?:\bto(?: be)?\b|:|=|\bas\b)\s+(?P<rest>.+)$"
)
_TOPIC_IS = re.compile(
    r"^(?:the|my|our)\s+(?P<topic>[\w' ]{3,40}?)\s+(?:is|was|are|should be|should have been|has to be|must be)"
    r"\s+(?:actually |really |in fact )?(?P<rest>.+)$"
)
_TOPIC_ALONE = re.compile(
    r"^(?:the |my |our |your |that )*(?P<topic>[\w' ]{2,40}?)(?: please)?$"
)
_WRONG = re.compile(
    r"^(?:wrong|incorrect|not right|not correct|a mistake|different|another one)\b[ .!]*$"
)
_HOUSE_NUMBER = re.compile(
    r"^(?:(?:it'?s|it is|that'?s|at|house|street|the)\s+)*(?:number|no\.?|nr\.?|#|house number)?\s*(\d{1,5}[a-z]?)"
    r"(?:[\s,]+(?:and )?not (?:number )?\d+[a-z]?)?[ .!]*$"
)
# Within more words it has to be called one.
_NUMBER_WITHIN = re.compile(
    r"\b(?:the )?(?:house )?(?:number|nr\.?|#)(?: is)? ?(\d{1,5}[a-z]?)\b"
)
_ALSO = re.compile(r"\b(?:also|too|as well|add|plus|both)\b")
_LOCATION = frozenset(
    stem(w) for w in ("location", "address", "place", "where", "spot", "street", "corner", "intersection", "position", "house")
)  # fmt: skip
_CONTACT = frozenset(
    stem(w) for w in ("contact", "phone", "telephone", "cell", "mobile", "email", "mail", "name", "updates")
)  # fmt: skip
# Words of questions that name no question.
_EMPTY = STOP_WORDS | {"did", "no", "yes", "any", "there", "not", "on", "up", "out"}


@dataclass(frozen=True)
class Correction:
    """What is to be changed.

    Attributes:
        answers: new answers by code.
        place: words that name the new place.
        house_number: the number that stands for that of the address known.
        contact: new ways to reach the resident.
        ask: the code or Topic of what is to be asked again.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    house_number: str = ""
    contact: Contact | None = None
    ask: str = ""


def is_marked(text: str) -> bool:
    """Say whether a text begins as a correction does."""
    plain = normalise(text)
    return bool(_MARKER.match(plain) or _MAKE_IT.match(plain))


def correction(
    definition: ServiceDefinition,
    memory: IntakeMemory,
    text: str,
    today: date,
    *,
    names_place: Callable[[str], bool],
    without_places: Callable[[str], str],
) -> Correction | None:
    """Return what a text changes of a report, or None: nothing.

    Args:
        definition: the questions.
        memory: what is known.
        text: what the resident wrote.
        today: the day it was written.
        names_place: says whether words name a place.
        without_places: returns words without the names of places in them.
    """
    plain = normalise(text)
    rest = _MARKER.sub("", plain)
    if told := _of_a_topic(definition, memory, text, rest, today):
        return told
    number = _HOUSE_NUMBER.match(rest) if _has_number(memory) else None
    # A bare number is more likely that of a choice.
    if number and (is_marked(text) or not rest.strip(" .!").isdigit()):
        return Correction(house_number=number[1])
    answers = _new_answers(definition, memory, without_places(rest), today)
    contact = read_contact(text, memory.contact)
    changed = contact if isinstance(contact, Contact) and contact != memory.contact else None
    if changed:
        # A phone number is no place and no answer.
        return Correction(contact=changed)
    within = _NUMBER_WITHIN.search(rest) if _has_number(memory) else None
    if within:
        return Correction(answers, house_number=within[1])
    place = rest if names_place(rest) else ""
    return Correction(answers, place) if answers or place else None


def _of_a_topic(
    definition: ServiceDefinition, memory: IntakeMemory, text: str, rest: str, today: date
) -> Correction | None:
    """Read what names the thing to change: "change the size to large", "the address is 14 Elm St"."""
    change = _MAKE_IT.match(rest)
    said = change["rest"] if change else rest
    for form in (_TOPIC_TO, _TOPIC_IS, _TOPIC_ALONE if change else None):
        found = form.match(said) if form else None
        topic = _topic(definition, memory, found["topic"]) if found else ""
        if not found or not topic:
            continue
        new = found.groupdict().get("rest") or ""
        return _changed(definition, memory, text, topic, new, today)
    return None


def _changed(
    definition: ServiceDefinition,
    memory: IntakeMemory,
    text: str,
    topic: str,
    new: str,
    today: date,
) -> Correction:
    if not new or _WRONG.match(new):
        return Correction(ask=topic)
    if topic == Topic.LOCATION:
        is_number = re.fullmatch(r"(?:number )?(\d{1,5}[a-z]?)", new.strip(" .!"))
        if is_number and _has_number(memory):
            return Correction(house_number=is_number[1])
        return Correction(place=new)
    if topic == Topic.CONTACT:
        contact = read_contact(text, memory.contact)
        return (
            Correction(contact=contact)
            if isinstance(contact, Contact)
            else Correction(ask=Topic.CONTACT)
        )
    attribute = definition.by_code[topic]
    # Words as they were written, where any words are an answer.
    own = text[-len(new) :] if normalise(text).endswith(new) else new
    answer = read(attribute, own, today)
    return (
        Correction(answers={topic: answer.value})
        if isinstance(answer, Taken)
        else Correction(ask=topic)
    )


def _has_number(memory: IntakeMemory) -> bool:
    return memory.spot is not None and memory.spot.label[:1].isdigit()


def _topic(definition: ServiceDefinition, memory: IntakeMemory, said: str) -> str:
    """Return the code or Topic that a few words name, or nothing."""
    telling = {stem(w) for w in words(said) if w not in _EMPTY}
    if not telling:
        return ""
    fitting = [
        a.code
        for a in definition.attributes
        if a.applies(memory.answers) and telling <= _terms(a)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if telling <= _LOCATION | {stem("number")} and telling & _LOCATION:
        return Topic.LOCATION
    return (
        Topic.CONTACT if telling <= _CONTACT | {stem("number")} and telling & _CONTACT else ""
    )


def _terms(attribute: Attribute) -> set[str]:
    named = f"{attribute.code.replace('_', ' ')} {attribute.description}"
    return {stem(w) for w in words(named) if w not in _EMPTY}


def _new_answers(
    definition: ServiceDefinition, memory: IntakeMemory, text: str, today: date
) -> dict[str, Any]:
    """Return the answers that a text gives otherwise than they were given, or for the first time."""
    new: dict[str, Any] = {}
    for attribute in definition.attributes:
        if not attribute.applies({**memory.answers, **new}):
            continue
        before = memory.answers.get(attribute.code)
        value = _said(attribute, text, today, before)
        if value is not None and value != before:
            new[attribute.code] = value
    return new


def _said(attribute: Attribute, text: str, today: date, before: Any) -> Any:
    if attribute.datatype is Datatype.DATETIME:
        return day_within(text, today) if before else None
    if not attribute.datatype.is_list:
        return None
    affirmed, denied = said_of(attribute, text)
    if attribute.datatype is Datatype.MULTIVALUELIST:
        had = list(before or ())
        if affirmed and (_ALSO.search(text) or not had):
            return [v.key for v in attribute.values if v.key in {*had, *affirmed}]
        if affirmed:
            return list(affirmed)
        left = [k for k in had if k not in denied]
        return left if denied and left else None
    if len(affirmed) == 1:
        return affirmed[0]
    if denied == ("yes",) and attribute.datatype is Datatype.YES_NO:
        return "no"
    return None
