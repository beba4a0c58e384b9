"""Keys are made, listed and revoked from the command line, and shown once."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.cli import main


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK311_DATABASE_URL", f"sqlite:///{tmp_path}/triage.db")
    monkeypatch.setenv("ASK311_GATEWAY_SECRET", "a-secret-of-the-test")
    monkeypatch.setenv("ASK311_API_SECRET", "another-secret-of-the-test")


def test_a_key_is_shown_once_listed_without_itself_and_revoked(capsys) -> None:
    assert main(["migrate"]) == 0
    assert main(["make-api-key", "Sample Street App"]) == 0
    key = capsys.readouterr().out.strip()
    assert main(["api-keys"]) == 0
    listed = capsys.readouterr().out
    assert "Sample Street App" in listed
    assert "valid" in listed
    assert key not in listed
    assert main(["revoke-api-key", listed.split()[0]]) == 0
    assert main(["revoke-api-key", listed.split()[0]]) == 1
    assert "no valid key" in capsys.readouterr().err
    assert main(["api-keys"]) == 0
    assert "revoked" in capsys.readouterr().out
