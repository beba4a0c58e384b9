"""A front door that forwards potholes to an outside endpoint, for tests, and what its database has of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, create_engine, select

from tests.triage.talking import make_settings, running
from triage.app import create_app
from triage.cases.tables import case_events, cases
from triage.forwarding.tables import forwards
from triage.parts import Parts
from triage.routing.forwards import Forward, TheirQuestion
from triage.routing.pack import Routing, load_routing
from triage.safety import look

VARIABLE = "OUTSIDE_KEY_OF_THE_TEST"
TARGET = "neighbour"
IMPATIENT = {
    "forward_seconds": 1,
    "forward_sweep_seconds": 0.05,
    "forward_retry_first_seconds": 0.05,
    "forward_retry_longest_seconds": 0.2,
}


def routing_to(url: str, **changes: Any) -> Routing:
    """Toronto's routing, with potholes forwarded; always due to be asked for news."""
    given: dict[str, Any] = {
        "id": TARGET,
        "url": url,
        "api_key_env": VARIABLE,
        "words": True,
        "services": ("pothole",),
        "jurisdiction_id": "neighbour.example",
        "service_codes": {"pothole": "HOLE-12"},
        "attributes": {"pothole": {"size": TheirQuestion("SIZE", {"large": "L"})}},
        "poll_minutes": 0,
    }
    return replace(load_routing("toronto"), forwards=(Forward(**(given | changes)),))


@contextmanager
def forwarding_door(database_url: str, routing: Routing, **changes: Any) -> Iterator[str]:
    settings = make_settings(database_url, "http://127.0.0.1:9", **(IMPATIENT | changes))
    with running(create_app(Parts(settings, look, routing=routing))) as url:
        yield url


class Records:
    """What the database has."""

    def __init__(self, database_url: str) -> None:
        self.engine: Engine = create_engine(database_url)

    def forward(self, reference: str) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(
                select(forwards)
                .join(cases, cases.c.id == forwards.c.case_id)
                .where(cases.c.reference == reference)
            ).first()

    def thread(self, reference: str, *kinds: str) -> list[str]:
        """Return the texts of the events of these kinds."""
        with self.engine.connect() as connection:
            return list(
                connection.execute(
                    select(case_events.c.text)
                    .join(cases, cases.c.id == case_events.c.case_id)
                    .where(cases.c.reference == reference, case_events.c.kind.in_(kinds))
                    .order_by(case_events.c.seq)
                ).scalars()
            )

    def close(self) -> None:
        self.engine.dispose()


def today() -> datetime:
    return datetime.now(UTC)
