"""Pictures that residents send, made harmless: read as what they are, turned upright, written anew without what was
hidden in them (place, time, device, thumbnails). No files, no database here.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from triage.media.errors import (
    PhotoDamaged,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnknownType,
)

LARGEST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
# What is kept: enough to see a pothole, and small enough to send on.
LONGEST_SIDE = 2_560
QUALITY = 85

# By content, whatever the file's name says. Pillow tries no other reader.
_FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Picture:
    """A cleaned picture: always a JPEG."""

    content: bytes
    width: int
    height: int


def clean(sent: bytes) -> Picture:
    """Return the picture in `sent`, upright and with nothing else in it.

    Raises:
        PhotoTooLarge, PhotoUnknownType, PhotoTooManyPixels, PhotoDamaged: it is not taken.
    """
    if len(sent) > LARGEST_BYTES:
        raise PhotoTooLarge
    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels; how many are too many is said below, before any is read.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(sent), formats=_FORMATS)
    except Image.DecompressionBombError as fault:
        raise PhotoTooManyPixels from fault
    except UnidentifiedImageError as fault:
        raise PhotoUnknownType from fault
    except (OSError, SyntaxError, ValueError) as fault:
        raise PhotoDamaged from fault
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise PhotoTooManyPixels
        try:
            # A large JPEG is read at a fraction of its size, which takes a fraction of the time.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(_on_white(upright))
        except (OSError, SyntaxError, ValueError, EOFError) as fault:
            raise PhotoDamaged from fault


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, which a JPEG has not."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    whole = Image.new("RGB", layer.size, "white")
    whole.paste(layer, mask=layer.getchannel("A"))
    return whole


def _written(image: Image.Image) -> Picture:
    # Onto a picture of nothing: what the old one carries beside its pixels stays behind.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), bare.width, bare.height)
