"""How many segments a text message takes: the rules as a table, and another program's counts of made-up texts."""

import json
from pathlib import Path

import pytest

from services_catalog.segments import Encoding, Segments, count, outside_gsm7
from tests.support.made_up_texts import digest, made_up_texts

GOLDEN = json.loads(
    (Path(__file__).parent / "segments_golden.json").read_text(encoding="utf-8")
)
FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", Segments(Encoding.GSM_7, 0, 1)),
        ("x" * 160, Segments(Encoding.GSM_7, 160, 1)),
        ("x" * 161, Segments(Encoding.GSM_7, 161, 2)),
        ("x" * 306, Segments(Encoding.GSM_7, 306, 2)),
        ("x" * 307, Segments(Encoding.GSM_7, 307, 3)),
        # An extended character takes two places, and its escape stays with it: the 153rd place stays free.
        ("€" * 80, Segments(Encoding.GSM_7, 160, 1)),
        ("x" * 152 + "€" + "x" * 151, Segments(Encoding.GSM_7, 305, 2)),
        ("x" * 152 + "€" + "x" * 152, Segments(Encoding.GSM_7, 306, 3)),
        ("\f", Segments(Encoding.GSM_7, 2, 1)),
        ("Rue à café, Ñu", Segments(Encoding.GSM_7, 14, 1)),
        ("x" * 69 + "ê", Segments(Encoding.UCS_2, 70, 1)),
        ("x" * 70 + "ê", Segments(Encoding.UCS_2, 71, 2)),
        # In 16 bits the extended characters are like others.
        ("[" * 69 + "ê", Segments(Encoding.UCS_2, 70, 1)),
        # Both halves of an emoji stay together, and so does a family of them.
        ("x" * 66 + "😀" + "x" * 66, Segments(Encoding.UCS_2, 134, 3)),
        ("x" * 62 + FAMILY + "x" * 64, Segments(Encoding.UCS_2, 134, 3)),
        ("\r\n", Segments(Encoding.GSM_7, 2, 1)),
    ],
)
def test_a_text_is_counted_as_carriers_count_it(text: str, counted: Segments) -> None:
    assert count(text) == counted


def test_counts_agree_with_those_of_another_program() -> None:
    texts = made_up_texts()
    assert len(set(texts)) >= 2_000
    assert digest(texts) == GOLDEN["texts"], (
        "the texts are others now: run `.venv/bin/python -m scripts.segments_golden`"
    )
    counted = [count(text) for text in texts]
    ucs2 = "".join(str(int(c.encoding is Encoding.UCS_2)) for c in counted)
    assert ucs2 == GOLDEN["ucs2"]
    assert [c.segments for c in counted] == GOLDEN["segments"]
    # Both encodings, and lengths on both sides of each limit.
    assert min(ucs2.count("0"), ucs2.count("1")) > 800
    assert len({c.segments for c in counted}) > 10


def test_what_forces_the_longer_encoding_is_named() -> None:
    assert outside_gsm7("«Café» [naïve]") == sorted("«»ï")
