"""The carrier's webhooks. Each checks the signature, calls one thing, and answers 204 once all is kept.

Never 429: the carrier does not understand it (https://www.twilio.com/docs/api/errors/11217). 503 makes it try once more,
or call the fallback address; what is lost all the same is found in its log.
"""

from __future__ import annotations

import logging
import re

from fastapi import APIRouter, Request, Response

from triage.errors import (
    BodyNotText,
    BodyTooLarge,
    BodyTooSlow,
    DatabaseUnavailable,
    TriageError,
    documented,
)
from triage.kit.edge import Allowance
from triage.texting.codes import STEPS
from triage.texting.errors import SignatureWrong, TextsAreOff, WebhookNotReadable
from triage.texting.incoming import NotAText, of_webhook
from triage.texting.texting import Texting

log = logging.getLogger(__name__)

# A text of 1,600 characters, or WhatsApp's of 4,096, with each letter written as up to twelve.
WEBHOOK_BODIES = Allowance(re.compile(r"/channels/twilio/[a-z]+"), 64 * 1024)

_ERRORS = (
    TextsAreOff,
    SignatureWrong,
    WebhookNotReadable,
    BodyNotText,
    BodyTooLarge,
    BodyTooSlow,
    DatabaseUnavailable,
)


def texting_routes(texting: Texting | None) -> APIRouter:
    """Return the routes under /channels/twilio; without text messages they say so."""
    router = APIRouter(prefix="/channels/twilio", tags=["texts"])

    async def fields_of(request: Request) -> dict[str, str]:
        if texting is None:
            raise TextsAreOff
        raw = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        try:
            fields = texting.signatures.fields_of(
                f"{raw}?{query}" if query else raw, request.headers, await request.body()
            )
            if fields.get("AccountSid", texting.account_sid) != texting.account_sid:
                raise SignatureWrong
        except TriageError as refusal:
            texting.figures.refused.labels(refusal.code).inc()
            raise
        return fields

    @router.post(
        "/messages", status_code=204, response_class=Response, responses=documented(*_ERRORS)
    )
    async def take_a_text(request: Request) -> Response:
        """Take in a text that somebody sent to one of the city's numbers; signed by Twilio.

        The same MessageSid again changes nothing.
        """
        fields = await fields_of(request)
        assert texting is not None  # noqa: S101 (refused otherwise)
        try:
            came = of_webhook(fields)
        except NotAText as fault:
            texting.figures.refused.labels(WebhookNotReadable.code).inc()
            raise WebhookNotReadable from fault
        if came.line not in texting.lines:
            log.warning("a text came to a number that ASK311_TWILIO_NUMBERS does not name")
        await texting.receiver.receive(came)
        return Response(status_code=204)

    @router.post(
        "/status", status_code=204, response_class=Response, responses=documented(*_ERRORS)
    )
    async def take_a_status(request: Request) -> Response:
        """Take in what became of a text that was sent; signed by Twilio. Calls may come in any order."""
        fields = await fields_of(request)
        assert texting is not None  # noqa: S101 (refused otherwise)
        sid, status = fields.get("MessageSid", ""), fields.get("MessageStatus", "")
        if not sid or status not in STEPS:
            texting.figures.refused.labels(WebhookNotReadable.code).inc()
            raise WebhookNotReadable
        code = fields.get("ErrorCode", "")
        await texting.deliveries.heard(
            sid[:64],
            status,
            int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else None,
            request.query_params.get("text"),
        )
        return Response(status_code=204)

    return router
