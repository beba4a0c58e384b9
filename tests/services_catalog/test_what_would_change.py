"""What would change: the same questions asked of the catalogue as it is and as it is proposed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services_catalog import store
from services_catalog.cli import main
from services_catalog.database import open_database
from services_catalog.rehearsing import Rehearsing
from services_catalog.search.calibration import load_calibration
from services_catalog.search.choose import Here
from services_catalog.search.index import SearchIndex
from services_catalog.search.vectors import MessageMemory
from services_catalog.what_would_change import (
    Question,
    Rehearsal,
    Said,
    Verdict,
    Worth,
    proposed,
    verdict,
    worth,
)
from tests.support.small_town import ENTRIES, TOWN

RIGHT, WRONG = Said(("a",)), Said(("b",))
OFFERED, NOTHING = Said((), ("b", "a")), Said()


@pytest.mark.parametrize(
    ("said", "wanted", "expected"),
    [
        (RIGHT, {"a"}, Worth.RIGHT),
        (Said(("a",), ("b",)), {"a"}, Worth.RIGHT),
        (WRONG, {"a"}, Worth.WRONG),
        (Said(("a", "b")), {"a"}, Worth.WRONG),
        (OFFERED, {"a"}, Worth.OFFERED),
        (OFFERED, {"c"}, Worth.NOTHING),
        (NOTHING, {"a"}, Worth.NOTHING),
        (NOTHING, set(), Worth.RIGHT),
        (OFFERED, set(), Worth.NOTHING),
        (RIGHT, set(), Worth.WRONG),
    ],
)
def test_what_a_message_gets_is_worth_so_much(
    said: Said, wanted: set[str], expected: Worth
) -> None:
    assert worth(said, frozenset(wanted)) is expected


@pytest.mark.parametrize(
    ("wanted", "before", "after", "expected"),
    [
        ({"a"}, RIGHT, OFFERED, Verdict.WORSE),
        ({"a"}, OFFERED, RIGHT, Verdict.BETTER),
        ({"a"}, NOTHING, WRONG, Verdict.WORSE),
        ({"c"}, RIGHT, WRONG, Verdict.OTHER),
        (set(), RIGHT, NOTHING, Verdict.BETTER),
        (None, RIGHT, WRONG, Verdict.OTHER),
    ],
)
def test_a_difference_is_better_worse_or_other(
    wanted: set[str] | None, before: Said, after: Said, expected: Verdict
) -> None:
    question = Question("?", None if wanted is None else frozenset(wanted))
    assert verdict(question, before, after) is expected


def test_what_is_said_is_told_in_a_line_with_titles() -> None:
    assert Said(("a",), ("b", "c")).told({"a": "Ants"}) == "answer: Ants; to choose: b, c"
    assert str(Said((), ("b",))) == "to choose: b"
    assert str(NOTHING) == "not found"


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    now = proposed(store.Catalogue(TOWN.id, 1, ()), ENTRIES)
    return Rehearsal(SearchIndex(now, load_calibration()), Here(TOWN.name, TOWN.elsewhere))


def test_withdrawing_an_entry_makes_its_questions_worse_and_the_protected_stand_first(
    rehearsal: Rehearsal,
) -> None:
    entry = next(e for e in ENTRIES if "pothole" in e.id)
    asked = [
        Question(entry.questions[0], frozenset({entry.id})),
        Question(entry.title, frozenset({entry.id}), is_protected=True),
        Question("pothole", None),
    ]
    found = rehearsal.what_would_change(
        proposed(rehearsal.index.catalogue, (), [entry.id]), asked
    )
    assert [d.question.is_protected for d in found.of(Verdict.WORSE)] == [True, False]
    assert found.broken == found.differences[:1]
    assert entry.id in str(found.differences[0].before)
    assert all(entry.id not in (*d.after.answered, *d.after.offered) for d in found.differences)
    assert str(found).startswith(f"{len(found.differences)} of 3 questions")


def test_a_wording_that_is_added_makes_its_question_better(rehearsal: Rehearsal) -> None:
    entry = next(e for e in ENTRIES if "pothole" in e.id)
    words = "the asphalt has caved in by the bakery"
    better = replace(entry, questions=(*entry.questions, words, "asphalt caved in"))
    (one,) = rehearsal.what_would_change(
        proposed(rehearsal.index.catalogue, [better]), [Question(words, frozenset({entry.id}))]
    ).differences
    assert one.verdict is Verdict.BETTER


def test_nothing_proposed_changes_nothing(rehearsal: Rehearsal) -> None:
    asked = [Question(q) for e in ENTRIES for q in e.questions]
    found = rehearsal.what_would_change(rehearsal.index.catalogue, asked)
    assert not found.differences
    assert found.asked == len(asked)


class Counting:
    """Reads texts as numbers, and counts how often it reads a message."""

    def __init__(self) -> None:
        self.read = 0

    def vectors(self, texts: list[str]) -> np.ndarray:
        return np.ones((len(texts), 2), np.float32)

    def encode(self, text: str) -> np.ndarray:
        self.read += 1
        return np.ones(2, np.float32)


def test_a_message_is_read_once_however_often_it_is_asked() -> None:
    counting = Counting()
    memory = MessageMemory(counting)
    for _ in range(3):
        memory.encode("a tree fell")
        memory.encode("A tree  fell")
    assert counting.read == 1


def test_rehearsing_follows_the_catalogue_of_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ask311.db"
    assert main(["import", "--database", url, "--city", "guelph"]) == 0
    engine = open_database(url)
    rehearsing = Rehearsing(engine, "guelph", cache=None, encoder=lambda: None)
    withdraw = store.Change(retire=["guelph_pothole_road"])
    before = store.load(engine, "guelph")
    broken = rehearsing.what_would_change(withdraw).broken
    assert frozenset({"guelph_pothole_road"}) in {d.question.wanted for d in broken}
    assert store.load(engine, "guelph") == before
    store.apply(engine, "guelph", withdraw, by="test", reason="test")
    assert not rehearsing.what_would_change(withdraw).differences
    engine.dispose()


def test_the_command_says_what_a_file_would_change_and_fails_for_a_protected_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services_catalog.cli.open_encoder", lambda: None)
    monkeypatch.setenv("ASK311_SEARCH_CACHE", str(tmp_path))
    url = f"sqlite:///{tmp_path}/ask311.db"
    command = ["what-would-change", "--city", "guelph", "--database", url]
    assert main(command) == 1
    assert "empty: run" in capsys.readouterr().err
    assert main(["import", "--database", url, "--city", "guelph"]) == 0
    more = tmp_path / "more.txt"
    more.write_text("where is the bus\n\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*command, "--questions", str(more)]) == 0
    assert "0 of 10 questions would get something else" in capsys.readouterr().out
    table = tmp_path / "edit.csv"
    table.write_text(
        "id,title,also_called,questions\n"
        'guelph_pothole_road,Bicycle racks,bike rack,"'
        + "\n".join(f"bike rack {n}" for n in range(20))
        + '"\n',
        encoding="utf-8",
    )
    assert main([*command, "--entry-file", str(table)]) == 1
    said = capsys.readouterr().out
    assert "PROTECTED worse: 'theres a big pothole in front of my house'" in said
