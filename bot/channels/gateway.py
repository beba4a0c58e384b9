"""The one way in: the relay hands over a resident's message and gets every reply to it, or a clear failure.

    POST /webhooks/gateway/webhook   Authorization: Bearer ASK311_GATEWAY_SECRET
        {"conversation_id", "message_id", "text", "metadata", "vector": what the text was read as, or null}
        200 {"replies": [{"text", ...} or {"custom": {...}}, ...]}, never empty
            "starts_afresh": true in the metadata: what this conversation held before is forgotten
        400 malformed   401 wrong secret   503 {"error": kind}: no answer, nothing remembered, try again
    GET  /webhooks/gateway/          200 once messages can be answered, else 503

Rasa's own REST channel answers 200 with whatever was collected when a turn fails; this one never does.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.action_calls import TurnFailed, patch_remote_actions, take_over
from bot.components.sentence_encoder import handed_on
from bot.lean_turn import turn_lean
from bot.quiet_logs import keep_words_out, kind_and_place
from bot.straight_runner import run_straight

log = logging.getLogger(__name__)

SECRET_VARIABLE = "ASK311_GATEWAY_SECRET"  # noqa: S105 (the name of it)
ACTIONS_VARIABLE = "ASK311_ACTIONS_URL"
SHORTEST_SECRET = 16
# Longer than an action call, shorter than the relay waits.
TURN_SECONDS = 9.0
# As long as a message by WhatsApp may be.
LONGEST_TEXT = 4_096
# What the relay may say for a resident who tapped something. Any other text that begins like a command is
# malformed: the relay takes the "/" off residents' words.
COMMANDS = frozenset({"/choose", "/give_location", "/give_photo"})


class Collected(OutputChannel):
    """Gathers what the assistant says in one turn."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, for the choice of wording."""
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply whole: Rasa would part its text at empty lines and its fields from its text."""
        reply = {key: message[key] for key in ("text", "custom") if message.get(key)}
        if "custom" in reply:
            text = reply["custom"].get("text") or reply.pop("text", "")
            reply = {"custom": {**reply["custom"], "text": text}}
        self.replies.append(reply)

    def is_whole(self) -> bool:
        """Say whether something was said, and each reply has words."""
        return bool(self.replies) and all(
            r.get("text") or r.get("custom", {}).get("text") for r in self.replies
        )


def read_message(body: Any) -> tuple[str, str, str, dict[str, Any]]:
    """Return conversation id, message id, text and metadata of a request.

    Raises:
        ValueError: it is malformed; the message says how, without quoting it.
    """
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    for name in ("conversation_id", "message_id", "text"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise ValueError(f"{name} must be a text that is not empty")
    metadata = {} if body.get("metadata") is None else body["metadata"]
    if not isinstance(metadata, dict):
        raise ValueError("metadata must be an object")
    text = body["text"]
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"text must have at most {LONGEST_TEXT} characters")
    if text.lstrip().startswith("/") and text not in COMMANDS:
        raise ValueError("text must not begin with a slash")
    return body["conversation_id"], body["message_id"], text, metadata


class GatewayInput(InputChannel):
    """Rasa's input channel for the relay."""

    @classmethod
    def name(cls) -> str:
        """Return the name in the channel's address."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Make the channel; its secret and the actions' address come from the environment.

        Raises:
            InvalidConfigException: there is no secret, or it is too short.
        """
        secret = os.environ.get(SECRET_VARIABLE, "")
        if len(secret) < SHORTEST_SECRET:
            raise InvalidConfigException(
                f"Set {SECRET_VARIABLE} to the secret that triage has too: at least {SHORTEST_SECRET} "
                "characters. Without it anybody on this machine could speak as a resident."
            )
        return cls(secret, os.environ.get(ACTIONS_VARIABLE))

    def __init__(self, secret: str, actions_url: str | None = None) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._actions_url = f"{actions_url.rstrip('/')}/webhook" if actions_url else None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        webhook = Blueprint("gateway_webhook", __name__)

        async def wire(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            keep_words_out()
            if not patch_remote_actions():
                log.warning("this is another version of Rasa; its slow action calls stay")
            if app.ctx.agent is not None:
                run_straight(app.ctx.agent)
                turn_lean(app.ctx.agent)
                app.ctx.action_calls = take_over(app.ctx.agent, self._actions_url)

        async def unwire(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            if calls := getattr(app.ctx, "action_calls", None):
                await calls.close()

        # The agent is loaded before the server starts, by a listener that is registered after this one.
        webhook.listener(wire, "after_server_start")
        webhook.listener(unwire, "before_server_stop")

        async def health(request: Request) -> HTTPResponse:
            # Whoever shows a secret learns whether it is ours, before a resident's message depends on it.
            shown = request.headers.get("authorization")
            if shown is not None and not hmac.compare_digest(shown.encode(), self._expected):
                return response.json({"error": "unauthorized"}, status=401)
            is_ready = (
                hasattr(request.app.ctx, "action_calls") and request.app.ctx.agent.is_ready()
            )
            if not is_ready:
                return response.json({"error": "not_ready"}, status=503)
            return response.json({"status": "ok", "model": request.app.ctx.agent.model_name})

        async def receive(request: Request) -> HTTPResponse:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, self._expected):
                return response.json({"error": "unauthorized"}, status=401)
            try:
                conversation, message_id, text, metadata = read_message(_body_of(request))
            except ValueError as fault:
                return response.json({"error": "malformed", "detail": str(fault)}, status=400)
            if not hasattr(request.app.ctx, "action_calls"):
                return response.json({"error": "not_ready"}, status=503)
            if metadata.get("starts_afresh") is True:
                # A person had the conversation since: what was said before them is over.
                await request.app.ctx.agent.tracker_store.create_tracker(
                    conversation, append_action_listen=False
                )
            handed_on.set((text, request.json.get("vector")))
            collected = Collected()
            message = UserMessage(
                text,
                collected,
                conversation,
                input_channel=self.name(),
                message_id=message_id,
                metadata=metadata,
            )
            kind = await _failure_of(on_new_message(message))
            if kind is None and not collected.is_whole():
                kind = "empty"
            if kind:
                log.error("turn failed: %s", kind)
                return response.json({"error": kind.split(" ")[0]}, status=503)
            return response.json({"replies": collected.replies})

        webhook.add_route(health, "/", methods=["GET"])
        webhook.add_route(receive, "/webhook", methods=["POST"])
        return webhook


def _body_of(request: Request) -> Any:
    try:
        return request.json
    except Exception as fault:  # sanic's own InvalidUsage, whose message would quote the body
        raise ValueError("the body is not JSON") from fault


async def _failure_of(turn: Awaitable[Any]) -> str | None:
    """Run a turn; return the kind of its failure, or None."""
    try:
        await asyncio.wait_for(turn, TURN_SECONDS)
    except TurnFailed as fault:
        return fault.kind
    except asyncio.TimeoutError:  # noqa: UP041 (on Python 3.10 it is another class)
        return "timeout"
    except LockError:
        return "busy"
    # The edge of the house: whatever went wrong, the relay must hear that it did.
    except Exception as fault:
        return f"internal ({kind_and_place(fault)})"
    return None
