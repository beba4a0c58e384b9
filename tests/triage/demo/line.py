"""A line for show, and its phone without a page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx

from evaluation.line import free_port
from tests.triage.page.line import Line
from tests.triage.talking import wait_until
from tests.triage.texting.carrier import MATCH_KEY, PUBLIC_URL, TEXT_KEY

LINE, WHATSAPP_LINE = "+14165550311", "whatsapp:+14165550311"
ACCOUNT = "AC" + "3" * 32
TOKEN = "the token of the stand-in"


def demo_line(folder: Path, **changes: Any) -> Line:
    """A front door that is a demonstration; its public address is elsewhere, and must never be called."""
    port = free_port()
    settings = {
        "demo": True,
        "public_url": PUBLIC_URL,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_numbers": (LINE, WHATSAPP_LINE),
        "twilio_url": f"http://127.0.0.1:{port}/demo/carrier",
        # So long the line waits before it looks whether a text was taken after all.
        "twilio_seconds": 2,
        "text_keys": (TEXT_KEY,),
        "text_match_key": MATCH_KEY,
        "text_sweep_seconds": 0.05,
        "text_retry_first_seconds": 0.05,
        "text_retry_longest_seconds": 0.2,
        "text_reconcile_minutes": 0.005,
        # These tests look at what comes first.
        "text_notice": False,
        **changes,
    }
    return Line(folder, port, **settings)


class DemoPhone:
    """What the page does, without the page."""

    def __init__(self, url: str, client: httpx.Client, number: str, channel: str = "sms"):
        self._url = url
        self._client = client
        self.number = number
        self._who = {"number": number, "channel": channel}

    def sends(self, body: str = "", **more: Any) -> dict[str, Any]:
        """Send a text; return how it is shown."""
        sent = {**self._who, "body": body, **more}
        answer = self._client.post(f"{self._url}/demo/phone/texts", json=sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def texts(self) -> list[dict[str, Any]]:
        answer = self._client.get(f"{self._url}/demo/phone/texts", params=self._who)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["texts"])

    def said(self, by: str = "line") -> list[str]:
        return [t["body"] for t in self.texts() if t["by"] == by]

    def hears(self, *bodies: str) -> None:
        """Wait until the line has said just this, in this order."""
        wait_until(lambda: len(self.said()) >= len(bodies))
        assert self.said() == list(bodies)

    def sees(self, sid: str, status: str) -> None:
        """Wait until a text is so far."""
        wait_until(lambda: [t["status"] for t in self.texts() if t["sid"] == sid] == [status])


def sent_picture(content: bytes, media_type: str = "image/jpeg") -> dict[str, str]:
    return {"type": media_type, "content": base64.b64encode(content).decode()}
