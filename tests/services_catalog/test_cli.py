"""The maintainer's commands, run as a maintainer runs them."""

import json
from pathlib import Path

import pytest
import yaml

from services_catalog.cli import main


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
    entries = yaml.safe_load(capsys.readouterr().out)
    assert len(entries) == 247
    assert {"id", "summary", "facts", "questions"} <= set(entries[0])


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
