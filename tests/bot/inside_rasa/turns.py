"""A turn decides as Rasa's own does, with less work."""

from __future__ import annotations

import gc
import json

from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.utils import common

from bot import lean_turn, straight_runner
from bot.protected_talk import read_and_decided
from bot.straight_runner import StraightRunner, run_straight
from tests.bot.inside_rasa.ground import trained


def check_a_lean_turn_decides_as_rasas_own_does() -> None:
    agent = trained()
    texts = ["hello", "when is garbage day", "the second one", "/choose"]
    expected = [read_and_decided(agent, text) for text in texts]
    before = [module.copy for module in lean_turn.COPYING]
    all_subclasses = common.all_subclasses
    try:
        assert lean_turn.turn_lean(agent)
        assert [read_and_decided(agent, text) for text in texts] == expected
        assert not agent.processor.domain.is_empty()
        assert [Event.resolve_by_type("slot") for _ in range(2)] == [SlotSet, SlotSet]
        assert common.all_subclasses.cache_info().hits
        lean_turn.COMPARED_VERSION = "3.6.20"
        assert not lean_turn.turn_lean(agent)
    finally:
        lean_turn.COMPARED_VERSION = "3.6.21"
        for module, own in zip(lean_turn.COPYING, before, strict=True):
            module.copy = own
        common.all_subclasses = all_subclasses
        del agent.processor.domain.is_empty
        gc.unfreeze()


def check_the_straight_runner_reads_and_decides_as_rasas_own_does() -> None:
    agent = trained()
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
        expected = [read_and_decided(agent, text) for text in texts]
        assert run_straight(agent)
        assert isinstance(agent.processor.graph_runner, StraightRunner)
        assert [read_and_decided(agent, text) for text in texts] == expected
    finally:
        agent.processor.graph_runner = own
    # The texts are worth something only if they are read as different moves.
    assert len({json.dumps(decided[1]) for decided in expected}) > 2


def check_the_straight_runner_keeps_to_the_version_it_was_compared_with() -> None:
    agent = trained()
    own = agent.processor.graph_runner
    straight_runner.COMPARED_VERSION = "3.6.20"
    try:
        assert not run_straight(agent)
        assert agent.processor.graph_runner is own
    finally:
        straight_runner.COMPARED_VERSION = "3.6.21"
