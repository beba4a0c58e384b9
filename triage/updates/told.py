"""What residents are told of, and for how long it is worth telling. Pure; the one table of it.

Not told: what they did themselves, notes, who is responsible, which queue it is in, and that a resolved report is closed for
good, as they were told until when it can be opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from triage.cases.case import Case, Happened
from triage.cases.workflow import OPEN, Move, Status


class News(StrEnum):
    """Something that happened to a report and that its people are told."""

    STARTED = "started"
    ASKED = "asked"
    DELAYED = "delayed"
    PROMISED = "promised"  # another date than before
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


# Which move brings which news.
OF_A_MOVE: Mapping[Move | Happened, News] = {
    Move.START: News.STARTED,
    Move.ASK: News.ASKED,
    Move.DELAY: News.DELAYED,
    Move.RESOLVE: News.RESOLVED,
    Move.REOPEN: News.REOPENED,
    Move.WITHDRAW: News.WITHDRAWN,
}

# How the case must stand for news to be still true: what waited through the night may be overtaken by then.
STILL_TRUE: Mapping[News, frozenset[Status]] = {
    News.STARTED: frozenset({Status.IN_PROGRESS}),
    News.ASKED: frozenset({Status.WAITING}),
    News.DELAYED: OPEN,
    News.PROMISED: OPEN,
    News.RESOLVED: frozenset({Status.RESOLVED, Status.CLOSED}),
    News.REOPENED: frozenset({Status.RECEIVED}),
    News.WITHDRAWN: frozenset({Status.WITHDRAWN}),
}


def news_of(kind: Move | Happened, before: Case, case: Case) -> tuple[News, ...]:
    """Return what a change of a case is news of; nothing, if nobody is told of it."""
    news = OF_A_MOVE.get(kind)
    # A report that is opened again has a new date by that, and says so.
    is_promised = before.due_at != case.due_at and news is not News.REOPENED
    return (*((news,) if news else ()), *((News.PROMISED,) if is_promised else ()))


def still_true(news: Iterable[News], case: Case) -> tuple[News, ...]:
    """Return what of some news, each once and in their order, is true of a case as it stands."""
    return tuple(
        n
        for n in dict.fromkeys(news)
        if case.status in STILL_TRUE[n]
        and not (n is News.DELAYED and not case.delay_reason)
        and not (n is News.PROMISED and not case.due_at)
    )
