"""An entry's names as maintainers read them, and its values as lines that can be read and compared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# In the order in which they are edited and shown.
FIELDS: Mapping[str, str] = {
    "title": "Title",
    "kind": "Kind",
    "summary": "Answer on the web",
    "sms": "Answer by text message",
    "facts": "Facts",
    "contact": "Contact",
    "division": "Division",
    "section": "Section",
    "referral": "Whose job it is",
    "also_called": "Also called",
    "questions": "Example questions",
    "confused_with": "Mixed up with",
    "related": "Related entries",
    "request": "What a report needs",
    "source_url": "Source",
    "last_verified": "Last checked",
    "review_by": "Review by",
    "owner": "Owner",
    "languages": "Languages",
}


def lines_of(name: str, value: Any) -> list[str]:
    """Return a value as lines; none where there is no value."""
    if value in (None, "", [], {}):
        return []
    shape = _SHAPES.get(name)
    if shape:
        return shape(value)
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _facts(facts: Any) -> list[str]:
    return [_fact(fact) for fact in facts]


def _fact(fact: Mapping[str, Any]) -> str:
    notes = [str(fact[key]) for key in ("source", "as_of") if fact.get(key)]
    if fact.get("unverified"):
        notes.append("not verified")
    age = f" [{', '.join(notes)}]" if notes else ""
    return f"{fact.get('field', '?')}: {fact.get('text', '')}{age}"


def _named(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in values.items() if value]


def _confusions(confusions: Any) -> list[str]:
    return [
        f'{c.get("id")}: "{c.get("ask")}" this: "{c.get("this")}", other: "{c.get("other")}"'
        for c in confusions
    ]


def _request(request: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, value in request.items():
        if name == "attributes":
            continue
        if name == "standard" and value:
            value = ", ".join(_named(value))
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        lines.append(f"{name.replace('_', ' ')}: {value}")
    for attribute in request.get("attributes") or ():
        lines += _question(attribute)
    return lines


def _question(attribute: Mapping[str, Any]) -> list[str]:
    notes = [str(attribute.get("datatype", "?"))]
    if attribute.get("required") is False:
        notes.append("may be left out")
    for code, keys in (attribute.get("only_if") or {}).items():
        listed = keys if isinstance(keys, str) else ", ".join(map(str, keys))
        notes.append(f"only if {code} is {listed}")
    help_ = attribute.get("datatype_description")
    lines = [
        f"{attribute.get('code', '?')}: {attribute.get('description', '')} ({'; '.join(notes)})"
    ]
    if help_:
        lines.append(f"{attribute.get('code')}, help: {help_}")
    for value in attribute.get("values") or ():
        lines.append(f"{attribute.get('code')}, answer {_value(value)}")
    return lines


def _value(value: Mapping[str, Any]) -> str:
    words = ", ".join(map(str, value.get("words") or ()))
    told = [f"words: {words}"] if words else []
    told += [
        f"{key}: {value[key]}" for key in ("referral", "instead", "danger") if value.get(key)
    ]
    more = f" ({'; '.join(told)})" if told else ""
    return f"{value.get('key')}: {value.get('name')}{more}"


_SHAPES: Mapping[str, Callable[[Any], list[str]]] = {
    "facts": _facts,
    "contact": _named,
    "referral": _named,
    "confused_with": _confusions,
    "request": _request,
}
