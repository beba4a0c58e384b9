"""The gateway channel, and what goes into the log."""

from __future__ import annotations

import asyncio
import logging
import os

import structlog
from rasa.shared.exceptions import InvalidConfigException
from rasa.utils.log_utils import configure_structlog

from bot import quiet_logs
from bot.channels.gateway import Collected, GatewayInput, read_message
from tests.bot.inside_rasa.ground import fault_of


def check_the_gateway_reads_only_what_is_well_formed() -> None:
    right = {"conversation_id": "c1", "message_id": "m1", "text": "hello"}
    assert read_message(right) == ("c1", "m1", "hello", {})
    assert read_message({**right, "text": "/choose"})[2] == "/choose"
    for wrong in (
        [],
        {},
        {**right, "text": " "},
        {**right, "text": 5},
        {**right, "message_id": None},
        {**right, "metadata": []},
        {**right, "text": "/restart"},
        {**right, "text": " /greet"},
        {**right, "text": '/choose{"a": 1}'},
        {**right, "text": "a" * 4_097},
    ):
        assert fault_of(lambda w=wrong: read_message(w), ValueError) is not None, wrong


def check_the_gateway_does_not_start_without_a_proper_secret() -> None:
    before = os.environ.pop("ASK311_GATEWAY_SECRET", None)
    try:
        for secret in (None, "", "short"):
            if secret is not None:
                os.environ["ASK311_GATEWAY_SECRET"] = secret
            fault = fault_of(lambda: GatewayInput.from_credentials({}), InvalidConfigException)
            assert fault is not None
            assert "ASK311_GATEWAY_SECRET" in str(fault)
    finally:
        os.environ.pop("ASK311_GATEWAY_SECRET", None)
        if before:
            os.environ["ASK311_GATEWAY_SECRET"] = before


def check_a_reply_stays_whole_and_silence_is_no_reply() -> None:
    collected = Collected()
    assert not collected.is_whole()
    custom = {"outcome": "answer", "text": "one\n\ntwo"}
    asyncio.run(collected.send_response("c1", {"text": None, "custom": custom}))
    asyncio.run(collected.send_response("c1", {"text": "worded", "custom": {"outcome": "x"}}))
    assert collected.replies == [
        {"custom": {"outcome": "answer", "text": "one\n\ntwo"}},
        {"custom": {"outcome": "x", "text": "worded"}},
    ]
    assert collected.is_whole()
    asyncio.run(collected.send_response("c1", {"custom": {"outcome": "answer"}}))
    assert not collected.is_whole()


def check_log_lines_lose_what_residents_said() -> None:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        configure_structlog(logging.INFO)
        early = structlog.get_logger("rasa.early")
        early.error("early.event", text="nothing yet")
        quiet_logs.keep_words_out()
        early.error("later.event", text="zebrawords")
        try:
            raise ValueError("zebrawords")
        except ValueError:
            logging.getLogger("rasa").exception("an action failed")
        structlog.get_logger("rasa.core").error(
            "some.event", text="zebrawords", user_message="zebrawords"
        )
    finally:
        root.removeHandler(handler)
    assert any("an action failed [ValueError at" in line for line in lines), lines
    assert any("some.event" in line for line in lines), lines
    assert any("later.event" in line for line in lines), lines
    assert not any("zebrawords" in line for line in lines), lines
