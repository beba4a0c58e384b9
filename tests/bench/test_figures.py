"""The bench's arithmetic, and what it reads of processes."""

import os
import subprocess
import sys

import pytest

from bench.figures import (
    Promise,
    percentile,
    promise_of_ratio,
    ratio_of_medians,
    spread_of_ratios,
    table,
)
from bench.processes import cpu_seconds, megabytes, tree


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3, 1, 2], 0.5, 2),
        ([1, 2, 3, 4], 0.5, 2),
        (range(1, 101), 0.95, 95),
        (range(1, 21), 0.95, 19),
        ([7], 0.95, 7),
        ([1, 2], 1, 2),
    ],
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values, share, expected):
    assert percentile(list(values), share) == expected


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1], 0), ([1], 1.1)])
def test_a_percentile_of_nothing_is_refused(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_a_ratio_is_of_the_medians_and_its_spread_of_the_single_rounds():
    ours, theirs = [10, 30, 20], [40, 40, 100]
    assert ratio_of_medians(ours, theirs) == 0.5
    assert spread_of_ratios(ours, theirs) == (0.2, 0.75)
    assert (
        promise_of_ratio("x", ours, theirs, 0.5, at_most=True).spread
        == "0.20 to 0.75 in 3 rounds"
    )


@pytest.mark.parametrize(
    ("measured", "at_most", "kept"),
    [(0.75, True, True), (0.76, True, False), (0.75, False, True), (0.74, False, False)],
)
def test_a_promise_is_kept_up_to_its_limit(measured, at_most, kept):
    assert Promise("x", measured, 0.75, at_most).is_kept is kept


def test_the_table_says_what_is_missed():
    lines = table(
        [Promise("fast", 1, 2, True, "s"), Promise("strong", 1, 2, False)]
    ).splitlines()
    assert lines[2].split() == ["fast", "at", "most", "2.00", "s", "1.00", "s", "kept"]
    assert lines[3].split() == ["strong", "at", "least", "2.00", "1.00", "MISSED"]


def test_memory_and_time_are_those_of_the_whole_tree():
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(80_000_000); print('up', flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout.readline() == b"up\n"
        assert child.pid in tree(os.getpid())
        assert megabytes(child.pid) > 80
        assert megabytes(os.getpid()) > megabytes(child.pid)
        assert cpu_seconds(os.getpid()) > 0
        child.stdin.close()
    assert child.pid not in tree(os.getpid())
