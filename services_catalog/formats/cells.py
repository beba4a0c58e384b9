"""Cells of a table that a spreadsheet opens: none of them can act as a formula there. Pure."""

from __future__ import annotations

import re

# A cell that begins so is read as a formula, or breaks out of its cell (OWASP, "CSV injection").
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    acts = cell.startswith(_ACTS) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if acts else cell


def as_it_was(cell: str) -> str:
    """Return what `harmless` made such a cell of."""
    is_guarded = cell.startswith("'") and cell[1:].startswith(_ACTS)
    return cell[1:] if is_guarded else cell
