"""What residents say of answers: that one helped or did not, and a sentence about it if they like.

An answer has one feedback: what was said last. A sentence that tells of danger is no feedback; it is taken as a message of the
conversation, with its safety text, in the transaction that keeps the feedback.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Connection, Row, and_, or_, select, update

from triage.conversations import repository
from triage.conversations.schemas import NewMessage, Outcome, Sender, Strict
from triage.conversations.service import Conversations, Found, opened
from triage.conversations.tables import feedback, messages
from triage.errors import TriageError
from triage.kit.clock import Clock
from triage.kit.db import Database, insert_once
from triage.kit.text import readable

LONGEST_SENTENCE = 500

# A small word such as "call 311" is an answer without an entry, and nothing to judge.
_IS_ANSWER = and_(
    messages.c.sender == Sender.ASSISTANT.value,
    or_(
        and_(messages.c.outcome == Outcome.ANSWER.value, messages.c.service_id.is_not(None)),
        and_(messages.c.outcome == Outcome.PLACE.value, messages.c.extra.is_not(None)),
    ),
)


class AnswerUnknown(TriageError):
    """The message is no answer of this conversation that feedback can be about."""

    status = 404
    code = "answer_not_found"
    message = "There is no such answer in this conversation."


class NewFeedback(Strict):
    """Whether an answer helped. It replaces what was said of the answer before."""

    helpful: bool
    sentence: (
        Annotated[
            str, Field(min_length=1, max_length=LONGEST_SENTENCE), AfterValidator(readable)
        ]
        | None
    ) = Field(None, description="What was good or missing, in the resident's words.")


class FeedbackKept(BaseModel):
    """The feedback is kept."""

    helpful: bool
    is_answered: bool = Field(
        description="The sentence tells of danger: it was taken as a message, and is answered in the conversation."
    )


class Feedback:
    """The feedback that residents give in conversations."""

    def __init__(self, database: Database, conversations: Conversations, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._clock = clock

    async def give(
        self, conversation_id: str, token: str, seq: int, given: NewFeedback
    ) -> FeedbackKept:
        """Keep what a resident says of an answer.

        Args:
            seq: of the answer.

        Raises:
            TokenMissingOrWrong, ConversationUnknown: the conversation is not the caller's, or is not.
            AnswerUnknown: the message is no answer.
        """
        sentence = given.sentence
        danger = await self._conversations.looked(sentence) if sentence else None
        now = self._clock.now()

        def keep(connection: Connection, sentence: str | None) -> Row[Any]:
            opened(connection, conversation_id, token)
            answer = _answer(connection, conversation_id, seq)
            if answer is None:
                raise AnswerUnknown
            judge(connection, conversation_id, answer.id, given.helpful, sentence, now)
            return answer

        if sentence is None or danger is None:
            await self._database.write(lambda c: keep(c, sentence))
            return FeedbackKept(helpful=given.helpful, is_answered=False)

        def find(connection: Connection) -> Found:
            held = repository.hold(connection, conversation_id)
            answer = keep(connection, None)
            assert held is not None  # noqa: S101 (it was opened)
            digest = hashlib.sha256(sentence.encode()).hexdigest()[:12]
            name = f"feedback-{answer.id}-{digest}"
            return Found(held, NewMessage(client_message_id=name, text=sentence))

        await self._conversations.keep_found(find, danger)
        return FeedbackKept(helpful=given.helpful, is_answered=True)


def judge(
    connection: Connection,
    conversation_id: str,
    message_id: str,
    helpful: bool,
    sentence: str | None,
    now: datetime,
) -> None:
    """Keep what is said of an answer, in place of what was said before."""
    values = {"helpful": helpful, "sentence": sentence, "at": now}
    row = {"message_id": message_id, "conversation_id": conversation_id, **values}
    if not insert_once(connection, feedback, row, unique="message_id"):
        connection.execute(
            update(feedback).where(feedback.c.message_id == message_id).values(**values)
        )


def judge_last(
    connection: Connection, conversation_id: str, helpful: bool, now: datetime
) -> None:
    """Keep what was said in words of the newest answer; nothing, if there was none."""
    newest = connection.execute(
        select(messages.c.id)
        .where(messages.c.conversation_id == conversation_id, _IS_ANSWER)
        .order_by(messages.c.seq.desc())
        .limit(1)
    ).scalar()
    if newest:
        judge(connection, conversation_id, newest, helpful, None, now)


def _answer(connection: Connection, conversation_id: str, seq: int) -> Row[Any] | None:
    return connection.execute(
        select(messages.c.id).where(
            messages.c.conversation_id == conversation_id, messages.c.seq == seq, _IS_ANSWER
        )
    ).first()
