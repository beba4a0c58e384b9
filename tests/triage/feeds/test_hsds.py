"""HSDS 3.1 as other systems read it: every answer held to the published schemas, every filter narrowing."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import referencing
import referencing.jsonschema

from services_catalog.packs import read_entries

# Beside the project where its tests are run by the book; elsewhere HSDS_SCHEMAS may name them.
SCHEMAS = Path(
    os.environ.get("HSDS_SCHEMAS")
    or Path(__file__).parents[4] / "shared" / "schemas" / "hsds-3.1"
)
needs_published_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(),
    reason="the published HSDS schemas are not here; HSDS_SCHEMAS can name their folder",
)


@lru_cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    # Files name each other by file name alone, wherever they lie.
    def resource(path: Path) -> Any:
        return referencing.jsonschema.DRAFT202012.create_resource(json.loads(path.read_text()))

    known = {p.name: resource(p) for p in SCHEMAS.glob("*.json")}
    known |= {f"../{key}": value for key, value in known.items()}
    registry = referencing.Registry().with_resources(known.items())
    schema = json.loads((SCHEMAS / name).read_text())
    return jsonschema.Draft202012Validator(
        schema, registry=registry, format_checker=jsonschema.FormatChecker()
    )


def fits(one: Any, name: str) -> None:
    faults = [
        f"{'/'.join(map(str, e.path))}: {e.message}" for e in validator(name).iter_errors(one)
    ]
    assert faults == []


def found(feeds: httpx.Client, kind: str, **query: Any) -> dict[str, Any]:
    answer = feeds.get(f"/hsds/{kind}", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def all_of(feeds: httpx.Client, kind: str, **query: Any) -> list[dict[str, Any]]:
    answer = feeds.get(f"/hsds/{kind}", params=query | {"format": "ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_start_says_which_hsds_this_is_and_where_it_is_described(
    feeds: httpx.Client,
) -> None:
    told = feeds.get("/hsds/").json()
    assert told["version"] == "3.1"
    assert told["profile"].startswith("https://docs.openreferral.org/")
    described = feeds.get(httpx.URL(told["openapi_url"]).path).json()
    assert "/hsds/services/{id}" in described["paths"]


def test_any_web_page_may_read_it(feeds: httpx.Client) -> None:
    assert feeds.get("/hsds/services").headers["access-control-allow-origin"] == "*"


def test_every_entry_of_the_catalogue_is_a_service(feeds: httpx.Client) -> None:
    names = sorted(one["name"] for one in all_of(feeds, "services"))
    assert names == sorted(entry.title for entry in read_entries("toronto"))


@needs_published_schemas
@pytest.mark.parametrize(
    ("kind", "listed", "whole"),
    [
        ("services", "compiled/service_list.json", "service.json"),
        ("organizations", "compiled/organization_list.json", "organization.json"),
        (
            "service_at_locations",
            "compiled/service_at_location_list.json",
            "service_at_location.json",
        ),
        ("taxonomies", "taxonomy.json", "taxonomy.json"),
        ("taxonomy_terms", "taxonomy_term.json", "taxonomy_term.json"),
    ],
)
def test_all_that_is_listed_fits_the_published_schemas_and_so_does_each_whole(
    feeds: httpx.Client, kind: str, listed: str, whole: str
) -> None:
    listing = all_of(feeds, kind)
    assert listing
    for one in listing:
        fits(one, listed)
    # Of places some are enough: they are all made alike.
    for one in listing[:: max(1, len(listing) // 120)]:
        answer = feeds.get(f"/hsds/{kind}/{one['id']}")
        assert answer.status_code == 200
        fits(answer.json(), whole)
        assert answer.json().items() >= one.items()


def test_pages_together_are_the_list_and_say_where_they_stand(feeds: httpx.Client) -> None:
    pages = [found(feeds, "services", page=n, per_page=100) for n in (1, 2, 3)]
    assert [p["size"] for p in pages] == [100, 100, 47]
    assert {(p["total_items"], p["total_pages"]) for p in pages} == {(247, 3)}
    assert [p["first_page"] for p in pages] == [True, False, False]
    assert [p["last_page"] for p in pages] == [False, False, True]
    ids = [one["id"] for page in pages for one in page["contents"]]
    assert ids == [one["id"] for one in all_of(feeds, "services")]
    beyond = found(feeds, "services", page=4, per_page=100)
    assert (beyond["empty"], beyond["contents"]) == (True, [])


def test_filters_narrow_together(feeds: httpx.Client) -> None:
    holes = found(feeds, "services", search="DAMAGED road pothole")["contents"]
    (potholes,) = [one for one in holes if one["name"] == "Pothole or damaged road"]
    organization = potholes["organization_id"]
    roads = found(feeds, "services", organization_id=organization)["contents"]
    assert {one["organization_id"] for one in roads} == {organization}
    assert len(roads) > 1
    both = found(feeds, "services", organization_id=organization, search="pothole")["contents"]
    ids = {one["id"] for one in both}
    assert ids == {one["id"] for one in roads} & {one["id"] for one in holes} != set()
    assert found(feeds, "services", search="pothole library")["total_items"] == 0


def term(feeds: httpx.Client, code: str) -> str:
    (one,) = [t for t in all_of(feeds, "taxonomy_terms") if t["code"] == code]
    return str(one["id"])


def test_services_and_places_are_found_by_what_they_are_tagged_with(
    feeds: httpx.Client,
) -> None:
    library = term(feeds, "library")
    (hours,) = found(feeds, "services", taxonomy_term_id=library)["contents"]
    whole = feeds.get(f"/hsds/services/{hours['id']}").json()
    branches = all_of(feeds, "service_at_locations", taxonomy_term_id=library)
    assert {b["id"] for b in branches} == {b["id"] for b in whole["service_at_locations"]}
    assert len(branches) > 90
    referrals = found(feeds, "services", taxonomy_term_id=term(feeds, "referral"))
    assert referrals["total_items"] == 36


def test_places_are_found_by_postal_code_and_by_what_is_near_it(feeds: httpx.Client) -> None:
    care = {"taxonomy_term_id": term(feeds, "child_care")}
    exact = all_of(feeds, "service_at_locations", postcode="m1v 5b5", **care)
    same_half = all_of(feeds, "service_at_locations", postcode="M1V", **care)
    near = all_of(feeds, "service_at_locations", postcode="M1V 5B5", proximity=500, **care)
    ids = [{one["id"] for one in these} for these in (exact, same_half, near)]
    assert ids[0] <= ids[1]
    assert ids[0] <= ids[2]
    assert (
        1
        <= len(exact)
        <= len(near)
        < len(same_half)
        < len(all_of(feeds, "service_at_locations", **care))
    )
    answer = feeds.get("/hsds/service_at_locations", params={"postcode": "K1A 0B1"})
    assert answer.status_code == 422
    assert "postal code" in answer.json()["error"]["message"]


def test_what_changed_since_a_moment_can_be_asked_for(feeds: httpx.Client) -> None:
    assert found(feeds, "services", modified_after="2020-01-01T00:00:00Z")["total_items"] == 247
    assert found(feeds, "services", modified_after="2120-01-01T00:00:00Z")["total_items"] == 0
    answer = feeds.get("/hsds/services", params={"modified_after": "yesterday"})
    assert answer.status_code == 422
    assert "2026-11-29" in answer.json()["error"]["message"]
    (one, *_) = found(feeds, "services", minimal=True)["contents"]
    assert set(one) == {"id", "last_modified"}


def test_a_provider_comes_with_its_services_and_each_under_its_municipality(
    feeds: httpx.Client,
) -> None:
    named = found(feeds, "organizations", search="toronto water")["contents"]
    (water,) = [one for one in named if one["name"] == "Toronto Water"]
    whole = feeds.get(
        f"/hsds/organizations/{water['id']}", params={"full_service": True}
    ).json()
    assert {s["organization_id"] for s in whole["services"]} == {water["id"]}
    assert all("phones" in s or "description" in s for s in whole["services"])
    parent = feeds.get(f"/hsds/organizations/{water['parent_organization_id']}").json()
    assert parent["name"] == "Toronto"


def test_a_referral_is_provided_by_the_other_body_outside_the_municipality(
    feeds: httpx.Client,
) -> None:
    (poison,) = found(feeds, "services", search="poison centre")["contents"]
    body = feeds.get(f"/hsds/organizations/{poison['organization_id']}").json()
    assert body["name"] == "Ontario Poison Centre"
    assert "parent_organization_id" not in body


def test_what_is_unverified_is_not_published_as_a_fact(feeds: httpx.Client) -> None:
    unverified = [
        fact.text for e in read_entries("toronto") for fact in e.facts if fact.unverified
    ]
    assert unverified
    told = feeds.get("/hsds/services", params={"full": True, "format": "ndjson"}).text
    assert [
        text for text in unverified if json.dumps(text, ensure_ascii=False)[1:-1] in told
    ] == []


@pytest.mark.parametrize(
    "kind",
    ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"],
)
def test_what_does_not_exist_is_said_so(feeds: httpx.Client, kind: str) -> None:
    answer = feeds.get(f"/hsds/{kind}/6d0d3a5e-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_page_that_cannot_be_is_refused_with_what_is_wrong(feeds: httpx.Client) -> None:
    answer = feeds.get("/hsds/services", params={"per_page": 5_000})
    assert answer.status_code == 422
    assert "per_page" in answer.json()["error"]["message"]
