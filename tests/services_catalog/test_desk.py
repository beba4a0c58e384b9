"""The desk of a city's pack: what it says, and what is wrong with it."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from services_catalog.desk import DAYS, Span, desk_from, faults_of
from services_catalog.packs import CITIES, PackError, load_city

NINE_TO_FIVE = {
    **dict.fromkeys(DAYS, "09:00-12:00, 13:00-17:00"),
    "sunday": "closed",
    "holidays": "closed",
}


def described(**changes: Any) -> dict[str, Any]:
    desk = {"hours": NINE_TO_FIVE, "told_after_minutes": 10, "silent_after_minutes": 5}
    return {k: v for k, v in (desk | changes).items() if v is not None}


def test_a_desk_is_read_with_its_times_and_ready_replies() -> None:
    replies = [{"name": "Hello", "text": "Hello! ", "sms": "Hi."}]
    desk = desk_from(described(replies=replies))
    assert faults_of(described(replies=replies)) == []
    assert desk.hours[0] == (Span(540, 720), Span(780, 1020))
    assert desk.hours[6] == desk.holiday_hours == ()
    assert desk.silent_after == timedelta(minutes=5)
    assert [(r.text, r.sms) for r in desk.replies] == [("Hello!", "Hi.")]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], "must hold named values"),
        (described(told_after_minutes=0), "told_after_minutes must be a number"),
        (described(told_after_minutes=True), "told_after_minutes must be a number"),
        (described(silent_after_minutes=None), "silent_after_minutes must be a number"),
        (described(colour="red"), "desk/colour is not a name"),
        (described(hours=None), "must name each day"),
        (described(hours=NINE_TO_FIVE | {"funday": "closed"}), "funday is no day"),
        (described(hours={k: v for k, v in NINE_TO_FIVE.items() if k != "holidays"}), "lacks holidays"),
        (described(hours=NINE_TO_FIVE | {"monday": "9-5"}), "hours/monday: write"),
        (described(hours=NINE_TO_FIVE | {"monday": "17:00-09:00"}), "hours/monday: write"),
        (described(hours=NINE_TO_FIVE | {"monday": "09:00-25:00"}), "hours/monday: write"),
        (described(hours=NINE_TO_FIVE | {"monday": "09:75-12:00"}), "hours/monday: write"),
        (described(hours=NINE_TO_FIVE | {"monday": "09:00-12:00, 12:00-13:00"}), "hours/monday: write"),
        # YAML reads 9:00 without quotes as a number.
        (described(hours=NINE_TO_FIVE | {"monday": 540}), "hours/monday: write"),
        (described(replies=[{"name": "x"}]), "a name and a text"),
        (described(replies=[{"name": "x", "text": "y"}] * 2), "'x' must be there once"),
        (described(replies=[{"name": "x", "text": "y", "short": "z"}]), "which we do not know"),
        (described(replies=[{"name": "x", "text": "y", "sms": "z" * 400}]), "must fit 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_desk_is_said(data: Any, fault: str) -> None:
    found = faults_of(data)
    assert len(found) == 1
    assert fault in found[0]


def test_a_pack_with_a_wrong_desk_is_not_read(tmp_path: Any) -> None:
    pack = yaml.safe_load((CITIES / "toronto" / "city.yaml").read_text(encoding="utf-8"))
    pack["desk"]["hours"]["monday"] = "always"
    folder = tmp_path / "toronto"
    folder.mkdir()
    (folder / "city.yaml").write_text(yaml.safe_dump(pack), encoding="utf-8")
    with pytest.raises(PackError, match=r"city\.yaml: desk/hours/monday"):
        load_city("toronto", tmp_path)
