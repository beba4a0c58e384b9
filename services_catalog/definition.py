"""What a report needs: an entry's own questions, in the words of an Open311 service definition. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Datatype(StrEnum):
    """What kind of answer a question wants: Open311's datatypes, with two that residents know better."""

    STRING = "string"  # one line
    TEXT = "text"  # as many words as it takes
    NUMBER = "number"
    DATETIME = "datetime"  # a day, perhaps with an hour
    SINGLEVALUELIST = "singlevaluelist"  # one of the values
    MULTIVALUELIST = "multivaluelist"  # any number of the values, at least one
    YES_NO = "yes_no"  # on the wire a singlevaluelist of "yes" and "no"
    PHOTO = "photo"  # on the wire the request's media, not an attribute

    @property
    def is_list(self) -> bool:
        """Say whether only certain values can be answered."""
        return self in (Datatype.SINGLEVALUELIST, Datatype.MULTIVALUELIST, Datatype.YES_NO)


class LocationRule(StrEnum):
    """Whether a report says where."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class StandardUnit(StrEnum):
    """What a service standard counts in."""

    HOURS = "hours"
    DAYS = "days"  # of the calendar
    WORKING_DAYS = "working_days"


@dataclass(frozen=True)
class AttributeValue:
    """One of the answers to choose from."""

    key: str
    name: str  # as the resident reads it
    # Other words that mean this answer; each is a word or a phrase, looked for in what the resident writes.
    words: tuple[str, ...] = ()
    # Said instead of going on, where this answer means that it is not the City's job: whose it is and how to
    # reach them. No case is opened.
    referral: str = ""
    # The entry that this answer makes it a matter of.
    instead: str = ""
    # The kind of danger whose safety text (city.yaml) stops the report.
    danger: str = ""

    @property
    def ends(self) -> bool:
        """Say whether this answer ends the report of the entry."""
        return bool(self.referral or self.instead or self.danger)


YES_AND_NO = (AttributeValue("yes", "Yes"), AttributeValue("no", "No"))


@dataclass(frozen=True)
class Attribute:
    """One question of an entry to whoever reports."""

    code: str
    description: str  # the question itself, as it is put to the resident
    datatype: Datatype
    required: bool = True
    values: tuple[AttributeValue, ...] = ()
    # Asked only if an earlier question was answered with one of these keys: {code: keys}.
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What helps to answer, said when an answer was not understood.
    datatype_description: str = ""

    def __post_init__(self) -> None:
        if self.datatype is Datatype.YES_NO and not self.values:
            object.__setattr__(self, "values", YES_AND_NO)

    @property
    def value_by_key(self) -> dict[str, AttributeValue]:
        """The values by their key."""
        return {v.key: v for v in self.values}

    def applies(self, answers: Mapping[str, Any]) -> bool:
        """Say whether the question is to be put, given the answers so far by code."""
        return all(
            any(key in keys for key in _keys(answers.get(code)))
            for code, keys in self.only_if.items()
        )


@dataclass(frozen=True)
class ServiceStandard:
    """How soon the City says it acts, and where that was read."""

    amount: int
    unit: StandardUnit
    source: str = ""
    as_of: str = ""
    unverified: bool = False


@dataclass(frozen=True)
class ServiceDefinition:
    """What a report of an entry consists of."""

    attributes: tuple[Attribute, ...] = ()
    location: LocationRule = LocationRule.REQUIRED
    location_question: str = ""  # empty: the general one
    anonymous: bool = True  # may be sent without any way to reach the resident
    standard: ServiceStandard | None = None
    # Open reports of the same service within so many metres are offered to join; 0: each stands for itself.
    join_within: int = 0
    # Whether public feeds show where it is and what was chosen from lists: only of things in public space. What is
    # about a person or a home is shown with its ward alone.
    public: bool = False
    # What the City's own system calls such requests.
    request_types: tuple[str, ...] = ()

    @property
    def by_code(self) -> dict[str, Attribute]:
        """The questions by their code."""
        return {a.code: a for a in self.attributes}

    @property
    def deciding(self) -> int:
        """How many of the questions decide whose job it is: where is asked after those, so that nobody gives an address
        for nothing, and before the others."""
        ends = [n for n, a in enumerate(self.attributes, 1) if any(v.ends for v in a.values)]
        return ends[-1] if ends else 0

    def missing(self, answers: Mapping[str, Any]) -> list[Attribute]:
        """Return the required questions that apply and have no answer yet, in order."""
        return [
            a
            for a in self.attributes
            if a.required and a.applies(answers) and answers.get(a.code) in (None, "", [], ())
        ]


def definition_to_dict(definition: ServiceDefinition) -> dict[str, Any]:
    """Return plain values in the words and order of a pack's file."""
    standard = definition.standard
    data: dict[str, Any] = {
        "location": definition.location.value,
        "location_question": definition.location_question,
        "anonymous": definition.anonymous,
        "standard": _lean(
            {
                "amount": standard.amount,
                "unit": standard.unit.value,
                "source": standard.source,
                "as_of": standard.as_of,
                "unverified": standard.unverified,
            }
        )
        if standard
        else None,
        "join_within": definition.join_within,
        "public": definition.public or None,
        "request_types": list(definition.request_types),
        "attributes": [_attribute_to_dict(a) for a in definition.attributes],
    }
    return {k: v for k, v in data.items() if v not in (None, "", [], 0) or v is False}


def _attribute_to_dict(attribute: Attribute) -> dict[str, Any]:
    is_yes_no = attribute.datatype is Datatype.YES_NO and attribute.values == YES_AND_NO
    data = {
        "code": attribute.code,
        "description": attribute.description,
        "datatype": attribute.datatype.value,
        "values": [] if is_yes_no else [_value_to_dict(v) for v in attribute.values],
        "only_if": {code: list(keys) for code, keys in attribute.only_if.items()},
        "datatype_description": attribute.datatype_description,
    }
    return _lean(data) | ({} if attribute.required else {"required": False})


def _value_to_dict(value: AttributeValue) -> dict[str, Any]:
    return _lean(
        {
            "key": value.key,
            "name": value.name,
            "words": list(value.words),
            "referral": value.referral,
            "instead": value.instead,
            "danger": value.danger,
        }
    )


def definition_from_dict(data: Mapping[str, Any]) -> ServiceDefinition:
    """Build a definition from plain values as `definition_to_dict` gives them.

    Raises:
        KeyError, ValueError, TypeError: a value is missing or not of its kind; `checks.py` says so in words.
    """
    standard = data.get("standard")
    return ServiceDefinition(
        attributes=tuple(_attribute_from_dict(a) for a in data.get("attributes") or ()),
        location=LocationRule(data.get("location", LocationRule.REQUIRED)),
        location_question=_line(data.get("location_question", "")),
        anonymous=bool(data.get("anonymous", True)),
        standard=ServiceStandard(
            int(standard["amount"]),
            StandardUnit(standard["unit"]),
            standard.get("source", ""),
            str(standard.get("as_of", "")),
            bool(standard.get("unverified", False)),
        )
        if standard
        else None,
        join_within=int(data.get("join_within", 0)),
        public=bool(data.get("public", False)),
        request_types=tuple(data.get("request_types") or ()),
    )


def _attribute_from_dict(data: Mapping[str, Any]) -> Attribute:
    datatype = Datatype(data["datatype"])
    values = tuple(_value_from_dict(v) for v in data.get("values") or ())
    if datatype is Datatype.YES_NO:
        # What a maintainer says of "yes" or "no" stands in the place of the plain answer.
        told = {v.key: v for v in values}
        values = tuple(told.get(v.key, v) for v in YES_AND_NO)
    return Attribute(
        code=data["code"],
        description=_line(data["description"]),
        datatype=datatype,
        required=bool(data.get("required", True)),
        values=values,
        only_if={
            code: (keys,) if isinstance(keys, str) else tuple(keys)
            for code, keys in (data.get("only_if") or {}).items()
        },
        datatype_description=_line(data.get("datatype_description", "")),
    )


def _value_from_dict(data: Mapping[str, Any]) -> AttributeValue:
    return AttributeValue(
        key=str(data["key"]),
        name=_line(data["name"]),
        words=tuple(data.get("words") or ()),
        referral=_line(data.get("referral", "")),
        instead=data.get("instead", ""),
        danger=data.get("danger", ""),
    )


def _keys(answer: Any) -> tuple[str, ...]:
    if answer is None:
        return ()
    return tuple(map(str, answer)) if isinstance(answer, list | tuple) else (str(answer),)


def _line(text: str) -> str:
    return " ".join(text.split())


def _lean(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v not in ("", [], {}, False, None)}
