"""How a report begins: of a message that tells of something to be done, or by the wish to report what was answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import replies_intake as say
from actions.choose import offered_again
from actions.heard import Heard, Offered
from actions.intake import placing
from actions.intake.also import WANTED, Matter, announced, keeping, matters_left
from actions.intake.asking import asks, reports
from actions.intake.forms import is_yes, plain
from actions.intake.going_on import absorbed, ask_again, go_on
from actions.intake.memory import IntakeMemory, Stage
from actions.intake.turn import Otherwise, turn_of
from actions.line import Line
from actions.names import Outcome, Wording
from actions.picking import pick
from actions.replies import Reply, not_reportable, reported_here, small_talk
from actions.triage_client import Cases
from actions.where import place_alone
from services_catalog.search.elsewhere import elsewhere
from services_catalog.text import terms
from services_catalog.text import words as words_of

# The key in a conversation's memory: photos without a report.
PHOTOS = "photos"

_REPORT_IT = re.compile(
    r"(?:(?:yes|yeah|yep|ok|okay|sure|please|i (?:want|would like|'?d like|need) to|can (?:i|you|we)|could you|"
    r"let'?s|go ahead and|i'?ll),? )*"
    r"(?:report|file|send|submit|open|start|make|do)(?: (?:it|this|that|one|a report|the report|a case|a request|a complaint))?"
    r"(?: (?:now|then|please|here|for me))*|(?:yes,? )?(?:please do|do (?:it|that)|go ahead)(?: please)?"
)
# The same with nothing offered.
_WISH_ALONE = re.compile(
    r"(?:(?:yes|ok|okay|please|hi|hello|i (?:want|would like|'?d like|need|wish)(?: to)?|can (?:i|you|we)|could you|"
    r"how (?:do|can) i|let'?s|i'?m (?:here|calling|writing) to),? )*"
    r"(?:complain|report|(?:report|file|submit|make|lodge) "
    r"(?:it|this|that|one|them|a report|the report|a request|a complaint|something|a problem|an issue))"
    r"(?: (?:now|then|please|here|for me))*"
)
_OF_SOMETHING = re.compile(r"\b(?:something|a problem|an issue)\b")
# A yes to "Report this now?"; a bare "ok" only takes note of the answer.
_ONLY_NOTED = re.compile(
    r"(?:ok(?:ay)?|k|right|correct|sure|fine|true|exactly|y?a|got it|thanks?(?: you)?|thx|ty|great|perfect|cool|[ ,.!])+"
)


def wish_to_report(said: Heard) -> Offered | None:
    """Return the choice to report that a message takes: tapped, by its number or label, or by "yes please"."""
    if said.choice is not None:
        return Offered("", said.choice) if said.choice.get("move") == "report" else None
    open_choices = [o for o in said.offered if o.value.get("move") == "report"]
    if not open_choices or said.is_command:
        return None
    text = plain(said.text)
    if _REPORT_IT.fullmatch(text):
        return open_choices[0]
    if _ONLY_NOTED.fullmatch(text):
        return None
    if is_yes(said.text) and len(open_choices) == 1:
        return open_choices[0]
    taken = pick(said.text, said.offered)
    if isinstance(taken, tuple) and len(taken) == 1 and taken[0] in open_choices:
        return taken[0]
    return None


async def begin(
    line: Line,
    cases: Cases,
    said: Heard,
    service_id: str,
    words: str,
    also: Sequence[Matter] = (),
) -> list[Reply]:
    """Return the first question of a report of an entry, or nothing: it cannot be reported here.

    Args:
        words: what the resident wrote about it, if anything.
        also: what else they wrote about, for after the report.
    """
    photos = tuple(said.memory.get(PHOTOS) or ())
    # A question fills in what it holds, but is no description of the matter.
    told_words = "" if asks(words) else words
    memory = IntakeMemory(said.message_id, service_id, words=told_words, photos=photos)
    turn = turn_of(line, cases, said, memory)
    if turn is None:
        return []
    turn = absorbed(turn, words) if words else turn
    spot = turn.memory.spot
    at = say.AT.format(place=spot.label) if spot else ""
    opening = f"{say.BEGIN.format(at=at)} {announced(line, also)}".strip()
    replies = keeping(said, await go_on(turn, opening), also)
    resting = IntakeMemory.of(said.memory)
    if resting and resting.stage is Stage.SUSPENDED:
        *others, last = replies
        replies = [*others, replace(last, remember={**last.remember, **resting.put_aside()})]
    return _forgetting(replies, PHOTOS) if photos else replies


async def _wished_for(line: Line, cases: Cases, said: Heard) -> list[Reply] | None:
    """Return the replies to "report it" or "I want to report something", where nothing offers to; None: it is not that."""
    text = plain(said.text)
    if said.is_command or not _WISH_ALONE.fullmatch(text):
        return None
    if any(o.service_id for o in said.offered):
        # Of which of them, they still have to say.
        again = offered_again(said)
        return [replace(again, remember={**again.remember, WANTED: {"words": ""}})]
    entry = line.now().catalogue.by_id.get(said.about or "")
    if entry is None or _OF_SOMETHING.search(text):
        return [small_talk(Wording.REPORT_WHAT)]
    if resumed := await _taken_up_again(line, cases, said, entry.id):
        return resumed
    if begun := await begin(line, cases, said, entry.id, ""):
        return begun
    revision = line.now().catalogue.revision
    return [not_reportable(entry, revision, line.today(), line.city.phone)]


def _place_of_open_choices(line: Line, said: Heard) -> Reply | None:
    """Return the choices that are open again, where a message holds a place and nothing else; the place is remembered."""
    if said.is_command or not any(o.service_id for o in said.offered):
        return None
    if terms(words_of(placing.without_places(line.where(), said.text))):
        return None
    placed = place_alone(line, said)
    if placed is None or placed.wording is not Wording.LOCATION_TAKEN:
        return None
    again = offered_again(said)
    return replace(
        again,
        wording=Wording.WHICH_HERE,
        filled_with=placed.filled_with,
        remember={**again.remember, **placed.remember},
    )


async def _taken_up_again(
    line: Line, cases: Cases, said: Heard, service_id: str
) -> list[Reply] | None:
    """Return the next question of a report that rests, where a message tells of the same matter again."""
    resting = IntakeMemory.of(said.memory)
    if resting is None or resting.stage is not Stage.SUSPENDED:
        return None
    turn = turn_of(line, cases, said, replace(resting, stage=Stage.ASKING, tries=0))
    if turn is None or resting.service_id != service_id:
        return None
    spot = placing.sure_place(line.where(), said.text)
    if spot and resting.spot and spot != resting.spot:
        return None
    return await ask_again(absorbed(turn, said.text), say.GOING_ON)


async def with_report(
    line: Line, cases: Cases, said: Heard, otherwise: Otherwise
) -> list[Reply]:
    """Return the replies to a message with the first question of a report, or the offer to take one."""
    wanted = said.memory.get(WANTED)
    if wished := await _wished_for(line, cases, said):
        return wished
    if placed := _place_of_open_choices(line, said):
        return [placed]
    replies = [
        reported_here(r, line.city.phone) if _is_reportable(line, r) else r
        for r in _said_otherwise(line, said, otherwise)
    ]
    answered = [r for r in replies if _is_reportable(line, r)]
    if said.danger:
        # Nothing is asked of who may be in danger; what can be reported, they may begin themselves.
        return _offering(line, replies, answered, said.text) if answered else list(replies)
    if wanted and not answered and _leaves_open(replies):
        return list(replies)
    # Only a pick says what the report is of; anything else is a new message.
    picked = {o.service_id for o in said.offered}
    if wanted and answered and answered[0].service_id in picked:
        first = await begin(line, cases, said, str(answered[0].service_id), wanted["words"])
        return _forgetting([*replies, *first], WANTED)
    is_report = not said.is_command and reports(said.text, said.move)
    if is_report and len(answered) == 1:
        service_id = str(answered[0].service_id)
        if resumed := await _taken_up_again(line, cases, said, service_id):
            return resumed
        told = [r for r in replies if r.outcome not in (Outcome.CHOICES, Outcome.NOT_FOUND)]
        also = matters_left(replies)
        return [*told, *await begin(line, cases, said, service_id, said.text, also)]
    if is_report and any(r.outcome is Outcome.CHOICES for r in replies):
        *others, last = replies
        kept = {WANTED: {"words": said.text}}
        return [*others, replace(last, remember={**last.remember, **kept})]
    words = "" if said.is_command else said.text
    offered = _offering(line, replies, answered, words) if answered else list(replies)
    return _forgetting(offered, WANTED) if wanted else offered


def _said_otherwise(line: Line, said: Heard, otherwise: Otherwise) -> Sequence[Reply]:
    """Return what the assistant says to a message; of a report, also what it says without the place in it.

    "There's a pothole at king and spadina": the names of streets are no words of the matter, and keep the search
    from being sure of it.
    """
    replies = otherwise(said)
    is_found = any(r.outcome is Outcome.ANSWER for r in replies)
    if is_found or said.is_command or said.danger or not reports(said.text, said.move):
        return replies
    if elsewhere(said.text, line.city.elsewhere, line.city.name):
        # Without its place, another municipality's matter would be taken for this city's.
        return replies
    bare = placing.without_places(line.where(), said.text)
    if bare == said.text or not terms(words_of(bare)):
        return replies
    better = otherwise(replace(said, text=bare))
    found = {r.outcome for r in better}
    is_better = Outcome.ANSWER in found or (
        Outcome.CHOICES in found and all(r.outcome is not Outcome.CHOICES for r in replies)
    )
    return better if is_better else replies


def is_other_report(line: Line, said: Heard, reply: Reply, current: str) -> bool:
    """Say whether a message reports something else than the report under way."""
    is_other = _is_reportable(line, reply) and reply.service_id != current
    return is_other and not asks(said.text)


def _offering(
    line: Line, replies: Sequence[Reply], answered: Sequence[Reply], words: str
) -> list[Reply]:
    """Return the replies with the choice to report what they are about, at the last of these."""
    by_id = line.now().catalogue.by_id
    ids = [str(r.service_id) for r in answered]
    offers = [
        say.report_now(
            service_id,
            words,
            by_id[service_id].title if len(ids) > 1 else "",
            also=[{"service_id": i, "words": words} for i in ids if i != service_id],
        )
        for service_id in ids
    ]
    last = answered[-1]
    return [replace(r, choices=[*r.choices, *offers]) if r is last else r for r in replies]


def _is_reportable(line: Line, reply: Reply) -> bool:
    if reply.outcome is not Outcome.ANSWER or reply.ask or not reply.service_id:
        return False
    entry = line.now().catalogue.by_id.get(reply.service_id)
    return entry is not None and entry.requestable


def _leaves_open(replies: Sequence[Reply]) -> bool:
    """Say whether it is still to be found out what is to be reported."""
    return all(r.outcome in (Outcome.CHOICES, Outcome.SMALL_TALK) for r in replies)


def _forgetting(replies: Sequence[Reply], name: str) -> list[Reply]:
    *others, last = replies
    forgotten: dict[str, Any] = {name: None}
    return [*others, replace(last, remember={**forgotten, **last.remember})]
