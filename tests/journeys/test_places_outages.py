"""Talk about places while parts of the line are killed: nothing is lost, and what was named and shown is remembered."""

import random
import signal
from collections.abc import Mapping
from typing import Any

import pytest

from tests.chaos.storm import talk_and_kill
from tests.journeys.processes import Line

pytestmark = pytest.mark.slow

# Each answer takes what the ones before it left in the conversation's memory: the wish that waits for a place, the
# place, the list. They are sent without waiting for the answers, so that whatever is killed, something is under way.
ROUND: tuple[Mapping[str, Any], ...] = (
    {"text": "start over"},
    {"text": "where is the closest daycare"},
    {"location": {"lat": 43.6534, "long": -79.3841}},
    {"text": "more"},
    {"text": "the second one"},
)
# Rasa takes longest to come back, so it is killed once.
KILLED = ("triage", "actions", "rasa", "triage")


def names(answer: Mapping[str, Any]) -> list[str]:
    return [p["name"] for p in answer["places"]]


def test_talk_about_places_goes_on_as_if_nothing_had_been_killed(line: Line) -> None:
    line.wait_until_ready()
    to_kill = iter(KILLED)

    def kill_one(_: random.Random) -> None:
        line.signal(next(to_kill), signal.SIGKILL)

    ledger = talk_and_kill(
        [line.url],
        kill_one,
        says=lambda n, _: ROUND[n % len(ROUND)],
        messages=45,
        kills=len(KILLED),
        residents=3,
        pause=(0.5, 2),
        seed=11,
    )
    assert ledger.is_clean(), ledger
    assert ledger.kills == len(KILLED)
    assert ledger.turned_away > 0, "no kill was ever noticed: this proves nothing"
    rounds = 0
    for said in ledger.conversations:
        answers = {m["in_reply_to"]: m for m in said if m["from"] == "assistant"}
        asked = [answers[m["id"]] for m in said if m["from"] == "resident"]
        for start in range(0, len(asked) - len(ROUND) + 1, len(ROUND)):
            over, where, first, more, second = asked[start : start + len(ROUND)]
            assert over["outcome"] == "small_talk"
            assert where["ask"] == "location"
            assert "to the place you shared" in first["text"]
            assert "\n1. " in first["text"]
            assert "\n4. " in more["text"]
            assert len({*names(first), *names(more)}) == 6
            assert names(second) == names(first)[1:2]
            rounds += 1
    assert rounds >= 8
