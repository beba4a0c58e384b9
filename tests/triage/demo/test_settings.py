"""When the line is a demonstration: only without a carrier, and only on this machine."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scripts.run import demo_environment
from tests.triage.talking import make_settings
from tests.triage.texting.carrier import MATCH_KEY, PUBLIC_URL, TEXT_KEY
from triage.settings import Settings

STAND_IN: dict[str, Any] = {
    "demo": True,
    "public_url": PUBLIC_URL,
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "the token of the stand-in",
    "twilio_numbers": ("+14165550311",),
    "twilio_url": "http://127.0.0.1:8000/demo/carrier",
    "text_keys": (TEXT_KEY,),
    "text_match_key": MATCH_KEY,
}


def _settings(**changes: Any) -> Settings:
    return make_settings("sqlite://", "http://127.0.0.1:9", **changes)


def test_a_line_is_no_demonstration_by_itself() -> None:
    assert not _settings().demo


def test_a_demonstration_has_the_stand_in_for_a_carrier() -> None:
    assert _settings(**STAND_IN).demo


@pytest.mark.parametrize(
    "real",
    [
        {"twilio_url": "https://api.twilio.com"},
        {"twilio_url": "http://127.0.0.1:8000"},
        {"twilio_url": "http://127.0.0.1.example.org/demo/carrier"},
        {"twilio_url": "https://example.org/demo/carrier"},
        {"twilio_api_key": "SK1", "twilio_api_secret": "a secret of a real account"},
        {"twilio_messaging_service": "MG1"},
        {"twilio_signing_key": "the shared key of a real account"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_demonstration_does_not_start_with_a_real_carrier(real: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="ASK311_DEMO shows texts without a carrier"):
        _settings(**STAND_IN | real)


def test_a_demonstration_does_not_start_without_numbers_and_keys() -> None:
    with pytest.raises(ValidationError, match="ASK311_DEMO shows texts without a carrier"):
        _settings(demo=True)


# ── what `make run` sets ──


def test_make_run_makes_the_stand_ins_account_and_keys_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = demo_environment(tmp_path, "127.0.0.1", 8080, {})
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    settings = _settings()
    assert settings.demo
    assert settings.has_texts
    assert settings.twilio_url == "http://127.0.0.1:8080/demo/carrier"
    assert demo_environment(tmp_path, "127.0.0.1", 8080, {}) == made
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("host", "given"),
    [
        ("127.0.0.1", {"ASK311_DEMO": "false"}),
        ("127.0.0.1", {"ASK311_TWILIO_AUTH_TOKEN": "of a real account"}),
        ("127.0.0.1", {"ASK311_TEXT_KEYS": "of a real line"}),
        ("127.0.0.1", {"ASK311_PUBLIC_URL": "https://ask.example.org"}),
        ("192.0.2.1", {}),
    ],
)
def test_make_run_leaves_a_line_alone_that_is_none_for_show(
    tmp_path: Path, host: str, given: dict[str, str]
) -> None:
    assert demo_environment(tmp_path, host, 8000, given) == {}


@pytest.mark.parametrize(
    ("host", "given"),
    [
        ("127.0.0.1", {"ASK311_TWILIO_AUTH_TOKEN": "of a real account"}),
        ("192.0.2.1", {}),
    ],
)
def test_make_run_says_why_there_can_be_no_demonstration(
    tmp_path: Path, host: str, given: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="ASK311_DEMO"):
        demo_environment(tmp_path, host, 8000, {"ASK311_DEMO": "true", **given})


def test_what_is_set_already_stands(tmp_path: Path) -> None:
    given = {
        "ASK311_DEMO": "true",
        "ASK311_PUBLIC_URL": PUBLIC_URL,
        "ASK311_TEXT_RECONCILE_MINUTES": "3",
    }
    made = demo_environment(tmp_path, "127.0.0.1", 8000, given)
    assert not set(made) & {"ASK311_PUBLIC_URL", "ASK311_TEXT_RECONCILE_MINUTES"}
