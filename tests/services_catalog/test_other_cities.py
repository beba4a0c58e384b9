"""The packs beside Toronto's: whole, honest about what they cannot do, and with nothing of Toronto in them.

What is asked goes through the real actions on each pack as its files stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import yaml

from actions.line import Line
from actions.names import Outcome
from actions.triage_client import TriageCases
from actions.wiring import executor_for
from evaluation.other_cities import asked, figures, opened, read_labelled
from services_catalog.live import LiveCatalogue
from services_catalog.packs import cities, load_city, pack_folder, read_entries
from services_catalog.places.checks import check_places
from services_catalog.places.live import open_where
from services_catalog.protected import read_protected
from services_catalog.transfer import check_pack
from tests.support.protected import wrongly_answered
from tests.support.talk import ActionsAlone, Talk
from triage.channels.page import page_texts
from triage.conversations import notices
from triage.routing.checks import check_routing
from triage.routing.pack import load_routing
from triage.texting import notices as texting

OTHERS = [city for city in cities() if city != "toronto"]
OF_TORONTO = re.compile(
    r"toronto|\b(?:416|437|647)[-. )]|queen st|\bspadina\b|\bTTC\b|1-888-921-2686",
    re.IGNORECASE,
)
# Where a pack may name Toronto: among the places that are not here, and as the clock's zone.
MAY_NAME_IT = {"elsewhere", "timezone"}
NOT_COVERED = "how do i apply for ontario works"
NUMBER = {"guelph": "519-822-1260", "london": "519-661-2489", "barrie": "705-726-4242"}


@dataclass(frozen=True)
class Pack:
    """A city's line, as it runs."""

    city: str
    live: LiveCatalogue
    line: Line

    def talk(self) -> Talk:
        """Begin a conversation."""
        # Nothing can be reported in these packs, so nobody is asked about cases.
        cases = TriageCases("http://127.0.0.1:9", "a" * 32)
        return Talk(ActionsAlone(executor_for(self.line, cases)))


@pytest.fixture(scope="module", params=OTHERS)
def pack(request: pytest.FixtureRequest) -> Iterator[Pack]:
    city = request.param
    where = open_where(city)
    with opened(city) as live:
        line = Line(live, load_city(city), lambda: where, lambda: date(2026, 11, 29))
        yield Pack(city, live, line)


def texts_in(value: Any) -> Iterator[str]:
    """Walk every text of a value: a mapping's, a list's, its own."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (str(key), *texts_in(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("city", OTHERS)
def test_each_pack_passes_every_check(city: str) -> None:
    entries = read_entries(city)
    assert [str(f) for f in check_pack(city)] == []
    assert check_places(city, {e.id for e in entries}) == []
    assert check_routing(load_routing(city), entries) == []


@pytest.mark.parametrize("city", OTHERS)
def test_nothing_of_toronto_is_in_another_city_s_pack(city: str) -> None:
    for path in sorted(pack_folder(city).rglob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name == "city.yaml":
            data = {key: value for key, value in data.items() if key not in MAY_NAME_IT}
        leaks = [text for text in texts_in(data) if OF_TORONTO.search(text)]
        assert leaks == [], path.name


@pytest.mark.parametrize("city", OTHERS)
def test_what_the_line_says_by_itself_holds_nothing_of_toronto(city: str) -> None:
    known = load_city(city)
    said = [
        *texts_in(page_texts("en", known)),
        notices.taking_longer(known),
        notices.given_up(known),
        notices.in_danger(known),
        texting.empty(known),
        texting.help_words(known),
        texting.last_word(known),
        texting.gone_quiet(known, 10),
    ]
    assert [text for text in said if OF_TORONTO.search(text)] == []
    # One number for everybody is not said twice, and hours that are not known leave no empty brackets.
    assert [text for text in said if "()" in text or text.count(known.phone) > 1] == []


@pytest.mark.parametrize("city", OTHERS)
def test_a_pack_without_reports_and_places_promises_neither(city: str) -> None:
    for entry in read_entries(city):
        assert not entry.requestable, entry.id
        assert entry.contact.phone or entry.contact.online, entry.id
        for fact in entry.facts:
            assert fact.source or fact.unverified, entry.id


def test_confident_answers_are_right_and_what_is_not_covered_is_not_answered(
    pack: Pack,
) -> None:
    told = figures(asked(pack.live, pack.city, read_labelled()))
    assert told.covered >= 40
    assert told.uncovered >= 20
    assert told.precision >= 0.97, told
    assert told.answered_wrongly <= 1, told
    assert told.answered >= 0.6 * told.covered, told
    assert told.reached >= 0.85 * told.covered, told


def test_every_protected_question_is_answered_rightly_today(pack: Pack) -> None:
    assert len(read_protected(pack.city)) >= 8
    assert wrongly_answered(pack.live.now().index, pack.city) == {}


def test_no_reply_to_labelled_messages_holds_anything_of_toronto(pack: Pack) -> None:
    # Every fifth, covered and not: what is said by any is of the same texts.
    for question in [q for q in read_labelled() if q.city == pack.city][::5]:
        for reply in pack.talk().says(question.text).replies:
            assert not [t for t in texts_in(reply) if OF_TORONTO.search(t)], question.text


def test_small_talk_says_this_city_and_promises_what_it_can(pack: Pack) -> None:
    for move, text in (("greet", "hello"), ("help", "help"), ("bot_challenge", "are you a robot"), ("goodbye", "bye"),
                       ("ask_person", "talk to a person"), ("feedback", "bad bot")):  # fmt: skip
        (reply,) = pack.talk().says(text, move).replies
        assert not OF_TORONTO.search(reply["text"]), move
        assert "()" not in reply["text"]
    pack.talk().says("help", "help").hears("cannot send a report or look up a place")


def test_what_is_not_found_comes_with_the_city_s_number(pack: Pack) -> None:
    talk = pack.talk().says(NOT_COVERED).hears(NUMBER[pack.city])
    assert talk.replies[0]["outcome"] == Outcome.NOT_FOUND
    talk.says("what ward am i in").hears(NUMBER[pack.city])


def test_a_place_near_by_cannot_be_looked_up_and_that_is_said(pack: Pack) -> None:
    words = f"cannot look up places or addresses in {pack.line.city.name}"
    pack.talk().says("where is the closest daycare", "find_place").hears(words)
    talk = pack.talk().shares(43.65, -79.38).hears(words)
    assert NUMBER[pack.city] in talk.replies[0]["text"]
    assert not talk.replies[0].get("places")


def test_another_city_s_matter_is_not_answered_as_this_one_s(pack: Pack) -> None:
    talk = pack.talk().says("how do I pay a parking ticket in Toronto")
    assert talk.replies[0]["outcome"] == Outcome.NOT_FOUND
    talk.hears("For Toronto, please ask that municipality")


def test_a_broken_thing_gets_whom_to_call_and_no_report(pack: Pack) -> None:
    (reply,) = pack.talk().says("there is a pothole on my street", "report").replies
    assert reply["service_id"] == f"{pack.city}_pothole_road"
    assert "I cannot send" in reply["text"]


@pytest.mark.parametrize("text", ["what ward am i in", "where is the closest daycare"])
def test_what_is_not_covered_is_not_read_as_more_of_the_last_answer(
    pack: Pack, text: str
) -> None:
    talk = pack.talk().says("there is a pothole on my street")
    assert [r["outcome"] for r in talk.says(text).replies] == [Outcome.NOT_FOUND]
