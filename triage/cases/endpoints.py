"""The cases' addresses for this system's own parts: the assistant's actions. They read, call one thing, shape the answer."""

from __future__ import annotations

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from triage.cases.changes import Step
from triage.cases.errors import (
    AnswerNotValid,
    CaseIncomplete,
    CaseUnknown,
    MoveNotAllowed,
    NotReportable,
    NotTheCitys,
    SecretMissingOrWrong,
)
from triage.cases.public import public_view
from triage.cases.schemas import (
    CaseFacts,
    CaseList,
    NearCases,
    NewCase,
    NewFollower,
    NewInformation,
    NewMove,
)
from triage.cases.service import Cases, Seen
from triage.cases.workflow import Actor, Move
from triage.errors import (
    BodyNotText,
    BodyTooLarge,
    DatabaseUnavailable,
    documented,
)
from triage.kit.edge import Allowance

WIDEST = 5_000
# A report with the longest texts, in a script of four bytes a character written as \\u escapes.
CASE_BODIES = Allowance(re.compile(r"/api/triage/.*"), 128 * 1024)

READ = (SecretMissingOrWrong, DatabaseUnavailable)
BODY = (*READ, BodyNotText, BodyTooLarge)

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="ApiSecret",
    description="The secret that this system's own parts share (ASK311_API_SECRET).",
)

Reference = Annotated[
    str, Path(max_length=60, description="The case's reference, in any way of writing it.")
]
Asker = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="The conversation that asks."),
]


def internal_router(secret: str) -> APIRouter:
    """Return a router of the internal API, for those who show the secret."""
    expected = secret.encode()

    async def is_ours(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> None:
        shown = given.credentials.encode() if given else b""
        if not hmac.compare_digest(shown, expected):
            raise SecretMissingOrWrong

    return APIRouter(prefix="/api/triage", tags=["cases"], dependencies=[Depends(is_ours)])


def case_routes(cases: Cases, secret: str) -> APIRouter:
    """Return the internal routes of cases."""
    router = internal_router(secret)

    @router.post(
        "/cases",
        status_code=201,
        response_model=CaseFacts,
        responses=documented(*BODY, NotReportable, NotTheCitys, CaseIncomplete, AnswerNotValid)
        | {200: {"model": CaseFacts, "description": "The case that this key opened before."}},
    )
    async def open_a_case(new: NewCase) -> Response:
        """Open a case from a complete report. The same key again returns the same case."""
        seen, is_new = await cases.open(new)
        return facts(seen, 201 if is_new else 200)

    @router.get("/cases", response_model=NearCases, responses=documented(*READ))
    async def open_cases_near_by(
        service_id: Annotated[str, Query(pattern=r"^[a-z0-9_]{1,80}$")],
        lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
        long: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
        within: Annotated[float, Query(gt=0, le=WIDEST, description="Metres.")],
    ) -> Response:
        """Return the open cases of a service near a point, the nearest first."""
        found = await cases.near(service_id, lat, long, within)
        return JSONResponse(
            {
                "cases": [
                    {
                        "reference": n.case.reference,
                        "metres": round(n.metres, 1),
                        "opened_at": n.case.opened_at.isoformat(),
                        "followers": n.case.followers,
                        "status": n.case.status.value,
                    }
                    for n in found
                ]
            }
        )

    @router.get(
        "/conversations/{conversation_id}/cases",
        response_model=CaseList,
        responses=documented(*READ),
    )
    async def cases_of_a_conversation(
        conversation_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")],
    ) -> Response:
        """Return the cases that were opened or joined in a conversation, the newest first."""
        found = await cases.of_conversation(conversation_id)
        return JSONResponse({"cases": [public_view(s.case, s.asking) for s in found]})

    @router.get(
        "/cases/{reference}",
        response_model=CaseFacts,
        responses=documented(*READ, CaseUnknown),
    )
    async def one_case(reference: Reference, conversation_id: Asker = None) -> Response:
        """Return what anybody with the reference may know of a case."""
        return facts(await cases.find(reference, conversation_id))

    @router.post(
        "/cases/{reference}/followers",
        response_model=CaseFacts,
        responses=documented(*BODY, CaseUnknown, MoveNotAllowed),
    )
    async def join_a_case(reference: Reference, new: NewFollower) -> Response:
        """Add somebody who has the same matter; nobody is counted twice."""
        return facts(await cases.follow(reference, new))

    @router.post(
        "/cases/{reference}/messages",
        response_model=CaseFacts,
        responses=documented(*BODY, CaseUnknown, MoveNotAllowed, AnswerNotValid),
    )
    async def add_information(reference: Reference, new: NewInformation) -> Response:
        """Add what a resident tells later about a case."""
        return facts(await cases.add(reference, new))

    @router.post(
        "/cases/{reference}/moves",
        response_model=CaseFacts,
        responses=documented(*BODY, CaseUnknown, MoveNotAllowed),
    )
    async def move_a_case(reference: Reference, new: NewMove) -> Response:
        """Take a case back, or say that it is not fixed, or that it is."""
        step = Step(
            Move(new.move),
            Actor.RESIDENT,
            new.key,
            new.text,
            conversation_id=new.conversation_id,
        )
        return facts(await cases.move(reference, step))

    return router


def facts(seen: Seen, status: int = 200) -> Response:
    """Return a case's public facts as an answer."""
    return JSONResponse(public_view(seen.case, seen.asking), status)
