"""Wakes those who wait for news of something, in this process. It knows names and numbers, nothing else.

A listener says up to which number it knows; it is woken when the bell rings for its name, or when somebody
who looked elsewhere (the database, for other processes' doings) calls `reached` with a higher number.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Listener:
    """One who waits; `known` is the number of the last thing it has seen."""

    def __init__(self, known: int) -> None:
        self.known = known
        self._rung = asyncio.Event()

    def wake(self) -> None:
        """End the present wait, or the next one if there is none."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until there is news, at most so long; say whether there was."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bell:
    """All who wait, by name."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._later: dict[str, asyncio.TimerHandle] = {}
        self.is_closing = False
        # How often it rang for anybody, or is to: who looked before listening has missed nothing if it is the same.
        self.rings = 0

    @contextmanager
    def listening(self, name: str, known: int) -> Iterator[Listener]:
        """Listen for news of `name`: begin before looking, so that nothing falls between."""
        listener = Listener(known)
        self._listeners.setdefault(name, set()).add(listener)
        try:
            yield listener
        finally:
            left = self._listeners[name]
            left.discard(listener)
            if not left:
                del self._listeners[name]
                if later := self._later.pop(name, None):
                    later.cancel()

    def names(self) -> list[str]:
        """Return what is listened for."""
        return list(self._listeners)

    def ring(self, name: str) -> None:
        """Wake all who listen for `name`."""
        self.rings += 1
        if later := self._later.pop(name, None):
            later.cancel()
        for listener in self._listeners.get(name, ()):
            listener.wake()

    def ring_later(self, name: str, seconds: float) -> None:
        """Wake all who listen for `name` in so many seconds, if it does not ring for them before that."""
        self.rings += 1
        if name in self._listeners and name not in self._later:
            self._later[name] = asyncio.get_running_loop().call_later(seconds, self.ring, name)

    def reached(self, name: str, number: int) -> None:
        """Wake those who listen for `name` and know less than `number`."""
        for listener in self._listeners.get(name, ()):
            if listener.known < number:
                listener.wake()

    def close(self) -> None:
        """Wake everybody: the process ends, and nobody shall hold it up by waiting."""
        self.is_closing = True
        for name in self.names():
            self.ring(name)
