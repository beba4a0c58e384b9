"""How well messages are put into groups by meaning: `python -m evaluation.grouping`.

5,000 messages are made of the development questions and of misspelt copies of them. A group is pure as far as its messages are
about one entry; a matter is whole as far as its messages are in one group. The questions that judge are not read here.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from evaluation.questions import DEVELOPMENT, Kind, misspelt, read_questions
from services_catalog.encoder import open_encoder
from services_catalog.search.vectors import VectorMemory
from triage.learning.grouping import ALIKE, ALIKE_BY_LETTERS, Group, by_letters, grouped

MESSAGES = 5_000


@dataclass(frozen=True)
class Judged:
    """How good groups are."""

    groups: int
    pure: float  # of all messages, those about what most of their group are about
    whole: float  # of all messages, those in the group that has most of their matter
    in_groups_of_three: float

    def __str__(self) -> str:
        return (
            f"{self.groups} groups; purity {self.pure:.3f}; wholeness {self.whole:.3f}; "
            f"{self.in_groups_of_three:.1%} of the messages in groups of three and more"
        )


def made(number: int, seed: int = 311) -> list[tuple[str, str]]:
    """Return so many messages, each with the entry that it is about, in an order drawn by lot."""
    questions = [
        q
        for q in read_questions(DEVELOPMENT)
        if q.accepted and q.kind not in (Kind.SEVERAL, Kind.CHIT_CHAT)
    ]
    out: list[tuple[str, str]] = []
    for copy in count():
        asked = misspelt(questions, seed=seed + copy) if copy else questions
        out += [(q.text, min(q.accepted)) for q in asked]
        if len(out) >= number:
            break
    out = out[:number]
    random.Random(seed).shuffle(out)  # noqa: S311 (nothing secret)
    return out


def judged(groups: Sequence[Group], entries: Sequence[str]) -> Judged:
    """Return how good groups are, given what each message is about."""
    most = sum(Counter(entries[n] for n in members).most_common(1)[0][1] for members in groups)
    parts: dict[str, Counter[int]] = defaultdict(Counter)
    for number, members in enumerate(groups):
        for n in members:
            parts[entries[n]][number] += 1
    together = sum(found.most_common(1)[0][1] for found in parts.values())
    large = sum(len(members) for members in groups if len(members) >= 3)
    total = len(entries)
    return Judged(len(groups), most / total, together / total, large / total)


def as_sets(groups: Sequence[Group], texts: Sequence[str]) -> set[frozenset[str]]:
    """Return groups as what is said in them, to compare them whatever the order."""
    return {frozenset(texts[n] for n in members) for members in groups}


def main() -> int:
    """Group the messages; print how good the groups are, how long it takes, and whether another order changes them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--alike", type=float, nargs="*", help="other limits, to compare")
    options = parser.parse_args()
    messages = made(options.messages)
    texts, entries = [m[0] for m in messages], [m[1] for m in messages]
    encoder = open_encoder()
    ways = {"by letters": (by_letters(texts), ALIKE_BY_LETTERS)}
    if encoder:
        ways = {"by meaning": (VectorMemory(encoder).vectors(texts), ALIKE)} | ways
    same = True
    for way, (vectors, limit) in ways.items():
        for alike in options.alike or [limit]:
            start = time.perf_counter()
            groups = grouped(texts, vectors, alike)
            seconds = time.perf_counter() - start
            print(f"{way}, alike from {alike}: {judged(groups, entries)}; {seconds:.1f} s")
        order = list(range(len(texts)))
        random.Random(1).shuffle(order)  # noqa: S311 (nothing secret)
        again = grouped([texts[n] for n in order], vectors[order], alike)
        is_same = as_sets(again, [texts[n] for n in order]) == as_sets(groups, texts)
        same &= is_same
        print(f"{way}: {'the same' if is_same else 'OTHER'} groups in another order")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
