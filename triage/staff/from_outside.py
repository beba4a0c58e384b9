"""Letting in whom the city's own sign-in has let in: the account is found, made or brought up to date, all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from triage.kit.ids import new_id
from triage.staff import repository
from triage.staff.audit import record
from triage.staff.city_sign_in import Outside
from triage.staff.errors import NoRoleHere
from triage.staff.repository import Account
from triage.staff.roles import Member, Role


def account_for(
    connection: Connection, outside: Outside, role: Role | None, now: datetime
) -> Account:
    """Return the account of somebody from outside, with the role that the city says now.

    Who has an account by that verified email already keeps it, with its queues.

    Raises:
        NoRoleHere: none of their groups has a role, or the account is disabled.
    """
    account = repository.account_from_outside(connection, outside.id)
    if account is None:
        known = repository.account_by_email(connection, outside.email)
        # Somebody else's by now, if it belongs to another of the city's accounts.
        account = known if known and known.outside_id is None and not known.is_demo else None
        if known and account is None:
            raise NoRoleHere
    if role is None or (account and account.disabled_at):
        raise NoRoleHere
    if account is None:
        return _made(connection, outside, role, now)
    member = replace(account.member, role=role)
    if account.outside_id is None:
        repository.change(connection, member.id, outside_id=outside.id)
        record(connection, member, "member.link", member.id, now=now)
    if member != account.member:
        repository.save_member(connection, member)
        record(
            connection, member, "member.change", member.id,
            now=now, role=role, was_role=account.member.role, by="city sign-in",
        )  # fmt: skip
    return replace(account, member=member)


def _made(connection: Connection, outside: Outside, role: Role, now: datetime) -> Account:
    member = Member(new_id("mem"), outside.email, outside.name, role)
    repository.add_member(connection, member, now, outside_id=outside.id)
    record(
        connection, member, "member.add", member.id,
        now=now, email=member.email, role=role, by="city sign-in",
    )  # fmt: skip
    account = repository.account_of(connection, member.id)
    assert account is not None  # noqa: S101 (just added)
    return account
