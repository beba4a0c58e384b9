"""How a list is asked for and answered in HSDS: filters, pages, and the whole of it line by line. No web framework here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from services_catalog.formats.values import Object

T = TypeVar("T")

MOST_ON_A_PAGE = 100
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for; pages count from 1."""

    number: int
    size: int

    def envelope(self, items: Sequence[T], write: Callable[[T], Object]) -> Mapping[str, Any]:
        """Return this page of a list, as HSDS wraps it."""
        pages = max(1, -(-len(items) // self.size))
        start = (self.number - 1) * self.size
        contents = [write(item) for item in items[start : start + self.size]]
        return {
            "total_items": len(items),
            "total_pages": pages,
            "page_number": self.number,
            "size": len(contents),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": not contents,
            "contents": contents,
        }


def lines(items: Iterable[T], write: Callable[[T], Object]) -> Iterator[str]:
    """Return a whole list as newline-delimited JSON."""
    for item in items:
        yield json.dumps(write(item), ensure_ascii=False) + "\n"


def holds(words: str, *texts: object) -> bool:
    """Say whether every word, or the beginning of one, stands in the texts, whatever its case."""
    said = _WORD.findall(" ".join(str(t) for t in texts if t).casefold())
    return all(
        any(one.startswith(word) for one in said) for word in _WORD.findall(words.casefold())
    )


def is_since(changed: object, moment: datetime) -> bool:
    """Say whether something changed at that moment or later; what never said when, did not."""
    if not isinstance(changed, str):
        return False
    return datetime.fromisoformat(changed) >= moment


def term_ids(whole: Object) -> set[str]:
    """Return the taxonomy terms that an object is tagged with."""
    return _of_terms(whole, "id")


def taxonomy_ids(whole: Object) -> set[str]:
    """Return the taxonomies of which an object has a term."""
    return _of_terms(whole, "taxonomy_id")


def _of_terms(whole: Object, key: str) -> set[str]:
    attributes = whole.get("attributes", ())
    assert isinstance(attributes, list | tuple)  # noqa: S101 (the directory writes nothing else)
    return {str(a["taxonomy_term"][key]) for a in attributes if "taxonomy_term" in a}
