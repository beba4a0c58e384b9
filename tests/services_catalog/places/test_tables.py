"""Reading a pack's tables, and what `check` finds wrong in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services_catalog.packs import CITIES, PackError
from services_catalog.places.checks import check_places
from services_catalog.places.model import Place, Point
from services_catalog.places.tables import (
    Gazetteer,
    fingerprint_of,
    read_gazetteer,
    with_company,
)

PLACES = "id,type,name,address,postal_code,phone,website,latitude,longitude,attributes,source,as_of\n"
POOL = 'pool-1,pool,West Pool,1 Elm St,,,,43.05,-79.95,"{""kinds"":[""indoor""]}",city,2011\n'
TYPES = """
pool:
  one: pool
  many: pools
  called: [pool, pools]
  service_id: pools
  filters:
    indoor: {words: [indoor], attribute: kinds, values: [indoor], told: indoors}
  told: [{attribute: kinds, text: "{value}"}]
"""
SOURCES = "city: {dataset: List, publisher: City, as_of: 2011, licence: Open, how_sure: read}\n"
WARD = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"number": 1, "name": "West"},
"geometry": {"type": "Polygon", "coordinates": [[[-80, 43], [-79.9, 43], [-79.9, 43.1], [-80, 43.1], [-80, 43]]]}}]}"""
AREA = WARD.replace('"number": 1', '"area": "A", "calendar": "Tuesday 1"')
STREETS = "street,name,type,direction\nElm St,Elm,St,\n"
ADDRESSES = "street,number,latitude,longitude,postal_code,precision,source,as_of\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small pack; the tables that are given stand in for its own."""

    def pack(**tables: str) -> Path:
        folder = tmp_path / "smallville" / "places"
        folder.mkdir(parents=True, exist_ok=True)
        (folder.parent / "city.yaml").write_text("name: Smallville\n", encoding="utf-8")
        written = {
            "places.csv": PLACES + POOL,
            "place_types.yaml": TYPES,
            "sources.yaml": SOURCES,
            "wards.geojson": WARD,
            "collection_areas.geojson": AREA,
            "streets.csv": STREETS,
            "address_points.csv": f"{ADDRESSES}Elm St,1,43.05,-79.95,,address,city,2011\n",
        }
        written |= {name.replace("__", "."): text for name, text in tables.items()}
        for name, text in written.items():
            (folder / name).write_text(text, encoding="utf-8")
        return tmp_path

    return pack


def faults(root: Path) -> list[str]:
    return [str(f) for f in check_places("smallville", {"pools"}, root)]


def test_a_sound_pack_has_no_fault(write: Write) -> None:
    assert faults(write()) == []


def test_a_city_without_tables_knows_no_places(tmp_path: Path) -> None:
    (tmp_path / "smallville").mkdir()
    (tmp_path / "smallville" / "city.yaml").write_text("name: Smallville\n", encoding="utf-8")
    assert read_gazetteer("smallville", tmp_path).places == ()
    assert check_places("smallville", set(), tmp_path) == []


def pool(old: str, new: str) -> str:
    return PLACES + POOL.replace(old, new)


def types(old: str, new: str) -> str:
    return TYPES.replace(old, new)


def kind(name: str, called: str, type_: str) -> str:
    return (
        f"{TYPES}{name}: {{one: a, many: b, called: [{called}], from: [{{type: {type_}}}]}}\n"
    )


SCHEDULE = "calendar,date,streams,moved_from,source,as_of\n"
EXCEPTIONS = "street,from_street,to,calendar\n"


@pytest.mark.parametrize(
    ("table", "text", "says"),
    [
        ("places__csv", PLACES + POOL + POOL, "places.csv, line 3: pool-1: line 2 has this id too"),
        ("places__csv", PLACES + POOL + POOL.replace("pool-1,pool", "zoo-1,zoo"), "places.csv, line 3: zoo-1: the type 'zoo'"),
        ("places__csv", pool(",city,", ",city|tip,"), "places.csv, line 2: pool-1: the source 'tip'"),
        ("places__csv", pool("-79.95", "-79.89"), "places.csv, line 2: pool-1: 43.05, -79.89 is more than 200 m"),
        ("places__csv", pool("43.05,-79.95", "-79.95,43.05"), "are they the right way round?"),
        ("streets__csv", STREETS.replace("Elm", "Oak"), "address_points.csv, line 2: Elm St 1: the street 'Elm St'"),
        ("place_types__yaml", types("service_id: pools", "service_id: swim"), "service_id 'swim' is no entry"),
        ("place_types__yaml", types("attribute: kinds, values", "attribute: x, values"), "the filter indoor fits no place"),
        ("place_types__yaml", types("values: [indoor]", "values: [inside]"), "no kinds is inside"),
        ("place_types__yaml", types("attribute: kinds, text", "attribute: x, text"), "it tells x, which no place"),
        ("place_types__yaml", kind("bath", "pool", "pool"), "bath: pool is called 'pool' too"),
        ("place_types__yaml", kind("bath", "bath", "bath"), "no row of places.csv counts as this kind (from bath)"),
        ("collection_schedule__csv", f"{SCHEDULE}Monday 9,2026-12-01,garbage,,city,2026\n", "Monday 9: no collection area"),
        ("collection_schedule__csv", f"{SCHEDULE}Tuesday 1,2026-12-01,garbage,,tip,2026\n", "Tuesday 1: the source 'tip'"),
        ("collection_street_exceptions__csv", f"{EXCEPTIONS}Elm St,Oak St,end,Friday 7\n", "Friday 7: no collection area"),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(
    write: Write, table: str, text: str, says: str
) -> None:
    found = faults(write(**{table: text}))
    assert len(found) == 1, found
    assert says in found[0]


def test_a_place_just_over_the_border_is_no_fault(write: Write) -> None:
    # 150 m east of the ward.
    assert faults(write(places__csv=PLACES + POOL.replace("-79.95", "-79.89816"))) == []


def test_an_address_that_its_neighbours_contradict_is_left_out_and_only_remarked(
    write: Write,
) -> None:
    # Numbers 1 to 59 lie from west to east; 5 lies at the far end, beside 57 and 59.
    longs = {n: -79.99 + n * 0.001 for n in range(1, 60, 2)} | {5: -79.932}
    rows = "".join(
        f"Elm St,{n},43.05,{long:.4f},,address,city,2011\n" for n, long in longs.items()
    )
    root = write(address_points__csv=ADDRESSES + rows)
    (fault,) = check_places("smallville", {"pools"}, root)
    assert (fault.where, fault.entry, fault.stops) == (
        "address_points.csv, line 4",
        "Elm St 5",
        False,
    )
    on = read_gazetteer("smallville", root).addresses.on("Elm St")
    assert on is not None
    assert on.numbers.tolist() == [n for n in range(1, 60, 2) if n != 5]


def test_an_exception_on_a_street_we_do_not_have_is_only_a_remark(write: Write) -> None:
    row = "street,from_street,to,calendar\nAsh St,Oak St,end,Tuesday 1\n"
    (remark,) = check_places(
        "smallville", {"pools"}, write(collection_street_exceptions__csv=row)
    )
    assert "the street 'Ash St'" in remark.says
    assert not remark.stops


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "pool-1,pool,,1 Elm St,,,,43.05,-79.95,,city,2011\n",
            "a place needs id, type and name",
        ),
        ("pool-1,pool,Pool,1 Elm St,,,,north,-79.95,,city,2011\n", "could not convert"),
        ("pool-1,pool,Pool,1 Elm St,,,,nan,-79.95,,city,2011\n", "is not on the earth"),
        ("pool-1,pool,Pool,1 Elm St,,,,43.05,inf,,city,2011\n", "is not on the earth"),
        ("pool-1,pool,Pool,1 Elm St,,,,43.05,-179.95,[1],city,2011\n", "must be a JSON object"),
        ("pool-1,pool,Pool,1 Elm St,,,,43.05,-79.95\n", "as many cells as there are columns"),
        (
            "pool-1,pool,Pool,1 Elm St,,,,43.05,-79.95,,city,2011,more\n",
            "as many cells as there are",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_its_line(
    write: Write, row: str, says: str
) -> None:
    with pytest.raises(PackError, match=r"places\.csv, line 3") as fault:
        read_gazetteer("smallville", write(places__csv=PLACES + POOL + row))
    assert says in str(fault.value)


def test_a_table_without_a_column_says_which(write: Write) -> None:
    with pytest.raises(PackError, match=r"there is no column 'as_of'"):
        read_gazetteer(
            "smallville",
            write(places__csv=(PLACES + POOL).replace(",as_of", "").replace(",2011", "")),
        )


def test_a_source_without_its_licence_is_refused(write: Write) -> None:
    with pytest.raises(PackError, match="a source lacks 'licence'"):
        read_gazetteer(
            "smallville", write(sources__yaml=SOURCES.replace(" licence: Open,", ""))
        )


def test_the_fingerprint_changes_with_a_table(write: Write) -> None:
    folder = write() / "smallville" / "places"
    before = fingerprint_of(folder)
    assert fingerprint_of(folder) == before
    write(streets__csv=f"{STREETS}Oak St,Oak,St,\n")
    assert fingerprint_of(folder) != before


def test_places_at_one_address_know_of_each_other() -> None:
    def place(id_: str, kind: str, address: str) -> Place:
        return Place(
            id_, kind, id_, address, "", "", "", Point(43.05, -79.95), {}, "city", "2011"
        )

    pool, centre, alone = with_company(
        [
            place("a", "pool", "1 Elm St"),
            place("b", "community_centre", "1 Elm St"),
            place("c", "park", ""),
        ]
    )
    assert pool.attributes["also_here"] == ["community_centre"]
    assert centre.attributes["also_here"] == ["pool"]
    assert "also_here" not in alone.attributes


def test_each_source_of_the_city_has_a_licence_and_is_marked_where_it_is_unsure(
    toronto: Gazetteer,
) -> None:
    assert {s.how_sure for s in toronto.sources.values()} == {"read", "listed", "uncertain"}
    unsure = {s.id for s in toronto.sources.values() if s.how_sure == "uncertain"}
    assert unsure == {"transit_shelters_2018", "red_light_cameras_2018"}
    line = (
        "Contains information licensed under the Open Government Licence \N{EN DASH} Toronto."
    )
    said = CITIES / "toronto" / "places" / "ATTRIBUTION.md"
    assert line in said.read_text(encoding="utf-8")
