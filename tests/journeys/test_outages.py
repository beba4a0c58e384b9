"""What a resident meets when parts of the line are down or killed."""

import random
import signal
from collections.abc import Callable

import httpx
import pytest

from tests.chaos.storm import talk_and_kill
from tests.journeys.processes import Line, Resident

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_while_a_part_hangs_the_resident_is_told_and_the_answer_comes_by_itself(
    line: Line, someone: Callable[[], Resident], part: str
) -> None:
    line.wait_until_ready()
    resident = someone()
    line.signal(part, signal.SIGSTOP)
    try:
        resident.says("how do i pay a parking ticket")
        told = resident.hears(enough=bool, seconds=15)
        assert told[0]["outcome"] == "outage"
        assert "311" in told[0]["text"]
    finally:
        line.signal(part, signal.SIGCONT)
    heard = resident.hears(
        enough=lambda h: any(m["outcome"] == "answer" for m in h), seconds=90
    )
    assert [m["service_id"] for m in heard if m["outcome"] == "answer"] == [
        "parking_ticket_pay"
    ]


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_a_killed_part_comes_back_and_answers_what_waited(
    line: Line, someone: Callable[[], Resident], part: str
) -> None:
    line.wait_until_ready()
    resident = someone()
    line.signal(part, signal.SIGKILL)
    resident.says("how do i pay a parking ticket")
    heard = resident.hears(
        enough=lambda h: any(m["outcome"] == "answer" for m in h), seconds=120
    )
    assert [m["outcome"] for m in heard if m["outcome"] != "outage"] == ["answer"]


def test_killing_any_process_loses_no_message_and_answers_none_twice(line: Line) -> None:
    line.wait_until_ready()
    # Rasa takes longest to come back, so it is killed less often; the front door holds the messages.
    parts = [
        "triage",
        "actions",
        "triage",
        "rasa",
        "triage",
        "actions",
        "triage",
        "rasa",
        "actions",
        "triage",
    ]

    def kill_one(_: random.Random) -> None:
        line.signal(parts.pop(), signal.SIGKILL)

    ledger = talk_and_kill([line.url], kill_one, messages=200, kills=10, pause=(0.5, 4), seed=7)
    assert ledger.is_clean(), ledger
    assert ledger.acknowledged >= 200
    assert ledger.turned_away > 0, "no kill was ever noticed: this proves nothing"
    line.wait_until_ready()
    assert httpx.get(f"{line.url}/health/live", trust_env=False).status_code == 200
