"""Open311 Inquiry v1 as its clients read it, in both formats."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from defusedxml import ElementTree

from services_catalog.packs import read_entries

BASE = "/open311/inquiry/v1"


def told(feeds: httpx.Client, path: str) -> Any:
    answer = feeds.get(f"{BASE}/{path}.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    return answer.json()


def test_all_services_are_listed_each_with_its_day_of_expiry(feeds: httpx.Client) -> None:
    entries = {e.id: e for e in read_entries("toronto")}
    services = told(feeds, "services/all")
    assert {s["id"] for s in services} == set(entries)
    for service in services:
        entry = entries[service["id"]]
        assert service["expiration"] == entry.review_by.isoformat()
        assert entry.summary.startswith(service["brief_description"])


def test_a_category_narrows_the_list_and_a_service_says_which_it_is_in(
    feeds: httpx.Client,
) -> None:
    water = told(feeds, "services/toronto_water")
    assert len(water) == sum(e.division == "Toronto Water" for e in read_entries("toronto"))
    one = told(feeds, f"services/{water[0]['id']}")
    assert one["categories"] == [{"category_name": "Toronto Water"}]
    assert one["url"].endswith(f"/services/{one['id']}")
    assert feeds.get(httpx.URL(one["url"]).path).status_code == 200
    assert {a["type"] for a in one["web_actions"]} <= {"Link", "Service Request", "Literature"}


def test_html_and_plain_words_say_the_same(feeds: httpx.Client) -> None:
    for entry in read_entries("toronto")[:20]:
        one = told(feeds, f"services/{entry.id}")
        assert one["description"] == entry.summary
        text = ElementTree.fromstring(f"<div>{one['description_html']}</div>")
        assert text[0].text == entry.summary


def test_facilities_are_found_by_kind_and_say_where_they_are(feeds: httpx.Client) -> None:
    libraries = told(feeds, "facilities/library")
    assert len(libraries) > 90
    one = told(feeds, f"facilities/{libraries[0]['id']}")
    assert one["type"] == "library"
    assert one["city"] == "Toronto"
    assert 43 < one["lat"] < 44
    assert -80 < one["long"] < -79
    care = told(feeds, f"facilities/{told(feeds, 'facilities/child_care')[0]['id']}")
    assert care["features"]
    # Nothing is guessed: these lists have no hours.
    assert care["displayed_hours"] is None


def test_xml_says_what_json_says(feeds: httpx.Client) -> None:
    answer = feeds.get(f"{BASE}/services/pothole.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.text)
    one = told(feeds, "services/pothole")
    assert root.tag == "service"
    assert root.findtext("service_name") == one["service_name"]
    assert root.findtext("categories/category/category_name") == "Transportation Services"
    assert len(root.findall("web_actions/web_action")) == len(one["web_actions"])
    places = ElementTree.fromstring(feeds.get(f"{BASE}/facilities/library.xml").text)
    assert len(places.findall("facility")) == len(told(feeds, "facilities/library"))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("services/no_such.json", "services/all"),
        ("facilities/no_such.json", "facilities/all"),
        ("services/all.yaml", ".xml or .json"),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_do(
    feeds: httpx.Client, path: str, says: str
) -> None:
    answer = feeds.get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert says in answer.text
