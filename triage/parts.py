"""Assembles what the front door and the worker have in common: the database, conversations, cases, jobs.

A job is what nobody waits for at a door: forwarding, sweeping, closing. Each process that does jobs takes its share
of them; leases in the database see to it that nothing is done twice.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services_catalog.packs import load_city
from services_catalog.search.vectors import Encodes
from triage.cases.desk import Desk
from triage.cases.entries import Entries
from triage.cases.reading import Reading
from triage.cases.service import CLOSE_EVERY_SECONDS, Cases
from triage.conversations.feedback import Feedback
from triage.conversations.figures import Figures
from triage.conversations.lateness import Lateness
from triage.conversations.people import Nobody, People
from triage.conversations.photos import ConversationPhotos
from triage.conversations.rasa_client import Assistant, HandOn, RasaGateway
from triage.conversations.relay import Relay
from triage.conversations.service import Conversations, Look
from triage.editing.editing import Editing
from triage.editing.publishing import PUBLISH_EVERY_SECONDS
from triage.editing.rehearsal import Rehearsal
from triage.forwarding.client import Open311Client
from triage.forwarding.figures import ForwardingFigures
from triage.forwarding.listening import Listener
from triage.forwarding.outbox import into_outbox
from triage.forwarding.sending import Pace, Sender
from triage.forwarding.targets import with_keys
from triage.forwarding.worker import Times, forwarder
from triage.handover.figures import HandoverFigures
from triage.handover.line import Line, opening_of, staffed
from triage.handover.service import Handovers
from triage.handover.watch import LOOK_EVERY_SECONDS, Watch
from triage.insight import days
from triage.kit.bell import Bell
from triage.kit.chores import Chore
from triage.kit.clock import Clock, SystemClock
from triage.kit.db import Database
from triage.kit.duties import DutyWorker
from triage.kit.gazetteer import LazyGazetteer
from triage.kit.life import OnDeath, Part, running
from triage.kit.quiet import read_quiet_hours
from triage.learning.learning import LOOK_EVERY_SECONDS as LEARN_EVERY_SECONDS
from triage.learning.learning import Learning
from triage.media.folder import MediaFolder
from triage.media.service import Photos
from triage.media.sweeper import SWEEP_EVERY_SECONDS, sweep_photos
from triage.migrations import migrate
from triage.notices.service import Notices
from triage.operations.metrics import Look as LookAtFigures
from triage.reviews.checking import ROUND_EVERY_SECONDS, LinkChecker
from triage.reviews.reviews import Reviews
from triage.routing.pack import Routing, load_routing
from triage.settings import Settings
from triage.staff.demo import seed
from triage.staff.staff import Staff
from triage.texting.outbox import into_texts
from triage.texting.reaching import lost_updates, where_now
from triage.texting.texting import Texting
from triage.updates.consent import Consents
from triage.updates.outbox import into_updates
from triage.updates.pack import UpdateRules, load_update_rules
from triage.updates.updates import Updates


def update_rules(settings: Settings) -> UpdateRules:
    """Return how residents are told of their reports: as the city's pack says, but for what is set."""
    rules = load_update_rules(settings.city)
    if settings.quiet_hours:
        return replace(rules, quiet=read_quiet_hours(settings.quiet_hours))
    return rules


class Parts:
    """The parts of one process of one city's line. They run, and hold connections, within `running`.

    Args:
        settings: with the replica named (`Settings.replica_at`).
        look: says what a message tells of danger (`triage.safety.look`).
        assistant: who answers; the gateway of the settings if not given.
        encoder: turns words into vectors, for the groups of what was not answered well; None: they go by letters.
        hand_on: gives the assistant what is already known of a message's meaning (`Encoder.hand_on`).
        clock: the time; this machine's if not given.
        routing: where cases go; what the city's pack says if not given.
        on_death: called when a part that everything waits for has died.
    """

    def __init__(
        self,
        settings: Settings,
        look: Look,
        *,
        assistant: Assistant | None = None,
        hand_on: HandOn | None = None,
        encoder: Encodes | None = None,
        clock: Clock | None = None,
        routing: Routing | None = None,
        on_death: OnDeath = None,
    ) -> None:
        self.settings = settings
        self.on_death = on_death
        self.city = load_city(settings.city)
        self.clock = clock or SystemClock()
        self.bell, self.figures = Bell(), Figures()
        self.database = Database(settings.database_url)
        # Also where no texts are set: another process may have taken in what this one has answered.
        on_said = (into_texts(self.clock),)
        has_staff = staffed(with_demo=settings.demo)
        opening = opening_of(self.city)
        people: People = Nobody()
        self._watch = None
        if opening:
            people = line = Line(self.city, opening, has_staff)
            self._watch = Watch(self.database, line, opening, self.bell, self.clock, on_said)
        self.handovers = Handovers(self.database, self.city, self.bell, self.clock, on_said)
        self._gateway = None
        if assistant is None:
            assistant = self._gateway = RasaGateway(
                settings.rasa_urls,
                settings.gateway_secret.get_secret_value(),
                connect_seconds=settings.rasa_connect_seconds,
                total_seconds=settings.rasa_seconds,
                connections=settings.relay_concurrency,
                hand_on=hand_on,
            )
        self.relay = Relay(
            self.database,
            assistant,
            self.city,
            settings,
            self.bell,
            self.figures,
            self.clock,
            people,
            on_death,
            on_said,
        )
        self.lateness = Lateness(
            self.database,
            self.city,
            timedelta(seconds=settings.outage_after_seconds),
            self.bell,
            self.figures,
            self.clock,
            on_said,
        )
        self.conversations = Conversations(
            self.database,
            self.city,
            look,
            self.relay,
            self.bell,
            self.figures,
            self.clock,
            people,
            on_said,
        )
        self.staff = Staff(
            self.database, self.clock, settings, self.city.name, is_demo=settings.demo
        )
        self.media_folder = MediaFolder(Path(settings.media_dir))
        self.photos = Photos(self.media_folder)
        self.conversation_photos = ConversationPhotos(
            self.database, self.conversations, self.photos, self.clock
        )
        self.feedback = Feedback(self.database, self.conversations, self.clock)
        self.routing = routing or load_routing(settings.city)
        self.entries = Entries(self.database, settings.city)
        self.editing = Editing(self.database, self.city, self.clock)
        self.rehearsal = Rehearsal(settings.database_url, settings.city, settings.search_cache)
        self.cases = Cases(
            self.database,
            self.city,
            self.routing,
            self.entries,
            self.clock,
            on_open=[into_outbox(self.routing.forwards)],
            on_move=[into_updates()],
        )
        self.desk = Desk(self.database, self.cases.changes, self.routing)
        self.reading = Reading(self.database, self.clock, self.cases.changes.zone)
        self.gazetteer = LazyGazetteer(settings.city)
        self.notices = Notices(self.database, self.city, self.clock)
        self.reviews = Reviews(self.database, self.city, self.clock)
        self.links = LinkChecker(
            self.database,
            settings.city,
            self.clock,
            timedelta(hours=settings.link_check_hours),
            settings.public_url,
        )
        self.updates = Updates(
            self.database,
            self.city,
            update_rules(settings),
            self.routing.reopen_within_days,
            where_now,
            lost_updates,
            on_said,
            self.bell.ring,
            self.figures.registry,
            self.clock,
            settings.update_sweep_seconds,
        )
        self.consents = Consents(self.database, self.cases, self.clock)
        self.texting = None
        if settings.has_texts:
            self.texting = Texting(
                settings,
                self.database,
                self.city,
                self.conversations,
                self.photos,
                on_said,
                self.figures.registry,
                self.clock,
            )
        self.learning = Learning(
            self.database, self.clock, self.editing, encoder, settings.learning_days
        )
        self._open311_client = Open311Client(settings.forward_seconds)
        self._forwarding_figures = ForwardingFigures(self.figures.registry)
        # Of every part that has figures of its own in the registry.
        self.looks: tuple[LookAtFigures, ...] = (
            self._forwarding_figures.look,
            self.updates.figures.look,
            HandoverFigures(self.figures.registry).look,
            *([self.texting.figures.look] if self.texting else []),
        )

    def jobs(self) -> tuple[Part, ...]:
        """Return this process's share of the jobs, for one that does any.

        Raises:
            PackError: what a job needs from the environment is missing.
        """
        name = self.settings.replica
        return (
            self._forwarder(),
            *self.updates.jobs(name, self.on_death),
            *([self.texting.worker(name, self.on_death)] if self.texting else []),
            Chore(
                "media",
                lambda: sweep_photos(self.database, self.media_folder),
                SWEEP_EVERY_SECONDS,
                self.on_death,
            ),
            *self._watching(),
            Chore(
                "learning", self.learning.look_now_and_then, LEARN_EVERY_SECONDS, self.on_death
            ),
            *self._checking_links(),
            Chore(
                "figures",
                lambda: days.count(self.database, ZoneInfo(self.city.timezone), self.clock),
                days.COUNT_EVERY_SECONDS,
                self.on_death,
            ),
            Chore("closing", self.cases.close_old, CLOSE_EVERY_SECONDS, self.on_death),
            Chore(
                "publishing",
                self.editing.publishing.publish_due,
                PUBLISH_EVERY_SECONDS,
                self.on_death,
            ),
        )

    @asynccontextmanager
    async def running(self, *parts: Part) -> AsyncIterator[None]:
        """Bring the tables up to date and have messages answered, late or not; run further parts beside that."""
        late = Chore("late", self.lateness.look, self.settings.sweep_seconds, self.on_death)
        async with self.opened(), running((self.relay, late, *parts)):
            yield

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Bring the tables up to date, and in the end let all connections go."""
        await asyncio.to_thread(migrate, self.database.engine)
        if self.settings.demo:
            await self.database.write(lambda c: seed(c, self.clock.now()))
        try:
            yield
        finally:
            await self._open311_client.close()
            if self.texting:
                await self.texting.close()
            if self._gateway:
                await self._gateway.close()
            await asyncio.to_thread(self.gazetteer.close)
            await asyncio.to_thread(self.photos.close)
            await asyncio.to_thread(self.database.close)

    def _watching(self) -> tuple[Part, ...]:
        if self._watch is None:
            return ()
        return (Chore("handover", self._watch.look, LOOK_EVERY_SECONDS, self.on_death),)

    def _checking_links(self) -> tuple[Part, ...]:
        if not self.settings.link_check_hours:
            return ()
        return (Chore("links", self.links.round, ROUND_EVERY_SECONDS, self.on_death),)

    def _forwarder(self) -> DutyWorker:
        settings, database, clock = self.settings, self.database, self.clock
        client, figures = self._open311_client, self._forwarding_figures
        targets = with_keys(self.routing.forwards, os.environ)
        pace = Pace(
            settings.forward_retry_first_seconds,
            settings.forward_retry_longest_seconds,
            timedelta(hours=settings.forward_give_up_after_hours),
        )
        return forwarder(
            database,
            targets,
            Sender(database, client, targets, figures, clock, pace),
            Listener(database, targets, self.cases, client, figures, clock),
            figures,
            clock,
            Times(settings.forward_sweep_seconds, settings.forward_seconds),
            settings.replica,
            self.on_death,
        )
