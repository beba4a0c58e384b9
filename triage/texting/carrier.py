"""HTTP to the carrier, nowhere else: Twilio's Messages, its log, and the pictures that lie there.

https://www.twilio.com/docs/messaging/api/message-resource. Every call ends in time, no answer is read beyond a limit.
Credentials go to the API's own address and nowhere else: where it sends us on for a picture, they stay behind, and only
hosts that the settings name are followed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from triage.kit.outside import Answer, Failed, call, outside_client
from triage.media.pictures import LARGEST_BYTES
from triage.texting.incoming import Media

LARGEST_ANSWER = 8 * 1024 * 1024
# What the API gives on one page at most.
PAGE_SIZE = 1_000
# So many pages are read of a log: a list that never ends shall not hold us for ever.
MOST_PAGES = 200
MOST_REDIRECTS = 3
STATUS_PATH = "/channels/twilio/status"


class NotFetched(Exception):
    """A picture that will not be had, however often it is asked for. Args: why, in a word."""


@dataclass(frozen=True)
class Taken:
    """The carrier has taken a text; what it calls it, and how far it is."""

    sid: str
    status: str


@dataclass(frozen=True)
class Refused:
    """The carrier has not taken a text, and says why by a code."""

    http_status: int
    code: int


@dataclass(frozen=True)
class Entry:
    """A message in the carrier's log, as it tells of it, with the moment it was made."""

    sid: str
    status: str
    error_code: int | None
    created_at: datetime | None
    fields: Mapping[str, Any]

    @property
    def is_inbound(self) -> bool:
        """Say whether somebody sent it to us."""
        return str(self.fields.get("direction")) == "inbound"


@dataclass(frozen=True)
class Account:
    """What the carrier knows the city by."""

    url: str
    sid: str
    user: str
    secret: str
    public_url: str
    messaging_service: str
    media_hosts: frozenset[str]


class Carrier:
    """Speaks with Twilio. `close()` after use.

    Args:
        seconds: the time for one whole call.
    """

    def __init__(self, account: Account, seconds: float) -> None:
        self._account = account
        self._seconds = seconds
        self._base = f"{account.url}/2010-04-01/Accounts/{account.sid}"
        self._auth = httpx.BasicAuth(account.user, account.secret)
        self._http = outside_client(seconds)

    async def send(self, *, to: str, line: str, body: str, text_id: str) -> Taken | Refused:
        """Hand over a text.

        Args:
            text_id: ours; it comes back in the address that the carrier calls when the text's status changes.

        Raises:
            Failed: it was not taken, or it is not known whether it was.
        """
        callback = f"{self._account.public_url}{STATUS_PATH}?{urlencode({'text': text_id})}"
        form = {"To": to, "From": line, "Body": body, "StatusCallback": callback}
        if self._account.messaging_service:
            form["MessagingServiceSid"] = self._account.messaging_service
        status, content = await self._call("POST", f"{self._base}/Messages.json", data=form)
        if status in (httpx.codes.OK, httpx.codes.CREATED):
            told = _object(content)
            if not (sid := told.get("sid")):
                raise Failed("not_readable", may_have_arrived=True)
            return Taken(str(sid), str(told.get("status") or "queued"))
        return Refused(status, _code_in(content))

    async def log(self, *, since: datetime, to: str, sent_only: bool = True) -> list[Entry]:
        """Return the messages since then that went to an address, the oldest first.

        Args:
            sent_only: ask the carrier for what was sent since then: so it gives less, but nothing that still waits
                there to be sent.

        Raises:
            Failed: the log could not be read to its end.
        """
        query = {"To": to, "PageSize": PAGE_SIZE}
        if sent_only:
            query |= {"DateSent>": _written(since)}
        url = f"{self._base}/Messages.json?{urlencode(query)}"
        entries: list[Entry] = []
        for _ in range(MOST_PAGES):
            page = await self._get(url)
            entries += [_entry(m) for m in page.get("messages") or ()]
            following = page.get("next_page_uri")
            # The newest come first.
            is_past = any(e.created_at and e.created_at < since for e in entries)
            if not following or (is_past and not sent_only):
                # The filter may be coarser than a moment.
                fresh = [e for e in entries if not e.created_at or e.created_at >= since]
                return sorted(fresh, key=lambda e: e.created_at or since)
            url = self._own(str(following))
        raise Failed("log_too_long", may_have_arrived=False)

    async def message(self, sid: str) -> Entry | None:
        """Return a message by the carrier's id; None: there is none.

        Raises:
            Failed: no answer came.
        """
        status, content = await self._call("GET", f"{self._base}/Messages/{sid}.json")
        if status == httpx.codes.NOT_FOUND:
            return None
        return _entry(_page(status, content))

    async def media_of(self, sid: str) -> list[Media]:
        """Return what came with a message.

        Raises:
            Failed: no answer came.
        """
        status, content = await self._call("GET", f"{self._base}/Messages/{sid}/Media.json")
        if status == httpx.codes.NOT_FOUND:
            return []  # deleted there since
        page = _page(status, content)
        return [
            Media(
                self._own(str(m["uri"]).removesuffix(".json")),
                str(m.get("content_type") or "")[:100].lower(),
            )
            for m in page.get("media_list") or ()
            if m.get("uri")
        ]

    async def fetch(self, url: str) -> bytes:
        """Return something that came with a message.

        Raises:
            Failed: no answer came.
            NotFetched: it is not there, too large, or at a place that is not the carrier's.
        """
        for _ in range(MOST_REDIRECTS + 1):
            try:
                auth = self._credentials_for(url)
                answer = await self._answer("GET", url, auth, LARGEST_BYTES + 1)
            except (ValueError, httpx.InvalidURL) as fault:
                raise NotFetched("no_address") from fault
            status = answer.status
            if status in (301, 302, 303, 307, 308) and "location" in answer.headers:
                url = _joined(url, answer.headers["location"])
                continue
            if status == httpx.codes.OK:
                return answer.content
            if status in (401, 429) or status >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Failed(f"status_{status}", may_have_arrived=False)
            raise NotFetched(f"status_{status}")
        raise NotFetched("too_many_redirects")

    async def trouble(self) -> str:
        """Return in a word why the account cannot be used; nothing: it can."""
        try:
            status, content = await self._call("GET", f"{self._base}.json")
        except Failed as fault:
            return fault.kind
        if status != httpx.codes.OK:
            return f"status {status}"
        state = str(_object(content).get("status"))
        return "" if state == "active" else f"account {state}"

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    # ── calls ──

    async def _get(self, url: str) -> dict[str, Any]:
        return _page(*await self._call("GET", url))

    async def _call(
        self, method: str, url: str, data: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        answer = await self._answer(method, url, self._auth, LARGEST_ANSWER, data)
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            # It may have been taken before something failed.
            raise Failed(f"status_{answer.status}", may_have_arrived=True)
        return answer.status, answer.content

    def _credentials_for(self, url: str) -> httpx.BasicAuth | None:
        """Return what to show at an address of the carrier's.

        Raises:
            NotFetched: the address is none of the carrier's.
            ValueError: it is no address.
        """
        wanted, api = urlsplit(url), urlsplit(self._account.url)
        if (wanted.scheme, wanted.netloc) == (api.scheme, api.netloc):
            return self._auth
        is_plain = wanted.username is None and (wanted.port is None or wanted.scheme == "http")
        if (
            wanted.scheme == api.scheme
            and is_plain
            and wanted.hostname in self._account.media_hosts
        ):
            return None
        raise NotFetched("not_the_carriers")

    def _own(self, path: str) -> str:
        """Return an address on the API's host, whatever host the answer names: credentials go there."""
        parts = urlsplit(path)
        return f"{self._account.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    async def _answer(
        self,
        method: str,
        url: str,
        auth: httpx.BasicAuth | None,
        largest: int,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        return await call(
            self._http,
            method,
            url,
            seconds=self._seconds,
            largest=largest,
            data=data,
            auth=auth,
        )


def _page(status: int, content: bytes) -> dict[str, Any]:
    if status != httpx.codes.OK:
        raise Failed(f"status_{status}", may_have_arrived=False)
    return _object(content)


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as fault:
        raise NotFetched("no_address") from fault


def _code_in(content: bytes) -> int:
    """Return the code of a refusal; 0: a proxy between us may have refused it, in words of its own."""
    try:
        return _number(_object(content).get("code")) or 0
    except Failed:
        return 0


def _object(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except ValueError as fault:
        raise Failed("not_readable", may_have_arrived=True) from fault
    if not isinstance(read, dict):
        raise Failed("not_readable", may_have_arrived=True)
    return read


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        str(told.get("sid") or ""),
        str(told.get("status") or ""),
        _number(told.get("error_code")),
        _moment(told.get("date_created") or told.get("date_sent")),
        told,
    )


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _moment(value: Any) -> datetime | None:
    try:
        return parsedate_to_datetime(str(value)).astimezone(UTC)
    except ValueError:
        return None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
