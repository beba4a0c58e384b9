"""What never came here is found in the carrier's log; so is what became of texts in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.triage.talking import wait_until
from tests.triage.texting.carrier import (
    API,
    LINE,
    OTHER_LINE,
    CarrierTwin,
    Mood,
    Phone,
)
from tests.triage.texting.conftest import Place, Rows, a_line
from tests.triage.texting.test_pictures import a_picture, tells_of_photos
from tests.triage.twin import AssistantTwin, says
from triage.conversations.tables import messages
from triage.texting import reconciling
from triage.texting.tables import carrier_messages, log_reads, senders, texts

RESIDENT = "+14165550100"


@pytest.fixture
def place(any_database_url: str, tmp_path: Path) -> Iterator[Place]:
    # It reads the log as often as it can.
    changes = {"text_reconcile_minutes": 0.001}
    with a_line(any_database_url, tmp_path, **changes) as place:
        yield place


@pytest.fixture
def phone(place: Place) -> Phone:
    return Phone(RESIDENT, place.carrier, place.url)


def is_read_twice(carrier: CarrierTwin) -> None:
    """Wait until each number's log has been read to its end once more, from now on."""
    before = len(carrier.asked)
    wait_until(lambda: len(carrier.asked) > before + 12)


def test_what_an_outage_dropped_is_taken_in_once_and_in_its_order(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.page_size = 2
    missed = [
        carrier.takes(f"missed {n}", RESIDENT, ago=timedelta(minutes=9 - n)) for n in range(5)
    ]
    assert phone.hears(5) == [f"You said: missed {n}" for n in range(5)]
    # The webhook of one of them comes after all.
    again = phone.fields("missed 0") | {"MessageSid": missed[0]["sid"]}
    assert phone.sends(again) == 204
    is_read_twice(carrier)
    assert phone.has_heard() == []
    found = rows.of(carrier_messages)
    assert [r.source for r in found] == ["log"] * 5


def test_what_came_by_itself_is_not_taken_from_the_log(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    fields = phone.texts("hello")
    carrier.takes("hello", RESIDENT, sid=fields["MessageSid"])
    assert phone.hears() == ["You said: hello"]
    is_read_twice(carrier)
    assert [r.source for r in rows.of(carrier_messages)] == ["webhook"]
    assert phone.has_heard() == []


def test_a_place_whose_webhook_is_on_its_way_is_not_taken_for_an_empty_text(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin
) -> None:
    fields = phone.fields("", Latitude="43.6532", Longitude="-79.3832")
    carrier.takes("", RESIDENT, sid=fields["MessageSid"])
    is_read_twice(carrier)
    assert phone.sends(fields) == 204
    phone.hears()
    assert assistant.asked[0]["metadata"]["location"]["lat"] == 43.6532
    # Where none comes, it is answered all the same.
    carrier.takes("", RESIDENT, ago=timedelta(minutes=2))
    assert "without words" in phone.hears()[0]


def test_only_what_went_to_our_numbers_and_came_from_others_is_taken(
    phone: Phone, carrier: CarrierTwin
) -> None:
    carrier.takes("to another number", RESIDENT, line=OTHER_LINE)
    carrier.keep(body="sent by us", to=LINE, status="sent", **{"from": RESIDENT})
    carrier.takes("of last week", RESIDENT, ago=timedelta(days=7))
    carrier.takes("hello", RESIDENT)
    assert phone.hears() == ["You said: hello"]
    is_read_twice(carrier)
    assert phone.has_heard() == []


def test_stop_is_heard_even_late(phone: Phone, carrier: CarrierTwin, rows: Rows) -> None:
    carrier.takes("STOP", RESIDENT)
    wait_until(lambda: rows.of(senders) and rows.of(senders)[0].opted_out_at)


def test_what_was_said_later_is_not_undone_by_what_is_found_late(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin, rows: Rows
) -> None:
    assistant.will_answer = lambda asked: says(
        "Which bin?", "intake", choices=[{"label": "Green"}, {"label": "Blue"}]
    )
    phone.texts("STOP")
    phone.texts("START")
    phone.texts("my bin is broken")
    phone.hears()
    # Meant for an older question; and stopped before they started again.
    carrier.takes("STOP", RESIDENT, ago=timedelta(minutes=3))
    carrier.takes("1", RESIDENT, ago=timedelta(minutes=2))
    assert phone.hears()[0].startswith('Your text "1" reached us late')
    assert rows.of(senders)[0].opted_out_at is None
    assert len(assistant.asked) == 1
    assert "1" in {m.text for m in rows.of(messages)}
    # The newest question still stands.
    phone.texts("2")
    phone.hears()
    assert assistant.asked[-1]["text"] == "/choose"


def test_a_picture_in_the_log_comes_too(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin
) -> None:
    assistant.will_answer = tells_of_photos
    sid = "MM" + "0" * 31 + "1"
    carrier.media[f"{API}/Messages/{sid}/Media/ME1"] = ("image/jpeg", a_picture())
    carrier.takes("look", RESIDENT, num_media="1", sid=sid)
    assert sorted(phone.hears(2)) == ["Got the photo.", "You said: look"]


def test_an_outage_of_hours_is_read_back_to_its_beginning(
    carrier: CarrierTwin, phone: Phone, rows: Rows
) -> None:
    carrier.log_status = 500
    is_read_twice(carrier)
    with rows.engine.begin() as connection:
        began = datetime.now(UTC) - timedelta(hours=5)
        connection.execute(update(log_reads).values(read_until=began))
    carrier.takes("four hours ago", RESIDENT, ago=timedelta(hours=4))
    is_read_twice(carrier)
    carrier.log_status = 200
    assert phone.hears() == ["You said: four hours ago"]


def test_a_text_given_up_in_doubt_is_found_to_have_been_sent(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.calls_back_at = ""
    carrier.moods.append(Mood.KEEPS_AND_DROPS)
    phone.texts("hello")
    wait_until(lambda: rows.of(texts) and rows.of(texts)[0].ambiguous)
    with rows.engine.begin() as connection:
        connection.execute(update(texts).values(dead_at=datetime.now(UTC), lease_by=None))
    wait_until(lambda: rows.of(texts)[0].done_at)
    kept = rows.of(texts)[0]
    assert (kept.carrier_sid, kept.dead_at) == (carrier.log[0]["sid"], None)
    assert carrier.posts == 1


def test_the_end_of_a_text_that_was_not_told_is_asked_for(
    phone: Phone, carrier: CarrierTwin, rows: Rows
) -> None:
    carrier.calls_back_at = ""
    phone.texts("hello")
    wait_until(lambda: rows.of(texts) and rows.of(texts)[0].done_at)
    carrier.log[0]["status"] = "delivered"
    with rows.engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        connection.execute(update(texts).values(done_at=long_ago))
    wait_until(lambda: rows.of(texts)[0].status == "delivered")


def test_texts_that_never_get_an_end_keep_no_others_from_theirs(
    phone: Phone, carrier: CarrierTwin, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "MOST_ASKED", 1)
    carrier.calls_back_at = ""
    for text in ("one", "two", "three"):
        phone.texts(text)
    wait_until(lambda: len(rows.of(texts)) == 3 and all(t.done_at for t in rows.of(texts)))
    # Of the first two the network never tells more than that they were sent.
    for logged, status in zip(carrier.log, ("sent", "sent", "delivered"), strict=True):
        logged["status"] = status
    with rows.engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        connection.execute(update(texts).values(done_at=long_ago))
    wait_until(lambda: "delivered" in {t.status for t in rows.of(texts)})


def test_a_text_whose_pictures_are_gone_or_not_to_be_had_keeps_no_other_out(
    phone: Phone, carrier: CarrierTwin
) -> None:
    carrier.takes("deleted since", RESIDENT, num_media="1", ago=timedelta(minutes=3))
    broken = carrier.takes("broken", RESIDENT, num_media="1", ago=timedelta(minutes=2))
    carrier.broken.add(f"{API}/Messages/{broken['sid']}/Media.json")
    carrier.takes("hello", RESIDENT)
    assert phone.hears(2) == ["You said: deleted since", "You said: hello"]
    carrier.broken.clear()
    assert phone.hears() == ["You said: broken"]
