"""What residents were promised, and what they got: counted from what they saw, from the carrier's log, and from the
database, which must agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Engine, select

from services_catalog.references import find_reference
from tests.chaos.residents import Texter, Visitor
from tests.triage.texting.carrier import CarrierTwin
from triage.cases.tables import cases
from triage.conversations.schemas import Outcome
from triage.conversations.tables import inbox, messages
from triage.texting.tables import carrier_messages, senders, texts


@dataclass
class Ledger:
    """The counts, and by kind whatever must not be."""

    acknowledged: int = 0
    kills: int = 0
    # Proof that something failed at all: asked again by the page; answered 503; nobody there; taken from the log.
    turned_away: int = 0
    refused: int = 0
    not_handed_over: int = 0
    handed_over_again: int = 0
    found_in_log: int = 0
    overtaken: int = 0
    asked_again: int = 0
    in_doubt: int = 0
    sent_again: int = 0
    # Given up, where staff see it.
    failures: int = 0
    filed: int = 0
    lost: list[str] = field(default_factory=list)
    kept_twice: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    answered_twice: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    without_case: list[str] = field(default_factory=list)
    # Each conversation by the page as it was kept, for whoever wants to look at more.
    conversations: list[list[dict[str, Any]]] = field(default_factory=list, repr=False)

    def is_clean(self) -> bool:
        """Say whether nothing is there that must not be."""
        return not any(
            getattr(self, f.name)
            for f in fields(self)
            if f.name != "conversations" and isinstance(getattr(self, f.name), list)
        )

    def told(self) -> str:
        """Return the counts in one line."""
        told = {f.name: getattr(self, f.name) for f in fields(self) if f.repr}
        return ", ".join(
            f"{name.replace('_', ' ')} {len(n) if isinstance(n, list) else n}"
            for name, n in told.items()
        )


def count_pages(ledger: Ledger, visitors: Sequence[Visitor]) -> None:
    """Add up the conversations by the page, once all is answered."""
    with ThreadPoolExecutor(len(visitors)) as pool:
        for visitor, said in zip(visitors, pool.map(Visitor.read_all, visitors), strict=True):
            ledger.turned_away += visitor.turned_away
            ledger.conversations.append(said)
            _count_page(ledger, visitor.acknowledged, said)


def _count_page(ledger: Ledger, acknowledged: list[str], said: list[dict[str, Any]]) -> None:
    ledger.acknowledged += len(acknowledged)
    kept = Counter(m["id"] for m in said if m["from"] == "resident")
    ledger.lost += [m for m in acknowledged if not kept[m]]
    # More than was acknowledged: kept under two ids, as nothing that was sent was not acknowledged in the end.
    ledger.kept_twice += [m for m in kept if m not in acknowledged]
    ledger.kept_twice += [m for m, times in Counter(acknowledged).items() if times > 1]
    answers: dict[str, set[str]] = defaultdict(set)
    for message in said:
        if message["from"] == "assistant":
            # An answer may have several parts, which are stored at one moment; two answers are two moments.
            answers[message["in_reply_to"]].add(message["created_at"])
    order = list(answers)
    ledger.unanswered += [m for m in acknowledged if m not in answers]
    ledger.answered_twice += [m for m, moments in answers.items() if len(moments) > 1]
    if order != [m for m in acknowledged if m in answers]:
        ledger.out_of_order.append(said[0]["id"])


def count_texts(
    ledger: Ledger, texters: Sequence[Texter], carrier: CarrierTwin, engine: Engine
) -> None:
    """Add up what was texted, once nothing waits any more."""
    for texter in texters:
        ledger.acknowledged += len(texter.acknowledged)
        ledger.turned_away += texter.turned_away
        ledger.refused += texter.refused
        ledger.not_handed_over += texter.not_handed_over
        ledger.handed_over_again += texter.handed_over_again
        ledger.overtaken += texter.overtaken
    with engine.connect() as connection:
        _count_kept(ledger, connection, texters, carrier)
        _count_cases(ledger, connection)


def _count_kept(
    ledger: Ledger, connection: Connection, texters: Sequence[Texter], carrier: CarrierTwin
) -> None:
    said = connection.execute(select(messages).order_by(messages.c.seq)).all()
    in_inbox = {row.message_id: row for row in connection.execute(select(inbox))}
    ledger.asked_again += sum(row.attempts > 1 for row in in_inbox.values())
    out = defaultdict(list)
    for text in connection.execute(select(texts)):
        out[text.message_id].append(text)
    ledger.in_doubt += sum(t.ambiguous > 0 for rows in out.values() for t in rows)
    kept = {m.client_message_id: m for m in said if m.sender == "resident"}
    answers = defaultdict(list)
    for m in said:
        if m.in_reply_to and m.outcome != Outcome.OUTAGE.value:
            answers[m.in_reply_to].append(m)
    from_log = set(
        connection.scalars(
            select(carrier_messages.c.sid).where(carrier_messages.c.source == "log")
        )
    )
    ledger.found_in_log += len(from_log)
    owners = Counter(connection.scalars(select(senders.c.conversation_id)))
    ledger.kept_twice += [c for c, times in owners.items() if times > 1]
    times_kept = Counter(m.client_message_id for m in said if m.sender == "resident")
    for texter in texters:
        mine = [kept[sid] for sid in texter.sids if sid in kept]
        ledger.lost += [sid for sid in texter.sids if sid not in kept]
        ledger.kept_twice += [sid for sid in texter.sids if times_kept[sid] > 1]
        ledger.kept_twice += [texter.number] * (len({m.conversation_id for m in mine}) > 1)
        order = sorted(mine, key=lambda m: m.seq)
        # What was acknowledged before the next was handed over stands before it, unless the log told of the next sooner.
        handed_over = [sid for sid in texter.acknowledged if sid not in from_log]
        taken = set(handed_over)
        if [m.client_message_id for m in order if m.client_message_id in taken] != handed_over:
            ledger.out_of_order.append(f"kept: {texter.number}")
        _count_heard(ledger, texter.number, order, answers, in_inbox, out, carrier)


def _count_heard(
    ledger: Ledger,
    number: str,
    asked: Sequence[Any],
    answers: dict[str, list[Any]],
    in_inbox: dict[str, Any],
    out: dict[str, list[Any]],
    carrier: CarrierTwin,
) -> None:
    """Compare what one number asked with what came to it, in the order in which it was asked."""
    heard = carrier.sent_to(number)
    times, first = Counter(heard), {body: n for n, body in reversed(list(enumerate(heard)))}
    order = []
    for message in asked:
        mine = answers[message.id]
        if len(mine) > 1:
            ledger.answered_twice.append(message.id)
        if not mine:
            is_given_up = in_inbox[message.id].dead_at is not None
            ledger.failures += is_given_up
            ledger.unanswered += [] if is_given_up else [message.id]
        for text in (t for answer in mine for t in out[answer.id]):
            came = times[text.body]
            ledger.sent_again += came == 2
            # At most once more, and only where the carrier's answer left it in doubt.
            if came > (2 if text.ambiguous else 1):
                ledger.answered_twice.append(text.id)
            if came:
                order.append(first[text.body])
            elif text.dead_at and text.last_error:
                ledger.failures += 1
            else:
                ledger.unanswered.append(text.id)
        ledger.unanswered += [a.id for a in mine if not out[a.id]]
    if order != sorted(order):
        ledger.out_of_order.append(f"heard: {number}")


def _count_cases(ledger: Ledger, connection: Connection) -> None:
    """Hold what was said to be filed against the cases: each has its own, and no message has two."""
    opened = {row.reference: row.key for row in connection.execute(select(cases))}
    filed = connection.execute(
        select(messages).where(messages.c.outcome == Outcome.CASE_OPENED.value)
    ).all()
    ledger.filed += len(filed)
    for message in filed:
        if opened.get(find_reference(message.text) or "") != message.in_reply_to:
            ledger.without_case.append(message.id)
    told = {message.in_reply_to for message in filed}
    ledger.without_case += [key for key in opened.values() if key not in told]
