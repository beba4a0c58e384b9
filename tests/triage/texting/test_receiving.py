"""Texts come in: each once, as a message of its sender's conversation, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, update

from services_catalog.segments import count
from tests.support.databases import new_sqlite
from tests.triage.talking import wait_until
from tests.triage.texting.carrier import (
    ACCOUNT,
    LINE,
    OTHER_LINE,
    WHATSAPP_LINE,
    CarrierTwin,
    Phone,
    post_signed,
)
from tests.triage.texting.conftest import MakePhone, Place, Rows, a_line
from tests.triage.twin import AssistantTwin, says
from triage.conversations.tables import conversations, messages
from triage.texting.incoming import NotAText, of_webhook
from triage.texting.tables import carrier_messages, senders, texts

RESIDENT = "+14165550100"
MESSAGES = "/channels/twilio/messages"


def change(rows: Rows, sender_id: str, **values: Any) -> None:
    with rows.engine.begin() as connection:
        connection.execute(update(senders).where(senders.c.id == sender_id).values(**values))


def said_by_residents(rows: Rows) -> list[Any]:
    return rows.of(messages, messages.c.sender == "resident")


def test_a_text_is_answered_from_the_number_it_went_to(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin, rows: Rows
) -> None:
    phone.texts("when is garbage day")
    assert phone.hears() == ["You said: when is garbage day"]
    sent = carrier.log[0]
    assert (sent["from"], sent["to"]) == (LINE, phone.number)
    (asked,) = assistant.asked
    assert asked["metadata"]["channel"] == "sms"
    assert phone.number[2:] not in str(asked)
    wait_until(lambda: rows.of(texts)[0].carrier_sid == sent["sid"])


def test_a_number_keeps_its_conversation_and_its_order(
    phone: Phone, new_phone: MakePhone, rows: Rows
) -> None:
    other = new_phone()
    said = [f"question {n}" for n in range(6)]
    for text in said:
        phone.texts(text)
        other.texts(text)
    assert phone.hears(6) == other.hears(6) == [f"You said: {text}" for text in said]
    assert len(rows.of(senders)) == len(rows.of(conversations)) == 2


def test_what_is_kept_of_a_number_is_encrypted(phone: Phone, rows: Rows) -> None:
    phone.texts("hello")
    phone.hears()
    for table in (senders, conversations, messages, carrier_messages, texts):
        assert phone.number[2:] not in str(rows.of(table))


def test_a_text_handed_over_again_changes_nothing(
    phone: Phone, assistant: AssistantTwin, rows: Rows
) -> None:
    fields = phone.texts("hello")
    phone.hears()
    before = rows.of(senders)
    assert phone.sends(fields) == 204
    assert phone.sends(fields | {"Body": "hello", "RetryCount": "1"}) == 204
    phone.texts("goodbye")
    assert phone.hears() == ["You said: goodbye"]
    assert assistant.texts() == ["hello", "goodbye"]
    assert len(said_by_residents(rows)) == 2
    assert before[0].heard_at < rows.of(senders)[0].heard_at


def test_the_same_text_at_many_doors_at_once_is_kept_once(
    line: str, carrier: CarrierTwin, new_phone: MakePhone, rows: Rows
) -> None:
    # A number that was never seen: adding the sender races too. Each call has a connection of its own.
    phone = Phone(new_phone().number, carrier, line)
    fields = phone.fields("hello")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(phone.sends, [fields] * 8)) == {204}
    assert phone.hears() == ["You said: hello"]
    assert len(said_by_residents(rows)) == len(rows.of(senders)) == 1
    assert phone.has_heard() == []


def test_many_numbers_at_once_are_told_apart(
    line: str, carrier: CarrierTwin, new_phone: MakePhone
) -> None:
    phones = [Phone(new_phone().number, carrier, line) for _ in range(12)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda p: [p.texts(f"{p.number[-2:]} {n}") for n in range(2)], phones))
        heard = list(pool.map(lambda p: p.hears(2), phones))
    assert heard == [[f"You said: {p.number[-2:]} {n}" for n in range(2)] for p in phones]


@pytest.mark.parametrize(
    ("status", "change", "token"),
    [
        (403, {}, "another auth token"),
        (403, {"AccountSid": "AC" + "f" * 32}, None),
        (422, {"MessageSid": "", "SmsMessageSid": ""}, None),
        (422, {"From": ""}, None),
        (422, {"To": ""}, None),
    ],
    ids=["signed by another", "another account", "no id", "no sender", "no number"],
)
def test_what_is_no_text_to_us_is_refused_and_not_kept(
    phone: Phone, line: str, rows: Rows, status: int, change: dict[str, str], token: str | None
) -> None:
    fields = phone.fields("hello") | change
    given = {"token": token} if token else {}
    assert post_signed(line, MESSAGES, fields, **given) == status
    assert rows.of(carrier_messages) == []


def test_without_a_carrier_the_addresses_say_so(url: str) -> None:
    for path in (MESSAGES, "/channels/twilio/status"):
        with httpx.Client(trust_env=False) as client:
            answer = client.post(url + path, data={"MessageSid": "SM1"})
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "texts_off"


def test_a_text_to_a_number_that_was_forgotten_in_the_settings_is_answered_from_there(
    new_phone: MakePhone, carrier: CarrierTwin
) -> None:
    phone = new_phone(line=OTHER_LINE)
    phone.texts("hello")
    phone.hears()
    assert carrier.log[0]["from"] == OTHER_LINE


LETTERS = "é" * 1_600, "😀" * 800, "ô" * 4_096


@pytest.mark.parametrize("body", LETTERS, ids=["accents", "emoji", "WhatsApp's longest"])
def test_long_texts_are_kept_whole(phone: Phone, rows: Rows, body: str) -> None:
    phone.texts(body)
    (kept,) = said_by_residents(rows)
    assert kept.text == body


def test_what_shows_nothing_is_answered_and_control_characters_are_spaces(
    phone: Phone, assistant: AssistantTwin
) -> None:
    for body in ("", "  \n ", "\u200b\u200d"):
        phone.texts(body)
        assert phone.hears()[0].startswith("Your text came without words.")
    phone.texts("garbage\x00day\r\nplease")
    phone.hears()
    assert assistant.texts() == ["garbage day\nplease"]


def test_danger_is_answered_first_and_at_once(phone: Phone, assistant: AssistantTwin) -> None:
    assistant.will_answer = lambda asked: says("The assistant's words.")
    phone.texts("i smell gas in the hallway")
    first, second = phone.hears(2)
    assert "Leave now" in first
    assert "911" in first
    assert second == "The assistant's words."


class TestNotice:
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with a_line(new_sqlite(tmp_path), tmp_path, text_notice=True) as place:
            yield place

    def test_whoever_writes_is_told_once_what_is_kept(
        self, phone: Phone, new_phone: MakePhone
    ) -> None:
        phone.texts("hello")
        notice, answer = phone.hears(2)
        assert notice.startswith("City of Toronto automated assistant. We keep what you text")
        assert notice.endswith("More: 311.example.org")
        assert count(notice).segments == 1
        assert answer == "You said: hello"
        phone.texts("again")
        assert phone.hears() == ["You said: again"]
        other = new_phone()
        other.texts("hello")
        assert other.hears(2)[0] == notice

    def test_nothing_stands_beside_what_to_do_in_danger(self, phone: Phone) -> None:
        phone.texts("i smell gas in the hallway")
        assert "Leave now" in phone.hears(2)[0]
        phone.texts("hello")
        assert "We keep what you text" in phone.hears(2)[0]

    def test_a_keyword_is_answered_without_it(self, phone: Phone) -> None:
        phone.texts("ARRET")
        assert phone.hears()[0].startswith("You will get no more texts")
        assert phone.has_heard() == []


def test_choices_are_taken_by_their_numbers(
    phone: Phone, assistant: AssistantTwin, rows: Rows
) -> None:
    choices = [
        {"label": "Green bin", "value": "green"},
        {"label": "Garbage", "value": "garbage"},
    ]
    assistant.will_answer = lambda asked: says("Which one?", "choices", choices=choices)
    phone.texts("bin")
    assert phone.hears() == ["Which one?\n1 Green bin\n2 Garbage"]
    assistant.will_answer = lambda asked: says(f"Taken: {asked['metadata'].get('choice')}")
    phone.texts(" 2. ")
    assert phone.hears() == ["Taken: garbage"]
    assert [m.text for m in said_by_residents(rows)] == ["bin", "Garbage"]


def test_a_number_stands_for_a_choice_for_a_day(
    phone: Phone, assistant: AssistantTwin, rows: Rows
) -> None:
    assistant.will_answer = lambda asked: says("Which?", "choices", choices=[{"label": "A"}])
    phone.texts("bin")
    phone.hears()
    (sender,) = rows.of(senders)
    change(rows, sender.id, options_at=sender.options_at - timedelta(hours=25))
    assistant.will_answer = lambda asked: says(f"Heard: {asked['text']}")
    phone.texts("1")
    assert phone.hears() == ["Heard: 1"]


def test_a_long_answer_goes_on_when_asked_to(phone: Phone, assistant: AssistantTwin) -> None:
    sentences = [f"This is sentence number {n} of a long answer about bins." for n in range(14)]
    assistant.will_answer = lambda asked: says(" ".join(sentences))
    phone.texts("tell me all about bins")
    (first,) = phone.hears()
    assert first.endswith("Reply 9 for more")
    assert len(first) <= 306
    heard = [first]
    while heard[-1].endswith("Reply 9 for more"):
        phone.texts("9")
        heard += phone.hears()
    whole = " ".join(part.removesuffix("\nReply 9 for more") for part in heard)
    assert whole == " ".join(sentences)
    assert len(assistant.asked) == 1


def test_what_whatsapp_shares_is_understood(
    new_phone: MakePhone, assistant: AssistantTwin, carrier: CarrierTwin, rows: Rows
) -> None:
    phone = new_phone(f"whatsapp:{new_phone().number}", line=WHATSAPP_LINE)
    assistant.will_answer = lambda asked: says(
        f"Place: {asked['metadata'].get('location')}", "choices", choices=[{"label": "A"}]
    )
    phone.texts("", Latitude="43.65", Longitude="-79.38", Label="City Hall")
    assert phone.hears()[0].startswith("Place: {'lat': 43.65, 'long': -79.38}")
    assert carrier.log[0]["from"] == WHATSAPP_LINE
    offered = rows.of(senders)[0].options
    assistant.will_answer = lambda asked: says(f"Choice: {asked['text']}")
    phone.texts("A", ButtonText="A", ButtonPayload=offered[0][1])
    assert phone.hears() == ["Choice: /choose"]
    assert rows.of(senders)[0].channel == "whatsapp"


def test_a_phone_over_sms_and_over_whatsapp_are_two_conversations(
    new_phone: MakePhone, rows: Rows
) -> None:
    sms = new_phone()
    sms.texts("hello")
    new_phone(f"whatsapp:{sms.number}", line=WHATSAPP_LINE).texts("hello")
    assert len(rows.of(senders)) == 2


def test_a_language_that_the_pack_lacks_is_answered_in_that_language(phone: Phone) -> None:
    phone.texts("français")
    assert phone.hears()[0].startswith("Bonjour!")


def test_after_a_long_silence_the_number_may_be_anothers(phone: Phone, rows: Rows) -> None:
    phone.texts("hello")
    phone.hears()
    (sender,) = rows.of(senders)
    change(rows, sender.id, heard_at=sender.heard_at - timedelta(days=61))
    phone.texts("hello again")
    assert phone.hears() == ["You said: hello again"]
    (sender,) = rows.of(senders)
    first, second = said_by_residents(rows)
    assert {first.conversation_id, second.conversation_id} == {
        c.id for c in rows.of(conversations)
    }
    newest = next(m for m in (first, second) if m.text == "hello again")
    assert sender.conversation_id == newest.conversation_id


def test_texts_at_once_after_a_long_silence_begin_one_conversation(
    line: str, carrier: CarrierTwin, new_phone: MakePhone, rows: Rows
) -> None:
    phone = Phone(new_phone().number, carrier, line)
    phone.texts("hello")
    phone.hears()
    for round in range(1, 4):
        (sender,) = rows.of(senders)
        change(rows, sender.id, heard_at=sender.heard_at - timedelta(days=61))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(phone.texts, [f"{round}.{n}" for n in range(8)]))
        assert sorted(phone.hears(8)) == [f"You said: {round}.{n}" for n in range(8)]
        assert len(rows.of(conversations)) == round + 1


def test_a_conversation_by_text_is_not_read_over_the_web(
    phone: Phone, line: str, client: httpx.Client, rows: Rows
) -> None:
    phone.texts("hello")
    phone.hears()
    (sender,) = rows.of(senders)
    at = f"{line}/api/chat/conversations/{sender.conversation_id}/messages"
    answer = client.get(at, headers={"Authorization": "Bearer anything"})
    assert answer.status_code == 401


def test_with_the_database_away_nothing_is_acknowledged(tmp_path: Path) -> None:
    with a_line(new_sqlite(tmp_path), tmp_path) as place:
        phone = Phone(RESIDENT, place.carrier, place.url)
        fields = phone.fields("hello")
        engine = create_engine(place.database_url)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            assert phone.sends(fields) == 503
            connection.exec_driver_sql("ROLLBACK")
        engine.dispose()
        assert phone.sends(fields) == 204
        assert phone.hears() == ["You said: hello"]


# ── what the fields of a webhook say ──


def of(**fields: str) -> Any:
    return of_webhook({"MessageSid": "SM1", "From": RESIDENT, "To": LINE, **fields})


def test_media_are_counted_and_none_is_invented() -> None:
    many = {f"MediaUrl{n}": f"https://x/{n}" for n in range(30)}
    assert len(of(NumMedia="30", **many).media) == 10
    assert of(NumMedia="2", MediaUrl0="https://x/0").media[0].url == "https://x/0"
    assert of(NumMedia="x", MediaUrl0="https://x/0").media == ()
    assert of(MediaUrl0="https://x/0").media == ()


@pytest.mark.parametrize(
    "point", [("91", "0"), ("0", "181"), ("x", "1"), ("nan", "1"), ("", "")]
)
def test_a_place_off_the_earth_is_none(point: tuple[str, str]) -> None:
    assert of(Latitude=point[0], Longitude=point[1]).point is None


@pytest.mark.parametrize(
    "fields", [{"MessageSid": "SM 1"}, {"From": "+1416 555"}, {"To": "x" * 61}, {"From": "é"}]
)
def test_ids_and_numbers_are_what_they_should_be(fields: dict[str, str]) -> None:
    with pytest.raises(NotAText):
        of(**fields)


def test_every_kind_is_counted(tmp_path: Path, client: httpx.Client) -> None:
    # A line of its own: a text is counted after it is recorded, so that one which another test
    # sent could be counted here.
    with a_line(new_sqlite(tmp_path), tmp_path) as place:

        def counted() -> dict[str, int]:
            lines = client.get(f"{place.url}/metrics").text.splitlines()
            pairs = (ln.rsplit(" ", 1) for ln in lines if ln[0] != "#")
            return {name: int(float(value)) for name, value in pairs}

        phone = Phone("+14165550199", place.carrier, place.url, client)
        phone.texts("hello")
        fields = phone.texts("")
        phone.sends(fields)
        phone.hears(2)
        wait_until(lambda: counted().get('ask311_texts_sent_total{result="sent"}') == 2)
        kinds = 'ask311_texts_received_total{channel="sms",taken_for='
        assert counted()[kinds + '"words"}'] == 1
        assert counted()[kinds + '"empty"}'] == 1
        assert counted()["ask311_texts_repeated_total"] == 1
        assert ACCOUNT not in client.get(f"{place.url}/metrics").text
