"""How the assistant calls the action server: over one kept connection, and a failed call ends the turn.

Stock Rasa opens a new session for each call, and when a call fails it logs an error and goes on as if the
action had said nothing (RasaHQ/rasa#7630). Here the turn ends with TurnFailed, nothing of it is saved, and the
gateway answers 503, so that the same message can simply be tried again.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import rasa
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from bot.components.sentence_encoder import handed_on
from bot.kept_connections import KeptConnections, NotUnderstood, Unreachable

# Shorter than the gateway's time for a turn, which is shorter than the relay's for a reply.
CALL_SECONDS = 7.0
CONNECT_SECONDS = 1.0
PATCHED_VERSION = "3.6.21"


class TurnFailed(BaseException):
    """The turn cannot be answered. `kind` is a word for logs and figures.

    Not an Exception on purpose: Rasa catches every Exception of an action and goes on without it.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class ActionCalls(EndpointConfig):
    """The action server as an endpoint of Rasa's."""

    def __init__(self, stock: EndpointConfig, url: str | None = None) -> None:
        super().__init__(
            url or stock.url,
            stock.params,
            stock.headers,
            stock.basic_auth,
            stock.token,
            **stock.kwargs,
        )
        self._connections = KeptConnections(
            self.url or "", dict(self.headers or {}), CONNECT_SECONDS
        )

    async def request(
        self, method: str = "post", subpath: str | None = None, **kwargs: Any
    ) -> Any:
        """Call an action and return its result.

        Raises:
            TurnFailed: no result came, or one that says nothing.
        """
        body = kwargs["json"]
        words, vector = handed_on.get()
        if (
            vector is not None
            and words.strip() == (body["tracker"]["latest_message"]["text"] or "").strip()
        ):
            body["vector"] = vector
        try:
            result = await asyncio.wait_for(self._call(body), CALL_SECONDS)
        except Unreachable as fault:
            raise TurnFailed("actions_unreachable") from fault
        except asyncio.TimeoutError as fault:  # noqa: UP041 (on Python 3.10 it is another class)
            raise TurnFailed("actions_timeout") from fault
        except (NotUnderstood, ValueError) as fault:
            raise TurnFailed("actions_not_understood") from fault
        # Each of our actions says something; silence is a fault, not an answer. The rest of the result is
        # RemoteAction's to check.
        if not isinstance(result, dict) or not result.get("responses"):
            raise TurnFailed("actions_not_understood")
        return result

    async def _call(self, body: dict[str, Any]) -> Any:
        answer = await self._connections.post(json.dumps(body).encode())
        if answer.status != 200:
            raise TurnFailed(f"actions_status_{answer.status}")
        return json.loads(answer.body)

    async def close(self) -> None:
        """Let the connections go."""
        self._connections.close()


def take_over(agent: Agent, url: str | None) -> ActionCalls:
    """Make a loaded agent call its actions this way, at `url` if one is given."""
    calls = ActionCalls(agent.action_endpoint or EndpointConfig(), url)
    agent.action_endpoint = calls
    if agent.processor is not None:
        agent.processor.action_endpoint = calls
    return calls


def validate_once_compiled(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action's result as RemoteAction does, without checking the schema itself each time.

    That check of a schema that never changes was 78 % of the time of a whole turn. Events that were found right
    before are not checked again: they are the same few, over and over.
    """
    events = json.dumps(result["events"]) if _differs_in_events_only(result) else ""
    if events in _FOUND_RIGHT:
        return True
    fault = best_match(_VALIDATOR.iter_errors(result))
    if fault is not None:
        fault.message += ". Failed to validate Action server response from API."
        raise fault
    if events and len(_FOUND_RIGHT) < MOST_FOUND_RIGHT:
        _FOUND_RIGHT.add(events)
    return True


def _differs_in_events_only(result: Any) -> bool:
    """Say whether a result is right if its events are: the schema asks of responses only that each is an object."""
    return (
        isinstance(result, dict)
        and isinstance(result.get("responses"), list)
        and all(isinstance(r, dict) for r in result["responses"])
        and isinstance(result.get("events"), list)
    )


def call_without_the_past(
    self: RemoteAction, tracker: DialogueStateTracker, domain: Domain
) -> dict[str, Any]:
    """Return the request to the action server: our actions look at the latest message, never at the past.

    Nor at the domain; this SDK refuses a call without one, but takes an empty one.
    """
    state = tracker.current_state(EventVerbosity.NONE)
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**state, "events": []},
        "version": rasa.__version__,
        "domain": {},
    }


def patch_remote_actions() -> bool:
    """Put these two in their places; only in the one version that they were compared with."""
    if rasa.__version__ != PATCHED_VERSION:
        return False
    RemoteAction._validate_action_result = validate_once_compiled
    RemoteAction._action_call_format = call_without_the_past
    return True


# What jsonschema.validate takes for a schema that names no draft: the newest one.
_VALIDATOR = Draft202012Validator(RemoteAction.action_response_format_spec())
_FOUND_RIGHT: set[str] = set()
MOST_FOUND_RIGHT = 50
