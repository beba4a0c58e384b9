"""Accounts, for those who manage them: each thing that can be done, with its entry in the audit trail.

Passwords are hashed before a transaction begins, never inside.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.kit.ids import new_id
from triage.staff import repository
from triage.staff.audit import Actor, record
from triage.staff.errors import EmailTaken, LastAdministrator, MemberUnknown
from triage.staff.passwords import Hashing, new_password
from triage.staff.repository import Account
from triage.staff.roles import Member, Role
from triage.staff.sessions import GIVEN_PASSWORD_FOR


class Accounts:
    """Who is staff, and what each of them is."""

    def __init__(self, database: Database, clock: Clock, hashing: Hashing) -> None:
        self._database, self._clock, self._hashing = database, clock, hashing

    async def add(
        self, by: Actor, email: str, name: str, role: Role, queues: frozenset[str] | None
    ) -> tuple[Member, str]:
        """Add an account; return it with a password that is to be changed at the first sign-in.

        Raises:
            EmailTaken: another account has the email.
        """
        member = Member(new_id("mem"), email.strip().lower(), name.strip(), role, queues)
        password = new_password()
        kept = await self._hashing.make(password)
        now = self._clock.now()

        def change(connection: Connection) -> None:
            until = now + GIVEN_PASSWORD_FOR
            if repository.account_by_email(connection, member.email):
                raise EmailTaken
            repository.add_member(
                connection, member, now, password_hash=kept, password_until=until
            )
            record(connection, by, "member.add", member.id, now=now, **_told(member))

        try:
            await self._database.write(change)
        except IntegrityError as fault:  # somebody else added it just now
            raise EmailTaken from fault
        return member, password

    async def reset(self, by: Actor, member_id: str) -> tuple[Member, str]:
        """Give an account a new password, to be changed at the first sign-in; end its sessions and forget its app.

        Raises:
            MemberUnknown: there is no such account.
        """
        password = new_password()
        kept = await self._hashing.make(password)
        now = self._clock.now()

        def change(connection: Connection) -> Member:
            member = self._account(connection, member_id).member
            repository.change(
                connection,
                member.id,
                password_hash=kept,
                password_until=now + GIVEN_PASSWORD_FOR,
                code_secret=None,
                code_since=None,
                code_step=None,
            )
            repository.end_sessions(connection, member.id)
            record(connection, by, "member.reset", member.id, now=now)
            return member

        return await self._database.write(change), password

    async def all(self) -> list[Account]:
        """Return every account, by name."""
        return list(await self._database.read(repository.all_accounts))

    async def account(self, member_id: str) -> Account:
        """Return an account.

        Raises:
            MemberUnknown: there is none.
        """
        return await self._database.read(lambda c: self._account(c, member_id))

    async def edit(
        self, by: Actor, member_id: str, name: str, role: Role, queues: frozenset[str] | None
    ) -> Member:
        """Change who somebody is at the line. What they do next is held against that at once.

        Raises:
            MemberUnknown: there is no such account.
            LastAdministrator: nobody could manage accounts any more.
        """
        now = self._clock.now()

        def change(connection: Connection) -> Member:
            # Held first, so that two administrators cannot each take the other's role away.
            administrators = repository.lock_administrators(connection)
            account = self._account(connection, member_id)
            was = account.member
            member = replace(was, name=name.strip(), role=role, queues=queues)
            if member == was:
                return was
            if role is not Role.ADMINISTRATOR and _is_last(account, administrators):
                raise LastAdministrator
            repository.save_member(connection, member)
            record(
                connection, by, "member.change", member.id, now=now,
                **_told(member), was_role=was.role, was_queues=_queues(was),
            )  # fmt: skip
            return member

        return await self._database.write(change)

    async def disable(self, by: Actor, member_id: str) -> Member:
        """Let somebody in no more, and end their sessions.

        Raises:
            MemberUnknown: there is no such account.
            LastAdministrator: nobody could manage accounts any more.
        """
        now = self._clock.now()

        def change(connection: Connection) -> Member:
            administrators = repository.lock_administrators(connection)
            account = self._account(connection, member_id)
            if _is_last(account, administrators):
                raise LastAdministrator
            repository.change(connection, member_id, disabled_at=now)
            repository.end_sessions(connection, member_id)
            record(connection, by, "member.disable", member_id, now=now)
            return account.member

        return await self._database.write(change)

    async def enable(self, by: Actor, member_id: str) -> Member:
        """Let somebody in again, with the password they had.

        Raises:
            MemberUnknown: there is no such account.
        """
        now = self._clock.now()

        def change(connection: Connection) -> Member:
            member = self._account(connection, member_id).member
            repository.change(connection, member_id, disabled_at=None)
            record(connection, by, "member.enable", member_id, now=now)
            return member

        return await self._database.write(change)

    @staticmethod
    def _account(connection: Connection, member_id: str) -> Account:
        account = repository.account_of(connection, member_id)
        if account is None:
            raise MemberUnknown
        return account


def _is_last(account: Account, administrators: int) -> bool:
    is_one = account.member.role is Role.ADMINISTRATOR and account.disabled_at is None
    return is_one and administrators == 1


def _told(member: Member) -> dict[str, str | list[str] | None]:
    return {"email": member.email, "role": member.role, "queues": _queues(member)}


def _queues(member: Member) -> list[str] | None:
    return None if member.queues is None else sorted(member.queues)
