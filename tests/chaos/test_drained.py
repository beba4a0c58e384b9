"""Whether a line that stands still is noticed, and whether it is told why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos import drained
from tests.chaos.drained import StandsStill, wait_until_drained
from tests.support.databases import new_sqlite
from tests.triage.test_inbox import new_database, say
from triage.conversations.tables import inbox_work


def test_a_line_that_stands_still_fails_with_how_much_waits_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drained, "STANDS_STILL_SECONDS", 0)
    engine = new_database(new_sqlite(tmp_path))
    now = datetime.now(UTC)
    with engine.begin() as connection:
        say(connection, "msg_1", now)
        [held] = inbox_work.claim(
            connection, worker="w", now=now, lease=timedelta(seconds=9), limit=1
        )
        inbox_work.postpone(
            connection, held, until=now + timedelta(hours=1), error="unreachable"
        )
    with pytest.raises(StandsStill) as fault:
        wait_until_drained(engine, ["SM1"])
    assert str(fault.value) == (
        "1 are not kept; 1 not answered: {'later, unreachable after 1': 1}; 0 not sent: {}"
    )
    engine.dispose()
