"""The assistant's short words are kept with its message for text messages, and are not shown on the web."""

from sqlalchemy import select

from services_catalog.database import open_database
from tests.triage.talking import Resident
from tests.triage.twin import AssistantTwin, says
from triage.conversations.tables import messages


def test_short_words_are_kept_and_not_shown_on_the_web(
    resident: Resident, assistant: AssistantTwin, database_url: str
) -> None:
    assistant.will_answer = lambda _asked: says(
        "Put it out by 7 a.m. on your day.", short="By 7 a.m."
    )
    (heard,) = resident.hears(after=resident.says("when do i put out the green bin"))
    assert "short" not in heard
    engine = open_database(database_url)
    with engine.connect() as connection:
        kept = connection.execute(select(messages.c.extra).where(messages.c.id == heard["id"]))
        assert kept.scalar_one() == {"short": "By 7 a.m."}
    engine.dispose()
