"""Where a request is, from its coordinates or its address."""

from __future__ import annotations

import asyncio

from services_catalog.places.resolved import Located, OutsideCity
from triage.cases.schemas import CaseLocation
from triage.kit.gazetteer import LazyGazetteer
from triage.open311.errors import not_understood


class Whereabouts:
    """The places of one city, for requests from outside."""

    def __init__(self, gazetteer: LazyGazetteer, name: str) -> None:
        self._gazetteer = gazetteer
        self._name = name

    async def at(self, lat: float, long: float, address: str) -> CaseLocation:
        """Return the place of coordinates, with its ward; `address` is what the sender calls it.

        Raises:
            Refused: it is outside the city.
        """
        where = await self._gazetteer.now()
        found = await asyncio.to_thread(where.geocoder.at, lat, long)
        if not isinstance(found, Located):
            raise not_understood(f"lat and long lie outside {self._name}.")
        return _location(found, address or found.label)

    async def of(self, address: str) -> CaseLocation:
        """Return the place of an address, corner or landmark in words.

        Raises:
            Refused: it is outside the city, not known, or there are several.
        """
        where = await self._gazetteer.now()
        found = await asyncio.to_thread(where.geocoder.locate, address)
        if isinstance(found, OutsideCity):
            raise not_understood(f"address_string lies outside {self._name}.")
        if not (isinstance(found, Located) and found.is_sure):
            raise not_understood(
                "address_string is not in the list of addresses, or there are several: send lat and long with it."
            )
        return _location(found, found.label)


def _location(found: Located, address: str) -> CaseLocation:
    return CaseLocation(
        lat=found.point.lat,
        long=found.point.long,
        address=address,
        ward=f"Ward {found.ward.id}, {found.ward.name}" if found.ward else None,
        approximate=found.approximate,
    )
