"""Finding cases by their words and by the people of them, the newest first. Each question runs in the caller's transaction.

Words are rows of `case_words`, so that both databases find them in the same way. The rarest word asked for is walked from its
newest case on, and of each the other words are looked up: so it never matters how many cases have "street" in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from triage.cases.case import Case
from triage.cases.repository import case_of
from triage.cases.tables import case_contacts, case_words, cases
from triage.cases.words import search_words

# From here on it does not matter how many cases have a word.
MANY = 5_000
MOST_WORDS_ASKED = 12


def add_words(connection: Connection, case_id: str, opened_at: datetime, *texts: str) -> None:
    """Let a case be found by the words of these texts too."""
    rows = [
        {"word": word, "opened_at": opened_at, "case_id": case_id}
        for word in search_words(*texts)
    ]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(case_words).on_conflict_do_nothing(), rows)


def by_words(
    connection: Connection,
    words: Sequence[str],
    queues: Sequence[str] | None,
    limit: int,
) -> list[Case]:
    """Return the cases that have all of these words (as `search_words` returns them) and wait in these queues (None: any)."""
    if not words:
        return []
    rarest, *others = sorted(words[:MOST_WORDS_ASKED], key=lambda w: _frequency(connection, w))
    walked = case_words.alias("walked")
    asked = (
        select(walked.c.case_id)
        .join(cases, cases.c.id == walked.c.case_id)
        .where(walked.c.word == rarest, *_in(queues))
        .order_by(walked.c.opened_at.desc(), walked.c.case_id.desc())
        .limit(limit)
    )
    for number, word in enumerate(others):
        other = case_words.alias(f"other_{number}")
        asked = asked.where(
            exists().where(
                and_(
                    other.c.word == word,
                    other.c.opened_at == walked.c.opened_at,
                    other.c.case_id == walked.c.case_id,
                )
            )
        )
    return _in_order(connection, list(connection.execute(asked).scalars()))


def by_contact(
    connection: Connection,
    *,
    phone: str | None = None,
    email: str | None = None,
    queues: Sequence[str] | None,
    limit: int,
) -> list[Case]:
    """Return the cases that somebody with this phone number or e-mail address reported or joined.

    Args:
        phone: as `words.phone_of` returns it.
        email: as `words.email_of` returns it.
    """
    is_theirs = [
        column == value
        for column, value in (
            (case_contacts.c.phone_e164, phone),
            (case_contacts.c.email_folded, email),
        )
        if value
    ]
    if not is_theirs:
        return []
    ids = connection.execute(select(case_contacts.c.case_id).where(or_(*is_theirs)).distinct())
    rows = connection.execute(
        select(cases)
        .where(cases.c.id.in_(list(ids.scalars())), *_in(queues))
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        .limit(limit)
    )
    return [case_of(row) for row in rows]


def _frequency(connection: Connection, word: str) -> int:
    some = select(case_words.c.case_id).where(case_words.c.word == word).limit(MANY).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _in(queues: Sequence[str] | None) -> list[ColumnElement[bool]]:
    return [] if queues is None else [cases.c.queue.in_(queues)]


def _in_order(connection: Connection, ids: Sequence[str]) -> list[Case]:
    found = {
        row.id: case_of(row)
        for row in connection.execute(select(cases).where(cases.c.id.in_(ids)))
    }
    return [found[id] for id in ids if id in found]
