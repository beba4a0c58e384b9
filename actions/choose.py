"""Take a pick among the choices that were offered: tapped, or said in words; yes and no as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import replies
from actions.ability import Ability
from actions.ask_person import person
from actions.finding import about_entry, instead_of_small_talk, worded
from actions.heard import Heard
from actions.intake.forms import is_no, is_yes
from actions.judging import Judged
from actions.line import Line
from actions.names import Action, Outcome, Wording
from actions.picking import Said, pick
from actions.replies import PERSON, Reply
from actions.where import chosen_place
from services_catalog.model import Aspect
from services_catalog.search.choose import NotFound, find


class Choose(Ability):
    """Answer what was picked."""

    action = Action.CHOOSE

    def replies(self, said: Heard) -> list[Reply]:
        """Return the replies."""
        return choose(self.line, said)


def choose(line: Line, said: Heard) -> list[Reply]:
    """Return the replies to a pick, a yes or a no."""
    if said.choice is not None:
        return [chosen(line, said, said.choice)]
    taken = picked(line, said)
    if taken:
        return taken
    if not (is_yes(said.text) or is_no(said.text)):
        # A single word ("noise") reads like a no, and is none.
        snapshot = line.now()
        found = find(snapshot.index, said.text, about=said.about, here=line.here)
        if not all(isinstance(f, NotFound) for f in found):
            return worded(found, snapshot, line, said)
    # "Yes, but how much is it?" asks; a bare "yes" to nothing is only polite.
    hidden = instead_of_small_talk(line, said, fewest_words=2)
    return hidden or [replies.small_talk(Wording.ACKNOWLEDGE)]


def picked(line: Line, said: Heard) -> list[Reply] | None:
    """Return the replies to what a message picks among the choices offered, or None: it picks nothing."""
    taken = pick(said.text, said.offered)
    if taken is Said.YES:
        return [offered_again(said)]
    if taken is Said.NO:
        return [replies.small_talk(Wording.ACKNOWLEDGE)]
    if taken is Said.NONE_OF_THESE:
        return [Reply(Outcome.NOT_FOUND, wording=Wording.NONE_OF_THESE, choices=(PERSON,))]
    return [chosen(line, said, offered.value) for offered in taken] if taken else None


def chosen(line: Line, said: Heard, value: Mapping[str, Any]) -> Reply:
    """Return the reply to one choice by its value."""
    if value.get("move") == "person":
        return person()
    if value.get("judged") in set(Judged):
        return replies.judged(Judged(value["judged"]))
    if place := chosen_place(line, said, value):
        return place
    snapshot = line.now()
    entry = snapshot.catalogue.by_id.get(value.get("service_id", ""))
    if entry is None:
        # The entry was withdrawn after it was offered.
        gone = NotFound(str(value.get("service_id", "")), "the entry chosen is no longer there")
        return replies.not_found(gone, snapshot.catalogue.revision, before=0)
    aspect = Aspect(value["aspect"]) if value.get("aspect") in set(Aspect) else None
    return about_entry(line, said, entry, aspect)


def offered_again(said: Heard) -> Reply:
    """Return the choices that are open once more."""
    again = [
        {"label": o.label, "service_id": o.service_id, "value": dict(o.value)}
        for o in said.offered
    ]
    return Reply(Outcome.CHOICES, wording=Wording.WHICH_AGAIN, choices=again)
