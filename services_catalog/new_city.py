"""The first pack of a city: files that explain themselves, pass `check` and `check-routing`, and answer how to reach the city.

What it cannot know (the phone number, the web site) is a made-up one unless it is given; `left_over` says so until it is
written. docs/adopting.md tells the way from there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import Template

from services_catalog.checks import Fault
from services_catalog.packs import CITIES, City, PackError

FILES = Path(__file__).parent / "new_city_files"
# Numbers and names that are nobody's (the North American plan's 555-01xx, RFC 2606's .example).
MADE_UP_PHONE = "555-555-0100"
MADE_UP_DOMAIN = ".example"
# An owner looks at an entry again within half a year.
REVIEW_AFTER = timedelta(days=182)
_NAME = re.compile(r"[^\W\d_][\w .'\-]{1,39}")
_PHONE = re.compile(r"[0-9][0-9 \-]{2,19}")
_NEIGHBOURS = ("Hamilton", "London", "Mississauga", "Ottawa", "Toronto")


def id_of(name: str) -> str:
    """Return the id of a city: its name in small letters, digits and underscores.

    Raises:
        PackError: the name is none that a city has.
    """
    if not _NAME.fullmatch(name):
        raise PackError(
            f"{name!r} is no name for a city: write it as people do, like Thunder Bay."
        )
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain.lower()))


def files_of(name: str, today: date, phone: str = "", website: str = "") -> dict[str, str]:
    """Return the texts of a new pack's files, by their path in it. Pure but for the templates.

    Raises:
        PackError: a name, number or address is none.
    """
    id = id_of(name)
    phone = phone or MADE_UP_PHONE
    website = website or f"https://{id.replace('_', '-')}{MADE_UP_DOMAIN}"
    if not _PHONE.fullmatch(phone):
        raise PackError(f"{phone!r} is no phone number: write it as 519-555-0100.")
    if not re.fullmatch(r"https?://[\w.\-]+(?:/[\w./\-]*)?", website):
        raise PackError(
            f"{website!r} is no web address: write it whole, as https://city.example."
        )
    filling = {
        "id": id,
        "name": name,
        "phone": phone,
        "website": website,
        "elsewhere": ", ".join(n for n in _NEIGHBOURS if n.lower() != name.lower()),
        "today": today.isoformat(),
        "review": (today + REVIEW_AFTER).isoformat(),
        "year": str(today.year),
    }
    return {
        path.relative_to(FILES).as_posix(): Template(
            path.read_text(encoding="utf-8")
        ).substitute(filling)
        for path in sorted(FILES.rglob("*.yaml"))
    }


def write_pack(id: str, files: dict[str, str], root: Path = CITIES) -> Path:
    """Write a new pack; return its folder.

    Raises:
        PackError: there is one already. Nothing of it is touched.
    """
    folder = root / id
    if folder.exists():
        raise PackError(f"There is a pack at {folder} already; it stays as it is.")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def left_over(city: City) -> Iterator[Fault]:
    """Say, as remarks, what of a scaffold is still made up."""
    if city.phone == MADE_UP_PHONE:
        says = "the phone number is made up: write the city's own."
        yield Fault("city.yaml", city.id, says, stops=False)
    if city.jurisdiction_id.endswith(MADE_UP_DOMAIN):
        says = "the web site is made up: write the city's own."
        yield Fault("city.yaml", city.id, says, stops=False)
