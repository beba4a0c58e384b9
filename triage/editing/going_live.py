"""What a draft does to the catalogue when it goes out, and when its time is over. In the caller's transaction, which holds
the draft; what is left to do after it is to record it.

A change for a while ends by the earlier text coming back, as it was before; an entry that was new is withdrawn. That happens
only if the entry still is as the change made it: nobody's later words are overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services_catalog import store
from services_catalog.checks import check_entry
from services_catalog.model import Catalogue, ServiceEntry, entry_from_dict, entry_to_dict
from services_catalog.store import Change
from triage.editing import repository
from triage.editing.draft import Draft, Stands
from triage.editing.errors import EntryChanged, EntryUnknown, HasFaults
from triage.editing.merging import merged


@dataclass(frozen=True)
class Ready:
    """A draft that may go out, as it would.

    Attributes:
        base: the entry's own revision that it goes out from.
    """

    base: int
    content: Mapping[str, Any] | None
    change: Change


def ready(connection: Connection, draft: Draft, dangers: Collection[str]) -> Ready:
    """Return what would go out now. Nothing is changed; nobody else changes the catalogue until the transaction ends.

    Raises:
        EntryChanged: somebody changed the entry since the draft began.
        HasFaults: it may not go out as it is.
    """
    store.hold_in(connection, draft.city)
    catalogue = store.load_in(connection, draft.city)
    seen = store.entry_revisions_in(connection, draft.city, [draft.entry_id])[draft.entry_id]
    content = draft.content
    if seen != draft.base_revision:
        content = _onto_now(connection, draft, catalogue)
    return Ready(seen, content, _change(draft.entry_id, content, catalogue, dangers))


def go_live(
    connection: Connection,
    draft: Draft,
    now_ready: Ready,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Draft:
    """Make a draft what residents are told."""
    revision = store.apply_in(
        connection,
        draft.city,
        now_ready.change,
        by=by,
        reason=reason,
        expected_entries={draft.entry_id: now_ready.base},
        now=now,
    )
    return repository.change(
        connection,
        draft,
        stands=Stands.PUBLISHED,
        base_revision=now_ready.base,
        content=now_ready.content,
        reason=reason,
        decided_by=by,
        published_revision=revision,
        closed_at=now,
    )


def _onto_now(
    connection: Connection, draft: Draft, catalogue: Catalogue
) -> Mapping[str, Any] | None:
    """Return a draft's content on the entry as it has become, where nobody has to look at that."""
    before = store.state_in(connection, draft.city, draft.entry_id, draft.base_revision)
    there = catalogue.by_id.get(draft.entry_id)
    if before is None or before.entry is None or there is None:
        raise EntryChanged(changed_since(connection, draft))
    mine = before.entry if draft.content is None else draft.content
    both = merged(before.entry, entry_to_dict(there), mine)
    if not both.is_beside_the_words:
        raise EntryChanged(changed_since(connection, draft))
    return None if draft.content is None else both.content


def _change(
    entry_id: str,
    content: Mapping[str, Any] | None,
    catalogue: Catalogue,
    dangers: Collection[str],
) -> Change:
    if content is not None:
        faults = [f for f in check_entry(dict(content), catalogue.entries, dangers) if f.stops]
        if faults:
            raise HasFaults(
                faults[0].field, f"This has to be put right first: {faults[0].says}"
            )
        return Change(save=[entry_from_dict(dict(content))])
    if entry_id not in catalogue.by_id:
        raise EntryUnknown
    if others := [e for e in catalogue.entries if entry_id in named_by(e)]:
        listed = ", ".join(f'"{entry.title}"' for entry in others)
        why = f"Other entries name this one: {listed}. Take it out there first."
        raise HasFaults("withdraw", why)
    return Change(retire=[entry_id])


def end(connection: Connection, draft: Draft, *, now: datetime) -> tuple[Draft, bool]:
    """Bring the earlier text back; say whether that was still possible. Else the draft's note says why not."""
    store.hold_in(connection, draft.city)
    seen = store.entry_revisions_in(connection, draft.city, [draft.entry_id])[draft.entry_id]
    if seen != draft.published_revision:
        note = f"{changed_since(connection, draft)} So the text from before was not put back by itself."
        return repository.change(connection, draft, ended_at=now, note=note, note_by=""), False
    before = store.state_in(connection, draft.city, draft.entry_id, draft.base_revision)
    was = before.entry if before else None
    store.apply_in(
        connection,
        draft.city,
        Change(save=[entry_from_dict(dict(was))]) if was else Change(retire=[draft.entry_id]),
        by=draft.decided_by or draft.author_name,
        reason=f"The time of this change is over: {draft.reason}",
        expected_entries={draft.entry_id: seen},
        now=now,
    )
    return repository.change(connection, draft, ended_at=now), True


def changed_since(connection: Connection, draft: Draft) -> str:
    """Say who changed the entry since the draft began, or since it went out."""
    known = draft.published_revision or draft.base_revision
    later = store.history_in(connection, draft.city, draft.entry_id)
    names = [state.changed_by for state in reversed(later) if state.revision > known]
    who = " and ".join(dict.fromkeys(names)) or "Somebody"
    return f"{who} changed this entry in the meantime."


def named_by(entry: ServiceEntry) -> set[str]:
    """Return the ids of the entries that another one names: it could not stand without them."""
    attributes = entry.request.attributes if entry.request else ()
    instead = {value.instead for a in attributes for value in a.values if value.instead}
    return {*entry.related, *(confusion.id for confusion in entry.confused_with), *instead}
