"""A picture is taken for what it is, loses what is hidden in it, and what is no picture is refused in words."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from triage.errors import TriageError
from triage.media.errors import (
    PhotoDamaged,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnknownType,
)
from triage.media.pictures import LARGEST_BYTES, LONGEST_SIDE, clean

ORIENTATION, GPS = 0x0112, 0x8825


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: Any
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "blue" if mode != "P" else 0)
    if mode in ("RGB", "RGBA", "CMYK"):
        image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def read(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_a_jpeg_that_shows_the_same(kind: str) -> None:
    cleaned = clean(picture(kind))
    shown = read(cleaned.content)
    assert (shown.format, shown.size) == ("JPEG", (60, 40))
    assert (cleaned.width, cleaned.height) == (60, 40)
    red, blue = shown.getpixel((5, 20)), shown.getpixel((55, 20))
    assert red[0] > 200 > 80 > red[2]
    assert blue[2] > 200 > 80 > blue[0]


def test_where_and_when_it_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned by a quarter
    exif[0x0132] = "2026:11:29 10:00:00"
    exif.get_ifd(GPS)[2] = (43.0, 39.0, 7.0)
    sent = picture(exif=exif, comment=b"SECRET-COMMENT")
    assert b"SECRET-COMMENT" in sent
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    cleaned = clean(sent)
    shown = read(cleaned.content)
    assert shown.size == (40, 60)
    assert shown.getpixel((20, 5))[0] > 200, "what was left is on top now"
    assert dict(shown.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(shown.info)
    assert b"SECRET" not in cleaned.content
    assert b"2026" not in cleaned.content


def test_text_in_a_png_is_gone() -> None:
    note = PngInfo()
    note.add_text("Comment", "SECRET-COMMENT")
    sent = picture("PNG", pnginfo=note)
    assert b"SECRET-COMMENT" in sent
    assert b"SECRET-COMMENT" not in clean(sent).content


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("JPEG", "CMYK"),
        ("PNG", "1"),
    ],
)
def test_pictures_of_every_make_are_taken(kind: str, mode: str) -> None:
    assert read(clean(picture(kind, mode=mode)).content).mode == "RGB"


def test_a_large_one_is_made_smaller() -> None:
    cleaned = clean(picture(size=(4_000, 3_000)))
    assert (cleaned.width, cleaned.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels, and has none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (b"", PhotoUnknownType),
        (b"hello", PhotoUnknownType),
        (b"%PDF-1.7 not a photo", PhotoUnknownType),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoUnknownType),
        (picture("GIF"), PhotoUnknownType),
        (picture("BMP"), PhotoUnknownType),
        (picture("TIFF"), PhotoUnknownType),
        (b"x" * (LARGEST_BYTES + 1), PhotoTooLarge),
        (bomb(6_400, 6_400), PhotoTooManyPixels),
        (bomb(60_000, 60_000), PhotoTooManyPixels),
        (bomb(100, 100), PhotoDamaged),
        (picture()[:200], PhotoDamaged),
    ],
    ids=lambda x: x.__name__ if isinstance(x, type) else "",
)
def test_what_is_not_taken_is_refused_for_its_reason(
    sent: bytes, refusal: type[TriageError]
) -> None:
    with pytest.raises(refusal):
        clean(sent)


@settings(max_examples=300)
@given(
    st.sampled_from(
        [picture("JPEG"), picture("PNG"), picture("WEBP"), picture("PNG", mode="P")]
    ),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 400),
)
def test_a_spoilt_picture_is_taken_or_refused_and_nothing_else_happens(
    sent: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    spoilt = bytearray(sent)
    for at, byte in changes:
        spoilt[at % len(spoilt)] = byte
    refusal = None
    try:
        cleaned = clean(bytes(spoilt[: len(spoilt) - cut]))
    except TriageError as fault:
        refusal = fault
    if refusal:
        assert 400 <= refusal.status < 500
    else:
        assert read(cleaned.content).format == "JPEG"
