"""Reports that were made: how they stand, adding to them, taking them back, that it is not fixed or that it is.

Triage is asked only where the message names a reference, or reports were made in this conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import replies_cases as say
from actions.ability import Ability
from actions.answer import answer
from actions.case_news import News, fresh_news, is_answer
from actions.case_wishes import CaseWish, Do, case_wish
from actions.heard import Heard
from actions.intake.asking import asks
from actions.intake.controls import Control, control
from actions.intake.joining import CASES
from actions.line import Line
from actions.names import Action, Move, Wording
from actions.picking import pick
from actions.replies import Reply
from actions.triage_client import Case, Cases, Refused

# The key in a conversation's memory: what was asked for to do something with a case.
ASKED = "case_asked"
_MOVED = {
    Do.WITHDRAW: Wording.CASE_WITHDRAWN,
    Do.REOPEN: Wording.CASE_REOPENED,
    Do.CONFIRM: Wording.CASE_GLAD,
}
# Moves that speak of reports made before.
_TRUSTED = frozenset({Move.CASE_STATUS, Move.CASE_UPDATE})


class CaseStatus(Ability):
    """A report made before is spoken of before any ability is asked; what is left is the catalogue's."""

    action = Action.CASE_STATUS

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return answer(self.line, said)


async def about_cases(line: Line, cases: Cases, said: Heard) -> list[Reply] | None:
    """Return the replies to a message about reports that were made, or None: it is about something else.

    Raises:
        TriageUnavailable: triage cannot be asked now.
    """
    if said.choice is not None:
        if said.choice.get("move") != "case":
            return None
        return [await _chosen(line, cases, said, said.choice)]
    known = said.memory.get(CASES) or ()
    news = fresh_news(said)
    if said.photo:
        if news and news.asks:
            return [await _added(cases, said, news.reference, "", [said.photo])]
        return await _photo(line, cases, said) if known else None
    if said.is_command:
        return None
    asked = said.memory.get(ASKED)
    if asked and (replies := await _asked_before(line, cases, said, asked)):
        return replies
    wish = case_wish(said.text, said.move)
    if news and (replies := await _to_news(line, cases, said, news, wish)):
        return replies
    if taken := _picked(said):
        return [await _chosen(line, cases, said, taken)]
    was_told = News.of(said.memory)
    if wish is None or not (wish.reference or known or was_told or _asks_for_one(said, wish)):
        return None
    return await _wished(line, cases, said, wish)


async def _to_news(
    line: Line, cases: Cases, said: Heard, news: News, wish: CaseWish | None
) -> list[Reply] | None:
    """Return the replies to a message about what was told just before, or None: it is about something else."""
    if wish and wish.reference:
        return None
    do = wish.do if wish else None
    is_meant = wish and (wish.is_plain or said.move in _TRUSTED)
    if do in (Do.MUTE, Do.NEWS) or (is_meant and do in (Do.STATUS, Do.WITHDRAW)):
        return [await _with_one(line, cases, said, Do(str(do)), news.reference, said.text)]
    if news.is_done:
        if do in (Do.REOPEN, Do.CONFIRM):
            return [await _with_one(line, cases, said, Do(str(do)), news.reference, said.text)]
        if said.move is Move.DENY:
            return [await _with_one(line, cases, said, Do.REOPEN, news.reference, "")]
    if news.asks and is_answer(line, said):
        return [await _added(cases, said, news.reference, said.text, [])]
    if do in (Do.REOPEN, Do.ADD):
        words = wish.words if wish else said.text
        return [await _with_one(line, cases, said, Do(str(do)), news.reference, words)]
    return None


def _asks_for_one(said: Heard, wish: CaseWish) -> bool:
    """Say whether a message without a reference, where no report was made, is plainly about one."""
    return wish.is_plain and said.move in _TRUSTED and wish.do is not Do.REOPEN


async def _wished(line: Line, cases: Cases, said: Heard, wish: CaseWish) -> list[Reply] | None:
    if wish.reference:
        return [await _with_one(line, cases, said, wish.do, wish.reference, wish.words)]
    known = said.memory.get(CASES) or ()
    is_meant = wish.is_plain or said.move in _TRUSTED
    is_about = is_meant or _is_about(line, said)
    if known and (wish.do is Do.MUTE or (wish.do is Do.NEWS and is_about)):
        return [await _tell(cases, said, wish.do, list(known))]
    news = News.of(said.memory)
    if not known and news and is_meant:
        return [await _with_one(line, cases, said, wish.do, news.reference, wish.words)]
    if not known:
        return None if asks(said.text) and not wish.is_plain else [_for_reference(wish)]
    if not is_about:
        return None
    found = await cases.of_conversation(said.conversation_id)
    able = [c for c in found if wish.do is Do.STATUS or wish.do in c.can] or found
    if len(able) > 1:
        return [say.which(able, wish.do, line.city.timezone, words=wish.words)]
    if not able:
        return None
    return [await _with_one(line, cases, said, wish.do, able[0].reference, wish.words)]


def _is_about(line: Line, said: Heard) -> bool:
    """Say whether the last thing spoken of was a report, so that "it is still there" means that."""
    entry = line.now().catalogue.by_id.get(said.about or "")
    return entry is not None and entry.requestable


def _for_reference(wish: CaseWish) -> Reply:
    kept = {"do": wish.do.value, "words": wish.words}
    return replace(say.ask_reference(), remember={ASKED: kept})


async def _asked_before(
    line: Line, cases: Cases, said: Heard, asked: Mapping[str, Any]
) -> list[Reply] | None:
    """Return the replies to what was asked for: a reference, or what to add; None: it is something else."""
    wish = case_wish(said.text, said.move)
    reference = str(asked.get("reference") or (wish.reference if wish else ""))
    is_over = control(said.text, said.move) in (Control.STOP, Control.RESTART)
    if is_over or asks(said.text) or not reference:
        return None
    words = str(asked.get("words") or "") if wish and wish.reference else said.text
    reply = await _with_one(line, cases, said, Do(asked["do"]), reference, words)
    return [replace(reply, remember={ASKED: None, **reply.remember})]


def _picked(said: Heard) -> Mapping[str, Any] | None:
    if not said.offered or said.offered[0].value.get("move") != "case":
        return None
    taken = pick(said.text, said.offered)
    return taken[0].value if isinstance(taken, tuple) and len(taken) == 1 else None


async def _chosen(line: Line, cases: Cases, said: Heard, value: Mapping[str, Any]) -> Reply:
    reference, words = str(value["reference"]), str(value.get("words") or "")
    match value["do"]:
        case "withdraw_now":
            return await _moved(line, cases, said, reference, Do.WITHDRAW, "")
        case "keep":
            return say.fixed(Wording.CASE_KEPT, reference=reference)
        case "photo":
            return await _added(cases, said, reference, "", [str(p) for p in value["photos"]])
    return await _with_one(line, cases, said, Do(value["do"]), reference, words)


async def _with_one(
    line: Line, cases: Cases, said: Heard, do: Do, reference: str, words: str
) -> Reply:
    """Do what is wanted with one case."""
    if do is Do.ADD and words:
        return await _added(cases, said, reference, words, [])
    if do is Do.REOPEN and words:
        return await _moved(line, cases, said, reference, do, words)
    if do in (Do.MUTE, Do.NEWS):
        return await _tell(cases, said, do, [reference])
    case = await cases.case(reference, said.conversation_id)
    if isinstance(case, Refused):
        return say.unknown(reference)
    match do:
        case Do.CONFIRM if "confirm" in case.can:
            return await _moved(line, cases, said, reference, do, "")
        case Do.WITHDRAW | Do.CONFIRM if "withdraw" in case.can:
            # What is fixed while it is open needs nobody any more.
            return say.ask_withdraw(case)
        case Do.WITHDRAW:
            return say.status(
                case, line.city.timezone, "This report cannot be taken back here."
            )
        case Do.ADD if "add" in case.can:
            return _ask_for_words(case, do, Wording.CASE_ASK_ADD)
        case Do.REOPEN if "reopen" in case.can:
            return _ask_for_words(case, do, Wording.CASE_ASK_REOPEN)
    return say.status(case, line.city.timezone)


def _ask_for_words(case: Case, do: Do, wording: Wording) -> Reply:
    asked = {"do": do.value, "reference": case.reference}
    return replace(say.fixed(wording, case), remember={ASKED: asked})


async def _added(
    cases: Cases, said: Heard, reference: str, words: str, photos: list[str]
) -> Reply:
    key = f"{said.message_id}:add"
    result = await cases.add(reference, key, said.conversation_id, words, photos)
    if isinstance(result, Case):
        return say.fixed(Wording.CASE_ADDED, result)
    return _not_done(result, reference)


async def _moved(
    line: Line, cases: Cases, said: Heard, reference: str, do: Do, words: str
) -> Reply:
    key = f"{said.message_id}:{do.value}"
    result = await cases.move(reference, key, said.conversation_id, do.value, words)
    if isinstance(result, Case):
        return say.fixed(_MOVED[do], result)
    if result.code == "move_not_allowed" and do is Do.REOPEN:
        # One that is still being worked on needs no opening again: what was said is told to those who do.
        case = await cases.case(reference, said.conversation_id)
        if isinstance(case, Case) and "add" in case.can:
            added = await _added(cases, said, reference, words, [])
            told = say.status(case, line.city.timezone, say.TOLD_TO_THEM)
            return told if added.wording is Wording.CASE_ADDED else added
    return _not_done(result, reference)


async def _tell(cases: Cases, said: Heard, do: Do, references: Sequence[str]) -> Reply:
    """Have them told of reports here, or no more."""
    done: list[Case] = []
    for reference in references:
        key = f"{said.message_id}:{do.value}"
        result = await cases.tell(reference, key, said.conversation_id, do is Do.NEWS)
        if isinstance(result, Refused):
            return _not_done(result, reference)
        done.append(result)
    wording = Wording.CASE_TOLD if do is Do.NEWS else Wording.CASE_MUTED
    many = "your reports here" if len(done) > 1 else f"report {done[0].reference}"
    return say.fixed(wording, what=many)


def _not_done(refused: Refused, reference: str) -> Reply:
    if refused.code == "case_not_found":
        return say.unknown(reference)
    return say.fixed(Wording.CASE_NOT_DONE, reference=reference, told=refused.message)


async def _photo(line: Line, cases: Cases, said: Heard) -> list[Reply] | None:
    """Return the offer to add a photo to a report that was made here."""
    found = await cases.of_conversation(said.conversation_id)
    able = [c for c in found if "add" in c.can]
    if not able:
        return None
    return [say.which(able, "photo", line.city.timezone, photos=[said.photo])]
