import hashlib
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support import talk
from tests.support.case_moves import Staff
from tests.support.desk import ReportingLine


def conversation_id(conversation: Mapping[str, Any]) -> str:
    """Return an id of its own for a written conversation, of the kind that triage gives."""
    return "con_" + hashlib.sha256(str(conversation).encode()).hexdigest()[:20]


@pytest.mark.parametrize(
    "conversation", talk.conversations(), ids=lambda c: f"{c['file']}: {c['conversation']}"
)
def test_written_conversations_go_as_written(
    conversation: Mapping[str, Any], desk: ReportingLine
) -> None:
    assistant = talk.ActionsAlone(desk.executor, conversation_id(conversation))
    with Staff(desk.database_url) as staff:
        talk.run(conversation, assistant, staff)
