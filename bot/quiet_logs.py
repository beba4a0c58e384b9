"""Logs that never hold a resident's words: what happened and where, not what was said.

Rasa logs messages, slots and whole stack frames with their variables as fields of its log lines. Those lines
are cut here to the fields of `SHOWN`, and errors to their kind and place.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

# Fields of a structured line that cannot hold anybody's words.
SHOWN = frozenset(
    {"event", "level", "action_name", "kind", "conversation", "exception_kind", "at"}
)


def only_shown(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return a structured line without the fields that may hold words (a structlog processor)."""
    return {key: value for key, value in line.items() if key in SHOWN}


def kind_and_place(fault: BaseException) -> str:
    """Return an error's class and where it was raised, without its message."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"


class WithoutMessages(logging.Filter):
    """Replaces an exception on a log record by its class and place; its message may quote a resident."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; keep it."""
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.getMessage()} [{kind_and_place(record.exc_info[1])}]"
            record.args = None
        record.exc_info = record.exc_text = None
        return True


def keep_words_out() -> None:
    """Set up Rasa's logging so, after Rasa set up its own."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutMessages())
    processors = structlog.get_config()["processors"]
    if only_shown not in processors:
        # Into the list itself, for loggers that were used before hold on to it; and before what writes the
        # line, which stands last.
        processors.insert(len(processors) - 1, only_shown)
