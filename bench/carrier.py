"""A text carrier for measuring, as a process of its own: `python -m bench.carrier PORT DOOR`. It takes every text at once,
keeps none, and tells the door that it was delivered; and the signed webhooks that it hands over.

Standard library and Twilio's own signatures, so that it takes little of the processor that the line needs.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 31 + "b"
TOKEN = "the auth token of a measurement"  # noqa: S105 (nobody's)
LINE = "+14165550311"
PUBLIC_URL = "https://311.example.org"
MESSAGES = "/channels/twilio/messages"
CALL_SECONDS = 15


@dataclass(frozen=True)
class Webhook:
    """A signed request, ready to be sent."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def signed(path: str, fields: Mapping[str, str]) -> Webhook:
    """Return a webhook as Twilio calls it."""
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, fields)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": signature,
    }
    return Webhook(path, urlencode(fields).encode(), headers)


def texts_of(numbers: Iterator[str], words: Sequence[str], each: int) -> list[Webhook]:
    """Return a webhook for each of the words; a number says `each` of them, with others between.

    Args:
        numbers: of people who have not written yet.
    """
    people = list(itertools.islice(numbers, -(-len(words) // each)))
    return [
        signed(
            MESSAGES,
            {
                "MessageSid": f"SM{people[n % len(people)][1:]}{n:021x}",
                "AccountSid": ACCOUNT,
                "From": people[n % len(people)],
                "To": LINE,
                "Body": said,
                "NumMedia": "0",
                "NumSegments": "1",
            },
        )
        for n, said in enumerate(words)
    ]


def settings(url: str) -> dict[str, str]:
    """Return the environment of a line whose carrier this is."""
    from triage.texting.numbers import new_keys

    encrypts, finds = new_keys()
    return {
        "ASK311_PUBLIC_URL": PUBLIC_URL,
        "ASK311_TWILIO_ACCOUNT_SID": ACCOUNT,
        "ASK311_TWILIO_AUTH_TOKEN": TOKEN,
        "ASK311_TWILIO_NUMBERS": LINE,
        "ASK311_TWILIO_URL": url,
        "ASK311_TEXT_KEYS": encrypts,
        "ASK311_TEXT_MATCH_KEY": finds,
    }


class _Carrier(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sids = itertools.count(1)
    calling = ThreadPoolExecutor(4)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        sid = f"SM{next(self.sids):032x}"
        self._answer(201, {"sid": sid, "status": "queued"})
        fields = {
            "MessageSid": sid,
            "MessageStatus": "delivered",
            "AccountSid": ACCOUNT,
            "To": form["To"],
            "From": form["From"],
        }
        self.calling.submit(_call, signed(form["StatusCallback"].removeprefix(PUBLIC_URL), fields), form["From"])  # fmt: skip

    def do_GET(self) -> None:
        if self.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}.json"):
            self._answer(200, {"sid": ACCOUNT, "status": "active"})
        else:
            self._answer(200, {"messages": [], "next_page_uri": None})

    def _answer(self, status: int, content: object) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def _call(webhook: Webhook, _: str) -> None:
    with suppress(OSError, HTTPException):
        http = HTTPConnection(urlsplit(sys.argv[2]).netloc, timeout=CALL_SECONDS)
        http.request("POST", webhook.path, webhook.body, dict(webhook.headers))
        http.getresponse().read()
        http.close()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Carrier)
    server.daemon_threads = True
    server.serve_forever()
