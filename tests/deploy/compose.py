"""docker-compose.yml as Docker would read it: variables put in, and refused where they must be set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from tests.deploy.images import ROOT

FILE = ROOT / "docker-compose.yml"
SECRETS = {
    "POSTGRES_PASSWORD": "the password of the test",
    "ASK311_GATEWAY_SECRET": "a secret that only tests know",
    "ASK311_API_SECRET": "another secret that only tests know",
}
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:-|:\?)(?P<more>[^}]*))?\}")


class Missing(Exception):
    """A variable that must be set is not."""


def put_in(value: Any, environment: Mapping[str, str]) -> Any:
    """Return a part of the file with its variables put in.

    Raises:
        Missing: one that is written as ${NAME:?why} is not set, or empty.
    """
    if isinstance(value, dict):
        return {k: put_in(v, environment) for k, v in value.items()}
    if isinstance(value, list):
        return [put_in(v, environment) for v in value]
    if not isinstance(value, str):
        return value

    def put(match: re.Match[str]) -> str:
        given = environment.get(match["name"], "")
        if not given and match["how"] == ":?":
            raise Missing(match["name"])
        return given or (match["more"] if match["how"] == ":-" else "")

    return _VARIABLE.sub(put, value)


@cache
def written() -> dict[str, Any]:
    """Return the file as it is written, its own references put in."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def compose(environment: Mapping[str, str] = SECRETS) -> dict[str, Any]:
    """Return what Docker would make of the file with these variables set."""
    found: dict[str, Any] = put_in(written(), environment)
    return found


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found
