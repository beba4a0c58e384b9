"""A maintainer as a process of its own, who edits entries as fast as they can and may be killed at any moment.

    python -m tests.triage.editing.editor DATABASE MEMBER SEED EDITS ENTRY...

Each edit counts the number in an entry's section up by one. What is published is said on standard output, after it is.
"""

from __future__ import annotations

import asyncio
import random
import sys

from services_catalog.packs import load_city
from triage.editing.editing import Editing
from triage.editing.errors import DraftMoved, EntryChanged
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.staff.roles import Member, Role


async def edit(editing: Editing, member: Member, entry_id: str) -> int:
    """Count one entry up and publish it, however often somebody else is quicker; return the revision."""
    await editing.begin(member, entry_id)
    while True:
        file = await editing.reading.my_draft(member, entry_id)
        assert file
        assert file.now
        content = dict(file.now) | {"section": str(int(file.now["section"]) + 1)}
        try:
            draft = await editing.put_onto_now(
                member, file.draft.id, file.draft.version, content, file.now_revision
            )
            done = await editing.publishing.publish(
                member, draft.id, draft.version, "counted up"
            )
        except (EntryChanged, DraftMoved):
            continue
        assert done.published_revision
        return done.published_revision


async def main(url: str, name: str, seed: str, edits: int, entry_ids: list[str]) -> None:
    database = Database(url)
    editing = Editing(database, load_city("toronto"), SystemClock())
    member = Member(f"mem_{name}", f"{name}@city.example", name, Role.MAINTAINER)
    rng = random.Random(seed)
    for _ in range(edits):
        entry_id = rng.choice(entry_ids)
        revision = await edit(editing, member, entry_id)
        sys.stdout.write(f"{entry_id} {revision}\n")
        sys.stdout.flush()
    database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4]), sys.argv[5:]))
