"""The whole line, as `make run` starts it, for journeys through all of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.line import running_line
from tests.journeys.processes import Line, Resident
from tests.support import rasa


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    if why_not := rasa.why_not():
        pytest.skip(why_not)
    var: Path = tmp_path_factory.mktemp("line")
    with running_line(var=var) as url:
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
