"""Pictures that come with texts: fetched from the carrier alone, checked and cleaned, a photo of the conversation."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.triage.talking import wait_until
from tests.triage.texting.carrier import API, CarrierTwin, Phone
from tests.triage.texting.conftest import MakePhone, Rows
from tests.triage.twin import AssistantTwin, says
from triage.conversations.tables import messages
from triage.texting.tables import carrier_media


def a_picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a phone's maker"
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def with_media(
    carrier: CarrierTwin, *contents: bytes, kind: str = "image/jpeg"
) -> dict[str, str]:
    """Lay things at the carrier; return the fields that name them."""
    fields = {"NumMedia": str(len(contents))}
    for n, content in enumerate(contents):
        path = f"{API}/Messages/MM1/Media/ME{len(carrier.media)}"
        carrier.media[path] = (kind, content)
        fields |= {f"MediaUrl{n}": carrier.url + path, f"MediaContentType{n}": kind}
    return fields


def tells_of_photos(asked: dict[str, Any]) -> Any:
    photo = asked["metadata"].get("photo")
    return says("Got the photo." if photo else f"You said: {asked['text']}")


def test_pictures_follow_the_words_they_came_with(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin, rows: Rows
) -> None:
    assistant.will_answer = tells_of_photos
    fields = phone.texts(
        "pothole at king and spadina", **with_media(carrier, a_picture(), a_picture("blue"))
    )
    assert sorted(phone.hears(3)) == [
        "Got the photo.",
        "Got the photo.",
        "You said: pothole at king and spadina",
    ]
    said = [m for m in rows.of(messages) if m.sender == "resident"]
    assert sorted(m.client_message_id for m in said) == [
        fields["MessageSid"],
        f"{fields['MessageSid']}.0",
        f"{fields['MessageSid']}.1",
    ]
    phone.sends(fields)
    phone.texts("hello")
    assert phone.hears() == ["You said: hello"]
    assert len(rows.of(carrier_media)) == 2


def test_a_picture_without_words_is_enough(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin
) -> None:
    assistant.will_answer = tells_of_photos
    phone.texts("", **with_media(carrier, a_picture()))
    assert phone.hears() == ["Got the photo."]


def test_what_was_hidden_in_a_picture_is_not_kept(
    phone: Phone, carrier: CarrierTwin, rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sent = a_picture()
    assert b"a phone's maker" in sent
    phone.texts("", **with_media(carrier, sent))
    phone.hears()
    (said,) = [m for m in rows.of(messages) if m.sender == "resident"]
    (kept,) = tmp_path_factory.getbasetemp().rglob(f"{said.extra['photo']}.*")
    assert b"a phone's maker" not in kept.read_bytes()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"not a picture", "image/jpeg"),
        (b"BEGIN:VCARD", "text/vcard"),
        (b"\0" * 9, "audio/amr"),
    ],
    ids=["damaged", "a card", "a voice"],
)
def test_what_is_no_picture_is_told(
    phone: Phone, carrier: CarrierTwin, content: bytes, kind: str
) -> None:
    phone.texts("", **with_media(carrier, content, kind=kind))
    assert phone.hears()[0].startswith("We could not use the file you sent.")


def test_a_picture_that_is_gone_is_told(phone: Phone, carrier: CarrierTwin) -> None:
    fields = with_media(carrier, a_picture())
    carrier.media.clear()
    phone.texts("", **fields)
    assert phone.hears()[0].startswith("Your photo did not reach us.")


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:9/x",
        "http://user@localhost/x",
        "file:///etc/passwd",
        "//localhost",
        "http://[",
        "not an address",
    ],
)
def test_nothing_is_fetched_from_anywhere_else(
    phone: Phone, carrier: CarrierTwin, rows: Rows, address: str
) -> None:
    phone.texts("", NumMedia="1", MediaUrl0=address, MediaContentType0="image/png")
    assert phone.hears()[0].startswith("Your photo did not reach us.")
    (media,) = rows.of(carrier_media)
    assert media.last_error in ("not_the_carriers", "no_address")
    assert carrier.asked == []


def test_credentials_stay_with_the_api_when_it_sends_us_on(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin
) -> None:
    assistant.will_answer = tells_of_photos
    fields = with_media(carrier, a_picture())
    (path,) = carrier.media
    carrier.media["/elsewhere/1"] = carrier.media.pop(path)
    carrier.redirects[path] = carrier.url.replace("127.0.0.1", "localhost") + "/elsewhere/1"
    phone.texts("", **fields)
    assert phone.hears() == ["Got the photo."]
    shown = dict(carrier.credentials)
    assert shown[path]
    assert shown["/elsewhere/1"] is None


def test_we_are_sent_on_to_named_hosts_only_and_not_for_ever(
    phone: Phone, carrier: CarrierTwin, new_phone: MakePhone
) -> None:
    fields = with_media(carrier, a_picture())
    (path,) = carrier.media
    carrier.redirects[path] = "http://127.0.0.1:9/private"
    phone.texts("", **fields)
    assert phone.hears()[0].startswith("Your photo did not reach us.")
    carrier.redirects[path] = carrier.url + path
    other = new_phone()
    other.texts("", **fields)
    assert other.hears()[0].startswith("Your photo did not reach us.")


def test_a_picture_waits_while_it_cannot_be_had(
    phone: Phone, carrier: CarrierTwin, assistant: AssistantTwin, rows: Rows
) -> None:
    assistant.will_answer = tells_of_photos
    fields = with_media(carrier, a_picture())
    kept = dict(carrier.media)
    carrier.media.clear()
    carrier.log_status = 500
    # The stand-in answers 404 to a message it does not know, and 401 to somebody it does not know.
    path = next(iter(kept))
    carrier.redirects[path] = f"{carrier.url}{API}/Messages.json?DateSent%3E=Z"
    phone.texts("", **fields)
    wait_until(lambda: rows.of(carrier_media) and rows.of(carrier_media)[0].attempts >= 2)
    carrier.redirects.clear()
    carrier.media |= kept
    assert phone.hears() == ["Got the photo."]
