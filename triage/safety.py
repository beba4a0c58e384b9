"""What stops everything: messages that tell of danger to life. Works with all else down.

`Safety.look` reads a resident's message before anything else does: the model (danger_model.py) says whether it
tells of danger, and a rule that matches (safety_rules.py) leans it that way, far where the danger is plain, and
names the kind. Without a model the rules alone decide, and so they do in French (safety_french.py). Missing a danger is
worse than a false alarm, which costs a resident one short text. The texts that are said are the city pack's (`safety:` in
city.yaml), by the kind of danger.
"""

from __future__ import annotations

from dataclasses import dataclass

from triage.danger_model import DangerModel
from triage.safety_french import danger_in_french
from triage.safety_lines import words_of
from triage.safety_rules import PHRASES, RULES, SAYS_ALL
from triage.safety_spellings import SPELLINGS, mended

# Only when the model is so sure is its fixed text the whole answer; below, the question is answered as well.
SURE = 0.95
# So much does a rule that matches lean the model's margin towards danger.
LEAN = 0.2
LEAN_WHERE_PLAIN = 0.7


@dataclass(frozen=True)
class Danger:
    """A danger that a message tells of."""

    kind: str  # a key of the city pack's safety texts
    says_all: bool  # the safety text is the whole answer: no machine may add to it


@dataclass(frozen=True)
class Match:
    """What a rule finds in a message."""

    kind: str
    plain: bool  # a line tells of it that ordinary messages hardly ever hold


class Safety:
    """Recognises danger; without a model it goes by the rules alone."""

    def __init__(self, model: DangerModel | None) -> None:
        self._model = model

    def look(self, text: str) -> Danger | None:
        """Return the danger that the message tells of, the gravest first; None when it tells of none."""
        if kind := danger_in_french(text):
            # The texts are in English: what the assistant says in French follows.
            return Danger(kind, says_all=False)
        rule = match(text)
        if self._model is None:
            return Danger(rule.kind, rule.kind in SAYS_ALL) if rule else None
        reading = self._model.read(mended(text), lean=lean(rule))
        if reading.danger < self._model.limit:
            return None
        if rule:
            return Danger(rule.kind, rule.kind in SAYS_ALL)
        return Danger(reading.kind, reading.kind in SAYS_ALL and reading.danger >= SURE)


def look(text: str) -> Danger | None:
    """Return the danger that a message tells of by the rules alone."""
    return Safety(None).look(text)


def lean(rule: Match | None) -> float:
    """Return how much a rule's match leans the model's margin towards danger."""
    if rule is None:
        return 0.0
    return LEAN_WHERE_PLAIN if rule.plain else LEAN


def match(text: str) -> Match | None:
    """Return what the rules find in the message: the first kind of which a line tells; None when none does."""
    found = PHRASES.find(words_of(text, SPELLINGS))
    for rule in RULES:
        if found.lines.isdisjoint(rule.tells) or not any(
            line.spans(found) for line in rule.tells
        ):
            continue
        # What the rule excuses is taken out of the message, not the message out of the rule: a gas
        # station named beside a smell of gas is still a smell of gas.
        gone = {n for line in rule.excuses for span in line.spans(found) for n in range(*span)}
        telling = [line for line in rule.tells if line.spans(found, gone)]
        if telling:
            return Match(rule.kind, plain=any(line.marked for line in telling))
    return None
