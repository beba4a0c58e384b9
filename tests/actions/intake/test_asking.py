import pytest

from actions.case_wishes import Do, case_wish
from actions.intake.asking import asks, reports
from actions.intake.controls import Control, control
from actions.names import Move


@pytest.mark.parametrize(
    "text",
    [
        "I would like to request the removal of a tree",
        "there's a pothole at king and spadina",
        "my bin was missed",
        "can you please fix the street light",
        "could someone pick up a dead raccoon",
        "please prune the tree in front of my house",
        "i want to report a noisy bar",
    ],
)
def test_wishes_and_situations_report_however_their_move_was_read(text: str) -> None:
    assert reports(text, Move.ASK)
    assert not asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "how do i report a pothole",
        "how long does pruning take",
        "can i prune my own tree?",
        "what happens after i report it",
        "is there garbage pickup on monday",
        "who do i call about a noisy bar",
    ],
)
def test_questions_report_nothing(text: str) -> None:
    assert asks(text)
    assert not reports(text, Move.REPORT)


def test_a_key_word_alone_reports_nothing() -> None:
    assert not reports("pothole", Move.REPORT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stop", Control.STOP),
        ("never mind", Control.STOP),
        ("ok cancel my report", Control.STOP),
        ("i changed my mind", Control.STOP),
        ("go on", Control.GO_ON),
        ("let's continue with my report", Control.GO_ON),
        ("start over", Control.RESTART),
        ("can i talk to a real person", Control.PERSON),
        ("what did you ask", Control.AGAIN),
        ("what do you have so far", Control.READ_BACK),
        ("one", None),
        ("it stopped yesterday", None),
        ("a person fell", None),
        ("cancel my parking permit", None),
    ],
)
def test_what_is_said_about_the_report_itself(text: str, found: Control | None) -> None:
    assert control(text, Move.ASK) is found


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("what is happening with my report", Do.STATUS),
        ("any news?", Do.STATUS),
        ("when will they fix it", Do.STATUS),
        ("i want to add to my report: it is worse", Do.ADD),
        ("please withdraw my report", Do.WITHDRAW),
        ("it is still not fixed", Do.REOPEN),
        ("nobody came", Do.REOPEN),
        ("you closed my report but the hole is still there", Do.REOPEN),
        ("it is fixed now", Do.CONFIRM),
        ("yes it's fixed, thanks", Do.CONFIRM),
        ("fixed!", Do.CONFIRM),
        ("they came and fixed it yesterday", Do.CONFIRM),
        ("the crew already picked it up", Do.CONFIRM),
        ("my request was resolved already", Do.CONFIRM),
        ("is it fixed?", Do.STATUS),
        ("has it been fixed already?", Do.STATUS),
        ("it was fixed but the hole is still there", Do.REOPEN),
        ("let me know when it's fixed", Do.NEWS),
        ("no more updates about my report", Do.MUTE),
        ("no updates please", Do.MUTE),
        ("please stop sending me updates", Do.MUTE),
        ("i don't want any more news about it", Do.MUTE),
        ("don't text me about my report any more", Do.MUTE),
        ("unsubscribe", Do.MUTE),
        ("send me updates", Do.NEWS),
        ("keep me posted", Do.NEWS),
        ("i would like updates about my report", Do.NEWS),
        ("let me know when it is done", Do.NEWS),
        # Without news, and not tired of them.
        ("i have no news about my report since monday", Do.STATUS),
        ("any updates on my report?", Do.STATUS),
    ],
)
def test_what_is_wanted_with_a_report_made_before(text: str, do: Do) -> None:
    wish = case_wish(text, Move.ASK)
    assert wish is not None
    assert wish.do is do


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("status of k4m 9rw 2ha", "K4M-9RW-2HA"),
        ("K4M-9RW-2HA", "K4M-9RW-2HA"),
        # One slip: told as it was written, so that it can be compared.
        ("what about K4M-9RW-2HX", "K4M-9RW-2HX"),
    ],
)
def test_references_are_read_leniently(text: str, reference: str) -> None:
    wish = case_wish(text, Move.ASK)
    assert wish is not None
    assert (wish.do, wish.reference) == (Do.STATUS, reference)


def test_what_is_to_be_added_is_parted_from_the_wish_to_add() -> None:
    told = case_wish("please add to my report: the gate is locked", Move.CASE_UPDATE)
    assert told is not None
    assert told.words == "the gate is locked"
    nothing = case_wish("i want to add something to my report", Move.CASE_UPDATE)
    assert nothing is not None
    assert nothing.words == ""


@pytest.mark.parametrize(
    "text",
    [
        "it needs to be fixed",
        "i want it fixed",
        "it's been fixed badly",
        "someone removed the stop sign",
    ],
)
def test_what_is_to_be_fixed_or_was_badly_is_no_word_that_it_is(text: str) -> None:
    assert case_wish(text, Move.ASK) is None


def test_other_questions_want_nothing_with_a_report() -> None:
    assert case_wish("when is my garbage day", Move.ASK) is None
