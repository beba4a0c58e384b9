"""What is remembered of a conversation about places: where the resident is, what is wished for, what was shown.

Kept by triage with the conversation (`Reply.remember`), and forgotten with it. Pure values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from services_catalog.places.geocode import Located
from services_catalog.places.model import Point


@dataclass(frozen=True)
class Spot:
    """A place that the resident named or shared."""

    lat: float
    long: float
    label: str
    approximate: bool = False
    ward: str = ""  # "Ward 13, Toronto Centre"

    @classmethod
    def of(cls, found: Located) -> Self:
        """Return what to remember of a location that was found."""
        ward = f"Ward {found.ward.id}, {found.ward.name}" if found.ward else ""
        return cls(found.point.lat, found.point.long, found.label, found.approximate, ward)

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.long)

    @property
    def called(self) -> str:
        """Return its name; where it is approximate, so that is said, with the ward to know it by."""
        if not self.approximate:
            return self.label
        return (
            f"{self.label} (approximate, in {self.ward})"
            if self.ward
            else f"{self.label} (approximate)"
        )


@dataclass(frozen=True)
class Wish:
    """What waits for a location: places of a kind, or something that is looked up for an address."""

    type_id: str = ""
    filters: tuple[str, ...] = ()
    service_id: str = ""  # the entry whose answer depends on the address
    tries: int = 0  # how many times a place was named that was not found


@dataclass(frozen=True)
class Shown:
    """The list that the resident looks at."""

    type_id: str
    filters: tuple[str, ...]
    ids: tuple[str, ...]
    spoken_of: str = ""  # the place that was told about last


@dataclass(frozen=True)
class PlaceMemory:
    """All of it."""

    spot: Spot | None = None
    wish: Wish | None = None
    shown: Shown | None = None

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> Self:
        """Read it from what came with a message."""
        spot, wish, shown = (memory.get(k) for k in ("spot", "wish", "shown"))
        return cls(
            Spot(**spot) if spot else None,
            replace(Wish(**wish), filters=tuple(wish["filters"])) if wish else None,
            Shown(
                shown["type_id"],
                tuple(shown["filters"]),
                tuple(shown["ids"]),
                shown["spoken_of"],
            )
            if shown
            else None,
        )


def remembered(**news: Spot | Wish | Shown | None) -> dict[str, Any]:
    """Return values as `Reply.remember` takes them; None forgets."""
    return {name: asdict(value) if value else None for name, value in news.items()}
