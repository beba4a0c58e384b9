from collections.abc import Iterator

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.line import Line
from services_catalog.places.live import Where, open_where
from tests.support.desk import ReportingLine, reporting_line


@pytest.fixture(scope="session")
def where() -> Where:
    return open_where("toronto")


@pytest.fixture(scope="session")
def whole_line(
    where: Where, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReportingLine]:
    """The small town's line, with the real triage that keeps its cases."""
    with reporting_line(tmp_path_factory.mktemp("line"), where) as desk:
        yield desk


@pytest.fixture
def desk(whole_line: ReportingLine) -> ReportingLine:
    """The line, with an empty desk."""
    whole_line.forget_cases()
    return whole_line


@pytest.fixture(scope="session")
def line(whole_line: ReportingLine) -> Line:
    return whole_line.line


@pytest.fixture(scope="session")
def executor(whole_line: ReportingLine) -> ActionExecutor:
    return whole_line.executor
