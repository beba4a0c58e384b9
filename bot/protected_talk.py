"""Say which protected messages (`protected_moves.yml`) a trained model reads wrongly, as JSON: run by `make train`.

bot/.venv/bin/python -m bot.protected_talk MODEL...
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MOVES = Path(__file__).parent / "protected_moves.yml"


def read_and_decided(agent: Agent, text: str) -> tuple[Any, str | None]:
    """Return how a message is read, and the action that follows."""
    parsed = asyncio.run(agent.processor.parse_message(UserMessage(text)))
    tracker = DialogueStateTracker("c1", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered(text, parsed["intent"], [], parsed), agent.domain)
    scores = agent.processor.predict_next_with_tracker(tracker)["scores"]
    best = max(scores, key=lambda score: score["score"])
    return parsed["intent_ranking" if "intent_ranking" in parsed else "intent"], best["action"]


def wrongly_read(agent: Agent) -> list[tuple[str, str | None]]:
    """Return the protected messages that another action than theirs follows, each with that one."""
    moves = yaml.safe_load(MOVES.read_text(encoding="utf-8"))
    decided = [
        (text, action, read_and_decided(agent, text)[1])
        for action, texts in moves.items()
        for text in texts
    ]
    return [(text, got) for text, action, got in decided if got != action]


if __name__ == "__main__":
    wrong = {model: wrongly_read(asyncio.run(load_agent(model))) for model in sys.argv[1:]}
    sys.stdout.write("RESULTS " + json.dumps(wrong) + "\n")
