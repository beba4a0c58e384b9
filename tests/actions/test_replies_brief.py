"""How a report reads in a text message."""

from actions import replies_brief as briefly
from actions.intake.memory import Contact, IntakeMemory
from actions.place_memory import Spot
from actions.triage_client import Case
from services_catalog.definition import (
    Attribute,
    AttributeValue,
    Datatype,
    ServiceDefinition,
)
from services_catalog.segments import fits

SPOT = Spot(43.65, -79.38, "King St W and Spadina Ave")
PART = Attribute(
    "part",
    "What is the pothole in?",
    Datatype.SINGLEVALUELIST,
    values=(AttributeValue("road", "The road"),),
)
DANGER = Attribute("danger", "Could it hurt someone now?", Datatype.YES_NO)
QUESTIONS = ServiceDefinition(attributes=(PART, DANGER))
CASE = Case(
    reference="K4M-9RW-2HA",
    service_id="pothole",
    service_name="Pothole",
    status="received",
    status_text="Transportation Services has your report. Work has not started.",
    next="They aim to look at it by Wednesday, December 30.",
    division="Transportation Services",
    opened_at="2026-11-29T12:00:00+00:00",
)


def test_a_report_is_read_back_line_by_line_without_the_questions_that_answers_tell() -> None:
    memory = IntakeMemory(
        id="r1",
        service_id="pothole",
        answers={"part": "road", "danger": "yes"},
        spot=SPOT,
        words="it is huge " * 20,
        photos=("med_1", "med_2"),
        contact=Contact(name="Omar", phone="416-555-0108"),
    )
    said = briefly.read_back("Pothole", QUESTIONS, memory, below="1 Send it").split("\n")
    assert said[:5] == [
        "Your report:",
        "Pothole",
        "King St W and Spadina Ave",
        "The road",
        "Could it hurt someone now? Yes",
    ]
    assert said[5].startswith('"it is huge')
    assert said[5].endswith('..."')
    assert said[6:] == ["2 photos", "Omar, 416-555-0108", "Shall I send this?"]


def test_pictures_are_not_read_back_and_letters_are() -> None:
    words = "trou énorme 😡👍🏽❤️ Côte-St-Luc, 3️⃣ fois ^"
    memory = IntakeMemory(id="r1", service_id="pothole", spot=SPOT, words=words)
    said = briefly.read_back("Pothole", QUESTIONS, memory, below="1 Send it")
    assert '"trou énorme Côte-St-Luc, 3 fois ^"' in said


def test_their_own_words_are_left_out_where_all_does_not_fit() -> None:
    memory = IntakeMemory(id="r1", service_id="pothole", spot=SPOT, words="it is huge")
    long_title = "Pothole " * 30
    said = briefly.read_back(
        long_title, QUESTIONS, memory, below="1 Send it\n2 Change something"
    )
    assert "it is huge" not in said
    assert said.endswith("Anonymous\nShall I send this?")


def test_who_stays_anonymous_is_told_so() -> None:
    memory = IntakeMemory(id="r1", service_id="pothole", spot=SPOT)
    assert "\nAnonymous\n" in briefly.read_back("Pothole", QUESTIONS, memory, below="1 Send it")


def test_the_reference_stands_first_in_a_text_that_fits() -> None:
    for said in (briefly.opened(CASE), briefly.joined(CASE)):
        assert said.startswith("K4M-9RW-2HA is ")
        assert "by Wednesday, December 30." in said
        assert fits(said)


def test_the_first_version_that_fits_is_taken() -> None:
    assert briefly.fitting(("a", "", "b"), ("a",)) == "a\nb"
    assert briefly.fitting(("x" * 400,), ("a",), below="9 More") == "a"
    assert briefly.fitting(("x" * 306,), ("a",), below="9 More") == "a"
    assert briefly.fitting(("x" * 299,), ("a",), below="9 More") == "x" * 299
