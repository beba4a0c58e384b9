"""Where Rasa keeps conversations: the most recent ones, in this process, and nothing on disk.

Rasa's tracker is a disposable cache. Transcript and cases are triage's, and what a turn needs of earlier ones
comes with each message. So residents' words lie in one place only, and forgetting a conversation here costs
nothing. Kept live between turns, a tracker need not be written out and read back each time.

A turn that failed never happened: its tracker was lent out and not saved, and the next one is rebuilt from
the events of the last save.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass
class Kept:
    """A conversation as it was last saved."""

    tracker: DialogueStateTracker
    events: tuple[Event, ...]
    is_lent: bool = False


class ConversationMemory(TrackerStore):
    """The last `conversations` conversations, each with at most `events` events."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        *,
        conversations: int = 2_000,
        events: int = 40,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._most = conversations
        self._longest = events
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation as it stands; the oldest ones give way."""
        if len(tracker.events) > self._longest:
            tracker = self._shortened(tracker)
        self._kept[tracker.sender_id] = Kept(tracker, tuple(tracker.events))
        self._kept.move_to_end(tracker.sender_id)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation as it was last saved, or None."""
        kept = self._kept.get(sender_id)
        if kept is None:
            return None
        if kept.is_lent:
            # The turn that had it failed before it was saved, and may have changed it half-way.
            kept.tracker = self._rebuilt(kept.tracker, kept.events)
        kept.is_lent = True
        return kept.tracker

    async def keys(self) -> Iterable[str]:
        """Return the ids of the conversations that are remembered."""
        return list(self._kept)

    def _rebuilt(
        self, of: DialogueStateTracker, events: Iterable[Event]
    ) -> DialogueStateTracker:
        tracker = DialogueStateTracker.from_events(
            of.sender_id, list(events), slots=self.domain.slots
        )
        tracker.model_id, tracker.assistant_id = of.model_id, of.assistant_id
        return tracker

    def _shortened(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """Return the conversation without its older half, with the slots and the loop of that point."""
        events = list(tracker.events)
        start = _start_of_a_turn(events, len(events) - self._longest // 2)
        before = self._rebuilt(tracker, events[:start])
        carried: list[Event] = [
            SlotSet(slot.name, slot.value)
            for slot in before.slots.values()
            if slot.value != slot.initial_value
        ]
        if before.active_loop_name:
            carried.append(ActiveLoop(before.active_loop_name))
        return self._rebuilt(tracker, [*carried, *events[start:]])


def _start_of_a_turn(events: list[Event], at_least: int) -> int:
    """Return where the first whole turn at or after a position begins: the listening before its words."""
    for number in range(at_least, len(events) - 1):
        if isinstance(events[number], ActionExecuted) and isinstance(
            events[number + 1], UserUttered
        ):
            return number
    return at_least
