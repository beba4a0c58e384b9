"""Reports through the real actions to a real triage: what files that say-and-hear cannot show."""

import copy
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from rasa_sdk.executor import ActionExecutor

from actions.triage_client import TriageCases, TriageUnavailable
from actions.wiring import executor_for
from services_catalog.definition import Attribute, AttributeValue, Datatype
from services_catalog.model import Kind
from services_catalog.places.live import Where
from tests.actions.intake.questions import definition
from tests.support.desk import ReportingLine, reporting_line
from tests.support.small_town import ENTRIES, POTHOLE, make_entry
from tests.support.talk import ActionsAlone, Talk
from tests.triage.twin import API_SECRET
from triage.kit.ids import new_id

ENTRY = {e.id: e for e in ENTRIES}


@pytest.fixture(scope="module")
def own_line(where: Where, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportingLine]:
    """A line of its own, as its catalogue is edited here."""
    with reporting_line(tmp_path_factory.mktemp("own"), where) as desk:
        yield desk


@pytest.fixture
def own(own_line: ReportingLine) -> Iterator[ReportingLine]:
    own_line.forget_cases()
    yield own_line
    own_line.edit(*ENTRIES)


class Resident(Talk):
    """Somebody who talks to the actions, and whose message can be asked again."""

    def __init__(self, executor: ActionExecutor) -> None:
        self.conversation = new_id("con")
        super().__init__(ActionsAlone(executor, self.conversation))

    def says_twice(self, text: str) -> list[list[dict[str, Any]]]:
        """Say something; then the same message is asked again, as if its answer was lost."""
        memory, said = copy.deepcopy(self.memory), list(self._said)
        first = self.says(text).replies
        self.memory, self._said = memory, said
        assert isinstance(self.assistant, ActionsAlone)
        self.assistant._count -= 1
        return [first, self.says(text).replies]

    def reports_a_pothole(self, where: str = "king and spadina") -> "Resident":
        self.says(f"there is a big pothole at {where}", "report").says("anonymous")
        return self

    @property
    def outcome(self) -> str:
        return str(self.replies[-1]["outcome"])

    @property
    def text(self) -> str:
        return str(self.replies[-1]["text"])


def cases_of(desk: ReportingLine, resident: Resident) -> list[dict[str, Any]]:
    """Return the cases of a conversation, as anybody on the internal API sees them."""

    answer = httpx.get(
        f"{desk.triage_url}/api/triage/conversations/{resident.conversation}/cases",
        headers={"Authorization": f"Bearer {API_SECRET}"},
        trust_env=False,
    )
    return list(answer.json()["cases"])


def test_a_message_that_is_asked_again_opens_one_case(own: ReportingLine) -> None:
    resident = Resident(own.executor).reports_a_pothole()
    first, again = resident.says_twice("send it")
    assert first[0]["case"]["reference"] == again[0]["case"]["reference"]
    assert len(cases_of(own, resident)) == 1


def test_a_neighbours_report_is_offered_and_joined_once(own: ReportingLine) -> None:
    Resident(own.executor).reports_a_pothole().says("send it")
    neighbour = Resident(own.executor)
    neighbour.says("there is a big pothole at king and spadina", "report")
    assert "A neighbour reported this" in neighbour.text
    neighbour.says("yes").hears(
        "Shall I tell you here when something happens with that report?"
    )
    first, again = neighbour.says_twice("yes")
    assert "You are now part of the report" in first[0]["text"]
    assert first[0]["case"] == again[0]["case"]
    third = Resident(own.executor)
    third.says("there is a big pothole at king and spadina", "report")
    assert "Two neighbours reported this" in third.text
    third.says("mine is another one").hears("How can staff reach you")
    third.says("anonymous").says("send it")
    assert third.outcome == "case_opened"
    assert third.reference != neighbour.reference


def test_what_is_added_twice_by_a_lost_answer_is_added_once(own: ReportingLine) -> None:
    resident = Resident(own.executor).reports_a_pothole()
    resident.says("send it")
    first, again = resident.says_twice("add to my report: there is water in it")
    assert first[0]["text"] == again[0]["text"]
    assert first[0]["outcome"] == "case_status"


def test_a_new_question_needs_only_an_edit_of_the_catalogue(own: ReportingLine) -> None:
    lane = Attribute(
        "lane",
        "Which lane is it in?",
        Datatype.SINGLEVALUELIST,
        values=(
            AttributeValue("curb", "Next to the curb", words=("curb",)),
            AttributeValue("middle", "In the middle", words=("middle",)),
        ),
    )
    own.edit(
        replace(
            ENTRY["pothole"], request=replace(POTHOLE, attributes=(*POTHOLE.attributes, lane))
        )
    )
    resident = Resident(own.executor)
    resident.says("there is a big pothole at king and spadina", "report")
    assert "Which lane is it in?" in resident.text
    resident.says("by the curb").says("anonymous")
    assert "Which lane is it in? Next to the curb" in resident.text
    assert resident.says("send it").replies[0]["outcome"] == "case_opened"


def test_a_new_service_needs_only_an_edit_of_the_catalogue(own: ReportingLine) -> None:
    colour = Attribute("colour", "What colour is the bench?", Datatype.STRING)
    bench = make_entry(
        "broken_bench",
        "Broken bench",
        "To report a broken bench, call 311.",
        kind=Kind.REQUEST,
        request=definition(colour),
        also_called=["broken bench", "park bench"],
        questions=["the bench in the park is broken", "a bench is missing a plank"],
    )
    own.edit(bench)
    resident = Resident(own.executor)
    resident.says("the bench is broken at king and spadina", "report")
    assert "What colour is the bench?" in resident.text
    resident.says("green").says("no contact").says("send it")
    assert (resident.outcome, resident.replies[-1]["service_id"]) == (
        "case_opened",
        "broken_bench",
    )


def test_an_edit_in_the_middle_of_a_report_is_followed(own: ReportingLine) -> None:
    resident = Resident(own.executor)
    resident.says("there is a pothole at king and spadina", "report")
    assert "How big is the hole?" in resident.text
    deep = Attribute("deep", "How deep is the hole?", Datatype.NUMBER)
    own.edit(replace(ENTRY["pothole"], request=replace(POTHOLE, attributes=(deep,))))
    resident.says("large")
    assert "How deep is the hole?" in resident.text
    resident.says("about three inches").says("anonymous").says("send it")
    assert resident.outcome == "case_opened"


def test_a_report_whose_entry_is_withdrawn_is_told_so_and_forgotten(own: ReportingLine) -> None:
    resident = Resident(own.executor)
    resident.says("there is a pothole at king and spadina", "report")
    own.edit(retired=["pothole"])
    resident.says("large")
    assert "can no longer be reported here" in resident.text
    assert "intake" not in resident.memory


def test_what_triage_misses_is_asked_for(own: ReportingLine) -> None:
    """The actions follow an edit a moment later than triage, so triage may ask for more."""
    resident = Resident(own.executor).reports_a_pothole()
    intake = {**resident.memory["intake"], "answers": {"size": "large"}}
    resident.memory = {**resident.memory, "intake": intake}
    must_be_reached = replace(POTHOLE, anonymous=False)
    own.edit(replace(ENTRY["pothole"], request=must_be_reached))
    resident.says("send it")
    assert "One more thing is needed" in resident.text
    assert "How can staff reach you" in resident.text
    resident.says("jane@example.com").says("yes")
    assert resident.outcome == "case_opened"


def test_photos_that_are_gone_do_not_hold_up_the_report(own: ReportingLine) -> None:
    resident = Resident(own.executor).reports_a_pothole()
    resident.sends_photo(new_id("med"))
    assert "I have the photo" in resident.text
    resident.says("send it")
    assert "I no longer have the photos" in resident.text
    resident.says("yes")
    assert resident.outcome == "case_opened"


def test_where_a_photo_can_be_added_the_page_is_told_to_help_with_one(
    own: ReportingLine,
) -> None:
    asked = Attribute("photo", "Can you send a photo of it?", Datatype.PHOTO, required=False)
    with_photo = replace(POTHOLE, attributes=(*POTHOLE.attributes, asked))
    own.edit(replace(ENTRY["pothole"], request=with_photo))
    resident = Resident(own.executor).reports_a_pothole()
    assert "You can also add:" in resident.text
    assert "a photo" in resident.text
    assert resident.replies[-1]["ask"] == "photo"
    resident.taps("Add more")
    while "Can you send a photo of it?" not in resident.text:
        assert "ask" not in resident.replies[-1]
        resident.taps("Skip this")
    assert resident.replies[-1]["ask"] == "photo"
    resident.sends_photo(new_id("med"))
    assert "I have the photo" in resident.text
    assert "ask" not in resident.replies[-1]


def test_a_photo_alone_waits_for_its_report(own: ReportingLine) -> None:
    resident = Resident(own.executor)
    resident.sends_photo("med_1")
    assert "What do you want to report with it?" in resident.text
    resident.reports_a_pothole()
    assert "1 photo" in resident.text


def test_an_answer_that_is_another_entrys_matter_goes_on_with_that(own: ReportingLine) -> None:
    where = Attribute(
        "land",
        "Where is the hole?",
        Datatype.SINGLEVALUELIST,
        values=(
            AttributeValue("road", "On the road"),
            AttributeValue("tree", "Under a tree", words=("tree",), instead="fallen_branch"),
        ),
    )
    asked = replace(POTHOLE, attributes=(where, *POTHOLE.attributes))
    own.edit(replace(ENTRY["pothole"], request=asked))
    resident = Resident(own.executor)
    resident.says("there is a pothole at king and spadina", "report").says("under a tree")
    assert "I go on with that one" in resident.text
    assert "On what did it fall?" in resident.text
    assert resident.memory["intake"]["service_id"] == "fallen_branch"
    assert resident.memory["intake"]["spot"]["label"] == "King St W and Spadina Ave"


def test_while_triage_is_away_the_message_fails_and_nothing_is_claimed(
    own: ReportingLine,
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = TriageCases(f"http://127.0.0.1:{nobody.getsockname()[1]}", API_SECRET)
        resident = Resident(executor_for(own.line, away))
        with pytest.raises(TriageUnavailable):
            # Whether neighbours reported it is not known.
            resident.says("there is a big pothole at king and spadina", "report")
        # An ordinary question needs nobody.
        assert resident.says("when is my garbage day").outcome == "answer"
        assert resident.says("how do i report a pothole").outcome == "answer"


def test_the_entries_that_cannot_be_reported_offer_no_report(own: ReportingLine) -> None:
    resident = Resident(own.executor)
    resident.says("my dog has no dog licence", "report")
    assert [r["outcome"] for r in resident.replies] == ["answer"]
    assert "choices" not in resident.replies[0]
