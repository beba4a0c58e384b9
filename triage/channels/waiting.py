"""Waiting for news of a conversation: once (long poll), or for as long as the reader stays (event stream)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from triage.conversations.repository import MOST_AT_ONCE
from triage.conversations.service import Conversations
from triage.errors import TriageError
from triage.kit.bell import Bell

LONGEST_WAIT = 30
# What a browser waits before it comes back to a stream that ended.
COME_BACK_MS = 1_000


async def wait_for_messages(
    conversations: Conversations,
    bell: Bell,
    conversation_id: str,
    token: str,
    after: int,
    wait: float,
) -> dict[str, Any]:
    """Return what was said after message `after`; if nothing was, wait for it."""
    with bell.listening(conversation_id, after) as listener:
        found = await conversations.read(conversation_id, token, after)
        ends_at = asyncio.get_running_loop().time() + min(wait, LONGEST_WAIT)
        while not found["messages"] and not bell.is_closing:
            left = ends_at - asyncio.get_running_loop().time()
            if left <= 0 or not await listener.wait(left):
                break
            found = await conversations.read(conversation_id, token, after)
        return found


async def events(
    conversations: Conversations,
    bell: Bell,
    conversation_id: str,
    token: str,
    after: int,
    first: dict[str, Any],
    rings: int,
    heartbeat_seconds: float,
) -> AsyncIterator[str]:
    """Yield each message after `after` as a server-sent event, and the conversation's state as it changes.

    `first` is what was read before the stream began, when the bell had rung `rings` times. A comment now and then
    shows that the line is alive, and lets the server notice a reader who is gone.
    """
    found, state = first, ""
    news = [f"retry: {COME_BACK_MS}\n\n"]
    with bell.listening(conversation_id, after) as listener:
        if bell.rings != rings:
            # It may have been for this listener, who was not there yet: read again at once.
            listener.wake()
        while True:
            for message in found["messages"]:
                listener.known = message["seq"]
                news.append(f"id: {message['seq']}\ndata: {_line(message)}\n\n")
            now = _line({"state": found["state"], "pending": found["pending"]})
            if now != state:
                state = now
                news.append(f"event: state\ndata: {state}\n\n")
            if news:
                # Together: each piece wakes the reader.
                yield "".join(news)
                news = []
            if bell.is_closing:
                return
            if len(found["messages"]) == MOST_AT_ONCE:
                listener.wake()
            if not await listener.wait(heartbeat_seconds):
                yield ": alive\n\n"
                continue
            try:
                found = await conversations.read(conversation_id, token, listener.known)
            except TriageError:
                # The stream ends; the browser comes back with the number of its last message.
                return


def _line(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
