"""Which places a message names. The tables are Toronto's own."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.packs import load_city
from services_catalog.places.locations import LocationReader
from services_catalog.places.mentions import MentionKind
from services_catalog.places.spelling import (
    cut,
    direction_meant,
    ordinal,
    plain_words,
    type_meant,
)
from services_catalog.places.tables import read_gazetteer


@pytest.fixture(scope="module")
def reader() -> LocationReader:
    return LocationReader(read_gazetteer("toronto"), load_city("toronto").elsewhere)


@pytest.mark.parametrize(
    ("text", "number", "suffix", "unit", "street"),
    [
        ("200 wellesley st e apt 4", 200, "", "4", "Wellesley St E"),
        ("unit 5 - 100 queen w", 100, "", "5", "Queen St W"),
        ("#1204-55 bloor", 55, "", "1204", "Bloor St E"),
        ("1204-55 bloor st w", 55, "", "1204", "Bloor St W"),
        ("100 Queen Street West, Toronto ON M5H 2N2", 100, "", "", "Queen St W"),
        ("12A elm ave", 12, "a", "", "Elm Ave"),
        ("150-154 Bentworth", 150, "-154", "", "Bentworth Ave"),
        ("100 rue Queen Ouest", 100, "", "", "Queen St W"),
        ("my bin was not emptied at 45 danforth avenue again", 45, "", "", "Danforth Ave"),
        ("45, avenue Danforth", 45, "", "", "Danforth Ave"),
        ("10 st clair e", 10, "", "", "St Clair Ave E"),
        ("200 welesley street east", 200, "", "", "Wellesley St E"),
        ("940 the east mall unit 12", 940, "", "12", "The East Mall"),
        ("23 thirty first st", 23, "", "", "Thirty First St"),
        ("23 31st street", 23, "", "", "Thirty First St"),
        ("206 promenade Laird", 206, "", "", "Laird Dr"),
        ("1440, rue Dufferin", 1440, "", "", "Dufferin St"),
        ("au 975 chemin Weston", 975, "", "", "Weston Rd"),
        ("24ferrand", 24, "", "", "Ferrand Dr"),
        ("#24 canning", 24, "", "", "Canning Ave"),
        ("monarch park ave 201", 201, "", "", "Monarch Park Ave"),
        ("house number 843 on palmerston ave", 843, "", "", "Palmerston Ave"),
        ("1204-2140 avenue rd", 2140, "", "1204", "Avenue Rd"),
        ("1498 ave rd", 1498, "", "", "Avenue Rd"),
    ],
)
def test_an_address_is_read_by_its_parts(reader, text, number, suffix, unit, street):
    (mention,) = [m for m in reader.read(text) if m.kind is MentionKind.ADDRESS]
    assert (mention.number, mention.suffix, mention.unit) == (number, suffix, unit)
    assert street in [c.street.full for c in mention.streets[0].candidates]


@pytest.mark.parametrize(
    "text",
    [
        "king & spadina",
        "king/spadina",
        "king n spadina",
        "King and Spadina",
        "spadina @ king",
        "at the corner of king st w and spadina ave",
        "king-spadina",
        "king st w, west of spadina",
        "king just west of spadina",
        "kng & spadina",
        "king and spadinna",
        "rue King Ouest et Spadina",
        "au coin de king et spadina",
        "near king st. west near spadina",
        "kingandspadina",
        "king spadina",
        "king st w, spadina ave",
        "just north of king on spadina",
        "spadina a few doors north of king",
        "spadina 2 blocks south of king",
        "à l'angle de king et spadina",
    ],
)
def test_a_corner_is_read_in_the_ways_people_write_it(reader, text):
    (mention,) = [m for m in reader.read(text) if m.kind is MentionKind.INTERSECTION]
    names = {c.street.name for street in mention.streets for c in street.candidates}
    assert names >= {"King", "Spadina"}


def test_a_stretch_between_two_corners_keeps_the_street_first(reader):
    for text in (
        "between dufferin and ossington on bloor",
        "bloor between dufferin and ossington",
    ):
        (mention,) = reader.read(text)
        assert [s.candidates[0].street.name for s in mention.streets] == [
            "Bloor", "Dufferin", "Ossington",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("M6G", MentionKind.POSTAL_CODE),
        ("m6g 3b1", MentionKind.POSTAL_CODE),
        ("the agincourt library", MentionKind.LANDMARK),
        ("agincort libary", MentionKind.LANDMARK),
        ("christie pits", MentionKind.LANDMARK),
        ("daycare near the eaton centre", MentionKind.LANDMARK),
        ("i live in the annex", MentionKind.NEIGHBOURHOOD),
        ("leaside", MentionKind.NEIGHBOURHOOD),
        ("is there a pool near me", MentionKind.NEAR_ME),
        ("library close by", MentionKind.NEAR_ME),
        ("rink around here", MentionKind.NEAR_ME),
        ("pothole in mississauga", MentionKind.OUTSIDE_CITY),
        ("hamilton", MentionKind.OUTSIDE_CITY),
        ("on spadina avenue", MentionKind.STREET),
    ],
)
def test_other_ways_to_say_where_are_read(reader, text, kind):
    assert [m.kind for m in reader.read(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "king of the hill",
        "i may be late",
        "2 adults",
        "2 adults and 3 kids",
        "my park permit",
        "311",
        "queen size mattress",
        "3 bags of garbage",
        "spring street cleaning",
        "call 416 555 0199",
        "church and park are noisy",
        "the 501 queen streetcar",
        "$12 king",
        "graffiti on the wall",
        "people on the beach",
        "dog on the bike path",
        "i was born in may",
        "cash and card",
        "can i park on my street",
        "hello",
        "",
        "😀 👍",
    ],
)
def test_an_ordinary_sentence_names_no_place(reader, text):
    assert reader.read(text) == ()


@pytest.mark.parametrize(
    "text",
    ["Kingston Rd and Lawrence", "800 markham st", "hamilton st & queen", "12 london st"],
)
def test_a_street_called_after_another_city_is_a_street(reader, text):
    kinds = [m.kind for m in reader.read(text)]
    assert kinds
    assert MentionKind.OUTSIDE_CITY not in kinds


def test_a_mention_says_where_in_the_text_it_stands(reader):
    text = "Bonjour, déjà deux semaines at 200 Wellesley St. E."
    (mention,) = reader.read(text)
    assert text[mention.start : mention.end] == mention.text == "200 Wellesley St. E."


def test_several_places_come_in_the_order_of_the_text(reader):
    kinds = [m.kind for m in reader.read("from king & spadina to M6G, near the annex")]
    assert kinds == [
        MentionKind.INTERSECTION, MentionKind.POSTAL_CODE, MentionKind.NEIGHBOURHOOD,
    ]  # fmt: skip


def test_residents_words_are_not_kept(reader):
    before = len(reader._vocab.strings)
    reader.read("zyxwvuq near qwvuzyx street and plomfrit")
    assert len(reader._vocab.strings) == before
    assert "plomfrit" not in reader._vocab.strings


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=1600))
def test_any_text_can_be_read(reader, text):
    for mention in reader.read(text):
        assert 0 <= mention.start < mention.end <= len(text)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            ["king", "12", "&", "/", "-", "#", "st", "e", "of", "west", "near", "rue", "de", "between",
             "and", "on", "unit", "the", "M6G", "Toronto", ",", "100-102", "bloor", "12a", "1/2", "½"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_heap_of_address_words_can_be_read(reader, words):
    reader.read(" ".join(words))


def test_words_are_compared_without_accents_and_apostrophes():
    assert plain_words("Québec O'Connor St. Mt. Pleasant") == (
        "quebec", "oconnor", "st", "mount", "pleasant",
    )  # fmt: skip


def test_a_number_of_many_digits_is_no_house_number():
    assert [w.number for w in cut("12 12a 31st 4165550199")] == [12, 12, None, None]


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        (("thirty", "first"), "31st"),
        (("twelfth",), "12th"),
        (("twentieth",), "20th"),
        (("king",), ""),
    ],
)
def test_ordinals_are_written_in_digits(words, digits):
    assert ordinal(words) == digits


def test_misspelt_types_and_directions_are_understood():
    assert [type_meant(w) for w in ("steet", "avenu", "raod", "test")] == [
        "street", "avenue", "road", "",
    ]  # fmt: skip
    assert [direction_meant(w) for w in ("wset", "easst", "best")] == ["W", "E", ""]
