"""What is a question for places near by, and what only has their words in it."""

import pytest

from services_catalog.places.tables import Gazetteer
from services_catalog.places.wishes import (
    About,
    Detail,
    Elsewhere,
    FollowUp,
    More,
    Narrow,
    PlaceWish,
    WishReader,
)


@pytest.fixture(scope="module")
def wishes(toronto: Gazetteer) -> WishReader:
    return WishReader(toronto.types)


@pytest.mark.parametrize(
    ("text", "kind", "filters"),
    [
        ("Where is the closest daycare?", "child_care", ()),
        ("any library near dundas and keele", "library", ()),
        ("nearest libary", "library", ()),
        ("pool near me", "pool", ()),
        ("is there a rink around here", "rink", ()),
        ("where can i park near union station", "parking", ()),
        ("need a place to skate", "rink", ()),
        ("where are the splash pads", "splash_pad", ()),
        ("closest park with a playground and washroom", "park", ("playground", "washroom")),
        (
            "where is the nearest affordable child care for my 2 year old",
            "child_care",
            ("cwelcc", "toddler"),
        ),
    ],
)
def test_wishes_for_places(
    wishes: WishReader, text: str, kind: str, filters: tuple[str, ...]
) -> None:
    assert wishes.read(text) == PlaceWish(kind, filters)


@pytest.mark.parametrize(
    "text",
    [
        "how do i apply for daycare subsidy",
        "library card",
        "dirty washroom in the park",
        "there is broken glass at the playground near my house",
        "parking ticket",
        "where can i pay my parking ticket near me",
        "where can i get a parking permit",
        "pool permit",
        "how much is the pool",
        "when does the closest pool open",
        "book a picnic site in the park",
        "where do i put out my green bin",
        "the guys behind the parking lot set off rockets again",
        "no idea who to ask, orange cones where we normally park",
        "which areas get driveway clearing",
        "i want to open a daycare in my home",
        "",
    ],
)
def test_other_questions_with_their_words(wishes: WishReader, text: str) -> None:
    assert wishes.read(text) is None


def test_a_kind_without_a_word_for_where_counts_only_beside_a_location(
    wishes: WishReader,
) -> None:
    assert wishes.read("playground") == PlaceWish("playground", is_sure=False)
    assert wishes.read("daycare m6g") == PlaceWish("child_care", is_sure=False)
    with_pool = wishes.read("community centre with a pool near finch")
    assert with_pool == PlaceWish("community_centre", ("pool",), is_sure=False)


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        ("more", More()),
        ("show me all", More()),
        ("any others please", More()),
        ("the second one", About(1)),
        ("2", About(1)),
        ("tell me about the last one", About(-1)),
        ("what's its phone number", About(None, Detail.PHONE)),
        ("address of the first", About(0, Detail.ADDRESS)),
        ("is it open sunday", About(None, Detail.HOURS)),
        ("is there one closer to work", Elsewhere()),
        ("what about near yonge and eglinton", Elsewhere()),
        ("any with subsidy", Narrow(("subsidy",))),
        ("do any take infants", Narrow(("infant",))),
        ("when is garbage day", None),
        ("thanks", None),
        ("how do i register", None),
        ("0", None),
    ],
)
def test_what_is_asked_about_a_list(
    wishes: WishReader, toronto: Gazetteer, text: str, follow: FollowUp | None
) -> None:
    assert wishes.follow_up(text, toronto.types.by_id["child_care"]) == follow
