from actions.replies_follow_up import facts_near, sentences_about
from services_catalog.model import Aspect, Fact
from tests.support.small_town import make_entry

SUMMARY = (
    "Pay online or at a counter by 4:30 p.m. on a weekday. A late tag is $5. You have 15 days from the notice. "
    "Questions: 416-555-0100. Never pay twice."
)


def test_of_a_summary_only_what_tells_of_the_thing_asked_for_is_said_again() -> None:
    told = {a: sentences_about(SUMMARY, a) for a in Aspect}
    assert told[Aspect.COST] == "A late tag is $5."
    assert told[Aspect.HOURS] == "Pay online or at a counter by 4:30 p.m. on a weekday."
    assert told[Aspect.DEADLINE] == "You have 15 days from the notice."
    assert told[Aspect.CONTACT] == "Questions: 416-555-0100."
    assert told[Aspect.RULE] == "Never pay twice."
    assert told[Aspect.DOCUMENTS] == told[Aspect.WHERE] == ""


def test_that_fees_change_each_year_is_no_time_that_it_takes() -> None:
    assert sentences_about("Fees change each year. Call 311.", Aspect.TIME) == ""
    assert (
        sentences_about("Call 311. Results take 3 weeks.", Aspect.TIME)
        == "Results take 3 weeks."
    )


def test_the_facts_nearest_to_a_question_answer_it() -> None:
    facts = [
        Fact(Aspect.RULE, "Dogs must be on a leash in every park."),
        Fact(Aspect.RULE, "Cats need a tag."),
    ]
    entry = make_entry("pets", "Pets", "We license pets.", facts=facts)
    assert facts_near(entry, "does my cat need it") == [facts[1]]
    assert facts_near(entry, "can i get a refund") == []
