"""What a text message wants, as a table."""

import pytest

from triage.texting.reading import Key, Keyword, More, Pick, Standing, Wants, Words, read
from triage.texting.wording import Option

OPTIONS = (Option(1, "cho_bin"), Option(2, "cho_garbage"), Option(10, "cho_last"))
LANGUAGES = frozenset({"en", "fr"})
BESIDE = Standing(options=OPTIONS, languages=LANGUAGES)


@pytest.mark.parametrize(
    "text",
    [
        "2", "2.", "2)", "(2)", "#2", "# 2", " 2 ", "2 please", "2, please", "2 pls", "2 thanks", "ok 2", "please 2", "two",
        "Two.", "TWO please", "number 2", "no. 2", "option 2", "choice two", "2\ufe0f\u20e3", "\uff12", "\u201c2\u201d", "\n2\n",
    ],
)  # fmt: skip
def test_a_number_picks_the_choice_it_stands_for(text: str) -> None:
    assert read(text, BESIDE) == Pick("cho_garbage")


@pytest.mark.parametrize(
    "text",
    [
        "3", "22", "0", "two bins", "2 bins are missing", "1 and 2", "1,2", "100 queen st w", "for two", "the second one",
        "2nd", "+1", "2.5", "to", "one more thing", "311", "no one", "noone", "No two.",
    ],
)  # fmt: skip
def test_other_numbers_and_words_with_numbers_are_words(text: str) -> None:
    assert read(text, BESIDE) == Words(text)


def test_a_number_that_stands_for_nothing_is_a_word() -> None:
    for text in ("2", "9", "more", "next"):
        assert read(text, Standing()) == Words(text)


@pytest.mark.parametrize(
    "text", ["9", "9.", "nine", "more", "More please", "MORE!", "9 More", "next"]
)
def test_nine_and_more_ask_for_the_next_part(text: str) -> None:
    assert read(text, Standing(options=OPTIONS, has_rest=True)) == More()
    # In a list of places it goes on with the list.
    in_a_list = Standing(options=(*OPTIONS, Option(9, "cho_more")))
    assert read(text, in_a_list) == Pick("cho_more")
    assert read(text, Standing(options=in_a_list.options, has_rest=True)) == More()


@pytest.mark.parametrize("text", ["more garbage bags", "no more", "any more?", "9 am", "99"])
def test_more_of_something_is_words(text: str) -> None:
    assert read(text, Standing(options=OPTIONS, has_rest=True)) == Words(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        *((word, Keyword(Key.STOP)) for word in (
            "STOP", "stop", " Stop. ", "stop!", "STOPALL", "unsubscribe", "CANCEL", "End", "quit", "revoke", "optout", "ARRET",
            "ARRÊT", "arrêt", "arre\u0302t", "Arret.", "ARRETE", "\u201cSTOP\u201d",
        )),
        *((word, Keyword(Key.START)) for word in ("START", "unstop", "Start.")),
        *((word, Keyword(Key.HELP)) for word in ("HELP", "Help!", "info", "INFO?", "aide")),
        *((word, Keyword(Key.LANGUAGE, "fr")) for word in ("French", "français", "FRANCAIS", "en français", "Franc\u0327ais")),
        *((word, Keyword(Key.LANGUAGE, "en")) for word in ("English", "anglais")),
        *((word, Words(word)) for word in (
            "stop sign is down", "help me with my bin", "please stop", "the bus stop", "cancel my permit", "end of the street",
            "information", "start a garden", "quit smoking help", "stop stop", "STOP texting about snow", "french immersion",
            "english classes", "don't stop", "arrêt d'autobus", "stopped", "yes", "YES", "no", "",
        )),
    ],
)  # fmt: skip
def test_a_keyword_counts_only_as_the_whole_message(text: str, wanted: Wants) -> None:
    assert read(text, BESIDE) == wanted


def test_yes_is_a_keyword_only_to_somebody_who_wanted_no_more_texts() -> None:
    assert read("Yes", Standing(is_opted_out=True)) == Keyword(Key.START)
    assert read("yes please", Standing(is_opted_out=True)) == Words("yes please")


def test_a_language_that_the_pack_does_not_know_is_a_word() -> None:
    assert read("French", Standing(languages=frozenset({"en"}))) == Words("French")


def test_words_stay_as_they_were_written() -> None:
    text = "  Ma rue: Côte-des-Neiges…  "
    assert read(text, BESIDE) == Words(text)
