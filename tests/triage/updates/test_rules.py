"""The rules of telling residents: what is told, in what words, and when no phone may buzz."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services_catalog.packs import PackError
from services_catalog.readability import grade
from services_catalog.segments import fits
from triage.cases.case import Case, Happened
from triage.cases.public import Asking
from triage.cases.workflow import Move, Status
from triage.kit.quiet import read_quiet_hours
from triage.updates.pack import load_update_rules, read_update_rules
from triage.updates.told import OF_A_MOVE, News, news_of, still_true
from triage.updates.wording import Words, worded

TORONTO = ZoneInfo("America/Toronto")
NOW = datetime(2026, 6, 1, 16, tzinfo=UTC)
CASE = Case(
    id="cas_1",
    reference="K4M-9RW-2HX",
    service_id="pothole",
    service_name="Pothole",
    division="Transportation Services",
    queue="road_operations",
    priority="normal",
    status=Status.RECEIVED,
    channel="webchat",
    conversation_id="con_1",
    questions=[],
    answers={},
    description="PRIVATE-WORDS",
    place=None,
    standard=None,
    opened_at=NOW,
    updated_at=NOW,
    due_at=NOW + timedelta(days=4),
    resolved_at=None,
    outcome=None,
    outcome_sentence=None,
    delay_reason=None,
    asked=None,
    followers=0,
)


@pytest.mark.parametrize(
    ("written", "local", "over"),
    [
        ("21:00-8:00", "2026-06-01 20:59", None),
        ("21:00-8:00", "2026-06-01 21:00", "2026-06-02 08:00"),
        ("21:00-8:00", "2026-06-01 23:59", "2026-06-02 08:00"),
        ("21:00-8:00", "2026-06-02 00:00", "2026-06-02 08:00"),
        ("21:00-8:00", "2026-06-02 07:59", "2026-06-02 08:00"),
        ("21:00-8:00", "2026-06-02 08:00", None),
        # The night in which clocks go back is an hour longer, the other one shorter.
        ("21:00-8:00", "2026-10-31 22:00", "2026-11-01 08:00"),
        ("21:00-8:00", "2026-03-07 22:00", "2026-03-08 08:00"),
        # The last day of a year.
        ("21:00-8:00", "2026-12-31 22:00", "2027-01-01 08:00"),
        ("1:00-6:30", "2026-06-01 00:30", None),
        ("1:00-6:30", "2026-06-01 06:29", "2026-06-01 06:30"),
    ],
)
def test_quiet_hours(written: str, local: str, over: str | None) -> None:
    quiet = read_quiet_hours(written)
    assert quiet is not None
    moment = datetime.fromisoformat(local).replace(tzinfo=TORONTO)
    expected = datetime.fromisoformat(over).replace(tzinfo=TORONTO) if over else moment
    assert quiet.over_at(moment.astimezone(UTC), TORONTO) == expected


@pytest.mark.parametrize(
    ("kind", "news"),
    [
        (Move.START, (News.STARTED,)),
        (Move.ASK, (News.ASKED,)),
        (Move.DELAY, (News.DELAYED,)),
        (Move.RESOLVE, (News.RESOLVED,)),
        (Move.REOPEN, (News.REOPENED,)),
        (Move.WITHDRAW, (News.WITHDRAWN,)),
        # They did it themselves, or nothing changes for them.
        (Move.ANSWER, ()),
        (Move.CLOSE, ()),
        (Happened.ADDED, ()),
        (Happened.JOINED, ()),
        (Happened.REROUTED, ()),
        (Happened.PASSED_ON, ()),
        (Happened.ASSIGNED, ()),
        (Happened.NOTED, ()),
    ],
)
def test_what_is_told_of_a_move(kind: Move | Happened, news: tuple[News, ...]) -> None:
    assert news_of(kind, CASE, CASE) == news


def test_every_move_was_thought_of() -> None:
    assert set(Move) == set(OF_A_MOVE) | {Move.ANSWER, Move.CONFIRM, Move.CLOSE}


def test_another_promised_date_is_told_whatever_brought_it() -> None:
    later = replace(CASE, due_at=NOW + timedelta(days=9))
    assert news_of(Move.DELAY, CASE, later) == (News.DELAYED, News.PROMISED)
    assert news_of(Happened.NOTED, CASE, later) == (News.PROMISED,)
    # One that is opened again says its date by itself.
    assert news_of(Move.REOPEN, CASE, later) == (News.REOPENED,)


@pytest.mark.parametrize(
    ("happened", "status", "told"),
    [
        ("started asked", Status.WAITING, "asked"),
        ("asked", Status.IN_PROGRESS, ""),  # answered meanwhile
        ("started asked started", Status.IN_PROGRESS, "started"),
        ("started resolved", Status.RESOLVED, "resolved"),
        ("resolved", Status.RECEIVED, ""),  # they said themselves that it is not fixed
        ("resolved reopened", Status.RECEIVED, "reopened"),
        ("resolved reopened started", Status.IN_PROGRESS, "started"),
        ("started promised", Status.IN_PROGRESS, "started promised"),
        ("promised withdrawn", Status.WITHDRAWN, "withdrawn"),
        ("resolved", Status.CLOSED, "resolved"),
    ],
)
def test_of_what_waited_only_what_is_still_true_is_told(
    happened: str, status: Status, told: str
) -> None:
    case = replace(CASE, status=status)
    assert still_true(map(News, happened.split()), case) == tuple(map(News, told.split()))


CASES = {
    News.STARTED: replace(CASE, status=Status.IN_PROGRESS),
    News.ASKED: replace(CASE, status=Status.WAITING, asked="Which lane is it in?"),
    News.DELAYED: replace(CASE, delay_reason="We wait for asphalt."),
    News.PROMISED: CASE,
    News.RESOLVED: replace(
        CASE,
        status=Status.RESOLVED,
        resolved_at=NOW,
        outcome="done",
        outcome_sentence="The hole was filled on Monday.",
    ),
    News.REOPENED: CASE,
    News.WITHDRAWN: replace(CASE, status=Status.WITHDRAWN),
}


@pytest.mark.parametrize("news", list(News))
@pytest.mark.parametrize("has_joined", [False, True])
def test_news_read_plainly_name_the_report_and_fit_two_segments(
    news: News, has_joined: bool
) -> None:
    words = load_update_rules("toronto").words
    asking = Asking(NOW, TORONTO, timedelta(days=30))
    told = worded([news], CASES[news], asking, words, has_joined=has_joined, is_first=True)
    assert CASE.reference in told.text
    assert told.short.startswith(CASE.reference)
    assert fits(told.short)
    assert ("joined" in told.text) is has_joined
    assert "PRIVATE-WORDS" not in told.text + told.short
    assert grade(told.text.replace(CASE.reference, "it")) <= 6.9


def test_a_long_question_is_cut_in_a_text_which_says_how_to_get_the_rest() -> None:
    case = replace(CASE, status=Status.WAITING, asked="Is it near the school? " * 40)
    asking = Asking(NOW, TORONTO, timedelta(days=30))
    told = worded([News.ASKED], case, asking, Words(), has_joined=False, is_first=False)
    assert case.asked is not None
    assert case.asked.strip() in told.text
    assert fits(told.short)
    assert told.short.endswith("... Text K4M-9RW-2HX for all of it.")
    assert "Is it near the school?" in told.short


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("quiet_hours: at night", "quiet hours"),
        ("quiet: 21:00-8:00", "'quiet' is not known here"),
        ("words: {begun: It began.}", "'begun' is not known here"),
        ("words: {started: '{name} began.'}", "cannot be filled with {name}"),
        ("words: {started: '{division began.'}", "'started'"),
        ("words: {started: ''}", "must be a text"),
        ("words: [", "line 1"),
    ],
)
def test_a_pack_that_does_not_fit_is_refused_with_the_reason(text: str, what: str) -> None:
    with pytest.raises(PackError, match=what):
        read_update_rules(text)


def test_a_pack_words_what_it_wants_to_and_leaves_the_rest_to_us() -> None:
    rules = read_update_rules("quiet_hours: none\nwords: {reopened: We look again.}")
    assert rules.quiet is None
    assert rules.words == replace(Words(), reopened="We look again.")
