"""What maintainers do with drafts and entries. Each is one transaction with its entry in the audit trail.

Only its author writes in a draft (`draft.py` says what else who may do). A draft may be wrong as long as it is a draft: it is
kept as it was typed, and its faults are said beside it. What goes out has no fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.model import Kind, entry_to_dict
from services_catalog.packs import City
from triage.editing import repository, wordings
from triage.editing.doing import Doing, required
from triage.editing.draft import Deed, Draft, Stands
from triage.editing.errors import (
    DraftAlready,
    DraftMoved,
    EntryIdTaken,
    EntryUnknown,
    NameNotValid,
)
from triage.editing.publishing import Publishing
from triage.editing.reading import Reading
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.staff.audit import record
from triage.staff.roles import Member

_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_ALREADY = "You have a draft of this entry. Publish it or drop it first."


def suggested_id(title: str) -> str:
    """Return the id that a title suggests."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "_".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("_")


class Editing:
    """The drafts of one city's entries."""

    def __init__(self, database: Database, city: City, clock: Clock) -> None:
        self._doing = Doing(database, city, clock)
        self._city = city.id
        self.publishing = Publishing(self._doing)
        self.reading = Reading(self._doing)

    def today(self) -> date:
        """Return the day in the city."""
        return self._doing.today()

    # ── beginning ──

    async def begin(self, member: Member, entry_id: str, *, withdraws: bool = False) -> Draft:
        """Return the member's draft of an entry; a new one, of the entry as it stands, if there is none.

        Raises:
            EntryUnknown: there is no such entry.
            DraftAlready: to withdraw the entry is asked for, and there is a draft that changes it.
        """

        def change(connection: Connection) -> Draft:
            # Also so that one who begins twice at the same moment has one draft.
            store.hold_in(connection, self._city)
            mine = repository.open_of(connection, self._city, entry_id, member.id)
            if mine and mine.withdraws == withdraws:
                return mine
            if mine:
                raise DraftAlready(_ALREADY)
            entry = store.load_in(connection, self._city).by_id.get(entry_id)
            if entry is None:
                raise EntryUnknown
            content = None if withdraws else entry_to_dict(entry)
            return self._add(connection, member, entry_id, content)

        return await self._doing.database.write(change)

    async def start(
        self,
        member: Member,
        entry_id: str,
        title: str,
        *,
        questions: Sequence[str] = (),
        owner: str = "",
    ) -> Draft:
        """Begin an entry that there is not yet.

        Raises:
            NameNotValid: no entry can be called that.
            EntryIdTaken: there is one with this id, or was one: then its earlier state can be brought back.
            DraftAlready: the member has a draft of it.
        """
        title = " ".join(title.split())
        if not title:
            raise NameNotValid("title", "Write the title, as residents will read it.")
        if not _ID.fullmatch(entry_id):
            why = "An id has small letters, digits and underscores only, and begins with a letter."
            raise NameNotValid("id", why)
        content = {
            "id": entry_id,
            "kind": Kind.INFORMATION.value,
            "title": title,
            "questions": list(
                dict.fromkeys(" ".join(q.split()) for q in questions if q.strip())
            ),
            "owner": owner,
            "last_verified": self._doing.today().isoformat(),
        }

        def change(connection: Connection) -> Draft:
            store.hold_in(connection, self._city)
            if store.entry_revisions_in(connection, self._city, [entry_id])[entry_id]:
                raise EntryIdTaken("id", f"There is an entry {entry_id} already, or was one.")
            if repository.open_of(connection, self._city, entry_id, member.id):
                raise DraftAlready(_ALREADY)
            return self._add(
                connection, member, entry_id, {k: v for k, v in content.items() if v}
            )

        return await self._doing.database.write(change)

    async def go_back(self, member: Member, entry_id: str, revision: int) -> Draft:
        """Begin a draft that is the entry as it became at an earlier revision, on what it is now.

        Raises:
            EntryUnknown: that revision did not touch it, or withdrew it.
            DraftAlready: the member has a draft of it, which would be lost.
        """

        def change(connection: Connection) -> Draft:
            store.hold_in(connection, self._city)
            if repository.open_of(connection, self._city, entry_id, member.id):
                raise DraftAlready(_ALREADY)
            then = store.state_in(connection, self._city, entry_id, revision)
            if then is None or then.entry is None:
                raise EntryUnknown
            return self._add(
                connection, member, entry_id, dict(then.entry), went_back_to=revision
            )

        return await self._doing.database.write(change)

    def _add(
        self,
        connection: Connection,
        member: Member,
        entry_id: str,
        content: Mapping[str, Any] | None,
        **details: int,
    ) -> Draft:
        now = self._doing.clock.now()
        draft = Draft(
            id=new_id("drf"),
            city=self._city,
            entry_id=entry_id,
            base_revision=store.entry_revisions_in(connection, self._city, [entry_id])[
                entry_id
            ],
            content=content,
            version=1,
            stands=Stands.WRITING,
            author_id=member.id,
            author_name=member.name,
            begun_at=now,
            saved_at=now,
        )
        repository.add(connection, draft)
        record(connection, member, "entry.draft", entry_id, now=now, draft=draft.id, **details)
        return draft

    # ── writing ──

    async def save(
        self, member: Member, draft_id: str, version: int, content: Mapping[str, Any]
    ) -> Draft:
        """Keep what was written, right or not.

        Raises:
            DraftUnknown, DraftMoved, NotNow: it is not there, not as they saw it, or not theirs to write in.
        """

        def change(connection: Connection, draft: Draft, now: datetime) -> Draft:
            if draft.content == content and draft.stands is Stands.WRITING:
                return draft
            return repository.change(
                connection,
                draft,
                content=dict(content) | {"id": draft.entry_id},
                stands=Stands.WRITING,
                approved_by=None,
                saved_at=now,
                note="",
                note_by="",
            )

        return await self._doing.do(member, draft_id, version, Deed.SAVE, change)

    async def put_onto_now(
        self,
        member: Member,
        draft_id: str,
        version: int,
        content: Mapping[str, Any] | None,
        seen_revision: int,
    ) -> Draft:
        """Put a draft onto the entry as it has become: from now on it goes out from there.

        Args:
            content: what the author made of both; None: the entry is still to be withdrawn.
            seen_revision: the entry's own revision that they saw beside their draft.

        Raises:
            DraftUnknown, DraftMoved, NotNow: as for `save`.
            DraftMoved: the entry changed once more meanwhile.
        """

        def change(connection: Connection, draft: Draft, now: datetime) -> Draft:
            store.hold_in(connection, draft.city)
            known = store.entry_revisions_in(connection, draft.city, [draft.entry_id])
            if known[draft.entry_id] != seen_revision:
                raise DraftMoved("The entry was changed once more. Look at both again.")
            return repository.change(
                connection,
                draft,
                base_revision=seen_revision,
                content=None if content is None else dict(content) | {"id": draft.entry_id},
                stands=Stands.WRITING,
                approved_by=None,
                saved_at=now,
                note="",
                note_by="",
            )

        return await self._doing.do(member, draft_id, version, Deed.SAVE, change)

    async def drop(self, member: Member, draft_id: str, version: int) -> Draft:
        """Give a draft up; it is kept, and no longer open."""

        return await self._doing.move(member, draft_id, version, Deed.DROP)

    # ── a second person ──

    async def ask_review(self, member: Member, draft_id: str, version: int) -> Draft:
        """Have a second person look at a draft."""
        return await self._doing.move(
            member, draft_id, version, Deed.ASK_REVIEW, note="", note_by=""
        )

    async def approve(self, member: Member, draft_id: str, version: int) -> Draft:
        """Say, as the second person, that a draft may go out as it is."""
        return await self._doing.move(
            member, draft_id, version, Deed.APPROVE, approved_by=member.name
        )

    async def send_back(self, member: Member, draft_id: str, version: int, note: str) -> Draft:
        """Say, as the second person, what has to be better.

        Raises:
            NotValid: the note is missing.
        """
        said = required("note", note, "Write what has to be better.")
        told = {"note": said, "note_by": member.name, "approved_by": None}
        return await self._doing.move(member, draft_id, version, Deed.SEND_BACK, **told)

    # ── wordings ──

    async def add_wording(
        self, member: Member, entry_id: str, wording: str, reason: str
    ) -> int:
        """Add an example question to an entry, live at once (`wordings.py`)."""
        now = self._doing.clock.now()
        return await self._doing.database.write(
            lambda c: self.add_wording_in(c, member, entry_id, wording, reason, now)
        )

    def add_wording_in(
        self,
        connection: Connection,
        member: Member,
        entry_id: str,
        wording: str,
        reason: str,
        now: datetime,
    ) -> int:
        """Do what `add_wording` does, last in the caller's transaction."""
        return wordings.add_wording(
            connection, self._city, member, entry_id, wording, reason, now
        )
