from collections.abc import Mapping
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from tests.support import talk


@pytest.mark.parametrize(
    "conversation", talk.conversations(), ids=lambda c: f"{c['file']}: {c['conversation']}"
)
def test_written_conversations_go_as_written(
    conversation: Mapping[str, Any], executor: ActionExecutor
) -> None:
    talk.run(conversation, talk.ActionsAlone(executor))
