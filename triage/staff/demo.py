"""Accounts for show, at least one for each role, whose password stands on the sign-in page. Only for a demonstration: elsewhere
nobody gets in with them, even where a database has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from triage.staff import repository
from triage.staff.audit import THE_LINE, record
from triage.staff.passwords import hash_of_password
from triage.staff.roles import Member, Role

DEMO_PASSWORD = "open the demo door"  # noqa: S105 (it is shown to everybody)
# A second maintainer, since nobody approves their own draft.
_NAMES = (
    ("agent", "Avery Agent", Role.AGENT),
    ("supervisor", "Sam Supervisor", Role.SUPERVISOR),
    ("maintainer", "Morgan Maintainer", Role.MAINTAINER),
    ("maintainer2", "Noor Maintainer", Role.MAINTAINER),
    ("auditor", "Ari Auditor", Role.AUDITOR),
    ("administrator", "Alex Administrator", Role.ADMINISTRATOR),
)


def demo_members() -> Sequence[Member]:
    """Return who they are."""
    return [
        Member(f"mem_demo_{key}", f"{key}@demo.example", name, role)
        for key, name, role in _NAMES
    ]


def seed(connection: Connection, now: datetime) -> None:
    """Add those accounts that are not there."""
    missing = [m for m in demo_members() if not repository.account_of(connection, m.id)]
    if not missing:
        return
    # One hash for all: it hides nothing.
    kept = hash_of_password(DEMO_PASSWORD)
    for member in missing:
        repository.add_member(connection, member, now, password_hash=kept, is_demo=True)
    record(connection, THE_LINE, "member.seed", now=now, members=[m.id for m in missing])
