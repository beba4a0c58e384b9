"""Texts go out: in order, once, later if need be, and never to somebody who wants none."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.support.databases import new_sqlite
from tests.triage.talking import wait_until
from tests.triage.texting.carrier import ACCOUNT, CarrierTwin, Mood, Phone, post_signed
from tests.triage.texting.conftest import MakePhone, Place, Rows, a_line
from tests.triage.twin import AssistantTwin, says
from triage.texting.codes import CODES, STEPS, Verdict, in_words, is_news, verdict_on
from triage.texting.repository.outgoing import not_arrived
from triage.texting.tables import senders, texts


def only(rows: Rows) -> Any:
    (text,) = rows.of(texts)
    return text


@pytest.mark.parametrize(
    "mood", [Mood.FAILS, Mood.DROPS, Mood.BUSY, 20429, 20003, 21611], ids=str
)
def test_what_was_not_taken_is_sent_again_in_its_order(
    phone: Phone, carrier: CarrierTwin, mood: Mood
) -> None:
    carrier.moods.extend([mood, mood])
    phone.texts("one")
    phone.texts("two")
    assert phone.hears(2) == ["You said: one", "You said: two"]
    assert carrier.posts == 4


@pytest.mark.parametrize(
    "mood",
    [Mood.KEEPS_AND_FAILS, Mood.KEEPS_AND_DROPS, Mood.KEEPS_AND_HANGS, Mood.BABBLES],
    ids=str,
)
def test_what_was_taken_without_an_answer_is_found_and_not_sent_twice(
    phone: Phone, carrier: CarrierTwin, rows: Rows, mood: Mood
) -> None:
    carrier.calls_back_at = ""
    carrier.moods.append(mood)
    phone.texts("one")
    phone.texts("two")
    assert phone.hears(2) == ["You said: one", "You said: two"]
    wait_until(lambda: all(t.done_at for t in rows.of(texts)))
    first, second = sorted(rows.of(texts), key=lambda t: t.number)
    assert (first.ambiguous, second.ambiguous) == (1, 0)
    assert first.carrier_sid == carrier.log[0]["sid"]
    assert carrier.posts == 2
    assert phone.has_heard() == []


def test_the_same_words_said_before_are_not_taken_for_those_in_doubt(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.calls_back_at = ""
    phone.texts("one")
    phone.hears()
    carrier.moods.append(Mood.FAILS)
    phone.texts("one")
    assert phone.hears() == ["You said: one"]
    wait_until(lambda: all(t.done_at for t in rows.of(texts)))
    assert len({t.carrier_sid for t in rows.of(texts)}) == 2


def test_the_carriers_call_tells_of_a_text_whose_sending_had_no_answer(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.moods.append(Mood.KEEPS_AND_DROPS)
    carrier.log_status = 500
    phone.texts("one")
    wait_until(lambda: rows.of(texts) and only(rows).done_at)
    assert only(rows).status == "delivered"
    assert only(rows).carrier_sid == carrier.log[0]["sid"]


def test_where_the_carrier_calls_while_the_log_is_read_nothing_is_sent_twice(
    phone: Phone, carrier: CarrierTwin, place: Place, rows: Rows
) -> None:
    carrier.calls_back_at = ""
    carrier.before_the_log_is_read = lambda: carrier.call_back(
        carrier.log[0], "delivered", at=place.url
    )
    carrier.moods.append(Mood.KEEPS_AND_DROPS)
    phone.texts("one")
    phone.texts("two")
    assert phone.hears(2) == ["You said: one", "You said: two"]
    assert carrier.posts == 2


def test_while_the_log_cannot_be_read_nothing_in_doubt_is_sent_again(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.calls_back_at = ""
    carrier.moods.append(Mood.KEEPS_AND_DROPS)
    carrier.log_status = 500
    phone.texts("one")
    wait_until(lambda: rows.of(texts) and only(rows).attempts >= 3)
    assert carrier.posts == 1
    carrier.log_status = 200
    wait_until(lambda: only(rows).done_at)
    assert carrier.posts == 1


@pytest.mark.parametrize("code", [21211, 21614, 21612, 99999])
def test_what_will_never_be_taken_is_given_up_and_the_next_goes_out(
    phone: Phone, carrier: CarrierTwin, rows: Rows, code: int
) -> None:
    carrier.moods.append(code)
    phone.texts("one")
    phone.texts("two")
    assert phone.hears() == ["You said: two"]
    first = min(rows.of(texts), key=lambda t: t.number)
    assert (first.dead_at is None, first.error_code, first.last_error) == (
        False,
        code,
        f"code_{code}",
    )
    assert carrier.posts == 2


class TestGivenUp:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        changes = {"text_give_up_after_hours": 1 / 3_600}
        with a_line(new_sqlite(tmp_path), tmp_path, **changes) as place:
            yield place

    def test_what_cannot_be_sent_for_long_is_given_up(
        self, phone: Phone, carrier: CarrierTwin, rows: Rows
    ) -> None:
        carrier.choose = lambda: Mood.BUSY
        phone.texts("one")
        wait_until(lambda: rows.of(texts) and only(rows).dead_at)
        assert only(rows).last_error == "given_up:code_20429"


# ── they want no more ──


STOPS = ["STOP", "Unsubscribe", "CANCEL", "end", "Quit", "stopall", "OPTOUT", "revoke"]


@pytest.mark.parametrize("word", STOPS)
def test_after_stop_nothing_is_sent_until_start(
    phone: Phone, carrier: CarrierTwin, rows: Rows, word: str
) -> None:
    phone.texts("one")
    phone.hears()
    phone.texts(word)
    phone.texts("two")
    wait_until(lambda: len(rows.of(texts)) == 2)
    refused = max(rows.of(texts), key=lambda t: t.number)
    assert (refused.last_error, refused.dead_at is None) == ("opted_out", False)
    phone.texts("START")
    # What they asked last is still waited for; it is said once.
    assert phone.hears() == ["You said: two"]
    phone.texts(word)
    phone.texts("START")
    phone.texts("three")
    assert phone.hears() == ["You said: three"]
    assert carrier.posts == 3


def test_a_question_that_stop_held_back_is_asked_after_start_with_its_choices(
    phone: Phone, assistant: AssistantTwin, rows: Rows
) -> None:
    phone.texts("STOP")
    assistant.will_answer = lambda asked: says(
        "Shall I send this?", "intake", choices=[{"label": "Send it"}, {"label": "Change it"}]
    )
    phone.texts("a pothole")
    wait_until(lambda: rows.of(texts))
    assistant.will_answer = lambda asked: says("Good to hear.", "small_talk")
    phone.texts("thanks")
    wait_until(lambda: len(rows.of(texts)) == 2)
    phone.texts("START")
    assert phone.hears() == ["Shall I send this?\n1 Send it\n2 Change it"]
    assistant.will_answer = lambda asked: says(f"Choice: {asked['text']}")
    phone.texts("1")
    assert phone.hears() == ["Choice: /choose"]
    assert phone.has_heard() == []


@pytest.mark.parametrize("word", ["ARRET", "arrêt", "Arrêter", "stop."])
def test_a_word_that_the_carrier_does_not_know_is_confirmed_once(
    phone: Phone, rows: Rows, word: str
) -> None:
    phone.texts(word)
    (last,) = phone.hears()
    assert last.startswith("You will get no more texts")
    phone.texts(word)
    phone.texts("hello")
    wait_until(lambda: len(rows.of(texts)) == 2)
    assert phone.has_heard() == []


def test_what_to_do_in_danger_is_sent_to_somebody_who_wants_no_texts(
    phone: Phone, assistant: AssistantTwin, rows: Rows
) -> None:
    phone.texts("ARRET")
    assert phone.hears()[0].startswith("You will get no more texts")
    phone.texts("i smell gas in the hallway")
    assert "Leave now" in phone.hears()[0]
    # What the assistant says beside it is not sent.
    wait_until(lambda: len(rows.of(texts)) == 3)
    assert phone.has_heard() == []


def test_where_the_carrier_keeps_what_to_do_in_danger_from_them_staff_see_it(
    phone: Phone, carrier: CarrierTwin, line: str, client: httpx.Client, rows: Rows
) -> None:
    phone.texts("STOP")
    before = figure(client, line, "ask311_safety_texts_not_arrived")
    carrier.moods.append(21610)
    phone.texts("i smell gas in the hallway")
    wait_until(lambda: any(t.last_error == "code_21610" for t in rows.of(texts)))
    assert figure(client, line, "ask311_safety_texts_not_arrived") == before + 1
    with rows.engine.connect() as connection:
        first = not_arrived(connection, datetime.now(UTC) - timedelta(minutes=5))[0]
    assert (first.is_safety, in_words(first.why)) == (True, "code_21610: they sent STOP")


def figure(client: httpx.Client, line: str, name: str) -> float:
    lines = client.get(f"{line}/metrics").text.splitlines()
    return float(next(ln for ln in lines if ln.startswith(f"{name} ")).split()[1])


def test_what_the_carrier_says_of_a_word_is_believed(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    phone.texts("no more please", OptOutType="STOP")
    assert rows.of(senders)[0].opted_out_at
    phone.texts("again please", OptOutType="START")
    assert rows.of(senders)[0].opted_out_at is None
    phone.texts("what is this", OptOutType="HELP")
    assert carrier.posts == 0


class TestWaiting:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        changes = {"text_retry_first_seconds": 3_600, "text_retry_longest_seconds": 3_600}
        with a_line(new_sqlite(tmp_path), tmp_path, **changes) as place:
            yield place

    def test_what_waits_is_not_sent_after_stop(
        self, phone: Phone, carrier: CarrierTwin, rows: Rows
    ) -> None:
        carrier.moods.append(Mood.BUSY)
        phone.texts("one")
        wait_until(lambda: rows.of(texts) and only(rows).last_error == "code_20429")
        phone.texts("STOP")
        assert only(rows).last_error == "opted_out"
        phone.texts("START")
        assert phone.hears() == ["You said: one"]
        assert carrier.posts == 2


def test_a_refusal_for_stop_is_an_opt_out(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.moods.append(21610)
    phone.texts("one")
    wait_until(lambda: rows.of(texts) and only(rows).dead_at)
    assert (only(rows).error_code, only(rows).last_error) == (21610, "code_21610")
    assert rows.of(senders)[0].opted_out_at
    phone.texts("two")
    wait_until(lambda: len(rows.of(texts)) == 2)
    assert carrier.posts == 1


def test_help_is_the_carriers_to_answer_if_it_knows_the_word(phone: Phone) -> None:
    phone.texts("HELP")
    phone.texts("aide", OptOutType="HELP")
    phone.texts("AIDE")
    assert "automated assistant" in phone.hears()[0]
    phone.texts("hello")
    assert phone.hears() == ["You said: hello"]


class TestHelp:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with a_line(new_sqlite(tmp_path), tmp_path, text_answers_help=True) as place:
            yield place

    def test_help_is_answered_where_the_settings_say_so(self, phone: Phone) -> None:
        phone.texts("help")
        assert "automated assistant" in phone.hears()[0]


@pytest.mark.parametrize(
    "words", ["stop sign is down", "help me with my bin", "info on permits"]
)
def test_a_sentence_with_such_a_word_is_a_question(phone: Phone, words: str) -> None:
    phone.texts(words)
    assert phone.hears() == [f"You said: {words}"]


# ── one number's share, and machines ──


class TestShare:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with a_line(new_sqlite(tmp_path), tmp_path, text_replies_per_hour=2) as place:
            yield place

    def test_more_than_a_numbers_share_waits_but_what_is_urgent_does_not(
        self, phone: Phone, new_phone: MakePhone, rows: Rows
    ) -> None:
        for text in ("one", "two", "three"):
            phone.texts(text)
        assert phone.hears(2) == ["You said: one", "You said: two"]
        wait_until(lambda: any(t.last_error == "share_used_up" for t in rows.of(texts)))
        waiting = next(t for t in rows.of(texts) if t.last_error == "share_used_up")
        assert (waiting.next_attempt_at - waiting.created_at).total_seconds() > 1_000
        other = new_phone()
        other.texts("one")
        assert other.hears() == ["You said: one"]
        phone.texts("i smell gas in the hallway")
        assert "Leave now" in phone.hears()[0]

    @pytest.mark.parametrize("mood", [Mood.BUSY, Mood.FAILS], ids=str)
    def test_what_was_not_taken_has_its_share_again(
        self, phone: Phone, carrier: CarrierTwin, mood: Mood
    ) -> None:
        carrier.moods.extend([mood] * 3)
        phone.texts("one")
        assert phone.hears() == ["You said: one"]
        phone.texts("two")
        assert phone.hears() == ["You said: two"]


class TestMachine:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with a_line(new_sqlite(tmp_path), tmp_path, text_same_in_a_row=3) as place:
            yield place

    def test_a_machine_that_answers_everything_is_answered_no_more(
        self, phone: Phone, assistant: AssistantTwin, rows: Rows
    ) -> None:
        for _ in range(2):
            phone.texts("I am driving and will reply later.")
            phone.hears()
        phone.texts("I am driving and will reply later.")
        assert "looks like a machine" in phone.hears()[0]
        phone.texts("I am driving and will reply later.")
        phone.texts("i smell gas in the hallway")
        assert "Leave now" in phone.hears()[0]
        assert len(assistant.asked) == 2
        assert rows.of(senders)[0].quiet_until
        phone.texts("STOP")
        assert rows.of(senders)[0].opted_out_at

    def test_somebody_who_asks_again_in_vain_is_no_machine(
        self, phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin
    ) -> None:
        # Nothing was said to them in between.
        assistant.will_answer = lambda asked: [] if len(assistant.asked) < 5 else echo_of(asked)
        for _ in range(5):
            phone.texts("hello?")
        heard = phone.hears(5)
        assert heard == ["You said: hello?"] * 5


def echo_of(asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"custom": {"text": f"You said: {asked['text']}", "outcome": "answer"}}]


# ── what became of it ──


def test_steps_back_are_no_news() -> None:
    for before, now in itertools.product([None, *STEPS], STEPS):
        assert is_news(before, now) == (STEPS[now] > STEPS.get(before or "", 0))
    assert not is_news(None, "receiving")


def test_a_status_is_noted_once_in_whatever_order_the_calls_come(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    at, carrier.calls_back_at = carrier.calls_back_at, ""
    phone.texts("one")
    phone.hears()
    wait_until(lambda: only(rows).done_at)
    carrier.calls_back_at = at
    for told, kept in (
        ("sent", "sent"),
        ("queued", "sent"),
        ("delivered", "delivered"),
        ("sending", "delivered"),
        ("delivered", "delivered"),
        ("undelivered", "delivered"),
        ("read", "read"),
    ):
        assert carrier.call_back(carrier.log[0], told) == 204
        assert only(rows).status == kept


@pytest.mark.parametrize(
    ("code", "is_sent_again"), [(30003, True), (30005, False), (30008, False)]
)
def test_what_was_not_delivered_is_sent_again_if_that_can_help(
    phone: Phone, carrier: CarrierTwin, rows: Rows, code: int, is_sent_again: bool
) -> None:
    at, carrier.calls_back_at = carrier.calls_back_at, ""
    phone.texts("one")
    phone.hears()
    wait_until(lambda: only(rows).done_at)
    carrier.calls_back_at = at
    assert carrier.call_back(carrier.log[0], "undelivered", code) == 204
    if is_sent_again:
        assert phone.hears() == ["You said: one"]
    else:
        assert (only(rows).status, only(rows).error_code) == ("undelivered", code)
        assert only(rows).done_at


class TestLater:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        changes = {
            "text_retry_first_seconds": 600,
            "text_retry_longest_seconds": 600,
            "twilio_seconds": 60,
        }
        with a_line(new_sqlite(tmp_path), tmp_path, **changes) as place:
            yield place

    def test_a_late_call_about_a_failed_sending_does_not_end_the_next_one(
        self, phone: Phone, carrier: CarrierTwin, rows: Rows
    ) -> None:
        at, carrier.calls_back_at = carrier.calls_back_at, ""
        phone.texts("one")
        phone.hears()
        wait_until(lambda: only(rows).done_at)
        carrier.calls_back_at = at
        # They come in any order, and more than once.
        for status in ("undelivered", "sent", "undelivered"):
            assert carrier.call_back(carrier.log[0], status, 30003) == 204
            assert only(rows).done_at is None
        # They are within reach again, and shall not wait for what comes behind it.
        phone.texts("two")
        assert phone.hears(2) == ["You said: one", "You said: two"]

    def test_what_a_dead_process_began_is_looked_for_once_the_log_may_show_it(
        self, phone: Phone, carrier: CarrierTwin, rows: Rows
    ) -> None:
        carrier.moods.append(Mood.BUSY)
        phone.texts("one")
        wait_until(lambda: rows.of(texts) and only(rows).last_error)
        begun = datetime.now(UTC)
        set_text(rows, begun_at=begun, next_attempt_at=begun)
        wait_until(lambda: only(rows).last_error == "in_doubt")
        assert only(rows).next_attempt_at == begun + timedelta(seconds=60)
        assert (carrier.posts, carrier.asked) == (1, [])
        set_text(rows, begun_at=begun - timedelta(seconds=60), next_attempt_at=begun)
        assert phone.hears() == ["You said: one"]
        assert len(carrier.asked) == 1


def set_text(rows: Rows, **values: Any) -> None:
    with rows.engine.begin() as connection:
        connection.execute(update(texts).values(values))


def test_a_status_that_is_not_signed_or_of_nothing_changes_nothing(
    phone: Phone, carrier: CarrierTwin, line: str, rows: Rows
) -> None:
    phone.texts("one")
    phone.hears()
    wait_until(lambda: only(rows).status == "delivered")
    sid, path = carrier.log[0]["sid"], "/channels/twilio/status"
    fields = {"MessageSid": sid, "MessageStatus": "read", "AccountSid": ACCOUNT}
    assert post_signed(line, path, fields, token="another auth token") == 403
    assert post_signed(line, path, fields | {"MessageStatus": "dancing"}) == 422
    assert post_signed(line, path, fields | {"MessageSid": "SM" + "f" * 32}) == 204
    assert only(rows).status == "delivered"


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        (21610, 400, Verdict.OPTED_OUT),
        (0, 429, Verdict.AGAIN),
        (0, 401, Verdict.AGAIN),
        (0, 404, Verdict.NEVER),
        (12345, 400, Verdict.NEVER),
    ],
)
def test_what_a_refusal_means(code: int, status: int, verdict: Verdict) -> None:
    assert verdict_on(code, status) is verdict


def test_every_code_says_in_words_what_it_is() -> None:
    assert all((why and why[0].islower()) or why[0] == "W" for _, why in CODES.values())

    def test_what_the_carrier_calls_about_before_it_answers_counts_as_sent(
        self, phone: Phone, carrier: CarrierTwin, rows: Rows, line: str, client: httpx.Client
    ) -> None:
        at, carrier.calls_back_at = carrier.calls_back_at, ""
        carrier.moods.append(Mood.KEEPS_AND_HANGS)
        phone.texts("one")
        phone.hears()
        carrier.calls_back_at = at
        assert carrier.call_back(carrier.log[0], "delivered") == 204
        assert only(rows).done_at
        sent = 'ask311_texts_sent_total{result="sent"} 1.0'
        assert sent in client.get(f"{line}/metrics").text
