"""What stops everything: messages that tell of danger to life. Works with all else down.

`Safety.look` reads a resident's message before anything else does: the model (danger_model.py) says whether it
tells of danger, and a rule that matches (safety_rules.py) leans it that way and names the kind. Without a model
the rules alone decide. Missing a danger is worse than a false alarm, which costs a resident one short text. The
texts that are said are the city pack's (`safety:` in city.yaml), by the kind of danger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from triage.danger_model import DangerModel
from triage.safety_rules import RULES, SAYS_ALL, SPELLINGS

# Only when the model is so sure is its fixed text the whole answer; below, the question is answered as well.
SURE = 0.95

_SPELLING = re.compile(r"\b(" + "|".join(map(re.escape, SPELLINGS)) + r")\b")


@dataclass(frozen=True)
class Danger:
    """A danger that a message tells of."""

    kind: str  # a key of the city pack's safety texts
    says_all: bool  # the safety text is the whole answer: no machine may add to it


class Safety:
    """Recognises danger; without a model it goes by the rules alone."""

    def __init__(self, model: DangerModel | None) -> None:
        self._model = model

    def look(self, text: str) -> Danger | None:
        """Return the danger that the message tells of, the gravest first; None when it tells of none."""
        kind = kind_by_rule(text)
        if self._model is None:
            return Danger(kind, kind in SAYS_ALL) if kind else None
        reading = self._model.read(text, rule=kind is not None)
        if reading.danger < self._model.limit:
            return None
        if kind:
            return Danger(kind, kind in SAYS_ALL)
        return Danger(reading.kind, reading.kind in SAYS_ALL and reading.danger >= SURE)


def look(text: str) -> Danger | None:
    """Return the danger that a message tells of by the rules alone."""
    return Safety(None).look(text)


def kind_by_rule(text: str) -> str | None:
    """Return the kind of danger that a rule finds in the message; None when none does."""
    plain = _plain(text)
    for rule in RULES:
        # What the rule excuses is taken out of the message, not the message out of the rule: a gas
        # station named beside a smell of gas is still a smell of gas.
        rest = rule.excuses.sub(" ", plain) if rule.excuses else plain
        if rule.tells.search(rest):
            return rule.kind
    return None


def _plain(text: str) -> str:
    """Return the words in small letters, plain quotes, common misspellings mended, single spaces."""
    low = text.lower().replace("\u2019", "'").replace("\u2018", "'").replace("`", "'")
    low = re.sub(r"(.)\1{2,}", r"\1\1", low)
    low = " ".join(re.sub(r"[^a-z0-9'$.?! ]+", " ", low).split())
    return _SPELLING.sub(lambda m: SPELLINGS[m[1]], low)
