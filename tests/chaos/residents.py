"""Residents who go on talking whatever fails: by the page, which sends again until it is heard, and by text, which the
carrier hands over twice at most. Each remembers what was acknowledged, in its order."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import httpx

from tests.triage.texting.carrier import CarrierTwin, Phone, post_signed

PATIENCE = 120
# Plain questions with one matter each, so that each has one answer.
QUESTIONS = (
    "when is my green bin day",
    "how do i pay a parking ticket",
    "is the library open today",
)
# What the n-th message of a conversation holds beside its id.
Says = Callable[[int, random.Random], Mapping[str, Any]]
# What the n-th text of a number says.
Words = Callable[[str, int], str]


def any_question(_: int, rng: random.Random) -> Mapping[str, Any]:
    return {"text": rng.choice(QUESTIONS)}


class Resident(Protocol):
    """Somebody who talks."""

    def talk(self, at_least: int, goes_on: threading.Event) -> None:
        """Say so much, and more for as long as the others shall go on."""


class Visitor:
    """One conversation by the page, held through any door that opens: what is not acknowledged is sent again, under
    the same id."""

    def __init__(self, urls: Sequence[str], seed: int, says: Says = any_question) -> None:
        self._urls = urls
        self._random = random.Random(seed)
        self._says = says
        self._client = httpx.Client(timeout=15, trust_env=False)
        self.turned_away = 0
        self.acknowledged: list[str] = []
        started = self._insist("POST", "", json={})
        self._headers = {"Authorization": f"Bearer {started['token']}"}
        self._id = started["conversation_id"]

    def talk(self, at_least: int, goes_on: threading.Event) -> None:
        number = 0
        while number < at_least or goes_on.is_set():
            message = {"client_message_id": f"m{number}", **self._says(number, self._random)}
            number += 1
            kept = self._insist(
                "POST", f"/{self._id}/messages", json=message, headers=self._headers
            )
            self.acknowledged.append(kept["message_id"])
            time.sleep(self._random.random() * 0.3)

    def read_all(self) -> list[dict[str, Any]]:
        """Return the whole conversation, once nothing more is to come; go."""
        ends = time.monotonic() + PATIENCE
        seen: list[dict[str, Any]] = []
        while time.monotonic() < ends:
            after = seen[-1]["seq"] if seen else 0
            found = self._insist(
                "GET", f"/{self._id}/messages?after={after}&wait=1", headers=self._headers
            )
            seen += found["messages"]
            if not found["messages"] and not found["pending"]:
                break
        self._client.close()
        return seen

    def _insist(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        ends = time.monotonic() + PATIENCE
        while True:
            url = self._random.choice(self._urls)
            try:
                answer = self._client.request(
                    method, f"{url}/api/chat/conversations{path}", **request
                )
                if answer.status_code < 300:
                    return dict(answer.json())
                assert answer.status_code in (429, 503), answer.text
            except httpx.TransportError:
                pass
            assert time.monotonic() < ends, "nobody opens"
            self.turned_away += method == "POST"
            time.sleep(0.1)


class Texter:
    """Somebody with a phone. The carrier hands a text over, once more if that fails, and then never again; some it hands
    over twice, some only after a later one. What it could not hand over stays in its log.

    Attributes:
        sids: all that was sent.
        acknowledged: what was answered 204, in the order of these answers.
    """

    def __init__(
        self,
        number: str,
        carrier: CarrierTwin,
        urls: Sequence[str],
        seed: int,
        words: Words,
        pause: float = 0.8,
    ) -> None:
        self.number = number
        self._phone = Phone(number, carrier, "")
        self._carrier = carrier
        self._urls = urls
        self._random = random.Random(seed)
        self._words = words
        self._pause = pause
        self._held_back: list[dict[str, str]] = []
        self.sids: list[str] = []
        self.acknowledged: list[str] = []
        self.refused = self.turned_away = self.not_handed_over = 0
        self.handed_over_again = self.overtaken = 0

    def talk(self, at_least: int, goes_on: threading.Event) -> None:
        number = 0
        with httpx.Client(timeout=15, trust_env=False) as client:
            while number < at_least or goes_on.is_set():
                is_over = self._say(self._words(self.number, number), client)
                number += 1
                # While nobody opens, the whole log would fill with texts that say nothing new.
                time.sleep(self._random.random() * self._pause / (1 if is_over else 3))
            self._hand_over_what_is_held_back(client)

    def _say(self, body: str, client: httpx.Client) -> bool:
        """Send a text; say whether the carrier could hand it over."""
        fields = self._phone.fields(body)
        self._carrier.takes(body, self.number, sid=fields["MessageSid"])
        self.sids.append(fields["MessageSid"])
        if not self._held_back and self._random.random() < 0.05:
            self._held_back.append(fields)
            return True
        is_over = self._deliver(fields, client)
        self._hand_over_what_is_held_back(client)
        return is_over

    def _hand_over_what_is_held_back(self, client: httpx.Client) -> None:
        while self._held_back:
            self.overtaken += self._deliver(self._held_back.pop(), client)

    def _deliver(self, fields: dict[str, str], client: httpx.Client) -> bool:
        is_over = self._hands_over(fields, client) or self._hands_over(fields, client)
        if not is_over:
            self.not_handed_over += 1
            return False
        self.acknowledged.append(fields["MessageSid"])
        if self._random.random() < 0.1:
            self.handed_over_again += self._hands_over(fields, client)
        return True

    def _hands_over(self, fields: dict[str, str], client: httpx.Client) -> bool:
        url = self._random.choice(self._urls)
        try:
            status = post_signed(url, "/channels/twilio/messages", fields, client=client)
        except httpx.TransportError:
            self.turned_away += 1
            return False
        assert status in (204, 503), status
        self.refused += status == 503
        return status == 204
