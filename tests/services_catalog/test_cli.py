"""The maintainer's commands, run as a maintainer runs them."""

import json
from pathlib import Path

import pytest
import yaml

from services_catalog import store
from services_catalog.cli import main
from services_catalog.database import open_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('cli')}/ask311.db"
    assert main(["import", "--database", url]) == 0
    return url


def test_check_says_that_all_is_well(capsys) -> None:
    assert main(["check"]) == 0
    assert "toronto: 247 entries, no fault" in capsys.readouterr().out


def test_importing_again_changes_nothing(database: str, capsys) -> None:
    assert main(["import", "--database", database]) == 0
    assert capsys.readouterr().out == "toronto: 0 to add, 0 to change, 0 to retire.\n"


def test_export_is_the_pack_again(database: str, capsys) -> None:
    assert main(["export", "--database", database]) == 0
    entries = yaml.load(capsys.readouterr().out, Loader=yaml.CSafeLoader)
    assert len(entries) == 247
    assert {"id", "summary", "facts", "questions"} <= set(entries[0])


@pytest.mark.parametrize(
    ("format", "ending"), [("yaml", "yaml"), ("csv", "csv"), ("hsds", "json")]
)
def test_what_is_exported_comes_back_as_no_change(
    database: str, capsys, tmp_path: Path, format: str, ending: str
) -> None:
    assert main(["export", "--format", format, "--database", database]) == 0
    path = tmp_path / f"toronto.{ending}"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    command = ["import", "--from", str(path), "--retire-missing", "--database", database]
    assert main(command) == 0
    assert capsys.readouterr().out == "toronto: 0 to add, 0 to change, 0 to retire.\n"


def test_a_table_is_planned_first_then_changes_what_it_names_alone(
    database: str, capsys, tmp_path: Path
) -> None:
    path = tmp_path / "edits.csv"
    path.write_text("id,title\npothole,A hole in the road\n", encoding="utf-8")
    was = tmp_path / "as_it_was.csv"
    was.write_text("id,title\npothole,Pothole or damaged road\n", encoding="utf-8")
    command = ["import", "--database", database, "--from"]
    assert main([*command, str(path), "--plan"]) == 0
    assert main([*command, str(path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "toronto: 0 to add, 1 to change, 0 to retire."
    assert said[1].startswith(said[0])
    # As the other tests found it.
    assert main([*command, str(was)]) == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "id,sms\npothole,\n", "pothole: 'sms' is missing"),
        ("x.json", "{}", "needs a list"),
        ("x.json", "{", "x.json"),
        ("x.yaml", "a: b", "list of entries"),
        ("x.doc", "", "its ending must be one of"),
    ],
)
def test_a_file_with_faults_changes_nothing_and_says_what_is_wrong(
    database: str, capsys, tmp_path: Path, name: str, text: str, says: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    engine = open_database(database)
    before = store.load(engine, "toronto")
    assert main(["import", "--from", str(path), "--database", database]) == 1
    assert says in capsys.readouterr().err
    assert store.load(engine, "toronto") == before
    engine.dispose()


def test_a_pack_is_always_imported_whole(database: str, capsys) -> None:
    assert main(["import", "--retire-missing", "--database", database]) == 1
    assert "--from FILE" in capsys.readouterr().err


def test_services_of_another_system_are_printed_as_drafts_with_what_they_need(
    database: str, capsys, tmp_path: Path
) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"services": [{"name": "Tool Library", "description": "Borrow."}]}')
    assert main(["convert", str(path), "--database", database]) == 0
    told = capsys.readouterr()
    assert yaml.safe_load(told.out)[0]["id"] == "tool_library"
    assert "tool_library: 'owner' is missing" in told.err


def test_search_answers_as_json(database: str, capsys, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASK311_SEARCH_CACHE", str(Path("var/search")))
    assert (
        main(["search", "how do i pay a parking ticket", "--json", "--database", database]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "answer"
    assert found["service_id"] == "parking_ticket_pay"
    assert found["source_url"].startswith("https://")


def test_an_unknown_city_and_an_unreachable_database_are_said_in_a_sentence(capsys) -> None:
    assert main(["check", "--city", "atlantis"]) == 1
    assert "There is no city pack named 'atlantis'" in capsys.readouterr().err
    assert main(["import", "--database", "sqlite:////proc/nowhere/ask311.db"]) == 1
    assert "cannot be used" in capsys.readouterr().err
