"""How the messages of a conversation read as text messages. Pure: messages in, texts and numbered choices out.

A text aims at two segments. An answer is said by its short words; the resident gets the whole of it, part by part,
and in the end its source, with 9. What is to be acted on now is never parted: a question with its choices, a report
read back, what to do in danger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services_catalog.segments import SEGMENTS_AIMED_AT, count, fits
from triage.conversations.schemas import Ask, Outcome, Sender
from triage.texting.cutting import MORE, parts, plain, split

# The number that stands for the next part of a text, or the next places of a list.
MORE_NUMBER = 9
# In a list of choices it is one of them.
MORE_CHOICE = f"{MORE_NUMBER} More"
# The choice that goes on with a list of places, as the assistant calls it, and the one that needs no number: another
# place can just be written.
MORE_PLACES = "Show more"
OTHER_PLACE = "Near another place"
# The longest body that the carrier takes: https://www.twilio.com/docs/api/errors/21617
LONGEST_BODY = 1_600
# So many segments are never more than that, in either encoding.
MOST_AT_ONCE = 10

# These may be parted. The others are a question, or tell what to do.
_PARTED = frozenset({Outcome.ANSWER, Outcome.NOT_FOUND, Outcome.SMALL_TALK})
# These say nothing about the matter, so that what was offered before them still stands (context_of, in conversations).
_BESIDE_THE_MATTER = frozenset({Outcome.SMALL_TALK, Outcome.SAFETY, Outcome.OUTAGE})


@dataclass(frozen=True)
class Option:
    """A number that stands for a choice."""

    number: int
    choice_id: str


@dataclass(frozen=True)
class Worded:
    """A message as text messages.

    Attributes:
        parts: the first goes out now, the others on request, in order.
        options: what numbers stand for from now on.
    """

    parts: tuple[str, ...]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Turn:
    """Messages that are added together, as text messages.

    Attributes:
        texts: one for each message, to go out now.
        rest: what "9" gets next, in order; None: what was left before is left still.
        options: what numbers stand for from now on; None: what they stood for before.
    """

    texts: tuple[str, ...]
    rest: tuple[str, ...] | None
    options: tuple[Option, ...] | None


def worded_turn(messages: Sequence[Mapping[str, Any]]) -> Turn:
    """Return the messages of one turn as texts.

    The newest message's choices begin with 1, as the assistant counts them; an older one's go on from there. Where
    they need the number 9 themselves, it stands for no more of a text. Where the newest asks how many, a number is
    the answer and stands for nothing else.
    """
    is_number = messages[-1].get("ask") == Ask.NUMBER
    long_list = any(len(m.get("choices") or ()) >= MORE_NUMBER for m in messages)
    options: tuple[Option, ...] = ()
    worded_ones: list[Worded] = []
    for message in reversed(messages):
        taken = frozenset(o.number for o in options)
        one = worded(
            message,
            taken=taken,
            has_more=not (long_list or is_number),
            has_numbers=not is_number,
        )
        options += one.options
        worded_ones.insert(0, one)
    rest: tuple[str, ...] = ()
    for one in worded_ones:
        more = one.parts[1:]
        rest = (*_going_on(rest), *more) if rest and more else rest + more
    texts = tuple(w.parts[0] for w in worded_ones)
    is_about_it = any(m.get("outcome") not in _BESIDE_THE_MATTER for m in messages)
    return Turn(
        texts,
        rest if rest or is_about_it else None,
        options if options or is_about_it else None,
    )


def worded(
    message: Mapping[str, Any],
    *,
    taken: frozenset[int] = frozenset(),
    has_more: bool = True,
    has_numbers: bool = True,
) -> Worded:
    """Return a message as texts.

    Args:
        message: as `message_json` gives it, with "short" if it has short words.
        taken: numbers that stand for other choices already.
        has_more: 9 stands for the next part; else an answer is its short words and no more.
        has_numbers: choices are picked by numbers; else by their words.
    """
    choices = message.get("choices") or ()
    options = _numbered(choices, taken) if has_numbers else []
    lines = [f"{number} {plain(label)}" for number, label, _ in options]
    if not has_numbers:
        lines = [f'Or text "{plain(str(choice["label"]))}".' for choice in choices]
    kept = tuple(Option(number, choice_id) for number, _, choice_id in options)
    whole = plain(message["text"])
    short = plain(message.get("short") or "")
    is_parted = message["from"] == Sender.ASSISTANT and message.get("outcome") in _PARTED
    saves_nothing = is_parted and count(whole).segments <= count(short).segments
    if not short or saves_nothing or message.get("outcome") == Outcome.SAFETY:
        short = whole
    if not is_parted or not has_more or any(o.number == MORE_NUMBER for o in kept):
        return Worded(_at_once("\n".join([short, *lines])), kept)
    link = _link(message)
    # What was said is not said again where the rest follows on it.
    everything = parts(whole.removeprefix(short))
    return Worded(tuple(_in_parts(short, lines, everything, link)), kept)


def _in_parts(
    short: str, lines: Sequence[str], everything: Sequence[str], link: str
) -> Iterator[str]:
    """Yield an answer: its short words with the choices, then all of it, its source in the end."""
    said = "\n".join([short, *lines])
    if not everything and fits(said) and (not link or fits(f"{said}\n{link}")):
        yield f"{said}\n{link}".strip()
        return
    if not everything and not link and not lines:
        yield from parts(short)
        return
    footer = "\n".join([*lines, MORE_CHOICE if lines else MORE])
    if fits(f"{short}\n{footer}"):
        yield f"{short}\n{footer}"
    elif fits(said) or count(footer).segments > 1:
        # There is no room to say so, but 9 gets the rest all the same.
        yield from _at_once(said)
    else:
        head, left = split(short, most=SEGMENTS_AIMED_AT, footer=footer)
        yield f"{head}\n{footer}"
        everything = (*_going_on(parts(left)), *everything) if everything else parts(left)
    yield from _ending_with(link, everything)


def _ending_with(link: str, everything: Sequence[str]) -> Iterator[str]:
    """Yield parts with the source at the end of the last one, or after it."""
    if not link:
        yield from everything
        return
    *before, last = everything or ("",)
    yield from before
    if not last or fits(f"{last}\n{link}"):
        yield f"{last}\n{link}".strip()
        return
    yield from _going_on((last,))
    yield link


def _going_on(those: Sequence[str]) -> Iterator[str]:
    """Yield parts after the last of which more follows: it says so where there is room."""
    *before, last = those
    yield from before
    yield f"{last}\n{MORE}" if fits(f"{last}\n{MORE}") else last


def _at_once(said: str) -> tuple[str, ...]:
    """Return what is said in one text, however long, unless the carrier would not take it."""
    if len(said) <= LONGEST_BODY:
        return (said,)
    return parts(said, most=MOST_AT_ONCE)


def _numbered(
    choices: Sequence[Mapping[str, Any]], taken: frozenset[int]
) -> list[tuple[int, str, str]]:
    """Return number, label and id of each choice; a choice that goes on with a list has the number for more."""
    numbered = []
    number = 0
    for choice in choices:
        label, choice_id = str(choice["label"]), str(choice["choice_id"])
        if label == MORE_PLACES and MORE_NUMBER not in taken:
            numbered.append((MORE_NUMBER, MORE_CHOICE.partition(" ")[2], choice_id))
        elif label != OTHER_PLACE:
            number += 1
            # Nine choices of the newest message are counted through, as the assistant does it.
            while number in taken or (taken and number == MORE_NUMBER):
                number += 1
            numbered.append((number, label, choice_id))
    return sorted(numbered)


def _link(message: Mapping[str, Any]) -> str:
    """Return the address of an answer's source, without what a phone does not need to open it."""
    if message.get("outcome") != Outcome.ANSWER:
        return ""
    return str(message.get("source_url") or "").removeprefix("https://").removeprefix("http://")
