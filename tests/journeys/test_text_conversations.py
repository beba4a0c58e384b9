"""Text messages as residents send them: every conversation of tests/conversations/texting over one whole line."""

import statistics
from collections.abc import Iterator, Mapping

import pytest

from services_catalog.database import open_database
from tests.journeys.processes import Line
from tests.support.case_desk import Desk
from tests.support.scripted import conversations, name_of
from tests.support.texted import FOLDER, Played, Street, play_all
from tests.triage.texting.carrier import CarrierTwin

pytestmark = pytest.mark.slow

WRITTEN = conversations(FOLDER)
AT_ONCE = 4


@pytest.fixture(scope="module")
def played(line: Line, carrier: CarrierTwin) -> Iterator[Mapping[str, Played]]:
    """Every conversation, held once, by its name."""
    line.wait_until_ready()
    line.wait_until_search_is_fitted()
    engine = open_database(f"sqlite:///{line.var}/ask311.db")
    desk = Desk(line.url, (line.var / "api-secret").read_text().strip(), engine)
    yield play_all(Street(line.url, carrier, desk, engine), WRITTEN, at_once=AT_ONCE)
    engine.dispose()


@pytest.mark.parametrize("name", [name_of(c) for c in WRITTEN])
def test_the_texts_are_as_written_and_what_was_promised_is_so(
    played: Mapping[str, Played], name: str
) -> None:
    assert not played[name].faults, str(played[name])


def test_there_are_enough_of_them_under_names_of_their_own() -> None:
    names = [name_of(c) for c in WRITTEN]
    assert len(set(names)) == len(names) >= 40


def test_texts_take_few_segments(
    played: Mapping[str, Played], capsys: pytest.CaptureFixture[str]
) -> None:
    segments = [s for p in played.values() for s in p.segments]
    fitting = sum(s <= 2 for s in segments)
    with capsys.disabled():
        # A figure of the line, to be seen wherever the tests run.
        print(f"{fitting} of {len(segments)} texts took two segments or fewer")  # noqa: T201
    assert fitting / len(segments) >= 0.95
    assert statistics.mean(segments) < 2


def test_no_number_is_in_any_log(played: Mapping[str, Played], line: Line) -> None:
    for log in (line.var / "log").glob("*.log"):
        assert "4165550" not in log.read_text(errors="replace"), log.name
