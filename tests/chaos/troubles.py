"""What can fail in a town, one thing at a time. Each is over when its function returns."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from tests.chaos.town import ACTIONS, DOORS, RASAS, WORKERS, Town
from tests.triage.texting.carrier import Mood

Trouble = Callable[[Town, random.Random], None]

# Whatever the carrier answers at a good time: mostly that it has taken a text.
MOODS = (
    *([Mood.KEEPS] * 30), Mood.FAILS, Mood.BUSY, Mood.DROPS, Mood.KEEPS_AND_FAILS, Mood.KEEPS_AND_DROPS,
    Mood.KEEPS_AND_HANGS, Mood.BABBLES,
)  # fmt: skip
# No mobile number: it will not be delivered, however often it is sent.
REFUSES = 21614
AWAY = (Mood.DROPS, Mood.FAILS, Mood.BUSY, Mood.HANGS)


def kill(name: str) -> Trouble:
    """Kill a process and start it again; what is killed before it opens, again and again, would show nothing."""

    def do(town: Town, rng: random.Random) -> None:
        town.processes[name].kill()
        time.sleep(rng.random() / 2)
        town.processes[name].start()
        town.processes[name].wait_until_up()

    return do


def rasa_down(town: Town, rng: random.Random) -> None:
    """Have no Rasa at all for a while."""
    for name in RASAS:
        town.processes[name].kill()
    time.sleep(rng.uniform(1, 2))
    for name in RASAS:
        town.processes[name].start()


def rasa_hangs(town: Town, rng: random.Random) -> None:
    """Have every Rasa take messages and answer none, for longer than a front door waits."""
    _hang(town, RASAS, rng.uniform(3.5, 4.5))


def actions_down(town: Town, rng: random.Random) -> None:
    town.processes[ACTIONS].kill()
    time.sleep(rng.uniform(1, 2))
    town.processes[ACTIONS].start()


def actions_hang(town: Town, rng: random.Random) -> None:
    _hang(town, [ACTIONS], rng.uniform(1, 2))


def door_hangs(town: Town, rng: random.Random) -> None:
    """Have a front door stand still for longer than its leases last: others answer what it held."""
    _hang(town, [rng.choice(DOORS)], rng.uniform(4.5, 5.5))


def database_away(town: Town, rng: random.Random) -> None:
    with town.database.away():
        time.sleep(town.database.away_seconds + rng.random())


def disk_full(town: Town, rng: random.Random) -> None:
    with town.database.full(town.product):
        time.sleep(rng.uniform(2, 3))


def carrier_away(town: Town, rng: random.Random) -> None:
    """Have the carrier drop, fail and hang for a while; what it calls meanwhile is not told."""
    usual, town.carrier.choose = town.carrier.choose, lambda: rng.choice(AWAY)
    town.carrier.log_status = 500
    time.sleep(rng.uniform(2, 3))
    town.carrier.choose, town.carrier.log_status = usual, 200


def _hang(town: Town, names: Sequence[str], seconds: float) -> None:
    for name in names:
        town.processes[name].hang()
    time.sleep(seconds)
    for name in names:
        town.processes[name].go_on()


OTHERS: Sequence[Trouble] = (
    rasa_down, rasa_hangs, actions_down, actions_hang, door_hangs, database_away, disk_full, carrier_away,
)  # fmt: skip
KILLED = (*DOORS, *WORKERS, RASAS[0], ACTIONS, *DOORS, *WORKERS, RASAS[1])


def kills(many: int, rng: random.Random) -> list[Trouble]:
    """Return so many kills, of each kind of process and else at random."""
    names = [DOORS[0], WORKERS[0], RASAS[0], ACTIONS, *rng.choices(KILLED, k=many)][:many]
    rng.shuffle(names)
    return [kill(name) for name in names]


def others(rounds: int, rng: random.Random) -> list[Trouble]:
    """Return everything else that can fail, so many times over."""
    drawn = [*OTHERS] * rounds
    rng.shuffle(drawn)
    return drawn
