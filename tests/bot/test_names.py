"""The assistant's files and the actions share names; nothing else would notice when they part."""

import re
from pathlib import Path
from typing import Any

import yaml

from actions.names import Action, Move, Wording
from actions.wiring import ABILITIES
from tests.support.talk import ACTION_FOR, wordings

BOT = Path(__file__).parents[2] / "bot"
# What a wording may name in braces: the city's own, and the part of a message that was not understood.
FILLED = {
    "city", "phone", "phone_and_hours", "phone_anywhere", "website", "like_address", "like_corner", "like_postal_code",
    "matter", "place", "opening", "what", "whose", "note", "many", "list", "told",
    "entry", "question", "metres", "who", "division", "reference", "next", "when",
}  # fmt: skip


def read(path: str) -> Any:
    return yaml.safe_load((BOT / path).read_text(encoding="utf-8"))


def test_every_move_is_an_intent_of_the_assistant() -> None:
    assert set(read("domain/intents.yml")["intents"]) == set(Move) - {Move.UNCLEAR}


def test_every_action_is_in_the_domain_and_has_an_ability() -> None:
    assert set(read("domain/actions.yml")["actions"]) == set(Action)
    assert {ability.action for ability in ABILITIES} == set(Action)


def test_every_wording_is_in_every_language_and_nothing_else_is() -> None:
    languages = [f.suffixes[-2].lstrip(".") for f in (BOT / "domain").glob("responses.*.yml")]
    assert "en" in languages
    for language in languages:
        assert set(wordings(language)) == set(Wording), language


def test_wordings_name_only_what_the_actions_fill_in() -> None:
    for name, text in wordings().items():
        assert set(re.findall(r"{(.*?)}", text)) <= FILLED, name


def test_each_move_has_one_rule_and_goes_to_the_action_that_the_tests_assume() -> None:
    rules = {}
    for rule in read("data/rules/moves.yml")["rules"]:
        intent, action = rule["steps"]
        assert intent["intent"] not in rules
        rules[intent["intent"]] = action["action"]
    assert rules == {move: ACTION_FOR.get(move, Action.ANSWER) for move in Move}


def test_each_move_has_examples_and_no_example_stands_under_two() -> None:
    seen: dict[str, str] = {}
    for file in (BOT / "data" / "nlu").glob("*.yml"):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            examples = [x.removeprefix("- ").strip() for x in group["examples"].splitlines()]
            assert len(examples) >= 20, group["intent"]
            for example in examples:
                where = seen.setdefault(example.lower(), group["intent"])
                assert where == group["intent"], (
                    f"{example!r} is both {where} and {group['intent']}"
                )
    # A photo is never said in words.
    assert set(seen.values()) == set(Move) - {Move.UNCLEAR, Move.GIVE_PHOTO}


def test_no_wording_claims_what_nobody_does() -> None:
    for name, text in wordings().items():
        for claim in ("filed", "submitted", "will call you", "transferring", "connecting you"):
            assert claim not in text.lower(), name


def test_only_a_wording_that_names_a_reference_says_that_something_was_sent() -> None:
    for name, text in wordings().items():
        if re.search(
            r"\b(?:is|was|been|are) (?:sent|received|opened|reported)\b", text.lower()
        ):
            assert "{reference}" in text, name


def test_no_wording_asks_for_a_word_that_belongs_to_a_carrier() -> None:
    words = "yes|help|info|cancel|end|quit|stop|unsubscribe|start"
    asking = re.compile(
        rf"\b(?:reply|write|text|send|answer|type) [\"']?(?:{words})\b", re.IGNORECASE
    )
    for name, text in wordings().items():
        assert not asking.search(text), name


def test_the_locked_requirements_name_no_address_and_no_path() -> None:
    text = (BOT / "requirements.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert not re.search(r"(?:^|\s)/\w", text)
