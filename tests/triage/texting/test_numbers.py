"""Phone numbers are kept encrypted, found by a keyed hash, and moved to a new key."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from triage.texting.numbers import NumberNotReadable, Numbers

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
RESIDENT = "+14165550100"


def test_what_is_kept_shows_nothing_of_the_number() -> None:
    numbers = Numbers([OLD], "a match key of the test")
    kept = numbers.lock(RESIDENT)
    assert "4165550100" not in kept + numbers.mark(RESIDENT)
    assert numbers.unlock(kept) == RESIDENT
    assert numbers.lock(RESIDENT) != kept, "the same number is not the same text"


def test_a_number_is_found_by_its_mark_under_one_match_key_only() -> None:
    numbers, others = Numbers([OLD], "a match key of the test"), Numbers([OLD], "another key")
    assert numbers.mark(RESIDENT) == Numbers([NEW], "a match key of the test").mark(RESIDENT)
    assert numbers.mark(RESIDENT) != others.mark(RESIDENT)
    assert numbers.mark(RESIDENT) != numbers.mark(f"whatsapp:{RESIDENT}")


def test_keys_change_without_a_number_lost() -> None:
    kept = Numbers([OLD], "k").lock(RESIDENT)
    both = Numbers([NEW, OLD], "k")
    assert both.unlock(kept) == RESIDENT
    moved = both.lock_again(kept)
    assert Numbers([NEW], "k").unlock(moved) == RESIDENT
    with pytest.raises(NumberNotReadable):
        Numbers([NEW], "k").unlock(kept)
    with pytest.raises(NumberNotReadable):
        Numbers([NEW], "k").lock_again(kept)
