"""What residents see while the assistant is away, and that every message is answered in the end, once."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.triage.conftest import MakeResident
from tests.triage.talking import Resident, front_door, wait_until
from tests.triage.twin import AssistantTwin, Trouble, echo, says


def outages(heard: list[dict[str, Any]]) -> list[str]:
    return [m["text"] for m in heard if m["outcome"] == "outage"]


@pytest.fixture
def impatient_url(database_url: str, assistant: AssistantTwin) -> Any:
    with front_door(
        database_url, assistant.url, outage_after_seconds=0.3, rasa_seconds=2
    ) as url:
        yield url


@pytest.mark.parametrize(
    "trouble", [Trouble.FAILS, Trouble.HANGS, Trouble.EMPTY, Trouble.NOT_JSON, Trouble.DROPS]
)
def test_however_the_assistant_fails_the_resident_is_told_and_then_answered(
    impatient_url: str, assistant: AssistantTwin, client: httpx.Client, trouble: Trouble
) -> None:
    assistant.will_answer = lambda _: trouble
    resident = Resident(impatient_url, client)
    seq = resident.says("bin day")
    [notice] = resident.hears(after=seq, is_all=False)
    assert (notice["from"], notice["outcome"]) == ("system", "outage")
    assert "kept" in notice["text"]
    assert "311" in notice["text"]
    assert "416-392-2489" in notice["text"]
    assert resident.reads()["pending"] is True
    assistant.will_answer = echo
    assistant.released.set()
    heard = resident.hears(after=seq)
    assert [m["outcome"] for m in heard] == ["outage", "answer"]


def test_with_nobody_at_the_assistants_address_the_message_waits_for_it(
    database_url: str, client: httpx.Client
) -> None:
    with AssistantTwin() as gone:
        port = gone.port
    with front_door(database_url, f"http://127.0.0.1:{port}", outage_after_seconds=0.2) as url:
        resident = Resident(url, client)
        seq = resident.says("bin day")
        assert outages(resident.hears(after=seq, is_all=False))
        with AssistantTwin(port) as back:
            heard = resident.hears(after=seq)
            assert [m["outcome"] for m in heard] == ["outage", "answer"]
            assert back.texts() == ["bin day"]


def test_a_resident_is_told_once_in_an_outage_and_again_in_the_next(
    impatient_url: str, assistant: AssistantTwin, client: httpx.Client, database_url: str
) -> None:
    assistant.will_answer = lambda _: Trouble.FAILS
    resident = Resident(impatient_url, client)
    for words in ("one", "two", "three"):
        resident.says(words)
    engine = create_engine(database_url)

    def told() -> int:
        with engine.connect() as connection:
            return int(
                connection.execute(
                    text("SELECT count(*) FROM inbox WHERE told_at IS NOT NULL")
                ).scalar_one()
            )

    wait_until(lambda: told() == 3)
    assert len(outages(resident.hears(is_all=False))) == 1
    assistant.will_answer = echo
    heard = resident.hears()
    assert [m["text"] for m in heard if m["outcome"] == "answer"] == [
        f"You said: {words}" for words in ("one", "two", "three")
    ]
    assistant.will_answer = lambda _: Trouble.FAILS
    resident.says("four")
    wait_until(lambda: told() == 4)
    assert len(outages(resident.hears(is_all=False))) == 2
    engine.dispose()


def test_while_somebody_holds_one_conversation_the_others_are_told_and_answered(
    postgresql_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    assistant.will_answer = lambda _: Trouble.FAILS
    engine = create_engine(postgresql_url)
    with front_door(postgresql_url, assistant.url, outage_after_seconds=1) as url:
        # In the order of their ids, as they lie in the index.
        held, other = sorted((Resident(url, client) for _ in range(2)), key=lambda r: r.id)
        held.says("bin day")
        with engine.begin() as connection:
            connection.execute(
                text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": held.id}
            )
            seq = other.says("bin day")
            assert outages(other.hears(after=seq, is_all=False))
            assistant.will_answer = echo
            assert [m["outcome"] for m in other.hears(after=seq)] == ["outage", "answer"]
        assert held.hears()[-1]["outcome"] == "answer"
    engine.dispose()


def test_a_message_that_cannot_be_answered_is_given_up_where_the_resident_sees_it(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    assistant.will_answer = lambda a: Trouble.FAILS if a["text"] == "poison" else echo(a)
    with front_door(database_url, assistant.url, give_up_after_seconds=0.5) as url:
        resident = Resident(url, client)
        resident.says("poison")
        resident.says("bin day")
        heard = resident.hears()
        assert [m["outcome"] for m in heard] == ["outage", "answer"]
        assert "no answer to it will come" in heard[0]["text"]
        assert "311" in heard[0]["text"]
        figures = client.get(f"{url}/metrics").text
        assert "ask311_messages_given_up_total 1.0" in figures
        assert "ask311_inbox_dead 1.0" in figures


def test_a_message_that_the_assistant_refuses_for_good_is_not_tried_again(
    resident: Resident, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda _: Trouble.REFUSES
    heard = resident.hears(after=resident.says("odd"))
    assert [m["outcome"] for m in heard] == ["outage"]
    assert assistant.texts() == ["odd"]


def test_one_conversation_in_trouble_holds_up_no_other(
    new_resident: MakeResident, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda a: Trouble.HANGS if a["text"] == "slow" else echo(a)
    one, other = new_resident(), new_resident()
    one.says("slow")
    one.says("after slow")
    heard = other.hears(after=other.says("quick"))
    assert heard[0]["text"] == "You said: quick"
    assert "after slow" not in assistant.texts()


def test_what_tells_of_danger_is_answered_first_with_the_assistant_away(
    database_url: str, client: httpx.Client
) -> None:
    with front_door(database_url, "http://127.0.0.1:9") as url:
        resident = Resident(url, client)
        seq = resident.says("i smell gas in my basement")
        found = resident.reads(after=seq)
        assert found["messages"][0]["outcome"] == "safety"
        assert "gas leak" in found["messages"][0]["text"]
        assert found["messages"][0]["seq"] == seq + 1


def test_what_tells_of_danger_goes_to_the_assistant_after_the_safety_text(
    resident: Resident, assistant: AssistantTwin
) -> None:
    heard = resident.hears(after=resident.says("i smell gas in my basement"))
    assert [m["outcome"] for m in heard] == ["safety", "answer"]


def test_where_the_safety_text_is_the_whole_answer_no_machine_adds_to_it(
    resident: Resident, assistant: AssistantTwin
) -> None:
    seq = resident.says("i want to kill myself")
    found = resident.reads(after=seq)
    assert [m["outcome"] for m in found["messages"]] == ["safety"]
    assert "988" in found["messages"][0]["text"]
    assert found["pending"] is False
    resident.hears(after=resident.says("bin day"))
    assert assistant.texts() == ["bin day"]


def test_with_all_places_taken_the_next_message_is_answered_when_one_is_free(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    free = threading.Event()

    def slow(asked: dict[str, Any]) -> Any:
        free.wait(20)
        return says(asked["text"])

    assistant.will_answer = slow
    # A sweep would find it too; here it must not be needed.
    with front_door(
        database_url,
        assistant.url,
        relay_concurrency=2,
        sweep_seconds=60,
        outage_after_seconds=60,
    ) as url:
        residents = [Resident(url, client) for _ in range(5)]
        for resident in residents:
            resident.says("bin day")
        wait_until(lambda: len(assistant.asked) == 2)
        free.set()
        for resident in residents:
            assert [m["text"] for m in resident.hears()] == ["bin day"]
    assert assistant.most_at_once == 2


def test_a_second_message_is_answered_right_after_the_first_without_a_sweep(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    with front_door(
        database_url, assistant.url, sweep_seconds=60, outage_after_seconds=60
    ) as url:
        resident = Resident(url, client)
        free = threading.Event()
        assistant.will_answer = lambda a: echo(a) if free.wait(20) else Trouble.FAILS
        resident.says("one")
        resident.says("two")
        free.set()
        assert [m["text"] for m in resident.hears()] == ["You said: one", "You said: two"]


def test_with_the_database_away_nothing_is_accepted_and_the_refusal_says_so(
    database_url: str, assistant: AssistantTwin, client: httpx.Client
) -> None:
    with front_door(database_url, assistant.url) as url:
        resident = Resident(url, client)
        engine = create_engine(database_url)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            refused = resident.sends(client_message_id="one", text="bin day")
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "database_unavailable"
            assert refused.headers["retry-after"] == "2"
            connection.exec_driver_sql("ROLLBACK")
        engine.dispose()
        assert resident.sends(client_message_id="one", text="bin day").status_code == 202
        assert [m["text"] for m in resident.hears()] == ["You said: bin day"]
