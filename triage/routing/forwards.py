"""Which cases go to an outside Open311 endpoint too, and in its own words. Pure; pack.py reads it.

The key of an endpoint is never in the pack: the pack names the environment variable that holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

POLL_MINUTES = 30


@dataclass(frozen=True)
class TheirQuestion:
    """What an outside endpoint calls a question of ours, and those of its answers that it names otherwise."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)  # our key -> theirs


@dataclass(frozen=True)
class Forward:
    """An outside endpoint, and the cases that it gets."""

    id: str
    url: str  # GeoReport v2's base address, without a slash at its end
    api_key_env: str  # the environment variable that holds its key
    # Whether residents' own words go along. Many endpoints publish what they are sent.
    words: bool
    services: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    jurisdiction_id: str = ""
    service_codes: Mapping[str, str] = field(default_factory=dict)  # our service -> theirs
    attributes: Mapping[str, Mapping[str, TheirQuestion]] = field(default_factory=dict)
    poll_minutes: int = POLL_MINUTES
    line: int = 0  # where it was written

    def takes(self, service_id: str, queue: str) -> bool:
        """Say whether a case is meant."""
        return service_id in self.services or queue in self.queues


def forward_of(forwards: Sequence[Forward], service_id: str, queue: str) -> Forward | None:
    """Return where a case goes: to the first that takes it, or nowhere."""
    return next((f for f in forwards if f.takes(service_id, queue)), None)
