"""How a list of the HSDS feed is asked for: in which form, how much of it, with which terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from services_catalog.formats.values import Object
from triage.feeds.errors import MomentNotRead
from triage.feeds.listing import MOST_ON_A_PAGE, Page, lines, taxonomy_ids, term_ids

T = TypeVar("T")

# Open data: any page may read it. An edit is seen a minute later by whoever asks through a cache.
HEADERS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=60",
}
Id = Annotated[str | None, Query(max_length=60)]
Moment = Annotated[
    str, Query(max_length=40, description="A day or a moment, as ISO 8601 writes it.")
]
# How a list is answered, in the OpenAPI document.
LISTED: Mapping[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}, "application/x-ndjson": {}}}
}


def moment(text: str) -> datetime | None:
    """Return the moment that is asked for; None: none is. One without a zone is UTC.

    Raises:
        MomentNotRead: it is none.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as fault:
        raise MomentNotRead from fault
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Wanted:
    """How much of a list is wanted, and in which form."""

    def __init__(
        self,
        search: Annotated[str, Query(max_length=200, description="All of these words.")] = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE)] = 50,
        format: Annotated[
            Literal["json", "ndjson"],
            Query(description="ndjson: all of it, an object a line, without pages."),
        ] = "json",
    ) -> None:
        self.words = search
        self.page = Page(page, per_page)
        self.is_whole = format == "ndjson"

    def answer(self, items: Sequence[T], write: Callable[[T], Object]) -> Response:
        """Return the answer with these items."""
        if self.is_whole:
            return StreamingResponse(
                lines(items, write), media_type="application/x-ndjson", headers=HEADERS
            )
        return JSONResponse(self.page.envelope(items, write), headers=HEADERS)


class Tags:
    """Which terms are wanted."""

    def __init__(self, taxonomy_term_id: Id = None, taxonomy_id: Id = None) -> None:
        self._term = taxonomy_term_id
        self._taxonomy = taxonomy_id

    @property
    def are_given(self) -> bool:
        """Say whether any are."""
        return bool(self._term or self._taxonomy)

    def fit(self, *wholes: Object) -> bool:
        """Say whether these objects together have the terms."""
        return (not self._term or any(self._term in term_ids(w) for w in wholes)) and (
            not self._taxonomy or any(self._taxonomy in taxonomy_ids(w) for w in wholes)
        )


List = Annotated[Wanted, Depends()]
Tagged = Annotated[Tags, Depends()]
