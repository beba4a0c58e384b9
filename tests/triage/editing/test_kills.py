"""Several maintainers change the same entries at the same time, and are killed at it: no change is lost, none is half made."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from dataclasses import replace

from services_catalog import store
from services_catalog.database import open_database
from services_catalog.packs import load_city, read_entries
from services_catalog.store import Change
from triage.migrations import migrate
from triage.staff.audit import Whole, verify

# The whole is ASK311_EDITS=300; a tenth is among the tests.
EDITS = int(os.environ.get("ASK311_EDITS", "30"))
ENTRIES = max(EDITS // 10, 2)
EDITORS = 3
KILLS = max(EDITS // 10, 2)


class Editors:
    """Processes that edit, each of which is started again when it was killed, until so many edits are told of."""

    def __init__(self, url: str, entry_ids: list[str]) -> None:
        self._url, self._entry_ids = url, entry_ids
        self._changed = threading.Condition()
        self.told: list[tuple[str, int]] = []
        self._begun = 0
        self._living: dict[str, subprocess.Popen[str]] = {}
        self._readers: list[threading.Thread] = []

    def start(self, name: str) -> None:
        self._begun += 1
        command = [sys.executable, "-m", "tests.triage.editing.editor", self._url, name]
        process = subprocess.Popen(
            [*command, str(self._begun), str(EDITS), *self._entry_ids],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._living[name] = process
        reader = threading.Thread(target=self._read, args=(process,))
        reader.start()
        self._readers.append(reader)

    def wait_for(self, number: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= number, timeout=300)

    def kill(self, name: str) -> None:
        self._living[name].kill()
        self._living[name].wait()

    def end(self) -> None:
        for name in self._living:
            self.kill(name)
        for reader in self._readers:
            reader.join()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            # One who was killed may have said half a line.
            if line.endswith("\n"):
                entry_id, revision = line.split()
                with self._changed:
                    self.told.append((entry_id, int(revision)))
                    self._changed.notify_all()
        process.stdout.close()


def test_no_edit_is_lost_when_editors_meet_and_are_killed(any_database_url: str) -> None:
    engine = open_database(any_database_url)
    migrate(engine)
    rules = load_city("toronto").editing
    plain = [e for e in read_entries("toronto") if not rules.wants_second(vars(e))]
    chosen = [
        replace(e, related=(), confused_with=(), request=None, section="0") for e in plain
    ]
    ids = [e.id for e in chosen[:ENTRIES]]
    store.apply(engine, "toronto", Change(chosen[:ENTRIES]), by="test", reason="test")
    editors, rng = Editors(any_database_url, ids), random.Random(311)
    names = [f"editor{n}" for n in range(EDITORS)]
    try:
        for name in names:
            editors.start(name)
        for kill in range(KILLS):
            editors.wait_for((kill + 1) * EDITS // (KILLS + 1))
            name = rng.choice(names)
            editors.kill(name)
            editors.start(name)
        editors.wait_for(EDITS)
    finally:
        editors.end()
    with engine.connect() as connection:
        catalogue = store.load_in(connection, "toronto")
        histories = {id: store.history_in(connection, "toronto", id)[::-1] for id in ids}
        assert isinstance(verify(connection), Whole)
    engine.dispose()
    for id, history in histories.items():
        # Each change was made to what the one before had made of it.
        counted = [int(state.entry["section"]) for state in history if state.entry]
        assert counted == list(range(len(history)))
        assert catalogue.by_id[id].section == str(counted[-1])
    made = {(id, state.revision) for id, history in histories.items() for state in history[1:]}
    assert set(editors.told) <= made
    assert len(made) >= EDITS
    # Every revision of the catalogue has its row, and one alone.
    assert sorted(revision for _, revision in made) == list(range(2, catalogue.revision + 1))
