"""What is remembered of places outlives changes of the pack."""

from rasa_sdk.executor import ActionExecutor

from tests.support.talk import ActionsAlone, Talk

LIST = {"type_id": "a_kind_given_up", "filters": [], "ids": ["p1"], "spoken_of": ""}
SPOT = {"lat": 43.65, "long": -79.38, "label": "12 Elm St", "approximate": False, "ward": ""}
WISH = {"type_id": "a_kind_given_up", "filters": [], "service_id": "", "tries": 0}


def test_a_kind_that_the_pack_gave_up_is_forgotten_and_the_place_is_not(
    executor: ActionExecutor,
) -> None:
    talk = Talk(ActionsAlone(executor), memory={"shown": LIST, "spot": SPOT, "wish": WISH})
    talk.says("more", "repeat")
    assert [r["outcome"] for r in talk.replies] == ["small_talk"]
    talk.says("100 queen st w", "give_location").hears("I have you near 100 Queen St W")
    talk.memory = {"shown": LIST, "spot": SPOT, "wish": WISH}
    talk.says("closest library", "find_place").hears("nearest library branches to 12 Elm St")
