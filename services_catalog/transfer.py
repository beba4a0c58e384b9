"""Bring a city pack into the database as a plan that can be read first, then applied as one change.

What was changed by hand since the last import, at the console or with a file, stays as it is. Where the pack has changed
the same entry meanwhile, the plan names it, and whoever imports may take the pack's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from services_catalog import store
from services_catalog.checks import Fault, check_entries
from services_catalog.database import read_only
from services_catalog.model import Catalogue, ServiceEntry, entry_from_dict
from services_catalog.packs import (
    CITIES,
    PackError,
    load_city,
    read_entries,
    read_uncovered,
    read_written,
)

_REASONS = {
    store.Origin.PACK: "imported from the city pack: {plan}",
    store.Origin.HAND: "imported from a file: {plan}",
}


@dataclass(frozen=True)
class Plan:
    """What an import would do: entries to add, to change and to retire."""

    city: str
    from_revision: int
    added: tuple[ServiceEntry, ...]
    changed: tuple[ServiceEntry, ...]
    retired: tuple[str, ...]
    uncovered: tuple[str, ...] | None  # None where those examples stay as they are
    origin: store.Origin = store.Origin.HAND
    # Changed by hand, and not in the pack: they stay.
    kept: tuple[str, ...] = ()
    # Changed by hand, and in the pack too: they stay as they are by hand.
    changed_in_both: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether the database already holds just what the pack holds."""
        return not (self.added or self.changed or self.retired) and self.uncovered is None

    def __str__(self) -> str:
        says = f"{len(self.added)} to add, {len(self.changed)} to change, {len(self.retired)} to retire"
        if self.kept:
            says += f", {len(self.kept)} kept as changed by hand"
        if self.changed_in_both:
            says += (
                f", {len(self.changed_in_both)} changed by hand and in the pack, kept as by hand "
                f"({', '.join(self.changed_in_both)}; --over-edits takes the pack's)"
            )
        return says


def check_pack(city: str, root: Path = CITIES) -> list[Fault]:
    """Return what is wrong with a pack's entries, with file and line.

    Raises:
        PackError: the pack cannot be read at all.
    """
    written = read_written(city, root)
    return check_entries(
        ((f"{w.source.file}, line {w.source.line}", w.data) for w in written),
        dangers=load_city(city, root).safety,
    )


def plan_import(
    engine: Engine, city: str, root: Path = CITIES, *, over_edits: bool = False
) -> Plan:
    """Compare a pack with what the database holds.

    Args:
        over_edits: take the pack's also where an entry was changed by hand.

    Raises:
        PackError: the pack has faults; nothing was changed.
    """
    stopping = [f for f in check_pack(city, root) if f.stops]
    if stopping:
        raise PackError("The pack has faults:\n" + "\n".join(str(f) for f in stopping))
    with read_only(engine).begin() as connection:
        now = store.load_in(connection, city)
        by_hand = store.changed_by_hand_in(connection, city)
    entries, uncovered = read_entries(city, root), read_uncovered(city, root)
    if over_edits:
        return replace(compare(now, entries, uncovered), origin=store.Origin.PACK)
    return _beside_edits(now, {e.id: e for e in entries}, uncovered, by_hand)


def _beside_edits(
    now: Catalogue,
    pack: Mapping[str, ServiceEntry],
    uncovered: list[str],
    by_hand: Mapping[str, Mapping[str, Any] | None],
) -> Plan:
    """Return the plan that brings in the pack's own changes and leaves those made by hand."""
    wanted = dict(pack)
    kept: list[str] = []
    in_both: list[str] = []
    caught_up: list[ServiceEntry] = []
    for id, before in by_hand.items():
        here, there = now.by_id.get(id), pack.get(id)
        if here == there:
            # The pack has the edit too: from now on the entry is the pack's again.
            caught_up += [here] if here else []
            continue
        was = entry_from_dict(dict(before)) if before is not None else None
        (kept if was == there else in_both).append(id)
        if here:
            wanted[id] = here
        else:
            wanted.pop(id, None)
    plan = compare(now, list(wanted.values()), uncovered)
    return replace(
        plan,
        changed=(*plan.changed, *caught_up),
        origin=store.Origin.PACK,
        kept=tuple(kept),
        changed_in_both=tuple(in_both),
    )


def compare(now: Catalogue, entries: list[ServiceEntry], uncovered: list[str]) -> Plan:
    """Return the plan that brings a catalogue to just these entries."""
    wanted = {e.id for e in entries}
    return Plan(
        city=now.city,
        from_revision=now.revision,
        added=tuple(e for e in entries if e.id not in now.by_id),
        changed=tuple(e for e in entries if e.id in now.by_id and now.by_id[e.id] != e),
        retired=tuple(i for i in now.by_id if i not in wanted),
        uncovered=None if tuple(uncovered) == now.uncovered else tuple(uncovered),
    )


def apply_plan(engine: Engine, plan: Plan, *, by: str) -> int:
    """Apply a plan, all or nothing; return the revision (the old one when there is nothing to do).

    Raises:
        store.RevisionMoved: the catalogue changed since the plan was made.
    """
    if plan.is_empty:
        return plan.from_revision
    change = store.Change((*plan.added, *plan.changed), plan.retired, plan.uncovered)
    return store.apply(
        engine,
        plan.city,
        change,
        by=by,
        reason=_REASONS[plan.origin].format(plan=plan),
        expected_revision=plan.from_revision,
        origin=plan.origin,
    )
