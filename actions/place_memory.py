"""What is remembered of a conversation about places: where the resident is, what is wished for, what was shown.

Kept by triage with the conversation (`Reply.remember`), and forgotten with it. Pure values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from services_catalog.places.geocode import Located
from services_catalog.places.mentions import MentionKind
from services_catalog.places.model import Area, Place, Point

# What coordinates that were shared are called.
SHARED = "the place you shared"
# The name of what says that the resident was told how long a place is remembered.
TOLD = "spot_told"


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
        at = found.point
        label = SHARED if found.kind is MentionKind.NEAR_ME else found.label
        return cls(at.lat, at.long, label, found.approximate, _called(found.ward))

    @classmethod
    def at(cls, place: Place, ward: Area | None) -> Self:
        """Return what to remember of a place of the tables."""
        return cls(place.point.lat, place.point.long, place.name, ward=_called(ward))

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
    near: Spot | None = None  # where it begins, if not at the place that the resident named


@dataclass(frozen=True)
class PlaceMemory:
    """All of it."""

    spot: Spot | None = None
    wish: Wish | None = None
    shown: Shown | None = None
    is_told: bool = False  # whether the resident was told how long it is remembered

    @property
    def centre(self) -> Spot | None:
        """Return where the list that was shown begins."""
        return (self.shown and self.shown.near) or self.spot

    @property
    def listed(self) -> Wish | None:
        """Return the wish for another list of the kind that was shown."""
        return Wish(self.shown.type_id, self.shown.filters) if self.shown else None

    @classmethod
    def of(cls, memory: Mapping[str, Any]) -> Self:
        """Read it from what came with a message."""
        spot, wish, shown = (memory.get(k) for k in ("spot", "wish", "shown"))
        return cls(
            Spot(**spot) if spot else None,
            replace(Wish(**wish), filters=tuple(wish["filters"])) if wish else None,
            _shown(shown) if shown else None,
            bool(memory.get(TOLD)),
        )


def remembered(**news: Spot | Wish | Shown | None) -> dict[str, Any]:
    """Return values as `Reply.remember` takes them; None forgets."""
    return {name: asdict(value) if value else None for name, value in news.items()}


def _shown(kept: Mapping[str, Any]) -> Shown:
    near = kept.get("near")
    return Shown(
        kept["type_id"],
        tuple(kept["filters"]),
        tuple(kept["ids"]),
        kept["spoken_of"],
        Spot(**near) if near else None,
    )


def _called(ward: Area | None) -> str:
    return f"Ward {ward.id}, {ward.name}" if ward else ""
