"""Tables of places are followed while they change; ones that cannot be read leave the last good ones."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services_catalog.packs import PackError
from services_catalog.places.live import LiveGazetteer, open_where
from services_catalog.places.model import Point
from tests.services_catalog.places.small_tables import PLACES, WARD, write_tables

MIDDLE = Point(43.5, -79.5)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = write_tables(tmp_path)
    (folder.parent / "city.yaml").write_text(
        "{name: S, phone: '311', phone_outside: '1', hours: h, timezone: America/Toronto, languages: [en],\n"
        " website: 'https://s.example', welcome: Hi, safety: {}}\n",
        encoding="utf-8",
    )
    (folder / "place_types.yaml").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture
def live(tables: Path) -> Iterator[LiveGazetteer]:
    live = LiveGazetteer("smallville", tables.parents[1], look_every=0.02)
    live.start()
    yield live
    live.close()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


def put(tables: Path, file: str, text: str) -> None:
    """Write a table in one step, as imports do."""
    written = tables.parent / "written"
    written.write_text(text, encoding="utf-8")
    written.replace(tables / file)


def ward(geometry: object) -> str:
    area = json.loads(WARD)
    area["features"][0]["geometry"] = geometry
    return json.dumps(area)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("wards.geojson", ward(None), "wards.geojson: the border of 1 cannot be used (it is no GeoJSON"),
        ("wards.geojson", ward({"type": "Polygon"}), "wards.geojson: the border of 1 cannot be used"),
        ("wards.geojson", ward({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}), "at least 4 coordinates"),
        ("wards.geojson", ward({"type": "Polygon", "coordinates": [["west"]]}), "wards.geojson: the border of 1"),
        ("wards.geojson", ward({"type": "Polygon", "coordinates": []}), "it is POLYGON EMPTY, not a polygon"),
        ("wards.geojson", ward({"type": "Point", "coordinates": [1, 2]}), "it is POINT (1 2), not a polygon"),
        ("wards.geojson", ward({"type": "Circle", "coordinates": [1, 2]}), "wards.geojson: the border of 1"),
        (
            "wards.geojson",
            ward({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}),
            "Self-intersection",
        ),
        ("collection_areas.geojson", WARD.replace('"number": 1', '"area": "A"').replace('"coordinates"', '"points"'),
         "collection_areas.geojson: the border of A"),
        ("wards.geojson", '{"type": "FeatureCollection", "features": [', "wards.geojson: each area must be"),
        ("places.csv", f"{PLACES}cc-9,child_care\n", "places.csv, line 8:"),
        ("places.csv", "", "places.csv, line 0: the file is empty"),
        ("sources.yaml", "child_care: [", "sources.yaml: this cannot be read"),
        ("sources.yaml", "just words", "sources.yaml: this cannot be read"),
        ("place_types.yaml", "pool: {one: pool", "place_types.yaml: a place type cannot be read"),
    ],
)  # fmt: skip
def test_a_broken_table_is_named_the_last_good_ones_stay_and_what_is_mended_comes_in(
    live: LiveGazetteer,
    tables: Path,
    caplog: pytest.LogCaptureFixture,
    file: str,
    text: str,
    says: str,
) -> None:
    good = live.now()
    before = (tables / file).read_text(encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        put(tables, file, text)
        until(lambda: live.fault)
        assert says in live.fault
        assert "\n" not in live.fault
        # One sentence, without a trace, once.
        (said,) = caplog.records
    assert live.fault in said.getMessage()
    assert said.exc_info is None
    assert live.now() is good
    assert live.now().areas.in_city(MIDDLE)
    # As at a start.
    with pytest.raises(PackError) as fault:
        open_where("smallville", tables.parents[1])
    assert " ".join(str(fault.value).split()) == live.fault
    # It goes on following.
    put(tables, file, before)
    until(lambda: live.now() is not good)
    assert live.fault == ""


def test_what_cannot_be_opened_is_tried_again_until_it_can(
    live: LiveGazetteer, tables: Path
) -> None:
    good, places = live.now(), tables / "places.csv"
    # Nobody, root neither, can read a link to itself.
    loop = tables.parent / "loop"
    loop.symlink_to(places.name)
    loop.replace(places)
    until(lambda: live.fault.startswith("OSError"))
    assert live.now() is good
    put(tables, "places.csv", PLACES)
    until(lambda: not live.fault)
    assert len(live.now().gazetteer.places) == len(good.gazetteer.places)


def test_a_fault_that_nobody_foresaw_does_not_end_the_following(
    live: LiveGazetteer, tables: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = live.now()
    # Deeper than Python's reader of JSON goes.
    put(tables, "wards.geojson", "[" * 100_000)
    until(lambda: live.fault)
    assert live.fault.startswith("RecursionError")
    put(tables, "wards.geojson", WARD)
    until(lambda: live.now() is not good)
    assert live.fault == ""


def test_an_import_is_seen_as_a_whole(live: LiveGazetteer, tables: Path) -> None:
    good = live.now()
    put(tables, "places.csv", PLACES.replace("Elm Nursery", "New Nursery"))
    until(lambda: live.now() is not good)
    assert live.now().nearest.place("cc-1").name == "New Nursery"
    assert good.nearest.place("cc-1").name == "Elm Nursery"
