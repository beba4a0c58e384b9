"""The staff of a line, on both databases, with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.support.clock import HandClock
from tests.support.staff import QUICK, add_member
from triage.kit.db import Database
from triage.migrations import migrate
from triage.staff import passwords
from triage.staff.roles import Member, Role
from triage.staff.staff import Staff
from triage.staff_settings import StaffSettings


@dataclass
class Office:
    """Where staff sign in."""

    url: str
    database: Database
    clock: HandClock = field(default_factory=HandClock)
    is_demo: bool = False

    def __post_init__(self) -> None:
        settings = StaffSettings(staff_keys=Fernet.generate_key().decode())
        self.staff = Staff(self.database, self.clock, settings, "Toronto", is_demo=self.is_demo)

    def adds(self, role: Role = Role.AGENT, **kept: Any) -> Member:
        return add_member(self.url, role, **kept)


@pytest.fixture
def office(any_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    # test_passwords.py looks at what is used in earnest.
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setattr(passwords, "_nobodys", lambda: QUICK.hash("nobody's"))
    database = Database(any_database_url)
    migrate(database.engine)
    yield Office(any_database_url, database)
    database.close()
