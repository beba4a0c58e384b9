"""What can go wrong with a request, in words for the one who made it, and the one shape they are told in."""

from __future__ import annotations

import http
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)


class TriageError(Exception):
    """The root of all errors that a request may end in."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    message: ClassVar[str] = "Something went wrong on our side. Please try again."

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    @property
    def words(self) -> str:
        """What is said to the one who asked."""
        return self.message

    @property
    def fields(self) -> Mapping[str, Any]:
        """What is told to programs beside code and message."""
        return {}


class DatabaseUnavailable(TriageError):
    """The database cannot be reached or stays locked; nothing was stored."""

    status = 503
    code = "database_unavailable"
    message = "Your message could not be kept just now. Please send it again in a few seconds."

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "2"}


class TokenMissingOrWrong(TriageError):
    """The request does not prove that the conversation is the caller's."""

    status = 401
    code = "unauthorized"
    message = "This needs the conversation's token in the header 'Authorization: Bearer ...'."

    @property
    def headers(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class ConversationUnknown(TriageError):
    """There is no such conversation, or no more."""

    status = 404
    code = "conversation_not_found"
    message = "There is no such conversation. Start a new one."


class MessageIdReused(TriageError):
    """A client_message_id came again with something else in the message."""

    status = 409
    code = "client_message_id_reused"
    message = (
        "This client_message_id was already used for another message of this conversation. "
        "Use a new one for each message."
    )


class ChoiceUnknown(TriageError):
    """The choice was not offered in this conversation."""

    status = 422
    code = "choice_unknown"
    message = "This choice_id was not offered in this conversation."


class BodyTooLarge(TriageError):
    """The request's body is longer than any message may be."""

    status = 413
    code = "body_too_large"
    message = "The request is too large."


class BodyNotText(TriageError):
    """The request's body is not UTF-8."""

    status = 400
    code = "malformed_utf8"
    message = "The body is not valid UTF-8."


class BodyNotForm(TriageError):
    """The request's body is no form. The framework refuses it; here for the OpenAPI document."""

    status = 400
    code = "bad_request"
    message = "There was an error parsing the body"


class BodyTooSlow(TriageError):
    """The request's body did not arrive in time."""

    status = 408
    code = "body_too_slow"
    message = "The request did not arrive in time. Please send it again."


class LastEventUnknown(TriageError):
    """Last-Event-ID is none that a stream of ours ever had."""

    status = 422
    code = "not_valid"
    message = "Last-Event-ID: the number of the last message that you got is wanted here."


class TooManyRequests(TriageError):
    """One address asks for more than its share."""

    status = 429
    code = "too_many_requests"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = max(1, seconds)

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(self.seconds)}

    @property
    def words(self) -> str:
        return f"Too many requests from your address. Please try again in {self.seconds} s."


class ErrorBody(BaseModel):
    """What went wrong: a word for programs and a sentence for people. Some errors have more fields."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """The answer to every request that cannot be done."""

    error: ErrorBody


def error_content(code: str, message: str, **fields: Any) -> dict[str, dict[str, Any]]:
    """Return the one JSON shape of all errors."""
    return {"error": {"code": code, "message": message, **fields}}


def documented(*errors: type[TriageError]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of an endpoint's errors."""
    told: dict[int | str, dict[str, Any]] = {
        422: {"model": ErrorAnswer, "description": "Something in the request is not valid."}
    }
    for error in errors:
        says = (error.__doc__ or "").strip().splitlines()[0]
        # Several errors may share a status.
        if error.status in told:
            says = f"{told[error.status]['description']} {says}"
        told[error.status] = {"model": ErrorAnswer, "description": says}
    return told


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the app, expected or not, leave in the one shape."""
    app.add_exception_handler(TriageError, _ours)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer_to(error: TriageError) -> JSONResponse:
    """Return the response that tells of `error`."""
    return JSONResponse(
        error_content(error.code, error.words, **error.fields),
        status_code=error.status,
        headers=dict(error.headers),
    )


def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TriageError)  # noqa: S101 (what it was registered for)
    if error.status >= 500:
        log.error("request failed", extra={"code": error.code, "cause": str(error)})
    return answer_to(error)


def _not_valid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (what it was registered for)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return JSONResponse(
            error_content("malformed_json", "The body is not valid JSON."), status_code=400
        )
    where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    what = str(first["msg"]).removeprefix("Value error, ")
    return JSONResponse(error_content("not_valid", f"{where}: {what}"), status_code=422)


_HTTP_WORDS = {
    404: "There is nothing at this address.",
    405: "This address is there, but not for this method.",
}


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (what it was registered for)
    phrase = http.HTTPStatus(error.status_code).phrase
    words = _HTTP_WORDS.get(error.status_code) or str(error.detail or phrase)
    return JSONResponse(
        error_content(phrase.lower().replace(" ", "_"), words),
        status_code=error.status_code,
        headers=error.headers,
    )


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # Starlette raises it again after this answer; the server logs it with its trace.
    log.error(
        "request failed unexpectedly",
        extra={"method": request.method, "kind": type(error).__name__},
    )
    return answer_to(TriageError())
