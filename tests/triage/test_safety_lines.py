"""How a line of the table of dangers is read and found, and what the rules alone make of a message."""

import pytest

from triage.safety import look, match
from triage.safety_lines import Finder, read_lines, words_of
from triage.safety_rules import RULES
from triage.safety_spellings import SPELLINGS, mended

LISTS = {"PET": "dog* | cat"}


def _found(line: str, text: str) -> list[str]:
    """Return the words that a line takes of a text."""
    (only,) = read_lines(line, LISTS)
    found = Finder([only]).find(words_of(text, {}))
    return [" ".join(found.words[start:end]) for start, end in only.spans(found)]


@pytest.mark.parametrize(
    ("line", "text", "taken"),
    [
        ("gas | rotten egg*", "A smell of ROTTEN EGGS, or gas", ["rotten eggs", "gas"]),
        ("gas", "a gasket", []),
        ("leak*", "it is leaking", ["leaking"]),
        ("can't swim", "he can\u2019t swim", ["can't swim"]),
        ("{PET} > bit", "the dogs next door bit me", ["dogs next door bit"]),
        ("{PET} > bit", "it bit my dog", []),
        ("{PET} ~ bit", "it bit my dog", ["bit my dog"]),
        ("dog > bit", "dog one two three four five six bit", ["dog one two three four five six bit"]),
        ("dog > bit", "dog one two three four five six seven bit", []),
        ("a > b > c", "a and b and c", ["a and b and c"]),
        ("gas station ...", "a gas station near me. Hello", ["gas station near me"]),
        ("... ago ...", "Hello. it fell years ago in june. Bye", ["it fell years ago in june"]),
        ("gas\n  | propane\n  > leak", "propane tank leak", ["propane tank leak"]),
    ],
)  # fmt: skip
def test_a_line_is_found(line: str, text: str, taken: list[str]) -> None:
    assert sorted(_found(line, text)) == sorted(taken)


def test_a_line_may_be_marked() -> None:
    assert [line.marked for line in read_lines("! gas\npropane", LISTS)] == [True, False]


def test_a_list_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="BIRD"):
        read_lines("{BIRD} > bit", LISTS)


def test_common_misspellings_are_mended() -> None:
    words = words_of("sum1 smelt gaaaas, I cant breth!!", SPELLINGS)
    assert words == ["someone", "smell", "gas", "i", "can't", "breathe", "!!"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Smok comin frm the bsmt, HURY!!", "smoke coming from the basement, hurry!!"),
        ("hes od'd n cnt breth", "he's overdosed and can't breathe"),
        ("I can\u2019t, im ill", "I can\u2019t, i'm ill"),
        ("44 Elm St, a hydro wier", "44 Elm St, a power wire"),
        ("nothing to mend: 2 kids, apples", "nothing to mend: 2 kids, apples"),
    ],
)
def test_a_message_in_a_hurry_is_mended_for_the_model(written: str, meant: str) -> None:
    assert mended(written) == meant


@pytest.mark.parametrize(
    "text",
    ["gaz leek", "co alrm goin off", "some1 od'd", "downed hydro wier", "im gonna kil myself"],
)
def test_the_rules_find_the_same_before_and_after_mending(text: str) -> None:
    assert match(text) == match(mended(text))


def test_no_line_waits_for_a_word_that_is_mended_away() -> None:
    phrases = {p for r in RULES for ln in (*r.tells, *r.excuses) for s in ln.sides for p in s}
    assert [p for p in phrases if any(SPELLINGS.get(w, w) != w for w in p.split())] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i want to kill myself", "crisis"),
        ("my toddler drank bleach", "poison"),
        ("the co alarm keeps going off", "carbon_monoxide"),
        ("strong smell of gas beside the gas station", "gas"),
        ("a power line is down on the sidewalk", "wire"),
        ("thick black smoke from the house next door", "fire"),
        ("a boy fell through the ice into the pond", "water"),
        ("baby left in the car alone", "child"),
        ("my husband hits me", "abuse"),
        ("man with a knife at the bus stop", "violence"),
        ("he collapsed and is not breathing", "medical"),
        ("a pit bull is attacking people now", "animal"),
        ("bricks are falling off the wall", "collapse"),
    ],
)
def test_rules_alone_tell_what_is_plain(text: str, kind: str) -> None:
    danger = look(text)
    assert danger is not None
    assert danger.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "which gas station sells propane",
        "we had a gas leak on our street last year, the patch sinks",
        "do i need a permit for a fire pit",
        "how many co detectors does the law require",
        "weed smoke comes into my hallway",
        "a dead raccoon is not moving on my lawn",
        "my basement drowned again, is there a subsidy",
        "water gun fight in the park",
        "fall programs at the library",
        "essay on domestic violence statistics",
    ],
)
def test_rules_alone_let_ordinary_matters_pass(text: str) -> None:
    assert look(text) is None


def test_each_kind_has_lines_that_are_plain_danger() -> None:
    for rule in RULES:
        assert any(line.marked for line in rule.tells), rule.kind
        assert not any(line.marked for line in rule.excuses), rule.kind


def test_a_match_says_whether_it_is_plain() -> None:
    plain, less = match("i smell gas"), match("he has a gun")
    assert plain is not None
    assert less is not None
    assert (plain.kind, plain.plain) == ("gas", True)
    assert (less.kind, less.plain) == ("violence", False)
