"""Toronto's answers as text messages: how many fit, and that none of the project's texts asks for a carrier's word."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from actions import replies, replies_places
from actions.intake.memory import IntakeMemory
from actions.replies_intake import About, question
from services_catalog.model import Aspect, ServiceEntry
from services_catalog.packs import load_city, pack_folder, read_entries
from services_catalog.search.choose import Answer
from services_catalog.search.index import Match
from services_catalog.segments import fits, outside_gsm7
from tests.support.talk import ROOT, wordings
from triage.texting import wording
from triage.texting.cutting import MORE, plain
from triage.texting.wording import LONGEST_BODY, worded, worded_turn

CITY = load_city("toronto")
ENTRIES = read_entries("toronto")
TODAY = date(2026, 11, 29)
# The quick one where it is there; both are safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
REPORT_NOW = {"choice_id": "cho_1", "label": "Report this now"}


def message_of(
    entry: ServiceEntry, aspect: Aspect | None, *, is_follow_up: bool
) -> dict[str, Any]:
    matter = f"{aspect} {entry.title}" if aspect else entry.title
    match = (Match(entry, 1.0),)
    found = Answer(matter, "a test", match, entry, 1.0, aspect, is_follow_up=is_follow_up)
    reply = replies.answer(found, 1, TODAY, CITY.phone).fields()
    return {
        "from": "assistant",
        "choices": [REPORT_NOW] if entry.requestable else [],
        **{k: reply[k] for k in ("text", "short", "outcome", "source_url") if k in reply},
    }


WHOLE = [message_of(e, None, is_follow_up=False) for e in ENTRIES]
BY_ASPECT = [
    message_of(e, aspect, is_follow_up=is_follow_up)
    for e in ENTRIES
    for aspect in sorted({f.aspect for f in e.facts})
    for is_follow_up in (False, True)
]


@pytest.mark.parametrize(("called", "messages"), [("whole", WHOLE), ("by aspect", BY_ASPECT)])
def test_each_answer_fits_a_text_message_in_its_short_words(
    called: str, messages: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    short = [plain(m.get("short") or m["text"]) for m in messages]
    too_long = [text for text in short if not fits(text)]
    with capsys.disabled():
        # A figure of the catalogue, to be seen wherever the tests run.
        fitting = len(short) - len(too_long)
        print(f"answers {called}: {fitting} of {len(short)} fit two segments")  # noqa: T201
    assert not too_long
    assert not [text for text in short if outside_gsm7(text)]


def test_an_answer_says_with_its_choices_how_to_get_the_rest_and_every_part_fits() -> None:
    offering = 0
    for message in (*WHOLE, *BY_ASPECT):
        said = worded(message)
        assert all(fits(part) for part in said.parts), message
        link = message["source_url"].partition("://")[2]
        # Where nothing but the source is left, it need not be offered; nor where that would part the answer itself.
        ending = wording.MORE_CHOICE if message["choices"] else MORE
        if said.parts[1:] not in ((), (link,)) and fits(f"{said.parts[0]}\n{ending}"):
            assert said.parts[0].endswith(f"\n{ending}"), said.parts[0]
            offering += 1
        assert said.parts[-1].endswith(link), message
    assert offering > 1_000


def test_a_safety_text_is_one_text_and_needs_no_longer_letters() -> None:
    for text in CITY.safety.values():
        (part,) = worded({"from": "assistant", "text": text, "outcome": "safety"}).parts
        assert part == plain(text)
        assert len(part) <= LONGEST_BODY
        assert not outside_gsm7(part)


def test_the_choices_that_go_on_with_a_list_are_called_alike_on_both_sides() -> None:
    assert replies_places.MORE["label"] == wording.MORE_PLACES
    assert replies_places.OTHER_SPOT["label"] == wording.OTHER_PLACE
    assert replies_places.GOES_ON == wording.MORE_CHOICE


# Carriers act on these words by themselves. What stands after one shows that it is the whole of what is asked for.
ASKED_FOR = re.compile(
    r"\b(?:reply|replying|text|send|answer|type|write|say|respond|enter|press|tap)(?:ing)?\s+"
    r"(?:back\s+|with\s+|the word\s+|either\s+)*[\"'\u201c]?"
    r"(?:yes|help|info|cancel|end|quit|stop|stopall|unsubscribe|arret|optout|revoke)"
    r"(?=[\"'\u201d.,;:!?]|$|\s+(?:or|and|to|if|for|when|now|here)\b)",
    re.IGNORECASE,
)


def written_texts() -> Iterator[tuple[str, str]]:
    """Yield everything that a resident may read, with where it stands."""
    yield from wordings().items()
    # What residents write is no text of ours.
    packs = [p for p in pack_folder("toronto").rglob("*.yaml") if p.name != "uncovered.yaml"]
    for path in sorted(packs):
        for text in _texts(yaml.load(path.read_text(encoding="utf-8"), LOADER)):  # noqa: S506 (a safe loader)
            yield path.name, text
    for folder in ("actions", "triage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield str(path.relative_to(ROOT)), node.value


def _texts(of: Any) -> Iterator[str]:
    if isinstance(of, str):
        yield of
    elif isinstance(of, dict):
        for key, value in of.items():
            if key not in ("questions", "also_called", "words"):
                yield from _texts(value)
    elif isinstance(of, list):
        for value in of:
            yield from _texts(value)


def test_no_text_asks_for_a_word_that_carriers_act_on() -> None:
    assert ASKED_FOR.search("Reply YES to go on")
    assert ASKED_FOR.search("Please answer yes or no.")
    assert ASKED_FOR.search('To end this, text "STOP".')
    assert not ASKED_FOR.search(
        'Write "start over". Say where help is needed: a stop sign is down.'
    )
    texts = list(written_texts())
    assert len(texts) > 5_000
    found = {(where, text) for where, text in texts if ASKED_FOR.search(text)}
    assert not found


def test_most_questions_of_reports_fit_with_their_choices(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = []
    for entry in ENTRIES:
        if entry.request is None:
            continue
        about = About(entry, entry.request, IntakeMemory(id="r1", service_id=entry.id), 1)
        asked += [question(about, attribute) for attribute in entry.request.attributes]
    turns = [
        worded_turn(
            [
                {
                    "from": "assistant",
                    "text": reply.filled_with["question"],
                    "outcome": reply.outcome.value,
                    "ask": reply.ask,
                    "choices": [
                        {"choice_id": "cho", "label": c["label"]} for c in reply.choices
                    ],
                }
            ]
        )
        for reply in asked
    ]
    texts = [turn.texts for turn in turns]
    # "1" is no choice where it may be how many there are.
    assert sum(text.endswith('Or text "Skip this".') for (text,) in texts) == 3
    fitting = sum(fits(text) for (text,) in texts)
    with capsys.disabled():
        # A figure of the catalogue, to be seen wherever the tests run.
        print(f"questions of reports: {fitting} of {len(texts)} fit two segments")  # noqa: T201
    assert fitting / len(texts) >= 0.97
