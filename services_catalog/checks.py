"""What is wrong with a catalogue entry, in words a maintainer understands. Pure: plain values in, faults out.

A fault stops an import; a remark does not (it is something to improve).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from services_catalog.definition_checks import RESERVED_ASKED_FOR, Known, definition_faults
from services_catalog.model import Aspect, Kind, ServiceEntry
from services_catalog.readability import grade
from services_catalog.segments import count, fits, outside_gsm7

# Fewest example messages: a report is described in more ways than a question is asked.
FEWEST_QUESTIONS = 10
FEWEST_QUESTIONS_REQUESTABLE = 20
LONGEST_SUMMARY_WORDS = 110
LONGEST_TITLE = 80
# Above this school grade a summary gets a remark (plain language for the public aims at grade 6 to 8).
HIGHEST_GRADE = 9.0

_ID = re.compile(r"[a-z][a-z0-9_]*")
_REQUIRED = {
    "id": str, "kind": str, "title": str, "division": str, "summary": str, "sms": str, "facts": list,
    "also_called": list, "questions": list, "source_url": str, "owner": str,
}  # fmt: skip
_OPTIONAL = {
    "section", "request", "contact", "referral", "confused_with", "related", "last_verified",
    "review_by", "languages",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where, and what to do about it."""

    where: str  # "waste.yaml, line 12"
    entry: str
    says: str
    stops: bool = True
    field: str = ""  # the name that it is about, as an entry has them; empty: the whole entry

    def __str__(self) -> str:
        kind = "" if self.stops else " (remark)"
        return f"{self.where}: {self.entry}: {self.says}{kind}"


def check_entries(
    entries: Iterable[tuple[str, dict[str, Any]]], dangers: Collection[str] | None = None
) -> list[Fault]:
    """Return what is wrong with the entries, each given as (where, plain values).

    `dangers` are the kinds of danger that the city has a text for; without them, names of dangers go unchecked.
    """
    listed = list(entries)
    faults: list[Fault] = []
    sound: list[tuple[str, dict[str, Any]]] = []
    for where, data in listed:
        found = list(_shape(where, data))
        faults += found
        if not any(f.stops for f in found):
            sound.append((where, data))
    known = Known({str(d.get("id")) for _, d in listed if isinstance(d, dict)}, dangers)
    for where, data in sound:
        name = data["id"]
        faults += _alone(where, name, data, known)
    return faults + list(_together(sound, known.entries))


def check_entry(
    data: dict[str, Any],
    others: Iterable[ServiceEntry],
    dangers: Collection[str] | None = None,
) -> list[Fault]:
    """Return what is wrong with one entry, given as plain values, beside the others of its catalogue.

    What is missing or of the wrong kind is said first; the rest once that is put right.
    """
    others = [e for e in others if e.id != data.get("id")]
    name = str(data.get("id", "?"))
    faults = list(_shape(name, data))
    if any(f.stops for f in faults):
        return faults
    known = Known({name, *(e.id for e in others)}, dangers)
    faults += _alone(name, name, data, known)
    faults += (
        Fault(name, name, says, True, field) for says, field in _names(data, known.entries)
    )
    taken = {_plain(q): e for e in others for q in e.questions}
    for question in data["questions"]:
        if other := taken.get(_plain(question)):
            says = f"has the example {question!r} that {other.title!r} has too: keep it in one."
            faults.append(Fault(name, name, says, True, "questions"))
    return faults


def _alone(where: str, name: str, data: dict[str, Any], known: Known) -> list[Fault]:
    faults = [Fault(where, name, says, stops, field) for says, stops, field in _content(data)]
    if "request" in data:
        said = definition_faults(data["request"], entry=name, known=known)
        faults += [Fault(where, name, says, True, "request") for says in said]
    return faults


def _shape(where: str, data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault(where, "?", "an entry must start with '- id:' and hold named values.")
        return
    name = str(data.get("id", "?"))
    for key, kind in _REQUIRED.items():
        if key not in data or data[key] in ("", [], None):
            yield Fault(where, name, f"'{key}' is missing: add it.", True, key)
        elif not isinstance(data[key], kind):
            wanted = "a list" if kind is list else "a text (put it in quotes)"
            yield Fault(where, name, f"'{key}' must be {wanted}.", True, key)
    for key in data:
        if key not in _REQUIRED and key not in _OPTIONAL:
            yield Fault(where, name, f"'{key}' is not a name we know: is it misspelt?")
    for key in ("also_called", "questions", "related", "languages"):
        for item in data.get(key) or []:
            if not isinstance(item, str) or not item.strip():
                says = f"'{key}' holds {item!r}, not a text: put it in quotes."
                yield Fault(where, name, says, True, key)
    for key in ("last_verified", "review_by"):
        if not _is_date(data.get(key)):
            says = f"'{key}' must be a date, written 2026-11-30."
            yield Fault(where, name, says, True, key)


# What is wrong, whether it stops an import, and the name that it is about.
_Said = tuple[str, bool, str]


def _content(data: dict[str, Any]) -> Iterator[_Said]:
    if not _ID.fullmatch(data["id"]):
        yield "an id has small letters, digits and underscores only.", True, "id"
    if data["kind"] not in set(Kind):
        yield f"kind is {data['kind']!r}; choose one of {', '.join(Kind)}.", True, "kind"
    if len(data["title"]) > LONGEST_TITLE:
        says = f"the title is {len(data['title'])} characters; {LONGEST_TITLE} is the most."
        yield says, True, "title"
    for rule in (_texts, _facts, _examples, _links, _referral, _confusions):
        yield from rule(data)


def _texts(data: dict[str, Any]) -> Iterator[_Said]:
    length = len(data["summary"].split())
    if length > LONGEST_SUMMARY_WORDS:
        says = f"the summary has {length} words; {LONGEST_SUMMARY_WORDS} is the most."
        yield says, True, "summary"
    found = grade(data["summary"])
    if found > HIGHEST_GRADE:
        says = f"the summary reads at school grade {found:.0f}: try shorter sentences."
        yield says, False, "summary"
    sms = " ".join(data["sms"].split())
    strange = outside_gsm7(sms)
    if strange:
        says = f"the text message has {' '.join(strange)!r}, which makes it cost double."
        yield says, True, "sms"
    elif not fits(sms):
        says = f"the text message takes {count(sms).segments} segments; shorten it to two."
        yield says, True, "sms"
    for key in ("summary", "sms"):
        if RESERVED_ASKED_FOR.search(data[key]):
            yield (
                f"'{key}' asks for a word that carriers act on (STOP, YES, HELP...).",
                True,
                key,
            )


def _facts(data: dict[str, Any]) -> Iterator[_Said]:
    for number, fact in enumerate(data["facts"], 1):
        if not isinstance(fact, dict) or not fact.get("text"):
            yield f"fact {number} lacks its text.", True, "facts"
        elif fact.get("field") not in set(Aspect):
            says = f"fact {number}: field {fact.get('field')!r} is none of {', '.join(Aspect)}."
            yield says, True, "facts"
        elif not fact.get("source") and not fact.get("unverified"):
            says = f"fact {number} names no source: add one, or mark it 'unverified: true'."
            yield says, True, "facts"


def _examples(data: dict[str, Any]) -> Iterator[_Said]:
    wanted = FEWEST_QUESTIONS_REQUESTABLE if data.get("request") else FEWEST_QUESTIONS
    if len(data["questions"]) < wanted:
        says = f"has {len(data['questions'])} example questions; write at least {wanted}."
        yield says, True, "questions"
    for text, times in Counter(_plain(q) for q in data["questions"]).items():
        if times > 1:
            yield f"has the example {text!r} {times} times.", True, "questions"


def _links(data: dict[str, Any]) -> Iterator[_Said]:
    online = (data.get("contact") or {}).get("online", "")
    links = [("source_url", data["source_url"], "source_url")]
    links += [("contact.online", online, "contact")]
    links += [
        (f"fact {n}", f.get("source", ""), "facts")
        for n, f in enumerate(data["facts"], 1)
        if isinstance(f, dict)
    ]
    for where, link, field in links:
        if link.startswith(("http:", "https:")) and not _host_of(link):
            yield f"{where}: {link!r} is not a whole web address.", True, field
    if not data["source_url"].startswith(("http://", "https://")):
        says = "source_url must be a web address that a resident can open."
        yield says, True, "source_url"


def _host_of(link: str) -> str | None:
    try:
        return urlsplit(link).hostname
    except ValueError:  # "http://[" is not even looked at
        return None


def _referral(data: dict[str, Any]) -> Iterator[_Said]:
    referral = data.get("referral") or {}
    if data["kind"] == Kind.REFERRAL and not (referral.get("body") and referral.get("reach")):
        says = "a referral says whose job it is (referral.body) and how to reach them (.reach)."
        yield says, True, "referral"


def _confusions(data: dict[str, Any]) -> Iterator[_Said]:
    for confusion in data.get("confused_with") or []:
        if not isinstance(confusion, dict) or set(confusion) != {"id", "ask", "this", "other"}:
            yield "confused_with needs id, ask, this and other.", True, "confused_with"


def _names(data: dict[str, Any], ids: Collection[str]) -> Iterator[tuple[str, str]]:
    neighbours = [c.get("id") for c in data.get("confused_with") or [] if isinstance(c, dict)]
    for field, names in (("confused_with", neighbours), ("related", data.get("related") or [])):
        for other in names:
            if other not in ids:
                yield f"names {other!r}, which is no entry of this pack.", field


def _plain(question: str) -> str:
    return question.strip().lower()


def _together(
    entries: Sequence[tuple[str, dict[str, Any]]], ids: Collection[str]
) -> Iterator[Fault]:
    counts = Counter(d["id"] for _, d in entries)
    asked: dict[str, str] = {}
    for where, data in entries:
        name = data["id"]
        if counts[name] > 1:
            says = f"the id is used {counts[name]} times: ids are unique."
            yield Fault(where, name, says, True, "id")
        for says, field in _names(data, ids):
            yield Fault(where, name, says, True, field)
        for question in data["questions"]:
            first = asked.setdefault(_plain(question), name)
            if first != name:
                says = f"has the example {question!r} that {first} has too: keep it in one."
                yield Fault(where, name, says, True, "questions")


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    parse: Callable[[str], date] = date.fromisoformat
    try:
        parse(str(value))
    except ValueError:
        return False
    return True
