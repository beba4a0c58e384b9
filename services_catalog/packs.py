"""Read a city pack: everything about a city that is data, from its folder under `cities/`.

A pack holds `city.yaml` (names, numbers, fixed texts) and `services/*.yaml` (one file per topic).
Reading is strict: a pack that does not fit raises `PackError` with the file, the line and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from services_catalog import editing_rules
from services_catalog.desk import Desk, desk_from, faults_of
from services_catalog.editing_rules import EditingRules
from services_catalog.model import ServiceEntry, entry_from_dict

CITIES = Path(__file__).parent / "cities"
# What an example of a place may be of.
PLACE_EXAMPLES = ("address", "corner", "postal_code")
# Example messages by matter, for the `uncovered.yaml` of packs that have no entry about it.
UNCOVERED_MATTERS = CITIES / "uncovered_matters.yaml"


class PackError(ValueError):
    """A city pack cannot be read; the message says where and what to do about it."""


@dataclass(frozen=True)
class Holidays:
    """The days on which a city's offices are closed, as the `holidays` library names them."""

    country: str
    subdivision: str | None = None
    # Not every holiday of the place is kept by the City: these are, beside the public ones.
    optional: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class City:
    """A city as its pack describes it: names, numbers and the texts that are the same in every answer."""

    id: str
    name: str
    phone: str
    # The number for callers from outside the city; the same one where there is no short number.
    phone_outside: str
    # When the phone is answered; empty where that is not known.
    hours: str
    timezone: str
    languages: tuple[str, ...]
    website: str
    welcome: str
    # What stands first when danger is recognised, by kind of danger (see triage/safety.py).
    safety: Mapping[str, str]
    # Said in a language that was asked for, or written in, and that the pack does not have yet; "other": said, in the
    # pack's own language, where it has no notice in theirs.
    language_notice: Mapping[str, str]
    # Other municipalities that residents write about; their matters are not answered as this city's.
    elsewhere: tuple[str, ...] = ()
    # Entries whose answer depends on an address, and what is looked up for it: "ward" or "collection".
    lookups: Mapping[str, str] = field(default_factory=dict)
    # Questions that the page offers as examples.
    suggestions: tuple[str, ...] = ()
    # What the licence of the pack's places asks to be said where they are shown.
    attribution: str = ""
    # How a place is written here, where one is asked for, by PLACE_EXAMPLES.
    place_examples: Mapping[str, str] = field(default_factory=dict)
    # None: only weekends are no working days.
    holidays: Holidays | None = None
    # Where people answer in conversations. None: there are none; residents are told how to phone.
    desk: Desk | None = None
    # Whose changes of entries a second person looks at.
    editing: EditingRules = field(default_factory=EditingRules)

    @property
    def jurisdiction_id(self) -> str:
        """The city's name in Open311: its web site's domain (toronto.ca)."""
        return (urlsplit(self.website).hostname or "").removeprefix("www.")

    @property
    def has_number_outside(self) -> bool:
        """Say whether callers from outside the city dial another number."""
        return self.phone_outside != self.phone

    @property
    def phone_and_hours(self) -> str:
        """The number, with the hours where they are known: "311 (24 hours a day)"."""
        return self._with_hours(self.phone)

    @property
    def phone_anywhere(self) -> str:
        """The numbers for callers from everywhere, with the hours: "311, or 416-... from outside Toronto (24 hours)"."""
        outside = f", or {self.phone_outside} from outside {self.name}"
        return self._with_hours(self.phone + (outside if self.has_number_outside else ""))

    @property
    def either_phone(self) -> str:
        """The numbers as short as can be: "311 or 416-392-2489"."""
        outside = f" or {self.phone_outside}" if self.has_number_outside else ""
        return self.phone + outside

    def notice_in(self, language: str) -> str:
        """Return what is said to those who write in a language that the pack does not have; empty: nothing is."""
        if not language or language in self.languages:
            return ""
        return self.language_notice.get(language) or self.language_notice.get("other", "")

    def like(self, kind: str) -> str:
        """Return the example of a place, in brackets with a space before; nothing where the pack has none."""
        return f" ({self.place_examples[kind]})" if kind in self.place_examples else ""

    def _with_hours(self, number: str) -> str:
        return f"{number} ({self.hours})" if self.hours else number


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
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        return City(
            id=city,
            name=data["name"],
            phone=str(data["phone"]),
            phone_outside=str(data.get("phone_outside") or data["phone"]),
            hours=data.get("hours", ""),
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
            place_examples=dict(data.get("place_examples", {})),
            holidays=_holidays(data.get("holidays")),
            desk=_desk(data.get("desk")),
            editing=_editing(data.get("editing")),
        )
    except KeyError as missing:
        raise PackError(f"{path.name} of {city} lacks {missing}: add it.") from missing


def _holidays(data: Mapping[str, Any] | None) -> Holidays | None:
    if not data:
        return None
    subdivision = data.get("subdivision")
    if subdivision is not None and not isinstance(subdivision, str):
        # YAML reads ON, Ontario's letters, as "true".
        raise PackError('city.yaml: write holidays/subdivision in quotes, as "ON".')
    return Holidays(
        country=data["country"],
        subdivision=subdivision,
        optional=tuple(data.get("optional", ())),
        language=data.get("language"),
    )


def _desk(data: Any) -> Desk | None:
    if data is None:
        return None
    if faults := faults_of(data):
        raise PackError("\n".join(f"city.yaml: {fault}" for fault in faults))
    return desk_from(data)


def _editing(data: Any) -> EditingRules:
    if faults := editing_rules.faults_of(data):
        raise PackError("\n".join(f"city.yaml: {fault}" for fault in faults))
    return editing_rules.rules_from(data)


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
    """Read `uncovered.yaml`: example messages about matters that no entry covers.

    An item is a message, or `{matter: name}`: all messages of that matter in the file that packs share.

    Raises:
        PackError: an item is neither.
    """
    path = pack_folder(city, root) / "uncovered.yaml"
    if not path.is_file():
        return []
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, list):
        raise PackError(f"{path.name} must be a list of example messages, each in quotes.")
    found: list[str] = []
    for item in data:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict) and set(item) == {"matter"}:
            found += _shared_matter(str(item["matter"]))
        else:
            raise PackError(
                f"{path.name}: {item!r} must be an example message in quotes, or {{matter: name}}."
            )
    return found


def uncovered_matters() -> dict[str, list[str]]:
    """Return the example messages that packs share, by matter."""
    data: dict[str, list[str]] = yaml.load(
        UNCOVERED_MATTERS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return data


def _shared_matter(name: str) -> list[str]:
    matters = uncovered_matters()
    if name not in matters:
        raise PackError(
            f"uncovered.yaml: there is no matter {name!r}. There are: {', '.join(matters)}."
        )
    return matters[name]


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
