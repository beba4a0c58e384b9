"""Which passwords are taken, and what is kept of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from triage.staff.passwords import (
    Hashing,
    fault_of,
    hash_of_password,
    is_leaked,
    new_password,
)

ABOUT = ("Avery Quartermaine", "avery.quartermaine@city.example", "Toronto", "ask 311")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("sailor tuna bridge", None),
        ("violet-hammer-under-ice", None),
        ("ég är bläck för råttor", None),
        ("x7$kQ!mZ29vb", "at least 15"),
        ("passwordpassword", "easy to guess"),
        ("123456789012345678", "easy to guess"),
        ("qwertyuiopasdfghjkl", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("Avery Quartermaine", "easy to guess"),
        ("torontotorontotoronto", "easy to guess"),
        ("a" * 201, "at most 200"),
    ],
)
def test_a_new_password_is_long_and_not_one_that_is_tried_first(
    password: str, why: str | None
) -> None:
    found = fault_of(password, ABOUT)
    assert (found is None) if why is None else (why in (found or ""))


def test_a_password_on_the_citys_list_of_leaked_ones_is_refused(tmp_path: Path) -> None:
    leaked = ["sailor tuna bridge", *(f"word number {n}" for n in range(500))]
    marks = sorted(hashlib.sha1(p.encode()).hexdigest().upper() for p in leaked)  # noqa: S324
    path = tmp_path / "leaked.txt"
    path.write_text("".join(f"{mark}:{n}\r\n" for n, mark in enumerate(marks, 1)))
    assert all(is_leaked(password, path) for password in leaked)
    assert not any(is_leaked(f"other {n}", path) for n in range(500))
    assert "leaked" in (fault_of("sailor tuna bridge", ABOUT, path) or "")
    assert fault_of("violet-hammer-under-ice", ABOUT, path) is None


def test_what_is_kept_of_a_password_is_argon2id_and_never_twice_the_same() -> None:
    first, second = hash_of_password("same words"), hash_of_password("same words")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second


@pytest.mark.asyncio
async def test_only_the_password_fits_and_where_none_is_kept_nothing_does() -> None:
    hashing, kept = Hashing(), hash_of_password("the words")
    assert await hashing.fits("the words", kept)
    assert not await hashing.fits("the Words", kept)
    assert not await hashing.fits("", None)


def test_a_password_made_for_somebody_is_good_enough_to_keep() -> None:
    made = {new_password() for _ in range(20)}
    assert len(made) == 20
    assert all(fault_of(password, ABOUT) is None for password in made)
