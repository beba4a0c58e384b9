"""Processes as /proc shows them: which belong together, the memory and the time they take. Linux only."""

from __future__ import annotations

import os
import time
from pathlib import Path

PROC = Path("/proc")
MEGABYTE = 1_000_000


def tree(root: int) -> list[int]:
    """Return a process and all that come of it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:
                continue  # ended meanwhile
            # The name stands in brackets and may hold anything; the parent is the second field after it.
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(
                int(folder.name)
            )
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def megabytes(root: int) -> float:
    """Return the proportional set size of a process tree: shared pages count by the share in them."""
    total = 0
    for process in tree(root):
        try:
            lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # ended meanwhile
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / MEGABYTE


def cpu_seconds(root: int) -> float:
    """Return the processor time that a process tree has used so far."""
    ticks = 0
    for process in tree(root):
        try:
            fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_until_idle(root: int, *, longest: float = 120, share: float = 0.1) -> None:
    """Wait until a process tree uses less than this share of a core for two seconds, or for `longest`."""
    until = time.monotonic() + longest
    before = cpu_seconds(root)
    while time.monotonic() < until:
        time.sleep(2)
        now = cpu_seconds(root)
        if now - before < 2 * share:
            return
        before = now


def load() -> str:
    """Return the machine's load over the last 1, 5 and 15 minutes, and its number of cores."""
    one, five, fifteen = os.getloadavg()
    return f"load {one:.1f} {five:.1f} {fifteen:.1f} on {os.cpu_count()} cores"
