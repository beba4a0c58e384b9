"""What is taken out of residents' words, as a table; everybody in it is invented."""

from __future__ import annotations

import pytest

from triage.kit.redaction import redacted


@pytest.mark.parametrize(
    ("said", "is_left"),
    [
        ("call me at 416-555-0123 please", "call me at [phone] please"),
        ("i am +1 (416) 555 0199", "i am [phone]"),
        ("ann.tester@example.org", "[email]"),
        ("write to @anntester", "write to [name]"),
        ("my card is 4111 1111 1111 1111", "my card is [number]"),
        ("health card 1234-567-890-AB", "health card [number]"),
        ("see https://example.org/me?x=1", "see [link]"),
        # Places
        ("I live at 12 Elm Street, M5V 2Z5", "I live at [address], [postal code]"),
        ("no pickup at 200 wellesley", "no pickup [address]"),
        ("unit 1204, 77 made up blvd", "[address], [address]"),
        ("pickup at 12 dr smith ave", "pickup at [address]"),
        # References and plates
        ("report K4M-9RW-2HA again", "report [reference] again"),
        ("report k4m9rw2ha again", "report [reference] again"),
        ("a grey car ABCD 123 blocks me", "a grey car [plate] blocks me"),
        ("plate is abcd123", "plate is [plate]"),
        ("licence plate number: ABC 1234 again", "licence plate number: [plate] again"),
        ("plate GOLEAFS is parked here", "plate [plate] is parked here"),
        ("truck XYZ-987 leaks oil", "truck [plate] leaks oil"),
        # Names
        ("my name is ann tester and i need help", "my name is [name] and i need help"),
        ("My name's Søren O'Tester-Møller", "My name's [name]"),
        ("name: ann tester", "name: [name]"),
        ("Hi, this is Ann Tester from next door", "Hi, this is [name] from next door"),
        ("I'm Ann and my bin is broken", "I'm [name] and my bin is broken"),
        ("mrs tester lives there", "mrs [name] lives there"),
        ("Dr. Ann Tester said so", "Dr. [name] said so"),
        ("my neighbour Bob Tester burns leaves", "my neighbour [name] burns leaves"),
        ("bin not picked up. Thanks, Ann Tester", "bin not picked up. Thanks, [name]"),
        ("born on May 5, 1950", "born on [date]"),
        ("dob: 1950-05-05", "dob: [date]"),
        # What a question needs stays.
        ("do i pay $1000 before june 30 2026", "do i pay $1000 before june 30 2026"),
        ("is it 3 bags or 4", "is it 3 bags or 4"),
        ("ticket for parking on 2 streets", "ticket for parking on 2 streets"),
        ("who is my councillor, i am in ward 10", "who is my councillor, i am in ward 10"),
        ("the name of the park is missing", "the name of the park is missing"),
        ("i miss my pickup, call 311", "i miss my pickup, call 311"),
        ("CALL 311 ABOUT THIS NOW", "CALL 311 ABOUT THIS NOW"),
        ("where do i get a plate sticker", "where do i get a plate sticker"),
        ("I AM VERY ANGRY", "I AM VERY ANGRY"),
        ("my neighbour's dog barks", "my neighbour's dog barks"),
        ("thanks a lot", "thanks a lot"),
        ("pothole on Elm Street at the corner", "pothole on Elm Street at the corner"),
        ("when do babies born in 2020 start school", "when do babies born in 2020 start school"),
    ],
)  # fmt: skip
def test_what_could_tell_who_somebody_is_is_taken_out(said: str, is_left: str) -> None:
    assert redacted(said) == is_left


def test_what_was_taken_out_once_stays_as_it_is() -> None:
    once = redacted("My name is Ann Tester, 416-555-0123, 12 Elm Street, plate ABCD 123")
    assert once == "My name is [name], [phone], [address], plate [plate]"
    assert redacted(once) == once
