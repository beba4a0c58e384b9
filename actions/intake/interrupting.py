"""Another matter in the middle of a report: a question in between, small talk, or another report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions import replies_intake as say
from actions.heard import Heard
from actions.intake import placing
from actions.intake.asking import reports
from actions.intake.begin import begin, is_other_report
from actions.intake.going_on import ask_again, go_on
from actions.intake.memory import LATER, IntakeMemory, Topic
from actions.intake.turn import Otherwise, Turn
from actions.names import Move, Outcome, Wording
from actions.replies import Reply
from services_catalog.definition import Datatype
from services_catalog.search.matters import without_courtesies

_SMALL_TALK = frozenset(
    {Move.GREET, Move.GOODBYE, Move.THANKS, Move.HELP, Move.BOT_CHALLENGE, Move.FEEDBACK}
)
# A turn of the talk that answers what was offered: unread, it is no question for the catalogue.
_TURNS = frozenset({Move.AFFIRM, Move.DENY, Move.CHOOSE, Move.REPEAT, Move.RESTART})


async def elsewhere(turn: Turn, otherwise: Otherwise) -> list[Reply] | None:
    """Return the replies to what reports something else at another place, so that it does not move this report there."""
    said, where = turn.said, turn.line.where()
    if not reports(said.text, said.move) or not placing.names_place(where, said.text):
        return None
    if other := _other_report(turn, otherwise):
        return other
    # The names of streets are no words of the matter.
    found = otherwise(_apart(replace(said, text=placing.without_places(where, said.text))))
    is_this = any(turn.about.entry.id in _services(r) for r in found)
    is_other = any(r.outcome in (Outcome.ANSWER, Outcome.CHOICES) for r in found)
    return None if is_this or not is_other else await ask_again(turn, say.ONE_AT_A_TIME)


def _services(reply: Reply) -> set[str | None]:
    return {reply.service_id, *(c.get("service_id") for c in reply.choices)}


def _other_report(turn: Turn, otherwise: Otherwise) -> list[Reply] | None:
    """Return the question which report comes first, where a message tells of something else to be done."""
    said = turn.said
    if not reports(said.text, said.move):
        return None
    for reply in otherwise(_apart(said)):
        if is_other_report(turn.line, said, reply, turn.about.entry.id):
            return [which_first(turn, str(reply.service_id), said.text)]
    return None


async def interrupted(
    turn: Turn, otherwise: Otherwise, *, is_question: bool
) -> list[Reply] | None:
    """Return the answer to another matter with the question after it, or None: it is none."""
    said = turn.said
    if said.move in _TURNS and not is_question:
        return None
    if takes_any_words(turn) and not (is_question or is_small_talk(turn)):
        return None
    if not is_question and (other := _other_report(turn, otherwise)):
        return other
    replies = otherwise(_apart(said))
    if not _tells(replies, turn, is_question=is_question):
        return None
    if any(r.outcome is Outcome.CHOICES for r in replies):
        # Which of them is meant comes first; the report's question after that.
        return list(replies)
    return [*(replace(r, choices=()) for r in replies), *await ask_again(turn)]


def _tells(replies: Sequence[Reply], turn: Turn, *, is_question: bool) -> bool:
    """Say whether the replies are to another matter, rather than a guess at an answer that was not understood."""
    if is_question:
        return True
    outcomes = {r.outcome for r in replies}
    if outcomes & {Outcome.NOT_FOUND, Outcome.CHOICES}:
        return False
    if outcomes == {Outcome.SMALL_TALK}:
        return turn.said.move in _SMALL_TALK
    return all(r.service_id != turn.about.entry.id for r in replies)


def _apart(said: Heard) -> Heard:
    """Return the message as it is without the report: what the report offered is not open to it."""
    own = ("intake", "spot")
    offered = tuple(o for o in said.offered if o.value.get("move") not in own)
    return replace(said, offered=offered)


def which_first(turn: Turn, service_id: str, words: str) -> Reply:
    """Ask which of two reports comes first: the one under way, or one of another entry."""
    entry = turn.line.now().catalogue.by_id[service_id]
    other = {"service_id": service_id, "words": words}
    choices = [
        say.choice(f"First: {say.lower(turn.about.entry.title)}", do="this_first", **other),
        say.choice(f"First: {say.lower(entry.title)}", do="other", **other),
    ]
    asked = turn.having(asked=Topic.WHICH, tries=0)
    return say.fixed(asked.about, Wording.INTAKE_WHICH_FIRST, choices, matter=entry.title)


async def this_first(turn: Turn, service_id: str, words: str) -> list[Reply]:
    """Go on with the report under way; the other is offered once it is over."""
    later = IntakeMemory(turn.said.message_id, service_id, words=words)
    *others, last = await go_on(turn)
    return [*others, replace(last, remember={**last.remember, **later.put_aside()})]


async def other_first(turn: Turn, service_id: str, words: str) -> list[Reply]:
    """Begin the other report; the one under way is offered once that is over."""
    begun = await begin(turn.line, turn.cases, turn.said, service_id, words)
    if not begun:
        return await go_on(turn)
    *others, last = begun
    return [*others, replace(last, remember={**last.remember, **turn.memory.put_aside()})]


def with_later(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """Return the replies with the offer to go on with the report that was put aside, once this one is over."""
    later = turn.said.memory.get(LATER)
    *others, last = replies
    if not later or last.outcome is not Outcome.CASE_OPENED:
        return replies
    entry = turn.line.now().catalogue.by_id.get(later["service_id"])
    if entry is None:
        return replies
    offer = say.choice(f"Go on with: {say.lower(entry.title)}", do="later")
    return [*others, replace(last, choices=[*last.choices, offer])]


def takes_any_words(turn: Turn) -> bool:
    """Say whether any words answer the question that was put."""
    attribute = turn.about.definition.by_code.get(turn.memory.asked)
    return attribute is not None and attribute.datatype in (Datatype.TEXT, Datatype.STRING)


def is_small_talk(turn: Turn) -> bool:
    """Say whether a message holds courtesies and nothing else."""
    return not without_courtesies(turn.said.text)
