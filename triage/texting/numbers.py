"""Residents' phone numbers: kept once, encrypted; found again by a keyed hash. Nothing else keeps or logs them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NumberNotReadable(Exception):
    """None of the keys decrypts a number that was kept: a key has been taken away too early."""


def new_keys() -> tuple[str, str]:
    """Return a new key to encrypt numbers with, and one to find them by."""
    return Fernet.generate_key().decode(), secrets.token_urlsafe(32)


class Numbers:
    """Encrypts, decrypts and marks addresses (+14165550100, whatsapp:+14165550100).

    Args:
        keys: of Fernet; the first encrypts, all decrypt.
        match_key: of the hash by which an address is found. The hash is keyed, because all phone numbers of a
            country can be hashed in minutes.
    """

    def __init__(self, keys: Sequence[str], match_key: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._match_key = match_key.encode()

    def mark(self, address: str) -> str:
        """Return what an address is found by."""
        return hmac.new(self._match_key, address.encode(), hashlib.sha256).hexdigest()

    def lock(self, address: str) -> str:
        """Return an address as it is kept."""
        return self._fernet.encrypt(address.encode()).decode()

    def unlock(self, locked: str) -> str:
        """Return an address that was kept.

        Raises:
            NumberNotReadable: no key fits.
        """
        try:
            return self._fernet.decrypt(locked.encode()).decode()
        except InvalidToken as fault:
            raise NumberNotReadable from fault

    def lock_again(self, locked: str) -> str:
        """Return the same, encrypted with the first key.

        Raises:
            NumberNotReadable: no key fits.
        """
        try:
            return self._fernet.rotate(locked.encode()).decode()
        except InvalidToken as fault:
            raise NumberNotReadable from fault
