"""How the assistant calls an action."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import (
    ActionExecuted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot import action_calls, kept_connections, lean_turn
from bot.kept_connections import KeptConnections
from tests.bot.inside_rasa.ground import (
    ANSWER,
    DOMAIN,
    ORIGINAL_CALL,
    ORIGINAL_VALIDATION,
    fault_of,
)


def check_the_validator_accepts_and_rejects_what_the_original_does() -> None:
    event = {"event": "slot", "name": "street", "value": "x", "timestamp": None}
    documents: list[Any] = [
        {},
        {"events": [], "responses": []},
        {"events": [], "responses": [5]},
        {"events": {}, "responses": []},
        {"events": [event], "responses": [{"text": "hello"}]},
        {"events": [{"event": "followup", "name": "action_listen", "timestamp": None}]},
        {"events": [{"event": "restart"}], "responses": []},
        {"events": [{"event": "no such event"}]},
        {"events": [{"event": "no such event"}], "responses": [{"text": "hello"}]},
        {"events": [{"event": "slot"}]},
        {"events": [{"name": "street"}]},
        {"events": "none"},
        {"events": [event, 5]},
        {"responses": ["hello"]},
        {"responses": {"text": "hello"}},
        [],
        "hello",
        None,
    ]
    action = RemoteAction("action_answer", None)
    outcomes = []
    # Twice: what was found right before is found so without being checked again.
    for document in [*documents, *documents]:
        original = fault_of(lambda d=document: ORIGINAL_VALIDATION(action, d))
        ours = fault_of(lambda d=document: action_calls.validate_once_compiled(action, d))
        assert (original is None) == (ours is None), document
        if original is not None:
            assert list(original.path) == list(ours.path), document
            assert original.validator == ours.validator, document
        outcomes.append(original is None)
    # The documents are worth something only if there are some of both kinds.
    assert True in outcomes
    assert False in outcomes


def check_the_patches_are_put_in_place_only_for_the_version_they_were_compared_with() -> None:
    try:
        assert action_calls.patch_remote_actions()
        assert RemoteAction._validate_action_result is action_calls.validate_once_compiled
        assert RemoteAction._action_call_format is action_calls.call_without_the_past
        RemoteAction._validate_action_result = ORIGINAL_VALIDATION
        RemoteAction._action_call_format = ORIGINAL_CALL
        action_calls.PATCHED_VERSION = "3.6.20"
        assert not action_calls.patch_remote_actions()
        assert RemoteAction._validate_action_result is ORIGINAL_VALIDATION
    finally:
        action_calls.PATCHED_VERSION = "3.6.21"
        RemoteAction._action_call_format = ORIGINAL_CALL
        RemoteAction._validate_action_result = ORIGINAL_VALIDATION


def check_an_action_call_is_rasas_own_without_the_past_and_the_domain() -> None:
    tracker = DialogueStateTracker("c1", DOMAIN.slots)
    for event in (
        ActionExecuted("action_listen"),
        UserUttered("when is bin day", {"name": "ask"}),
    ):
        tracker.update(event, DOMAIN)
    action = RemoteAction("action_answer", None)
    original = ORIGINAL_CALL(action, tracker, DOMAIN)
    assert len(original["tracker"]["events"]) == 2
    original["tracker"]["events"] = []
    ours = action_calls.call_without_the_past(action, tracker, DOMAIN)
    assert ours == original | {"domain": {}}


def check_copies_are_left_out_only_where_they_are_made_for_debugging_lines() -> None:
    for module in lean_turn.COPYING:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for_lines = {
            id(node)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
            for node in ast.walk(call)
        }
        used = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "copy"]
        assert used, module.__name__
        assert all(id(node) in for_lines for node in used), module.__name__
        assert not any(
            isinstance(n, ast.ImportFrom) and n.module == "copy" for n in ast.walk(tree)
        ), module.__name__


def check_a_connection_is_kept_for_the_next_call_unless_it_has_ended_or_is_old() -> None:
    async def ask() -> None:
        served = Served(ANSWER)
        async with served:
            calls = KeptConnections(served.url, {"X-From": "tests"}, 1.0)
            for _ in range(3):
                assert await calls.post(b"{}") == (200, b"ok")
            assert served.connections == 1
            assert (
                b"POST /webhook HTTP/1.1\r\nX-From: tests\r\nHost: 127.0.0.1:" in served.heard
            )
            assert served.heard.endswith(b"Content-Length: 2\r\n\r\n{}")
            kept_connections.KEPT_SECONDS = -1.0
            assert (await calls.post(b"{}")).status == 200
            assert served.connections == 2
            kept_connections.KEPT_SECONDS = 30.0
            served.answer = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            await calls.post(b"{}")
            await calls.post(b"{}")
            assert served.connections == 3
            await asyncio.gather(*(calls.post(b"{}") for _ in range(4)))
            assert served.connections == 7
            calls.close()

    asyncio.run(ask())


def check_half_an_answer_is_none_and_what_is_no_answer_is_said_so() -> None:
    async def ask(answer: bytes) -> type[BaseException] | None:
        served = Served(answer, ends=True)
        async with served:
            try:
                await KeptConnections(served.url, {}, 1.0).post(b"{}")
            except (kept_connections.Unreachable, kept_connections.NotUnderstood) as fault:
                return type(fault)
            return None

    assert asyncio.run(ask(ANSWER)) is None
    for answer in (b"", ANSWER[:-1], ANSWER[:20]):
        assert asyncio.run(ask(answer)) is kept_connections.Unreachable, answer
    for answer in (
        b"oh no\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n",
    ):
        assert asyncio.run(ask(answer)) is kept_connections.NotUnderstood, answer


def check_an_answer_that_was_given_up_never_becomes_the_next_ones() -> None:
    async def ask() -> None:
        served = Served(ANSWER.replace(b"ok", b"no"), after=0.2)
        async with served:
            calls = KeptConnections(served.url, {}, 1.0)
            try:
                await asyncio.wait_for(calls.post(b"{}"), 0.05)
                raise AssertionError("it waited")
            except asyncio.TimeoutError:  # noqa: UP041 (on Python 3.10 it is another class)
                pass
            served.answer = ANSWER
            assert await calls.post(b"{}") == (200, b"ok")
            assert served.connections == 2

    asyncio.run(ask())


class Served:
    """A server that answers each request with the same bytes."""

    def __init__(self, answer: bytes, *, ends: bool = False, after: float = 0.0) -> None:
        self.answer, self.ends, self.after = answer, ends, after
        self.connections, self.heard, self.url = 0, b"", ""

    async def __aenter__(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/webhook"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.heard = await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2)
                answer = self.answer
                await asyncio.sleep(self.after)
                writer.write(answer)
                if self.ends:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left
        writer.close()
