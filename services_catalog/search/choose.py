"""From a ranking to an outcome: answer, let the resident choose, or say honestly that nothing was found.

Answer     one entry is what the resident means, with at least the confidence that was measured to be
           right 97 times in 100; or the message goes on about the entry just discussed
Choices    the right entry is most likely among two or three; where one fact decides between two, that
           fact is asked for
NotFound   neither: nothing is guessed
"""

from __future__ import annotations

from dataclasses import dataclass

from services_catalog.model import Aspect, Confusion, ServiceEntry
from services_catalog.search.aspects import asked, aspect_of
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.index import Match, Ranked, SearchIndex
from services_catalog.search.matters import (
    FEWEST_WORDS,
    MOST_MATTERS,
    is_telling,
    matters,
    without_courtesies,
)
from services_catalog.text import terms, words

# No more than this is offered, and nothing less likely than this.
MOST_CHOICES = 3
LEAST_LIKELY_CHOICE = 0.04
# A choice whose confidence is below this share of the best one's is not worth the resident's time.
LEAST_SHARE_OF_BEST = 0.08


@dataclass(frozen=True)
class Option:
    """Something to choose: what it is called, and the entry it stands for."""

    label: str
    entry: ServiceEntry


@dataclass(frozen=True)
class Answer:
    """One entry is meant."""

    matter: str
    reason: str
    matches: tuple[Match, ...]
    entry: ServiceEntry
    confidence: float
    aspect: Aspect | None = None
    is_follow_up: bool = False


@dataclass(frozen=True)
class Choices:
    """One of a few entries is most likely meant; `question` decides, where one fact does."""

    matter: str
    reason: str
    matches: tuple[Match, ...]
    options: tuple[Option, ...]
    question: str = ""


@dataclass(frozen=True)
class NotFound:
    """Nothing is likely enough to be offered."""

    matter: str
    reason: str
    matches: tuple[Match, ...] = ()
    elsewhere: str = ""  # the other place that it is about


Found = Answer | Choices | NotFound


@dataclass(frozen=True)
class Here:
    """This city's name, and the other places that residents write about."""

    name: str = ""
    elsewhere: tuple[str, ...] = ()


def find(
    index: SearchIndex, text: str, *, about: str | None = None, here: Here = Here()
) -> tuple[Found, ...]:
    """Find what a message is about: one result for each matter in it, in its order (at least one).

    Args:
        index: the catalogue as it stands.
        text: the resident's words.
        about: id of the entry just discussed, for a question that names no matter of its own.
        here: the city, so that what is asked about another one is not answered as this one's.
    """
    plain = without_courtesies(text)
    if not plain:
        return (NotFound(text, "the message holds no matter"),)
    away = elsewhere(plain, here.elsewhere, here.name)
    if away:
        return (NotFound(plain, f"it is about {away}, not {here.name}", elsewhere=away),)
    discussed = index.catalogue.by_id.get(about) if about else None
    question = asked(plain)
    if discussed and question.leans_back:
        return (_about(discussed, plain, question.aspect),)
    parts = matters(text)
    whole = decide(index, plain)
    if len(parts) < 2:
        return (whole,)
    return _parted(index, plain, parts, whole)


def decide(index: SearchIndex, text: str) -> Found:
    """Decide what one matter is about."""
    ranked = index.rank(text)
    limits = index.limits
    if not is_telling(text) and not ranked.known:
        return NotFound(text, "no word of it is known to the catalogue", ranked.matches)
    if not ranked.matches:
        return NotFound(text, "the catalogue is empty")
    best = ranked.matches[0]
    if best.confidence >= limits.answer:
        reason = f"confidence {best.confidence:.2f}, {limits.answer:.2f} is enough"
        return Answer(
            text, reason, ranked.matches, best.entry, best.confidence, aspect_of(text)
        )
    return _choices(text, ranked, limits.choices)


def _choices(text: str, ranked: Ranked, enough: float) -> Choices | NotFound:
    offered = [
        m
        for m in ranked.matches[:MOST_CHOICES]
        if m.confidence
        >= max(LEAST_LIKELY_CHOICE, LEAST_SHARE_OF_BEST * ranked.matches[0].confidence)
    ]
    total = min(1.0, sum(m.confidence for m in offered))
    named = _called_so(text, ranked)
    if len(named) >= 2 and total < enough:
        listed = tuple(Option(m.entry.title, m.entry) for m in named)
        return Choices(text, "a word or two that entries are called by", ranked.matches, listed)
    if not offered or total < enough:
        reason = f"the likeliest entries reach {total:.2f} together, {enough:.2f} is enough"
        return NotFound(text, reason, ranked.matches)
    if len(offered) >= 2 and (confusion := _deciding(offered[0].entry, offered[1].entry)):
        first, second, deciding = confusion
        options = (Option(deciding.this, first), Option(deciding.other, second))
        others = (Option(m.entry.title, m.entry) for m in offered[2:])
        reason = f"one fact decides between {first.id} and {second.id}"
        return Choices(text, reason, ranked.matches, (*options, *others), deciding.ask)
    listed = tuple(Option(m.entry.title, m.entry) for m in offered)
    return Choices(text, f"{len(listed)} entries may be meant", ranked.matches, listed)


def _called_so(text: str, ranked: Ranked) -> list[Match]:
    """Return the likeliest entries whose names hold every word of a very short message ("tree")."""
    asked_for = set(terms(words(text)))
    if not 1 <= len(asked_for) <= FEWEST_WORDS:
        return []
    return [
        match
        for match in ranked.matches
        if asked_for
        <= set(terms(words(" ".join((match.entry.title, *match.entry.also_called)))))
    ][:MOST_CHOICES]


def _deciding(
    one: ServiceEntry, other: ServiceEntry
) -> tuple[ServiceEntry, ServiceEntry, Confusion] | None:
    for first, second in ((one, other), (other, one)):
        for confusion in first.confused_with:
            if confusion.id == second.id:
                return first, second, confusion
    return None


def _about(entry: ServiceEntry, text: str, aspect: Aspect | None) -> Answer:
    reason = "it names no matter of its own, so it is about the entry just discussed"
    return Answer(text, reason, (Match(entry, 1.0),), entry, 1.0, aspect, is_follow_up=True)


def _parted(
    index: SearchIndex, plain: str, parts: list[str], whole: Found
) -> tuple[Found, ...]:
    """Take the parts as matters of their own only where that agrees with the message read as a whole.

    A sentence of history or anger finds entries too ("my wife missed dialysis"); what a message is really
    about stands high for all of it.
    """
    likely = [match.entry.id for match in whole.matches[:MOST_MATTERS]]
    found: list[Found] = []
    answers: dict[str, Answer] = {}
    for left, part in zip(range(len(parts), 0, -1), parts, strict=True):
        if isinstance(whole, Answer) and len(answers) + left < 2:
            break  # two answers are not to be had any more: the whole stands
        result = decide(index, part)
        found.append(result)
        if isinstance(result, Answer) and result.entry.id in likely:
            answers.setdefault(result.entry.id, result)
    if len(answers) >= 2:
        return tuple(answers.values())
    if not isinstance(whole, Answer) and likely and likely[0] in answers:
        sure = answers[likely[0]]
        rest = [r for r in found if isinstance(r, Choices) and not _offers(r, sure.entry)]
        return (sure, *rest[:1])
    return (whole,)


def _offers(choices: Choices, entry: ServiceEntry) -> bool:
    return any(option.entry.id == entry.id for option in choices.options)
