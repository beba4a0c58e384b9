"""Checks that run inside Rasa's own environment (Python 3.10, no pytest): test_inside_rasa.py starts this file.

Each function named check_... is one test. The results are printed as JSON, one line.
"""

from __future__ import annotations

import ast
import asyncio
import base64
import gc
import json
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import structlog
import yaml
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.log_utils import configure_structlog

from bot import action_calls, kept_connections, lean_turn, quiet_logs, straight_runner
from bot.channels.gateway import Collected, GatewayInput, read_message
from bot.components import sentence_encoder
from bot.components.move_reader import MoveReader
from bot.components.sentence_encoder import SentenceEncoderFeaturizer, encoder_folder
from bot.conversation_memory import ConversationMemory
from bot.kept_connections import KeptConnections
from bot.straight_runner import StraightRunner, run_straight

ROOT = Path(__file__).parents[2]
DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["ask"],
        "slots": {"street": {"type": "text", "mappings": [{"type": "custom"}]}},
        "forms": {"intake": {"required_slots": ["street"]}},
        "actions": ["action_answer"],
    }
)
ORIGINAL_VALIDATION = RemoteAction._validate_action_result
ORIGINAL_CALL = RemoteAction._action_call_format


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
        original = _fault(lambda d=document: ORIGINAL_VALIDATION(action, d))
        ours = _fault(lambda d=document: action_calls.validate_once_compiled(action, d))
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


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


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


def check_a_lean_turn_decides_as_rasas_own_does() -> None:
    agent = _agent()
    texts = ["hello", "when is garbage day", "the second one", "/choose"]
    expected = [_read_and_decided(agent, text) for text in texts]
    before = [module.copy for module in lean_turn.COPYING]
    try:
        assert lean_turn.turn_lean(agent)
        assert [_read_and_decided(agent, text) for text in texts] == expected
        assert not agent.processor.domain.is_empty()
        lean_turn.COMPARED_VERSION = "3.6.20"
        assert not lean_turn.turn_lean(agent)
    finally:
        lean_turn.COMPARED_VERSION = "3.6.21"
        for module, own in zip(lean_turn.COPYING, before, strict=True):
            module.copy = own
        del agent.processor.domain.is_empty
        gc.unfreeze()


def check_the_encoder_component_gives_the_catalogues_vectors() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    known = json.loads(os.environ["KNOWN_VECTORS"])
    for text, vector in known.items():
        message = Message({TEXT: text})
        component.process([message])
        _sequence, sentence = message.get_dense_features(TEXT)
        assert sentence.features.shape == (1, 384)
        assert float(sentence.features[0] @ np.array(vector, np.float32)) > 0.999, text


def check_a_vector_that_came_along_is_taken_if_it_is_this_texts_and_this_encoders() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    ones = np.ones(384, "<f4")
    right = {"encoder": component._sha256, "values": base64.b64encode(ones.tobytes()).decode()}

    def vector(text: str, vector: Any) -> np.ndarray:
        before = sentence_encoder.handed_on.set(("When is garbage day ", vector))
        try:
            message = Message({TEXT: text})
            component.process([message])
            return message.get_dense_features(TEXT)[1].features[0]
        finally:
            sentence_encoder.handed_on.reset(before)

    own = component.encode("When is garbage day")
    assert (vector("When is garbage day", right) == ones).all()
    assert (vector("When is garbage day?", right) != ones).any()
    for wrong in (
        None,
        "nonsense",
        {**right, "encoder": "another"},
        {**right, "values": "AAAA"},
        {**right, "values": "no base 64!"},
        {"encoder": right["encoder"]},
    ):
        assert (vector("When is garbage day", wrong) == own).all(), wrong
    # Nothing of it is left for the next message.
    message = Message({TEXT: "When is garbage day"})
    component.process([message])
    assert (message.get_dense_features(TEXT)[1].features[0] == own).all()


def check_a_message_without_words_gets_no_vector() -> None:
    component = SentenceEncoderFeaturizer(
        {**SentenceEncoderFeaturizer.get_default_config(), "alias": "sentence"}, "sentence"
    )
    message = Message({"intent": "choose"})
    component.process([message])
    assert message.get_dense_features(TEXT) == (None, None)


def check_a_missing_encoder_is_said_with_the_remedy() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fault = _fault(lambda: encoder_folder({"encoder": folder}), InvalidConfigException)
    assert fault is not None
    for words in (
        "model.onnx and tokenizer.json missing in",
        "ASK311_ENCODER",
        "build_encoder",
    ):
        assert words in str(fault), str(fault)


def check_a_conversation_is_remembered() -> None:
    memory = ConversationMemory(DOMAIN)
    asyncio.run(_turn(memory, "c1", "when is garbage day"))
    tracker = asyncio.run(memory.retrieve("c1"))
    assert tracker is not None
    assert tracker.latest_message.text == "when is garbage day"
    assert asyncio.run(memory.retrieve("c2")) is None


def check_a_turn_that_was_not_saved_never_happened() -> None:
    memory = ConversationMemory(DOMAIN)
    asyncio.run(_turn(memory, "c1", "first"))
    failed = asyncio.run(memory.retrieve("c1"))
    assert failed is not None
    failed.update(UserUttered("second"))
    failed.update(SlotSet("street", "elm"))
    # No save: the turn failed. The same message comes again.
    again = asyncio.run(memory.retrieve("c1"))
    assert again is not None
    assert [e.text for e in again.events if isinstance(e, UserUttered)] == ["first"]
    assert again.get_slot("street") is None


def check_memory_is_bounded_in_conversations() -> None:
    memory = ConversationMemory(DOMAIN, conversations=3)
    for number in range(5):
        asyncio.run(_turn(memory, f"c{number}", "hello"))
    assert asyncio.run(memory.keys()) == ["c2", "c3", "c4"]


def check_memory_is_bounded_in_events_and_keeps_slots_and_loop() -> None:
    memory = ConversationMemory(DOMAIN, events=20)
    asyncio.run(_turn(memory, "c1", "start", SlotSet("street", "elm"), ActiveLoop("intake")))
    for number in range(50):
        asyncio.run(_turn(memory, "c1", f"message {number}"))
        tracker = asyncio.run(memory.retrieve("c1"))
        assert tracker is not None
        assert len(tracker.events) <= 20
        assert tracker.get_slot("street") == "elm"
        assert tracker.active_loop_name == "intake"
        assert tracker.latest_message.text == f"message {number}"
        asyncio.run(memory.save(tracker))


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
        {**right, "text": "a" * 4_001},
    ):
        assert _fault(lambda w=wrong: read_message(w), ValueError) is not None, wrong


def check_the_gateway_does_not_start_without_a_proper_secret() -> None:
    before = os.environ.pop("ASK311_GATEWAY_SECRET", None)
    try:
        for secret in (None, "", "short"):
            if secret is not None:
                os.environ["ASK311_GATEWAY_SECRET"] = secret
            fault = _fault(lambda: GatewayInput.from_credentials({}), InvalidConfigException)
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


def check_the_move_reader_is_the_model_that_rasas_own_components_make() -> None:
    examples = {
        "greet": ["hello there", "Hi!", "good morning"],
        "ask": [
            "when is garbage day?",
            "how much is 1 dog licence",
            "where do I pay, 24 or 31?",
        ],
        "thanks": ["thanks a lot", "Thank you so much", "thanks, that's all"],
    }
    unseen = [
        "hello, when is it",
        "don't know 5.50 what to pay #7",
        "\u4e0b \U0001f44d",
        "morning",
    ]

    def messages() -> list[Message]:
        named = [(t, i) for i, texts in examples.items() for t in texts]
        return [Message({TEXT: t, INTENT: i}) for t, i in named] + [
            Message({TEXT: t}) for t in unseen
        ]

    def made(kind: Any, storage: LocalModelStorage, **config: Any) -> Any:
        return kind.create(
            {**kind.get_default_config(), **config},
            storage,
            Resource(f"{kind.__name__}{config.get('analyzer', '')}"),
            ExecutionContext(GraphSchema({})),
        )

    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        tokens = made(WhitespaceTokenizer, storage)
        sentence = made(SentenceEncoderFeaturizer, storage)
        own = tokens.process(messages())
        data = TrainingData(own[:9])
        for counts in (
            made(CountVectorsFeaturizer, storage),
            made(CountVectorsFeaturizer, storage, analyzer="char_wb", min_ngram=2, max_ngram=4),
        ):
            counts.train(data)
            counts.process(own)
        sentence.process(own)
        classifier = made(LogisticRegressionClassifier, storage, max_iter=300)
        classifier.train(data)
        classifier.process(own)

        ours = sentence.process(tokens.process(messages()))
        made(MoveReader, storage).train(TrainingData(ours[:9]))
        reader = MoveReader.load(
            {}, storage, Resource("MoveReader"), ExecutionContext(GraphSchema({}))
        )
        reader.process(ours)
    for one, other in zip(own, ours, strict=True):
        for mine, theirs in zip(
            other.get("intent_ranking"), one.get("intent_ranking"), strict=True
        ):
            assert mine["name"] == theirs["name"], other.get(TEXT)
            assert abs(mine["confidence"] - theirs["confidence"]) < 1e-3, other.get(TEXT)
    # They are worth something only if the model knows the examples, and not all are alike.
    assert [m.get(INTENT)["name"] for m in ours[:9]] == ["greet"] * 3 + ["ask"] * 3 + [
        "thanks"
    ] * 3


def check_a_message_without_words_is_no_move() -> None:
    reader = _component(_agent(), MoveReader)
    message = Message({INTENT: {"name": "choose", "confidence": 1.0}})
    reader.process([message])
    assert message.get(INTENT)["name"] == "choose"


def check_the_straight_runner_reads_and_decides_as_rasas_own_does() -> None:
    agent = _agent()
    own = agent.processor.graph_runner
    assert isinstance(own, DaskGraphRunner)
    texts = [
        "hello",
        "when is garbage day",
        "the second one",
        "/choose",
        "zzz qqq",
        "are you a bot",
    ]
    try:
        expected = [_read_and_decided(agent, text) for text in texts]
        assert run_straight(agent)
        assert isinstance(agent.processor.graph_runner, StraightRunner)
        assert [_read_and_decided(agent, text) for text in texts] == expected
    finally:
        agent.processor.graph_runner = own
    # The texts are worth something only if they are read as different moves.
    assert len({json.dumps(decided[1]) for decided in expected}) > 2


def check_the_straight_runner_keeps_to_the_version_it_was_compared_with() -> None:
    agent = _agent()
    own = agent.processor.graph_runner
    straight_runner.COMPARED_VERSION = "3.6.20"
    try:
        assert not run_straight(agent)
        assert agent.processor.graph_runner is own
    finally:
        straight_runner.COMPARED_VERSION = "3.6.21"


def check_moves_are_read_from_words_that_were_not_trained_on() -> None:
    moves = yaml.safe_load((ROOT / "tests" / "bot" / "moves.yml").read_text(encoding="utf-8"))
    agent = _agent()
    wrong = []
    for action, texts in moves.items():
        for text in texts:
            _, decided = _read_and_decided(agent, text)
            if decided != action:
                wrong.append((text, decided))
    assert not wrong, wrong


def check_no_text_is_too_odd_to_be_read() -> None:
    # Without a vector or without tokens the classifier would fail, and the message with it, for ever.
    for text in (
        "\U0001f44d",
        "???",
        "...",
        "-",
        ":)",
        "\u200b?",
        "\u4e0b\u6c34\u9053",
        "a",
        "5",
        "x" * 1_600,
        "a b " * 400,
    ):
        _, decided = _read_and_decided(_agent(), text)
        assert decided is not None
        assert decided.startswith("action_"), text


@lru_cache(maxsize=1)
def _agent() -> Agent:
    return asyncio.run(load_agent("bot/models/ask311.tar.gz"))


def _component(agent: Agent, kind: type[Any]) -> Any:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, kind))


def _read_and_decided(agent: Agent, text: str) -> tuple[Any, str | None]:
    """Return how a message is read, and the action that follows."""
    parsed = asyncio.run(agent.processor.parse_message(UserMessage(text)))
    tracker = DialogueStateTracker("c1", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered(text, parsed["intent"], [], parsed), agent.domain)
    scores = agent.processor.predict_next_with_tracker(tracker)["scores"]
    best = max(scores, key=lambda score: score["score"])
    return parsed["intent_ranking" if "intent_ranking" in parsed else "intent"], best["action"]


async def _turn(memory: ConversationMemory, conversation: str, text: str, *more: Any) -> None:
    tracker = await memory.get_or_create_tracker(conversation, append_action_listen=False)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered(text, {"name": "ask", "confidence": 1.0}))
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(BotUttered("an answer"))
    for event in more:
        tracker.update(event, DOMAIN)
    assert isinstance(tracker, DialogueStateTracker)
    await memory.save(tracker)


def _fault(call: Callable[[], Any], kind: type[Exception] = ValidationError) -> Any:
    try:
        call()
    except kind as fault:
        return fault
    return None


def main() -> None:
    """Run every check; print {name: what went wrong, or null}."""
    results: dict[str, str | None] = {}
    for name, check in list(globals().items()):
        if name.startswith("check_"):
            try:
                check()
                results[name] = None
            except Exception:
                results[name] = traceback.format_exc()
    sys.stdout.write("RESULTS " + json.dumps(results) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
