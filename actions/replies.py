"""How what was found reads to a resident. Pure: values in, replies out.

Answers are composed of the catalogue's own texts; every other sentence is a `Wording` of bot/domain/, but for
the few words that tie a fact to its age, and "tell me here". What takes more than a text message has short words beside
the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions.judging import CHOICES, Judged
from actions.names import Outcome, Wording
from actions.replies_follow_up import CALLED, facts_near, sentences_about
from services_catalog.fact_ages import age_of, ages_in_summary
from services_catalog.model import Aspect, Fact, ServiceEntry
from services_catalog.search.aspects import aspect_of
from services_catalog.search.choose import Answer, Choices, NotFound
from services_catalog.search.index import Match
from services_catalog.segments import fits
from services_catalog.text import terms, words
from services_catalog.wording import past_review, past_review_short, report_here

MOST_FACTS = 2
# A sentence of the summary that shares this much of its words with a fact just told is not said again.
SAME_SHARE = 0.6
MOST_MATCHES = 5

# The entry about which it was asked whether the answer helped: it is asked once.
ASKED_WHETHER_IT_HELPED = "asked_whether_it_helped"

PERSON = {"label": "Talk to a person", "service_id": None, "value": {"move": "person"}}


@dataclass(frozen=True)
class Reply:
    """One reply: its words (a text, or a wording to be filled), and where they come from."""

    outcome: Outcome
    text: str = ""
    short: str = ""  # what a text message says in place of it; empty: the same
    # What the City says just now, to stand before the words: "text", and "short" for a text message.
    notice: Mapping[str, str] = field(default_factory=dict)
    wording: Wording | None = None
    filled_with: Mapping[str, str] = field(default_factory=dict)
    service_id: str | None = None
    revision: int | None = None
    confidence: float | None = None
    source_url: str | None = None
    last_verified: str | None = None
    choices: Sequence[Mapping[str, Any]] = ()
    places: Sequence[Mapping[str, Any]] = ()
    location: Mapping[str, Any] | None = None
    case: Mapping[str, Any] | None = None
    matter: str = ""  # the words that choices are offered for
    ask: str = ""  # what is asked for besides words: "location", "photo" or "number"
    # What to know with the next message; None forgets.
    remember: Mapping[str, Any] = field(default_factory=dict)
    judged: str = ""  # what the resident said of the answer before (judging.py)
    unanswered: bool = False
    matches: Sequence[Mapping[str, Any]] = ()
    # Why a person is wanted: "asked", "not_found". Where there are people, triage says so in place of all this.
    hand_over: str = ""

    def fields(self) -> dict[str, Any]:
        """Return what travels beside the words, without what does not apply."""
        told = {
            "text": self.text,
            "short": "" if self.short == self.text else self.short,
            "notice": dict(self.notice),
            "outcome": self.outcome.value,
            "service_id": self.service_id,
            "revision": self.revision,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "source_url": self.source_url,
            "last_verified": self.last_verified,
            "choices": list(self.choices),
            "places": list(self.places),
            "location": self.location,
            "case": self.case,
            "ask": self.ask,
            "remember": dict(self.remember),
            "judged": self.judged,
            "unanswered": self.unanswered,
            "matches": list(self.matches),
            "hand_over": self.hand_over,
        }
        return {k: v for k, v in told.items() if v not in (None, "", [], {}, False)}


def answer(found: Answer, revision: int, today: date, phone: str) -> Reply:
    """Say what an entry says: the fact that was asked for first, if one was."""
    return Reply(
        Outcome.ANSWER,
        text=spoken(found, today, phone),
        short=briefly(found, today, phone),
        service_id=found.entry.id,
        revision=revision,
        confidence=found.confidence,
        source_url=found.entry.source_url,
        last_verified=found.entry.last_verified.isoformat(),
        matches=_matches(found.matches),
    )


def choices(found: Choices, revision: int) -> Reply:
    """Offer what may be meant; put the deciding question where there is one."""
    aspect = aspect_of(found.matter)
    options = [
        {"label": o.label, "service_id": o.entry.id, "value": _value(o.entry.id, aspect)}
        for o in found.options
    ]
    return Reply(
        Outcome.CHOICES,
        text=found.question,
        wording=None if found.question else _which(options),
        revision=revision,
        confidence=found.matches[0].confidence if found.matches else None,
        choices=options,
        matter=found.matter,
        matches=_matches(found.matches),
    )


def _which(options: Sequence[Any]) -> Wording:
    return Wording.WHICH if len(options) > 1 else Wording.DO_YOU_MEAN


def not_found(found: NotFound, revision: int, *, before: int, is_part: bool = False) -> Reply:
    """Say that nothing was found; the second time in a row, have a person take it, or say how to reach one now."""
    if found.elsewhere:
        wording, filling = Wording.ELSEWHERE, {"place": found.elsewhere}
    elif is_part:
        wording, filling = Wording.NOT_FOUND_MATTER, {"matter": _quoted(found.matter)}
    else:
        wording, filling = (Wording.NOT_FOUND_AGAIN if before else Wording.NOT_FOUND), {}
    return Reply(
        Outcome.NOT_FOUND,
        wording=wording,
        filled_with=filling,
        revision=revision,
        choices=(PERSON,),
        unanswered=True,
        matches=_matches(found.matches),
        hand_over="not_found" if wording is Wording.NOT_FOUND_AGAIN else "",
    )


def not_read(notice: str) -> Reply:
    """Say, in their own language, that what somebody wrote in it is not read here, and who can be called."""
    return Reply(Outcome.NOT_FOUND, text=notice, choices=(PERSON,), unanswered=True)


def reported_here(reply: Reply, phone: str) -> Reply:
    """Return an answer about what can be reported here with that offered where it says to call or to go to a website."""
    return replace(
        reply, text=report_here(reply.text, phone), short=report_here(reply.short, phone)
    )


def not_reportable(entry: ServiceEntry, revision: int, today: date, phone: str) -> Reply:
    """Say that no report is taken about an entry, and whom to call."""
    whom = sentences_about(entry.summary, Aspect.CONTACT)
    whom = whom or _told(entry.facts_about(Aspect.CONTACT)[:1], today, phone)
    return Reply(
        Outcome.ANSWER,
        text=f'I cannot take a report about "{entry.title}" here. {whom or f"Call {phone}."}',
        service_id=entry.id,
        revision=revision,
        source_url=entry.source_url,
        last_verified=entry.last_verified.isoformat(),
    )


def small_talk(wording: Wording) -> Reply:
    """Say one of the fixed texts."""
    return Reply(Outcome.SMALL_TALK, wording=wording)


def thanks(about: str) -> Reply:
    """Say that they are welcome, and ask whether the answer about an entry helped."""
    return Reply(
        Outcome.SMALL_TALK,
        wording=Wording.THANKS,
        choices=CHOICES,
        remember={ASKED_WHETHER_IT_HELPED: about},
    )


def judged(what: Judged | None) -> Reply:
    """Thank for what was said of the answer before; where it did not help, ask for other words and offer a person."""
    if what is Judged.HELPFUL:
        return Reply(Outcome.SMALL_TALK, wording=Wording.FEEDBACK_HELPFUL, judged=what)
    return Reply(
        Outcome.SMALL_TALK, wording=Wording.FEEDBACK, judged=what or "", choices=(PERSON,)
    )


def spoken(found: Answer, today: date, phone: str) -> str:
    """Return an answer's words; `phone` is where the city confirms what is not verified."""
    entry = found.entry
    facts = _asked_facts(found)
    if facts:
        told = _told(facts, today, phone)
        rest = "" if found.is_follow_up else summary_without(entry.summary, facts)
        parts = [told, rest]
    elif found.is_follow_up:
        parts = _followed_up(found, entry.summary, today, phone)
    else:
        parts = [entry.summary, *ages_in_summary(entry, today)]
    return "\n\n".join(p for p in [*parts, *past_review(entry, today)] if p)


def briefly(found: Answer, today: date, phone: str) -> str:
    """Return an answer's words for a text message: the facts that were asked for alone, or the entry's short words."""
    entry, aspect = found.entry, found.aspect
    if facts := _asked_facts(found):
        told = _told(facts, today, phone)
        if aspect and not fits(told):
            told = _told(best_facts(entry, aspect, found.matter, most=1), today, phone)
        parts = [told]
    elif found.is_follow_up:
        parts = _followed_up(found, entry.sms, today, phone)
    else:
        parts = [entry.sms]
    # First: what stands behind may come only with the next text.
    return "\n".join([*past_review_short(entry, today), *parts])


def _asked_facts(found: Answer) -> list[Fact]:
    aspect = found.aspect
    # What it is, how and where are what a summary says; a follow-up asks for more than that.
    is_summary = aspect in (Aspect.HOW, Aspect.WHAT, Aspect.WHERE) and not found.is_follow_up
    return best_facts(found.entry, aspect, found.matter) if aspect and not is_summary else []


def _followed_up(found: Answer, summary: str, today: date, phone: str) -> list[str]:
    """Return what is said of an entry just discussed where no fact is known for what is asked."""
    entry, aspect = found.entry, found.aspect
    if aspect in (None, Aspect.HOW, Aspect.WHAT, Aspect.WHERE):
        about = f'I take it that this is about "{entry.title}".'
        return [about, _told(facts_near(entry, found.matter), today, phone) or summary]
    if sentences := sentences_about(entry.summary, aspect):
        return [sentences]
    whom = _told(entry.facts_about(Aspect.CONTACT)[:1], today, phone)
    whom = whom or f"Call {entry.contact.phone or phone} to ask."
    return [whom if aspect is Aspect.CONTACT else f"I do not know {CALLED[aspect]}. {whom}"]


def _told(facts: Sequence[Fact], today: date, phone: str) -> str:
    """Return the facts' words; what is to be said of several in a row in the same way is said once, behind them."""
    notes = [_note(f, today, phone) for f in facts]
    following = [*notes, ""][1:]
    told = [
        fact.text if note == then else f"{fact.text}{note}"
        for fact, note, then in zip(facts, notes, following, strict=True)
    ]
    return " ".join(told)


def best_facts(
    entry: ServiceEntry, aspect: Aspect, matter: str, *, most: int = MOST_FACTS
) -> list[Fact]:
    """Return the facts of an aspect that are nearest to the question, in the maintainer's order."""
    facts = entry.facts_about(aspect)
    asked = set(terms(words(matter)))
    shared = [len(asked & set(terms(words(f.text)))) for f in facts]
    nearest = sorted(range(len(facts)), key=lambda n: (-shared[n], n))[:most]
    return [facts[n] for n in sorted(nearest)]


def with_age(fact: Fact, today: date, phone: str) -> str:
    """Return a fact's words, with its age where it is old or not known, and advice to check where it is not verified."""
    return f"{fact.text}{_note(fact, today, phone)}"


def _note(fact: Fact, today: date, phone: str) -> str:
    notes = [age] if (age := age_of(fact, today)) else []
    if fact.unverified:
        notes.append(f"please check with {phone}")
    note = "; ".join(notes)
    return f" ({note[0].upper()}{note[1:]}.)" if note else ""


def summary_without(summary: str, told: Sequence[Fact]) -> str:
    """Return a summary without the sentences that say again what was just told."""
    said = set(terms(w for f in told for w in words(f.text)))
    kept = []
    for sentence in re.split(r"(?<=[.!?])\s+", summary):
        telling = set(terms(words(sentence)))
        if not telling or len(telling & said) / len(telling) < SAME_SHARE:
            kept.append(sentence)
    return " ".join(kept)


def _value(service_id: str, aspect: Aspect | None) -> dict[str, str]:
    value = {"service_id": service_id}
    # The fact that was asked for is still wanted after the pick.
    return value | {"aspect": aspect.value} if aspect else value


def _matches(matches: Sequence[Match]) -> list[dict[str, Any]]:
    return [
        {"service_id": m.entry.id, "confidence": round(m.confidence, 4)}
        for m in matches[:MOST_MATCHES]
    ]


def _quoted(matter: str) -> str:
    plain = " ".join(matter.split())
    return plain if len(plain) <= 80 else f"{plain[:77].rsplit(' ', 1)[0]}..."
