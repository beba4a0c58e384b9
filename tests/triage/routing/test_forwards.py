"""What a pack says of forwarding is read strictly, held against the catalogue, and wrong in a sentence with its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from services_catalog.definition import Attribute, Datatype
from services_catalog.packs import CITIES, PackError, read_entries
from tests.triage.routing.test_checks import GOOD, QUEUES, entry, value
from triage.routing.checks import check_routing
from triage.routing.forwards import TheirQuestion, forward_of
from triage.routing.pack import FILE, read_routing

# The first line of it is line 10.
FORWARD = """\
forward:
  - id: neighbour
    services: [tree]
    url: https://311.example.org/open311/v2/
    api_key_env: NEIGHBOUR_KEY
    words: false
    service_codes: {tree: TREE-1}
    attributes: {tree: {touches: {code: TOUCHES, values: {wire: W}}}}
"""


def tree_with_words() -> list:
    tree = entry("tree", "Trees", touches=[value("wire"), value("car")])
    assert tree.request is not None
    more = (
        Attribute("told", "What happened?", Datatype.TEXT, required=False),
        Attribute("photo", "A photo?", Datatype.PHOTO, required=False),
    )
    object.__setattr__(tree.request, "attributes", (*tree.request.attributes, *more))
    return [tree, entry("stump", "Trees"), entry("pothole", "Roads")]


def faults(forward: str) -> list[str]:
    routing = read_routing(QUEUES + GOOD + forward)
    return [str(f) for f in check_routing(routing, tree_with_words())]


def test_it_is_read_and_nothing_is_wrong_with_it() -> None:
    routing = read_routing(QUEUES + GOOD + FORWARD)
    (forward,) = routing.forwards
    assert forward.url == "https://311.example.org/open311/v2"
    assert (forward.words, forward.poll_minutes, forward.jurisdiction_id) == (False, 30, "")
    assert forward.attributes == {"tree": {"touches": TheirQuestion("TOUCHES", {"wire": "W"})}}
    assert forward_of(routing.forwards, "tree", "roads") is forward
    assert forward_of(routing.forwards, "stump", "trees") is None
    assert faults(FORWARD) == []
    plain = FORWARD.replace("{code: TOUCHES, values: {wire: W}}", "TOUCHES")
    assert faults(plain) == []


def test_a_pack_without_it_forwards_nothing() -> None:
    assert read_routing(QUEUES + GOOD).forwards == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    words: false\n", "", "line 11: 'words' is missing here."),
        ("words: false", "words: perhaps", "line 15: 'words' is true or false."),
        ("api_key_env: NEIGHBOUR_KEY", "api_key_env: sk-12345", "line 14: 'api_key_env' must be the name of an"),
        ("    api_key_env: NEIGHBOUR_KEY\n", "    api_key: abc\n", "line 14: 'api_key' is not known here"),
        ("https://", "http://", "line 13: 'http://311.example.org/open311/v2/' must be GeoReport's base"),
        ("https://", "ftp://", "line 13: 'ftp://"),
        ("/v2/", "/v2/?a=b", "line 13: "),
        ("https://", "https://me:secret@", "line 13: "),
        ("    services: [tree]\n", "", "line 11: say which 'services' or 'queues' are forwarded."),
        ("id: neighbour", "id: The Neighbour", "line 11: 'id' must be small letters"),
        ("words: false", "words: false\n    poll_minutes: 0", "line 16: 'poll_minutes' must be 1 or more."),
        ("values: {wire: W}", "key: W", "line 17: 'key' is not known here"),
        ("    service_codes: {tree: TREE-1}\n", "", "line 11: 'service_codes' is missing here."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(PackError) as fault:
        read_routing(QUEUES + GOOD + FORWARD.replace(old, new, 1))
    assert f"routing.yaml, {says}" in str(fault.value)


def test_two_of_one_name_are_refused_and_one_on_this_machine_may_be_plain() -> None:
    with pytest.raises(PackError, match="line 18: there are two of 'forward' named"):
        read_routing(QUEUES + GOOD + FORWARD + FORWARD.removeprefix("forward:\n"))
    local = FORWARD.replace("https://311.example.org", "http://127.0.0.1:8001")
    assert read_routing(QUEUES + GOOD + local).forwards[0].url.startswith("http://127")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("services: [tree]", "services: [tree, cat]",
         ["names 'cat': there is no service that can be reported of that name."]),
        ("services: [tree]", "services: [tree, stump]",
         ["takes 'stump', and 'service_codes' does not say what that is called there."]),
        ("services: [tree]", "queues: [trees]",
         ["takes 'stump', and 'service_codes' does not say what that is called there."]),
        ("services: [tree]", "services: [tree]\n    queues: [parks]",
         ["names 'parks': there is no queue of that name."]),
        ("{tree: TREE-1}", "{tree: TREE-1, pothole: H}", ["has a code for 'pothole', which it never gets."]),
        ("{touches:", "{touch:", ["names 'touch', which 'tree' does not ask."]),
        ("{wire: W}", "{wires: W}", ["names 'wires', which is no answer to 'touches' of 'tree'."]),
        ("{touches:", "{told: TOLD, touches:",
         ["names 'told' of 'tree', which residents answer in their own words: 'words' is false."]),
        ("{touches:", "{photo: PHOTO, touches:",
         ["names 'photo' of 'tree', a photo: photos are not forwarded."]),
    ],
)  # fmt: skip
def test_what_the_catalogue_does_not_have_is_said(old: str, new: str, says: list[str]) -> None:
    found = faults(FORWARD.replace(old, new, 1))
    assert found == [f"routing.yaml, line 11: 'forward' 'neighbour' {s}" for s in says]


def test_a_second_one_for_the_same_service_never_gets_it() -> None:
    second = FORWARD.removeprefix("forward:\n").replace("neighbour", "second")
    assert faults(FORWARD + second) == [
        "routing.yaml, line 18: 'forward' 'second' never gets 'tree': one above it takes it."
    ]


def test_the_example_of_the_documentation_fits_torontos_catalogue() -> None:
    told = Path("docs/open311.md").read_text(encoding="utf-8")
    example = told[told.index("    forward:\n") :].split("\n\n")[0]
    routing = read_routing(
        (CITIES / "toronto" / FILE).read_text(encoding="utf-8") + "\n" + dedent(example) + "\n"
    )
    assert [f.id for f in routing.forwards] == ["city_system"]
    assert [str(f) for f in check_routing(routing, read_entries("toronto"))] == []
