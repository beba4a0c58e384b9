"""What leaves the house of a case, and how what comes back is read. No database, no clock, no network here.

The name, email and telephone number of whoever reported it never leave, nor do photos. What residents wrote in their
own words goes only to endpoints that the pack allows it for, with email addresses and telephone numbers taken out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from services_catalog.definition import Datatype
from triage.cases.case import Case
from triage.routing.forwards import Forward

LONGEST_DESCRIPTION = 4_000  # the specification's
LONGEST_SENTENCE = 500

_IN_OWN_WORDS = (Datatype.STRING, Datatype.TEXT)
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Seven digits or more with what stands between them, but no date.
_PHONE = re.compile(r"(?<![\w.])(?!\d{4}-\d\d-\d\d)\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\w)")

_HIDDEN = frozenset({"script", "style"})
# Tags that part what stands before them from what follows.
_APART = frozenset(
    {"p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "h1", "h2", "h3", "h4", "hr"}
)

# What an endpoint that knows more than open and closed may say of one that it has closed: what came of it.
_CAME_OF = {
    "closed": "done",
    "fixed": "done",
    "duplicate": "duplicate",
    "no_further_action": "cannot_be_done",
    "not_councils_responsibility": "not_the_citys",
}


def fields_of(case: Case, forward: Forward) -> list[tuple[str, str]]:
    """Return the form fields of the request that a case makes, without the key."""
    fields = [("service_code", forward.service_codes[case.service_id])]
    if forward.jurisdiction_id:
        fields.append(("jurisdiction_id", forward.jurisdiction_id))
    if case.place:
        fields += [
            ("lat", f"{case.place.latitude:.7f}"),
            ("long", f"{case.place.longitude:.7f}"),
        ]
        if case.place.address:
            fields.append(("address_string", case.place.address))
    fields.append(("description", _description(case, forward)))
    return fields + list(_attributes(case, forward))


def _attributes(case: Case, forward: Forward) -> Iterator[tuple[str, str]]:
    asked = {q["code"]: q for q in case.questions}
    for code, theirs in forward.attributes.get(case.service_id, {}).items():
        answer = case.answers.get(code)
        if answer is None or code not in asked:
            continue
        name = f"attribute[{theirs.code}]" + ("[]" if isinstance(answer, list) else "")
        for key in answer if isinstance(answer, list) else [answer]:
            yield name, theirs.values.get(str(key)) or _written(asked[code], key)


def _description(case: Case, forward: Forward) -> str:
    # The reference stands first: by it the request is found again, whatever is cut off.
    lines = [f"{case.service_name}. Reference: {case.reference}"]
    if case.place and case.place.approximate:
        lines.append("The place is approximate.")
    lines += _answers(case, has_words=forward.words)
    if forward.words and case.description.strip():
        lines.append(_masked(case.description.strip()))
    return "\n".join(lines)[:LONGEST_DESCRIPTION]


def _answers(case: Case, *, has_words: bool) -> Iterator[str]:
    for question in case.questions:
        answer, kind = case.answers.get(question["code"]), Datatype(question["datatype"])
        if answer is None or kind is Datatype.PHOTO:
            continue
        if kind in _IN_OWN_WORDS and not has_words:
            continue
        yield f"{question['description']} {_told(question, answer)}"


def _told(question: Mapping[str, Any], answer: Any) -> str:
    names = {v["key"]: v["name"] for v in question["values"]}
    keys = answer if isinstance(answer, list) else [answer]
    return ", ".join(names.get(str(k)) or _written(question, k) for k in keys)


def _written(question: Mapping[str, Any], answer: Any) -> str:
    if Datatype(question["datatype"]) in _IN_OWN_WORDS:
        return _masked(str(answer))
    return str(answer)


def _masked(text: str) -> str:
    return _PHONE.sub("[phone number]", _EMAIL.sub("[email address]", text))


def outcome_of(status: str) -> str | None:
    """Return what came of a request with this status; None: it is still open there."""
    return _CAME_OF.get(re.sub(r"[\W_]+", "_", status.strip().lower()))


def sentence_of(text: str | None, longest: int = LONGEST_SENTENCE) -> str:
    """Return what an outside endpoint wrote as plain text in one line, without markup and not too long."""
    stripper = _Stripper()
    stripper.feed(text or "")
    stripper.close()
    plain = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in stripper.text
    )
    plain = " ".join(plain.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


class _Stripper(HTMLParser):
    """Keeps what a reader would see of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in _HIDDEN
        self.text += " " if tag in _APART else ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        self.text += " " if tag in _APART else ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data
