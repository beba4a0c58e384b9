"""Who is let in, for how long, and what ends it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest

from tests.support.staff import PASSWORD
from tests.triage.staff.conftest import Office
from triage.kit.db import Database
from triage.staff.audit import COMMAND_LINE
from triage.staff.demo import DEMO_PASSWORD, demo_members, seed
from triage.staff.errors import (
    CodeRefused,
    LastAdministrator,
    PasswordNotGood,
    SignInRefused,
    TooManyFailures,
)
from triage.staff.repository import Session
from triage.staff.roles import Member, Role
from triage.staff.sessions import GIVEN_PASSWORD_FOR, is_proved

HOME = "192.0.2.1"


async def signed_in(office: Office, member: Member, password: str = PASSWORD) -> str:
    return await office.staff.signing_in.by_password(member.email, password, HOME)


async def session(office: Office, token: str) -> Session:
    found = await office.staff.signing_in.session(token)
    assert found is not None
    return found


async def is_over(office: Office, token: str) -> bool:
    return await office.staff.signing_in.session(token, is_deed=False) is None


@pytest.mark.asyncio
async def test_a_session_ends_after_half_an_hour_without_anything_done(office: Office) -> None:
    token = await signed_in(office, office.adds())
    for _ in range(3):
        office.clock.passes(minutes=29)
        await session(office, token)
    office.clock.passes(minutes=30)
    assert await is_over(office, token)


@pytest.mark.asyncio
async def test_a_page_that_refreshes_itself_keeps_no_session_alive(office: Office) -> None:
    token = await signed_in(office, office.adds())
    for _ in range(2):
        office.clock.passes(minutes=14)
        assert await office.staff.signing_in.session(token, is_deed=False)
    office.clock.passes(minutes=2)
    assert await is_over(office, token)


@pytest.mark.asyncio
async def test_a_session_ends_after_twelve_hours_whatever_is_done(office: Office) -> None:
    token = await signed_in(office, office.adds())
    for _ in range(12 * 3 - 1):
        office.clock.passes(minutes=20)
        await session(office, token)
    office.clock.passes(minutes=20)
    assert await is_over(office, token)


@pytest.mark.asyncio
async def test_a_token_that_nobody_was_given_opens_nothing(office: Office) -> None:
    await signed_in(office, office.adds())
    assert await is_over(office, "")
    assert await is_over(office, "a-token-that-was-made-up")


@pytest.mark.asyncio
async def test_disabling_an_account_ends_its_sessions_at_once_and_lets_nobody_in(
    office: Office,
) -> None:
    member = office.adds()
    token = await signed_in(office, member)
    await office.staff.accounts.disable(COMMAND_LINE, member.id)
    assert await is_over(office, token)
    with pytest.raises(SignInRefused):
        await signed_in(office, member)
    await office.staff.accounts.enable(COMMAND_LINE, member.id)
    assert await is_over(office, token)
    assert await signed_in(office, member)


@pytest.mark.asyncio
async def test_a_changed_role_holds_from_the_next_click_on(office: Office) -> None:
    member = office.adds(Role.SUPERVISOR)
    token = await signed_in(office, member)
    queues = frozenset({"roads"})
    await office.staff.accounts.edit(COMMAND_LINE, member.id, "New Name", Role.AGENT, queues)
    now = (await session(office, token)).account.member
    assert (now.name, now.role, now.queues) == ("New Name", Role.AGENT, queues)


@pytest.mark.asyncio
async def test_signing_out_everywhere_ends_every_session(office: Office) -> None:
    member = office.adds()
    tokens = [await signed_in(office, member) for _ in range(3)]
    others = await signed_in(office, office.adds())
    await office.staff.signing_in.sign_out(await session(office, tokens[0]), everywhere=True)
    assert [await is_over(office, token) for token in tokens] == [True] * 3
    assert not await is_over(office, others)


@pytest.mark.asyncio
async def test_a_new_password_ends_all_other_sessions(office: Office) -> None:
    member = office.adds()
    here, elsewhere = await signed_in(office, member), await signed_in(office, member)
    with pytest.raises(PasswordNotGood):
        await office.staff.own.change_password(await session(office, here), "short")
    await office.staff.own.change_password(await session(office, here), "violet hammer ice")
    assert not await is_over(office, here)
    assert await is_over(office, elsewhere)
    with pytest.raises(SignInRefused):
        await signed_in(office, member)
    assert await signed_in(office, member, "violet hammer ice")


@pytest.mark.asyncio
async def test_a_password_that_was_shown_ten_minutes_ago_is_asked_for_again(
    office: Office,
) -> None:
    token = await signed_in(office, office.adds())
    office.clock.passes(minutes=11)
    found = await session(office, token)
    assert not is_proved(found, office.clock.now())
    with pytest.raises(SignInRefused):
        await office.staff.signing_in.prove(found, "wrong", HOME)
    assert not is_proved(await session(office, token), office.clock.now())
    await office.staff.signing_in.prove(found, PASSWORD, HOME)
    assert is_proved(await session(office, token), office.clock.now())


@pytest.mark.asyncio
async def test_a_password_made_by_an_administrator_is_good_for_a_week(office: Office) -> None:
    accounts = office.staff.accounts
    member, password = await accounts.add(
        COMMAND_LINE, " New@City.example ", "New", Role.AGENT, None
    )
    assert member.email == "new@city.example"
    account = (await session(office, await signed_in(office, member, password))).account
    assert account.password_until == office.clock.now() + GIVEN_PASSWORD_FOR
    office.clock.passes(days=7)
    with pytest.raises(SignInRefused):
        await signed_in(office, member, password)
    _, second = await accounts.reset(COMMAND_LINE, member.id)
    assert await signed_in(office, member, second)


@pytest.mark.asyncio
async def test_of_two_administrators_who_disable_each_other_one_stays(office: Office) -> None:
    both = [office.adds(Role.ADMINISTRATOR) for _ in range(2)]
    done = await asyncio.gather(
        office.staff.accounts.disable(both[0], both[1].id),
        office.staff.accounts.edit(both[1], both[0].id, "A", Role.AGENT, None),
        return_exceptions=True,
    )
    assert [type(d) for d in done].count(LastAdministrator) == 1


@pytest.mark.asyncio
async def test_an_account_for_show_opens_nothing_where_the_line_is_no_demonstration(
    office: Office,
) -> None:
    await office.database.write(lambda c: seed(c, office.clock.now()))
    # A second start adds nothing.
    await office.database.write(lambda c: seed(c, office.clock.now()))
    shown = Office(office.url, office.database, office.clock, is_demo=True)
    for member in demo_members():
        with pytest.raises(SignInRefused):
            await signed_in(office, member, DEMO_PASSWORD)
        token = await signed_in(shown, member, DEMO_PASSWORD)
        assert not await is_over(shown, token)
        # Nor does a session from the time when it was one.
        assert await is_over(office, token)


# ── the authenticator app ──


async def with_app(office: Office) -> tuple[Member, pyotp.TOTP]:
    """Return somebody who uses an app, and the app."""
    member, own = office.adds(), office.staff.own
    here = await session(office, await signed_in(office, member))
    app = pyotp.TOTP(own.codes.shown(await own.begin_app(here)).replace(" ", ""))
    # Shown again, as by the back button: the same one.
    assert own.codes.shown(await own.begin_app(here)).replace(" ", "") == app.secret
    with pytest.raises(CodeRefused):
        await own.finish_app(here, wrong(app, office), HOME)
    await own.finish_app(here, app.at(office.clock.now()), HOME)
    office.clock.passes(minutes=1)
    return member, app


def wrong(app: pyotp.TOTP, office: Office) -> str:
    """Return a code that fits at none of the times that count."""
    near = {app.at(office.clock.now() + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}
    return next(code for code in ("111111", "222222", "333333", "444444") if code not in near)


@pytest.mark.asyncio
async def test_with_an_app_the_password_alone_opens_nothing(office: Office) -> None:
    member, app = await with_app(office)
    half = await session(office, await signed_in(office, member))
    assert half.waits_for_code
    with pytest.raises(CodeRefused):
        await office.staff.signing_in.by_code(half, wrong(app, office), HOME)
    code = app.at(office.clock.now())
    token = await office.staff.signing_in.by_code(half, f"{code[:3]} {code[3:]}", HOME)
    assert not (await session(office, token)).waits_for_code


@pytest.mark.parametrize(
    ("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)]
)
@pytest.mark.asyncio
async def test_a_phone_may_be_half_a_minute_off(
    office: Office, seconds: int, fits: bool
) -> None:
    member, app = await with_app(office)
    half = await session(office, await signed_in(office, member))
    code = app.at(office.clock.now() + timedelta(seconds=seconds))
    if fits:
        assert await office.staff.signing_in.by_code(half, code, HOME)
    else:
        with pytest.raises(CodeRefused):
            await office.staff.signing_in.by_code(half, code, HOME)


@pytest.mark.asyncio
async def test_a_code_is_taken_once_also_of_two_who_show_it_at_one_time(office: Office) -> None:
    member, app = await with_app(office)
    halves = [await session(office, await signed_in(office, member)) for _ in range(2)]
    code = app.at(office.clock.now())
    done = await asyncio.gather(
        *(office.staff.signing_in.by_code(half, code, HOME) for half in halves),
        return_exceptions=True,
    )
    assert sorted(type(d).__name__ for d in done) == ["CodeRefused", "str"]


@pytest.mark.asyncio
async def test_codes_cannot_be_guessed_by_whoever_knows_the_password(office: Office) -> None:
    member, app = await with_app(office)
    for refusal in [CodeRefused] * 5 + [TooManyFailures]:
        # Each time from the start: the right password forgives no wrong code.
        half = await session(office, await signed_in(office, member))
        with pytest.raises(refusal):
            await office.staff.signing_in.by_code(half, wrong(app, office), HOME)


@pytest.mark.asyncio
async def test_a_reset_account_needs_no_app_and_its_secret_was_never_readable(
    office: Office,
) -> None:
    member, app = await with_app(office)
    account = await office.staff.accounts.account(member.id)
    assert app.secret not in str(account.code_secret)
    _, password = await office.staff.accounts.reset(COMMAND_LINE, member.id)
    token = await signed_in(office, member, password)
    assert not (await session(office, token)).waits_for_code


@pytest.mark.asyncio
async def test_the_database_holds_no_token_that_opens_a_session(office: Office) -> None:
    token = await signed_in(office, office.adds())
    assert token not in await dumped(office.database)


async def dumped(database: Database) -> str:
    def all_rows(connection: object) -> str:
        return str(connection.exec_driver_sql("SELECT * FROM staff_sessions").all())  # type: ignore[attr-defined]

    return await database.read(all_rows)
