"""`python -m triage`: serve (the default), worker, migrate, settings, check-routing, the keys of Open311, forward-again,
and those of text messages (reconcile, not-arrived, make-text-keys, move-text-numbers)."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from services_catalog.database import open_database
from services_catalog.loaded import settle
from services_catalog.packs import PackError, read_entries
from triage.app import create_app
from triage.door import Door
from triage.errors import DatabaseUnavailable
from triage.forwarding.repository import put_back
from triage.insight import cli as insight
from triage.kit.log import set_up_logging
from triage.kit.outside import Failed
from triage.learning import cli as learning
from triage.migrations import migrate
from triage.open311 import keys
from triage.parts import Parts
from triage.reviews.links import Link
from triage.routing.checks import check_routing
from triage.routing.pack import load_routing
from triage.serve import Server
from triage.settings import Settings, settings_table
from triage.staff_cli import add_commands
from triage.texting.codes import in_words
from triage.texting.numbers import NumberNotReadable, new_keys
from triage.texting.repository.outgoing import not_arrived
from triage.texting.texting import move_numbers
from triage.worker import create_worker


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 when something is wrong (said on standard error)."""
    options = parsed(list(sys.argv[1:] if arguments is None else arguments))
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except ValidationError as fault:
        for error in fault.errors():
            name = ".".join(map(str, error["loc"])).upper()
            print(f"ASK311_{name}: {error['msg']}", file=sys.stderr)
    except PackError as fault:
        print(fault, file=sys.stderr)
    except SQLAlchemyError as fault:
        print(f"The database cannot be used: {type(fault).__name__}", file=sys.stderr)
    return 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for; without a command, that is to serve."""
    if not arguments or arguments[0] in ("--host", "--port"):
        arguments = ["serve", *arguments]
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m triage", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        says = (run.__doc__ or "").strip()
        added = commands.add_parser(name, help=says, description=says)
        added.set_defaults(run=run)
        return added

    serve = command("serve", _serve)
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    worker = command("worker", _work)
    worker.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    worker.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8001")))
    command("migrate", _migrate)
    command("settings", _settings)
    routing = command("check-routing", _check_routing)
    routing.add_argument("--city", default=os.environ.get("ASK311_CITY", "toronto"))
    make = command("make-api-key", _make_api_key)
    make.add_argument("name", help="whose key it is, as staff will know them")
    command("api-keys", _api_keys)
    revoke = command("revoke-api-key", _revoke_api_key)
    revoke.add_argument("id", help="the key's id, as api-keys lists it")
    again = command("forward-again", _forward_again)
    again.add_argument("id", help="the id of a 'forward' in routing.yaml")
    for name, run in (("reconcile", _reconcile), ("not-arrived", _not_arrived)):
        command(name, run).add_argument(
            "--since",
            type=_moment,
            default=datetime.now(UTC) - timedelta(days=1),
            help="from when on, as 2026-11-29T08:00 (UTC, if it names no zone); default: a day ago",
        )
    command("check-links", _check_links)
    command("make-text-keys", _make_text_keys)
    command("move-text-numbers", _move_text_numbers)
    add_commands(command)
    insight.add_commands(command)
    learning.add_commands(command)
    return parser


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _settings(_: argparse.Namespace) -> int:
    """List everything that can be set from outside."""
    print(settings_table())
    return 0


def _migrate(_: argparse.Namespace) -> int:
    """Bring the database's tables up to date; serve does that too."""
    migrate(open_database(Settings().database_url))  # from the environment
    return 0


def _check_routing(options: argparse.Namespace) -> int:
    """Hold a pack's routing against the pack's entries, and say what is wrong."""
    routing, entries = load_routing(options.city), read_entries(options.city)
    faults = check_routing(routing, entries)
    for fault in faults:
        print(fault)
    if not faults:
        reportable = sum(e.requestable for e in entries)
        print(
            f"{options.city}: {reportable} services reach {len(routing.queues)} queues "
            f"by {len(routing.rules)} rules."
        )
    return 1 if faults else 0


@contextmanager
def _transaction() -> Iterator[Connection]:
    engine = open_database(Settings().database_url)  # from the environment
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _make_api_key(options: argparse.Namespace) -> int:
    """Make a key for somebody who sends requests over Open311, and show it: only now."""
    with _transaction() as connection:
        print(keys.make_key(connection, options.name, datetime.now(UTC)))
    print("Keep it safe: it cannot be shown again.", file=sys.stderr)
    return 0


def _api_keys(_: argparse.Namespace) -> int:
    """List who has a key, without the keys."""
    with _transaction() as connection:
        for key in keys.all_keys(connection):
            until = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "valid"
            print(f"{key.id}  made {key.created_at:%Y-%m-%d}  {until}  {key.name}")
    return 0


def _revoke_api_key(options: argparse.Namespace) -> int:
    """Make a key invalid from now on."""
    with _transaction() as connection:
        if keys.revoke(connection, options.id, datetime.now(UTC)):
            return 0
    print(f"There is no valid key with the id {options.id!r}: see api-keys.", file=sys.stderr)
    return 1


def _forward_again(options: argparse.Namespace) -> int:
    """Put back into the outbox the cases that could not be forwarded to an outside endpoint."""
    with _transaction() as connection:
        put = put_back(connection, options.id, datetime.now(UTC))
    print(f"{put} cases are tried again.")
    return 0


def _not_arrived(options: argparse.Namespace) -> int:
    """List the texts that did not reach their resident, and why; what to do in danger first."""
    with _transaction() as connection:
        for text in not_arrived(connection, options.since):
            danger = "DANGER  " if text.is_safety else ""
            print(
                f"{text.at:%Y-%m-%d %H:%M}  {danger}{text.conversation_id}  "
                f"{text.message_id or '-'}  {in_words(text.why)}"
            )
    return 0


def _make_text_keys(_: argparse.Namespace) -> int:
    """Make keys for residents' phone numbers, and show them: to be set as they are."""
    encrypts, finds = new_keys()
    print(f"ASK311_TEXT_KEYS={encrypts}\nASK311_TEXT_MATCH_KEY={finds}")
    print("Keep them safe: without them no number can be read or found.", file=sys.stderr)
    return 0


def _move_text_numbers(_: argparse.Namespace) -> int:
    """Encrypt all phone numbers anew with the first of ASK311_TEXT_KEYS, so that the others can be taken away."""
    settings = Settings()  # from the environment
    if not settings.has_texts:
        return _no_texts()
    try:
        with _transaction() as connection:
            moved = move_numbers(connection, settings)
    except NumberNotReadable:
        print("A number fits none of the keys; nothing was changed.", file=sys.stderr)
        return 1
    print(f"{moved} numbers are encrypted with the first key.")
    return 0


def _no_texts() -> int:
    print(
        "This line has no text messages: ASK311_TWILIO_ACCOUNT_SID is not set.", file=sys.stderr
    )
    return 1


def _check_links(_: argparse.Namespace) -> int:
    """Look at every page that entries name, and list those that are moved, gone or cannot be reached."""
    # Under a name of its own: no other process's work is touched.
    parts = _parts(Settings().worker_at(os.getpid()))  # from the environment
    if parts is None:
        return 1
    try:
        looked, waiting = asyncio.run(_look_at_links(parts))
    except DatabaseUnavailable:
        print("The database cannot be used.", file=sys.stderr)
        return 1
    for link, owner in waiting:
        print("\t".join((link.found or "", link.address, link.moved_to, owner)))
    print(f"{looked} pages looked at, {len(waiting)} to see to.", file=sys.stderr)
    return 0


async def _look_at_links(parts: Parts) -> tuple[int, list[tuple[Link, str]]]:
    async with parts.opened():
        looked = await parts.links.everything()
        return looked, await parts.reviews.broken_links()


def _reconcile(options: argparse.Namespace) -> int:
    """Read the carrier's log, and take in the texts that never came; workers do that too, every few minutes."""
    # Under a name of its own: no other process's work is touched.
    settings = Settings().worker_at(os.getpid())  # from the environment
    if not settings.has_texts:
        return _no_texts()
    parts = _parts(settings)
    if parts is None:
        return 1
    try:
        read, found, settled = asyncio.run(_read_logs(parts, options.since))
    except Failed as fault:
        print(f"The carrier's log cannot be read: {fault.kind}", file=sys.stderr)
        return 1
    except DatabaseUnavailable:
        print("The database cannot be used.", file=sys.stderr)
        return 1
    print(
        f"{read} texts in the log, {found} had not come; {settled} sent ones have an end now."
    )
    return 0


async def _read_logs(parts: Parts, since: datetime) -> tuple[int, int, int]:
    assert parts.texting is not None  # noqa: S101 (has_texts)
    async with parts.opened():
        # What is found is answered by the line's own processes, not by this one.
        await parts.relay.stop()
        reconciler = parts.texting.reconciler
        read = found = 0
        for line in parts.texting.lines:
            account = await reconciler.read(line, since)
            read, found = read + account.read, found + account.found
        return read, found, await reconciler.settle()


def _serve(options: argparse.Namespace) -> int:
    """Run the front door until told to stop."""
    settings = Settings().replica_at(options.port)  # from the environment
    return _run(settings, create_app, options)


def _work(options: argparse.Namespace) -> int:
    """Run a worker until told to stop: it answers what waits and does the jobs; its port tells its health and figures."""
    settings = Settings().worker_at(options.port)  # from the environment
    return _run(settings, create_worker, options)


def _run(
    settings: Settings, create: Callable[[Parts], Door], options: argparse.Namespace
) -> int:
    parts = _parts(settings)
    if parts is None:
        return 1
    server = Server(create(parts), options.host, options.port)
    settle()
    server.run()
    return 0 if server.started else 1


def _parts(settings: Settings) -> Parts | None:
    """Return the parts of the line; None, and said why, if they cannot be had."""
    # Here, so that the other commands need none of it.
    from services_catalog.encoder import open_encoder
    from triage.danger_model import DangerModelError, load_danger_model
    from triage.safety import Safety

    set_up_logging(settings.log_level)
    encoder = open_encoder()
    try:
        safety = Safety(load_danger_model(encoder) if encoder else None)
    except DangerModelError as fault:
        print(fault, file=sys.stderr)
        return None
    return Parts(
        settings,
        safety.look,
        # Looking for danger, the encoder has read the message already.
        hand_on=encoder.hand_on if encoder else None,
        encoder=encoder,
        on_death=lambda: signal.raise_signal(signal.SIGTERM),
    )
