"""What is wrong with a catalogue entry, in words a maintainer understands. Pure: plain values in, faults out.

A fault stops an import; a remark does not (it is something to improve).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from services_catalog.gsm7 import outside_gsm7, segments
from services_catalog.model import Aspect, Kind
from services_catalog.readability import grade

# Fewest example messages: a report is described in more ways than a question is asked.
FEWEST_QUESTIONS = 10
FEWEST_QUESTIONS_REQUESTABLE = 20
LONGEST_SUMMARY_WORDS = 110
LONGEST_TITLE = 80
# Above this school grade a summary gets a remark (plain language for the public aims at grade 6 to 8).
HIGHEST_GRADE = 9.0

_ID = re.compile(r"[a-z][a-z0-9_]*")
# Carriers act on these words by themselves, so no text may ask a resident to send one.
_RESERVED = re.compile(
    r"\b(?:reply|text|send|answer|type)\s+(?:with\s+)?[\"']?"
    r"(?:yes|help|info|cancel|end|quit|stop|start|unstop|arret)\b",
    re.IGNORECASE,
)
_REQUIRED = {
    "id": str, "kind": str, "title": str, "division": str, "summary": str, "sms": str, "facts": list,
    "also_called": list, "questions": list, "source_url": str, "owner": str,
}  # fmt: skip
_OPTIONAL = {
    "section", "requestable", "contact", "referral", "confused_with", "related", "last_verified",
    "review_by", "languages",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where, and what to do about it."""

    where: str  # "waste.yaml, line 12"
    entry: str
    says: str
    stops: bool = True

    def __str__(self) -> str:
        kind = "" if self.stops else " (remark)"
        return f"{self.where}: {self.entry}: {self.says}{kind}"


def check_entries(entries: Iterable[tuple[str, dict[str, Any]]]) -> list[Fault]:
    """Return what is wrong with the entries, each given as (where, plain values)."""
    listed = list(entries)
    faults: list[Fault] = []
    sound: list[tuple[str, dict[str, Any]]] = []
    for where, data in listed:
        found = list(_shape(where, data))
        faults += found
        if not any(f.stops for f in found):
            sound.append((where, data))
    for where, data in sound:
        faults += [Fault(where, data["id"], says, stops) for says, stops in _content(data)]
    return faults + list(_together(sound, {str(d.get("id")) for _, d in listed}))


def _shape(where: str, data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault(where, "?", "an entry must start with '- id:' and hold named values.")
        return
    name = str(data.get("id", "?"))
    for key, kind in _REQUIRED.items():
        if key not in data or data[key] in ("", [], None):
            yield Fault(where, name, f"'{key}' is missing: add it.")
        elif not isinstance(data[key], kind):
            wanted = "a list" if kind is list else "a text (put it in quotes)"
            yield Fault(where, name, f"'{key}' must be {wanted}.")
    for key in data:
        if key not in _REQUIRED and key not in _OPTIONAL:
            yield Fault(where, name, f"'{key}' is not a name we know: is it misspelt?")
    for key in ("also_called", "questions", "related", "languages"):
        for item in data.get(key) or []:
            if not isinstance(item, str) or not item.strip():
                yield Fault(
                    where, name, f"'{key}' holds {item!r}, not a text: put it in quotes."
                )
    for key in ("last_verified", "review_by"):
        if not _is_date(data.get(key)):
            yield Fault(where, name, f"'{key}' must be a date, written 2026-11-30.")


def _content(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    if not _ID.fullmatch(data["id"]):
        yield "an id has small letters, digits and underscores only.", True
    if data["kind"] not in set(Kind):
        yield f"kind is {data['kind']!r}; choose one of {', '.join(Kind)}.", True
    if len(data["title"]) > LONGEST_TITLE:
        yield (
            f"the title is {len(data['title'])} characters; {LONGEST_TITLE} is the most.",
            True,
        )
    for rule in (_texts, _facts, _examples, _links, _referral, _confusions):
        yield from rule(data)


def _texts(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    length = len(data["summary"].split())
    if length > LONGEST_SUMMARY_WORDS:
        yield f"the summary has {length} words; {LONGEST_SUMMARY_WORDS} is the most.", True
    found = grade(data["summary"])
    if found > HIGHEST_GRADE:
        yield f"the summary reads at school grade {found:.0f}: try shorter sentences.", False
    sms = " ".join(data["sms"].split())
    strange = outside_gsm7(sms)
    if strange:
        yield f"the text message has {' '.join(strange)!r}, which makes it cost double.", True
    elif segments(sms) > 2:
        yield f"the text message takes {segments(sms)} segments; shorten it to two.", True
    for key in ("summary", "sms"):
        if _RESERVED.search(data[key]):
            yield f"'{key}' asks for a word that carriers act on (STOP, YES, HELP...).", True


def _facts(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for number, fact in enumerate(data["facts"], 1):
        if not isinstance(fact, dict) or not fact.get("text"):
            yield f"fact {number} lacks its text.", True
        elif fact.get("field") not in set(Aspect):
            yield (
                f"fact {number}: field {fact.get('field')!r} is none of {', '.join(Aspect)}.",
                True,
            )
        elif not fact.get("source") and not fact.get("unverified"):
            yield (
                f"fact {number} names no source: add one, or mark it 'unverified: true'.",
                True,
            )


def _examples(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    wanted = FEWEST_QUESTIONS_REQUESTABLE if data.get("requestable") else FEWEST_QUESTIONS
    if len(data["questions"]) < wanted:
        yield f"has {len(data['questions'])} example questions; write at least {wanted}.", True
    for text, count in Counter(q.strip().lower() for q in data["questions"]).items():
        if count > 1:
            yield f"has the example {text!r} {count} times.", True


def _links(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    links = [("source_url", data["source_url"])]
    links += [("contact.online", (data.get("contact") or {}).get("online", ""))]
    links += [
        (f"fact {n}", f.get("source", ""))
        for n, f in enumerate(data["facts"], 1)
        if isinstance(f, dict)
    ]
    for where, link in links:
        if link.startswith(("http:", "https:")) and not urlsplit(link).hostname:
            yield f"{where}: {link!r} is not a whole web address.", True
    if not data["source_url"].startswith(("http://", "https://")):
        yield "source_url must be a web address that a resident can open.", True


def _referral(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    referral = data.get("referral") or {}
    if data["kind"] == Kind.REFERRAL and not (referral.get("body") and referral.get("reach")):
        yield (
            "a referral says whose job it is (referral.body) and how to reach them (.reach).",
            True,
        )


def _confusions(data: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for confusion in data.get("confused_with") or []:
        if not isinstance(confusion, dict) or set(confusion) != {"id", "ask", "this", "other"}:
            yield "confused_with needs id, ask, this and other.", True


def _together(entries: Sequence[tuple[str, dict[str, Any]]], ids: set[str]) -> Iterator[Fault]:
    counts = Counter(d["id"] for _, d in entries)
    asked: dict[str, str] = {}
    for where, data in entries:
        name = data["id"]
        if counts[name] > 1:
            yield Fault(where, name, f"the id is used {counts[name]} times: ids are unique.")
        neighbours = [
            c.get("id") for c in data.get("confused_with") or [] if isinstance(c, dict)
        ]
        for other in [*neighbours, *(data.get("related") or [])]:
            if other not in ids:
                yield Fault(where, name, f"names {other!r}, which is no entry of this pack.")
        for question in data["questions"]:
            first = asked.setdefault(question.strip().lower(), name)
            if first != name:
                says = f"has the example {question!r} that {first} has too: keep it in one."
                yield Fault(where, name, says)


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    parse: Callable[[str], date] = date.fromisoformat
    try:
        parse(str(value))
    except ValueError:
        return False
    return True
