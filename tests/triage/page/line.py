"""A front door for browser tests: the real app over a real database, with the assistant's twin behind it.

It can be stopped and started again at the same address, as a server is when it is updated.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn

from tests.triage.talking import PATIENCE, make_settings, wait_until
from tests.triage.twin import Answer, AssistantTwin, echo, says
from triage.app import create_app
from triage.door import Door
from triage.parts import Parts
from triage.safety import look

SOURCE = "https://www.toronto.ca/services-payments/recycling-organics-garbage/"
LONG = (
    "Put your green bin out before 7 a.m. on your collection day, and not before 8 p.m. the evening before.\n\n"
    "Your day depends on your address. Look it up at toronto.ca/recycle, or call 311 "
    "(416-392-2489 from outside Toronto). You can also write to 311@toronto.ca."
)

CHOICES = [
    {"label": "Pay a parking ticket", "service_id": "pay", "value": {"service_id": "pay"}},
    {"label": "Dispute a parking ticket", "service_id": "fight", "value": {"service_id": "x"}},
    {"label": "Talk to a person", "value": {"move": "person"}},
]
PLACES = [
    {
        "place_id": "cc-elm",
        "name": "Elm Street Child Care",
        "address": "12 Elm St",
        "phone": "416-555-0143 ext. 12",
        "metres": 347.6,
        "latitude": 43.6575,
        "longitude": -79.3835,
        "map_url": "https://www.openstreetmap.org/?mlat=43.6575&mlon=-79.3835#map=17/43.6575/-79.3835",
        "details": ["Takes toddlers", "Fee subsidy"],
    },
    {
        "place_id": "cc-oak",
        "name": "Oak & <b>Acorn</b> Early Years",
        "address": "200 Wellesley St E",
        "phone": "416-555-0187",
        "metres": 1_234,
        "latitude": 43.6680,
        "longitude": -79.3700,
        "map_url": "https://www.openstreetmap.org/?mlat=43.668&mlon=-79.37#map=17/43.668/-79.37",
        "details": [],
    },
    {
        "place_id": "cc-none",
        "name": "The Little House with a Very Long Name in the Middle of the Town",
        "metres": 995,
        "latitude": 43.6500,
        "longitude": -79.3900,
    },
]
FROM = {
    "lat": 43.66,
    "long": -79.38,
    "label": "200 Elm St",
    "approximate": True,
    "ward": "Ward 11",
}
PLACES_TEXT = (
    "Here are the nearest child care centres to 200 Elm St, in a straight line:\n\n"
    "1. Elm Street Child Care, 12 Elm St (350 m). 416-555-0143 ext. 12. Takes toddlers, Fee subsidy\n"
    "2. Oak & <b>Acorn</b> Early Years, 200 Wellesley St E (1.2 km). 416-555-0187\n"
    "3. The Little House with a Very Long Name in the Middle of the Town (1.0 km)\n\n"
    "Call first: spaces change. See toronto.ca/children."
)
ASK = "Where should I look? Send an address or a corner. I use it for this conversation only."
DAYCARE = "Where is the closest daycare?"
NEAR_ELM = "daycare near 200 elm"
CASE: dict[str, Any] = {
    "reference": "K4M-9RW-2HX",
    "service_name": "Pothole on a road, lane or sidewalk",
    "status": "received",
    "division": "Transportation Services",
    "due": "2099-12-04T23:59:59-05:00",
    "next": "They aim to look at it by Friday, December 4, 2099.",
}
CASE_TEXT = (
    "Your report is sent. Your reference is K4M-9RW-2HX. Transportation Services has your report. "
    "Work has not started. They aim to look at it by Friday, December 4, 2099.\n\n"
    'To ask about it later, write the reference here, like this: "what is happening with K4M-9RW-2HX".'
)
PERSON_PLEASE = "can i talk to a person"
PHOTO_THANKS = "Thank you, I have the photo."
# What the assistant says to these words; to all others it repeats them.
SCRIPT: dict[str, list[dict[str, Any]]] = {
    "When do I put out my green bin?": says(
        LONG, service_id="green_bin", source_url=SOURCE, last_verified="2026-11-12"
    ),
    "parking ticket": says("Which of these do you mean?", "choices", choices=CHOICES),
    DAYCARE: says(ASK, "place", ask="location"),
    NEAR_ELM: says(PLACES_TEXT, "place", places=PLACES, location=FROM),
    "/give_location": says(PLACES_TEXT, "place", places=PLACES, location=FROM),
    "/give_photo": says(PHOTO_THANKS, "intake"),
    "add a photo": says("Can you send a photo of it?", "intake", ask="photo"),
    "send it": says(CASE_TEXT, "case_opened", case=CASE),
    PERSON_PLEASE: says("To talk to a person, call 311.", hand_over="asked"),
    "its phone number": says(
        "Elm Street Child Care: 416-555-0143 ext. 12", "place", places=PLACES[:1]
    ),
    "/choose": says("You can pay online at https://www.toronto.ca/pay.", service_id="pay"),
}


def scripted(asked: dict[str, Any]) -> Answer:
    return SCRIPT.get(asked["text"]) or echo(asked)


class Line:
    """`start()`, `stop()`, and again."""

    def __init__(self, folder: Path, port: int = 0, **settings: Any) -> None:
        self.assistant = AssistantTwin()
        self.assistant.__enter__()
        self.assistant.will_answer = scripted
        self.settings = make_settings(
            f"sqlite:///{folder}/triage.db",
            self.assistant.url,
            media_dir=str(folder / "media"),
            **settings,
        )
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._app: Door | None = None

    def start(self) -> None:
        app = self._app = create_app(Parts(self.settings, look))
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self._port,
            log_config=None,
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()))
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive())
        assert self._server.started

    def stop(self) -> None:
        if self._app is None:
            return
        self._app.close_readers()
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self._app = None

    def close(self) -> None:
        self.stop()
        self.assistant.__exit__()
