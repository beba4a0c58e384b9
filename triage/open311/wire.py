"""One document, two formats: JSON and XML as GeoReport v2 and Inquiry v1 want them. Pure.

A document is a root with either fields or items. In JSON the root's name disappears and its items are a bare
list, also where there is only one (the specification's "Spark convention"); what is None is null, in XML an
empty element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

# What no XML 1.0 document may hold, however it is escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What the items of a list are called in XML.
_ITEM = {
    "attributes": "attribute",
    "categories": "category",
    "endpoints": "endpoint",
    "errors": "error",
    "facilities": "facility",
    "features": "feature",
    "formats": "format",
    "notes": "note",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
    "web_actions": "web_action",
}


class Format(StrEnum):
    """How an answer is written: the ending of the address that was asked."""

    JSON = "json"
    XML = "xml"

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        kind = "application/json" if self is Format.JSON else "text/xml"
        return f"{kind}; charset=utf-8"


Value = Mapping[str, Any] | Sequence[Any] | str | bool | int | float | None


@dataclass(frozen=True)
class Document:
    """A root element by its XML name, with its fields or its items."""

    root: str
    content: Mapping[str, Any] | Sequence[Mapping[str, Any]]

    def written_as(self, format: Format) -> bytes:
        """Return the document's bytes in UTF-8."""
        if format is Format.JSON:
            return json.dumps(self.content, ensure_ascii=False).encode()
        root = Element(self.root)
        _fill(root, self.root, self.content)
        body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
        return b'<?xml version="1.0" encoding="utf-8"?>' + body


def _fill(element: Element, name: str, value: Value) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(SubElement(element, key), key, inner)
    elif isinstance(value, str | bool | int | float) or value is None:
        element.text = _text(value)
    else:
        _add_items(element, _ITEM[name], value)


def _add_items(element: Element, name: str, items: Iterable[Any]) -> None:
    for item in items:
        _fill(SubElement(element, name), name, item)


def _text(value: str | bool | int | float | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_XML.sub("\ufffd", str(value))
