"""The parts of a line as they are laid out on a network: who may speak to whom, and what each may be given."""

from __future__ import annotations

import re

import actions.settings
from tests.deploy.images import ROOT
from triage.settings import Settings

# In a container, a server listens on all of its few interfaces: networks say who reaches it.
EVERYWHERE = "0.0.0.0"  # noqa: S104
PORTS = {"triage": 8000, "worker": 8001, "actions": 5055, "rasa": 5005, "db": 5432}

# Who calls whom. What is not here, no network lets through.
SPEAKS = frozenset(
    {
        ("triage", "db"),
        ("triage", "rasa"),
        ("triage", "actions"),  # for its health
        ("worker", "db"),
        ("worker", "rasa"),
        ("rasa", "actions"),
        ("actions", "triage"),  # cases
        ("actions", "db"),  # the catalogue
        ("catalogue", "db"),
    }
)
# Who calls anybody outside.
CALLS_OUT = frozenset({"worker"})


def variables_of_triage() -> set[str]:
    return {f"ASK311_{name.upper()}" for name in Settings.model_fields}


def variables_of_actions() -> set[str]:
    return {f"ASK311_{name.upper()}" for name in actions.settings.Settings.model_fields}


def documented_variables() -> set[str]:
    """Return every variable that stands in a table of docs/operating.md or docs/deploying.md."""
    found: set[str] = set()
    for name in ("operating.md", "deploying.md"):
        for line in (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("| `"):
                found |= set(re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[1]))
    return found
