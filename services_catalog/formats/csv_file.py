"""Entries as a table for bulk edits in a spreadsheet: a row an entry, a column a field. Pure.

Facts and intake questions do not fit in a cell: they stay as they are. A list (other names, examples) has one item a line
in its cell. A table may leave out columns and rows: what is not there is not changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services_catalog.formats.cells import as_it_was, harmless
from services_catalog.model import Catalogue, ServiceEntry, entry_to_dict

FIELDS = (
    "kind", "title", "division", "section", "summary", "sms", "source_url", "last_verified", "review_by", "owner",
)  # fmt: skip
CONTACT = ("phone", "email", "online")
LISTS = ("also_called", "questions", "related")
COLUMNS = ("id", *FIELDS, *CONTACT, *LISTS)


class TableNotRead(ValueError):
    """A table cannot be read; the message says where and what to do."""


def write_csv(entries: Iterable[ServiceEntry]) -> str:
    """Return the entries as a table."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        data = entry_to_dict(entry)
        flat = data | data.get("contact", {})
        writer.writerow([_cell(flat.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def read_csv_edits(text: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the entries that a table names, as plain values with its cells in them.

    Raises:
        TableNotRead: a column is not known, or a row names no entry that there is.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    columns = list(reader.fieldnames or ())
    unknown = [c for c in columns if c not in COLUMNS]
    if "id" not in columns or unknown:
        wrong = f"does not know {', '.join(unknown)}" if unknown else "needs the column id"
        raise TableNotRead(f"The table {wrong}. Its columns may be: {', '.join(COLUMNS)}.")
    edited: dict[str, dict[str, Any]] = {}
    for row in reader:
        where = f"line {reader.line_num}"
        id = (row["id"] or "").strip()
        if id in edited:
            raise TableNotRead(f"{where}: {id!r} is there twice: keep one row.")
        if id not in catalogue.by_id:
            raise TableNotRead(
                f"{where}: there is no entry {id!r}. A new entry needs facts, so write it in the pack."
            )
        if None in row or None in row.values():
            raise TableNotRead(f"{where}: this row has not as many cells as there are columns.")
        edited[id] = _edited(entry_to_dict(catalogue.by_id[id]), row)
    return list(edited.values())


def _edited(data: dict[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    cells = {column: as_it_was(cell).strip() for column, cell in row.items()}
    contact = dict(data.get("contact", {}))
    for column, cell in cells.items():
        if column in FIELDS:
            data[column] = cell
        elif column in CONTACT:
            contact[column] = cell
        elif column in LISTS:
            data[column] = [line.strip() for line in cell.splitlines() if line.strip()]
    data["contact"] = {k: v for k, v in contact.items() if v}
    return {k: v for k, v in data.items() if v not in ("", [], {})}


def _cell(value: str | Sequence[str]) -> str:
    return harmless(value if isinstance(value, str) else "\n".join(value))
