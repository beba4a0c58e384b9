"""What Rasa does for every message though nothing comes of it, left out.

Each log line below the level that is shown still gets deep copies of what it would have said; whether the domain is
empty is found out by building an empty one; for each event all kinds of events are found anew; the garbage collector
walks over a million objects of the loaded model that never become garbage. Together that is a fifth of a turn. What
loading left over goes back to the system.
"""

from __future__ import annotations

import ctypes
import gc
from functools import lru_cache
from types import ModuleType
from typing import TypeVar

import rasa
from rasa.core import processor
from rasa.core.agent import Agent
from rasa.core.policies import memoization, rule_policy
from rasa.shared.utils import common

T = TypeVar("T")

COMPARED_VERSION = "3.6.21"
# In these, every use of `copy` is a deep copy for a debugging line (tests/bot/inside_rasa/calls.py holds them to it).
COPYING = (processor, memoization, rule_policy)


class NoCopies(ModuleType):
    """Stands for the module `copy` where copies are made for lines that are never written."""

    @staticmethod
    def deepcopy(value: T) -> T:
        """Return the value itself."""
        return value


def turn_lean(agent: Agent) -> bool:
    """Leave it out of a loaded agent's turns; only in the one version that this was compared with."""
    if rasa.__version__ != COMPARED_VERSION or agent.processor is None:
        return False
    for module in COPYING:
        module.copy = NoCopies("copy")
    domain = agent.processor.domain
    is_empty = domain.is_empty()
    domain.is_empty = lambda: is_empty
    # Once an agent is loaded there are no new kinds.
    common.all_subclasses = lru_cache(maxsize=None)(common.all_subclasses)
    # As services_catalog.loaded.settle does, which is not at hand in Rasa's environment.
    gc.collect()
    gc.freeze()
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back:
        give_back(0)
    return True
