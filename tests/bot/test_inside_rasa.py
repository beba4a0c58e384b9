"""Runs the checks of inside_rasa/ in Rasa's environment, once, and reports each as a test."""

import ast
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from services_catalog.encoder import open_encoder
from services_catalog.text import normalise
from tests.support.rasa import PYTHON, ROOT, why_not

CHECK_FILES = sorted((Path(__file__).parent / "inside_rasa").glob("*.py"))
CHECKS = [
    node.name
    for file in CHECK_FILES
    for node in ast.parse(file.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
]
TEXTS = ("When is garbage day?", "Hello  there", "my street light is out \u2019")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
]


@pytest.fixture(scope="module")
def results() -> Mapping[str, str | None]:
    encoder = open_encoder()
    assert encoder is not None
    vectors = {text: encoder.encode([normalise(text)])[0].tolist() for text in TEXTS}
    done = subprocess.run(
        [PYTHON, "-m", "tests.bot.inside_rasa"],
        cwd=ROOT,
        env=os.environ
        | {
            "KNOWN_VECTORS": json.dumps(vectors),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    lines = [x for x in done.stdout.splitlines() if x.startswith("RESULTS ")]
    assert lines, done.stderr[-3000:]
    found: dict[str, str | None] = json.loads(lines[-1].removeprefix("RESULTS "))
    return found


@pytest.mark.parametrize("check", CHECKS)
def test_inside_rasa(check: str, results: Mapping[str, str | None]) -> None:
    assert results[check] is None, results[check]
