"""Residents who want a person, at a real front door: into the line, what is made of their words there, and out of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.triage.handover.conftest import (
    NIGHT,
    WANTS_A_PERSON,
    HandClock,
    Staffed,
    desk_open,
    heard_last,
)
from tests.triage.talking import Resident, wait_until
from tests.triage.twin import AssistantTwin, Trouble, echo, says
from triage.handover import repository
from triage.handover.errors import HandoverUnknown, NewWords, NotYours, TakenAlready
from triage.staff.audit import Whole, verify


def texts(resident: Resident) -> list[str]:
    return [m["text"] for m in resident.reads()["messages"]]


def until_queued(line: Staffed, resident: Resident) -> None:
    """Wait until somebody is in line, while time goes on for what is tried again."""

    def is_queued() -> bool:
        line.clock.passes(seconds=1)
        return resident.reads()["state"] == "queued"

    wait_until(is_queued)


def pick(resident: Resident, message: dict[str, Any], label: str) -> None:
    [choice] = [c for c in message["choices"] if c["label"] == label]
    assert resident.sends(choice_id=choice["choice_id"]).status_code == 202


# ── into the line ──


def test_who_asks_for_a_person_is_in_line_with_the_very_message_that_says_so(
    line: Staffed,
) -> None:
    resident = line.resident()
    [told] = resident.hears(resident.says(WANTS_A_PERSON))
    assert told["outcome"] == "handoff"
    assert "You are first in line." in told["text"]
    assert "call 311, or 416-392-2489" in told["text"]
    assert "waited" not in told["text"]  # nobody was taken yet: there is nothing to tell
    assert [c["label"] for c in told["choices"]] == ["Go on without a person"]
    assert resident.reads()["state"] == "queued"
    assert line.handover(resident.id).reason == "asked"


def test_the_next_ones_hear_their_place_and_the_measured_wait(line: Staffed) -> None:
    sam = line.person()
    for _ in range(5):
        resident = line.in_line()
        line.clock.passes(minutes=4)
        sam.takes(resident.id)
        sam.closes(resident.id)
    line.in_line()
    line.clock.passes(seconds=1)
    resident = line.resident()
    [told] = resident.hears(resident.says(WANTS_A_PERSON))
    assert (
        "You are number 2 in line. Lately most people waited 5 minutes or less." in told["text"]
    )


def test_what_the_assistant_had_gathered_comes_along(
    line: Staffed, assistant: AssistantTwin
) -> None:
    report = {"service_id": "pothole", "answers": {"size": "big"}, "stage": "suspended"}
    assistant.will_answer = lambda _: says(
        "call", hand_over="asked", remember={"intake": report}
    )
    resident = line.resident()
    resident.hears(resident.says("a person please"))
    assert line.handover(resident.id).gathered == report


def test_who_is_not_understood_twice_is_brought_to_a_person(
    line: Staffed, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda _: says(
        "not found", "not_found", hand_over="not_found", unanswered=True
    )
    resident = line.resident()
    [told] = resident.hears(resident.says("gibberish"))
    assert told["text"].startswith(
        "Sorry, I still do not have an answer to that. I have put you"
    )
    assert line.handover(resident.id).reason == "not_found"


def test_a_message_that_is_given_up_brings_its_conversation_to_a_person(
    line: Staffed, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda _: Trouble.REFUSES
    resident = line.resident()
    [told] = resident.hears(resident.says("anything"))
    assert told["text"].startswith(
        "Sorry, I could not answer your message. I have put you in line"
    )
    assert line.handover(resident.id).reason == "gave_up"


def test_what_waited_for_the_assistant_is_left_to_the_person(
    line: Staffed, assistant: AssistantTwin
) -> None:
    assistant.will_answer = lambda asked: (
        Trouble.HANGS if asked["text"] == "slow" else says("call", hand_over="asked")
    )
    resident = line.resident()
    resident.says("slow")
    later = resident.says("and one more thing")
    assistant.will_answer = lambda _: says("call", hand_over="asked")
    assistant.released.set()
    until_queued(line, resident)
    assert resident.reads()["pending"] is False
    assert "and one more thing" not in assistant.texts()
    assert line.handover(resident.id).seen_seq == later - 1


def test_danger_is_answered_first_whoever_has_the_conversation(line: Staffed) -> None:
    resident = line.in_line()
    sent = resident.says("i smell gas in the hallway")
    [safety, *_] = resident.hears(sent)
    assert safety["outcome"] == "safety"
    line.person().takes(resident.id)
    resident.says("there is gas again, i smell gas")
    assert texts(resident)[-1].startswith("This could be a gas leak.")


@pytest.mark.parametrize("desk", [None], indirect=True)
def test_a_city_without_a_desk_tells_how_to_phone(line: Staffed) -> None:
    resident = line.resident()
    [told] = resident.hears(resident.says(WANTS_A_PERSON))
    assert (told["text"], told["outcome"]) == ("call 311", "answer")
    assert resident.reads()["state"] == "assistant"


def test_a_line_without_an_account_that_may_take_conversations_tells_how_to_phone(
    line: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.handover.line.all_accounts", lambda _: [])
    resident = line.resident()
    [told] = resident.hears(resident.says(WANTS_A_PERSON))
    assert (told["text"], told["outcome"]) == ("call 311", "answer")


# ── in the line ──


def test_words_in_line_are_kept_and_acknowledged_once_and_the_assistant_is_silent(
    line: Staffed, assistant: AssistantTwin
) -> None:
    resident = line.in_line()
    asked = len(assistant.asked)
    first = resident.says("it is about my water bill")
    [told] = resident.hears(first)
    assert told["text"].startswith("Thank you. I keep what you write for the person.")
    resident.says("the account ends in 12")
    assert texts(resident)[-1] == "the account ends in 12"
    assert len(assistant.asked) == asked


@pytest.mark.parametrize("how", ["tap", "words"])
def test_who_leaves_the_line_is_with_the_assistant_which_answers_what_they_wrote(
    line_on_any: Staffed, assistant: AssistantTwin, how: str
) -> None:
    line = line_on_any
    resident = line.in_line()
    [offer] = [m for m in resident.reads()["messages"] if m.get("choices")]
    resident.hears(resident.says("when is my garbage day"))
    if how == "tap":
        pick(resident, offer, "Go on without a person")
    else:
        resident.says("never mind, go on without")
    wait_until(lambda: "You said: when is my garbage day" in texts(resident))
    assert resident.reads()["state"] == "assistant"
    assert line.handover(resident.id) is None
    assert "All right, you are not in line any more." in " ".join(texts(resident))
    # Leaving itself was no question to anybody.
    assert not any("never mind" in t or "Go on" in t for t in assistant.texts())


def test_after_leaving_the_assistant_does_not_take_the_lines_choices_for_its_own(
    line: Staffed, assistant: AssistantTwin
) -> None:
    resident = line.in_line()
    resident.hears(resident.says("never mind"))
    resident.hears(resident.says("hello"))
    context = assistant.asked[-1]["metadata"]["context"]
    assert context == {"service_id": None, "choices": [], "not_found": 0}


def test_a_report_that_rests_goes_on_with_the_words_that_leave_the_line(
    line: Staffed, assistant: AssistantTwin
) -> None:
    report = {"service_id": "pothole_road", "stage": "suspended"}
    assistant.will_answer = lambda _: says("x", hand_over="asked", remember={"intake": report})
    first, second = line.resident(), line.resident()
    for resident in (first, second):
        resident.hears(resident.says("a person"))
    assistant.will_answer = echo
    left, answered = first.hears(first.says("continue"))
    assert "not in line any more" in left["text"]
    assert answered["text"] == "You said: continue"
    assert assistant.asked[-1]["metadata"]["memory"]["intake"] == report
    [told] = second.hears(second.says("never mind"))
    assert 'To continue with it, write "go on".' in told["text"]


def test_whom_nobody_took_in_time_is_told_so_once_and_may_go_on(line: Staffed) -> None:
    resident = line.in_line()
    line.clock.passes(minutes=11)
    told = heard_last(resident, "nobody has had time for you yet")
    assert [c["label"] for c in told["choices"]] == ["Contact me", "Go on without a person"]
    line.clock.passes(minutes=30)
    assert line.handover(resident.id).told_at is not None
    pick(resident, told, "Go on without a person")
    assert "not in line any more" in texts(resident)[-1]
    assert sum("nobody has had time" in t for t in texts(resident)) == 1


def test_whom_nobody_took_may_be_contacted_later(line: Staffed) -> None:
    resident = line.in_line()
    line.clock.passes(minutes=11)
    told = heard_last(resident, "nobody has had time for you yet")
    pick(resident, told, "Contact me")
    assert "How can they reach you?" in texts(resident)[-1]
    resident.says("sam@example.org or 416 555 0123")
    assert "get in touch with you at 416-555-0123 or sam@example.org." in texts(resident)[-1]
    assert resident.reads()["state"] == "assistant"
    handover = line.handover(resident.id)
    assert handover.contact_wanted_at is not None
    contact = asyncio.run(line.database.read(lambda c: repository.contact_of(c, handover.id)))
    assert (contact.phone, contact.email) == ("416-555-0123", "sam@example.org")


def test_an_answer_that_is_no_way_of_contact_is_kept_for_the_person(line: Staffed) -> None:
    resident = line.in_line()
    resident.says("call me back")
    assert "How can they reach you?" in texts(resident)[-1]
    resident.says("it is urgent")
    assert resident.reads()["state"] == "queued"
    assert texts(resident)[-1].startswith("Thank you. I keep what you write")


# ── when the desk is closed ──


@pytest.fixture
def clock_at_night(clock: HandClock) -> HandClock:
    clock.time = NIGHT
    return clock


def at_night(line: Staffed) -> tuple[Resident, dict[str, Any]]:
    resident = line.resident()
    [told] = resident.hears(resident.says(WANTS_A_PERSON))
    return resident, told


def test_at_night_it_is_told_when_people_are_back_and_the_assistant_goes_on(
    clock_at_night: HandClock, line: Staffed
) -> None:
    resident, told = at_night(line)
    assert "are back tomorrow at 8 am. Do you want them to contact you then?" in told["text"]
    assert [c["label"] for c in told["choices"]] == ["Contact me", "Go on without a person"]
    assert resident.reads()["state"] == "assistant"
    [answer] = resident.hears(resident.says("when is my garbage day"))
    assert answer["text"] == "You said: when is my garbage day"


@pytest.mark.parametrize("yes", ["yes please", "416-555-0123"])
def test_at_night_the_answer_to_the_question_is_taken_in_plain_words(
    clock_at_night: HandClock, line: Staffed, yes: str
) -> None:
    resident, _ = at_night(line)
    resident.says(yes)
    if yes == "yes please":
        assert "How can they reach you?" in texts(resident)[-1]
        resident.says("416-555")
        assert "I did not find a phone number" in texts(resident)[-1]
        resident.says("416-555-0123")
    assert (
        "in touch with you at 416-555-0123. They are back tomorrow at 8 am"
        in texts(resident)[-1]
    )
    assert line.handover(resident.id).contact_wanted_at is not None


def test_at_night_no_is_no(clock_at_night: HandClock, line: Staffed) -> None:
    resident, _ = at_night(line)
    resident.says("no thanks")
    assert "nobody will contact you" in texts(resident)[-1]
    assert line.handover(resident.id) is None


def test_yes_to_another_question_is_not_taken_for_the_wish_to_be_contacted(
    clock_at_night: HandClock, line: Staffed
) -> None:
    resident, _ = at_night(line)
    resident.hears(resident.says("when is my garbage day"))
    [answer] = resident.hears(resident.says("yes"))
    assert answer["text"] == "You said: yes"


def test_who_wanted_to_be_contacted_can_be_taken_in_the_morning(
    clock_at_night: HandClock, line: Staffed
) -> None:
    resident, told = at_night(line)
    pick(resident, told, "Contact me")
    resident.says("416-555-0123")
    line.clock.passes(hours=12)
    sam = line.person()
    sam.takes(resident.id)
    assert resident.reads()["state"] == "person"
    sam.closes(resident.id)
    with pytest.raises(HandoverUnknown):
        sam.has_contacted(resident.id)


def test_who_was_reached_by_phone_waits_no_more(
    clock_at_night: HandClock, line: Staffed
) -> None:
    resident, _ = at_night(line)
    resident.says("416-555-0123")
    line.person().has_contacted(resident.id)
    assert line.handover(resident.id) is None
    assert resident.reads()["state"] == "assistant"


# ── with a person ──


def test_words_go_both_ways_under_the_persons_name_and_the_assistant_is_silent(
    line: Staffed, assistant: AssistantTwin
) -> None:
    resident, sam = line.in_line(), line.person("Sam Lee")
    sam.takes(resident.id)
    assert texts(resident)[-1].startswith("Sam Lee from the City of Toronto is here now")
    asked = len(assistant.asked)
    resident.says("thank you for coming")
    sam.says(resident.id, "What is it about?")
    said = resident.reads()["messages"][-1]
    assert (said["from"], said["name"], said["text"]) == (
        "person",
        "Sam Lee",
        "What is it about?",
    )
    assert len(assistant.asked) == asked
    assert resident.reads()["state"] == "person"


def test_the_same_words_sent_twice_are_said_once(line: Staffed) -> None:
    resident, sam = line.in_line(), line.person()
    sam.takes(resident.id)
    sam.says(resident.id, "Hello", id="same")
    sam.says(resident.id, "Hello", id="same")
    assert texts(resident).count("Hello") == 1


def test_only_who_has_a_conversation_speaks_in_it(line: Staffed) -> None:
    resident, sam, kim = line.in_line(), line.person("Sam"), line.person("Kim")
    with pytest.raises(NotYours):
        sam.says(resident.id, "Hello")
    sam.takes(resident.id)
    sam.takes(resident.id)  # again changes nothing
    with pytest.raises(TakenAlready):
        kim.takes(resident.id)
    for deed in (kim.closes, kim.hands_back, kim.puts_back):
        with pytest.raises(NotYours):
            deed(resident.id)
    assert sum("is here now" in t for t in texts(resident)) == 1


def test_two_hundred_who_take_one_conversation_at_once_and_exactly_one_has_it(
    line_on_any: Staffed,
) -> None:
    line = line_on_any
    resident = line.in_line()
    people = [line.person(f"P{n}") for n in range(8)]

    def take(number: int) -> bool:
        person = people[number % len(people)]
        try:
            person.takes(resident.id)
        except TakenAlready:
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(take, range(200)))
    holder = line.handover(resident.id).holder_id
    # The one who has it may take it again: that changes nothing.
    assert {people[n % 8].member.id for n, has in enumerate(won) if has} == {holder}
    assert sum("is here now" in t for t in texts(resident)) == 1


def test_handing_back_tells_the_resident_and_gives_the_assistant_a_clean_start(
    line: Staffed, assistant: AssistantTwin
) -> None:
    place = {"lat": 43.65, "long": -79.38, "label": "City Hall"}
    assistant.will_answer = lambda _: says(
        "call", service_id="pothole", hand_over="asked",
        remember={"spot": place, "intake": {"stage": "suspended"}},
    )  # fmt: skip
    resident = line.resident()
    resident.hears(resident.says("a person"))
    assistant.will_answer = echo
    sam = line.person()
    sam.takes(resident.id)
    sam.hands_back(resident.id)
    assert texts(resident)[-1].startswith("Sam has left. I am the automated assistant again")
    assert resident.reads()["state"] == "assistant"
    resident.hears(resident.says("hello"))
    told = assistant.asked[-1]["metadata"]
    assert told["starts_afresh"] is True
    assert told["memory"] == {"spot": place}
    assert told["context"] == {"service_id": None, "choices": [], "not_found": 0}
    resident.hears(resident.says("hello again"))
    assert "starts_afresh" not in assistant.asked[-1]["metadata"]


def test_a_closed_conversation_opens_again_with_the_residents_next_message(
    line: Staffed,
) -> None:
    resident, sam = line.in_line(), line.person()
    sam.takes(resident.id)
    sam.closes(resident.id)
    assert resident.reads()["state"] == "closed"
    [answer] = resident.hears(resident.says("one more thing"))
    assert answer["text"] == "You said: one more thing"
    assert resident.reads()["state"] == "assistant"


def test_words_that_the_person_has_not_read_keep_a_conversation_from_ending(
    line: Staffed,
) -> None:
    resident, sam = line.in_line(), line.person()
    sam.takes(resident.id)
    seen = resident.reads()["messages"][-1]["seq"]
    newer = resident.says("wait, one more thing")
    for deed in (sam.closes, sam.hands_back):
        with pytest.raises(NewWords):
            deed(resident.id, seen)
    assert resident.reads()["state"] == "person"
    sam.closes(resident.id, newer)


def test_a_person_who_owes_an_answer_too_long_loses_the_conversation_to_the_line(
    line_on_any: Staffed,
) -> None:
    line = line_on_any
    first, sam = line.in_line(), line.person()
    sam.takes(first.id)
    sam.says(first.id, "I am looking")
    line.clock.passes(seconds=1)
    line.in_line()  # somebody else, who asked later
    line.clock.passes(minutes=30)  # nothing is owed: the resident has the word
    first.says("and?")
    assert first.reads()["state"] == "person"
    line.clock.passes(minutes=6)
    told = heard_last(first, "the person has not answered")
    assert "You keep your place. You are first in line." in told["text"]
    assert first.reads()["state"] == "queued"
    with pytest.raises(NotYours):
        sam.says(first.id, "sorry!")
    line.person("Kim").takes(first.id)


def test_what_came_while_the_person_wrote_is_still_owed(line: Staffed) -> None:
    resident, sam = line.in_line(), line.person()
    sam.takes(resident.id)
    seen = resident.reads()["messages"][-1]["seq"]
    resident.says("and another thing")
    sam.says(resident.id, "Good.", seen=seen)
    line.clock.passes(minutes=6)
    heard_last(resident, "the person has not answered")


def test_a_person_can_put_a_conversation_back_into_line(line: Staffed) -> None:
    resident, sam = line.in_line(), line.person()
    sam.takes(resident.id)
    sam.puts_back(resident.id)
    assert resident.reads()["state"] == "queued"
    assert "I am looking for another person for you." in texts(resident)[-1]
    line.clock.passes(minutes=11)
    heard_last(resident, "nobody has had time")


def test_everything_staff_do_is_in_the_audit_trail_and_no_words_of_residents_are(
    line: Staffed,
) -> None:
    resident, sam = line.in_line(), line.person()
    resident.says("SECRET-WORDS")
    sam.takes(resident.id)
    sam.says(resident.id, "OUR-WORDS")
    sam.puts_back(resident.id)
    sam.takes(resident.id)
    sam.hands_back(resident.id)

    def trail(connection: Any) -> tuple[Any, list[str], str]:
        from triage.staff.audit import entries

        found = [e for e in entries(connection) if e.subject == resident.id]
        return verify(connection), [e.action for e in found], str(found)

    whole, actions, written = asyncio.run(line.database.read(trail))
    assert isinstance(whole, Whole)
    verbs = ["take", "say", "put_back", "take", "hand_back"]
    assert actions == [f"conversation.{verb}" for verb in verbs]
    assert "WORDS" not in written


def test_the_desk_that_is_open_by_the_clock_is_what_counts() -> None:
    assert desk_open("closed").hours == ((),) * 7
