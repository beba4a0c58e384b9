"""The catalogue in the database, and as a process sees it: an edit is live at once, with its history."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from services_catalog import store
from services_catalog.live import LiveCatalogue
from services_catalog.search.calibration import Mode
from services_catalog.search.choose import Answer, Choices, NotFound, find
from services_catalog.tables import catalogue_history
from services_catalog.transfer import apply_plan, compare
from tests.support.small_town import ENTRIES, TOWN, UNCOVERED, make_entry, open_town


@pytest.fixture
def town(tmp_path: Path):
    live = open_town(tmp_path)
    yield live
    live.close()


def engine_of(live: LiveCatalogue):
    return live._engine


def until(condition, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_question_finds_its_entry_and_says_why(town) -> None:
    (found,) = find(town.now().index, "when do you pick up the garbage")
    assert isinstance(found, Answer)
    assert found.entry.id == "garbage_day"
    assert "is enough" in found.reason


def test_a_question_about_one_fact_names_it_and_a_follow_up_is_about_the_last(town) -> None:
    (found,) = find(town.now().index, "and on holidays?", about="garbage_day")
    assert isinstance(found, Answer)
    assert (found.entry.id, found.aspect, found.is_follow_up) == ("garbage_day", "hours", True)


def test_where_one_fact_decides_it_is_asked_for(town) -> None:
    (found,) = find(town.now().index, "my tree needs pruning")
    assert isinstance(found, Choices)
    assert found.question == "Does the tree stand on City land or on private land?"
    assert {o.label for o in found.options[:2]} == {"On City land", "On private land"}


def test_what_nobody_covers_is_not_guessed(town) -> None:
    (found,) = find(town.now().index, "who won the hockey game last night")
    assert isinstance(found, NotFound)


def test_several_matters_are_answered_one_after_the_other(town) -> None:
    found = find(
        town.now().index, "How do I pay a parking ticket? Also when is my garbage day?"
    )
    assert [f.entry.id for f in found if isinstance(f, Answer)] == [
        "parking_ticket",
        "garbage_day",
    ]


def test_a_bare_and_parts_two_matters_only_where_the_whole_speaks_of_both(town) -> None:
    both = find(town.now().index, "my garbage was left behind and there is a huge pothole")
    assert {f.entry.id for f in both if isinstance(f, Answer)} == {"garbage_day", "pothole"}
    (one,) = find(town.now().index, "the tree branches hang too low and break")
    assert one.matches[0].entry.id == "city_tree"


def test_an_edit_answers_in_its_new_words_without_training(town) -> None:
    edited = replace(
        ENTRIES[0], summary="We now collect every week.", questions=("zamboni parade",)
    )
    revision = store.apply(
        engine_of(town), TOWN.id, store.Change([edited]), by="maintainer", reason="weekly"
    )
    assert until(lambda: town.now().catalogue.revision == revision)
    (found,) = find(town.now().index, "zamboni parade")
    assert found.matches[0].entry.summary == "We now collect every week."


def test_a_new_entry_is_found_before_the_model_knows_it_and_after(town) -> None:
    new = make_entry(
        "ice_rink", "Ice rink", "Skate from November.", also_called=["skating rink"],
        questions=["when does the skating rink open", "where can i skate"],
    )  # fmt: skip
    store.apply(engine_of(town), TOWN.id, store.Change([new]), by="m", reason="new")
    assert until(lambda: "ice_rink" in town.now().catalogue.by_id)
    assert find(town.now().index, "where can i go skating")[0].matches[0].entry.id == "ice_rink"
    assert until(lambda: "ice_rink" in town.now().index._linear.classes)
    assert find(town.now().index, "where can i go skating")[0].matches[0].entry.id == "ice_rink"


def test_a_retired_entry_answers_no_more(town) -> None:
    store.apply(
        engine_of(town), TOWN.id, store.Change(retire=["pothole"]), by="m", reason="gone"
    )
    assert until(lambda: "pothole" not in town.now().catalogue.by_id)
    assert all(
        m.entry.id != "pothole" for f in find(town.now().index, "pothole") for m in f.matches
    )


def test_every_change_leaves_its_history_and_a_stale_writer_is_told(tmp_path: Path) -> None:
    live = open_town(tmp_path)
    engine = engine_of(live)
    live.close()
    store.apply(
        engine, TOWN.id, store.Change(retire=["pothole"]), by="ann", reason="roads closed"
    )
    with engine.connect() as connection:
        rows = connection.execute(
            select(catalogue_history).where(catalogue_history.c.id == "pothole")
        ).all()
    assert [(r.revision, r.entry is None, r.changed_by) for r in rows] == [
        (1, False, "test"),
        (2, True, "ann"),
    ]
    with pytest.raises(store.RevisionMoved, match="at revision 2, not 1"):
        store.apply(
            engine, TOWN.id, store.Change(), by="ben", reason="late", expected_revision=1
        )


def test_an_import_plans_first_and_then_changes_just_that(tmp_path: Path) -> None:
    live = open_town(tmp_path)
    live.close()
    engine = engine_of(live)
    now = store.load(engine, TOWN.id)
    entries = [replace(ENTRIES[0], title="Collection day"), *ENTRIES[2:]]
    plan = compare(now, [*entries, make_entry("new", "New", "New.")], list(UNCOVERED))
    assert str(plan) == "1 to add, 1 to change, 1 to retire"
    assert apply_plan(engine, plan, by="test") == 2
    again = compare(
        store.load(engine, TOWN.id),
        [*entries, make_entry("new", "New", "New.")],
        list(UNCOVERED),
    )
    assert again.is_empty
    assert apply_plan(engine, again, by="test") == 2


def test_without_the_encoder_search_goes_on_by_words(tmp_path: Path) -> None:
    first = open_town(tmp_path)
    first.close()
    live = LiveCatalogue(
        engine_of(first), TOWN.id, encoder=None, calibration=first._calibration
    )
    live.start(wait_for_model=True)
    live.close()
    assert live.now().index.mode is Mode.WORDS_AND_LINEAR
    assert live.now().index.rank("garbage pickup day").matches[0].entry.id == "garbage_day"


def test_readers_never_see_half_a_change(town) -> None:
    faults: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            snapshot = town.now()
            time.sleep(0.001)
            if {e.id for e in snapshot.index.entries} != set(snapshot.catalogue.by_id):
                faults.append("index and catalogue differ")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n in range(4):
        change = store.Change(
            [make_entry(f"new_{n}", f"New {n}", "New.", questions=[f"new thing {n}"])]
        )
        revision = store.apply(engine_of(town), TOWN.id, change, by="m", reason="one more")
        assert until(lambda wanted=revision: town.now().catalogue.revision == wanted)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
