"""The demonstration over HTTP: texts go the whole way, through the stand-in as through the carrier."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import create_engine, select

from tests.triage.demo.line import ACCOUNT, LINE, TOKEN, DemoPhone, demo_line, sent_picture
from tests.triage.page.line import CHOICES, PHOTO_THANKS, Line
from tests.triage.page.resident import picture
from tests.triage.talking import wait_until
from triage.app import create_app
from triage.conversations.tables import messages
from triage.door import Door
from triage.parts import Parts
from triage.safety import look
from triage.texting.tables import texts

_numbers = count(10)
# What the front door has only as a demonstration; whoever is not on this machine finds nothing.
FROM_THIS_MACHINE = {
    ("GET", "/demo/phone"),
    ("GET", "/demo/static/{name}"),
    ("GET", "/demo/phone/texts"),
    ("POST", "/demo/phone/texts"),
    ("GET", "/demo/phone/pictures/{sid}"),
    ("PUT", "/demo/phone/carrier"),
}
WITH_THE_ACCOUNTS_TOKEN = {
    (method, f"/demo/carrier/2010-04-01/Accounts/{{account}}{path}.json")
    for method, path in (
        ("GET", ""),
        ("POST", "/Messages"),
        ("GET", "/Messages"),
        ("GET", "/Messages/{sid}"),
        ("GET", "/Messages/{sid}/Media"),
    )
} | {("GET", "/demo/carrier/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def line(folder: Path) -> Iterator[Line]:
    line = demo_line(folder)
    line.start()
    yield line
    line.close()


@pytest.fixture
def phone(line: Line, client: httpx.Client) -> DemoPhone:
    return DemoPhone(line.url, client, f"+141655501{next(_numbers)}")


@pytest.fixture
def whatsapp(line: Line, client: httpx.Client) -> DemoPhone:
    return DemoPhone(line.url, client, f"+141655501{next(_numbers)}", "whatsapp")


def test_a_text_is_handed_over_answered_and_delivered(phone: DemoPhone, folder: Path) -> None:
    sent = phone.sends("is the pool open?")
    assert (sent["by"], sent["status"]) == ("phone", "handed over")
    phone.hears("You said: is the pool open?")
    answer = phone.texts()[-1]
    shown = {k: answer[k] for k in ("by", "encoding", "units", "room", "segments")}
    assert shown == {
        "by": "line",
        "encoding": "GSM-7",
        "units": 27,
        "room": 160,
        "segments": 1,
    }
    phone.sees(answer["sid"], "delivered")

    def is_told() -> bool:
        with engine.connect() as connection:
            of_it = select(texts.c.status).where(texts.c.carrier_sid == answer["sid"])
            return connection.execute(of_it).scalar() == "delivered"

    # The status calls are signed for the public address, and taken.
    engine = create_engine(f"sqlite:///{folder}/triage.db")
    wait_until(is_told)
    engine.dispose()


def test_one_character_outside_the_alphabet_is_seen_in_the_count(phone: DemoPhone) -> None:
    sent = phone.sends("na\u00efve " * 12)
    counted = [sent[k] for k in ("encoding", "units", "room", "segments")]
    assert counted == ["UCS-2", 72, 134, 2]


def test_a_choice_is_picked_by_its_number(phone: DemoPhone) -> None:
    phone.sends("parking ticket")
    labels = "\n".join(f"{n} {c['label']}" for n, c in enumerate(CHOICES, 1))
    asked = f"Which of these do you mean?\n{labels}"
    phone.hears(asked)
    phone.sends("1")
    phone.hears(asked, "You can pay online at https://www.toronto.ca/pay.")


def test_phones_do_not_see_each_others_texts(phone: DemoPhone, whatsapp: DemoPhone) -> None:
    phone.sends("by text")
    whatsapp.sends("by app")
    phone.hears("You said: by text")
    whatsapp.hears("You said: by app")


def test_after_stop_the_carrier_takes_nothing_until_start(
    phone: DemoPhone, line: Line, client: httpx.Client
) -> None:
    phone.sends("Stop")
    # The line itself sends nothing then, so it is asked in its place.
    form = {"From": LINE, "To": phone.number, "Body": "an answer"}
    api = f"{line.url}/demo/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    refused = client.post(api, data=form, auth=(ACCOUNT, TOKEN))
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert phone.said() == []
    phone.sends("start")
    phone.sends("and now?")
    wait_until(lambda: "You said: and now?" in phone.said())
    assert len(phone.said("carrier")) == 2


def test_a_photo_goes_into_the_conversation(
    phone: DemoPhone, line: Line, client: httpx.Client, folder: Path
) -> None:
    file = picture()
    sent = phone.sends(picture=sent_picture(file["buffer"]))
    phone.hears(PHOTO_THANKS)
    shown = client.get(f"{line.url}/demo/phone/pictures/{sent['sid']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content == file["buffer"]


def test_what_is_no_picture_is_refused_by_the_line_and_never_shown(
    phone: DemoPhone, line: Line, client: httpx.Client
) -> None:
    page = sent_picture(b"<script>alert(1)</script>", "text/html")
    sent = phone.sends(picture=page)
    wait_until(lambda: "We could not use the file" in "".join(phone.said()))
    assert client.get(f"{line.url}/demo/phone/pictures/{sent['sid']}").status_code == 404


def test_a_location_is_shared_over_whatsapp(whatsapp: DemoPhone, folder: Path) -> None:
    sent = whatsapp.sends(place={"lat": 43.65, "long": -79.38})
    engine = create_engine(f"sqlite:///{folder}/triage.db")
    with engine.connect() as connection:
        of_it = select(messages.c.extra).where(messages.c.client_message_id == sent["sid"])
        kept = connection.execute(of_it).scalar_one()
    engine.dispose()
    assert kept["location"] == {"lat": 43.65, "long": -79.38}


def test_nothing_is_lost_while_the_carrier_is_down(
    phone: DemoPhone, line: Line, client: httpx.Client
) -> None:
    client.put(f"{line.url}/demo/phone/carrier", json={"down": True}).raise_for_status()
    try:
        sent = phone.sends("do you hear me?")
        assert sent["status"] == "not handed over"
        account = f"{line.url}/demo/carrier/2010-04-01/Accounts/{ACCOUNT}.json"
        assert client.get(account, auth=(ACCOUNT, TOKEN)).status_code == 503
    finally:
        client.put(f"{line.url}/demo/phone/carrier", json={"down": False}).raise_for_status()
    phone.hears("You said: do you hear me?")
    phone.sees(sent["sid"], "found in the log")


def test_what_waits_is_sent_when_the_carrier_is_up_again(
    phone: DemoPhone, line: Line, client: httpx.Client
) -> None:
    def answers_late(asked: dict[str, object]) -> object:
        client.put(f"{line.url}/demo/phone/carrier", json={"down": True}).raise_for_status()
        return before(asked)

    before = line.assistant.will_answer
    line.assistant.will_answer = answers_late  # type: ignore[assignment]
    try:
        phone.sends("wait for it")
        metrics = f"{line.url}/metrics"
        wait_until(lambda: "ask311_texts_waiting 1.0" in client.get(metrics).text)
        assert phone.said() == []
    finally:
        line.assistant.will_answer = before
        client.put(f"{line.url}/demo/phone/carrier", json={"down": False}).raise_for_status()
    phone.hears("You said: wait for it")


# ── who may do what ──


def test_the_stand_in_wants_the_accounts_credentials(line: Line, client: httpx.Client) -> None:
    api = f"{line.url}/demo/carrier/2010-04-01/Accounts"
    assert client.get(f"{api}/{ACCOUNT}.json").status_code == 401
    wrong = client.get(f"{api}/{ACCOUNT}/Messages.json", auth=(ACCOUNT, "guessed"))
    assert wrong.status_code == 401
    assert client.get(f"{api}/{ACCOUNT}.json", auth=(ACCOUNT, TOKEN)).status_code == 200
    assert client.get(f"{api}/AC1.json", auth=(ACCOUNT, TOKEN)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "+14165551234", "body": "not an invented number"},
        {"number": "+14165550101", "body": "x" * 1_601},
        {"number": "+14165550101", "place": {"lat": 43, "long": -79}},
        {"number": "+14165550101", "channel": "whatsapp", "place": {"lat": 143, "long": -79}},
        {"number": "+14165550101", "picture": {"type": "image/png", "content": "no base64!"}},
        {"number": "+14165550101", "picture": sent_picture(b"", "image/png")},
        {"number": "+14165550101", "body": "half an emoji: \ud83d"},
    ],
)
def test_what_no_phone_could_send_is_refused(
    line: Line, client: httpx.Client, wrong: dict[str, object]
) -> None:
    # httpx would not write half an emoji.
    body = json.dumps(wrong)
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"{line.url}/demo/phone/texts", content=body, headers=headers)
    assert answer.status_code == 422


def test_another_site_cannot_send_by_the_phone(
    phone: DemoPhone, line: Line, client: httpx.Client
) -> None:
    # What a browser sends to another site without asking it first.
    sent = json.dumps({"number": phone.number, "body": "by a form"})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        answer = client.post(f"{line.url}/demo/phone/texts", content=sent, headers=headers)
        assert answer.status_code == 422, kind
    assert phone.texts() == []


def test_the_log_is_read_by_pages(phone: DemoPhone, line: Line, client: httpx.Client) -> None:
    sids = [phone.sends(f"number {n}")["sid"] for n in range(3)]
    api = f"{line.url}/demo/carrier"
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?From=%2B{phone.number[1:]}&PageSize=2"
    found = []
    while path:
        page = client.get(f"{api}{path}", auth=(ACCOUNT, TOKEN)).json()
        found += [m["sid"] for m in page["messages"]]
        path = page["next_page_uri"]
    assert found == sids[::-1]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_nobody_gets_in_through_a_proxy(line: Line, client: httpx.Client, header: str) -> None:
    there = client.get(f"{line.url}/demo/phone")
    assert there.status_code == 200
    from_outside = client.get(f"{line.url}/demo/phone", headers={header: "127.0.0.1"})
    assert from_outside.status_code == 404


def test_only_this_machine_gets_in(tmp_path: Path) -> None:
    async def status(host: str) -> int:
        transport = httpx.ASGITransport(app=app, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return (await http.get("/demo/phone")).status_code

    app = _app(tmp_path)
    for host in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert asyncio.run(status(host)) == 200, host
    for host in ("192.0.2.1", "::ffff:192.0.2.1", "not an address"):
        assert asyncio.run(status(host)) == 404, host


def test_only_a_demonstration_has_these_addresses(tmp_path: Path) -> None:
    there = FROM_THIS_MACHINE | WITH_THE_ACCOUNTS_TOKEN
    assert set(_demo_routes(_app(tmp_path))) == there
    assert set(_demo_routes(_app(tmp_path, demo=False))) == set()


def _app(folder: Path, **changes: object) -> Door:
    line = demo_line(folder, **changes)
    line.close()
    return create_app(Parts(line.settings, look))


def _demo_routes(of: Any) -> Iterator[tuple[str, str]]:
    for route in of.routes:
        if hasattr(route, "original_router"):
            yield from _demo_routes(route.original_router)
        elif isinstance(route, APIRoute) and "/demo" in route.path:
            yield from ((method, route.path) for method in route.methods)
