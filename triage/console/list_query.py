"""What the address of a list asks for. Pure: what is not known in it is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from triage.cases.workflow import OPEN, Status
from triage.cases.worklist import NOBODY, Order, Promise, Wanted
from triage.routing.pack import Routing
from triage.routing.rules import Priority
from triage.staff.roles import Member

ME = "me"
FINISHED = "finished"
LONGEST = 300

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class ListQuery:
    """A list as its address says it; empty: whatever there is."""

    queue: str = ""
    division: str = ""
    priority: str = ""
    promise: str = ""
    assigned: str = ""  # ME, NOBODY, or a member's id
    status: str = ""  # a status, FINISHED; empty: all that are open
    order: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> ListQuery:
        """Return what an address asks for."""
        said = {k: v[:LONGEST] for k, v in given.items() if k in _PARTS}
        known: dict[str, set[str]] = {
            "priority": {*Priority},
            "promise": {*Promise},
            "status": {*Status, FINISHED},
            "order": {*Order},
        }
        return cls(**{k: v for k, v in said.items() if k not in known or v in known[k]})

    def as_query(self, **changes: str) -> str:
        """Return it for an address, with changes; only what is asked for stands in it."""
        return urlencode({k: v for k, v in asdict(replace(self, **changes)).items() if v})

    def wanted(self, routing: Routing, member: Member) -> Wanted:
        """Return which cases a member asks for with it."""
        queues: frozenset[str] | None = None
        if self.division:
            queues = frozenset(
                q.id for q in routing.queues.values() if q.division == self.division
            )
        if self.queue:
            queues = frozenset({self.queue}) & (queues if queues is not None else {self.queue})
        return Wanted(
            queues=queues,
            statuses=self._statuses(),
            priority=_one(Priority, self.priority),
            promise=_one(Promise, self.promise),
            assigned_to=member.id if self.assigned == ME else self.assigned or None,
            order=_one(Order, self.order) or Order.PRIORITY,
        )

    def _statuses(self) -> frozenset[Status]:
        if self.status == FINISHED:
            return frozenset(Status) - OPEN
        return frozenset({Status(self.status)}) if self.status else OPEN


_PARTS = frozenset(ListQuery.__dataclass_fields__)


def _one(kind: type[E], said: str) -> E | None:
    return kind(said) if said else None


__all__ = ["FINISHED", "ME", "NOBODY", "ListQuery"]
