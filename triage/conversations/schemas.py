"""What residents' messages and the assistant's answers look like on the wire. No database here."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from triage.kit.text import readable

LONGEST_MESSAGE = 1_600


class Sender(StrEnum):
    """Who said it."""

    RESIDENT = "resident"
    ASSISTANT = "assistant"
    PERSON = "person"
    SYSTEM = "system"


class Outcome(StrEnum):
    """What a message to the resident is."""

    ANSWER = "answer"
    CHOICES = "choices"
    NOT_FOUND = "not_found"
    PLACE = "place"
    INTAKE = "intake"
    CASE_OPENED = "case_opened"
    CASE_STATUS = "case_status"
    HANDOFF = "handoff"
    SAFETY = "safety"
    SMALL_TALK = "small_talk"
    OUTAGE = "outage"


def _not_too_long(text: Any) -> Any:
    # Before anything else is checked, and counted as the resident counts: in characters.
    if isinstance(text, str) and len(text) > LONGEST_MESSAGE:
        raise ValueError(
            f"the message is too long: {len(text)} characters, at most {LONGEST_MESSAGE} are read"
        )
    return text


Text = Annotated[
    str,
    BeforeValidator(_not_too_long),
    AfterValidator(readable),
    Field(min_length=1, max_length=LONGEST_MESSAGE),
]


class Strict(BaseModel):
    """A body in which nothing is ignored: a misspelt field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewConversation(Strict):
    """The wish to start a conversation."""

    language: Literal["en", "fr"] | None = None


class ConversationStarted(BaseModel):
    """A conversation and the secret that opens it; the secret is shown only here."""

    conversation_id: str
    token: str


class Location(Strict):
    """A point on the earth, in degrees."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    long: float = Field(ge=-180, le=180, allow_inf_nan=False)


ClientMessageId = Annotated[
    str,
    Field(
        pattern=r"^[!-~]{1,100}$",
        description="The sender's own id of this message, new for each; makes sending again safe.",
    ),
]


class NewMessage(Strict):
    """What a resident sends: words, one of the choices offered, or a location. Exactly one of them."""

    client_message_id: ClientMessageId
    text: Text | None = None
    choice_id: str | None = Field(None, min_length=1, max_length=40)
    location: Location | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(x is not None for x in (self.text, self.choice_id, self.location)) != 1:
            raise ValueError("send exactly one of text, choice_id or location")
        return self


class Accepted(BaseModel):
    """The message is kept and will be answered."""

    message_id: str
    seq: int


class Choice(BaseModel):
    """Something the resident may pick."""

    choice_id: str
    label: str
    service_id: str | None = None


class Place(BaseModel):
    """A place near the resident."""

    place_id: str
    name: str
    address: str | None = None
    phone: str | None = None
    metres: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    map_url: str | None = Field(None, description="The place on a public map.")
    details: list[str] = Field([], description="What else is known, one short text each.")


class FoundLocation(BaseModel):
    """What the assistant took the resident's words about a place for."""

    lat: float
    long: float
    label: str | None = None
    approximate: bool = False
    ward: str | None = None


class SentPhoto(BaseModel):
    """A photo that the resident sent."""

    media_id: str


class Ask(StrEnum):
    """What the assistant asks for that is not only words."""

    LOCATION = "location"
    PHOTO = "photo"
    NUMBER = "number"


class CaseSummary(BaseModel):
    """A case as the resident may see it."""

    reference: str
    service_name: str | None = None
    status: str | None = None
    division: str | None = None
    due: str | None = None
    next: str | None = Field(None, description="What happens next, in a sentence.")


class Message(BaseModel):
    """One message of a conversation; fields that do not apply are absent."""

    seq: int
    id: str
    sender: Sender = Field(serialization_alias="from")
    text: str
    created_at: datetime
    name: str | None = Field(None, description="Who it is, where a person wrote it.")
    outcome: Outcome | None = None
    service_id: str | None = None
    revision: int | None = None
    confidence: float | None = None
    source_url: str | None = None
    last_verified: str | None = None
    choices: list[Choice] | None = None
    places: list[Place] | None = None
    case: CaseSummary | None = None
    location: FoundLocation | Location | None = None
    ask: Ask | None = None
    photo: SentPhoto | None = None
    in_reply_to: str | None = None


class Messages(BaseModel):
    """What was said after a certain message, and how the conversation stands."""

    messages: list[Message]
    state: Literal["assistant", "queued", "person", "closed"]
    pending: bool = Field(description="A reply to the last message is still to come.")


_PLAIN = (
    "outcome",
    "service_id",
    "revision",
    "confidence",
    "source_url",
    "last_verified",
    "in_reply_to",
)
_EXTRA = ("places", "case", "location", "ask", "name")


def message_json(row: Any) -> dict[str, Any]:
    """Return a row of `messages` as a `Message` on the wire.

    By hand, not through pydantic: it is on the path of every message, and the rows are our own.
    """
    created: datetime = row.created_at
    shown: dict[str, Any] = {
        "seq": row.seq,
        "id": row.id,
        "from": row.sender,
        "text": row.text,
        "created_at": created.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    for field in _PLAIN:
        value = getattr(row, field)
        if value is not None:
            shown[field] = value
    if row.choices:
        # The value behind a choice never leaves this side.
        shown["choices"] = [{k: v for k, v in c.items() if k != "value"} for c in row.choices]
    extra = row.extra or {}
    if "photo" in extra:
        shown["photo"] = {"media_id": extra["photo"]}
    shown.update({field: extra[field] for field in _EXTRA if field in extra})
    return shown
