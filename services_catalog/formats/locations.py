"""A place in the words of HSDS: a location with its address, phone, kinds and what else is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from services_catalog.formats.values import Ids, Object, filled, phones, tags
from services_catalog.packs import City
from services_catalog.places.model import Place


def location(ids: Ids, city: City, place: Place, kinds: Iterable[Object]) -> Object:
    """Return a place as a location.

    Args:
        kinds: the terms for what kinds of place it is.
    """
    own = ids.of("location", place.id)
    holidays = city.holidays
    address: Object = {
        "id": ids.of("address", own),
        "location_id": own,
        "address_1": place.address,
        "city": city.name,
        "state_province": (holidays.subdivision if holidays else None) or "",
        "postal_code": place.postal_code,
        "country": holidays.country if holidays else "",
        "address_type": "physical",
    }
    location: Object = {
        "id": own,
        "location_type": "physical",
        "url": place.website,
        "name": place.name,
        "latitude": place.point.lat,
        "longitude": place.point.long,
        "external_identifier": place.id,
        "external_identifier_type": f"{city.jurisdiction_id} places",
        # An address without a street is no address: parks have none.
        "addresses": [address] if place.address else [],
        "phones": phones(ids, "location_id", own, place.phone),
        "attributes": [
            *tags(ids, "location", own, kinds),
            _labelled(ids, own, "as_of", place.as_of),
            *(
                _labelled(ids, own, key, value)
                for key, value in place.attributes.items()
                if value not in (None, "", [], ())
            ),
        ],
    }
    return filled(location)


def _labelled(ids: Ids, owner: str, label: str, value: object) -> Object:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {
        "id": ids.of("attribute", owner, label),
        "link_id": owner,
        "link_entity": "location",
        "label": label,
        "value": told,
    }
