from dataclasses import replace
from datetime import date

import pytest

from actions import replies
from actions.names import Outcome, Wording
from services_catalog.fact_ages import ages_in_summary, old_since
from services_catalog.model import Aspect, Fact, ServiceEntry
from services_catalog.search.choose import Answer, NotFound
from services_catalog.search.index import Match
from tests.support.small_town import make_entry

TODAY = date(2026, 3, 2)


def answer_about(entry: ServiceEntry, matter: str = "", **how: object) -> Answer:
    return Answer(matter, "a test", (Match(entry, 0.9),), entry, 0.9, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_of", "year"),
    [
        ("2018", 2018),
        ("before 2018", 2018),
        ("2020-2021", 2021),
        ("unknown, before 2022", 2022),
        ("older", 0),
        ("2024", None),
        ("December 2025", None),
        ("unknown", None),
        ("recent", None),
        ("", None),
    ],
)
def test_how_old_a_source_is(as_of: str, year: int | None) -> None:
    assert old_since(as_of, TODAY) == year


def test_a_fact_is_told_with_its_age_and_with_advice_where_it_is_not_verified() -> None:
    fact = Fact(Aspect.COST, "It costs 5 dollars.", as_of="2018", unverified=True)
    told = replies.with_age(fact, TODAY, "311")
    assert told == "It costs 5 dollars. (This is from 2018; please check with 311.)"


@pytest.mark.parametrize(
    ("as_of", "source", "note"),
    [
        ("unknown", "https://city.example/fees", " (The source has no date.)"),
        ("year not shown", "https://city.example/fees", " (The source has no date.)"),
        ("", "https://city.example/fees", " (The source has no date.)"),
        ("unknown, newest version", "https://city.example/fees", ""),
        ("recent", "https://city.example/fees", ""),
        ("2025", "https://city.example/fees", ""),
        ("unknown", "", ""),
    ],
)
def test_a_fact_from_a_page_without_a_date_says_so(as_of: str, source: str, note: str) -> None:
    fact = Fact(Aspect.COST, "It costs 5 dollars.", source=source, as_of=as_of)
    assert replies.with_age(fact, TODAY, "311") == f"It costs 5 dollars.{note}"


def test_a_fact_that_calls_its_page_undated_does_not_say_it_twice() -> None:
    fact = Fact(
        Aspect.COST, "By an undated page, it costs 5 dollars.", source="https://c.example"
    )
    assert replies.with_age(fact, TODAY, "311") == fact.text


@pytest.mark.parametrize(
    ("summary", "facts", "said"),
    [
        ("A swim costs $2.", [("cost", "It is $2.", "")], "the cost: the source has no date"),
        ("A swim costs $2.", [("cost", "It is $2.", "2018")], "the cost: this is from 2018"),
        (
            "It costs $2 and opens at 9.",
            [("cost", "It is $2.", ""), ("hours", "From 9 to 5.", "unknown")],
            "the cost and the hours: the source has no date",
        ),
        ("In 2018 a swim cost $2.", [("cost", "It is $2.", "2018")], ""),
        ("A swim costs $2.", [("cost", "It is $2.", "2025")], ""),
        ("A swim costs little.", [("cost", "It is $2.", "")], ""),
        ("Call 416-555-0100.", [("hours", "Call 416-555-0100 or 311.", "")], ""),
        ("Dive from 5 metres.", [("rule", "Up to 5 metres.", "")], ""),
    ],
)
def test_a_summary_says_which_of_its_figures_are_old_or_without_a_date(
    summary: str, facts: list[tuple[str, str, str]], said: str
) -> None:
    known = [
        Fact(Aspect(about), text, source="https://city.example/fees", as_of=as_of)
        for about, text, as_of in facts
    ]
    entry = make_entry("swim", "Swimming", summary, facts=known)
    told = [f"Please check {said}."] if said else []
    assert ages_in_summary(entry, TODAY) == told
    assert replies.spoken(answer_about(entry), TODAY, "311") == "\n\n".join([summary, *told])


def test_what_holds_of_two_facts_in_a_row_is_said_once() -> None:
    page = "https://city.example/fees"
    entry = make_entry(
        "pools",
        "Pools",
        "We have pools.",
        facts=[
            Fact(Aspect.COST, "A swim costs 2 dollars.", source=page, as_of="unknown"),
            Fact(Aspect.COST, "A towel costs 1 dollar.", source=page, as_of="unknown"),
        ],
    )
    found = answer_about(entry, "how much is it", aspect=Aspect.COST, is_follow_up=True)
    assert replies.spoken(found, TODAY, "311") == (
        "A swim costs 2 dollars. A towel costs 1 dollar. (The source has no date.)"
    )


@pytest.mark.parametrize(
    ("told", "here"),
    [
        ("To report it, call 311 or go to city.ca/311.", "To report it, tell me here."),
        ("Call 311 or use city.ca/311 with the place.", "Tell me here with the place."),
        ("Call 311 with your address.", "Tell me here with your address."),
        ("Ask for a bin by calling 311 or at city.ca/311.", "Ask for a bin here."),
        ("Report to 311 or city.ca/311 with a photo.", "Tell me here with a photo."),
        # To be done at once, or about something else.
        ("Keep away and call 311 now.", "Keep away and call 311 now."),
        ("Stay back, call 911, then 311.", "Stay back, call 911, then 311."),
        ("For fees, check with 311.", "For fees, check with 311."),
        ("Call 311 or Animal Services at 416-555-0100.",) * 2,
    ],
)
def test_what_can_be_reported_here_is_not_sent_elsewhere(told: str, here: str) -> None:
    reply = replies.Reply(replies.Outcome.ANSWER, text=told, short=told)
    changed = replies.reported_here(reply, "311")
    assert (changed.text, changed.short) == (here, here)


def test_of_many_facts_those_nearest_to_the_question_are_told() -> None:
    entry = make_entry(
        "pools",
        "Pools",
        "We have pools.",
        facts=[
            Fact(Aspect.COST, "Lessons cost 60 dollars."),
            Fact(Aspect.COST, "A locker costs 1 dollar."),
            Fact(Aspect.COST, "Swimming is free for seniors."),
        ],
    )
    told = replies.best_facts(entry, Aspect.COST, "how much is a locker for seniors")
    assert [f.text for f in told] == [
        "A locker costs 1 dollar.",
        "Swimming is free for seniors.",
    ]


def test_a_summary_does_not_repeat_the_fact_just_told() -> None:
    entry = make_entry(
        "dog",
        "Dog licence",
        "A dog licence costs 25 dollars a year. Buy it online.",
        facts=[Fact(Aspect.COST, "A dog licence costs 25 dollars a year.")],
    )
    said = replies.spoken(
        answer_about(entry, "how much is a dog licence", aspect=Aspect.COST), TODAY, "311"
    )
    assert said == "A dog licence costs 25 dollars a year.\n\nBuy it online."


def test_a_follow_up_about_what_is_not_known_says_so() -> None:
    entry = make_entry("dog", "Dog licence", "Buy it online.")
    said = replies.spoken(
        answer_about(entry, "how much is it", aspect=Aspect.COST, is_follow_up=True),
        TODAY,
        "311",
    )
    assert said == "I do not know the cost. Call 311 to ask."


def test_a_text_message_tells_the_fact_that_was_asked_for_alone() -> None:
    entry = make_entry(
        "dog",
        "Dog licence",
        "A dog licence costs 25 dollars a year. Buy it online.",
        facts=[Fact(Aspect.COST, "A dog licence costs 25 dollars a year.")],
    )
    asked = answer_about(entry, "how much is a dog licence", aspect=Aspect.COST)
    assert replies.briefly(asked, TODAY, "311") == "A dog licence costs 25 dollars a year."


def test_of_two_facts_that_are_too_long_together_a_text_message_tells_the_nearest() -> None:
    facts = [
        Fact(Aspect.RULE, "Dogs must be on a leash. " * 7),
        Fact(Aspect.RULE, "Cats must have a tag. " * 8),
    ]
    entry = make_entry("pets", "Pets", "We license pets.", facts=facts)
    asked = answer_about(entry, "what are the rules for cats", aspect=Aspect.RULE)
    assert replies.briefly(asked, TODAY, "311") == facts[1].text


def test_a_text_message_has_the_entrys_short_words_and_says_first_that_they_are_old() -> None:
    entry = replace(
        make_entry("dog", "Dog licence", "Buy it online or in person."),
        sms="Buy it online.",
        review_by=date(2026, 2, 1),
    )
    assert replies.briefly(answer_about(entry), TODAY, "311") == (
        "Last checked January 15, 2026, so please make sure.\nBuy it online."
    )
    follow_up = answer_about(entry, "how much is it", aspect=Aspect.COST, is_follow_up=True)
    assert "I do not know the cost. Call 311 to ask." in replies.briefly(
        follow_up, TODAY, "311"
    )


def test_an_answer_knows_what_it_came_from() -> None:
    entry = make_entry("dog", "Dog licence", "Buy it online.")
    fields = replies.answer(answer_about(entry), 7, TODAY, "311").fields()
    assert fields == {
        "text": "Buy it online.",
        "outcome": "answer",
        "service_id": "dog",
        "revision": 7,
        "confidence": 0.9,
        "source_url": "https://smalltown.example/dog",
        "last_verified": "2026-01-15",
        "matches": [{"service_id": "dog", "confidence": 0.9}],
    }


def test_nothing_found_is_recorded_as_unanswered_and_offers_a_person() -> None:
    nothing = NotFound("the weather", "a test")
    once = replies.not_found(nothing, 7, before=0)
    twice = replies.not_found(nothing, 7, before=1)
    assert once.wording is Wording.NOT_FOUND
    assert twice.wording is Wording.NOT_FOUND_AGAIN
    for reply in (once, twice):
        assert reply.outcome is Outcome.NOT_FOUND
        assert reply.fields()["unanswered"] is True
        assert reply.fields()["choices"] == [replies.PERSON]
