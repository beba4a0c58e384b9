"""Signing in and out: by password, then by the code of an app where the account has one; and proving it once more.

Passwords are hashed before a transaction begins or after it ended, never inside.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.ids import hash_of, new_token
from triage.staff import repository, throttle
from triage.staff.app_codes import AppCodes
from triage.staff.audit import record
from triage.staff.city_sign_in import Outside
from triage.staff.errors import CodeRefused, SignInRefused
from triage.staff.from_outside import account_for
from triage.staff.passwords import Hashing
from triage.staff.repository import Account, Session
from triage.staff.roles import Role
from triage.staff.sessions import SEEN_EVERY, Lifetime


class SigningIn:
    """Lets staff in.

    Args:
        is_demo: whether accounts for show may sign in.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lifetime: Lifetime,
        hashing: Hashing,
        codes: AppCodes,
        *,
        is_demo: bool = False,
    ) -> None:
        self._database, self._clock, self._lifetime = database, clock, lifetime
        self._hashing, self._codes, self._is_demo = hashing, codes, is_demo

    async def by_password(self, email: str, password: str, address: str) -> str:
        """Return the token of a new session for whoever knows the password.

        Raises:
            SignInRefused: they do not fit, or the account may not be used.
            TooManyFailures: the account or the address has failed too often.
        """
        counted = throttle.by_password(email, address)
        account = await self._tried(email, password, counted)
        return await self._database.write(
            lambda c: self._begin(c, account, counted, waits_for_code=account.has_app)
        )

    async def by_code(self, session: Session, code: str, address: str) -> str:
        """Return the token of a new session in place of one that waits for a code.

        Raises:
            CodeRefused: it is not the app's.
            TooManyFailures: the account or the address has failed too often.
        """
        member_id, now = session.account.member.id, self._clock.now()
        counted = throttle.by_code(member_id, address)
        await self._database.write(lambda c: throttle.begin_try(c, counted, now))

        def change(connection: Connection) -> str | None:
            # Read anew and held: of two who show one code at one time, one is let in.
            account = repository.account_of(connection, member_id, held=True)
            if account is None or account.code_secret is None:
                return None
            step = self._codes.step_of(account.code_secret, code, account.code_step, now)
            if step is None:
                record(connection, account.member, "session.refused", member_id, now=now)
                return None
            repository.change(connection, member_id, code_step=step)
            repository.end_session(connection, session.token_hash)
            return self._begin(connection, account, counted, waits_for_code=False)

        token = await self._database.write(change)
        if token is None:
            raise CodeRefused
        return token

    async def from_outside(
        self, outside: Outside, role: Role | None, replaced: str = ""
    ) -> str:
        """Return the token of a new session for somebody whom the city's own sign-in has let in.

        Args:
            role: what the city says they are here; None: nothing.
            replaced: the token of the browser until now; its session, if it is one, ends.

        Raises:
            NoRoleHere: they are nothing here, or may not sign in.
        """
        now = self._clock.now()

        def change(connection: Connection) -> str:
            account = account_for(connection, outside, role, now)
            repository.end_session(connection, hash_of(replaced))
            return self._begin(connection, account, (), waits_for_code=False)

        return await self._database.write(change)

    async def prove(self, session: Session, password: str, address: str) -> None:
        """Take note that somebody showed their password again.

        Raises:
            SignInRefused: it is not the account's.
            TooManyFailures: the account or the address has failed too often.
        """
        counted = throttle.by_password(session.account.member.email, address)
        await self._tried(session.account.member.email, password, counted)
        now = self._clock.now()

        def change(connection: Connection) -> None:
            throttle.forgive(connection, counted)
            repository.touch(connection, session.token_hash, proved_at=now, seen_at=now)

        await self._database.write(change)

    async def _tried(
        self, email: str, password: str, counted: Sequence[throttle.Counted]
    ) -> Account:
        """Return the account that email and password fit; the try is counted until it is forgiven."""
        now = self._clock.now()
        await self._database.write(lambda c: throttle.begin_try(c, counted, now))
        account = await self._database.read(lambda c: repository.account_by_email(c, email))
        fits = await self._hashing.fits(password, account.password_hash if account else None)
        if account and fits and self._may_sign_in(account):
            return account
        if account:
            known = account.member
            await self._database.write(
                lambda c: record(c, known, "session.refused", known.id, now=now)
            )
        raise SignInRefused

    def _may_sign_in(self, account: Account) -> bool:
        is_in_time = (
            account.password_until is None or self._clock.now() < account.password_until
        )
        is_for_here = self._is_demo or not account.is_demo
        return account.disabled_at is None and is_in_time and is_for_here

    def _begin(
        self,
        connection: Connection,
        account: Account,
        counted: Sequence[throttle.Counted],
        *,
        waits_for_code: bool,
    ) -> str:
        now, token, member = self._clock.now(), new_token(), account.member
        throttle.forgive(connection, counted)
        repository.forget_sessions(connection, now - self._lifetime.whole)
        repository.add_session(
            connection, hash_of(token), member.id, now, waits_for_code=waits_for_code
        )
        if not waits_for_code:
            repository.change(connection, member.id, signed_in_at=now)
            record(connection, member, "session.begin", member.id, now=now)
        return token

    async def session(self, token: str, *, is_deed: bool = True) -> Session | None:
        """Return the session of a token; None: there is none, or it is over.

        Args:
            is_deed: somebody does something. A page that refreshes itself keeps no session alive.
        """
        if not token:
            return None
        now, key = self._clock.now(), hash_of(token)
        session = await self._database.read(lambda c: repository.session_of(c, key))
        if session is None or not self._lifetime.has(session, now):
            return None
        if session.account.is_demo and not self._is_demo:
            return None
        if is_deed and now >= session.seen_at + SEEN_EVERY:
            await self._database.write(lambda c: repository.touch(c, key, seen_at=now))
        return session

    async def sign_out(self, session: Session, *, everywhere: bool = False) -> None:
        """End a session, or all of its account."""
        member, now = session.account.member, self._clock.now()

        def end(connection: Connection) -> None:
            if everywhere:
                ended = repository.end_sessions(connection, member.id)
                record(
                    connection, member, "session.end_all", member.id, now=now, sessions=ended
                )
            else:
                repository.end_session(connection, session.token_hash)
                record(connection, member, "session.end", member.id, now=now)

        await self._database.write(end)
