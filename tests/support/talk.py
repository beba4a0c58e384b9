"""Conversations as files that anybody can read, run against the real actions, or a whole running assistant.

    - conversation: A resident picks by words
      talk:
        - says: prune the tree on my street     # or  taps: <label of an open choice>
          move: report                          # how the assistant reads it; where Rasa runs, it decides itself
          hears: ["City land or on private land"]   # one for each reply: words that are in it
          choices: ["On City land", "On private land"]
          outcome: choices
          service: city_tree
          places: [High Park]                   # the names of the places listed, in order
          ask: location                         # what the page is asked to help with
          case: received                        # the status of the case told of; false: none is
          danger: wire                          # triage found this danger in the words, and spoke of it
        - shares: [43.65, -79.38]               # latitude and longitude
        - photo: med_1                          # the id that triage gave a photo
        - staff: ask                            # staff move the case told of last, and its people are told
          because: Which lane is it in?

"{reference}" in what is said or heard stands for the reference of the case told of last.

The talk keeps what triage keeps of a conversation (tests hold both to the same), and hands it over.
"""

from __future__ import annotations

import asyncio
import atexit
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import httpx
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.names import Action, Move
from tests.support.case_moves import Staff
from triage.cases.service import Seen
from triage.conversations.context import context_of
from triage.conversations.rasa_client import with_notice
from triage.kit.ids import new_id

ROOT = Path(__file__).parents[2]
CONVERSATIONS = ROOT / "tests" / "conversations"
ACTION_FOR: Mapping[str, Action] = {
    Move.CHOOSE: Action.CHOOSE,
    Move.AFFIRM: Action.CHOOSE,
    Move.DENY: Action.CHOOSE,
    Move.ASK_PERSON: Action.ASK_PERSON,
    Move.REPEAT: Action.REPEAT,
    Move.RESTART: Action.RESTART,
    Move.FIND_PLACE: Action.FIND_PLACE,
    Move.GIVE_LOCATION: Action.FIND_PLACE,
    Move.GIVE_PHOTO: Action.TAKE_PHOTO,
    Move.CASE_STATUS: Action.CASE_STATUS,
    Move.CASE_UPDATE: Action.CASE_STATUS,
    Move.GREET: Action.SMALL_TALK,
    Move.GOODBYE: Action.SMALL_TALK,
    Move.THANKS: Action.SMALL_TALK,
    Move.HELP: Action.SMALL_TALK,
    Move.BOT_CHALLENGE: Action.SMALL_TALK,
    Move.FEEDBACK: Action.SMALL_TALK,
}


class Assistant(Protocol):
    """Whatever answers a message."""

    def ask(self, text: str, metadata: Mapping[str, Any], move: str) -> list[dict[str, Any]]:
        """Return the replies, each with its text and fields."""
        ...


def wordings(language: str = "en") -> dict[str, str]:
    """Return the fixed texts as the assistant's domain words them."""
    file = ROOT / "bot" / "domain" / f"responses.{language}.yml"
    responses = yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]
    return {name: " ".join(variants[0]["text"].split()) for name, variants in responses.items()}


@cache
def _one_loop() -> asyncio.Runner:
    """One event loop for all calls, as the action server has: connections are kept in it."""
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


class ActionsAlone:
    """The real actions in the SDK's own executor; the move is given."""

    def __init__(self, executor: ActionExecutor, conversation: str = "c1") -> None:
        self._executor = executor
        self._wordings = wordings()
        self._conversation = conversation
        self._count = 0

    def ask(self, text: str, metadata: Mapping[str, Any], move: str) -> list[dict[str, Any]]:
        """Call the action of the move, as Rasa would."""
        self._count += 1
        call = {
            "next_action": ACTION_FOR.get(move, Action.ANSWER).value,
            "sender_id": self._conversation,
            "version": "3.6.21",
            "domain": {},
            "tracker": {
                "sender_id": self._conversation,
                "slots": {},
                "events": [],
                "latest_message": {
                    "text": text,
                    "message_id": f"{self._conversation}.m{self._count}",
                    "intent": {"name": move},
                    "metadata": metadata,
                },
            },
        }
        result = _one_loop().run(self._executor.run(call))
        assert result is not None
        return [self._worded(message) for message in result.responses]

    def _worded(self, message: Mapping[str, Any]) -> dict[str, Any]:
        reply = dict(message["custom"])
        if message.get("response"):
            # The same braces as Rasa's templates.
            reply["text"] = re.sub(
                r"{(\w+)}", lambda m: str(message[m[1]]), self._wordings[message["response"]]
            )
        return with_notice(reply)


class WholeAssistant:
    """A running Rasa, through its gateway."""

    def __init__(self, url: str, secret: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=15,
            trust_env=False,
        )
        self._conversation = new_id("con")

    def __enter__(self) -> WholeAssistant:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._client.close()

    def ask(self, text: str, metadata: Mapping[str, Any], move: str) -> list[dict[str, Any]]:
        """Send the message; Rasa finds the move."""
        answer = self._client.post(
            "/webhooks/gateway/webhook",
            json={
                "conversation_id": self._conversation,
                "message_id": new_id("msg"),
                "text": text,
                "metadata": metadata,
            },
        )
        assert answer.status_code == 200, answer.text
        return [with_notice(r.get("custom") or r) for r in answer.json()["replies"]]


@dataclass(frozen=True)
class SaidBefore:
    """A message of the assistant, with what triage looks at."""

    outcome: str | None
    service_id: str | None
    choices: list[dict[str, Any]] | None


@dataclass
class Talk:
    """A conversation under way."""

    assistant: Assistant
    replies: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    _said: list[SaidBefore] = field(default_factory=list)
    _reference: str = ""

    def says(self, text: str, move: str = "ask", danger: str | None = None) -> Talk:
        """The resident writes something; `danger`: the kind that triage found in it and spoke of."""
        return self._hand_over(text, {"danger": danger} if danger else {}, move)

    def taps(self, label: str) -> Talk:
        """The resident taps one of the open choices."""
        open_choices = context_of(reversed(self._said))["choices"]
        tapped = [c for c in open_choices if c["label"] == label]
        assert tapped, f"no open choice {label!r} among {[c['label'] for c in open_choices]}"
        return self._hand_over("/choose", {"choice": tapped[0]["value"]}, Move.CHOOSE)

    def sends_photo(self, media_id: str) -> Talk:
        """The resident sends a photo, which is kept already."""
        return self._hand_over("/give_photo", {"photo": media_id}, Move.GIVE_PHOTO)

    def shares(self, lat: float, long: float) -> Talk:
        """The resident shares where they are."""
        location = {"lat": lat, "long": long}
        return self._hand_over("/give_location", {"location": location}, Move.GIVE_LOCATION)

    def is_told(self, seen: Seen) -> Talk:
        """The line tells by itself how a case stands, as triage does it (triage/updates/telling.py)."""
        case = seen.case
        self.memory["told"] = {
            "reference": case.reference,
            "service_id": case.service_id,
            "status": case.status.value,
            "is_last": True,
        }
        return self

    def hears(self, *words: str) -> Talk:
        """Each reply, in order, has the words."""
        texts = [r["text"] for r in self.replies]
        assert len(texts) == len(words), (
            f"{len(texts)} replies instead of {len(words)}: {texts}"
        )
        for text, part in zip(texts, words, strict=True):
            assert part in text, f"{part!r} is not in {text!r}"
        return self

    @property
    def reference(self) -> str:
        """The reference of the case that was told of last; empty: none was."""
        return self._reference

    def _hand_over(self, text: str, extra: Mapping[str, Any], move: str) -> Talk:
        metadata = {
            "language": "en",
            "channel": "webchat",
            "context": context_of(reversed(self._said)),
            "memory": self.memory,
            **extra,
        }
        self.replies = self.assistant.ask(text, metadata, move)
        news = {k: v for r in self.replies for k, v in r.get("remember", {}).items()}
        self.memory = {k: v for k, v in (self.memory | news).items() if v is not None}
        told = [r["case"]["reference"] for r in self.replies if r.get("case")]
        self._reference = told[-1] if told else self._reference
        self._said += [
            SaidBefore(r.get("outcome"), r.get("service_id"), r.get("choices"))
            for r in self.replies
        ]
        return self


def conversations() -> list[dict[str, Any]]:
    """Return every written conversation, with its file's name."""
    return [
        {"file": file.name, **conversation}
        for file in sorted(CONVERSATIONS.glob("*.yml"))
        for conversation in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def run(
    conversation: Mapping[str, Any], assistant: Assistant, staff: Staff | None = None
) -> None:
    """Play a written conversation; stop at the first reply that is not as written."""
    talk = Talk(assistant)
    for step in conversation["talk"]:
        if "staff" in step:
            assert staff is not None
            talk.is_told(staff.does(step, talk.reference))
            continue
        if "taps" in step:
            talk.taps(step["taps"])
        elif "shares" in step:
            talk.shares(*step["shares"])
        elif "photo" in step:
            talk.sends_photo(step["photo"])
        else:
            words = step["says"].replace("{reference}", talk.reference)
            talk.says(words, step.get("move", "ask"), step.get("danger"))
        talk.hears(*(w.replace("{reference}", talk.reference) for w in _listed(step["hears"])))
        first = talk.replies[0]
        if "outcome" in step:
            assert [r["outcome"] for r in talk.replies] == _listed(step["outcome"]), step
        if "service" in step:
            assert [r.get("service_id") for r in talk.replies] == _listed(step["service"]), step
        if "choices" in step:
            assert [c["label"] for c in first.get("choices", [])] == step["choices"], step
        if "places" in step:
            assert [p["name"] for p in first.get("places", [])] == step["places"], step
        if "ask" in step:
            assert first.get("ask") == step["ask"], step
        if "case" in step:
            _has_case(talk, step["case"])
        for unwanted in _listed(step.get("never", [])):
            assert all(unwanted not in r["text"] for r in talk.replies), step


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _has_case(talk: Talk, expected: str | bool) -> None:
    told = [r["case"]["status"] for r in talk.replies if r.get("case")]
    assert told == ([expected] if expected else []), told
