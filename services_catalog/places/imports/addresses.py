"""Addresses, names, phone numbers and postal codes of an open-data list, as the tables write them. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from services_catalog.places.imports.reading import Record
from services_catalog.places.model import Point

_NUMBERED = re.compile(r"(\d+(?:-\d+)?)\s?([A-Za-z])?\s+(\S.*)")
_PHONE = re.compile(r"\(?(\d{3})\)?[ .-]*(\d{3})[ .-]*(\d{4})(?:\s*(?:x|ext\.?|#)\s*(\d+))?")
_POSTAL_CODE = re.compile(r"([A-Z]\d[A-Z]) ?(\d[A-Z]\d)")
_SMALL_WORDS = {"and", "of", "the", "for", "at", "in", "on", "de", "la"}
# As the city abbreviates them.
_ABBREVIATED = {
    "street": "St", "avenue": "Ave", "road": "Rd", "drive": "Dr", "crescent": "Cres", "boulevard": "Blvd",
    "court": "Crt", "place": "Pl", "trail": "Trl", "square": "Sq", "lane": "Lane", "parkway": "Pkwy",
    "gardens": "Gdns", "terrace": "Ter", "heights": "Hts", "grove": "Grv",
    "north": "N", "east": "E", "south": "S", "west": "W",
}  # fmt: skip
# The letters of a word that stand large: the first, and those behind "-", "(", "O'", "D'" and "L'".
_LETTER = re.compile(r"^[ldo]'[a-zà-ÿ]|(?:^|[-(/.])[a-zà-ÿ]")
_DIRECTION = re.compile(r" [NESW]$")
_COORDINATES = ("latitude", "longitude")


def address_in(text: str, streets: Mapping[str, str]) -> str:
    """Return an address as the tables write it: "9 A BEAUMONT RD" is "9A Beaumont Rd".

    `streets` are the pack's streets by their name in lower case.
    """
    found = _NUMBERED.fullmatch(text)
    number, street = (f"{found[1]}{found[2] or ''}", found[3]) if found else ("", text)
    parts = street.split()
    ends = [_ABBREVIATED.get(p.lower(), p) for p in parts[-2:]]
    for written in (street, " ".join([*parts[:-2], *ends])):
        if known := streets.get(written.lower()):
            return f"{number} {known}".strip()
        # "126 O CONNOR DR": the letter is the street's, where there is such a street.
        if found and found[2] and (known := streets.get(f"{found[2]}'{written}".lower())):
            return f"{found[1]} {known}"
    return f"{number} {name_in(street)}".strip()


def name_in(text: str) -> str:
    """Return a name in capitals and small letters; one that is not all capitals stays."""
    if not text.isupper():
        return text
    words = [
        w if w in _SMALL_WORDS and n else _capital(w)
        for n, w in enumerate(text.lower().split())
    ]
    return " ".join(words)


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > 4:
        return f"Mc{word[2:].capitalize()}"
    return _LETTER.sub(lambda found: found[0].upper(), word)


def phone_in(text: str) -> str:
    """Return a phone number as "416-555-0123 ext. 4"; empty stays empty.

    Raises:
        ValueError: it is no phone number of ten digits.
    """
    found = _PHONE.fullmatch(text)
    if not text or text == "311":
        return text
    if not found:
        raise ValueError(f"the phone number {text!r} does not have ten digits")
    extension = f" ext. {found[4]}" if found[4] else ""
    return f"{found[1]}-{found[2]}-{found[3]}{extension}"


def postal_code_in(text: str) -> str:
    """Return a postal code as "M5V 2T6"; empty stays empty.

    Raises:
        ValueError: it is none.
    """
    found = _POSTAL_CODE.fullmatch(text.upper())
    if text and not found:
        raise ValueError(f"{text!r} is not a postal code such as M5V 2T6")
    return f"{found[1]} {found[2]}" if found else ""


def plain(text: str) -> str:
    """Return a text as it is compared: letters and digits only, small."""
    return "".join(c for c in text.casefold() if c.isalnum())


def is_same_address(ours: str, theirs: str) -> bool:
    """Say whether two addresses are one; the tables may have a direction that the source leaves out."""
    return plain(theirs) in (plain(ours), plain(_DIRECTION.sub("", ours)))


def point_in(record: Record) -> Point:
    """Return a row's point: its `geometry` (GeoJSON, also as text), or its latitude and longitude.

    Raises:
        ValueError: there is none, or it is not on the earth.
    """
    geometry = record.values.get("geometry")
    if geometry:
        long, lat = _first(_parsed(geometry))
    elif all(record.text(c) for c in _COORDINATES):
        lat, long = (_degrees(record.text(c)) for c in _COORDINATES)
    else:
        raise ValueError("the coordinates are missing")
    if not (math.isfinite(lat) and math.isfinite(long)):
        raise ValueError(f"the coordinates {lat}, {long} are no numbers")
    if not (-90 <= lat <= 90 and -180 <= long <= 180):
        raise ValueError(
            f"latitude {lat}, longitude {long} is not on the earth; the file must be in degrees (WGS 84)"
        )
    return Point(round(lat, 6), round(long, 6))


def _parsed(geometry: Any) -> Any:
    if not isinstance(geometry, str):
        return geometry
    try:
        # Some exports write the object with single quotes.
        return json.loads(geometry.replace("'", '"'))
    except ValueError as fault:
        raise ValueError(f"the geometry {geometry[:40]!r} is not GeoJSON") from fault


def _first(geometry: Any) -> tuple[float, float]:
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(coordinates, list) and coordinates and isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        raise ValueError("the coordinates are missing")
    return _degrees(coordinates[0]), _degrees(coordinates[1])


def _degrees(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as fault:
        raise ValueError(f"the coordinate {value!r} is not a number") from fault
