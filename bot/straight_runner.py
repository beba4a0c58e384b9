"""Run the trained pipeline's nodes one after the other, without a scheduler.

Rasa builds a task graph for each message and hands it to dask, which orders it anew each time to run it in one
thread anyway. Here the order is found once for each target. The nodes are Rasa's own, already loaded.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

import rasa
from rasa.core.agent import Agent
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

COMPARED_VERSION = "3.6.21"


class StraightRunner(GraphRunner):
    """Runs what a DaskGraphRunner has loaded."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema: GraphSchema = loaded._graph_schema
        self._nodes = loaded._instantiated_nodes
        self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """Load the nodes and return a runner for them."""
        return cls(
            DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks)
        )

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the outputs of the targets; only the nodes that they need are run."""
        wanted = tuple(targets or self._schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            results[name] = self._nodes[name](*(results[n] for n in needs))
        return {name: results[name][1] for name in wanted}

    def _order(self, wanted: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        if wanted not in self._orders:
            nodes = self._schema.minimal_graph_schema(list(wanted)).nodes
            needs = {name: list(node.needs.values()) for name, node in nodes.items()}
            # What no node provides is an input (the message, the conversation).
            order = [n for n in TopologicalSorter(needs).static_order() if n in needs]
            self._orders[wanted] = [(name, needs[name]) for name in order]
        return self._orders[wanted]


def run_straight(agent: Agent) -> bool:
    """Make a loaded agent run this way; only in the one version that it was compared with."""
    if rasa.__version__ != COMPARED_VERSION or agent.processor is None:
        return False
    agent.processor.graph_runner = StraightRunner(agent.processor.graph_runner)
    return True
