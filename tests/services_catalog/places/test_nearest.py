"""The nearest places, against measuring every place by another formula's reading of the same earth."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.places.model import Place, Point
from services_catalog.places.nearest import NearestPlaces
from services_catalog.places.tables import Gazetteer
from services_catalog.places.types import Wanted, passes

LATS = st.floats(43.5, 43.9)
LONGS = st.floats(-79.7, -79.1)


@settings(max_examples=150)
@given(lat=LATS, long=LONGS, data=st.data())
def test_the_nearest_are_those_that_measuring_every_place_finds(
    toronto: Gazetteer, lat: float, long: float, data: st.DataObject
) -> None:
    kinds = sorted(toronto.types.by_id)
    kind = toronto.types.by_id[data.draw(st.sampled_from(kinds))]
    chosen = data.draw(
        st.sets(st.sampled_from([f.id for f in kind.filters] or [""]), max_size=2)
    )
    filters = kind.filters_named(sorted(chosen))
    here = Point(lat, long)

    def counts(place: Place) -> bool:
        fits = any(
            place.type == part.type
            and (part.wanted is None or passes(place.attributes, part.wanted))
            for part in kind.parts
        )
        return fits and all(passes(place.attributes, f.wanted) for f in filters)

    nearest: dict[tuple[str, str], float] = {}
    for place in toronto.places:
        if counts(place):
            key = (place.name, place.address)
            metres = here.metres_to(place.point)
            nearest[key] = min(metres, nearest.get(key, metres))
    by_hand = sorted(nearest.values())[:5]
    found = NearestPlaces(toronto).near(kind, here, filters, limit=5)
    assert len(found) == len(by_hand)
    for near, metres in zip(found, by_hand, strict=True):
        assert abs(near.metres - metres) < 0.01
        assert counts(near.place)


def test_what_is_not_known_of_a_place_does_not_count_for_it() -> None:
    flag, above_zero, one_of = Wanted("subsidy"), Wanted("infant"), Wanted("kinds", ("indoor",))
    assert passes({"subsidy": True}, flag)
    assert not passes({"subsidy": False}, flag)
    assert not passes({}, flag)
    assert passes({"infant": 3}, above_zero)
    assert not passes({"infant": 0}, above_zero)
    assert passes({"kinds": ["indoor", "outdoor"]}, one_of)
    assert not passes({"kinds": ["outdoor"]}, one_of)
    assert not passes({}, one_of)


def test_the_next_ones_follow_on_those_shown(toronto: Gazetteer) -> None:
    nearest, kind = NearestPlaces(toronto), toronto.types.by_id["library"]
    here = Point(43.6534, -79.3841)
    six = nearest.near(kind, here, limit=6)
    assert nearest.near(kind, here) == six[:3]
    assert nearest.near(kind, here, skip=3) == six[3:]
    assert nearest.near(kind, here, skip=10_000) == ()
