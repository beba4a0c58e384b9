"""The rules of handover, as tables: who holds a conversation, when the desk is open, what waiting means, what words mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services_catalog.desk import DAYS, desk_from
from services_catalog.packs import Holidays
from services_catalog.segments import count, outside_gsm7
from tests.support.small_town import TOWN
from triage.cases.deadlines import WorkingDays
from triage.conversations.turns import (
    MOVES,
    Event,
    State,
    Turn,
    clean_start,
    moved,
    who_answers,
)
from triage.handover import notices
from triage.handover.hours import is_open, opens_next, said_when
from triage.handover.notices import Reason, Words
from triage.handover.reading import Reached, Wish, answer_in, reached_in, wish_in
from triage.handover.waiting import FEWEST, measured_wait
from triage.texting.cutting import plain

TORONTO = ZoneInfo("America/Toronto")
A, Q, P, C = State.ASSISTANT, State.QUEUED, State.PERSON, State.CLOSED


# Each event in each state; a dash: it does not happen there.
@pytest.mark.parametrize(
    ("event", "assistant", "queued", "person", "closed"),
    [
        (Event.QUEUED,      Q, None, None, None),
        (Event.LEFT,        None, A, None, None),
        (Event.PUT_OFF,     None, A, None, None),
        (Event.TAKEN,       P, P, None, None),
        (Event.RETURNED,    None, None, Q, None),
        (Event.FELL_SILENT, None, None, Q, None),
        (Event.HANDED_BACK, None, None, A, None),
        (Event.CLOSED,      None, None, C, None),
        (Event.REOPENED,    None, None, None, A),
    ],
)  # fmt: skip
def test_an_event_moves_a_conversation_as_the_table_says(
    event: Event, assistant: State, queued: State, person: State, closed: State
) -> None:
    found = [moved(state, event) for state in (A, Q, P, C)]
    assert found == [assistant, queued, person, closed]


def test_from_every_state_there_is_a_way_to_an_answer() -> None:
    for start in State:
        reached = {start}
        while more := {to for (at, _), to in MOVES.items() if at in reached} - reached:
            reached |= more
        assert State.ASSISTANT in reached


def test_the_assistant_is_silent_while_people_have_the_conversation() -> None:
    answers = {state: who_answers(state, safety_text_says_all=False) for state in State}
    assert answers == {A: Turn.ASSISTANT, Q: Turn.PERSON, P: Turn.PERSON, C: Turn.ASSISTANT}


def test_a_clean_start_keeps_where_the_resident_is_and_forgets_the_rest() -> None:
    memory = {
        "spot": {},
        "spot_told": True,
        "cases": ["x"],
        "intake": {},
        "shown": {},
        "wish": {},
    }
    assert clean_start(memory) == {"intake": None, "shown": None, "wish": None}
    assert clean_start(None) == {}


# ── hours ──

DESK = desk_from(
    {
        "hours": {
            **dict.fromkeys(DAYS, "08:30-12:00, 13:00-17:00"),
            "saturday": "10:00-24:00",
            "sunday": "closed",
            "holidays": "closed",
        },
        "told_after_minutes": 10,
        "silent_after_minutes": 5,
    }
)
ONTARIO = WorkingDays(Holidays("CA", "ON", ("Easter Monday", "Civic Holiday")))


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TORONTO)


@pytest.mark.parametrize(
    ("moment", "open_now", "back"),
    [
        ("2026-12-01T08:29", False, "today at 8:30 am"),       # a Tuesday
        ("2026-12-01T08:30", True, ""),
        ("2026-12-01T11:59", True, ""),
        ("2026-12-01T12:00", False, "today at 1 pm"),
        ("2026-12-01T17:00", False, "tomorrow at 8:30 am"),
        ("2026-12-05T23:59", True, ""),                        # a Saturday, until midnight
        ("2026-12-06T00:00", False, "tomorrow at 8:30 am"),    # a Sunday
        ("2026-12-24T18:00", False, "on Tuesday at 8:30 am"),  # then Christmas; Boxing Day, a Saturday, is kept on Monday too
        ("2026-03-08T01:59", False, "tomorrow at 8:30 am"),    # the night in which clocks go forward
    ],
)  # fmt: skip
def test_the_desk_is_open_in_its_hours_and_not_on_holidays(
    moment: str, open_now: bool, back: str
) -> None:
    now = at(moment)
    assert is_open(DESK, now, TORONTO, ONTARIO.is_holiday) is open_now
    opens = opens_next(DESK, now, TORONTO, ONTARIO.is_holiday)
    if not open_now:
        assert opens is not None
        assert said_when(opens, now, TORONTO) == back


def test_the_hours_are_those_of_the_city_wherever_the_clock_is() -> None:
    noon_in_toronto = datetime(2026, 12, 1, 18, 0, tzinfo=ZoneInfo("UTC"))
    assert is_open(DESK, noon_in_toronto, TORONTO, ONTARIO.is_holiday)
    assert not is_open(DESK, noon_in_toronto, ZoneInfo("UTC"), ONTARIO.is_holiday)


def test_a_desk_that_never_opens_says_no_day() -> None:
    never = desk_from(
        {
            "hours": dict.fromkeys((*DAYS, "holidays"), "closed"),
            "told_after_minutes": 1,
            "silent_after_minutes": 1,
        }
    )
    assert opens_next(never, at("2026-12-01T12:00"), TORONTO, lambda _: False) is None


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-12-01T12:00", "today at noon"),
        ("2026-12-02T00:00", "tomorrow at 12 am"),
        ("2026-12-07T09:15", "on Monday at 9:15 am"),
        ("2026-12-08T09:15", "on Tuesday, December 8 at 9:15 am"),
    ],
)
def test_a_moment_is_told_as_one_says_it(moment: str, words: str) -> None:
    assert said_when(at(moment), at("2026-12-01T07:00"), TORONTO) == words


# ── waiting ──


@pytest.mark.parametrize(
    ("minutes", "longest_now", "told"),
    [
        ([], 0, None),
        ([1] * (FEWEST - 1), 0, None),      # too few to say
        ([0.1] * FEWEST, 0, 1),
        ([1, 1, 1, 1, 50], 0, 1),           # four in five
        ([1, 1, 1, 4, 50], 0, 5),
        ([4] * 10, 0, 5),
        ([4] * 10, 12, 15),                 # somebody waits longer than that already
        ([500] * 10, 0, None),              # too long to tell
    ],
)  # fmt: skip
def test_the_wait_told_is_what_most_people_waited_lately(
    minutes: list[float], longest_now: float, told: int | None
) -> None:
    waits = [timedelta(minutes=m) for m in minutes]
    assert measured_wait(waits, timedelta(minutes=longest_now)) == told


# ── words ──


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("never mind", Wish.LEAVE),
        ("Nevermind!", Wish.LEAVE),
        ("nvm thanks", Wish.LEAVE),
        ("ok, go on without", Wish.LEAVE),
        ("go on without a person", Wish.LEAVE),
        ("I'll go on with the assistant", Wish.LEAVE),
        ("i don\u2019t want to wait anymore", Wish.LEAVE),
        ("I don't need a person", Wish.LEAVE),
        ("leave the line", Wish.LEAVE),
        ("no need", Wish.LEAVE),
        ("Contact me", Wish.CONTACT),
        ("can they call me back tomorrow?", Wish.CONTACT),
        ("call back please", Wish.CONTACT),
        # More than that is for the person.
        ("never mind the noise, the water is what worries me", None),
        ("go on, tell me when", None),
        ("hello?", None),
        ("how long do I have to wait", None),
        ("call me Sam", None),
        ("no", None),
        ("", None),
    ],
)
def test_words_in_line_are_a_wish_only_where_they_say_nothing_else(
    text: str, wish: Wish | None
) -> None:
    assert wish_in(text) is wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("yes please", Wish.CONTACT),
        ("Sure", Wish.CONTACT),
        ("ok", Wish.CONTACT),
        ("no thanks", Wish.LEAVE),
        ("Nope.", Wish.LEAVE),
        ("never mind", Wish.LEAVE),
        ("contact me", Wish.CONTACT),
        ("yes but how do i pay a parking ticket", None),
        ("when is my garbage day", None),
        ("okra recipes", None),
    ],
)
def test_yes_and_no_answer_the_question_whether_to_be_contacted(
    text: str, wish: Wish | None
) -> None:
    assert answer_in(text) is wish


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("416 555 0123", Reached(phone="416-555-0123")),
        ("its (416) 555-0123 ext 4 after six", Reached(phone="416-555-0123 ext. 4")),
        ("sam@example.org", Reached(email="sam@example.org")),
        ("sam@example.org or 4165550123", Reached("416-555-0123", "sam@example.org")),
        ("+44 20 7946 0123", Reached(phone="+44 20 7946 0123")),
        ("5", None),
        ("555-0123", None),
        ("my address is 100 Queen St W", None),
    ],
)
def test_a_phone_number_and_an_email_are_read_however_they_are_written(
    text: str, reached: Reached | None
) -> None:
    assert reached_in(text) == reached


# ── what is said ──

EVERY_NOTICE: list[Words] = [
    *(notices.in_line(TOWN, reason, 12, 120) for reason in Reason),
    *(
        notices.desk_closed(TOWN, reason, "on Wednesday at 10:30 am", by_text=True)
        for reason in Reason
    ),
    notices.ask_contact(TOWN),
    notices.contact_not_read(TOWN),
    notices.will_contact("416-555-0123", "on Wednesday at 10:30 am"),
    notices.kept_for_person(),
    notices.nobody_yet(TOWN, ""),
    notices.nobody_yet(TOWN, "on Wednesday at 10:30 am"),
    notices.left(has_words=True),
    notices.left(has_words=False, has_report=True),
    notices.not_contacted(),
    notices.taken(TOWN, "Anne-Marie Delacroix"),
    notices.returned(12),
    notices.fell_silent(TOWN, 12),
    notices.handed_back("Anne-Marie Delacroix"),
    notices.closed("Anne-Marie Delacroix"),
]


@pytest.mark.parametrize("words", EVERY_NOTICE, ids=lambda w: w.short[:40])
def test_every_notice_fits_two_text_messages_with_its_choices(words: Words) -> None:
    below = "\n1 Contact me\n2 Go on without a person"
    assert not outside_gsm7(words.short)
    assert count(plain(words.short) + below).segments <= 2


def test_who_waits_is_always_told_the_phone_as_the_other_way() -> None:
    waits = [
        notices.in_line(TOWN, Reason.ASKED, 1, None),
        notices.desk_closed(TOWN, Reason.ASKED, "", by_text=False),
        notices.nobody_yet(TOWN, ""),
        notices.fell_silent(TOWN, 1),
    ]
    for words in waits:
        assert TOWN.phone in words.text
        assert TOWN.phone in words.short
        assert TOWN.phone_outside in words.short


def test_no_number_is_told_where_too_few_were_taken_to_say() -> None:
    assert "minutes" not in notices.in_line(TOWN, Reason.ASKED, 2, None).text
    assert "waited 5 minutes or less" in notices.in_line(TOWN, Reason.ASKED, 2, 5).text
    assert "waited a minute or less" in notices.in_line(TOWN, Reason.ASKED, 2, 1).text


def test_holidays_are_named_by_the_day() -> None:
    assert ONTARIO.is_holiday(date(2026, 12, 25))
    assert not ONTARIO.is_holiday(date(2026, 12, 26) - timedelta(days=2))
