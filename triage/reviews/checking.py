"""The job that looks at the addresses that entries name: one at a time for each server, with a pause, now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from services_catalog import store
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.reviews import repository
from triage.reviews.asking import link_client, look_at
from triage.reviews.links import Link, after, by_host, entries_of, pause_after

# How often the job sees what is due; not how often an address is looked at.
ROUND_EVERY_SECONDS = 300.0
MOST_IN_A_ROUND = 300
MOST_HOSTS_AT_ONCE = 4
PAUSE_SECONDS = 1.0
# Longer than a round can take: 300 addresses of one server that never answers.
LEASE = timedelta(hours=4)


class LinkChecker:
    """Looks at the links of one city's entries.

    Args:
        usual: how long an address that is found as it should be is left alone.
        public_url: where whoever keeps a site learns who asks.
        pause_seconds: between two questions to the same server.
    """

    def __init__(
        self,
        database: Database,
        city: str,
        clock: Clock,
        usual: timedelta,
        public_url: str,
        *,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._database = database
        self._city = city
        self._clock = clock
        self._usual = usual
        self._public_url = public_url
        self._pause = pause_seconds

    async def round(self) -> int:
        """Look at what is due; return how many addresses that were. Any number of processes may do it."""
        now = self._clock.now()
        catalogue = await self._database.read(lambda c: store.load_in(c, self._city))
        named = entries_of(catalogue.entries)
        await self._database.write(lambda c: repository.keep_just(c, named, now))
        due = await self._database.write(
            lambda c: repository.take_due(c, now, most=MOST_IN_A_ROUND, lease=LEASE)
        )
        await self._look(due)
        return len(due)

    async def everything(self) -> int:
        """Look at every address now; return how many there are."""
        now = self._clock.now()
        catalogue = await self._database.read(lambda c: store.load_in(c, self._city))
        named = entries_of(catalogue.entries)
        await self._database.write(lambda c: repository.keep_just(c, named, now))
        await self._database.write(lambda c: repository.make_all_due(c, now))
        looked = 0
        while due := await self._database.write(
            lambda c: repository.take_due(c, now, most=MOST_IN_A_ROUND, lease=LEASE)
        ):
            await self._look(due)
            looked += len(due)
        return looked

    async def _look(self, due: Iterable[Link]) -> None:
        links = {link.address: link for link in due}
        free = asyncio.Semaphore(MOST_HOSTS_AT_ONCE)
        async with link_client(self._public_url) as http:

            async def ask_one_server(addresses: list[str]) -> None:
                async with free:
                    for n, address in enumerate(addresses):
                        if n:
                            await asyncio.sleep(self._pause)
                        finding = await look_at(http, address)
                        await self._keep(after(links[address], finding, self._clock.now()))

            servers = [ask_one_server(addresses) for addresses in by_host(links).values()]
            faults = [f for f in await asyncio.gather(*servers, return_exceptions=True) if f]
        # What one server could not be kept of stops no other; the job's keeper hears of the first.
        if faults:
            raise faults[0]

    async def _keep(self, link: Link) -> None:
        next_at = self._clock.now() + pause_after(link, self._usual)
        await self._database.write(lambda c: repository.put(c, link, next_at))
