"""The other matters of a message whose first one is being reported: named at once, taken up when the report is over.

A report is one question after the other; a second matter between them would confuse. Nothing that a resident wrote is
dropped either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions import replies_intake as say
from actions.answer import answer
from actions.heard import Heard
from actions.intake.asking import reports
from actions.line import Line
from actions.names import Move, Outcome, Wording
from actions.replies import Reply

# The key in a conversation's memory: what is left, each with its `words` and, where it was answered and can be
# reported, its `service_id`.
ALSO = "also"
# The key in a conversation's memory: the report to be taken once its entry is clear.
WANTED = "report_wanted"
# After these a report is sent, put aside or not the City's. A person or danger comes before all else.
_OVER = frozenset({Wording.INTAKE_STOPPED, Wording.INTAKE_NOT_OURS, Wording.INTAKE_WITHDRAWN})
MOST_LEFT = 3
LONGEST_QUOTE = 80

Matter = Mapping[str, str]


def matters_left(replies: Sequence[Reply]) -> list[Matter]:
    """Return the matters that choices are offered for."""
    return [{"words": r.matter} for r in replies if r.outcome is Outcome.CHOICES and r.matter]


def announced(line: Line, matters: Sequence[Matter]) -> str:
    """Return the sentence that says what comes after the report; empty: nothing."""
    if not matters:
        return ""
    return say.ALSO_LATER.format(what=say.listed([_called(line, m) for m in matters]))


def keeping(said: Heard, replies: Sequence[Reply], matters: Sequence[Matter]) -> list[Reply]:
    """Return the replies such that the matters are remembered, beside those that are already."""
    if not matters:
        return list(replies)
    *others, last = replies
    left = [*matters, *(m for m in said.memory.get(ALSO) or () if m not in matters)]
    return [*others, replace(last, remember={**last.remember, ALSO: left[:MOST_LEFT]})]


def with_matters_left(line: Line, said: Heard, replies: Sequence[Reply]) -> list[Reply]:
    """Return the replies; where they end a report, the next matter that was told of with it stands after them."""
    left = said.memory.get(ALSO)
    is_over = any(r.outcome is Outcome.CASE_OPENED or r.wording in _OVER for r in replies)
    if not left or not is_over:
        return list(replies)
    first, *more = left
    *others, last = [*replies, *_taken_up(line, said, first)]
    return [*others, replace(last, remember={**last.remember, ALSO: more or None})]


def _taken_up(line: Line, said: Heard, matter: Matter) -> list[Reply]:
    words = matter["words"]
    if service_id := matter.get("service_id"):
        return [_offered(line, service_id, words)]
    # As if it were written now and nothing before.
    alone = Heard(words, Move.ASK, said.message_id, said.conversation_id, said.channel)
    first, *more = answer(line, alone)
    told = [_quoting(first, words), *more]
    if any(r.outcome is Outcome.CHOICES for r in told) and reports(words, Move.ASK):
        *others, last = told
        told = [*others, replace(last, remember={**last.remember, WANTED: {"words": words}})]
    return told


def _offered(line: Line, service_id: str, words: str) -> Reply:
    entry = line.now().catalogue.by_id.get(service_id)
    return Reply(
        Outcome.CHOICES,
        wording=Wording.INTAKE_ALSO,
        filled_with={"matter": entry.title if entry else say.shortened(words, LONGEST_QUOTE)},
        choices=[say.report_now(service_id, words)],
    )


def _quoting(reply: Reply, words: str) -> Reply:
    quoted = say.shortened(words, LONGEST_QUOTE)
    if reply.wording in (Wording.WHICH, Wording.DO_YOU_MEAN):
        filling = {**reply.filled_with, "matter": quoted}
        return replace(reply, wording=Wording.WHICH_ALSO, filled_with=filling)
    if not reply.text:
        return reply
    before = say.ALSO.format(what=quoted)
    short = f"{before} {reply.short}" if reply.short else ""
    return replace(reply, text=f"{before}\n\n{reply.text}", short=short)


def _called(line: Line, matter: Matter) -> str:
    entry = line.now().catalogue.by_id.get(matter.get("service_id", ""))
    return f'"{entry.title if entry else say.shortened(matter["words"], LONGEST_QUOTE)}"'
