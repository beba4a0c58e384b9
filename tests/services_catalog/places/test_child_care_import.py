"""The City's list of licensed child care centres, as GeoJSON and as CSV, comes into a pack by the real command."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from services_catalog import cli
from services_catalog.places.model import Place
from services_catalog.places.tables import place_from, read_csv
from tests.services_catalog.places.child_care_list import CENTRES, as_csv, as_geojson, listed
from tests.services_catalog.places.small_tables import PLACES, write_tables

Write = Callable[..., Path]
BOTH = pytest.mark.parametrize("write", [as_geojson, as_csv])
ELM, OAK, ASH, MCRAE = CENTRES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tables = write_tables(tmp_path)
    monkeypatch.setattr(cli, "places_folder", lambda city: tables)
    return tables


def bring_in(file: Path, *options: str) -> int:
    return cli.main(["import-places", str(file), "--type", "child_care", *options])


def centres(folder: Path) -> dict[str, Place]:
    rows = read_csv(folder / "places.csv", place_from)
    return {p.id: p for p in rows if p.type == "child_care"}


@BOTH
def test_the_list_comes_in_whole(
    folder: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(folder.parent, *CENTRES)
    assert bring_in(file, "--plan") == 0
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    said = capsys.readouterr().out
    assert "1 to add, 3 to change, 1 to retire, 0 confirmed" in said
    assert "+ cc-5 McRAE DRIVE CHILD CARE, 12A McRae Dr" in said
    assert "- cc-4 Fir Nursery, 4 Fir St" in said
    assert bring_in(file) == 0
    found = centres(folder)
    assert list(found) == ["cc-1", "cc-2", "cc-3", "cc-5"]
    new = found["cc-5"]
    assert (new.address, new.postal_code, new.phone) == (
        "12A McRae Dr",
        "M5V 2T6",
        "416-555-0105",
    )
    assert (new.point.lat, new.point.long) == (43.55, -79.55)
    assert new.as_of == "2026-11-05"
    assert new.attributes == {
        "building": "McRae School", "building_type": "Public Elementary School", "cwelcc": False, "operator": "non-profit",
        "spaces_infant": 0, "spaces_kindergarten": 0, "spaces_preschool": 16, "spaces_school_age": 0, "spaces_toddler": 10,
        "spaces_total": 26, "subsidy": True,
    }  # fmt: skip
    assert [found[i].attributes["operator"] for i in ("cc-1", "cc-2", "cc-3")] == [
        "non-profit", "commercial", "city",
    ]  # fmt: skip
    assert "building" not in found["cc-1"].attributes
    # What the list writes in capitals stays as it was written.
    assert (found["cc-1"].name, found["cc-1"].address) == ("Elm Nursery", "1 Elm St E")
    # The second time there is nothing to do.
    assert bring_in(file) == 0
    assert "0 to add, 0 to change, 0 to retire, 4 confirmed" in capsys.readouterr().out


def test_both_forms_of_the_list_come_to_the_same(tmp_path: Path) -> None:
    tables = []
    for name, write in (("one", as_geojson), ("two", as_csv)):
        root = tmp_path / name
        folder = write_tables(root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cli, "places_folder", lambda city, folder=folder: folder)
            assert bring_in(write(root, *CENTRES)) == 0
        tables.append((folder / "places.csv").read_text(encoding="utf-8"))
    assert tables[0] == tables[1] != PLACES


@BOTH
def test_several_broken_rows_are_each_named_by_their_line_and_nothing_is_changed(
    folder: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [
        ELM,
        OAK | {"LOC_NAME": None},
        ASH | {"TOTSPACE": "many"},
        MCRAE | {"geometry": {"type": "Point", "coordinates": [43.55, -79.55]}},
        listed(6, "YEW NURSERY", "6 YEW ST", geometry=None),
        listed(7, "FAR NURSERY", "7 FAR ST", geometry={"type": "Point", "coordinates": [-75.7, 45.4]}),
        listed(8, "BAY NURSERY", "8 BAY ST", subsidy="maybe"),
        listed(9, "KEY NURSERY", "9 KEY ST", run_date="soon"),
        ELM | {"TOTSPACE": 99},
    ]  # fmt: skip
    assert bring_in(write(folder.parent, *broken)) == 1
    said = capsys.readouterr().err.splitlines()
    assert "8 rows are broken, so nothing was changed" in said[0]
    # The first centre stands in the second line of both forms.
    assert [line.split(": ", 1) for line in said[1:]] == [
        ["line 3", "the name is missing."],
        ["line 4", "TOTSPACE: could not convert string to float: 'many'."],
        ["line 5", "latitude and longitude are the wrong way round."],
        ["line 6", "the coordinates are missing."],
        ["line 7", "latitude 45.4, longitude -75.7 is not in the city."],
        ["line 8", "SUBSIDY: 'maybe' is neither Y nor N."],
        ["line 9", "RUN_DATE 'soon' is not a date: mend it or give --as-of DATE."],
        ["line 10", "cc-1 is there before, with other facts."],
    ]
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ({"type": "MultiPoint", "coordinates": [[-79.51, 43.51]]}, ""),
        ({"type": "Point", "coordinates": [-79.51, 43.51, 0]}, ""),
        ({"type": "Point", "coordinates": []}, "the coordinates are missing"),
        ({"type": "Point", "coordinates": ["-79.51 W", 43.51]}, "'-79.51 W' is not a number"),
        ({"type": "Point", "coordinates": [627000.5, 4833000.2]}, "must be in degrees"),
        ([-79.51, 43.51], "the coordinates are missing"),
    ],
)
@BOTH
def test_every_form_of_a_point_is_read_or_refused_in_words(
    folder: Path,
    write: Write,
    geometry: Mapping[str, Any],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write(folder.parent, ELM | {"geometry": geometry}, OAK, ASH, MCRAE)
    assert bring_in(file) == (1 if says else 0)
    assert says in capsys.readouterr().err
    if says:
        assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES
    else:
        assert centres(folder)["cc-1"].point.lat == 43.51


def test_a_list_that_breaks_off_is_refused_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = as_geojson(folder.parent, *CENTRES)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: whole.rindex("McRAE")], encoding="utf-8")
    assert bring_in(file) == 1
    assert "this is not JSON" in capsys.readouterr().err
    assert (folder / "places.csv").read_text(encoding="utf-8") == PLACES


def test_another_list_is_not_taken_for_this_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder.parent / "child-care.geojson"
    feature = {
        "type": "Feature",
        "properties": {"LOC_ID": 1, "LOC_NAME": "Elm"},
        "geometry": None,
    }
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    assert bring_in(file) == 1
    assert "Known lists have" in capsys.readouterr().err
