"""One who stands before an assistant, passes everything on, and remembers who asked what, when."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.serving import Handler, serving

LONGEST_SECONDS = 30


@dataclass(frozen=True)
class Turn:
    """A message that was brought to the assistant, and whether an answer came."""

    conversation: str
    message: str
    began: float
    ended: float
    is_answered: bool


@dataclass
class Ear:
    """What is heard before one assistant; `url` is where it is asked."""

    url: str = ""
    turns: list[Turn] = field(default_factory=list)

    def answered(self) -> set[str]:
        """Return the messages that were answered here."""
        return {turn.message for turn in self.turns if turn.is_answered}


@contextmanager
def listening(port: int) -> Iterator[Ear]:
    """Stand before the assistant at a port."""
    ear = Ear()

    class Listener(Handler):
        def do_GET(self) -> None:
            # Whether the assistant is well.
            status, answer = self._pass_on()
            self.send(status, answer, Content_Type="application/json")

        def do_POST(self) -> None:
            body = self.body()
            asked, began = json.loads(body), time.monotonic()
            try:
                status, answer = self._pass_on(body)
            except OSError:
                # Nobody is there: so it is for who asked, too.
                self.close_connection = True
                status, answer = 0, b""
            turn = Turn(
                asked["conversation_id"],
                asked["message_id"],
                began,
                time.monotonic(),
                status == 200,
            )
            ear.turns.append(turn)
            if status:
                self.send(status, answer, Content_Type="application/json")

        def _pass_on(self, body: bytes | None = None) -> tuple[int, bytes]:
            there = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
            kept = ("authorization", "content-type")
            headers = {n: self.headers[n] for n in kept if n in self.headers}
            try:
                there.request(self.command, self.path, body, headers)
                answer = there.getresponse()
                return answer.status, answer.read()
            except http.client.HTTPException as fault:
                raise ConnectionError from fault
            finally:
                there.close()

    with serving(Listener) as at:
        ear.url = f"http://127.0.0.1:{at}"
        yield ear
