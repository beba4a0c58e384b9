"""What an incident notice is: frozen values. No database, no places' tables, no clock here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from services_catalog.places.model import Point


@dataclass(frozen=True)
class Circle:
    """All that lies around a place."""

    lat: float
    long: float
    metres: int
    label: str  # the place, as it is called

    @property
    def middle(self) -> Point:
        """Where the place is."""
        return Point(self.lat, self.long)


@dataclass(frozen=True)
class Area:
    """The part of the city that a notice is about: a circle, a street, or wards; empty: the whole city.

    Attributes:
        wards: their numbers. With a street, only what of it lies in them: two streets may have one name.
        street: its full name, as the city's tables write it.
    """

    wards: tuple[str, ...] = ()
    street: str = ""
    circle: Circle | None = None

    @property
    def is_city(self) -> bool:
        """Say whether it is the whole city."""
        return not (self.wards or self.street or self.circle)


@dataclass(frozen=True)
class Notice:
    """What the City says just now.

    Attributes:
        text: for the chat and the pages, without the time until when.
        sms: the same for a text message.
        services: the entries that it is about; empty: whatever is asked about the area.
        version: higher with each change, so that whoever was told can be told what changed.
    """

    id: str
    text: str
    sms: str
    starts_at: datetime
    ends_at: datetime
    area: Area = field(default_factory=Area)
    services: tuple[str, ...] = ()
    version: int = 1

    def holds(self, now: datetime) -> bool:
        """Say whether it is said at a moment."""
        return self.starts_at <= now < self.ends_at

    @property
    def is_for_everybody(self) -> bool:
        """Say whether it is about the whole city and every service."""
        return self.area.is_city and not self.services

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON; moments in UTC."""
        times = {"starts_at": _written(self.starts_at), "ends_at": _written(self.ends_at)}
        return {**asdict(self), **times}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return what `to_dict` gave as plain values."""
        area = data["area"]
        circle = area["circle"]
        return cls(
            data["id"],
            data["text"],
            data["sms"],
            datetime.fromisoformat(data["starts_at"]),
            datetime.fromisoformat(data["ends_at"]),
            Area(tuple(area["wards"]), area["street"], Circle(**circle) if circle else None),
            tuple(data["services"]),
            data["version"],
        )


@dataclass(frozen=True)
class Posted:
    """The notices as one process knows them at a moment: those that hold, and perhaps some that come or are past."""

    now: datetime
    notices: tuple[Notice, ...] = ()


def nothing_posted() -> Posted:
    """Return what a line without notices knows."""
    return Posted(datetime.now(UTC))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
