"""GeoReport v2 as its clients see it: a real front door, a real database, every answer held to its schema."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import xmlschema
from PIL import Image
from sqlalchemy import Connection, create_engine

from bench.postgresql import new_database
from services_catalog.model import ServiceEntry
from services_catalog.packs import read_entries
from tests.support.databases import new_sqlite
from tests.triage.cases.desk import import_entries
from tests.triage.talking import front_door
from tests.triage.twin import AssistantTwin
from triage.cases.tables import metadata as cases
from triage.kit.clock import SystemClock
from triage.kit.db import Database
from triage.media import repository as media
from triage.media.folder import MediaFolder
from triage.media.sweeper import sweep_photos
from triage.open311.keys import make_key

# The folder schema/georeport-v2 of a copy of https://github.com/open311/schema-validation
# Beside the project where its tests are run by the book; elsewhere OPEN311_SCHEMAS may name them.
SCHEMAS = Path(
    os.environ.get("OPEN311_SCHEMAS")
    or Path(__file__).parents[4] / "shared" / "schemas" / "open311"
)
XML = xmlschema.XMLSchema11(str(Path(__file__).with_name("georeport_v2.xsd")))
needs_published_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(),
    reason="the published Open311 schemas are not here; OPEN311_SCHEMAS can name their folder",
)
POTHOLE = {
    "service_code": "pothole",
    "lat": "43.6532",
    "long": "-79.3832",
    "description": "Deep, by the corner. My name is Ann Tester.",
    "first_name": "Ann",
    "last_name": "Tester",
    "email": "ann@example.org",
    "phone": "416-555-0123",
}


class Client:
    """Somebody who speaks GeoReport v2, with a key."""

    def __init__(self, url: str, key: str) -> None:
        self.base = f"{url}/open311/v2"
        self.key = key
        self.http = httpx.Client(timeout=60, trust_env=False)

    def get(self, path: str, **query: str) -> httpx.Response:
        return held_to_schema(self.http.get(f"{self.base}/{path}", params=query or None))

    def post(self, path: str, data: dict[str, Any], **more: Any) -> httpx.Response:
        return held_to_schema(self.http.post(f"{self.base}/{path}", data=data, **more))

    def send(self, answers: dict[str, Any], *, ending: str = "json", **changes: Any) -> Any:
        data = {**POTHOLE, **answers, "api_key": self.key, **changes}
        return self.post(f"requests.{ending}", data)


def held_to_schema(answer: httpx.Response) -> httpx.Response:
    if answer.headers["content-type"] == "text/xml; charset=utf-8":
        XML.validate(answer.text.split("?>", 1)[1])
    else:
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        answer.json()
    return answer


@lru_cache
def toronto() -> tuple[ServiceEntry, ...]:
    return tuple(e for e in read_entries("toronto") if e.request)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def line(
    request: pytest.FixtureRequest, tmp_path_factory: Any
) -> Iterator[tuple[str, str, Path]]:
    """A front door for all these tests (it reads the city's tables but once), its database, its folder of photos."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("open311")
        database_url = new_sqlite(folder)
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql")
            database_url = stack.enter_context(new_database(server, "open311"))
        import_entries(database_url, toronto())
        assistant = stack.enter_context(AssistantTwin())
        photos = folder / "media"
        door = front_door(database_url, assistant.url, media_dir=str(photos))
        yield stack.enter_context(door), database_url, photos


@pytest.fixture
def open311(line: tuple[str, str, Path]) -> Iterator[Client]:
    """A client with a key, of a city without any case."""
    url, database_url, _ = line
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for table in reversed(cases.sorted_tables):
            connection.execute(table.delete())
        key = make_key(connection, "A test", SystemClock().now())
    engine.dispose()
    client = Client(url, key)
    yield client
    client.http.close()


@pytest.fixture
def answers(open311: Client) -> dict[str, Any]:
    """An answer to each question about a pothole, the first of its values."""
    told = open311.get("services/pothole.json").json()["attributes"]
    return {
        f"attribute[{a['code']}]": a["values"][0]["key"] if "values" in a else "1"
        for a in told
        if a["required"]
    }


def one(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    (only,) = answer.json()
    return only


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


@needs_published_schemas
def test_what_json_says_is_what_the_published_schemas_want(open311, answers) -> None:
    services = open311.get("services.json").json()
    for service in services:
        jsonschema.validate(service, schema("service.json"))
        if service["metadata"]:
            told = open311.get(f"services/{service['service_code']}.json").json()
            jsonschema.validate(told, schema("service-definition.json"))
    reference = one(open311.send(answers))["service_request_id"]
    checker = jsonschema.FormatChecker()
    for request in (
        one(open311.get(f"requests/{reference}.json")),
        *open311.get("requests.json", extensions="true").json(),
    ):
        jsonschema.validate(request, schema("request.json"), format_checker=checker)


def test_every_document_is_there_in_xml(open311, answers) -> None:
    reference = one(open311.send(answers))["service_request_id"]
    for path in (
        "discovery.xml", "services.xml", "services/pothole.xml", "requests.xml",
        f"requests/{reference}.xml", f"tokens/{reference}.xml", "requests.xml?extensions=true",
    ):  # fmt: skip
        assert open311.get(path).status_code == 200, path
    assert open311.get("servicerequestupdates.xml", api_key=open311.key).status_code == 200


def test_a_request_becomes_a_case_and_private_facts_stay(open311, answers) -> None:
    reference = one(open311.send(answers))["service_request_id"]
    shown = open311.get("requests.json", extensions="true")
    request = one(shown)
    assert request["service_request_id"] == reference
    assert (request["status"], request["service_code"]) == ("open", "pothole")
    assert (request["lat"], request["long"]) == (43.6532, -79.3832)
    assert request["extended_attributes"]["ward"].startswith("Ward ")
    alone = one(open311.get(f"requests/{reference}.json", extensions="true"))
    assert [n["description"] for n in alone["notes"]] == ["The report was received."]
    for private in ("Ann", "Tester", "example.org", "555", "corner"):
        assert private not in shown.text


def test_a_report_about_a_home_shows_its_ward_alone(open311) -> None:
    services = open311.get("services.json").json()
    private = next(s for s in services if s["service_code"] == "low_water_pressure")
    told = open311.get(f"services/{private['service_code']}.json").json()["attributes"]
    answers = {
        f"attribute[{a['code']}]": a["values"][0]["key"] if "values" in a else "2026-11-27"
        for a in told
        if a["required"]
    }
    sent = open311.send(answers, service_code=private["service_code"])
    request = one(
        open311.get(f"requests/{one(sent)['service_request_id']}.json?extensions=true")
    )
    assert request["lat"] is request["address"] is request["description"] is None
    assert request["attributes"] == []
    assert request["extended_attributes"]["ward"].startswith("Ward ")


def test_the_same_request_again_is_the_same_case(open311, answers) -> None:
    first, again = one(open311.send(answers)), one(open311.send(answers))
    assert first == again
    other = one(open311.send(answers, description="Another hole."))
    assert other["service_request_id"] != first["service_request_id"]


def test_an_address_is_found_and_one_that_is_not_there_is_refused(open311, answers) -> None:
    place = {"lat": "", "long": ""}
    reference = one(open311.send(answers, **place, address_string="100 Queen St W"))
    request = one(open311.get(f"requests/{reference['service_request_id']}.json"))
    assert request["address"] == "100 Queen St W"
    assert abs(request["lat"] - 43.6525) < 0.003
    refused = open311.send(answers, **place, address_string="12 Qwxzzy Blvd")
    assert refused.status_code == 400
    assert "send lat and long with it" in refused.json()[0]["description"]


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": ""}, 403, "api_key"),
        ({"service_code": "no_such"}, 404, "there is no service"),
        ({"service_code": ""}, 400, "service_code is missing"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
        ({"lat": "0", "long": "0"}, 400, "outside"),
        ({"lat": "", "long": ""}, 400, "needs a location"),
        ({"email": "not an address"}, 400, "email"),
        ({"description": "x" * 4_001}, 400, "description"),
    ],
)
@pytest.mark.parametrize("ending", ["json", "xml"])
def test_a_wrong_request_is_refused_with_a_list(
    open311, answers, changes, status, says, ending
) -> None:
    refused = open311.send(answers, ending=ending, **changes)
    assert refused.status_code == status
    assert says in refused.text
    assert refused.text.startswith("[" if ending == "json" else "<?xml")


def test_every_missing_question_is_named(open311) -> None:
    told = open311.get("services/pothole.json").json()["attributes"]
    wanted = [a["code"] for a in told if a["required"]]
    refused = open311.send({})
    assert refused.status_code == 400
    assert [e["description"].split("]")[0] for e in refused.json()] == [
        f"attribute[{code}" for code in wanted
    ]


def test_unknown_things_are_404_and_unknown_formats_too(open311) -> None:
    for path in (
        "requests/K4M-9RW-2HX.json", "requests/nonsense.xml", "tokens/x.json", "services/no.xml",
        "services.csv", "requests.json?service_code=no_such",
    ):  # fmt: skip
        assert open311.get(path).status_code == 404, path
    assert open311.get("requests.json", status="pending").status_code == 400
    assert open311.get("servicerequestupdates.json").status_code == 403


def test_lists_are_filtered_and_come_in_pages(open311, answers) -> None:
    made = [
        one(open311.send(answers, description=f"Hole {n}"))["service_request_id"]
        for n in range(5)
    ]
    newest_first = made[::-1]

    def listed(**query: str) -> list[str]:
        return [r["service_request_id"] for r in open311.get("requests.json", **query).json()]

    assert listed() == newest_first
    assert listed(page="2", page_size="2") == newest_first[2:4]
    assert listed(status="closed") == []
    assert listed(service_code="pothole", status="open") == newest_first
    assert set(listed(service_request_id=",".join(made[:2]), status="closed")) == set(made[:2])
    assert listed(start_date="2001-01-01T00:00:00Z", end_date="2001-02-01T00:00:00Z") == []
    assert listed(bbox="-79.4,43.6,-79.3,43.7") == newest_first
    assert listed(bbox="-79.4,43.7,-79.3,43.8") == []


def test_what_fixmystreet_sends_is_taken(open311, answers) -> None:
    data = {
        **POTHOLE, **answers, "api_key": open311.key, "jurisdiction_id": "", "deviceid": "1",
        "address_id": "#NOTPINPOINTED#", "attribute[fixmystreet_id]": "77",
        "media_url": ["https://photos.example/1.jpg", "https://photos.example/2.jpg"],
    }  # fmt: skip
    files = {"photo1": ("1.jpg", jpeg("green"), "image/jpeg")}
    sent = open311.post("requests.xml", data, files=files)
    assert sent.status_code == 200, sent.text
    assert "<service_request_id>" in sent.text


def test_a_photo_that_is_none_is_refused(open311, answers) -> None:
    data = {**POTHOLE, **answers, "api_key": open311.key}
    sent = open311.post(
        "requests.json", data, files={"media": ("a.jpg", b"no photo", "image/jpeg")}
    )
    assert sent.status_code == 400
    assert open311.get("requests.json").json() == []


def jpeg(colour: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "JPEG")
    return picture.getvalue()


def test_the_same_words_with_another_photo_are_another_request(open311, answers) -> None:
    data = {**POTHOLE, **answers, "api_key": open311.key}

    def sent(colour: str) -> str:
        files = {"media": ("a.jpg", jpeg(colour), "image/jpeg")}
        return one(open311.post("requests.json", data, files=files))["service_request_id"]

    first = sent("green")
    assert sent("green") == first
    assert sent("red") != first


def test_photos_of_a_request_that_was_refused_are_swept_away_and_others_stay(
    open311, answers, line
) -> None:
    _, database_url, folder = line
    before = set(folder.glob("*"))
    files = {"media": ("a.jpg", jpeg("blue"), "image/jpeg")}
    data = {**POTHOLE, **answers, "api_key": open311.key}
    refused = open311.post("requests.json", {**data, "email": "no address"}, files=files)
    assert refused.status_code == 400
    (orphan,) = set(folder.glob("*")) - before
    one(open311.post("requests.json", data, files=files))
    (kept,) = set(folder.glob("*")) - before - {orphan}
    database = Database(database_url)

    def rows(connection: Connection) -> set[str]:
        return {p.id for p in media.photos(connection, [orphan.stem, kept.stem])}

    async def sweep() -> set[str]:
        await sweep_photos(database, MediaFolder(folder), new_for=-60)
        return await database.read(rows)

    assert asyncio.run(sweep()) == {kept.stem}
    assert not orphan.exists()
    assert kept.with_suffix(".jpg").exists()
    database.close()


def test_a_reference_is_read_however_it_is_written(open311, answers) -> None:
    reference = one(open311.send(answers))["service_request_id"]
    written = reference.lower().replace("-", "")
    for path in (f"requests/{written}.json", f"requests.json?service_request_id={written}"):
        assert one(open311.get(path))["service_request_id"] == reference
    assert open311.get("requests.json", service_request_id="nonsense").json() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing.xml", 404),
        ("GET", "nothing/at/all.json", 404),
        ("DELETE", "requests.json", 405),
        ("PUT", "services.xml", 405),
    ],
)
def test_what_is_not_there_is_told_as_a_list_too(open311, method, path, status) -> None:
    refused = held_to_schema(open311.http.request(method, f"{open311.base}/{path}"))
    assert refused.status_code == status
    if path.endswith(".json"):
        assert [e["code"] for e in refused.json()] == [status]
    else:
        assert f"<errors><error><code>{status}</code>" in refused.text


def test_a_body_that_is_too_large_is_told_as_a_list_too(open311) -> None:
    update = {"api_key": open311.key, "description": "x" * 300_000}
    refused = open311.post("servicerequestupdates.json", update)
    assert (refused.status_code, refused.json()[0]["code"]) == (413, 413)


def test_an_address_id_is_passed_over_where_the_place_is_told(open311, answers) -> None:
    assert open311.send(answers, address_id="1234").status_code == 200
    refused = open311.send(answers, address_id="1234", lat="", long="")
    assert refused.status_code == 400
    assert "have no ids" in refused.text


def test_updates_go_both_ways_and_once(open311, answers) -> None:
    reference = one(open311.send(answers))["service_request_id"]
    update = {
        "api_key": open311.key,
        "service_request_id": reference,
        "update_id": "u1",
        "updated_datetime": "2026-11-29T10:00:00Z",
        "status": "open",
        "description": "It has grown. Call Ann.",
    }
    for _ in range(2):
        assert one(open311.post("servicerequestupdates.json", update)) == {"update_id": "u1"}
    seen = open311.get("servicerequestupdates.json", api_key=open311.key)
    assert [u["description"] for u in seen.json()] == [
        "The report was received.",
        "Something was added to the report.",
    ]
    assert "Ann" not in seen.text
    missing = open311.post("servicerequestupdates.json", {**update, "description": ""})
    assert missing.status_code == 400
