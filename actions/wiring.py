"""Put the action server together, once, when it starts: the catalogue, the city, the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rasa_sdk.executor import ActionExecutor

from actions.answer import AnswerQuestion
from actions.ask_person import AskPerson
from actions.choose import Choose
from actions.find_place import FindPlace
from actions.line import Line
from actions.repeat import Repeat, Restart
from actions.settings import Settings
from actions.small_talk import SmallTalk
from services_catalog.database import open_database
from services_catalog.encoder import open_encoder
from services_catalog.live import LiveCatalogue
from services_catalog.packs import City, load_city
from services_catalog.places.live import LiveGazetteer

ABILITIES = (AnswerQuestion, FindPlace, Choose, AskPerson, SmallTalk, Repeat, Restart)


def open_line(settings: Settings) -> Line:
    """Open the catalogue and begin to follow it.

    Raises:
        PackError: a table of places cannot be read.
        SQLAlchemyError: the database cannot be read. There is no answering without it.
    """
    city = load_city(settings.city)
    live = LiveCatalogue(
        open_database(settings.database_url, pool_size=2),
        settings.city,
        encoder=open_encoder(),
        cache=Path(settings.search_cache),
    )
    live.start()
    gazetteer = LiveGazetteer(settings.city)
    gazetteer.start()
    return Line(live, city, gazetteer.now, today_in(city))


def executor_for(line: Line) -> ActionExecutor:
    """Return an executor that knows every ability."""
    executor = ActionExecutor()
    for ability in ABILITIES:
        executor.register_action(ability(line))
    return executor


def today_in(city: City) -> Callable[[], date]:
    """Return a clock that tells the city's day."""
    zone = ZoneInfo(city.timezone)
    return lambda: datetime.now(zone).date()
