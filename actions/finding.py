"""Find what a message is about and put it into words; the same for every action that may have to answer."""

from __future__ import annotations

from actions import replies
from actions.heard import Heard
from actions.line import Line
from actions.replies import Reply
from actions.where import with_lookup
from services_catalog.live import Snapshot
from services_catalog.model import Aspect, ServiceEntry
from services_catalog.search.choose import Answer, Choices, Found, NotFound, find
from services_catalog.search.elsewhere import elsewhere
from services_catalog.search.index import Match
from services_catalog.search.matters import without_courtesies
from services_catalog.text import STOP_WORDS, words

# A message that reads as small talk is a question all the same when search is this sure of it.
SURE_ENOUGH = 0.5
# With so many telling words beside the courtesies it is a question if search finds anything for it.
MANY_WORDS = 4


def instead_of_small_talk(line: Line, said: Heard, *, fewest_words: int) -> list[Reply] | None:
    """Return the answer to a question that hides in small talk, or None when there is none.

    A message misread as a greeting must not hide its question: courtesies are taken off, and if
    enough is left and search is sure of it, it is answered.
    """
    rest = without_courtesies(said.text)
    telling = len({w for w in words(rest) if w not in STOP_WORDS})
    is_away = bool(elsewhere(rest, line.city.elsewhere, line.city.name))
    if telling < fewest_words and not is_away:
        return None
    snapshot = line.now()
    found = find(snapshot.index, rest, about=said.about, here=line.here)
    if is_away:
        return worded(found, snapshot, line, said)
    if telling >= MANY_WORDS and not all(isinstance(f, NotFound) for f in found):
        return worded(found, snapshot, line, said)
    return worded(found, snapshot, line, said) if any(is_sure(f) for f in found) else None


def is_sure(found: Found) -> bool:
    """Say whether a result is good enough to take a few words of small talk for a question."""
    if isinstance(found, Answer):
        return found.confidence >= SURE_ENOUGH
    return isinstance(found, Choices) and found.matches[0].confidence >= SURE_ENOUGH


def worded(
    found: tuple[Found, ...], snapshot: Snapshot, line: Line, said: Heard
) -> list[Reply]:
    """Return one reply for each result, in order."""
    revision, out = snapshot.catalogue.revision, []
    for result in found:
        if isinstance(result, Answer):
            told = replies.answer(result, revision, line.today(), line.city.phone)
            out.append(told if result.is_follow_up else with_lookup(line, said, told))
        elif isinstance(result, Choices):
            out.append(replies.choices(result, revision))
        else:
            out.append(
                replies.not_found(
                    result, revision, before=said.not_found_before, is_part=len(found) > 1
                )
            )
    return out


def about_entry(
    line: Line, said: Heard, entry: ServiceEntry, aspect: Aspect | None = None
) -> Reply:
    """Return the answer of an entry that is known to be meant."""
    found = Answer(
        entry.title, "the resident chose it", (Match(entry, 1.0),), entry, 1.0, aspect
    )
    told = replies.answer(found, line.now().catalogue.revision, line.today(), line.city.phone)
    return with_lookup(line, said, told)
