"""What may happen to a case: the whole table, move by move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from triage.cases.workflow import (
    MOVES,
    OUTCOMES,
    Actor,
    Move,
    NotAllowed,
    Standing,
    Status,
    allowed,
    possible,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
R, P, W, S, C, X = Status  # received, in progress, waiting, resolved, closed, withdrawn

# Where each move leads from each status, for those who may make it; None: nowhere.
TABLE = {
    #              received, in progress, waiting, resolved, closed, withdrawn
    Move.START:    (P,    None, P,    None, None, None),
    Move.ASK:      (W,    W,    None, None, None, None),
    Move.ANSWER:   (None, None, P,    None, None, None),
    Move.DELAY:    (R,    P,    W,    None, None, None),
    Move.RESOLVE:  (S,    S,    S,    None, None, None),
    Move.REOPEN:   (None, None, None, R,    None, None),
    Move.CONFIRM:  (None, None, None, S,    C,    None),
    Move.CLOSE:    (None, None, None, C,    None, None),
    Move.WITHDRAW: (X,    X,    X,    None, None, None),
}  # fmt: skip
MAY = {
    Move.START: {Actor.STAFF, Actor.OPEN311},
    Move.ASK: {Actor.STAFF, Actor.OPEN311},
    Move.ANSWER: {Actor.RESIDENT},
    Move.DELAY: {Actor.STAFF, Actor.OPEN311},
    Move.RESOLVE: {Actor.STAFF, Actor.OPEN311},
    Move.REOPEN: {Actor.RESIDENT, Actor.STAFF, Actor.OPEN311},
    Move.CONFIRM: {Actor.RESIDENT},
    Move.CLOSE: {Actor.SYSTEM},
    Move.WITHDRAW: {Actor.RESIDENT, Actor.STAFF, Actor.OPEN311},
}


def tried(move: Move, actor: Actor, status: Status, **changes: object) -> Status | NotAllowed:
    case = Standing(status, NOW - timedelta(days=1), is_reporter=True)
    return allowed(
        move,
        actor,
        Standing(**(vars(case) | changes)),  # type: ignore[arg-type]
        now=NOW,
        reopen_within=MONTH,
    )


def test_the_table_here_names_every_move() -> None:
    assert TABLE.keys() == MAY.keys() == MOVES.keys() == set(Move)


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("move", Move)
def test_each_move_leads_where_the_table_says(move: Move, actor: Actor) -> None:
    for status, end in zip(Status, TABLE[move], strict=True):
        found = tried(move, actor, status)
        if actor in MAY[move] and end is not None:
            assert found is end
        else:
            assert isinstance(found, NotAllowed)
            assert found.why.endswith((".", "again."))


def test_only_who_reported_it_can_take_it_back() -> None:
    assert isinstance(tried(Move.WITHDRAW, Actor.RESIDENT, R, is_reporter=False), NotAllowed)
    assert tried(Move.WITHDRAW, Actor.STAFF, R, is_reporter=False) is X


@pytest.mark.parametrize(
    ("days", "can"), [(0, True), (29.9, True), (30, True), (30.01, False), (400, False)]
)
def test_it_is_opened_again_within_a_month_and_not_later(days: float, can: bool) -> None:
    found = tried(Move.REOPEN, Actor.RESIDENT, S, resolved_at=NOW - timedelta(days=days))
    assert (found is R) is can
    if not can:
        assert isinstance(found, NotAllowed)
        assert "30 days" in found.why


def test_what_a_neighbour_can_do_is_what_the_reference_alone_allows() -> None:
    def can(status: Status, is_reporter: bool) -> list[Move]:
        return possible(
            Actor.RESIDENT,
            Standing(status, NOW, is_reporter),
            now=NOW,
            reopen_within=MONTH,
        )

    assert can(R, is_reporter=False) == []
    assert can(R, is_reporter=True) == [Move.WITHDRAW]
    assert can(S, is_reporter=False) == [Move.REOPEN, Move.CONFIRM]
    assert can(C, is_reporter=True) == [Move.CONFIRM]


def test_every_outcome_has_words_for_staff_and_for_the_resident() -> None:
    assert {"done", "no_action_needed", "not_found", "not_the_citys", "duplicate"} <= set(
        OUTCOMES
    )
    for code, outcome in OUTCOMES.items():
        assert outcome.code == code
        assert len(code) <= 20
        assert outcome.meaning.endswith(".")
        assert outcome.told.endswith(".")
