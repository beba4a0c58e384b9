"""A city's protected questions (`protected.yaml`): what must not be answered worse without somebody saying why.

The file is a table from a message to the id of the entry that is right for it, a list of ids, or `uncovered`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from services_catalog.checks import Fault
from services_catalog.packs import CITIES, PackError, pack_folder
from services_catalog.what_would_change import Question

FILE = "protected.yaml"
UNCOVERED = "uncovered"


def read_protected(city: str, root: Path = CITIES) -> list[Question]:
    """Return a city's protected questions; none where its pack has no such file.

    Raises:
        PackError: the file is not such a table.
    """
    path = pack_folder(city, root) / FILE
    if not path.is_file():
        return []
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as fault:
        raise PackError(f"{FILE}: {fault}") from fault
    if not isinstance(data, dict):
        raise PackError(
            f'{FILE} must be a table: each line is "a message in quotes": entry_id.'
        )
    return [
        Question(str(text), _wanted(text, value), is_protected=True)
        for text, value in data.items()
    ]


def protected_faults(questions: list[Question], ids: Collection[str]) -> Iterator[Fault]:
    """Say which protected questions want entries that there are not.

    Args:
        ids: of the pack's entries.
    """
    for question in questions:
        for id in sorted(question.wanted or ()):
            if id not in ids:
                says = (
                    f"{question.text!r} wants this entry, and there is none: name the one that is right for it now,"
                    f" or write {UNCOVERED}."
                )
                yield Fault(FILE, id, says)


def _wanted(text: object, value: object) -> frozenset[str]:
    if value == UNCOVERED:
        return frozenset()
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(id, str) for id in ids):
        raise PackError(
            f"{FILE}: after {text!r} stands the id of an entry, a list of ids, or {UNCOVERED}."
        )
    return frozenset(ids)
