"""Codes of an authenticator app (TOTP, RFC 6238). Secrets are kept encrypted, and no code is taken twice.

Pure but for randomness: the time is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, MultiFernet

_STEP_SECONDS = 30
# A phone's clock may be one step off, either way.
_DRIFT = (-1, 0, 1)


class AppCodes:
    """Makes secrets for apps, and checks their codes.

    Args:
        keys: of Fernet; the first encrypts, all decrypt. Without any nobody can use an app.
        line: what the app shows above its code.
    """

    def __init__(self, keys: Sequence[str], line: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        self._line = line

    @property
    def are_possible(self) -> bool:
        """Whether this line can keep secrets of apps."""
        return self._fernet is not None

    def new_secret(self) -> str:
        """Return a new secret as it is kept."""
        assert self._fernet is not None  # noqa: S101 (nobody is offered an app without keys)
        return self._fernet.encrypt(pyotp.random_base32().encode()).decode()

    def shown(self, kept: str) -> str:
        """Return a secret as somebody types it into an app, in fours.

        Raises:
            InvalidToken: the key it was kept with is gone.
        """
        plain = self._plain(kept)
        return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))

    def picture(self, kept: str, email: str) -> str:
        """Return a secret as an app scans it: an <svg>, black on white whatever the page's colours are."""
        uri = pyotp.TOTP(self._plain(kept)).provisioning_uri(name=email, issuer_name=self._line)
        drawn: str = segno.make(uri, error="m").svg_inline(
            scale=5,
            border=4,
            dark="#000",
            light="#fff",
            svgclass="code-picture",
            omitsize=True,
        )
        return drawn

    def step_of(self, kept: str, code: str, last: int | None, now: datetime) -> int | None:
        """Return the time step that a code belongs to; None: it does not fit now, or one as late was taken already."""
        app = pyotp.TOTP(self._plain(kept))
        given = "".join(code.split())
        current = int(now.timestamp()) // _STEP_SECONDS
        for step in (current + off for off in _DRIFT):
            is_new = last is None or step > last
            if is_new and pyotp.utils.strings_equal(given, app.generate_otp(step)):
                return step
        return None

    def _plain(self, kept: str) -> str:
        assert self._fernet is not None  # noqa: S101 (a secret was kept with a key)
        return self._fernet.decrypt(kept.encode()).decode()
