"""Reports as residents make them: every conversation of tests/conversations/toronto over one whole line."""

import statistics
from collections.abc import Iterator, Mapping

import pytest

from services_catalog.database import open_database
from tests.journeys.processes import Line
from tests.support.case_desk import Desk
from tests.support.scripted import SIMPLE, Played, conversations, name_of, play_all

pytestmark = pytest.mark.slow

WRITTEN = conversations()
# More than the assistant works on at once.
AT_ONCE = 4
MOST_TURNS = 7


@pytest.fixture(scope="module")
def played(line: Line) -> Iterator[Mapping[str, Played]]:
    """Every conversation, held once, by its name."""
    line.wait_until_ready()
    line.wait_until_search_is_fitted()
    engine = open_database(f"sqlite:///{line.var}/ask311.db")
    desk = Desk(line.url, (line.var / "api-secret").read_text().strip(), engine)
    yield play_all(line.url, desk, WRITTEN, at_once=AT_ONCE)
    engine.dispose()


@pytest.mark.parametrize("name", [name_of(c) for c in WRITTEN])
def test_the_conversation_ends_in_the_right_case_or_the_right_refusal(
    played: Mapping[str, Played], name: str
) -> None:
    assert not played[name].faults, str(played[name])


def test_there_are_enough_of_them_under_names_of_their_own() -> None:
    names = [name_of(c) for c in WRITTEN]
    assert len(set(names)) == len(names) >= 60


def test_a_simple_report_takes_few_turns(
    played: Mapping[str, Played], capsys: pytest.CaptureFixture[str]
) -> None:
    turns = [played[name_of(c)].turns for c in WRITTEN if c.get("kind") == SIMPLE]
    filed = [t for t in turns if t is not None]
    assert len(filed) == len(turns) >= 20
    median = statistics.median(filed)
    with capsys.disabled():
        # A figure of the line, to be seen wherever the tests run.
        print(f"{len(filed)} simple reports, {median} messages at the median")  # noqa: T201
    assert median <= MOST_TURNS
