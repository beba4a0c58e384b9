"""Which of the places we have a row of a newer list is. Pure.

By the source's own id, else by name and address, else by name nearby; each place is taken once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services_catalog.places.imports.addresses import is_same_address, plain
from services_catalog.places.tables import Row, point_from

NEARBY_METRES = 150.0


def match(rows: Sequence[Row], ours: Sequence[Row]) -> dict[int, Row]:
    """Return our place for each row that is one, by the row's number.

    A row's `id` is what its source's id makes of it; several may have one ("park-10", "park-10-2").
    """
    free = {row["id"]: row for row in ours}
    found: dict[int, Row] = {}

    def take(n: int, place: Row) -> None:
        found[n] = place
        del free[place["id"]]

    for n, row in enumerate(rows):
        family = _family(row["id"], free)
        same = [p for p in family if plain(p["name"]) == plain(row["name"])]
        if same:
            take(n, min(same, key=lambda place: _metres(place, row)))
    for n, row in enumerate(rows):
        # A centre that was renamed keeps its id.
        if n not in found and (family := _family(row["id"], free)):
            take(n, family[0])
    named: dict[str, list[Row]] = {}
    for place in ours:
        named.setdefault(plain(place["name"]), []).append(place)
    for by_distance in (False, True):
        for n, row in enumerate(rows):
            places = [p for p in named.get(plain(row["name"]), []) if p["id"] in free]
            fits = [p for p in places if n not in found and _is_there(p, row, by_distance)]
            if fits:
                take(n, fits[0])
    return found


def _family(id_: str, free: Mapping[str, Row]) -> list[Row]:
    """Return the free places whose id is this one, or this one with a number that tells twins apart."""
    ids = [id_, *(f"{id_}-{n}" for n in range(2, 6))]
    return [free[i] for i in ids if i in free]


def _is_there(place: Row, row: Row, by_distance: bool) -> bool:
    if not by_distance:
        return bool(place["address"]) and is_same_address(place["address"], row["address"])
    return _metres(place, row) <= NEARBY_METRES


def _metres(place: Row, row: Row) -> float:
    return point_from(place).metres_to(point_from(row))
