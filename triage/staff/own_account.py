"""What staff change about their own accounts: the password, and the authenticator app."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.staff import repository, throttle
from triage.staff.app_codes import AppCodes
from triage.staff.audit import record
from triage.staff.errors import CodeRefused, PasswordNotGood
from triage.staff.passwords import Hashing
from triage.staff.repository import Session


class OwnAccount:
    """Changes an account for whoever is signed in with it.

    Args:
        about: words that make a bad password at this line, as the city's name.
        leaked: a list of leaked passwords, if the city has one (`passwords.is_leaked`).
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hashing: Hashing,
        codes: AppCodes,
        *,
        about: Collection[str] = (),
        leaked: Path | None = None,
    ) -> None:
        self._database, self._clock = database, clock
        self._hashing, self.codes = hashing, codes
        self._about, self._leaked = tuple(about), leaked

    async def change_password(self, session: Session, password: str) -> None:
        """Take a new password; every other session of the account ends.

        Raises:
            PasswordNotGood: it is too easy to guess.
        """
        member = session.account.member
        about = (member.name, member.email, *self._about)
        if why := await self._hashing.fault_of(password, about, self._leaked):
            raise PasswordNotGood(why)
        kept = await self._hashing.make(password)
        now = self._clock.now()

        def change(connection: Connection) -> None:
            repository.change(connection, member.id, password_hash=kept, password_until=None)
            repository.end_sessions(connection, member.id, but=session.token_hash)
            record(connection, member, "password.change", member.id, now=now)

        await self._database.write(change)

    async def begin_app(self, session: Session) -> str:
        """Return a secret, as it is kept, for an app that is not in use yet; the same until one of its codes was shown."""
        member_id, new = session.account.member.id, self.codes.new_secret()

        def change(connection: Connection) -> str:
            account = repository.account_of(connection, member_id, held=True)
            if account and account.code_secret and not account.has_app:
                return account.code_secret
            repository.change(connection, member_id, code_secret=new, code_step=None)
            return new

        return await self._database.write(change)

    async def finish_app(self, session: Session, code: str, address: str) -> None:
        """Ask for the app's code at every sign-in from now on; every other session of the account ends.

        Raises:
            CodeRefused: it is not the code of the secret that was shown.
            TooManyFailures: too many were wrong.
        """
        member, now = session.account.member, self._clock.now()
        counted = throttle.by_code(member.id, address)
        await self._database.write(lambda c: throttle.begin_try(c, counted, now))

        def change(connection: Connection) -> bool:
            account = repository.account_of(connection, member.id, held=True)
            if account is None or account.code_secret is None or account.has_app:
                return False
            step = self.codes.step_of(account.code_secret, code, None, now)
            if step is None:
                return False
            throttle.forgive(connection, counted)
            repository.change(connection, member.id, code_since=now, code_step=step)
            repository.end_sessions(connection, member.id, but=session.token_hash)
            record(connection, member, "app.add", member.id, now=now)
            return True

        if not await self._database.write(change):
            raise CodeRefused

    async def remove_app(self, session: Session) -> None:
        """Ask for no codes any more."""
        member, now = session.account.member, self._clock.now()

        def change(connection: Connection) -> None:
            repository.change(
                connection, member.id, code_secret=None, code_since=None, code_step=None
            )
            record(connection, member, "app.remove", member.id, now=now)

        await self._database.write(change)
