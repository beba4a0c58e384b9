"""The City's list of licensed child care centres in the shape of its open data: the columns and forms of its values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# In the order of the export ("Licensed Child Care Centres", in WGS 84). The data set's own row number comes first.
COLUMNS = (
    "_id", "LOC_ID", "LOC_NAME", "AUSPICE", "ADDRESS", "PCODE", "ward", "PHONE", "bldg_type", "BLDGNAME", "IGSPACE", "TGSPACE",
    "PGSPACE", "KGSPACE", "SGSPACE", "TOTSPACE", "subsidy", "run_date", "cwelcc_flag", "geometry",
)  # fmt: skip


def listed(number: int, name: str, address: str, **changes: Any) -> dict[str, Any]:
    """Return one centre as the list has it; `number` also says where it is."""
    return {
        "_id": 7000 + number, "LOC_ID": number, "LOC_NAME": name, "AUSPICE": "Non Profit Agency", "ADDRESS": address,
        "PCODE": "M5V 2T6", "ward": 1, "PHONE": f"(416) 555-010{number}", "bldg_type": "Public Elementary School",
        "BLDGNAME": None, "IGSPACE": 0, "TGSPACE": 10, "PGSPACE": 16, "KGSPACE": 0, "SGSPACE": 0, "TOTSPACE": 26,
        "subsidy": "Y", "run_date": "05NOV26", "cwelcc_flag": "N",
        "geometry": {"type": "Point", "coordinates": [-79.5 - number / 100, 43.5 + number / 100]},
    } | changes  # fmt: skip


CENTRES = (
    listed(1, "ELM NURSERY", "1 ELM ST"),
    listed(2, "OAK NURSERY", "2 OAK ST", IGSPACE=6, TOTSPACE=32, AUSPICE="Commercial Agency"),
    listed(
        3, "ASH NURSERY", "3 ASH ST", AUSPICE="Public (City Operated) Agency", cwelcc_flag="Y"
    ),
    listed(5, "McRAE DRIVE CHILD CARE", "12 A MCRAE DRIVE", BLDGNAME="McRae School"),
)


def as_geojson(folder: Path, *centres: Mapping[str, Any]) -> Path:
    """Write the list as the GeoJSON export: one feature a line from the second on."""
    features = [
        {
            "type": "Feature",
            "properties": {c: centre[c] for c in COLUMNS if c != "geometry"},
            "geometry": centre["geometry"],
        }
        for centre in centres
    ]
    file = folder / "child-care.geojson"
    file.write_text(
        '{"type": "FeatureCollection", "name": "Child care centres - 4326", "features": [\n'
        + ",\n".join(json.dumps(f) for f in features)
        + "\n]}",
        encoding="utf-8",
    )
    return file


def as_csv(folder: Path, *centres: Mapping[str, Any]) -> Path:
    """Write the list as the CSV export: the geometry is JSON in a cell, what is missing "None"."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    for centre in centres:
        cells = {c: "None" if centre[c] is None else centre[c] for c in COLUMNS}
        table.writerow(cells | {"geometry": json.dumps(centre["geometry"])})
    file = folder / "child-care.csv"
    file.write_text(text.getvalue(), encoding="utf-8")
    return file
