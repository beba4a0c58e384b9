"""Words, matters and aspects: pure rules, as tables."""

import pytest

from services_catalog.model import Aspect
from services_catalog.readability import grade
from services_catalog.search.aspects import asked, aspect_of
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.lexical import Speller, skeleton
from services_catalog.search.matters import halves, matters, without_courtesies
from services_catalog.text import terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wen is GRBGE day", ["when", "is", "garbage", "day"]),
        ("my neighbor\u2019s day care", ["my", "neighbor's", "daycare"]),
        ("pot holes on side walk", ["pothole", "on", "sidewalk"]),
        ("", []),
    ],
)
def test_a_message_is_cut_into_words_and_written_out(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_words_that_tell_nothing_are_left_out_and_the_rest_is_stemmed() -> None:
    assert terms(words("where can I put the broken bottles")) == ["put", "broken", "bottl"]


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Hi there, thanks! when is garbage day? thank you so much", "when is garbage day"),
        ("Good morning 311", ""),
        ("hello", ""),
        ("thanks", ""),
        ("hi my bin is broken", "my bin is broken"),
    ],
)
def test_courtesies_around_a_question_are_taken_off(text: str, matter: str) -> None:
    assert without_courtesies(text).rstrip("?") == matter


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("When is garbage day? Also my street light is out", 2),
        ("how do i pay a parking ticket and where can i take swimming lessons", 2),
        ("the bin lid is broken and cracked", 1),
        ("1. pothole on elm street 2. broken street sign", 2),
        ("bins and bags", 1),
    ],
)
def test_several_matters_are_parted(text: str, count: int) -> None:
    assert len(matters(text)) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "our road is icy, but the sidewalk plow came",
            ["our road is icy", "the sidewalk plow came"],
        ),
        (
            "a bigger garbage bin and one more green bin",
            ["a bigger garbage bin", "one more green bin"],
        ),
        ("bins and bags", []),  # neither part is about something by itself
        ("cats and dogs and birds in one yard", []),
    ],
)
def test_a_sentence_has_halves_where_both_are_telling(text: str, parts: list[str]) -> None:
    assert halves(text) == parts


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("how much is it?", Aspect.COST),
        ("what do i need to bring", Aspect.DOCUMENTS),
        ("and on holidays?", Aspect.HOURS),
        ("when is it due", Aspect.DEADLINE),
        ("how much time do i have", Aspect.DEADLINE),
        ("how long does it take", Aspect.TIME),
        ("what number do i call", Aspect.CONTACT),
        ("is it allowed", Aspect.RULE),
        ("purple elephants", None),
    ],
)
def test_the_fact_that_is_asked_for_is_recognised(text: str, aspect: Aspect | None) -> None:
    assert aspect_of(text) is aspect


@pytest.mark.parametrize(
    ("text", "may_lean"),
    [
        ("can i fight it", True),
        ("do i need to book?", True),
        ("they didn't take it", True),
        ("how do i get rid of old paint cans", False),
        ("graffiti", False),
        ("it is about the broken bench by the tennis court", False),
    ],
)
def test_few_words_may_be_about_the_last_matter(text: str, may_lean: bool) -> None:
    assert asked(text).may_lean_back is may_lean


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("how much is it?", True),
        ("and on holidays?", True),
        ("what do i need to bring?", True),
        ("how much is a dog licence", False),
        ("my bin is broken", False),
    ],
)
def test_a_question_without_a_matter_of_its_own_leans_on_the_last(
    text: str, leans: bool
) -> None:
    assert asked(text).leans_back is leans


def test_misspelt_words_are_read_as_the_catalogues_and_right_ones_left() -> None:
    speller = Speller(
        {"garbage": 9, "parking": 8, "licence": 5, "tree": 7}, frozenset({"cabbage", "three"})
    )
    assert speller.read("garbige") == "garbage"
    assert speller.read("prkng") == "parking"
    assert speller.read("cabbage") is None  # a word of the language
    assert speller.read("three") is None
    assert speller.read("elephant") is None
    assert skeleton("collection") == "clctn"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("libary", "library"),  # stands in an example message
        ("lisense", "licence"),
        ("liscense", "licence"),
        ("libraries", None),  # as rare in the catalogue, but a word of the language
        ("putting", None),
        ("petting", None),  # a word of its own, though the encoder does not know it whole
    ],
)
def test_a_word_that_sounds_like_the_catalogues_is_a_misspelling(
    written: str, read: str | None
) -> None:
    counts = {"library": 98, "licence": 231, "putting": 40}
    rare = {"libary": 2, "libraries": 2, "petting": 1, "liscence": 1}
    speller = Speller(counts | rare, frozenset({"libraries", "putting"}))
    assert speller.read(written) == read


def test_plain_words_read_at_a_lower_grade_than_officialese() -> None:
    plain = "Put your bin out by 7 a.m. We pick it up that day."
    official = "Residential receptacles necessitate curbside positioning preceding municipal collection operations."
    assert grade(plain) < 4 < 12 < grade(official)
    assert grade("") == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pothole on Main Street in Hamilton", "Hamilton"),
        ("Brampton recreation registration", "Brampton"),
        ("I live in markham, just north of Steeles", "Markham"),
        ("garbage day, Oakville", "Oakville"),
        ("mattress dumped on Markham Road", ""),
        ("pothole at London St and Bathurst", ""),
        ("I am in Ottawa, how do I reach Toronto's 311", ""),
        ("the Hamilton family next door is loud", ""),
        ("when is garbage day", ""),
    ],
)
def test_a_matter_of_another_municipality_is_noticed(text: str, place: str) -> None:
    assert (
        elsewhere(
            text, ["Hamilton", "Brampton", "Markham", "Oakville", "London", "Ottawa"], "Toronto"
        )
        == place
    )
