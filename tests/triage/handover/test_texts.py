"""A person is wanted by text message: the line by numbers, and staff's answers as texts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from services_catalog.segments import count
from tests.support.staff import add_member
from tests.triage.handover.conftest import WANTS_A_PERSON, HandClock, Person, asking
from tests.triage.texting.carrier import Phone
from tests.triage.texting.conftest import Place, a_line
from triage.handover.tables import handovers
from triage.kit.db import Database


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_line(f"sqlite:///{tmp_path}/triage.db", tmp_path) as place:
        place.assistant.will_answer = asking
        yield place


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    database = Database(place.database_url)
    yield database
    database.close()


@pytest.fixture
def sam(place: Place, database: Database) -> Person:
    member = add_member(place.database_url, name="Sam Lee")
    return Person(member, database, HandClock(datetime.now(UTC)))


def in_line(place: Place, database: Database) -> tuple[Phone, str]:
    """Return a phone whose owner waits for a person, and the id of their conversation."""
    phone = Phone("+14165550142", place.carrier, place.url)
    phone.texts(WANTS_A_PERSON)
    [told] = phone.hears()
    assert "You are in line for a person. You are first in line." in told
    assert "Or call 311 (416-392-2489 from outside Toronto)" in told
    assert told.endswith("\n1 Go on without a person")
    assert count(told).segments <= 2

    def whose(connection: Connection) -> str:
        return str(connection.execute(select(handovers.c.conversation_id)).scalar_one())

    return phone, asyncio.run(database.read(whose))


def test_words_go_both_ways_by_text_message(
    place: Place, database: Database, sam: Person
) -> None:
    phone, conversation = in_line(place, database)
    sam.takes(conversation)
    assert "Sam Lee from the City of Toronto is here now" in phone.hears()[0]
    sam.says(conversation, "\u201cHello\u201d, what is it about?")
    # Plain characters for typographic ones: so its length is counted at the console.
    assert phone.hears() == ['"Hello", what is it about?']
    phone.texts("my water bill")
    sam.closes(conversation)
    assert "Sam Lee has ended this conversation." in phone.hears()[0]
    phone.texts("thanks")
    assert phone.hears() == ["You said: thanks"]


def test_a_number_leaves_the_line_and_what_was_texted_there_is_answered(
    place: Place, database: Database, sam: Person
) -> None:
    phone, _ = in_line(place, database)
    phone.texts("when is my garbage day")
    [kept] = phone.hears()
    assert kept.startswith("Thank you. I keep what you text for the person.")
    phone.texts("1")
    left, answered = phone.hears(2)
    assert left.startswith("All right, you are out of the line")
    assert answered == "You said: when is my garbage day"


def test_whom_people_shall_contact_is_reached_where_they_text(
    place: Place, database: Database, sam: Person
) -> None:
    phone, conversation = in_line(place, database)
    phone.texts("call me back")
    assert "People will get in touch with you by text message here." in phone.hears()[0]
    sam.takes(conversation)
    assert "Sam Lee" in phone.hears()[0]
