"""Put the action server together, once, when it starts: the catalogue, the city, the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rasa_sdk.executor import ActionExecutor

from actions.answer import AnswerQuestion
from actions.ask_person import AskPerson
from actions.case_status import CaseStatus
from actions.choose import Choose
from actions.find_place import FindPlace
from actions.line import Line
from actions.repeat import Repeat, Restart
from actions.reporting import WithReports
from actions.settings import Settings
from actions.small_talk import SmallTalk
from actions.take_photo import TakePhoto
from actions.triage_client import Cases, TriageCases
from services_catalog.database import open_database
from services_catalog.encoder import open_encoder
from services_catalog.live import LiveCatalogue
from services_catalog.notices.live import LiveNotices
from services_catalog.packs import City, load_city
from services_catalog.places.live import LiveGazetteer

ABILITIES = (
    AnswerQuestion, FindPlace, Choose, AskPerson, CaseStatus, TakePhoto, SmallTalk, Repeat, Restart,
)  # fmt: skip


def open_line(settings: Settings) -> Line:
    """Open the catalogue and begin to follow it.

    Raises:
        PackError: a table of places cannot be read.
        SQLAlchemyError: the database cannot be read. There is no answering without it.
    """
    city = load_city(settings.city)
    database = open_database(settings.database_url, pool_size=3)
    live = LiveCatalogue(
        database,
        settings.city,
        encoder=open_encoder(),
        cache=Path(settings.search_cache),
    )
    live.start()
    gazetteer = LiveGazetteer(settings.city)
    gazetteer.start()
    notices = LiveNotices(database, settings.city)
    notices.start()
    return Line(
        live,
        city,
        gazetteer.now,
        today_in(city),
        lambda: gazetteer.fault,
        notices.now,
        settings.public_url.rstrip("/"),
    )


def executor_for(line: Line, cases: Cases) -> ActionExecutor:
    """Return an executor that knows every ability; reports become cases over there."""
    executor = ActionExecutor()
    for ability in ABILITIES:
        executor.register_action(WithReports(ability(line), cases))
    return executor


def open_cases(settings: Settings) -> TriageCases:
    """Return the way to triage's cases. Nothing is asked yet."""
    return TriageCases(settings.triage_url, settings.api_secret.get_secret_value())


def today_in(city: City) -> Callable[[], date]:
    """Return a clock that tells the city's day."""
    zone = ZoneInfo(city.timezone)
    return lambda: datetime.now(zone).date()
