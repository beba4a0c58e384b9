"""The page that looks like a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse

from services_catalog.packs import City, pack_folder
from triage.channels.files import templates_in
from triage.channels.page import content_policy
from triage.demo.standin import LONGEST_BODY

FOLDER = Path(__file__).parent
# Numbers 555-0100 to 555-0199 are kept free for examples: https://www.cnac.ca
PHONES = tuple(f"+141655501{n:02}" for n in range(1, 7))


@dataclass(frozen=True)
class Lines:
    """The line's numbers; empty: it has none on that channel."""

    sms: str
    whatsapp: str

    @classmethod
    def among(cls, numbers: Sequence[str]) -> Lines:
        """Return the first number of each channel."""
        by_whatsapp = [n for n in numbers if n.startswith("whatsapp:")]
        by_sms = [n for n in numbers if n not in by_whatsapp]
        return cls(next(iter(by_sms), ""), next(iter(by_whatsapp), ""))


def written(number: str) -> str:
    """Return a number as people write it: 416-555-0101."""
    digits = number.removeprefix("whatsapp:").removeprefix("+1")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


def phone_page(
    lines: Lines, city: City, asks: Sequence[str], largest_picture: int
) -> HTMLResponse:
    """Return the page of the phone."""
    pages = templates_in(FOLDER / "templates")
    channels = {
        name: written(number)
        for name, number in (("sms", lines.sms), ("whatsapp", lines.whatsapp))
        if number
    }
    html = pages.get_template("phone.html").render(
        city=city.name,
        middle=_middle(pack_folder(city.id) / "places" / "wards.geojson"),
        phones=[(number, written(number)) for number in PHONES],
        channels=channels,
        asks=asks,
        longest=LONGEST_BODY,
        for_script=json.dumps({"lines": channels, "largestPicture": largest_picture}),
    )
    return HTMLResponse(
        html,
        headers={"Content-Security-Policy": content_policy(()), "Cache-Control": "no-cache"},
    )


def _middle(wards: Path) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of a city, for a location to share; None: its outlines are not known."""
    if not wards.is_file():
        return None
    outlines = json.loads(wards.read_text(encoding="utf-8"))["features"]
    points = [point for outline in outlines for point in _points(outline["geometry"])]
    longs, lats = zip(*points, strict=True)
    return round((min(lats) + max(lats)) / 2, 4), round((min(longs) + max(longs)) / 2, 4)


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield the corners of a polygon, or of several."""
    polygons = geometry["coordinates"]
    for polygon in polygons if geometry["type"] == "MultiPolygon" else [polygons]:
        for ring in polygon:
            yield from ((long, lat) for long, lat, *_ in ring)
