"""Read a city's `routing.yaml`: its queues, the ordered rules, the aliases of request types, what is forwarded. Strict:
what does not fit raises `PackError` with the line and what to do. docs/routing.md tells maintainers the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from services_catalog.packs import CITIES, PackError, pack_folder
from triage.routing.forwards import POLL_MINUTES, Forward, TheirQuestion
from triage.routing.rules import Condition, Priority, Queue, Rule

FILE = "routing.yaml"
REOPEN_WITHIN_DAYS = 30
_PARTS = ("services", "divisions", "sections", "wards")
_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
# Where a key may travel unencrypted: it does not leave the machine.
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Routing:
    """How a city's cases are shared out."""

    queues: Mapping[str, Queue]
    rules: tuple[Rule, ...]
    # The queue of cases that no rule is about, as of a service that was added today.
    otherwise: str
    # What the city's own system calls requests -> the id of a service or of a queue.
    request_types: Mapping[str, str]
    # How long a resident may say that it is not fixed. A month: long enough to come home from a holiday and see it.
    reopen_within_days: int = REOPEN_WITHIN_DAYS
    # In which line each request type was written.
    lines: Mapping[str, int] = field(default_factory=dict)
    # The outside endpoints that get some of the cases; of several that take a case, the first.
    forwards: tuple[Forward, ...] = ()


def load_routing(city: str, root: Path = CITIES) -> Routing:
    """Read a city's routing.

    Raises:
        PackError: there is none, or something in it cannot be read.
    """
    path = pack_folder(city, root) / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PackError(
            f"There is no {FILE} in the pack of {city}: cases could not be shared out."
        ) from None
    return read_routing(text)


def read_routing(text: str) -> Routing:
    """Read the text of a `routing.yaml`.

    Raises:
        PackError: something in it cannot be read.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        raise _fault(
            mark.line + 1 if mark else 1, f"this is not YAML ({fault.problem})."
        ) from None
    top = _Map(tree, "the file")
    top.only("queues", "rules", "otherwise", "request_types", "reopen_within_days", "forward")
    queues: dict[str, Queue] = {}
    for node in top.items("queues"):
        queue = _queue(node)
        if queue.id in queues:
            raise _fault(node.line, f"there are two queues named {queue.id!r}.")
        queues[queue.id] = queue
    rules: dict[str, Rule] = {}
    for node in top.items("rules"):
        rule = _rule(node)
        if rule.id in rules:
            raise _fault(node.line, f"there are two rules named {rule.id!r}.")
        if rule.queue not in queues:
            raise _fault(node.line_of("queue"), f"there is no queue named {rule.queue!r}.")
        rules[rule.id] = rule
    otherwise = top.text("otherwise")
    if otherwise not in queues:
        raise _fault(top.line_of("otherwise"), f"there is no queue named {otherwise!r}.")
    forwards: dict[str, Forward] = {}
    for node in top.items("forward") if "forward" in top else ():
        forward = _forward(node)
        if forward.id in forwards:
            raise _fault(node.line, f"there are two of 'forward' named {forward.id!r}.")
        forwards[forward.id] = forward
    aliases = top.map("request_types") if "request_types" in top else None
    return Routing(
        queues,
        tuple(rules.values()),
        otherwise,
        {name: aliases.text(name) for name in aliases} if aliases else {},
        top.number("reopen_within_days", REOPEN_WITHIN_DAYS),
        {name: aliases.line_of(name) for name in aliases} if aliases else {},
        tuple(forwards.values()),
    )


def _queue(node: _Map) -> Queue:
    node.only("id", "name", "division", "by_hand")
    return Queue(
        node.text("id"),
        node.text("name"),
        node.text("division"),
        node.flag("by_hand"),
        node.line,
    )


def _rule(node: _Map) -> Rule:
    node.only("id", "if", "queue", "priority", "because")
    looked_at = node.map("if")
    looked_at.only(*_PARTS, "answers")
    answers = looked_at.map("answers") if "answers" in looked_at else None
    condition = Condition(
        **{part: looked_at.texts(part) for part in _PARTS if part in looked_at},
        answers={code: answers.texts(code) for code in answers} if answers else {},
    )
    priority = node.text("priority") if "priority" in node else Priority.NORMAL.value
    if priority not in set(Priority):
        raise _fault(
            node.line_of("priority"),
            f"the priority {priority!r} is none of: {', '.join(Priority)}.",
        )
    return Rule(
        node.text("id"),
        condition,
        node.text("queue"),
        Priority(priority),
        node.text("because"),
        node.line,
    )


def _forward(node: _Map) -> Forward:
    node.only(
        "id", "services", "queues", "url", "jurisdiction_id", "api_key_env", "words",
        "service_codes", "attributes", "poll_minutes",
    )  # fmt: skip
    if "services" not in node and "queues" not in node:
        raise _fault(node.line, "say which 'services' or 'queues' are forwarded.")
    poll_minutes = node.number("poll_minutes", POLL_MINUTES)
    if poll_minutes < 1:
        raise _fault(node.line_of("poll_minutes"), "'poll_minutes' must be 1 or more.")
    codes = node.map("service_codes")
    attributes = node.map("attributes") if "attributes" in node else None
    node.text("words")  # no default: whether they leave the house is for the city to say
    return Forward(
        id=node.matching("id", _ID, "small letters, digits and underscores"),
        url=_endpoint(node),
        api_key_env=node.matching(
            "api_key_env", _VARIABLE, "the name of an environment variable, as OPEN311_KEY"
        ),
        words=node.flag("words"),
        services=node.texts("services") if "services" in node else (),
        queues=node.texts("queues") if "queues" in node else (),
        jurisdiction_id=node.text("jurisdiction_id") if "jurisdiction_id" in node else "",
        service_codes={ours: codes.text(ours) for ours in codes},
        attributes={
            service: _their_questions(attributes.map(service)) for service in attributes
        }
        if attributes
        else {},
        poll_minutes=poll_minutes,
        line=node.line,
    )


def _endpoint(node: _Map) -> str:
    url = node.text("url")
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise _fault(
            node.line_of("url"),
            f"{url!r} must be GeoReport's base address, as https://311.example.org/open311/v2.",
        )
    return url.rstrip("/")


def _their_questions(node: _Map) -> dict[str, TheirQuestion]:
    return {ours: _their_question(node, ours) for ours in node}


def _their_question(node: _Map, ours: str) -> TheirQuestion:
    if not node.is_map(ours):
        return TheirQuestion(node.text(ours))
    theirs = node.map(ours)
    theirs.only("code", "values")
    values = theirs.map("values") if "values" in theirs else None
    return TheirQuestion(
        theirs.text("code"), {key: values.text(key) for key in values} if values else {}
    )


def _fault(line: int, what: str) -> PackError:
    return PackError(f"{FILE}, line {line}: {what}")


class _Map:
    """A mapping of the file, with the line of each of its keys."""

    def __init__(self, node: Any, what: str) -> None:
        self.line: int = node.start_mark.line + 1 if node is not None else 1
        if not isinstance(node, yaml.MappingNode):
            raise _fault(self.line, f"{what} must be 'name: value' lines.")
        self._nodes: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in self._nodes:
                raise _fault(key.start_mark.line + 1, f"{key.value!r} is written twice.")
            self._nodes[key.value] = value
        self._lines: dict[str, int] = {
            key.value: key.start_mark.line + 1 for key, _ in node.value
        }

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def line_of(self, key: str) -> int:
        return self._lines.get(key, self.line)

    def only(self, *known: str) -> None:
        for key in self:
            if key not in known:
                raise _fault(
                    self.line_of(key),
                    f"{key!r} is not known here; there are: {', '.join(known)}.",
                )

    def text(self, key: str) -> str:
        node = self._needed(key)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise _fault(self.line_of(key), f"{key!r} must be a text.")
        return " ".join(node.value.split())

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        text = self.text(key)
        if not pattern.fullmatch(text):
            raise _fault(self.line_of(key), f"{key!r} must be {what}, not {text!r}.")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
        node = self._needed(key)
        if isinstance(node, yaml.ScalarNode):
            return (self.text(key),)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise _fault(self.line_of(key), f"{key!r} must be a list of texts.")
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                raise _fault(item.start_mark.line + 1, f"{key!r} must be a list of texts.")
        return tuple(item.value for item in node.value)

    def number(self, key: str, default: int) -> int:
        if key not in self:
            return default
        written = self.text(key)
        if not written.isdecimal():
            raise _fault(self.line_of(key), f"{key!r} must be a whole number.")
        return int(written)

    def flag(self, key: str) -> bool:
        if key not in self:
            return False
        if self.text(key) not in ("true", "false"):
            raise _fault(self.line_of(key), f"{key!r} is true or false.")
        return self.text(key) == "true"

    def is_map(self, key: str) -> bool:
        return isinstance(self._needed(key), yaml.MappingNode)

    def map(self, key: str) -> _Map:
        return _Map(self._needed(key), f"{key!r}")

    def items(self, key: str) -> Iterator[_Map]:
        node = self._needed(key)
        if not isinstance(node, yaml.SequenceNode):
            raise _fault(
                self.line_of(key), f"{key!r} must be a list, each item starting with '- id:'."
            )
        for item in node.value:
            yield _Map(item, f"an item of {key!r}")

    def _needed(self, key: str) -> Any:
        if key not in self:
            raise _fault(self.line, f"{key!r} is missing here.")
        return self._nodes[key]
