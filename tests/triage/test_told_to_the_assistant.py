"""The assistant hears that a message told of danger, so that it does not go on as if nothing had been said."""

from __future__ import annotations

from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin


def test_danger_goes_along_with_the_message_and_no_other(
    resident: Resident, assistant: AssistantTwin
) -> None:
    resident.hears(after=resident.says("i want to report a pothole"))
    resident.hears(after=resident.says("i smell gas in the hallway"))
    resident.hears(after=resident.says("thank you"))
    assert [a["metadata"].get("danger") for a in assistant.asked] == [None, "gas", None]


def test_a_message_of_danger_sent_again_is_the_same_message(resident: Resident) -> None:
    first = resident.sends(client_message_id="m1", text="i smell gas in the hallway")
    again = resident.sends(client_message_id="m1", text="i smell gas in the hallway")
    assert (first.status_code, again.json()) == (202, first.json())
    other = resident.sends(client_message_id="m1", text="i smell gas on the stairs")
    assert other.status_code == 409
    heard = resident.hears(after=1)
    assert sum(m.get("outcome") == "safety" for m in heard) == 1


def test_the_kind_of_danger_is_not_shown_on_the_wire(resident: Resident) -> None:
    resident.hears(after=resident.says("i smell gas in the hallway"))
    assert "danger" not in resident.reads()["messages"][0]
