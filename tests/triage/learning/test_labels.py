"""Labels on both databases: made once, decided once, and written into a file as the search's fitting reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from evaluation.questions import read_questions
from tests.triage.cases.town import MONDAY, Town
from triage.cli import main
from triage.learning import labels
from triage.learning.labels import Kind, LabelUnknown, Source, State


@pytest.fixture
def town(any_database_url: str) -> Iterator[Town]:
    town = Town(any_database_url)
    yield town
    town.database.close()


def added(town: Town, origin: str, wanted: str, **more: object) -> bool:
    kind = more.pop("kind", Kind.QUESTION)
    with town.database.engine.begin() as c:
        return labels.add(
            c, kind, Source.CORRECTION, origin, f"words of {origin}", wanted, MONDAY, **more
        )  # type: ignore[arg-type]


def test_a_label_from_the_same_origin_is_made_once(town: Town) -> None:
    assert added(town, "msg_1", "pothole")
    assert not added(town, "msg_1", "other")
    with town.database.engine.connect() as c:
        assert [label.wanted for label in labels.waiting(c, 10)] == ["pothole"]


def test_a_label_is_decided_once_and_may_be_put_right(town: Town) -> None:
    added(town, "msg_1", "pothole")
    with town.database.engine.begin() as c:
        label = labels.waiting(c, 1)[0]
        decided = labels.decide(
            c, label.id, State.APPROVED, labels.UNCOVERED, "mem_a", MONDAY + timedelta(days=1)
        )
        assert (decided.wanted, decided.state, decided.decided_by) == ("", "approved", "mem_a")
        assert labels.waiting(c, 1) == []
        with pytest.raises(LabelUnknown):
            labels.decide(c, label.id, State.REFUSED, None, "mem_b", MONDAY)


def test_what_is_not_approved_is_forgotten(town: Town) -> None:
    added(town, "old", "pothole")
    added(town, "approved", "pothole", approved_by="mem_a")
    with town.database.engine.begin() as c:
        assert labels.forget_undecided(c, MONDAY) == 0
        assert labels.forget_undecided(c, MONDAY + timedelta(days=1)) == 1
        assert labels.counts(c) == {State.WAITING: 0, State.APPROVED: 1, State.REFUSED: 0}


def test_approved_labels_are_written_as_the_search_is_fitted_on(
    town: Town,
    any_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for origin, wanted in (("covered", "pothole"), ("not", labels.UNCOVERED), ("gone", "gone")):
        added(town, origin, wanted, approved_by="mem_a")
    added(town, "waits", "pothole")
    added(
        town, "cas_1:3", "roads", kind=Kind.ROUTING, service_id="pothole", from_queue="parks",
        approved_by="mem_a",
    )  # fmt: skip
    monkeypatch.setenv("ASK311_DATABASE_URL", any_database_url)
    monkeypatch.setenv("ASK311_GATEWAY_SECRET", "a secret of many letters")
    monkeypatch.setenv("ASK311_API_SECRET", "another secret of many letters")
    file = tmp_path / "labels.jsonl"
    assert main(["export-labels", str(file)]) == 0
    assert "2 labels" in (said := capsys.readouterr().out)
    assert "1 name an entry that is not there any more" in said
    found = {q.text: q for q in read_questions(file)}
    assert found["words of covered"].accepted == {"pothole"}
    assert found["words of not"].accepted == frozenset()
    assert main(["export-labels", str(file), "--kind", "routing"]) == 0
    (line,) = [json.loads(one) for one in file.read_text(encoding="utf-8").splitlines()]
    assert (line["service_id"], line["from_queue"], line["queue"]) == (
        "pothole",
        "parks",
        "roads",
    )
