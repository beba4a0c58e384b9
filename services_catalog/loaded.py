"""What a process does once all that it works with is loaded."""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Take what is loaded as there to stay, and give back to the system what loading left over.

    The garbage collector then need not walk over it each time. Memory that was used while loading and freed since is kept by
    glibc for later, tens of megabytes in the action server; other C libraries give it back by themselves.
    """
    gc.collect()
    gc.freeze()
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back:
        give_back(0)
