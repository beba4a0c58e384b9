"""What is wrong with an entry's `request:`, in words a maintainer understands. Pure: plain values in, faults out.

Every fault stops an import: with it, a resident could not be asked, or would be asked what no division needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from services_catalog.definition import Datatype, LocationRule, StandardUnit

LONGEST_QUESTION = 140
LONGEST_VALUE_NAME = 60
FARTHEST_TO_JOIN = 500  # metres

_CODE = re.compile(r"[a-z0-9_]+")
# Location and contact are asked by the line itself, in one way for every entry.
_ASKED_BY_THE_LINE = frozenset(
    {"address", "location", "postal_code", "contact", "phone", "email", "name", "name_phone"}
)
_ASKS_FOR_CONTACT = re.compile(
    r"\bwhat(?:'s| is| are) your (?:full )?(?:name|phone|number|e-?mail|contact|address)\b"
    r"|\b(?:reach|contact) you\b|\byour (?:phone number|e-?mail)\b",
    re.IGNORECASE,
)
# A telephone number, a web or email address, or where to call.
_SAYS_HOW_TO_REACH = re.compile(r"\d{3}|\bcall\b|@|\b[\w-]+\.(?:ca|com|org)\b", re.IGNORECASE)
# Carriers act on these words by themselves, so no text may ask a resident to send one.
RESERVED_ASKED_FOR = re.compile(
    r"\b(?:reply|text|send|answer|type)\s+(?:with\s+)?[\"']?"
    r"(?:yes|help|info|cancel|end|quit|stop|start|unstop|arret)\b",
    re.IGNORECASE,
)
# These would end or interrupt a text conversation if they were sent as an answer.
_RESERVED_NAME = re.compile(r"help|info|cancel|end|quit|stop|start|unstop|arret", re.IGNORECASE)

_REQUEST_KEYS = (
    "location", "location_question", "anonymous", "standard", "join_within", "public", "request_types",
    "attributes",
)  # fmt: skip
_ATTRIBUTE_KEYS = (
    "code", "description", "datatype", "required", "values", "only_if", "datatype_description",
)  # fmt: skip
_VALUE_KEYS = ("key", "name", "words", "referral", "instead", "danger")
_STANDARD_KEYS = ("amount", "unit", "source", "as_of", "unverified")
# With one of these an answer ends the report: no further question is put.
_ENDINGS = ("referral", "instead", "danger")


@dataclass(frozen=True)
class Known:
    """What a definition may name: the pack's entries, and the kinds of danger (None where no city is known)."""

    entries: Collection[str]
    dangers: Collection[str] | None = None


def definition_faults(request: Any, *, entry: str, known: Known) -> Iterator[str]:
    """Say what is wrong with the `request:` of an entry, as it was written."""
    if not isinstance(request, dict):
        yield "'request' must hold named values: location, attributes and so on."
        return
    yield from _names("request", request, _REQUEST_KEYS)
    yield from _head(request)
    yield from _standard(request.get("standard"))
    attributes = request.get("attributes") or []
    if not isinstance(attributes, list) or not all(isinstance(a, dict) for a in attributes):
        yield "'attributes' must be a list of questions, each starting with '- code:'."
        return
    for code, count in Counter(str(a.get("code")) for a in attributes).items():
        if count > 1:
            yield f"the code {code!r} is used by {count} questions: codes are unique."
    for number, attribute in enumerate(attributes, 1):
        at = f"question {attribute.get('code', number)!r}"
        for says in (
            *_names(at, attribute, _ATTRIBUTE_KEYS),
            *_question(attribute),
            *_values(attribute, entry, known),
            *_only_if(attribute, attributes[: number - 1]),
        ):
            yield says if says.startswith(at) else f"{at}: {says}"


def _head(request: Mapping[str, Any]) -> Iterator[str]:
    location = request.get("location", LocationRule.REQUIRED)
    asked = request.get("location_question", "")
    if location not in set(LocationRule):
        yield f"location is {location!r}; choose one of {', '.join(LocationRule)}."
    if not isinstance(asked, str):
        yield "'location_question' must be a text."
    elif asked:
        yield from (f"location_question: {says}" for says in _wording(asked))
    if location == LocationRule.NONE and asked:
        yield "has a location_question, but asks for no location: drop one of them."
    for key in ("anonymous", "public"):
        if not isinstance(request.get(key, True), bool):
            yield f"{key!r} is true or false."
    join = request.get("join_within", 0)
    if not _is_whole(join) or not 0 <= join <= FARTHEST_TO_JOIN:
        yield f"join_within is {join!r}; it is metres, a whole number from 0 to {FARTHEST_TO_JOIN}."
    elif join and location == LocationRule.NONE:
        yield "has join_within, but asks for no location: drop one of them."
    types = request.get("request_types") or []
    if not _is_texts(types):
        yield "'request_types' must be a list of texts."


def _standard(standard: Any) -> Iterator[str]:
    if standard is None:
        return
    if not isinstance(standard, dict):
        yield "'standard' must hold amount and unit."
        return
    yield from _names("standard", standard, _STANDARD_KEYS)
    amount: Any = standard.get("amount")
    unit = standard.get("unit")
    if not _is_whole(amount) or amount < 1:
        yield f"the standard's amount is {amount!r}; it is a whole number from 1."
    if unit not in set(StandardUnit):
        yield f"the standard's unit is {unit!r}; choose one of {', '.join(StandardUnit)}."
    if not standard.get("source") and standard.get("unverified") is not True:
        yield "the standard names no source: add one, or mark it 'unverified: true'."


def _question(attribute: Mapping[str, Any]) -> Iterator[str]:
    code, datatype = attribute.get("code"), attribute.get("datatype")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        yield "a code has small letters, digits and underscores only."
    elif code in _ASKED_BY_THE_LINE:
        yield "location and contact are asked by the line itself: drop this question."
    if datatype not in set(Datatype):
        yield f"datatype is {datatype!r}; choose one of {', '.join(Datatype)}."
    description = attribute.get("description")
    if not isinstance(description, str) or not description.strip():
        yield "'description', the question itself, is missing: add it."
    else:
        yield from _wording(description)
        if _ASKS_FOR_CONTACT.search(description):
            yield "location and contact are asked by the line itself: drop or reword this question."
    more = attribute.get("datatype_description", "")
    if not isinstance(more, str):
        yield "'datatype_description' must be a text."
    elif RESERVED_ASKED_FOR.search(more):
        yield "asks for a word that carriers act on (STOP, YES, HELP...)."
    if not isinstance(attribute.get("required", True), bool):
        yield "'required' is true or false."
    elif datatype == Datatype.PHOTO and attribute.get("required", True):
        yield "a photo is never required: add 'required: false'."


def _wording(question: str) -> Iterator[str]:
    text = " ".join(question.split())
    if len(text) > LONGEST_QUESTION:
        yield f"the question is {len(text)} characters; {LONGEST_QUESTION} is the most."
    if not text.endswith("?"):
        yield "the question must end with a question mark."
    if RESERVED_ASKED_FOR.search(text):
        yield "asks for a word that carriers act on (STOP, YES, HELP...)."


def _values(attribute: Mapping[str, Any], entry: str, known: Known) -> Iterator[str]:
    datatype = attribute.get("datatype")
    values = attribute.get("values") or []
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        yield "'values' must be a list, each starting with '- key:'."
        return
    if datatype in (Datatype.SINGLEVALUELIST, Datatype.MULTIVALUELIST) and len(values) < 2:
        yield "needs two values or more to choose from."
    if values and datatype in set(Datatype) and not Datatype(datatype).is_list:
        yield f"a question of datatype {datatype} has no values."
    for what in ("key", "name"):
        written = Counter(str(v.get(what)).lower() for v in values)
        yield from (f"the {what} {w!r} stands {n} times." for w, n in written.items() if n > 1)
    for value in values:
        yield from _value(value, entry, known)
        if datatype == Datatype.YES_NO and value.get("key") not in ("yes", "no"):
            yield f"a yes_no question has the keys 'yes' and 'no' only (in quotes), not {value.get('key')!r}."
        if _RESERVED_NAME.fullmatch(str(value.get("name"))):
            yield f"the name {value.get('name')!r} is a word that carriers act on: say it otherwise."


def _value(value: Mapping[str, Any], entry: str, known: Known) -> Iterator[str]:
    key, name = value.get("key"), value.get("name")
    yield from _names(f"value {key!r}", value, _VALUE_KEYS)
    if not isinstance(key, str) or not _CODE.fullmatch(key):
        yield (
            f"the key {key!r} must be a text of small letters, digits and underscores"
            " (yes, no and numbers in quotes)."
        )
    if not isinstance(name, str) or not name.strip():
        yield f"value {key!r} needs a name, as a text."
    elif len(name) > LONGEST_VALUE_NAME:
        yield f"the name {name!r} is {len(name)} characters; {LONGEST_VALUE_NAME} is the most."
    words = value.get("words") or []
    if not _is_texts(words):
        yield f"value {key!r}: 'words' must be a list of texts."
    elif any(w != w.lower() for w in words):
        yield f"value {key!r}: 'words' are written in small letters."
    if len([e for e in _ENDINGS if value.get(e)]) > 1:
        yield f"value {key!r} has more than one of {', '.join(_ENDINGS)}: keep one."
    if not all(isinstance(value.get(e, ""), str) for e in _ENDINGS):
        yield f"value {key!r}: {', '.join(_ENDINGS)} are texts."
        return
    referral, instead, danger = (value.get(e, "") for e in _ENDINGS)
    if referral and not _SAYS_HOW_TO_REACH.search(referral):
        yield f"value {key!r}: a referral says how to reach them (a phone, a web address, or 'call')."
    if RESERVED_ASKED_FOR.search(referral):
        yield f"value {key!r}: asks for a word that carriers act on (STOP, YES, HELP...)."
    if instead == entry:
        yield f"value {key!r}: 'instead' names the entry itself."
    elif instead and instead not in known.entries:
        yield f"value {key!r}: 'instead' names {instead!r}, which is no entry of this pack."
    if danger and known.dangers is not None and danger not in known.dangers:
        yield (
            f"value {key!r}: danger is {danger!r}; choose one of {', '.join(known.dangers)} (city.yaml, safety)."
        )


def _only_if(
    attribute: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    conditions = attribute.get("only_if") or {}
    if not isinstance(conditions, dict):
        yield "'only_if' must name an earlier question and its keys: {what: [broken, missing]}."
        return
    by_code = {str(a.get("code")): a for a in earlier}
    for code, written in conditions.items():
        if code not in by_code:
            yield f"'only_if' names {code!r}, which is no earlier question."
            continue
        keys = written if isinstance(written, list) else [written]
        if not keys or not _is_texts(keys):
            yield f"'only_if' of {code!r} must give its keys as texts (yes and no in quotes)."
            continue
        values = _values_by_key(by_code[code])
        yield from (
            f"'only_if' names {key!r}, which is no key of {code!r}."
            for key in keys
            if key not in values
        )
        if all(any(values.get(key, {}).get(e) for e in _ENDINGS) for key in keys):
            yield f"is never asked: every answer of {code!r} that leads to it ends the report."


def _values_by_key(attribute: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    values = attribute.get("values") or []
    plain: dict[str, Mapping[str, Any]] = (
        {"yes": {}, "no": {}} if attribute.get("datatype") == Datatype.YES_NO else {}
    )
    if not isinstance(values, list):
        return plain
    return plain | {str(v.get("key")): v for v in values if isinstance(v, dict)}


def _names(where: str, data: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
    for key in data:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            guess = f"is it {near[0]!r}?" if near else f"there are {', '.join(known)}."
            yield f"{where}: {key!r} is not a name we know: {guess}"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and v.strip() for v in values)
