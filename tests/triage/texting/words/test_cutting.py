"""Plain characters and parts: the rules as tables, and what holds of any text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.segments import SEGMENTS_AIMED_AT, clusters, count
from tests.support.made_up_texts import made_up_texts
from triage.texting.cutting import MORE, parts, plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("\u201cIt\u2019s \u2018open\u2019\u201d \u2014 9\u20135\u2026", "\"It's 'open'\" - 9-5..."),
        ("\u00ab\u00a0Oui\u00a0\u00bb", '" Oui "'),
        ("\u2022 one\r\n\u2022 two\n\n\n  \nthree ", "- one\n- two\nthree"),
        ("10\u00a0cm \u00d7 2 \u2192 \u00bd", "10 cm x 2 -> 1/2"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        # The accent as a character of its own is the same letter.
        ("cafe\u0301", "café"),
        # Letters of the alphabet stay; capitals may lose an accent where that is enough.
        ("Élisabeth, Ñ, Größe, ÅÆØ, à è é ì ò ù", "Élisabeth, Ñ, Größe, ÅÆØ, à è é ì ò ù"),
        ("À L'ÉCOLE, RUE SACRÉ-CŒUR", "A L'ÉCOLE, RUE SACRÉ-COEUR"),
        ("Œuvre, Île", "Oeuvre, Ile"),
        # One name that has no other form, and no letter is touched.
        ("À Côte-des-Neiges, Île", "À Côte-des-Neiges, Île"),
        ("François", "François"),
        # What is no letter is no reason to drop what it says.
        ("Thanks 👍🏽", "Thanks 👍🏽"),
    ],
)  # fmt: skip
def test_typographic_characters_become_plain_ones_and_names_keep_their_letters(
    written: str, sent: str
) -> None:
    assert plain(written) == sent
    assert plain(sent) == sent


SENTENCE = "Call St. Clair office at 416 555 0100 before 9 a.m. Monday. "


def test_a_short_text_is_one_part() -> None:
    assert parts("Hello.") == ("Hello.",)


def test_a_long_text_is_parted_at_the_end_of_a_sentence() -> None:
    whole = (SENTENCE * 12).strip()
    found = parts(whole)
    assert len(found) == 3
    for part in found[:-1]:
        assert part.endswith(f"Monday.\n{MORE}")
    assert MORE not in found[-1]
    assert " ".join(part.removesuffix(f"\n{MORE}") for part in found) == whole


def test_lines_stay_whole_before_sentences_do() -> None:
    lines = [f"- {n} {'x' * 60}" for n in range(9)]
    found = parts("\n".join(lines))
    assert [line for part in found for line in part.split("\n") if line != MORE] == lines


@pytest.mark.parametrize(
    "whole_thing", ["https://www.toronto.ca/services-payments/" + "a" * 60, "416 555 0100"]
)
@pytest.mark.parametrize("before", range(230, 310, 7))
def test_links_and_telephone_numbers_stay_whole(whole_thing: str, before: int) -> None:
    text = ("word " * 80)[:before].strip() + f" {whole_thing} " + "more words " * 30
    assert sum(whole_thing in part for part in parts(text)) == 1


STRIPPED = [t.strip() for t in made_up_texts()[::6]]
LONG_TEXTS = [t for t in STRIPPED if count(t).segments > SEGMENTS_AIMED_AT]


def test_every_part_fits_and_together_they_are_the_text() -> None:
    assert len(LONG_TEXTS) > 100
    for text in LONG_TEXTS:
        found = parts(text)
        assert len(found) > 1
        assert all(count(p).segments <= SEGMENTS_AIMED_AT for p in found), text
        assert all(p.endswith(f"\n{MORE}") for p in found[:-1]), text
        bare = [*(p.removesuffix(f"\n{MORE}") for p in found[:-1]), found[-1]]
        assert _without_space("".join(bare)) == _without_space(text)
        # Nothing that stands together is parted.
        whole = set(clusters(text))
        assert all(c in whole for p in bare for c in clusters(p)), text


@given(st.text(max_size=700))
def test_any_text_can_be_made_plain_and_parted(text: str) -> None:
    sent = plain(text)
    assert _without_space("".join(parts(sent)).replace(MORE, "")) == _without_space(
        sent.replace(MORE, "")
    )
    assert all(parts(sent)) or not sent


def _without_space(text: str) -> str:
    return re.sub(r"\s", "", text)
