"""Notices at the console, over the real app: posted, changed and ended by staff, seen by the action server and on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from services_catalog.database import open_database
from services_catalog.notices.live import LiveNotices
from services_catalog.notices.model import Area, Circle, Notice
from tests.support.staff import AtConsole, at_console
from tests.triage.talking import wait_until
from triage.staff import audit
from triage.staff.roles import Role

ZONE = ZoneInfo("America/Toronto")
WORDS = {
    "text": "Water main break on Elm Street. Crews are on site.",
    "sms": "Water main break on Elm St. Crews are there.",
}


@pytest.fixture
def staff(url: str, database_url: str) -> Iterator[AtConsole]:
    with at_console(url, database_url, Role.SUPERVISOR, name="Sam Supervisor") as browser:
        yield browser


@pytest.fixture(scope="module")
def live(url: str, database_url: str) -> Iterator[LiveNotices]:
    engine = open_database(database_url)
    live = LiveNotices(engine, "toronto")
    live.start()
    yield live
    live.close()
    engine.dispose()


def in_hours(hours: float) -> str:
    return f"{datetime.now(ZONE) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def posts(staff: AtConsole, path: str = "/staff/notices/new", **given: Any) -> httpx.Response:
    return staff.sends(path, **({**WORDS, "until": in_hours(6), "area": "city"} | given))


def the_notice(live: LiveNotices, text: str) -> Notice:
    def found() -> list[Notice]:
        return [n for n in live.now().notices if n.text == text]

    wait_until(found)
    return found()[0]


def test_what_staff_post_is_known_to_the_actions_and_shown_on_the_pages_until_it_is_ended(
    staff: AtConsole, url: str, live: LiveNotices, database_url: str
) -> None:
    assert WORDS["text"] not in httpx.get(url).text
    assert posts(staff).headers["location"] == "/staff/notices?done=posted"
    notice = the_notice(live, WORDS["text"])
    assert notice.is_for_everybody
    assert notice.holds(live.now().now)
    for path in ("/", "/chat", "/services/pothole"):
        assert re.search(
            rf"Until [^<]*: {re.escape(WORDS['text'])}", httpx.get(url + path).text
        )
    staff.opens("/staff/notices")
    assert "The whole city" in staff.page
    changed = posts(
        staff, f"/staff/notices/{notice.id}", version=1, text="It is mended soon.", area="wards",
        ward=["10", "11"],
    )  # fmt: skip
    assert changed.headers["location"] == "/staff/notices?done=changed"
    assert the_notice(live, "It is mended soon.").area == Area(("10", "11"))
    # Only what concerns everybody stands before the chat.
    assert "It is mended soon." not in httpx.get(url).text
    ended = staff.sends(f"/staff/notices/{notice.id}/end", version=2)
    assert ended.headers["location"] == "/staff/notices?done=ended"
    wait_until(lambda: not any(n.holds(live.now().now) for n in live.now().notices))
    staff.opens(f"/staff/notices/{notice.id}")
    for did in ("Ended", "Changed", "Posted"):
        assert f"<strong>{did}</strong> by Sam Supervisor" in staff.page
    engine = open_database(database_url)
    with engine.connect() as connection:
        done = [e.action for e in audit.entries(connection) if e.subject == notice.id]
    engine.dispose()
    assert done == ["notice.post", "notice.change", "notice.end"]


@pytest.mark.parametrize(
    ("given", "area"),
    [
        ({"area": "street", "street": "annette street"}, Area(street="Annette St")),
        ({"area": "street", "street": "Elm St", "ward": "11"}, Area(("11",), "Elm St")),
        (
            {"area": "circle", "place": "king and spadina", "metres": "250"},
            Area(circle=Circle(43.645, -79.395, 250, "King St W and Spadina Ave")),
        ),
    ],
    ids=["street", "street in a ward", "circle"],
)
def test_an_area_is_found_in_the_citys_tables(
    staff: AtConsole, live: LiveNotices, given: dict[str, Any], area: Area
) -> None:
    text = f"Closed: {given}"[:200]
    assert posts(staff, text=text, service="pothole", **given).status_code == 303
    notice = the_notice(live, text)
    assert notice.services == ("pothole",)
    found = notice.area
    if area.circle and found.circle:
        assert found.circle.middle.metres_to(area.circle.middle) < 200
        assert (found.circle.metres, found.circle.label) == (250, area.circle.label)
    else:
        assert found == area


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"text": " "}, "text", "Write what is going on."),
        ({"sms": "x" * 140}, "sms", "too long for one text message"),
        ({"until": ""}, "until", "Say until when."),
        ({"until": "soon"}, "until", "Write day and time"),
        ({"until": "2020-01-01T10:00"}, "until", "The end is past."),
        ({"area": "wards"}, "area-wards", "Mark at least one ward."),
        ({"area": "street", "street": "Qwxz Blvd"}, "street", "There is no street"),
        ({"area": "street", "street": "king street w"}, "street", "Which of these is meant"),
        ({"area": "circle", "place": "Qwxz"}, "place", "was not found"),
        ({"area": "circle", "place": "12 elm st"}, "place", "There are several such places"),
        ({"area": "circle", "place": "100 queen st w", "metres": "9"}, "metres", "Write 50 to"),
        ({"area": "circle", "place": "100 queen st w", "metres": "-"}, "metres", "as a number"),
    ],
)
def test_a_form_says_at_which_field_something_is_wrong_and_keeps_what_was_typed(
    staff: AtConsole, given: dict[str, Any], field: str, why: str
) -> None:
    answer = posts(staff, **given)
    assert answer.status_code == 422
    [told] = re.findall(rf'<a href="#{field}">([^<]*)', staff.page)
    assert why in told
    assert f'id="{field}"' in staff.page
    if given.get("text", "x").strip():
        assert WORDS["text"] in staff.page


def test_two_who_change_the_same_notice_do_not_undo_each_other(
    staff: AtConsole, live: LiveNotices
) -> None:
    posts(staff, text="Two look at this.")
    id = the_notice(live, "Two look at this.").id
    assert posts(staff, f"/staff/notices/{id}", version=1).status_code == 303
    late = posts(staff, f"/staff/notices/{id}", version=1, text="Of the second.")
    assert late.status_code == 409
    assert "Somebody else changed this notice meanwhile" in staff.page
    assert "Of the second." in staff.page
    assert staff.sends(f"/staff/notices/{id}/end", version=1).status_code == 409
    assert staff.sends(f"/staff/notices/{id}/end", version=2).status_code == 303
    # What is over cannot end again.
    assert staff.sends(f"/staff/notices/{id}/end", version=3).status_code == 409


def test_a_notice_for_later_is_listed_as_coming_and_not_shown_yet(
    staff: AtConsole, url: str
) -> None:
    posts(staff, text="The pool closes early.", begins=in_hours(20), until=in_hours(30))
    coming = (
        staff.opens("/staff/notices").text.partition('id="coming"')[2].partition('id="past"')[0]
    )
    assert "The pool closes early." in coming
    assert "The pool closes early." not in httpx.get(url).text


def test_a_notice_about_a_service_stands_on_its_page_with_where_it_is(
    staff: AtConsole, url: str
) -> None:
    text = "Potholes here are filled tonight."
    posts(staff, text=text, area="street", street="Annette St", service="pothole")
    assert f"{text} (Annette St)" in httpx.get(f"{url}/services/pothole").text
    assert text not in httpx.get(f"{url}/services/noise").text


def test_words_for_a_text_message_are_counted_with_the_time_before_them(
    staff: AtConsole,
) -> None:
    staff.opens("/staff/notices/new")
    assert "Nothing written yet." in staff.page
    told = staff.sends("/staff/notices/length", sms="x" * 100, until="2026-09-30T18:00").text
    assert told.strip() == (
        "144 of 160 characters, with the time until when before it. It fits."
    )
    assert "It is too long." in staff.sends("/staff/notices/length", sms="x" * 130).text


def test_a_notice_that_is_none_is_not_found(staff: AtConsole) -> None:
    assert staff.opens("/staff/notices/ntc_none").status_code == 404
    assert posts(staff, "/staff/notices/ntc_none", version=1).status_code == 404
    assert staff.sends("/staff/notices/ntc_none/end", version=1).status_code == 404
