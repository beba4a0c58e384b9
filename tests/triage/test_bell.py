"""Who waits is woken by what concerns them, once, and not later than promised."""

from __future__ import annotations

import asyncio

from triage.kit.bell import Bell

LONG = 5.0


def test_a_ring_wakes_those_who_listen_for_that_name() -> None:
    async def listen() -> None:
        bell = Bell()
        with bell.listening("a", 0) as one, bell.listening("b", 0) as other:
            bell.ring("a")
            assert await one.wait(LONG)
            assert not await other.wait(0)

    asyncio.run(listen())


def test_a_ring_for_later_comes_by_itself_and_only_once() -> None:
    async def listen() -> None:
        bell = Bell()
        with bell.listening("a", 0) as listener:
            bell.ring_later("a", 0.01)
            bell.ring_later("a", 0.02)
            assert not await listener.wait(0)
            assert await listener.wait(LONG)
            assert not await listener.wait(0.1)

    asyncio.run(listen())


def test_a_ring_before_it_takes_the_place_of_the_one_for_later() -> None:
    async def listen() -> None:
        bell = Bell()
        with bell.listening("a", 0) as listener:
            bell.ring_later("a", 0.05)
            bell.ring("a")
            assert await listener.wait(0)
            assert not await listener.wait(0.2)
            # And the next one for later is one of its own.
            bell.ring_later("a", 0.01)
            assert await listener.wait(LONG)

    asyncio.run(listen())


def test_nothing_is_kept_of_those_who_left() -> None:
    async def listen() -> None:
        bell = Bell()
        bell.ring_later("a", 0.01)  # nobody is there
        with bell.listening("a", 0):
            bell.ring_later("a", 0.01)
        with bell.listening("a", 0) as later:
            assert not await later.wait(0.1)
        assert bell.names() == []

    asyncio.run(listen())
