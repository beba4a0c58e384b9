"""What is fitted anew takes the place of what is in use only where it is not worse, and can be put back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from evaluation import promoting
from evaluation.fit import compared
from evaluation.labels import read_labels, usable
from evaluation.promoting import NothingKept, Promoted, last_promoted, promote, roll_back
from evaluation.questions import Kind, Question
from scripts.train import examples
from services_catalog.model import Catalogue
from services_catalog.search.calibration import load_calibration
from services_catalog.search.choose import Here
from services_catalog.search.fit import as_json
from services_catalog.search.index import SearchIndex
from services_catalog.what_would_change import Changes, Difference, Said, Verdict
from services_catalog.what_would_change import Question as Asked
from tests.support.small_town import ENTRIES, TOWN

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Promoted]:
    found = {
        name: replace(thing, file=tmp_path / "live" / thing.file.name)
        for name, thing in promoting.THINGS.items()
    }
    monkeypatch.setattr(promoting, "THINGS", found)
    return found


def put(thing: Promoted, text: str, tmp_path: Path, minutes: int) -> Path | None:
    candidate = tmp_path / "candidate"
    candidate.write_text(text, encoding="utf-8")
    kept = promote(
        thing, candidate, kept=tmp_path / "kept", now=AT + timedelta(minutes=minutes)
    )
    assert not candidate.exists()
    return kept


def test_the_former_one_is_kept_and_put_back_one_by_one(
    things: dict[str, Promoted], tmp_path: Path
) -> None:
    search, kept = things["search"], tmp_path / "kept"
    assert put(search, "first", tmp_path, 0) is None
    put(search, "second", tmp_path, 1)
    put(search, "third", tmp_path, 2)
    said = []
    for _ in range(2):
        roll_back(search, kept=kept)
        said.append(search.file.read_text(encoding="utf-8"))
    assert said == ["second", "first"]
    assert (kept / "search-withdrawn.json").read_text(encoding="utf-8") == "second"
    with pytest.raises(NothingKept):
        roll_back(search, kept=kept)
    assert search.file.read_text(encoding="utf-8") == "first"


def test_one_command_puts_back_what_was_promoted_last_and_says_what_takes_it_up(
    things: dict[str, Promoted], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert promoting.main([], kept=kept) == 1
    assert "nothing to put back" in capsys.readouterr().err
    for minutes, name in enumerate(["search", "assistant", "assistant", "search"]):
        put(things[name], f"{name} {minutes}", tmp_path, minutes)
    assert last_promoted(kept).name == "search"
    assert promoting.main([], kept=kept) == 0
    assert things["search"].file.read_text(encoding="utf-8") == "search 0"
    assert "restart actions" in capsys.readouterr().out
    assert promoting.main([], kept=kept) == 0
    assert things["assistant"].file.read_text(encoding="utf-8") == "assistant 1"
    assert "restart rasa" in capsys.readouterr().out
    assert promoting.main(["search"], kept=kept) == 1


WANTED = frozenset({"a"})
RIGHT, OFFERED, WRONG = Said(("a",)), Said((), ("a",)), Said(("b",))


def changed(*outcomes: tuple[Said, Said, Verdict]) -> Changes:
    asked = Asked("?", WANTED, is_protected=True)
    return Changes(tuple(Difference(asked, *o) for o in outcomes), 10)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (changed(), ""),
        (changed((OFFERED, RIGHT, Verdict.BETTER)), ""),
        (
            changed((RIGHT, OFFERED, Verdict.WORSE)),
            "1 protected questions would become worse, and 0 better",
        ),
        (changed((RIGHT, OFFERED, Verdict.WORSE), (OFFERED, RIGHT, Verdict.BETTER)), ""),
        (
            changed((RIGHT, WRONG, Verdict.WORSE), (OFFERED, RIGHT, Verdict.BETTER)),
            "answered wrongly",
        ),
    ],
)
def test_worse_is_a_wrong_answer_or_more_worse_than_better(changes: Changes, why: str) -> None:
    assert why in changes.why_worse
    assert bool(changes.why_worse) is bool(why)


def test_a_calibration_that_answers_nothing_is_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    now = load_calibration()
    index = SearchIndex(Catalogue(TOWN.id, 1, ENTRIES), now)
    shy = {mode: (replace(w, answer=1.0, choices=1.1), {}) for mode, w in now.by_mode.items()}
    same = as_json({mode: (w, {}) for mode, w in now.by_mode.items()})
    asked = [Asked(e.title, frozenset({e.id}), is_protected=True) for e in ENTRIES]
    monkeypatch.setattr("evaluation.fit.read_protected", lambda city: asked)
    here = Here(TOWN.name, TOWN.elsewhere)
    assert not compared(index, same, same, here).why_worse
    assert "would become worse" in compared(index, same, as_json(shy), here).why_worse


def test_labels_whose_entry_is_gone_and_those_asked_already_are_left_out(
    tmp_path: Path,
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(
        '{"id": "label-1", "kind": "plain", "text": "hole in the road", "expect": ["pothole"]}\n'
        '{"id": "label-2", "kind": "plain", "text": "Hole in the ROAD", "expect": ["pothole"]}\n'
        '{"id": "label-3", "kind": "plain", "text": "ferry", "expect": ["gone"]}\n'
        '{"id": "label-4", "kind": "uncovered", "text": "my horoscope", "expect": []}\n',
        encoding="utf-8",
    )
    found = usable(read_labels(file), {"pothole"}, ["my own question"])
    assert found.questions == (
        Question("label-1", Kind.PLAIN, "hole in the road", (frozenset({"pothole"}),)),
        Question("label-4", Kind.UNCOVERED, "my horoscope", ()),
    )
    assert (found.gone, found.known) == (1, 1)
    assert read_labels(None) == []


def test_approved_words_become_examples_of_a_question_and_nothing_else() -> None:
    data = yaml.safe_load(
        examples(["where is [it](place)", "two\nlines", "where is  it place", 'a "quote": #1'])
    )
    assert data["nlu"] == [
        {"intent": "ask", "examples": '- where is it place\n- two lines\n- a "quote": #1\n'}
    ]
