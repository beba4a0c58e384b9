"""What every object of a directory is made of: ids, contact numbers, and fields only where something is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import NAMESPACE_DNS, UUID, uuid5

_NUMBER = re.compile(r"\+?\d(?:[\d\-. ]*\d)?")

Object = dict[str, object]
VERSION = "3.1"  # of HSDS


class Ids:
    """The HSDS ids of one city."""

    def __init__(self, jurisdiction_id: str) -> None:
        self._namespace: UUID = uuid5(NAMESPACE_DNS, jurisdiction_id)

    def of(self, kind: str, *names: object) -> str:
        """Return the id of something of a kind that we know by these names."""
        return str(uuid5(self._namespace, "/".join((kind, *map(str, names)))))


def lean(whole: Object) -> Object:
    """Return an object as a list shows it: with the fields that belong to it alone."""
    return {k: v for k, v in whole.items() if not isinstance(v, list | dict)}


def phones_in(text: str) -> list[tuple[str, str]]:
    """Return the numbers in a contact line ("416-395-0490 (events); 311"), each with what is said about it."""
    found = []
    for part in re.split(r";|/| or ", text):
        number = _NUMBER.search(part)
        if number:
            said = (part[: number.start()] + part[number.end() :]).strip(" ,()")
            found.append((number.group(), re.sub(r"\)|\(", "", said)))
    return found


def by_id(objects: Iterable[Object]) -> dict[str, Object]:
    """Return objects by their ids; of several with one id, the last."""
    return {str(one["id"]): one for one in objects}


def filled(one: Object) -> Object:
    """Return an object without the fields of which nothing is known."""
    return {k: v for k, v in one.items() if v not in ("", [])}


def phones(ids: Ids, owner: str, owner_id: str, text: str) -> list[Object]:
    """Return the numbers in a contact line as phones of an owner (`owner` is the field that names it)."""
    return [
        filled(
            {
                "id": ids.of("phone", owner_id, n),
                owner: owner_id,
                "number": number,
                "description": said,
            }
        )
        for n, (number, said) in enumerate(phones_in(text))
    ]


def tags(ids: Ids, entity: str, owner: str, terms: Iterable[Object]) -> list[Object]:
    """Return the attributes that tag an owner of a kind (`entity`) with these terms."""
    return [
        {
            "id": ids.of("attribute", owner, term["id"]),
            "link_id": owner,
            "link_entity": entity,
            "taxonomy_term_id": term["id"],
            "taxonomy_term": term,
        }
        for term in terms
    ]
