"""What GeoReport v2's methods do: read the catalogue, open cases, list them. Answers are documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from services_catalog.definition import LocationRule
from services_catalog.model import ServiceEntry
from services_catalog.references import read_reference
from triage.cases import listing
from triage.cases.case import Audience
from triage.cases.changes import Step
from triage.cases.entries import Entries
from triage.cases.errors import CaseIncomplete, CaseUnknown
from triage.cases.schemas import CaseLocation, Contact, NewCase, NewInformation
from triage.cases.service import Cases
from triage.cases.workflow import Actor, Move, Status
from triage.errors import TriageError
from triage.kit.clock import Clock
from triage.kit.db import Database
from triage.open311 import documents
from triage.open311.errors import Refused, key_missing, not_understood, unknown
from triage.open311.form import NewRequest, by_name, moment, one, read_new_request
from triage.open311.keys import ApiKey, holder_of
from triage.open311.queries import MOST_REQUESTS, read_filter
from triage.open311.requests import request_of, update_of
from triage.open311.where import Whereabouts
from triage.open311.wire import Document

CHANNEL = "open311"
Fields = Sequence[tuple[str, str]]

# Not part of what a request says: they differ between two tries of sending the same.
_NOT_SAID = frozenset({"api_key", "jurisdiction_id"})
# Names that questions have on the wire, for what is missing beside them.
_MISSING = {
    "location": "This service needs a location: send lat and long, or address_string.",
    "contact": "This service needs a way to reach the sender: send email or phone.",
}


class GeoReport:
    """GeoReport v2 of one city."""

    def __init__(
        self,
        database: Database,
        entries: Entries,
        cases: Cases,
        where: Whereabouts,
        clock: Clock,
        *,
        jurisdiction_id: str,
    ) -> None:
        self._database = database
        self._entries = entries
        self._cases = cases
        self._where = where
        self._clock = clock
        self._jurisdiction_id = jurisdiction_id

    def of_this_city(self, jurisdiction_id: str) -> None:
        """Check which city is meant; there is one here, so it need not be said.

        Raises:
            Refused: another one.
        """
        if jurisdiction_id and jurisdiction_id != self._jurisdiction_id:
            raise unknown(
                f"jurisdiction_id: this server knows {self._jurisdiction_id!r} and no other."
            )

    async def services(self) -> Document:
        """Return what can be reported."""
        return documents.services((await self._entries.now()).values())

    async def definition(self, service_code: str) -> Document:
        """Return a service's questions.

        Raises:
            Refused: there is no such service, or it has no questions.
        """
        entry = await self._entry(service_code)
        if not documents.asked_outside(entry):
            raise unknown(f"{service_code} has no questions of its own (metadata is false).")
        return documents.service_definition(entry)

    async def open(self, fields: Fields, photos: Sequence[str] = ()) -> Document:
        """Open a case from a request; the same request again on the same day returns the same case.

        Args:
            fields: as they were sent, with a field for each photo that tells it from others.
            photos: the ids of the photos, kept already.

        Raises:
            Refused: no valid key, no such service, or the request does not fit it.
            TriageError: it cannot be kept now.
        """
        sent = by_name(fields)
        holder = await self.holder(one(sent, "api_key"))
        self.of_this_city(one(sent, "jurisdiction_id"))
        code = one(sent, "service_code")
        if not code:
            raise not_understood("service_code is missing: say what is reported.")
        entry = await self._entry(code)
        request = read_new_request(sent, entry)
        location = await self._location(request, entry)
        try:
            seen, _ = await self._cases.open(
                _new_case(request, location, photos, self._key(holder, fields)), Actor.OPEN311
            )
        except CaseIncomplete as missing:
            raise not_understood(*_told(missing, entry)) from missing
        except ValidationError as fault:
            raise not_understood(*(_in_words(e) for e in fault.errors())) from fault
        told = {
            "service_request_id": seen.case.reference,
            "service_notice": None,
            "account_id": None,
        }
        return Document("service_requests", [told])

    async def token(self, token: str) -> Document:
        """Return the request that a token stands for. Every service is `realtime`: its reference is its token.

        Raises:
            Refused: there is none.
        """
        reference = await self._reference(token)
        return Document("service_requests", [{"service_request_id": reference, "token": token}])

    async def requests(self, query: Mapping[str, str]) -> Document:
        """Return the requests that a query asks for, the newest first.

        Raises:
            Refused: a filter is not of its kind, or names an unknown service.
        """
        wanted = read_filter(query, self._clock.now())
        wanted = replace(
            wanted, references=tuple(read_reference(r) or r for r in wanted.references)
        )
        entries = await self._entries.now()
        for code in wanted.service_ids:
            if code not in entries:
                raise unknown(f"service_code: there is no service {code!r}.")
        found = await self._database.read(lambda c: listing.listed(c, wanted))
        is_extended = query.get("extensions", "").lower() == "true"
        return Document(
            "service_requests",
            [
                request_of(case, entries.get(case.service_id), is_extended=is_extended)
                for case in found
            ],
        )

    async def request(self, reference: str, *, is_extended: bool = False) -> Document:
        """Return one request.

        Raises:
            Refused: there is none.
        """
        try:
            seen = await self._cases.find(reference)
            events = (
                await self._cases.thread(reference, [Audience.RESIDENT]) if is_extended else ()
            )
        except CaseUnknown as fault:
            raise unknown("service_request_id: there is no such request.") from fault
        entry = (await self._entries.now()).get(seen.case.service_id)
        told = request_of(seen.case, entry, is_extended=is_extended, events=events)
        return Document("service_requests", [told])

    async def updates(self, query: Mapping[str, str]) -> Document:
        """Return what happened to requests in a time, for holders of a key.

        Raises:
            Refused: no valid key, or no such time.
        """
        await self.holder(query.get("api_key", ""))
        self.of_this_city(query.get("jurisdiction_id", "").strip())
        times = {k: v for k, v in query.items() if k in ("start_date", "end_date")}
        wanted = read_filter(times, self._clock.now())
        found = await self._database.read(
            lambda c: listing.moved_between(c, wanted.start, wanted.end, MOST_REQUESTS)
        )
        told = [update_of(case, event) for case, event in found]
        return Document("service_request_updates", [u for u in told if u])

    async def update(self, fields: Fields) -> Document:
        """Add what another system tells about a request; the same update_id again changes nothing.

        Raises:
            Refused: no valid key, something is missing, or the request takes no more.
        """
        sent = by_name(fields)
        holder = await self.holder(one(sent, "api_key"))
        self.of_this_city(one(sent, "jurisdiction_id"))
        wanted = (
            "service_request_id",
            "update_id",
            "updated_datetime",
            "status",
            "description",
        )
        missing = [name for name in wanted if not one(sent, name)]
        if missing:
            raise not_understood(*(f"{name} is missing." for name in missing))
        if not moment(one(sent, "updated_datetime")):
            raise not_understood("updated_datetime: send it like 2026-11-30T08:00:00Z.")
        status = one(sent, "status").lower()
        update_id, text = one(sent, "update_id"), one(sent, "description")
        key = "open311:" + _digest([holder.id, update_id])
        reference = await self._reference(one(sent, "service_request_id"))
        try:
            seen = await self._cases.find(reference)
            if status == "open" and seen.case.status is Status.RESOLVED:
                await self._cases.move(reference, Step(Move.REOPEN, Actor.OPEN311, key, text))
            else:
                # That the sender holds it for closed is news to staff, not an end: the outcome is theirs to say.
                note = f"{text} [{holder.name}: {status}]"
                await self._cases.add(reference, NewInformation(key=key, text=note))
        except ValidationError as fault:
            raise not_understood(*(_in_words(e) for e in fault.errors())) from fault
        return Document("service_request_updates", [{"update_id": update_id}])

    async def holder(self, key: str) -> ApiKey:
        """Return whose key it is.

        Raises:
            Refused: nobody's.
        """
        found = await self._database.read(lambda c: holder_of(c, key.strip()))
        if found is None:
            raise key_missing()
        return found

    async def _entry(self, service_code: str) -> ServiceEntry:
        entry = (await self._entries.now()).get(service_code)
        if entry is None:
            raise unknown(f"service_code: there is no service {service_code!r}.")
        return entry

    async def _reference(self, written: str) -> str:
        reference = read_reference(written)
        if reference is None:
            raise unknown("service_request_id: there is no such request.")
        try:
            return (await self._cases.find(reference)).case.reference
        except CaseUnknown as fault:
            raise unknown("service_request_id: there is no such request.") from fault

    async def _location(self, request: NewRequest, entry: ServiceEntry) -> CaseLocation | None:
        assert entry.request is not None  # noqa: S101 (the entries are those that can be reported)
        if entry.request.location is LocationRule.NONE:
            return None
        if request.lat is not None and request.long is not None:
            return await self._where.at(request.lat, request.long, request.address)
        return await self._where.of(request.address) if request.address else None

    def _key(self, holder: ApiKey, fields: Fields) -> str:
        # GeoReport has no key of its own against sending twice. A client that heard no answer sends the same again.
        said = sorted(f for f in fields if f[0] not in _NOT_SAID)
        return "open311:" + _digest([holder.id, f"{self._clock.now():%Y-%m-%d}", said])


def _new_case(
    request: NewRequest, location: CaseLocation | None, photos: Sequence[str], key: str
) -> NewCase:
    contact = None
    if request.name or request.email or request.phone:
        contact = Contact(name=request.name, email=request.email, phone=request.phone)
    # A photo elsewhere is kept as its address: nothing is fetched from the outside on a stranger's word.
    links = "".join(f"\n{url}" for url in request.media_urls)
    return NewCase(
        key=key,
        service_id=request.service_code,
        channel=CHANNEL,
        answers=dict(request.answers),
        location=location,
        description=(request.description + links).strip()[:4_000],
        contact=contact,
        photos=list(photos),
    )


def _told(missing: CaseIncomplete, entry: ServiceEntry) -> list[str]:
    assert entry.request is not None  # noqa: S101 (it was asked for what it needs)
    asked = entry.request.by_code
    return [
        _MISSING.get(code) or f"attribute[{code}] is missing: {asked[code].description}"
        for code in missing.fields["missing"]
    ]


def _in_words(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {str(error['msg']).removeprefix('Value error, ')}"


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:48]


def refusal_of(error: TriageError) -> Refused:
    """Return how an error of this system is told: what the request got wrong is 400, as GeoReport wants it."""
    status = error.status if error.status in (403, 404) or error.status >= 500 else 400
    return Refused(status, error.words)
