"""What can go wrong when staff work with a conversation, in words for them."""

from __future__ import annotations

from triage.errors import TriageError


class HandoverUnknown(TriageError):
    """There is no such conversation, or it was never handed over: staff see no other."""

    status = 404
    code = "handover_unknown"
    message = "There is no such conversation, or it never asked for a person."


class TakenAlready(TriageError):
    """Somebody else was quicker."""

    status = 409
    code = "conversation_taken"

    def __init__(self, holder_name: str) -> None:
        super().__init__(holder_name)
        self._holder_name = holder_name

    @property
    def words(self) -> str:
        return f"{self._holder_name} has just taken this conversation."


class NotYours(TriageError):
    """Only who has taken a conversation may answer in it or give it away."""

    status = 409
    code = "conversation_not_yours"
    message = "You do not have this conversation (any more). Take it first, if it still waits."


class NewWords(TriageError):
    """The resident has written something that the member of staff has not had before them."""

    status = 409
    code = "new_words"
    message = "The resident has written again. Read it first, then decide."


class WordsMissing(TriageError):
    """Nothing was written, or something that is no text."""

    status = 422
    code = "words_missing"
    message = "Write something first: plain text, at most 1,600 characters."
