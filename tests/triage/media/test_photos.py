"""A resident sends a photo in the web chat: it is a message, kept once, seen by nobody else, and answered."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.triage.cases.desk import Desk, import_entries, pothole
from tests.triage.media.test_pictures import bomb, picture
from tests.triage.talking import Resident, front_door
from tests.triage.twin import AssistantTwin
from triage.kit.db import Database
from triage.media.errors import MediaUnavailable
from triage.media.folder import MediaFolder
from triage.media.pictures import LARGEST_BYTES
from triage.media.sweeper import sweep_photos
from triage.migrations import migrate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def url(any_database_url: str, assistant: AssistantTwin, folder: Path) -> Iterator[str]:
    import_entries(any_database_url)
    with front_door(any_database_url, assistant.url, media_dir=str(folder)) as url:
        yield url


class Photographer(Resident):
    def shows(self, content: bytes, name: str = "p1", **form: Any) -> httpx.Response:
        return self._client.post(
            f"{self.at}/photos",
            data={"client_message_id": name, **form},
            files={"photo": ("IMG_1.jpg", content, "image/jpeg")},
            headers=self.headers,
        )

    def sees(self, media_id: str) -> httpx.Response:
        return self._client.get(f"{self.at}/photos/{media_id}", headers=self.headers)


@pytest.fixture
def resident(url: str, client: httpx.Client) -> Photographer:
    return Photographer(url, client)


def test_a_photo_is_a_message_that_the_assistant_gets_and_the_resident_sees(
    resident: Photographer, assistant: AssistantTwin, folder: Path
) -> None:
    answer = resident.shows(picture())
    assert (answer.status_code, answer.json()["seq"]) == (202, 1)
    resident.hears(after=1)
    sent = resident.reads()["messages"][0]
    assert sent["id"] == answer.json()["message_id"]
    assert (sent["from"], sent["text"]) == ("resident", "I sent a photo.")
    media_id = sent["photo"]["media_id"]
    (asked,) = assistant.asked
    assert (asked["text"], asked["metadata"]["photo"]) == ("/give_photo", media_id)
    seen = resident.sees(media_id)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(seen.content)).size == (60, 40)
    assert [p.name for p in folder.iterdir()] == [f"{media_id}.jpg"]


def test_the_same_photo_again_is_the_same_message(resident: Photographer, folder: Path) -> None:
    first = resident.shows(picture())
    assert resident.shows(picture()).json() == first.json()
    other = resident.shows(picture(size=(61, 40)))
    assert (other.status_code, other.json()["error"]["code"]) == (
        409,
        "client_message_id_reused",
    )
    words = resident.sends(client_message_id="p1", text="hello")
    assert words.status_code == 409
    assert len(list(folder.iterdir())) == 1


def test_the_same_photo_many_times_at_once_is_kept_once(
    resident: Photographer, folder: Path
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: resident.shows(picture()), range(6)))
    assert {a.status_code for a in answers} == {202}
    assert len({a.json()["message_id"] for a in answers}) == 1
    assert [p.suffix for p in folder.iterdir()] == [".jpg"]


def test_nobody_else_sees_it(resident: Photographer, url: str, client: httpx.Client) -> None:
    resident.shows(picture())
    media_id = resident.reads()["messages"][0]["photo"]["media_id"]
    other = Photographer(url, client)
    assert other.sees(media_id).json()["error"]["code"] == "photo_not_found"
    other.headers = {"Authorization": "Bearer wrong"}
    assert other.sees(media_id).status_code == 401
    assert resident.sees("../../etc/passwd").status_code == 404
    assert resident.sees("med_x").status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"no photo", 415, "photo_type_unknown"),
        (b"", 415, "photo_type_unknown"),
        (bomb(9_000, 9_000), 422, "photo_too_many_pixels"),
        (picture()[:300], 422, "photo_damaged"),
        (b"\xff" * (LARGEST_BYTES + 1), 413, "photo_too_large"),
        (b"\xff" * (LARGEST_BYTES + 200_000), 413, "photo_too_large"),
    ],
    ids=["text", "empty", "bomb", "cut", "large", "larger"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words_and_leaves_nothing(
    resident: Photographer, folder: Path, content: bytes, status: int, code: str
) -> None:
    answer = resident.shows(content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert resident.reads()["messages"] == []
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_form_that_lacks_something_is_refused(resident: Photographer) -> None:
    at = f"{resident.at}/photos"
    post = resident._client.post
    for answer in (
        post(at, headers=resident.headers, data={"client_message_id": "a"}),
        post(at, headers=resident.headers, files={"photo": ("a", picture())}),
        post(at, headers=resident.headers, json={"photo": "a"}),
        resident.shows(picture(), name="no spaces please"),
    ):
        assert answer.status_code == 422, answer.text
    wrong = post(
        at, headers=resident.headers | {"Content-Type": "multipart/form-data"}, content=b"x"
    )
    assert wrong.status_code == 400
    assert resident.reads()["messages"] == []


def test_large_bodies_are_for_photos_alone(resident: Photographer) -> None:
    answer = resident.sends(text="x" * 20_000)
    assert answer.status_code == 413


def test_photos_of_the_conversation_go_along_with_its_report_and_no_others(
    resident: Photographer, url: str, client: httpx.Client
) -> None:
    resident.shows(picture())
    media_id = resident.reads()["messages"][0]["photo"]["media_id"]
    desk = Desk(url, client)
    stolen = desk.reports(photos=[media_id], conversation_id="con_other")
    assert stolen.json()["error"]["attribute"] == "photos"
    mine = pothole() | {"conversation_id": resident.id, "photos": [media_id]}
    assert desk.reports(**mine).status_code == 201
    again = desk.reports(**mine, key="another")
    assert again.json()["error"]["attribute"] == "photos"


def test_a_photo_is_still_there_after_a_restart(
    any_database_url: str, assistant: AssistantTwin, client: httpx.Client, folder: Path
) -> None:
    with front_door(any_database_url, assistant.url, media_dir=str(folder)) as url:
        before = Photographer(url, client)
        before.shows(picture())
        media_id = before.reads()["messages"][0]["photo"]["media_id"]
    with front_door(any_database_url, assistant.url, media_dir=str(folder)) as url:
        before.at = f"{url}/api/chat/conversations/{before.id}"
        assert before.sees(media_id).status_code == 200


# ── the folder ──


def make_old(path: Path) -> None:
    os.utime(path, (time.time() - 7_200,) * 2)


def test_only_photos_that_stayed_new_without_a_row_are_swept_away(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    migrate(database.engine)
    folder = MediaFolder(tmp_path / "media")
    names = [f"med_{letter * 20}" for letter in "abc"]
    for name in names:
        folder.write(name, b"picture")
    folder.settle(names[0])
    (tmp_path / "media" / "xyz.part").write_bytes(b"half")
    for path in (tmp_path / "media").iterdir():
        make_old(path)
    (tmp_path / "media" / f"{names[2]}.new").touch()  # only just written
    assert asyncio.run(sweep_photos(database, folder)) == 1
    # Nothing is known of the first one in this database, as when another is set by mistake: it stays.
    assert sorted(p.name for p in (tmp_path / "media").iterdir()) == [
        f"{names[0]}.jpg",
        f"{names[2]}.new",
    ]
    database.close()


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file is in the way")
    with pytest.raises(MediaUnavailable):
        MediaFolder(tmp_path / "media").write(f"med_{'a' * 20}", b"picture")
