"""What staff do with a case, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.triage.cases.desk import CONVERSATION
from tests.triage.cases.town import Town, run
from triage.cases.case import Audience, Case, Happened
from triage.cases.desk import By
from triage.cases.errors import CaseChanged, CaseUnknown, MoveNotAllowed
from triage.cases.repository import add_note
from triage.cases.schemas import Contact, NewFollower, NewInformation
from triage.cases.tables import case_contacts, case_followers, case_labels
from triage.cases.workflow import Move, Status
from triage.staff.roles import Member, Role

QUEUE = "road_operations"
OTHER = "urban_forestry"  # of another division
NEIGHBOUR = "right_of_way"  # of the same division


@pytest.fixture
def town(any_database_url: str) -> Iterator[Town]:
    town = Town(any_database_url)
    yield town
    town.database.close()


@pytest.fixture
def agent(town: Town) -> Member:
    return town.member(name="Ada Agent")


def case_of(town: Town, reference: str) -> Case:
    found: Case = run(town.cases.find(reference)).case
    return found


def at(town: Town, reference: str, queue: str) -> None:
    """Have a case wait in a queue, without a trace of how it came there."""
    with town.database.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE cases SET queue = '{queue}', division = 'Transportation Services' "  # noqa: S608
            f"WHERE reference = '{reference}'"
        )


def test_whoever_starts_a_case_that_is_nobodys_has_it(town: Town, agent: Member) -> None:
    case = town.opens()
    done = run(town.desk.move(case, town.by(agent, case), Move.START))
    assert (done.status, done.assigned_to) == (Status.IN_PROGRESS, agent.id)
    assert town.audited()[-1].action == "case.start"
    assert town.audited()[-1].subject == case


def test_the_same_form_sent_twice_does_nothing_twice(town: Town, agent: Member) -> None:
    case = town.opens()
    by = town.by(agent, case)
    run(town.desk.note(case, by, "Called the crew."))
    run(town.desk.note(case, by, "Called the crew."))
    assert town.kinds(case).count(Happened.NOTED) == 1
    assert [e.action for e in town.audited()] == ["case.note"]


def test_what_happened_in_between_is_not_overwritten_unseen(town: Town, agent: Member) -> None:
    case = town.opens()
    old = town.by(agent, case)
    run(town.cases.add(case, NewInformation(key="r1", text="It is bigger now.")))
    with pytest.raises(CaseChanged):
        run(town.desk.move(case, old, Move.RESOLVE, "Filled.", "done"))
    assert case_of(town, case).status is Status.RECEIVED
    # A note overwrites nothing.
    run(town.desk.note(case, By(agent, "n1", None), "The crew knows."))


def test_that_somebody_was_told_is_nothing_that_staff_must_see_first(
    town: Town, agent: Member
) -> None:
    case = town.opens()
    seen = town.by(agent, case)
    with town.database.engine.begin() as connection:
        add_note(connection, case_of(town, case), Happened.TOLD, "Told.", town.clock.now())
    run(town.desk.move(case, seen, Move.START))
    assert case_of(town, case).status is Status.IN_PROGRESS


def test_residents_see_nothing_of_notes_and_of_who_is_responsible(
    town: Town, agent: Member
) -> None:
    case = town.opens()
    before = town.sees(case)
    run(town.desk.note(case, town.by(agent, case), "Not for residents."))
    run(town.desk.assign(case, town.by(agent, case), agent.id))
    at(town, case, QUEUE)
    run(town.desk.reroute(case, town.by(agent, case), NEIGHBOUR))
    after = town.sees(case)
    assert {k: v for k, v in after.items() if k != "division"} == {
        k: v for k, v in before.items() if k != "division"
    } | {"status_text": after["status_text"]}
    seen = run(town.cases.thread(case, [Audience.RESIDENT]))
    assert [e.kind for e in seen] == [Happened.OPENED]


def test_a_case_on_its_way_to_another_queue_is_an_event_and_a_label(
    town: Town, agent: Member
) -> None:
    case = town.opens()
    at(town, case, QUEUE)
    run(town.desk.assign(case, town.by(agent, case), agent.id))
    done = run(town.desk.reroute(case, town.by(agent, case), OTHER))
    assert (done.queue, done.assigned_to) == (OTHER, None)
    events = run(town.cases.thread(case, tuple(Audience)))
    rerouted = next(e for e in events if e.kind == Happened.REROUTED)
    routed = next(e for e in events if e.kind == Happened.ROUTED)
    assert rerouted.member_id == agent.id
    assert rerouted.data["inputs"] == routed.data["inputs"]
    # Another division has it: that is what residents are told.
    passed_on = next(e for e in events if e.kind == Happened.PASSED_ON)
    assert passed_on.audience is Audience.RESIDENT
    assert town.sees(case)["division"] == passed_on.data["division"]
    with town.database.engine.connect() as connection:
        label = connection.execute(select(case_labels)).one()
    assert (label.from_queue, label.to_queue, label.member_id) == (QUEUE, OTHER, agent.id)
    assert (label.rule, label.inputs) == (routed.data["rule"], routed.data["inputs"])
    assert label.seq == rerouted.seq


def test_a_case_of_a_queue_that_is_not_theirs_is_not_there(town: Town) -> None:
    case = town.opens()
    at(town, case, QUEUE)
    stranger = town.member(Role.AGENT, OTHER)
    for wish in (
        town.desk.note(case, town.by(stranger, case), "I should not."),
        town.desk.move(case, town.by(stranger, case), Move.START),
        town.desk.assign(case, town.by(stranger, case), stranger.id),
        town.desk.reroute(case, town.by(stranger, case), OTHER),
        town.reading.file(stranger, case),
    ):
        with pytest.raises(CaseUnknown):
            run(wish)
    assert town.audited() == []


def test_only_who_works_in_the_queue_is_made_responsible(town: Town, agent: Member) -> None:
    case = town.opens()
    at(town, case, QUEUE)
    for nobody in (
        town.member(Role.AGENT, OTHER).id,
        town.member(Role.MAINTAINER).id,
        town.member(Role.AGENT, disabled_at=town.clock.now()).id,
        "mem_unknown",
    ):
        with pytest.raises(MoveNotAllowed):
            run(town.desk.assign(case, town.by(agent, case), nobody))
    done = run(town.desk.assign(case, town.by(agent, case), agent.id))
    assert done.assigned_to == agent.id
    assert run(town.desk.assign(case, town.by(agent, case), None)).assigned_to is None


def test_a_finished_case_is_reopened_before_anything_else(town: Town, agent: Member) -> None:
    case = town.opens()
    run(town.desk.move(case, town.by(agent, case), Move.RESOLVE, "Filled.", "done"))
    with pytest.raises(MoveNotAllowed):
        run(town.desk.reroute(case, town.by(agent, case), OTHER))
    with pytest.raises(MoveNotAllowed):
        run(town.desk.assign(case, town.by(agent, case), agent.id))
    done = run(town.desk.move(case, town.by(agent, case), Move.REOPEN, "It sank again."))
    assert done.status is Status.RECEIVED


# ── duplicates ──


def test_the_people_of_a_duplicate_follow_the_other_case_and_are_not_lost(
    town: Town, agent: Member
) -> None:
    kept = town.opens(conversation_id="con_first")
    twin = town.opens(conversation_id="con_second")
    contact = Contact(name="Third Person", phone="416-555-0103", wants_updates=True)
    run(
        town.cases.follow(
            twin, NewFollower(key="f", conversation_id="con_third", contact=contact)
        )
    )
    done = run(town.desk.join(twin, town.by(agent, twin), kept, f"We follow it as {kept}."))
    assert (done.status, done.outcome) == (Status.RESOLVED, "duplicate")
    assert done.duplicate_of == case_of(town, kept).id
    assert case_of(town, kept).followers == 2
    for conversation in ("con_second", "con_third"):
        assert town.sees(kept, conversation)["mine"]
        assert town.sees(twin, conversation)["mine"]
    with town.database.engine.connect() as connection:
        phones = connection.execute(
            select(case_contacts.c.phone_e164)
            .join(case_followers, case_followers.c.id == case_contacts.c.follower_id)
            .where(
                case_contacts.c.case_id == done.duplicate_of, case_contacts.c.phone.is_not(None)
            )
        ).scalars()
        assert list(phones) == ["+14165550103"]
    assert Happened.JOINED in town.kinds(kept)
    file = run(town.reading.file(agent, kept))
    assert [c.reference for c in file.joined] == [twin]
    assert {p.name for p in file.people} == {"Test Person", "Third Person"}


def test_who_reported_both_is_not_counted_as_a_follower(town: Town, agent: Member) -> None:
    kept, twin = town.opens(), town.opens()
    run(town.desk.join(twin, town.by(agent, twin), kept, "The same hole."))
    assert case_of(town, kept).followers == 0
    assert town.sees(kept, CONVERSATION)["mine"]


def test_a_duplicate_that_was_none_is_reopened_and_joined_to_nothing(
    town: Town, agent: Member
) -> None:
    kept, twin = town.opens(), town.opens(conversation_id="con_second")
    run(town.desk.join(twin, town.by(agent, twin), kept, "The same hole."))
    town.moves(twin, Move.REOPEN, text="No, it is another one.")
    assert case_of(town, twin).duplicate_of is None


def test_a_case_is_joined_only_to_another_open_one_that_the_member_sees(town: Town) -> None:
    agent = town.member(Role.AGENT, QUEUE)
    case, finished, hidden = town.opens(), town.opens(), town.opens()
    town.resolves(finished)
    for one in (case, finished):
        at(town, one, QUEUE)
    at(town, hidden, OTHER)
    for into in (case, finished, hidden, "K4M-9RW-2HY", "no reference"):
        with pytest.raises(MoveNotAllowed):
            run(town.desk.join(case, town.by(agent, case), into, "The same."))
    assert case_of(town, case).status is Status.RECEIVED
