"""The same short answer to one question after the other is a resident's, not a machine's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from triage.texting.shares import Limits, may_be_automatic, noise_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIMITS = Limits(same_in_a_row=3, per_minute=30, quiet=timedelta(hours=1))


@dataclass(frozen=True)
class Sender:
    last_mark: str | None = None
    same_in_a_row: int = 0
    heard_text: int = 1
    next_text: int = 1
    minute_at: datetime | None = None
    in_minute: int = 0
    quiet_until: datetime | None = None


@pytest.mark.parametrize(
    ("body", "may_be"),
    [
        ("1", False),
        ("no", False),
        ("  anonymous  ", False),
        ("I don't know", False),
        ("I am driving and will answer later.", True),
        ("Sorry, I am away until Monday", True),
    ],
)
def test_only_what_is_longer_than_an_answer_may_be_a_machines(body: str, may_be: bool) -> None:
    assert may_be_automatic(body) is may_be


@pytest.mark.parametrize(("mark", "begins"), [(None, False), ("same", True)])
def test_answering_stops_for_the_same_long_text_alone(mark: str | None, begins: bool) -> None:
    sender = Sender()
    for text in range(2, 5):
        noise = noise_of(sender, mark, NOW, LIMITS)
        sender = Sender(**{**noise.values, "next_text": text, "quiet_until": None})
    assert noise.begins is begins
