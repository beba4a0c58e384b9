"""What the console's pages work with, and how a request gets at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from triage.console.frame import Frame
from triage.parts import Parts


@dataclass(frozen=True)
class Console:
    """The parts of the line (`console.parts.cases`, `.conversations`, `.staff`, ...), and the frame of its pages."""

    parts: Parts
    frame: Frame

    @property
    def public_url(self) -> str:
        """The address that staff know the line by; empty: as each request says."""
        return self.parts.settings.public_url


def console_of(request: Request) -> Console:
    """Return the console that a request came to."""
    console: Console = request.app.state.console
    return console


Here = Annotated[Console, Depends(console_of)]
"""For an endpoint's parameter: `console: Here`."""
