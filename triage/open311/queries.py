"""Which requests a client asks for: GeoReport v2's filters, read from the query. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from triage.cases.listing import Filter
from triage.open311.errors import not_understood
from triage.open311.form import moment

# The specification's rule: at most 90 days, at most 1,000 requests.
LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1_000
PAGE_SIZE = 100
STATUSES = ("open", "closed")


def read_filter(query: Mapping[str, str], now: datetime) -> Filter:
    """Read the query of GET requests; what is empty was not sent.

    Raises:
        Refused: a filter is not of its kind; every fault is told.
    """
    faults: list[str] = []
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    end = _moment(given, "end_date", faults)
    start = _moment(given, "start_date", faults)
    if end is None:
        end = min(now, start + LONGEST_SPAN) if start else now
    if start is None:
        start = end - LONGEST_SPAN
    if start > end:
        faults.append("start_date lies after end_date.")
    elif end - start > LONGEST_SPAN:
        faults.append("start_date and end_date may be at most 90 days apart.")
    size, page = _page(given, faults)
    found = Filter(
        start=start,
        end=end,
        references=_list(given.get("service_request_id", "")),
        service_ids=_list(given.get("service_code", "")),
        is_open=_is_open(given, faults),
        updated_after=_moment(given, "updated_after", faults),
        updated_before=_moment(given, "updated_before", faults),
        bbox=_bbox(given, faults),
        limit=size,
        offset=size * (page - 1),
    )
    if faults:
        raise not_understood(*faults)
    return found


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _moment(given: Mapping[str, str], name: str, faults: list[str]) -> datetime | None:
    if name not in given:
        return None
    # A "+" that was not escaped arrives as a space.
    read = moment(given[name].replace(" ", "+"))
    if read is None:
        faults.append(f"{name}: send it like 2026-11-30T08:00:00Z.")
    return read


def _is_open(given: Mapping[str, str], faults: list[str]) -> bool | None:
    wanted = set(_list(given.get("status", "").lower()))
    if wanted - set(STATUSES):
        faults.append("status: open, closed, or both with a comma.")
    return "open" in wanted if len(wanted) == 1 else None


def _page(given: Mapping[str, str], faults: list[str]) -> tuple[int, int]:
    size = PAGE_SIZE if "page" in given else MOST_REQUESTS
    numbers = {"page_size": size, "page": 1}
    for name in numbers:
        value = given.get(name, "")
        if value and not (
            value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 100_000
        ):
            faults.append(f"{name}: a whole number from 1 on.")
        elif value:
            numbers[name] = int(value)
    return min(numbers["page_size"], MOST_REQUESTS), numbers["page"]


def _bbox(
    given: Mapping[str, str], faults: list[str]
) -> tuple[float, float, float, float] | None:
    if "bbox" not in given:
        return None
    try:
        west, south, east, north = map(float, given["bbox"].split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        faults.append("bbox: send west,south,east,north in degrees.")
        return None
    return west, south, east, north
