"""The desk of a city's pack: when people answer in conversations, how long anybody waits without news, ready replies.

Pure: plain values in, a `Desk` out, or what is wrong with them in a maintainer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services_catalog.segments import SEGMENTS_AIMED_AT, count, outside_gsm7

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLIDAYS = "holidays"
CLOSED = "closed"
MINUTES_OF_A_DAY = 24 * 60
LONGEST_NAME = 60
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_MINUTES = ("told_after_minutes", "silent_after_minutes")


@dataclass(frozen=True)
class Span:
    """A time in which people answer, in minutes from midnight; its end does not belong to it."""

    opens: int
    closes: int


@dataclass(frozen=True)
class ReadyReply:
    """Words that staff may put into their answer."""

    name: str
    text: str
    # For a text message; empty: the same.
    sms: str = ""


@dataclass(frozen=True)
class Desk:
    """Where people answer.

    Attributes:
        hours: the times of each day of the week, Monday first, in the city's own time.
        holiday_hours: the times on a holiday, whatever day it is.
        told_after: whoever waits so long in line is told that nobody had time yet.
        silent_after: a person who owes an answer for so long gives the conversation back to the line.
        replies: ready replies.
    """

    hours: tuple[tuple[Span, ...], ...]
    holiday_hours: tuple[Span, ...]
    told_after: timedelta
    silent_after: timedelta
    replies: tuple[ReadyReply, ...] = ()


def desk_from(data: Mapping[str, Any]) -> Desk:
    """Return the desk that a pack describes; `faults_of` should have found nothing."""
    hours = data["hours"]
    return Desk(
        hours=tuple(_spans(hours[day]) for day in DAYS),
        holiday_hours=_spans(hours[HOLIDAYS]),
        told_after=timedelta(minutes=data["told_after_minutes"]),
        silent_after=timedelta(minutes=data["silent_after_minutes"]),
        replies=tuple(
            ReadyReply(r["name"], r["text"].strip(), r.get("sms", "").strip())
            for r in data.get("replies", ())
        ),
    )


def faults_of(data: Any) -> list[str]:
    """Say what is wrong with a pack's `desk`, each in a sentence that says what to do."""
    if not isinstance(data, Mapping):
        return ["desk must hold named values: hours, told_after_minutes, silent_after_minutes."]
    known = {"hours", "replies", *_MINUTES}
    faults = [f"desk/{key} is not a name we know." for key in data if key not in known]
    for name in _MINUTES:
        minutes = data.get(name)
        if not isinstance(minutes, int | float) or isinstance(minutes, bool) or minutes <= 0:
            faults.append(f"desk/{name} must be a number of minutes above 0.")
    faults += _faults_of_hours(data.get("hours"))
    faults += _faults_of_replies(data.get("replies", []))
    return faults


def _faults_of_hours(hours: Any) -> Iterator[str]:
    if not isinstance(hours, Mapping):
        yield "desk/hours must name each day of the week, and holidays."
        return
    wanted = (*DAYS, HOLIDAYS)
    yield from (
        f"desk/hours lacks {day}: write its times, or {CLOSED}."
        for day in wanted
        if day not in hours
    )
    yield from (
        f"desk/hours/{day} is no day of the week." for day in hours if day not in wanted
    )
    for day in wanted:
        if day in hours and not _are_times(hours[day]):
            yield (
                f'desk/hours/{day}: write "08:00-20:00", with quotes, or {CLOSED}; more than one with a comma between, '
                "in order. The end of a day is 24:00."
            )


def _are_times(written: Any) -> bool:
    if written == CLOSED:
        return True
    if not isinstance(written, str):
        return False
    found = [_SPAN.fullmatch(part.strip()) for part in written.split(",")]
    if not all(found):
        return False
    before = -1
    for span in _spans(written):
        # Two that touch are one, and should be written so.
        if not before < span.opens < span.closes <= MINUTES_OF_A_DAY:
            return False
        before = span.closes
    return all(int(m[2]) < 60 and int(m[4]) < 60 for m in found if m)


def _spans(written: str) -> tuple[Span, ...]:
    if written == CLOSED:
        return ()
    found = (_SPAN.fullmatch(part.strip()) for part in written.split(","))
    return tuple(
        Span(int(m[1]) * 60 + int(m[2]), int(m[3]) * 60 + int(m[4])) for m in found if m
    )


def _faults_of_replies(replies: Any) -> Iterator[str]:
    if not isinstance(replies, list):
        yield "desk/replies must be a list, each with a name and a text."
        return
    names = set()
    for reply in replies:
        if not isinstance(reply, Mapping) or not all(
            isinstance(reply.get(key), str) and reply[key].strip() for key in ("name", "text")
        ):
            yield "desk/replies: each has a name and a text."
            continue
        name = reply["name"]
        if name in names or len(name) > LONGEST_NAME:
            yield f"desk/replies: {name!r} must be there once, and have at most {LONGEST_NAME} characters."
        names.add(name)
        if unknown := set(reply) - {"name", "text", "sms"}:
            yield f"desk/replies: {name!r} has {', '.join(sorted(unknown))}, which we do not know."
        sms = str(reply.get("sms", ""))
        if count(sms).segments > SEGMENTS_AIMED_AT or outside_gsm7(sms):
            yield f"desk/replies: the sms of {name!r} must fit {SEGMENTS_AIMED_AT} text messages, in plain characters."
