from collections.abc import Iterator

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.line import Line
from actions.wiring import executor_for
from services_catalog.places.live import open_where
from tests.support.small_town import TODAY, TOWN, open_town


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    live = open_town(tmp_path_factory.mktemp("town"))
    where = open_where("toronto")
    yield Line(live, TOWN, lambda: where, lambda: TODAY)
    live.close()


@pytest.fixture(scope="session")
def executor(line: Line) -> ActionExecutor:
    return executor_for(line)
