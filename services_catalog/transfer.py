"""Bring a city pack into the database as a plan that can be read first, then applied as one change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from services_catalog import store
from services_catalog.checks import Fault, check_entries
from services_catalog.model import Catalogue, ServiceEntry
from services_catalog.packs import CITIES, PackError, read_entries, read_uncovered, read_written


@dataclass(frozen=True)
class Plan:
    """What an import would do: entries to add, to change and to retire."""

    city: str
    from_revision: int
    added: tuple[ServiceEntry, ...]
    changed: tuple[ServiceEntry, ...]
    retired: tuple[str, ...]
    uncovered: tuple[str, ...] | None  # None where those examples stay as they are

    @property
    def is_empty(self) -> bool:
        """Say whether the database already holds just what the pack holds."""
        return not (self.added or self.changed or self.retired) and self.uncovered is None

    def __str__(self) -> str:
        return f"{len(self.added)} to add, {len(self.changed)} to change, {len(self.retired)} to retire"


def check_pack(city: str, root: Path = CITIES) -> list[Fault]:
    """Return what is wrong with a pack's entries, with file and line.

    Raises:
        PackError: the pack cannot be read at all.
    """
    written = read_written(city, root)
    return check_entries((f"{w.source.file}, line {w.source.line}", w.data) for w in written)


def plan_import(engine: Engine, city: str, root: Path = CITIES) -> Plan:
    """Compare a pack with what the database holds.

    Raises:
        PackError: the pack has faults; nothing was changed.
    """
    stopping = [f for f in check_pack(city, root) if f.stops]
    if stopping:
        raise PackError("The pack has faults:\n" + "\n".join(str(f) for f in stopping))
    now = store.load(engine, city)
    return compare(now, read_entries(city, root), read_uncovered(city, root))


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
        reason=f"imported from the city pack: {plan}",
        expected_revision=plan.from_revision,
    )
