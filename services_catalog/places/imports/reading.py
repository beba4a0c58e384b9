"""Rows of a CSV or GeoJSON file, each with the line it starts at. What cannot be read is said in words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services_catalog.packs import PackError

# The most faults that are told at once.
MOST_TOLD = 20

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
# UTF-8 that was read as Latin-1 and written again ("CafÃ©"), and the sign for a lost letter.
_GARBLED = re.compile("\N{REPLACEMENT CHARACTER}|[ÂÃ][\x80-\xbf]|â€")


@dataclass(frozen=True)
class Record:
    """One row: its values by column, the columns' names in lower case; a GeoJSON's point is `geometry`."""

    line: int
    values: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return a value as text without spaces around it; "None", "null" and "n/a" are empty."""
        value = self.values.get(column)
        text = "" if value is None else " ".join(str(value).split())
        return "" if text.casefold() in {"none", "null", "n/a", "nan"} else text


def refuse(file: str, faults: Sequence[str]) -> PackError:
    """Return the error that names the broken rows of a file; raise it before anything was changed."""
    told = "\n".join(faults[:MOST_TOLD])
    more = (
        f"\n... and {len(faults) - MOST_TOLD} more like these."
        if len(faults) > MOST_TOLD
        else ""
    )
    rows = "1 row is" if len(faults) == 1 else f"{len(faults)} rows are"
    return PackError(f"{file}: {rows} broken, so nothing was changed:\n{told}{more}")


def read_text(path: Path) -> str:
    """Return a file's text, without a byte order mark.

    Raises:
        PackError: there is no such file, or it is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise PackError(f"{path} cannot be read: {fault.strerror}.") from fault
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PackError(f"{path.name} is UTF-16: save it as UTF-8 (in Excel: 'CSV UTF-8').")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise PackError(
            f"{path.name}, line {line}: this is not UTF-8 (the byte {raw[fault.start]:#04x}); often it was saved "
            "as Latin-1 or Windows-1252. Save it as UTF-8 (in Excel: 'CSV UTF-8')."
        ) from fault
    if not text.strip():
        raise PackError(f"{path.name} is empty.")
    return text


def read_records(path: Path) -> list[Record]:
    """Read a `.geojson` or `.json` file as GeoJSON, any other as CSV.

    Raises:
        PackError: it cannot be read; the message says where and why.
    """
    text = read_text(path)
    if path.suffix.lower() in {".geojson", ".json"} or text.lstrip().startswith("{"):
        records = list(_features(text, path.name))
    else:
        records = list(_rows(text, path.name))
    if not records:
        raise PackError(f"{path.name} has no rows.")
    garbled = [
        f"line {r.line}: {value!r} has letters that were garbled when the file was converted: export it again."
        for r in records
        for value in r.values.values()
        if isinstance(value, str) and _GARBLED.search(value)
    ]
    if garbled:
        raise refuse(path.name, garbled)
    return records


def _rows(text: str, name: str) -> Iterator[Record]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[str] = []
    header: list[str] = []
    records: list[Record] = []
    line = 1
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as fault:
            hint = " (is a quote not closed?)" if "unexpected end" in str(fault) else ""
            raise PackError(f"{name}, line {line}: this is not CSV: {fault}{hint}.") from fault
        if not any(c.strip() for c in cells):
            continue
        if not header:
            header = [c.strip().lower() for c in cells]
            double = {c for c in header if c and header.count(c) > 1}
            if double:
                raise PackError(f"{name}: two columns are named {', '.join(sorted(double))}.")
        elif len(cells) != len(header):
            faults.append(
                f"line {line}: it has {len(cells)} cells and the header has {len(header)}."
            )
        else:
            records.append(Record(line, dict(zip(header, cells, strict=True))))
    if faults:
        raise refuse(name, faults)
    yield from records


def _features(text: str, name: str) -> Iterator[Record]:
    try:
        data = json.loads(text)
    except ValueError as fault:
        raise PackError(f"{name}: this is not JSON: {fault}.") from fault
    start = _FEATURES.search(text)
    if not isinstance(data, dict) or not isinstance(data.get("features"), list) or not start:
        raise PackError(
            f"{name} is not a GeoJSON FeatureCollection: it has no list 'features'."
        )
    decoder = json.JSONDecoder()
    at = start.end()
    line, counted = text.count("\n", 0, at) + 1, at
    faults: list[str] = []
    records: list[Record] = []
    for _ in data["features"]:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        line, counted = line + text.count("\n", counted, at), at
        feature, at = decoder.raw_decode(text, at)
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            faults.append(f"line {line}: this is no GeoJSON feature with properties.")
            continue
        values = {str(k).strip().lower(): v for k, v in feature["properties"].items()}
        records.append(Record(line, {**values, "geometry": feature.get("geometry")}))
    if faults:
        raise refuse(name, faults)
    yield from records
