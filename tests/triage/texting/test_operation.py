"""What those who run the line see and do about texts: settings, health, commands, a process without a door."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError
from sqlalchemy import Connection, create_engine, select

from tests.triage.talking import front_door, make_settings, running, wait_until
from tests.triage.test_operations import import_something
from tests.triage.texting.carrier import (
    ACCOUNT,
    LINE,
    MATCH_KEY,
    PUBLIC_URL,
    TEXT_KEY,
    TOKEN,
    CarrierTwin,
    Mood,
    Phone,
    text_carrier,
)
from tests.triage.texting.conftest import a_line
from tests.triage.texting.test_pictures import a_picture
from tests.triage.twin import API_SECRET, SECRET, AssistantTwin, Trouble, echo
from triage.app import create_app
from triage.cli import main
from triage.conversations.tables import conversations, feedback, messages
from triage.media.tables import media
from triage.parts import Parts
from triage.safety import look
from triage.settings import settings_table
from triage.texting.numbers import Numbers
from triage.texting.tables import carrier_media, carrier_messages, senders, texts
from triage.worker import create_worker

RESIDENT = "+14165550100"
WHOLE = {
    "public_url": PUBLIC_URL,
    "twilio_account_sid": ACCOUNT,
    "twilio_auth_token": TOKEN,
    "twilio_numbers": (LINE,),
    "text_keys": (TEXT_KEY,),
    "text_match_key": MATCH_KEY,
}


def settings(**changes: Any) -> Any:
    return make_settings("sqlite:///x.db", "http://127.0.0.1:9", **changes)


def test_texts_are_off_unless_they_are_set() -> None:
    assert not settings().has_texts
    assert not settings(public_url=PUBLIC_URL).has_texts
    assert settings(**WHOLE).has_texts


@pytest.mark.parametrize("missing", WHOLE)
def test_half_of_it_is_refused_and_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(ValidationError, match=f"ASK311_{missing.upper()}"):
        settings(**{name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    "wrong",
    [
        {"twilio_account_sid": "AC1"},
        {"twilio_numbers": ("416-555-0311",)},
        {"twilio_numbers": ("whatsapp:4165550311",)},
        {"text_keys": ("not a key",)},
        {"text_match_key": "short"},
        {"twilio_auth_token": "short"},
        {"twilio_url": "api.twilio.com"},
        {"twilio_api_key": "SK1"},
        {"twilio_api_secret": "a secret without its key"},
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_at_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**WHOLE | wrong)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK311_TWILIO_NUMBERS", f"{LINE}, whatsapp:{LINE}")
    monkeypatch.setenv("ASK311_TEXT_KEYS", f"{TEXT_KEY},{Fernet.generate_key().decode()}")
    found = settings(
        **{n: v for n, v in WHOLE.items() if n not in ("twilio_numbers", "text_keys")}
    )
    assert found.twilio_numbers == (LINE, f"whatsapp:{LINE}")
    assert len(found.text_keys) == 2


def test_no_secret_is_shown() -> None:
    shown = repr(settings(**WHOLE)) + settings_table()
    assert not any(secret in shown for secret in (TOKEN, TEXT_KEY, MATCH_KEY))


# ── health ──


def test_the_carrier_is_named_in_the_health_and_the_line_goes_on_without_it(
    tmp_path: Path, assistant_twin: AssistantTwin, client: httpx.Client
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    import_something(database)
    for state, told in (("active", {"ok": True, "detail": ""}), ("suspended", None)):
        with text_carrier() as carrier:
            carrier.account_status = state
            with front_door(database, assistant_twin.url, **carrier.settings()) as url:
                answer = client.get(f"{url}/health/ready")
                client.get(f"{url}/health/ready")
            # However often it is asked, the carrier is not.
            assert len(carrier.asked) == 1
        assert answer.status_code == 200
        found = answer.json()["dependencies"]["carrier"]
        assert found == (told or {"ok": False, "detail": "account suspended"})


def test_a_front_door_that_sends_none_does_not_call_the_carrier(
    tmp_path: Path, assistant_twin: AssistantTwin, client: httpx.Client
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    import_something(database)
    with text_carrier() as carrier:
        given = carrier.settings(jobs=False)
        with front_door(database, assistant_twin.url, **given) as url:
            answer = client.get(f"{url}/health/ready")
        assert "carrier" not in answer.json()["dependencies"]
        assert carrier.asked == []


@pytest.fixture
def assistant_twin() -> Iterator[AssistantTwin]:
    with AssistantTwin() as twin:
        yield twin


# ── a process without a door ──


def test_a_worker_sends_what_a_front_door_without_jobs_took_in(
    tmp_path: Path, assistant_twin: AssistantTwin
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    with text_carrier() as carrier:
        given = carrier.settings(media_dir=str(tmp_path / "media"))
        with front_door(database, assistant_twin.url, jobs=False, **given) as url:
            phone = Phone(RESIDENT, carrier, url)
            phone.texts("hello")
            wait_until(lambda: assistant_twin.asked)
            assert carrier.posts == 0
            at_work = make_settings(database, assistant_twin.url, replica="test:2", **given)
            with running(create_worker(Parts(at_work, look))):
                assert phone.hears() == ["You said: hello"]


def test_what_a_process_without_a_carrier_has_answered_is_sent_by_another(
    tmp_path: Path, assistant_twin: AssistantTwin
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    assistant_twin.will_answer = lambda asked: Trouble.FAILS
    with text_carrier() as carrier:
        given = carrier.settings(media_dir=str(tmp_path / "media"))
        with front_door(database, assistant_twin.url, **given) as url:
            phone = Phone(RESIDENT, carrier, url)
            phone.texts("hello")
            wait_until(lambda: assistant_twin.asked)
        assistant_twin.will_answer = echo
        forgotten = make_settings(
            database, assistant_twin.url, replica="test:2", media_dir=str(tmp_path / "media")
        )
        engine = create_engine(database)
        with running(create_worker(Parts(forgotten, look))), engine.connect() as connection:
            wait_until(lambda: "You said: hello" in bodies(connection))
        engine.dispose()
        with front_door(database, assistant_twin.url, **given):
            # On a slow machine they are told before it that it takes longer.
            wait_until(lambda: "You said: hello" in phone.has_heard())


def bodies(connection: Connection) -> list[str]:
    return list(connection.execute(select(texts.c.body)).scalars())


# ── commands ──


def environment(
    monkeypatch: pytest.MonkeyPatch, carrier: CarrierTwin, database: str, **changes: str
) -> None:
    given = {
        "database_url": database,
        "gateway_secret": SECRET,
        "api_secret": API_SECRET,
        "public_url": PUBLIC_URL,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_numbers": LINE,
        "twilio_url": carrier.url,
        "text_keys": TEXT_KEY,
        "text_match_key": MATCH_KEY,
    }
    # The command's own logging would go on after it.
    monkeypatch.setattr("triage.cli.set_up_logging", lambda level: None)
    for name, value in (given | changes).items():
        monkeypatch.setenv(f"ASK311_{name.upper()}", value)


def test_the_log_is_read_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    with text_carrier() as carrier:
        environment(monkeypatch, carrier, database)
        carrier.takes("hello", RESIDENT, ago=timedelta(hours=3))
        carrier.takes("of last week", RESIDENT, ago=timedelta(days=7))
        assert main(["reconcile"]) == 0
        assert "1 texts in the log, 1 had not come" in capsys.readouterr().out
        assert main(["reconcile", "--since", "2026-01-01T08:00"]) == 0
        assert "2 texts in the log, 1 had not come" in capsys.readouterr().out
        carrier.log_status = 503
        assert main(["reconcile"]) == 1
        assert "status_503" in capsys.readouterr().err
    engine = create_engine(database)
    with engine.connect() as connection:
        kept = connection.execute(select(carrier_messages)).all()
    engine.dispose()
    assert [row.source for row in kept] == ["log", "log"]


def test_numbers_move_to_a_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    new = Fernet.generate_key().decode()
    with a_line(database, tmp_path) as place:
        Phone(RESIDENT, place.carrier, place.url).texts("hello")
        environment(monkeypatch, place.carrier, database, text_keys=new)
        assert main(["move-text-numbers"]) == 1
        environment(monkeypatch, place.carrier, database, text_keys=f"{new},{TEXT_KEY}")
        assert main(["move-text-numbers"]) == 0
    assert "1 numbers are encrypted with the first key." in capsys.readouterr().out
    engine = create_engine(database)
    with engine.connect() as connection:
        (sender,) = connection.execute(select(senders)).all()
    engine.dispose()
    assert Numbers([new], MATCH_KEY).unlock(sender.address) == RESIDENT


def test_keys_that_are_made_are_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-text-keys"]) == 0
    made = dict(ln.split("=", 1) for ln in capsys.readouterr().out.splitlines())
    found = settings(
        **WHOLE
        | {
            "text_keys": made["ASK311_TEXT_KEYS"],
            "text_match_key": made["ASK311_TEXT_MATCH_KEY"],
        }
    )
    assert found.has_texts


def test_without_texts_the_commands_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("GATEWAY_SECRET", SECRET), ("API_SECRET", API_SECRET)):
        monkeypatch.setenv(f"ASK311_{name}", value)
    monkeypatch.setenv("ASK311_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    for command in ("reconcile", "move-text-numbers"):
        assert main([command]) == 1
        assert "has no text messages" in capsys.readouterr().err


def test_nothing_of_a_number_or_its_words_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, client: httpx.Client
) -> None:
    caplog.set_level("DEBUG")
    with a_line(f"sqlite:///{tmp_path}/x.db", tmp_path, text_same_in_a_row=2) as place:
        phone = Phone(RESIDENT, place.carrier, place.url)
        place.carrier.moods.extend([21211, Mood.FAILS, 21610])
        phone.texts("SECRET-WORDS that are long enough")
        wait_until(lambda: place.carrier.posts == 1)
        phone.texts("SECRET-WORDS that are long enough")
        wait_until(lambda: place.carrier.posts == 3)
        for body in ("STOP", "START"):
            phone.texts(body)
        place.carrier.log_status = 500
        client.post(f"{place.url}/channels/twilio/messages", data=phone.fields("SECRET-WORDS"))
    own = [r for r in caplog.records if r.name.startswith(("triage", "uvicorn"))]
    assert any(r.getMessage() == "the carrier refused a text" for r in own)
    for record in own:
        written = str(vars(record))
        assert "SECRET-WORDS" not in written
        assert RESIDENT.removeprefix("+1") not in written


def test_no_address_that_is_called_is_logged_even_for_debugging() -> None:
    code = """
import logging
from triage.kit.log import set_up_logging
set_up_logging("debug")
print([n for n in ("httpx", "httpcore.http11") if logging.getLogger(n).isEnabledFor(logging.INFO)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_what_the_privacy_page_says_erases_a_conversation_and_its_number(
    tmp_path: Path,
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    erasing = page.split("BEGIN;\n")[1].split("COMMIT;")[0]
    database = f"sqlite:///{tmp_path}/x.db"
    with a_line(database, tmp_path) as place:
        phone = Phone(RESIDENT, place.carrier, place.url)
        phone.texts("hello", NumMedia="1", MediaUrl0="http://nowhere/", MediaContentType0="")
        phone.hears(2)
        place.carrier.media["/photo"] = ("image/jpeg", a_picture())
        photo = {"MediaUrl0": f"{place.carrier.url}/photo", "MediaContentType0": "image/jpeg"}
        phone.texts("look", NumMedia="1", **photo)
        phone.hears(2)
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        (sender,) = connection.execute(select(senders)).all()
        assert len(connection.execute(select(media)).all()) == 1
        for statement in erasing.replace("con_...", sender.conversation_id).split(";"):
            connection.exec_driver_sql(statement)
        for table in (
            feedback,
            senders,
            carrier_messages,
            carrier_media,
            texts,
            messages,
            media,
            conversations,
        ):
            assert connection.execute(select(table)).all() == []
    engine.dispose()


def test_the_app_needs_no_carrier_to_be_described() -> None:
    create_app(Parts(settings(**WHOLE), look))
