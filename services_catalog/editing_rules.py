"""How a city wants its entries edited (`editing` in city.yaml): whose changes a second person looks at before they go out.

Pure: plain values in, rules out, or what is wrong with them in a maintainer's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services_catalog.model import Kind

ALL, NONE = "all", "none"


@dataclass(frozen=True)
class EditingRules:
    """Whose changes a second person looks at.

    Attributes:
        divisions: as they stand in an entry's `division`, or in a part of it.
    """

    all_entries: bool = False
    kinds: frozenset[Kind] = frozenset()
    divisions: tuple[str, ...] = ()

    def wants_second(self, entry: Mapping[str, Any]) -> bool:
        """Say whether changes of an entry, given as plain values, are looked at by a second person."""
        division = str(entry.get("division", "")).casefold()
        return (
            self.all_entries
            or entry.get("kind") in self.kinds
            or any(named.casefold() in division for named in self.divisions)
        )


def rules_from(data: Any) -> EditingRules:
    """Return the rules that a pack describes; `faults_of` should have found nothing. Nothing written: none wanted."""
    wanted = (data or {}).get("second_person", NONE)
    if isinstance(wanted, str):
        return EditingRules(all_entries=wanted == ALL)
    return EditingRules(
        kinds=frozenset(Kind(kind) for kind in wanted.get("kinds", ())),
        divisions=tuple(wanted.get("divisions", ())),
    )


def faults_of(data: Any) -> list[str]:
    """Say what is wrong with a pack's `editing`, each in a sentence that says what to do."""
    if data is None:
        return []
    if not isinstance(data, Mapping):
        return ["editing must hold named values: second_person."]
    faults = [f"editing/{key} is not a name we know." for key in data if key != "second_person"]
    wanted = data.get("second_person", NONE)
    if isinstance(wanted, str):
        if wanted not in (ALL, NONE):
            faults.append(
                f"editing/second_person is {ALL}, {NONE}, or names kinds and divisions."
            )
        return faults
    if not isinstance(wanted, Mapping) or not set(wanted) <= {"kinds", "divisions"}:
        return [*faults, "editing/second_person names kinds and divisions, each a list."]
    for key in ("kinds", "divisions"):
        listed = wanted.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            faults.append(f"editing/second_person/{key} must be a list of texts.")
        elif key == "kinds" and (unknown := set(listed) - set(Kind)):
            faults.append(
                f"editing/second_person/kinds: {', '.join(sorted(unknown))} is none of "
                f"{', '.join(Kind)}."
            )
    return faults
