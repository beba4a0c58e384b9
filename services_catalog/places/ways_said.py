"""What people say for the names of places: other last words or none, French, parts of a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services_catalog.places.spelling import direction_of, plain_words

# Ways in which people say the last words of a name.
_TAILS: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (("library",), (("public", "library"), ("library", "branch"), ("branch",), ("branch", "library"), ("lib",))),
    (("community", "centre"), (("rec", "centre"), ("recreation", "centre"), ("cc",), ("comm", "centre"))),
    (("recreation", "centre"), (("rec", "centre"), ("community", "centre"), ("cc",))),
    (("community", "recreation", "centre"), (("community", "centre"), ("rec", "centre"), ("recreation", "centre"))),
    (("community", "school"), (("school",),)),
    (("memorial", "arena"), (("arena",),)),
    (("public", "school"), (("school",), ("ps",))),
    (("shopping", "centre"), (("mall",),)),
    (("mall",), (("shopping", "centre"), ("centre",))),
    (("station",), (("subway",), ("subway", "station"), ("ttc",), ("stn",))),
    (("civic", "centre"), ()),
)  # fmt: skip
# Said in French before the name: "bibliothèque Runnymede".
_FRENCH_HEADS: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (("library",), (("bibliotheque",), ("bibliotheque", "de"))),
    (("station",), (("station",), ("gare",), ("metro",))),
    (("park",), (("parc",),)),
    (("community", "centre"), (("centre", "communautaire"),)),
    (("hospital",), (("hopital",),)),
)
_SHORT_TYPES = {"street": "st", "road": "rd", "avenue": "ave", "drive": "dr"}
# Left away where nothing else has the name: "barbara frum" for Barbara Frum Library.
BARE = (
    ("library",),
    ("community", "centre"),
    ("recreation", "centre"),
    ("community", "recreation", "centre"),
)
# Left away by many: "christie pits" for Christie Pits Park.
_DROPPED = (("park",), ("playground",), ("gardens",), ("district",), ("bia",), ("neighbourhood",))  # fmt: skip
_LEADS = ("the", "cf", "toronto")


def said_like(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return what people say for a name: other last words, or none; no "the"."""
    bases = [words]
    for lead in _LEADS:
        # "The Well" is no well, and "Toronto General" no general.
        if words[0] == lead and len(words) > 2:
            bases.append(words[1:])
    for base in bases:
        if base is not words:
            yield base
        for tail, others in _TAILS:
            if len(base) > len(tail) and base[-len(tail) :] == tail:
                for other in others:
                    yield base[: -len(tail)] + other
        for tail, heads in _FRENCH_HEADS:
            if len(base) > len(tail) and base[-len(tail) :] == tail:
                for head in heads:
                    yield head + base[: -len(tail)]
        if not _SHORT_TYPES.keys().isdisjoint(base):
            yield tuple(_SHORT_TYPES.get(w, w) for w in base)
        for inner in ("historic", "memorial", "national"):
            if inner in base[1:-1]:
                yield tuple(w for w in base if w != inner)
        for tail in _DROPPED:
            if len(base) > len(tail) + 1 and base[-len(tail) :] == tail:
                yield base[: -len(tail)]


def parts_of(area: str) -> Iterator[tuple[str, ...]]:
    """Return what people call parts of the city: "Agincourt North" is Agincourt, "Bloor-Yorkville" Yorkville."""
    pieces = [plain_words(p) for p in re.split(r"-|/| and |\(.*", area)]
    for piece in pieces:
        if len(pieces) > 1 and piece:
            yield piece
        for bare in (piece[1:], piece[:-1]):
            dropped = set(piece) - set(bare)
            if bare and all(direction_of(w) or w == "area" for w in dropped):
                yield bare
        if len(piece) == 2 and piece[1] == "park" and len(piece[0]) > 7:
            yield piece[:1]


def short(name: str) -> list[str]:
    """Return a name without what is added to it.

    "Al Green Theatre (at the ...)", "Centennial Park - Etobicoke", "Queen's Park: Legislative Assembly".
    """
    bare = re.split(r"\s+[-\N{EN DASH}]\s+|\s*[(:]", name)[0].strip()
    return [bare] if bare != name and len(plain_words(bare)) > 1 else []
