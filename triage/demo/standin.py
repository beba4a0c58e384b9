"""A stand-in for the text carrier: takes texts as Twilio does, keeps a log, calls webhooks with real signatures.

The line speaks with it over HTTP as with the real one and does not know the difference. Everything is kept in memory, up
to a limit, and is gone with the process. It knows one line, and calls that line on this machine only.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twilio.request_validator import RequestValidator

from triage.demo.log import Log, Picture, Point, Text, Way
from triage.kit.outside import Failed, call, outside_client

log = logging.getLogger(__name__)

LONGEST_BODY = 1_600
CALL_SECONDS = 15
# What the line answers tells nothing: it is read so far, in bytes.
LARGEST_ANSWER = 64 * 1024
# Twilio's own number of tries for a webhook is one more than the first.
TRIES = 2

# What Twilio does by itself with these words of an SMS, beside handing them over:
# https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
_STOPS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
)
_STARTS = frozenset({"start", "unstop", "yes"})
_HELPS = frozenset({"help", "info"})
_STOPPED = "You have successfully been unsubscribed. You will not receive any more messages from this number."
_STARTED = "You have successfully been re-subscribed to messages from this number."
_HELPED = (
    "This is what the carrier answers to this word by itself: who sends, and how to end it."
)


class Refused(Exception):
    """A text is not taken. Args: the code that says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Account:
    """What the stand-in and the line know of each other.

    Attributes:
        url: the stand-in's address, as the line has it.
        line_url: where the line really listens.
        public_url: the address that is signed.
    """

    sid: str
    token: str
    url: str
    line_url: str
    public_url: str


class StandIn:
    """The carrier of one account. `start()` before use, `stop()` after.

    Args:
        steps: the statuses that a text which was taken goes through, each with the pause before it in seconds.
    """

    def __init__(
        self,
        account: Account,
        steps: Sequence[tuple[float, str]] = ((0.5, "sent"), (0.8, "delivered")),
    ) -> None:
        self._account = account
        self.log = Log(account.sid)
        self._steps = steps
        self._signer = RequestValidator(account.token)
        credentials = f"{account.sid}:{account.token}".encode()
        self._authorization = f"Basic {base64.b64encode(credentials).decode()}"
        self._http = outside_client(CALL_SECONDS)
        # Who sent STOP, to which number.
        self._stopped: set[tuple[str, str]] = set()
        self._doing: set[asyncio.Task[None]] = set()
        self._is_down = False

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """Tell nothing more."""
        for task in self._doing:
            task.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)
        await self._http.aclose()

    @property
    def is_down(self) -> bool:
        """Say whether it answers nobody: no text gets out, none is handed over."""
        return self._is_down

    def be_down(self, is_down: bool) -> None:
        """Go down, or come up again."""
        self._is_down = is_down
        self.log.changed()

    def is_account(self, sid: str) -> bool:
        """Say whether this is the account's id."""
        return sid == self._account.sid

    def is_authorized(self, header: str) -> bool:
        """Say whether a call shows the account's credentials."""
        return hmac.compare_digest(header.encode(), self._authorization.encode())

    # ── what the line asks ──

    def take(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Take a text of the line's for somebody; return it as Twilio tells of it.

        Raises:
            Refused: it is not taken.
        """
        sender, to, body = form.get("From", ""), form.get("To", ""), form.get("Body", "")
        if not to or not sender:
            raise Refused(21211)
        if not body:
            raise Refused(21602)
        if len(body) > LONGEST_BODY:
            raise Refused(21617)
        if (to, sender) in self._stopped:
            raise Refused(21610)
        text = Text(
            sender, to, body, "outbound-api", "queued", callback=form.get("StatusCallback", "")
        )
        self.log.add(text)
        self._begin(self._deliver(text))
        return self.log.told(text)

    # ── what a phone does ──

    async def send(
        self,
        number: str,
        line: str,
        body: str,
        picture: Picture | None = None,
        point: Point | None = None,
    ) -> Text:
        """Send a text from a phone to the line, and hand it over."""
        text = Text(
            number,
            line,
            body,
            "inbound",
            "received",
            has_picture=picture is not None,
            point=point,
        )
        self.log.add(text, picture)
        if self._is_down:
            text.way = Way.NOT_HANDED_OVER
            return text
        own_word = "" if _is_whatsapp(number) else self._heeded(number, line, body)
        is_over = await self._hand_over(text, picture)
        text.way = Way.HANDED_OVER if is_over else Way.NOT_HANDED_OVER
        self.log.changed()
        if own_word:
            self.log.add(Text(line, number, own_word, "outbound-reply", "delivered"))
        return text

    def _heeded(self, number: str, line: str, body: str) -> str:
        """Do what Twilio does by itself with some words; return what it then says, if anything."""
        word = body.strip().casefold()
        if word in _STOPS:
            if (number, line) in self._stopped:
                return ""
            self._stopped.add((number, line))
            return _STOPPED
        if word in _STARTS and (number, line) in self._stopped:
            self._stopped.discard((number, line))
            return _STARTED
        return _HELPED if word in _HELPS else ""

    async def _hand_over(self, text: Text, picture: Picture | None) -> bool:
        fields = {
            "ToCountry": "CA",
            "ToState": "ON",
            "SmsMessageSid": text.sid,
            "NumMedia": "1" if picture else "0",
            "ToCity": "",
            "FromZip": "",
            "SmsSid": text.sid,
            "FromState": "ON",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": text.body,
            "FromCountry": "CA",
            "To": text.to,
            "ToZip": "",
            "NumSegments": str(text.segments.segments),
            "MessageSid": text.sid,
            "AccountSid": self._account.sid,
            "From": text.sender,
            "ApiVersion": "2010-04-01",
        }
        if picture:
            fields["MediaContentType0"] = picture.media_type
            fields["MediaUrl0"] = self._account.url + self.log.picture_path(text)
        if text.point:
            fields |= {"Latitude": str(text.point.lat), "Longitude": str(text.point.long)}
        for _ in range(TRIES):
            if await self._call("/channels/twilio/messages", fields):
                return True
        return False

    async def _deliver(self, text: Text) -> None:
        """Take a text through its statuses, and tell the line of each."""
        for pause, status in self._steps:
            await asyncio.sleep(pause)
            text.status = status
            self.log.changed()
            path = text.callback.removeprefix(self._account.public_url)
            if not path.startswith("/"):
                continue  # nobody is to be told, or not this line
            fields = {
                "MessageSid": text.sid,
                "SmsSid": text.sid,
                "SmsStatus": status,
                "MessageStatus": status,
                "To": text.to,
                "From": text.sender,
                "AccountSid": self._account.sid,
                "ApiVersion": "2010-04-01",
            }
            await self._call(path, fields)

    async def _call(self, path: str, fields: Mapping[str, str]) -> bool:
        """Call the line as Twilio does; say whether it took what was told. Only this machine is called."""
        signed = self._signer.compute_signature(self._account.public_url + path, fields)
        try:
            answer = await call(
                self._http,
                "POST",
                self._account.line_url + path,
                seconds=CALL_SECONDS,
                largest=LARGEST_ANSWER,
                data=fields,
                headers={"X-Twilio-Signature": signed},
            )
        except Failed as fault:
            log.warning("the line did not answer the stand-in", extra={"kind": fault.kind})
            return False
        if answer.status >= 300:
            log.warning("the line refused the stand-in", extra={"status": answer.status})
        return answer.status < 300

    # ── its own ──

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)


def _is_whatsapp(address: str) -> bool:
    return address.startswith("whatsapp:")
