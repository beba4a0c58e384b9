"""A demonstration says on the resident's pages that it is one; any other line does not."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.triage.demo.line import demo_line
from tests.triage.page.line import Line

SAYS = "This is a demo."


@pytest.mark.parametrize("is_demo", [True, False])
def test_whoever_looks_at_a_demonstration_is_told(tmp_path: Path, is_demo: bool) -> None:
    line = demo_line(tmp_path) if is_demo else Line(tmp_path)
    line.start()
    try:
        for path in ("/", "/chat", "/staff/sign-in"):
            page = httpx.get(line.url + path, trust_env=False, timeout=20).text
            assert (SAYS in page) is is_demo, path
    finally:
        line.close()
