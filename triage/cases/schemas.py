"""What cases look like on the internal API. No database here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from triage.kit.text import plain, readable

# As long as a message by WhatsApp may be.
LONGEST_DESCRIPTION = 4_096
MOST_PHOTOS = 10

# A sender's name for something it does: the same again does nothing twice.
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,120}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Plain = Annotated[str, AfterValidator(plain)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(readable)]
Words = Annotated[
    str, StringConstraints(max_length=LONGEST_DESCRIPTION), AfterValidator(readable)
]
Answer = Plain | int | float | bool | list[Plain]


def _nothing_if_blank(text: Any) -> Any:
    return None if isinstance(text, str) and not text.strip() else text


# Blank is as if it were not sent.
WordsOrNone = Annotated[Words | None, BeforeValidator(_nothing_if_blank)]
LineOrNone = Annotated[Line | None, BeforeValidator(_nothing_if_blank)]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")
]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() .x-]{7,40}$")]


class Strict(BaseModel):
    """A body in which nothing is ignored: a misspelt field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseLocation(Strict):
    """Where it is, as the resident confirmed it."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    long: float = Field(ge=-180, le=180, allow_inf_nan=False)
    address: Line
    ward: LineOrNone = None
    approximate: bool = False


class Contact(Strict):
    """How to reach somebody. Never shown to anybody but staff."""

    name: LineOrNone = None
    email: Annotated[Email | None, BeforeValidator(_nothing_if_blank)] = None
    phone: Annotated[Phone | None, BeforeValidator(_nothing_if_blank)] = None
    wants_updates: bool = False

    @property
    def can_be_reached(self) -> bool:
        """Say whether there is any way to reach them."""
        return bool(self.email or self.phone)


class NewCase(Strict):
    """A report with all that its service asks for."""

    key: Key
    service_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,80}$")]
    conversation_id: Id | None = None
    channel: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]
    answers: dict[Annotated[str, StringConstraints(pattern=r"^[!-~]{1,80}$")], Answer] = Field(
        {}, description="By the question's code; a list's answers as keys."
    )
    location: CaseLocation | None = None
    description: Annotated[
        str, StringConstraints(max_length=LONGEST_DESCRIPTION), AfterValidator(plain)
    ] = Field("", description="The resident's own words.")
    contact: Contact | None = None
    photos: list[Id] = Field(
        [], max_length=MOST_PHOTOS, description="media_ids of this conversation."
    )


class NewFollower(Strict):
    """Somebody who has the same matter."""

    key: Key
    conversation_id: Id
    contact: Contact | None = None


class NewInformation(Strict):
    """Something told later about a case."""

    key: Key
    conversation_id: Id | None = None
    text: WordsOrNone = None
    photos: list[Id] = Field([], max_length=MOST_PHOTOS)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.text is None and not self.photos:
            raise ValueError("send text, photos or both")
        return self


class NewMove(Strict):
    """What a resident wants done with a case."""

    key: Key
    conversation_id: Id | None = None
    move: Literal["withdraw", "reopen", "confirm"]
    text: WordsOrNone = Field(None, description="Why; needed to reopen.")


class CaseOutcome(BaseModel):
    """What came of a case."""

    code: str
    sentence: str | None


class CaseFacts(BaseModel):
    """What anybody with the reference may know."""

    reference: str
    service_id: str
    service_name: str
    status: Literal["received", "in_progress", "waiting", "resolved", "closed", "withdrawn"]
    status_text: str = Field(description="How it stands, in plain words.")
    next: str = Field(description="What happens next, in plain words.")
    division: str
    opened_at: datetime
    updated_at: datetime
    due: datetime | None = Field(description="Until when it was promised, in the city's time.")
    is_late: bool
    late_reason: str | None
    outcome: CaseOutcome | None
    followers: int = Field(description="Who joined, without the one who reported it.")
    mine: bool = Field(description="The asking conversation opened or joined it.")
    can: list[Literal["add", "withdraw", "reopen", "confirm"]]


class CaseList(BaseModel):
    """Cases, the newest first."""

    cases: list[CaseFacts]


class NearCase(BaseModel):
    """An open case near by."""

    reference: str
    metres: float
    opened_at: datetime
    followers: int
    status: str


class NearCases(BaseModel):
    """Open cases of one service, the nearest first."""

    cases: list[NearCase]
