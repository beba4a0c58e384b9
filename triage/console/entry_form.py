"""An entry as a form sends it, read into plain values as the catalogue has them. Pure.

Nothing is judged here: what was typed is kept, right or not, and `services_catalog/checks.py` says what is wrong. A row that was
left empty is no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from services_catalog.definition import Datatype
from services_catalog.model import Kind

# Empty rows to write in, below those that there are.
SPARE_ROWS = 2
SPARE_VALUES = 2
LONGEST_FIELD = 20_000

Fields = Iterable[tuple[str, str]]

_LINES = ("also_called", "questions", "related")
_SINGLE = (
    "kind", "title", "division", "section", "summary", "sms", "source_url", "last_verified", "review_by",
    "owner",
)  # fmt: skip
_NAME = re.compile(r"(\w+)\.(\d+)\.(\w+)")
_VALUE_NAME = re.compile(r"ask\.(\d+)\.value\.(\d+)\.(\w+)")


def words_read(fields: Fields, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft's content with what the form of the words has in it; the rest stays."""
    typed = _typed(fields)
    values: dict[str, Any] = {name: _line(typed.get(name, "")) for name in _SINGLE}
    values |= {name: _lines(typed.get(name, "")) for name in _LINES}
    values["contact"] = _lean(
        {key: _line(typed.get(f"contact.{key}", "")) for key in ("phone", "email", "online")}
    )
    if values["kind"] == Kind.REFERRAL:
        values["referral"] = _lean(
            {key: _line(typed.get(f"referral.{key}", "")) for key in ("body", "reach")}
        )
    else:
        values["referral"] = {}
    values["facts"] = [
        _fact(row) for row in _rows(typed, "fact") if row.get("text", "").strip()
    ]
    values["confused_with"] = [
        {key: _line(row.get(key, "")) for key in ("id", "ask", "this", "other")}
        for row in _rows(typed, "confused")
        if any(row.get(key, "").strip() for key in ("id", "ask", "this", "other"))
    ]
    return _lean({**content, **values})


def questions_read(fields: Fields, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft's content with what the form of the intake questions has in it; the rest stays."""
    typed = _typed(fields)
    if "reportable" not in typed:
        return _lean({**content, "request": {}})
    rows = _rows(typed, "ask")
    values = _values(typed)
    asked = [
        (_place(row.get("place", ""), number), _attribute(row, values.get(number, [])))
        for number, row in rows.numbered
        if any(row.get(key, "").strip() for key in ("code", "description"))
    ]
    standard = _lean(
        {
            "amount": _number(typed.get("standard.amount", "")),
            "unit": _line(typed.get("standard.unit", "")),
            "source": _line(typed.get("standard.source", "")),
            "as_of": _line(typed.get("standard.as_of", "")),
            "unverified": "standard.unverified" in typed,
        }
    )
    request: dict[str, Any] = {
        "location": _line(typed.get("location", "")),
        "location_question": _line(typed.get("location_question", "")),
        "anonymous": "anonymous" in typed,
        # A unit alone is what the list shows where nothing was chosen.
        "standard": standard if set(standard) - {"unit"} else {},
        "join_within": _number(typed.get("join_within", "")),
        "public": "public" in typed,
        "request_types": _lines(typed.get("request_types", "")),
        "attributes": [attribute for _, attribute in sorted(asked, key=lambda pair: pair[0])],
    }
    # Not anonymous is said; the other names are left out where they say nothing.
    kept = {k: v for k, v in request.items() if v not in ("", [], {}, 0, False, None)}
    return _lean({**content, "request": kept | {"anonymous": request["anonymous"]}})


class _Rows(list[dict[str, str]]):
    """Rows of a form in their order, and under their numbers."""

    def __init__(self, numbered: list[tuple[int, dict[str, str]]]) -> None:
        super().__init__(row for _, row in numbered)
        self.numbered = numbered


def _rows(typed: Mapping[str, str], name: str) -> _Rows:
    found: dict[int, dict[str, str]] = {}
    for key, value in typed.items():
        match = _NAME.fullmatch(key)
        if match and match[1] == name:
            found.setdefault(int(match[2]), {})[match[3]] = value
    return _Rows(sorted(found.items()))


def _values(typed: Mapping[str, str]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, dict[int, dict[str, str]]] = {}
    for key, value in typed.items():
        if match := _VALUE_NAME.fullmatch(key):
            found.setdefault(int(match[1]), {}).setdefault(int(match[2]), {})[match[3]] = value
    return {
        asked: [
            _value(row)
            for _, row in sorted(rows.items())
            if any(v.strip() for v in row.values())
        ]
        for asked, rows in found.items()
    }


def _fact(row: Mapping[str, str]) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "field": _line(row.get("field", "")),
        "text": _line(row.get("text", "")),
        "source": _line(row.get("source", "")),
        "as_of": _line(row.get("as_of", "")),
    }
    if "unverified" in row:
        fact["unverified"] = True
    return {k: v for k, v in fact.items() if v != ""}


def _attribute(row: Mapping[str, str], values: list[dict[str, Any]]) -> dict[str, Any]:
    datatype = _line(row.get("datatype", ""))
    if datatype == Datatype.YES_NO and not any(set(v) - {"key", "name"} for v in values):
        # The plain answers need not be written.
        values = []
    attribute = _lean(
        {
            "code": _line(row.get("code", "")),
            "description": _line(row.get("description", "")),
            "datatype": datatype,
            "values": values,
            "only_if": _conditions(row.get("only_if", "")),
            "datatype_description": _line(row.get("help", "")),
        }
    )
    return attribute | ({} if "required" in row else {"required": False})


def _value(row: Mapping[str, str]) -> dict[str, Any]:
    words = [" ".join(w.split()) for w in row.get("words", "").split(",") if w.strip()]
    return _lean(
        {
            "key": _line(row.get("key", "")),
            "name": _line(row.get("name", "")),
            "words": words,
            "referral": _line(row.get("referral", "")),
            "instead": _line(row.get("instead", "")),
            "danger": _line(row.get("danger", "")),
        }
    )


def _conditions(text: str) -> dict[str, list[str]]:
    """Read "issue: unsafe, broken", one question a line."""
    found = {}
    for line in _lines(text):
        code, _, keys = line.partition(":")
        found[code.strip()] = [key.strip() for key in keys.split(",") if key.strip()]
    return found


def _typed(fields: Fields) -> dict[str, str]:
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _number(text: str) -> int | str:
    """Return a whole number; what is none as it was typed, so that the check can say so."""
    text = text.strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) else text


def _place(text: str, otherwise: int) -> tuple[float, int]:
    try:
        return float(text), otherwise
    except ValueError:
        return otherwise + 1.0, otherwise


def _lean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v not in ("", [], {}, None) and v is not False}
