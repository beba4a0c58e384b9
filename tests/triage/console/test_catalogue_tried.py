"""A draft is tried before it goes out: what would be answered worse is named, and goes out with a reason alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services_catalog.packs import read_entries
from tests.support.forms import Forms
from tests.triage.cases.desk import import_entries
from tests.triage.console.test_catalogue import Maintainer, catalogue, words_of
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin

# No other entry names it, no second person is wanted, and a protected question asks for it in its title's words.
FERRY = "toronto_island_ferry"


@pytest.fixture
def url(tmp_path: Path, database_url: str, assistant: AssistantTwin) -> Iterator[str]:
    """A line that tries drafts: by words alone, as search has kept nothing here."""
    import_entries(database_url, read_entries("toronto"))
    with front_door(database_url, assistant.url, search_cache=str(tmp_path)) as url:
        yield url


def test_what_would_be_answered_worse_goes_out_with_a_reason_alone(
    url: str, database_url: str
) -> None:
    with Maintainer(url, database_url, "Ana") as ana:
        # A process begins, reads the catalogue and asks some hundred questions.
        ana.client.timeout = 120
        at = ana.begins(FERRY, "withdraw")
        ana.client.headers["HX-Request"] = "true"
        told = words_of(ana.opens(f"{at}/what-would-change").text)
        assert "Tried by words alone" in told
        assert "toronto island Protected answer: Toronto Island ferry" in told
        del ana.client.headers["HX-Request"]
        refused = ana.publishes(FERRY)
        assert refused.status_code == 422
        assert Forms(ana.page).fields(f"{at}/publish")["reason"] == "It was unclear"
        assert "Write why it is to go out all the same." in ana.page
        ana.follows(ana.fills(f"{at}/publish", knowing="The boats are the port's now"))
        ana.opens(f"/staff/catalogue/{FERRY}/history")
        assert "protected questions are answered worse: The boats are" in words_of(ana.page)
    assert FERRY not in catalogue(database_url).by_id
