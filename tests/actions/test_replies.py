from datetime import date

import pytest

from actions import replies
from actions.names import Outcome, Wording
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
    assert replies.old_since(as_of, TODAY) == year


def test_a_fact_is_told_with_its_age_and_with_advice_where_it_is_not_verified() -> None:
    fact = Fact(Aspect.COST, "It costs 5 dollars.", as_of="2018", unverified=True)
    told = replies.with_age(fact, TODAY, "311")
    assert told == "It costs 5 dollars. (This is from 2018; please check with 311.)"


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
    assert said == "I do not know the cost. This is what I have:\n\nBuy it online."


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
