"""What the processes of a town under chaos run: `python -m tests.chaos.programs door|worker|rasa|actions`.

Doors and workers are the product's own, with the rules for danger alone, so that they open quickly. Rasa and the action
server are stand-ins that speak their contracts: Rasa asks the action server, the action server opens cases at a door.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from typing import Any

import httpx

from tests.support.serving import Handler, Server
from tests.triage.twin import API_SECRET, Answer, AssistantTwin, Trouble, says

# What begins a message that reports something.
REPORTS = "pothole"
STARTS_WITHIN_SECONDS = 1.5


def serve_door_or_worker(kind: str, port: int, forwards_to: str = "") -> None:
    """Run the product; potholes are forwarded to an address, if one is given."""
    # Here, so that a stand-in opens at once.
    from tests.triage.forwarding.town import routing_to
    from triage.app import create_app
    from triage.kit.log import set_up_logging
    from triage.parts import Parts
    from triage.safety import look
    from triage.serve import Server as Serving
    from triage.settings import Settings
    from triage.worker import create_worker

    given = Settings()  # from the environment
    is_door = kind == "door"
    settings = given.replica_at(port) if is_door else given.worker_at(port)
    set_up_logging(settings.log_level)
    parts = Parts(settings, look, routing=routing_to(forwards_to) if forwards_to else None)
    Serving(create_app(parts) if is_door else create_worker(parts), "127.0.0.1", port).run()


def serve_rasa(port: int, actions_url: str) -> None:
    """Run a stand-in for Rasa. At first it is not ready, as Rasa is not; now and then a turn fails."""
    chance, choosing = random.Random(port), threading.Lock()
    ready_at = time.monotonic() + chance.random() * STARTS_WITHIN_SECONDS
    client = _client()

    def answer(asked: dict[str, Any]) -> Answer:
        with choosing:
            mood = chance.random()
        if time.monotonic() < ready_at or mood < 0.03:
            return Trouble.FAILS
        if mood < 0.04:
            return Trouble.DROPS
        wanted = {key: asked[key] for key in ("conversation_id", "message_id", "text")}
        try:
            done = client.post(f"{actions_url}/webhook", json=wanted)
        except httpx.TransportError:
            return Trouble.FAILS
        return done.json() if done.status_code == 200 else Trouble.FAILS

    with AssistantTwin(port) as twin:
        twin.will_answer = answer
        threading.Event().wait()


def serve_actions(port: int, doors: list[str]) -> None:
    """Run a stand-in for the action server: it says what was said, and makes a report a case first."""
    chance, client = random.Random(port), _client()

    class Actions(Handler):
        def do_GET(self) -> None:
            self.send_json(200, {"status": "ok"})

        def do_POST(self) -> None:
            asked = json.loads(self.body())
            text = f"You said: {asked['text']}"
            if REPORTS not in asked["text"]:
                self.send_json(200, says(text, service_id="echo", revision=1))
                return
            try:
                opened = client.post(
                    f"{chance.choice(doors)}/api/triage/cases",
                    json=_report(asked),
                    headers={"Authorization": f"Bearer {API_SECRET}"},
                )
            except httpx.TransportError:
                self.send_json(500, {"error": "triage"})
                return
            if opened.status_code not in (200, 201):
                self.send_json(500, {"error": f"triage {opened.status_code}"})
                return
            filed = f"{text} Filed as {opened.json()['reference']}."
            self.send_json(200, says(filed, "case_opened"))

    Server(("127.0.0.1", port), Actions).serve_forever()


def _client() -> httpx.Client:
    # Shorter than Rasa has for a turn, which is shorter than the front door waits.
    return httpx.Client(timeout=1.5, trust_env=False)


def _report(asked: dict[str, Any]) -> dict[str, Any]:
    # Each at a place of its own, so that none is taken for another's.
    place = random.Random(asked["message_id"])
    return {
        "key": asked["message_id"],
        "service_id": "pothole",
        "conversation_id": asked["conversation_id"],
        "channel": "sms",
        "answers": {"size": "large"},
        "location": {
            "lat": 43.6 + place.random() / 5,
            "long": -79.6 + place.random() / 3,
            "address": "Somewhere",
        },
        "description": "there is a hole",
        "photos": [],
    }


if __name__ == "__main__":
    kind, at = sys.argv[1], int(os.environ["PORT"])
    if kind in ("door", "worker"):
        serve_door_or_worker(kind, at, *sys.argv[2:])
    elif kind == "rasa":
        serve_rasa(at, sys.argv[2])
    else:
        serve_actions(at, sys.argv[2:])
