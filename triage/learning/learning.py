"""What can be done with what was not answered well: collect it, group it by meaning, and settle a group.

Collecting and grouping are safe to do again, and in several processes: what is there already stays, and the same messages
fall into the same groups.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from sqlalchemy import Connection

from services_catalog.search.vectors import Encodes
from services_catalog.text import normalise
from triage.errors import TriageError
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.redaction import redacted
from triage.learning import collecting, labels, repository
from triage.learning.grouping import (
    ALIKE,
    ALIKE_BY_LETTERS,
    Vectors,
    by_letters,
    grouped,
    named,
)
from triage.learning.groups import Group, How, most_wanted
from triage.learning.labels import Kind, Label, Source, State
from triage.learning.repository import Words
from triage.staff.audit import record
from triage.staff.roles import Member

LOOK_EVERY_SECONDS = 600
# Several processes look; what one has just done the others need not do.
_JUST_NOW = timedelta(seconds=LOOK_EVERY_SECONDS / 2)
# So long after choices were offered they may still be taken.
_SETTLES_AFTER = timedelta(minutes=10)
# Looked at again each time: what was under way when it was looked last.
_OVERLAP = timedelta(hours=1)
# So many messages are read by the encoder in one go: a process that is to end waits for no more.
_READ_AT_ONCE = 100


class GroupUnknown(TriageError):
    """There is no such group any more: its messages fell into others, or their time was over."""

    status = 404
    code = "group_unknown"
    message = "This group is not there any more. Its messages may have joined another group."


class EditsCatalogue(Protocol):
    """Who edits the catalogue (triage/editing)."""

    def add_wording_in(
        self,
        connection: Connection,
        member: Member,
        entry_id: str,
        wording: str,
        reason: str,
        now: datetime,
    ) -> int:
        """Add a wording to an entry, live at once; last in a transaction."""
        ...

    async def start(
        self, member: Member, entry_id: str, title: str, *, questions: Sequence[str] = ()
    ) -> object:
        """Begin a draft of a new entry."""
        ...


@dataclass(frozen=True)
class Looked:
    """What a look for new messages found."""

    new: int
    groups: int


class Learning:
    """What one city's line learns from.

    Args:
        encoder: turns words into vectors; None: they are grouped by their letters.
        days: how long redacted words are kept.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        editing: EditsCatalogue,
        encoder: Encodes | None,
        days: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._editing = editing
        self._encoder = encoder
        # Of the messages that were grouped last, so that only new ones are read.
        self._vectors: dict[str, Vectors] = {}
        self._keeps = timedelta(days=days)

    # ── the job ──

    async def look_now_and_then(self) -> None:
        """Look, unless another process has just looked."""
        last = await self._database.read(repository.collected_until)
        if last is None or self._clock.now() - last >= _JUST_NOW:
            await self.look()

    async def look(self) -> Looked:
        """Collect what was not answered well, put it into groups, and forget what is too old."""
        now = self._clock.now()
        last = await self._database.read(repository.collected_until)
        since = max(now - self._keeps, (last or now - self._keeps) - _OVERLAP)
        found = await self._database.read(lambda c: _Found.read(c, since, now - _SETTLES_AFTER))

        def keep(connection: Connection) -> int:
            repository.forget(connection, now - self._keeps)
            labels.forget_undecided(connection, now - self._keeps)
            new = found.keep(connection)
            repository.set_collected(connection, now)
            return new

        new = await self._database.write(keep)
        words = await self._database.read(repository.to_group)
        if all(one.group_id for one in words):
            return Looked(new, len({one.group_id for one in words}))
        # It takes seconds of processor time, in which nobody must wait.
        vectors = await self._read([one.text for one in words])
        moved, typical = await asyncio.to_thread(_grouped, words, vectors)
        await self._database.write(lambda c: repository.put_into_groups(c, moved, typical))
        return Looked(new, len(typical))

    async def _read(self, texts: Sequence[str]) -> Vectors | None:
        """Return one vector a text, as rows; None, if there is no encoder."""
        if self._encoder is None:
            return None
        known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(new), _READ_AT_ONCE):
            some = new[start : start + _READ_AT_ONCE]
            read = await asyncio.to_thread(self._encoder.encode, [normalise(t) for t in some])
            known |= dict(zip(some, read, strict=True))
        self._vectors = known
        return np.stack([known[text] for text in texts])

    # ── what a maintainer does ──

    async def groups(self, *, settled: bool = False) -> list[Group]:
        """Return the groups that somebody should look at, or those that were settled."""
        found = await self._database.read(lambda c: repository.groups(c, self._clock.now()))
        return most_wanted([group for group in found if group.is_open != settled])

    async def view(self, member: Member, group_id: str) -> Group:
        """Return a group, and record who saw it.

        Raises:
            GroupUnknown: it is not there any more.
        """

        def change(connection: Connection) -> Group:
            now = self._clock.now()
            found = _group(connection, group_id, now)
            record(connection, member, "learning.view", group_id, now=now)
            return found

        return await self._database.write(change)

    async def add_wording(
        self,
        member: Member,
        group_id: str,
        entry_id: str,
        wording: str,
        message_ids: Sequence[str] = (),
    ) -> None:
        """Add a wording to an entry, live at once, and settle the group; learn the wording and these messages as the entry's.

        Raises:
            GroupUnknown: the group is not there any more.
            EntryUnknown, WordingTaken, WordingNotValid: as triage/editing has them.
        """

        def change(connection: Connection) -> None:
            now = self._clock.now()
            group = _group(connection, group_id, now)
            repository.settle(connection, group, How.WORDING, entry_id, member.id, now)
            _learn(connection, group, message_ids, entry_id, member, now)
            words = redacted(" ".join(wording.split()))
            origin = f"wording:{group.id}:{now.isoformat()}"
            labels.add(
                connection, Kind.QUESTION, Source.WORDING, origin, words, entry_id, now,
                approved_by=member.id,
            )  # fmt: skip
            reason = f"Residents wrote this, {len(group.messages)} in one group."
            self._editing.add_wording_in(connection, member, entry_id, wording, reason, now)

        await self._database.write(change)

    async def start_entry(
        self,
        member: Member,
        group_id: str,
        entry_id: str,
        title: str,
        message_ids: Sequence[str] = (),
    ) -> None:
        """Begin a draft of a new entry with these messages as its questions, and settle the group.

        Raises:
            GroupUnknown: the group is not there any more.
            EntryIdTaken, DraftAlready, NameNotValid: as triage/editing has them.
        """
        now = self._clock.now()
        group = await self._database.read(lambda c: _group(c, group_id, now))
        marked = set(message_ids)
        # Where something was taken out, it is no example of what residents write.
        chosen = [m.text for m in group.messages if m.id in marked and "[" not in m.text]
        await self._editing.start(
            member, entry_id, title, questions=list(dict.fromkeys(chosen))
        )

        def change(connection: Connection) -> None:
            still = _group(connection, group_id, now)
            repository.settle(connection, still, How.ENTRY, entry_id, member.id, now)
            record(connection, member, "learning.entry", group_id, now=now, entry=entry_id)

        await self._database.write(change)

    async def set_aside(
        self,
        member: Member,
        group_id: str,
        reason: str,
        message_ids: Sequence[str] = (),
    ) -> None:
        """Settle a group without a change; learn these messages as ones that no entry covers.

        Raises:
            GroupUnknown: the group is not there any more.
        """

        def change(connection: Connection) -> None:
            now = self._clock.now()
            group = _group(connection, group_id, now)
            repository.settle(connection, group, How.ASIDE, reason, member.id, now)
            _learn(connection, group, message_ids, labels.UNCOVERED, member, now)
            record(connection, member, "learning.aside", group_id, now=now)

        await self._database.write(change)

    async def waiting_labels(self, limit: int) -> tuple[list[Label], dict[State, int]]:
        """Return labels that wait for a decision, and how many there are in each state."""
        return await self._database.read(lambda c: (labels.waiting(c, limit), labels.counts(c)))

    async def decide(
        self, member: Member, label_id: str, state: State, wanted: str | None = None
    ) -> Label:
        """Approve or refuse a label.

        Raises:
            LabelUnknown: it does not wait any more.
        """

        def change(connection: Connection) -> Label:
            now = self._clock.now()
            label = labels.decide(connection, label_id, state, wanted, member.id, now)
            verb = "approve" if state is State.APPROVED else "refuse"
            record(connection, member, f"label.{verb}", label_id, now=now, wanted=label.wanted)
            return label

        return await self._database.write(change)


@dataclass(frozen=True)
class _Found:
    """What a look has found and not kept yet."""

    candidates: Sequence[collecting.Candidate]
    rerouted: Sequence[collecting.Rerouted]
    sampled: Sequence[collecting.Sampled]

    @staticmethod
    def read(connection: Connection, since: datetime, settled: datetime) -> _Found:
        return _Found(
            list(collecting.candidates(connection, since, settled)),
            collecting.rerouted(connection, since),
            collecting.sampled(connection, since, settled),
        )

    def keep(self, connection: Connection) -> int:
        """Keep it; return how many messages are new."""
        moved = [
            collecting.Candidate(
                one.id,
                None,
                collecting.Why.REROUTED,
                one.text,
                one.at,
                "case_opened",
                (one.service_id,),
            )
            for one in self.rerouted
        ]
        for one in self.rerouted:
            labels.add(
                connection, Kind.ROUTING, Source.REROUTE, one.id, one.text, one.to_queue, one.at,
                service_id=one.service_id, from_queue=one.from_queue, made_by=one.member_id,
            )  # fmt: skip
        for drawn in self.sampled:
            labels.add(
                connection, Kind.QUESTION, Source.SAMPLED, drawn.id, drawn.text, drawn.service_id,
                drawn.at, service_id=drawn.service_id,
            )  # fmt: skip
        return repository.keep(connection, [*self.candidates, *moved])


def _group(connection: Connection, group_id: str, now: datetime) -> Group:
    found = repository.group(connection, group_id, now)
    if found is None:
        raise GroupUnknown
    return found


def _learn(
    connection: Connection,
    group: Group,
    message_ids: Sequence[str],
    wanted: str,
    member: Member,
    now: datetime,
) -> None:
    """Make labels of messages of a group, approved by whoever says so."""
    chosen = set(message_ids)
    for message in group.messages:
        if message.id in chosen and message.why is not collecting.Why.REROUTED:
            labels.add(
                connection, Kind.QUESTION, Source.CORRECTION, message.id, message.text, wanted, now,
                approved_by=member.id,
            )  # fmt: skip


def _grouped(
    words: Sequence[Words], vectors: Vectors | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the groups of messages whose group is another than before, and the typical words of every group."""
    texts = [one.text for one in words]
    by_meaning = (vectors, ALIKE) if vectors is not None else None
    rows, alike = by_meaning or (by_letters(texts), ALIKE_BY_LETTERS)
    found = grouped(texts, rows, alike)
    ids = [[words[place].id for place in sorted(members)] for members in found]
    before = {one.id: one.group_id for one in words if one.group_id}
    names = named(ids, before)
    moved = {
        id: name
        for name, members in zip(names, ids, strict=True)
        for id in members
        if before.get(id) != name
    }
    typical = {name: texts[members[0]] for name, members in zip(names, found, strict=True)}
    return moved, typical
