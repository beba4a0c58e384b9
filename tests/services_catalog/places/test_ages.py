"""How old a list of places is said to be: as old as its rows, also after a newer list came in."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from services_catalog.packs import CITIES, PackError
from services_catalog.places.ages import age_of
from services_catalog.places.imports.places import apply_places, plan_places
from services_catalog.places.tables import Gazetteer, read_gazetteer
from tests.services_catalog.places.small_tables import write_tables

TYPES = """
child_care:
  one: centre
  many: centres
  called: [daycare]
  note: This list is from {age}. Call first.
with_park:
  one: centre or park
  many: centres and parks
  called: [somewhere to go]
  from: [{type: child_care}, {type: park}]
  filters:
    beach: {words: [beach], attribute: amenities, values: [Beach], told: "with a beach (by the list of {age:park})"}
  note: Parks are from {age:park}, daycares from {age:child_care}, all from {age}.
pool:
  one: pool
  many: pools
  called: [pool]
  note: This list is from {age}.
"""


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = write_tables(tmp_path)
    (folder / "place_types.yaml").write_text(TYPES, encoding="utf-8")
    (folder.parent / "city.yaml").write_text("name: Smallville\n", encoding="utf-8")
    return folder


def notes(tables: Path) -> dict[str, str]:
    kinds = read_gazetteer("smallville", tables.parents[1]).types.by_id
    return {name: kind.note for name, kind in kinds.items()}


@pytest.mark.parametrize(
    ("as_ofs", "said"),
    [
        (["2024-01-23"], "January 2024"),
        (["2024-12", "2024-12-31"], "December 2024"),
        (["2016"], "2016"),
        (["2026-11-05", "2011-07-25", "2024-12"], "July 2011 to November 2026"),
        (["2015", "of each row"], "2015"),
        (["2015-99"], "2015"),
        (["unknown"], "an unknown date"),
        ([], "an unknown date"),
    ],
)
def test_an_age_is_said_as_people_say_it(as_ofs: Sequence[str], said: str) -> None:
    assert age_of(as_ofs) == said


def test_after_an_import_the_note_says_the_age_of_the_list_that_came_in(tables: Path) -> None:
    assert notes(tables)["child_care"] == "This list is from 2024. Call first."
    centres = [
        {"LOC_ID": n, "LOC_NAME": name, "AUSPICE": "Commercial Agency", "TOTSPACE": 20, "run_date": "05NOV26"}
        for n, name in enumerate(("Elm Nursery", "Oak Nursery", "Ash Nursery"), 1)
    ]  # fmt: skip
    features = [
        {
            "type": "Feature",
            "properties": centre,
            "geometry": {"type": "Point", "coordinates": [-79.5, 43.5]},
        }
        for centre in centres
    ]
    file = tables.parents[1] / "list.geojson"
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    apply_places(plan_places(file, tables, "child_care"))
    assert notes(tables) == {
        "child_care": "This list is from November 2026. Call first.",
        "with_park": "Parks are from 2024, daycares from November 2026, all from 2024 to November 2026.",
        "pool": "This list is from an unknown date.",
    }


def test_a_filter_says_the_age_of_the_list_that_it_goes_by(tables: Path) -> None:
    kinds = read_gazetteer("smallville", tables.parents[1]).types.by_id
    (beach,) = kinds["with_park"].filters
    assert beach.told == "with a beach (by the list of 2024)"


def test_the_age_of_a_type_that_there_is_not_is_refused(tables: Path) -> None:
    (tables / "place_types.yaml").write_text(
        TYPES.replace("{age:park},", "{age:prak},"), encoding="utf-8"
    )
    with pytest.raises(PackError, match=r"with_park asks for \{age:prak\}"):
        notes(tables)


def test_no_text_of_the_pack_has_an_age_in_words(toronto: Gazetteer) -> None:
    written = (CITIES / "toronto" / "places" / "place_types.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\b(?:19|20)\d\d\b", written)
    said = toronto.types.by_id
    assert said["child_care"].note.startswith("This list is from ")
    assert all("{" not in kind.note for kind in said.values())
    assert all("{" not in f.told for kind in said.values() for f in kind.filters)
