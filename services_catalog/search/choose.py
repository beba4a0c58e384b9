"""From a ranking to an outcome: answer, let the resident choose, or say honestly that nothing was found.

Answer     one entry is what the resident means, with at least the confidence that was measured to be
           right 97 times in 100; or the message goes on about the entry just discussed
Choices    the right entry is most likely among two or three; where one fact decides between two, that
           fact is asked for
NotFound   neither: nothing is guessed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services_catalog.model import Aspect, Confusion, ServiceEntry
from services_catalog.search.aspects import Asked, asked, aspect_of
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.index import Match, Ranked, SearchIndex
from services_catalog.search.matters import (
    MOST_MATTERS,
    halves,
    is_telling,
    matters,
    without_courtesies,
)
from services_catalog.search.topics import (
    MOST_OFFERED,
    SURE_ALL_THE_SAME,
    TOO_MANY,
    TOO_MANY_TITLES,
    Topic,
    bare_topic,
)

# No more than this is offered, and nothing less likely than this.
MOST_CHOICES = 3
LEAST_LIKELY_CHOICE = 0.04
# A choice whose confidence is below this share of the best one's is not worth the resident's time.
LEAST_SHARE_OF_BEST = 0.08
# A second matter stands at least so high in the whole message. What only sounds like one ("... and it turns to a
# skating rink") stands lower.
LEAST_LIKELY_MATTER = 0.11
# So many of the likeliest entries are looked through for those that are called by a bare word.
LOOKED_AT_FOR_A_TOPIC = 40
# From this confidence on, a few words are not read together with what was discussed before them: a question, and
# what tells something.
CLEAR_QUESTION, CLEAR_STATEMENT = 0.65, 0.35


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
    if len(parts) >= 2:
        return _parted(index, plain, parts, whole)
    may_lean = question.may_lean_back and not index.names_uncovered(plain)
    if discussed and may_lean:
        named = _named(index, discussed, question)
        clearly = whole.matches[0].entry.id if _is_clear(whole, question) else None
        # "Who is my councillor", after wards, is clear and no other matter.
        if clearly is None or (named and clearly not in named):
            return (_in_context(index, discussed, plain, question, whole, named),)
    return _halved(index, plain, whole)


def decide(index: SearchIndex, text: str) -> Found:
    """Decide what one matter is about."""
    topic = bare_topic(text)
    if topic and (index.topics.with_head(topic) or index.topics.in_title(topic)):
        return _of_topic(index, topic, _decide(index, text))
    return _decide(index, text)


def _of_topic(index: SearchIndex, topic: Topic, found: Found) -> Found:
    """Offer what a bare word or two may mean as well: what is called so, and what has it as its head or in its title."""
    just_so, called = index.topics.just_so(topic), index.topics.with_head(topic)
    likely = [m.entry.id for m in index.rank(found.matter, LOOKED_AT_FOR_A_TOPIC).matches]
    first = [i for i in likely if i in just_so][:1]
    if isinstance(found, Answer):
        if found.entry.id in just_so:
            return found
        if not just_so and len(called) < TOO_MANY:
            called = index.topics.in_title(topic)
            if len(called) < TOO_MANY_TITLES or found.confidence >= SURE_ALL_THE_SAME:
                return found
        first.append(found.entry.id)
    elif isinstance(found, Choices) and found.question:
        return found  # one fact decides
    offered = [o.entry.id for o in found.options] if isinstance(found, Choices) else []
    named = [i for i in likely if i in called]
    ids = list(dict.fromkeys([*first, *offered, *named]))[:MOST_OFFERED]
    if len(ids) < 2 and not isinstance(found, Choices):
        return found
    options = tuple(
        Option(index.catalogue.by_id[i].title, index.catalogue.by_id[i]) for i in ids
    )
    return Choices(
        found.matter, "a bare word or two: what is called so", found.matches, options
    )


def _decide(index: SearchIndex, text: str) -> Found:
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


def _deciding(
    one: ServiceEntry, other: ServiceEntry
) -> tuple[ServiceEntry, ServiceEntry, Confusion] | None:
    for first, second in ((one, other), (other, one)):
        for confusion in first.confused_with:
            if confusion.id == second.id:
                return first, second, confusion
    return None


def _about(entry: ServiceEntry, text: str, aspect: Aspect | None) -> Answer:
    reason = "it names no other matter, so it is about the entry just discussed"
    return Answer(text, reason, (Match(entry, 1.0),), entry, 1.0, aspect, is_follow_up=True)


def _named(index: SearchIndex, discussed: ServiceEntry, question: Asked) -> frozenset[str]:
    """Return which of what was just discussed a question names by its noun: "how much is a permit", after parking permits.

    Entries related to it are discussed with it: who was told the rules of parking asks for the permit that they name.
    """
    noun = bare_topic(" ".join(question.telling))
    ids = {discussed.id, *discussed.related, *(c.id for c in discussed.confused_with)}
    return frozenset(ids.intersection(index.topics.with_head(noun)) if noun else ())


def _is_clear(whole: Found, question: Asked) -> bool:
    """Say whether a few words are clear enough by themselves."""
    enough = CLEAR_QUESTION if question.is_question else CLEAR_STATEMENT
    return bool(whole.matches) and whole.matches[0].confidence >= enough


def _in_context(
    index: SearchIndex,
    discussed: ServiceEntry,
    plain: str,
    question: Asked,
    whole: Found,
    named: frozenset[str],
) -> Found:
    """Decide what a few words are about that may speak of the entry just discussed: "can I fight it", "it's broken"."""
    found = decide(index, f"{discussed.title}: {plain}")
    if named and discussed.id not in named:
        # It is a related entry that is called so.
        for match in found.matches:
            if match.entry.id in named:
                return _about(match.entry, plain, question.aspect)
    if isinstance(found, NotFound):
        return whole
    if isinstance(found, Choices) or found.entry.id != discussed.id:
        return replace(found, matter=plain)
    rivals = _likely(found, LEAST_LIKELY_MATTER)
    if question.is_question or len(rivals) < 2:
        return _about(discussed, plain, question.aspect)
    options = tuple(
        Option(m.entry.title, m.entry) for m in found.matches if m.entry.id in rivals
    )
    return Choices(
        plain, "more about the entry just discussed, or another", found.matches, options
    )


def _halved(index: SearchIndex, plain: str, whole: Found) -> tuple[Found, ...]:
    """Take the halves of a sentence as two matters where both are sure, and the whole speaks of both."""
    likely = _likely(whole, LEAST_LIKELY_MATTER)
    parts = halves(plain) if len(likely) >= 2 else []
    answers = _answers([decide(index, part) for part in parts], likely)
    return tuple(answers.values()) if len(answers) >= 2 else (whole,)


def _likely(whole: Found, least: float = 0) -> list[str]:
    """Return the ids of the entries that a message is most likely about."""
    return [m.entry.id for m in whole.matches[:MOST_MATTERS] if m.confidence >= least]


def _parted(
    index: SearchIndex, plain: str, parts: list[str], whole: Found
) -> tuple[Found, ...]:
    """Take the parts as matters of their own only where that agrees with the message read as a whole.

    A sentence of history or anger finds entries too ("my wife missed dialysis"); what a message is really
    about stands high for all of it.
    """
    likely = _likely(whole)
    decided: dict[str, Found] = {}
    # The shortest part first: it is read soonest, and is the least likely to be sure.
    for left, part in zip(range(len(parts), 0, -1), sorted(parts, key=len), strict=True):
        if isinstance(whole, Answer) and len(_answers(decided.values(), likely)) + left < 2:
            return (whole,)  # two answers are not to be had any more
        decided[part] = decide(index, part)
    found = [decided[part] for part in parts]
    answers = _answers(found, likely)
    if len(answers) >= 2:
        return tuple(answers.values())
    if not isinstance(whole, Answer) and likely and likely[0] in answers:
        sure = answers[likely[0]]
        rest = [r for r in found if isinstance(r, Choices) and not _offers(r, sure.entry)]
        return (sure, *rest[:1])
    return (whole,)


def _answers(found: Iterable[Found], likely: Sequence[str]) -> dict[str, Answer]:
    """Return the answers with one of the likely entries, by its id, the first with each."""
    answers: dict[str, Answer] = {}
    for result in found:
        if isinstance(result, Answer) and result.entry.id in likely:
            answers.setdefault(result.entry.id, result)
    return answers


def _offers(choices: Choices, entry: ServiceEntry) -> bool:
    return any(option.entry.id == entry.id for option in choices.options)
