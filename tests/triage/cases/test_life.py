"""What happens to a case after it was opened, as its resident sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.triage.cases.desk import CONVERSATION, HERE, Desk
from tests.triage.cases.town import Town, run, shown
from triage.cases import repository
from triage.cases.case import Happened
from triage.cases.changes import Step
from triage.cases.errors import CaseUnknown, MoveNotAllowed
from triage.cases.schemas import NewFollower, NewInformation
from triage.cases.workflow import Actor, Move, Status


@pytest.fixture
def town(any_database_url: str) -> Iterator[Town]:
    town = Town(any_database_url)
    yield town
    town.database.close()


def test_a_case_tells_how_it_stands_from_the_report_to_the_end(town: Town) -> None:
    case = town.opens()
    seen = town.sees(case)
    assert "has your report" in seen["status_text"]
    assert seen["next"] == "They aim to look at it by Friday, June 5."
    assert seen["due"] == "2026-06-05T23:59:59-04:00"

    seen = town.moves(case, Move.START)
    assert "is working on it" in seen["status_text"]
    assert seen["next"] == "They aim to finish by Friday, June 5."

    seen = town.moves(case, Move.ASK, text="Is it near the school?")
    assert (seen["status"], seen["can"]) == (
        "waiting",
        ["add", "withdraw"] if seen["mine"] else ["add"],
    )
    assert seen["status_text"].endswith("Is it near the school?")

    seen = shown(
        run(
            town.cases.add(
                case, NewInformation(key="a", conversation_id=CONVERSATION, text="Yes")
            )
        )
    )
    assert seen["status"] == "in_progress"

    seen = town.resolves(case)
    assert seen["outcome"] == {"code": "done", "sentence": "The hole was filled on Tuesday."}
    assert seen["status_text"] == "The work is done. The hole was filled on Tuesday."
    assert (
        seen["next"]
        == "If it is not fixed, tell us by Wednesday, July 1 and we will open it again."
    )
    assert town.kinds(case) == ["opened", "routed", "start", "ask", "answer", "resolve"]


def test_why_it_takes_longer_is_said_before_it_is_late(town: Town) -> None:
    case = town.opens()
    seen = town.moves(case, Move.DELAY, text="We wait for asphalt.")
    assert seen["next"] == "They aim to look at it by Friday, June 5. We wait for asphalt."


def test_late_is_said_with_the_reason_that_was_given(town: Town) -> None:
    case = town.opens()
    town.clock.passes(days=4, hours=12)
    assert not town.sees(case)["is_late"]
    town.clock.passes(hours=2)
    seen = town.sees(case)
    assert seen["is_late"]
    assert seen["late_reason"].endswith("has not told us why.")
    seen = town.moves(case, Move.DELAY, text="The crews clear the storm first.")
    assert (seen["status"], seen["late_reason"]) == (
        "received",
        "The crews clear the storm first.",
    )
    assert seen["next"] == (
        "It was promised by Friday, June 5 and is late. The crews clear the storm first."
    )
    assert not town.resolves(case)["is_late"]


def test_it_is_not_fixed_opens_it_again_with_a_new_promise(town: Town) -> None:
    case = town.opens()
    town.resolves(case)
    town.clock.passes(days=7)
    # With the reference alone, as a neighbour may have it.
    seen = town.moves(case, Move.REOPEN, Actor.RESIDENT, text="The hole is back.")
    assert (seen["status"], seen["outcome"]) == ("received", None)
    assert seen["due"] == "2026-06-12T23:59:59-04:00"


def test_a_resident_says_that_it_is_fixed_and_it_stays_done(town: Town) -> None:
    case = town.opens()
    with pytest.raises(MoveNotAllowed, match="is open"):
        town.moves(case, Move.CONFIRM, Actor.RESIDENT)
    town.resolves(case)
    seen = town.moves(case, Move.CONFIRM, Actor.RESIDENT)
    assert (seen["status"], seen["outcome"]["code"]) == ("resolved", "done")
    assert "confirm" in seen["can"]
    # It can come back all the same.
    assert town.moves(case, Move.REOPEN, Actor.RESIDENT, text="No.")["status"] == "received"


def test_after_a_month_it_is_closed_for_good(town: Town) -> None:
    case, other = town.opens(), town.opens()
    town.resolves(case)
    town.clock.passes(days=29)
    town.resolves(other)
    assert run(town.cases.close_old()) == 0
    town.clock.passes(days=2)
    with pytest.raises(MoveNotAllowed, match="30 days"):
        town.moves(case, Move.REOPEN, Actor.RESIDENT, text="It is back.")
    assert "make a new report" in town.sees(case)["next"]
    assert run(town.cases.close_old()) == 1
    assert town.sees(case)["status"] == "closed"
    assert town.sees(case)["outcome"]["code"] == "done"
    assert town.sees(other)["status"] == "resolved"
    assert run(town.cases.close_old()) == 0


def test_only_the_reporter_takes_it_back_and_nobody_twice(town: Town) -> None:
    case = town.opens()
    with pytest.raises(MoveNotAllowed, match="Only the person"):
        town.moves(case, Move.WITHDRAW, Actor.RESIDENT, conversation_id="con_other")
    seen = town.moves(case, Move.WITHDRAW, Actor.RESIDENT, conversation_id=CONVERSATION)
    assert (seen["status"], seen["can"]) == ("withdrawn", [])
    with pytest.raises(MoveNotAllowed, match="taken back"):
        town.moves(case, Move.WITHDRAW, Actor.RESIDENT, conversation_id=CONVERSATION)
    with pytest.raises(MoveNotAllowed):
        run(town.cases.add(case, NewInformation(key="x", text="more")))


def test_nothing_is_resolved_without_what_came_of_it(town: Town) -> None:
    case = town.opens()
    for lacking in (
        {},
        {"outcome": "done"},
        {"text": "All fine."},
        {"outcome": "magic", "text": "x"},
    ):
        with pytest.raises(MoveNotAllowed):
            town.moves(case, Move.RESOLVE, **lacking)
    for move in (Move.ASK, Move.DELAY):
        with pytest.raises(MoveNotAllowed):
            town.moves(case, move)
    assert town.sees(case)["status"] == "received"
    assert town.kinds(case) == ["opened", "routed"]


def test_the_same_move_again_is_made_once(town: Town) -> None:
    case = town.opens()
    step = Step(Move.WITHDRAW, Actor.RESIDENT, "again", conversation_id=CONVERSATION)
    first = shown(run(town.cases.move(case, step)))
    town.clock.passes(hours=1)
    assert shown(run(town.cases.move(case, step))) == first
    assert town.kinds(case) == ["opened", "routed", "withdraw"]


def test_whoever_joins_is_counted_once_and_it_is_theirs_too(town: Town) -> None:
    case = town.opens()

    def joins(conversation: str) -> dict[str, Any]:
        return shown(
            run(
                town.cases.follow(
                    case,
                    NewFollower(
                        key=town.key(),
                        conversation_id=conversation,
                        contact={"email": "neighbour@example.org", "wants_updates": True},
                    ),
                )
            )
        )

    assert (joins("con_b")["followers"], joins("con_c")["followers"]) == (1, 2)
    again = joins("con_b")
    assert (again["followers"], again["mine"]) == (2, True)
    # Theirs to see and to add to, not to take back.
    assert again["can"] == ["add"]
    assert joins(CONVERSATION)["followers"] == 2
    town.resolves(case)
    with pytest.raises(MoveNotAllowed):
        joins("con_d")
    assert joins("con_b")["followers"] == 2
    mine = run(town.cases.of_conversation("con_b"))
    assert [s.case.reference for s in mine] == [case]
    assert shown(mine[0])["mine"]


def test_the_cases_of_a_conversation_are_those_opened_or_joined_there_newest_first(
    town: Town,
) -> None:
    first = town.opens()
    town.clock.passes(minutes=1)
    joined = town.opens(conversation_id="con_b")
    town.clock.passes(minutes=1)
    last = town.opens()
    run(town.cases.follow(joined, NewFollower(key="j", conversation_id=CONVERSATION)))
    found = run(town.cases.of_conversation(CONVERSATION))
    assert [s.case.reference for s in found] == [last, joined, first]
    assert run(town.cases.of_conversation("con_nobody")) == []


def test_near_by_are_open_cases_of_the_service_within_the_distance_nearest_first(
    town: Town,
) -> None:
    def at(north: float, east: float, **more: Any) -> str:
        lat = HERE["lat"] + north / repository.METRES_A_DEGREE
        long = HERE["long"] + east / (repository.METRES_A_DEGREE * 0.7236)
        return town.opens(location=HERE | {"lat": lat, "long": long}, **more)

    far, near, corner = at(49, 0), at(0, 10), at(40, 40)
    at(0, 51)
    done = at(1, 1)
    town.resolves(done)
    tree = {"land": "city", "reason": "It leans."}
    at(2, 2, service_id="city_tree", answers=tree)
    found = run(town.cases.near("pothole", HERE["lat"], HERE["long"], 50))
    assert [n.case.reference for n in found] == [near, far]
    assert [round(n.metres) for n in found] == [10, 49]
    wider = run(town.cases.near("pothole", HERE["lat"], HERE["long"], 57))
    assert [n.case.reference for n in wider][-1] == corner


@pytest.mark.parametrize(
    "written", [str.lower, lambda r: r.replace("-", ""), lambda r: r.replace("-", " ")]
)
def test_a_reference_is_read_in_any_way_of_writing(
    town: Town, written: Callable[[str], str]
) -> None:
    case = town.opens()
    assert town.sees(written(case))["reference"] == case


@pytest.mark.parametrize("reference", ["K4M-9RW-2HX", "", "nonsense", "x" * 60, "K4M\x00"])
def test_a_reference_that_is_none_is_said_so(town: Town, reference: str) -> None:
    with pytest.raises(CaseUnknown):
        town.sees(reference)


def test_the_internal_api_does_the_same(desk: Desk) -> None:
    case = desk.opens()
    at = f"/cases/{case['reference']}"
    joined = desk.sends(f"{at}/followers", conversation_id="con_b", contact=None)
    assert (joined.status_code, joined.json()["followers"]) == (200, 1)
    added = desk.sends(
        f"{at}/messages", conversation_id=CONVERSATION, text="It grew.", photos=[]
    )
    assert added.status_code == 200
    near = desk.asks("/cases", service_id="pothole", lat=43.65, long=-79.38, within=50).json()
    assert near["cases"] == [
        {"reference": case["reference"], "metres": 0.0, "opened_at": case["opened_at"],
         "followers": 1, "status": "received"}
    ]  # fmt: skip
    listed = desk.asks("/conversations/con_b/cases").json()["cases"]
    assert [c["reference"] for c in listed] == [case["reference"]]
    refused = desk.sends(f"{at}/moves", conversation_id="con_b", move="withdraw", text="")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "move_not_allowed")
    moved = desk.sends(f"{at}/moves", conversation_id=CONVERSATION, move="withdraw", text="")
    assert moved.json()["status"] == "withdrawn"
    nothing = desk.sends(f"{at}/messages", conversation_id=CONVERSATION, text=" ", photos=[])
    assert nothing.status_code == 422
    unknown = desk.asks("/cases/K4M-9RW-2HX")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "case_not_found")
    for move in ("resolve", "close", "start"):
        assert desk.sends(f"{at}/moves", move=move, text="x").status_code == 422


def test_whatever_is_done_to_a_case_is_told_once_to_those_who_asked_to_be_told(
    town: Town,
) -> None:
    case = town.opens()
    town.moves(case, Move.ASK, key="asked", text="Is it near the school?")
    town.moves(case, Move.ASK, key="asked", text="Is it near the school?")
    answer = NewInformation(key="a", conversation_id=CONVERSATION, text="Yes")
    run(town.cases.add(case, answer))
    run(town.cases.follow(case, NewFollower(key="f", conversation_id="cnv_next")))
    run(town.cases.follow(case, NewFollower(key="g", conversation_id="cnv_next")))
    told = [(m.kind, m.actor, m.before.status, m.case.status) for m in town.told]
    assert told == [
        (Move.ASK, Actor.STAFF, Status.RECEIVED, Status.WAITING),
        (Move.ANSWER, Actor.RESIDENT, Status.WAITING, Status.IN_PROGRESS),
        (Happened.JOINED, Actor.RESIDENT, Status.IN_PROGRESS, Status.IN_PROGRESS),
    ]
