"""The address at which the assistant's actions say what a resident wants to be told of."""

from __future__ import annotations

from fastapi import APIRouter, Response

from triage.cases.endpoints import BODY, Reference, facts, internal_router
from triage.cases.errors import CaseUnknown, MoveNotAllowed
from triage.cases.schemas import CaseFacts
from triage.errors import documented
from triage.updates.consent import Consents, NewWish


def update_routes(consents: Consents, secret: str) -> APIRouter:
    """Return the internal route of residents' wishes."""
    router = internal_router(secret)

    @router.post(
        "/cases/{reference}/updates",
        response_model=CaseFacts,
        responses=documented(*BODY, CaseUnknown, MoveNotAllowed),
    )
    async def be_told_of_a_case(reference: Reference, new: NewWish) -> Response:
        """Tell a resident of news of a case, or tell them no more."""
        return facts(await consents.set_wish(reference, new))

    return router
