"""Protected questions: right today in every pack, and said in words where they cannot be."""

from pathlib import Path

import pytest

from evaluation.other_cities import CACHE, opened
from services_catalog.new_city import files_of, write_pack
from services_catalog.packs import PackError, read_entries
from services_catalog.protected import protected_faults, read_protected
from tests.services_catalog.test_new_city import TODAY
from tests.support.protected import wrongly_answered


def test_every_protected_question_of_toronto_is_answered_rightly_today() -> None:
    questions = read_protected("toronto")
    assert len(questions) >= 200
    with opened("toronto", CACHE) as live:
        assert wrongly_answered(live.now().index, "toronto") == {}


def test_every_entry_of_toronto_has_a_protected_question() -> None:
    asked = {id for q in read_protected("toronto") for id in q.wanted or ()}
    assert {e.id for e in read_entries("toronto")} <= asked


def pack_with(tmp_path: Path, text: str) -> Path:
    write_pack("a", files_of("Thunder Bay", TODAY) | {"protected.yaml": text}, tmp_path)
    return tmp_path


def test_a_question_for_an_entry_that_is_gone_is_explained(tmp_path: Path) -> None:
    root = pack_with(
        tmp_path, '"where is it": gone\n"what else": uncovered\n"which": [gone, here]'
    )
    questions = read_protected("a", root)
    assert [q.wanted for q in questions] == [{"gone"}, frozenset(), {"gone", "here"}]
    faults = list(protected_faults(questions, {"here"}))
    assert [f.stops for f in faults] == [True, True]
    assert "protected.yaml: gone: 'where is it' wants this entry" in str(faults[0])


@pytest.mark.parametrize("text", ["- a list", '"a question": 7', '"a question": []', '"a: b'])
def test_what_is_no_table_of_questions_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"protected\.yaml"):
        read_protected("a", pack_with(tmp_path, text))
