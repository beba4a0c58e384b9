"""Parts of a process begin in their order and end together, whatever becomes of one of them."""

from __future__ import annotations

import asyncio

import pytest

from triage.kit.life import running


class Recorded:
    """A part that says what happens to it, and fails where it is told to."""

    def __init__(self, name: str, told: list[str], fails_at: str = "") -> None:
        self.name = name
        self.told = told
        self.fails_at = fails_at

    async def start(self) -> None:
        self._do("starts")

    async def stop(self) -> None:
        self._do("stops")

    def _do(self, what: str) -> None:
        self.told.append(f"{self.name} {what}")
        if what == self.fails_at:
            raise OSError(self.name)


def lived(*parts: Recorded) -> None:
    async def live() -> None:
        async with running(parts):
            parts[0].told.append("runs")

    asyncio.run(live())


def test_parts_start_in_their_order_and_all_stop() -> None:
    told: list[str] = []
    lived(Recorded("relay", told), Recorded("news", told))
    assert told == ["relay starts", "news starts", "runs", "relay stops", "news stops"]


def test_what_has_started_stops_when_another_cannot_start() -> None:
    told: list[str] = []
    with pytest.raises(OSError, match="news"):
        lived(Recorded("relay", told), Recorded("news", told, "starts"))
    assert "relay stops" in told
    assert "runs" not in told


def test_a_part_that_fails_to_stop_keeps_no_other_from_stopping_and_is_told_of() -> None:
    told: list[str] = []
    with pytest.raises(ExceptionGroup) as fault:
        lived(Recorded("relay", told, "stops"), Recorded("news", told))
    assert [str(e) for e in fault.value.exceptions] == ["relay"]
    assert told[-1] == "news stops"


def test_parts_stop_at_the_same_time() -> None:
    async def live() -> None:
        both = asyncio.Barrier(2)

        class Waits:
            async def start(self) -> None:
                pass

            async def stop(self) -> None:
                # One after the other, neither would ever end.
                await asyncio.wait_for(both.wait(), 20)

        async with running([Waits(), Waits()]):
            pass

    asyncio.run(live())
