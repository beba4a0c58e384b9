"""The web chat's endpoints. They read the request, call one thing, and shape the answer."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from fastapi import (
    APIRouter,
    Depends,
    File,
    Form,
    Header,
    Path,
    Query,
    Request,
    Response,
    Security,
    UploadFile,
)
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from triage.channels.waiting import LONGEST_WAIT, events, wait_for_messages
from triage.conversations.feedback import AnswerUnknown, Feedback, FeedbackKept, NewFeedback
from triage.conversations.photos import ConversationPhotos
from triage.conversations.schemas import (
    Accepted,
    ClientMessageId,
    ConversationStarted,
    Messages,
    NewConversation,
    NewMessage,
)
from triage.conversations.service import Conversations
from triage.errors import (
    BodyNotForm,
    BodyNotText,
    BodyTooLarge,
    BodyTooSlow,
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
from triage.kit.edge import Allowance
from triage.kit.limits import ClientLimits
from triage.media.errors import (
    MediaUnavailable,
    PhotoDamaged,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnknown,
    PhotoUnknownType,
)
from triage.media.pictures import LARGEST_BYTES

CHANNEL = "webchat"
HIGHEST_SEQ = 2_147_483_647

# A photo with its form around it, over a slow connection. It is no text.
PHOTO_BODIES = Allowance(
    re.compile(r"/api/chat/conversations/[^/]+/photos"),
    LARGEST_BYTES + 64 * 1024,
    seconds=60,
    is_text=False,
    too_large=PhotoTooLarge,
)

_PHOTO = (
    PhotoTooLarge,
    PhotoUnknownType,
    PhotoTooManyPixels,
    PhotoDamaged,
    MediaUnavailable,
    BodyNotForm,
    BodyTooSlow,
)
_BODY = (BodyNotText, BodyTooLarge, TooManyRequests, DatabaseUnavailable)
_READ = (TokenMissingOrWrong, ConversationUnknown, TooManyRequests, DatabaseUnavailable)

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
        "description": "Each message as an event whose id is its seq; "
        "an event 'state' with state and pending whenever they change.",
    }
}

_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {}}, "description": "The photo."}
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
    conversations: Conversations,
    photos: ConversationPhotos,
    feedback: Feedback,
    bell: Bell,
    limits: ClientLimits,
    heartbeat_seconds: float,
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

    @router.post(
        "/conversations/{conversation_id}/photos",
        status_code=202,
        response_model=Accepted,
        responses=documented(
            TooManyRequests,
            DatabaseUnavailable,
            TokenMissingOrWrong,
            ConversationUnknown,
            MessageIdReused,
            *_PHOTO,
        ),
    )
    async def send_a_photo(
        request: Request,
        conversation_id: ConversationId,
        token: Token,
        client_message_id: Annotated[ClientMessageId, Form()],
        photo: Annotated[UploadFile, File(description="JPEG, PNG or WebP; at most 10 MB.")],
    ) -> Response:
        """Hand in a photo. It is a message, kept and answered like any other.

        Where, when and with what it was taken is removed before it is kept.
        """
        limits.count("photos", request)
        accepted = await photos.receive(
            conversation_id, token, client_message_id, await photo.read()
        )
        return _json(accepted.model_dump(), 202)

    @router.post(
        "/conversations/{conversation_id}/messages/{seq}/feedback",
        response_model=FeedbackKept,
        responses=documented(*_BODY, TokenMissingOrWrong, ConversationUnknown, AnswerUnknown),
    )
    async def say_whether_an_answer_helped(
        request: Request,
        conversation_id: ConversationId,
        token: Token,
        seq: Annotated[int, Path(ge=1, le=HIGHEST_SEQ, description="Of the answer.")],
        given: NewFeedback,
    ) -> Response:
        """Say whether an answer helped, and why if you like. Saying it again replaces what was said before."""
        limits.count("messages", request)
        kept = await feedback.give(conversation_id, token, seq, given)
        return _json(kept.model_dump())

    @router.get(
        "/conversations/{conversation_id}/photos/{media_id}",
        response_class=Response,
        responses=_PICTURE | documented(*_READ, PhotoUnknown),
    )
    async def see_a_photo(
        request: Request,
        conversation_id: ConversationId,
        token: Token,
        media_id: Annotated[str, Path(description="As in the message that was the photo.")],
    ) -> Response:
        """Return a photo that was sent in this conversation."""
        limits.count("reads", request)
        shown, content = await photos.show(conversation_id, token, media_id)
        return Response(content, media_type=shown.content_type)

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
        rings = bell.rings
        first = await conversations.read(conversation_id, token, after)
        return StreamingResponse(
            events(
                conversations,
                bell,
                conversation_id,
                token,
                after,
                first,
                rings,
                heartbeat_seconds,
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
