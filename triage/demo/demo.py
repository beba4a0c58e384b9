"""The demonstration assembled, for settings that are one."""

from __future__ import annotations

from fastapi import APIRouter

from services_catalog.packs import City
from triage.demo.endpoints import CARRIER_PATH, demo_routes
from triage.demo.page import Lines
from triage.demo.standin import Account, StandIn
from triage.settings import Settings


class Demo:
    """A carrier's stand-in and the phone; the stand-in is a part of the process.

    Args:
        settings: with `demo` set; they have then made sure that the carrier's address is this one's.
    """

    def __init__(self, settings: Settings, city: City) -> None:
        self._city = city
        self._lines = Lines.among(settings.twilio_numbers)
        self.standin = StandIn(
            Account(
                sid=settings.twilio_account_sid,
                token=settings.twilio_auth_token.get_secret_value(),
                url=settings.twilio_url,
                line_url=settings.twilio_url.removesuffix(CARRIER_PATH),
                public_url=settings.public_url.rstrip("/"),
            )
        )

    def routes(self) -> APIRouter:
        """Return the routes under /demo."""
        asks = [*self._city.suggestions, "STOP", "START"]
        return demo_routes(self.standin, self._lines, self._city, asks)
