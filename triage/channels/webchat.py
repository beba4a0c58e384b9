"""The web chat's four endpoints. They read the request, call one thing, and shape the answer."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response, Security
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from triage.channels.waiting import LONGEST_WAIT, events, wait_for_messages
from triage.conversations.schemas import (
    Accepted,
    ConversationStarted,
    Messages,
    NewConversation,
    NewMessage,
)
from triage.conversations.service import Conversations
from triage.errors import (
    BodyNotText,
    BodyTooLarge,
    ChoiceUnknown,
    ConversationUnknown,
    DatabaseUnavailable,
    LastEventUnknown,
    MessageIdReused,
    TokenMissingOrWrong,
    TooManyRequests,
    documented,
)
from triage.kit.bell import Bell
from triage.kit.limits import ClientLimits

CHANNEL = "webchat"
HIGHEST_SEQ = 2_147_483_647

_BODY = (BodyNotText, BodyTooLarge, TooManyRequests, DatabaseUnavailable)
_READ = (TokenMissingOrWrong, ConversationUnknown, TooManyRequests, DatabaseUnavailable)

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
        "description": "Each message as an event whose id is its seq; "
        "an event 'state' with state and pending whenever they change.",
    }
}


def _json(content: Any, status: int = 200) -> Response:
    # Not through the response model: it is our own, and this is on the path of every message.
    return Response(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        status,
        media_type="application/json",
    )


_bearer = HTTPBearer(auto_error=False, description="The conversation's token.")


async def _token(
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> str:
    if given is None or not given.credentials:
        raise TokenMissingOrWrong
    return given.credentials


Token = Annotated[str, Depends(_token)]
ConversationId = Annotated[str, Path(description="As given when the conversation was started.")]
After = Annotated[
    int,
    Query(
        ge=0, le=HIGHEST_SEQ, description="The seq of the last message that is known already."
    ),
]


def webchat(
    conversations: Conversations, bell: Bell, limits: ClientLimits, heartbeat_seconds: float
) -> APIRouter:
    """Return the web chat's routes."""
    router = APIRouter(prefix="/api/chat", tags=["chat"])

    @router.post(
        "/conversations",
        status_code=201,
        response_model=ConversationStarted,
        responses=documented(*_BODY),
    )
    async def start_a_conversation(
        request: Request, body: NewConversation | None = None
    ) -> Response:
        """Start a conversation. The token opens it, and is shown only here."""
        limits.count("conversations", request)
        started = await conversations.start(CHANNEL, body.language if body else None)
        return _json(started.model_dump(), 201)

    @router.post(
        "/conversations/{conversation_id}/messages",
        status_code=202,
        response_model=Accepted,
        responses=documented(
            *_BODY, TokenMissingOrWrong, ConversationUnknown, MessageIdReused, ChoiceUnknown
        ),
    )
    async def send_a_message(
        request: Request, conversation_id: ConversationId, token: Token, message: NewMessage
    ) -> Response:
        """Hand in a message. Once accepted it is kept and will be answered.

        The same client_message_id again returns the same answer and does nothing twice, so sending again
        after a failure is safe.
        """
        limits.count("messages", request)
        accepted = await conversations.receive(conversation_id, token, message)
        return _json(accepted.model_dump(), 202)

    @router.get(
        "/conversations/{conversation_id}/messages",
        response_model=Messages,
        responses=documented(*_READ),
    )
    async def read_messages(
        request: Request,
        conversation_id: ConversationId,
        token: Token,
        after: After = 0,
        wait: Annotated[
            float,
            Query(
                ge=0,
                description=f"Wait so many seconds for a new message, at most {LONGEST_WAIT}.",
            ),
        ] = 0,
    ) -> Response:
        """Read what was said after a certain message; wait for it if nothing was said yet."""
        limits.count("reads", request)
        return _json(
            await wait_for_messages(conversations, bell, conversation_id, token, after, wait)
        )

    @router.get(
        "/conversations/{conversation_id}/events",
        response_class=StreamingResponse,
        responses=_STREAM | documented(*_READ),
    )
    async def follow(
        request: Request,
        conversation_id: ConversationId,
        token: Token,
        after: After = 0,
        last_event_id: Annotated[
            str | None, Header(description="The seq of the last message that is known already.")
        ] = None,
    ) -> Response:
        """Follow the conversation as a stream of server-sent events."""
        limits.count("reads", request)
        if last_event_id:
            after = _seq_of(last_event_id)
        # Before the stream begins, so that a wrong token is an answer of its own.
        first = await conversations.read(conversation_id, token, after)
        return StreamingResponse(
            events(
                conversations, bell, conversation_id, token, after, first, heartbeat_seconds
            ),
            media_type="text/event-stream",
            # Proxies that gather an answer before they pass it on would hold back every message.
            headers={"X-Accel-Buffering": "no"},
        )

    return router


def _seq_of(last_event_id: str) -> int:
    given = last_event_id.strip()
    if not (given.isascii() and given.isdecimal()) or len(given) > 10:
        raise LastEventUnknown
    return min(int(given), HIGHEST_SEQ)
