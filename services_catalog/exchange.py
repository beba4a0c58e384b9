"""Entries from a file into a plan, and from the database into a file: YAML, CSV or HSDS JSON, by the file's ending."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from services_catalog import store
from services_catalog.checks import check_entries
from services_catalog.database import read_only
from services_catalog.formats.csv_file import TableNotRead, read_csv_edits, write_csv
from services_catalog.formats.hsds_file import DocumentNotRead, read_hsds, write_hsds
from services_catalog.model import Catalogue, entry_from_dict, entry_to_dict
from services_catalog.packs import CITIES, PackError, load_city
from services_catalog.transfer import Plan, compare

FORMATS = ("yaml", "csv", "hsds")
_BY_ENDING = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".json": "hsds"}


def plan_file(
    engine: Engine, city: str, path: Path, *, retires: bool = False, root: Path = CITIES
) -> Plan:
    """Compare a file's entries with what the database holds.

    Args:
        retires: whether entries that the file does not have are to go; else they stay as they are.

    Raises:
        PackError: the file cannot be read, or its entries have faults; nothing was changed.
    """
    now = store.load(engine, city)
    written = read_file(path, now)
    stays = [] if retires else [entry_to_dict(e) for e in now.entries]
    ids = {data.get("id") for data in written}
    all_of_them = [*((path.name, data) for data in written)] + [
        (f"{city}, as it stands", data) for data in stays if data["id"] not in ids
    ]
    faults = [f for f in check_entries(all_of_them, load_city(city, root).safety) if f.stops]
    if faults:
        raise PackError("The file has faults:\n" + "\n".join(map(str, faults)))
    return compare(now, [entry_from_dict(data) for _, data in all_of_them], list(now.uncovered))


def read_file(path: Path, now: Catalogue) -> list[dict[str, Any]]:
    """Return a file's entries as plain values, not yet known to be right.

    Args:
        now: the catalogue as it stands; a table changes its entries.

    Raises:
        PackError: the file is in none of the forms, or not as its form wants it.
    """
    format = _BY_ENDING.get(path.suffix.lower())
    if format is None:
        raise PackError(f"{path.name}: its ending must be one of {', '.join(_BY_ENDING)}.")
    try:
        text = path.read_text(encoding="utf-8")
        if format == "csv":
            return read_csv_edits(text, now)
        if format == "hsds":
            return read_hsds(json.loads(text))
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as fault:
        raise PackError(f"{path.name} is not UTF-8: save it as UTF-8.") from fault
    except (yaml.YAMLError, json.JSONDecodeError, TableNotRead, DocumentNotRead) as fault:
        raise PackError(f"{path.name}: {fault}") from fault
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise PackError(f"{path.name} must be a list of entries, each starting with '- id:'.")
    return data


def write(engine: Engine, city: str, format: str) -> str:
    """Return the database's entries in a form of `FORMATS`."""
    with read_only(engine).begin() as connection:
        catalogue = store.load_in(connection, city)
        modified = store.changed_in(connection, city)
    if format == "csv":
        return write_csv(catalogue.entries)
    if format == "hsds":
        document = write_hsds(load_city(city), catalogue, modified)
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return as_yaml([entry_to_dict(e) for e in catalogue.entries])


def as_yaml(entries: list[dict[str, Any]]) -> str:
    """Return entries as a pack's file has them."""
    text: str = yaml.dump(
        entries, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110
    )
    return text
