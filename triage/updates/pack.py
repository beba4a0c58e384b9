"""Read a pack's `updates.yaml`: the quiet hours and the words in which news are told. What it leaves out is ours.

quiet_hours: 21:00-8:00       # or none
words:
  reopened: It is open again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from services_catalog.packs import CITIES, PackError, pack_folder
from triage.kit.quiet import QuietHours, read_quiet_hours
from triage.updates.wording import ALWAYS, FILLED_WITH, Words

FILE = "updates.yaml"
QUIET_HOURS = "21:00-8:00"
_OURS = Words()


@dataclass(frozen=True)
class UpdateRules:
    """How a city tells its residents."""

    quiet: QuietHours | None
    words: Words


def load_update_rules(city: str, root: Path = CITIES) -> UpdateRules:
    """Read a city's rules; ours where its pack has none.

    Raises:
        PackError: something in them cannot be read.
    """
    path = pack_folder(city, root) / FILE
    return read_update_rules(path.read_text(encoding="utf-8") if path.is_file() else "")


def read_update_rules(text: str) -> UpdateRules:
    """Read the text of an `updates.yaml`.

    Raises:
        PackError: something in it cannot be read.
    """
    try:
        data = yaml.safe_load(text) or {}
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise PackError(f"{FILE}, line {line}: this is not YAML ({fault.problem}).") from None
    _only(data, ("quiet_hours", "words"))
    try:
        # In quotes or not: YAML reads 21:00-8:00 as a text.
        quiet = read_quiet_hours(str(data.get("quiet_hours", QUIET_HOURS)))
    except ValueError as fault:
        raise PackError(f"{FILE}: {fault}.") from None
    words = data.get("words") or {}
    _only(words, Words.names())
    for name, template in words.items():
        _is_fillable(name, template)
    return UpdateRules(
        quiet, replace(_OURS, **{name: " ".join(w.split()) for name, w in words.items()})
    )


def _only(data: Any, known: tuple[str, ...]) -> None:
    if not isinstance(data, dict):
        raise PackError(f"{FILE}: write 'name: value' lines.")
    for name in data:
        if name not in known:
            raise PackError(
                f"{FILE}: {name!r} is not known here; there are: {', '.join(known)}."
            )


def _is_fillable(name: str, template: Any) -> None:
    if not isinstance(template, str) or not template.strip():
        raise PackError(f"{FILE}: {name!r} must be a text.")
    known = (*ALWAYS, *FILLED_WITH.get(name, ()))
    try:
        used = [field for _, field, _, _ in Formatter().parse(template) if field is not None]
    except ValueError as fault:
        raise PackError(f"{FILE}: {name!r}: {fault}.") from None
    for field in used:
        if field not in known:
            raise PackError(
                f"{FILE}: {name!r} cannot be filled with {{{field}}}; there are: {', '.join(known)}."
            )
