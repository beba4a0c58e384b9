"""What comes between looking at a conversation and listening to it is not missed, and nothing is read in vain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

from triage.channels.waiting import events
from triage.conversations.service import Conversations
from triage.kit.bell import Bell


class Talk:
    """A conversation in memory, which counts how often it is read."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.readings = 0

    async def read(self, conversation_id: str, token: str, after: int) -> dict[str, Any]:
        self.readings += 1
        messages = [{"seq": n, "text": t} for n, t in enumerate(self.said, 1) if n > after]
        return {"messages": messages, "state": "assistant", "pending": False}


async def follow(talk: Talk, bell: Bell, *, between: str | None) -> AsyncIterator[str]:
    rings = bell.rings
    first = await talk.read("c", "t", 0)
    if between:
        talk.said.append(between)
        bell.ring("c")
    return events(cast(Conversations, talk), bell, "c", "t", 0, first, rings, 0.2)


def test_what_is_said_before_the_listener_is_there_comes_at_once() -> None:
    async def listen() -> None:
        talk, bell = Talk(), Bell()
        stream = await follow(talk, bell, between="your answer")
        assert "retry" in await anext(stream)
        assert "your answer" in await anext(stream)
        assert talk.readings == 2

    asyncio.run(listen())


def test_where_nothing_was_said_meanwhile_it_is_read_once() -> None:
    async def listen() -> None:
        talk, bell = Talk(), Bell()
        stream = await follow(talk, bell, between=None)
        await anext(stream)
        assert await anext(stream) == ": alive\n\n"
        assert talk.readings == 1
        talk.said += ["one", "two"]
        bell.ring("c")
        both = await anext(stream)
        assert '"one"' in both
        assert '"two"' in both
        assert talk.readings == 2

    asyncio.run(listen())


def test_a_message_that_is_to_ring_later_counts_as_said() -> None:
    async def listen() -> None:
        bell = Bell()
        before = bell.rings
        bell.ring_later("c", 0.01)  # nobody listens yet
        assert bell.rings != before

    asyncio.run(listen())
