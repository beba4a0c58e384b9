"""The audit trail: nobody changes it unseen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.triage.staff.conftest import Office
from triage.staff.audit import Broken, Named, Whole, entries, record, verify

ANNA = Named("mem_anna", "Anna Ågren")
AWAY = {
    "sqlite": ("DROP TRIGGER staff_audit_stays", "DROP TRIGGER staff_audit_stays_as_it_is"),
    "postgresql": ("DROP TRIGGER staff_audit_stays ON staff_audit",),
}


async def wrote(office: Office, number: int, **details: Any) -> None:
    now = office.clock.now()
    await office.database.write(
        lambda c: record(c, ANNA, "case.view", f"case {number}", now=now, **details)
    )


async def verified(office: Office, known: tuple[int, str] | None = None) -> Whole | Broken:
    return await office.database.read(lambda c: verify(c, known))


@pytest_asyncio.fixture
async def trail(office: Office) -> Office:
    """Five entries, of all that details may hold."""
    for n in range(1, 6):
        office.clock.passes(seconds=1.000001)
        await wrote(office, n, queue="roads", many=3, is_so=True, of=["ä", "b"], none=None)
    return office


@pytest.mark.asyncio
async def test_a_trail_that_nobody_touched_is_whole(trail: Office) -> None:
    found = await verified(trail)
    assert isinstance(found, Whole)
    assert found.seq == 5
    assert await verified(trail, (5, found.hash)) == found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_audit SET who = 'Somebody else' WHERE seq = 3",
        "DELETE FROM staff_audit WHERE seq = 5",
        "DELETE FROM staff_audit",
    ],
)
@pytest.mark.asyncio
async def test_the_database_refuses_to_change_or_delete_an_entry(
    trail: Office, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await trail.database.write(lambda c: c.execute(text(statement)))
    assert isinstance(await verified(trail), Whole)


@pytest.mark.asyncio
async def test_postgresql_refuses_to_empty_the_table(trail: Office) -> None:
    if trail.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"):
        await trail.database.write(lambda c: c.execute(text("TRUNCATE staff_audit")))


@pytest.mark.parametrize(
    ("statement", "seq", "why"),
    [
        ("UPDATE staff_audit SET who = 'Bert' WHERE seq = 3", 3, "not what was written"),
        ("UPDATE staff_audit SET details = '{}' WHERE seq = 2", 2, "not what was written"),
        ("UPDATE staff_audit SET at = '2026-11-30 08:00:00' WHERE seq = 4", 4, "not what was"),
        ("DELETE FROM staff_audit WHERE seq = 1", 1, "entries 1 to 1 are missing"),
        ("DELETE FROM staff_audit WHERE seq IN (2, 3)", 2, "entries 2 to 3 are missing"),
        ("UPDATE staff_audit SET hash = before WHERE seq = 5", 5, "not what was written"),
        # Put together again where it was cut.
        (
            "DELETE FROM staff_audit WHERE seq = 3; UPDATE staff_audit SET seq = seq - 1 WHERE seq > 3",
            3,
            "does not follow",
        ),
    ],
)
@pytest.mark.asyncio
async def test_whoever_gets_round_that_breaks_the_chain_and_it_is_said_where(
    trail: Office, statement: str, seq: int, why: str
) -> None:
    def tampers(connection: Connection) -> None:
        for one in (*AWAY[connection.dialect.name], *statement.split(";")):
            connection.execute(text(one))

    await trail.database.write(tampers)
    found = await verified(trail)
    assert isinstance(found, Broken)
    assert found.seq == seq
    assert why in found.why


@pytest.mark.asyncio
async def test_an_end_that_was_cut_off_or_written_anew_shows_against_an_earlier_check(
    trail: Office,
) -> None:
    earlier = await verified(trail)
    assert isinstance(earlier, Whole)

    def tampers(connection: Connection) -> None:
        for one in (*AWAY[connection.dialect.name], "DELETE FROM staff_audit WHERE seq > 3"):
            connection.execute(text(one))

    await trail.database.write(tampers)
    assert isinstance(await verified(trail), Whole)
    cut = await verified(trail, (earlier.seq, earlier.hash))
    assert isinstance(cut, Broken)
    assert "had 5 entries" in cut.why
    for n in (4, 5):
        await wrote(trail, n)
    assert isinstance(await verified(trail), Whole)
    anew = await verified(trail, (earlier.seq, earlier.hash))
    assert anew == Broken(5, "it was another at the earlier check")


@pytest.mark.asyncio
async def test_many_who_write_at_one_time_make_one_chain(office: Office) -> None:
    await asyncio.gather(*(wrote(office, n) for n in range(60)))
    found = await verified(office)
    assert isinstance(found, Whole)
    assert found.seq == 60
    subjects = await office.database.read(lambda c: {e.subject for e in entries(c)})
    assert len(subjects) == 60


@pytest.mark.asyncio
async def test_what_was_undone_leaves_no_entry_and_no_gap(office: Office) -> None:
    def fails(connection: Connection) -> None:
        record(connection, ANNA, "case.view", "undone", now=office.clock.now())
        raise LookupError

    with pytest.raises(LookupError):
        await office.database.write(fails)
    await wrote(office, 1)
    found = await verified(office)
    assert isinstance(found, Whole)
    assert found.seq == 1
