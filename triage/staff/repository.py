"""All SQL about accounts and sessions. Each function runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from triage.staff.roles import Member, Role
from triage.staff.tables import members, sessions


@dataclass(frozen=True)
class Account:
    """What is kept of a member beside who they are."""

    member: Member
    password_hash: str | None
    password_until: datetime | None
    code_secret: str | None
    code_since: datetime | None
    code_step: int | None
    outside_id: str | None
    is_demo: bool
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None

    @property
    def has_app(self) -> bool:
        """Whether a code of an authenticator app is asked for."""
        return self.code_since is not None


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, at one browser."""

    token_hash: str
    began_at: datetime
    seen_at: datetime
    proved_at: datetime
    waits_for_code: bool
    account: Account


def add_member(connection: Connection, member: Member, now: datetime, **kept: Any) -> None:
    """Add an account; `kept` are further columns.

    Raises:
        IntegrityError: the email is another's.
    """
    connection.execute(
        insert(members).values(
            id=member.id,
            email=member.email,
            name=member.name,
            role=member.role,
            queues=_queues(member),
            created_at=now,
            **({"is_demo": False} | kept),
        )
    )


def save_member(connection: Connection, member: Member) -> None:
    """Write a member's name, role and queues."""
    change(connection, member.id, name=member.name, role=member.role, queues=_queues(member))


def change(connection: Connection, member_id: str, **values: Any) -> None:
    """Write some columns of an account."""
    connection.execute(update(members).where(members.c.id == member_id).values(**values))


def _queues(member: Member) -> list[str] | None:
    return None if member.queues is None else sorted(member.queues)


def account_of(connection: Connection, member_id: str, *, held: bool = False) -> Account | None:
    """Return an account by its id; held: nobody else changes it until the end of the transaction."""
    return _one(connection, members.c.id == member_id, held=held)


def account_by_email(connection: Connection, email: str) -> Account | None:
    """Return an account by its email, in whatever letters."""
    return _one(connection, members.c.email == email.strip().lower())


def account_from_outside(connection: Connection, outside_id: str) -> Account | None:
    """Return an account by who they are at the city's own sign-in."""
    return _one(connection, members.c.outside_id == outside_id)


def all_accounts(connection: Connection) -> Sequence[Account]:
    """Return every account, by name."""
    rows = connection.execute(
        select(members).order_by(func.lower(members.c.name), members.c.id)
    )
    return [_account(row) for row in rows]


def lock_administrators(connection: Connection) -> int:
    """Return how many administrators can sign in, and hold them until the end of the transaction."""
    held = connection.execute(
        select(members.c.id)
        .where(members.c.role == Role.ADMINISTRATOR, members.c.disabled_at.is_(None))
        .order_by(members.c.id)
        .with_for_update()
    )
    return len(held.all())


def _one(connection: Connection, condition: Any, *, held: bool = False) -> Account | None:
    wanted = select(members).where(condition)
    row = connection.execute(wanted.with_for_update() if held else wanted).first()
    return _account(row) if row else None


def _account(row: Row[Any]) -> Account:
    queues = None if row.queues is None else frozenset(row.queues)
    return Account(
        Member(row.id, row.email, row.name, Role(row.role), queues),
        row.password_hash,
        row.password_until,
        row.code_secret,
        row.code_since,
        row.code_step,
        row.outside_id,
        row.is_demo,
        row.created_at,
        row.signed_in_at,
        row.disabled_at,
    )


# ── sessions ──


def add_session(
    connection: Connection,
    token_hash: str,
    member_id: str,
    now: datetime,
    *,
    waits_for_code: bool,
) -> None:
    """Begin a session."""
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash,
            member_id=member_id,
            began_at=now,
            seen_at=now,
            proved_at=now,
            waits_for_code=waits_for_code,
        )
    )


def session_of(connection: Connection, token_hash: str) -> Session | None:
    """Return a session by its token's hash, whatever its age, with its account."""
    row = connection.execute(
        select(sessions, *(c for c in members.c if c.name != "id"))
        .add_columns(members.c.id.label("id"))
        .join(members, members.c.id == sessions.c.member_id)
        .where(sessions.c.token_hash == token_hash)
    ).first()
    if row is None:
        return None
    return Session(
        row.token_hash,
        row.began_at,
        row.seen_at,
        row.proved_at,
        row.waits_for_code,
        _account(row),
    )


def touch(connection: Connection, token_hash: str, **moments: datetime) -> None:
    """Write when somebody did something last."""
    connection.execute(
        update(sessions).where(sessions.c.token_hash == token_hash).values(**moments)
    )


def end_session(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_sessions(connection: Connection, member_id: str, *, but: str = "") -> int:
    """End all sessions of a member but one, and say how many."""
    ended = connection.execute(
        delete(sessions).where(sessions.c.member_id == member_id, sessions.c.token_hash != but)
    )
    return ended.rowcount


def forget_sessions(connection: Connection, began_before: datetime) -> None:
    """Remove sessions that are over anyway."""
    connection.execute(delete(sessions).where(sessions.c.began_at < began_before))
