"""Which notices are for whom: by the service that is asked about, the place that is known, and the time. Pure.

A notice can be about a service, an area, or both. Each of the two either fits, does not, is left open (the notice asks for
it and it is not known), or is of no importance (the notice does not ask for it). `_SAID` says what follows:

                        place: any      fits      not known    does not fit
    service: any               said     said      -            -
             fits              said     said      said         -
             not known         -        said      -            -
             does not fit      -        -         -            -

So who asks about "no water" hears of a burst main even before the place is known; who asks about dog licences does not,
wherever they live; and whoever only says that they live there is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from services_catalog.notices.model import Area, Notice, Posted
from services_catalog.places.model import Point


@dataclass(frozen=True)
class Placed:
    """A place that a resident named or shared, as far as notices ask for it.

    Attributes:
        point: None: only a street was named.
        streets: the full names of the streets that it is on, or that its name may mean.
        is_approximate: the middle of something larger. What lies beside it may still lie in an area.
    """

    point: Point | None
    ward: str = ""
    streets: frozenset[str] = frozenset()
    is_approximate: bool = False


class Fit(StrEnum):
    """How what is known fits what a notice is about."""

    ANY = "any"
    YES = "yes"
    OPEN = "open"
    NO = "no"


_SAID = frozenset(
    {
        (Fit.ANY, Fit.ANY), (Fit.ANY, Fit.YES),
        (Fit.YES, Fit.ANY), (Fit.YES, Fit.YES), (Fit.YES, Fit.OPEN),
        (Fit.OPEN, Fit.YES),
    }
)  # fmt: skip


def notices_for(
    posted: Posted, services: Collection[str], place: Placed | None
) -> tuple[Notice, ...]:
    """Return the notices to say now, the newest first.

    Args:
        services: the entries that are spoken of; empty: not known.
        place: where it is; None: not known.
    """
    found = [
        n
        for n in posted.notices
        if n.holds(posted.now) and (fit_service(n, services), fit_place(n.area, place)) in _SAID
    ]
    return tuple(sorted(found, key=lambda n: (n.starts_at, n.id), reverse=True))


def is_known_there(notice: Notice, services: Collection[str], place: Placed | None) -> bool:
    """Say whether a report of these services at this place tells what the City knows already."""
    is_there = fit_place(notice.area, place) in (Fit.ANY, Fit.YES)
    return is_there and fit_service(notice, services) is Fit.YES


def fit_service(notice: Notice, services: Collection[str]) -> Fit:
    """Say how services fit a notice."""
    if not notice.services:
        return Fit.ANY
    if not services:
        return Fit.OPEN
    return Fit.NO if set(services).isdisjoint(notice.services) else Fit.YES


def fit_place(area: Area, place: Placed | None) -> Fit:
    """Say how a place fits an area."""
    if area.is_city:
        return Fit.ANY
    if place is None:
        return Fit.OPEN
    if _lies_in(area, place):
        return Fit.YES
    return Fit.OPEN if place.is_approximate else Fit.NO


def streets_asked_for(notices: Iterable[Notice]) -> frozenset[str]:
    """Return the streets that notices are about."""
    return frozenset(n.area.street for n in notices if n.area.street)


def _lies_in(area: Area, place: Placed) -> bool:
    circle = area.circle
    if circle:
        return place.point is not None and circle.middle.metres_to(place.point) <= circle.metres
    if area.street:
        is_in_wards = not area.wards or not place.ward or place.ward in area.wards
        return area.street in place.streets and is_in_wards
    return place.ward in area.wards
