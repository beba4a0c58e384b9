"""Read a city pack: everything about a city that is data, from its folder under `cities/`.

A pack holds `city.yaml` (names, numbers, fixed texts) and `services/*.yaml` (one file per topic).
Reading is strict: a pack that does not fit raises `PackError` with the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from services_catalog.model import ServiceEntry, entry_from_dict

CITIES = Path(__file__).parent / "cities"


class PackError(ValueError):
    """A city pack cannot be read; the message says where and what to do about it."""


@dataclass(frozen=True)
class City:
    """A city as its pack describes it: names, numbers and the texts that are the same in every answer."""

    id: str
    name: str
    phone: str
    phone_outside: str
    hours: str
    timezone: str
    languages: tuple[str, ...]
    website: str
    welcome: str
    # What stands first when danger is recognised, by kind of danger (see triage/safety.py).
    safety: Mapping[str, str]
    # Said in a language that was asked for and that the pack does not have yet.
    language_notice: Mapping[str, str]
    # Other municipalities that residents write about; their matters are not answered as this city's.
    elsewhere: tuple[str, ...] = ()
    # Entries whose answer depends on an address, and what is looked up for it: "ward" or "collection".
    lookups: Mapping[str, str] = field(default_factory=dict)
    # Questions that the page offers as examples.
    suggestions: tuple[str, ...] = ()
    # What the licence of the pack's places asks to be said where they are shown.
    attribution: str = ""


def cities() -> list[str]:
    """Return the ids of the city packs that are installed."""
    return sorted(p.parent.name for p in CITIES.glob("*/city.yaml"))


def pack_folder(city: str, root: Path = CITIES) -> Path:
    """Return the folder of a city's pack.

    Raises:
        PackError: there is no such pack; the message names those there are.
    """
    folder = root / city
    if not (folder / "city.yaml").is_file():
        raise PackError(
            f"There is no city pack named {city!r}. There are: {', '.join(cities())}."
        )
    return folder


def load_city(city: str, root: Path = CITIES) -> City:
    """Read `city.yaml`.

    Raises:
        PackError: the pack or one of its values is missing.
    """
    path = pack_folder(city, root) / "city.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return City(
            id=city,
            name=data["name"],
            phone=str(data["phone"]),
            phone_outside=str(data["phone_outside"]),
            hours=data["hours"],
            timezone=data["timezone"],
            languages=tuple(data["languages"]),
            website=data["website"],
            welcome=data["welcome"].strip(),
            safety={kind: text.strip() for kind, text in data["safety"].items()},
            language_notice={k: v.strip() for k, v in data.get("language_notice", {}).items()},
            elsewhere=tuple(data.get("elsewhere", ())),
            lookups=dict(data.get("lookups", {})),
            suggestions=tuple(data.get("suggestions", ())),
            attribution=data.get("attribution", "").strip(),
        )
    except KeyError as missing:
        raise PackError(f"{path.name} of {city} lacks {missing}: add it.") from missing


@dataclass(frozen=True)
class Source:
    """Where in a pack an entry was written, for faults that name file and line."""

    file: str
    line: int


@dataclass(frozen=True)
class Written:
    """An entry as a maintainer wrote it: plain values, not yet known to be right."""

    data: dict[str, Any]
    source: Source


def read_written(city: str, root: Path = CITIES) -> list[Written]:
    """Read `services/*.yaml` as written, each entry with its file and line.

    Raises:
        PackError: a file is not YAML, or is not a list of entries.
    """
    folder = pack_folder(city, root) / "services"
    return [w for path in sorted(folder.glob("*.yaml")) for w in _read_file(path)]


def read_entries(city: str, root: Path = CITIES) -> list[ServiceEntry]:
    """Read a pack's entries; `checks.py` should have found no fault in them.

    Raises:
        PackError: an entry lacks a value or has one of the wrong kind.
    """
    entries = []
    for written in read_written(city, root):
        try:
            entries.append(entry_from_dict(written.data))
        except (KeyError, ValueError, TypeError) as fault:
            at = f"{written.source.file}, line {written.source.line}"
            raise PackError(
                f"{at}: this entry cannot be read ({fault}). `python -m services_catalog check` says more."
            ) from fault
    return entries


def read_uncovered(city: str, root: Path = CITIES) -> list[str]:
    """Read `uncovered.yaml`: example messages about matters that no entry covers."""
    path = pack_folder(city, root) / "uncovered.yaml"
    if not path.is_file():
        return []
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, list) or not all(isinstance(x, str) for x in data):
        raise PackError(f"{path.name} must be a list of example messages, each in quotes.")
    return data


def _read_file(path: Path) -> list[Written]:
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise PackError(
            f"{path.name}, line {line}: this is not YAML ({fault.problem}). "
            "Often a text with a colon or a quote needs double quotes around it."
        ) from fault
    if not isinstance(tree, yaml.SequenceNode):
        raise PackError(f"{path.name} must be a list of entries, each starting with '- id:'.")
    # One pass builds the values; the tree's nodes give each entry's line.
    values = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [
        Written(value, Source(path.name, node.start_mark.line + 1))
        for node, value in zip(tree.value, values, strict=True)
    ]
