"""Newer lists of places come into a pack's tables: planned first, all or nothing."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog import cli
from services_catalog.packs import PackError
from services_catalog.places.imports.addresses import (
    address_in,
    is_same_address,
    name_in,
    phone_in,
    postal_code_in,
)
from services_catalog.places.imports.places import PlacesPlan, apply_places, plan_places
from services_catalog.places.imports.reading import read_records
from services_catalog.places.tables import place_from, read_csv
from tests.services_catalog.places.small_tables import PLACES, write_tables

CENTRE = {
    "LOC_ID": "1", "LOC_NAME": "Elm Nursery", "AUSPICE": "Public (City Operated) Agency", "ADDRESS": "1 ELM ST",
    "PCODE": "M5V 2T6", "PHONE": "(416) 555-0101", "TOTSPACE": "20", "run_date": "05NOV26",
    "geometry": '{"type": "Point", "coordinates": [-79.51, 43.51]}',
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tables(tmp_path)


def centre(number: int, **changes: str) -> dict[str, str]:
    """Return the row of the n-th centre that the pack already has, with changes."""
    (ours,) = [r for r in csv.DictReader(io.StringIO(PLACES)) if r["id"] == f"cc-{number}"]
    spaces = json.loads(ours["attributes"])["spaces_total"]
    point = {
        "type": "Point",
        "coordinates": [float(ours["longitude"]), float(ours["latitude"])],
    }
    return CENTRE | {
        "LOC_ID": str(number), "LOC_NAME": ours["name"], "ADDRESS": ours["address"].upper(),
        "PHONE": ours["phone"], "TOTSPACE": str(spaces), "geometry": json.dumps(point),
    } | changes  # fmt: skip


def csv_of(folder: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, rows[0].keys())
    table.writeheader()
    table.writerows(rows)
    file = folder.parent / "list.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def all_four(**first: str) -> list[dict[str, str]]:
    return [centre(1, **first), centre(2), centre(3), centre(4)]


def plan(folder: Path, *rows: dict[str, str]) -> PlacesPlan:
    return plan_places(csv_of(folder, *rows), folder, "child_care")


def refused(folder: Path, *rows: dict[str, str]) -> str:
    with pytest.raises(PackError) as fault:
        plan(folder, *rows)
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    return str(fault.value)


def test_a_list_that_says_the_same_only_makes_the_facts_newer(folder: Path) -> None:
    found = plan(folder, *all_four())
    assert str(found) == "0 to add, 0 to change, 0 to retire, 4 confirmed"
    assert found.details() == []
    apply_places(found)
    rows = list(read_csv(folder / "places.csv", place_from))
    assert [p.as_of for p in rows] == ["2026-11-05"] * 4 + ["2024"] * 2
    # The list leaves the direction out; ours stays.
    assert rows[0].address == "1 Elm St E"
    assert plan(folder, *all_four()).is_empty


def test_what_is_new_what_changed_and_what_is_gone(folder: Path) -> None:
    rows = [
        centre(1, LOC_NAME="Elm Street Nursery", TOTSPACE="25"),
        centre(2),
        centre(4, geometry='{"type": "Point", "coordinates": [-79.54, 43.55]}'),
        centre(1, LOC_ID="8", LOC_NAME="New Nursery", ADDRESS="12 A MCRAE DRIVE", PHONE="(416) 555-0108x9"),
    ]  # fmt: skip
    found = plan(folder, *rows)
    assert found.details() == [
        "+ cc-8 New Nursery, 12A McRae Dr",
        "~ cc-1 Elm Street Nursery: name: Elm Nursery -> Elm Street Nursery; spaces_total: 20 -> 25",
        "~ cc-4 Fir Nursery: latitude: 43.540000 -> 43.550000",
        "- cc-3 Ash Nursery, 3 Ash St",
    ]
    apply_places(found)
    after = {p.id: p for p in read_csv(folder / "places.csv", place_from)}
    assert list(after) == ["cc-1", "cc-2", "cc-4", "cc-8", "com-7", "park-9"]
    assert after["cc-8"].phone == "416-555-0108 ext. 9"
    assert after["cc-1"].attributes["spaces_total"] == 25


def test_planning_changes_nothing(folder: Path) -> None:
    plan(folder, *all_four(TOTSPACE="99"))
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES


@pytest.mark.parametrize(
    "changes",
    [
        {"LOC_ID": "901"},  # same name and address
        {"LOC_ID": "901", "ADDRESS": "77 NEW RD"},  # same name, same point
        {"LOC_NAME": "Quite Another Name", "ADDRESS": "77 NEW RD"},  # same id
    ],
)
def test_a_place_that_is_the_same_keeps_its_id(folder: Path, changes: dict[str, str]) -> None:
    found = plan(folder, *all_four(**changes))
    assert (found.added, found.retired) == ((), ())
    assert [r["id"] for r in found.rows[:4]] == ["cc-1", "cc-2", "cc-3", "cc-4"]


def test_a_namesake_far_away_is_another_place(folder: Path) -> None:
    away = {
        "ADDRESS": "77 NEW RD",
        "geometry": '{"type": "Point", "coordinates": [-79.6, 43.6]}',
    }
    found = plan(folder, *all_four(LOC_ID="901", **away))
    assert [r["id"] for r in found.added] == ["cc-901"]
    assert [r["id"] for r in found.retired] == ["cc-1"]


def test_retiring_more_than_a_third_needs_a_second_yes(folder: Path) -> None:
    found = plan(folder, centre(1), centre(2))
    with pytest.raises(PackError, match="more than a third"):
        apply_places(found)
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    apply_places(found, yes_retire=True)
    assert len(list(read_csv(folder / "places.csv", place_from))) == 4


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"LOC_NAME": " "}, "the name is missing"),
        ({"LOC_ID": ""}, "LOC_ID is '', not an id"),
        ({"geometry": ""}, "the coordinates are missing"),
        ({"geometry": '{"type": "Point", "coordinates": []}'}, "the coordinates are missing"),
        ({"geometry": "POINT (1 2)"}, "is not GeoJSON"),
        ({"geometry": '{"coordinates": [NaN, 43.5]}'}, "are no numbers"),
        ({"geometry": '{"coordinates": [-79.5, Infinity]}'}, "are no numbers"),
        ({"geometry": '{"coordinates": ["west", 43.5]}'}, "'west' is not a number"),
        ({"geometry": '{"coordinates": [312000.5, 4839000.1]}'}, "must be in degrees"),
        ({"geometry": '{"coordinates": [43.5, -79.5]}'}, "the wrong way round"),
        ({"geometry": '{"coordinates": [-79.5, 42.0]}'}, "is not in the city"),
        ({"geometry": '{"coordinates": [0, 0]}'}, "is not in the city"),
        ({"TOTSPACE": "many"}, "TOTSPACE: could not convert"),
        ({"TOTSPACE": "-3"}, "TOTSPACE: '-3' is not a number of spaces"),
        ({"TOTSPACE": "2.5"}, "TOTSPACE: '2.5' is not a number of spaces"),
        ({"TOTSPACE": "1e9"}, "TOTSPACE: '1e9' is not a number of spaces"),
        ({"AUSPICE": "Church"}, "AUSPICE: 'Church' is not Non Profit"),
        ({"PHONE": "555-0101"}, "does not have ten digits"),
        ({"PCODE": "90210"}, "is not a postal code"),
        ({"run_date": "yesterday"}, "RUN_DATE 'yesterday' is not a date"),
    ],
)
def test_a_broken_row_is_named_by_its_line_and_nothing_is_changed(
    folder: Path, changes: dict[str, str], says: str
) -> None:
    said = refused(folder, centre(1), centre(2, **changes), centre(3), centre(4))
    assert said.startswith("list.csv: 1 row is broken, so nothing was changed:\nline 3: ")
    assert says in said


def test_every_broken_row_is_named_by_the_line_it_starts_at(folder: Path) -> None:
    said = refused(
        folder, centre(1, LOC_NAME="Elm\nNursery"), centre(2, PCODE="?"), centre(3, LOC_NAME="")
    )
    # The name in the first row takes a line of its own.
    assert [line.split(":")[0] for line in said.splitlines()[1:]] == ["line 4", "line 5"]


def test_one_place_with_two_accounts_of_it_is_refused(folder: Path) -> None:
    assert "line 6: cc-1 is there before" in refused(
        folder, *all_four(), centre(1, TOTSPACE="21")
    )
    assert plan(folder, *all_four(), centre(1)).confirmed == 4


def test_a_byte_order_mark_and_lines_in_quotes_are_read(folder: Path) -> None:
    file = csv_of(folder, centre(1, LOC_NAME="Elm\r\nNursery"), encoding="utf-8-sig")
    (record,) = read_records(file)
    assert record.text("loc_name") == "Elm Nursery"
    assert record.line == 2


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"LOC_ID,LOC_NAME\n1,Caf\xe9\n", "line 2: this is not UTF-8 (the byte 0xe9)"),
        (
            "LOC_ID,LOC_NAME\n1,Caf\u00c3\u00a9\n".encode(),
            "line 2: 'Caf\u00c3\u00a9' has letters",
        ),
        ("LOC_ID\n1\n".encode("utf-16"), "is UTF-16"),
        (b'LOC_ID,LOC_NAME\n1,"Elm\n2,Oak\n', "line 2: this is not CSV"),
        (b"LOC_ID,LOC_NAME\n1,Elm,more\n2\n", "2 rows are broken"),
        (b"LOC_ID,LOC_ID\n1,2\n", "two columns are named loc_id"),
        (b"", "is empty"),
        (b"LOC_ID,LOC_NAME\n", "has no rows"),
        (b"LOC_ID,LOC_NAME\n1,Elm\n", "Known lists have"),
        (b'{"type": "FeatureCollection"', "this is not JSON"),
        (b'{"type": "Feature"}', "is not a GeoJSON FeatureCollection"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(folder: Path, raw: bytes, says: str) -> None:
    file = folder.parent / "list.csv"
    file.write_bytes(raw)
    with pytest.raises(PackError) as fault:
        plan_places(file, folder, "child_care")
    assert says in str(fault.value)


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "list.csv"
    file.write_bytes(raw)
    try:
        records = read_records(file)
    except PackError as fault:
        said = str(fault)
    else:
        said = "list.csv" if records else ""
    assert "list.csv" in said


def feature(**properties: Any) -> dict[str, Any]:
    told = {
        "LOCATIONID": "9", "ASSET_NAME": "O'CONNOR PARK", "TYPE": "Park", "AMENITIES": "Playground, Beach",
        "ADDRESS": "9 ELM ST E", "PHONE": "None", "URL": "https://city.example/9",
    } | properties  # fmt: skip
    point = {"type": "MultiPoint", "coordinates": [[-79.55, 43.55]]}
    return {"type": "Feature", "properties": told, "geometry": point}


def geojson_of(folder: Path, *features: dict[str, Any]) -> Path:
    file = folder.parent / "list.geojson"
    lines = ",\n".join(json.dumps(f) for f in features)
    file.write_text(
        f'{{"type": "FeatureCollection",\n"features": [\n{lines}\n]}}', encoding="utf-8"
    )
    return file


def test_parks_are_read_from_geojson_and_other_kinds_left_alone(folder: Path) -> None:
    centre_too = feature(LOCATIONID="7", ASSET_NAME="WEST ARENA", TYPE="Community Centre")
    file = geojson_of(
        folder, feature(), feature(ASSET_NAME="NEW PARK", AMENITIES="None"), centre_too
    )
    found = plan_places(file, folder, "park", as_of="2026-11-01")
    assert found.details() == [
        "+ park-9-2 New Park, 9 Elm St E",
        "~ park-9 O'Connor Park: website: - -> https://city.example/9; amenities: Beach -> Beach, Playground",
    ]
    apply_places(found)
    # The second time the twin is known.
    assert plan_places(file, folder, "park", as_of="2026-11-01").is_empty


def test_what_a_list_does_not_say_stays_and_a_new_centre_gets_its_kind(folder: Path) -> None:
    new = feature(LOCATIONID="8", ASSET_NAME="ELM SENIORS' CENTRE", TYPE="Community Centre")
    old = feature(
        LOCATIONID="7",
        ASSET_NAME="WEST ARENA",
        TYPE="Community Centre",
        AMENITIES="None",
        ADDRESS="",
    )
    file = geojson_of(folder, new, old)
    found = plan_places(file, folder, "community_centre", as_of="2026-11-01")
    rows = {r["id"]: r for r in found.rows}
    assert json.loads(rows["com-7"]["attributes"]) == {"kind": "arena"}
    assert rows["com-7"]["address"] == "7 Elm St E"
    assert json.loads(rows["com-8"]["attributes"])["kind"] == "seniors_centre"
    assert rows["com-8"]["name"] == "Elm Seniors' Centre"


def test_a_park_that_is_listed_in_parts_keeps_its_parts_apart(folder: Path) -> None:
    west = feature(AMENITIES="Playground")
    west["geometry"]["coordinates"] = [[-79.56, 43.55]]
    found = plan_places(geojson_of(folder, feature(), west), folder, "park", as_of="2026-11-01")
    assert [r["id"] for r in found.added] == ["park-9-2"]
    apply_places(found)
    again = plan_places(geojson_of(folder, west, feature()), folder, "park", as_of="2026-11-01")
    assert again.is_empty


def test_a_broken_feature_is_named_by_its_line(folder: Path) -> None:
    file = geojson_of(folder, feature(), feature(ASSET_NAME=None), feature(LOCATIONID="?"))
    with pytest.raises(PackError) as fault:
        plan_places(file, folder, "park", as_of="2026-11-01")
    assert [x.split(":")[0] for x in str(fault.value).splitlines()[1:]] == ["line 4", "line 5"]


def test_a_list_without_a_date_needs_one_and_the_type_must_fit(folder: Path) -> None:
    file = geojson_of(folder, feature())
    with pytest.raises(PackError, match="give --as-of DATE"):
        plan_places(file, folder, "park")
    with pytest.raises(PackError, match="--type can be park, community_centre, not 'pool'"):
        plan_places(file, folder, "pool", as_of="2026-11-01")
    with pytest.raises(PackError, match=r"sources\.yaml has no source 'hearsay'"):
        plan_places(file, folder, "park", as_of="2026-11-01", source="hearsay")


def test_a_table_that_changed_since_the_plan_is_not_overwritten(folder: Path) -> None:
    found = plan(folder, *all_four(TOTSPACE="25"))
    newer = PLACES.replace("Oak Nursery", "Oak Tree Nursery")
    (folder / "places.csv").write_text(newer, encoding="utf-8")
    with pytest.raises(PackError, match="changed while the import was planned"):
        apply_places(found)
    assert (folder / "places.csv").read_text(encoding="utf-8") == newer


def test_a_table_that_cannot_be_replaced_stays_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    found = plan(folder, *all_four(TOTSPACE="25"))
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PackError, match="cannot be written: No space left"):
        apply_places(found)
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    assert not list(folder.parent.glob(".places.csv*"))


STREET_NAMES = {
    "mcrae dr": "McRae Dr",
    "berner trl": "Berner Trl",
    "o'connor dr": "O'Connor Dr",
    "d'arcy st": "D'Arcy St",
}


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("101 SEVENTH ST", "101 Seventh St"),
        ("9 A BEAUMONT ROAD", "9A Beaumont Road"),
        ("235 MCRAE DR", "235 McRae Dr"),
        ("120 Berner Trail", "120 Berner Trl"),
        ("1905-1907 O'CONNOR DR", "1905-1907 O'Connor Dr"),
        ("126 O CONNOR DR", "126 O'Connor Dr"),
        ("84 D ARCY STREET", "84 D'Arcy St"),
        ("84 D MCRAE DR", "84D McRae Dr"),
        ("DELLBANK RD", "Dellbank Rd"),
        ("", ""),
    ],
)
def test_addresses_are_written_as_in_the_tables(written: str, address: str) -> None:
    assert address_in(written, STREET_NAMES) == address


@pytest.mark.parametrize(
    ("ours", "theirs", "is_same"),
    [
        ("1 Elm St E", "1 ELM ST E", True),
        ("1 Elm St E", "1 ELM ST", True),
        ("1 Elm St E", "1 ELM ST W", False),
        ("1 Elm St", "1 ELM ST E", False),
        ("11 Elm St", "1 ELM ST", False),
    ],
)
def test_an_address_is_the_same_with_its_direction_left_out(
    ours: str, theirs: str, is_same: bool
) -> None:
    assert is_same_address(ours, theirs) is is_same


def test_names_phones_and_postal_codes_are_written_as_in_the_tables() -> None:
    assert name_in("PARK OF THE WEST-END") == "Park of the West-End"
    assert name_in("École du Parc") == "École du Parc"
    assert phone_in("416.555.0101 ext 12") == "416-555-0101 ext. 12"
    assert postal_code_in("m5v2t6") == "M5V 2T6"


def test_the_command_prints_the_plan_and_applies_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "places_folder", lambda city: folder)
    file = str(csv_of(folder, *all_four(TOTSPACE="25")))
    arguments = ["import-places", file, "--type", "child_care"]
    assert cli.main([*arguments, "--plan"]) == 0
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "~ cc-1 Elm Nursery: spaces_total: 20 -> 25" in said
    assert "0 to add, 1 to change, 0 to retire, 3 confirmed." in said
    assert '""spaces_total"":25' in (folder / "places.csv").read_text(encoding="utf-8")
    assert cli.main(["import-places", "no-such-file.csv", "--type", "child_care"]) == 1
    assert "no-such-file.csv cannot be read: No such file" in capsys.readouterr().err
