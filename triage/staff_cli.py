"""Commands about staff: `python -m triage make-staff` and `verify-audit`. See cli.py."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Callable

from cryptography.fernet import Fernet

from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.migrations import migrate
from triage.settings import Settings
from triage.staff import repository
from triage.staff.accounts import Accounts
from triage.staff.audit import COMMAND_LINE, Broken, verify
from triage.staff.passwords import Hashing
from triage.staff.roles import Member, Role

Run = Callable[[argparse.Namespace], int]
MakeCommand = Callable[[str, Run], argparse.ArgumentParser]


def add_commands(command: MakeCommand) -> None:
    """Add the commands to a parser, by what makes one of a name and a function."""
    make = command("make-staff", _make_staff)
    make.add_argument("email", type=_email, help="the work email they sign in with")
    make.add_argument("--name", help="their name, as colleagues and residents see it")
    make.add_argument(
        "--role",
        type=Role,
        choices=list(Role),
        help="of somebody new: administrator, who makes all other accounts, if it is not given; of others: as it was",
    )
    command("make-staff-key", _make_key)
    known = command("verify-audit", _verify_audit)
    known.add_argument(
        "--known", type=_known, metavar="NUMBER:HASH",
        help="an entry as it was at an earlier check; also says whether the trail was cut off or written anew",
    )  # fmt: skip


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise argparse.ArgumentTypeError("write an email, as anna@city.example")
    return text.strip().lower()


def _known(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not number.isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", seal):
        raise argparse.ArgumentTypeError("write it as verify-audit prints it: NUMBER:HASH")
    return int(number), seal


def _make_staff(options: argparse.Namespace) -> int:
    """Make an account for one of the staff, or give one a new password, and show that: only now."""
    settings = Settings()  # from the environment
    database = Database(settings.database_url)
    try:
        migrate(database.engine)
        member, password = asyncio.run(_made(database, options))
    finally:
        database.close()
    print(f"{member.email} ({member.role})\nPassword: {password}")
    print(
        "It is good for one sign-in within seven days, at /staff; then a new one is chosen.",
        file=sys.stderr,
    )
    return 0


async def _made(database: Database, options: argparse.Namespace) -> tuple[Member, str]:
    accounts = Accounts(database, SystemClock(), Hashing())
    known = await database.read(lambda c: repository.account_by_email(c, options.email))
    if known is None:
        name = options.name or options.email.partition("@")[0]
        role = options.role or Role.ADMINISTRATOR
        return await accounts.add(COMMAND_LINE, options.email, name, role, None)
    member = known.member
    # Whoever cannot get in any more may have been disabled, or have lost the role: so these too.
    name, role = options.name or member.name, options.role or member.role
    await accounts.edit(COMMAND_LINE, member.id, name, role, member.queues)
    if known.disabled_at:
        await accounts.enable(COMMAND_LINE, member.id)
    return await accounts.reset(COMMAND_LINE, member.id)


def _make_key(_: argparse.Namespace) -> int:
    """Make a key for the secrets of authenticator apps, and show it: to be set as it is."""
    print(f"ASK311_STAFF_KEYS={Fernet.generate_key().decode()}")
    print("Keep it safe: without it no code of an app can be checked.", file=sys.stderr)
    return 0


def _verify_audit(options: argparse.Namespace) -> int:
    """Check that the audit trail is as it was written, and say where it is not."""
    database = Database(Settings().database_url)  # from the environment
    try:
        found = asyncio.run(database.read(lambda c: verify(c, options.known)))
    finally:
        database.close()
    if isinstance(found, Broken):
        print(f"The audit trail is broken at entry {found.seq}: {found.why}.", file=sys.stderr)
        return 1
    print(f"The audit trail is whole: {found.seq} entries. Keep this for the next check:")
    print(f"{found.seq}:{found.hash}")
    return 0
