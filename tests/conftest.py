"""Which tests run in one process when several run side by side (`make test`), and which begin first.

A group shares what is dear to start: the whole line of the journeys, the browser of the page. Everything else is grouped
by its file. The longest groups begin first, so that none is left alone at the end.
"""

from __future__ import annotations

import functools
import gc
import os

import httpx
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# How long an example takes says nothing on a machine that others use; in CI the examples are the same each time.
settings.register_profile(
    "here",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("here")

# Every client reads all certificates anew, 30 ms for a call that takes 2; here they may share them.
_read_certificates = httpx._config.create_ssl_context
httpx._transports.default.create_ssl_context = functools.cache(_read_certificates)


# By the folder or file they lie in, the longest first.
GROUPS = (
    "tests/journeys/",
    "tests/triage/page/",
    "tests/chaos/",
    "tests/triage/forwarding/test_kill.py",
    "tests/triage/updates/test_kill.py",
    "tests/triage/editing/test_kills.py",
    "tests/actions/test_conversations.py",
    "tests/triage/handover/test_kill.py",
)


def group_of(test: str) -> str:
    """Return the group of a test, named by its node id."""
    file = test.partition("::")[0]
    return next((group for group in GROUPS if file.startswith(group)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long groups first."""
    order = {group: place for place, group in enumerate(GROUPS)}
    items.sort(key=lambda item: order.get(group_of(item.nodeid), len(GROUPS)))


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what stays to the end: all that was imported, and the tests."""
    gc.collect()
    gc.freeze()


class Groups(LoadScopeScheduling):
    """Gives each process whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Groups:
    """Have the tests shared out by group."""
    return Groups(config, log)
