"""The database's shape: what the migrations make is what the code expects, and nothing is lost on the way."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import triage.forwarding.tables  # its tables are among those of the cases
import triage.handover.tables  # its tables are among those of the conversations
import triage.migrations
import triage.texting.tables  # its tables are among those of the conversations
import triage.updates.tables  # its tables are among those of the cases
from services_catalog import store
from services_catalog.database import open_database
from services_catalog.notices.tables import metadata as notices
from services_catalog.tables import metadata as catalogue
from triage.cases.tables import metadata as cases
from triage.conversations.tables import metadata as conversations
from triage.editing.tables import metadata as editing
from triage.insight.tables import metadata as insight
from triage.learning.tables import metadata as learning
from triage.media.tables import metadata as media
from triage.migrations import migrate, newest
from triage.open311.keys import metadata as keys
from triage.reviews.tables import metadata as reviews
from triage.staff.tables import metadata as staff

FOLDER = Path(triage.migrations.__file__).parent


def test_the_migrations_make_just_what_the_code_expects(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    assert migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert (
            compare_metadata(
                context,
                [
                    catalogue,
                    notices,
                    conversations,
                    cases,
                    media,
                    keys,
                    staff,
                    learning,
                    editing,
                    reviews,
                    insight,
                ],
            )
            == []
        )
    engine.dispose()


def test_migrating_again_does_nothing(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    assert migrate(engine) is True
    assert migrate(engine) is False
    engine.dispose()


def test_a_catalogue_that_was_imported_first_stays(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    store.create_tables(engine)
    revision = store.apply(
        engine, "toronto", store.Change(uncovered=["what is love"]), by="test", reason="test"
    )
    assert migrate(engine)
    assert store.load(engine, "toronto").uncovered == ("what is love",)
    assert store.revision_of(engine, "toronto") == revision
    engine.dispose()


def test_migrations_are_numbered_sentences_in_one_line() -> None:
    files = sorted(p.name for p in (FOLDER / "versions").glob("*.py"))
    for number, name in enumerate(files, 1):
        assert re.fullmatch(rf"{number:04}(_[a-z]+){{3,}}\.py", name), name
    script = ScriptDirectory(str(FOLDER))
    assert script.get_heads() == [newest()]
    assert len(list(script.walk_revisions())) == len(files)
