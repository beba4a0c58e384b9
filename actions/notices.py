"""Say what the City says just now before what is said to a message: once in a conversation, unless it changes.

`services_catalog/notices/` knows which notice is for whom; here is what a conversation knows: the services that are
spoken of, the place, and what was told before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from actions.heard import Heard
from actions.intake.memory import INTAKE, IntakeMemory
from actions.line import Line
from actions.names import Outcome
from actions.place_memory import PlaceMemory, Spot
from actions.replies import Reply
from services_catalog.notices.matching import (
    Placed,
    is_known_there,
    notices_for,
    streets_asked_for,
)
from services_catalog.notices.model import Notice, Posted
from services_catalog.notices.placing import at_point, on_street
from services_catalog.notices.words import said as spelt_out
from services_catalog.notices.words import said_briefly
from services_catalog.places.geocode import Located

# The key in a conversation's memory: what was told, by id: the version, and whether also that it is known.
TOLD = "notices"
# Before a report of what a notice is about.
KNOWN = "The City already knows about this. You can still report it."
# More at once is read by nobody; the others come with what is said next.
MOST_AT_ONCE = 2
# Replies that are about a matter. Beside a person, a case or danger nothing else is said.
_ABOUT_A_MATTER = frozenset(
    {Outcome.ANSWER, Outcome.CHOICES, Outcome.NOT_FOUND, Outcome.PLACE, Outcome.INTAKE}
)


@dataclass(frozen=True)
class _Told:
    """What a conversation was told of a notice."""

    version: int = 0
    is_known: bool = False


def with_notices(line: Line, said: Heard, replies: Sequence[Reply]) -> list[Reply]:
    """Return the replies, the first about a matter with the notices before it that were not told yet."""
    posted = line.notices()
    # Most of the time there is none, and nothing is looked for.
    if said.danger or not any(n.holds(posted.now) for n in posted.notices):
        return list(replies)
    at = next((i for i, r in enumerate(replies) if _is_about_a_matter(r)), None)
    if at is None or any(r.outcome is Outcome.SAFETY for r in replies):
        return list(replies)
    told = _told(said.memory)
    services = {r.service_id for r in replies if _is_about_a_matter(r) and r.service_id}
    place = _place(line, said, replies, posted)
    found = notices_for(posted, services, place)
    news = [n for n in found if told.get(n.id, _Told()).version != n.version][:MOST_AT_ONCE]
    known = [
        n
        for n in _known_already(line, replies, posted, found)
        if n in news or not told.get(n.id, _Told()).is_known
    ]
    if not news and not known:
        return list(replies)
    now_told = {n.id: [n.version, n in known] for n in (*news, *known)}
    standing = {n.id for n in posted.notices}
    kept = {i: [t.version, t.is_known] for i, t in told.items() if i in standing}
    told_now = replace(
        replies[at],
        notice=_worded(news, posted, ZoneInfo(line.city.timezone), is_known=bool(known)),
        remember={**replies[at].remember, TOLD: kept | now_told},
    )
    return [*replies[:at], told_now, *replies[at + 1 :]]


def _is_about_a_matter(reply: Reply) -> bool:
    # Where somebody is handed over, other words are said in place of these.
    return reply.outcome in _ABOUT_A_MATTER and not reply.hand_over


def _worded(
    notices: Sequence[Notice], posted: Posted, zone: ZoneInfo, *, is_known: bool
) -> Mapping[str, str]:
    after = [KNOWN] if is_known else []
    return {
        "text": "\n\n".join([*(spelt_out(n, posted.now, zone) for n in notices), *after]),
        "short": "\n".join([*(said_briefly(n, posted.now, zone) for n in notices), *after]),
    }


def _known_already(
    line: Line, replies: Sequence[Reply], posted: Posted, found: Collection[Notice]
) -> list[Notice]:
    """Return the notices that tell what a report under way is about, at the place of that report."""
    reported = {r.service_id for r in replies if r.outcome is Outcome.INTAKE and r.service_id}
    if not reported:
        return []
    place = _as_asked(line, _spot_of_report(replies), posted)
    return [n for n in found if is_known_there(n, reported, place)]


def _place(line: Line, said: Heard, replies: Sequence[Reply], posted: Posted) -> Placed | None:
    """Return where it is: of the report, else as the message says, else as the conversation knows."""
    if spot := _spot_of_report(replies):
        return _as_asked(line, spot, posted)
    spots = [r.remember.get("spot") for r in replies]
    if shared := next((s for s in spots if s), None):
        return _as_asked(line, Spot(**shared), posted)
    where = line.where()
    if not said.is_command:
        found = where.geocoder.locate(said.text)
        if isinstance(found, Located) and found.is_sure:
            return _as_asked(line, Spot.of(found), posted)
        if named := on_street(where, said.text):
            return named
        if found is not None:
            return None  # another place than the one known, and not clear which
    return _as_asked(line, PlaceMemory.of(said.memory).spot, posted)


def _as_asked(line: Line, spot: Spot | None, posted: Posted) -> Placed | None:
    if spot is None:
        return None
    return at_point(
        line.where(),
        spot.label,
        spot.point,
        is_approximate=spot.approximate,
        streets=streets_asked_for(posted.notices),
    )


def _spot_of_report(replies: Sequence[Reply]) -> Spot | None:
    kept = [r.remember[INTAKE] for r in replies if r.remember.get(INTAKE)]
    memory = IntakeMemory.of({INTAKE: kept[-1]}) if kept else None
    return memory.spot if memory else None


def _told(memory: Mapping[str, Any]) -> dict[str, _Told]:
    return {i: _Told(*kept) for i, kept in (memory.get(TOLD) or {}).items()}
