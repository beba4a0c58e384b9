"""How often somebody may fail to sign in."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.staff import PASSWORD
from tests.triage.staff.conftest import Office
from triage.staff.errors import SignInRefused, TooManyFailures
from triage.staff.throttle import BY_ACCOUNT, BY_ADDRESS, Pace


@pytest.mark.parametrize(
    ("pace", "failures", "seconds"),
    [
        (BY_ACCOUNT, 1, 0),
        (BY_ACCOUNT, 4, 0),
        (BY_ACCOUNT, 5, 15),
        (BY_ACCOUNT, 6, 30),
        (BY_ACCOUNT, 10, 480),
        (BY_ACCOUNT, 11, 900),
        (BY_ACCOUNT, 1_000, 900),
        (BY_ADDRESS, 20, 0),
        (BY_ADDRESS, 21, 15),
        (BY_ADDRESS, 100, 900),
    ],
)
def test_the_pause_after_so_many_failures(pace: Pace, failures: int, seconds: int) -> None:
    assert pace.pause(failures) == timedelta(seconds=seconds)


async def fails(office: Office, email: str, address: str = "192.0.2.1") -> None:
    with pytest.raises(SignInRefused):
        await office.staff.signing_in.by_password(email, "wrong", address)


@pytest.mark.asyncio
async def test_after_five_failures_even_the_right_password_has_to_wait(office: Office) -> None:
    email = office.adds().email
    for address in range(5):
        await fails(office, email, f"192.0.2.{address}")
    with pytest.raises(TooManyFailures) as waits:
        await office.staff.signing_in.by_password(email, PASSWORD, "192.0.2.9")
    assert waits.value.seconds in (15, 16)
    office.clock.passes(seconds=16)
    assert await office.staff.signing_in.by_password(email, PASSWORD, "192.0.2.9")
    # Forgotten with it.
    await fails(office, email)


@pytest.mark.asyncio
async def test_an_email_that_nobody_has_is_slowed_down_like_any_other(office: Office) -> None:
    for _ in range(5):
        await fails(office, "nobody@city.example")
    with pytest.raises(TooManyFailures):
        await office.staff.signing_in.by_password("Nobody@city.example ", "wrong", "192.0.2.1")


@pytest.mark.asyncio
async def test_an_address_that_tries_many_accounts_has_to_wait(office: Office) -> None:
    member = office.adds()
    for n in range(21):
        await fails(office, f"person-{n}@city.example")
    with pytest.raises(TooManyFailures):
        await office.staff.signing_in.by_password(member.email, PASSWORD, "192.0.2.1")
    assert await office.staff.signing_in.by_password(member.email, PASSWORD, "192.0.2.2")


@pytest.mark.asyncio
async def test_tries_at_one_time_are_counted_like_tries_one_after_another(
    office: Office,
) -> None:
    email = office.adds().email
    tries = [
        office.staff.signing_in.by_password(email, f"wrong {n}", f"192.0.2.{n}")
        for n in range(12)
    ]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    kinds = [type(error) for error in ended]
    assert kinds.count(SignInRefused) == 5
    assert kinds.count(TooManyFailures) == 7


@pytest.mark.asyncio
async def test_an_hour_later_nothing_is_left_of_a_failure(office: Office) -> None:
    email = office.adds().email
    for _ in range(5):
        await fails(office, email)
    office.clock.passes(minutes=61)
    for _ in range(4):
        await fails(office, email)
