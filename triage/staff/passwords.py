"""Passwords: kept as argon2id, and only those taken that nobody will guess. Works without a network.

Hashing takes about a tenth of a second and 64 MB on purpose: it is never done inside a transaction, nor on the event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# NIST SP 800-63B-4 asks for 15 where a password alone lets somebody in. No rules about signs: they make worse ones.
SHORTEST = 15
LONGEST = 200
# zxcvbn's guess of how many tries it takes, as a power of ten: below, it is on a list of leaked ones, or nearly.
_LEAST_GUESSES = 10
# zxcvbn's time grows with the square of the length.
_READ_BY_ZXCVBN = 72
# Each hash under way takes 64 MB.
_AT_ONCE = 2
# Without letters and digits that are mistaken for each other.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()


class Hashing:
    """Makes and checks hashes, few at a time, beside the event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def make(self, password: str) -> str:
        """Return what is kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(hash_of_password, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Say whether it is the password; where none is kept, that takes as long and is no."""
        async with self._turns:
            return await asyncio.to_thread(_fits, password, kept or _nobodys()) and bool(kept)

    async def fault_of(
        self, password: str, about: Sequence[str], leaked: Path | None = None
    ) -> str | None:
        """Say what is wrong with a new password: `fault_of`, beside the event loop."""
        async with self._turns:
            return await asyncio.to_thread(fault_of, password, about, leaked)


def hash_of_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(password)


def _fits(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def new_password() -> str:
    """Return a password to be said or written down once: 20 letters in fives, 98 bits."""
    fives = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(fives)


def fault_of(password: str, about: Sequence[str], leaked: Path | None = None) -> str | None:
    """Say what is wrong with a new password, in words for who chose it; None: nothing.

    Args:
        about: what others know of its owner: name, email, the city.
        leaked: a list of all passwords known to have leaked, as `is_leaked` reads it.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three or four words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    # Here, so that a process in which nobody chooses a password does not hold its lists in memory.
    from zxcvbn import zxcvbn

    known = [part for words in about for part in words.replace("@", " ").split()]
    read = zxcvbn(password[:_READ_BY_ZXCVBN], user_inputs=known)
    if float(read["guesses_log10"]) < _LEAST_GUESSES:
        return "This one is easy to guess: it is like passwords that have leaked, a pattern, or your own name."
    if leaked and is_leaked(password, leaked):
        return "This password has leaked somewhere. Choose another, and change it wherever you use it."
    return None


def is_leaked(password: str, path: Path) -> bool:
    """Say whether a password is on a list of leaked ones.

    Args:
        path: Have I Been Pwned's list, ordered by hash: a line is 40 hexadecimal digits of SHA-1, a colon, a count.

    Raises:
        OSError: the list cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        # Between `low` and `high`, as places in the file, lies the line if there is one.
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()
            if line and line[:40].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        file.seek(low)
        if low:
            file.readline()
        return file.readline()[:40].upper() == wanted
