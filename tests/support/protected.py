"""Ask an index a pack's protected questions."""

from __future__ import annotations

from services_catalog.packs import load_city
from services_catalog.protected import read_protected
from services_catalog.search.choose import Here
from services_catalog.search.index import SearchIndex
from services_catalog.what_would_change import Worth, ask, worth


def wrongly_answered(index: SearchIndex, city: str) -> dict[str, str]:
    """Return the protected questions that do not get what they should, with what they get."""
    known = load_city(city)
    here = Here(known.name, known.elsewhere)
    wrong = {}
    for question in read_protected(city):
        said = ask(index, question.text, here)
        if worth(said, question.wanted or frozenset()) < Worth.RIGHT:
            wrong[question.text] = str(said)
    return wrong
