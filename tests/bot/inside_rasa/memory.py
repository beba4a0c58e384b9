"""What the assistant remembers of a conversation."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation_memory import ConversationMemory
from tests.bot.inside_rasa.ground import DOMAIN


def check_a_conversation_is_remembered() -> None:
    memory = ConversationMemory(DOMAIN)
    asyncio.run(_turn(memory, "c1", "when is garbage day"))
    tracker = asyncio.run(memory.retrieve("c1"))
    assert tracker is not None
    assert tracker.latest_message.text == "when is garbage day"
    assert asyncio.run(memory.retrieve("c2")) is None


def check_a_turn_that_was_not_saved_never_happened() -> None:
    memory = ConversationMemory(DOMAIN)
    asyncio.run(_turn(memory, "c1", "first"))
    failed = asyncio.run(memory.retrieve("c1"))
    assert failed is not None
    failed.update(UserUttered("second"))
    failed.update(SlotSet("street", "elm"))
    # No save: the turn failed. The same message comes again.
    again = asyncio.run(memory.retrieve("c1"))
    assert again is not None
    assert [e.text for e in again.events if isinstance(e, UserUttered)] == ["first"]
    assert again.get_slot("street") is None


def check_a_conversation_that_starts_afresh_knows_nothing_of_what_was_before() -> None:
    memory = ConversationMemory(DOMAIN)
    asyncio.run(_turn(memory, "c1", "when is garbage day"))
    # As the gateway does it.
    asyncio.run(memory.create_tracker("c1", append_action_listen=False))
    tracker = asyncio.run(memory.retrieve("c1"))
    assert tracker is not None
    assert not tracker.events


def check_memory_is_bounded_in_conversations() -> None:
    memory = ConversationMemory(DOMAIN, conversations=3)
    for number in range(5):
        asyncio.run(_turn(memory, f"c{number}", "hello"))
    assert asyncio.run(memory.keys()) == ["c2", "c3", "c4"]


def check_memory_is_bounded_in_events_and_keeps_slots_and_loop() -> None:
    memory = ConversationMemory(DOMAIN, events=20)
    asyncio.run(_turn(memory, "c1", "start", SlotSet("street", "elm"), ActiveLoop("intake")))
    for number in range(50):
        asyncio.run(_turn(memory, "c1", f"message {number}"))
        tracker = asyncio.run(memory.retrieve("c1"))
        assert tracker is not None
        assert len(tracker.events) <= 20
        assert tracker.get_slot("street") == "elm"
        assert tracker.active_loop_name == "intake"
        assert tracker.latest_message.text == f"message {number}"
        asyncio.run(memory.save(tracker))


async def _turn(memory: ConversationMemory, conversation: str, text: str, *more: Any) -> None:
    tracker = await memory.get_or_create_tracker(conversation, append_action_listen=False)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered(text, {"name": "ask", "confidence": 1.0}))
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(BotUttered("an answer"))
    for event in more:
        tracker.update(event, DOMAIN)
    assert isinstance(tracker, DialogueStateTracker)
    await memory.save(tracker)
