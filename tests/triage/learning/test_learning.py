"""What is collected, in which words, how it is grouped and settled, and that it is forgotten: on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.triage.cases.town import run
from tests.triage.learning.conftest import (
    NOT_FOUND,
    SMALL_TALK,
    NoEditing,
    Street,
    answer,
    offer,
)
from triage.learning import collecting, labels, repository
from triage.learning.collecting import Why
from triage.learning.grouping import Vectors, by_letters
from triage.learning.groups import Group, How
from triage.learning.learning import GroupUnknown, Learning
from triage.staff.roles import Role

TEXT = "where can my goat graze"
TAKEN = {"choice": {"choice_id": "tree", "label": "tree"}}


def groups(street: Street, *, settled: bool = False) -> list[Group]:
    run(street.learning.look())
    found: list[Group] = run(street.learning.groups(settled=settled))
    return found


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((TEXT, NOT_FOUND), Why.NOT_FOUND),
        ((TEXT, answer(confidence=0.7)), Why.DOUBTFUL),
        ((TEXT, offer("tree", "pothole")), Why.NOT_TAKEN),
        ((TEXT, offer("tree", "pothole"), "neither", NOT_FOUND), Why.NOT_TAKEN),
        ((TEXT, offer("tree"), "hm", SMALL_TALK, "the bus", answer("bus")), Why.NOT_TAKEN),
        # What was answered well, taken up, or is nobody's to read.
        ((TEXT, answer()), None),
        ((TEXT, offer("tree"), ("tree", TAKEN), answer("tree")), None),
        ((TEXT, offer("tree"), "the first", answer("tree")), None),
        ((TEXT, offer()), None),
        (((TEXT, {"danger": "gas"}), NOT_FOUND), None),
        (("12", NOT_FOUND), None),
        (("416-555-0123", NOT_FOUND), None),
    ],
)
def test_what_was_not_answered_well_is_collected(
    street: Street, said: tuple[Any, ...], why: Why | None
) -> None:
    street.talk(*said)
    street.clock.passes(minutes=11)
    found = [m for g in groups(street) for m in g.messages if m.text == TEXT]
    assert [m.why for m in found] == ([why] if why else [])


def test_choices_may_still_be_taken_for_a_while(street: Street) -> None:
    street.talk(TEXT, offer("tree"))
    street.clock.passes(minutes=9)
    assert groups(street) == []
    street.clock.passes(minutes=2)
    assert len(groups(street)) == 1


def test_an_answer_that_did_not_help_is_collected_with_what_was_said_of_it(
    street: Street,
) -> None:
    # The answer is to a choice: the question is what they had asked.
    *_, about = street.talk(TEXT, offer("tree"), ("tree", TAKEN), answer("tree"))
    street.judges(about, False, "I am Ann Tester, and it is about goats")
    helped = street.talk("how do i pay", answer())[-1]
    street.judges(helped, True)
    (group,) = groups(street)
    (message,) = group.messages
    assert (message.why, message.text, message.services) == (
        Why.NOT_HELPFUL, TEXT, ["tree"],
    )  # fmt: skip
    assert message.note == "I am [name], and it is about goats"


def test_a_message_is_kept_once_and_in_redacted_words(street: Street) -> None:
    question, reply = street.talk(
        "My name is Ann Tester, where can my goat graze near 12 Elm Street", answer("tree", 0.7)
    )
    street.clock.passes(minutes=11)
    assert len(groups(street)) == 1
    # Later they say that it did not help.
    street.judges(reply, False)
    for _ in range(2):
        street.clock.passes(minutes=11)
        (group,) = groups(street)
        (message,) = group.messages
        assert message.id == question
    assert message.why is Why.NOT_HELPFUL
    assert message.text == "My name is [name], where can my goat graze near [address]"


def test_a_report_that_was_moved_on_is_collected_and_becomes_a_label(street: Street) -> None:
    reference = street.opens(description="A hole near my house, call 416-555-0123")
    member = street.member()
    queue = run(street.cases.find(reference)).case.queue
    to = next(q for q in street.desk._routing.queues if q != queue)
    run(street.desk.reroute(reference, street.by(member, reference), to))
    (group,) = groups(street)
    assert group.messages[0].text == "A hole near my house, call [phone]"
    with street.database.engine.connect() as c:
        (label,) = labels.waiting(c, 10)
    assert (label.kind, label.source) == ("routing", "reroute")
    assert (label.from_queue, label.wanted, label.made_by) == (queue, to, member.id)
    assert label.text == "A hole near my house, call [phone]"


def test_answers_drawn_by_lot_become_labels_that_wait(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SAMPLED_ONE_IN", 1)
    street.talk("how do i report a hole", answer("pothole"))
    street.clock.passes(minutes=11)
    run(street.learning.look())
    run(street.learning.look())
    with street.database.engine.connect() as c:
        (label,) = labels.waiting(c, 10)
    assert (label.source, label.text, label.wanted) == (
        "sampled", "how do i report a hole", "pothole",
    )  # fmt: skip


def test_about_as_many_answers_as_meant_are_drawn() -> None:
    drawn = sum(collecting.is_drawn(f"msg_{n}") for n in range(10_000))
    assert 150 < drawn < 250


def test_the_same_meaning_is_one_group_with_its_count_and_trend(street: Street) -> None:
    for days in (9, 3, 2, 1):
        at = street.clock.now() - timedelta(days=days)
        street.talk(TEXT, NOT_FOUND, at=at)
        street.talk(f"{TEXT}?", NOT_FOUND, at=at)
    street.talk("is the planetarium open", NOT_FOUND)
    first, other = groups(street)
    assert (first.this_week, first.week_before, len(first.messages)) == (6, 2, 8)
    assert (first.trend, other.trend) == ("more", "new")
    # Grouped again, they are what they were.
    assert [g.id for g in groups(street)] == [first.id, other.id]


def test_what_was_settled_does_not_come_back_unless_it_grows_again(street: Street) -> None:
    maintainer = street.member(Role.MAINTAINER)
    for _ in range(4):
        street.talk(TEXT, NOT_FOUND)
    (group,) = groups(street)
    reason = "Goats are no matter of the City."
    run(street.learning.set_aside(maintainer, group.id, reason))
    assert groups(street) == []
    (settled,) = groups(street, settled=True)
    assert settled.settled is not None
    assert (settled.settled.how, settled.settled.why) == (How.ASIDE, reason)
    for more, is_back in ((2, False), (1, True)):
        street.clock.passes(minutes=1)
        for _ in range(more):
            street.talk(TEXT, NOT_FOUND)
        assert [g.id for g in groups(street)] == ([group.id] if is_back else [])
    assert [e.action for e in street.audited()] == ["learning.aside"]


def test_messages_set_aside_are_learned_as_not_covered_if_so_said(street: Street) -> None:
    maintainer = street.member(Role.MAINTAINER)
    (question, _), _ = street.talk(TEXT, NOT_FOUND), street.talk(TEXT, NOT_FOUND)
    (group,) = groups(street)
    run(street.learning.set_aside(maintainer, group.id, "No goats.", [question]))
    with street.database.engine.connect() as c:
        (label,) = labels.approved(c, labels.Kind.QUESTION)
    assert (label.text, label.wanted, label.decided_by) == (TEXT, "", maintainer.id)


def test_words_are_forgotten_after_their_time(street: Street) -> None:
    street.talk(TEXT, NOT_FOUND)
    (group,) = groups(street)
    street.clock.passes(days=89)
    assert [g.id for g in groups(street)] == [group.id]
    street.clock.passes(days=2)
    assert groups(street) == []
    with pytest.raises(GroupUnknown):
        run(street.learning.view(street.member(Role.MAINTAINER), group.id))
    with street.database.engine.connect() as c:
        assert repository.recent_questions(c, 10) == []


def test_recent_questions_are_each_told_once(street: Street) -> None:
    for text in (TEXT, TEXT, "is the planetarium open"):
        street.clock.passes(minutes=1)
        street.talk(text, NOT_FOUND)
    groups(street)
    with street.database.engine.connect() as c:
        assert repository.recent_questions(c, 10) == ["is the planetarium open", TEXT]


def test_a_look_reads_what_is_new_and_not_all_messages(street: Street) -> None:
    asked: list[tuple[str, Any]] = []
    engine = street.database.engine

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM messages" in statement and "JOIN" not in statement:
            asked.append((statement, parameters))

    # Of all engines: on SQLite what is read goes by one of its own.
    event.listen(Engine, "before_cursor_execute", keep)
    street.talk(TEXT, offer("tree"))
    street.clock.passes(minutes=11)
    run(street.learning.look())
    event.remove(Engine, "before_cursor_execute", keep)
    assert len(asked) > 2
    with engine.connect() as c:
        if engine.dialect.name == "postgresql":
            c.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in asked:
            explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
            plan = str(c.exec_driver_sql(f"{explain} {statement}", parameters).all())
            assert "SCAN messages" not in plan, statement
            assert "Seq Scan on messages" not in plan, statement


class Encoder:
    """Reads by letters, and keeps what it was given."""

    sha256 = "of a test"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return by_letters(texts)


def test_the_encoder_reads_each_message_once(street: Street) -> None:
    encoder = Encoder()
    street.learning = Learning(street.database, street.clock, NoEditing(), encoder, 90)
    for text in (TEXT, TEXT, "is the planetarium open"):
        street.talk(text, NOT_FOUND)
        assert groups(street)
    assert encoder.read == [TEXT, "is the planetarium open"]
