"""The page's and the widget's addresses: what headers say, how long files are kept, where words are."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from services_catalog.packs import load_city
from tests.triage.page.line import Line
from tests.triage.talking import make_settings
from triage import demo
from triage.channels import page as page_module
from triage.channels.page import content_policy, page_texts

STATIC = Path(page_module.__file__).parent / "static"
DEMO_STATIC = Path(demo.__file__).parent / "static"
TEMPLATES = Path(page_module.__file__).parent / "templates"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    line = Line(
        tmp_path_factory.mktemp("files"), frame_ancestors=("'self'", "https://library.example")
    )
    line.start()
    with httpx.Client(base_url=line.url, trust_env=False) as client:
        yield client
    line.close()


@pytest.mark.parametrize(
    ("path", "frame_ancestors"),
    [("/", "'none'"), ("/chat", "'self' https://library.example")],
)
def test_pages_allow_only_our_own_files_and_nothing_inline(
    client: httpx.Client, path: str, frame_ancestors: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors,
    }
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", answer.text)


@pytest.mark.parametrize(
    ("tiles", "pictures"),
    [
        ("", "img-src 'self' blob:;"),
        (
            "https://tiles.example.org/{z}/{x}/{y}.png",
            "img-src 'self' blob: data: https://tiles.example.org;",
        ),
        (
            "https://{s}.tiles.example.org:8443/a/{z}/{x}/{y}",
            "img-src 'self' blob: data: https://*.tiles.example.org:8443;",
        ),
    ],
)
def test_pictures_may_come_from_a_maps_server_only_where_one_is_set(
    tiles: str, pictures: str
) -> None:
    assert pictures in content_policy((), tiles)


@pytest.mark.parametrize(
    "tiles",
    [
        "tiles.example.org/{z}/{x}/{y}",
        "https://tiles.example.org/",
        "https://tiles.example.org; script-src */{z}/{x}/{y}",
        "https://{z}.example.org/{x}/{y}",
        "javascript:alert(1)/{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_no_maps_server_is_refused_at_the_start(tiles: str) -> None:
    with pytest.raises(ValidationError, match="HOST"):
        make_settings("sqlite://", "http://127.0.0.1:9", map_tiles_url=tiles)


def test_ward_outlines_are_sent_once_and_again_when_they_have_changed(
    client: httpx.Client, tmp_path: Path
) -> None:
    first = client.get("/map/wards.geojson")
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/geo+json"
    wards = first.json()["features"]
    assert {w["properties"]["number"] for w in wards} == set(range(1, 26))
    again = client.get("/map/wards.geojson", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    path = tmp_path / "wards.geojson"
    outlines = page_module._Outlines(path)
    assert outlines.file() is None
    for number, content in enumerate((b'{"a": 1}', b'{"b": 1}')):
        path.write_bytes(content)
        os.utime(path, ns=(number, number))
        read = outlines.file()
        assert read is not None
        assert read.content == content
        assert outlines.file() is read


def test_leaflet_is_what_its_page_says() -> None:
    vendor = STATIC / "vendor" / "leaflet"
    named = dict(
        re.findall(r"\| `(\S+)` \| `([0-9a-f]{64})` \|", (vendor / "README.md").read_text())
    )
    files = [p for p in vendor.iterdir() if p.name != "README.md"]
    assert named == {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    assert "BSD 2-Clause" in (vendor / "LICENSE").read_text()


def test_without_named_sites_nobody_may_frame_the_chat() -> None:
    assert content_policy(()).endswith("frame-ancestors 'none'")


def test_files_are_kept_for_ever_under_the_address_of_their_version(
    client: httpx.Client,
) -> None:
    page = client.get("/").text
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert {a.rsplit("/", 1)[1] for a in addresses} == {
        "chat.css",
        "page.css",
        "chat.js",
        "icon.svg",
    }
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    # An older page may still ask for its own version: it gets what there is, and does not keep it.
    old = client.get("/static/0123456789ab/chat.js")
    assert old.headers["cache-control"] == "no-cache"
    assert old.headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_file_that_the_browser_has_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/widget.js")
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_files_are_the_same_packed_and_unpacked(client: httpx.Client) -> None:
    packed = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (STATIC / "widget.js").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/page.py",
        "/static/x/..%2Fpage.py",
        "/static/x/texts.en.yaml",
        "/static/x/vendor/leaflet/README.md",
        "/static/x/vendor/../page.py",
    ],
)
def test_only_the_pages_own_files_are_given_out(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_page_can_be_asked_for_its_head(client: httpx.Client) -> None:
    assert client.head("/").status_code == 200


def test_the_script_is_small() -> None:
    """The chat's modules together, packed as they are sent: a slow phone has them in a second.

    The map's come later, if at all.
    """
    files = page_module.StaticFile
    modules = [p for p in STATIC.glob("*.js") if p.name not in ("widget.js", "map.js")]
    assert sum(len(files.read(p).packed) for p in modules) <= 24_000


def test_nothing_turns_text_into_markup() -> None:
    for path in (*STATIC.glob("*.js"), *DEMO_STATIC.glob("*.js")):
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser",
            path.read_text(encoding="utf-8"),
        )
        assert found == [], path.name


def test_every_word_that_the_script_says_is_in_the_texts() -> None:
    texts = page_texts("en", load_city("toronto"))["chat"]
    script = "\n".join(
        p.read_text(encoding="utf-8") for p in STATIC.glob("*.js") if p.name != "widget.js"
    )
    used = set(re.findall(r"\btexts\.(\w+)", script))
    in_page = set(
        re.findall(r"\bchat\.(\w+)", "\n".join(p.read_text() for p in TEMPLATES.glob("*.html")))
    )
    senders = {"resident", "assistant", "person", "system"}
    assert used <= set(texts)
    assert set(texts) - used - in_page == senders - used - in_page


def test_the_citys_own_names_and_numbers_are_in_the_texts() -> None:
    texts = page_texts("en", load_city("toronto"))["page"]
    assert texts["city"] == "City of Toronto"
    assert texts["phone_call"] == "Call 311"
    assert "{" not in str(list(texts.values()))


def test_the_things_to_ask_are_the_citys_own(client: httpx.Client) -> None:
    city = load_city("toronto")
    assert {"Where is the closest daycare?", "What ward am I in?"} <= set(city.suggestions)
    shown = re.findall(r'aria-describedby="asks-hint">([^<]+)</button>', client.get("/").text)
    assert tuple(shown) == city.suggestions
