"""The whole line, as `make run` starts it, for journeys through all of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.line import running_line
from tests.chaos.processes import environment_of
from tests.journeys.processes import Line, Resident
from tests.support import rasa
from tests.triage.texting.carrier import CarrierTwin, text_carrier

# One call to the carrier, on a machine that is busy.
CARRIER_SECONDS = 10


@pytest.fixture(scope="session")
def carrier() -> Iterator[CarrierTwin]:
    """The carrier that residents' texts come over."""
    with text_carrier() as twin:
        yield twin


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory, carrier: CarrierTwin) -> Iterator[Line]:
    if why_not := rasa.why_not():
        pytest.skip(why_not)
    var: Path = tmp_path_factory.mktemp("line")
    settings = environment_of(carrier.settings(twilio_seconds=CARRIER_SECONDS))
    # Tests run at any hour.
    settings["ASK311_QUIET_HOURS"] = "none"
    with running_line(var=var, settings=settings) as url:
        carrier.calls_back_at = url
        yield Line(url, var)


@pytest.fixture
def someone(line: Line) -> Iterator[Callable[[], Resident]]:
    """Bring in a new resident, as often as it is called."""
    present: list[Resident] = []

    def comes() -> Resident:
        present.append(Resident(line.url))
        return present[-1]

    yield comes
    for resident in present:
        resident.leaves()
