"""Who is signed in: sessions are kept here, and the browser holds nothing but a token that nobody can guess.

A session ends after a time without anything done, and after a working day in any case. Only the token's hash is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.staff.repository import Session

# Whoever changes how people sign in shows the password again, unless they did so just now.
PROVED_FOR = timedelta(minutes=10)
# A password that somebody else made is good for so long.
GIVEN_PASSWORD_FOR = timedelta(days=7)
# How often it is written down that somebody is still there.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Lifetime:
    """How long a session may last."""

    idle: timedelta
    whole: timedelta

    def has(self, session: Session, now: datetime) -> bool:
        """Say whether a session still holds."""
        return (
            session.account.disabled_at is None
            and now < session.seen_at + self.idle
            and now < session.began_at + self.whole
        )


def is_proved(session: Session, now: datetime) -> bool:
    """Say whether the password was shown so lately that it need not be asked for again."""
    return now < session.proved_at + PROVED_FOR
