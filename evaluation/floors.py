"""The floors beneath which a figure fails CI (floors.json), and whether figures keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "floors.json"


def read_floors() -> dict[str, Any]:
    """Return the floors of answers, and under "locations" those of locations: "at least" and "at most", by figure."""
    floors: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return floors


def compare_with_floors(found: Mapping[str, float], floors: Mapping[str, Any]) -> int:
    """Print which figures are beneath their floors; return 1 if any is, else 0."""
    beneath = [
        f"{name}: {found[name]:.1%}, at {word} {limit:.1%} is promised"
        for word, better in (("least", 1), ("most", -1))
        for name, limit in floors[f"at {word}"].items()
        if (found[name] - limit) * better < 0
    ]
    print("\n" + ("\n".join(beneath) if beneath else "Every figure keeps its floor."))
    return 1 if beneath else 0
