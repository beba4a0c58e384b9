"""The written conversations with people (tests/conversations/handover), each over a real front door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services_catalog.packs import load_city
from tests.support.databases import new_sqlite
from tests.support.talk import CONVERSATIONS
from tests.triage.handover.conftest import (
    NIGHT,
    NOON,
    HandClock,
    Person,
    Staffed,
    asking,
    desk_open,
)
from tests.triage.talking import Resident, make_settings, running, wait_until
from tests.triage.twin import AssistantTwin, says
from triage.app import create_app
from triage.parts import Parts
from triage.safety import look

FOLDER = CONVERSATIONS / "handover"
WRITTEN = [
    conversation
    for file in sorted(FOLDER.glob("*.yml"))
    for conversation in yaml.safe_load(Path(file).read_text(encoding="utf-8"))
]


def assistant_says(asked: dict[str, Any]) -> Any:
    if asked["text"] == "...":
        return says("not found", "not_found", hand_over="not_found", unanswered=True)
    return asking(asked)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """One line for all of them."""
    database_url = new_sqlite(tmp_path_factory.mktemp("written"))
    clock = HandClock(NOON)
    city = replace(load_city("toronto"), desk=desk_open())
    with (
        pytest.MonkeyPatch.context() as patch,
        AssistantTwin() as twin,
        httpx.Client(timeout=20, trust_env=False) as client,
    ):
        twin.will_answer = assistant_says
        patch.setattr("triage.parts.load_city", lambda _: city)
        patch.setattr("triage.parts.LOOK_EVERY_SECONDS", 0.05)
        parts = Parts(make_settings(database_url, twin.url), look, clock=clock)
        with running(create_app(parts)) as url:
            staffed = Staffed(url, database_url, clock, client)
            yield staffed
            staffed.database.close()


class Talk:
    """A written conversation under way."""

    def __init__(self, line: Staffed, sam: Person) -> None:
        self._line, self._sam = line, sam
        self._resident: Resident = line.resident()
        self._heard = 0

    def step(self, step: Mapping[str, Any]) -> None:
        """Do what a step says, and hold what is said against it."""
        resident, conversation = self._resident, self._resident.id
        if "says" in step:
            resident.says(step["says"])
        if "taps" in step:
            resident.sends(choice_id=self._choice(step["taps"])).raise_for_status()
        if "minutes" in step:
            self._line.clock.passes(minutes=step["minutes"])
        match step.get("staff"):
            case "says":
                self._sam.says(conversation, step["words"])
            case str(verb):
                deeds = {
                    "takes": self._sam.takes,
                    "hands back": self._sam.hands_back,
                    "closes": self._sam.closes,
                    "puts back": self._sam.puts_back,
                    "has contacted": self._sam.has_contacted,
                }
                deeds[verb](conversation)
        self._hears(_listed(step.get("hears", [])), _listed(step.get("never", [])))
        if "state" in step:
            assert resident.reads()["state"] == step["state"], step

    def ends(self) -> None:
        """Leave nobody in line behind."""
        if self._resident.reads()["state"] == "queued":
            self._sam.takes(self._resident.id)
        if self._resident.reads()["state"] == "person":
            self._sam.closes(self._resident.id)

    def _hears(self, wanted: Sequence[str], never: Sequence[str]) -> None:
        def new() -> list[str]:
            found = self._resident.reads(self._heard)["messages"]
            return [m["text"] for m in found if m["from"] != "resident"]

        wait_until(lambda: _are_in_order(wanted, new()))
        # What is not wanted would be there by now: it would be stored with what is.
        assert not [part for part in never for text in new() if part in text]
        self._heard = self._resident.reads()["messages"][-1]["seq"]

    def _choice(self, label: str) -> str:
        offered = [c for m in self._resident.reads()["messages"] for c in m.get("choices", ())]
        [*_, newest] = [c["choice_id"] for c in offered if c["label"] == label]
        return str(newest)


def _are_in_order(wanted: Sequence[str], said: Sequence[str]) -> bool:
    everything, at = "\n".join(said), 0
    for part in wanted:
        at = everything.find(part, at)
        if at < 0:
            return False
    return True


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("conversation", WRITTEN, ids=lambda c: c["conversation"])
def test_written_conversations_with_people_go_as_written(
    line: Staffed, conversation: Mapping[str, Any]
) -> None:
    # Each on a day of its own, so that nobody's wait is measured by another's.
    line.clock.time = NIGHT if conversation.get("at") == "night" else NOON
    talk = Talk(line, line.person("Sam"))
    try:
        for step in conversation["talk"]:
            talk.step(step)
    finally:
        talk.ends()
