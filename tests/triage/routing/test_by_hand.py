"""Queues that only staff move cases into are told from those that a rule forgot."""

import pytest

from services_catalog.packs import PackError
from triage.routing.checks import check_routing
from triage.routing.pack import read_routing

PACK = """
queues:
  - {{id: desk, name: Desk, division: 311}}
  - {{id: tax, name: Tax, division: Revenue{flag}}}
rules: []
otherwise: {otherwise}
"""


@pytest.mark.parametrize(
    ("flag", "otherwise", "says"),
    [
        (", by_hand: true", "desk", []),
        ("", "desk", ["nothing ever goes to the queue 'tax'; if staff move cases there"]),
        (", by_hand: false", "desk", ["nothing ever goes to the queue 'tax'"]),
        (", by_hand: true", "tax", ["nothing ever goes to the queue 'desk'",
                                    "the queue 'tax' is filled by hand, but is sent to."]),
    ],
)  # fmt: skip
def test_a_queue_without_a_rule_is_a_fault_unless_it_is_filled_by_hand(
    flag: str, otherwise: str, says: list[str]
) -> None:
    faults = check_routing(read_routing(PACK.format(flag=flag, otherwise=otherwise)), [])
    assert len(faults) == len(says)
    assert all(want in str(fault) for want, fault in zip(says, faults, strict=True))


def test_by_hand_is_true_or_false() -> None:
    with pytest.raises(PackError, match=r"line 4: 'by_hand' is true or false"):
        read_routing(PACK.format(flag=", by_hand: sometimes", otherwise="desk"))
