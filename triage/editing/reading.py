"""What maintainers see: the list of entries, one entry with its history, one draft beside what it changes.

Whoever looks at an entry or a draft leaves an entry in the audit trail; lists leave none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.checks import Fault, check_entry
from services_catalog.model import Catalogue, ServiceEntry, entry_to_dict
from services_catalog.store import PastState
from triage.editing import repository
from triage.editing.doing import Doing
from triage.editing.draft import Deed, Draft, deeds_of
from triage.editing.errors import DraftUnknown, EntryUnknown
from triage.editing.merging import Merged, merged
from triage.staff.audit import record
from triage.staff.roles import Member

# So many days before its date an entry is said to be due.
DUE_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Listed:
    """An entry of the list. A new one that is a draft so far has no entry."""

    id: str
    title: str
    entry: ServiceEntry | None
    drafts: Sequence[Draft]
    is_due: bool

    @property
    def owner(self) -> str:
        """Who keeps it right."""
        if self.entry:
            return self.entry.owner
        return str((self.drafts[0].content or {}).get("owner", "")) if self.drafts else ""


@dataclass(frozen=True)
class EntryFile:
    """All about one entry.

    Attributes:
        entry: None: it is not in the catalogue, or not any more.
        history: the newest first.
        endings: changes for a while whose end is still to come.
        mine: the reader's own open draft.
    """

    id: str
    entry: ServiceEntry | None
    history: Sequence[PastState]
    drafts: Sequence[Draft]
    endings: Sequence[Draft]
    mine: Draft | None


@dataclass(frozen=True)
class DraftFile:
    """A draft, what it changes, and what may be done with it.

    Attributes:
        before: the entry as the draft found it; None: it was not there.
        now: the entry as it is; the same, unless somebody changed it since.
        now_revision: the entry's own revision.
        since: who made it that, in order, where somebody changed it since.
    """

    draft: Draft
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None
    now_revision: int
    since: Sequence[PastState]
    faults: Sequence[Fault]
    deeds: frozenset[Deed]
    wants_second: bool
    revision: int  # of the whole catalogue

    @property
    def could_go_out(self) -> bool:
        """Say whether nothing in the draft itself stands in the way."""
        return not any(fault.stops for fault in self.faults)

    @property
    def both(self) -> Merged:
        """What comes of the draft and of what the entry has become."""
        return merged(self.before or {}, self.now or {}, self.draft.content or {})


class Reading:
    """Reads the drafts and entries of one city."""

    def __init__(self, doing: Doing) -> None:
        self._doing = doing
        self._city = doing.city.id

    async def listed(self) -> list[Listed]:
        """Return all entries and all that are drafts so far, by title."""
        today = self._doing.today()

        def read(connection: Connection) -> list[Listed]:
            catalogue = store.load_in(connection, self._city)
            drafts: dict[str, list[Draft]] = {}
            for draft in repository.open_in(connection, self._city):
                drafts.setdefault(draft.entry_id, []).append(draft)
            ids = dict.fromkeys([*catalogue.by_id, *drafts])
            rows = [_listed(id, catalogue, drafts.get(id, ()), today) for id in ids]
            return sorted(rows, key=lambda row: row.title.casefold())

        return await self._doing.database.read(read)

    async def entry_file(self, member: Member, entry_id: str) -> EntryFile:
        """Return all about an entry.

        Raises:
            EntryUnknown: there never was such an entry, and nobody drafts one.
        """

        def read(connection: Connection) -> EntryFile:
            history = store.history_in(connection, self._city, entry_id)
            drafts = repository.open_in(connection, self._city, entry_id)
            if not history and not drafts:
                raise EntryUnknown
            entry = store.load_in(connection, self._city).by_id.get(entry_id)
            endings = repository.ending_in(connection, self._city, entry_id)
            mine = next((d for d in drafts if d.author_id == member.id), None)
            record(connection, member, "entry.view", entry_id, now=self._doing.clock.now())
            return EntryFile(entry_id, entry, history, drafts, endings, mine)

        return await self._doing.database.write(read)

    async def my_draft(self, member: Member, entry_id: str) -> DraftFile | None:
        """Return the member's own open draft of an entry."""

        def read(connection: Connection) -> DraftFile | None:
            mine = repository.open_of(connection, self._city, entry_id, member.id)
            return self._file(connection, member, mine) if mine else None

        return await self._doing.database.read(read)

    async def draft_file(self, member: Member, draft_id: str) -> DraftFile:
        """Return a draft with what it changes.

        Raises:
            DraftUnknown: there is none.
        """

        def read(connection: Connection) -> DraftFile:
            draft = repository.one(connection, self._city, draft_id)
            if draft is None:
                raise DraftUnknown
            file = self._file(connection, member, draft)
            now = self._doing.clock.now()
            record(connection, member, "entry.view", draft.entry_id, now=now, draft=draft.id)
            return file

        return await self._doing.database.write(read)

    async def faults(self, content: Mapping[str, Any]) -> list[Fault]:
        """Return what is wrong with an entry as it is being written."""

        def read(connection: Connection) -> list[Fault]:
            return self._faults(store.load_in(connection, self._city), content)

        return await self._doing.database.read(read)

    async def entries(self) -> Sequence[ServiceEntry]:
        """Return the entries as they are."""
        return (await self._doing.database.read(lambda c: store.load_in(c, self._city))).entries

    def _file(self, connection: Connection, member: Member, draft: Draft) -> DraftFile:
        catalogue = store.load_in(connection, self._city)
        history = store.history_in(connection, self._city, draft.entry_id)
        known = draft.base_revision
        before = next((s.entry for s in history if s.revision == known), None)
        entry = catalogue.by_id.get(draft.entry_id)
        # What went out has no later changes to be told of.
        later = [s for s in reversed(history) if s.revision > known and draft.stands.is_open]
        second = self._doing.wants_second(connection, draft)
        return DraftFile(
            draft,
            before,
            entry_to_dict(entry) if entry else None,
            history[0].revision if history else 0,
            later,
            self._faults(catalogue, draft.content) if draft.content else (),
            deeds_of(draft, member.id, wants_second=second),
            second,
            catalogue.revision,
        )

    def _faults(self, catalogue: Catalogue, content: Mapping[str, Any]) -> list[Fault]:
        return check_entry(dict(content), catalogue.entries, self._doing.city.safety)


def _listed(id: str, catalogue: Catalogue, drafts: Sequence[Draft], today: date) -> Listed:
    entry = catalogue.by_id.get(id)
    is_due = entry is not None and entry.review_by - today <= DUE_WITHIN
    title = entry.title if entry else drafts[0].title
    return Listed(id, title, entry, drafts, is_due)
