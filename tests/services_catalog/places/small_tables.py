"""A small pack's tables of places, for imports to change."""

from pathlib import Path

WARD = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"number": 1, "name": "West"},
"geometry": {"type": "Polygon", "coordinates": [[[-80, 43], [-79, 43], [-79, 44], [-80, 44], [-80, 43]]]}}]}"""
CENTRES = (
    ("Elm", "1 Elm St E", 20),
    ("Oak", "2 Oak St", 30),
    ("Ash", "3 Ash St", 40),
    ("Fir", "4 Fir St", 50),
)
PLACES = "id,type,name,address,postal_code,phone,website,latitude,longitude,attributes,source,as_of\n"
PLACES += "".join(
    f"cc-{n},child_care,{name} Nursery,{address},M5V 2T6,416-555-010{n},,43.5{n}0000,-79.5{n}0000,"
    f'"{{""operator"":""city"",""spaces_total"":{spaces}}}",child_care,2024\n'
    for n, (name, address, spaces) in enumerate(CENTRES, 1)
)
PLACES += """com-7,community_centre,West Arena,7 Elm St E,,,,43.540000,-79.540000,"{""kind"":""arena""}",parks_rec_facilities,2024
park-9,park,O'Connor Park,9 Elm St E,,,,43.550000,-79.550000,"{""amenities"":[""Beach""]}",parks_rec_facilities,2024
"""
STREETS = "street,name,type,direction\nElm St E,Elm,St,E\nMcRae Dr,McRae,Dr,\n"
SOURCES = "".join(
    f"{key}: {{dataset: D, publisher: City, as_of: 2026, licence: L, how_sure: read}}\n"
    for key in ("child_care", "parks_rec_facilities", "collection_schedule")
)


def write_tables(root: Path) -> Path:
    """Write the tables of Smallville under a folder and return theirs."""
    tables = root / "smallville" / "places"
    tables.mkdir(parents=True)
    area = WARD.replace('"number": 1', '"area": "A", "calendar": "Tuesday 1"')
    written = {
        "places.csv": PLACES, "streets.csv": STREETS, "sources.yaml": SOURCES, "wards.geojson": WARD,
        "collection_areas.geojson": area,
    }  # fmt: skip
    for name, text in written.items():
        (tables / name).write_text(text, encoding="utf-8")
    return tables
