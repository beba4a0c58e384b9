"""One more wording for an entry, live at once: residents are told nothing else, so nobody has to look at it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from services_catalog import store
from triage.editing.errors import EntryUnknown, WordingNotValid, WordingTaken
from triage.kit.text import readable
from triage.staff.audit import record
from triage.staff.roles import Member

LONGEST_WORDING = 300


def add_wording(
    connection: Connection,
    city: str,
    member: Member,
    entry_id: str,
    wording: str,
    reason: str,
    now: datetime,
) -> int:
    """Add an example question to an entry; return the catalogue's revision. The same one again changes nothing.

    Call it last in a transaction: it writes into the audit trail.

    Raises:
        EntryUnknown: there is no such entry.
        WordingNotValid: it is no sentence that somebody would write.
        WordingTaken: another entry has it.
    """
    wording = _checked(wording)
    revision = store.hold_in(connection, city)
    catalogue = store.load_in(connection, city)
    entry = catalogue.by_id.get(entry_id)
    if entry is None:
        raise EntryUnknown
    for other in catalogue.entries:
        if wording.lower() in (q.strip().lower() for q in other.questions):
            if other.id == entry_id:
                return revision
            raise WordingTaken(
                "questions",
                f'"{other.title}" has this wording already. Take it out there first.',
            )
    revision = store.apply_in(
        connection,
        city,
        store.Change(save=[replace(entry, questions=(*entry.questions, wording))]),
        by=member.name,
        reason=reason,
        now=now,
    )
    record(connection, member, "entry.add_wording", entry_id, now=now, revision=revision)
    return revision


def _checked(wording: str) -> str:
    try:
        wording = " ".join(readable(wording).split())
    except ValueError as fault:
        raise WordingNotValid("wording", "Write the wording, in plain text.") from fault
    if len(wording) > LONGEST_WORDING:
        why = f"This is too long by {len(wording) - LONGEST_WORDING} characters."
        raise WordingNotValid("wording", why)
    return wording
