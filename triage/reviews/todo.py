"""What is to be looked at in an entry, and the counts of it. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services_catalog.model import Fact, ServiceEntry
from triage.reviews.links import Link, addresses_of

SOON = timedelta(days=30)


@dataclass(frozen=True)
class ToDo:
    """An entry that its owner has to look at.

    Attributes:
        is_past: its date for review is over; `is_soon`: that comes within 30 days.
        links: of its addresses, those that are broken.
        unverified: its facts that nobody could confirm.
    """

    entry: ServiceEntry
    is_past: bool
    is_soon: bool
    links: Sequence[Link]
    unverified: Sequence[Fact]

    @property
    def is_any(self) -> bool:
        """Say whether there is anything to look at."""
        return bool(self.is_past or self.is_soon or self.links or self.unverified)


@dataclass(frozen=True)
class Counts:
    """How many entries have what to look at; for one owner, or for all."""

    entries: int = 0
    past: int = 0
    soon: int = 0
    links: int = 0
    unverified: int = 0


def todos_of(
    entries: Iterable[ServiceEntry], links: Mapping[str, Link], today: date
) -> list[ToDo]:
    """Return what is to be looked at, the most urgent first; `links`: the broken ones, by address."""
    found = (todo_of(entry, links, today) for entry in entries)
    return sorted(
        (t for t in found if t.is_any),
        key=lambda t: (not t.is_past, not t.links, t.entry.review_by, t.entry.title),
    )


def todo_of(entry: ServiceEntry, links: Mapping[str, Link], today: date) -> ToDo:
    """Return what is to be looked at in an entry."""
    is_past = entry.is_past_review(today)
    return ToDo(
        entry,
        is_past,
        not is_past and entry.review_by <= today + SOON,
        [links[a] for a in addresses_of(entry) if a in links],
        [f for f in entry.facts if f.unverified],
    )


def counts_of(todos: Iterable[ToDo]) -> Counts:
    """Return how many there are of each."""
    all_of = list(todos)
    return Counts(
        len(all_of),
        sum(t.is_past for t in all_of),
        sum(t.is_soon for t in all_of),
        sum(bool(t.links) for t in all_of),
        sum(bool(t.unverified) for t in all_of),
    )


def by_owner(todos: Iterable[ToDo]) -> dict[str, list[ToDo]]:
    """Return what each owner has to look at, by the owner's name."""
    owners: dict[str, list[ToDo]] = {}
    for todo in todos:
        owners.setdefault(todo.entry.owner, []).append(todo)
    return dict(sorted(owners.items()))
