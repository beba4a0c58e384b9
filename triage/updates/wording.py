"""In what words news are told: the pack's, or these. Pure: a case and its news in, a message out.

What is told is what anybody with the reference may know (triage/cases/public.py), so that who joined hears nothing about
the one who reported it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from textwrap import shorten

from services_catalog.segments import fits
from triage.cases.case import Case
from triage.cases.public import Asking, in_words, next_step
from triage.cases.workflow import OUTCOMES
from triage.updates.told import News

# Words that a sentence of staff keeps at least, in a text message that has no room for all of it.
FEWEST_CHARACTERS = 40


@dataclass(frozen=True)
class Words:
    """The words of a pack, with these names in braces: {reference}, {what}, {division}, and those named beside each."""

    yours: str = "News about your report {reference} ({what})."
    joined: str = "News about report {reference} ({what}), which you joined."
    started: str = "{division} has started the work."
    asked: str = "{division} has a question for you: {told}"  # told: the question
    delayed: str = "It takes longer than we said. {told}"  # told: why
    promised: str = "There is a new date: they aim to finish by {day}."  # day
    resolved: str = "{outcome} {told}"  # outcome: what it means; told: what came of it
    reopened: str = "It is open again."
    withdrawn: str = "It was taken back."
    no_more: str = 'If you want no more news about it, write "no more updates".'
    # By text message, the reference first.
    text_yours: str = "{reference}, your report ({what}):"
    text_joined: str = "{reference}, a report you joined ({what}):"
    text_more: str = "Text {reference} for all of it."

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return what a pack may word itself."""
        return tuple(f.name for f in fields(cls))


# What each may have in braces beside {reference}, {what} and {division}.
FILLED_WITH: Mapping[str, tuple[str, ...]] = {
    "asked": ("told",),
    "delayed": ("told",),
    "promised": ("day",),
    "resolved": ("told", "outcome"),
}
ALWAYS = ("reference", "what", "division")

# After these, what happens next is said too; the others say it, or it has not changed.
_SAYS_NEXT = frozenset({News.STARTED, News.ASKED, News.RESOLVED, News.REOPENED, News.WITHDRAWN})


@dataclass(frozen=True)
class Update:
    """A message that tells news: whole, and as a text message."""

    text: str
    short: str
    next: str


def worded(
    news: Sequence[News],
    case: Case,
    asking: Asking,
    words: Words,
    *,
    has_joined: bool,
    is_first: bool,
) -> Update:
    """Return news that are all true of a case, as one message.

    Args:
        has_joined: it is told to somebody who joined it, not to the one who reported it.
        is_first: they were told nothing about this case before, so it is said how to have it stopped.
    """
    filled = {
        "reference": case.reference,
        "what": _lower(case.service_name),
        "division": case.division,
    }
    told = [_sentence(n, case, asking, words, filled) for n in news]
    is_said = News.DELAYED in news  # what happens next would say the reason again
    next_ = next_step(case, asking) if _SAYS_NEXT & set(news) and not is_said else ""
    head = (words.joined if has_joined else words.yours).format(**filled)
    last = words.no_more.format(**filled) if is_first else ""
    text = " ".join(part for part in (head, *told, next_, last) if part)
    opening = (words.text_joined if has_joined else words.text_yours).format(**filled)
    more = words.text_more.format(**filled)
    return Update(text, _short(opening, told, next_, more), next_step(case, asking))


def _sentence(
    news: News, case: Case, asking: Asking, words: Words, filled: Mapping[str, str]
) -> str:
    more: dict[str, str] = {}
    match news:
        case News.ASKED:
            more["told"] = case.asked or ""
        case News.DELAYED:
            more["told"] = case.delay_reason or ""
        case News.RESOLVED:
            more["outcome"] = OUTCOMES[case.outcome].told if case.outcome else ""
            more["told"] = case.outcome_sentence or ""
        case News.PROMISED if case.due_at:
            more["day"] = in_words(case.due_at, asking.now, asking.zone)
    return str(getattr(words, news.value)).format(**filled, **more).strip()


def _short(opening: str, told: Sequence[str], next_: str, more: str) -> str:
    """Return it in two segments: with what happens next, or without, or with as much as there is room for."""
    said = " ".join((opening, *told))
    for whole in (f"{said} {next_}".strip(), f"{said} {more}"):
        if fits(whole):
            return whole
    room = len(said)
    while room > len(opening) + FEWEST_CHARACTERS:
        cut = f"{shorten(said, room, placeholder='...')} {more}"
        if fits(cut):
            return cut
        room -= 4
    return f"{opening} {more}"


def _lower(name: str) -> str:
    """Return a service's name as it stands in a sentence; abbreviations stay as they are."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
