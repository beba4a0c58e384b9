"""A text carrier, for tests: a small HTTP server that speaks as much of Twilio's API as is used, keeps a log, and has moods."""

from __future__ import annotations

import base64
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from cryptography.fernet import Fernet
from twilio.request_validator import RequestValidator

from tests.support.serving import Handler, serving

ACCOUNT = "AC" + "0" * 31 + "a"
TOKEN = "the auth token of the test"
SIGNING_KEY = "the shared key of the test"
LINE, OTHER_LINE, WHATSAPP_LINE = "+14165550311", "+14165550312", "whatsapp:+14165550311"
PUBLIC_URL = "https://311.example.org"
API = f"/2010-04-01/Accounts/{ACCOUNT}"
TEXT_KEY = Fernet.generate_key().decode()
MATCH_KEY = "the match key of the test"


class Mood(Enum):
    """How one handing over of a text is answered."""

    KEEPS = auto()  # as it should be
    FAILS = auto()  # 500, and nothing is kept
    KEEPS_AND_FAILS = auto()
    KEEPS_AND_HANGS = auto()
    KEEPS_AND_DROPS = auto()  # the connection breaks
    DROPS = auto()
    HANGS = auto()
    BUSY = auto()  # 429
    BABBLES = auto()  # 201, and no JSON


Answer = Mood | int  # or a code, with which it refuses


class CarrierTwin:
    """What the carrier has, and how it behaves."""

    def __init__(self) -> None:
        self.log: list[dict[str, Any]] = []
        self.media: dict[str, tuple[str, bytes]] = {}  # path -> type, content
        self.redirects: dict[str, str] = {}
        self.broken: set[str] = set()  # paths that answer 500
        self.moods: deque[Answer] = deque()
        self.choose: Callable[[], Answer] | None = None
        self.before_the_log_is_read: Callable[[], Any] = lambda: None
        self.account_status = "active"
        self.log_status = 200
        self.page_size = 1_000
        self.posts = 0
        self.asked: list[str] = []  # paths of GET, with the query
        self.credentials: list[tuple[str, str | None]] = []  # path, Authorization
        self.calls_back_at = ""  # the front door's real address; empty: it does not
        # What is told of a text that was taken, if anything is.
        self.tells: Callable[[dict[str, Any]], None] = self.tell_delivered
        self.telling = ThreadPoolExecutor(8)
        self.http = httpx.Client(timeout=20, trust_env=False)
        self.released = threading.Event()
        self.url = ""
        self._numbers = count(1)
        self._lock = threading.Lock()

    # ── the test's view ──

    def forget(self, calls_back_at: str) -> None:
        """Be as at first, at the same addresses; what came is forgotten."""
        with self._lock:
            self.log.clear()
            self.media.clear()
            self.redirects.clear()
            self.broken.clear()
            self.moods.clear()
            self.choose = None
            self.tells = self.tell_delivered
            self.before_the_log_is_read = lambda: None
            self.account_status, self.log_status, self.page_size = "active", 200, 1_000
            self.posts = 0
            self.asked.clear()
            self.credentials.clear()
            self.calls_back_at = calls_back_at

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Settings of a line with this carrier, impatient."""
        return {
            "public_url": PUBLIC_URL,
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_signing_key": SIGNING_KEY,
            "twilio_numbers": (LINE, WHATSAPP_LINE),
            "twilio_url": self.url,
            "twilio_media_hosts": ("localhost",),
            "twilio_seconds": 1,
            "text_keys": (TEXT_KEY,),
            "text_match_key": MATCH_KEY,
            "text_sweep_seconds": 0.05,
            "text_retry_first_seconds": 0.05,
            "text_retry_longest_seconds": 0.2,
            "text_reconcile_minutes": 0,
            # Most tests look at what comes first.
            "text_notice": False,
            **changes,
        }

    def sent_to(self, number: str) -> list[str]:
        """What was handed over for a number, in order."""
        with self._lock:
            return [
                m["body"] for m in self.log if m["to"] == number and m["direction"] != "inbound"
            ]

    def keep(self, **fields: Any) -> dict[str, Any]:
        """Put a message into the log."""
        with self._lock:
            sid = f"SM{next(self._numbers):032x}"
            kept = {
                "sid": sid,
                "account_sid": ACCOUNT,
                "status": "queued",
                "direction": "outbound-api",
                "error_code": None,
                "num_media": "0",
                "date_created": format_datetime(datetime.now(UTC).replace(microsecond=0)),
                **fields,
            }
            self.log.append(kept)
            return kept

    def takes(
        self,
        body: str,
        sender: str,
        line: str = LINE,
        *,
        ago: timedelta = timedelta(),
        **more: Any,
    ) -> dict[str, Any]:
        """Have somebody's text in the log, without a webhook."""
        made = (datetime.now(UTC) - ago).replace(microsecond=0)
        return self.keep(
            body=body,
            to=line,
            status="received",
            direction="inbound",
            date_created=format_datetime(made),
            **{"from": sender},
            **more,
        )

    def mood(self) -> Answer:
        with self._lock:
            self.posts += 1
            if self.choose:
                return self.choose()
            return self.moods.popleft() if self.moods else Mood.KEEPS

    def tell_delivered(self, message: dict[str, Any]) -> None:
        self.call_back(message, "delivered")

    def tell(self, message: dict[str, Any]) -> None:
        # Whoever is told may be away.
        with suppress(httpx.HTTPError):
            self.tells(message)

    def call_back(
        self, message: dict[str, Any], status: str, code: int | None = None, at: str = ""
    ) -> int:
        """Tell the front door what became of a text, as the real one does; return its answer."""
        callback = message["status_callback"]
        fields = {
            "MessageSid": message["sid"],
            "MessageStatus": status,
            "To": message["to"],
            "From": message["from"],
            "AccountSid": ACCOUNT,
        } | ({"ErrorCode": str(code)} if code else {})
        path = callback.removeprefix(PUBLIC_URL)
        return post_signed(at or self.calls_back_at, path, fields, client=self.http)


def post_signed(
    url: str,
    path: str,
    fields: dict[str, str],
    *,
    client: httpx.Client | None = None,
    token: str = TOKEN,
) -> int:
    """Post a webhook with the signature that Twilio's own library computes; return the status of the answer."""
    signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, fields)
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    with httpx.Client(timeout=20, trust_env=False) if client is None else _lent(client) as http:
        answer = http.post(f"{url}{path}", content=urlencode(fields), headers=headers)
    return answer.status_code


@contextmanager
def _lent(client: httpx.Client) -> Iterator[httpx.Client]:
    yield client


class Phone:
    """A resident's phone: sends texts over the carrier, and reads those that came."""

    _sids = count(1)

    def __init__(
        self,
        number: str,
        carrier: CarrierTwin,
        url: str,
        client: httpx.Client | None = None,
        line: str = LINE,
    ) -> None:
        self.number = number
        self._carrier = carrier
        self._url = url
        self._client = client
        self._line = line
        self._seen = 0

    def fields(self, body: str, **more: str) -> dict[str, str]:
        sid = f"SM{next(Phone._sids):016x}{time.monotonic_ns() % 16**16:016x}"
        return {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": self._line,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            "FromCity": "",
            "SomethingNew": "that nobody knows",
        } | more

    def sends(self, fields: dict[str, str]) -> int:
        """Send just these fields; return the status of the answer."""
        return post_signed(self._url, "/channels/twilio/messages", fields, client=self._client)

    def texts(self, body: str, **more: str) -> dict[str, str]:
        """Send a text, which is taken; return its fields."""
        fields = self.fields(body, **more)
        status = self.sends(fields)
        assert status == 204, status
        return fields

    def hears(self, how_many: int = 1, seconds: float = 20) -> list[str]:
        """Return the next texts that came to this phone."""
        ends = time.monotonic() + seconds
        while True:
            came = self._carrier.sent_to(self.number)[self._seen :]
            if len(came) >= how_many:
                self._seen += how_many
                return came[:how_many]
            assert time.monotonic() < ends, f"{how_many} texts were to come; these came: {came}"
            time.sleep(0.01)

    def has_heard(self) -> list[str]:
        """Return all that came so far and was not read."""
        return self._carrier.sent_to(self.number)[self._seen :]


@contextmanager
def text_carrier(port: int = 0) -> Iterator[CarrierTwin]:
    """Run one."""
    twin = CarrierTwin()
    with serving(_handler(twin), port) as at:
        twin.url = f"http://127.0.0.1:{at}"
        try:
            yield twin
        finally:
            twin.released.set()
            twin.telling.shutdown(cancel_futures=True)
            twin.http.close()


def _handler(twin: CarrierTwin) -> type[Handler]:
    right = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()

    class Carrier(Handler):
        def do_POST(self) -> None:
            body = self.body().decode()
            if self.headers["Authorization"] != right:
                self.send_json(401, {"code": 20003, "message": "Authenticate"})
                return
            assert urlsplit(self.path).path == f"{API}/Messages.json"
            mood = twin.mood()
            match mood:
                case int():
                    self.send_json(400, {"code": mood, "message": "no", "status": 400})
                    return
                case Mood.FAILS:
                    self.send(500, b"oh no")
                    return
                case Mood.BUSY:
                    self.send_json(429, {"code": 20429, "message": "Too Many Requests"})
                    return
                case Mood.DROPS:
                    self.drop()
                    return
                case Mood.HANGS:
                    twin.released.wait(20)
                    self.drop()
                    return
            form = dict(parse_qsl(body, keep_blank_values=True))
            kept = twin.keep(
                body=form["Body"],
                to=form["To"],
                status_callback=form["StatusCallback"],
                messaging_service_sid=form.get("MessagingServiceSid"),
                **{"from": form["From"]},
            )
            match mood:
                case Mood.KEEPS_AND_FAILS:
                    self.send(500, b"oh no")
                case Mood.KEEPS_AND_HANGS:
                    twin.released.wait(20)
                    self.close_connection = True
                case Mood.KEEPS_AND_DROPS:
                    self.drop()
                case Mood.BABBLES:
                    self.send(201, b"<html>Thank you")
                case _:
                    self.send_json(201, kept)
            if twin.calls_back_at and mood is not Mood.KEEPS_AND_HANGS:
                twin.telling.submit(twin.tell, kept)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            twin.asked.append(self.path)
            twin.credentials.append((parts.path, self.headers["Authorization"]))
            if parts.path in twin.broken:
                self.send_json(500, {})
                return
            if parts.path in twin.redirects:
                self.send(307, b"", Location=twin.redirects[parts.path])
                return
            if parts.path in twin.media:
                self.send(200, twin.media[parts.path][1])
                return
            if self.headers["Authorization"] != right:
                self.send_json(401, {"code": 20003})
                return
            if parts.path == f"{API}.json":
                self.send_json(200, {"sid": ACCOUNT, "status": twin.account_status})
            elif parts.path == f"{API}/Messages.json":
                self._list(parts.path, query)
            elif parts.path.endswith("/Media.json"):
                sid = parts.path.split("/")[-2]
                if not any(f"/{sid}/" in path for path in twin.media):
                    self.send_json(404, {"code": 20404})
                    return
                found = [
                    {"uri": f"{path}.json", "content_type": kind}
                    for path, (kind, _) in twin.media.items()
                    if f"/{sid}/" in path
                ]
                self.send_json(200, {"media_list": found})
            else:
                sid = parts.path.removeprefix(f"{API}/Messages/").removesuffix(".json")
                of_sid = [m for m in twin.log if m["sid"] == sid]
                self.send_json(200 if of_sid else 404, of_sid[0] if of_sid else {"code": 20404})

        def _list(self, path: str, query: dict[str, str]) -> None:
            if twin.log_status != 200:
                self.send_json(twin.log_status, {})
                return
            assert query.get("DateSent>", "Z").endswith("Z")
            twin.before_the_log_is_read()
            # Newest first, and by the day only, as the documentation promises. What waits to be sent has no such day.
            found = [
                m
                for m in reversed(twin.log)
                if query.get("To") in (None, m["to"]) and query.get("From") in (None, m["from"])
                if m["status"] != "queued" or "DateSent>" not in query
            ]
            page, size = int(query.get("Page", 0)), twin.page_size
            shown = found[page * size : (page + 1) * size]
            more = len(found) > (page + 1) * size
            following = f"{path}?{urlencode(query | {'Page': str(page + 1)})}" if more else None
            self.send_json(200, {"messages": shown, "next_page_uri": following})

    return Carrier
