"""The gateway of a real, running Rasa, with the real actions over the small town's catalogue."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import ActionExecutor

from actions.server import create_app
from services_catalog.places.live import open_where
from tests.support import rasa, talk
from tests.support.case_moves import Staff
from tests.support.desk import ReportingLine, reporting_line

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(rasa.why_not()), reason=rasa.why_not() or "-"),
]
# A word that no log line may hold.
MARK = "zebrawords"


class Switch:
    """An executor in which actions can be made to fail, as a fault in one of them would."""

    def __init__(self, executor: ActionExecutor) -> None:
        self._executor = executor
        self.failing: Exception | None = None
        self.calls = 0
        self.latest: dict[str, Any] = {}

    async def run(self, call: dict[str, Any]) -> Any:
        self.calls += 1
        self.latest = call
        if self.failing:
            raise self.failing
        return await self._executor.run(call)


@dataclass
class Stack:
    url: str
    switch: Switch
    actions: rasa.Served
    log: Path
    desk: ReportingLine

    def post(self, body: Any, secret: str = rasa.SECRET) -> httpx.Response:
        kind = {"content": body} if isinstance(body, bytes) else {"json": body}
        return httpx.post(
            f"{self.url}/webhooks/gateway/webhook",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=20,
            trust_env=False,
            **kind,
        )

    def ask(self, text: str, conversation: str = "c1", **metadata: Any) -> httpx.Response:
        return self.post(
            {
                "conversation_id": conversation,
                "message_id": "m1",
                "text": text,
                "metadata": metadata,
            }
        )


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with reporting_line(folder, open_where("toronto")) as desk:
        switch = Switch(desk.executor)
        served = rasa.Served(create_app(switch, desk.line))
        served.start()
        with rasa.rasa(served.url, folder / "rasa.log") as url:
            yield Stack(url, switch, served, folder / "rasa.log", desk)
        served.stop()


@pytest.mark.parametrize(
    "conversation", talk.conversations(), ids=lambda c: f"{c['file']}: {c['conversation']}"
)
def test_written_conversations_go_as_written_with_rasa_reading_the_moves(
    conversation: dict[str, Any], stack: Stack
) -> None:
    stack.desk.forget_cases()
    with (
        talk.WholeAssistant(stack.url, rasa.SECRET) as assistant,
        Staff(stack.desk.database_url) as staff,
    ):
        talk.run(conversation, assistant, staff)


def test_a_wrong_or_missing_secret_is_refused(stack: Stack) -> None:
    body = {"conversation_id": "c1", "message_id": "m1", "text": "hello"}
    assert stack.post(body, secret="wrong").status_code == 401
    assert stack.post(body, secret=rasa.SECRET[:-1]).status_code == 401
    assert (
        httpx.post(
            f"{stack.url}/webhooks/gateway/webhook", json=body, trust_env=False
        ).status_code
        == 401
    )


@pytest.mark.parametrize(
    ("shown", "status"), [(rasa.SECRET, 200), ("another line's", 401), (None, 200)]
)
def test_health_tells_whoever_shows_a_secret_whether_it_is_ours(
    stack: Stack, shown: str | None, status: int
) -> None:
    headers = {"Authorization": f"Bearer {shown}"} if shown else {}
    answer = httpx.get(
        f"{stack.url}/webhooks/gateway/", headers=headers, trust_env=False, timeout=10
    )
    assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        [],
        {"conversation_id": "c1", "message_id": "m1"},
        {"conversation_id": "c1", "message_id": "m1", "text": ""},
        {"conversation_id": "c1", "message_id": "m1", "text": "/restart"},
    ],
)
def test_a_malformed_request_is_a_400_and_reaches_no_action(body: Any, stack: Stack) -> None:
    before = stack.switch.calls
    assert stack.post(body).status_code == 400
    assert stack.switch.calls == before


def test_an_action_that_fails_is_a_503_and_the_same_message_is_answered_after(
    stack: Stack,
) -> None:
    stack.switch.failing = RuntimeError(f"a fault about {MARK}")
    try:
        failed = stack.ask(f"when is my garbage day {MARK}", "failing")
        assert (failed.status_code, failed.json()) == (503, {"error": "actions_status_500"})
    finally:
        stack.switch.failing = None
    again = stack.ask("when is my garbage day", "failing")
    assert again.status_code == 200
    assert [r["custom"]["service_id"] for r in again.json()["replies"]] == ["garbage_day"]


def test_an_action_server_that_is_gone_is_a_503_and_all_is_well_when_it_is_back(
    stack: Stack,
) -> None:
    assert stack.ask("hello", "gone").status_code == 200
    stack.actions.stop()
    try:
        failed = [stack.ask(f"how do i pay a parking ticket {MARK}", "gone") for _ in range(3)]
        assert [f.status_code for f in failed] == [503] * 3
        assert {f.json()["error"] for f in failed} == {"actions_unreachable"}
        # Small talk is no exception: nothing is answered half.
        assert stack.ask("hello", "gone").status_code == 503
    finally:
        stack.actions.start()
    again = stack.ask("how do i pay a parking ticket", "gone")
    assert again.status_code == 200
    assert again.json()["replies"][0]["custom"]["service_id"] == "parking_ticket"


def test_a_tapped_choice_is_answered_and_one_that_is_gone_is_said_to_be(stack: Stack) -> None:
    there = stack.ask("/choose", choice={"service_id": "pothole"}).json()["replies"]
    assert [r["custom"]["service_id"] for r in there] == ["pothole"]
    gone = stack.ask("/choose", choice={"service_id": "no_such_entry"}).json()["replies"]
    assert [r["custom"]["outcome"] for r in gone] == ["not_found"]


def test_a_conversation_that_starts_afresh_is_answered_like_any_other(stack: Stack) -> None:
    assert stack.ask("when is my garbage day", "afresh").status_code == 200
    # What is forgotten is held by tests/bot/inside_rasa/memory.py: Rasa's memory is not seen from here.
    for text in ("how do i license my dog", "how do i license my dog"):
        again = stack.ask(text, "afresh", starts_afresh=True)
        assert [r["custom"]["service_id"] for r in again.json()["replies"]] == ["dog_licence"]


def test_what_the_words_were_read_as_goes_on_to_the_actions_with_them_only(
    stack: Stack,
) -> None:
    vector = {"encoder": "another", "values": ""}
    body = {
        "conversation_id": "handed on",
        "message_id": "m1",
        "text": " when is my garbage day",
        "vector": vector,
    }
    assert stack.post(body).status_code == 200
    assert stack.switch.latest["vector"] == vector
    assert "vector" not in json.dumps(stack.switch.latest["tracker"])
    assert stack.ask("when is my garbage day", "handed on").status_code == 200
    assert "vector" not in stack.switch.latest


def test_many_conversations_at_once_get_each_its_own_answer(stack: Stack) -> None:
    asked = {"garbage_day": "when is my garbage day", "dog_licence": "how do i license my dog"}
    found: list[tuple[str, str]] = []

    def talk_to_it(number: int) -> None:
        wanted = list(asked)[number % 2]
        reply = stack.ask(asked[wanted], f"many-{number}").json()["replies"][0]["custom"]
        found.append((wanted, reply["service_id"]))

    threads = [threading.Thread(target=talk_to_it, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert all(wanted == got for wanted, got in found)


def test_no_log_line_holds_what_a_resident_wrote(stack: Stack) -> None:
    stack.ask(f"{MARK} one two three")
    stack.post({"conversation_id": "c1", "message_id": "m1", "text": f"/{MARK}"})
    stack.post(f'{{"text": "{MARK}"'.encode())
    text = stack.log.read_text(encoding="utf-8", errors="replace")
    # Failures of the tests above are in it, so the log is not silent.
    assert "turn failed: actions_unreachable" in text
    assert MARK not in text
