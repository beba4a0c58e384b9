"""What several of the checks need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent, load_agent
from rasa.shared.core.domain import Domain

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["ask"],
        "slots": {"street": {"type": "text", "mappings": [{"type": "custom"}]}},
        "forms": {"intake": {"required_slots": ["street"]}},
        "actions": ["action_answer"],
    }
)


ORIGINAL_VALIDATION = RemoteAction._validate_action_result


ORIGINAL_CALL = RemoteAction._action_call_format


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@lru_cache(maxsize=1)
def trained() -> Agent:
    return asyncio.run(load_agent("bot/models/ask311.tar.gz"))


def component(agent: Agent, kind: type[Any]) -> Any:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, kind))


def fault_of(call: Callable[[], Any], kind: type[Exception] = ValidationError) -> Any:
    try:
        call()
    except kind as caught:
        return caught
    return None
