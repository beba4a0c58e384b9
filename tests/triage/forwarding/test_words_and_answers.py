"""What leaves the house, and how what comes back is read. No database, no network here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from triage.cases.case import Case, Place
from triage.cases.workflow import Status
from triage.forwarding.answers import (
    Accepted,
    NotReadable,
    read_accepted,
    read_refusal,
    read_requests,
    read_updates,
)
from triage.forwarding.words import fields_of, outcome_of, sentence_of
from triage.routing.forwards import Forward, TheirQuestion

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
QUESTIONS = [
    {
        "code": "kind",
        "description": "What is it?",
        "datatype": "multivaluelist",
        "values": [{"key": "a", "name": "A sofa"}, {"key": "b", "name": "Paint"}],
    },
    {"code": "since", "description": "Since when?", "datatype": "datetime", "values": []},
    {"code": "plate", "description": "Whose van?", "datatype": "string", "values": []},
    {"code": "photo", "description": "A photo?", "datatype": "photo", "values": []},
]


def make_case(**changes) -> Case:
    given = {
        "id": "cas_1", "reference": "K4M-9RW-2HX", "service_id": "dumping",
        "service_name": "Illegal dumping", "division": "Works", "queue": "litter", "priority": "normal",
        "status": Status.RECEIVED, "channel": "webchat", "conversation_id": "con_1", "questions": QUESTIONS,
        "answers": {"kind": ["a", "b"], "since": "2026-11-28", "plate": "Bob's, 416 555 0123", "photo": "med_1"},
        "description": "Write to bob@example.org.", "place": Place(43.65, -79.38, "12 Elm St", "11", True),
        "standard": None, "opened_at": NOW, "updated_at": NOW, "due_at": None, "resolved_at": None,
        "outcome": None, "outcome_sentence": None, "delay_reason": None, "asked": None, "followers": 0,
    }  # fmt: skip
    return Case(**(given | changes))


def make_forward(**changes) -> Forward:
    given = {
        "id": "x",
        "url": "https://x.example",
        "api_key_env": "KEY",
        "words": True,
        "service_codes": {"dumping": "D-1"},
    }
    return Forward(**(given | changes))


def sent(case: Case, forward: Forward) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in fields_of(case, forward):
        gathered.setdefault(name, []).append(value)
    return gathered


def test_answers_are_told_in_words_and_ways_to_reach_people_taken_out() -> None:
    assert sent(make_case(), make_forward())["description"][0].splitlines() == [
        "Illegal dumping. Reference: K4M-9RW-2HX",
        "The place is approximate.",
        "What is it? A sofa, Paint",
        "Since when? 2026-11-28",
        "Whose van? Bob's, [phone number]",
        "Write to [email address].",
    ]


def test_without_leave_nothing_goes_that_was_written_freely() -> None:
    told = sent(make_case(), make_forward(words=False))["description"][0]
    assert "A sofa, Paint" in told
    assert "2026-11-28" in told
    assert "Bob" not in told
    assert "Write" not in told


def test_answers_go_as_their_attributes_in_their_keys() -> None:
    theirs = {"kind": TheirQuestion("KIND", {"a": "SOFA"}), "since": TheirQuestion("WHEN")}
    told = sent(make_case(), make_forward(attributes={"dumping": theirs}))
    assert told["attribute[KIND][]"] == ["SOFA", "b"]
    assert told["attribute[WHEN]"] == ["2026-11-28"]


def test_a_long_story_keeps_the_reference_and_the_limit() -> None:
    told = sent(make_case(description="y" * 5_000), make_forward())["description"][0]
    assert len(told) == 4_000
    assert "K4M-9RW-2HX" in told


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        ("call 416-555-0123 now", "call [phone number] now"),
        ("call (416) 555-0123", "call [phone number]"),
        ("+1 416.555.0123", "[phone number]"),
        ("4165550123", "[phone number]"),
        ("12 Elm St, unit 305, since 2019", "12 Elm St, unit 305, since 2019"),
        ("ann.tester@mail.example.org said so", "[email address] said so"),
    ],
)
def test_telephone_numbers_and_emails_are_taken_out_and_house_numbers_stay(
    written: str, goes: str
) -> None:
    case = make_case(answers={}, description=written, place=None)
    assert sent(case, make_forward())["description"][0].splitlines()[-1] == goes


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("open", None),
        ("OPEN", None),
        ("in_progress", None),
        ("", None),
        ("closed", "done"),
        (" Closed ", "done"),
        ("FIXED", "done"),
        ("DUPLICATE", "duplicate"),
        ("NO_FURTHER_ACTION", "cannot_be_done"),
        ("Not councils responsibility", "not_the_citys"),
    ],
)
def test_their_status_says_what_came_of_it(status: str, outcome: str | None) -> None:
    assert outcome_of(status) == outcome


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, ""),
        ("  two\n lines ", "two lines"),
        ("<p>One.</p><p>Two &amp; <i>three</i>.</p>", "One. Two & three."),
        ("a < b and 5<6", "a < b and 5<6"),
        ("<style>p{}</style>x<script>alert(1)</script>", "x"),
        ("bell \x07 rings", "bell rings"),
        ("z" * 600, "z" * 499 + "…"),
    ],
)
def test_what_they_write_is_plain_and_short(written: str | None, read: str) -> None:
    assert sentence_of(written) == read


def wrapped(inner: str, root: str = "service_requests") -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><{root}>{inner}</{root}>'.encode()


def test_an_answer_has_a_number_or_a_token_or_neither() -> None:
    number = "<request><service_request_id> 17 </service_request_id></request>"
    assert read_accepted(wrapped(number)) == Accepted("17")
    assert read_accepted(wrapped("<request><token>t</token></request>")) == Accepted("", "t")
    assert read_accepted(wrapped("<request/>")) == Accepted()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        wrapped(""),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><service_requests><request>&b;</request></service_requests>',
    ],
)
def test_what_is_no_answer_is_not_read(body: bytes) -> None:
    with pytest.raises(NotReadable):
        read_accepted(body)


def test_requests_are_read_with_what_there_is() -> None:
    full, bare = read_requests(
        wrapped(
            "<request><service_request_id>1</service_request_id><status>closed</status>"
            "<status_notes>&lt;b&gt;Done&lt;/b&gt;</status_notes><lat>43.5</lat><long>-79.5</long>"
            "<requested_datetime>2026-11-29T07:00:00-05:00</requested_datetime></request>"
            "<request><service_request_id>2</service_request_id><lat>nan</lat><long>1</long>"
            "<requested_datetime>yesterday</requested_datetime></request>"
            "<request><token>t</token></request>"
        )
    )
    assert (full.status, full.notes, full.point) == ("closed", "Done", (43.5, -79.5))
    assert full.requested_at == NOW
    assert (bare.request_id, bare.point, bare.requested_at) == ("2", None, None)


def test_updates_are_read_under_both_names_of_the_list() -> None:
    inner = "<request_update><update_id>u</update_id><service_request_id>1</service_request_id></request_update>"
    for root in ("service_request_updates", "service_requests_updates"):
        assert [u.update_id for u in read_updates(wrapped(inner, root))] == ["u"]
    with pytest.raises(NotReadable):
        read_updates(wrapped(inner, "html"))


def test_a_refusal_says_why_or_its_status() -> None:
    told = wrapped("<error><code>400</code><description>No.</description></error>", "errors")
    assert read_refusal(400, told).why == "No."
    assert read_refusal(404, b"not found").why == "status 404"
