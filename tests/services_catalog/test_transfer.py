"""An import of the pack brings in what changed there, and leaves what was changed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.model import ServiceEntry, entry_to_dict
from services_catalog.packs import CITIES, read_entries
from services_catalog.store import Change
from services_catalog.transfer import apply_plan, plan_import


class Pack:
    """A small pack in a folder, and the database that it is imported into."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root, self.engine = root, engine
        folder = root / "toronto"
        (folder / "services").mkdir(parents=True)
        (folder / "city.yaml").write_text((CITIES / "toronto/city.yaml").read_text())
        plain = [e for e in read_entries("toronto") if not e.request][:3]
        self.entries = [replace(e, related=(), confused_with=()) for e in plain]
        self.writes()

    def writes(self, *changed: ServiceEntry, without: str = "") -> None:
        by_id = {e.id: e for e in (*self.entries, *changed) if e.id != without}
        data = [entry_to_dict(e) for e in by_id.values()]
        (self.root / "toronto/services/all.yaml").write_text(yaml.safe_dump(data))

    def imports(self, *, over_edits: bool = False) -> str:
        plan = plan_import(self.engine, "toronto", self.root, over_edits=over_edits)
        apply_plan(self.engine, plan, by="import")
        return str(plan)

    def edits(self, *changed: ServiceEntry, retire: tuple[str, ...] = ()) -> None:
        store.apply(self.engine, "toronto", Change(changed, retire), by="Ana", reason="an edit")

    def titles(self) -> Mapping[str, str]:
        return {e.id: e.title for e in store.load(self.engine, "toronto").entries}


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Pack]:
    engine = open_database(f"sqlite:///{tmp_path}/catalogue.db")
    store.create_tables(engine)
    pack = Pack(tmp_path / "cities", engine)
    pack.imports()
    yield pack
    engine.dispose()


def test_an_edit_outlives_the_next_import(pack: Pack) -> None:
    first, second, _ = pack.entries
    pack.edits(replace(first, title="By hand"))
    pack.writes(replace(second, title="By the pack"))
    assert pack.imports() == "0 to add, 1 to change, 0 to retire, 1 kept as changed by hand"
    assert pack.titles()[first.id] == "By hand"
    assert pack.titles()[second.id] == "By the pack"


def test_what_was_added_or_withdrawn_by_hand_stays_so(pack: Pack) -> None:
    first, second, _ = pack.entries
    pack.edits(replace(first, id="added", title="Added", questions=()), retire=(second.id,))
    pack.imports()
    assert "added" in pack.titles()
    assert second.id not in pack.titles()


def test_an_edit_that_the_pack_goes_against_is_named_and_stays_until_somebody_says_otherwise(
    pack: Pack,
) -> None:
    first = pack.entries[0]
    pack.edits(replace(first, title="By hand"))
    pack.writes(replace(first, title="By the pack"))
    assert f"1 changed by hand and in the pack, kept as by hand ({first.id}" in pack.imports()
    assert pack.titles()[first.id] == "By hand"
    pack.imports(over_edits=True)
    assert pack.titles()[first.id] == "By the pack"
    assert pack.imports() == "0 to add, 0 to change, 0 to retire"


def test_an_edit_that_was_taken_into_the_pack_is_the_packs_from_then_on(pack: Pack) -> None:
    first = pack.entries[0]
    edited = replace(first, title="By hand")
    pack.edits(edited)
    pack.writes(edited)
    pack.imports()
    pack.writes(replace(first, title="Newer in the pack"))
    pack.imports()
    assert pack.titles()[first.id] == "Newer in the pack"


def test_what_the_pack_gives_up_goes_unless_it_was_changed_by_hand(pack: Pack) -> None:
    first, second, _ = pack.entries
    pack.edits(replace(first, title="By hand"))
    pack.writes(without=second.id)
    pack.imports()
    pack.writes(without=first.id)
    pack.imports()
    assert pack.titles()[first.id] == "By hand"
    assert second.id in pack.titles()  # the second import's pack has it again


def test_only_one_of_two_who_saw_the_same_state_of_an_entry_changes_it(pack: Pack) -> None:
    first, second, _ = pack.entries
    with pack.engine.connect() as connection:
        seen = store.entry_revisions_in(connection, "toronto", [first.id, "nobody"])
    assert seen["nobody"] == 0
    pack.edits(replace(second, title="Another entry"))
    change = Change([replace(first, title="One")])
    expected = {first.id: seen[first.id]}
    store.apply(
        pack.engine, "toronto", change, by="Ana", reason="one", expected_entries=expected
    )
    with pytest.raises(store.EntryMoved):
        store.apply(
            pack.engine, "toronto", change, by="Ben", reason="two", expected_entries=expected
        )
