"""Written conversations over a whole running line, as its page holds them, and the cases that come of them.

tests/conversations/toronto/README.md says how they are written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml
from PIL import Image

from services_catalog.references import find_reference
from tests.journeys.processes import Resident
from tests.support.case_desk import Desk
from tests.support.case_moves import Staff
from tests.support.talk import CONVERSATIONS
from triage.conversations.context import context_of

FOLDER = CONVERSATIONS / "toronto"
SIMPLE = "simple"
# What is said only where a case is behind it.
_SAYS_SENT = re.compile(
    r"\byour reference is\b|\breport (?:is|was|has been) (?:sent|filed|made)\b"
    r"|\byou are now part of the report\b",
    re.IGNORECASE,
)


class _Loader(yaml.SafeLoader):
    """YAML in which yes and no are words, as in everything that residents say; true and false are not."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"]
)


def conversations(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return every written conversation, with its file's name."""
    return [
        {"file": file.stem, **conversation}
        for file in sorted(folder.glob("*.yml"))
        for conversation in yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    ]


def name_of(conversation: Mapping[str, Any]) -> str:
    """Return what a conversation is called in the tests' output."""
    return f"{conversation['file']}: {conversation['conversation']}"


@dataclass
class Played:
    """How a written conversation went.

    Attributes:
        faults: what was not as written, in sentences.
        lines: everything that was said, in order.
        turns: how many messages the resident needed until the first case; None: there is none.
    """

    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    turns: int | None = None

    def __str__(self) -> str:
        return "\n".join([*self.faults, "", *self.lines])


def play_all(
    url: str, desk: Desk, written: Sequence[Mapping[str, Any]], *, at_once: int
) -> dict[str, Played]:
    """Play conversations, a few at once; return how each went by its name."""
    with ThreadPoolExecutor(at_once) as pool:
        played = pool.map(lambda c: play(url, desk, c), written)
        return dict(zip(map(name_of, written), played, strict=True))


def play(url: str, desk: Desk, written: Mapping[str, Any]) -> Played:
    """Play one conversation to its end, or to the first reply that is not as written; look at what came of it."""
    played = Played()
    for report in written.get("given", []):
        desk.open(report)
    resident = Resident(url)
    try:
        talk = _Talk(resident, played, str(desk.engine.url))
        for step in written["talk"]:
            talk.take(step)
            if played.faults:
                break
        played.faults += promises(desk, resident.id, talk.said)
        if not played.faults:
            played.faults += ending(desk, resident.id, written["ends"], talk.said)
    except (AssertionError, LookupError, httpx.HTTPError) as fault:
        played.faults.append(f"{type(fault).__name__}: {fault}")
    finally:
        resident.leaves()
    return played


@dataclass(frozen=True)
class _Before:
    """A message of the assistant, with what triage looks at."""

    outcome: str | None
    service_id: str | None
    choices: list[dict[str, Any]] | None


class _Talk:
    """One conversation under way."""

    def __init__(self, resident: Resident, played: Played, database_url: str) -> None:
        self.said: list[dict[str, Any]] = []
        self._database_url = database_url
        self._resident = resident
        self._played = played
        self._turns = 0
        self._reference = ""

    def take(self, step: Mapping[str, Any]) -> None:
        """Do one step of the resident's, and note what was not as written."""
        if "staff" in step:
            self._staff(step)
            heard = self._resident.hears(enough=bool)
        else:
            self._turns += 1
            self._does(step)
            heard = self._resident.hears()
        self.said += heard
        texts = [m["text"] for m in heard]
        for message in heard:
            labels = [c["label"] for c in message.get("choices") or []]
            offered = f"   [{' | '.join(labels)}]" if labels else ""
            self._played.lines.append(f"  < {message['text']}{offered}")
            if message.get("outcome") == "case_opened" and self._played.turns is None:
                self._played.turns = self._turns
            self._reference = find_reference(message["text"]) or self._reference
        whole = "\n".join(texts)
        for wanted in listed(step.get("hears", [])):
            wanted = wanted.replace("{reference}", self._reference)
            if wanted not in whole:
                self._played.faults.append(
                    f"after {self._action(step)!r}: {wanted!r} is not said"
                )
        for unwanted in listed(step.get("never", [])):
            if unwanted in whole:
                self._played.faults.append(
                    f"after {self._action(step)!r}: {unwanted!r} is said"
                )

    def _staff(self, step: Mapping[str, Any]) -> None:
        self._played.lines.append(f"  (staff {step['staff']})")
        with Staff(self._database_url) as staff:
            staff.does(step, self._reference)

    def _does(self, step: Mapping[str, Any]) -> None:
        self._played.lines.append(f"> {self._action(step)}")
        if "taps" in step:
            self._resident.picks(self._open_choice(step["taps"]))
        elif "shares" in step:
            lat, long = step["shares"]
            self._resident.shares(lat, long)
        elif "photo" in step:
            self._resident.sends_photo(picture(step["photo"]))
        else:
            self._resident.says(str(step["says"]).replace("{reference}", self._reference))

    def _open_choice(self, label: str) -> Mapping[str, Any]:
        before = [
            _Before(m.get("outcome"), m.get("service_id"), m.get("choices")) for m in self.said
        ]
        is_open = {c["label"] for c in context_of(reversed(before))["choices"]}
        shown = [c for m in reversed(self.said) for c in m.get("choices") or ()]
        found = next((c for c in shown if c["label"] == label and label in is_open), None)
        if found is None:
            raise LookupError(f"no open choice {label!r}: {sorted(is_open)}")
        return found

    @staticmethod
    def _action(step: Mapping[str, Any]) -> str:
        for verb in ("says", "taps", "shares", "photo", "staff"):
            if verb in step:
                return str(step[verb]) if verb == "says" else f"({verb} {step[verb]})"
        raise LookupError(f"a step is says, taps, shares, photo or staff: {step}")


def promises(desk: Desk, conversation_id: str, said: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return where it was said that a report is sent and no case is behind it, and cases nobody was told of."""
    faults = []
    opened = {c["reference"] for c in desk.opened_in(conversation_id)}
    known = opened | set(desk.joined_by(conversation_id))
    told = set()
    for message in said:
        is_promise = message.get("outcome") == "case_opened" or _SAYS_SENT.search(
            message["text"]
        )
        if not is_promise:
            continue
        reference = find_reference(message["text"])
        if reference not in known:
            faults.append(f"{message['text']!r} is said, and there is no such case")
        told.add(reference)
    faults += [f"case {r} was opened, and nobody was told" for r in opened - told]
    return faults


def ending(
    desk: Desk, conversation_id: str, ends: Mapping[str, Any], said: Sequence[Mapping[str, Any]]
) -> list[str]:
    opened = desk.opened_in(conversation_id)
    whole = "\n".join(m["text"] for m in said)
    match ends:
        case {"case": expected}:
            wanted = [expected]
        case {"cases": expected}:
            wanted = expected
        case {"joins": True}:
            faults = [] if desk.joined_by(conversation_id) else ["no report was joined"]
            return faults + [f"a case of {c['service_id']} was opened" for c in opened]
        case {"no_case": words}:
            faults = [f"{w!r} was never said" for w in listed(words) if w not in whole]
            return faults + [f"a case of {c['service_id']} was opened" for c in opened]
        case _:
            raise LookupError(f"a conversation ends with case, cases, joins or no_case: {ends}")
    if len(opened) != len(wanted):
        return [f"{len(opened)} cases were opened instead of {len(wanted)}"]
    return [f for c, w in zip(opened, wanted, strict=True) for f in _differences(c, w)]


def _differences(case: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return what of a stored case is not as it is wanted."""
    contact = case["contact"]
    reached = f"{contact['name']} {contact['phone']} {contact['email']}" if contact else ""
    # A photo's and a text's own words are looked for in what is stored; the rest is the same or it is not.
    held: Mapping[str, Any] = {
        "service": case["service_id"],
        # "Ward 10, Spadina-Fort York"
        "ward": (case["ward"] or "").partition(", ")[2],
        "address": case["address"],
        "queue": case["queue"],
        "priority": case["priority"],
        "status": case["status"],
        "approximate": case["approximate"],
        "anonymous": contact is None,
        "updates": bool(contact and contact["wants_updates"]),
    }
    faults = []
    for name, value in wanted.items():
        match name:
            case "answers":
                given = {code: case["answers"].get(code) for code in value}
                faults += [
                    f"{code} is {given[code]!r}, not {v!r}"
                    for code, v in value.items()
                    if not _is_answered(given[code], v)
                ]
            case "words":
                faults += [] if value in case["description"] else [
                    f"{value!r} is not in {case['description']!r}"
                ]  # fmt: skip
            case "contact":
                faults += [
                    f"{v!r} is not in {reached!r}" for v in listed(value) if v not in reached
                ]
            case _:
                faults += (
                    [] if held[name] == value else [f"{name} is {held[name]!r}, not {value!r}"]
                )
    return faults


def _is_answered(given: Any, wanted: Any) -> bool:
    """Say whether an answer is as wanted; `{has: words}`: words within it."""
    if isinstance(wanted, Mapping):
        return isinstance(given, str) and wanted["has"].lower() in given.lower()
    return bool(given == wanted)


def picture(colour: str) -> bytes:
    """Return a photo of a colour."""
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(kept, "JPEG")
    return kept.getvalue()


def listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
