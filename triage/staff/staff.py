"""The staff of one line, assembled: how they sign in, who they are, what they change themselves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.staff.accounts import Accounts
from triage.staff.app_codes import AppCodes
from triage.staff.city_sign_in import CityServer, CitySignIn
from triage.staff.own_account import OwnAccount
from triage.staff.passwords import Hashing
from triage.staff.roles import Role
from triage.staff.sessions import Lifetime
from triage.staff.signing_in import SigningIn
from triage.staff_settings import StaffSettings


class Staff:
    """The parts that know staff.

    Args:
        city: its name.
        is_demo: whether accounts for show may sign in.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: StaffSettings,
        city: str,
        *,
        is_demo: bool = False,
    ) -> None:
        lifetime = Lifetime(
            idle=timedelta(minutes=settings.staff_idle_minutes),
            whole=timedelta(hours=settings.staff_session_hours),
        )
        hashing = Hashing()
        keys = [key.get_secret_value() for key in settings.staff_keys]
        codes = AppCodes(keys, f"Ask 311 {city}")
        self.signing_in = SigningIn(database, clock, lifetime, hashing, codes, is_demo=is_demo)
        # None: the city has none here.
        self.city_sign_in = (
            CitySignIn(_city_server(settings), clock) if settings.oidc_issuer else None
        )
        self.accounts = Accounts(database, clock, hashing)
        self.own = OwnAccount(
            database,
            clock,
            hashing,
            codes,
            about=(city, "ask 311"),
            leaked=Path(settings.leaked_passwords) if settings.leaked_passwords else None,
        )


def _city_server(settings: StaffSettings) -> CityServer:
    return CityServer(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        settings.oidc_groups_claim,
        {group: Role(role) for group, role in settings.group_roles.items()},
        settings.oidc_scopes,
    )
