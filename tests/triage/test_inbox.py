"""The inbox as work: whatever workers do, crash or lose, each message is done once, and in order.

Hypothesis plays the workers on a real database; the clock is the test's.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import Connection, Engine, column, insert, select, table

from services_catalog.database import open_database
from services_catalog.packs import load_city
from tests.support.databases import new_sqlite
from triage.conversations import answers, repository
from triage.conversations.people import Nobody
from triage.conversations.rasa_client import Reply
from triage.conversations.repository import Work
from triage.conversations.schemas import Sender
from triage.conversations.tables import conversations, inbox, inbox_work, messages
from triage.kit.work import held_from_birth

LEASE = timedelta(seconds=10)
CITY = load_city("toronto")
TALKS = ("con_a", "con_b")


def new_database(url: str) -> Engine:
    engine = open_database(url)
    with engine.begin() as connection:
        for name in TALKS:
            connection.execute(
                insert(conversations).values(
                    id=name,
                    token_hash="",
                    channel="webchat",
                    language="en",
                    state="assistant",
                    next_seq=1,
                    created_at=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )
    return engine


class Inbox(RuleBasedStateMachine):
    """Residents write, workers claim, answer, fail, crash and come too late; time passes."""

    claimed = Bundle("claimed")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.engine = new_database(new_sqlite(Path(self.folder)))
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.sent: dict[str, list[str]] = {name: [] for name in TALKS}
        self.stored: list[str] = []
        self.given_up: set[str] = set()

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    @rule(talk=st.sampled_from(TALKS), worker=st.sampled_from(["", "w1"]), target=claimed)
    def a_resident_writes(self, talk: str, worker: str) -> object:
        with self.engine.begin() as connection:
            held = repository.hold(connection, talk)
            assert held is not None
            message_id = f"msg_{talk}_{len(self.sent[talk])}"
            is_first = not inbox_work.is_waiting(connection, talk)
            row = {
                "id": message_id,
                "sender": Sender.RESIDENT.value,
                "text": "hello",
                "extra": None,
                "created_at": self.now,
            }
            seq = repository.add_messages(connection, held, [row], ())
            lease, values = held_from_birth(
                message_id, worker=worker, now=self.now, lease=LEASE
            )
            is_held = bool(worker) and is_first
            repository.add_to_inbox(
                connection,
                message_id=message_id,
                conversation_id=talk,
                seq=seq,
                received_at=self.now,
                next_attempt_at=self.now,
                **(values if is_held else {}),
            )
            self.sent[talk].append(message_id)
            if is_held:
                asked = repository.asked_of(connection, held, row)
                return Work(lease, asked, self.now)
        return multiple()

    @rule(worker=st.sampled_from(["w1", "w2"]), limit=st.integers(1, 3), target=claimed)
    def a_worker_claims(self, worker: str, limit: int) -> object:
        with self.engine.begin() as connection:
            due = inbox_work.has_due(connection, self.now)
            work = repository.claim(
                connection, worker=worker, now=self.now, lease=LEASE, limit=limit
            )
        assert due == bool(work)
        by_talk = [w.asked.conversation_id for w in work]
        assert len(by_talk) == len(set(by_talk)), "two of one conversation at once"
        return multiple(*work)

    @rule(work=consumes(claimed))
    def it_answers(self, work: Work) -> None:
        with self.engine.begin() as connection:
            if answers.store(connection, work, [Reply(text="answer")], self.now, (), Nobody()):
                self.stored.append(work.asked.message_id)

    @rule(work=consumes(claimed), pause=st.integers(0, 20))
    def it_fails(self, work: Work, pause: int) -> None:
        with self.engine.begin() as connection:
            inbox_work.postpone(
                connection, work.lease, until=self.now + timedelta(seconds=pause), error="503"
            )

    @rule(work=consumes(claimed))
    def it_gives_up(self, work: Work) -> None:
        with self.engine.begin() as connection:
            if answers.give_up(connection, work, CITY, "too long", self.now, (), Nobody()):
                self.given_up.add(work.asked.message_id)

    @rule(worker=st.sampled_from(["w1", "w2"]))
    def a_worker_starts_again(self, worker: str) -> None:
        with self.engine.begin() as connection:
            inbox_work.release(connection, worker)

    @rule()
    def the_assistant_is_back(self) -> None:
        with self.engine.begin() as connection:
            inbox_work.hurry(connection, self.now)

    @rule()
    def residents_are_told(self) -> None:
        with self.engine.begin() as connection:
            before = self.now - timedelta(seconds=4)
            for talk in repository.late(connection, before, 100):
                answers.tell_late(connection, talk, before, CITY, self.now, ())
            assert repository.late(connection, before, 100) == []

    @rule(seconds=st.integers(1, 15))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def every_message_is_answered_at_most_once_and_in_order(self) -> None:
        with self.engine.connect() as connection:
            for talk in TALKS:
                answered = list(
                    connection.execute(
                        select(messages.c.in_reply_to)
                        .where(
                            messages.c.conversation_id == talk,
                            messages.c.sender == Sender.ASSISTANT.value,
                        )
                        .order_by(messages.c.seq)
                    ).scalars()
                )
                assert answered == [m for m in self.stored if m.startswith(f"msg_{talk}_")]
                numbers = [int(m.rsplit("_", 1)[1]) for m in answered]
                assert numbers == sorted(set(numbers))
                assert not self.given_up & set(answered)

    @invariant()
    def nothing_is_lost(self) -> None:
        with self.engine.connect() as connection:
            waiting = set(
                connection.execute(
                    select(inbox.c.message_id).where(inbox_work.waits())
                ).scalars()
            )
        sent = {m for talk in self.sent.values() for m in talk}
        assert sent == waiting | set(self.stored) | self.given_up
        assert not waiting & (set(self.stored) | self.given_up)

    @invariant()
    def messages_are_numbered_without_gaps(self) -> None:
        with self.engine.connect() as connection:
            for talk in TALKS:
                numbers = list(
                    connection.execute(
                        select(messages.c.seq)
                        .where(messages.c.conversation_id == talk)
                        .order_by(messages.c.seq)
                    ).scalars()
                )
                assert numbers == list(range(1, len(numbers) + 1))


TestInbox = Inbox.TestCase
TestInbox.settings = settings(max_examples=25, stateful_step_count=30)


def say(connection: Connection, message_id: str, now: datetime, talk: str = "con_a") -> None:
    held = repository.hold(connection, talk)
    assert held is not None
    row = {"id": message_id, "sender": "resident", "text": "hello", "created_at": now}
    repository.add_to_inbox(
        connection,
        message_id=message_id,
        conversation_id=talk,
        seq=repository.add_messages(connection, held, [row], ()),
        received_at=now,
        next_attempt_at=now,
    )


def test_looking_for_what_is_due_reads_what_waits_and_not_each_beside_each(
    postgresql_url: str,
) -> None:
    engine = new_database(postgresql_url)
    now, many = datetime(2026, 1, 1, tzinfo=UTC), 200
    with engine.begin() as connection:
        for number in range(many):
            say(connection, f"msg_{number}", now, TALKS[number % 2])
        held_from_then = {"worker": "w1", "now": now, "lease": LEASE, "limit": 5}
        assert len(inbox_work.claim(connection, **held_from_then)) == len(TALKS)
    # A transaction of its own, in which nothing is due: the first are held, the others wait for them.
    with engine.begin() as connection:
        assert not inbox_work.claim(connection, **held_from_then)
        read = select(column("idx_tup_fetch") + column("seq_tup_read"))
        read = read.select_from(table("pg_stat_xact_user_tables")).where(
            column("relname") == inbox.name
        )
        assert connection.scalar(read) < 10 * many
    engine.dispose()


def test_an_answer_that_comes_after_the_lease_was_taken_over_stores_nothing(
    any_database_url: str,
) -> None:
    engine = new_database(any_database_url)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with engine.begin() as connection:
        say(connection, "msg_1", now)

    def claim(worker: str, at: datetime) -> list[Work]:
        with engine.begin() as connection:
            return repository.claim(connection, worker=worker, now=at, lease=LEASE, limit=5)

    [slow] = claim("slow", now)
    assert claim("quick", now + timedelta(seconds=9)) == []
    later = now + timedelta(seconds=11)
    [quick] = claim("quick", later)
    assert (slow.lease.attempts, quick.lease.attempts) == (1, 2)
    with engine.begin() as connection:
        assert not answers.store(
            connection, slow, [Reply(text="too late")], later, (), Nobody()
        )
        assert not answers.give_up(connection, slow, CITY, "too late", later, (), Nobody())
        assert answers.store(connection, quick, [Reply(text="in time")], later, (), Nobody())
        assert not answers.store(connection, quick, [Reply(text="again")], later, (), Nobody())
    with engine.connect() as connection:
        said = connection.execute(select(messages.c.text).order_by(messages.c.seq)).scalars()
        assert list(said) == ["hello", "in time"]
    engine.dispose()
