"""Which day a resident means: "yesterday", "since june", "last tuesday at 3 pm". Pure; today comes from outside."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import dateparser
from rapidfuzz import fuzz, process

from services_catalog.text import normalise

# What is said before or after a day and changes nothing.
_AROUND = re.compile(
    r"^(?:(?:it|this|that|they|i|we)(?:'s| is| was| has been| have been| had been)? )?(?:happened |started |began |noticed "
    r"(?:it|this) |been )*(?:(?:like|maybe|probably|i think|i guess|i believe|sometime|some time|since|for|from|about|"
    r"around|approximately|roughly|ever since|starting|on|at|in|over|the past|the last|already|abt) )+"
)
_COUNTS = {
    "a couple of": "2", "a couple": "2", "couple of": "2", "couple": "2", "a few": "3", "few": "3",
}  # fmt: skip
_COUNT = re.compile(rf"\b({'|'.join(_COUNTS)})\b")
_UNITS = {"wk": "week", "wks": "weeks", "hr": "hour", "hrs": "hours", "mth": "month", "mths": "months",
          "yr": "year", "yrs": "years", "mins": "minutes"}  # fmt: skip
_UNIT = re.compile(rf"\b({'|'.join(_UNITS)})\b")
_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_SPAN = re.compile(rf"^{_NUMBER} (?:minute|hour|day|week|month|year)s?$")
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = "|".join(_WEEKDAY_NAMES)
# A clock time that was really said; "this morning" is a day.
_CLOCK = re.compile(
    r"\b(?:\d{1,2}(?::\d\d)? ?(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:\d\d|noon|midnight)(?!\w)"
)
# What speaks of a day within a sentence. A bare month does not: "may" is more often a verb.
_WITHIN = re.compile(
    rf"\b(?:the day before yesterday|yesterday{_PART}|today|last night|this (?:morning|afternoon|evening)|"
    rf"(?:last |on |since |this |past )*(?:{_WEEKDAYS}){_PART}|last (?:week|month|year)|"
    rf"(?:for |over )?(?:a couple of|a few|{_NUMBER}) (?:hour|day|week|month|year)s?(?: ago)?|"
    rf"since (?:{_MONTHS})(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?: \d{{4}})?|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|"
    rf"\d{{4}}-\d\d-\d\d)(?: (?:at|around) (?:\d{{1,2}}(?::\d\d)? ?(?:am|pm)|noon|midnight))?\b"
)
# "for two weeks" says since when only where it is said so; "in two weeks" does not.
_DURATION = re.compile(rf"^(?:a couple of|a few|{_NUMBER}) (?:hour|day|week|month|year)s?$")
_NEVER_FUTURE = {"PREFER_DATES_FROM": "past", "PREFER_DAY_OF_MONTH": "first", "DATE_ORDER": "MDY",
                 "RETURN_AS_TIMEZONE_AWARE": False}  # fmt: skip
_LONGEST = 80


def day_said(text: str, today: date) -> str | None:
    """Return the day that a whole answer names, as ISO date, with the time where a clock time was said; or None."""
    plain = _spelt(normalise(text).strip(" .!,?"))
    if not plain or len(plain) > _LONGEST:
        return None
    return _read(plain, today) or day_within(plain, today)


def day_within(text: str, today: date) -> str | None:
    """Return the first day that is spoken of within a sentence, or None."""
    plain = normalise(text)
    for found in _WITHIN.finditer(plain):
        said = found[0]
        if _DURATION.match(said):
            continue
        if day := _read(said, today):
            return day
    return None


def spoken_day(value: str) -> str:
    """Return an ISO day as people write it: "Friday, February 27, 2026 at 3:00 p.m."."""
    moment = datetime.fromisoformat(value)
    told = f"{moment:%A, %B} {moment.day}, {moment.year}"
    if "T" not in value:
        return told
    hour, half = moment.hour % 12 or 12, "a.m." if moment.hour < 12 else "p.m."
    return f"{told} at {hour}:{moment:%M} {half}"


def _read(said: str, today: date) -> str | None:
    is_span_since = bool(re.search(r"\b(?:for|over|the past|the last)\b", said))
    plain = _AROUND.sub("", f"{said} ").strip()
    plain = _COUNT.sub(lambda m: _COUNTS[m[1]], plain)
    plain = _UNIT.sub(lambda m: _UNITS[m[1]], plain)
    plain = re.sub(r"\b(?:around|about|at) (noon|midnight)\b", _noon, plain)
    plain = re.sub(r"\b(?:around|about) (?=\d)", "at ", plain)
    plain = re.sub(r"\b(?:just|right|early|late|or so|ish)\b", "", plain).strip() or plain
    if _SPAN.match(plain):
        plain += " ago"
    elif is_span_since and plain in ("week", "month", "year", "day"):
        plain = f"1 {plain} ago"
    if re.fullmatch(r"\d{1,2}", plain):
        return None
    if re.fullmatch(r"(?:19|20)\d\d", plain):
        return f"{plain}-01-01"
    noon = datetime.combine(today, time(12))
    found: datetime | None = dateparser.parse(
        plain, languages=["en"], settings={**_NEVER_FUTURE, "RELATIVE_BASE": noon}
    )
    if found is None:
        return None
    if found.date() > today:
        # "The 15th" said on the 2nd is last month's; a day that was named with its month is the resident's to mend.
        if not re.fullmatch(r"(?:the )?\d{1,2}(?:st|nd|rd|th)", plain):
            return None
        before = found.replace(day=1) - timedelta(days=1)
        found = before.replace(day=min(found.day, before.day))
    has_clock = bool(_CLOCK.search(plain))
    return found.strftime("%Y-%m-%dT%H:%M") if has_clock else found.date().isoformat()


def _noon(found: re.Match[str]) -> str:
    return "at 12 pm" if found[1] == "noon" else "at 12 am"


def _spelt(plain: str) -> str:
    """Return the text with a misspelt weekday mended ("wensday")."""
    mended = []
    for word in plain.split():
        if (
            len(word) >= 6
            and word.endswith("day")
            and word not in _WEEKDAY_NAMES
            and word != "yesterday"
        ):
            near = process.extractOne(word, _WEEKDAY_NAMES, scorer=fuzz.ratio, score_cutoff=80)
            mended.append(near[0] if near else word)
        else:
            mended.append(word)
    return " ".join(mended)
