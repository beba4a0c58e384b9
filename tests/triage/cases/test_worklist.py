"""The lists that staff work from, what a search finds, and the file of a list, on both databases."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services_catalog.formats.cells import harmless
from tests.triage.cases.desk import HERE
from tests.triage.cases.town import MONDAY, Town, run
from triage.cases import worklist
from triage.cases.case import Case
from triage.cases.errors import TooManyFilters
from triage.cases.export import Names
from triage.cases.reading import By
from triage.cases.saved_filters import MOST_OF_A_MEMBER
from triage.cases.schemas import Contact, NewInformation
from triage.cases.workflow import OPEN, Move, Status
from triage.cases.worklist import NOBODY, After, Order, Promise, Wanted
from triage.routing.rules import Priority
from triage.staff.roles import Member, Role

QUEUE, OTHER = "road_operations", "urban_forestry"


@pytest.fixture
def town(any_database_url: str) -> Iterator[Town]:
    town = Town(any_database_url)
    yield town
    town.database.close()


def has(town: Town, **values: Any) -> str:
    """Open a case and write these columns of it."""
    reference = town.opens()
    with town.database.engine.begin() as connection:
        connection.execute(
            worklist.cases.update()
            .where(worklist.cases.c.reference == reference)
            .values(**({"queue": QUEUE, "priority": "normal"} | values))
        )
    return reference


def listed(town: Town, member: Member, wanted: Wanted, size: int = 2) -> list[str]:
    """Return the references of a whole list, page by page."""
    found: list[Case] = []
    after: After | None = None
    seen_by = wanted if member.queues is None else replace(wanted, queues=member.queues)
    while True:
        with town.database.engine.connect() as connection:
            page = worklist.page(connection, seen_by, town.reading.days(), after, size)
        found += page.cases
        if page.after is None:
            return [c.reference for c in found]
        after = After.read(page.after.as_text())
        assert after == page.after


def test_the_urgent_stand_first_then_what_was_promised_soonest_then_what_was_not(
    town: Town,
) -> None:
    day = timedelta(days=1)
    undated = has(town, due_at=None)
    late = has(town, due_at=MONDAY - day)
    high = has(town, priority="high", due_at=MONDAY + 9 * day)
    urgent_undated = has(town, priority="urgent", due_at=None)
    urgent = has(town, priority="urgent", due_at=MONDAY + 20 * day)
    soon = has(town, due_at=MONDAY + day)
    finished = has(town, status=Status.RESOLVED.value)
    agent = town.member()
    assert listed(town, agent, Wanted()) == [urgent, urgent_undated, high, late, soon, undated]
    by_promise = listed(town, agent, Wanted(order=Order.PROMISE))
    assert by_promise[:4] == [late, soon, high, urgent]
    assert set(by_promise[4:]) == {undated, urgent_undated}
    assert set(listed(town, agent, Wanted(order=Order.NEWEST))) == set(by_promise)
    assert listed(town, agent, Wanted(statuses=frozenset(Status) - OPEN)) == [finished]


def test_a_list_has_just_what_was_asked_for(town: Town) -> None:
    agent = town.member()
    today = MONDAY + timedelta(hours=2)
    mine = has(town, assigned_to=agent.id, due_at=today)
    late = has(town, due_at=MONDAY - timedelta(minutes=1))
    high = has(town, priority="high", due_at=MONDAY + timedelta(days=3))
    far = has(town, due_at=None, status=Status.WAITING.value)
    cases = {
        (mine,): Wanted(assigned_to=agent.id),
        (late, high, far): Wanted(assigned_to=NOBODY),
        (late,): Wanted(promise=Promise.LATE),
        (mine, high): Wanted(promise=Promise.WEEK),
        (far,): Wanted(promise=Promise.NONE),
        (high,): Wanted(priority=Priority.HIGH),
        (): Wanted(priority=Priority.HIGH, assigned_to=agent.id),
    }
    for references, wanted in cases.items():
        assert set(listed(town, agent, wanted)) == set(references), wanted
        page, total = run(town.reading.page(agent, wanted))
        assert total == len(page.cases) == len(references)
    assert listed(town, agent, Wanted(promise=Promise.TODAY)) == [mine]
    assert listed(town, agent, Wanted(statuses=frozenset({Status.WAITING}))) == [far]


def test_nobody_lists_counts_or_finds_cases_of_queues_that_are_not_theirs(town: Town) -> None:
    seen, hidden = has(town), has(town, queue=OTHER)
    agent = town.member(Role.AGENT, QUEUE)
    page, total = run(town.reading.page(agent, Wanted()))
    assert ([c.reference for c in page.cases], total) == ([seen], 1)
    asked_for = Wanted(queues=frozenset({OTHER}))
    assert run(town.reading.page(agent, asked_for)) == (worklist.Page((), None), 0)
    assert [(c.queue, c.total) for c in run(town.reading.counts(agent))] == [(QUEUE, 1)]
    for text in (hidden, "hole", "test@example.org"):
        found = run(town.reading.find(agent, text)).cases
        assert hidden not in [c.reference for c in found], text


def test_queues_are_counted_by_priority_and_promise(town: Town) -> None:
    has(town, due_at=MONDAY - timedelta(days=1), priority="urgent")
    has(town, due_at=MONDAY + timedelta(hours=1))
    has(town, due_at=None, assigned_to="mem_somebody")
    has(town, status=Status.CLOSED.value)
    counts = {c.priority: c for c in run(town.reading.counts(town.member()))}
    assert (counts["urgent"].total, counts["urgent"].late) == (1, 1)
    normal = counts["normal"]
    assert (normal.total, normal.late, normal.today, normal.unassigned) == (2, 0, 1, 1)


# ── search ──


def test_a_case_is_found_by_what_anybody_may_know_of_it(town: Town) -> None:
    agent = town.member()
    case = town.opens(
        description="The Potholes swallowed a bicycle",
        location={**HERE, "address": "12 Élm St W"},
        contact=Contact(name="Test Person", email="Test@Example.org", phone="(416) 555-0107"),
    )
    other = town.opens(location={**HERE, "address": "90 King St E"})
    found = {
        case.lower().replace("-", " "): By.REFERENCE,
        "bicycle": By.WORDS,
        "POTHOLE bicycles": By.WORDS,
        "12 elm street west": By.WORDS,
        "+1 416.555.0107": By.PHONE,
        "4165550107": By.PHONE,
        " test@EXAMPLE.org ": By.EMAIL,
    }
    for text, by in found.items():
        result = run(town.reading.find(agent, text))
        assert result.by is by, text
        assert case in [c.reference for c in result.cases], text
    both = run(town.reading.find(agent, "st")).cases
    assert {c.reference for c in both} == {other, case}
    for text in ("bicycle king", "elephant", "416-555-0199", "nobody@example.org", "the", ""):
        assert run(town.reading.find(agent, text)).cases == (), text


def test_what_is_told_and_noted_later_is_found_too(town: Town) -> None:
    agent, case = town.member(), town.opens()
    run(town.cases.add(case, NewInformation(key="a", text="beside the hydrant")))
    run(town.desk.note(case, town.by(agent, case), "Crew needs a crane"))
    for text in ("hydrant", "crane"):
        assert [c.reference for c in run(town.reading.find(agent, text)).cases] == [case]


def test_a_number_within_the_words_is_not_found_by(town: Town) -> None:
    town.opens(description="call me at 416-555-0108 please")
    agent = town.member()
    for text in ("0108", "555", "416-555-0108"):
        assert run(town.reading.find(agent, text)).cases == ()


def test_who_may_not_see_people_finds_by_reference_alone(town: Town) -> None:
    case, maintainer = town.opens(), town.member(Role.MAINTAINER)
    assert run(town.reading.find(maintainer, case)).cases
    for text in ("hole", "test@example.org", "416-555-0107"):
        found = run(town.reading.find(maintainer, text))
        assert (found.by, found.cases) == (By.NOT_ALLOWED, ()), text
    file = run(town.reading.file(maintainer, case))
    assert (file.people, file.photos) == ((), ())


def test_who_looks_somebody_up_is_written_down(town: Town) -> None:
    agent, case = town.member(), town.opens()
    run(town.reading.find(agent, "test@example.org"))
    run(town.reading.file(agent, case))
    looked, viewed = town.audited()
    assert (looked.action, looked.details) == ("case.find_person", {"cases": [case]})
    assert (viewed.action, viewed.subject, viewed.who_id) == ("case.view", case, agent.id)


# ── the file of a list, and saved lists ──


def exported(town: Town, member: Member, **options: Any) -> list[dict[str, str]]:
    names = Names({QUEUE: "Roads"}, {}, town.cases.changes.zone)

    async def whole() -> str:
        lines = town.reading.export(member, Wanted(), names, **options)
        return "".join([line async for line in lines])

    return list(csv.DictReader(run(whole()).splitlines()))


def test_a_list_is_taken_along_as_a_file_that_spreadsheets_cannot_be_fooled_by(
    town: Town,
) -> None:
    case = town.opens(
        description="=HYPERLINK(1)", contact=Contact(name="@x", phone="416-555-0109")
    )
    supervisor = town.member(Role.SUPERVISOR)
    (plain,) = exported(town, supervisor, with_people=False)
    assert plain["reference"] == case
    assert "their words" not in plain
    (full,) = exported(town, supervisor, with_people=True)
    assert (full["their words"], full["names"]) == ("'=HYPERLINK(1)", "'@x")
    assert full["longitude"] == "-79.38"
    maintainer = town.member(Role.MAINTAINER)
    (without,) = exported(town, maintainer, with_people=True)
    assert "phones" not in without
    assert [(e.action, e.details["with_people"]) for e in town.audited()] == [
        ("case.export", False),
        ("case.export", True),
        ("case.export", False),
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+14165550100", "'+14165550100"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-79.38", "-79.38"),
        ("plain = words", "plain = words"),
    ],
)
def test_a_cell_is_no_formula(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_a_member_keeps_lists_by_name_and_sees_only_their_own(town: Town) -> None:
    mine, other = town.member(), town.member()
    run(town.reading.save(mine, "Late ones", "promise=late"))
    run(town.reading.save(mine, "Late ones", "promise=late&priority=high"))
    run(town.reading.save(mine, "all", ""))
    assert [(s.name, s.query) for s in run(town.reading.saved(mine))] == [
        ("all", ""),
        ("Late ones", "promise=late&priority=high"),
    ]
    assert run(town.reading.saved(other)) == []
    run(town.reading.forget(mine, "all"))
    for number in range(MOST_OF_A_MEMBER - 1):
        run(town.reading.save(mine, f"list {number}", ""))
    with pytest.raises(TooManyFilters):
        run(town.reading.save(mine, "one more", ""))


def test_cases_that_were_moved_are_seen_as_they_are_now(town: Town) -> None:
    agent, case = town.member(), town.opens()
    run(town.desk.move(case, town.by(agent, case), Move.START))
    page, _ = run(town.reading.page(agent, Wanted(assigned_to=agent.id)))
    assert [c.reference for c in page.cases] == [case]
