"""The public pages of the catalogue: what they say, how search engines read them, and how they look in a browser."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from defusedxml import ElementTree

from services_catalog.formats.values import phones_in
from services_catalog.model import Aspect, Catalogue, Fact
from services_catalog.packs import load_city, read_entries
from triage.feeds.entry_view import linked_data, view_of


def page_of(feeds: httpx.Client, path: str) -> str:
    answer = feeds.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    return html.unescape(answer.text)


def data_in(text: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_each_entry_has_a_page_that_says_all_that_is_known_and_how_old_it_is(
    feeds: httpx.Client,
) -> None:
    for entry in read_entries("toronto"):
        text = page_of(feeds, f"/services/{entry.id}")
        for said in (entry.title, entry.summary, *(fact.text for fact in entry.facts)):
            assert said in text, entry.id
        day = entry.last_verified
        assert f"Last checked {day:%B} {day.day}, {day.year}." in text
        assert text.count("We could not confirm this") == sum(f.unverified for f in entry.facts)


def test_search_engines_read_who_does_it_and_when_it_was_checked(feeds: httpx.Client) -> None:
    text = feeds.get("/services/pothole").text
    data = data_in(text)
    assert data["@type"] == "WebPage"
    assert date.fromisoformat(data["lastReviewed"])
    service = data["mainEntity"]
    assert service["@type"] == "GovernmentService"
    assert service["provider"]["name"] == "Transportation Services"
    assert service["url"] == data["url"] == str(feeds.base_url.join("/services/pothole"))
    assert f'<link rel="canonical" href="{data["url"]}">' in text


def test_a_referral_is_no_service_of_the_government_of_the_city(feeds: httpx.Client) -> None:
    service = data_in(feeds.get("/services/poison_centre").text)["mainEntity"]
    assert service["@type"] == "Service"
    assert service["provider"]["name"] == "Ontario Poison Centre"


def test_what_an_entry_says_cannot_end_the_script_that_it_stands_in() -> None:
    entry = replace(read_entries("toronto")[0], title="</script><script>alert(1)")
    view = view_of(entry, Catalogue("toronto", 1, (entry,)), date(2026, 11, 29))
    written = json.dumps(linked_data(view, load_city("toronto"), "https://x.example/"))
    assert "</script>" in written
    assert "</script>" not in written.replace("<", "\\u003c")


def test_the_list_narrows_to_entries_with_all_words_and_says_when_there_is_none(
    feeds: httpx.Client,
) -> None:
    assert "247 services" in page_of(feeds, "/services")
    text = page_of(feeds, "/services?q=POTHOLE+road")
    assert 'href="/services/pothole"' in text
    assert 'href="/services/animal_noise"' not in text
    # A word counts from its beginning: "tree" is not in "street".
    assert 'href="/services/street_light"' in page_of(feeds, "/services?q=street+lig")
    assert 'href="/services/street_light"' not in page_of(feeds, "/services?q=tree")
    assert "No service has all of these words" in page_of(feeds, "/services?q=pothole+opera")
    assert "<script>" not in feeds.get("/services", params={"q": "<script>"}).text


def test_a_page_that_is_not_there_says_so_and_leads_to_the_list(feeds: httpx.Client) -> None:
    answer = feeds.get("/services/no_such_thing")
    assert answer.status_code == 404
    assert 'href="/services"' in answer.text


def test_the_sitemap_names_every_page_and_robots_may_not_read_conversations(
    feeds: httpx.Client,
) -> None:
    tree = ElementTree.fromstring(feeds.get("/sitemap.xml").text)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    addresses = [loc.text for loc in tree.findall("s:url/s:loc", names)]
    assert len(addresses) == 2 + 247
    assert str(feeds.base_url.join("/services/pothole")) in addresses
    robots = feeds.get("/robots.txt").text
    assert "Disallow: /api/" in robots
    assert "/sitemap.xml" in robots


def test_an_entry_past_its_review_date_says_so() -> None:
    entry = read_entries("toronto")[0]
    catalogue = Catalogue("toronto", 1, (entry,))
    assert not view_of(entry, catalogue, entry.review_by).is_old
    assert view_of(entry, catalogue, date(2099, 1, 1)).is_old


def test_facts_stand_by_aspect_and_links_lead_to_what_there_is() -> None:
    one, two = read_entries("toronto")[:2]
    fact = Fact(Aspect.COST, "It is free.")
    entry = replace(one, facts=(fact, *one.facts), related=(two.id, "gone", two.id))
    view = view_of(entry, Catalogue("toronto", 1, (entry, two)), date(2026, 11, 29))
    assert [told.aspect for told in view.told] == [a for a in Aspect if entry.facts_about(a)]
    assert [e.id for e in view.related] == [two.id]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("311", [("311", "")]),
        ("416-395-0490 (event support line); 311", [("416-395-0490", "event support line"), ("311", "")]),
        ("911 or 1-866-763-5427", [("911", ""), ("1-866-763-5427", "")]),
        ("416-235-2999 / 1-800-387-3445 (ServiceOntario)", [("416-235-2999", ""), ("1-800-387-3445", "ServiceOntario")]),
        ("", []),
    ],
)  # fmt: skip
def test_numbers_are_read_from_a_contact_line_with_what_is_said_of_them(
    line: str, numbers: list[tuple[str, str]]
) -> None:
    assert phones_in(line) == numbers
