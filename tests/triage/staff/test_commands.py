"""The commands about staff, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from services_catalog.database import open_database
from triage.cli import main
from triage.staff import repository
from triage.staff.roles import Role


@pytest.fixture
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/triage.db"
    monkeypatch.setenv("ASK311_DATABASE_URL", url)
    monkeypatch.setenv("ASK311_GATEWAY_SECRET", "x" * 16)
    monkeypatch.setenv("ASK311_API_SECRET", "x" * 16)
    return url


def account(database_url: str, email: str) -> repository.Account:
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = repository.account_by_email(connection, email)
    engine.dispose()
    assert found
    return found


def test_the_first_administrator_is_made_on_an_empty_machine_and_let_in_again(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["make-staff", "Anna@City.example", "--name", "Anna Ng"]) == 0
    said = capsys.readouterr().out
    made = account(database_url, "anna@city.example")
    assert (made.member.name, made.member.role) == ("Anna Ng", Role.ADMINISTRATOR)
    assert made.password_until
    first = said.split("Password: ")[1].strip()

    # She lost it, and was disabled by mistake.
    engine = open_database(database_url)
    with engine.begin() as connection:
        repository.change(connection, made.member.id, disabled_at=made.created_at)
    engine.dispose()
    assert main(["make-staff", "anna@city.example"]) == 0
    again = account(database_url, "anna@city.example")
    assert again.member == made.member  # with the role that she had
    assert again.disabled_at is None
    assert again.password_hash != made.password_hash
    assert first not in capsys.readouterr().out


def test_an_account_keeps_its_role_unless_another_is_asked_for(database_url: str) -> None:
    for role in ("agent", "", "administrator"):
        main(["make-staff", "cy@city.example", *(["--role", role] if role else [])])
        expected = role or "agent"
        assert account(database_url, "cy@city.example").member.role == expected


@pytest.mark.parametrize("email", ["anna", "anna@", "@city.example", "anna@city"])
def test_what_is_no_email_is_refused(email: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["make-staff", email])
    assert "write an email" in capsys.readouterr().err


def test_the_trail_is_verified_and_held_against_an_earlier_check(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["make-staff", "anna@city.example"])
    main(["make-staff", "ben@city.example", "--role", "auditor"])
    capsys.readouterr()
    assert main(["verify-audit"]) == 0
    whole, known = capsys.readouterr().out.strip().splitlines()
    assert whole.startswith("The audit trail is whole: 2 entries.")
    assert main(["verify-audit", "--known", known]) == 0

    engine = open_database(database_url)
    with engine.begin() as connection:
        for statement in (
            "DROP TRIGGER staff_audit_stays_as_it_is",
            "UPDATE staff_audit SET subject = 'mem_other' WHERE seq = 2",
        ):
            connection.execute(text(statement))
    engine.dispose()
    assert main(["verify-audit"]) == 1
    assert "broken at entry 2: it is not what was written" in capsys.readouterr().err


def test_a_key_for_apps_is_made_as_it_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-staff-key"]) == 0
    name, _, key = capsys.readouterr().out.strip().partition("=")
    assert name == "ASK311_STAFF_KEYS"
    Fernet(key)
