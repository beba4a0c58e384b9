"""A maintainer's faults in what a report needs are explained in words, before anybody is asked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services_catalog.checks import check_entries
from services_catalog.definition_checks import Known, definition_faults
from services_catalog.transfer import check_pack
from tests.services_catalog.test_checks import sound as sound_entry

KNOWN = Known({"pothole", "sinkhole"}, {"collapse", "wire"})


def sound() -> dict[str, Any]:
    """A definition with every part that a maintainer may write."""
    return {
        "location": "required",
        "location_question": "Where is the hole?",
        "anonymous": True,
        "standard": {
            "amount": 4,
            "unit": "working_days",
            "source": "https://city.example/holes",
        },
        "join_within": 50,
        "request_types": ["Road - Pot hole"],
        "attributes": [
            {
                "code": "where",
                "description": "Whose road is it on?",
                "datatype": "singlevaluelist",
                "values": [
                    {"key": "city", "name": "A city street", "words": ["street", "lane"]},
                    {
                        "key": "highway",
                        "name": "A highway",
                        "referral": "The province mends highways. Call 511.",
                    },
                    {"key": "ground", "name": "The ground has sunk", "instead": "sinkhole"},
                ],
            },
            {
                "code": "open_below",
                "description": "Can you see under the road?",
                "datatype": "yes_no",
                "values": [{"key": "yes", "name": "Yes", "danger": "collapse"}],
            },
            {
                "code": "size",
                "description": "How wide is it?",
                "datatype": "string",
                "required": False,
                "only_if": {"where": ["city"], "open_below": "no"},
                "datatype_description": "A guess is fine.",
            },
            {
                "code": "photo",
                "description": "Can you add a photo?",
                "datatype": "photo",
                "required": False,
            },
        ],
    }


def faults_of(request: Any) -> list[str]:
    return list(definition_faults(request, entry="pothole", known=KNOWN))


def with_question(**question: Any) -> dict[str, Any]:
    """The sound definition with one more question."""
    more = {"code": "more", "description": "What else?", "datatype": "text"} | question
    request = sound()
    request["attributes"].append({k: v for k, v in more.items() if v is not None})
    return request


def with_value(**value: Any) -> dict[str, Any]:
    """The sound definition with one more question, whose first answer is changed."""
    first = {"key": "deep", "name": "Deep"} | value
    return with_question(
        datatype="singlevaluelist", values=[first, {"key": "shallow", "name": "Shallow"}]
    )


def test_a_sound_definition_has_no_fault() -> None:
    assert faults_of(sound()) == []
    assert faults_of({"location": "none"}) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"atributes": []}, "'atributes' is not a name we know: is it 'attributes'?"),
        ({"price": 5}, "'price' is not a name we know: there are location, "),
        ({"location": "must"}, "location is 'must'; choose one of required, optional, none."),
        ({"location": "none", "join_within": 0}, "asks for no location: drop one of them."),
        ({"location": "none", "location_question": ""}, "has join_within, but asks for no location"),
        ({"location_question": "Where is it"}, "must end with a question mark."),
        ({"anonymous": "sometimes"}, "'anonymous' is true or false."),
        ({"public": "no"}, "'public' is true or false."),
        ({"join_within": 501}, "join_within is 501; it is metres, a whole number from 0 to 500."),
        ({"join_within": "near"}, "join_within is 'near'"),
        ({"request_types": "Road - Pot hole"}, "'request_types' must be a list of texts."),
        ({"standard": 4}, "'standard' must hold amount and unit."),
        ({"standard": {"amount": 0, "unit": "days", "unverified": True}}, "amount is 0; it is a whole number"),
        ({"standard": {"amount": 4, "unit": "weeks", "unverified": True}}, "unit is 'weeks'; choose one of hours,"),
        ({"standard": {"amount": 4, "unit": "days"}}, "the standard names no source: add one, or mark it"),
        ({"standard": {"amount": 4, "units": "days", "source": "x"}}, "standard: 'units' is not a name we know: is it 'unit'?"),
        ({"attributes": {"what": "?"}}, "'attributes' must be a list of questions"),
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_is_named(changes: dict[str, Any], says: str) -> None:
    assert says in "\n".join(faults_of(sound() | changes))


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"only_iff": {"where": ["city"]}}, "question 'more': 'only_iff' is not a name we know: is it 'only_if'?"),
        ({"code": "size"}, "the code 'size' is used by 2 questions: codes are unique."),
        ({"code": "More depth"}, "a code has small letters, digits and underscores only."),
        ({"code": "phone"}, "location and contact are asked by the line itself"),
        ({"description": "What is your phone number?"}, "location and contact are asked by the line itself"),
        ({"description": "How can an officer reach you?"}, "location and contact are asked by the line itself"),
        ({"description": None}, "'description', the question itself, is missing: add it."),
        ({"description": "Say more."}, "the question must end with a question mark."),
        ({"description": "What " * 30 + "?"}, "the question is 151 characters; 140 is the most."),
        ({"description": "Is it deep? Reply YES or no?"}, "asks for a word that carriers act on"),
        ({"datatype_description": "Text STOP to end."}, "asks for a word that carriers act on"),
        ({"datatype": "choice"}, "datatype is 'choice'; choose one of string, text,"),
        ({"datatype": "photo"}, "a photo is never required: add 'required: false'."),
        ({"required": "no"}, "'required' is true or false."),
        ({"datatype": "singlevaluelist"}, "needs two values or more to choose from."),
        ({"values": [{"key": "a", "name": "A"}]}, "a question of datatype text has no values."),
        ({"datatype": "yes_no", "values": [{"key": True, "name": "Yes"}]}, "(yes, no and numbers in quotes)"),
        ({"datatype": "yes_no", "values": [{"key": "maybe", "name": "Maybe"}]}, "has the keys 'yes' and 'no' only"),
        ({"only_if": "where"}, "'only_if' must name an earlier question and its keys"),
        ({"only_if": {"later": ["yes"]}}, "'only_if' names 'later', which is no earlier question."),
        ({"only_if": {"where": ["park"]}}, "'only_if' names 'park', which is no key of 'where'."),
        ({"only_if": {"open_below": True}}, "must give its keys as texts (yes and no in quotes)."),
        ({"only_if": {"where": ["highway", "ground"]}}, "is never asked: every answer of 'where'"),
        ({"only_if": {"open_below": "yes"}}, "is never asked: every answer of 'open_below'"),
    ],
)  # fmt: skip
def test_a_fault_of_a_question_is_named_with_its_code(
    question: dict[str, Any], says: str
) -> None:
    assert says in "\n".join(faults_of(with_question(**question)))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"referal": "Call 511."}, "'referal' is not a name we know: is it 'referral'?"),
        ({"key": "Deep"}, "the key 'Deep' must be a text of small letters"),
        ({"key": "shallow"}, "the key 'shallow' stands 2 times."),
        ({"name": "shallow"}, "the name 'shallow' stands 2 times."),
        ({"name": ""}, "value 'deep' needs a name, as a text."),
        ({"name": "D" * 61}, "is 61 characters; 60 is the most."),
        ({"name": "Stop"}, "the name 'Stop' is a word that carriers act on"),
        ({"words": "hole"}, "'words' must be a list of texts."),
        ({"words": ["Deep"]}, "'words' are written in small letters."),
        ({"referral": "That is the owner's job."}, "a referral says how to reach them"),
        ({"instead": "crater"}, "'instead' names 'crater', which is no entry of this pack."),
        ({"instead": "pothole"}, "'instead' names the entry itself."),
        ({"danger": "flood"}, "danger is 'flood'; choose one of"),
        ({"danger": "wire", "instead": "sinkhole"}, "has more than one of referral, instead, danger"),
    ],
)  # fmt: skip
def test_a_fault_of_an_answer_is_named_with_its_question(
    value: dict[str, Any], says: str
) -> None:
    said = "\n".join(faults_of(with_value(**value)))
    assert says in said
    assert "question 'more'" in said


def test_faults_in_a_definition_stand_with_those_of_the_entry() -> None:
    entry = sound_entry(
        questions=[f"hole number {n}" for n in range(20)], request={"location": "must"}
    )
    (fault,) = check_entries([("roads.yaml, line 7", entry)])
    assert str(fault).startswith("roads.yaml, line 7: pothole: location is 'must'")
    assert fault.stops


def test_a_danger_is_checked_against_the_texts_of_the_city(tmp_path) -> None:
    services = tmp_path / "nowhere" / "services"
    services.mkdir(parents=True)
    (services.parent / "city.yaml").write_text(
        "{name: N, phone: '1', phone_outside: '2', hours: h, timezone: UTC, languages: [en],"
        " website: w, welcome: w, safety: {fire: Get out.}}"
    )
    danger = "[{key: 'yes', name: 'Yes', danger: flood}]"
    (services / "roads.yaml").write_text(
        "- {id: hole, kind: request, title: Hole, division: D, summary: A hole., sms: A hole.,\n"
        "   facts: [{field: what, text: A hole., unverified: true}], also_called: [pit],\n"
        f"   questions: [{', '.join(f'hole {n}' for n in range(20))}], owner: D,\n"
        "   source_url: 'https://n.example/', last_verified: 2026-11-01, review_by: 2027-05-01,\n"
        "   request: {attributes: [{code: deep, description: 'Is it deep?', datatype: yes_no,\n"
        f"     values: {danger}}}]}}}}\n"
    )
    (fault,) = check_pack("nowhere", tmp_path)
    assert "value 'yes': danger is 'flood'; choose one of fire" in fault.says


def test_the_example_of_the_documentation_has_no_fault() -> None:
    page = Path("docs/catalogue.md").read_text(encoding="utf-8")
    examples = [
        yaml.safe_load(found) for found in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    ]
    [[entry]] = [example for example in examples if isinstance(example, list)]
    known = Known({"encroachment"}, {"collapse"})
    assert list(definition_faults(entry["request"], entry=entry["id"], known=known)) == []
