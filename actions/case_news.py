"""What the line told a resident of a report by itself, and whether their next message is a reply to that. Pure but for search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from actions.heard import Heard
from actions.intake.asking import asks, reports
from actions.intake.controls import control
from actions.line import Line
from actions.names import Move, Outcome
from actions.replies import Reply
from services_catalog.search.choose import Answer, find

# The key in a conversation's memory; triage writes it (triage/updates/telling.py).
NEWS = "told"
# So sure is search of the matter of another report.
SURE = 0.5
# These answer nobody's question.
_BESIDE = frozenset(
    {
        Move.GREET,
        Move.GOODBYE,
        Move.THANKS,
        Move.HELP,
        Move.BOT_CHALLENGE,
        Move.ASK_PERSON,
        Move.FIND_PLACE,
    }
)
# Replies that leave the matter where it was.
_LEAVES_IT = frozenset({Outcome.SMALL_TALK, Outcome.SAFETY})


@dataclass(frozen=True)
class News:
    """What was told last.

    Attributes:
        status: of the case, when it was told.
        is_last: nothing was spoken of since.
    """

    reference: str
    service_id: str
    status: str
    is_last: bool

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> Self | None:
        """Read it from what came with a message."""
        kept = memory.get(NEWS)
        return cls(**kept) if kept else None

    @property
    def asks(self) -> bool:
        """Say whether staff asked something."""
        return self.status == "waiting"

    @property
    def is_done(self) -> bool:
        """Say whether the report was said to be finished."""
        return self.status == "resolved"


def fresh_news(said: Heard) -> News | None:
    """Return what was told, if nothing was spoken of since: then a message may be a reply to it."""
    news = News.of(said.memory)
    return news if news and news.is_last else None


def is_answer(line: Line, said: Heard) -> bool:
    """Say whether a message, after staff asked something, may be the answer: it is no question and no other matter."""
    if said.is_command or said.move in _BESIDE or asks(said.text):
        return False
    return control(said.text, said.move) is None and not _reports_another(line, said)


def _reports_another(line: Line, said: Heard) -> bool:
    """Say whether a message reports what another entry is about."""
    if not reports(said.text, said.move):
        return False
    news = News.of(said.memory)
    found = find(line.now().index, said.text, here=line.here)
    sure = [f for f in found if isinstance(f, Answer) and f.confidence >= SURE]
    return any(f.entry.requestable and news and f.entry.id != news.service_id for f in sure)


def past_the_news(said: Heard, replies: Sequence[Reply]) -> list[Reply]:
    """Return replies after which the news are not what was spoken of last, if they speak of a matter."""
    news = fresh_news(said)
    if news is None or all(r.outcome in _LEAVES_IT for r in replies):
        return list(replies)
    *others, last = replies
    kept = {NEWS: asdict(replace(news, is_last=False))}
    return [*others, replace(last, remember={**kept, **last.remember})]
